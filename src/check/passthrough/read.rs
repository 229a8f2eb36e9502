//! How files and directories that are passed through are read: each once, through what they name.

use std::sync::Arc;

use crate::check::passthrough::handwritten::{Handwritten, HandwrittenFault};
use crate::check::passthrough::patches::{Patches, PatchesFault, parse_patches};
use crate::check::passthrough::resources::{AddedObject, Resource};
use crate::check::passthrough::selector::Candidate;
use crate::check::readings::Readings;
use crate::kustomize;
use crate::model::LocalPath;
use crate::model::flux::FluxVersion;
use crate::problem::InputFault;
use crate::workspace::{Entry, Unread};
use crate::yaml::{self, Document, Unreadable};

/// How many files and directories one resource may lead to, and how deep.
const MOST_STEPS: usize = 1000;
const MOST_DEPTH: usize = 32;

impl Readings<'_> {
    pub fn patches(&mut self, file: &LocalPath) -> Result<Arc<Patches>, PatchesFault> {
        if let Some(known) = self.patches.get(file) {
            return known.clone();
        }
        let read =
            self.text(file).map_err(PatchesFault::Unread).and_then(|text| parse_patches(&text)).map(Arc::new);
        self.patches.insert(file.clone(), read.clone());
        read
    }

    /// What a resource adds.
    pub fn resource(&mut self, path: &LocalPath) -> Arc<Resource> {
        if let Some(known) = self.resources.get(path) {
            return Arc::clone(known);
        }
        let mut walk = KustomizationWalk { version: None, is_whole: true, steps: 0, open: Vec::new() };
        let objects = walk.resource(path, self);
        let kinds = match self.entry(path, &LocalPath::default()) {
            Entry::File(_) => self.manifests(path).ok().map(|manifests| manifests.kinds.clone()),
            Entry::Directory(_)
            | Entry::Unseen
            | Entry::Missing
            | Entry::Refused(_)
            | Entry::Unreadable { .. } => None,
        };
        let resource = Resource { objects, version: walk.version, is_whole: walk.is_whole, kinds };
        let resource = Arc::new(resource);
        self.resources.insert(path.clone(), Arc::clone(&resource));
        resource
    }

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
        for name in kustomize::NAMES {
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
        // An empty file counts as missing.
        if yaml::is_blank(&text) {
            return Err(HandwrittenFault::None);
        }
        match Document::parse(&text) {
            Ok(document) if document.root().is_mapping() => {
                let patch_text =
                    |path: &str| self.text(&directory.join(path)?).ok().map(|text| text.to_string());
                Ok(Handwritten::parse(file, document.root(), patch_text))
            }
            Err(Unreadable::OutOfBounds(excess, line)) => {
                Err(HandwrittenFault::OutOfBounds(file, excess, line))
            }
            Ok(_) | Err(Unreadable::Line(_)) => Err(HandwrittenFault::Unreadable(file)),
        }
    }
}

/// A way through kustomizations.
struct KustomizationWalk {
    version: Option<FluxVersion>,
    is_whole: bool,
    steps: usize,
    /// The directories that it is in.
    open: Vec<LocalPath>,
}

impl KustomizationWalk {
    fn resource(&mut self, path: &LocalPath, readings: &mut Readings<'_>) -> Vec<AddedObject> {
        self.steps = self.steps.saturating_add(1);
        if self.steps > MOST_STEPS {
            self.is_whole = false;
            return Vec::new();
        }
        match readings.entry(path, &LocalPath::default()) {
            Entry::File(_) => self.file(path, readings),
            Entry::Directory(_) => self.kustomization(path, Vec::new(), readings),
            Entry::Unseen | Entry::Missing | Entry::Refused(_) | Entry::Unreadable { .. } => {
                self.is_whole = false;
                Vec::new()
            }
        }
    }

    fn file(&mut self, path: &LocalPath, readings: &mut Readings<'_>) -> Vec<AddedObject> {
        let Ok(manifests) = readings.manifests(path) else {
            self.is_whole = false;
            return Vec::new();
        };
        self.version = self.version.or(manifests.version);
        let added = manifests.objects.iter().map(|object| AddedObject {
            object: object.clone(),
            name: object.name.clone(),
            namespace: object.namespace.clone(),
            file: path.clone(),
        });
        added.collect()
    }

    /// The build of a directory. `before`: the objects that a component is applied to.
    fn kustomization(
        &mut self,
        directory: &LocalPath,
        before: Vec<AddedObject>,
        readings: &mut Readings<'_>,
    ) -> Vec<AddedObject> {
        let kustomization = readings.handwritten(directory).ok();
        let is_circle = self.open.contains(directory) || self.open.len() > MOST_DEPTH;
        let Some(kustomization) = kustomization.filter(|_| !is_circle) else {
            self.is_whole = false;
            return before;
        };
        self.open.push(directory.clone());
        let mut added = before;
        for path in &kustomization.resources {
            match directory.join(path).filter(|_| !path.contains("://") && !path.contains("?ref=")) {
                Some(path) => added.extend(self.resource(&path, readings)),
                None => self.is_whole = false,
            }
        }
        for path in &kustomization.components {
            match directory.join(path) {
                Some(path) => added = self.kustomization(&path, added, readings),
                None => self.is_whole = false,
            }
        }
        self.open.pop();
        self.is_whole &= !kustomization.deletes_by_label;
        added.retain(|one| {
            let (names, namespaces) = ([one.object.name.as_str(), &one.name], [one.namespace.as_str()]);
            let candidate = Candidate { kind: one.object.kind, names: &names, namespaces: &namespaces };
            !kustomization.deletions.iter().any(|deletion| deletion.may_hit(candidate))
        });
        let (prefix, suffix) = &kustomization.affixes;
        for one in &mut added {
            if let Some(namespace) = &kustomization.namespace {
                one.namespace.clone_from(namespace);
            }
            one.name = format!("{prefix}{}{suffix}", one.name);
        }
        added
    }
}
