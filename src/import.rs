//! Overlays that exist, to the source that would have made them.
//!
//! `find` tells which directories are overlays of Flux, `read` what they say, `recognise` whose identities that is and
//! what else is left, `generalise` what they have in common, `write` puts it down. Nothing is dropped in silence: what
//! is not taken in is reported.

mod accounts;
mod block;
mod buildable;
mod cluster;
mod compare;
mod configurations;
mod facts;
mod federated;
mod file;
mod find;
mod generalise;
mod identity;
mod installed;
mod instance;
mod leftover;
mod naming;
mod objects;
mod overlay;
mod patch;
mod patch_files;
mod patches;
pub(crate) mod path;
mod read;
mod recipe;
mod recognise;
mod starter;
mod statements;
mod stray;
mod template;
mod unneeded;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::emit;
use crate::import::accounts::Accounts;
use crate::import::buildable::Builds;
use crate::import::cluster::Edited;
use crate::import::find::Found;
use crate::import::recognise::LeftReason;
use crate::problem::{Code, Problems};
use crate::source::Sources;
use crate::workspace::Inputs;

pub use cluster::ImportOptions;
pub use compare::{Comparison, compare};
pub use path::is_kustomization;
pub use starter::starter;

/// What comes of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The source, in the one style.
    pub text: String,
    /// Other files that belong to it, by their paths: patches that stood inline, and overlays that stay in hand.
    pub files: BTreeMap<String, String>,
    /// What stands in those of them that are there already: the overlays that stay in hand, as they were read.
    pub replaced: BTreeMap<String, Rc<str>>,
    /// The overlays that were taken in.
    pub overlays: Vec<ImportedOverlay>,
    /// The paths of those that were left alone, and reported.
    pub left_alone: Vec<String>,
    /// The paths of those that stay in hand as they are, for they give no identity.
    pub without_identity: Vec<String>,
    /// The paths of the files that nothing needs once the overlays are built.
    pub unneeded: Vec<String>,
}

impl Imported {
    /// How many files were left alone.
    pub fn count_left(&self) -> usize {
        self.left_alone.len().saturating_add(self.without_identity.len())
    }
}

/// An overlay that was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedOverlay {
    pub cluster: String,
    pub directory: String,
    pub file: String,
    /// Whether that stays in hand.
    pub stays: bool,
    /// Whether it says nothing but what `flux bootstrap` writes.
    pub is_fresh: bool,
}

/// What says already that kustomize cannot build an overlay, and how to correct that.
const UNBUILDABLE: [Code; 3] = [Code::ForeignYaml, Code::MissingPart, Code::Unbuildable];

/// Takes in the overlays among these files. `inputs`: the directory that the source is to stand in; `files`: their paths
/// from there, sorted; what was read is added to `sources`.
pub fn import(
    inputs: &Inputs<'_>,
    files: &[String],
    options: ImportOptions,
    sources: &mut Sources,
    problems: &mut Problems,
) -> Imported {
    let mut reader = file::Reader::new(inputs, sources);
    let (accounts, unread) = accounts(files, &mut reader, problems);
    let (mut clusters, mut left_alone) = (Vec::new(), Vec::new());
    let (mut reported, mut without_identity) = (Vec::new(), Vec::new());
    let builds = Builds::new(inputs);
    let mut directories = BTreeSet::new();
    for path in files {
        match find::look(path, &mut reader, problems) {
            Found::Overlay(overlay) => {
                let accounts = accounts.get(path);
                let mut said = Problems::default();
                let recognised = recognise::recognise(&overlay, accounts, options, &mut reader, &mut said);
                let failure =
                    if said.has_any(&UNBUILDABLE) { None } else { builds.failure(&overlay, &reader) };
                if let Some(failure) = failure {
                    problems.report(failure);
                    reported.push(path.clone());
                } else {
                    problems.append(said);
                    match recognised {
                        Ok(cluster) => clusters.push(cluster),
                        Err(LeftReason::Reported) => reported.push(path.clone()),
                        Err(LeftReason::NoIdentity) => without_identity.push(path.clone()),
                    }
                    if !overlay.is_generated && !overlay.is_component {
                        directories.insert(overlay.directory);
                    }
                }
            }
            Found::LeftAlone => left_alone.push(path.clone()),
            Found::Accounts(_) | Found::Other => {}
        }
        if path::is_kustomization(path) {
            reader.release(path);
        }
    }
    stray::report(&directories, files, &reader, problems);
    let unneeded = unneeded::report(&clusters, files, &reader, problems);
    left_alone.extend(unread);
    left_alone.extend(reported);
    if clusters.is_empty() {
        return Imported { left_alone, without_identity, ..Imported::default() };
    }
    naming::name(&mut clusters);
    let overlays = clusters
        .iter()
        .map(|cluster| ImportedOverlay {
            cluster: cluster.name.clone(),
            directory: cluster.directory.clone(),
            file: cluster.path.clone(),
            stays: cluster.edited.is_some(),
            is_fresh: cluster.is_fresh(),
        })
        .collect();
    let (mut files, mut replaced) = (BTreeMap::new(), BTreeMap::new());
    patch_files::place(&mut clusters, inputs, &mut files);
    for cluster in &mut clusters {
        if let Some(Edited { before, after }) = cluster.edited.take() {
            files.insert(cluster.path.clone(), after);
            replaced.insert(cluster.path.clone(), before);
        }
    }
    let source = generalise::generalise(clusters);
    Imported {
        text: write::write(&source),
        files,
        replaced,
        overlays,
        left_alone,
        without_identity,
        unneeded,
    }
}

/// The ServiceAccounts of objects, by the path of the overlay whose cluster they are for, and the paths of those that cannot
/// be taken. For this all overlays have to be looked at before the first of them is recognised.
fn accounts(
    files: &[String],
    reader: &mut file::Reader<'_>,
    problems: &mut Problems,
) -> (BTreeMap<String, Accounts>, Vec<String>) {
    if !files.iter().any(|file| path::name(file) == emit::SERVICE_ACCOUNTS) {
        return (BTreeMap::new(), Vec::new());
    }
    let (mut directories, mut overlays) = (Vec::new(), Vec::new());
    for path in files.iter().filter(|path| path::is_kustomization(path)) {
        // What is found is said when they are looked at again.
        match find::look(path, reader, &mut Problems::default()) {
            Found::Accounts(directory) => directories.push(*directory),
            Found::Overlay(overlay) => overlays.push((overlay.path, overlay.directory)),
            Found::LeftAlone | Found::Other => {}
        }
        reader.release(path);
    }
    accounts::read(&directories, &overlays, reader, problems)
}
