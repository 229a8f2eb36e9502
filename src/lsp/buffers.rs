//! The directory of a source with the open documents over its files.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::lsp::documents::{Document, Documents};
use crate::lsp::uri::normalized;
use crate::native_path;
use crate::problem::InputFault;
use crate::workspace::{Disk, Entry, Kind, Unread, Workspace};

/// The directory of a source with the open documents over its files.
pub struct Buffers<'d> {
    disk: Disk,
    directory: &'d Path,
    documents: &'d Documents,
}

impl<'d> Buffers<'d> {
    /// `directory`: the absolute path of the source's directory.
    pub fn new(directory: &'d Path, documents: &'d Documents) -> Buffers<'d> {
        Buffers { disk: Disk::open(directory), directory, documents }
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        normalized(&self.directory.join(path))
    }

    fn document(&self, path: &Path) -> Option<&'d Document> {
        self.documents.get(&self.absolute(path))
    }
}

impl Workspace for Buffers<'_> {
    fn entry(&self, path: &Path) -> Entry {
        let entry = self.disk.entry(path);
        if entry != Entry::Missing || self.document(path).is_none() {
            return entry;
        }
        // The document was never saved.
        let directory = path.parent().map_or(Entry::Missing, |parent| self.disk.entry(parent));
        match (directory.place(), path.file_name()) {
            (Some(place), Some(name)) => Entry::File(place.join(name)),
            _ => Entry::Missing,
        }
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, Unread> {
        match self.document(path) {
            Some(document) if document.text.len() as u64 > limit => {
                Err(Unread::Refused(InputFault::TooLarge { limit }))
            }
            Some(document) => Ok(document.text.clone().into_bytes()),
            None => self.disk.read(path, limit),
        }
    }

    fn names(&self, directory: &Path) -> Result<Vec<(OsString, Kind)>, Unread> {
        let mut names = self.disk.names(directory)?;
        let absolute = self.absolute(directory);
        for name in self.documents.names_in(&absolute) {
            if let Err(at) = names.binary_search_by(|(known, _)| known.as_os_str().cmp(name)) {
                names.insert(at, (name.to_owned(), Kind::File));
            }
        }
        Ok(names)
    }

    fn shown(&self, path: &Path) -> String {
        native_path::shown(path)
    }
}
