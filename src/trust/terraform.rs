//! Trust as Terraform in its JSON syntax: a module for each AWS account and each Azure subscription, and one for Google
//! Cloud.
//!
//! Sources: "JSON Configuration Syntax" and "Strings and Templates" of the Terraform documentation; the documentation of the
//! resources in hashicorp/aws 6, hashicorp/azurerm 4.65 and 5, and hashicorp/google.

use std::collections::BTreeMap;

use crate::model::azure::AUDIENCE;
use crate::model::gcp::WORKLOAD_IDENTITY_USER;
use crate::trust::aws::AccountTrust;
use crate::trust::azure::IdentityTrust;
use crate::trust::gcp::{Binding, PrincipalTrust};
use crate::trust::json::Json;
use crate::trust::policy::account_oidc_provider;
use crate::trust::{Trust, names};

/// The most characters of what a resource is called in its module. Terraform knows no limit; people do.
const MAX_LABEL: usize = 160;

/// What the modules leave to whoever made a role.
const LEFT_OF_ROLE: [&str; 5] =
    ["description", "force_detach_policies", "max_session_duration", "permissions_boundary", "tags"];

/// The modules: their names, and what they say.
pub fn modules(trust: &Trust<'_>) -> Vec<(String, Json)> {
    let mut modules: Vec<(String, Json)> =
        trust.aws.iter().map(|account| (format!("aws-{}", account.account), aws(account))).collect();
    let mut subscriptions: BTreeMap<String, Vec<&IdentityTrust<'_>>> = BTreeMap::new();
    for identity in &trust.azure {
        let subscription = identity.resource_id.subscription().to_ascii_lowercase();
        subscriptions.entry(subscription).or_default().push(identity);
    }
    modules.extend(
        subscriptions.into_iter().map(|(id, identities)| (format!("azure-{id}"), azure(&identities))),
    );
    if !trust.bindings.is_empty() || !trust.principals.is_empty() {
        modules.push(("gcp".to_owned(), gcp(&trust.bindings, &trust.principals)));
    }
    modules
}

/// A module: the provider that it wants, its resources by their types, and what it tells.
fn module(
    provider: &str,
    version: Option<&str>,
    resources: Vec<(&str, Json)>,
    tells: Vec<(&str, Json)>,
) -> Json {
    let source = [("source", Json::from(format!("hashicorp/{provider}")))];
    let wanted = Json::object(source.into_iter().chain(version.map(|it| ("version", Json::from(it)))));
    let providers = Json::object([("required_providers", Json::object([(provider, wanted)]))]);
    let outputs = tells.into_iter().map(|(name, value)| (name, Json::object([("value", value)])));
    let parts = [
        ("terraform", providers),
        ("resource", Json::object(without_empty(resources))),
        ("output", Json::object(without_empty(outputs.collect()))),
    ];
    Json::object(without_empty(parts.into()))
}

fn without_empty(entries: Vec<(&str, Json)>) -> Vec<(&str, Json)> {
    entries.into_iter().filter(|(_, value)| *value != Json::Object(Vec::new())).collect()
}

fn aws(trust: &AccountTrust<'_>) -> Json {
    let label_of = |name: &str| names::resource_name(&["role", name], MAX_LABEL);
    let roles = trust.roles.iter().map(|policy| {
        let role = Json::object([
            ("name", template(policy.role.name())),
            ("path", template(&policy.role.path())),
            ("assume_role_policy", template(&policy.document())),
            ("lifecycle", Json::object([("ignore_changes", Json::list(LEFT_OF_ROLE))])),
        ]);
        (label_of(policy.role.name()), role)
    });
    let associations = trust.associations.iter().map(|association| {
        let (cluster, subject) = (association.cluster, association.subject);
        let region = cluster.cloud_context.region.as_ref();
        let role = format!("aws_iam_role.{}", label_of(association.role.name()));
        let label =
            names::resource_name(&["association", &cluster.name, subject.namespace, subject.name], MAX_LABEL);
        let entries = [
            Some(("cluster_name", template(&cluster.name))),
            region.map(|region| ("region", template(region.as_str()))),
            Some(("namespace", template(subject.namespace))),
            Some(("service_account", template(subject.name))),
            Some(("role_arn", template(association.role.as_str()))),
            Some(("depends_on", Json::list([role]))),
        ];
        (label, Json::object(entries.into_iter().flatten()))
    });
    let providers = trust.providers.iter().map(|provider| {
        let arn = account_oidc_provider(trust.partition, trust.account, provider.issuer.without_scheme());
        Json::object([
            ("arn", template(&arn)),
            ("url", template(provider.issuer.as_str())),
            ("client_ids", Json::List(provider.audiences.iter().map(|it| template(it)).collect())),
        ])
    });
    let providers: Vec<Json> = providers.collect();
    let tells = if providers.is_empty() { vec![] } else { vec![("oidc_providers", Json::List(providers))] };
    let resources = vec![
        ("aws_iam_role", Json::object(roles)),
        ("aws_eks_pod_identity_association", Json::object(associations)),
    ];
    module("aws", Some(">= 6.0.0"), resources, tells)
}

/// Azure takes one credential of an identity at a time, so that each waits for the one before it.
fn azure(identities: &[&IdentityTrust<'_>]) -> Json {
    let mut credentials = Vec::new();
    for identity in identities {
        let mut before: Option<String> = None;
        for credential in &identity.credentials {
            let client_id = identity.client_id.as_str().to_ascii_lowercase();
            let label = format!("id-{client_id}_{}", credential.name);
            let entries = [
                ("name", template(&credential.name)),
                ("user_assigned_identity_id", template(identity.resource_id.as_str())),
                ("issuer", template(credential.issuer.as_str())),
                ("subject", template(&credential.subject.to_string())),
                ("audience", Json::List(vec![template(AUDIENCE)])),
            ];
            let depends = before.map(|label| {
                ("depends_on", Json::list([format!("azurerm_federated_identity_credential.{label}")]))
            });
            credentials.push((label.clone(), Json::object(entries.into_iter().chain(depends))));
            before = Some(label);
        }
    }
    let resources = vec![("azurerm_federated_identity_credential", Json::object(credentials))];
    module("azurerm", Some(">= 4.65.0"), resources, vec![])
}

fn gcp(bindings: &[Binding<'_>], principals: &[PrincipalTrust<'_>]) -> Json {
    let members = bindings.iter().flat_map(|binding| {
        binding.members.iter().map(|member| {
            let email = binding.account.as_str();
            let project = binding.account.project();
            let account = format!("projects/{}/serviceAccounts/{email}", project.as_deref().unwrap_or("-"));
            let resource = Json::object([
                ("service_account_id", template(&account)),
                ("role", template(WORKLOAD_IDENTITY_USER)),
                ("member", template(member)),
            ]);
            (names::resource_name(&["member", email, member], MAX_LABEL), resource)
        })
    });
    let principals = principals.iter().map(|trust| {
        Json::object([
            ("principal", template(&trust.principal)),
            ("namespace", template(trust.subject.namespace)),
            ("service_account", template(trust.subject.name)),
            ("clusters", Json::List(trust.clusters.iter().map(|it| template(it)).collect())),
        ])
    });
    let principals: Vec<Json> = principals.collect();
    let tells = if principals.is_empty() { vec![] } else { vec![("principals", Json::List(principals))] };
    module("google", None, vec![("google_service_account_iam_member", Json::object(members))], tells)
}

/// A text that Terraform takes as it is: in its JSON syntax every text is a template.
fn template(text: &str) -> Json {
    Json::from(text.replace("${", "$${").replace("%{", "%%{"))
}
