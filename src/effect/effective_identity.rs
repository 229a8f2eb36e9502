//! The effective identity, and what keeps one from being effective.

use std::collections::BTreeMap;

use crate::model::{Provider, aws, azure, gcp};

/// The effective identities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// The identity of each cloud that the container `manager` will have, and the field that decides which it is.
    pub identities: BTreeMap<Provider, AttributedIdentity>,
    /// What keeps an identity from being used, or a pod from being made.
    pub obstacles: Vec<(Provider, Obstacle)>,
    /// What keeps a role of EKS Pod Identity from being used, besides what is in the environment.
    pub obstacle_to_association: Option<Obstacle>,
    /// What may hold variables that decide, and is not built: it is unknown which it has.
    pub unknown_sources: Vec<(Provider, Field)>,
    /// What happens to requests for credentials of AWS on their way, and what does it.
    pub diversions: Vec<(Diversion, Field)>,
    /// True if the requests of the container go to a proxy, as far as they are encrypted.
    pub has_proxy: bool,
    /// What says the tenant of the managed identity.
    pub tenant_by: Option<Field>,
    /// The authority host of Azure and what says it, unless the platform does.
    pub authority: Option<(String, Field)>,
}

/// An effective identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributedIdentity {
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
    /// What a provider of workload identities trusts, by its full name: the token of the ServiceAccount, for a Google service
    /// account or for the principal of the token itself.
    Federation { provider: String, impersonates: Option<String> },
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
    AccountName,
    /// A label of the pods, by its key.
    PodLabel(String),
    /// An annotation of the pods, by its key.
    PodAnnotation(String),
    /// A variable of the container `manager`, by its name.
    Variable(String),
    /// `envFrom` of the container `manager`, which takes the variables of this object.
    VariableSource { kind: &'static str, name: String },
    /// An argument of the container `manager`.
    Argument(String),
    /// `hostNetwork` of the pods.
    HostNetwork,
    /// A label of the nodes that the pods select, by its key.
    NodeSelector(&'static str),
    /// The node affinity of the pods.
    NodeAffinity,
    /// The volumes of the pods.
    Volumes,
    /// The volume that the container `manager` mounts at this path.
    Mount(String),
    /// Nothing says it: what the platform does without a word.
    Platform,
}

/// What keeps an identity from being used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obstacle {
    /// The overlay has no such ServiceAccount.
    NoAccount(String),
    /// The pods run as this ServiceAccount of this namespace, and the cloud is told to trust another.
    OtherAccount(String, String),
    /// Nothing gives an identity: the pods run as this ServiceAccount, which has none.
    NothingGiven(String),
    /// The pods have no container `manager`.
    NoManager,
    /// An annotation of the pods, by its key, tells the webhook to leave `manager` alone.
    Skipped(&'static str),
    /// The webhook does not see pods that have this label.
    SkippedPods(&'static str),
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
    /// Nothing is mounted at this path, or it has no such file: the credentials for Google Cloud.
    NoCredentialsFile(String),
    /// The credential configuration reads this file, in which no token is.
    NoTokenOfConfiguration(String),
    /// The token of the credential configuration has this audience, which is not its provider's.
    TokenOfOtherProvider(String),
    /// The annotation of the ServiceAccount asks for a token of this audience, which is not that of the source.
    AccountAudience(String),
    /// A variable gives the session this name, which STS refuses.
    SessionName(String),
    /// Of the variables that belong together these are missing.
    Missing(Vec<&'static str>),
    /// The container has other credentials of its own, which the library of AWS uses before EKS Pod Identity.
    OtherCredentials(EffectiveIdentity, Field),
    /// The pods use the network of their node, where the metadata server of GKE is not reached.
    HostNetwork,
    /// The pods select nodes without the metadata server of GKE; the value of its label.
    NoMetadataServer(String),
    /// The node affinity of the pods excludes all nodes with the metadata server of GKE.
    ExcludedMetadataServer,
    /// A variable sends requests for the metadata server to this host.
    OtherMetadataServer(String),
    /// A variable names this profile, and no file is mounted that could have it: the library of AWS fails.
    NoProfile(String),
    /// The pods have a volume of their own with this name, so that the webhook adds no token.
    ReservedVolume(&'static str),
    /// Another volume is mounted at this path, at which the webhook mounts its token: no pod is made.
    MountedTwice(&'static str),
    /// A variable names this region, which is not in the partition of the role.
    OtherPartition { variable: &'static str, region: String, partition: &'static str },
    /// A variable names this region, which AWS cannot have.
    NoRegion { variable: &'static str, region: String },
    /// The tokens are exchanged at this host, which is not that of the identity's cloud.
    OtherAuthority(String, Field),
}

/// What happens to a request for credentials of AWS.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Diversion {
    /// A variable sends requests for STS to this address, which is none of STS.
    Endpoint { variable: String, url: String },
    /// A variable names a file with certificates that is not mounted.
    NoCertificates { variable: String, path: String },
    /// A variable sends requests for the agent of EKS Pod Identity to this address.
    Agent { variable: String, url: String },
    /// Requests for the agent of EKS Pod Identity go to this proxy.
    Proxy { variable: String, url: String },
    /// A variable sends requests to the FIPS endpoint of STS. `region`: that of a variable.
    Fips { variable: String, region: Option<String> },
}

impl Diversion {
    /// The variable to blame.
    pub fn variable(&self) -> &str {
        match self {
            Diversion::Endpoint { variable, .. }
            | Diversion::NoCertificates { variable, .. }
            | Diversion::Agent { variable, .. }
            | Diversion::Proxy { variable, .. }
            | Diversion::Fips { variable, .. } => variable,
        }
    }

    /// Whether it concerns a role that comes by EKS Pod Identity, or else one that comes by STS.
    pub fn concerns(&self, has_association: bool) -> bool {
        match self {
            Diversion::Endpoint { .. } | Diversion::Fips { .. } => !has_association,
            Diversion::NoCertificates { .. } => true,
            Diversion::Agent { .. } | Diversion::Proxy { .. } => has_association,
        }
    }
}

impl Obstacle {
    /// The field that is in the way; nothing for what is missing.
    pub fn field(&self) -> Option<Field> {
        match self {
            Obstacle::Skipped(key) => Some(Field::PodAnnotation((*key).to_owned())),
            Obstacle::SkippedPods(key) => Some(Field::PodLabel((*key).to_owned())),
            Obstacle::NoLabel(_) => Some(Field::PodLabel(azure::USE_LABEL.to_owned())),
            Obstacle::Expiration(field, _)
            | Obstacle::OtherCredentials(_, field)
            | Obstacle::OtherAuthority(_, field) => Some(field.clone()),
            Obstacle::IdentityBinding => {
                Some(Field::PodAnnotation(azure::IDENTITY_BINDING_ANNOTATION.to_owned()))
            }
            Obstacle::AccountAudience(_) => {
                Some(Field::AccountAnnotation(aws::AUDIENCE_ANNOTATION.to_owned()))
            }
            Obstacle::NoToken(variable, _) | Obstacle::OtherAudience(variable, _) => {
                Some(Field::Variable(variable.clone()))
            }
            Obstacle::NoCredentialsFile(_)
            | Obstacle::NoTokenOfConfiguration(_)
            | Obstacle::TokenOfOtherProvider(_) => {
                Some(Field::Variable(gcp::CREDENTIALS_VARIABLE.to_owned()))
            }
            Obstacle::HostNetwork => Some(Field::HostNetwork),
            Obstacle::NoMetadataServer(_) => Some(Field::NodeSelector(gcp::METADATA_SERVER_LABEL)),
            Obstacle::ExcludedMetadataServer => Some(Field::NodeAffinity),
            Obstacle::OtherMetadataServer(_) => Some(Field::Variable(gcp::METADATA_HOST_VARIABLE.to_owned())),
            Obstacle::NoProfile(_) => Some(Field::Variable(aws::PROFILE_VARIABLE.to_owned())),
            Obstacle::SessionName(_) => Some(Field::Variable(aws::ROLE_SESSION_NAME_VARIABLE.to_owned())),
            Obstacle::OtherPartition { variable, .. } | Obstacle::NoRegion { variable, .. } => {
                Some(Field::Variable((*variable).to_owned()))
            }
            Obstacle::NoAccount(_)
            | Obstacle::OtherAccount(..)
            | Obstacle::NothingGiven(_)
            | Obstacle::NoClientId
            | Obstacle::NoManager
            | Obstacle::ReservedVolume(_)
            | Obstacle::MountedTwice(_)
            | Obstacle::Missing(_) => None,
        }
    }
}

impl Effect {
    pub(super) fn set(&mut self, provider: Provider, identity: EffectiveIdentity, by: Field) {
        self.identities.insert(provider, AttributedIdentity { identity, by });
    }

    pub(super) fn add_obstacle(&mut self, provider: Provider, obstacle: Obstacle) {
        self.obstacles.push((provider, obstacle));
    }

    /// What comes of it where EKS Pod Identity gives the role: its association comes before the annotation of the
    /// ServiceAccount, and what the container has of its own comes before both.
    /// Source: `buildPodPatchConfig` of aws/amazon-eks-pod-identity-webhook; the order of credential providers in the AWS
    /// SDKs and Tools Reference Guide.
    #[must_use]
    pub fn with_pod_identity(mut self) -> Effect {
        let without_account = |(provider, obstacle): &(Provider, Obstacle)| {
            *provider != Provider::Aws || matches!(obstacle, Obstacle::NoManager | Obstacle::NoProfile(_))
        };
        self.obstacles.retain(without_account);
        let own = self.obstacle_to_association.take();
        self.obstacles.extend(own.map(|obstacle| (Provider::Aws, obstacle)));
        match self.identities.remove(&Provider::Aws) {
            None | Some(AttributedIdentity { by: Field::AccountAnnotation(_), .. }) => {}
            Some(AttributedIdentity { identity, by }) => {
                self.add_obstacle(Provider::Aws, Obstacle::OtherCredentials(identity, by));
            }
        }
        self
    }

    /// The field that makes the effective identity another than the expected one.
    pub fn decided_by<'e>(
        &'e self,
        found: &'e AttributedIdentity,
        expected: &EffectiveIdentity,
    ) -> &'e Field {
        match (&found.identity, expected) {
            (EffectiveIdentity::ManagedIdentity(found_id, _), EffectiveIdentity::ManagedIdentity(id, _))
                if found_id == id =>
            {
                self.tenant_by.as_ref().unwrap_or(&found.by)
            }
            _ => &found.by,
        }
    }

    /// What stands in the way of an identity of this cloud.
    pub fn obstacles_to(&self, provider: Provider) -> impl Iterator<Item = &Obstacle> {
        self.obstacles.iter().filter(move |(of, _)| *of == provider).map(|(_, obstacle)| obstacle)
    }
}
