//! Problems of what comes of an overlay: the identities that pods will have.

pub(super) mod cause;

use crate::effect::{ArgumentFault, EffectiveIdentity, Field, KeyPlace, Obstacle, UnreadKey};
use crate::kustomize::Cause;
use crate::model::{Controller, MANAGER, Provider};
use crate::problem::in_force::cause::describe_cause;
use crate::problem::{
    Code, Finding, FindingHead, PrimaryPlace, ProblemKind, all_of, coded, problems, worded,
};
use crate::span::Span;

problems! {
    (head, at)
    /// What comes of an overlay differs from the source.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum InForceProblem {
        NotBuilt { cause: Cause, by: Option<SetBy> } => NotBuilt, {
            let message = format!("kustomize cannot build this overlay: {}", describe_cause(cause));
            let finding = head.with_message(message).reason("in this cluster");
            match by {
                Some(SetBy { place, at }) => at
                    .iter()
                    .fold(finding, |finding, at| finding.label(*at, "this patch"))
                    .help("correct what the note names; `kubectl kustomize` reports the same")
                    .note(format!("the cause is in {place}")),
                None => finding.help("run `kubectl kustomize` on the overlay, which reports the same"),
            }
        };
        Other {
            controller: Controller, expected: EffectiveIdentity, found: EffectiveIdentity, field: Field,
            by: Option<SetBy>,
        } => OtherIdentityInForce, {
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
            with_setter(head.with_message(message).reason("in this cluster"), &field, by.as_ref()).help(format!(
                "map `{name}` to an identity of `{}`, or remove what sets {field}",
                provider.name()
            ))
        };
        Key { object: String, key: UnreadKey, by: Option<SetBy> }
            => UnreadKey, unread_key(head, object, key, by.as_ref());
        /// An identity of the ServiceAccount `default`, as which no controller runs.
        DefaultAccount { key: &'static str, by: Option<SetBy> } => UnreadKey, {
            let message = format!("no controller runs as the ServiceAccount `default`, which has the annotation `{key}`");
            with_setter(head.with_message(message).reason("in this cluster"), "the annotation", by.as_ref())
                .help("map the controller that is to have the identity, and remove the annotation")
                .note("since Flux 0.7.1, each controller runs as the ServiceAccount of its own name")
        };
        Argument {
            controller: Controller, fault: ArgumentFault, by: Option<SetBy>,
            /// Where the controller is mapped, if it is.
            mapped: Option<Span>,
        } => (match fault {
                ArgumentFault::Gone { .. } => Code::RemovedArgument,
                ArgumentFault::WithoutGate { .. } | ArgumentFault::UnknownGate { .. } => Code::FatalArgument,
                ArgumentFault::Unused { .. } => Code::UnusedIdentity,
            }),
            argument(head, (*controller, *mapped), fault, by.as_ref());
    }
}

