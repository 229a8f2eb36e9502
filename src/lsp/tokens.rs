//! Semantic tokens: comments, texts and words, and what the words are.

use std::ops::Range;

use crate::lsp::index::NameAt;
use crate::lsp::keywords::{INNER, keyword};
use crate::lsp::protocol::SemanticTokens;
use crate::lsp::view::View;
use crate::problem::Noun;
use crate::span::Span;

/// The types of tokens. The numbers in tokens are indexes of this list.
pub const TYPES: [&str; 11] = [
    "comment",
    "string",
    "keyword",
    "operator",
    "namespace",
    "class",
    "function",
    "variable",
    "property",
    "type",
    "enumMember",
];
pub const MODIFIERS: [&str; 1] = ["declaration"];

const COMMENT: u32 = 0;
const STRING: u32 = 1;
const KEYWORD: u32 = 2;
const OPERATOR: u32 = 3;
const ENUM_MEMBER: u32 = 10;

/// A token in one line.
struct Token {
    bytes: Range<usize>,
    kind: u32,
    modifiers: u32,
}

/// The tokens of a file, or of a part of it.
pub fn tokens(view: &View<'_>, within: Option<Span>) -> SemanticTokens {
    let text = view.text();
    let mut scanner = Scanner { text, names: view.snapshot.index().names_of(view.file), tokens: Vec::new() };
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        scanner.line(start, line.trim_end_matches(['\n', '\r']));
        start = start.saturating_add(line.len());
    }
    let Some(lines) = view.snapshot.lines(view.file) else { return SemanticTokens::default() };
    let mut data = Vec::new();
    let (mut last_line, mut last_start) = (0, 0);
    for token in scanner.tokens {
        if within.is_some_and(|within| {
            token.bytes.end < within.start as usize || (within.end as usize) < token.bytes.start
        }) {
            continue;
        }
        let range = lines.range(text, &token.bytes);
        // A carriage return alone ends a line of the protocol, but not one of a source.
        if range.start.line != range.end.line {
            continue;
        }
        let line = range.start.line.saturating_sub(last_line);
        let before = if line == 0 { last_start } else { 0 };
        let length = range.end.character.saturating_sub(range.start.character);
        data.extend([
            line,
            range.start.character.saturating_sub(before),
            length,
            token.kind,
            token.modifiers,
        ]);
        (last_line, last_start) = (range.start.line, range.start.character);
    }
    SemanticTokens { data }
}

struct Scanner<'s> {
    text: &'s str,
    names: &'s [NameAt],
    tokens: Vec<Token>,
}

impl Scanner<'_> {
    /// Adds the tokens of a line that begins at a byte.
    fn line(&mut self, start: usize, line: &str) {
        let end = start.saturating_add(line.len());
        let mut at = start;
        while let Some(letter) = self.text.get(at..end).and_then(|rest| rest.chars().next()) {
            let rest = self.text.get(at..end).unwrap_or_default();
            let length = match letter {
                '#' => {
                    self.add(at..end, COMMENT);
                    rest.len()
                }
                '"' => {
                    let inner = rest.get(1..).unwrap_or_default();
                    let length = inner.find('"').map_or(rest.len(), |close| close.saturating_add(2));
                    self.quoted(at..at.saturating_add(length));
                    length
                }
                letter if letter.is_ascii_alphanumeric() => {
                    let is_word = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
                    let whole = rest.find(|letter: char| !is_word(letter)).unwrap_or(rest.len());
                    self.word(at..at.saturating_add(whole))
                }
                '-' if rest.starts_with("->") => {
                    self.add(at..at.saturating_add(2), OPERATOR);
                    2
                }
                '=' => {
                    self.add(at..at.saturating_add(1), OPERATOR);
                    1
                }
                other => other.len_utf8(),
            };
            at = at.saturating_add(length);
        }
    }

    /// Adds a text with the names in it.
    fn quoted(&mut self, bytes: Range<usize>) {
        let mut from = bytes.start;
        let first = self.names.partition_point(|name| (name.span.start as usize) < bytes.start);
        let inside = self.names.get(first..).unwrap_or_default().iter();
        let inside: Vec<NameAt> =
            inside.take_while(|name| (name.span.start as usize) < bytes.end).copied().collect();
        for name in inside {
            self.add(from..name.span.start as usize, STRING);
            self.name(name);
            from = name.span.end as usize;
        }
        self.add(from..bytes.end, STRING);
    }

    /// Adds a word, and returns its length.
    fn word(&mut self, bytes: Range<usize>) -> usize {
        let at = self.names.binary_search_by_key(&bytes.start, |name| name.span.start as usize);
        if let Some(name) = at.ok().and_then(|at| self.names.get(at)).copied() {
            let word = self.text.get(name.span.range()).unwrap_or_default();
            // A ServiceAccount is named with its keyword.
            if let Some((keyword, rest)) = word.split_once([' ', '\t']) {
                let end = bytes.start.saturating_add(keyword.len());
                self.add(bytes.start..end, KEYWORD);
                let rest = word.len().saturating_sub(rest.trim_start().len());
                let start = u32::try_from(bytes.start.saturating_add(rest)).unwrap_or(u32::MAX);
                self.name(NameAt { span: Span { start, ..name.span }, ..name });
            } else {
                self.name(name);
            }
            return (name.span.end as usize).saturating_sub(bytes.start).max(1);
        }
        let word = self.text.get(bytes.clone()).unwrap_or_default();
        let is_keyword = keyword(word).is_some() || INNER.contains(&word);
        self.add(bytes.clone(), if is_keyword { KEYWORD } else { ENUM_MEMBER });
        bytes.len().max(1)
    }

    fn name(&mut self, name: NameAt) {
        let kind = match name.noun {
            Noun::Cluster => 4,
            Noun::Profile => 5,
            Noun::Role => 6,
            Noun::Variable => 7,
            Noun::Setting | Noun::Option | Noun::Field => 8,
            Noun::Controller | Noun::Mapping | Noun::Trust | Noun::Platform | Noun::Provider => 9,
        };
        self.tokens.push(Token { bytes: name.span.range(), kind, modifiers: u32::from(name.is_definition) });
    }

    fn add(&mut self, bytes: Range<usize>, kind: u32) {
        if !bytes.is_empty() {
            self.tokens.push(Token { bytes, kind, modifiers: 0 });
        }
    }
}
