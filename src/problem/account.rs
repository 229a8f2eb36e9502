//! What can be wrong with object-level identity: ServiceAccounts that objects of Flux name.

use crate::model::aws::MAX_SESSION_NAME;
use crate::model::flux::FluxVersion;
use crate::model::kubernetes::DnsLabelFault;
use crate::model::object_level::{FEATURE_GATE, MAX_ROLE, SINCE};
use crate::model::{AccountPart, Controller, GOTK_COMPONENTS};
use crate::problem::{Code, Finding, FindingHead, PrimaryPlace, ProblemKind};
use crate::span::Span;

/// Something is wrong with object-level identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountProblem {
    /// No ServiceAccount has such a name, or no namespace.
    Name {
        /// The namespace or the name, or the part of it that is wrong.
        at: Span,
        /// Which of the two.
        part: AccountPart,
        /// What is wrong with it.
        fault: DnsLabelFault,
    },
    /// The ServiceAccount is a controller's own.
    Controllers {
        /// Where it is mapped.
        at: Span,
        /// The controller.
        controller: Controller,
        /// The namespace of Flux.
        namespace: String,
    },
    /// Nothing reads an option at object level.
    UnreadOption {
        /// The option's value.
        at: Span,
        /// The option.
        option: &'static str,
        /// What the mapping says.
        asked_at: Span,
    },
    /// EKS Pod Identity is for controllers alone.
    PodIdentity {
        /// The word.
        at: Span,
        /// What the mapping says.
        asked_at: Span,
    },
    /// The tenant is left to a webhook, and Flux asks none.
    Webhook {
        /// The word.
        at: Span,
        /// What the mapping says.
        asked_at: Span,
    },
    /// A session name that AWS would refuse.
    SessionName {
        /// Where the ServiceAccount is mapped.
        at: Span,
        /// The name.
        name: String,
    },
    /// Nothing says the version of Flux.
    UnknownFlux {
        /// Where a ServiceAccount is mapped.
        at: Span,
    },
    /// The version of Flux has no object-level identity.
    OldFlux {
        /// Where a ServiceAccount is mapped.
        at: Span,
        /// The version.
        version: FluxVersion,
    },
    /// An installed controller has the feature gate in its arguments.
    GateAlreadyThere {
        /// Where a ServiceAccount is mapped.
        at: Span,
        /// The controller.
        controller: Controller,
        /// The argument.
        argument: String,
    },
    /// A generated directory is in another one, so that one of them is not applied.
    Within {
        /// The cluster of the inner one.
        at: Span,
        /// The inner one.
        inner: GeneratedDirectory,
        /// The cluster of the outer one.
        outer_at: Span,
        /// The outer one.
        outer: GeneratedDirectory,
    },
    /// The documentation calls it unstable.
    UnstableOnAks {
        /// What the mapping says.
        at: Span,
        /// Where the platform is named.
        named: Span,
    },
}

/// A directory of generated files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedDirectory {
    /// Its path.
    pub path: String,
    /// Whether it holds ServiceAccounts, and not an overlay.
    pub holds_accounts: bool,
}

impl GeneratedDirectory {
    /// What it is.
    const fn in_words(&self) -> &'static str {
        if self.holds_accounts { "the directory of ServiceAccounts" } else { "the directory of an overlay" }
    }

    /// The setting that it comes from.
    pub const fn setting(&self) -> &'static str {
        if self.holds_accounts { "service-accounts" } else { "output" }
    }
}

/// Why Flux does not take an identity that its cloud takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NarrowFault {
    /// There is too much behind `role/`: this many characters.
    Role(usize),
    /// The address of a Google service account is not that of a plain project.
    Email,
}

impl NarrowFault {
    pub(super) fn finding(self, head: FindingHead<'_>) -> Finding {
        let finding = |message: String| head.with_message(message);
        match self {
            NarrowFault::Role(length) => finding(format!(
                "at object level Flux takes {MAX_ROLE} characters behind `role/`, not {length}"
            ))
            .reason("the path and the name of the role")
            .help("shorten the path of the role"),
            NarrowFault::Email => finding("at object level Flux does not take this address".to_owned())
                .reason("not `ID@PROJECT.iam.gserviceaccount.com`, with a plain project")
                .help("take a service account that was made for this, in a project whose id has no domain"),
        }
        .note("Flux checks annotations of ServiceAccounts by patterns of its own, narrower than the cloud's")
    }
}

impl ProblemKind for AccountProblem {
    fn code(&self) -> Code {
        match self {
            AccountProblem::Name { .. } => Code::AccountName,
            AccountProblem::Controllers { .. } => Code::ControllersAccount,
            AccountProblem::UnreadOption { .. } => Code::UnreadOption,
            AccountProblem::PodIdentity { .. } => Code::PodIdentity,
            AccountProblem::Webhook { .. } => Code::WebhookElsewhere,
            AccountProblem::SessionName { .. } => Code::SessionName,
            AccountProblem::UnknownFlux { .. } => Code::UnknownFlux,
            AccountProblem::OldFlux { .. } => Code::OldFlux,
            AccountProblem::GateAlreadyThere { .. } => Code::GateAlreadyThere,
            AccountProblem::Within { .. } => Code::WithinAnother,
            AccountProblem::UnstableOnAks { .. } => Code::UnstableOnAks,
        }
    }

