//! Formatting, as edits of the lines that change.

use std::ops::Range;

use crate::diff;
use crate::lsp::protocol::TextEdit;
use crate::lsp::view::View;
use crate::problem::Problems;
use crate::source::{Source, Sources};
use crate::syntax;

/// The edits that format a file; `None` if it cannot be parsed. `within`: the bytes in which lines may change.
pub fn format(view: &View<'_>, within: Option<&Range<usize>>) -> Option<Vec<TextEdit>> {
    let text = view.text();
    let mut sources = Sources::default();
    let file = sources.add(Source { name: String::new(), text: text.to_owned() });
    let mut problems = Problems::default();
    let tree = syntax::parse(&sources, file, &mut problems);
    let formatted = syntax::format(&tree).filter(|_| problems.is_empty())?;
    let lines = view.snapshot.lines(view.file)?;
    let replaced = diff::replaced_lines(text, &formatted);
    let is_within = |bytes: &Range<usize>| {
        within.is_none_or(|within| bytes.start <= within.end && within.start <= bytes.end)
    };
    let replaced = replaced.into_iter().filter(|(bytes, _)| is_within(bytes));
    let edit =
        |(bytes, new_text): (Range<usize>, String)| TextEdit { range: lines.range(text, &bytes), new_text };
    Some(replaced.map(edit).collect())
}
