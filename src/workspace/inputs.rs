//! What one run has looked up and read of a workspace, each thing once.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use crate::digest;
use crate::kustomize::{Failure, Kustomization, Manifests, kustomization_in};
use crate::model::{GOTK_COMPONENTS, LocalPath};
use crate::problem::InputFault;
use crate::workspace::{Entry, FILE_LIMIT, Kind, RUN_LIMIT, SOURCE_LIMIT, Unread, Workspace};

/// What one run has looked up and read of a workspace. Many threads ask at once.
pub struct Inputs<'w> {
    workspace: &'w dyn Workspace,
    known: Arc<Known>,
    read: Mutex<Read>,
    /// The most bytes that are read, the same in several files counted once.
    limit: u64,
}

/// What is known of the files beside sources. A later run may begin with it, as long as none of them has changed.
#[derive(Default)]
pub struct Known {
    /// A cache of entries, because overlays share most paths.
    entries: Cache<OsString, Entry>,
    /// Kustomizations, by their directories.
    kustomizations: Cache<LocalPath, ReadKustomization>,
    /// Texts by their paths: those of manifests, which a run reads twice and whose objects are in memory anyway, or all.
    texts: Cache<OsString, Result<Text, Unread>>,
    /// True if all texts are kept, for later runs.
    keeps_all: bool,
    /// The texts that are kept, each once.
    distinct: Cache<[u8; 32], Arc<str>>,
    manifests: Manifests,
    /// The digests of the premises from which, with these files, only right follows.
    right: Cache<[u8; 32], ()>,
}

impl Known {
    /// Nothing is known yet, and what is read will be kept for later runs.
    pub fn kept() -> Known {
        Known { keeps_all: true, ..Known::default() }
    }
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
        Inputs { workspace, known: Arc::default(), read: Mutex::default(), limit }
    }

    /// Begins with what an earlier run learned of the same workspace.
    pub fn with_known(workspace: &'w dyn Workspace, known: Arc<Known>) -> Inputs<'w> {
        Inputs { known, ..Inputs::new(workspace) }
    }

    /// True if what is read is kept for later runs.
    pub fn is_kept(&self) -> bool {
        self.known.keeps_all
    }

    /// True if what follows from these premises and the files was found right.
    pub fn was_right(&self, premises: &str) -> bool {
        self.known.right.get(&digest::sha256(premises.as_bytes())).is_some()
    }

    /// Remembers that what follows from these premises and the files is right.
    pub fn remember_right(&self, premises: &str) {
        self.known.right.get_or(&digest::sha256(premises.as_bytes()), || ());
    }

    /// The manifests that were read.
    pub(crate) fn manifests(&self) -> &Manifests {
        &self.known.manifests
    }

    pub fn entry(&self, path: &Path) -> Entry {
        self.known.entries.get_or(path.as_os_str(), || self.workspace.entry(path))
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
        self.check_limit()?;
        let is_of_manifests = || path.file_name().is_some_and(|name| name == GOTK_COMPONENTS);
        let text = if self.known.keeps_all || is_of_manifests() {
            self.known.texts.get_or(path.as_os_str(), || {
                let Text { text, digest } = self.read_text(path)?;
                Ok(Text { text: self.known.distinct.get_or(&digest, || text), digest })
            })
        } else {
            self.read_text(path)
        }?;
        let mut read = held(&self.read);
        if read.digests.insert(text.digest) {
            read.count(text.text.len(), self.limit)?;
        }
        Ok(text)
    }

    fn read_text(&self, path: &Path) -> Result<Text, Unread> {
        let bytes = self.workspace.read(path, FILE_LIMIT)?;
        let text = String::from_utf8(bytes).map_err(|_| Unread::NotText)?;
        let digest = digest::sha256(text.as_bytes());
        Ok(Text { text: Arc::from(text), digest })
    }

    /// The bytes of a source.
    ///
    /// # Errors
    /// If there is none, or it is not read.
    pub fn source(&self, path: &Path) -> Result<Vec<u8>, Unread> {
        self.check_limit()?;
        let bytes = self.workspace.read(path, SOURCE_LIMIT)?;
        held(&self.read).count(bytes.len(), self.limit)?;
        Ok(bytes)
    }

    /// Where too much was read already, nothing more is.
    fn check_limit(&self) -> Result<(), Unread> {
        held(&self.read).count(0, self.limit)
    }

    /// The kustomization in a directory; nothing if it is out of reach.
    ///
    /// # Errors
    /// kustomize cannot read it either.
    pub(crate) fn kustomization(&self, directory: &LocalPath) -> ReadKustomization {
        let read = || kustomization_in(self, directory).map(|read| read.map(Arc::new));
        self.known.kustomizations.get_or(directory, read)
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

/// Values by their keys, for many threads.
struct Cache<K, V>(RwLock<BTreeMap<K, V>>);

impl<K, V> Default for Cache<K, V> {
    fn default() -> Cache<K, V> {
        Cache(RwLock::default())
    }
}

impl<K: Ord, V: Clone> Cache<K, V> {
    fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        // A cache stays valid after a panic of another thread.
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// The value of a key, made if it is not known. The first that was made is the value for all threads.
    fn get_or<Q: Ord + ToOwned<Owned = K> + ?Sized>(&self, key: &Q, make: impl FnOnce() -> V) -> V
    where
        K: Borrow<Q>,
    {
        self.get(key).unwrap_or_else(|| {
            let value = make();
            let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
            all.entry(key.to_owned()).or_insert(value).clone()
        })
    }
}

/// Locks what was counted, which stays valid after a panic of another thread.
fn held<T>(noted: &Mutex<T>) -> MutexGuard<'_, T> {
    noted.lock().unwrap_or_else(PoisonError::into_inner)
}
