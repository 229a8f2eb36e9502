//! What one cluster asks each cloud to trust.

use std::collections::BTreeSet;

use crate::model::Cluster;
use crate::model::azure::AUDIENCE;
use crate::model::gcp::WORKLOAD_IDENTITY_USER;
use crate::trust::{Missing, Need, Trust};

/// What one cluster asks each cloud to trust.
pub enum Trusted {
    /// Each thing that a cloud must be told.
    Known(Vec<Piece>),
    /// What is not said of the cluster, or is said so that a cloud does not take it, in words.
    Missing(Vec<String>),
}

/// One thing that a cloud must be told.
pub struct Piece {
    /// What it is.
    pub what: String,
    /// The document, or what stands in it.
    pub text: String,
}

/// What a cluster asks each cloud to trust. What other clusters ask of the same identity is not in it.
pub fn trusted(cluster: &Cluster) -> Trusted {
    match Trust::of([cluster]) {
        Ok(trust) => Trusted::Known(pieces(&trust)),
        Err(missing) => {
            let words: BTreeSet<String> = missing.iter().map(in_words).collect();
            Trusted::Missing(words.into_iter().collect())
        }
    }
}

fn pieces(trust: &Trust<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for account in &trust.aws {
        pieces.extend(account.roles.iter().map(|policy| Piece {
            what: format!("trust policy of {}", policy.role.as_str()),
            text: policy.json().pretty(),
        }));
        pieces.extend(account.associations.iter().map(|association| Piece {
            what: format!("Pod Identity association in {}", association.cluster.name),
            text: format!(
                "namespace        {}\nservice account  {}\nrole             {}",
                association.subject.namespace,
                association.subject.name,
                association.role.as_str()
            ),
        }));
    }
    for identity in &trust.azure {
        pieces.extend(identity.credentials.iter().map(|credential| Piece {
            what: format!("federated credential of {}", identity.resource_id.name()),
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
        what: format!("principal of {}/{}", principal.subject.namespace, principal.subject.name),
        text: principal.principal.clone(),
    }));
    pieces
}

fn in_words(missing: &Missing<'_>) -> String {
    let identity = missing.holding.held;
    match missing.need {
        Need::Issuer => "nothing says its `issuer`".to_owned(),
        Need::Project => "nothing says its `project`".to_owned(),
        Need::ProjectNumber => "nothing says its `project-number`".to_owned(),
        Need::ResourceId => format!("nothing says the `resource-id` of {identity}"),
        Need::OneResourceId(other) => {
            format!("{identity} has another `resource-id` too: {}", other.as_str())
        }
        Need::OwnResourceId(other) => {
            format!("{identity} has the `resource-id` of {}", other.as_str())
        }
        Need::IssuerWithoutPort => "AWS takes no `issuer` with a port".to_owned(),
        Need::ShortSubject => {
            format!("Google Cloud takes no subject as long as {}", missing.holding.subject)
        }
    }
}
