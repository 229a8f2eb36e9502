//! What is not said that a cloud must be told.

use crate::problem::{Code, Finding, PrimaryPlace, ProblemKind, more};
use crate::span::Span;

/// Something that trust needs is not said, or is so that a cloud does not take it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrustProblem {
    /// A setting of a cluster, or of several that one statement names.
    MissingSetting {
        /// The first cluster.
        at: Span,
        /// The others.
        others: Vec<Span>,
        /// The setting.
        setting: &'static str,
    },
    /// The resource id of a managed identity.
    MissingResourceId {
        /// Where the identity stands first.
        at: Span,
        /// Where else.
        others: Vec<Span>,
        /// Its client id.
        identity: String,
    },
    /// One managed identity has two resource ids.
    TwoResourceIds {
        /// Where the identity stands first.
        at: Span,
        /// Its client id.
        identity: String,
        /// The resource id that it has there.
        resource_id: String,
        /// Where it has others, and which.
        others: Vec<(Span, String)>,
    },
    /// Managed identities have one resource id.
    SharedResourceId {
        /// The first of them.
        at: Span,
        /// Its client id.
        identity: String,
        /// The others, and their client ids.
        others: Vec<(Span, String)>,
    },
    /// An issuer with a port, and a role that is to trust its tokens.
    IssuerWithPort {
        /// The first cluster that has it.
        at: Span,
        /// The others of its statement.
        others: Vec<Span>,
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

impl ProblemKind for TrustProblem {
    fn code(&self) -> Code {
        match self {
            TrustProblem::MissingSetting { .. } => Code::TrustNeedsSetting,
            TrustProblem::MissingResourceId { .. } => Code::TrustNeedsResourceId,
            TrustProblem::TwoResourceIds { .. } => Code::TwoResourceIds,
            TrustProblem::SharedResourceId { .. } => Code::SharedResourceId,
            TrustProblem::IssuerWithPort { .. } => Code::IssuerWithPort,
            TrustProblem::LongSubject { .. } => Code::LongSubject,
        }
    }

    fn place(&self) -> PrimaryPlace<'_> {
        match self {
            TrustProblem::MissingSetting { at, .. }
            | TrustProblem::MissingResourceId { at, .. }
            | TrustProblem::TwoResourceIds { at, .. }
            | TrustProblem::SharedResourceId { at, .. }
            | TrustProblem::IssuerWithPort { at, .. }
            | TrustProblem::LongSubject { at, .. } => PrimaryPlace::Source(*at),
        }
    }

    fn finding(&self) -> Finding {
        match self {
            TrustProblem::MissingSetting { others, setting, .. } => {
                let (why, where_from) = match *setting {
                    "issuer" => ("its tokens are trusted by their issuer", ISSUER),
                    "project" => ("its ServiceAccounts are in the pool of its project", PROJECT),
                    _ => ("principals name the project by its number", NUMBER),
                };
                let these = if others.is_empty() { "this cluster" } else { "these clusters" };
                let message = format!("trust needs the `{setting}` of {these}");
                let finding = self.with_message(message).reason(why);
                let finding = label_clusters(finding, others);
                // No two clusters have one issuer, and what a statement says all its clusters have.
                let finding = if *setting == "issuer" && !others.is_empty() {
                    finding.help("give each a statement of its own that says it: `issuer = \"…\"`")
                } else {
                    finding.help(format!("say it: `{setting} = \"…\"`"))
                };
                finding.note(where_from)
            }
            TrustProblem::MissingResourceId { others, identity, .. } => {
                let message = format!("trust needs the resource id of the managed identity `{identity}`");
                let finding =
                    self.with_message(message).reason("Azure Resource Manager knows it by that alone");
                label_places(finding, others.iter().map(|at| (*at, "it stands here too".to_owned())))
                    .help("say it in one place where the identity stands: `{ resource-id = \"/subscriptions/…\" }`")
                    .note("`az identity list` tells it as `id`")
            }
            TrustProblem::TwoResourceIds { identity, resource_id, others, .. } => {
                let message = format!("the managed identity `{identity}` has two resource ids");
                let finding = self.with_message(message).reason(format!("here it is `{resource_id}`"));
                label_places(finding, others.iter().map(|(at, other)| (*at, format!("and here `{other}`"))))
                    .help("say the right one in both places, or in one")
                    .note("`az identity list` tells it as `id`")
            }
            TrustProblem::SharedResourceId { identity, others, .. } => {
                let message = format!("the managed identity `{identity}` has the resource id of another");
                let finding = self.with_message(message).reason("this resource id");
                label_places(
                    finding,
                    others.iter().map(|(at, other)| (*at, format!("and here `{other}` has it"))),
                )
                .help("say the right one of each")
                .note("`az identity list` tells both, as `clientId` and `id`")
            }
            TrustProblem::IssuerWithPort { others, issuer, .. } => {
                let message = format!("no AWS account takes the issuer `{issuer}`, for it names a port");
                let finding = self.with_message(message).reason("a role of AWS is to trust its tokens");
                label_clusters(finding, others)
                    .help("publish the issuer at the port 443, or give the cluster no roles of AWS")
            }
            TrustProblem::LongSubject { subject, .. } => {
                let message = format!("the subject `{subject}` has more than 127 characters");
                self.with_message(message)
                    .reason("Google Cloud is to know a ServiceAccount by it")
                    .help("give the ServiceAccount or its namespace a shorter name")
            }
        }
    }
}

/// How many more places are shown.
const MOST_SHOWN: usize = 2;

/// Shows some more places.
fn label_places(finding: Finding, places: impl Iterator<Item = (Span, String)>) -> Finding {
    places.take(MOST_SHOWN).fold(finding, |finding, (at, text)| finding.label(at, text))
}

/// Shows some more clusters, and says how many more there are.
fn label_clusters(finding: Finding, others: &[Span]) -> Finding {
    let finding = label_places(finding, others.iter().map(|at| (*at, "and of this one".to_owned())));
    match others.len().saturating_sub(MOST_SHOWN) {
        0 => finding,
        rest => finding.note(format!("the same of {}", more(rest, "cluster"))),
    }
}

const ISSUER: &str = "`kubectl get --raw /.well-known/openid-configuration` tells it as `issuer`";
const PROJECT: &str = "`gcloud projects list` tells it as `PROJECT_ID`";
const NUMBER: &str = "`gcloud projects list` tells it as `PROJECT_NUMBER`";
