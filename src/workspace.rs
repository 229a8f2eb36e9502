//! Access to input files.
//!
//! A [`Workspace`] is the directory of a source: on the disk, or at a revision of git. Input files are regular files in
//! the repository, with links followed, and have a size limit. [`Inputs`] caches the entries and files that one run
//! reads.

mod directory;
mod disk;
mod files;
mod in_memory;
mod inputs;
mod reads;
mod resolve;

use std::ffi::OsString;
use std::io;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::native_path;
use crate::problem::InputFault;

pub(crate) use directory::{Directory, MOST_DEEP, Opened, read_regular_file};
pub use directory::{Found, Kind, Version};
pub use disk::Disk;
pub(crate) use disk::{exists, is_file, is_named, real_path};
pub use in_memory::InMemory;
pub(crate) use inputs::ReadKustomization;
pub use inputs::{Inputs, Known, Text};
pub use reads::Reads;

/// The largest source that is read, in bytes. Some 70,000 clusters have room in one; more go into files of their own,
/// by `include`.
pub const SOURCE_LIMIT: u64 = 16 * 1024 * 1024;

/// The largest other file that is read, in bytes. What `flux install` writes has less than one MB.
pub const FILE_LIMIT: u64 = 64 * 1024 * 1024;

/// The most that is read for one run, in bytes. Files that hold the same count once.
pub const RUN_LIMIT: u64 = 1024 * 1024 * 1024;

/// The directory of a source. Paths are relative to it, without `..`; the empty path is the directory itself.
/// Implementations are used by many threads.
pub trait Workspace: Sync {
    /// The entry at a path, with links followed.
    fn entry(&self, path: &Path) -> Entry;

    /// The bytes of a regular file, if it has no more than `limit`.
    ///
    /// # Errors
    /// If there is no such file, or it is not read.
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, Unread>;

    /// The names in a directory, in the order of their bytes, with what each is; links in it are not followed.
    ///
    /// # Errors
    /// If there is no such directory, or it cannot be looked into.
    fn names(&self, directory: &Path) -> Result<Vec<(OsString, Kind)>, Unread>;

    /// A path as the user would type it.
    fn shown(&self, path: &Path) -> String;

    /// False if it is known that there is no `gotk-components.yaml` in a directory, which saves an attempt to read it.
    fn may_be_bootstrapped(&self, _directory: &str) -> bool {
        true
    }
}

/// The entry at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Nobody looked, for there is no disk to look at.
    Unseen,
    /// Nothing.
    Missing,
    /// A regular file, with its canonical path from the root of the repository.
    File(PathBuf),
    /// A directory, with its canonical path from the root of the repository.
    Directory(PathBuf),
    /// Something that is not read.
    Refused(InputFault),
    /// Something that cannot be looked at.
    Unreadable {
        /// The message of the system error.
        cause: String,
    },
}

impl Entry {
    /// The canonical path of a file or a directory, from the root of the repository.
    pub fn place(&self) -> Option<&Path> {
        match self {
            Entry::File(place) | Entry::Directory(place) => Some(place),
            Entry::Unseen | Entry::Missing | Entry::Refused(_) | Entry::Unreadable { .. } => None,
        }
    }

    /// The same as text, with `/` between its parts on every system.
    pub fn place_text(&self) -> Option<String> {
        self.place().filter(|place| place.to_str().is_some()).map(native_path::shown)
    }
}

/// Why a file was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// Nobody looked, for there is no disk to look at.
    Unseen,
    /// There is no such file.
    Missing,
    /// It is not text in UTF-8.
    NotText,
    /// The entry is refused, such as a directory or a file beyond a limit.
    Refused(InputFault),
    /// It cannot be read.
    Unreadable {
        /// The message of the system error.
        cause: String,
    },
}

/// A workspace without a disk.
#[derive(Clone, Copy, Debug)]
pub struct Nowhere;

impl Workspace for Nowhere {
    fn entry(&self, _: &Path) -> Entry {
        Entry::Unseen
    }

    fn read(&self, _: &Path, _: u64) -> Result<Vec<u8>, Unread> {
        Err(Unread::Unseen)
    }

    fn names(&self, _: &Path) -> Result<Vec<(OsString, Kind)>, Unread> {
        Err(Unread::Unseen)
    }

    fn shown(&self, path: &Path) -> String {
        native_path::shown(path)
    }
}

/// The message of a system error, without the error number.
#[expect(clippy::wildcard_enum_match_arm, reason = "the library may add kinds of errors at any time")]
pub fn cause(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file or directory".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::StorageFull => "no space left on device".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "read-only file system".to_owned(),
        ErrorKind::IsADirectory => "it is a directory".to_owned(),
        ErrorKind::NotADirectory => "not a directory".to_owned(),
        ErrorKind::QuotaExceeded => "disk quota exceeded".to_owned(),
        _ => {
            // Rust appends the number: ` (os error N)`.
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or_default().trim_end_matches('.').to_lowercase()
        }
    }
}

/// True if the error means that a path does not exist.
pub fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}
