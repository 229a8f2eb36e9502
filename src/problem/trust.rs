//! What is not said that a cloud must be told.

use crate::problem::{Code, Finding};
use crate::span::Span;

/// Something that trust needs is not said, or is so that a cloud does not take it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrustProblem {
    /// A setting of a cluster.
    MissingSetting {
        /// The cluster.
        at: Span,
        /// The setting.
        setting: &'static str,
    },
    /// The resource id of a managed identity.
    MissingResourceId {
        /// The identity.
        at: Span,
        /// Its client id.
        identity: String,
    },
    /// One managed identity has two resource ids.
    TwoResourceIds {
        /// The identity.
        at: Span,
        /// Its client id.
        identity: String,
        /// The other resource id.
        other: String,
    },
    /// Two managed identities have one resource id.
    SharedResourceId {
        /// One of them.
        at: Span,
        /// Its client id.
        identity: String,
        /// The client id of the other.
        other: String,
    },
    /// An issuer with a port, and a role that is to trust its tokens.
    IssuerWithPort {
        /// The cluster.
        at: Span,
        /// The issuer.
        issuer: String,
    },
    /// A subject that is too long for Google Cloud.
    LongSubject {
        /// The identity.
        at: Span,
        /// The subject.
        subject: String,
    },
}

impl TrustProblem {
    /// The problem in words.
    pub fn finding(&self) -> Finding {
        match self {
            TrustProblem::MissingSetting { at, setting } => {
                let (why, where_from) = match *setting {
                    "issuer" => ("its tokens are trusted by their issuer", ISSUER),
                    "project" => ("its ServiceAccounts are in the pool of its project", PROJECT),
                    _ => ("principals name the project by its number", NUMBER),
                };
                Finding::at(
                    Code::TrustNeedsSetting,
                    *at,
                    format!("trust needs the `{setting}` of this cluster"),
                )
                .because(why)
                .help(format!("say it: `{setting} = \"…\"`"))
                .note(where_from)
            }
            TrustProblem::MissingResourceId { at, identity } => {
                let message = format!("trust needs the resource id of the managed identity `{identity}`");
                Finding::at(Code::TrustNeedsResourceId, *at, message)
                    .because("Azure Resource Manager knows it by that alone")
                    .help("say it here, or where else the identity stands: `{ resource-id = \"/subscriptions/…\" }`")
                    .note("`az identity list` tells it as `id`")
            }
            TrustProblem::TwoResourceIds { at, identity, other } => {
                let message = format!("the managed identity `{identity}` has two resource ids");
                Finding::at(Code::TwoResourceIds, *at, message)
                    .because(format!("elsewhere it is `{other}`"))
                    .help("say the right one in both places, or in one")
            }
            TrustProblem::SharedResourceId { at, identity, other } => {
                let message = format!("the managed identity `{identity}` has the resource id of another");
                Finding::at(Code::SharedResourceId, *at, message)
                    .because(format!("elsewhere it is that of `{other}`"))
                    .help("say the right one of each")
                    .note("`az identity list` tells both, as `clientId` and `id`")
            }
            TrustProblem::IssuerWithPort { at, issuer } => Finding::at(
                Code::IssuerWithPort,
                *at,
                format!("no AWS account takes the issuer `{issuer}`, for it names a port"),
            )
            .because("a role of AWS is to trust its tokens")
            .help("publish the issuer of this cluster at the port 443, or give it no roles of AWS"),
            TrustProblem::LongSubject { at, subject } => {
                let message = format!("the subject `{subject}` has more than 127 characters");
                Finding::at(Code::LongSubject, *at, message)
                    .because("Google Cloud is to know a ServiceAccount by it")
                    .help("give the ServiceAccount or its namespace a shorter name")
            }
        }
    }
}

const ISSUER: &str = "`kubectl get --raw /.well-known/openid-configuration` tells it as `issuer`";
const PROJECT: &str = "`gcloud projects list` tells it as `PROJECT_ID`";
const NUMBER: &str = "`gcloud projects list` tells it as `PROJECT_NUMBER`";
