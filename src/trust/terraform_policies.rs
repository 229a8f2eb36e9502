//! Trust as Terraform modules without resources: locals and outputs for whoever has the resources already.
//!
//! Sources: "JSON Configuration Syntax", "Local Values" and "Output Values" of the Terraform documentation. The names of the
//! properties of an expression are templates too.

use serde_json::{Map, Value, json};

use crate::model::azure::AUDIENCE;
use crate::model::gcp::WORKLOAD_IDENTITY_USER;
use crate::model::oidc_provider;
use crate::trust::Trust;
use crate::trust::aws::AccountTrust;
use crate::trust::azure::IdentityTrust;
use crate::trust::gcp::{Binding, PrincipalTrust};
use crate::trust::terraform::{by_directory, template};

pub fn modules(trust: &Trust<'_>) -> Vec<(String, Value)> {
    by_directory(trust, aws, azure, gcp)
}

/// A module of these values, each a local value and an output. An empty one is there too, so that who uses it can count
/// on it.
fn module<const N: usize>(values: [(&str, Map<String, Value>); N]) -> Value {
    let outputs: Map<String, Value> = values
        .iter()
        .map(|(name, _)| ((*name).to_owned(), json!({ "value": format!("${{local.{name}}}") })))
        .collect();
    let locals: Map<String, Value> =
        values.into_iter().map(|(name, value)| (name.to_owned(), Value::Object(value))).collect();
    json!({ "locals": locals, "output": outputs })
}

fn aws(trust: &AccountTrust<'_>) -> Value {
    let policies = trust
        .roles
        .iter()
        .map(|policy| (template(policy.role.name()), Value::String(template(&policy.document()))));
    let providers = trust.providers.iter().map(|provider| {
        let arn = oidc_provider(trust.partition, trust.account, provider.issuer.without_scheme());
        let url = template(provider.issuer.as_str());
        let client_ids = provider.audiences.iter().map(|it| template(it)).collect::<Value>();
        (url.clone(), json!({ "arn": template(&arn), "url": url, "client_ids": client_ids }))
    });
    let associations = trust.associations.iter().map(|association| {
        let (cluster, subject) = (association.cluster, association.subject);
        let key = [cluster.name.as_str(), subject.namespace, subject.name].join("/");
        let association = json!({
            "cluster_name": template(cluster.eks_name()),
            // What is not set is null, so that all have the same type.
            "region": cluster.cloud_context.region.as_ref().map(|region| template(region.as_str())),
            "namespace": template(subject.namespace),
            "service_account": template(subject.name),
            "role_arn": template(association.role.as_str()),
            "target_role_arn": association.target.map(|target| template(target.arn.as_str())),
            "disable_session_tags": association.disables_session_tags().then_some(true),
        });
        (template(&key), association)
    });
    let target_policies = trust
        .target_policies
        .iter()
        .map(|policy| (template(policy.role.name()), Value::String(template(&policy.document()))));
    module([
        ("assume_role_policies", policies.collect()),
        ("oidc_providers", providers.collect()),
        ("pod_identity_associations", associations.collect()),
        ("target_role_policies", target_policies.collect()),
    ])
}

/// By the client ids of identities in small letters, as Azure writes them.
fn azure(identities: &[&IdentityTrust<'_>]) -> Value {
    let identities = identities.iter().map(|identity| {
        let credentials = identity.credentials.iter().map(|credential| {
            let tokens = json!({
                "issuer": template(credential.issuer.as_str()),
                "subject": template(&credential.subject.to_string()),
                "audiences": [template(AUDIENCE)],
            });
            (template(&credential.name), tokens)
        });
        let identity_and_credentials = json!({
            "resource_id": template(identity.resource_id.as_str()),
            "credentials": credentials.collect::<Map<String, Value>>(),
        });
        (identity.client_id.as_str().to_ascii_lowercase(), identity_and_credentials)
    });
    module([("federated_credentials", identities.collect())])
}

fn gcp(bindings: &[Binding<'_>], principals: &[PrincipalTrust<'_>]) -> Value {
    let bindings = bindings.iter().map(|binding| {
        let members = binding.members.iter().map(|member| template(member)).collect::<Value>();
        let role = template(WORKLOAD_IDENTITY_USER);
        (template(binding.account.as_str()), json!({ "role": role, "members": members }))
    });
    let principals = principals.iter().map(|trust| {
        let principal = json!({
            "namespace": template(trust.subject.namespace),
            "service_account": template(trust.subject.name),
            "clusters": trust.clusters.iter().map(|it| template(it)).collect::<Value>(),
        });
        (template(&trust.principal), principal)
    });
    module([("bindings", bindings.collect()), ("principals", principals.collect())])
}
