//! A text from which a tree is built: its places, and the words at them.

use pest::iterators::Pair;

use crate::problem::{ErrorGuaranteed, Problems, SyntaxProblem};
use crate::source::slice;
use crate::span::FileId;
use crate::span::Span;
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{Block, Comment, Name};

/// What the builder knows of the text that it builds from.
pub struct Builder<'s, 'p> {
    pub file: FileId,
    pub text: &'s str,
    pub offset: usize,
    /// True after the first line of a conflict.
    pub in_conflict: bool,
    pub problems: &'p mut Problems,
}

impl<'s> Builder<'s, '_> {
    pub fn comment(&self, pair: &Pair<'s, Rule>) -> Comment<'s> {
        Comment { text: pair.as_str().trim_end(), alone: self.begins_line(self.span(pair)) }
    }

    pub fn name(&self, pair: &Pair<'s, Rule>) -> Name<'s> {
        Name { text: pair.as_str(), span: self.span(pair) }
    }

    /// Refuses a part that the grammar promises and that is not there all the same.
    pub fn unread(&mut self, at: Span) -> ErrorGuaranteed {
        self.problems.refuse(SyntaxProblem::Expected { at, found: String::new(), expected: Vec::new() })
    }

    pub fn unread_piece(&mut self, length: usize) {
        let at = self.at(self.offset, self.offset.saturating_add(length));
        self.unread(at);
    }

    pub fn no_block(&self) -> Block<'s> {
        let span = self.at(self.offset, self.offset);
        Block { span, on_one_line: true, open_comment: None, lines: Vec::new() }
    }

    pub fn span(&self, pair: &Pair<'s, Rule>) -> Span {
        let span = pair.as_span();
        self.at(self.offset.saturating_add(span.start()), self.offset.saturating_add(span.end()))
    }

    /// The place of a pair without the blanks around it.
    pub fn trimmed(&self, pair: &Pair<'s, Rule>) -> Span {
        let text = pair.as_str();
        let start = text.len().saturating_sub(text.trim_start().len());
        self.span(pair).part(&(start..start.saturating_add(text.trim().len())))
    }

    /// A range of bytes of the file.
    pub fn at(&self, start: usize, end: usize) -> Span {
        let byte = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span { file: self.file, start: byte(start), end: byte(end) }
    }

    /// The word at a place, or the place itself after the last thing that is seen before it.
    pub fn word_at(&self, place: Span) -> Span {
        let start = place.start as usize;
        // Not the line alone: on one line many words may have to be found.
        let rest = slice(self.text, start..self.text.len());
        let word = first_word(rest);
        if word.is_empty() {
            let seen = slice(self.text, 0..start).trim_end().len();
            self.at(seen, seen)
        } else {
            let blanks = rest.len().saturating_sub(rest.trim_start_matches([' ', '\t']).len());
            let start = start.saturating_add(blanks);
            self.at(start, start.saturating_add(word.len()))
        }
    }

    pub fn rest_of_line(&self, start: usize) -> &'s str {
        slice(self.text, start..self.text.len()).lines().next().unwrap_or_default()
    }

    /// Whether nothing but blanks stands before the place on its line.
    pub fn begins_line(&self, place: Span) -> bool {
        let before = slice(self.text, 0..place.start as usize).trim_end_matches([' ', '\t', '\u{FEFF}']);
        before.is_empty() || before.ends_with('\n')
    }

    /// Whether an empty line stands before the line of the place.
    pub fn blank_before(&self, place: Span) -> bool {
        let mut before = slice(self.text, 0..place.start as usize).bytes().rev();
        let mut breaks_line = || before.find(|byte| !matches!(byte, b' ' | b'\t' | b'\r')) == Some(b'\n');
        breaks_line() && breaks_line()
    }
}

/// The first word of a text: a name, or a run of signs.
pub fn first_word(text: &str) -> &str {
    let text = text.trim_start_matches([' ', '\t']);
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let named = text.starts_with(|first: char| first.is_ascii_alphanumeric());
    let end = if named {
        text.find(|letter: char| !is_name(letter))
    } else {
        text.find(|letter: char| letter.is_whitespace() || letter.is_ascii_alphanumeric())
    };
    let word = slice(text, 0..end.unwrap_or(text.len()));
    if named { word.trim_end_matches(['-', '_', '.']) } else { word }
}
