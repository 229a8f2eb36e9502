//! Metadata that the API server refuses, in words.

use crate::effect::MetadataFault;
use crate::problem::effective_identity::key::{describe_owner, name_objects};
use crate::problem::effective_identity::words::{SetBy, with_setter};
use crate::problem::{Finding, FindingHead};

pub(super) fn rejected(
    head: FindingHead<'_>,
    objects: &[String],
    fault: &MetadataFault,
    by: Option<&SetBy>,
) -> Finding {
    let owner = describe_owner(objects);
    let name = "at most 63 letters, digits, `-`, `_` and `.`, with a letter or a digit first and last";
    let (what, help) = match fault {
        MetadataFault::Name => (
            if objects.len() == 1 { "the name" } else { "the names" }.to_owned(),
            "write at most 253 lower-case letters, digits, `-` and `.`, with a letter or a digit first and last"
                .to_owned(),
        ),
        MetadataFault::Key { noun, key } => {
            (format!("the {noun} `{key}`"), format!("write a key of {name}, after a domain and `/` or not"))
        }
        MetadataFault::NotText { noun, key, value } => {
            (format!("the {noun} `{key}: {value}`"), format!("write a string: `{key}: \"{value}\"`"))
        }
        MetadataFault::Value { key, value } => {
            (format!("the label `{key}: {value}`"), format!("write a value of {name}"))
        }
        MetadataFault::Unselected { key, selected, found } => {
            let what = match found {
                Some(found) => format!("the label `{key}: {found}` of the pods"),
                None => format!("pods without the label `{key}`"),
            };
            (what, format!("give the pods the label `{key}: {selected}`, by which they are selected"))
        }
    };
    let message = format!("the API server will refuse {what} of {owner}");
    let finding = name_objects(head.with_message(message).reason("in this cluster"), objects);
    let set = match fault {
        MetadataFault::Name => "the name",
        MetadataFault::Unselected { found: None, .. } => "the metadata of the pods",
        MetadataFault::Key { .. }
        | MetadataFault::NotText { .. }
        | MetadataFault::Value { .. }
        | MetadataFault::Unselected { found: Some(_), .. } => &what,
    };
    with_setter(finding, set, by).note("Flux then applies nothing of the overlay").help(help)
}
