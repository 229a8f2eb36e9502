//! What a patch sets that an identity sets too.

use std::borrow::Cow;

use crate::check::passthrough::patches::{Patch, PatchForm};
use crate::model::{Additions, MANAGER, ObjectKind};
use crate::yaml::Node;

/// Something that an identity sets on an object: what it is, what it is called, and the way there.
#[derive(Clone, Debug)]
pub struct SetField<'a> {
    /// What it is on.
    pub kind: ObjectKind,
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
pub fn fields_set<'a>(additions: &'a Additions<'_>) -> Vec<SetField<'a>> {
    const METADATA: [Step<'_>; 1] = [Step::Entry("metadata")];
    const PODS: [Step<'_>; 3] = [Step::Entry("spec"), Step::Entry("template"), Step::Entry("metadata")];
    const POD: [Step<'_>; 3] = [Step::Entry("spec"), Step::Entry("template"), Step::Entry("spec")];
    const CONTAINER: [Step<'_>; 2] = [Step::Entry("containers"), Step::Item("name", MANAGER)];
    let slot = |kind, what, name: &'a str, before: &[&[Step<'a>]], last: [Step<'a>; 2]| {
        let way = before.iter().flat_map(|steps| steps.iter().copied()).chain(last).collect();
        SetField { kind, what, name, way }
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

/// True if a patch that hits its object sets it.
pub fn patch_sets(patch: &Patch, slot: &SetField<'_>) -> bool {
    let root = patch.document.root();
    match patch.form {
        PatchForm::Merge(_) => merge_sets(root, &slot.way),
        PatchForm::Operations => root.items().any(|operation| operation_sets(operation, &slot.way)),
    }
}

/// True if a patch takes the object away that it hits.
pub fn patch_deletes(patch: &Patch) -> bool {
    patch.document.root().get("$patch").and_then(Node::text) == Some("delete")
}

fn merge_sets(node: Node<'_>, way: &[Step<'_>]) -> bool {
    match way.split_first() {
        None => true,
        Some((Step::Entry(key), rest)) => node.get(key).is_some_and(|node| merge_sets(node, rest)),
        Some((Step::Item(key, value), rest)) => {
            let is_it = |item: &Node<'_>| item.get(key).and_then(Node::text) == Some(value);
            node.items().filter(is_it).any(|item| merge_sets(item, rest))
        }
    }
}

/// True if an operation puts something there.
fn operation_sets(operation: Node<'_>, way: &[Step<'_>]) -> bool {
    let text = |key| operation.get(key).and_then(Node::text).unwrap_or_default();
    if !matches!(text("op"), "add" | "replace" | "move" | "copy") {
        return false;
    }
    let value = operation.get("value");
    let mut way = way;
    let mut tokens = text("path").split('/').skip(1).map(unescaped);
    while let Some(token) = tokens.next() {
        match way.split_first() {
            // It changes part of an existing value.
            None => return true,
            Some((Step::Entry(key), rest)) if *key == token => way = rest,
            Some((Step::Entry(_), _)) => return false,
            Some((Step::Item(key, name), rest)) => match tokens.clone().next() {
                // The item itself.
                None => return value.is_some_and(|value| item_sets(value, key, name, rest)),
                // Its name.
                Some(next) if next == *key && rest.is_empty() => {
                    return value.and_then(Node::text) == Some(name);
                }
                // Flux has one container, so its index does not matter; other items cannot be identified by index.
                Some(_) if rest.is_empty() => return false,
                Some(_) => way = rest,
            },
        }
    }
    match value {
        Some(value) => merge_sets(value, way),
        None => way.is_empty(),
    }
}

fn item_sets(item: Node<'_>, key: &str, name: &str, rest: &[Step<'_>]) -> bool {
    item.get(key).and_then(Node::text) == Some(name) && merge_sets(item, rest)
}

/// Source: RFC 6901, section 4.
fn unescaped(token: &str) -> Cow<'_, str> {
    if token.contains('~') { token.replace("~1", "/").replace("~0", "~").into() } else { token.into() }
}

#[cfg(test)]
mod tests {
    use super::{fields_set, patch_sets};
    use crate::check::passthrough::patches;
    use crate::model::{Additions, Volume, VolumeSource};

