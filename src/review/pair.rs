//! A cluster before and after.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Cluster, Fleet, OutputPath};

/// A cluster before and after.
#[derive(Clone, Copy, Debug)]
pub enum Pair<'f> {
    Both(&'f Cluster, &'f Cluster),
    New(&'f Cluster),
    Gone(&'f Cluster),
}

impl<'f> Pair<'f> {
    /// The cluster before, if it was there.
    pub const fn before(&self) -> Option<&'f Cluster> {
        match self {
            Pair::Both(before, _) | Pair::Gone(before) => Some(before),
            Pair::New(_) => None,
        }
    }

    /// The cluster after, if it is there.
    pub const fn after(&self) -> Option<&'f Cluster> {
        match self {
            Pair::Both(_, after) | Pair::New(after) => Some(after),
            Pair::Gone(_) => None,
        }
    }

    /// Its name; the later one if it has two.
    pub fn name(&self) -> &'f str {
        match self {
            Pair::Both(_, cluster) | Pair::New(cluster) | Pair::Gone(cluster) => &cluster.name,
        }
    }

    pub const fn kind(&self) -> usize {
        match self {
            Pair::Both(..) => 0,
            Pair::New(_) => 1,
            Pair::Gone(_) => 2,
        }
    }

    pub fn names(&self) -> impl Iterator<Item = &'f str> {
        [self.before(), self.after()].into_iter().flatten().map(|cluster| cluster.name.as_str())
    }
}

/// The clusters of two fleets: in the order of the later one, then those that are gone. Two are one if they have one
/// name, else if their overlays have one place in the repository, else if they have one below their sources.
pub fn pairs<'f>(before: Side<'f>, after: Side<'f>) -> Vec<Pair<'f>> {
    let mut taken = BTreeSet::new();
    let mut earlier: Vec<Option<&Cluster>> = vec![None; after.fleet.clusters.len()];
    for by in [MatchKey::Name, MatchKey::Place, MatchKey::Output] {
        let left = before.fleet.clusters.iter().filter(|cluster| !taken.contains(cluster.name.as_str()));
        let mut known: BTreeMap<String, &Cluster> =
            left.map(|cluster| (by.key(before, cluster), cluster)).collect();
        let lacking = after.fleet.clusters.iter().zip(&mut earlier).filter(|(_, found)| found.is_none());
        for (cluster, found) in lacking {
            *found = known.remove(&by.key(after, cluster));
            taken.extend(found.map(|earlier| earlier.name.as_str()));
        }
    }
    let later = after.fleet.clusters.iter().zip(earlier).map(|(cluster, earlier)| match earlier {
        Some(earlier) => Pair::Both(earlier, cluster),
        None => Pair::New(cluster),
    });
    let gone = before.fleet.clusters.iter().filter(|cluster| !taken.contains(cluster.name.as_str()));
    later.chain(gone.map(Pair::Gone)).collect()
}

/// The numbers of pairs by the names that their clusters have on one side.
pub fn numbers<'f>(
    pairs: &[Pair<'f>],
    side: impl Fn(&Pair<'f>) -> Option<&'f Cluster>,
) -> BTreeMap<&'f str, usize> {
    let named = pairs.iter().enumerate().filter_map(|(at, pair)| Some((side(pair)?.name.as_str(), at)));
    named.collect()
}

/// What makes one of two clusters.
#[derive(Clone, Copy, Debug)]
enum MatchKey {
    Name,
    Place,
    Output,
}

impl MatchKey {
    fn key(self, side: Side<'_>, cluster: &Cluster) -> String {
        match self {
            MatchKey::Name => cluster.name.clone(),
            MatchKey::Place => side.place_of(&cluster.output),
            MatchKey::Output => cluster.output.as_str().to_owned(),
        }
    }
}

/// One of the two fleets that are compared.
#[derive(Clone, Copy, Debug)]
pub struct Side<'f> {
    /// The fleet. It must know all values of its clusters.
    pub fleet: &'f Fleet,
    /// The directory of its source from the root of the repository, with a `/` at its end; empty for that root.
    pub root: &'f str,
}

impl Side<'_> {
    /// The path of something that is written, from the root of the repository.
    pub fn place_of(&self, output: &OutputPath) -> String {
        format!("{}{}", self.root, output.as_str())
    }
}
