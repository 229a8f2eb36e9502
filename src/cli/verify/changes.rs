//! What differs in what overlays build, in words.

use crate::built_difference::{Change, FieldChange, ObjectChange};
use crate::kustomize::{Id, PathPart, Value};
use crate::problem::{count, describe_cause, render};
use crate::verification::NotComparable;

/// How many characters of a value are shown.
const MOST_SHOWN: usize = 60;

/// What differs, a line for each object and for each of its fields.
pub fn describe(changes: &[ObjectChange]) -> String {
    let mut text = String::new();
    for ObjectChange { id, change } in changes {
        let object = describe_id(id);
        match change {
            Change::Added => text.extend(["  + ", &object, "\n"]),
            Change::Removed => text.extend(["  - ", &object, "\n"]),
            Change::Unknown => text.extend(["  ? ", &object, ": it cannot be read\n"]),
            Change::Fields(fields) => {
                text.extend(["  ", &object, "\n"]);
                for field in fields {
                    text.extend(["    ", &describe_field(field), "\n"]);
                }
            }
        }
    }
    // Strangers wrote the names and the values.
    text.split_inclusive('\n').map(harmless).collect()
}

fn harmless(line: &str) -> String {
    let text = line.trim_end_matches('\n');
    render::sanitized(text).into_owned() + "\n"
}

/// Why nothing is proved.
pub fn describe_fault(fault: &NotComparable) -> String {
    match fault {
        NotComparable::NotBuilt(is_before, failure) => {
            let when = if *is_before { "before the change" } else { "after the change" };
            format!("kustomize cannot build it {when}: {}", describe_cause(&failure.cause))
        }
        NotComparable::NotModelled(feature) => {
            format!("`{feature}` may change any object, and flux-identity does not follow it")
        }
    }
}

fn describe_id(id: &Id) -> String {
    let namespace = if id.namespace.is_empty() { String::new() } else { format!("{}/", id.namespace) };
    format!("{} {namespace}{}", id.kind, id.name)
}

fn describe_field(field: &FieldChange) -> String {
    let path = describe_path(&field.path);
    match (&field.before, &field.after) {
        (None, Some(after)) => format!("+ {path}: {}", describe_value(after)),
        (Some(before), None) => format!("- {path}: {}", describe_value(before)),
        (before, after) => {
            let [before, after] =
                [before, after].map(|value| value.as_ref().map(describe_value).unwrap_or_default());
            let order = if before == after { " (in another order)" } else { "" };
            format!("{path}: {before} -> {after}{order}")
        }
    }
}

/// `spec.template.spec.containers[manager].env`
fn describe_path(path: &[PathPart]) -> String {
    let mut text = String::new();
    for part in path.iter().map(PathPart::name) {
        let is_plain = part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        match (is_plain, text.is_empty()) {
            (true, true) => text.push_str(&part),
            (true, false) => text.extend([".", &part]),
            (false, _) => text.extend(["[", &part, "]"]),
        }
    }
    text
}

fn describe_value(value: &Value) -> String {
    match value {
        Value::Scalar(scalar) => {
            let short: String = scalar.text.chars().take(MOST_SHOWN).collect();
            let more = if short.len() < scalar.text.len() { "…" } else { "" };
            format!("`{short}{more}`")
        }
        Value::List(items) => format!("a list of {}", count(items.len(), "item")),
        Value::Map(entries) => format!("a map of {}", count(entries.len(), "key")),
    }
}
