//! Lists of objects, in which each id occurs once.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::kustomize::files::FileText;
use crate::kustomize::id::Id;
use crate::kustomize::manifest::{Entry, Manifest, ManifestFault, Manifests};
use crate::kustomize::object::Object;
use crate::kustomize::place::Place;
use crate::model::LocalPath;

impl Manifests {
    /// The objects of a file, as they are in it.
    ///
    /// # Errors
    /// There is something else in it.
    pub fn objects(&self, path: &LocalPath, file: &FileText) -> Result<Vec<Object>, ManifestFault> {
        self.get(file).as_ref().as_ref().map(|manifest| objects_of(manifest, path)).map_err(|fault| *fault)
    }
}

/// The objects of a text of manifests.
///
/// # Errors
/// There is something else in it.
pub fn read_objects(text: &str) -> Result<Vec<Object>, ManifestFault> {
    Ok(objects_of(&Manifest::read(&Arc::from(text))?, &LocalPath::default()))
}

fn objects_of(manifest: &Manifest, path: &LocalPath) -> Vec<Object> {
    let at = Place::file(path);
    let object = |entry: &Entry| {
        Some(Object::shared(&entry.document, entry.document.id()?.clone(), at.at_line(entry.line)))
    };
    manifest.objects.iter().filter_map(object).collect()
}

type Key<'o> = (&'o str, &'o str, &'o str, &'o str, &'o str);

fn key(id: &Id) -> Key<'_> {
    (&id.name, &id.kind, id.effective_namespace(), &id.group, &id.version)
}

/// Fails with an id that occurs twice.
pub(crate) fn check_unique(objects: &[Object]) -> Result<(), Id> {
    let mut keys = BTreeSet::new();
    match objects.iter().find(|object| !keys.insert(key(object.id()))) {
        Some(object) => Err(object.id().clone()),
        None => Ok(()),
    }
}

/// Adds objects; fails with an id that is there already.
pub(crate) fn append(objects: &mut Vec<Object>, more: Vec<Object>) -> Result<(), Id> {
    let mut keys: BTreeSet<Key<'_>> = objects.iter().map(|object| key(object.id())).collect();
    let repeated = more.iter().find(|object| !keys.insert(key(object.id())));
    if let Some(object) = repeated {
        return Err(object.id().clone());
    }
    objects.extend(more);
    Ok(())
}
