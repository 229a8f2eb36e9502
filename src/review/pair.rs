//! A cluster before and after.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Cluster, Fleet};

/// A cluster before and after.
#[derive(Clone, Copy, Debug)]
pub enum Pair<'f> {
    /// It is there before and after.
    Both(&'f Cluster, &'f Cluster),
    /// It is new.
    New(&'f Cluster),
    /// It is gone.
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

    /// Which of the three it is.
    pub const fn kind(&self) -> usize {
        match self {
            Pair::Both(..) => 0,
            Pair::New(_) => 1,
            Pair::Gone(_) => 2,
        }
    }

    /// The names that it has had.
    pub fn names(&self) -> impl Iterator<Item = &'f str> {
        [self.before(), self.after()].into_iter().flatten().map(|cluster| cluster.name.as_str())
    }
}

/// The clusters of two fleets: in the order of the later one, then those that are gone. Two are one if they have one
/// name, else if they have one overlay.
pub fn pairs<'f>(before: &'f Fleet, after: &'f Fleet) -> Vec<Pair<'f>> {
    let by_name = |fleet: &'f Fleet| -> BTreeMap<&str, &Cluster> {
        fleet.clusters.iter().map(|cluster| (cluster.name.as_str(), cluster)).collect()
    };
    let (named_before, named_after) = (by_name(before), by_name(after));
    let left = before.clusters.iter().filter(|cluster| !named_after.contains_key(cluster.name.as_str()));
    let by_output: BTreeMap<_, &Cluster> = left.map(|cluster| (&cluster.output, cluster)).collect();
    let mut taken = BTreeSet::new();
    let mut pairs = Vec::new();
    for cluster in &after.clusters {
        let earlier = named_before.get(cluster.name.as_str()).or_else(|| by_output.get(&cluster.output));
        pairs.push(match earlier {
            Some(earlier) => {
                let _new = taken.insert(earlier.name.as_str());
                Pair::Both(earlier, cluster)
            }
            None => Pair::New(cluster),
        });
    }
    let gone = before.clusters.iter().filter(|cluster| !taken.contains(cluster.name.as_str()));
    pairs.extend(gone.map(Pair::Gone));
    pairs
}
