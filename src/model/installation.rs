//! What a `gotk-components.yaml` installs, as far as patches care.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::flux::FluxVersion;

/// The file that `flux bootstrap` writes beside an overlay.
pub const GOTK_COMPONENTS: &str = "gotk-components.yaml";

/// The file beside it, which tells Flux what to apply.
pub const GOTK_SYNC: &str = "gotk-sync.yaml";

/// The container that every Flux controller runs in.
/// Source: `manifests/bases` of fluxcd/flux2.
pub const MANAGER: &str = "manager";

/// What is installed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Installation {
    /// The version of Flux, if the file says it.
    pub version: Option<FluxVersion>,
    /// The namespaces of ServiceAccounts, by their names.
    pub service_accounts: BTreeMap<String, BTreeSet<String>>,
    /// The pods of Deployments, by the Deployments' names.
    pub deployments: BTreeMap<String, Pod>,
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

/// What a container has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Container {
    /// The names of the variables of its environment.
    pub variables: BTreeSet<String>,
    /// The directories that volumes are mounted at.
    pub mount_paths: BTreeSet<String>,
    /// The arguments of its command, in their order.
    pub arguments: Vec<String>,
}
