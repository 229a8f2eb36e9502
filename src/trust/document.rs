//! Trust as one JSON document, for programs. `docs/trust.schema.json` describes it.

use crate::model::azure::AUDIENCE;
use crate::model::gcp::WORKLOAD_IDENTITY_USER;
use crate::trust::Trust;
use crate::trust::aws::{AccountTrust, Association};
use crate::trust::azure::IdentityTrust;
use crate::trust::gcp::{Binding, PrincipalTrust};
use crate::trust::json::Json;
use crate::trust::policy::{TrustPolicy, account_oidc_provider};

/// The version of the format. It rises when something is taken away, or gets another name, type or meaning.
const FORMAT_VERSION: usize = 1;

/// The document.
pub fn document(trust: &Trust<'_>) -> Json {
    Json::object([
        ("format_version", Json::Number(FORMAT_VERSION)),
        ("aws", Json::List(trust.aws.iter().map(account).collect())),
        ("azure", Json::List(trust.azure.iter().map(identity).collect())),
        (
            "gcp",
            Json::object([
                ("bindings", Json::List(trust.bindings.iter().map(binding).collect())),
                ("principals", Json::List(trust.principals.iter().map(principal).collect())),
            ]),
        ),
    ])
}

fn account(trust: &AccountTrust<'_>) -> Json {
    let providers = trust.providers.iter().map(|provider| {
        let arn = account_oidc_provider(trust.partition, trust.account, provider.issuer.without_scheme());
        Json::object([
            ("arn", Json::from(arn)),
            ("url", Json::from(provider.issuer.as_str())),
            ("client_ids", Json::list(provider.audiences.iter().copied())),
        ])
    });
    Json::object([
        ("account", Json::from(trust.account)),
        ("oidc_providers", Json::List(providers.collect())),
        ("roles", Json::List(trust.roles.iter().map(role).collect())),
        ("pod_identity_associations", Json::List(trust.associations.iter().map(association).collect())),
    ])
}

fn role(policy: &TrustPolicy<'_>) -> Json {
    Json::object([
        ("arn", Json::from(policy.role.as_str())),
        ("name", Json::from(policy.role.name())),
        ("path", Json::from(policy.role.path())),
        ("assume_role_policy", Json::from(policy.document())),
    ])
}

fn association(association: &Association<'_>) -> Json {
    let region = association.cluster.cloud_context.region.as_ref();
    let entries = [
        Some(("cluster_name", association.cluster.name.as_str())),
        region.map(|region| ("region", region.as_str())),
        Some(("namespace", association.subject.namespace)),
        Some(("service_account", association.subject.name)),
        Some(("role_arn", association.role.as_str())),
    ];
    Json::object(entries.into_iter().flatten().map(|(key, value)| (key, Json::from(value))))
}

fn identity(trust: &IdentityTrust<'_>) -> Json {
    let credentials = trust.credentials.iter().map(|credential| {
        Json::object([
            ("name", Json::from(credential.name.as_str())),
            ("issuer", Json::from(credential.issuer.as_str())),
            ("subject", Json::from(credential.subject.to_string())),
            ("audiences", Json::list([AUDIENCE])),
        ])
    });
    Json::object([
        ("client_id", Json::from(trust.client_id.as_str())),
        ("resource_id", Json::from(trust.resource_id.as_str())),
        ("federated_credentials", Json::List(credentials.collect())),
    ])
}

fn binding(binding: &Binding<'_>) -> Json {
    Json::object([
        ("service_account", Json::from(binding.account.as_str())),
        ("role", Json::from(WORKLOAD_IDENTITY_USER)),
        ("members", Json::list(binding.members.iter().map(String::as_str))),
    ])
}

fn principal(trust: &PrincipalTrust<'_>) -> Json {
    Json::object([
        ("principal", Json::from(trust.principal.as_str())),
        ("namespace", Json::from(trust.subject.namespace)),
        ("service_account", Json::from(trust.subject.name)),
        ("clusters", Json::list(trust.clusters.iter().copied())),
    ])
}
