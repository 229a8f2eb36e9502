//! What the clusters of a fleet are to each other.

mod assignments;
mod external_ids;
mod isolation;
mod issuers;
mod limits;
mod pools;
mod sync;
mod tenants;

pub use isolation::{Isolated, Isolation, check_roles, resolve_isolations};
pub use sync::has_sync;

use std::collections::BTreeSet;

use crate::check::checked_cluster::CheckedCluster;
use crate::check::fleet::assignments::{ClusterAssignment, Keys, SharedKey};
use crate::check::fleet::pools::Pools;
use crate::model::TrustForm;
use crate::problem::Problems;
use crate::workspace::Inputs;

/// Checks what clusters share. `isolated`: of each cluster what it is to each isolation; `written`: the forms in which trust
/// is written.
pub fn check(
    clusters: &[CheckedCluster],
    (isolations, isolated): (&[Isolation<'_>], &[Vec<Option<Isolated<'_>>>]),
    written: &BTreeSet<TrustForm>,
    (inputs, problems): (&Inputs<'_>, &mut Problems),
) {
    sync::check(clusters, inputs, problems);
    isolation::check(clusters, isolations, isolated, problems);
    let mut pools = Pools::default();
    assignments::group(clusters, keys, |common, holders| match common {
        SharedKey::Identity(_) => {
            limits::check_identity(holders, written, problems);
            external_ids::check(holders, problems);
        }
        SharedKey::Account(_) => limits::check_account(holders, problems),
        SharedKey::InPool(pool, _) => pools.collect(*pool, holders),
    });
    pools.check(clusters, problems);
    issuers::check(clusters, problems);
}

/// What a holder of an identity may have in common with others.
fn keys<'c>(cluster_assignment: &ClusterAssignment<'c>) -> Keys<'c> {
    let (assignment, _) = cluster_assignment;
    let identity = (SharedKey::Identity(assignment.identity()), limits::identity_summary(cluster_assignment));
    let account =
        limits::token_role(assignment).map(|role| (SharedKey::Account(role.account()), limits::OF_ACCOUNT));
    let in_pool = pools::known_pool(assignment)
        .filter(|_| assignment.trust_only.is_none())
        .map(|pool| (SharedKey::InPool(pool, assignment.subject), pools::account_summary(assignment)));
    [Some(identity), account, in_pool]
}
