//! What differs between the objects of two builds, field by field.

use std::collections::{BTreeMap, BTreeSet};

use crate::kustomize::{self, Id, Object, PathPart, Value};

/// An object that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectChange {
    pub id: Id,
    pub change: Change,
}

/// How an object differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Added,
    Removed,
    /// These fields differ.
    Fields(Vec<FieldChange>),
    /// It cannot be read in one of the builds, and does not come from the same file.
    Unknown,
}

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    pub path: Vec<PathPart>,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// What differs between the objects of two builds, in the order of their ids.
pub fn differences<'o>(
    before: impl IntoIterator<Item = &'o Object>,
    after: impl IntoIterator<Item = &'o Object>,
) -> Vec<ObjectChange> {
    let by_id = |object: &'o Object| (object.id(), object);
    let before: BTreeMap<&Id, &Object> = before.into_iter().map(by_id).collect();
    let after: BTreeMap<&Id, &Object> = after.into_iter().map(by_id).collect();
    let ids: BTreeSet<&Id> = before.keys().chain(after.keys()).copied().collect();
    let change = |id: &Id| match (before.get(id), after.get(id)) {
        (Some(before), Some(after)) => object_change(before, after),
        (None, Some(_)) => Some(Change::Added),
        (Some(_), None) => Some(Change::Removed),
        (None, None) => None,
    };
    let changes = ids.into_iter().filter_map(|id| Some(ObjectChange { id: id.clone(), change: change(id)? }));
    changes.collect()
}

fn object_change(before: &Object, after: &Object) -> Option<Change> {
    if before.is_same_document(after) {
        return None;
    }
    let Some((before, after)) = before.value().zip(after.value()) else { return Some(Change::Unknown) };
    let fields = kustomize::differences(before, after).into_iter().map(|field| FieldChange {
        path: field.path,
        before: field.before.cloned(),
        after: field.after.cloned(),
    });
    let fields: Vec<FieldChange> = fields.collect();
    (!fields.is_empty()).then_some(Change::Fields(fields))
}
