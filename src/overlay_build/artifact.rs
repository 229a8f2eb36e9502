//! What Flux fetches of a repository.
//!
//! Source: `artifact/storage` of fluxcd/pkg, which archives regular files alone, and `plumbing/format/index` of
//! fluxcd/go-git for a sparse checkout, which compares beginnings of paths.

use std::path::Path;

use crate::kustomize::Value;
use crate::model::LocalPath;
use crate::overlay_build::lfs::handed_to_lfs;
use crate::overlay_build::{Builder, Exclusion, FluxSync, IgnorePatterns};

/// What Flux fetches of a repository.
pub struct Artifact<'b> {
    builder: Builder<'b>,
    sync: FluxSync<'b>,
    /// Where the repository has the directory of the source.
    source: LocalPath,
    /// The beginnings of the paths that are checked out, if not all are.
    sparse: Option<Vec<&'b str>>,
}

/// Why Flux does not fetch a file.
pub enum Lack {
    Excluded(Exclusion),
    /// A pointer of Git LFS is fetched in its place.
    Pointer(Exclusion),
    /// This is a symbolic link.
    Link(LocalPath),
    /// A sparse checkout leaves it out. The path begins at the root of the repository.
    NotCheckedOut(LocalPath),
}

impl<'b> Artifact<'b> {
    /// The artifact that a Kustomization reads; nothing if nobody looked.
    pub fn new(sync: FluxSync<'b>, builder: Builder<'b>) -> Option<Artifact<'b>> {
        let source = builder.source_directory()?;
        let sparse = sync.repository_spec().and_then(|spec| spec.get("sparseCheckout")).map(Value::items);
        let directories = |entries: &'b [Value]| {
            let entries = entries.iter().filter_map(Value::as_str);
            entries.map(|entry| entry.trim_start_matches("./").trim_matches('/')).collect()
        };
        let sparse = sparse.filter(|entries| !entries.is_empty()).map(directories);
        Some(Artifact { builder, sync, source, sparse })
    }

    /// Why Flux does not fetch a file, if it does not.
    pub fn lack(&self, file: &LocalPath) -> Option<Lack> {
        if let Some(link) = self.link_on_the_way(file) {
            return Some(Lack::Link(link));
        }
        let whole = self.source.join(file.as_str())?;
        let is_checked_out =
            |sparse: &Vec<&str>| sparse.iter().any(|begin| whole.as_str().starts_with(begin));
        if !self.sparse.as_ref().is_none_or(is_checked_out) {
            return Some(Lack::NotCheckedOut(whole));
        }
        let patterns = IgnorePatterns::new(&file.parent()?, self.sync, self.builder)?;
        let excluded = patterns.excluding(file).map(Lack::Excluded);
        excluded.or_else(|| handed_to_lfs(file, self.builder).map(Lack::Pointer))
    }

    /// The first part of a path that is a link.
    fn link_on_the_way(&self, file: &LocalPath) -> Option<LocalPath> {
        let leads_elsewhere = |path: &LocalPath| {
            let entry = self.builder.inputs.entry(Path::new(path.as_str()));
            let direct = self.source.join(path.as_str()).unwrap_or_default();
            entry.place().is_some_and(|place| place != Path::new(direct.as_str()))
        };
        if !leads_elsewhere(file) {
            return None;
        }
        let ways: Vec<LocalPath> = file.ancestors().collect();
        let ways = ways.into_iter().rev().chain([file.clone()]);
        ways.into_iter().find(leads_elsewhere)
    }
}
