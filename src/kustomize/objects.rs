//! Lists of objects, in which each id occurs once.

use std::collections::BTreeSet;

use crate::kustomize::id::Id;
use crate::kustomize::object::Object;

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
