//! External ids, by which the trust policy of a target role knows an association of EKS Pod Identity.
//!
//! Source: `externalId` of `PodIdentityAssociation` in the EKS API.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::checked_cluster::in_clusters;
use crate::check::fleet::assignments::ClusterAssignment;
use crate::model::kubernetes::Subject;
use crate::model::{Assignment, CloudIdentity};
use crate::problem::{FleetProblem, Problems, Report};

/// The external id that an assignment has.
pub fn external_id<'c>(assignment: &Assignment<'c>) -> Option<&'c str> {
    let CloudIdentity::RoleByRole { target, .. } = assignment.identity_and_source else { return None };
    target.external_id.as_deref()
}

/// Reports an external id of several associations. `holders`: all that have one identity.
pub fn check(holders: &[ClusterAssignment<'_>], problems: &mut Problems) {
    let mut by_id: BTreeMap<&str, Vec<&ClusterAssignment<'_>>> = BTreeMap::new();
    for holder in holders {
        if let Some(external_id) = external_id(&holder.0) {
            by_id.entry(external_id).or_default().push(holder);
        }
    }
    for (external_id, of_id) in by_id {
        let associations: BTreeSet<(&str, Subject<'_>)> = of_id
            .iter()
            .map(|(assignment, _)| (assignment.cluster.name.as_str(), assignment.subject))
            .collect();
        let (true, Some((first, checked))) = (associations.len() > 1, of_id.first()) else { continue };
        let at = checked.assignment_origin(first);
        let accounts = associations
            .iter()
            .map(|(cluster, subject)| format!("{}/{} of {cluster}", subject.namespace, subject.name));
        let (external_id, accounts) = (external_id.to_owned(), accounts.collect());
        let clusters = in_clusters(of_id.iter().map(|(_, checked)| *checked));
        problems
            .report(Report::naming(FleetProblem::SharedExternalId { at, external_id, accounts }, clusters));
    }
}
