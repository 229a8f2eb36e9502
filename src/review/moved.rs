//! Overlays that are at another place of the repository: because the source is, or because it says so.

use crate::review::pair::Pair;
use crate::review::pair::Side;

/// That all overlays moved from below one directory to below another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The directory that they were below, from the root of the repository; empty for that root.
    pub before: String,
    /// The directory that they are below.
    pub after: String,
    /// Those that are looked at, in the order of the fleet. Never empty.
    pub overlays: Vec<MovedOverlay>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedOverlay {
    pub cluster: String,
    /// Its path from the root of the repository, as it was.
    pub before: String,
    pub after: String,
}

/// The directories that all overlays moved between; nothing if one of them went another way, or stays. What is new or
/// gone does not move.
pub fn common_move(pairs: &[Pair<'_>], before: Side<'_>, after: Side<'_>) -> Option<(String, String)> {
    let mut ways = pairs.iter().filter_map(|pair| {
        let (from, to) = places(pair, before, after)?;
        let (from, to) = without_common_end(&from, &to);
        Some((from.to_owned(), to.to_owned()))
    });
    let first = ways.next().filter(|(from, to)| from != to)?;
    ways.all(|way| way == first).then_some(first)
}

pub fn overlay(pair: &Pair<'_>, before: Side<'_>, after: Side<'_>) -> Option<MovedOverlay> {
    let (before, after) = places(pair, before, after)?;
    Some(MovedOverlay { cluster: pair.name().to_owned(), before, after })
}

fn places(pair: &Pair<'_>, before: Side<'_>, after: Side<'_>) -> Option<(String, String)> {
    Some((before.place_of(&pair.before()?.output), after.place_of(&pair.after()?.output)))
}

/// Two paths without the parts that both end with.
pub fn without_common_end<'p>(before: &'p str, after: &'p str) -> (&'p str, &'p str) {
    let ends = before.rsplit('/').zip(after.rsplit('/'));
    let same = ends.take_while(|(one, other)| one == other).count();
    (strip_last_parts(before, same), strip_last_parts(after, same))
}

/// A path without its last parts.
fn strip_last_parts(path: &str, parts: usize) -> &str {
    let Some(last) = parts.checked_sub(1) else { return path };
    path.rmatch_indices('/').nth(last).and_then(|(at, _)| path.get(..at)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::without_common_end;

    #[test]
    fn what_both_end_with_is_no_part_of_the_way() {
        assert_eq!(without_common_end("a/b/c", "x/b/c"), ("a", "x"));
        assert_eq!(without_common_end("b/c", "x/b/c"), ("", "x"));
        assert_eq!(without_common_end("a/b", "b"), ("a", ""));
        assert_eq!(without_common_end("a/bc", "a/c"), ("a/bc", "a/c"));
        assert_eq!(without_common_end("a/b", "a/b"), ("", ""));
    }
}
