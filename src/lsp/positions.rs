//! Byte offsets as lines and columns of the protocol, and back.

use std::ops::Range;

use crate::lsp::protocol;
use crate::lsp::protocol::Position;

/// What a column counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Code units of UTF-16, which every client can count.
    #[default]
    Utf16,
}

impl Encoding {
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16 => "utf-16",
        }
    }

    fn width(self, letter: char) -> usize {
        match self {
            Encoding::Utf8 => letter.len_utf8(),
            Encoding::Utf16 => letter.len_utf16(),
        }
    }
}

/// Where the lines of a text begin. A line ends with `\n`, `\r\n` or `\r`.
#[derive(Clone, Debug)]
pub struct Lines {
    starts: Vec<usize>,
    encoding: Encoding,
}

impl Lines {
    pub fn new(text: &str, encoding: Encoding) -> Lines {
        let mut starts = vec![0];
        let bytes = text.as_bytes();
        for at in line_starts(bytes) {
            starts.push(at);
        }
        Lines { starts, encoding }
    }

    /// The position of a byte. One within a character is the position of that character.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = floor(text, offset);
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = text.get(start..offset).unwrap_or_default();
        let width = |text: &str| text.chars().map(|letter| self.encoding.width(letter)).sum::<usize>();
        let character = if before.is_ascii() { before.len() } else { width(before) };
        Position { line: number(line), character: number(character) }
    }

    /// The byte at a position. What is beyond a line or the text is its end.
    pub fn offset(&self, text: &str, position: Position) -> usize {
        let line = usize::try_from(position.line).unwrap_or(usize::MAX);
        let Some(start) = self.starts.get(line).copied() else { return text.len() };
        let end = self.starts.get(line.saturating_add(1)).copied().unwrap_or(text.len());
        let line = text.get(start..end).unwrap_or_default().trim_end_matches(['\r', '\n']);
        let mut left = usize::try_from(position.character).unwrap_or(usize::MAX);
        let mut offset = start;
        for letter in line.chars() {
            let width = self.encoding.width(letter);
            if width > left {
                break;
            }
            left = left.saturating_sub(width);
            offset = offset.saturating_add(letter.len_utf8());
        }
        offset
    }

    pub fn range(&self, text: &str, range: &Range<usize>) -> protocol::Range {
        protocol::Range { start: self.position(text, range.start), end: self.position(text, range.end) }
    }

    /// The bytes of a range. One that ends before it begins is empty.
    pub fn bytes(&self, text: &str, range: protocol::Range) -> Range<usize> {
        let start = self.offset(text, range.start);
        start..self.offset(text, range.end).max(start)
    }
}

/// Where lines begin, except for the first.
fn line_starts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    bytes.iter().enumerate().filter_map(move |(at, byte)| {
        let next = at.saturating_add(1);
        match byte {
            b'\n' => Some(next),
            b'\r' if bytes.get(next) != Some(&b'\n') => Some(next),
            _ => None,
        }
    })
}

/// The last boundary of a character at or before a byte.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset = offset.saturating_sub(1);
    }
    offset
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Encoding, Lines, Position};

    const TEXT: &str = "a\n😀ü = \"x\"\r\nb\rc";

    fn at(encoding: Encoding, line: u32, character: u32) -> usize {
        Lines::new(TEXT, encoding).offset(TEXT, Position { line, character })
    }

    #[test]
    fn columns_are_counted_in_the_units_of_the_client() {
        assert_eq!(at(Encoding::Utf16, 1, 2), 6);
        assert_eq!(at(Encoding::Utf16, 1, 3), 8);
        assert_eq!(at(Encoding::Utf8, 1, 4), 6);
        assert_eq!(at(Encoding::Utf8, 1, 6), 8);
    }

    #[test]
    fn every_byte_comes_back_from_its_position() {
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            let lines = Lines::new(TEXT, encoding);
            for offset in (0..=TEXT.len()).filter(|offset| TEXT.is_char_boundary(*offset)) {
                let back = lines.offset(TEXT, lines.position(TEXT, offset));
                // Between `\r` and `\n` is no position.
                assert!(back == offset || TEXT.as_bytes().get(offset) == Some(&b'\n'), "{offset}");
            }
        }
    }

    #[test]
    fn what_is_beyond_the_end_is_the_end() {
        assert_eq!(at(Encoding::Utf16, 0, 99), 1);
        assert_eq!(at(Encoding::Utf16, 99, 0), TEXT.len());
        assert_eq!(at(Encoding::Utf16, u32::MAX, u32::MAX), TEXT.len());
        // The middle of a character is its beginning.
        assert_eq!(at(Encoding::Utf16, 1, 1), 2);
    }

    #[test]
    fn a_carriage_return_alone_ends_a_line() {
        assert_eq!(at(Encoding::Utf16, 3, 0), TEXT.len() - 1);
    }
}
