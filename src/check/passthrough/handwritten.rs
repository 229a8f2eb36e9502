//! Kustomizations that others wrote, as far as they matter here.

use crate::check::passthrough::patches::{self, ObjectId};
use crate::check::passthrough::selector::Selector;
use crate::model::{LocalPath, Target, TargetField};
use crate::spanned::Excess;
use crate::yaml::{Document, Node};

/// A hand-written kustomization.
#[derive(Clone, Debug)]
pub struct Handwritten {
    pub file: LocalPath,
    /// True if it is a component.
    pub is_component: bool,
    /// What it builds on, as it is written there.
    pub resources: Vec<String>,
    /// The components that it lists, as written.
    pub components: Vec<String>,
    /// The namespace that it gives all objects.
    pub namespace: Option<String>,
    /// What it puts before and behind names.
    pub affixes: (String, String),
    /// What it removes.
    pub deletions: Vec<Selector>,
    /// True if it removes objects by labels or annotations.
    pub deletes_by_label: bool,
}

/// Why a directory has no kustomization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandwrittenFault {
    /// Nobody looked.
    Unseen,
    /// There is none.
    None,
    /// There is more than one, so that kustomize refuses all.
    Several([&'static str; 2]),
    /// It cannot be read.
    Unreadable(LocalPath),
    /// It exceeds a limit, on that line.
    OutOfBounds(LocalPath, Excess, usize),
}

impl Handwritten {
    /// The kustomization of a file. `patch_text`: the text of the file at a path, as the kustomization has it.
    pub fn parse(
        file: LocalPath,
        root: Node<'_>,
        patch_text: impl Fn(&str) -> Option<String>,
    ) -> Handwritten {
        let text = |key: &str| root.get(key).and_then(Node::text);
        let list = |key: &str| root.get(key).into_iter().flat_map(Node::items);
        let texts = |key: &str| list(key).filter_map(Node::text).map(str::to_owned);
        let mut taken = Handwritten {
            file,
            is_component: text("kind") == Some("Component"),
            resources: texts("resources").chain(texts("bases")).collect(),
            components: texts("components").collect(),
            namespace: text("namespace").filter(|namespace| !namespace.is_empty()).map(str::to_owned),
            affixes: (
                text("namePrefix").unwrap_or_default().to_owned(),
                text("nameSuffix").unwrap_or_default().to_owned(),
            ),
            deletions: Vec::new(),
            deletes_by_label: false,
        };
        for entry in list("patches") {
            let path = entry.get("path").and_then(Node::text);
            let text = entry.get("patch").and_then(Node::text).map(str::to_owned);
            if let Some(text) = text.or_else(|| patch_text(path?)) {
                taken.collect_deletions(&text, entry.get("target"));
            }
        }
        for entry in list("patchesStrategicMerge").filter_map(Node::text) {
            let text = if entry.contains('\n') { Some(entry.to_owned()) } else { patch_text(entry) };
            taken.collect_deletions(&text.unwrap_or_default(), None);
        }
        taken
    }

    fn collect_deletions(&mut self, text: &str, target: Option<Node<'_>>) {
        if !text.contains("$patch") {
            return;
        }
        for (_, text) in patches::split_documents(text) {
            let Some(document) = Document::read(text) else { continue };
            let root = document.root();
            if root.get("$patch").and_then(Node::text) != Some("delete") {
                continue;
            }
            let at = |keys: &[&str]| root.at(keys).and_then(Node::text).unwrap_or_default().to_owned();
            let id = ObjectId {
                api_version: at(&["apiVersion"]),
                kind: at(&["kind"]),
                name: at(&["metadata", "name"]),
                namespace: at(&["metadata", "namespace"]),
            };
            let fields = TargetField::ALL.into_iter();
            let target: Target = fields
                .filter_map(|field| Some((field, target?.get(field.name())?.text()?.to_owned())))
                .collect();
            self.deletes_by_label |= target.keys().any(|field| !field.is_pattern());
            self.deletions.push(Selector::new(&target, Some(&id)));
        }
    }
}
