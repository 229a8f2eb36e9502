//! Places in files.

use crate::model::LocalPath;

/// A place in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, or the directory where none is.
    pub file: LocalPath,
    /// The line, counted from 1, if known.
    pub line: Option<usize>,
    /// The index in the field `patches` of that file, if it is an entry of it.
    pub patch: Option<usize>,
}

impl Place {
    /// A file as a whole.
    pub(crate) fn file(file: &LocalPath) -> Place {
        Place { file: file.clone(), ..Place::default() }
    }

    pub(crate) fn at_line(&self, line: usize) -> Place {
        Place { line: Some(line), ..self.clone() }
    }
}
