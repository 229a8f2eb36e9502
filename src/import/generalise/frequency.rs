//! How often things are there.

use std::collections::BTreeMap;

/// The most frequent of these, the least of them where several are.
pub fn most_frequent<T: Ord>(things: impl IntoIterator<Item = T>) -> Option<(T, usize)> {
    most_frequent_of(counts(things))
}

pub fn counts<T: Ord>(things: impl IntoIterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for thing in things {
        let count = counts.entry(thing).or_default();
        *count = count.saturating_add(1);
    }
    counts
}

/// The same of what was counted.
pub fn most_frequent_of<T: Ord>(counts: BTreeMap<T, usize>) -> Option<(T, usize)> {
    let most = counts.values().max().copied()?;
    counts.into_iter().find(|(_, count)| *count == most)
}
