//! Trust as Kubernetes objects, for an operator in a management cluster: a directory for each account, subscription or
//! project, because each needs credentials of its own.
//!
//! An object that is removed leaves what it made: a cloud that stops trusting ends the access of pods that run. How, each
//! operator says in its own way; Flux does not remove the object either.

mod ack;
mod aso;
mod config_connector;
mod crossplane;

pub use ack::objects as ack;
pub use aso::objects as aso;
pub use config_connector::objects as config_connector;
pub use crossplane::objects as crossplane;

use std::collections::BTreeMap;

use crate::emit::{self, Node};
use crate::trust::Trust;
use crate::trust::aws::AccountTrust;
use crate::trust::azure::{self, Credential, IdentityTrust};
use crate::trust::gcp::Binding;

/// The objects of an account, a subscription or a project.
#[derive(Clone, Debug)]
pub struct ObjectGroup {
    pub directory: String,
    /// What the objects do not contain, a line each; empty if there is nothing to say.
    pub comment: Vec<String>,
    pub objects: Vec<Node>,
}

impl ObjectGroup {
    pub fn text(&self) -> String {
        let lines = self.comment.iter().flat_map(|line| ["# ", line, "\n"]);
        let mut text: String = lines.collect();
        emit::write_objects(&self.objects, &mut text);
        text
    }
}

/// The comment of an account whose objects contain no roles: an operator that manages a role takes away what the object
/// does not contain.
fn missing_policies(account: &AccountTrust<'_>) -> Vec<String> {
    let heading = [
        "Not here: the trust policies of these roles, and what lets them assume others. An operator would",
        "take from a role what its object does not contain. `flux-identity trust --form json` prints them.",
    ];
    let roles = account.roles.iter().map(|policy| format!("- {}", policy.role.as_str()));
    heading.map(str::to_owned).into_iter().chain(roles).collect()
}

/// The objects of each subscription. `object`: that of a federated credential, with the directory.
fn subscriptions<'f>(
    trust: &Trust<'f>,
    object: impl Fn(&IdentityTrust<'f>, &Credential<'f>, &str) -> Node,
) -> Vec<ObjectGroup> {
    let subscriptions = azure::by_subscription(&trust.azure).into_iter();
    let groups = subscriptions.map(|(subscription, identities)| {
        let directory = format!("azure-{subscription}");
        let objects = identities.iter().flat_map(|identity| {
            identity.credentials.iter().map(|credential| object(identity, credential, &directory))
        });
        ObjectGroup { comment: Vec::new(), objects: objects.collect(), directory }
    });
    groups.collect()
}

/// The objects of each project. `object`: that of a member of a service account, with the directory.
fn projects<'f>(trust: &Trust<'f>, object: impl Fn(&Binding<'f>, &str, &str) -> Node) -> Vec<ObjectGroup> {
    let mut projects: BTreeMap<String, Vec<Node>> = BTreeMap::new();
    for binding in &trust.bindings {
        let directory = project_directory(binding);
        let members = binding.members.iter().map(|member| object(binding, member, &directory));
        let members: Vec<Node> = members.collect();
        projects.entry(directory).or_default().extend(members);
    }
    let groups = projects.into_iter();
    groups.map(|(directory, objects)| ObjectGroup { directory, comment: Vec::new(), objects }).collect()
}

/// The kustomization of a directory with the objects in a file of this name.
pub fn kustomization(name: &str) -> String {
    let resources = Node::Texts(vec![name.to_owned()]);
    let entries = vec![
        ("apiVersion", Node::from("kustomize.config.k8s.io/v1beta1")),
        ("kind", Node::from("Kustomization")),
        ("resources", resources),
    ];
    let mut text = String::new();
    emit::write_objects(&[Node::Entries(entries)], &mut text);
    text
}

/// An object without a namespace, which is that of the Kustomization that applies it.
fn object(
    (api_version, kind): (&str, &str),
    name: String,
    annotations: impl IntoIterator<Item = (&'static str, Node)>,
    spec: Vec<(&'static str, Node)>,
) -> Node {
    let mut annotations: Vec<(&'static str, Node)> = annotations.into_iter().collect();
    annotations.push(("kustomize.toolkit.fluxcd.io/prune", Node::from("disabled")));
    let metadata = vec![("name", Node::Text(name)), ("annotations", Node::Entries(annotations))];
    Node::Entries(vec![
        ("apiVersion", Node::from(api_version)),
        ("kind", Node::from(kind)),
        ("metadata", Node::Entries(metadata)),
        ("spec", Node::Entries(spec)),
    ])
}

fn texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Node {
    Node::Texts(texts.into_iter().map(str::to_owned).collect())
}

/// The directory of the project of a service account. An address with the number of a project alone has none.
fn project_directory(binding: &Binding<'_>) -> String {
    let project = binding.account.project();
    project.map_or_else(|| "gcp".to_owned(), |project| format!("gcp-{}", project.replace(':', "_")))
}
