//! Who has which identity, all over a fleet.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher as _};

use crate::check::origin::Checked;
use crate::model::Holding;
use crate::parallel;

/// That a ServiceAccount of a cluster has an identity.
pub type Held<'c> = (Holding<'c>, &'c Checked<'c>);

/// Who has which identity, in the order of the clusters.
#[derive(Debug)]
pub struct Holders<'c>(Vec<Held<'c>>);

/// How many clusters, or holdings, a thread takes at once.
const BLOCK: usize = 512;

impl<'c> Holders<'c> {
    /// All of these clusters.
    pub fn of(clusters: &'c [Checked<'c>]) -> Holders<'c> {
        let blocks: Vec<&[Checked<'c>]> = clusters.chunks(BLOCK).collect();
        let holdings = |checked: &'c Checked<'c>| checked.cluster.holdings().map(move |one| (one, checked));
        let of_blocks = parallel::map(&blocks, 1, |block| -> Vec<Held<'c>> {
            let clusters: &'c [Checked<'c>] = block;
            clusters.iter().flat_map(holdings).collect()
        });
        Holders(of_blocks.concat())
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Held<'c>> {
        self.0.iter()
    }

    /// Lets `look` see those that have a key in common, each group in the order of the clusters; the groups come in no
    /// order. Those without a key are left out.
    pub fn by<K: Ord + Hash>(
        &self,
        key: impl Fn(&Holding<'c>) -> Option<K> + Sync,
        mut look: impl FnMut(&[Held<'c>]),
    ) {
        let mut group = Vec::new();
        for alike in self.numbered(&key).chunk_by(|(one, _), (other, _)| one == other) {
            group.clear();
            group.extend(alike.iter().filter_map(|(_, at)| self.0.get(*at)));
            let mut keys = group.iter().map(|(holding, _)| key(holding));
            let first = keys.next();
            if keys.all(|key| Some(key) == first) {
                look(&group);
                continue;
            }
            // Two keys have the same number by chance.
            let mut apart: BTreeMap<Option<K>, Vec<Held<'c>>> = BTreeMap::new();
            for held in &group {
                apart.entry(key(&held.0)).or_default().push(*held);
            }
            for group in apart.values() {
                look(group);
            }
        }
    }

    /// The places of those that have a key, by a number for their keys: numbers are sorted in a fraction of the time that
    /// texts take.
    fn numbered<K: Hash>(&self, key: impl Fn(&Holding<'c>) -> Option<K> + Sync) -> Vec<(u64, usize)> {
        let blocks: Vec<&[Held<'c>]> = self.0.chunks(BLOCK).collect();
        let numbers = parallel::map(&blocks, 1, |block| -> Vec<Option<u64>> {
            block.iter().map(|(holding, _)| key(holding).map(number)).collect()
        });
        let numbers = numbers.into_iter().flatten().enumerate();
        let mut numbered: Vec<(u64, usize)> =
            numbers.filter_map(|(at, number)| Some((number?, at))).collect();
        numbered.sort_unstable();
        numbered
    }
}

fn number(key: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
