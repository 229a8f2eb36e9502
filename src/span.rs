//! A range of bytes in a source.

use std::ops::Range;

/// Which of the sources of one compilation. The root source is the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

impl FileId {
    pub const ROOT: FileId = FileId(0);

    /// The file at that index among the sources, the root source's being 0.
    pub fn new(index: usize) -> FileId {
        FileId(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The index of the file among the sources.
    pub fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// A range of bytes in one source file. Lines and columns are made from it only where a person reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// The range as codespan and slices take it.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// From the beginning of this span to the end of `last`.
    #[must_use]
    pub fn to(self, last: Span) -> Span {
        Span { end: last.end, ..self }
    }

    /// The place of `part`, a range of bytes counted from the beginning of this span.
    #[must_use]
    pub fn part(self, part: &Range<usize>) -> Span {
        let offset = |bytes: usize| self.start.saturating_add(u32::try_from(bytes).unwrap_or(u32::MAX));
        Span { start: offset(part.start).min(self.end), end: offset(part.end).min(self.end), ..self }
    }
}
