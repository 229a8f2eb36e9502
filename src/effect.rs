//! The identity that the pods of a controller will have: a pure function of the objects that an overlay builds.
//!
//! A webhook changes the environment of the container `manager` when a pod is made (`environment`); the libraries of each
//! cloud then read that environment (`reading`). What stands in the way is an [`Obstacle`]. Keys that nothing reads are
//! found by [`unread_keys`], arguments that make an identity useless by [`argument_faults`].

mod arguments;
mod environment;
mod expected;
mod keys;
mod pod;
mod reading;

use std::collections::BTreeMap;

pub use arguments::{ArgumentFault, argument_faults};
pub use expected::expected;
pub use keys::{KeyPlace, UnreadKey, unread_keys};
pub use pod::{Account, Workload};

use crate::effect::environment::Environment;
use crate::model::{Platform, Provider};

/// The identities in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// The identity of each cloud that the container `manager` will have, and the field that decides which it is.
    pub identities: BTreeMap<Provider, InForce>,
    /// What keeps an identity from being used, or a pod from being made.
    pub obstacles: Vec<(Provider, Obstacle)>,
}

/// An identity in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// The identity.
    pub identity: EffectiveIdentity,
    /// The field that says so.
    pub by: Field,
}

/// What the library of a cloud will authenticate as.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EffectiveIdentity {
    /// An IAM role, by a token of the ServiceAccount; its ARN.
    Role(String),
    /// An access key of AWS in the environment.
    AccessKey,
    /// A managed identity, by its client id, and its tenant; `None` for the tenant of the webhook.
    ManagedIdentity(String, Option<String>),
    /// A client secret or certificate of Azure in the environment.
    ClientSecret,
    /// A Google service account, by its e-mail address.
    GoogleAccount(String),
    /// The Kubernetes ServiceAccount itself, in its pool.
    Principal,
    /// The credential configuration that this source generates.
    GeneratedConfiguration,
    /// A credential file, by its path.
    CredentialFile(String),
    /// Something that a Secret, a `ConfigMap` or a field of the pod holds.
    Unknown,
}

/// A field of an object that has a say in the identity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// An annotation of the ServiceAccount, by its key.
    AccountAnnotation(String),
    /// The name of the ServiceAccount that the pods run as.
    AccountName(String),
    /// A label of the pods, by its key.
    PodLabel(String),
    /// An annotation of the pods, by its key.
    PodAnnotation(String),
    /// A variable of the container `manager`, by its name.
    Variable(String),
    /// A volume mount of the container `manager`, by its directory.
    Mount(String),
    /// Nothing says it: what the platform does without a word.
    Platform,
}

/// What keeps an identity from being used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obstacle {
    /// The overlay has no such ServiceAccount.
    NoAccount(String),
    /// The pods have no container `manager`.
    NoManager,
    /// An annotation of the pods, by its key, tells the webhook to leave `manager` alone.
    Skipped(&'static str),
    /// The pods lack the label that the webhook wants, or have another value than `true`.
    NoLabel(Option<String>),
    /// The label is there, and the ServiceAccount names no client id.
    NoClientId,
    /// The lifetime of the token, which the webhook refuses: no pod is made.
    Expiration(Field, String),
    /// The pod asks for a token of another audience.
    IdentityBinding,
    /// A variable names a file in which no token for this cloud is: the variable, and the file.
    NoToken(String, String),
    /// The token in that file has another audience: the variable, and the audience.
    OtherAudience(String, String),
    /// Of the variables that belong together these are missing.
    Missing(Vec<&'static str>),
}

/// The identities that the pods of a workload will have on a platform.
pub fn effect(platform: Platform, workload: &Workload<'_>) -> Effect {
    let mut effect = Effect::default();
    let Some(manager) = workload.manager() else {
        effect.obstacles.extend(platform.native_provider().map(|provider| (provider, Obstacle::NoManager)));
        return effect;
    };
    let mut environment = Environment::new(&manager, workload);
    match platform {
        Platform::Eks => environment.mutate_on_eks(workload, &mut effect),
        Platform::Aks => environment.mutate_on_aks(workload, &mut effect),
        Platform::Gke | Platform::Kubernetes => {}
    }
    environment.read_aws(&mut effect);
    environment.read_azure(&mut effect);
    environment.read_gcp(platform, workload, &mut effect);
    effect
}

impl Effect {
    fn set(&mut self, provider: Provider, identity: EffectiveIdentity, by: Field) {
        self.identities.insert(provider, InForce { identity, by });
    }

    fn add_obstacle(&mut self, provider: Provider, obstacle: Obstacle) {
        self.obstacles.push((provider, obstacle));
    }

    /// What stands in the way of an identity of this cloud.
    pub fn obstacles_to(&self, provider: Provider) -> impl Iterator<Item = &Obstacle> {
        self.obstacles.iter().filter(move |(of, _)| *of == provider).map(|(_, obstacle)| obstacle)
    }
}
