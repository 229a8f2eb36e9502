//! What was read beside a source, each thing once.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::passed::{Patches, PatchesFault, Resource};
use crate::check::surroundings::{Entry, Surroundings, Unread};
use crate::digest;
use crate::installed::{self, Manifests};
use crate::model::{GOTK_COMPONENTS, Installation, LocalPath};
use crate::problem::{FileFault, FileProblem};

/// What was read beside a source. Most clusters of a fleet install the same; the same bytes are parsed once.
pub struct Readings<'s> {
    surroundings: &'s dyn Surroundings,
    installations: BTreeMap<[u8; 32], Option<Arc<Installation>>>,
    manifests: BTreeMap<[u8; 32], Option<Arc<Manifests>>>,
    /// The files of patches.
    pub patches: BTreeMap<LocalPath, Result<Arc<Patches>, PatchesFault>>,
    /// What resources add.
    pub resources: BTreeMap<LocalPath, Arc<Resource>>,
}

/// What is known of what a file installs.
#[derive(Clone, Debug)]
pub enum Installed {
    /// Nobody looked, for there is no disk to look at.
    Unseen,
    /// There is no such file.
    Absent,
    /// This is, as the file at this path says.
    Known(Arc<Installation>, LocalPath),
    /// There is something that cannot be read.
    Unreadable(FileProblem),
}

impl<'s> Readings<'s> {
    /// Nothing was read yet.
    pub fn new(surroundings: &'s dyn Surroundings) -> Readings<'s> {
        Readings {
            surroundings,
            installations: BTreeMap::new(),
            manifests: BTreeMap::new(),
            patches: BTreeMap::new(),
            resources: BTreeMap::new(),
        }
    }

    /// Whose values are wanted of every cluster.
    pub fn asked(&self) -> &'s [String] {
        self.surroundings.asked()
    }

    /// Whether all values are wanted that a cluster sees, as far as they are right.
    pub fn asks_for_values(&self) -> bool {
        self.surroundings.asks_for_values()
    }

    /// Whether somebody makes of the fleet what each cloud must be told.
    pub fn asks_for_trust(&self) -> bool {
        self.surroundings.asks_for_trust()
    }

    /// What stands at a path, if no link on the way leads out of the directory `within`.
    pub fn entry(&self, path: &LocalPath, within: &LocalPath) -> Entry {
        self.surroundings.entry(path, within)
    }

    /// The text of a file.
    pub fn text(&self, path: &LocalPath) -> Result<Arc<str>, Unread> {
        self.surroundings.text(path)
    }

    /// A path as the user would type it.
    pub fn shown(&self, path: &LocalPath) -> String {
        self.surroundings.shown(path)
    }

    /// What the `gotk-components.yaml` in a directory installs, and its path.
    pub fn installed_in(&mut self, directory: &str) -> Installed {
        if !self.surroundings.may_be_bootstrapped(directory) {
            return Installed::Absent;
        }
        let file = LocalPath::default().join(directory).and_then(|directory| directory.join(GOTK_COMPONENTS));
        file.map_or(Installed::Absent, |file| self.installed(&file))
    }

    fn installed(&mut self, file: &LocalPath) -> Installed {
        let fault = match self.text(file) {
            Ok(text) => {
                let known = self.installations.entry(digest::of(text.as_bytes()));
                match known.or_insert_with(|| installed::read(&text).map(Arc::new)) {
                    Some(installation) => return Installed::Known(Arc::clone(installation), file.clone()),
                    None => FileFault::NotManifests,
                }
            }
            Err(Unread::Unseen) => return Installed::Unseen,
            Err(Unread::Missing) => return Installed::Absent,
            Err(Unread::NotText) => FileFault::NotManifests,
            Err(Unread::Unreadable { cause }) => FileFault::Unreadable { cause },
        };
        Installed::Unreadable(FileProblem { path: self.shown(file), fault })
    }

    /// What any file of manifests holds, if that can be told.
    pub fn manifests(&mut self, file: &LocalPath) -> Option<Arc<Manifests>> {
        let text = self.text(file).ok()?;
        let known = self.manifests.entry(digest::of(text.as_bytes()));
        known.or_insert_with(|| installed::manifests(&text).map(Arc::new)).clone()
    }
}
