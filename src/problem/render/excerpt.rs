//! The lines of a source that a finding shows.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::problem::Label;
use crate::problem::render::sanitized;
use crate::source::{LineIndex, slice};

/// The most characters of a line that are shown.
const WIDTH: usize = 160;
/// The most characters before the label.
const BEFORE: usize = 40;
const CUT: &str = "…";

/// The lines of one file with labels. It contains nothing else of the file, so that the time to show a finding does not
/// depend on the size of the file.
#[derive(Debug, Default)]
pub struct Excerpt {
    /// The lines without control characters; lines that are not adjacent are separated by two empty ones.
    pub text: String,
    pub lines: Vec<ExcerptLine>,
    /// The ranges of the labels in `text`, in the order of the labels.
    pub labels: Vec<Range<usize>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExcerptLine {
    /// The first byte in `text`.
    pub start: usize,
    /// The line number in the file, counted from 1.
    pub number: usize,
    /// The number of characters of the line that are cut off at its start.
    pub skipped: usize,
    /// The length of the ellipsis in bytes; 0 if nothing is cut off.
    pub mark: usize,
}

impl Excerpt {
    /// The lines of the labels. A label of several lines marks the first of them.
    pub fn new(text: &str, index: &LineIndex<'_>, labels: &[&Label]) -> Excerpt {
        let mut wanted: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, label) in labels.iter().enumerate() {
            let (line, _) = index.line_and_column(label.span.start as usize);
            wanted.entry(line).or_default().push(at);
        }
        let mut excerpt = Excerpt { labels: vec![0..0; labels.len()], ..Excerpt::default() };
        let mut last = None;
        for (number, on_line) in wanted {
            if let Some(last) = last {
                excerpt.bridge(text, index, last, number);
            }
            excerpt.line(text, index, number, labels, &on_line);
            last = Some(number);
        }
        excerpt
    }

    /// Adds what is between two lines: nothing, a single line, or a gap.
    fn bridge(&mut self, text: &str, index: &LineIndex<'_>, last: usize, next: usize) {
        match next.saturating_sub(last) {
            0 | 1 => {}
            2 => self.line(text, index, last.saturating_add(1), &[], &[]),
            _ => {
                for _ in 0..2 {
                    self.lines.push(ExcerptLine {
                        start: self.text.len(),
                        number: last,
                        skipped: 0,
                        mark: 0,
                    });
                    self.text.push('\n');
                }
            }
        }
    }

    fn line(
        &mut self,
        text: &str,
        index: &LineIndex<'_>,
        number: usize,
        labels: &[&Label],
        on_line: &[usize],
    ) {
        let range = index.line(number);
        let line = slice(text, range.clone());
        let within =
            |offset: u32| (offset as usize).clamp(range.start, range.end).saturating_sub(range.start);
        // The first label is the primary one; others on a long line can be outside of the window.
        let first = on_line.iter().min().and_then(|at| labels.get(*at));
        let window = window(line, first.map_or(0, |label| within(label.span.start)));
        let start = self.text.len();
        let mark = if window.start > 0 { CUT } else { "" };
        let skipped = index.characters(range.start..range.start.saturating_add(window.start));
        self.text.push_str(mark);
        self.text.push_str(&sanitized(slice(line, window.clone())));
        if window.end < line.len() {
            self.text.push_str(CUT);
        }
        self.text.push('\n');
        self.lines.push(ExcerptLine { start, number, skipped, mark: mark.len() });
        let place = |offset: u32| {
            let shown = within(offset).clamp(window.start, window.end).saturating_sub(window.start);
            start.saturating_add(mark.len()).saturating_add(shown)
        };
        for at in on_line {
            if let (Some(label), Some(to)) = (labels.get(*at), self.labels.get_mut(*at)) {
                *to = place(label.span.start)..place(label.span.end);
            }
        }
    }
}

/// The part of a line to show for a label at `from`.
fn window(line: &str, from: usize) -> Range<usize> {
    if line.len() <= WIDTH {
        return 0..line.len();
    }
    let start = slice(line, 0..from).char_indices().rev().take(BEFORE).last().map_or(from, |(at, _)| at);
    let end = slice(line, start..line.len())
        .char_indices()
        .nth(WIDTH)
        .map_or(line.len(), |(at, _)| at.saturating_add(start));
    start..end
}
