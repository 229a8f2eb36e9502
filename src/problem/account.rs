//! Problems of object-level identity: ServiceAccounts that Flux objects name.

use crate::model::aws::MAX_SESSION_NAME;
use crate::model::flux::FluxVersion;
use crate::model::kubernetes::DnsLabelFault;
use crate::model::object_level::{FEATURE_GATE, MAX_ROLE, SINCE};
use crate::model::{AccountPart, Controller, GOTK_COMPONENTS};
use crate::problem::{
    Code, Finding, FindingHead, InstallationPlace, PrimaryPlace, ProblemKind, coded, problems, with, worded,
};
use crate::span::Span;

problems! {
    (head, at)
    /// A problem of object-level identity.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum AccountProblem {
        Name { part: AccountPart, fault: DnsLabelFault } => AccountName, {
            let (what, letters, most) = match part {
                AccountPart::Namespace => ("a namespace", "lower-case letters, digits and `-`", 63),
                AccountPart::Name => ("a ServiceAccount", "lower-case letters, digits, `-` and `.`", 253),
            };
            let why = match fault {
                DnsLabelFault::Empty => "the name is empty".to_owned(),
                DnsLabelFault::TooLong => format!("the name has more than {most} characters"),
                DnsLabelFault::Character => format!("the name of {what} contains only {letters}"),
                DnsLabelFault::Edge if *part == AccountPart::Namespace => {
                    "the name must start and end with a letter or digit".to_owned()
                }
                DnsLabelFault::Edge => {
                    "each part between `.` must start and end with a letter or digit".to_owned()
                }
            };
            head.with_message(format!("invalid name of {what}")).reason(why).help(
                "write a name that is valid in Kubernetes, as in `service-account payments/podinfo`",
            )
        };
        Controllers { controller: Controller, namespace: String } => ControllersAccount:
            "`{namespace}/{}` is the controller's own ServiceAccount" (controller.name())
            .reason("this ServiceAccount belongs to the controller")
            .help("map the controller: `{} -> …`", controller.name());
        UnreadOption { option: &'static str, asked_at: Span } => UnreadOption:
            "`{option}` has no effect at object level"
            .reason("Flux requests these tokens itself")
            .label(*asked_at, "mapped to a ServiceAccount here")
            .help("remove `{option}`, or give the ServiceAccount a separate role without it");
        PodIdentity { asked_at: Span } => PodIdentity: "`via = pod-identity` is not available at object level"
            .reason("its agent serves pods, not Flux objects")
            .label(*asked_at, "mapped to a ServiceAccount here")
            .help("remove `via = pod-identity`, or give the ServiceAccount a separate role without it");
        Webhook { asked_at: Span } => WebhookElsewhere: "`tenant = webhook` is not available at object level"
            .reason("no webhook is involved here")
            .label(*asked_at, "this identity needs a tenant id")
            .help("write the tenant id after the client id: `{{ tenant = \"…\" }}`")
            .note("Flux requests the token itself and reads the tenant from the ServiceAccount");
        SessionName { name: String } => SessionName:
            "the session name has {} characters, and AWS accepts at most {MAX_SESSION_NAME}" (name.len())
            .reason("`{name}`")
            .help("shorten the name or the namespace of the ServiceAccount")
            .note("Flux builds the session name from the name, the namespace and the region");
        UnknownFlux => UnknownFlux: "object-level identity needs the version of Flux, which is not set"
            .reason("the version decides which controllers support it")
            .help("set `flux = \"2.9\"`, or the version that is installed, in the cluster or in a profile \
                that it uses")
            .help("or commit `{GOTK_COMPONENTS}` to the directory of the overlay, as `flux bootstrap` does");
        OldFlux { version: FluxVersion } => OldFlux:
            "object-level identity is not supported by Flux {version}"
            .reason("supported since Flux {SINCE}")
            .help("upgrade Flux to {SINCE}, or map the controllers instead");
        GateAlreadyThere { controller: Controller, argument: String, place: InstallationPlace } => GateAlreadyThere:
            "`{}` already sets the feature gate `{FEATURE_GATE}`" (controller.name())
            .reason("the overlay sets it for this mapping")
            .help("remove {} in {place}", gate_of(argument))
            .note("if the flag is given twice, the last one wins");
        Within { inner: GeneratedDirectory, outer_at: Span, outer: GeneratedDirectory } => WithinAnother:
            "`{}` is inside `{}`, {}" (inner.path, outer.path, outer.in_words())
            .reason("`{}` is not applied", inner.path)
            .label_if(at != outer_at, *outer_at, "the outer directory belongs to this cluster")
            .help("set `service-accounts` to a directory that neither contains nor is inside a generated one")
            .note("kustomize-controller does not descend below a directory that has a `kustomization.yaml`");
        UnstableOnAks { named: Span } => UnstableOnAks: "object-level identity for Azure is not stable on AKS"
            .reason("managed identity for a ServiceAccount")
            .label(*named, "the cluster runs on AKS")
            .help("map the controllers instead, or allow this warning")
            .note("source: the Azure page of the Flux integrations documentation, and fluxcd/flux2#5359");
    }
}

/// What to remove of an argument that sets the feature gate: only the gate, if the argument sets others too.
fn gate_of(argument: &str) -> String {
    let gates = argument.split_once('=').map_or(argument, |(_, gates)| gates);
    match gates.split(',').find(|gate| gate.contains(FEATURE_GATE)) {
        Some(gate) if gate != gates => format!("`{}` from `--feature-gates`", gate.trim()),
        _ => format!("`{argument}`"),
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedDirectory {
    pub path: String,
    /// True for ServiceAccounts, false for an overlay.
    pub holds_accounts: bool,
}

impl GeneratedDirectory {
    const fn in_words(&self) -> &'static str {
        if self.holds_accounts { "the directory of ServiceAccounts" } else { "the directory of an overlay" }
    }

    pub const fn setting(&self) -> &'static str {
        if self.holds_accounts { "service-accounts" } else { "output" }
    }
}

worded! {
    (head)
    /// Why Flux rejects an identity that its cloud accepts.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum NarrowFault {
        /// The text after `role/` has this many characters.
        Role(length: usize):
            "a role ARN at object level has at most {MAX_ROLE} characters after `role/`, not {length}"
            .reason("path and name of the role")
            .help("use a role with a shorter path")
            .note(NARROWER);
        Email: "this address is not accepted by Flux at object level"
            .reason("expected `ID@PROJECT.iam.gserviceaccount.com`, with a project id that has no domain")
            .help("use a service account of a project whose id has no domain")
            .note(NARROWER);
    }
}

const NARROWER: &str =
    "Flux validates ServiceAccount annotations with its own patterns, which are narrower than the cloud's";
