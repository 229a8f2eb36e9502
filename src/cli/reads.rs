//! What a run read, for those who have to know when to run again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::output::Version;

/// The files that a run read and the directories that it searched, as the user would type them.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    files: BTreeMap<PathBuf, Option<Version>>,
    directories: BTreeSet<PathBuf>,
}

impl Reads {
    /// Takes in files that are about to be read.
    pub fn extend<'p>(&mut self, files: impl IntoIterator<Item = &'p Path>) {
        for file in files {
            let _known = self.files.entry(file.to_path_buf()).or_insert_with(|| Version::of(file));
        }
    }

    /// Takes in a directory in which names were looked for.
    pub fn search(&mut self, directory: &Path) {
        let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
        let _known = self.directories.insert(directory.to_path_buf());
    }

    /// All files, then all directories.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.keys().chain(&self.directories).map(PathBuf::as_path)
    }

    /// A file that is another one now than it was when it was read.
    pub fn changed(&self) -> Option<&Path> {
        self.files
            .iter()
            .find(|(path, version)| Version::of(path) != **version)
            .map(|(path, _)| path.as_path())
    }
}
