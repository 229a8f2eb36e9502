//! Which characters a source may hold.

use std::ops::Range;

use crate::problem::{Problems, SyntaxProblem, is_invisible};
use crate::span::FileId;
use crate::span::Span;

/// The longest line, in bytes. Nobody reads a longer one.
const MAX_LINE: usize = 64 * 1024;

/// Reports characters that have no place where they stand: invisible ones everywhere, all but printable ASCII outside
/// of comments. Typographic quotes and arrows are left to the grammar, which knows what was meant. `offset`: where the
/// text begins in its file.
pub fn check(file: FileId, text: &str, mut offset: usize, problems: &mut Problems) {
    if text.len() > MAX_LINE {
        report_long_lines(file, text, offset, problems);
    }
    if is_plain(text) {
        return;
    }
    for line in text.split_inclusive('\n') {
        for (at, character) in forbidden(line) {
            let is_mark = offset == 0 && at.start == 0 && character == BYTE_ORDER_MARK;
            let start = if is_mark { BYTE_ORDER_MARK.len_utf8() } else { offset.saturating_add(at.start) };
            let end = offset.saturating_add(at.end);
            if start < end {
                let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
                let at = Span { file, start: number(start), end: number(end) };
                problems.report(SyntaxProblem::ForbiddenCharacter { at, character });
            }
        }
        offset = offset.saturating_add(line.len());
    }
}

fn report_long_lines(file: FileId, text: &str, mut start: usize, problems: &mut Problems) {
    for line in text.split('\n') {
        if line.len() > MAX_LINE {
            let at = u32::try_from(start).unwrap_or(u32::MAX);
            problems
                .report(SyntaxProblem::LongLine { at: Span { file, start: at, end: at }, limit: MAX_LINE });
        }
        start = start.saturating_add(line.len()).saturating_add(1);
    }
}

const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// The characters of a line that have no place in it. The same one several times in a row is one mistake.
pub fn forbidden(line: &str) -> impl Iterator<Item = (Range<usize>, char)> {
    let content = line.strip_suffix("\r\n").or_else(|| line.strip_suffix('\n')).unwrap_or(line);
    let mut in_text = false;
    let mut in_comment = false;
    runs(content.char_indices().filter(move |(_, character)| {
        match character {
            '"' => in_text = !in_text && !in_comment,
            '#' => in_comment |= !in_text,
            _ => {}
        }
        !is_allowed(*character, in_text, in_comment)
    }))
}

/// Where each character stands, the same one in a row as one.
fn runs(characters: impl Iterator<Item = (usize, char)>) -> impl Iterator<Item = (Range<usize>, char)> {
    let mut characters = characters.peekable();
    std::iter::from_fn(move || {
        let (start, character) = characters.next()?;
        let behind = |at: usize| at.saturating_add(character.len_utf8());
        let mut end = behind(start);
        while characters.next_if_eq(&(end, character)).is_some() {
            end = behind(end);
        }
        Some((start..end, character))
    })
}

/// The first character of a text, without its quotes, that has no place in it.
pub fn forbidden_in_text(text: &str) -> Option<(Range<usize>, char)> {
    if is_plain(text) {
        return None;
    }
    runs(text.char_indices().filter(|(_, character)| !is_allowed(*character, true, false))).next()
}

/// Whether all characters of a text may stand anywhere. Without a way out between them, bytes are looked at many at a
/// time.
fn is_plain(text: &str) -> bool {
    text.bytes().fold(true, |all, byte| all & matches!(byte, b' '..=b'~' | b'\n' | b'\t'))
}

fn is_allowed(character: char, in_text: bool, in_comment: bool) -> bool {
    match character {
        ' '..='~' | '\t' => true,
        '“' | '”' | '„' | '‟' | '‘' | '’' | '«' | '»' | '″' | '→' | '⇒' => !in_text,
        _ => in_comment && !character.is_control() && !is_invisible(character),
    }
}
