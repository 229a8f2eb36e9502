//! The tenants and the clouds of managed identities.

use crate::check::checked_cluster::in_clusters;
use crate::check::fleet::assignments::ClusterAssignment;
use crate::model::azure::{self, Cloud, Tenant};
use crate::model::{Assignee, Assignment, CloudIdentity, Credentials, TrustOnly};
use crate::problem::{FleetProblem, Problems, Report};

/// The tenant of a managed identity, if the source sets it.
pub fn tenant<'c>(assignment: &Assignment<'c>) -> Option<&'c str> {
    match source(assignment)? {
        Source::Controller(azure::CredentialSource::Webhook(identity)) => match &identity.tenant {
            Tenant::Id(tenant) => Some(tenant.as_str()),
            Tenant::Webhook => None,
        },
        Source::Controller(azure::CredentialSource::Federated(identity)) => Some(identity.tenant.as_str()),
        Source::Account(tenant) => Some(tenant),
    }
}

/// The cloud of a managed identity, if the source decides it.
pub fn cloud(assignment: &Assignment<'_>) -> Option<Cloud> {
    match source(assignment)? {
        Source::Controller(azure::CredentialSource::Webhook(identity)) => identity.cloud,
        Source::Controller(azure::CredentialSource::Federated(identity)) => Some(identity.cloud),
        Source::Account(_) => None,
    }
}

/// What a managed identity has besides its client id.
enum Source<'c> {
    Controller(&'c azure::CredentialSource),
    /// The tenant.
    Account(&'c str),
}

fn source<'c>(assignment: &Assignment<'c>) -> Option<Source<'c>> {
    let CloudIdentity::ManagedIdentity { .. } = assignment.identity_and_source else { return None };
    let cluster = assignment.cluster;
    let of_controller = |credentials: &'c Credentials| credentials.azure.as_ref().map(Source::Controller);
    match (assignment.trust_only, assignment.assignee) {
        (Some(index), _) => match cluster.trusted.get(index)? {
            TrustOnly::Controller(_, credentials) => of_controller(credentials),
            TrustOnly::Account(_, credentials) => {
                Some(Source::Account(credentials.azure.as_ref()?.tenant.as_str()))
            }
        },
        (None, Assignee::Controller(controller)) => of_controller(cluster.credentials.get(&controller)?),
        (None, Assignee::Account(account)) => {
            let mut accounts = cluster.object_level.iter().flat_map(|it| &it.accounts);
            let (_, credentials) = accounts.find(|(known, _)| known == account)?;
            Some(Source::Account(credentials.azure.as_ref()?.tenant.as_str()))
        }
    }
}

/// Reports a managed identity with two tenants or two clouds. `holders`: all that have one identity.
pub fn check(holders: &[ClusterAssignment<'_>], problems: &mut Problems) {
    let tenant = |(assignment, _): &ClusterAssignment<'_>| {
        tenant(assignment).map(|tenant| (tenant.to_ascii_lowercase(), tenant.to_owned()))
    };
    let cloud = |(assignment, _): &ClusterAssignment<'_>| {
        cloud(assignment).map(|cloud| (cloud.name().to_owned(), cloud.name().to_owned()))
    };
    if !check_one("tenant", holders, tenant, problems) {
        check_one("cloud", holders, cloud, problems);
    }
}

/// Reports the first two that differ. `value`: what is compared, and how it is written. Returns whether there are such.
fn check_one<'h>(
    what: &'static str,
    holders: &'h [ClusterAssignment<'h>],
    value: impl Fn(&ClusterAssignment<'h>) -> Option<(String, String)>,
    problems: &mut Problems,
) -> bool {
    let mut known = holders.iter().filter_map(|holder| Some((holder, value(holder)?)));
    let Some(((first, of_first), (compared, one))) = known.next() else { return false };
    let Some(((assignment, checked), (_, other))) = known.find(|(_, (other, _))| *other != compared) else {
        return false;
    };
    let (at, first_at) = (checked.assignment_origin(assignment), of_first.assignment_origin(first));
    let client_id = assignment.identity_and_source.to_string();
    let clusters = in_clusters([*of_first, *checked]);
    let problem = FleetProblem::OneClientId { at, client_id, first: first_at, what, one, other };
    problems.report(Report::naming(problem, clusters));
    true
}
