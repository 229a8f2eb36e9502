//! One IAM role by several ARNs.

use crate::check::checked_cluster::in_clusters;
use crate::check::fleet::assignments;
use crate::model::CloudIdentity;
use crate::model::aws::RoleArn;
use crate::problem::{FleetProblem, Problems, Report};

/// Reports the first ARN that is not the one by which others call the same role: no account has both roles.
/// `holders`: all that have one identity.
pub fn check(holders: &[assignments::ClusterAssignment<'_>], problems: &mut Problems) {
    let Some((first, of_first)) = holders.first() else { return };
    let Some(role) = role(first.identity_and_source) else { return };
    let other = holders.iter().find_map(|(holding, checked)| {
        let other = self::role(holding.identity_and_source).filter(|other| *other != role)?;
        Some((other, holding, checked))
    });
    if let Some((other, holding, checked)) = other {
        let at = checked.origin(holding.assignee, holding.identity_and_source.provider());
        let first = of_first.origin(first.assignee, first.identity_and_source.provider());
        let (role, other) = (role.as_str().to_owned(), other.as_str().to_owned());
        let clusters = in_clusters(holders.iter().map(|(_, checked)| *checked));
        problems
            .report(Report::naming(FleetProblem::TwoArns { at, arn: other, first, other: role }, clusters));
    }
}

/// The role of an assignee.
pub const fn role(held: CloudIdentity<'_>) -> Option<&RoleArn> {
    match held {
        CloudIdentity::RoleByToken { role, .. } | CloudIdentity::RoleByPodIdentity(role) => Some(role),
        CloudIdentity::ManagedIdentity { .. }
        | CloudIdentity::GoogleAccount(..)
        | CloudIdentity::Principal(_) => None,
    }
}