/// What sets a field, if it is not generated from the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetBy {
    /// The patch or the part of a file, in words.
    pub place: String,
    /// The statement of the source that brings it in, if it is one.
    pub at: Option<Span>,
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
    let why = |why: String| finding.clone().reason(why);
    match obstacle {
        Obstacle::NoAccount(account) => why(format!("they run as the ServiceAccount `{account}`, which does not exist"))
            .help(if account == name {
                format!("remove what deletes or moves the ServiceAccount `{name}`")
            } else {
                format!("remove `serviceAccountName: {account}` or what sets it; the pods then run as `{name}`")
            }),
        Obstacle::OtherAccount(account, namespace) => {
            why(format!("they run as the ServiceAccount `{namespace}/{account}`, but the cloud trusts only `{trusted}`"))
                .help(format!(
                    "remove what renames the ServiceAccount `{name}`, moves it to another namespace, or sets `serviceAccountName`"
                ))
        }
        Obstacle::NothingGiven(account) => {
            why(format!("they run as the ServiceAccount `{account}`, which has no identity"))
                .help(format!("remove what changes the ServiceAccount `{name}`, or `serviceAccountName`"))
        }
        Obstacle::NoManager => why(format!("they have no container `{MANAGER}`"))
            .help(format!("name the container of the controller `{MANAGER}`")),
        Obstacle::Skipped(key) => why(format!("the annotation `{key}` of the pods names `{MANAGER}`"))
            .help(format!("remove `{MANAGER}` from the annotation")),
        Obstacle::NoLabel(None) => why("the pods lack the label `azure.workload.identity/use`".to_owned())
            .help("remove the patch that deletes the label `azure.workload.identity/use: \"true\"`"),
        Obstacle::NoLabel(Some(value)) => {
            why(format!("the label `azure.workload.identity/use` of the pods is `{value}`, not `true`"))
                .help("write `\"true\"`, or remove what sets the label")
        }
        Obstacle::NoClientId => {
            why("the ServiceAccount lacks the annotation `azure.workload.identity/client-id`".to_owned())
                .help("remove the patch that deletes the annotation")
        }
        Obstacle::Expiration(field, value) => {
            why(format!("the webhook refuses the pods, because {} is `{value}`", describe_field(field)))
                .help("write a number of seconds from 3600 to 86400")
        }
        Obstacle::IdentityBinding => {
            why("the annotation `azure.workload.identity/use-identity-binding` asks for a token of another audience".to_owned())
                .help("remove the annotation; Flux does not support identity bindings")
        }
        Obstacle::NoToken(variable, path) => {
            why(format!("`{variable}` is `{path}`, where no token of the ServiceAccount is mounted"))
                .help(format!("remove what changes `{variable}`, the volume or its mount"))
        }
        Obstacle::OtherAudience(variable, audience) => {
            why(format!("the token in the file of `{variable}` has the audience `{audience}`"))
                .help("remove what changes the volume of the token")
        }
        Obstacle::Missing(variables) => {
            why(format!("the container `{MANAGER}` lacks {}", all_of(variables)))
                .help("remove the variables that a patch sets, so that the webhook or the overlay sets all of them")
        }
    }
}

fn unread_key(head: FindingHead<'_>, object: &str, key: &UnreadKey, by: Option<&SetBy>) -> Finding {
    let UnreadKey { key: name, place, meant, read_at } = key;
    let message = format!("nothing reads {} of {object}", describe_key(place, name));
    let finding = head.with_message(message).reason("in this cluster");
    let finding = with_setter(finding, &format!("`{name}`"), by);
    let help = if name == meant {
        format!("write it as {}", describe_place(read_at, meant))
    } else if place == read_at {
        format!("write `{meant}`")
    } else {
        format!("write {}", describe_place(read_at, meant))
    };
    finding.help(help)
}

fn argument(
    head: FindingHead<'_>,
    (controller, mapped): (Controller, Option<Span>),
    fault: &ArgumentFault,
    by: Option<&SetBy>,
) -> Finding {
    let name = controller.name();
    let (message, why, help) = match fault {
        ArgumentFault::Gone { argument, since } => (
            format!("`{name}` will not start with the argument `{argument}`"),
            format!("the flag was removed in Flux {since}, and a controller exits on an unknown flag"),
            "remove the argument, and set `provider` in the `ImageRepository`".to_owned(),
        ),
        ArgumentFault::WithoutGate { argument } => (
            format!("`{name}` will not start with the argument `{argument}`"),
            "the flag requires the feature gate `ObjectLevelWorkloadIdentity`".to_owned(),
            "remove the argument, or map a `service-account`: the overlay then sets the gate".to_owned(),
        ),
        ArgumentFault::UnknownGate { argument } => (
            format!("`{name}` will not start with the argument `{argument}`"),
            "this version of the controller does not have the feature gate".to_owned(),
            "remove the argument".to_owned(),
        ),
        ArgumentFault::Unused { argument } => (
            format!("objects without a ServiceAccount will not use the identity of `{name}`"),
            format!("with `{argument}`, these objects use the identity of {}", default_account(argument)),
            format!("remove the mapping of `{name}` or the argument, or allow this warning"),
        ),
    };
    let finding = head.with_message(message).reason("in this cluster").note(why).help(help);
    let finding = match mapped {
        Some(mapped) => finding.label(mapped, "mapped here"),
        None => finding,
    };
    with_setter(finding, "the argument", by)
}

/// The ServiceAccount that an argument names, in words.
fn default_account(argument: &str) -> String {
    match argument.split_once('=') {
        Some((_, name)) => format!("the ServiceAccount `{name}` in their namespace"),
        None => "the ServiceAccount that it names".to_owned(),
    }
}

/// Says what sets a field. `what`: the field.
fn with_setter(finding: Finding, what: &str, by: Option<&SetBy>) -> Finding {
    with_origin(finding, &format!("{what} is set"), by)
}

