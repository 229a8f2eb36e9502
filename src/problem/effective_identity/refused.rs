//! What the API server refuses of an object, in words.

use crate::effect::{Contradiction, Misfit, ObjectFault};
use crate::problem::effective_identity::key::{describe_owner, name_objects};
use crate::problem::effective_identity::words::{SetBy, with_setter};
use crate::problem::misfit::{describe_misfit, describe_pointer};
use crate::problem::{Finding, FindingHead};

pub(super) fn rejected(
    head: FindingHead<'_>,
    objects: &[String],
    fault: &ObjectFault,
    by: Option<&SetBy>,
) -> Finding {
    let owner = describe_owner(objects);
    let name = "at most 63 letters, digits, `-`, `_` and `.`, with a letter or a digit first and last";
    let (what, help) = match fault {
        ObjectFault::Name => (
            if objects.len() == 1 { "the name" } else { "the names" }.to_owned(),
            "write at most 253 lower-case letters, digits, `-` and `.`, with a letter or a digit first and last"
                .to_owned(),
        ),
        ObjectFault::Key { noun, key } => {
            (format!("the {noun} `{key}`"), format!("write a key of {name}, after a domain and `/` or not"))
        }
        ObjectFault::NotText { noun, key, value } => {
            (format!("the {noun} `{key}: {value}`"), format!("write a string: `{key}: \"{value}\"`"))
        }
        ObjectFault::Value { key, value } => {
            (format!("the label `{key}: {value}`"), format!("write a value of {name}"))
        }
        ObjectFault::Unselected { key, selected, found } => {
            let what = match found {
                Some(found) => format!("the label `{key}: {found}` of the pods"),
                None => format!("pods without the label `{key}`"),
            };
            (what, format!("give the pods the label `{key}: {selected}`, by which they are selected"))
        }
        ObjectFault::NoVolume { container, volume } => (
            format!("a mount of the volume `{volume}` by the container `{container}`"),
            format!("add the volume `{volume}` to the pods, or remove the mount"),
        ),
        ObjectFault::Contradiction(Contradiction::Together { at, fields: [first, second], .. }) => (
            format!("`{first}` and `{second}` together in `{}`", describe_pointer(at)),
            format!("keep one of them: a patch removes the other by `{first}: null` or `{second}: null`"),
        ),
        ObjectFault::Contradiction(Contradiction::AboveLimit { path, request, limit, .. }) => (
            format!("the request `{request}` above the limit `{limit}` in `{}`", describe_pointer(path)),
            format!("write at most `{limit}`, or a greater limit"),
        ),
        ObjectFault::Misfit { path, misfit } => describe_misfit(path, misfit),
        ObjectFault::Directive { key } => (
            format!("the field `{key}`"),
            format!("remove `{key}`: of such directives kustomize knows only `$patch`"),
        ),
    };
    let message = format!("the API server will refuse {what} of {owner}");
    let finding = name_objects(head.with_message(message).reason("in this cluster"), objects);
    let set = match fault {
        ObjectFault::Name => "the name",
        ObjectFault::Misfit { misfit: Misfit::Missing, .. } => "the rest",
        ObjectFault::Contradiction(_) => "one of them",
        ObjectFault::Unselected { found: None, .. } => "the metadata of the pods",
        ObjectFault::NoVolume { .. } => "the list of volumes or mounts",
        ObjectFault::Key { .. }
        | ObjectFault::NotText { .. }
        | ObjectFault::Value { .. }
        | ObjectFault::Unselected { found: Some(_), .. }
        | ObjectFault::Misfit { .. }
        | ObjectFault::Directive { .. } => &what,
    };
    with_setter(finding, set, by).note("Flux then applies nothing of the overlay").help(help)
}
