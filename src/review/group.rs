//! The same change in many clusters is one.

use std::collections::BTreeMap;

use crate::review::own_values::OwnValues;

/// Something that can be the same in many clusters.
pub trait Grouped: Clone + Ord {
    /// What tells it from others.
    type Key: Ord + Clone;

    /// How much it matters; the least first.
    fn rank(&self) -> usize;

    /// What tells it from others, with what `hide` makes of each text that a cluster can have its own part in.
    fn key(&self, hide: &impl Fn(&str) -> String) -> Self::Key;
}

/// The clusters in which just these things are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group<T> {
    /// The clusters, in the order of the fleet. Never empty.
    pub members: Vec<Member<T>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<T> {
    pub cluster: String,
    /// What is there, what matters most first.
    pub things: Vec<T>,
}

impl<T: PartialEq> Group<T> {
    /// What is in the first cluster, which stands for all.
    pub fn example(&self) -> &[T] {
        self.members.first().map_or(&[], |member| &member.things)
    }

    /// Whether each cluster has its own part in it.
    pub fn varies(&self) -> bool {
        self.members.iter().any(|member| member.things != self.example())
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|member| member.cluster.as_str())
    }
}

/// A cluster as far as grouping knows it.
#[derive(Clone, Debug)]
pub struct GroupedCluster<'f> {
    pub name: &'f str,
    pub own: OwnValues<'f>,
    /// Clusters of other kinds are in other groups.
    pub kind: usize,
}

/// Groups of things, each with the number of its cluster.
pub fn groups<T: Grouped>(things: Vec<(usize, T)>, known: &[GroupedCluster<'_>]) -> Vec<Group<T>> {
    let mut by_clusters: BTreeMap<Vec<usize>, Vec<Vec<(usize, T)>>> = BTreeMap::new();
    for same in equal_groups(things, known) {
        let mut clusters: Vec<usize> = same.iter().map(|(at, _)| *at).collect();
        clusters.dedup();
        by_clusters.entry(clusters).or_default().push(same);
    }
    let mut groups: Vec<(usize, Vec<usize>, Group<T>)> = Vec::new();
    for (clusters, mut all) in by_clusters {
        all.sort_by_cached_key(|same| same.first().map(|(_, thing)| (thing.rank(), thing.clone())));
        let rank = all.iter().flatten().map(|(_, thing)| thing.rank()).min().unwrap_or_default();
        let count = all.len();
        let mut members: BTreeMap<usize, Vec<T>> = BTreeMap::new();
        for (at, thing) in all.into_iter().flatten() {
            members.entry(at).or_insert_with(|| Vec::with_capacity(count)).push(thing);
        }
        let members = members.into_iter().map(|(at, things)| Member {
            cluster: known.get(at).map_or_else(String::new, |known| known.name.to_owned()),
            things,
        });
        groups.push((rank, clusters, Group { members: members.collect() }));
    }
    groups.sort_by(|(one_rank, one, _), (rank, other, _)| (one_rank, one).cmp(&(rank, other)));
    groups.into_iter().map(|(.., group)| group).collect()
}

/// Things with the numbers of their clusters, by the kind of those and by what tells things apart.
type ByKey<T> = BTreeMap<(usize, <T as Grouped>::Key), Vec<(usize, T)>>;

/// What is the same, in the order of its clusters: by the letter, or but for what is their own.
fn equal_groups<T: Grouped>(things: Vec<(usize, T)>, known: &[GroupedCluster<'_>]) -> Vec<Vec<(usize, T)>> {
    let mut by_letter: ByKey<T> = BTreeMap::new();
    for (at, thing) in things {
        let kind = known.get(at).map_or(0, |known| known.kind);
        // Most things are in one cluster alone.
        let same = by_letter.entry((kind, thing.key(&str::to_owned)));
        same.or_insert_with(|| Vec::with_capacity(1)).push((at, thing));
    }
    let mut alike: ByKey<T> = BTreeMap::new();
    for ((kind, _), same) in by_letter {
        // What is one by the letter stays one; what most of its clusters make of it tells what else is the same.
        let mut made: BTreeMap<T::Key, usize> = BTreeMap::new();
        for (at, thing) in &same {
            let hide =
                |text: &str| known.get(*at).map_or_else(|| text.to_owned(), |known| known.own.hidden(text));
            let count = made.entry(thing.key(&hide)).or_default();
            *count = count.saturating_add(1);
        }
        let most = made.values().copied().max().unwrap_or_default();
        if let Some((key, _)) = made.into_iter().find(|(_, count)| *count == most) {
            alike.entry((kind, key)).or_default().extend(same);
        }
    }
    let mut alike: Vec<Vec<(usize, T)>> = alike.into_values().collect();
    for same in &mut alike {
        same.sort();
    }
    alike
}
