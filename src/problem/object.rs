//! Problems of the objects of Flux that use an identity, and of the ServiceAccounts that they name.

use crate::model::object_level::GATE_ARGUMENT;
use crate::model::{Controller, Platform, Provider};
use crate::problem::effective_identity::with_setter;
use crate::problem::{Code, Finding, FindingHead, PrimaryPlace, ProblemKind, SetBy, coded, problems, worded};
use crate::span::Span;

/// An object of Kubernetes in a message.
pub fn describe_object(kind: &str, name: &str) -> String {
    format!("the {kind} `{name}`")
}

problems! {
    (head, at)
    /// What stands beside an overlay does not fit to its identities.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum ObjectProblem {
        /// Objects that read a private registry or repository, each with its kind, and that select no identity for it.
        ProviderNotSet {
            objects: Vec<String>, controller: Controller, provider: Provider,
            /// What sets the address of the first of them.
            by: Option<SetBy>,
        } => ProviderNotSet, {
            let (controller, provider) = (controller.name(), provider.name());
            let (first, others) = objects.split_first().map_or(("", objects.as_slice()), |(first, rest)| (first, rest));
            let message = format!("{first} will not use the identity of `{controller}` from `{provider}`");
            let finding = with_setter(head.with_message(message).reason("in this cluster"), "its address", by.as_ref())
                .help(format!("add `provider: {provider}` to its `spec`"))
                .note("without `provider` and without a Secret, Flux asks without credentials, which no private registry answers");
            if others.is_empty() { finding } else { finding.note(format!("the same of {}", others.join(", "))) }
        };
        /// Objects that name a ServiceAccount, each with its kind, and whose controller refuses that.
        GateClosed { objects: Vec<String>, controller: Controller, by: Option<SetBy> } => GateClosed, {
            let name = controller.name();
            let (first, others) = objects.split_first().map_or(("", objects.as_slice()), |(first, rest)| (first, rest));
            let message = format!("`{name}` will not reconcile {first}: its feature gate is closed");
            let finding = with_setter(head.with_message(message).reason("in this cluster"), "`serviceAccountName`", by.as_ref())
                .help(format!("map the ServiceAccount by `service-account NAMESPACE/NAME -> ROLE`, which adds `{GATE_ARGUMENT}`"))
                .note("an object that names a ServiceAccount for a cloud is refused without that feature gate");
            if others.is_empty() { finding } else { finding.note(format!("the same of {}", others.join(", "))) }
        };
        /// `workload`: one that runs as the ServiceAccount, with its kind, and what sets that.
        ApplicationAccount {
            account: String, platform: Platform, workload: Option<(String, Option<SetBy>)>,
        } => ApplicationAccount, {
            let message = format!("pods that run as `{account}` get the identity of its Flux objects");
            let finding = head.with_message(message);
            let finding = match workload {
                Some((workload, by)) => {
                    let finding = finding.reason("a ServiceAccount of an application");
                    with_setter(finding, &format!("`serviceAccountName` of {workload}"), by.as_ref())
                }
                None => finding
                    .reason("pods run as `default` unless they name another")
            };
            let gives = match platform {
                Platform::Eks => "the webhook of EKS gives the role to every pod of the ServiceAccount, without a label",
                Platform::Gke => "GKE gives the identity to every pod of the ServiceAccount",
                Platform::Aks | Platform::Kubernetes => "every pod can ask for tokens of its ServiceAccount",
            };
            finding
                .help("map a ServiceAccount that no pod runs as, and name it in the Flux objects")
                .note(gives)
        };
        /// `by`: what last changed the rules.
        TokensNotGranted { role: String, by: Option<SetBy> } => TokensNotGranted, {
            let message = format!("the ClusterRole `{role}` does not let the controllers create tokens of ServiceAccounts");
            let finding = head.with_message(message).reason("needed at object level");
            let finding = match by {
                Some(_) => with_setter(finding, "its `rules`", by.as_ref()).help("remove the patch"),
                None => finding,
            };
            finding
                .help("add a `resource` with a ClusterRole for `create` on `serviceaccounts/token`, and bind it to the controllers")
                .note("source: \"Flux Object Identity Installation\" of the Flux documentation")
        };
    }
}
