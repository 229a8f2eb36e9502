//! pest pairs to tree, one function a rule.

mod item;
mod statement;
mod value;

use pest::iterators::Pair;

use crate::problem::{ErrorGuaranteed, Problems, SyntaxProblem};
use crate::source::slice;
use crate::span::FileId;
use crate::span::Span;
use crate::syntax::grammar::Rule;
use crate::syntax::recover;
use crate::syntax::tree::{Block, Comment, List, Listed, Name};

/// What the builder knows of the text that it builds from.
pub struct Builder<'s, 'p> {
    pub file: FileId,
    pub text: &'s str,
    pub offset: usize,
    pub problems: &'p mut Problems,
}

/// Places, and the words at them.
impl<'s> Builder<'s, '_> {
    fn comment(&self, pair: &Pair<'s, Rule>) -> Comment<'s> {
        Comment { text: pair.as_str().trim_end(), alone: self.begins_line(self.span(pair)) }
    }

    fn name(&self, pair: &Pair<'s, Rule>) -> Name<'s> {
        Name { text: pair.as_str(), span: self.span(pair) }
    }

    /// Refuses a part that the grammar promises and that is not there all the same.
    fn unread(&mut self, at: Span) -> ErrorGuaranteed {
        self.problems.refuse(SyntaxProblem::Expected { at, found: String::new(), expected: Vec::new() })
    }

    pub fn unread_piece(&mut self, length: usize) {
        let at = self.at(self.offset, self.offset.saturating_add(length));
        self.unread(at);
    }

    fn no_block(&self) -> Block<'s> {
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
        let word = recover::first_word(rest);
        if word.is_empty() {
            let seen = slice(self.text, 0..start).trim_end().len();
            self.at(seen, seen)
        } else {
            let blanks = rest.len().saturating_sub(rest.trim_start_matches([' ', '\t']).len());
            let start = start.saturating_add(blanks);
            self.at(start, start.saturating_add(word.len()))
        }
    }

    fn rest_of_line(&self, start: usize) -> &'s str {
        slice(self.text, start..self.text.len()).lines().next().unwrap_or_default()
    }

    /// Whether nothing but blanks stands before the place on its line.
    fn begins_line(&self, place: Span) -> bool {
        let before = slice(self.text, 0..place.start as usize).trim_end_matches([' ', '\t', '\u{FEFF}']);
        before.is_empty() || before.ends_with('\n')
    }

    /// Whether an empty line stands before the line of the place.
    fn blank_before(&self, place: Span) -> bool {
        let mut before = slice(self.text, 0..place.start as usize).bytes().rev();
        let mut breaks_line = || before.find(|byte| !matches!(byte, b' ' | b'\t' | b'\r')) == Some(b'\n');
        breaks_line() && breaks_line()
    }
}

impl<'s, T> List<'s, T> {
    fn with_capacity(items: usize) -> List<'s, T> {
        List { items: Vec::with_capacity(items) }
    }

    fn push(&mut self, node: T) {
        self.items.push(Listed { node, comments: Vec::new() });
    }

    /// Adds a comment behind the last item.
    fn push_comment(&mut self, comment: Comment<'s>) {
        if let Some(last) = self.items.last_mut() {
            last.comments.push(comment);
        }
    }

    /// The list in no more room than it needs: a tree is kept for long.
    fn shrunk(mut self) -> List<'s, T> {
        self.items.shrink_to_fit();
        self
    }
}
