//! What a build reads.

use std::sync::Arc;

use crate::digest;
use crate::model::LocalPath;

/// Access to files. Implementations are used by many threads.
pub trait Files: Sync {
    /// What is at a path, with links followed.
    fn found(&self, path: &LocalPath) -> Found;

    /// The text of a regular file.
    ///
    /// # Errors
    /// Why it is not read.
    fn read(&self, path: &LocalPath) -> Result<FileText, ReadFault>;

    /// Manifests in place of an entry of `resources` that is out of reach. It counts as unseen all the same.
    fn stand_in(&self, _entry: &str) -> Option<FileText> {
        None
    }
}

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// Nothing.
    Missing,
    /// Nobody knows: it is not within reach.
    Unknown,
}

/// The text of a file.
#[derive(Clone, Debug)]
pub struct FileText {
    /// The text.
    pub text: Arc<str>,
    /// Its SHA-256.
    pub digest: [u8; 32],
}

impl FileText {
    /// A text that stands in no file.
    pub fn new(text: &str) -> FileText {
        FileText { text: Arc::from(text), digest: digest::sha256(text.as_bytes()) }
    }
}

/// Why a file is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadFault {
    /// It is not there.
    Missing,
    /// It is not UTF-8.
    NotText,
    /// It is not within reach.
    Unknown,
}
