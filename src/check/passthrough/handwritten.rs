//! Kustomizations that others wrote, as far as they matter here.

use std::sync::Arc;

use crate::check::passthrough::patches::{self, ObjectId};
use crate::check::passthrough::selector::Selector;
use crate::check::readings::Readings;
use crate::model::{LocalPath, Target, TargetField};
use crate::problem::InputFault;
use crate::spanned::Excess;
use crate::workspace::{Entry, Unread};
use crate::yaml::{self, Document, Node, Unreadable};

/// The names that kustomize looks for.
/// Source: `api/konfig/general.go` of kubernetes-sigs/kustomize.
pub const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// A kustomization that somebody wrote.
#[derive(Clone, Debug)]
pub struct Handwritten {
    /// Its file.
    pub file: LocalPath,
    /// Whether it is a component.
    pub is_component: bool,
    /// What it builds on, as it is written there.
    pub resources: Vec<String>,
    /// The components that it takes in, as they are written there.
    pub components: Vec<String>,
    /// The namespace that it gives all objects.
    pub namespace: Option<String>,
    /// What it puts before and behind names.
    pub affixes: (String, String),
    /// What it takes away.
    pub deletions: Vec<Selector>,
    /// Whether it takes away something that labels or annotations choose.
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
    /// It says more than can be read safely, on that line.
    OutOfBounds(LocalPath, Excess, usize),
}

impl Readings<'_> {
    /// The kustomization of a directory.
    pub fn handwritten(&self, directory: &LocalPath) -> Result<Arc<Handwritten>, HandwrittenFault> {
        if let Some(known) = self.kustomizations.borrow().get(directory) {
            return known.clone();
        }
        let read = self.read_handwritten(directory).map(Arc::new);
        self.kustomizations.borrow_mut().insert(directory.clone(), read.clone());
        read
    }

    fn read_handwritten(&self, directory: &LocalPath) -> Result<Handwritten, HandwrittenFault> {
        let mut found: Vec<(&'static str, LocalPath)> = Vec::new();
        for name in FILE_NAMES {
            let Some(file) = directory.join(name) else { continue };
            match self.entry(&file, &LocalPath::default()) {
                Entry::Unseen => return Err(HandwrittenFault::Unseen),
                // kustomize looks for files that it can open.
                Entry::Missing
                | Entry::Directory(_)
                | Entry::Refused(InputFault::DanglingLink | InputFault::LinkLoop) => {}
                Entry::File(_) | Entry::Refused(_) | Entry::Unreadable { .. } => found.push((name, file)),
            }
        }
        let file = match found.as_slice() {
            [] => return Err(HandwrittenFault::None),
            [(_, file)] => file.clone(),
            [(one, _), (other, _), ..] => return Err(HandwrittenFault::Several([*one, *other])),
        };
        let text = match self.text(&file) {
            Ok(text) => text,
            Err(Unread::Unseen) => return Err(HandwrittenFault::Unseen),
            Err(_) => return Err(HandwrittenFault::Unreadable(file)),
        };
        // It stands there before somebody writes it.
        if yaml::is_blank(&text) {
            return Err(HandwrittenFault::None);
        }
        match Document::parse(&text) {
            Ok(document) if document.root().is_mapping() => {
                Ok(self.parse_kustomization(file, directory, document.root()))
            }
            Err(Unreadable::OutOfBounds(excess, line)) => {
                Err(HandwrittenFault::OutOfBounds(file, excess, line))
            }
            Ok(_) | Err(Unreadable::Line(_)) => Err(HandwrittenFault::Unreadable(file)),
        }
    }

    fn parse_kustomization(&self, file: LocalPath, directory: &LocalPath, root: Node<'_>) -> Handwritten {
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
            if let Some(text) = text.or_else(|| self.patch_text(directory, path?)) {
                taken.collect_deletions(&text, entry.get("target"));
            }
        }
        for entry in list("patchesStrategicMerge").filter_map(Node::text) {
            let text =
                if entry.contains('\n') { Some(entry.to_owned()) } else { self.patch_text(directory, entry) };
            taken.collect_deletions(&text.unwrap_or_default(), None);
        }
        taken
    }

    fn patch_text(&self, directory: &LocalPath, path: &str) -> Option<String> {
        self.text(&directory.join(path)?).ok().map(|text| text.as_ref().to_owned())
    }
}

impl Handwritten {
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
            self.deletions.push(Selector::of(&target, Some(&id)));
        }
    }
}
