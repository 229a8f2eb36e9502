//! What one run has looked up and read of a workspace, each thing once.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::digest;
use crate::kustomize::{Failure, Kustomization, kustomization_in};
use crate::model::LocalPath;
use crate::problem::InputFault;
use crate::workspace::{Entry, FILE_LIMIT, Kind, RUN_LIMIT, SOURCE_LIMIT, Unread, Workspace};

/// What one run has looked up and read of a workspace. Many threads ask at once.
pub struct Inputs<'w> {
    workspace: &'w dyn Workspace,
    /// A cache of entries, because overlays share most paths.
    entries: Mutex<BTreeMap<PathBuf, Entry>>,
    read: Mutex<Read>,
    /// Kustomizations, by their directories.
    kustomizations: Mutex<BTreeMap<LocalPath, ReadKustomization>>,
    /// The most bytes that are read, the same in several files counted once.
    limit: u64,
}

/// The kustomization in a directory; nothing if it is out of reach.
pub(crate) type ReadKustomization = Result<Option<Arc<Kustomization>>, Failure>;

#[derive(Default)]
struct Read {
    digests: BTreeSet<[u8; 32]>,
    /// How many bytes that were, those of sources included.
    bytes: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub text: Arc<str>,
    /// The key of an input.
    pub digest: [u8; 32],
}

impl<'w> Inputs<'w> {
    /// Nothing was read yet.
    pub fn new(workspace: &'w dyn Workspace) -> Inputs<'w> {
        Inputs::with_limit(workspace, RUN_LIMIT)
    }

    /// Sets the limit of the run, in bytes.
    pub fn with_limit(workspace: &'w dyn Workspace, limit: u64) -> Inputs<'w> {
        let (entries, read, kustomizations) = (Mutex::default(), Mutex::default(), Mutex::default());
        Inputs { workspace, entries, read, kustomizations, limit }
    }

    pub fn entry(&self, path: &Path) -> Entry {
        if let Some(known) = held(&self.entries).get(path) {
            return known.clone();
        }
        let entry = self.workspace.entry(path);
        held(&self.entries).insert(path.to_path_buf(), entry.clone());
        entry
    }

    /// The entry at a path, if no link leads out of the directory `within`.
    pub fn entry_within(&self, path: &Path, within: &Path) -> Entry {
        let entry = self.entry(path);
        match entry.place().map(|place| self.entry(within).place().is_some_and(|it| place.starts_with(it))) {
            Some(true) | None => entry,
            Some(false) => Entry::Refused(InputFault::LeadsOutside),
        }
    }

    /// The link that leads out of the repository on the way to a path that does: the first part of it that does.
    pub fn link_outside(&self, path: &Path) -> PathBuf {
        let ways: Vec<&Path> = path.ancestors().filter(|way| !way.as_os_str().is_empty()).collect();
        let mut ways = ways.into_iter().rev();
        let link = ways.find(|way| self.entry(way) == Entry::Refused(InputFault::LeadsOutside));
        link.unwrap_or(path).to_path_buf()
    }

    /// The text of a file.
    ///
    /// # Errors
    /// If there is none, or it is not read.
    pub fn text(&self, path: &Path) -> Result<Text, Unread> {
        let bytes = self.read(path, FILE_LIMIT)?;
        let text = String::from_utf8(bytes).map_err(|_| Unread::NotText)?;
        let digest = digest::sha256(text.as_bytes());
        let mut read = held(&self.read);
        if read.digests.insert(digest) {
            read.count(text.len(), self.limit)?;
        }
        Ok(Text { text: Arc::from(text), digest })
    }

    /// The bytes of a source.
    ///
    /// # Errors
    /// If there is none, or it is not read.
    pub fn source(&self, path: &Path) -> Result<Vec<u8>, Unread> {
        let bytes = self.read(path, SOURCE_LIMIT)?;
        held(&self.read).count(bytes.len(), self.limit)?;
        Ok(bytes)
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, Unread> {
        // Where too much was read already, nothing more is.
        held(&self.read).count(0, self.limit)?;
        self.workspace.read(path, limit)
    }

    /// The kustomization in a directory; nothing if it is out of reach.
    ///
    /// # Errors
    /// kustomize cannot read it either.
    pub(crate) fn kustomization(&self, directory: &LocalPath) -> ReadKustomization {
        if let Some(known) = held(&self.kustomizations).get(directory) {
            return known.clone();
        }
        let read = kustomization_in(self, directory).map(|read| read.map(Arc::new));
        held(&self.kustomizations).entry(directory.clone()).or_insert(read).clone()
    }

    /// The names in a directory, in the order of their bytes, with what each is.
    ///
    /// # Errors
    /// If there is no such directory, or it cannot be looked into.
    pub fn names(&self, directory: &Path) -> Result<Vec<(OsString, Kind)>, Unread> {
        self.workspace.names(directory)
    }

    /// A path as the user would type it.
    pub fn shown(&self, path: &Path) -> String {
        self.workspace.shown(path)
    }

    /// False if it is known that there is no `gotk-components.yaml` in a directory.
    pub fn may_be_bootstrapped(&self, directory: &str) -> bool {
        self.workspace.may_be_bootstrapped(directory)
    }
}

impl Read {
    fn count(&mut self, bytes: usize, limit: u64) -> Result<(), Unread> {
        self.bytes = self.bytes.saturating_add(bytes as u64);
        if self.bytes > limit { Err(Unread::Refused(InputFault::TooMuch { limit })) } else { Ok(()) }
    }
}

/// Locks a cache, which stays valid after a panic of another thread.
fn held<T>(noted: &Mutex<T>) -> MutexGuard<'_, T> {
    noted.lock().unwrap_or_else(PoisonError::into_inner)
}
