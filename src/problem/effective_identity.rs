//! Problems of what comes of an overlay: the identities that pods will have.

mod account;
mod argument;
pub(super) mod cause;
mod key;
pub(super) mod obstacle;
mod words;

use crate::effect::{ApiOptOut, ArgumentFault, EffectiveIdentity, Field, Obstacle, Unapplied, UnreadKey};
use crate::kustomize::Cause;
use crate::model::object_level::GATE_ARGUMENT;
use crate::model::{Controller, MANAGER, Platform, Provider};
pub use crate::problem::effective_identity::account::AccountDifference;
use crate::problem::effective_identity::account::describe_account;
use crate::problem::effective_identity::argument::argument;
use crate::problem::effective_identity::cause::describe_cause;
use crate::problem::effective_identity::key::{foreign_keys, unread_key};
use crate::problem::effective_identity::obstacle::{describe_change, describe_obstacle};
use crate::problem::effective_identity::words::with_origin;
pub(super) use crate::problem::effective_identity::words::with_setter;
pub use crate::problem::effective_identity::words::{SetBy, describe_field, describe_identity};
use crate::problem::{
    Code, Finding, FindingHead, PrimaryPlace, ProblemKind, all_of, coded, problems, worded,
};
use crate::span::Span;

problems! {
    (head, at)
    /// What comes of an overlay differs from the source.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum EffectiveIdentityProblem {
        NotBuilt {
            cause: Cause, by: Option<SetBy>,
            /// The directory, if Flux generates its kustomization.
            generated: Option<String>,
        } => NotBuilt, {
            let cause = describe_cause(cause);
            if let Some(directory) = generated {
                let finding = head
                    .with_message(format!("Flux cannot build `{directory}`: {cause}"))
                    .reason("in this cluster")
                    .help(format!("correct what the note names, or add a `kustomization.yaml` to `{directory}` that does not list it"));
                let finding = match by {
                    Some(SetBy { place, .. }) => finding.note(format!("the cause is at {place}")),
                    None => finding,
                };
                return finding
                    .note("without a `kustomization.yaml`, Flux builds all files of a directory together, and those in directories below");
            }
            let finding = head
                .with_message(format!("kustomize cannot build this overlay: {cause}"))
                .reason("in this cluster");
            match by {
                Some(SetBy { place, at }) => at
                    .iter()
                    .fold(finding, |finding, (at, statement)| finding.label(*at, format!("this {statement}")))
                    .help("correct what the note names; `kubectl kustomize` reports the same")
                    .note(format!("the cause is at {place}")),
                None => finding.help("run `kubectl kustomize` on the overlay, which reports the same"),
            }
        };
        /// A component that several kustomizations of one build include, and that cannot be applied twice.
        IncludedTwice { cause: Cause, files: Vec<String> } => NotBuilt, {
            let message = format!("kustomize cannot apply this component twice: {}", describe_cause(cause));
            head.with_message(message)
                .reason("in this cluster")
                .help(format!("list the component in one of {}", all_of(files)))
        };
        Other {
            controller: Controller, expected: EffectiveIdentity, found: EffectiveIdentity, field: Field,
            by: Option<SetBy>,
        } => OtherEffectiveIdentity, {
            let (name, field) = (controller.name(), describe_field(field));
            let (found, expected) = (describe_identity(found), describe_identity(expected));
            let finding = head
                .with_message(format!("the pods of `{name}` will use {found}, not {expected}"))
                .reason("this identity is not used");
            with_setter(finding, &field, by.as_ref()).help(format!(
                "remove what sets {field}, or map `{name}` to the identity that it is to have"
            ))
        };
        NotUsed {
            controller: Controller, provider: Provider, obstacle: Obstacle, by: Option<SetBy>,
            /// The ServiceAccount that the source gives the identity to, with its namespace.
            trusted: String,
        } => IdentityNotUsed, not_used(head, (*controller, trusted), *provider, obstacle, by.as_ref());
        NotGiven {
            controller: Controller, provider: Provider, found: EffectiveIdentity, field: Field, by: Option<SetBy>,
        } => IdentityNotGiven, {
            let (name, field, found) = (controller.name(), describe_field(field), describe_identity(found));
            let message = format!("the pods of `{name}` will use {found}, which the source does not mention");
            let finding = head.with_message(message).reason("in this cluster");
            let finding = with_setter(finding, &field, by.as_ref());
            if found.contains("${") {
                finding.help("write `allow F0353 \"…\"` in the cluster if Flux substitutes the value after the build")
            } else {
                let provider = provider.name();
                finding.help(format!("map `{name}` to an identity of `{provider}`, or remove what sets {field}"))
            }
        };
        /// An authority host of Azure that the source says nothing of. `cloud`: the one whose host it is.
        Authority { controller: Controller, host: String, cloud: Option<&'static str>, by: Option<SetBy> }
            => IdentityNotGiven, {
            let name = controller.name();
            let message = format!(
                "the pods of `{name}` will exchange tokens at `{host}`, which the source does not mention"
            );
            let finding = head.with_message(message).reason("in this cluster");
            let finding = with_setter(finding, "`AZURE_AUTHORITY_HOST`", by.as_ref());
            match cloud {
                Some(cloud) => {
                    finding.help(format!("remove what sets the variable, and write `azure-cloud = {cloud}` if it is right"))
                }
                None => finding.help("remove what sets the variable, so that the webhook does"),
            }
        };
        /// An object that carries the identity. `object`: its kind and name.
        ObjectNotApplied { object: String, key: &'static str, value: String, when: Unapplied, by: Option<SetBy> }
            => ObjectNotApplied, {
            let does = match when {
                Unapplied::Never => format!("Flux does not apply the {object}"),
                Unapplied::IfPresent => format!("Flux creates the {object}, but never changes it"),
            };
            let finding = head.with_message(does).reason("this identity may not reach the cluster");
            with_setter(finding, &format!("`{key}: {value}`"), by.as_ref())
                .help(format!("remove `{key}: {value}`"))
        };
        /// `envFrom` lists an object that the overlay does not build.
        UnknownSource { controller: Controller, kind: &'static str, name: String, by: Option<SetBy> }
            => UnknownSource, {
            let controller = controller.name();
            let message = format!(
                "the pods of `{controller}` take variables from the {kind} `{name}`, which the overlay does not build"
            );
            let finding = head.with_message(message).reason("this identity is not used if one of them decides");
            with_setter(finding, "`envFrom`", by.as_ref())
                .help(format!("make sure that the {kind} has no credentials, such as an access key or a client secret"))
        };
        /// A ServiceAccount that objects of Flux name. `account`: its namespace and name.
        Account { account: String, difference: AccountDifference, by: Option<SetBy> } => IdentityNotUsed, {
            let (message, what, help) = describe_account(account, difference);
            with_origin(head.with_message(message).reason("this identity is not used"), what, by.as_ref()).help(help)
        };
        /// Something closes the feature gate of object-level identity.
        NoGate { controller: Controller, by: Option<SetBy> } => IdentityNotUsed, {
            let name = controller.name();
            let message = format!("`{name}` will not use identities of ServiceAccounts: its feature gate is closed");
            let finding = head.with_message(message).reason("this identity is not used");
            with_origin(finding, "the arguments are changed", by.as_ref())
                .help(format!("keep `{GATE_ARGUMENT}` in `args` of the container `{MANAGER}`"))
        };
        Key { objects: Vec<String>, key: UnreadKey, by: Option<SetBy> }
            => UnreadKey, unread_key(head, objects, key, by.as_ref());
        /// Annotations that another platform reads.
        ForeignKeys {
            platform: Platform, reader: Platform, keys: Vec<&'static str>, objects: Vec<String>,
            by: Option<SetBy>,
        } => UnreadKey, foreign_keys(head, [*platform, *reader], keys, objects, by.as_ref());
        /// An identity of the ServiceAccount `default`, as which no controller runs.
        DefaultAccount { key: &'static str, by: Option<SetBy> } => UnreadKey, {
            let message = format!("no controller runs as the ServiceAccount `default`, which has the annotation `{key}`");
            with_setter(head.with_message(message).reason("in this cluster"), "the annotation", by.as_ref())
                .help("map the controller that is to have the identity, and remove the annotation")
                .note("since Flux 0.7.1, each controller runs as the ServiceAccount of its own name")
        };
        Argument {
            controller: Controller, fault: ArgumentFault, by: Option<SetBy>,
            /// Where the controller is mapped, if the fault makes that useless.
            mapped: Option<Span>,
        } => (match fault {
                ArgumentFault::Gone { .. } => Code::RemovedArgument,
                ArgumentFault::WithoutGate { .. }
                | ArgumentFault::UnknownGate { .. }
                | ArgumentFault::Misspelt { .. }
                | ArgumentFault::OfOthers { .. } => Code::FatalArgument,
                ArgumentFault::Unused { .. } => Code::UnusedIdentity,
            }),
            argument(head, (*controller, *mapped), fault, by.as_ref());
        NoApiToken { controller: Controller, opt_out: ApiOptOut, by: Option<SetBy> } => NoApiToken, {
            let name = controller.name();
            let of = match opt_out {
                ApiOptOut::Pods => "its pods",
                ApiOptOut::Account => "its ServiceAccount",
            };
            let message = format!("`{name}` will not reach the API server of its cluster, so it does not run");
            let field = "`automountServiceAccountToken: false`";
            with_setter(head.with_message(message).reason("in this cluster"), field, by.as_ref())
                .help(format!("remove {field} from {of}"))
                .note("controllers of Flux need the token of their ServiceAccount")
        };
        NoImage { controller: Controller, container: String, meant: String, by: Option<SetBy> }
            => ContainerWithoutImage, {
            let name = controller.name();
            let message = format!("the pods of `{name}` will have a container `{container}` without an image");
            with_setter(head.with_message(message).reason("in this cluster"), "the container", by.as_ref())
                .help(format!("write `{meant}` to change the container of that name, or add an `image`"))
                .note("kustomize adds a container whose name it does not find, and Kubernetes refuses it without an image")
        };
    }
}

fn not_used(
    head: FindingHead<'_>,
    (controller, trusted): (Controller, &str),
    provider: Provider,
    obstacle: &Obstacle,
    by: Option<&SetBy>,
) -> Finding {
    let name = controller.name();
    let finding = head
        .with_message(format!("the pods of `{name}` will not use this identity of `{}`", provider.name()));
    let finding = with_origin(finding, &describe_change(obstacle), by);
    let (why, help) = describe_obstacle(name, trusted, obstacle);
    finding.reason(why).help(help)
}
