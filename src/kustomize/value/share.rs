//! Scalars that kustomize puts into an object at several places at once.
//!
//! It puts one node there, not copies of it. A later patch that changes one place changes that node, and so the others.

use std::collections::BTreeMap;

use crate::kustomize::value::{Scalar, Value};

/// Changes all scalars that share a number with one that differs from what stood there before.
pub(crate) fn share_changes(before: &Value, after: &mut Value) {
    let mut known = BTreeMap::new();
    collect(before, &mut |scalar| drop(known.insert(scalar.shared, scalar.clone())));
    let mut changed = BTreeMap::new();
    collect(after, &mut |scalar| {
        if known.get(&scalar.shared).is_some_and(|old| old != scalar) {
            let _earlier = changed.insert(scalar.shared, scalar.clone());
        }
    });
    if !changed.is_empty() {
        spread(after, &changed);
    }
}

/// Puts scalars wherever one has their number.
pub(crate) fn spread(value: &mut Value, changed: &BTreeMap<u32, Scalar>) {
    match value {
        Value::Scalar(scalar) => {
            if let Some(new) = changed.get(&scalar.shared) {
                *scalar = new.clone();
            }
        }
        Value::List(items) => items.iter_mut().for_each(|item| spread(item, changed)),
        Value::Map(entries) => entries.iter_mut().for_each(|(_, value)| spread(value, changed)),
    }
}

/// Calls a function with all scalars that have a number, in the order of their keys.
fn collect(value: &Value, add: &mut dyn FnMut(&Scalar)) {
    match value {
        Value::Scalar(scalar) if scalar.shared > 0 => add(scalar),
        Value::Scalar(_) => {}
        Value::List(items) => items.iter().for_each(|item| collect(item, add)),
        Value::Map(entries) => {
            let mut entries: Vec<&(String, Value)> = entries.iter().collect();
            entries.sort_by(|one, other| one.0.cmp(&other.0));
            for (_, value) in entries {
                collect(value, add);
            }
        }
    }
}
