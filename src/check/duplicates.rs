//! What has something in common, found by numbers: those are sorted in a fraction of the time that texts take.

use std::hash::{DefaultHasher, Hash, Hasher as _};

use rayon::prelude::*;

/// How many items a thread takes at once.
const BLOCK: usize = 512;

/// One key of an item, as a number. Two keys may have one number by chance, so that whoever finds two alike has to look.
#[derive(Clone, Copy, Debug)]
pub struct HashedKey<N> {
    number: u64,
    /// The place of the item among all.
    pub item: usize,
    /// The place of the key among those of the item.
    pub nth: usize,
    /// Data of the item.
    pub note: N,
}

/// Groups of items with equal keys, each in the order of the items. The groups are unordered, and irrelevant ones are
/// left out. `keys`: the keys of one item with its data; empty if none counts.
pub fn duplicate_groups<'t, T: Sync, K: Hash, N: Copy + Send + Sync, I: Iterator<Item = Option<(K, N)>>>(
    items: &'t [T],
    keys: impl Fn(&'t T) -> I + Sync,
    are_worth_it: impl Fn(&[HashedKey<N>]) -> bool,
) -> Vec<Vec<HashedKey<N>>> {
    let mut all: Vec<HashedKey<N>> = items
        .par_iter()
        .enumerate()
        .with_min_len(BLOCK)
        .flat_map_iter(|(item, one)| {
            let keys = keys(one).enumerate();
            keys.filter_map(move |(nth, key)| {
                key.map(|(key, note)| HashedKey { number: hash_key(key), item, nth, note })
            })
        })
        .collect();
    all.par_sort_unstable_by_key(|one| (one.number, one.item, one.nth));
    let alike = all.chunk_by(|one, other| one.number == other.number);
    alike.filter(|alike| are_worth_it(alike)).map(<[_]>::to_vec).collect()
}

fn hash_key(key: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, duplicate_groups};

    #[test]
    fn what_is_alike_is_found_however_far_apart_it_stands_and_in_its_order() {
        let items: Vec<usize> = (0..3 * BLOCK).collect();
        // An item has a unique key, one that it shares with items in other blocks, and one that does not count.
        let keys = |item: &usize| {
            [Some((format!("own {item}"), ())), Some((format!("{}", item % 700), ())), None].into_iter()
        };
        let mut found: Vec<Vec<(usize, usize)>> = duplicate_groups(&items, keys, |alike| alike.len() > 1)
            .into_iter()
            .map(|alike| alike.iter().map(|one| (one.item, one.nth)).collect())
            .collect();
        found.sort();
        let wanted: Vec<Vec<(usize, usize)>> =
            (0..700).map(|first| (first..items.len()).step_by(700).map(|item| (item, 1)).collect()).collect();
        assert_eq!(found, wanted);
    }
}
