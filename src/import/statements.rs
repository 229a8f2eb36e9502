//! What a source says, as small things that are alike or not.

use crate::import::identity::{Identity, Recipient};
use crate::import::objects::Target;
use crate::model::Platform;

/// What a block, or the file itself, says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Statement {
    /// A setting.
    Setting(Setting, Value),
    /// A role, and its identity.
    Role(String, Identity),
    /// Who gets roles, or the identities themselves.
    Mapping(Recipient, Vec<MappingTarget>),
    /// A resource.
    Resource(String),
    /// A component.
    Component(String),
    /// A patch, and what it is for.
    Patch(String, Target),
}

/// What a controller gets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MappingTarget {
    /// A role, by name.
    Role(String),
    /// An identity, written out.
    Identity(Identity),
}

/// A setting, in the order in which they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setting {
    /// Where the overlay goes.
    Output,
    /// What is written.
    Emit,
    /// What is installed beside it.
    Install,
    /// Whether changes restart controllers.
    Restart,
    /// The namespace of Flux.
    Namespace,
    /// The tenant of managed identities.
    Tenant,
    /// The account of the cluster.
    Account,
    /// The project of the cluster.
    Project,
    /// The region of the STS endpoint.
    Region,
    /// Which Azure cloud managed identities are in.
    AzureCloud,
    /// Who trusts the cluster for Google Cloud.
    WorkloadIdentityProvider,
    /// The version of Flux.
    Flux,
    /// Where ServiceAccounts go that objects of Flux name.
    ServiceAccounts,
}

/// What a setting is set to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Text, in quotes.
    Text(String),
    /// A word.
    Word(&'static str),
}

impl Setting {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Setting::Output => "output",
            Setting::Emit => "emit",
            Setting::Install => "install",
            Setting::Restart => "restart",
            Setting::Namespace => "namespace",
            Setting::Tenant => "tenant",
            Setting::Account => "account",
            Setting::Project => "project",
            Setting::Region => "region",
            Setting::AzureCloud => "azure-cloud",
            Setting::WorkloadIdentityProvider => "workload-identity-provider",
            Setting::Flux => "flux",
            Setting::ServiceAccounts => "service-accounts",
        }
    }

    /// What it is where nothing says it; nothing where it is nothing then.
    pub fn default(self, emits_component: bool) -> Option<Value> {
        match self {
            Setting::Output if emits_component => {
                Some(Value::Text("clusters/${cluster}/flux-system/identity".to_owned()))
            }
            Setting::Output => Some(Value::Text("clusters/${cluster}/flux-system".to_owned())),
            Setting::Emit => Some(Value::Word("overlay")),
            Setting::Install => Some(Value::Word("bootstrap")),
            Setting::Restart => Some(Value::Word("by-hand")),
            Setting::Namespace => Some(Value::Text("flux-system".to_owned())),
            Setting::AzureCloud => Some(Value::Word("public")),
            Setting::ServiceAccounts => Some(Value::Text("clusters/${cluster}/service-accounts".to_owned())),
            Setting::Tenant
            | Setting::Account
            | Setting::Project
            | Setting::Region
            | Setting::WorkloadIdentityProvider
            | Setting::Flux => None,
        }
    }
}

/// A source, before it is text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// What holds for all clusters.
    pub file: Vec<Statement>,
    /// What some of them have in common.
    pub profiles: Vec<Block>,
    /// The clusters.
    pub clusters: Vec<Clusters>,
}

/// A profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its name.
    pub name: String,
    /// What it says.
    pub says: Vec<Statement>,
}

/// Clusters that are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clusters {
    /// Their names.
    pub names: Vec<String>,
    /// What they run on.
    pub platform: Platform,
    /// The profiles that they use.
    pub uses: Vec<String>,
    /// What else they say.
    pub says: Vec<Statement>,
}
