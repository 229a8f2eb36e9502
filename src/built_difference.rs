//! What differs between the objects of two builds, field by field.

use std::collections::{BTreeMap, BTreeSet};

use crate::kustomize::{Id, Object, Value, escape};

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
    /// Its JSON pointer in the object after the change, or in that before it if it is gone.
    pub pointer: String,
    /// The keys to it. An item of a list is named by its mount path, its name or its text, if all items have one.
    pub path: Vec<String>,
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
    let mut fields = Vec::new();
    collect([Some(before), Some(after)], "", &[], &mut fields);
    (!fields.is_empty()).then_some(Change::Fields(fields))
}

/// Adds the deepest fields in which two values differ.
fn collect(sides: [Option<&Value>; 2], pointer: &str, path: &[String], fields: &mut Vec<FieldChange>) {
    let [before, after] = sides;
    if before == after {
        return;
    }
    let parts = match sides {
        [Some(Value::Map(_)) | None, Some(Value::Map(_)) | None] => map_parts(sides),
        [Some(Value::List(_)) | None, Some(Value::List(_)) | None] => list_parts(sides),
        _ => Vec::new(),
    };
    let whole = || FieldChange {
        pointer: pointer.to_owned(),
        path: path.to_owned(),
        before: before.cloned(),
        after: after.cloned(),
    };
    if parts.is_empty() {
        fields.push(whole());
        return;
    }
    let known = fields.len();
    for Part { segment, name, sides } in parts {
        let path: Vec<String> = path.iter().cloned().chain([name]).collect();
        collect(sides, &format!("{pointer}/{segment}"), &path, fields);
    }
    // The same items in another order.
    if fields.len() == known {
        fields.push(whole());
    }
}

/// A part of two values.
struct Part<'v> {
    /// In a JSON pointer.
    segment: String,
    name: String,
    sides: [Option<&'v Value>; 2],
}

fn map_parts(sides: [Option<&Value>; 2]) -> Vec<Part<'_>> {
    let maps = sides.map(|side| {
        let entries = side.map(Value::entries).unwrap_or_default();
        entries.iter().map(|(key, value)| (key.as_str(), value)).collect::<BTreeMap<&str, &Value>>()
    });
    let (mut parts, mut known) = (Vec::new(), BTreeSet::new());
    for (key, _) in sides.into_iter().flatten().flat_map(Value::entries) {
        if known.insert(key.as_str()) {
            let sides = [0, 1].map(|side| maps.get(side).and_then(|map| map.get(key.as_str()).copied()));
            parts.push(Part { segment: escape(key), name: key.clone(), sides });
        }
    }
    parts
}

/// The items of two lists by their names; none if some have no name of their own.
fn list_parts(sides: [Option<&Value>; 2]) -> Vec<Part<'_>> {
    let named = |key: Option<&str>| -> Option<[Vec<&str>; 2]> {
        let [before, after] = sides.map(|side| names_of(side.map(Value::items).unwrap_or_default(), key));
        Some([before?, after?])
    };
    let Some([before, after]) = [Some("mountPath"), Some("name"), None].into_iter().find_map(named) else {
        return Vec::new();
    };
    let positions = |names: &[&'_ str]| -> BTreeMap<String, usize> {
        names.iter().enumerate().map(|(at, name)| ((*name).to_owned(), at)).collect()
    };
    let (olds, news) = (positions(&before), positions(&after));
    let gone = before.iter().filter(|name| !news.contains_key(**name));
    let part = |name: &&str| {
        let [old, new] = [olds.get(*name).copied(), news.get(*name).copied()];
        let [was, is] = sides;
        Part {
            segment: new.or(old).unwrap_or_default().to_string(),
            name: (*name).to_owned(),
            sides: [item(was, old), item(is, new)],
        }
    };
    after.iter().chain(gone).map(part).collect()
}

fn item(list: Option<&Value>, at: Option<usize>) -> Option<&Value> {
    list?.items().get(at?)
}

/// The names of items, if each has one of its own. `key`: where a name is; the text of the item itself without one.
fn names_of<'v>(items: &'v [Value], key: Option<&str>) -> Option<Vec<&'v str>> {
    let name = |item: &'v Value| match key {
        Some(key) => item.get(key).and_then(Value::as_str),
        None => item.scalar_text(),
    };
    let names: Vec<&str> = items.iter().map(name).collect::<Option<_>>()?;
    let distinct: BTreeSet<&str> = names.iter().copied().collect();
    (distinct.len() == names.len()).then_some(names)
}
