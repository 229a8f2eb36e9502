//! Problems of what comes of an overlay: the identities that pods will have.

pub(super) mod cause;
mod obstacle;
mod words;

use crate::effect::{ArgumentFault, EffectiveIdentity, Field, KeyPlace, Obstacle, UnreadKey};
use crate::kustomize::Cause;
use crate::model::{Controller, Provider};
use crate::problem::in_force::cause::describe_cause;
use crate::problem::in_force::obstacle::describe_obstacle;
pub use crate::problem::in_force::words::SetBy;
use crate::problem::in_force::words::{describe_field, describe_identity, with_setter};
use crate::problem::{Code, Finding, FindingHead, PrimaryPlace, ProblemKind, coded, problems, worded};
use crate::span::Span;

problems! {
    (head, at)
    /// What comes of an overlay differs from the source.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum InForceProblem {
        NotBuilt { cause: Cause, by: Option<SetBy> } => NotBuilt, {
            let message = format!("kustomize cannot build this overlay: {}", describe_cause(cause));
            let finding = head.with_message(message).help("correct it; `kubectl kustomize` reports it too");
            match by {
                Some(SetBy { place, at }) => at
                    .iter()
                    .fold(finding, |finding, at| finding.label(*at, "this patch"))
                    .note(format!("the cause is at {place}")),
                None => finding,
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
        NotUsed { controller: Controller, provider: Provider, obstacle: Obstacle, by: Option<SetBy> }
            => IdentityNotUsed, not_used(head, *controller, *provider, obstacle, by.as_ref());
        NotGiven {
            controller: Controller, provider: Provider, found: EffectiveIdentity, field: Field, by: Option<SetBy>,
        } => IdentityNotGiven, {
            let (name, field, found) = (controller.name(), describe_field(field), describe_identity(found));
            let message = format!("the pods of `{name}` will use {found}, which the source does not mention");
            with_setter(head.with_message(message), &field, by.as_ref()).help(format!(
                "map `{name}` to an identity of `{}`, or remove what sets {field}",
                provider.name()
            ))
        };
        Key { object: String, key: UnreadKey, by: Option<SetBy> }
            => UnreadKey, unread_key(head, object, key, by.as_ref());
        /// An identity of the ServiceAccount `default`, as which no controller runs.
        DefaultAccount { key: &'static str, by: Option<SetBy> } => UnreadKey, {
            let message = format!("no controller runs as the ServiceAccount `default`, which has the annotation `{key}`");
            with_setter(head.with_message(message), "it", by.as_ref())
                .help("map the controller that is to have the identity, and remove the annotation")
                .note("since Flux 0.7.1, each controller runs as the ServiceAccount of its own name")
        };
        Argument { controller: Controller, fault: ArgumentFault, by: Option<SetBy> }
            => (match fault {
                ArgumentFault::Gone { .. } => Code::RemovedArgument,
                ArgumentFault::WithoutGate { .. } | ArgumentFault::UnknownGate { .. } => Code::FatalArgument,
                ArgumentFault::Unused { .. } => Code::UnusedIdentity,
            }),
            argument(head, *controller, fault, by.as_ref());
    }
}

fn not_used(
    head: FindingHead<'_>,
    controller: Controller,
    provider: Provider,
    obstacle: &Obstacle,
    by: Option<&SetBy>,
) -> Finding {
    let name = controller.name();
    let finding = head
        .with_message(format!("the pods of `{name}` will not use this identity of `{}`", provider.name()));
    let finding = with_setter(finding, "this", by);
    let (why, help) = describe_obstacle(name, obstacle);
    finding.reason(why).help(help)
}

fn unread_key(head: FindingHead<'_>, object: &str, key: &UnreadKey, by: Option<&SetBy>) -> Finding {
    let UnreadKey { key: name, place, meant, read_at } = key;
    let finding = head.with_message(format!("nothing reads {} of {object}", describe_key(place, name)));
    let finding = with_setter(finding, "it", by);
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
    controller: Controller,
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
            "remove the argument, or set the feature gate".to_owned(),
        ),
        ArgumentFault::UnknownGate { argument } => (
            format!("`{name}` will not start with the argument `{argument}`"),
            "this version of the controller does not have the feature gate".to_owned(),
            "remove the argument".to_owned(),
        ),
        ArgumentFault::Unused { argument } => (
            format!("objects without a ServiceAccount will not use the identity of `{name}`"),
            format!("`{argument}` makes them use that of the ServiceAccount it names"),
            "remove the mapping, or the argument".to_owned(),
        ),
    };
    with_setter(head.with_message(message).note(why).help(help), "the argument", by)
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
