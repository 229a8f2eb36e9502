//! The fields of objects that set identities, and the identities of controllers.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::recipe::volumes;
use crate::model::aws::{self, RoleArn};
use crate::model::azure::GuidFault;
use crate::model::azure::{self, Guid};
use crate::model::gcp::{self, ServiceAccountEmail};
use crate::model::{Credentials, ObjectKind, Provider, Recipient, object_level};
use crate::span::Span;

/// Keys of identities. In a JSON pointer, `/` is written `~1`.
pub const KEYS: [&str; 10] = [
    aws::ROLE_ARN_ANNOTATION,
    "eks.amazonaws.com~1role-arn",
    "azure.workload.identity/",
    "azure.workload.identity~1",
    gcp::SERVICE_ACCOUNT_ANNOTATION,
    "iam.gke.io~1gcp-service-account",
    AAD_POD_IDENTITY,
    aws::ROLE_ARN_VARIABLE,
    azure::CLIENT_ID_VARIABLE,
    gcp::CREDENTIALS_VARIABLE,
];

/// Label of a pod that chose its identity before there was Azure Workload Identity.
/// Source: "Standard Walkthrough" of AAD Pod Identity.
pub const AAD_POD_IDENTITY: &str = "aadpodidbinding";

/// Annotation of pods with a digest of their identities, which `build` writes.
const DIGEST: &str = "flux-identity/digest";

/// The annotations of ServiceAccounts that name an identity, or configure its token.
const ANNOTATIONS: [&str; 7] = [
    aws::ROLE_ARN_ANNOTATION,
    aws::AUDIENCE_ANNOTATION,
    aws::TOKEN_EXPIRATION_ANNOTATION,
    azure::CLIENT_ID_ANNOTATION,
    azure::TENANT_ID_ANNOTATION,
    azure::TOKEN_EXPIRATION_ANNOTATION,
    gcp::SERVICE_ACCOUNT_ANNOTATION,
];

/// The variables that name an identity, or the file of its token.
const VARIABLES: [(&str, Provider); 9] = [
    (aws::REGION_VARIABLE, Provider::Aws),
    (aws::ROLE_ARN_VARIABLE, Provider::Aws),
    (aws::ROLE_SESSION_NAME_VARIABLE, Provider::Aws),
    (aws::TOKEN_FILE_VARIABLE, Provider::Aws),
    (azure::AUTHORITY_HOST_VARIABLE, Provider::Azure),
    (azure::CLIENT_ID_VARIABLE, Provider::Azure),
    (azure::TOKEN_FILE_VARIABLE, Provider::Azure),
    (azure::TENANT_ID_VARIABLE, Provider::Azure),
    (gcp::CREDENTIALS_VARIABLE, Provider::Gcp),
];

