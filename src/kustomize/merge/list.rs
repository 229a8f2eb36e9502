//! Lists whose items are merged by keys.
//!
//! The order of steps is that of kustomize, with its effects on lists whose items repeat a key or lack one.

use crate::kustomize::merge::sources::{MergeFault, Merged, Sources};
use crate::kustomize::schema::{Schema, Type};
use crate::kustomize::value::Value;

/// How lists are merged.
#[derive(Clone, Copy)]
pub(super) struct Merging<'k> {
    /// The keys; none for a set of scalars.
    pub(super) keys: &'k [&'k str],
    /// The type of an item.
    pub(super) items: Option<Type>,
    /// What merges two items.
    pub(super) walk: fn(Sources, Option<Schema>) -> Result<Merged, MergeFault>,
}

impl Merging<'_> {
    /// Merges lists. Without a list of the object, that of the patch is merged with itself.
    pub(super) fn merge(self, object: Option<Value>, patch: Option<Value>) -> Result<Value, MergeFault> {
        let is_same = object.is_none();
        let of = |list: Option<Value>| match list {
            Some(Value::List(items)) => items,
            Some(Value::Scalar(_) | Value::Map(_)) | None => Vec::new(),
        };
        let lists = if is_same { (of(patch), Vec::new()) } else { (of(object), of(patch)) };
        let lists = Lists { object: lists.0, patch: lists.1, is_same };
        if self.keys.is_empty() {
            let values = lists.all().filter_map(Value::scalar_text).map(|text| vec![text.to_owned()]);
            let values = unique(values.collect());
            lists.merge(values, Merging { keys: &[""], ..self })
        } else {
            let of = |item: &Value| self.keys.iter().map(|key| key_text(item, key)).collect::<Vec<String>>();
            let values = unique(lists.all().map(of).collect());
            lists.merge(values, self)
        }
    }
}

/// The text under a key, empty if there is none.
fn key_text(item: &Value, key: &str) -> String {
    let value = item.get(key).filter(|value| !value.is_empty());
    value.and_then(Value::scalar_text).unwrap_or_default().to_owned()
}

fn unique(values: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let mut seen = Vec::with_capacity(values.len());
    for value in values {
        if !seen.contains(&value) {
            seen.push(value);
        }
    }
    seen
}

struct Lists {
    object: Vec<Value>,
    patch: Vec<Value>,
    /// The list of the patch stands for that of the object too.
    is_same: bool,
}

impl Lists {
    /// All items, those of the patch first.
    fn all(&self) -> impl Iterator<Item = &Value> {
        self.patch.iter().chain(&self.object)
    }

    fn merge(mut self, mut all_values: Vec<Vec<String>>, merging: Merging<'_>) -> Result<Value, MergeFault> {
        let keys = merging.keys;
        if keys.len() > 1 {
            join_values(&mut all_values);
        }
        let used = used_keys(&all_values, keys);
        let mut added = Vec::new();
        for values in &all_values {
            let used_values = pick(values, &used);
            let used_keys = pick(keys, &used);
            let merged = self.merge_item(values, merging)?;
            let Some(mut item) = merged.filter(|item| !item.is_null() && !item.is_empty_map()) else {
                set_item(&mut self.object, None, &used_keys, &used_values)?;
                continue;
            };
            for (key, text) in used_keys.iter().zip(&used_values) {
                if item.get(key).is_none() && !text.is_empty() {
                    item.set(key, Value::string(text.clone()));
                }
            }
            set_item(&mut added, Some(&item), &used_keys, &used_values)?;
        }
        if all_values.is_empty() {
            return Ok(Value::List(self.object));
        }
        append_items(&mut added, &self.object, &pick(keys, &used))?;
        Ok(Value::List(added))
    }

    /// Merges the first items with these values, and changes that of the object where it is.
    fn merge_item(&mut self, values: &[String], merging: Merging<'_>) -> Result<Option<Value>, MergeFault> {
        let used = used_keys(&[values.to_vec()], merging.keys);
        let (keys, values) = (pick(merging.keys, &used), pick(values, &used));
        let find = |list: &[Value]| list.iter().position(|item| is_match(item, &keys, &values));
        let (at, of_patch) = (find(&self.object), find(&self.patch));
        let object = at.and_then(|at| self.object.get(at)).cloned();
        let patch = of_patch.and_then(|at| self.patch.get(at)).cloned();
        let sources = match object {
            Some(object) if self.is_same => Sources::Same(object),
            object => Sources::Both(object, patch),
        };
        let merged = (merging.walk)(sources, merging.items.map(Schema::Type))?;
        if let (Merged::Object(value), Some(known)) = (&merged, at.and_then(|at| self.object.get_mut(at))) {
            *known = value.clone();
        }
        Ok(merged.into_value())
    }
}

