//! Who has which identity, all over a fleet.

use std::collections::BTreeMap;

use crate::check::checked_cluster::CheckedCluster;
use crate::check::duplicates::{self, HashedKey};
use crate::model::aws::TRUST_POLICY;
use crate::model::azure::Cloud;
use crate::model::kubernetes::Subject;
use crate::model::{Assignment, Identity, Pool};

/// That a ServiceAccount of a cluster has an identity.
pub type ClusterAssignment<'c> = (Assignment<'c>, &'c CheckedCluster);

/// What several may have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SharedKey<'c> {
    Identity(Identity<'c>),
    /// An AWS account whose roles they have by tokens.
    Account(&'c str),
    /// A pool and a ServiceAccount in it, which Google Cloud does not distinguish by cluster.
    InPool(Pool<'c>, Subject<'c>),
}

/// Decides whether a group of assignees needs a check.
#[derive(Clone, Copy, Debug)]
pub struct KeySummary<'c> {
    /// More than so many are.
    pub most: usize,
    /// So are those whose lengths come to more than the shortest limit of a trust policy: how long the statement of one
    /// is at most.
    pub length: usize,
    /// So are those that differ in this.
    pub text: Option<&'c str>,
    /// So are those that differ in this.
    pub cloud: Option<Cloud>,
}

/// True if some that are alike are worth a look.
fn is_worth_checking(alike: &[HashedKey<KeySummary<'_>>]) -> bool {
    let Some(first) = alike.first().map(|one| one.note) else { return false };
    let length = alike.iter().map(|one| one.note.length).sum::<usize>();
    alike.iter().any(|one| alike.len() > one.note.most)
        || length > TRUST_POLICY.into_iter().min().unwrap_or_default()
        || alike.iter().any(|one| one.note.text != first.text || one.note.cloud != first.cloud)
}

/// The key of a group of assignees.
pub type Keys<'c> = [Option<(SharedKey<'c>, KeySummary<'c>)>; 3];

/// Calls `look` with each group of assignees that share a key, in the order of the clusters; the groups are unordered.
/// `keys`: the keys of an assignee. Irrelevant groups are left out.
pub fn group<'c>(
    clusters: &'c [CheckedCluster],
    keys: impl Fn(&ClusterAssignment<'c>) -> Keys<'c> + Sync,
    mut look: impl FnMut(&SharedKey<'c>, &[ClusterAssignment<'c>]),
) {
    let of_one = |checked| {
        cluster_assignments(checked)
            .flat_map(|assignment| keys(&assignment).map(|key| key.map(|key| (assignment, key))))
    };
    let keys_alone = |checked| cluster_assignments(checked).flat_map(|assignment| keys(&assignment));
    let groups = duplicates::duplicate_groups(clusters, keys_alone, is_worth_checking);
    // The keys of a cluster are computed once for all groups, because a cluster may have many.
    let all = groups.iter().enumerate();
    let mut wanted: Vec<(usize, usize, usize)> =
        all.flat_map(|(group, alike)| alike.iter().map(move |one| (one.item, one.nth, group))).collect();
    wanted.sort_unstable();
    let mut apart: Vec<BTreeMap<SharedKey<'c>, Vec<ClusterAssignment<'c>>>> =
        groups.iter().map(|_| BTreeMap::new()).collect();
    for of_cluster in wanted.chunk_by(|(one, ..), (other, ..)| one == other) {
        let checked = of_cluster.first().and_then(|(item, ..)| clusters.get(*item));
        let mut keys = checked.into_iter().flat_map(of_one).enumerate();
        for (_, nth, group) in of_cluster {
            let key = keys.find(|(at, _)| at == nth).and_then(|(_, key)| key);
            if let (Some((assignment, (common, _))), Some(apart)) = (key, apart.get_mut(*group)) {
                apart.entry(common).or_default().push(assignment);
            }
        }
    }
    for (common, group) in apart.iter().flatten() {
        look(common, group);
    }
}

/// Who has which identity in these clusters.
pub fn all_assignments(clusters: &[CheckedCluster]) -> impl Iterator<Item = ClusterAssignment<'_>> {
    clusters.iter().flat_map(cluster_assignments)
}

fn cluster_assignments(checked: &CheckedCluster) -> impl Iterator<Item = ClusterAssignment<'_>> {
    checked.cluster.assignments().map(move |assignment| (assignment, checked))
}
