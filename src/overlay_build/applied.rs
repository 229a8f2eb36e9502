//! What the Kustomization of Flux changes in what an overlay builds: one more kustomization above it.
//!
//! Source: `kustomize/kustomize_generator.go` of fluxcd/pkg, and `ssa/utils` for the common metadata.

use serde_json::{Map, Value as Json, json};

use crate::kustomize::{Object, Place, Value};

/// Fields that change objects and are not modelled. The first is relative to a directory that may have no kustomization.
const NOT_MODELLED: [(&str, &str); 3] = [
    ("components", "spec.components"),
    ("patchesStrategicMerge", "spec.patchesStrategicMerge"),
    ("patchesJson6902", "spec.patchesJson6902"),
];

/// Fields that a kustomization has too, each with its name there.
const FIELDS: [(&str, &str); 5] = [
    ("targetNamespace", "namespace"),
    ("namePrefix", "namePrefix"),
    ("nameSuffix", "nameSuffix"),
    ("images", "images"),
    ("patches", "patches"),
];

/// What a Kustomization changes in the objects that it applies.
pub enum Changes {
    Nothing,
    /// The fields of a kustomization, without its resources.
    Fields(Map<String, Json>),
    /// This field, which is not modelled.
    NotModelled(&'static str),
}

/// What a Kustomization changes, and where it is.
pub fn placed_changes(kustomization: &Object) -> (Changes, Place) {
    (changes_of(kustomization), Place::file(&kustomization.source().place.file))
}

/// True if a Kustomization changes what it applies.
pub fn changes_objects(kustomization: &Object) -> bool {
    !matches!(changes_of(kustomization), Changes::Nothing)
}

/// What a Kustomization changes.
fn changes_of(kustomization: &Object) -> Changes {
    let Some(spec) = kustomization.value().and_then(|value| value.get("spec")) else {
        return Changes::Nothing;
    };
    let is_set = |field: &str| spec.get(field).is_some_and(|value| !is_empty(value));
    if let Some((_, name)) = NOT_MODELLED.iter().find(|(field, _)| is_set(field)) {
        return Changes::NotModelled(name);
    }
    let mut fields = Map::new();
    for (field, name) in FIELDS.iter().filter(|(field, _)| is_set(field)) {
        fields.extend(spec.get(field).map(|value| ((*name).to_owned(), json_of(value))));
    }
    if let Some(metadata) = spec.get("commonMetadata").filter(|metadata| !is_empty(metadata)) {
        let patches = fields.entry("patches").or_insert_with(|| json!([]));
        patches.as_array_mut().into_iter().for_each(|patches| patches.push(metadata_patch(metadata)));
    }
    if fields.is_empty() { Changes::Nothing } else { Changes::Fields(fields) }
}

/// A kustomization with these fields upon a resource.
pub fn kustomization_upon(mut fields: Map<String, Json>, resource: &str) -> String {
    fields.insert("resources".to_owned(), json!([resource]));
    Json::Object(fields).to_string()
}

/// A patch of every object, whose names are of no matter beside a target.
fn metadata_patch(metadata: &Value) -> Json {
    let mut object = json!({ "apiVersion": "v1", "kind": "Any", "metadata": { "name": "any" } });
    if let Some(fields) = object.get_mut("metadata").and_then(Json::as_object_mut) {
        let given = ["labels", "annotations"].into_iter();
        fields.extend(given.filter_map(|name| Some((name.to_owned(), json_of(metadata.get(name)?)))));
    }
    json!({ "target": { "kind": ".*" }, "patch": object.to_string() })
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Scalar(scalar) => value.is_null() || scalar.text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
    }
}

fn json_of(value: &Value) -> Json {
    match value {
        Value::Scalar(scalar) => match value.as_str() {
            Some(text) => Json::from(text),
            None => serde_json::from_str(&scalar.text).unwrap_or_else(|_| Json::from(&*scalar.text)),
        },
        Value::List(items) => items.iter().map(json_of).collect(),
        Value::Map(entries) => {
            Json::Object(entries.iter().map(|(key, value)| (key.clone(), json_of(value))).collect())
        }
    }
}
