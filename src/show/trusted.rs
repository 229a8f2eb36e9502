//! What one cluster asks each cloud to trust.

use std::collections::BTreeSet;

use crate::model::azure::AUDIENCE;
use crate::model::gcp::WORKLOAD_IDENTITY_USER;
use crate::model::kubernetes::Subject;
use crate::model::{Cluster, Fleet, Missing, Need, ResourceIds, TrustScope};
use crate::trust::{Association, Trust};

/// What one cluster asks each cloud to trust.
pub enum Trusted {
    Known(Vec<Piece>),
    /// What the source does not set, or sets to what a cloud does not accept, in words.
    Missing(Vec<String>),
}

/// One thing that a cloud must trust.
pub struct Piece {
    pub what: String,
    pub text: String,
}

/// What is known of a whole fleet, which decides what one of its clusters asks for.
pub struct Trusting<'f>(ResourceIds<'f>);

impl<'f> Trusting<'f> {
    pub fn of(fleet: &'f Fleet) -> Trusting<'f> {
        Trusting(ResourceIds::new(&fleet.clusters))
    }

    /// What a cluster asks each cloud to trust. What other clusters ask of the same identity is not in it.
    pub fn asked_by(&self, cluster: &'f Cluster) -> Trusted {
        match Trust::for_clusters([cluster], &self.0, &TrustScope::All) {
            Ok(trust) => Trusted::Known(pieces(&trust)),
            Err(missing) => {
                let words: BTreeSet<String> = missing.iter().map(in_words).collect();
                Trusted::Missing(words.into_iter().collect())
            }
        }
    }
}

fn pieces(trust: &Trust<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for account in &trust.aws {
        pieces.extend(account.roles.iter().map(|policy| Piece {
            what: format!("trust policy of {}", policy.role.as_str()),
            text: format!("{:#}", policy.json()),
        }));
        pieces.extend(account.associations.iter().map(|association| Piece {
            what: format!("Pod Identity association of {}", service_account(association.subject)),
            text: association_text(association),
        }));
        pieces.extend(account.target_policies.iter().map(|policy| Piece {
            what: format!("permissions of {}", policy.role.as_str()),
            text: policy.document(),
        }));
    }
    for identity in &trust.azure {
        pieces.extend(identity.credentials.iter().map(|credential| Piece {
            what: format!(
                "federated credential of {} for {}",
                identity.resource_id.name(),
                service_account(credential.subject)
            ),
            text: format!(
                "name      {}\nissuer    {}\nsubject   {}\naudience  {AUDIENCE}",
                credential.name,
                credential.issuer.as_str(),
                credential.subject
            ),
        }));
    }
    pieces.extend(trust.bindings.iter().map(|binding| Piece {
        what: format!("members with {WORKLOAD_IDENTITY_USER} on {}", binding.account.as_str()),
        text: binding.members.iter().cloned().collect::<Vec<_>>().join("\n"),
    }));
    pieces.extend(trust.principals.iter().map(|principal| Piece {
        what: format!("principal of {}", service_account(principal.subject)),
        text: principal.principal.clone(),
    }));
    pieces
}

fn association_text(association: &Association<'_>) -> String {
    let rows = [
        Some(("cluster", association.cluster.eks_name())),
        Some(("namespace", association.subject.namespace)),
        Some(("service account", association.subject.name)),
        Some(("role", association.role.as_str())),
        association.target.map(|target| ("target role", target.arn.as_str())),
        association.disables_session_tags().then_some(("session tags", "disabled")),
    ];
    let rows = rows.into_iter().flatten().map(|(name, value)| format!("{name:<15}  {value}"));
    rows.collect::<Vec<String>>().join("\n")
}

fn service_account(subject: Subject<'_>) -> String {
    format!("{}/{}", subject.namespace, subject.name)
}

fn in_words(missing: &Missing<'_>) -> String {
    let identity = missing.assignment.identity_and_source;
    match missing.need {
        Need::Issuer => "`issuer` is not set".to_owned(),
        Need::EksName => {
            format!("`eks-name` is not set, and `{}` is no name of EKS", missing.assignment.cluster.name)
        }
        Need::Project => "`project` is not set".to_owned(),
        Need::ProjectNumber => "`project-number` is not set".to_owned(),
        Need::ResourceId => format!("`resource-id` of {identity} is not set"),
        Need::OneResourceId(one, other) => {
            format!("{identity} has two values of `resource-id`: {} and {}", one.as_str(), other.as_str())
        }
        Need::OwnResourceId(_, other) => {
            format!("{identity} has the same `resource-id` as {}", other.as_str())
        }
        Need::IssuerWithoutPort => "AWS accepts no `issuer` with a port".to_owned(),
        Need::ShortSubject => {
            format!("the subject {} is too long for Google Cloud", missing.assignment.subject)
        }
    }
}
