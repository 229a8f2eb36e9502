//! Existing overlays to a source that generates the same.
//!
//! `find` determines which files are overlays of Flux, `read` parses them, `recognise` separates identities from the rest,
//! `generalise` finds what clusters share, and `write` writes the source. What is not imported is reported.

mod accounts;
mod bases;
mod block;
mod built;
mod cluster;
mod compare;
mod configurations;
mod contents;
mod facts;
mod federated;
mod file;
mod find;
mod generalise;
mod identity;
mod instance;
mod leftover;
mod naming;
mod observed;
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
mod values;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::emit;
use crate::import::accounts::Accounts;
use crate::import::bases::{Bases, Role};
use crate::import::built::Unbuilt;
use crate::import::cluster::{Cluster, Edited};
use crate::import::find::Found;
use crate::import::overlay::Overlay;
use crate::import::recognise::{Context, LeftReason};
use crate::kustomize::{Cause, Failure, Manifests};
use crate::overlay_build::Builder;
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};
use crate::source::Sources;
use crate::workspace::Inputs;

pub use cluster::{ImportOptions, ImportedOverlay};
pub use compare::{Comparison, compare};
pub use path::is_kustomization;
pub use starter::starter;

/// The result of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The source, formatted.
    pub text: String,
    /// Other files to write, by their paths: inline patches, and overlays that stay hand-written.
    pub files: BTreeMap<String, String>,
    /// The present text of those that exist: the overlays that stay hand-written.
    pub replaced: BTreeMap<String, Arc<str>>,
    /// The imported overlays.
    pub overlays: Vec<ImportedOverlay>,
    /// The paths of overlays that are not imported, and reported.
    pub left_alone: Vec<String>,
    /// The paths of overlays that stay hand-written and give no identity.
    pub without_identity: Vec<String>,
    /// The number of clusters that differ from others in values alone, if those are not in a file.
    pub alike: usize,
    /// The paths of the files that are no longer needed once the overlays are built.
    pub unneeded: Vec<String>,
}

impl Imported {
    /// The number of files that are not imported.
    pub fn count_left(&self) -> usize {
        self.left_alone.len().saturating_add(self.without_identity.len())
    }
}

/// Imports the overlays among these files. `inputs`: the directory of the source; `files`: their paths from there, sorted;
/// the files that findings point to are added to `sources`.
pub fn import(
    inputs: &Inputs<'_>,
    files: &[String],
    options: &ImportOptions,
    sources: &mut Sources,
    problems: &mut Problems,
) -> Imported {
    let mut reader = file::Reader::new(inputs, sources);
    let manifests = Manifests::new();
    let builder = Builder { inputs, manifests: &manifests };
    let bases = Bases::find(files, &builder, &mut reader);
    let (accounts, mut left_alone) = accounts(files, &bases, &mut reader, problems);
    let mut recognised = Recognised::default();
    for path in files {
        let role = bases.role(path::parent(path));
        if role == Role::Base && path::is_kustomization(path) {
            recognised.directories.insert(path::parent(path).to_owned());
            continue;
        }
        match find::classify(path, role == Role::Overlay, &mut reader, problems) {
            Found::Overlay(overlay) => {
                let cluster =
                    recognise(&overlay, &builder, accounts.get(path), options, &mut reader, problems);
                recognised.add(*overlay, cluster);
            }
            Found::LeftAlone => left_alone.push(path.clone()),
            Found::Accounts(_) | Found::Other => {}
        }
        if path::is_kustomization(path) {
            reader.release(path);
        }
    }
    let Recognised { mut clusters, reported, without_identity, directories } = recognised;
    stray::report(&directories, files, &reader, problems);
    let unneeded = unneeded::report(&clusters, files, &reader, problems);
    left_alone.extend(reported);
    if clusters.is_empty() {
        return Imported { left_alone, without_identity, ..Imported::default() };
    }
    naming::assign_names(&mut clusters);
    let overlays = clusters.iter().map(ImportedOverlay::from).collect();
    let (mut files, mut replaced) = (BTreeMap::new(), BTreeMap::new());
    patch_files::assign_files(&mut clusters, inputs, &mut files);
    for cluster in &mut clusters {
        if let Some(Edited { before, after }) = cluster.edited.take() {
            files.insert(cluster.path.clone(), after);
            replaced.insert(cluster.path.clone(), before);
        }
    }
    let mut source = generalise::generalise(clusters, options.is_plain);
    let mut alike = values::count_alike(&source);
    if let Some(path) = options.values.as_ref().filter(|_| alike > 0) {
        let (separated, text) = values::separate(source, path);
        source = separated;
        files.extend(text.map(|text| (path.clone(), text)));
        alike = 0;
    }
    Imported {
        alike,
        text: write::write(&source),
        files,
        replaced,
        overlays,
        left_alone,
        without_identity,
        unneeded,
    }
}

