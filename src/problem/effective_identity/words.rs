//! Fields and identities of an effect, in words.

use crate::effect::{EffectiveIdentity, Field};
use crate::model::MANAGER;
use crate::problem::Finding;
use crate::span::Span;

/// What sets a field, if it is not generated from the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetBy {
    /// The file, with the line in it, in words.
    pub place: String,
    /// The path in the statement of the source that brings it in, and the word of that statement, if it is one.
    pub at: Option<(Span, &'static str)>,
}

/// Says what sets a field. `what`: the field.
pub fn with_setter(finding: Finding, what: &str, by: Option<&SetBy>) -> Finding {
    with_origin(finding, &format!("{what} is set"), by)
}

/// Says where something is done. `what`: what is done to which field, as a clause in the passive.
pub fn with_origin(finding: Finding, what: &str, by: Option<&SetBy>) -> Finding {
    let Some(SetBy { place, at }) = by else { return finding };
    let finding = finding.note(format!("{what} by {place}"));
    match at {
        Some((at, statement)) => finding.label(*at, format!("set by this {statement}")),
        None => finding,
    }
}

pub fn describe_identity(identity: &EffectiveIdentity) -> String {
    match identity {
        EffectiveIdentity::Role(arn) => format!("the IAM role `{arn}`"),
        EffectiveIdentity::AccessKey => "an access key of AWS".to_owned(),
        EffectiveIdentity::ManagedIdentity(client, None) => format!("the managed identity `{client}`"),
        EffectiveIdentity::ManagedIdentity(client, Some(tenant)) => {
            format!("the managed identity `{client}` of the tenant `{tenant}`")
        }
        EffectiveIdentity::ClientSecret => "a secret, a certificate or a password of Azure".to_owned(),
        EffectiveIdentity::GoogleAccount(email) => format!("the Google service account `{email}`"),
        EffectiveIdentity::Principal => "the principal of the ServiceAccount".to_owned(),
        EffectiveIdentity::Federation { provider, impersonates: None } => {
            format!("the principal of the ServiceAccount by the provider `{provider}`")
        }
        EffectiveIdentity::Federation { provider, impersonates: Some(email) } => {
            format!("the Google service account `{email}` by the provider `{provider}`")
        }
        EffectiveIdentity::CredentialFile(path) => format!("the credential file `{path}`"),
        EffectiveIdentity::Unknown => "an identity from a Secret or a ConfigMap".to_owned(),
    }
}

pub fn describe_field(field: &Field) -> String {
    match field {
        Field::AccountAnnotation(key) => format!("the annotation `{key}` of the ServiceAccount"),
        Field::AccountName => "`serviceAccountName` of the pods".to_owned(),
        Field::PodLabel(key) => format!("the label `{key}` of the pods"),
        Field::PodAnnotation(key) => format!("the annotation `{key}` of the pods"),
        Field::Variable(name) => format!("the variable `{name}` of the container `{MANAGER}`"),
        Field::VariableSource { kind, name } => {
            format!("`envFrom` of the container `{MANAGER}` with the {kind} `{name}`")
        }
        Field::Argument(argument) => format!("the argument `{argument}` of the container `{MANAGER}`"),
        Field::HostNetwork => "`hostNetwork` of the pods".to_owned(),
        Field::NodeSelector(key) => format!("the node selector `{key}` of the pods"),
        Field::NodeAffinity => "the node affinity of the pods".to_owned(),
        Field::Volumes => "`volumes` of the pods".to_owned(),
        Field::Mount(directory) => format!("the volume at `{directory}`"),
        Field::Platform => "the platform".to_owned(),
    }
}
