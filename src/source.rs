//! Source files and their text.

use std::ops::Range;

use crate::span::Span;

/// The name of a source that nobody names.
pub const DEFAULT_NAME: &str = "identity.flux";

/// The largest source that is read, in bytes. A fleet of 100,000 clusters takes some 20 MB.
pub const MAX_BYTES: usize = 256 * 1024 * 1024;

/// Which of the sources of one compilation. The root file is the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

impl FileId {
    /// Its place among the sources, the root file's being 0.
    pub fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// One source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name that findings show: a path as the user would type it.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// The sources of one compilation.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Takes in one more file.
    pub fn add(&mut self, source: Source) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(source);
        id
    }

    /// The file of that number.
    pub fn get(&self, id: FileId) -> Option<&Source> {
        self.files.get(id.index())
    }

    /// All files, the root file first.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// The text of a span; nothing where the span is of no file.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).map_or("", |source| slice(&source.text, span.range()))
    }
}

/// The bytes of `text` in `range`; nothing where the range is not of this text.
pub fn slice(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub struct LineIndex<'s> {
    text: &'s str,
    starts: Vec<usize>,
}

impl<'s> LineIndex<'s> {
    /// The index of a text.
    pub fn new(text: &'s str) -> LineIndex<'s> {
        let after_breaks =
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at.saturating_add(1));
        LineIndex { text, starts: std::iter::once(0).chain(after_breaks).collect() }
    }

    /// The bytes of a line, counted from 1, without its line break.
    pub fn line(&self, number: usize) -> Range<usize> {
        let start = number.checked_sub(1).and_then(|before| self.starts.get(before)).copied();
        let end = self.starts.get(number).copied().unwrap_or(self.text.len());
        let start = start.unwrap_or(end);
        let line = slice(self.text, start..end).trim_end_matches(['\n', '\r']);
        start..start.saturating_add(line.len())
    }

    /// Line and column of a byte, both counted from 1; columns are characters.
    pub fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|before| self.starts.get(before)).copied().unwrap_or(0);
        let column = slice(self.text, start..offset.min(self.text.len())).chars().count();
        (line, column.saturating_add(1))
    }
}
