//! JSON6902 operations, as the library has them that kustomize uses.
//!
//! Source: `patch.go` of gopkg.in/evanphx/json-patch.v4.

use crate::kustomize::value::{Rules, Scalar, Tag, Value, resolve};

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Operation {
    name: String,
    path: Option<String>,
    from: Option<String>,
    /// Nothing if it has none, which is not the same as null for `test`.
    value: Option<Value>,
}

/// Why an operation fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationFault {
    /// It is not one of the six.
    Unknown,
    /// It lacks a `path` or a `from`.
    NoPath,
    /// There is nothing at its path, or nothing that it could be added to.
    Missing,
    /// The index is not within the list.
    Index,
    /// It tests a value, and finds another.
    Test,
    /// What takes the place of the whole is no object.
    WrongNode,
}

/// The operations of a patch; nothing if it is none.
pub(crate) fn parse_operations(patch: &Value) -> Option<Vec<Operation>> {
    if patch.is_null() {
        return Some(Vec::new());
    }
    let Value::List(items) = patch else { return None };
    let operation = |item: &Value| {
        let Value::Map(_) = item else { return None };
        let text = |key| item.get(key).and_then(Value::as_str).map(str::to_owned);
        let name = text("op").unwrap_or_default();
        Some(Operation { name, path: text("path"), from: text("from"), value: item.get("value").cloned() })
    };
    items.iter().map(operation).collect()
}

/// Applies operations to an object, one after the other.
///
/// # Errors
/// The index of the operation that fails, and why.
pub(crate) fn apply(object: Value, operations: &[Operation]) -> Result<Value, (usize, OperationFault)> {
    let mut object = object.into_json();
    for (index, operation) in operations.iter().enumerate() {
        operation.apply(&mut object).map_err(|fault| (index, fault))?;
    }
    match object {
        Value::Map(_) => Ok(read_back(object)),
        Value::Scalar(_) | Value::List(_) => Err((operations.len(), OperationFault::WrongNode)),
    }
}

/// The object is written as YAML and read again: large numbers lose digits, because they are read as floating-point
/// numbers, and strings stand in quotes where they must.
fn read_back(value: Value) -> Value {
    match value {
        Value::Scalar(Scalar { text, tag: Tag::Int, .. }) if text.len() > 15 => {
            let text = text.parse::<f64>().map_or(text, |number| format!("{number:.0}"));
            Value::Scalar(Scalar::new(text, Tag::Int))
        }
        Value::Scalar(Scalar { text, tag: Tag::Text, .. }) => {
            let is_quoted = resolve(&text, Rules::Kustomization) != Tag::Text
                || resolve(&text, Rules::Manifest) != Tag::Text
                || text.contains(['\n', '#', ':', '"', '\'']);
            Value::Scalar(Scalar { text, tag: Tag::Text, is_quoted, shared: 0 })
        }
        Value::Scalar(_) => value,
        Value::List(items) => Value::List(items.into_iter().map(read_back).collect()),
        Value::Map(entries) => {
            Value::Map(entries.into_iter().map(|(key, value)| (key, read_back(value))).collect())
        }
    }
}

impl Operation {
    fn apply(&self, object: &mut Value) -> Result<(), OperationFault> {
        let path = || self.path.as_deref().ok_or(OperationFault::NoPath);
        let from = || self.from.as_deref().ok_or(OperationFault::NoPath);
        let value = || self.value.clone().unwrap_or_else(Value::null);
        match self.name.as_str() {
            "add" => add(object, path()?, value()),
            "remove" => remove(object, path()?).map(drop),
            "replace" => self.replace(object, path()?),
            "test" => self.test(object, path()?),
            "copy" => {
                let copied = read(object, from()?)?.cloned().unwrap_or_else(Value::null);
                add(object, path()?, copied)
            }
            "move" => {
                let moved = remove(object, from()?)?;
                add(object, path()?, moved)
            }
            _ => Err(OperationFault::Unknown),
        }
    }

