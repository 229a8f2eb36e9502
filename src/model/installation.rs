//! What a `gotk-components.yaml` installs, as far as patches care.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::flux::FluxVersion;
use crate::model::named::named;

/// The file that `flux bootstrap` writes beside an overlay.
pub const GOTK_COMPONENTS: &str = "gotk-components.yaml";

/// The file beside it with the sync configuration of Flux.
pub const GOTK_SYNC: &str = "gotk-sync.yaml";

/// The container that every Flux controller runs in.
/// Source: `manifests/bases` of fluxcd/flux2.
pub const MANAGER: &str = "manager";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Installation {
    /// The version of Flux, if the file has it.
    pub version: Option<FluxVersion>,
    /// The namespaces of ServiceAccounts, by their names.
    pub service_accounts: BTreeMap<String, BTreeSet<String>>,
    /// The pods of Deployments, by the Deployments' names.
    pub deployments: BTreeMap<String, Pod>,
    /// What the components in the header of the file have besides, and the file has not.
    pub lacking: Vec<Part>,
}

/// An object that `flux install` writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub kind: &'static str,
    pub name: String,
}

/// What the pods of a Deployment have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pod {
    /// The name of their first container.
    pub first: Option<String>,
    /// Their containers, by name.
    pub containers: BTreeMap<String, Container>,
    /// The names of their volumes.
    pub volumes: BTreeSet<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Container {
    /// The names of the variables of its environment.
    pub variables: BTreeSet<String>,
    /// The directories that volumes are mounted at.
    pub mount_paths: BTreeSet<String>,
    /// The arguments of its command, in their order.
    pub arguments: Vec<String>,
}

named! {
    /// A kind of objects that patches of identities could hit.
    pub enum ObjectKind {
        /// `ServiceAccount` of `v1`.
        ServiceAccount = "ServiceAccount",
        /// `Deployment` of `apps/v1`.
        Deployment = "Deployment",
    }
}

impl ObjectKind {
    /// The group and the version of its API.
    pub const fn api(self) -> (&'static str, &'static str) {
        match self {
            ObjectKind::Deployment => ("apps", "v1"),
            ObjectKind::ServiceAccount => ("", "v1"),
        }
    }

    /// The `apiVersion` of its objects.
    pub fn api_version(self) -> String {
        let (group, version) = self.api();
        if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
    }
}

impl Pod {
    /// Adds what another pod of the same name has.
    pub fn merge(&mut self, other: Pod) {
        self.first = self.first.take().or(other.first);
        for (name, container) in other.containers {
            let taken = self.containers.entry(name).or_default();
            taken.arguments.extend(container.arguments);
            taken.variables.extend(container.variables);
            taken.mount_paths.extend(container.mount_paths);
        }
        self.volumes.extend(other.volumes);
    }
}
