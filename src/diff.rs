//! Two texts as a unified diff. The only file that knows similar.

use similar::TextDiff;

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
