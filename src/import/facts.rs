//! The fields of identities in patches and objects.

use crate::import::identity::IdentityKey;
use crate::import::overlay::Document;
use crate::import::{block, federated};
use crate::kustomize::{self, Id, Object};
use crate::model::object_level::GATE_ARGUMENT;
use crate::model::{Controller, MANAGER, ObjectKind};
use crate::span::Span;
use crate::spanned::{Spanned, Value};

/// What pointers to something of a pod begin with.
const POD: &str = "/spec/template/spec/";

/// The ServiceAccount or the Deployment of a controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ControllerObject {
    pub controller: Controller,
    pub kind: ObjectKind,
}

impl ControllerObject {
    /// The object of a controller that this is, whatever its namespace.
    pub fn from_object(object: &Object) -> Option<ControllerObject> {
        ControllerObject::from_id(object.id())
    }

    pub fn from_id(id: &Id) -> Option<ControllerObject> {
        let kind = ObjectKind::ALL
            .into_iter()
            .find(|kind| kind.name() == id.kind && kind.api() == (id.group.as_str(), id.version.as_str()))?;
        Some(ControllerObject { controller: Controller::from_name(&id.name)?, kind })
    }
}

/// A field of an identity in a patch or an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub kind: ObjectKind,
    pub key: IdentityKey,
    pub value: String,
    pub at: Span,
    /// The part of the document to remove if the identity is imported.
    pub mark: DocumentMark,
}

/// A node in a document, by its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DocumentMark {
    Entry(usize),
    Item(usize),
}

/// The fields that a document sets in the objects that it matches.
pub fn collect_from_document(document: &Document, matched: &[ControllerObject]) -> Vec<Fact> {
    let mut facts = Vec::new();
    for kind in ObjectKind::ALL {
        if matched.iter().any(|object| object.kind == kind) {
            let place = |node: &Spanned| document.origin.place(node);
            let mut collector = FactCollector { place: &place, kind, facts: &mut facts };
            match &document.node.value {
                Value::Sequence(operations) => operations.iter().for_each(|one| collector.operation(one)),
                Value::Mapping(_) => collector.merge(&document.node),
                Value::Scalar(_) => {}
            }
        }
    }
    facts
}

/// The fields of an object.
pub fn collect_from_object(kind: ObjectKind, object: &kustomize::Value, at: Span) -> Vec<Fact> {
    let mut facts = Vec::new();
    let object = block::from_value(object);
    let mut collector = FactCollector { place: &|_| at, kind, facts: &mut facts };
    collector.merge(&object);
    let containers = object.at(&["spec", "template", "spec", "containers"]).map(Spanned::items);
    for argument in containers.unwrap_or_default().iter().filter_map(|one| one.get("args")) {
        for argument in argument.items().iter().filter(|one| one.text() == Some(GATE_ARGUMENT)) {
            collector.push(IdentityKey::Gate, argument, DocumentMark::Item(0));
        }
    }
    facts
}

struct FactCollector<'c> {
    place: &'c dyn Fn(&Spanned) -> Span,
    kind: ObjectKind,
    facts: &'c mut Vec<Fact>,
}

