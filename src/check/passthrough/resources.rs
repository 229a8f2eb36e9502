//! What a resource adds, as far as patches of identities could hit it.

use std::sync::Arc;

use crate::check::passthrough::selector::Candidate;
use crate::check::readings::Readings;
use crate::model::flux::FluxVersion;
use crate::model::{LocalPath, Object};
use crate::workspace::Entry;

/// How many files and directories one resource may lead to, and how deep.
const MOST_STEPS: usize = 1000;
const MOST_DEPTH: usize = 32;

/// What a resource adds.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The ServiceAccounts and Deployments.
    pub objects: Vec<AddedObject>,
    /// The version of Flux, if a file says it.
    pub version: Option<FluxVersion>,
    /// Whether that is all there is: everything could be found and read.
    pub is_whole: bool,
}

/// An object that a resource adds.
#[derive(Clone, Debug)]
pub struct AddedObject {
    /// The object, with the name that it has in its file.
    pub object: Object,
    /// The name that it has in the overlay.
    pub name: String,
    /// The namespace that it has in the overlay.
    pub namespace: String,
    /// Its file.
    pub file: LocalPath,
}

impl AddedObject {
    /// Whether it has or had that name.
    pub fn is_called(&self, name: &str) -> bool {
        self.object.name == name || self.name == name
    }
}

impl Readings<'_> {
    /// What a resource adds.
    pub fn resource(&mut self, path: &LocalPath) -> Arc<Resource> {
        if let Some(known) = self.resources.get(path) {
            return Arc::clone(known);
        }
        let mut walk = KustomizationWalk { version: None, is_whole: true, steps: 0, open: Vec::new() };
        let objects = walk.resource(path, self);
        let resource = Arc::new(Resource { objects, version: walk.version, is_whole: walk.is_whole });
        self.resources.insert(path.clone(), Arc::clone(&resource));
        resource
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

    /// What comes of a directory. `before`: the objects that a component is put upon.
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
