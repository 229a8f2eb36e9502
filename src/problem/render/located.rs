//! Places as files, lines and columns.

use crate::source::{LineIndex, Sources};
use crate::span::Span;

/// The lines of all sources, for those who turn places into lines and columns.
pub struct Located<'s> {
    files: Vec<(&'s str, LineIndex<'s>)>,
}

/// A place as people and other programs know it. Lines and columns are counted from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region<'s> {
    /// The file, as findings name it.
    pub file: &'s str,
    /// Line and column of the first character.
    pub start: (usize, usize),
    /// Line and column after the last character.
    pub end: (usize, usize),
}

impl<'s> Located<'s> {
    /// The lines of all sources.
    pub fn new(sources: &'s Sources) -> Located<'s> {
        let files = sources.iter().map(|(_, source)| (source.name.as_str(), LineIndex::new(&source.text)));
        Located { files: files.collect() }
    }

    /// The region of a span.
    pub fn region(&self, span: Span) -> Option<Region<'s>> {
        let (file, index) = self.files.get(span.file.index())?;
        let (start, end) = (span.start as usize, span.end as usize);
        Some(Region { file, start: index.line_and_column(start), end: index.line_and_column(end) })
    }
}
