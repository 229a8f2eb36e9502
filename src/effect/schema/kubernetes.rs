//! The definitions of built-in kinds: those that overlays of Flux change.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::kustomize::{Id, Scalar, Tag, Value};

/// The fields of types, in a notation of its own.
const TABLE: &str = include_str!("kubernetes.txt");

/// The kinds that have a definition here, with their APIs.
const KINDS: [(&str, &str); 4] =
    [("apps", "Deployment"), ("", "ServiceAccount"), ("networking.k8s.io", "NetworkPolicy"), ("", "Service")];

/// The format of quantities.
pub(super) const QUANTITY_FORMAT: &str = "quantity";
/// Source: `resource.Quantity` in `k8s.io/apimachinery/pkg/api/resource`.
pub const QUANTITY: &str =
    r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|n|u|m|k|M|G|T|P|E|[eE][+-]?[0-9]+)?$";

static SCHEMAS: LazyLock<BTreeMap<&'static str, Value>> = LazyLock::new(|| {
    let types = types();
    let names = KINDS.iter().map(|(_, kind)| *kind).chain([METADATA]);
    names.map(|name| (name, map_of(&types, name))).collect()
});

const METADATA: &str = "ObjectMeta";

/// The schema of a built-in kind, if it is known here.
pub fn built_in_schema(of: &Id) -> Option<&'static Value> {
    let is_known = of.version == "v1" && KINDS.contains(&(of.group.as_str(), of.kind.as_str()));
    SCHEMAS.get(of.kind.as_str()).filter(|_| is_known)
}

/// The schema of the metadata of any object.
pub(super) fn metadata_schema() -> Option<&'static Value> {
    SCHEMAS.get(METADATA)
}

/// The fields of each type, with their notation.
fn types() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut types: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut name = "";
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_ascii_whitespace();
        if !line.starts_with(' ') {
            name = words.next().unwrap_or_default();
        }
        types.entry(name).or_default().extend(words);
    }
    types
}

/// The schema of a map with the fields of a type.
fn map_of(types: &BTreeMap<&str, Vec<&'static str>>, name: &str) -> Value {
    let (mut properties, mut required) = (Vec::new(), Vec::new());
    for field in types.get(name).into_iter().flatten() {
        let (field, notation) = field.split_once(':').unwrap_or((field, ""));
        let name = field.trim_end_matches('!');
        if name != field {
            required.push(Value::string(name));
        }
        properties.push((name.to_owned(), schema(types, notation)));
    }
    keywords([
        ("type", Value::string("object")),
        ("properties", Value::Map(properties)),
        ("required", Value::List(required)),
    ])
}

fn schema(types: &BTreeMap<&str, Vec<&'static str>>, notation: &str) -> Value {
    let within = |open: char, close: char| notation.strip_prefix(open)?.strip_suffix(close);
    let of_type = |name: &str| ("type", Value::string(name));
    if let Some(items) = within('[', ']') {
        return keywords([of_type("array"), ("items", schema(types, items))]);
    }
    if let Some(values) = within('{', '}') {
        return keywords([of_type("object"), ("additionalProperties", schema(types, values))]);
    }
    if let Some(listed) = notation.strip_prefix('=') {
        let listed = listed.split('|').map(Value::string).collect();
        return keywords([of_type("string"), ("enum", Value::List(listed))]);
    }
    let at_least = |limit: &str| ("minimum", number(limit));
    match notation {
        "" => keywords([of_type("string")]),
        "int" => keywords([of_type("integer")]),
        "count" => keywords([of_type("integer"), at_least("0")]),
        "number" => keywords([of_type("integer"), at_least("1"), ("maximum", number("65535"))]),
        "bool" => keywords([of_type("boolean")]),
        "port" => keywords([("x-kubernetes-int-or-string", Value::Scalar(Scalar::new("true", Tag::Bool)))]),
        "quantity" => {
            keywords([("format", Value::string(QUANTITY_FORMAT)), ("pattern", Value::string(QUANTITY))])
        }
        "any" => keywords([]),
        name => map_of(types, name),
    }
}

fn number(text: &str) -> Value {
    Value::Scalar(Scalar::new(text, Tag::Int))
}

fn keywords<const N: usize>(keywords: [(&str, Value); N]) -> Value {
    Value::Map(keywords.into_iter().map(|(keyword, value)| (keyword.to_owned(), value)).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{KINDS, METADATA, types};

    #[test]
    fn every_type_of_a_field_is_in_the_table_and_every_type_of_the_table_is_that_of_a_field() {
        const OWN: [&str; 7] = ["", "int", "count", "number", "bool", "port", "quantity"];
        let types = types();
        let mut used: BTreeSet<&str> = KINDS.iter().map(|(_, kind)| *kind).chain([METADATA]).collect();
        for field in types.values().flatten() {
            let notation = field.split_once(':').map_or("", |(_, notation)| notation);
            let inner = notation.trim_matches(['[', ']', '{', '}']);
            if !inner.starts_with('=') && !OWN.contains(&inner) && inner != "any" {
                assert!(types.contains_key(inner), "{field}");
                used.insert(inner);
            }
        }
        let known: BTreeSet<&str> = types.keys().copied().collect();
        assert_eq!(known, used);
    }
}