    fn place(&self) -> PrimaryPlace<'_> {
        match self {
            AccountProblem::Name { at, .. }
            | AccountProblem::Controllers { at, .. }
            | AccountProblem::UnreadOption { at, .. }
            | AccountProblem::PodIdentity { at, .. }
            | AccountProblem::Webhook { at, .. }
            | AccountProblem::SessionName { at, .. }
            | AccountProblem::UnknownFlux { at, .. }
            | AccountProblem::OldFlux { at, .. }
            | AccountProblem::GateAlreadyThere { at, .. }
            | AccountProblem::Within { at, .. }
            | AccountProblem::UnstableOnAks { at, .. } => PrimaryPlace::Source(*at),
        }
    }

    fn finding(&self) -> Finding {
        match self {
            AccountProblem::Name { part, fault, .. } => {
                let (what, letters, most) = match part {
                    AccountPart::Namespace => ("a namespace", "lower-case letters, digits and `-`", 63),
                    AccountPart::Name => ("a ServiceAccount", "lower-case letters, digits, `-` and `.`", 253),
                };
                let why = match fault {
                    DnsLabelFault::Empty => "it has no character".to_owned(),
                    DnsLabelFault::TooLong => format!("it has more than {most} characters"),
                    DnsLabelFault::Character => format!("{what} has only {letters} in its name"),
                    DnsLabelFault::Edge if *part == AccountPart::Namespace => {
                        "a letter or a digit is first and last".to_owned()
                    }
                    DnsLabelFault::Edge => "a letter or a digit is first and last, and beside each `.`".to_owned(),
                };
                self.with_message(format!("this is not the name of {what}"))
                    .reason(why)
                    .help("write the names that Kubernetes knows, as in `service-account payments/podinfo`")
            }
            AccountProblem::Controllers { controller, namespace, .. } => {
                let name = controller.name();
                let message = format!("`{namespace}/{name}` is the ServiceAccount of the controller itself");
                self.with_message(message)
                    .reason("not one that objects name")
                    .help(format!("map the controller: `{name} -> …`"))
            }
            AccountProblem::UnreadOption { option, asked_at, .. } => {
                let message = format!("nothing reads `{option}` at object level");
                self.with_message(message)
                    .reason("Flux asks for its tokens itself")
                    .label(*asked_at, "given to a ServiceAccount here")
                    .help(format!("remove `{option}`, or give the ServiceAccount a role of its own without it"))
            }
            AccountProblem::PodIdentity { asked_at, .. } => {
                self.with_message("there is no EKS Pod Identity at object level")
                    .reason("its agent knows pods, not objects")
                    .label(*asked_at, "given to a ServiceAccount here")
                    .help("remove `via = pod-identity`, or give the ServiceAccount a role of its own without it")
            }
            AccountProblem::Webhook { asked_at, .. } => {
                self.with_message("at object level no webhook is asked for the tenant")
                    .reason("left to a webhook")
                    .label(*asked_at, "this identity needs the tenant's id")
                    .help("write the id behind the client id: `{ tenant = \"…\" }`")
                    .note("Flux asks for the token itself, and wants the tenant on the ServiceAccount")
            }
            AccountProblem::SessionName { name, .. } => {
                let (length, most) = (name.len(), MAX_SESSION_NAME);
                let message =
                    format!("the session name would have {length} characters, and AWS takes {most}");
                self.with_message(message)
                    .reason(format!("`{name}`"))
                    .help("shorten the name of the ServiceAccount, or of its namespace")
                    .note("Flux makes the name of the session of both, and of the region")
            }
            AccountProblem::UnknownFlux { .. } => self.with_message("object-level identity needs the version of Flux, and nothing says it",
            )
            .reason("which controllers have it depends on the version")
            .help("write `flux = \"2.9\"`, or whichever version it is, in the cluster or in a profile that it uses")
            .help(format!("or commit `{GOTK_COMPONENTS}` beside the overlay, as `flux bootstrap` does")),
            AccountProblem::OldFlux { version, .. } => {
                self.with_message(format!("version {version} of Flux has no object-level identity"))
                    .reason(format!("Flux has it since {SINCE}"))
                    .help(format!("upgrade Flux to {SINCE}, or map the controllers instead"))
            }
            AccountProblem::GateAlreadyThere { controller, argument, .. } => {
                let message = format!("`{}` has the feature gate `{FEATURE_GATE}` already", controller.name());
                self.with_message(message)
                    .reason("the overlay sets it for this mapping")
                    .help(format!("remove `{argument}` from `{GOTK_COMPONENTS}` beside the overlay"))
                    .note("set twice, the last one counts, and nobody sees which that is")
            }
            AccountProblem::Within { at, inner, outer_at, outer } => {
                let message = format!("`{}` is in `{}`, {}", inner.path, outer.path, outer.in_words());
                let finding = self.with_message(message)
                    .reason(format!("`{}` would not be applied", inner.path));
                let finding =
                    if at == outer_at { finding } else { finding.label(*outer_at, "the outer one is of this cluster") };
                finding
                    .help("write another `service-accounts`: in no directory of generated files, and none in it")
                    .note("Flux looks into no directory below one that has a `kustomization.yaml`")
            }
            AccountProblem::UnstableOnAks { named, .. } => self.with_message("object-level identity of Azure is not stable on AKS",
            )
            .reason("a managed identity for a ServiceAccount")
            .label(*named, "the cluster runs here")
            .help("map the controllers instead, or allow this warning")
            .note("the Flux documentation says so: \"Azure\" under \"Integrations\", and fluxcd/flux2#5359"),
        }
    }
}