/// True for each key that some item has; for all if none has any.
fn used_keys(all_values: &[Vec<String>], keys: &[&str]) -> Vec<bool> {
    let is_used =
        |at: usize| all_values.iter().any(|values| values.get(at).is_some_and(|text| !text.is_empty()));
    let used: Vec<bool> = (0..keys.len()).map(is_used).collect();
    if used.contains(&true) { used } else { vec![true; keys.len()] }
}

fn pick<T: Clone>(all: &[T], used: &[bool]) -> Vec<T> {
    all.iter().zip(used).filter(|(_, is_used)| **is_used).map(|(one, _)| one.clone()).collect()
}

/// Joins values that differ only where one of them has none.
fn join_values(all_values: &mut [Vec<String>]) {
    for one in 0..all_values.len() {
        let Some(values) = all_values.get(one).cloned() else { continue };
        for other in 0..all_values.len() {
            let joined = all_values.get(other).and_then(|others| join(&values, others));
            if let Some(joined) = joined {
                for at in [one, other] {
                    if let Some(known) = all_values.get_mut(at) {
                        known.clone_from(&joined);
                    }
                }
            }
        }
    }
}

fn join(values: &[String], others: &[String]) -> Option<Vec<String>> {
    let mut has_common = false;
    let mut joined = Vec::with_capacity(values.len());
    for (one, other) in values.iter().zip(others) {
        has_common |= one == other;
        if one != other && !one.is_empty() && !other.is_empty() {
            return None;
        }
        joined.push(if one.is_empty() { other.clone() } else { one.clone() });
    }
    has_common.then_some(joined)
}

/// True if an item has these values; a scalar is its own value, under no key.
fn is_match(item: &Value, keys: &[&str], values: &[String]) -> bool {
    keys.iter().zip(values).all(|(key, text)| match item {
        Value::Map(_) => item
            .get(key)
            .is_some_and(|value| value.scalar_text().unwrap_or_default() == text && !key.is_empty()),
        Value::Scalar(scalar) => key.is_empty() && scalar.text == *text,
        Value::List(_) => false,
    })
}

/// Replaces the items with these values, or adds the item; takes them out if there is no item.
pub(super) fn set_item(
    list: &mut Vec<Value>,
    item: Option<&Value>,
    keys: &[&str],
    values: &[String],
) -> Result<(), MergeFault> {
    let is_keyed = keys.first().is_some_and(|key| !key.is_empty())
        && values.first().is_some_and(|text| !text.is_empty());
    let mut is_there = false;
    let mut set = Vec::with_capacity(list.len().saturating_add(1));
    for known in list.drain(..) {
        if known.is_null() || known.is_empty_map() {
            continue;
        }
        if is_keyed && !matches!(known, Value::Map(_)) {
            set.push(known);
        } else if !has_values(&known, keys, values)? {
            if !values.is_empty() {
                set.push(known);
            }
        } else {
            is_there = true;
            set.extend(item.cloned());
        }
    }
    if let Some(item) = item.filter(|item| !item.is_null() && !is_there) {
        set.push(item.clone());
    }
    *list = set;
    Ok(())
}

/// True if an item has these values. An empty one matches whatever stands under its key, and a key without a value
/// matches if that before it did.
fn has_values(item: &Value, keys: &[&str], values: &[String]) -> Result<bool, MergeFault> {
    let mut matches = false;
    for (at, key) in keys.iter().enumerate() {
        if let Some(text) = values.get(at) {
            matches = match (item, key.is_empty()) {
                (Value::Scalar(scalar), true) => scalar.text == *text,
                (Value::Map(_), false) => item
                    .get(key)
                    .is_some_and(|value| text.is_empty() || value.scalar_text().unwrap_or_default() == text),
                (Value::Scalar(_) | Value::List(_) | Value::Map(_), _) => return Err(MergeFault::WrongNode),
            };
        }
        if !matches {
            return Ok(false);
        }
    }
    Ok(true)
}

fn append_items(list: &mut Vec<Value>, items: &[Value], keys: &[&str]) -> Result<(), MergeFault> {
    for item in items {
        if keys.first().is_some_and(|key| key.is_empty()) {
            let text = item.scalar_text().unwrap_or_default().to_owned();
            set_item(list, Some(item), keys, &[text])?;
            continue;
        }
        let mut values = Vec::with_capacity(keys.len());
        for key in keys {
            match item {
                Value::Map(_) => {}
                Value::Scalar(_) if item.is_null() => {}
                Value::Scalar(_) | Value::List(_) => return Err(MergeFault::WrongNode),
            }
            match item.get(key) {
                Some(value) => values.push(value.scalar_text().unwrap_or_default().to_owned()),
                None => list.push(item.clone()),
            }
        }
        if keys.len() > 1 {
            set_item(list, None, keys, &values)?;
        }
        set_item(list, Some(item), keys, &values)?;
    }
    Ok(())
}
