//! Trust as Terraform in its JSON syntax: a module for each AWS account and each Azure subscription, and one for Google
//! Cloud.
//!
//! Sources: "JSON Configuration Syntax" and "Strings and Templates" of the Terraform documentation; the documentation of the
//! resources in hashicorp/aws 6, hashicorp/azurerm 4.65 and 5, and hashicorp/google.

use serde_json::{Map, Value, json};

use crate::model::azure::AUDIENCE;
use crate::model::gcp::WORKLOAD_IDENTITY_USER;
use crate::model::oidc_provider;
use crate::trust::aws::{AccountTrust, TargetPolicy};
use crate::trust::azure::{self, IdentityTrust};
use crate::trust::gcp::{Binding, PrincipalTrust};
use crate::trust::{Trust, names};

/// The most characters of what a resource is called in its module. Terraform knows no limit; people do.
const MAX_LABEL: usize = 160;

/// The versions of hashicorp/aws whose associations of EKS Pod Identity have target roles.
/// Source: hashicorp/terraform-provider-aws#42979.
const WITH_TARGET_ROLES: &str = ">= 6.2.0";

/// What the modules leave to whoever made a role.
const LEFT_OF_ROLE: [&str; 5] =
    ["description", "force_detach_policies", "max_session_duration", "permissions_boundary", "tags"];

pub fn modules(trust: &Trust<'_>) -> Vec<(String, Value)> {
    by_directory(trust, aws, azure, gcp)
}

