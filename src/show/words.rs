//! What identities and the ways to them are called.

use crate::model::{Assignee, Assignment, CloudIdentity, Platform, Pool};

/// An identity as it stands in the row of its cluster.
pub fn identity(identity: CloudIdentity<'_>) -> String {
    if let CloudIdentity::Principal(pool) = identity {
        format!("direct in {pool}")
    } else {
        identity.to_string()
    }
}

/// What is written of an identity that the overlay does not give.
pub const TRUST_ONLY: &str = "trust only";

/// What the column of an assignment does not say: which ServiceAccount it is, and that the overlay does not give it.
pub fn note(assignment: &Assignment<'_>) -> Option<String> {
    let account = match assignment.assignee {
        Assignee::Controller(_) => None,
        Assignee::Account(_) => Some(holder(assignment.assignee)),
    };
    match (account, assignment.trust_only) {
        (account, None) => account,
        (Some(account), Some(_)) => Some(format!("{account}, {TRUST_ONLY}")),
        (None, Some(_)) => Some(TRUST_ONLY.to_owned()),
    }
}

/// The way to an identity, for people: without one if the overlay does not give it.
pub fn shown_way(assignment: &Assignment<'_>) -> &'static str {
    if assignment.trust_only.is_some() { TRUST_ONLY } else { way(assignment) }
}

/// The way from a ServiceAccount to its identity.
pub fn way(assignment: &Assignment<'_>) -> &'static str {
    let platform = assignment.cluster.platform;
    match (assignment.assignee, assignment.identity_and_source) {
        (Assignee::Account(_), _) => "object level",
        (_, CloudIdentity::RoleByPodIdentity(_)) => "EKS Pod Identity",
        (_, CloudIdentity::RoleByRole { .. }) => "target role",
        (_, CloudIdentity::RoleByToken { .. }) if platform == Platform::Eks => "IRSA",
        (_, CloudIdentity::ManagedIdentity { .. }) if platform == Platform::Aks => "workload identity",
        (_, CloudIdentity::GoogleAccount(_, Pool::OfProject(_) | Pool::OfUnknownProject(_))) => {
            "impersonation"
        }
        (_, CloudIdentity::Principal(Pool::OfProject(_) | Pool::OfUnknownProject(_))) => "direct access",
        (
            _,
            CloudIdentity::RoleByToken { .. }
            | CloudIdentity::ManagedIdentity { .. }
            | CloudIdentity::GoogleAccount(_, Pool::Named(_))
            | CloudIdentity::Principal(Pool::Named(_)),
        ) => "federation",
    }
}

/// Whose ServiceAccount it is, as a source names it, but without its first word.
pub fn holder(holder: Assignee<'_>) -> String {
    match holder {
        Assignee::Controller(controller) => controller.name().to_owned(),
        Assignee::Account(account) => format!("{}/{}", account.namespace.as_str(), account.name.as_str()),
    }
}
