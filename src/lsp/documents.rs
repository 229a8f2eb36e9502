//! The documents that are open in the editor.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::lsp::positions::{Encoding, Lines};
use crate::lsp::protocol::{ContentChange, OpenedDocument};
use crate::lsp::uri;

/// A document that is open in the editor.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its URI as the client writes it.
    pub uri: String,
    pub version: i64,
    pub text: String,
}

/// The open documents, by their paths.
#[derive(Clone, Debug, Default)]
pub struct Documents(BTreeMap<PathBuf, Document>);

impl Documents {
    pub fn get(&self, path: &Path) -> Option<&Document> {
        self.0.get(path)
    }

    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.keys().map(PathBuf::as_path)
    }

    /// The names of the open documents in a directory.
    pub fn names_in<'d>(&'d self, directory: &'d Path) -> impl Iterator<Item = &'d std::ffi::OsStr> {
        let inside = self.paths().filter(move |path| path.parent() == Some(directory));
        inside.filter_map(Path::file_name)
    }

    pub fn open(&mut self, path: PathBuf, opened: OpenedDocument) {
        let OpenedDocument { uri, version, text } = opened;
        self.0.insert(path, Document { uri, version, text });
    }

    pub fn close(&mut self, path: &Path) {
        self.0.remove(path);
    }

    /// Applies changes in their order. Returns false if the document is not open.
    pub fn change(
        &mut self,
        path: &Path,
        version: i64,
        changes: Vec<ContentChange>,
        encoding: Encoding,
    ) -> bool {
        let Some(document) = self.0.get_mut(path) else { return false };
        document.version = version;
        for ContentChange { range, text } in changes {
            match range {
                None => document.text = text,
                Some(range) => {
                    let lines = Lines::new(&document.text, encoding);
                    let bytes = lines.bytes(&document.text, range);
                    document.text.replace_range(bytes, &text);
                }
            }
        }
        true
    }

    /// The URI of a file: that of the client if the file is open.
    pub fn uri(&self, path: &Path) -> String {
        self.get(path).map_or_else(|| uri::from_path(path), |document| document.uri.clone())
    }
}
