//! Who has which identity, all over a fleet.

use std::collections::BTreeMap;
use std::hash::Hash;

use crate::check::alike;
use crate::check::origin::Checked;
use crate::model::Holding;
use crate::parallel;

/// That a ServiceAccount of a cluster has an identity.
pub type Held<'c> = (Holding<'c>, &'c Checked<'c>);

/// Who has which identity, in the order of the clusters.
#[derive(Debug)]
pub struct Holders<'c>(Vec<Held<'c>>);

/// How many clusters a thread takes at once.
const BLOCK: usize = 512;

impl<'c> Holders<'c> {
    /// All of these clusters.
    pub fn of(clusters: &'c [Checked<'c>]) -> Holders<'c> {
        let blocks: Vec<&'c [Checked<'c>]> = clusters.chunks(BLOCK).collect();
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
    /// order. Those without a key are left out, and groups that are not worth a look: a part of one that is not must not
    /// be either.
    pub fn by<K: Ord + Hash>(
        &self,
        key: impl Fn(&Holding<'c>) -> Option<K> + Sync,
        is_worth_it: impl Fn(&[Held<'c>]) -> bool,
        mut look: impl FnMut(&[Held<'c>]),
    ) {
        let numbered = alike::numbered(&self.0, |(holding, _)| key(holding));
        let mut group = Vec::new();
        for alike in numbered.chunk_by(|(one, _), (other, _)| one == other) {
            group.clear();
            group.extend(alike.iter().filter_map(|(_, at)| self.0.get(*at)));
            if !is_worth_it(&group) {
                continue;
            }
            let mut apart: BTreeMap<Option<K>, Vec<Held<'c>>> = BTreeMap::new();
            for held in &group {
                apart.entry(key(&held.0)).or_default().push(*held);
            }
            for group in apart.values() {
                look(group);
            }
        }
    }
}
