//! Places as files, lines and columns.

use crate::problem::{Finding, Place};
use crate::source::{LineIndex, Sources};
use crate::span::Span;

/// The line indexes of all sources.
pub struct Located<'s> {
    files: Vec<(&'s str, LineIndex<'s>)>,
}

/// A range of a source. Lines and columns are counted from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region<'s> {
    /// The name of the file in findings.
    pub file: &'s str,
    /// The line and column of the first character.
    pub start: (usize, usize),
    /// The line and column after the last character.
    pub end: (usize, usize),
}

impl<'s> Located<'s> {
    pub fn new(sources: &'s Sources) -> Located<'s> {
        let files = sources.iter().map(|(_, source)| (source.name.as_str(), LineIndex::new(&source.text)));
        Located { files: files.collect() }
    }

    pub fn region(&self, span: Span) -> Option<Region<'s>> {
        let (file, index) = self.files.get(span.file.index())?;
        let (start, end) = (span.start as usize, span.end as usize);
        Some(Region { file, start: index.line_and_column(start), end: index.line_and_column(end) })
    }

    /// The path without `./` at its beginning, which GitLab does not accept, and the line; the first one for a whole file.
    pub fn file_and_line<'f>(&self, finding: &'f Finding) -> (&'f str, usize)
    where
        's: 'f,
    {
        let (path, line) = match &finding.place {
            Place::File(path) => (path.as_str(), 1),
            Place::Source(_) => match finding.span().and_then(|span| self.region(span)) {
                Some(region) => (region.file, region.start.0),
                None => ("", 1),
            },
        };
        (path.trim_start_matches("./"), line)
    }
}
