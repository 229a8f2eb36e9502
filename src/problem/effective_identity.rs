//! Problems of what comes of an overlay: the identities that pods will have.

mod account;
mod affected;
mod argument;
pub(super) mod cause;
mod grouping;
mod key;
mod network;
pub(super) mod obstacle;
mod refused;
mod running;
mod shard;
mod volume;
mod words;

use crate::effect::{
    ApiOptOut, ArgumentFault, Diversion, EffectiveIdentity, Endpoint, Field, NameField, ObjectFault,
    Obstacle, PortFault, ServiceFault, Unapplied, UnknownPort, UnreadKey,
};
use crate::kustomize::Cause;
use crate::model::flux::FluxVersion;
use crate::model::object_level::GATE_ARGUMENT;
use crate::model::{Controller, MANAGER, Platform, Provider};
use crate::problem::REGENERATE;
pub use crate::problem::effective_identity::account::AccountDifference;
use crate::problem::effective_identity::account::describe_account;
pub use crate::problem::effective_identity::affected::Affected;
use crate::problem::effective_identity::argument::{argument, lost_arguments, lost_variable};
use crate::problem::effective_identity::cause::describe_cause;
use crate::problem::effective_identity::key::{describe_owner, foreign_keys, name_objects, unread_key};
use crate::problem::effective_identity::network::{
    blocked, nameless, no_service, other_port, separated, unknown_port,
};
use crate::problem::effective_identity::obstacle::{
    describe_change, describe_obstacle, describe_obstacle_of_many,
};
use crate::problem::effective_identity::refused::rejected;
pub use crate::problem::effective_identity::running::Idleness;
use crate::problem::effective_identity::running::{changed_selector, diverted, not_running};
pub use crate::problem::effective_identity::shard::Unlike;
use crate::problem::effective_identity::shard::unlike_shard;
use crate::problem::effective_identity::volume::{no_api_token, webhook_volume};
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
            affected: Affected, expected: EffectiveIdentity, found: EffectiveIdentity, field: Field,
            by: Option<SetBy>,
        } => OtherEffectiveIdentity, {
            let (names, field) = (affected.names(), describe_field(field));
            let (found, expected) = (describe_identity(found), describe_identity(expected));
            let expected = affected.one_or_many(&expected, "the identities of the source");
            let them = affected.one_or_many(&names, "them");
            let finding = head
                .with_message(format!("the pods of {names} will use {found}, not {expected}"))
                .reason(affected.one_or_many("this identity is not used", "the identity here is not used"));
            let finding = affected.label_others(finding, *at);
            with_setter(finding, &field, by.as_ref()).help(format!(
                "remove what sets {field}, or map {them} to the identity that {}",
                affected.one_or_many("it is to have", "they are to have")
            ))
        };
        NotUsed {
            affected: Affected, provider: Provider, obstacle: Obstacle, by: Option<SetBy>,
            /// The ServiceAccount that the source gives the identity to, with its namespace.
            trusted: String,
        } => IdentityNotUsed, {
            let finding = not_used(head, (affected, trusted), *provider, obstacle, by.as_ref());
            affected.label_others(finding, *at)
        };
        NotGiven {
            affected: Affected, provider: Provider, found: EffectiveIdentity, field: Field, by: Option<SetBy>,
        } => IdentityNotGiven, {
            let (names, field, found) = (affected.names(), describe_field(field), describe_identity(found));
            let message = format!("the pods of {names} will use {found}, which the source does not mention");
            let finding = head.with_message(message).reason("in this cluster");
            let finding = with_setter(finding, &field, by.as_ref());
            if found.contains("${") {
                finding.help("write `allow F0353 \"…\"` in the cluster if Flux substitutes the value after the build")
            } else {
                let provider = provider.name();
                let them = affected.one_or_many(&names, "them");
                finding.help(format!("map {them} to an identity of `{provider}`, or remove what sets {field}"))
            }
        };
        /// An authority host of Azure that the source says nothing of. `cloud`: the one whose host it is.
        Authority { affected: Affected, host: String, cloud: Option<&'static str>, by: Option<SetBy> }
            => IdentityNotGiven, {
            let names = affected.names();
            let message = format!(
                "the pods of {names} will exchange tokens at `{host}`, which the source does not mention"
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
        /// Objects that carry the identity. `objects`: their kinds and names.
        ObjectNotApplied {
            affected: Affected, objects: Vec<String>, key: &'static str, value: String, when: Unapplied,
            by: Option<SetBy>,
        } => ObjectNotApplied, {
            let owner = describe_owner(objects);
            let does = match when {
                Unapplied::Never => format!("Flux does not apply {owner}"),
                Unapplied::IfPresent => format!("Flux creates {owner}, but never changes {}", if objects.len() == 1 { "it" } else { "them" }),
            };
            let label = affected.one_or_many("this identity may not reach the cluster", "the identity here may not reach the cluster");
            let finding = name_objects(head.with_message(does).reason(label), objects);
            let finding = affected.label_others(finding, *at);
            with_setter(finding, &format!("`{key}: {value}`"), by.as_ref())
                .help(format!("remove `{key}: {value}`"))
        };
        /// `envFrom` lists an object that the overlay does not build.
        UnknownSource { affected: Affected, kind: &'static str, name: String, by: Option<SetBy> }
            => UnknownSource, {
            let names = affected.names();
            let message = format!(
                "the pods of {names} take variables from the {kind} `{name}`, which the overlay does not build"
            );
            let finding = head.with_message(message).reason("this identity is not used if one of them decides");
            let finding = affected.label_others(finding, *at);
            with_setter(finding, "`envFrom`", by.as_ref())
                .help(format!("make sure that the {kind} has no credentials, such as an access key or a client secret"))
        };
        /// A ServiceAccount that objects of Flux name. `account`: its namespace and name.
        Account { account: String, difference: AccountDifference, by: Option<SetBy> } => IdentityNotUsed, {
            let (message, what, help) = describe_account(account, difference);
            with_origin(head.with_message(message).reason("this identity is not used"), what, by.as_ref()).help(help)
        };
        /// Something closes the feature gate of object-level identity.
        NoGate { affected: Affected, by: Option<SetBy> } => IdentityNotUsed, {
            let gates = affected.one_or_many("its feature gate is closed", "their feature gates are closed");
            let message = format!("{} will not use identities of ServiceAccounts: {gates}", affected.names());
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
            affected: Affected, fault: ArgumentFault, by: Option<SetBy>,
            /// The version of the image, and what sets it, if that is not the installed one.
            image: Option<(FluxVersion, SetBy)>,
            /// Where the controller is mapped, if the fault makes that useless.
            mapped: Option<Span>,
        } => (match fault {
                ArgumentFault::Gone { .. } | ArgumentFault::Unknown { .. } => Code::RemovedArgument,
                ArgumentFault::WithoutGate { .. }
                | ArgumentFault::UnknownGate { .. }
                | ArgumentFault::Misspelt { .. }
                | ArgumentFault::Mistyped { .. }
                | ArgumentFault::SamePort { .. }
                | ArgumentFault::OfOthers { .. } => Code::FatalArgument,
                ArgumentFault::Narrow { .. } => Code::NarrowWatch,
                ArgumentFault::Unused { .. } => Code::UnusedIdentity,
            }),
            argument(head, (affected, *mapped), (fault, image.as_ref()), by.as_ref());
        NoApiToken { affected: Affected, opt_out: ApiOptOut, by: Option<SetBy> } => (match opt_out {
                ApiOptOut::Secret(_) => Code::VolumeOfToken,
                ApiOptOut::Pods | ApiOptOut::Account | ApiOptOut::Volume(_) => Code::NoApiToken,
            }),
            no_api_token(head, affected, opt_out, by.as_ref());
        /// A volume that versions of the webhook of AKS do not tolerate.
        WebhookVolume { affected: Affected, volume: String, by: Option<SetBy> } => VolumeOfToken, {
            let finding = webhook_volume(head, affected, volume, by.as_ref());
            affected.label_others(finding, *at)
        };
        /// Two entries of a list with one name or path. `list`: what they are, in words.
        RepeatedEntry { affected: Affected, list: &'static str, entry: String, by: Option<SetBy> }
            => RejectedObject, {
            let message = format!("the pods of {} will have {list} `{entry}` twice", affected.names());
            with_setter(head.with_message(message).reason("in this cluster"), "the second", by.as_ref())
                .help("remove one of the two")
                .note("the API server refuses such a Deployment, and Flux then applies nothing of the overlay")
        };
        NoImage { affected: Affected, container: String, meant: String, by: Option<SetBy> }
            => ContainerWithoutImage, {
            let names = affected.names();
            let message = format!("the pods of {names} will have a container `{container}` without an image");
            with_setter(head.with_message(message).reason("in this cluster"), "the container", by.as_ref())
                .help(format!("write `{meant}` to change the container of that name, or add an `image`"))
                .note("kustomize adds a container whose name it does not find, and Kubernetes refuses it without an image")
        };
        /// A mapped controller that does not run.
        NotRunning { affected: Affected, idleness: Idleness, by: Option<SetBy> }
            => NotRunning, {
            let finding = not_running(head, affected, idleness, by.as_ref());
            affected.label_others(finding, *at)
        };
        /// An image of a version that does not support the provider. `versions`: the first that does, and that of the image.
        OldImage { affected: Affected, provider: Provider, versions: [FluxVersion; 2], by: Option<SetBy> }
            => NoIntegration, {
            let [since, version] = versions;
            let identity = provider.identity_noun();
            let names = affected.names();
            let message = format!("{names} {} not support {identity} (`{}`)", affected.one_or_many("does", "do"), provider.name());
            let finding = head.with_message(message);
            let finding = finding.reason(format!("supported since Flux {since}, and the image is of Flux {version}"));
            with_setter(finding, "the image", by.as_ref()).help("remove what sets the image, or use one of the installed version")
        };
        /// The manifests have an image of this version of Flux, and are of another.
        ImageOfOtherVersion { affected: Affected, found: FluxVersion, installed: FluxVersion } => OtherVersion, {
            let message = format!(
                "the manifests are of Flux {installed}, and {} {} of Flux {found} in them",
                affected.names(),
                affected.one_or_many("is", "are"),
            );
            head.with_message(message)
                .reason("in this cluster")
                .help(REGENERATE)
                .note("the definitions, the rights and the arguments in the manifests belong to the version in their header")
        };
        /// Deployments whose selectors are others than those of their manifests. `labels`: what is selected by, too.
        ChangedSelector { affected: Affected, labels: Vec<String>, is_of_transformer: bool, by: Option<SetBy> }
            => ChangedSelector, changed_selector(head, affected, (labels, *is_of_transformer), by.as_ref());
        /// A variable sends requests for credentials elsewhere.
        Diverted { affected: Affected, diversion: Diversion, by: Option<SetBy> } => RequestNotDelivered, {
            let finding = diverted(head, affected, diversion, by.as_ref());
            affected.label_others(finding, *at)
        };
        /// Network policies keep pods from what gives them their identity.
        Blocked {
            affected: Affected, provider: Provider, endpoints: Vec<Endpoint>, policies: Vec<String>, by: Option<SetBy>,
        } => RequestNotDelivered, {
            let finding = blocked(head, affected, (*provider, endpoints, policies), by.as_ref());
            affected.label_others(finding, *at)
        };
        /// Network policies keep controllers from others that they need.
        Separated { affected: Affected, others: Vec<Controller>, policies: Vec<String>, by: Option<SetBy> }
            => SeparatedControllers, separated(head, affected, (others, policies), by.as_ref());
        /// Pods that do not find the Services of others.
        Nameless { affected: Affected, others: Vec<Controller>, field: NameField, by: Option<SetBy> }
            => SeparatedControllers, nameless(head, affected, others, *field, by.as_ref());
        /// A controller does not listen at a port that its pods name.
        OtherPort { affected: Affected, fault: PortFault, by: Option<SetBy> }
            => (if fault.is_probe { Code::NotRunning } else { Code::SeparatedControllers }),
            other_port(head, affected, fault, by.as_ref());
        /// The Service of a controller does not lead to it.
        NoService { controller: Controller, service: &'static str, fault: ServiceFault, by: Option<SetBy> }
            => SeparatedControllers, no_service(head, (*controller, service), fault, by.as_ref());
        /// An argument with the address of a Service that is not there. `meant`: the Service that may be meant.
        NoSuchService { affected: Affected, argument: String, service: String, meant: Option<String>, by: Option<SetBy> }
            => SeparatedControllers, {
            let message = format!("nobody is at the address in the argument `{argument}` of {}", affected.names());
            let finding = with_setter(head.with_message(message).reason("in this cluster"), "the argument", by.as_ref());
            let finding = finding.note(format!("the namespace has no Service `{service}`"));
            match meant {
                Some(meant) => finding.help(format!("write `{meant}` for `{service}`")),
                None => finding.help("write the name of a Service of the controllers"),
            }
        };
        /// The Namespace of Flux is no longer built.
        NoNamespace { namespace: String, by: Option<SetBy> } => NotRunning, {
            let message = format!("Flux will delete the namespace `{namespace}`, in which it runs");
            with_origin(head.with_message(message).reason("in this cluster"), "the Namespace is deleted", by.as_ref())
                .note("the Kustomization of Flux has `prune`: what it has applied and no longer builds is deleted")
                .help("keep the Namespace, or allow this warning if Flux has never applied it")
        };
        /// A Deployment of another name that runs a controller without its identity. `namespace`: that of Flux.
        UnlikeShard {
            deployment: String, controller: Controller, namespace: String, unlike: Unlike, by: Option<SetBy>,
        } => UnlikeShard, unlike_shard(head, deployment, (*controller, namespace), unlike, by.as_ref());
        /// Metadata that the API server refuses. `objects`: their kinds and names.
        Rejected { objects: Vec<String>, fault: ObjectFault, by: Option<SetBy> }
            => RejectedObject, rejected(head, objects, fault, by.as_ref());
        /// Arguments of `flux install` that something took away. `is_of_manifests`: the manifests have them no more.
        LostArguments { affected: Affected, flags: Vec<&'static str>, is_of_manifests: bool, by: Option<SetBy> }
            => LostArgument, lost_arguments(head, affected, (flags, *is_of_manifests), by.as_ref());
        /// A variable that arguments refer to, and that something took away. `is_of_manifests`: the manifests have it no more.
        LostVariable { affected: Affected, variable: String, is_of_manifests: bool, by: Option<SetBy> }
            => LostArgument, lost_variable(head, affected, (variable, *is_of_manifests), by.as_ref());
        /// A probe that asks a port by a name that its container lacks.
        UnknownPort { affected: Affected, fault: UnknownPort, by: Option<SetBy> }
            => NotRunning, unknown_port(head, affected, fault, by.as_ref());
        /// A directory that a controller writes to, and cannot.
        Unwritable { affected: Affected, directory: String, by: Option<SetBy> } => ReadOnlyDirectory, {
            let message = format!("{} will not write to `{directory}`", affected.names());
            with_setter(head.with_message(message).reason("in this cluster"), "the list of volumes or mounts", by.as_ref())
                .help(format!("mount a volume at `{directory}`, such as an `emptyDir`: a list in an operation replaces \
                    that of the manifests as a whole"))
                .note("with `readOnlyRootFilesystem: true` a container writes only to volumes")
        };
    }
}

fn not_used(
    head: FindingHead<'_>,
    (affected, trusted): (&Affected, &str),
    provider: Provider,
    obstacle: &Obstacle,
    by: Option<&SetBy>,
) -> Finding {
    let identities = affected.one_or_many("this identity", "these identities");
    let finding = head.with_message(format!(
        "the pods of {} will not use {identities} of `{}`",
        affected.names(),
        provider.name()
    ));
    let finding = with_origin(finding, &describe_change(obstacle), by);
    let of_many = (!affected.is_one()).then(|| describe_obstacle_of_many(trusted, obstacle)).flatten();
    let (why, help) =
        of_many.unwrap_or_else(|| describe_obstacle(affected.first().name(), trusted, obstacle));
    finding.reason(why).help(help)
}
