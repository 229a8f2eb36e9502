//! What a fleet meets on this disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::check::{Entry, Surroundings, Unread};
use crate::model::LocalPath;
use crate::output::{Listed, Listings, cause};

/// What is asked of a fleet.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The names whose values are wanted of every cluster.
    pub names: Vec<String>,
    /// Whether all values are wanted, as far as they are right.
    pub values: bool,
    /// Whether trust is made of it.
    pub trust: bool,
    /// Whether it is told where each thing was said.
    pub places: bool,
}

/// The directory of a source, and what is asked of its fleet.
pub struct Disk {
    /// Nothing for a source from standard input.
    root: Option<PathBuf>,
    asked: Asked,
    listings: Listings,
    read: Mutex<BTreeSet<PathBuf>>,
    /// Directories are asked for many times, as what nothing may lead out of.
    real: Mutex<BTreeMap<PathBuf, PathBuf>>,
}

impl Disk {
    /// The disk as a source in this directory sees it.
    pub fn below(root: Option<PathBuf>, asked: Asked) -> Disk {
        let listings = root.as_deref().map(Listings::below).unwrap_or_default();
        Disk { root, asked, listings, read: Mutex::default(), real: Mutex::default() }
    }

    /// The files that were read, and what was seen in directories.
    pub fn into_read(self) -> (BTreeSet<PathBuf>, Listed) {
        let read = self.read.into_inner().unwrap_or_else(PoisonError::into_inner);
        (read, self.listings.into_listed())
    }

    /// A path as the user would type it; nothing where there is no directory.
    fn path(&self, path: &LocalPath) -> Option<PathBuf> {
        let root = self.root.as_ref()?;
        // Joining nothing would put a `/` at the end.
        Some(if path.as_str().is_empty() { root.clone() } else { root.join(path.as_str()) })
    }

    /// Where a directory really is.
    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    fn real(&self, directory: &Path) -> io::Result<PathBuf> {
        if let Some(real) = held(&self.real).get(directory) {
            return Ok(real.clone());
        }
        // The current directory has no name where the user would type none.
        let here = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
        let real = fs::canonicalize(here)?;
        let _new = held(&self.real).insert(directory.to_path_buf(), real.clone());
        Ok(real)
    }

    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    fn look(&self, path: &Path, within: &Path) -> io::Result<Entry> {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        let real = fs::canonicalize(path)?;
        Ok(if !real.starts_with(self.real(within)?) {
            Entry::Outside
        } else if fs::metadata(&real)?.is_dir() {
            Entry::Directory
        } else {
            Entry::File
        })
    }
}

impl Surroundings for Disk {
    fn entry(&self, path: &LocalPath, within: &LocalPath) -> Entry {
        let Some((path, within)) = self.path(path).zip(self.path(within)) else { return Entry::Unseen };
        match self.look(&path, &within) {
            Ok(entry) => entry,
            Err(error) if is_missing(&error) => Entry::Missing,
            Err(error) => Entry::Unreadable { cause: cause(&error) },
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    fn text(&self, path: &LocalPath) -> Result<Arc<str>, Unread> {
        let Some(path) = self.path(path) else { return Err(Unread::Unseen) };
        match fs::read(&path) {
            Ok(bytes) => {
                let _new = held(&self.read).insert(path);
                String::from_utf8(bytes).map(Arc::from).map_err(|_| Unread::NotText)
            }
            Err(error) if is_missing(&error) => Err(Unread::Missing),
            Err(error) => Err(Unread::Unreadable { cause: cause(&error) }),
        }
    }

    fn shown(&self, path: &LocalPath) -> String {
        self.path(path).map_or_else(|| path.as_str().to_owned(), |path| path.display().to_string())
    }

    fn may_be_bootstrapped(&self, directory: &str) -> bool {
        self.listings.may_be_bootstrapped(directory)
    }

    fn asks_for_trust(&self) -> bool {
        self.asked.trust
    }

    fn asks_for_values(&self) -> bool {
        self.asked.values
    }

    fn asked(&self) -> &[String] {
        &self.asked.names
    }
}

/// What nobody else holds. What is noted stays right if somebody panicked meanwhile.
fn held<T>(noted: &Mutex<T>) -> MutexGuard<'_, T> {
    noted.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}
