//! Source files and their text.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::span::{FileId, Span};

/// The name of a source that nobody names.
pub const DEFAULT_NAME: &str = "identity.flux";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name that findings show: a path as the user would type it.
    pub name: String,
    pub text: String,
}

#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
    /// The files of values, by the paths that sources name.
    values: BTreeMap<String, FileId>,
}

impl Sources {
    /// Takes in one more file.
    pub fn add(&mut self, source: Source) -> FileId {
        let id = FileId::new(self.files.len());
        self.files.push(source);
        id
    }

    /// Takes in a file of values. `path`: as sources name it.
    pub fn add_values(&mut self, path: &str, source: Source) -> FileId {
        let id = self.add(source);
        self.values.insert(path.to_owned(), id);
        id
    }

    /// The file of values of a path.
    pub fn values(&self, path: &str) -> Option<FileId> {
        self.values.get(path).copied()
    }

    /// True if these are the same files as others, whatever their texts.
    pub fn has_files_of(&self, others: &Sources) -> bool {
        let names =
            |sources: &Sources| sources.files.iter().map(|file| file.name.clone()).collect::<Vec<_>>();
        self.values == others.values && names(self) == names(others)
    }

    pub fn get(&self, id: FileId) -> Option<&Source> {
        self.files.get(id.index())
    }

    /// The files that are sources, the root first.
    pub fn in_language(&self) -> impl Iterator<Item = (FileId, &Source)> {
        let values: BTreeSet<FileId> = self.values.values().copied().collect();
        self.iter().filter(move |(id, _)| !values.contains(id))
    }

    /// All files, the root source first.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).map(FileId::new).zip(&self.files)
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
    /// How many characters begin before each block of the text, so that no column is counted through a long line.
    characters: Vec<usize>,
}

/// How many bytes a block has.
const BLOCK: usize = 256;

impl<'s> LineIndex<'s> {
    pub fn new(text: &'s str) -> LineIndex<'s> {
        let after_breaks =
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at.saturating_add(1));
        let mut before = 0_usize;
        let characters = text.as_bytes().chunks(BLOCK).map(|block| {
            let here = before;
            before = before.saturating_add(block.iter().filter(|byte| begins_character(**byte)).count());
            here
        });
        let characters = characters.collect();
        LineIndex { text, starts: std::iter::once(0).chain(after_breaks).collect(), characters }
    }

    /// How many characters begin before a byte.
    fn characters_before(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        let block = offset / BLOCK;
        // The end of the text may be the end of its last block.
        let Some(before) = self.characters.get(block) else { return self.total() };
        let rest = self.text.as_bytes().get(block.saturating_mul(BLOCK)..offset).unwrap_or_default();
        before.saturating_add(rest.iter().filter(|byte| begins_character(**byte)).count())
    }

    fn total(&self) -> usize {
        let Some((block, before)) = self.characters.iter().enumerate().next_back() else { return 0 };
        let rest = self.text.as_bytes().get(block.saturating_mul(BLOCK)..).unwrap_or_default();
        before.saturating_add(rest.iter().filter(|byte| begins_character(**byte)).count())
    }

    /// How many characters are between two bytes.
    pub fn characters(&self, range: Range<usize>) -> usize {
        self.characters_before(range.end).saturating_sub(self.characters_before(range.start))
    }

    /// The bytes of a line, counted from 1, without its line break.
    pub fn line(&self, number: usize) -> Range<usize> {
        let start = number.checked_sub(1).and_then(|before| self.starts.get(before)).copied();
        let end = self.starts.get(number).copied().unwrap_or(self.text.len());
        let start = start.unwrap_or(end);
        let line = slice(self.text, start..end);
        let line = line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
        start..start.saturating_add(line.len())
    }

    /// Line and column of a byte, both counted from 1; columns are characters.
    pub fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|before| self.starts.get(before)).copied().unwrap_or(0);
        let column = self.characters(start..offset);
        (line, column.saturating_add(1))
    }
}

/// Whether a byte of UTF-8 is the first of a character.
const fn begins_character(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}