/// A field of an object that an identity depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IdentityKey {
    Annotation(&'static str),
    /// All annotations of the ServiceAccount are replaced.
    AllAnnotations,
    /// The field is removed.
    Removed(&'static str),
    /// The label of Azure Workload Identity on the object itself, where nothing reads it.
    Label(ObjectKind),
    PodLabel,
    Digest,
    /// The feature gate of object-level identity, as an argument of the container `manager`.
    Gate,
    /// The selector, which every Deployment of Flux has.
    Selector,
    /// A variable of the container `manager`.
    Variable(&'static str, Provider),
    Volume(&'static str, Provider),
    Mount(&'static str, Provider),
}

/// The provider of an identity, and how a controller gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdentityRoute {
    pub provider: Provider,
    /// True if a token of the cluster is exchanged, false if the platform provides it.
    pub is_federated: bool,
}

impl IdentityKey {
    pub fn annotation(kind: ObjectKind, name: &str) -> Option<IdentityKey> {
        let known = ANNOTATIONS.into_iter().find(|known| *known == name)?;
        (kind == ObjectKind::ServiceAccount).then_some(IdentityKey::Annotation(known))
    }

    pub fn label(kind: ObjectKind, name: &str) -> Option<IdentityKey> {
        (name == azure::USE_LABEL).then_some(IdentityKey::Label(kind))
    }

    pub fn pod_annotation(kind: ObjectKind, name: &str) -> Option<IdentityKey> {
        (kind == ObjectKind::Deployment && name == DIGEST).then_some(IdentityKey::Digest)
    }

    pub fn pod_label(kind: ObjectKind, name: &str) -> Option<IdentityKey> {
        (kind == ObjectKind::Deployment && name == azure::USE_LABEL).then_some(IdentityKey::PodLabel)
    }

    pub const fn name(self) -> &'static str {
        match self {
            IdentityKey::Annotation(name) | IdentityKey::Removed(name) => name,
            IdentityKey::AllAnnotations => "annotations",
            IdentityKey::Label(_) | IdentityKey::PodLabel => azure::USE_LABEL,
            IdentityKey::Digest => DIGEST,
            IdentityKey::Gate => object_level::FEATURE_GATE,
            IdentityKey::Selector => "app",
            IdentityKey::Variable(name, _) | IdentityKey::Volume(name, _) | IdentityKey::Mount(name, _) => {
                name
            }
        }
    }

    /// A variable of the container `manager`.
    pub fn variable(name: &str) -> Option<IdentityKey> {
        let (name, provider) = VARIABLES.into_iter().find(|(known, _)| *known == name)?;
        Some(IdentityKey::Variable(name, provider))
    }

    pub fn volume(name: &str) -> Option<IdentityKey> {
        let (name, provider) = volumes().find(|(known, _)| *known == name)?;
        Some(IdentityKey::Volume(name, provider))
    }

    /// Where a volume of a token is mounted.
    pub fn mount(name: &str) -> Option<IdentityKey> {
        let (name, provider) = volumes().find(|(known, _)| *known == name)?;
        Some(IdentityKey::Mount(name, provider))
    }

    pub fn route(self) -> Option<IdentityRoute> {
        let route = |is_federated| move |provider| IdentityRoute { provider, is_federated };
        match self {
            IdentityKey::Annotation(name) => provider(name).map(route(false)),
            IdentityKey::Label(_) | IdentityKey::PodLabel => Some(route(false)(Provider::Azure)),
            IdentityKey::Variable(_, provider)
            | IdentityKey::Volume(_, provider)
            | IdentityKey::Mount(_, provider) => Some(route(true)(provider)),
            IdentityKey::AllAnnotations
            | IdentityKey::Removed(_)
            | IdentityKey::Digest
            | IdentityKey::Gate
            | IdentityKey::Selector => None,
        }
    }

    /// True for a field of an identity, or the digest of one.
    pub fn is_of_identity(self) -> bool {
        self.route().is_some() || self == IdentityKey::Digest
    }
}

fn provider(annotation: &str) -> Option<Provider> {
    if annotation.starts_with("eks.") {
        Some(Provider::Aws)
    } else if annotation.starts_with("azure.") {
        Some(Provider::Azure)
    } else if annotation.starts_with("iam.gke.") {
        Some(Provider::Gcp)
    } else {
        None
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    pub provider: Provider,
    /// Its name at the provider; `None` for the principal of the ServiceAccount on Google Cloud.
    pub value: Option<String>,
    /// Its tenant; `None` for that of the webhook, and for other providers.
    pub tenant: Option<String>,
    /// The audience of its token, if it is set.
    pub audience: Option<String>,
    /// The lifetime of its token, if it is set.
    pub token_expiration: Option<String>,
}

/// The effective values of one controller.
#[derive(Clone, Debug, Default)]
pub struct ObservedValues {
    /// Values and places.
    pub by_key: BTreeMap<IdentityKey, (String, Span)>,
    /// The places of annotations that a later patch sets to something else.
    pub overridden: BTreeSet<Span>,
}

/// Why the values of a controller are not an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoIdentity {
    /// A value is invalid.
    Value { key: &'static str, value: String, is_placeholder: bool, at: Span },
    /// The pods lack the label without which the webhook does nothing.
    NoPodLabel { at: Span },
}

impl ObservedValues {
    fn get(&self, key: &'static str) -> Option<&(String, Span)> {
        self.by_key.get(&IdentityKey::Annotation(key))
    }

    /// A variable of the container `manager`.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.federated(name).map(|(value, _)| value.as_str())
    }

    /// A variable of the container `manager`, and its place.
    pub fn federated(&self, name: &str) -> Option<&(String, Span)> {
        self.by_key.get(&IdentityKey::variable(name)?)
    }

    /// The annotation that names an identity of a provider, and its place.
    pub fn native(&self, provider: Provider) -> Option<&(String, Span)> {
        self.get(main_key(provider))
    }

    /// The place of the annotation that names an identity of a provider.
    pub fn named(&self, provider: Provider) -> Option<Span> {
        self.native(provider).map(|(_, at)| *at)
    }

    /// True if the pods have the digest of the principal of their ServiceAccount on GKE, which adds nothing else.
    pub fn is_direct(&self) -> bool {
        let direct = Credentials { gcp: Some(gcp::CredentialSource::Direct), ..Credentials::default() };
        self.by_key.get(&IdentityKey::Digest).is_some_and(|(digest, _)| *digest == direct.digest())
    }

    /// The identity of a provider, if one is named.
    pub fn identity(&self, provider: Provider) -> Option<Result<Identity, NoIdentity>> {
        let (value, at) = self.get(main_key(provider))?;
        let bad = |key: &'static str, value: &str, at: Span, is_placeholder: bool| {
            // Others fill such things in later, or meant to.
            let is_placeholder = is_placeholder || value.contains("${") || value.contains("{{");
            Err(NoIdentity::Value { key, value: value.to_owned(), is_placeholder, at })
        };
        let mut identity = Identity { value: Some(value.clone()), ..Identity::direct(provider) };
        let main = main_key(provider);
        let result = match provider {
            Provider::Aws => match RoleArn::parse(value) {
                Ok(_) => self.aws(&mut identity),
                Err(fault) => {
                    return Some(bad(main, value, *at, fault.kind == aws::RoleArnFault::Placeholder));
                }
            },
            Provider::Azure => match Guid::parse(value) {
                Ok(_) => self.azure(&mut identity, *at),
                Err(fault) => return Some(bad(main, value, *at, fault.kind == GuidFault::Placeholder)),
            },
            Provider::Gcp => match ServiceAccountEmail::parse(value) {
                Ok(_) => Ok(()),
                Err(fault) => {
                    return Some(bad(main, value, *at, fault.kind == gcp::EmailFault::Placeholder));
                }
            },
        };
        Some(result.map(|()| identity))
    }

    fn aws(&self, identity: &mut Identity) -> Result<(), NoIdentity> {
        identity.audience = self.option(aws::AUDIENCE_ANNOTATION, aws::is_audience)?;
        identity.token_expiration =
            self.option(aws::TOKEN_EXPIRATION_ANNOTATION, |text| is_seconds(text, &aws::TOKEN_EXPIRATION))?;
        Ok(())
    }

    fn azure(&self, identity: &mut Identity, at: Span) -> Result<(), NoIdentity> {
        let is_true = |key| self.by_key.get(&key).is_some_and(|(value, _)| value == "true");
        if !is_true(IdentityKey::PodLabel) {
            return Err(NoIdentity::NoPodLabel { at });
        }
        identity.tenant = self.option(azure::TENANT_ID_ANNOTATION, |text| Guid::parse(text).is_ok())?;
        identity.token_expiration = self
            .option(azure::TOKEN_EXPIRATION_ANNOTATION, |text| is_seconds(text, &azure::TOKEN_EXPIRATION))?;
        Ok(())
    }

    fn option(
        &self,
        key: &'static str,
        is_right: impl Fn(&str) -> bool,
    ) -> Result<Option<String>, NoIdentity> {
        match self.get(key) {
            None => Ok(None),
            Some((value, _)) if is_right(value) => Ok(Some(value.clone())),
            Some((value, at)) => {
                Err(NoIdentity::Value { key, value: value.clone(), is_placeholder: false, at: *at })
            }
        }
    }
}

/// The annotation that names an identity of a provider.
pub const fn main_key(provider: Provider) -> &'static str {
    match provider {
        Provider::Aws => aws::ROLE_ARN_ANNOTATION,
        Provider::Azure => azure::CLIENT_ID_ANNOTATION,
        Provider::Gcp => gcp::SERVICE_ACCOUNT_ANNOTATION,
    }
}

fn is_seconds(text: &str, range: &std::ops::RangeInclusive<u32>) -> bool {
    text.parse().is_ok_and(|seconds| range.contains(&seconds)) && !text.starts_with(['+', '0'])
}

impl Identity {
    pub const fn direct(provider: Provider) -> Identity {
        Identity { provider, value: None, tenant: None, audience: None, token_expiration: None }
    }
}

/// The identities of controllers and ServiceAccounts.
pub type Identities = BTreeMap<Recipient, Vec<Identity>>;
