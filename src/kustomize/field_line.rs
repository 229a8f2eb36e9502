//! The line of a field in a file that makes an object or patches it.

use crate::kustomize::value::{line_of, read_spanned};
use crate::spanned::{self, Spanned};

/// The line, counted from 1, of the field at a path of an object, or of the deepest that it is part of. Nothing if the text
/// does not have it. `begins`: the line of the text on which the manifest or the patch begins.
pub fn line_of_field(text: &str, begins: usize, path: &str) -> Option<usize> {
    let documents = read_spanned(text).ok()?;
    let line = |node: &Spanned| line_of(text, node.range.start);
    // Comments may come before it.
    let document = documents.iter().find(|document| line(document) >= begins).or(documents.last())?;
    let segments: Vec<String> = path.split('/').skip(1).map(unescape).collect();
    let found = match &document.value {
        spanned::Value::Sequence(operations) => {
            operations.iter().rev().find_map(|operation| of_operation(operation, &segments))
        }
        spanned::Value::Mapping(_) => deepest(document, &segments),
        spanned::Value::Scalar(_) => None,
    };
    found.map(|at| line_of(text, at))
}

/// Where an operation of RFC 6902 sets a field: its value, if that has the field, else its path.
fn of_operation(operation: &Spanned, segments: &[String]) -> Option<usize> {
    let (key, path) = entry(operation, "path")?;
    let own: Vec<String> = text(path)?.split('/').skip(1).map(unescape).collect();
    let is_index = |own: &str| own == "-" || own.bytes().all(|byte| byte.is_ascii_digit());
    // Which item an index means is not known here.
    let covers = |own: &String, wanted: &String| own == wanted || is_index(own) && wanted.contains('=');
    if own.len() > segments.len() || !own.iter().zip(segments).all(|(own, wanted)| covers(own, wanted)) {
        return None;
    }
    let (above, below) = segments.split_at(own.len());
    let value = entry(operation, "value").map(|(_, value)| value);
    // An item that is added is one of several.
    let is_item = own.last().is_some_and(|last| is_index(last));
    if is_item && !value.zip(above.last()).is_none_or(|(value, wanted)| is_named(value, wanted)) {
        return None;
    }
    let inner = value.and_then(|value| deepest(value, below));
    Some(inner.unwrap_or(key.range.start))
}

/// Where the deepest of these fields begins that a node has.
fn deepest(node: &Spanned, segments: &[String]) -> Option<usize> {
    let (segment, rest) = segments.split_first()?;
    let (at, below) = match &node.value {
        spanned::Value::Mapping(_) => entry(node, segment).map(|(key, value)| (key.range.start, value))?,
        spanned::Value::Sequence(items) => {
            let item = items.iter().find(|item| is_named(item, segment))?;
            (item.range.start, item)
        }
        spanned::Value::Scalar(_) => return None,
    };
    Some(deepest(below, rest).unwrap_or(at))
}

/// True if an item of a list is the one that a part of a path names: `KEY=TEXT`, or `=TEXT`.
fn is_named(item: &Spanned, segment: &str) -> bool {
    let Some((key, wanted)) = segment.split_once('=') else { return false };
    let named = if key.is_empty() { Some(item) } else { entry(item, key).map(|(_, value)| value) };
    named.and_then(text) == Some(wanted)
}

fn text(node: &Spanned) -> Option<&str> {
    match &node.value {
        spanned::Value::Scalar(scalar) => Some(&scalar.text),
        spanned::Value::Mapping(_) | spanned::Value::Sequence(_) => None,
    }
}

fn entry<'n>(node: &'n Spanned, key: &str) -> Option<(&'n Spanned, &'n Spanned)> {
    let spanned::Value::Mapping(entries) = &node.value else { return None };
    entries.iter().find(|(name, _)| text(name) == Some(key)).map(|(name, value)| (name, value))
}

/// A part of a path as a key. Source: RFC 6901, section 4.
pub(crate) fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}
