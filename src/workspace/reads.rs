//! What a run read, for those who have to know when to run again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::workspace::directory::Version;

/// The files that a run read and the directories that it searched, as the user would type them.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    files: BTreeMap<PathBuf, Option<Version>>,
    directories: BTreeSet<PathBuf>,
}

impl Reads {
    /// Adds a file. `version`: which one was opened; nothing if it could not be. The first that was read counts.
    pub fn add_file(&mut self, file: PathBuf, version: Option<Version>) {
        self.files.entry(file).or_insert(version);
    }

    /// Adds a directory in which names were looked for.
    pub fn add_directory(&mut self, directory: PathBuf) {
        let here = directory.as_os_str().is_empty();
        self.directories.insert(if here { PathBuf::from(".") } else { directory });
    }

    /// All files, then all directories.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.keys().chain(&self.directories).map(PathBuf::as_path)
    }

    /// A file that is another one now than it was when it was read.
    pub fn changed(&self) -> Option<&Path> {
        self.files
            .iter()
            .find(|(path, version)| Version::read(path) != **version)
            .map(|(path, _)| path.as_path())
    }
}
