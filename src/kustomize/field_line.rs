//! The line of a field in a file that makes an object or patches it.

use crate::kustomize::Value;
use crate::kustomize::value::{line_of, read_spanned};
use crate::spanned::{self, Spanned};

/// The line, counted from 1, of the field at a JSON pointer of an object, or of the deepest that it is part of. Nothing if
/// the text does not have it. `begins`: the line of the text on which the manifest or the patch begins.
pub fn line_of_field(text: &str, begins: usize, object: &Value, pointer: &str) -> Option<usize> {
    let documents = read_spanned(text).ok()?;
    let line = |node: &Spanned| line_of(text, node.range.start);
    // Comments may come before it.
    let document = documents.iter().find(|document| line(document) >= begins).or(documents.last())?;
    let segments: Vec<String> = pointer.split('/').skip(1).map(unescape).collect();
    let found = match &document.value {
        spanned::Value::Sequence(operations) => {
            operations.iter().rev().find_map(|operation| of_operation(operation, object, &segments))
        }
        spanned::Value::Mapping(_) => deepest(document, Some(object), &segments),
        spanned::Value::Scalar(_) => None,
    };
    found.map(|at| line_of(text, at))
}

/// Where an operation of RFC 6902 sets a field: its value, if that has the field, else its path.
fn of_operation(operation: &Spanned, object: &Value, segments: &[String]) -> Option<usize> {
    let (key, path) = entry(operation, "path")?;
    let spanned::Value::Scalar(scalar) = &path.value else { return None };
    let path: Vec<String> = scalar.text.split('/').skip(1).map(unescape).collect();
    let covers = |own: &String, wanted: &String| own == wanted || own == "-";
    if path.len() > segments.len() || !path.iter().zip(segments).all(|(own, wanted)| covers(own, wanted)) {
        return None;
    }
    let (above, below) = segments.split_at(path.len());
    let part = above.iter().try_fold(object, |value, segment| step(value, segment));
    let value = entry(operation, "value").map(|(_, value)| value);
    // What is added to the end of a list is one of several.
    let is_other = path.last().is_some_and(|last| last == "-")
        && value.zip(part).is_some_and(|(value, part)| !is_same_item(value, part));
    if is_other {
        return None;
    }
    let inner = value.and_then(|value| deepest(value, part, below));
    Some(inner.unwrap_or(key.range.start))
}

/// Where the deepest of these fields begins that a node has.
fn deepest(node: &Spanned, object: Option<&Value>, segments: &[String]) -> Option<usize> {
    let (segment, rest) = segments.split_first()?;
    let part = object.and_then(|object| step(object, segment));
    let (at, below) = match &node.value {
        spanned::Value::Mapping(_) => entry(node, segment).map(|(key, value)| (key.range.start, value))?,
        spanned::Value::Sequence(items) => {
            let item = items.iter().find(|item| part.is_some_and(|part| is_same_item(item, part)))?;
            (item.range.start, item)
        }
        spanned::Value::Scalar(_) => return None,
    };
    Some(deepest(below, part, rest).unwrap_or(at))
}

/// True if an item of a list is the one that kustomize merged into that of the object: by its name or mount path.
fn is_same_item(item: &Spanned, part: &Value) -> bool {
    let text = |node: &Spanned| match &node.value {
        spanned::Value::Scalar(scalar) => Some(scalar.text.clone()),
        spanned::Value::Mapping(_) | spanned::Value::Sequence(_) => None,
    };
    let has = |key: &str| {
        let own = entry(item, key).and_then(|(_, value)| text(value));
        own.is_some() && own.as_deref() == part.get(key).and_then(Value::scalar_text)
    };
    match part.scalar_text() {
        Some(known) => text(item).as_deref() == Some(known),
        None => has("name") || has("mountPath"),
    }
}

fn entry<'n>(node: &'n Spanned, key: &str) -> Option<(&'n Spanned, &'n Spanned)> {
    let spanned::Value::Mapping(entries) = &node.value else { return None };
    let is_it = |name: &Spanned| matches!(&name.value, spanned::Value::Scalar(name) if name.text == key);
    entries.iter().find(|(name, _)| is_it(name)).map(|(name, value)| (name, value))
}

fn step<'v>(value: &'v Value, segment: &str) -> Option<&'v Value> {
    match value {
        Value::Map(_) => value.get(segment),
        Value::List(items) => items.get(segment.parse::<usize>().ok()?),
        Value::Scalar(_) => None,
    }
}

/// A part of a JSON pointer as a key. Source: RFC 6901, section 4.
fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}
