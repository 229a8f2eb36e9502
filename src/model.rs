//! The checked fleet: only what can be true.
//!
//! It knows neither how things were written nor how they are put out. The facts of a cloud stand in its file, once,
//! each with its source.

mod account;
mod additions;
pub mod ascii;
mod assignment;
pub mod aws;
pub mod azure;
mod cloud_context;
mod controller;
mod credentials;
mod fault;
pub mod flux;
pub mod gcp;
mod identities;
mod installation;
pub mod integration;
mod issuer;
pub mod kubernetes;
mod local_path;
mod named;
pub mod object_level;
mod overlay_form;
mod passthrough;
mod path;
mod placeholder;
mod platform;
mod pod_identity;
mod policy;
mod provider;
pub mod setting;
mod trust_need;
mod trust_output;
mod trust_policy;

use std::collections::{BTreeMap, BTreeSet};

pub use account::{Account, AccountFault, AccountPart};
pub use additions::{
    Additions, CREDENTIALS_FILE, ConfigMap, DIGEST_ANNOTATION, Entry, MOUNTS, TOKEN_FILE, Volume,
    VolumeSource,
};
pub use assignment::{Assignee, Assignment, CloudIdentity, Identity, Pool, Recipient};
pub use cloud_context::CloudContext;
pub use controller::Controller;
pub use credentials::{Credentials, TrustOnly};
pub use fault::Fault;
pub use identities::{Identities, IdentityUse};
pub use installation::{Container, GOTK_COMPONENTS, GOTK_SYNC, Installation, MANAGER, ObjectKind, Part, Pod};
pub use issuer::{IssuerKind, UselessUrl, useless_url};
pub use local_path::{LocalPath, LocalPathFault};
pub use object_level::{AccountCredentials, ObjectLevel};
pub use overlay_form::{Emit, Install, OverlayForm, Restart};
pub use passthrough::{ForeignPatch, Passthrough, Target, TargetField};
pub use path::{OutputPath, PathFault};
pub use platform::Platform;
pub use policy::{Covered, Policy};
pub use provider::Provider;
pub use trust_need::{Missing, Need, ResourceIds, TrustScope};
pub use trust_output::{TrustForm, TrustOutput};
pub use trust_policy::{TrustPolicy, TrustSubjects, assume_roles_policy, oidc_provider};

/// All clusters of one source, and what each Flux controller gets there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fleet {
    /// The file name of the root source, such as `identity.flux`.
    pub source: String,
    /// The clusters, in the order in which the source declares them.
    pub clusters: Vec<Cluster>,
    /// The directories that all generated files stand below: the literal beginnings of the templates of their paths,
    /// relative to the directory of the source; empty for that directory itself.
    pub output_roots: BTreeSet<String>,
    /// Where a build writes trust, if it does.
    pub trust_output: Option<TrustOutput>,
    /// What the source demands, and what it lets pass.
    pub policies: BTreeSet<Policy>,
}

/// One cluster, and the overlay that is written for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    pub name: String,
    /// What it runs on.
    pub platform: Platform,
    /// The directory of its overlay, relative to that of the source.
    pub output: OutputPath,
    /// The namespace that Flux is installed in.
    pub namespace: kubernetes::DnsLabel,
    /// What is written for it.
    pub form: OverlayForm,
    /// Whether a change of identity restarts a controller.
    pub restart: Restart,
    /// What else the overlay holds.
    pub passthrough: Passthrough,
    /// What each controller gets; a controller that gets nothing is not in it. Boxed, for a map holds room for more than
    /// it has, and a fleet has a map for each cluster.
    pub credentials: BTreeMap<Controller, Box<Credentials>>,
    /// What ServiceAccounts get that objects of Flux name; nothing if none gets anything. Boxed, for few clusters have it.
    pub object_level: Option<Box<ObjectLevel>>,
    /// What clouds trust ServiceAccounts with besides, by `trust` statements.
    pub trusted: Vec<TrustOnly>,
    pub cloud_context: CloudContext,
    /// The values that were asked for, by their names; what it has no value of is not in it.
    pub values: BTreeMap<String, String>,
}
