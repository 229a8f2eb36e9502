//! Two texts as a unified diff. The only file that knows similar.

use std::ops::Range;

use similar::{Algorithm, ChangeTag, DiffOp, DiffTag, TextDiff, capture_diff_slices, group_diff_ops};

/// How many lines a patch shows around what it changes.
const CONTEXT: usize = 3;

/// What changes from one text to another, with `context` lines around it; empty if nothing does. `header`: what the two
/// are called, for those who apply it.
pub fn unified(old: &str, new: &str, context: usize, header: Option<&str>) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut unified = diff.unified_diff();
    let unified = unified.context_radius(context);
    match header {
        Some(name) => unified.header(name, name).to_string(),
        None => unified.to_string(),
    }
}

/// A file before or after a change.
#[derive(Clone, Copy, Debug)]
pub struct Side<'s> {
    /// Its path; nothing if there is no such file then.
    pub name: Option<&'s str>,
    pub bytes: &'s [u8],
}

/// Adds to a patch what makes one file of another, byte for byte, whatever they hold.
pub fn patch(old: Side<'_>, new: Side<'_>, patch: &mut Vec<u8>) {
    let (old_lines, new_lines) = (lines(old.bytes), lines(new.bytes));
    let operations = capture_diff_slices(Algorithm::Myers, &old_lines, &new_lines);
    let hunks = group_diff_ops(operations, CONTEXT);
    if hunks.is_empty() {
        return;
    }
    let header = format!("--- {}\n+++ {}\n", called("a", old.name), called("b", new.name));
    patch.extend(header.bytes());
    for hunk in hunks {
        let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { continue };
        let before = range(first.old_range().start, last.old_range().end);
        let after = range(first.new_range().start, last.new_range().end);
        patch.extend(format!("@@ -{before} +{after} @@\n").bytes());
        for change in hunk.iter().flat_map(|operation| operation.iter_changes(&old_lines, &new_lines)) {
            patch.push(match change.tag() {
                ChangeTag::Equal => b' ',
                ChangeTag::Delete => b'-',
                ChangeTag::Insert => b'+',
            });
            patch.extend(change.value());
            if !change.value().ends_with(b"\n") {
                patch.extend(b"\n\\ No newline at end of file\n");
            }
        }
    }
}

/// The lines of a file with their line feeds.
fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

/// Lines as the head of a hunk counts them: from 1; from those before it if there are none.
fn range(start: usize, end: usize) -> String {
    match end.saturating_sub(start) {
        0 => format!("{start},0"),
        1 => start.saturating_add(1).to_string(),
        length => format!("{},{length}", start.saturating_add(1)),
    }
}

/// A file as the head of a patch names it. Names that could be misread are quoted as git quotes them.
fn called(side: &str, name: Option<&str>) -> String {
    let Some(name) = name else { return "/dev/null".to_owned() };
    if name.contains(|letter: char| letter.is_control() || letter == '"' || letter == '\\') {
        let mut quoted = format!("\"{side}/");
        for byte in name.bytes() {
            match byte {
                b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
                b' '..=b'~' => quoted.push(char::from(byte)),
                byte => quoted.extend(["\\", &format!("{byte:03o}")]),
            }
        }
        return quoted + "\"";
    }
    // A tab ends a name that has spaces in it.
    let end = if name.contains(' ') { "\t" } else { "" };
    format!("{side}/{name}{end}")
}

/// The lines of one text to replace to get another: the bytes of the old lines, and the new lines.
pub fn replaced_lines(old: &str, new: &str) -> Vec<(Range<usize>, String)> {
    let diff = TextDiff::from_lines(old, new);
    let mut starts = vec![0_usize];
    for line in old.split_inclusive('\n') {
        starts.push(starts.last().copied().unwrap_or(0).saturating_add(line.len()));
    }
    let start = |line: usize| starts.get(line).copied().unwrap_or(old.len());
    let changed = diff.ops().iter().filter(|operation| operation.tag() != DiffTag::Equal);
    let replace = |operation: &DiffOp| {
        let (before, after) = (operation.old_range(), operation.new_range());
        let lines = new.split_inclusive('\n').skip(after.start).take(after.len());
        (start(before.start)..start(before.end), lines.collect())
    };
    changed.map(replace).collect()
}