    fn replace(&self, object: &mut Value, path: &str) -> Result<(), OperationFault> {
        let value = self.value.clone().unwrap_or_else(Value::null);
        if path.is_empty() {
            if matches!(value, Value::Scalar(_)) {
                return Err(OperationFault::WrongNode);
            }
            *object = value;
            return Ok(());
        }
        let (container, key) = find(object, path).ok_or(OperationFault::Missing)?;
        match container {
            Value::List(items) => {
                let at = index(&key, items.len()).ok_or(OperationFault::Missing)?;
                let item = items.get_mut(at).ok_or(OperationFault::Missing)?;
                *item = value;
            }
            // A key that is not there is added.
            Value::Map(_) | Value::Scalar(_) => container.set(&key, value),
        }
        Ok(())
    }

    fn test(&self, object: &mut Value, path: &str) -> Result<(), OperationFault> {
        let found = if path.is_empty() { Some(&*object) } else { read(object, path)? };
        let is_equal = match (found.filter(|found| !found.is_null()), &self.value) {
            (None, Some(value)) => value.is_null(),
            (None, None) => false,
            (Some(found), value) => value.as_ref().is_some_and(|value| is_equal(found, value)),
        };
        if is_equal { Ok(()) } else { Err(OperationFault::Test) }
    }
}

/// True if JSON has the same text for both: `1` and `1.0` differ.
fn is_equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Scalar(one), Value::Scalar(other)) => one == other,
        (Value::List(one), Value::List(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| is_equal(one, two))
        }
        (Value::Map(one), Value::Map(two)) => {
            one.len() == two.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| is_equal(value, other)))
        }
        (Value::Scalar(_) | Value::List(_) | Value::Map(_), _) => false,
    }
}

/// What holds the last part of a path, and that part. What comes before the first `/` is ignored.
fn find<'v>(object: &'v mut Value, path: &str) -> Option<(&'v mut Value, String)> {
    let mut parts = path.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"));
    let mut key = parts.next()?;
    let mut container = object;
    for part in parts {
        container = match container {
            Value::Map(_) => container.get_mut(&key)?,
            Value::List(items) => {
                let at = index(&key, items.len())?;
                items.get_mut(at)?
            }
            Value::Scalar(_) => return None,
        };
        key = part;
    }
    (!matches!(container, Value::Scalar(_))).then_some((container, key))
}

/// The place that an index names; one below zero counts from the end.
fn index(key: &str, length: usize) -> Option<usize> {
    let number: i64 = key.parse().ok()?;
    let length = i64::try_from(length).ok()?;
    let at = if number < 0 { number.checked_add(length)? } else { number };
    usize::try_from(at).ok().filter(|_| at <= length)
}

fn read<'v>(object: &'v mut Value, path: &str) -> Result<Option<&'v Value>, OperationFault> {
    let (container, key) = find(object, path).ok_or(OperationFault::Missing)?;
    match container {
        Value::List(items) => {
            let at = index(&key, items.len()).ok_or(OperationFault::Index)?;
            items.get(at).map(Some).ok_or(OperationFault::Index)
        }
        Value::Map(_) | Value::Scalar(_) => Ok(container.get(&key)),
    }
}

fn add(object: &mut Value, path: &str, value: Value) -> Result<(), OperationFault> {
    let (container, key) = find(object, path).ok_or(OperationFault::Missing)?;
    match container {
        Value::List(items) if key == "-" => items.push(value),
        Value::List(items) => {
            // The list counts as one longer.
            let at = index(&key, items.len().saturating_add(1)).ok_or(OperationFault::Index)?;
            if at > items.len() {
                return Err(OperationFault::Index);
            }
            items.insert(at, value);
        }
        Value::Map(_) | Value::Scalar(_) => container.set(&key, value),
    }
    Ok(())
}

fn remove(object: &mut Value, path: &str) -> Result<Value, OperationFault> {
    let (container, key) = find(object, path).ok_or(OperationFault::Missing)?;
    match container {
        Value::List(items) => {
            let at = index(&key, items.len()).filter(|at| *at < items.len()).ok_or(OperationFault::Index)?;
            Ok(items.remove(at))
        }
        Value::Map(_) | Value::Scalar(_) => container.remove(&key).ok_or(OperationFault::Missing),
    }
}