/// The modules of a form by their directories.
pub fn by_directory<'f>(
    trust: &Trust<'f>,
    aws: impl Fn(&AccountTrust<'f>) -> Value,
    azure: impl Fn(&[&IdentityTrust<'f>]) -> Value,
    gcp: impl Fn(&[Binding<'f>], &[PrincipalTrust<'f>]) -> Value,
) -> Vec<(String, Value)> {
    let mut modules: Vec<(String, Value)> =
        trust.aws.iter().map(|account| (format!("aws-{}", account.account), aws(account))).collect();
    let subscriptions = azure::by_subscription(&trust.azure).into_iter();
    modules.extend(subscriptions.map(|(id, identities)| (format!("azure-{id}"), azure(&identities))));
    if !trust.bindings.is_empty() || !trust.principals.is_empty() {
        modules.push(("gcp".to_owned(), gcp(&trust.bindings, &trust.principals)));
    }
    modules
}

/// A module: the provider that it requires, its resources by their types, and its outputs. What is empty is left out.
fn module(
    provider: &str,
    version: Option<&str>,
    resources: impl IntoIterator<Item = (&'static str, Map<String, Value>)>,
    output: Option<(&str, Vec<Value>)>,
) -> Value {
    let source = [("source", format!("hashicorp/{provider}"))];
    let required = source.into_iter().chain(version.map(|it| ("version", it.to_owned()))).collect::<Value>();
    let resources = resources.into_iter().filter(|(_, resources)| !resources.is_empty());
    let resources: Map<String, Value> =
        resources.map(|(kind, resources)| (kind.to_owned(), Value::Object(resources))).collect();
    let output = output.filter(|(_, value)| !value.is_empty());
    let parts = [
        Some(("terraform", json!({ "required_providers": { (provider): required } }))),
        (!resources.is_empty()).then_some(("resource", Value::Object(resources))),
        output.map(|(name, value)| ("output", json!({ (name): { "value": value } }))),
    ];
    parts.into_iter().flatten().collect()
}

fn aws(trust: &AccountTrust<'_>) -> Value {
    let label_of = |name: &str| names::resource_name(&["role", name], MAX_LABEL);
    let roles = trust.roles.iter().map(|policy| {
        let role = json!({
            "name": template(policy.role.name()),
            "path": template(&policy.role.path()),
            "assume_role_policy": template(&policy.document()),
            "lifecycle": { "ignore_changes": LEFT_OF_ROLE },
        });
        (label_of(policy.role.name()), role)
    });
    let associations = trust.associations.iter().map(|association| {
        let (cluster, subject) = (association.cluster, association.subject);
        let region = cluster.cloud_context.region.as_ref();
        let role = format!("aws_iam_role.{}", label_of(association.role.name()));
        let label =
            names::resource_name(&["association", &cluster.name, subject.namespace, subject.name], MAX_LABEL);
        let entries = [
            Some(("cluster_name", json!(template(cluster.eks_name())))),
            region.map(|region| ("region", json!(template(region.as_str())))),
            Some(("namespace", json!(template(subject.namespace)))),
            Some(("service_account", json!(template(subject.name)))),
            Some(("role_arn", json!(template(association.role.as_str())))),
            association.target.map(|target| ("target_role_arn", json!(template(target.arn.as_str())))),
            association.disables_session_tags().then_some(("disable_session_tags", json!(true))),
            Some(("depends_on", json!([role]))),
        ];
        (label, entries.into_iter().flatten().collect())
    });
    let target_policies = trust.target_policies.iter().map(|policy| {
        let label = names::resource_name(&["targets", policy.role.name()], MAX_LABEL);
        let resource = json!({
            "name": template(TargetPolicy::NAME),
            "role": template(policy.role.name()),
            "policy": template(&policy.document()),
            "depends_on": [format!("aws_iam_role.{}", label_of(policy.role.name()))],
        });
        (label, resource)
    });
    let providers = trust.providers.iter().map(|provider| {
        let arn = oidc_provider(trust.partition, trust.account, provider.issuer.without_scheme());
        json!({
            "arn": template(&arn),
            "url": template(provider.issuer.as_str()),
            "client_ids": provider.audiences.iter().map(|it| template(it)).collect::<Value>(),
        })
    });
    let resources = [
        ("aws_iam_role", roles.collect()),
        ("aws_iam_role_policy", target_policies.collect()),
        ("aws_eks_pod_identity_association", associations.collect()),
    ];
    let has_target = trust.associations.iter().any(|association| association.target.is_some());
    let version = if has_target { WITH_TARGET_ROLES } else { ">= 6.0.0" };
    module("aws", Some(version), resources, Some(("oidc_providers", providers.collect())))
}

/// Azure takes one credential of an identity at a time, so that each waits for the one before it.
fn azure(identities: &[&IdentityTrust<'_>]) -> Value {
    let mut credentials = Map::new();
    for identity in identities {
        let mut before: Option<String> = None;
        for credential in &identity.credentials {
            let client_id = identity.client_id.as_str().to_ascii_lowercase();
            let label = format!("id-{client_id}_{}", credential.name);
            let entries = [
                ("name", json!(template(&credential.name))),
                ("user_assigned_identity_id", json!(template(identity.resource_id.as_str()))),
                ("issuer", json!(template(credential.issuer.as_str()))),
                ("subject", json!(template(&credential.subject.to_string()))),
                ("audience", json!([template(AUDIENCE)])),
            ];
            let depends = before.map(|label| {
                ("depends_on", json!([format!("azurerm_federated_identity_credential.{label}")]))
            });
            credentials.insert(label.clone(), entries.into_iter().chain(depends).collect());
            before = Some(label);
        }
    }
    let resources = [("azurerm_federated_identity_credential", credentials)];
    module("azurerm", Some(">= 4.65.0"), resources, None)
}

fn gcp(bindings: &[Binding<'_>], principals: &[PrincipalTrust<'_>]) -> Value {
    let members = bindings.iter().flat_map(|binding| {
        binding.members.iter().map(|member| {
            let email = binding.account.as_str();
            let resource = json!({
                "service_account_id": template(&binding.service_account()),
                "role": template(WORKLOAD_IDENTITY_USER),
                "member": template(member),
            });
            (names::resource_name(&["member", email, member], MAX_LABEL), resource)
        })
    });
    let principals = principals.iter().map(|trust| {
        json!({
            "principal": template(&trust.principal),
            "namespace": template(trust.subject.namespace),
            "service_account": template(trust.subject.name),
            "clusters": trust.clusters.iter().map(|it| template(it)).collect::<Value>(),
        })
    });
    let resources = [("google_service_account_iam_member", members.collect())];
    module("google", None, resources, Some(("principals", principals.collect())))
}

/// A text that Terraform takes as it is: in its JSON syntax every text is a template.
pub fn template(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}
