//! What identities and the ways to them are called.

use crate::model::{Held, Holder, Holding, Platform, Pool};

/// An identity as it stands in the row of its cluster.
pub fn held(held: Held<'_>) -> String {
    match held {
        Held::Principal(pool) => format!("direct in {pool}"),
        Held::RoleByToken { .. }
        | Held::RoleByPodIdentity(_)
        | Held::ManagedIdentity { .. }
        | Held::GoogleAccount(..) => held.to_string(),
    }
}

/// The way from a ServiceAccount to its identity.
pub fn way(holding: &Holding<'_>) -> &'static str {
    let platform = holding.cluster.platform;
    match (holding.holder, holding.held) {
        (Holder::Account(_), _) => "object level",
        (_, Held::RoleByPodIdentity(_)) => "EKS Pod Identity",
        (_, Held::RoleByToken { .. }) if platform == Platform::Eks => "IRSA",
        (_, Held::ManagedIdentity { .. }) if platform == Platform::Aks => "workload identity",
        (_, Held::GoogleAccount(_, Pool::OfProject(_) | Pool::OfUnknownProject(_))) => "impersonation",
        (_, Held::Principal(Pool::OfProject(_) | Pool::OfUnknownProject(_))) => "direct access",
        (
            _,
            Held::RoleByToken { .. }
            | Held::ManagedIdentity { .. }
            | Held::GoogleAccount(_, Pool::Named(_))
            | Held::Principal(Pool::Named(_)),
        ) => "federation",
    }
}

/// Whose ServiceAccount it is, as a source names it, but without its first word.
pub fn holder(holder: Holder<'_>) -> String {
    match holder {
        Holder::Controller(controller) => controller.name().to_owned(),
        Holder::Account(account) => format!("{}/{}", account.namespace.as_str(), account.name.as_str()),
    }
}