/// The results of the overlays.
#[derive(Default)]
struct Recognised {
    clusters: Vec<Cluster>,
    reported: Vec<String>,
    without_identity: Vec<String>,
    /// The directories of overlays, in which files may be stray.
    directories: BTreeSet<String>,
}

impl Recognised {
    fn add(&mut self, overlay: Overlay, cluster: Result<Cluster, LeftReason>) {
        match cluster {
            Ok(cluster) => self.clusters.push(cluster),
            Err(LeftReason::Reported) => self.reported.push(overlay.path),
            Err(LeftReason::NoIdentity) => self.without_identity.push(overlay.path),
        }
        if !overlay.is_generated && !overlay.is_component {
            self.directories.insert(overlay.directory);
        }
    }
}

fn recognise(
    overlay: &Overlay,
    builder: &Builder<'_>,
    accounts: Option<&Accounts>,
    options: &ImportOptions,
    reader: &mut file::Reader<'_>,
    problems: &mut Problems,
) -> Result<Cluster, LeftReason> {
    if let Some(difference) = options.excluded.get(&overlay.path) {
        let fault = AdoptionFault::Inseparable { difference: difference.clone() };
        problems.report(AdoptionProblem::at(overlay.file.span_from(0), fault));
        return Err(LeftReason::Reported);
    }
    match builder.build_existing(overlay) {
        Ok(built) => {
            let context = Context { accounts, built: &built, options };
            recognise::recognise(overlay, context, reader, problems)
        }
        Err(unbuilt) => {
            if !recognise::report_missing(overlay, reader, problems) {
                problems.report(not_built(unbuilt, overlay, reader));
            }
            Err(LeftReason::Reported)
        }
    }
}

fn not_built(unbuilt: Unbuilt, overlay: &Overlay, reader: &mut file::Reader<'_>) -> AdoptionProblem {
    let Unbuilt { failure: Failure { cause, place }, is_certain } = unbuilt;
    let is_here = place.file.as_str() == overlay.path;
    let at = reader.place(&place).unwrap_or_else(|| overlay.file.span_from(0));
    let is_text = matches!(cause, Cause::Unreadable(fault) if !fault.is_fault());
    let fault = if is_text {
        AdoptionFault::Uncertain { what: format!("the content of `{}`", reader.shown(place.file.as_str())) }
    } else if !is_certain {
        let what = "the effect of this patch on manifests outside of this repository".to_owned();
        AdoptionFault::Uncertain { what }
    } else {
        AdoptionFault::NotBuilt { cause, overlay: (!is_here).then(|| reader.shown(&overlay.path)) }
    };
    AdoptionProblem::at(at, fault)
}

/// The ServiceAccounts of Flux objects, by the path of the overlay of their cluster, and the paths of those that are not
/// imported. All overlays must be known before the first of them is recognised.
fn accounts(
    files: &[String],
    bases: &Bases,
    reader: &mut file::Reader<'_>,
    problems: &mut Problems,
) -> (BTreeMap<String, Accounts>, Vec<String>) {
    if !files.iter().any(|file| path::name(file) == emit::SERVICE_ACCOUNTS) {
        return (BTreeMap::new(), Vec::new());
    }
    let (mut directories, mut overlays) = (Vec::new(), Vec::new());
    for path in files.iter().filter(|path| path::is_kustomization(path)) {
        // Findings are reported when they are classified again.
        let role = bases.role(path::parent(path));
        match find::classify(path, role == Role::Overlay, reader, &mut Problems::default()) {
            Found::Accounts(directory) => directories.push(*directory),
            Found::Overlay(overlay) if role != Role::Base => {
                overlays.push((overlay.path, overlay.directory));
            }
            Found::Overlay(_) | Found::LeftAlone | Found::Other => {}
        }
        reader.release(path);
    }
    accounts::read(&directories, &overlays, reader, problems)
}
