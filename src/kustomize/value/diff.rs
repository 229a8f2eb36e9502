//! What two values differ in.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::kustomize::value::Value;

/// The keys by which items of lists are named, the first that all items of a list have, each with a value of its own.
const ITEM_KEYS: [&str; 2] = ["mountPath", "name"];

/// A field in which two values differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDifference<'v> {
    pub path: Vec<PathPart>,
    pub before: Option<&'v Value>,
    pub after: Option<&'v Value>,
}

/// A part of the path to a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathPart {
    /// The key of a map.
    Key(String),
    /// The item of a list that has this text under this key. It keeps its path where others come before it.
    Item { key: &'static str, text: String },
    /// The item of a list that is this text.
    Text(String),
    /// The item of a list at this index, where items have nothing to tell them apart.
    Index(usize),
}

impl PathPart {
    /// The key, or what names the item.
    pub fn name(&self) -> Cow<'_, str> {
        match self {
            PathPart::Key(text) | PathPart::Item { text, .. } | PathPart::Text(text) => Cow::Borrowed(text),
            PathPart::Index(index) => Cow::Owned(index.to_string()),
        }
    }

    /// As a part of a JSON pointer, with `KEY=TEXT` and `=TEXT` for items of lists.
    fn segment(&self) -> String {
        match self {
            PathPart::Key(key) => escape(key),
            PathPart::Item { key, text } => format!("{key}={}", escape(text)),
            PathPart::Text(text) => format!("={}", escape(text)),
            PathPart::Index(index) => index.to_string(),
        }
    }
}

/// The paths of the fields in which two values differ, as JSON pointers with `KEY=TEXT` and `=TEXT` for items of lists.
pub(crate) fn changed_paths(before: &Value, after: &Value) -> Vec<String> {
    let pointer = |path: &[PathPart]| path.iter().flat_map(|part| ["/".to_owned(), part.segment()]).collect();
    differences(before, after).iter().map(|field| pointer(&field.path)).collect()
}

/// The items of a list as parts of such paths.
pub fn item_segments(list: &[Value]) -> Vec<String> {
    let named = ItemKey::of_both([list, list]).named(list);
    named.iter().map(|(part, _)| part.segment()).collect()
}

/// The deepest fields in which two values differ.
pub fn differences<'v>(before: &'v Value, after: &'v Value) -> Vec<FieldDifference<'v>> {
    let mut fields = Vec::new();
    collect([Some(before), Some(after)], &mut Vec::new(), &mut fields);
    fields
}

fn collect<'v>(
    sides: [Option<&'v Value>; 2],
    path: &mut Vec<PathPart>,
    fields: &mut Vec<FieldDifference<'v>>,
) {
    let [before, after] = sides;
    if before == after {
        return;
    }
    let known = fields.len();
    for (part, sides) in parts(sides) {
        path.push(part);
        collect(sides, path, fields);
        let _part = path.pop();
    }
    // One of them is a scalar or empty, or a list has the same items in another order.
    if fields.len() == known {
        fields.push(FieldDifference { path: path.clone(), before, after });
    }
}

/// The parts of two maps or two lists: those after the change, and then those that are gone.
fn parts(sides: [Option<&Value>; 2]) -> Vec<(PathPart, [Option<&Value>; 2])> {
    let named = match sides {
        [Some(Value::Map(_)) | None, Some(Value::Map(_)) | None] => sides.map(|map| entries(map)),
        [Some(Value::List(_)) | None, Some(Value::List(_)) | None] => {
            let items = sides.map(|list| list.map(Value::items).unwrap_or_default());
            let key = ItemKey::of_both(items);
            items.map(|items| key.named(items))
        }
        _ => return Vec::new(),
    };
    let [old, new] = named;
    let olds: BTreeMap<PathPart, &Value> = old.iter().cloned().collect();
    let news: BTreeSet<PathPart> = new.iter().map(|(part, _)| part.clone()).collect();
    let kept = new.into_iter().map(|(part, value)| (olds.get(&part).copied(), part, Some(value)));
    let gone = old.into_iter().filter(|(part, _)| !news.contains(part));
    let gone = gone.map(|(part, value)| (Some(value), part, None));
    kept.chain(gone).map(|(before, part, after)| (part, [before, after])).collect()
}

fn entries(map: Option<&Value>) -> Vec<(PathPart, &Value)> {
    let entries = map.map(Value::entries).unwrap_or_default();
    entries.iter().map(|(key, value)| (PathPart::Key(key.clone()), value)).collect()
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
    fn of_both(lists: [&[Value]; 2]) -> ItemKey {
        let has_own = |list: &[Value], key: &str| {
            let mut known = BTreeSet::new();
            list.iter()
                .all(|item| item.get(key).and_then(Value::scalar_text).is_some_and(|text| known.insert(text)))
        };
        let key = ITEM_KEYS.into_iter().find(|key| lists.iter().all(|list| has_own(list, key)));
        let are_texts = || lists.iter().all(|list| list.iter().all(|item| item.scalar_text().is_some()));
        key.map_or_else(|| if are_texts() { ItemKey::Text } else { ItemKey::Index }, ItemKey::Key)
    }

    fn named(self, list: &[Value]) -> Vec<(PathPart, &Value)> {
        let part = |(index, item): (usize, &Value)| {
            let text = |item: &Value| item.scalar_text().map(str::to_owned);
            let part = match self {
                ItemKey::Key(key) => item.get(key).and_then(text).map(|text| PathPart::Item { key, text }),
                ItemKey::Text => text(item).map(PathPart::Text),
                ItemKey::Index => None,
            };
            part.unwrap_or(PathPart::Index(index))
        };
        list.iter().enumerate().map(|item| (part(item), item.1)).collect()
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
                vec!["/l/name=c/name", "/l/name=b/v"],
            ),
            ("l: [{name: a}, {name: b}]", "l: [{name: b}]", vec!["/l/name=a/name"]),
            (
                "l: [{name: t, mountPath: /x}, {name: t, mountPath: /y}]",
                "l: [{name: t, mountPath: /y}]",
                vec!["/l/mountPath=~1x/name", "/l/mountPath=~1x/mountPath"],
            ),
            ("l: [--a, --b]", "l: [--c, --a, --b]", vec!["/l/=--c"]),
            ("{}", "l: [--c]", vec!["/l/=--c"]),
            ("l: [a, b]", "l: [b, a]", vec!["/l"]),
            ("l: [a, a]", "l: [a]", vec!["/l"]),
            ("l: {}", "l: []", vec!["/l"]),
            ("l: [{a: 1}, {a: 1}]", "l: [{a: 1}, {a: 2}, {a: 3}]", vec!["/l/1/a", "/l/2/a"]),
            ("l: {a: {b: 1}}", "l: {a: {b: 2, \"c/d\": {e: 1}}}", vec!["/l/a/b", "/l/a/c~1d/e"]),
        ] {
            assert_eq!(changed_paths(&value(before), &value(after)), changed, "{before} to {after}");
        }
    }
}