    /// What a patch sets of an annotation, a label, an annotation of pods, a variable and a volume with its mount.
    fn set_by(text: &str) -> Vec<(&'static str, String)> {
        let source = VolumeSource::ConfigMap("c".to_owned());
        let additions = Additions {
            annotations: vec![("eks.amazonaws.com/role-arn", "x".into())],
            labels: vec![("use", "true".into())],
            pod_annotations: vec![("digest", "x".into())],
            variables: vec![("AWS_REGION", "x".into())],
            volumes: vec![Volume { name: "token", mount_path: "/var/token", source }],
            ..Additions::default()
        };
        let patches = patches::parse_patches(text).expect("it is a patch");
        let patch = &patches.documents[0];
        let mut set: Vec<_> = fields_set(&additions)
            .iter()
            .filter(|slot| patch_sets(patch, slot))
            .map(|slot| (slot.what, slot.name.to_owned()))
            .collect();
        set.dedup();
        set
    }

    fn operation(path: &str, value: &str) -> String {
        format!("- op: add\n  path: {path}\n  value: {value}\n")
    }

    #[test]
    fn a_merge_sets_what_it_says() {
        let head = "apiVersion: v1\nkind: x\nmetadata:\n  name: x\n";
        let pod = |of_pod: &str| format!("{head}spec: {{template: {{spec: {of_pod}}}}}\n");
        for (text, what) in [
            (format!("{head}  annotations: {{eks.amazonaws.com/role-arn: y}}\n"), Some("annotation")),
            (format!("{head}  annotations: {{eks.amazonaws.com/role: y}}\n"), None),
            (format!("{head}  labels: {{use: \"true\"}}\n"), Some("label")),
            (format!("{head}spec: {{template: {{metadata: {{labels: {{use: x}}}}}}}}\n"), Some("label")),
            (
                format!("{head}spec: {{template: {{metadata: {{annotations: {{digest: x}}}}}}}}\n"),
                Some("annotation"),
            ),
            (pod("{containers: [{name: manager, env: [{name: A}, {name: AWS_REGION}]}]}"), Some("variable")),
            (pod("{containers: [{name: sidecar, env: [{name: AWS_REGION}]}]}"), None),
            (pod("{volumes: [{name: token}]}"), Some("volume")),
            (
                pod("{containers: [{name: manager, volumeMounts: [{name: y, mountPath: /var/token}]}]}"),
                Some("mount"),
            ),
            (pod("{containers: [{name: manager, args: [x]}], nodeSelector: {use: x}}"), None),
        ] {
            let set: Vec<&str> = set_by(&text).iter().map(|(what, _)| *what).collect();
            assert_eq!(set, what.into_iter().collect::<Vec<_>>(), "{text}");
        }
    }

    #[test]
    fn operations_set_what_their_path_and_their_value_say() {
        let container = "/spec/template/spec/containers/0";
        for (path, value, what) in [
            ("/metadata/annotations/eks.amazonaws.com~1role-arn", "y", Some("annotation")),
            ("/metadata/annotations/eks.amazonaws.com~1role", "y", None),
            ("/metadata/annotations", "{eks.amazonaws.com/role-arn: y}", Some("annotation")),
            ("/metadata/annotations", "{owner: y}", None),
            ("/metadata", "{labels: {use: y}}", Some("label")),
            (&format!("{container}/env/-"), "{name: AWS_REGION, value: y}", Some("variable")),
            (&format!("{container}/env/1"), "{name: AWS_REGION}", Some("variable")),
            (&format!("{container}/env/1/name"), "AWS_REGION", Some("variable")),
            (&format!("{container}/env/1/value"), "AWS_REGION", None),
            (&format!("{container}/env"), "[{name: A}, {name: AWS_REGION}]", Some("variable")),
            (&format!("{container}/env/-"), "{name: A}", None),
            (&format!("{container}/args/-"), "--concurrent=5", None),
            (container, "{name: manager, env: [{name: AWS_REGION}]}", Some("variable")),
            ("/spec/template/spec/volumes/-", "{name: token}", Some("volume")),
            ("/spec/template/spec/volumes", "[{name: tmp}]", None),
            (&format!("{container}/volumeMounts/-"), "{name: y, mountPath: /var/token}", Some("mount")),
        ] {
            let text = operation(path, value);
            let set: Vec<&str> = set_by(&text).iter().map(|(what, _)| *what).collect();
            assert_eq!(set, what.into_iter().collect::<Vec<_>>(), "{text}");
        }
        let removed = "- op: remove\n  path: /metadata/annotations/eks.amazonaws.com~1role-arn\n";
        assert!(set_by(removed).is_empty());
    }
}
