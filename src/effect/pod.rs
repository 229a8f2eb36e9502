//! A workload as the objects of an overlay describe it.

use std::collections::BTreeMap;

use crate::model::MANAGER;
use crate::yaml::Node;

/// A Deployment, and the ServiceAccount that its pods run as.
#[derive(Clone, Copy, Debug)]
pub struct Workload<'o> {
    /// The Deployment.
    pub deployment: Node<'o>,
    /// The ServiceAccount of the name that [`Workload::account_name`] gives, in the same namespace.
    pub account: Account<'o>,
}

/// A ServiceAccount, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub enum Account<'o> {
    /// It is built.
    Built(Node<'o>),
    /// The overlay does not build it.
    Missing,
    /// Whether it is built is unknown.
    Unknown,
}

/// The container `manager`.
pub(super) struct Manager<'o> {
    /// Its variables, the last of each name; `None` for a value that something else holds.
    pub variables: BTreeMap<&'o str, Option<&'o str>>,
    /// The names of the volumes that it mounts, by their directories.
    pub mounts: BTreeMap<&'o str, &'o str>,
    /// Its arguments, in their order.
    pub arguments: Vec<&'o str>,
}

/// A token of the ServiceAccount in a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// The file in the volume.
    pub file: String,
    /// Whom it is for; that of the API server if unset.
    pub audience: String,
}

impl<'o> Workload<'o> {
    /// The name of the ServiceAccount that the pods of a Deployment run as.
    /// Source: `spec.serviceAccountName` and its deprecated alias in the API reference of Kubernetes, `PodSpec`.
    pub fn account_name(deployment: Node<'o>) -> &'o str {
        let pod = deployment.at(&["spec", "template", "spec"]);
        let named = |key| pod.and_then(|pod| pod.get(key)?.text()).filter(|name| !name.is_empty());
        named("serviceAccountName").or_else(|| named("serviceAccount")).unwrap_or("default")
    }

    /// An annotation of the ServiceAccount.
    pub(super) fn account_annotation(&self, key: &str) -> Option<&'o str> {
        match self.account {
            Account::Built(account) => account.at(&["metadata", "annotations", key])?.text(),
            Account::Missing | Account::Unknown => None,
        }
    }

    pub(super) fn pod_label(&self, key: &str) -> Option<&'o str> {
        self.deployment.at(&["spec", "template", "metadata", "labels", key])?.text()
    }

    pub(super) fn pod_annotation(&self, key: &str) -> Option<&'o str> {
        self.deployment.at(&["spec", "template", "metadata", "annotations", key])?.text()
    }

    pub(super) fn manager(&self) -> Option<Manager<'o>> {
        let containers = self.deployment.at(&["spec", "template", "spec", "containers"])?.items();
        let manager =
            containers.into_iter().find(|it| it.get("name").and_then(Node::text) == Some(MANAGER))?;
        let list = |key| manager.get(key).into_iter().flat_map(Node::items);
        let variables = list("env").filter_map(|variable| {
            let value = match (variable.get("value"), variable.get("valueFrom")) {
                (Some(value), _) => value.text(),
                (None, Some(_)) => None,
                (None, None) => Some(""),
            };
            Some((variable.get("name")?.text()?, value))
        });
        let mounts = list("volumeMounts")
            .filter_map(|mount| Some((mount.get("mountPath")?.text()?, mount.get("name")?.text()?)));
        Some(Manager {
            variables: variables.collect(),
            mounts: mounts.collect(),
            arguments: list("args").filter_map(Node::text).collect(),
        })
    }

    /// The tokens in a volume.
    pub(super) fn tokens(&self, volume: &str) -> Vec<Token> {
        let volumes = self.deployment.at(&["spec", "template", "spec", "volumes"]).into_iter();
        let named =
            volumes.flat_map(Node::items).filter(|it| it.get("name").and_then(Node::text) == Some(volume));
        let sources = named.filter_map(|it| it.at(&["projected", "sources"])).flat_map(Node::items);
        sources
            .filter_map(|source| source.get("serviceAccountToken"))
            .map(|token| {
                let text = |key| token.get(key).and_then(Node::text).unwrap_or_default().to_owned();
                Token { file: text("path"), audience: text("audience") }
            })
            .collect()
    }

    /// The arguments of the container `manager`, in their order.
    pub fn arguments(&self) -> Vec<&'o str> {
        self.manager().map(|manager| manager.arguments).unwrap_or_default()
    }
}