impl FactCollector<'_> {
    fn push(&mut self, key: IdentityKey, value: &Spanned, mark: DocumentMark) {
        let at = (self.place)(value);
        let value = value.text().unwrap_or_default().to_owned();
        self.facts.push(Fact { kind: self.kind, key, value, at, mark });
    }

    fn merge(&mut self, root: &Spanned) {
        self.metadata(root, &[], IdentityKey::annotation, IdentityKey::label);
        if self.kind == ObjectKind::Deployment {
            let template = ["spec", "template"];
            self.metadata(root, &template, IdentityKey::pod_annotation, IdentityKey::pod_label);
            let selector = root.at(&["spec", "selector", "matchLabels"]);
            for (key, value) in selector.map(Spanned::entries).unwrap_or_default() {
                if key.text() == Some("app") {
                    self.push(IdentityKey::Selector, value, DocumentMark::Entry(key.range.start));
                }
            }
            if let Some(pod) = root.at(&["spec", "template", "spec"]) {
                self.pod(pod);
            }
        }
    }

    fn metadata(
        &mut self,
        root: &Spanned,
        path: &[&str],
        annotation: fn(ObjectKind, &str) -> Option<IdentityKey>,
        label: fn(ObjectKind, &str) -> Option<IdentityKey>,
    ) {
        let Some(metadata) = root.at(path).and_then(|node| node.get("metadata")) else { return };
        for (list, known) in [("annotations", annotation), ("labels", label)] {
            for (key, value) in metadata.get(list).map(Spanned::entries).unwrap_or_default() {
                if let Some(found) = key.text().and_then(|text| known(self.kind, text)) {
                    self.push(found, value, DocumentMark::Entry(key.range.start));
                }
            }
        }
    }

    fn pod(&mut self, pod: &Spanned) {
        for volume in pod.get("volumes").map(Spanned::items).unwrap_or_default() {
            self.item(volume, IdentityKey::volume, source(volume), DocumentMark::Item(volume.range.start));
        }
        let containers = pod.get("containers").map(Spanned::items).unwrap_or_default();
        for container in containers.iter().filter(|container| container.text_at("name") == Some(MANAGER)) {
            for variable in container.get("env").map(Spanned::items).unwrap_or_default() {
                let value = variable.text_at("value").unwrap_or_default().to_owned();
                self.item(variable, IdentityKey::variable, value, DocumentMark::Item(variable.range.start));
            }
            for mount in container.get("volumeMounts").map(Spanned::items).unwrap_or_default() {
                self.item(mount, IdentityKey::mount, mounted(mount), DocumentMark::Item(mount.range.start));
            }
        }
    }

    fn item(
        &mut self,
        item: &Spanned,
        known: fn(&str) -> Option<IdentityKey>,
        value: String,
        mark: DocumentMark,
    ) {
        if let Some(key) = item.text_at("name").and_then(known) {
            let at = (self.place)(item);
            self.facts.push(Fact { kind: self.kind, key, value, at, mark });
        }
    }

    /// Operations on a pod, whose only container is `manager`. They append to lists.
    fn pod_operation(&mut self, operation: &Spanned, value: &Spanned, mark: DocumentMark) {
        let Some(list) = operation.text_at("path").and_then(|path| path.strip_prefix(POD)) else { return };
        match list {
            "volumes/-" => self.item(value, IdentityKey::volume, source(value), mark),
            "containers/0/volumeMounts/-" => self.item(value, IdentityKey::mount, mounted(value), mark),
            "containers/0/env/-" => {
                let text = value.text_at("value").unwrap_or_default().to_owned();
                self.item(value, IdentityKey::variable, text, mark);
            }
            "containers/0/args/-" if value.text() == Some(GATE_ARGUMENT) => {
                self.push(IdentityKey::Gate, value, mark);
            }
            _ => {}
        }
    }

    fn operation(&mut self, operation: &Spanned) {
        let path = operation.text_at("path").unwrap_or_default();
        let mark = DocumentMark::Item(operation.range.start);
        let is_set = match operation.text_at("op") {
            Some("add" | "replace") => true,
            Some("remove") => false,
            _ => return,
        };
        let value = operation.get("value");
        if let (ObjectKind::Deployment, Some("add"), Some(value)) =
            (self.kind, operation.text_at("op"), value)
        {
            self.pod_operation(operation, value, mark);
        }
        if path == "/metadata/annotations" && self.kind == ObjectKind::ServiceAccount && is_set {
            let entries = value.map(Spanned::entries).unwrap_or_default();
            let known: Vec<_> = entries
                .iter()
                .filter_map(|(key, value)| {
                    Some((IdentityKey::annotation(self.kind, key.text()?)?, key, value))
                })
                .collect();
            if known.is_empty() {
                return;
            }
            let is_whole = known.len() == entries.len();
            self.push(IdentityKey::AllAnnotations, operation, mark);
            for (found, key, value) in known {
                let mark = if is_whole { mark } else { DocumentMark::Entry(key.range.start) };
                self.push(found, value, mark);
            }
            return;
        }
        let parts = [
            (
                "/metadata/annotations/",
                IdentityKey::annotation as fn(ObjectKind, &str) -> Option<IdentityKey>,
            ),
            ("/metadata/labels/", IdentityKey::label),
            ("/spec/template/metadata/annotations/", IdentityKey::pod_annotation),
            ("/spec/template/metadata/labels/", IdentityKey::pod_label),
        ];
        for (begin, known) in parts {
            // A `/` that is not written `~1` leads further down.
            let key = path.strip_prefix(begin).filter(|key| !key.contains('/'));
            let key = key.map(|key| key.replace("~1", "/").replace("~0", "~"));
            if let Some(key) = key.and_then(|key| known(self.kind, &key)) {
                let (key, value) = if is_set {
                    (key, value.unwrap_or(operation))
                } else {
                    (IdentityKey::Removed(key.name()), operation)
                };
                self.push(key, value, mark);
            }
        }
    }
}

/// The source of a volume, if that is one token or one `ConfigMap`; else an empty text.
fn source(volume: &Spanned) -> String {
    let only = |node: &Spanned, keys: &[&str]| {
        node.entries().iter().all(|(key, _)| key.text().is_some_and(|key| keys.contains(&key)))
    };
    if let Some(config_map) = volume.get("configMap") {
        let is_plain = only(volume, &["name", "configMap"]) && only(config_map, &["name"]);
        return config_map.text_at("name").filter(|_| is_plain).unwrap_or_default().to_owned();
    }
    let Some([projected]) = volume.at(&["projected", "sources"]).map(Spanned::items) else {
        return String::new();
    };
    let is_plain = only(volume, &["name", "projected"])
        && volume.get("projected").is_some_and(|node| only(node, &["sources"]))
        && only(projected, &["serviceAccountToken"]);
    let token = projected.get("serviceAccountToken").filter(|_| is_plain);
    let Some(token) = token.filter(|token| only(token, &["audience", "expirationSeconds", "path"])) else {
        return String::new();
    };
    let field = |key| token.text_at(key).unwrap_or_default();
    federated::token(field("audience"), field("expirationSeconds"), field("path"))
}

/// The path of a mount, if it is of the whole volume and read-only; else an empty text.
fn mounted(mount: &Spanned) -> String {
    let is_plain = mount.entries().iter().all(|(key, value)| match key.text() {
        Some("name" | "mountPath") => true,
        Some("readOnly") => value.text() == Some("true"),
        _ => false,
    });
    let path = mount.text_at("mountPath").filter(|_| is_plain && mount.get("readOnly").is_some());
    path.unwrap_or_default().to_owned()
}
