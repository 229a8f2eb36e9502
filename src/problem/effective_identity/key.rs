//! Keys that nothing reads, in words.

use crate::effect::{KeyPlace, UnreadKey};
use crate::model::Platform;
use crate::problem::effective_identity::words::{SetBy, with_setter};
use crate::problem::{Finding, FindingHead, all_of, more};

/// How many objects a finding names.
const NAMED: usize = 3;

pub(super) fn unread_key(
    head: FindingHead<'_>,
    objects: &[String],
    key: &UnreadKey,
    by: Option<&SetBy>,
) -> Finding {
    let UnreadKey { key: name, place, meant, read_at } = key;
    let owner = describe_owner(objects);
    let message = format!("nothing reads {} of {owner}", describe_key(place, name));
    let finding = name_objects(head.with_message(message).reason("in this cluster"), objects);
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

/// Annotations that only another platform reads. `platforms`: that of the cluster, and the other.
pub(super) fn foreign_keys(
    head: FindingHead<'_>,
    platforms: [Platform; 2],
    keys: &[&str],
    objects: &[String],
    by: Option<&SetBy>,
) -> Finding {
    let [platform, reader] = platforms.map(Platform::name);
    let noun = if keys.len() == 1 { "annotation" } else { "annotations" };
    let owner = describe_owner(objects);
    let message = format!("nothing on `{platform}` reads the {noun} {} of {owner}", all_of(keys));
    let finding = name_objects(head.with_message(message).reason("in this cluster"), objects);
    let finding = with_setter(finding, "it", by);
    let provider = platforms[1].native_provider().map_or("the provider", |provider| provider.name());
    finding
        .note(format!("only {} reads it", describe_reader(platforms[1])))
        .help(format!(
            "remove it; for an identity of `{provider}` on `{platform}`, map the controller to one, or write `on {reader}` if the cluster is one"
        ))
}

fn describe_reader(platform: Platform) -> &'static str {
    match platform {
        Platform::Eks => "the webhook of EKS",
        Platform::Aks => "the webhook of Azure Workload Identity, which AKS runs,",
        Platform::Gke => "the metadata server of GKE",
        Platform::Kubernetes => "nothing",
    }
}

/// The objects that have a key, in the message.
pub(super) fn describe_owner(objects: &[String]) -> String {
    match objects {
        [only] => only.clone(),
        objects => format!("{} objects", objects.len()),
    }
}

/// Names the first of several objects in a note.
pub(super) fn name_objects(finding: Finding, objects: &[String]) -> Finding {
    if objects.len() < 2 {
        return finding;
    }
    let named = objects.iter().take(NAMED).cloned().collect::<Vec<String>>().join(", ");
    let rest = objects.len().saturating_sub(NAMED);
    finding.note(if rest == 0 { named } else { format!("{named} and {}", more(rest, "object")) })
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
