//! Trust as one JSON document, for programs. `docs/trust.schema.json` describes it.

use serde_json::{Value, json};

use crate::model::azure::AUDIENCE;
use crate::model::gcp::WORKLOAD_IDENTITY_USER;
use crate::model::{TrustPolicy, oidc_provider};
use crate::trust::Trust;
use crate::trust::aws::{AccountTrust, Association, TargetPolicy};
use crate::trust::azure::IdentityTrust;

/// The version of the format. It rises when something is taken away, or gets another name, type or meaning.
const FORMAT_VERSION: usize = 1;

pub fn document(trust: &Trust<'_>) -> Value {
    let bindings = trust.bindings.iter().map(|binding| {
        json!({
            "service_account": binding.account.as_str(),
            "role": WORKLOAD_IDENTITY_USER,
            "members": binding.members,
        })
    });
    let principals = trust.principals.iter().map(|trust| {
        json!({
            "principal": trust.principal,
            "namespace": trust.subject.namespace,
            "service_account": trust.subject.name,
            "clusters": trust.clusters,
        })
    });
    json!({
        "format_version": FORMAT_VERSION,
        "aws": trust.aws.iter().map(account).collect::<Value>(),
        "azure": trust.azure.iter().map(identity).collect::<Value>(),
        "gcp": { "bindings": bindings.collect::<Value>(), "principals": principals.collect::<Value>() },
    })
}

fn account(trust: &AccountTrust<'_>) -> Value {
    let providers = trust.providers.iter().map(|provider| {
        json!({
            "arn": oidc_provider(trust.partition, trust.account, provider.issuer.without_scheme()),
            "url": provider.issuer.as_str(),
            "client_ids": provider.audiences,
        })
    });
    json!({
        "account": trust.account,
        "oidc_providers": providers.collect::<Value>(),
        "roles": trust.roles.iter().map(role).collect::<Value>(),
        "pod_identity_associations": trust.associations.iter().map(association).collect::<Value>(),
        "target_role_policies": trust.target_policies.iter().map(target_policy).collect::<Value>(),
    })
}

fn role(policy: &TrustPolicy<'_>) -> Value {
    json!({
        "arn": policy.role.as_str(),
        "name": policy.role.name(),
        "path": policy.role.path(),
        "assume_role_policy": policy.document(),
    })
}

fn target_policy(policy: &TargetPolicy<'_>) -> Value {
    json!({
        "role_name": policy.role.name(),
        "policy_name": TargetPolicy::NAME,
        "policy": policy.document(),
    })
}

fn association(association: &Association<'_>) -> Value {
    let region = association.cluster.cloud_context.region.as_ref();
    let entries = [
        Some(("cluster_name", json!(association.cluster.eks_name()))),
        region.map(|region| ("region", json!(region.as_str()))),
        Some(("namespace", json!(association.subject.namespace))),
        Some(("service_account", json!(association.subject.name))),
        Some(("role_arn", json!(association.role.as_str()))),
        association.target.map(|target| ("target_role_arn", json!(target.arn.as_str()))),
        association.disables_session_tags().then_some(("disable_session_tags", json!(true))),
    ];
    entries.into_iter().flatten().collect()
}

fn identity(trust: &IdentityTrust<'_>) -> Value {
    let credentials = trust.credentials.iter().map(|credential| {
        json!({
            "name": credential.name,
            "issuer": credential.issuer.as_str(),
            "subject": credential.subject.to_string(),
            "audiences": [AUDIENCE],
        })
    });
    json!({
        "client_id": trust.client_id.as_str(),
        "resource_id": trust.resource_id.as_str(),
        "federated_credentials": credentials.collect::<Value>(),
    })
}
