//! One document of a patch: its form, and what remains of it without some parts.

use std::collections::BTreeSet;

use crate::import::facts::DocumentMark;
use crate::import::identity;
use crate::import::overlay::Document;
use crate::kustomize::Id;
use crate::model::MANAGER;
use crate::span::Span;
use crate::spanned::{Spanned, Value};

/// How kustomize reads a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatchForm {
    /// A strategic merge patch of the object with this id.
    Merge(Id),
    Operations,
    /// kustomize rejects it.
    Neither,
}

impl Document {
    pub fn form(&self) -> PatchForm {
        let node = &self.node;
        match &node.value {
            Value::Sequence(_) => PatchForm::Operations,
            Value::Mapping(_) => {
                let api = node.text_at("apiVersion").unwrap_or_default();
                let (group, version) = api.split_once('/').unwrap_or(("", api));
                let metadata = |key| node.get("metadata").and_then(|metadata| metadata.text_at(key));
                let id = Id {
                    group: group.to_owned(),
                    version: version.to_owned(),
                    kind: node.text_at("kind").unwrap_or_default().to_owned(),
                    namespace: metadata("namespace").unwrap_or_default().to_owned(),
                    name: metadata("name").unwrap_or_default().to_owned(),
                };
                let is_complete = !(api.is_empty() || id.kind.is_empty() || id.name.is_empty());
                if is_complete { PatchForm::Merge(id) } else { PatchForm::Neither }
            }
            Value::Scalar(_) => PatchForm::Neither,
        }
    }

    /// The rest of it without these parts; `None` if the rest changes nothing.
    pub fn without(&self, marks: &BTreeSet<DocumentMark>) -> Option<Spanned> {
        if marks.is_empty() {
            return Some(self.node.clone());
        }
        let left = without(&self.node, marks)?;
        (!changes_nothing(&left)).then_some(left)
    }
}

/// A node without some parts; `None` if it has no others.
fn without(node: &Spanned, marks: &BTreeSet<DocumentMark>) -> Option<Spanned> {
    let value = match &node.value {
        Value::Scalar(_) => node.value.clone(),
        Value::Mapping(entries) => {
            let kept =
                entries.iter().filter(|(key, _)| !marks.contains(&DocumentMark::Entry(key.range.start)));
            let left: Vec<_> =
                kept.filter_map(|(key, value)| Some((key.clone(), without(value, marks)?))).collect();
            if left.is_empty() && !entries.is_empty() {
                return None;
            }
            Value::Mapping(left)
        }
        Value::Sequence(items) => {
            let kept = items.iter().filter(|item| !marks.contains(&DocumentMark::Item(item.range.start)));
            let left: Vec<_> = kept.filter_map(|item| without(item, marks)).collect();
            if left.is_empty() && !items.is_empty() {
                return None;
            }
            Value::Sequence(left)
        }
    };
    Some(Spanned { range: node.range.clone(), value })
}

/// True for an object with nothing but its identifier, and for operations that change nothing.
fn changes_nothing(node: &Spanned) -> bool {
    if let Value::Sequence(operations) = &node.value {
        return operations.iter().all(|operation| operation.text_at("op") == Some("test"));
    }
    node.entries().iter().all(|(key, value)| match key.text() {
        Some("apiVersion" | "kind") => true,
        Some("metadata") => {
            value.entries().iter().all(|(key, _)| matches!(key.text(), Some("name" | "namespace")))
        }
        Some("spec") => is_manager_alone(value),
        _ => false,
    }) && matches!(node.value, Value::Mapping(_))
}

/// True if a Deployment has nothing but the name of its container.
fn is_manager_alone(spec: &Spanned) -> bool {
    let only = |node: &Spanned, key: &str| match node.entries() {
        [(name, value)] if name.text() == Some(key) => Some(value.clone()),
        _ => None,
    };
    let containers = only(spec, "template").and_then(|node| only(&node, "spec"));
    let containers = containers.and_then(|node| only(&node, "containers"));
    containers.is_some_and(|list| {
        list.items().iter().all(|item| only(item, "name").is_some_and(|name| name.text() == Some(MANAGER)))
    })
}

/// The place of a document that has the label of AAD Pod Identity.
pub fn aad_pod_identity(document: &Document) -> Option<Span> {
    let is_there = document.node.contains_any(&[identity::AAD_POD_IDENTITY]);
    is_there.then(|| document.origin.place(&document.node))
}
