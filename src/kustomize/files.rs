//! What a build reads.

use std::sync::Arc;

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
