//! What two values differ in.

use std::collections::{BTreeMap, BTreeSet};

use crate::kustomize::value::Value;

/// The keys by which items of lists are named, the first that all items of a list have, each with a value of its own.
const ITEM_KEYS: [&str; 2] = ["mountPath", "name"];

/// The paths of the fields in which two values differ: the deepest that both have as maps.
///
/// A path is a JSON pointer, except that it names items of lists where it can: `KEY=TEXT` is the item that has this text
/// under this key, and `=TEXT` the item that is this text. So an item keeps its path where others come before it.
pub(crate) fn changed_paths(before: &Value, after: &Value) -> Vec<String> {
    let mut paths = Vec::new();
    collect(before, after, "", &mut paths);
    paths
}

fn collect(before: &Value, after: &Value, path: &str, paths: &mut Vec<String>) {
    if before == after {
        return;
    }
    let below = |key: &str| format!("{path}/{}", escape(key));
    match (before, after) {
        (Value::Map(old), Value::Map(new)) => {
            for (key, value) in old {
                match after.get(key) {
                    Some(other) => collect(value, other, &below(key), paths),
                    None => paths.push(below(key)),
                }
            }
            for (key, value) in new.iter().filter(|(key, _)| before.get(key).is_none()) {
                collect_new(value, &below(key), paths);
            }
        }
        (Value::List(old), Value::List(new)) => {
            let key = ItemKey::of_both(old, new);
            let (old, new) = (key.named(old), key.named(new));
            for (name, value) in &new {
                match old.get(name) {
                    Some(other) => collect(other, value, &below(name), paths),
                    None => collect_new(value, &below(name), paths),
                }
            }
            paths.extend(old.keys().filter(|name| !new.contains_key(*name)).map(|name| below(name)));
        }
        (Value::Scalar(_) | Value::List(_) | Value::Map(_), _) => paths.push(path.to_owned()),
    }
}

/// What comes as a whole comes with all that is in it.
fn collect_new(value: &Value, path: &str, paths: &mut Vec<String>) {
    match value {
        Value::Map(entries) if !entries.is_empty() => collect(&Value::Map(Vec::new()), value, path, paths),
        Value::List(items) if !items.is_empty() => collect(&Value::List(Vec::new()), value, path, paths),
        Value::Map(_) | Value::List(_) | Value::Scalar(_) => paths.push(path.to_owned()),
    }
}

/// How the items of a list are named.
#[derive(Clone, Copy)]
enum ItemKey {
    /// By the text that they have under this key.
    Key(&'static str),
    /// By their own text.
    Text,
    /// By their index.
    Index,
}

impl ItemKey {
    /// How the items of two lists can be named.
    fn of_both(one: &[Value], other: &[Value]) -> ItemKey {
        let has_own = |list: &[Value], key: &str| {
            let mut known = BTreeSet::new();
            list.iter()
                .all(|item| item.get(key).and_then(Value::scalar_text).is_some_and(|text| known.insert(text)))
        };
        let key = ITEM_KEYS.into_iter().find(|key| has_own(one, key) && has_own(other, key));
        let are_texts = || one.iter().chain(other).all(|item| item.scalar_text().is_some());
        key.map_or_else(|| if are_texts() { ItemKey::Text } else { ItemKey::Index }, ItemKey::Key)
    }

    fn named(self, list: &[Value]) -> BTreeMap<String, &Value> {
        let name = |(index, item): (usize, &Value)| {
            match self {
                ItemKey::Key(key) => {
                    item.get(key).and_then(Value::scalar_text).map(|text| format!("{key}={text}"))
                }
                ItemKey::Text => item.scalar_text().map(|text| format!("={text}")),
                ItemKey::Index => None,
            }
            .unwrap_or_else(|| index.to_string())
        };
        list.iter().enumerate().map(|item| (name(item), item.1)).collect()
    }
}

/// A key as a part of a path. Source: RFC 6901, section 3.
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::changed_paths;
    use crate::kustomize::value::{Rules, Value, read_documents};

    fn value(text: &str) -> Value {
        read_documents(text, Rules::Kustomization).expect("it is YAML").pop().expect("it has a document").1
    }

    #[test]
    fn an_item_is_named_by_its_key_and_not_by_its_place() {
        for (before, after, changed) in [
            (
                "l: [{name: a, v: 1}, {name: b, v: 1}]",
                "l: [{name: c}, {name: a, v: 1}, {name: b, v: 2}]",
                vec!["/l/name=b/v", "/l/name=c/name"],
            ),
            ("l: [{name: a}, {name: b}]", "l: [{name: b}]", vec!["/l/name=a"]),
            (
                "l: [{name: t, mountPath: /x}, {name: t, mountPath: /y}]",
                "l: [{name: t, mountPath: /y}]",
                vec!["/l/mountPath=~1x"],
            ),
            ("l: [--a, --b]", "l: [--c, --a, --b]", vec!["/l/=--c"]),
            ("{}", "l: [--c]", vec!["/l/=--c"]),
            ("l: [{a: 1}, {a: 1}]", "l: [{a: 1}, {a: 2}, {a: 3}]", vec!["/l/1/a", "/l/2/a"]),
            ("l: {a: {b: 1}}", "l: {a: {b: 2, \"c/d\": {e: 1}}}", vec!["/l/a/b", "/l/a/c~1d/e"]),
        ] {
            assert_eq!(changed_paths(&value(before), &value(after)), changed, "{before} to {after}");
        }
    }
}
