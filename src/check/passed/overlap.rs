//! What a patch sets that an identity sets too.

use std::borrow::Cow;

use crate::check::passed::patches::{Form, Patch};
use crate::model::{Additions, MANAGER, ObjectKind};
use crate::yaml::Node;

/// Something that an identity sets on an object: what it is, what it is called, and the way there.
#[derive(Clone, Debug)]
pub struct Slot<'a> {
    /// What it is on.
    pub kind: ObjectKind,
    /// What it is.
    pub what: &'static str,
    /// What it is called.
    pub name: &'a str,
    way: Vec<Step<'a>>,
}

/// A step from an object to a part of it.
#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    /// The entry of that key.
    Entry(&'a str),
    /// The item that has this value under this key.
    Item(&'a str, &'a str),
}

/// All that these additions set.
pub fn slots<'a>(additions: &'a Additions<'_>) -> Vec<Slot<'a>> {
    const METADATA: [Step<'_>; 1] = [Step::Entry("metadata")];
    const PODS: [Step<'_>; 3] = [Step::Entry("spec"), Step::Entry("template"), Step::Entry("metadata")];
    const POD: [Step<'_>; 3] = [Step::Entry("spec"), Step::Entry("template"), Step::Entry("spec")];
    const CONTAINER: [Step<'_>; 2] = [Step::Entry("containers"), Step::Item("name", MANAGER)];
    let slot = |kind, what, name: &'a str, before: &[&[Step<'a>]], last: [Step<'a>; 2]| {
        let way = before.iter().flat_map(|steps| steps.iter().copied()).chain(last).collect();
        Slot { kind, what, name, way }
    };
    let mut slots = Vec::new();
    for (name, _) in &additions.annotations {
        let last = [Step::Entry("annotations"), Step::Entry(name)];
        slots.push(slot(ObjectKind::ServiceAccount, "annotation", name, &[&METADATA], last));
    }
    for (name, _) in &additions.labels {
        let last = [Step::Entry("labels"), Step::Entry(name)];
        slots.push(slot(ObjectKind::Deployment, "label", name, &[&METADATA], last));
        slots.push(slot(ObjectKind::Deployment, "label", name, &[&PODS], last));
    }
    for (name, _) in &additions.pod_annotations {
        let last = [Step::Entry("annotations"), Step::Entry(name)];
        slots.push(slot(ObjectKind::Deployment, "annotation", name, &[&PODS], last));
    }
    for (name, _) in &additions.variables {
        let last = [Step::Entry("env"), Step::Item("name", name)];
        slots.push(slot(ObjectKind::Deployment, "variable", name, &[&POD, &CONTAINER], last));
    }
    for volume in &additions.volumes {
        let last = [Step::Entry("volumes"), Step::Item("name", volume.name)];
        slots.push(slot(ObjectKind::Deployment, "volume", volume.name, &[&POD], last));
        let last = [Step::Entry("volumeMounts"), Step::Item("mountPath", volume.mount_path)];
        slots.push(slot(ObjectKind::Deployment, "mount", volume.mount_path, &[&POD, &CONTAINER], last));
    }
    slots
}

/// Whether a patch that hits its object sets it.
pub fn sets(patch: &Patch, slot: &Slot<'_>) -> bool {
    let root = patch.document.root();
    match patch.form {
        Form::Merge(_) => says(root, &slot.way),
        Form::Operations => root.items().any(|operation| operates_on(operation, &slot.way)),
    }
}

/// Whether a patch takes the object away that it hits.
pub fn deletes(patch: &Patch) -> bool {
    patch.document.root().get("$patch").and_then(Node::text) == Some("delete")
}

fn says(node: Node<'_>, way: &[Step<'_>]) -> bool {
    match way.split_first() {
        None => true,
        Some((Step::Entry(key), rest)) => node.get(key).is_some_and(|node| says(node, rest)),
        Some((Step::Item(key, value), rest)) => {
            let is_it = |item: &Node<'_>| item.get(key).and_then(Node::text) == Some(value);
            node.items().filter(is_it).any(|item| says(item, rest))
        }
    }
}

/// Whether an operation puts something there.
fn operates_on(operation: Node<'_>, way: &[Step<'_>]) -> bool {
    let text = |key| operation.get(key).and_then(Node::text).unwrap_or_default();
    if !matches!(text("op"), "add" | "replace" | "move" | "copy") {
        return false;
    }
    let value = operation.get("value");
    let mut way = way;
    let mut tokens = text("path").split('/').skip(1).map(unescaped);
    while let Some(token) = tokens.next() {
        match way.split_first() {
            // It changes a part of what is there.
            None => return true,
            Some((Step::Entry(key), rest)) if *key == token => way = rest,
            Some((Step::Entry(_), _)) => return false,
            Some((Step::Item(key, name), rest)) => match tokens.clone().next() {
                // The item itself.
                None => return value.is_some_and(|value| says_item(value, key, name, rest)),
                // Its name.
                Some(next) if next == *key && rest.is_empty() => {
                    return value.and_then(Node::text) == Some(name);
                }
                // Flux has one container, so that its number is no matter; of other items nobody knows which it is.
                Some(_) if rest.is_empty() => return false,
                Some(_) => way = rest,
            },
        }
    }
    match value {
        Some(value) => says(value, way),
        None => way.is_empty(),
    }
}

fn says_item(item: Node<'_>, key: &str, name: &str, rest: &[Step<'_>]) -> bool {
    item.get(key).and_then(Node::text) == Some(name) && says(item, rest)
}

/// Source: RFC 6901, section 4.
fn unescaped(token: &str) -> Cow<'_, str> {
    if token.contains('~') { token.replace("~1", "/").replace("~0", "~").into() } else { token.into() }
}