/// Says where something is done. `what`: what is done to which field, as a clause in the passive.
fn with_origin(finding: Finding, what: &str, by: Option<&SetBy>) -> Finding {
    let Some(SetBy { place, at }) = by else { return finding };
    let finding = finding.note(format!("{what} by {place}"));
    match at {
        Some(at) => finding.label(*at, "set by this patch"),
        None => finding,
    }
}

/// What is done to the field that an obstacle is about, as a clause in the passive.
fn describe_change(obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::NoAccount(_) | Obstacle::OtherAccount(..) | Obstacle::NothingGiven(_) => {
            "the ServiceAccount of the pods is changed".to_owned()
        }
        Obstacle::NoClientId => "the ServiceAccount is changed".to_owned(),
        Obstacle::NoManager => format!("the container `{MANAGER}` is changed"),
        Obstacle::Skipped(key) => format!("the annotation `{key}` of the pods is set"),
        Obstacle::NoLabel(_) => "the label `azure.workload.identity/use` of the pods is changed".to_owned(),
        Obstacle::Expiration(field, _) => format!("{} is set", describe_field(field)),
        Obstacle::IdentityBinding => {
            "the annotation `azure.workload.identity/use-identity-binding` of the pods is set".to_owned()
        }
        Obstacle::NoToken(variable, _) | Obstacle::OtherAudience(variable, _) => {
            format!("the variable `{variable}` is set")
        }
        Obstacle::Missing(_) => "another variable of this provider is set".to_owned(),
    }
}

fn describe_identity(identity: &EffectiveIdentity) -> String {
    match identity {
        EffectiveIdentity::Role(arn) => format!("the IAM role `{arn}`"),
        EffectiveIdentity::AccessKey => "an access key of AWS".to_owned(),
        EffectiveIdentity::ManagedIdentity(client, None) => format!("the managed identity `{client}`"),
        EffectiveIdentity::ManagedIdentity(client, Some(tenant)) => {
            format!("the managed identity `{client}` of the tenant `{tenant}`")
        }
        EffectiveIdentity::ClientSecret => "a client secret of Azure".to_owned(),
        EffectiveIdentity::GoogleAccount(email) => format!("the Google service account `{email}`"),
        EffectiveIdentity::Principal => "the principal of the ServiceAccount".to_owned(),
        EffectiveIdentity::GeneratedConfiguration => "the generated credential configuration".to_owned(),
        EffectiveIdentity::CredentialFile(path) => format!("the credential file `{path}`"),
        EffectiveIdentity::Unknown => "an identity from a Secret or a ConfigMap".to_owned(),
    }
}

fn describe_field(field: &Field) -> String {
    match field {
        Field::AccountAnnotation(key) => format!("the annotation `{key}` of the ServiceAccount"),
        Field::AccountName => "`serviceAccountName` of the pods".to_owned(),
        Field::PodLabel(key) => format!("the label `{key}` of the pods"),
        Field::PodAnnotation(key) => format!("the annotation `{key}` of the pods"),
        Field::Variable(name) => format!("the variable `{name}` of the container `{MANAGER}`"),
        Field::Argument(argument) => format!("the argument `{argument}` of the container `{MANAGER}`"),
        Field::Platform => "the platform".to_owned(),
    }
}

/// A key where it is, on an object that is named next.
fn describe_key(place: &KeyPlace, key: &str) -> String {
    match place {
        KeyPlace::AccountAnnotation | KeyPlace::Annotation(_) => format!("the annotation `{key}`"),
        KeyPlace::Label(_) => format!("the label `{key}`"),
        KeyPlace::PodAnnotation => format!("the annotation `{key}` in the pods"),
        KeyPlace::PodLabel => format!("the label `{key}` in the pods"),
        KeyPlace::UnknownField(field) => format!("`{key}` in the field `{field}`"),
    }
}

fn describe_place(place: &KeyPlace, key: &str) -> String {
    match place {
        KeyPlace::AccountAnnotation => format!("the annotation `{key}` of the ServiceAccount"),
        KeyPlace::PodAnnotation => format!("the annotation `{key}` of the pods"),
        KeyPlace::PodLabel => format!("the label `{key}` of the pods"),
        KeyPlace::Annotation(_) => format!("the annotation `{key}`"),
        KeyPlace::Label(_) => format!("the label `{key}`"),
        KeyPlace::UnknownField(field) => format!("`{key}` in `{field}`"),
    }
}
