//! Annotations: those in which kustomize keeps what it knows of an object, and what it writes of all.

use crate::kustomize::value::{Value, stringify};

/// The key of the annotation that keeps an object out of a build.
pub(crate) const LOCAL_CONFIG: &str = "config.kubernetes.io/local-config";
/// What the keys of kustomize's own annotations begin with.
pub(crate) const INTERNAL: &str = "internal.config.kubernetes.io/";
/// What they say of something that is on.
pub(crate) const ENABLED: &str = "enabled";

/// Adds annotations to an object.
pub(crate) fn add_annotations(value: &mut Value, annotations: Vec<(String, String)>) {
    if annotations.is_empty() {
        return;
    }
    let Some(metadata) = value.get_or_insert("metadata", Value::Map(Vec::new())) else { return };
    let known = metadata.get_or_insert("annotations", Value::Map(Vec::new()));
    if let Some(known) = known {
        for (key, text) in annotations {
            known.set(&key, Value::string(text));
        }
    }
}

/// Takes the annotations of kustomize itself out of an object; the keys of those that it had.
pub(crate) fn take_internal_annotations(value: &mut Value) -> Vec<String> {
    let annotations = value.get_mut("metadata").and_then(|metadata| metadata.get_mut("annotations"));
    let Some(entries) = annotations.and_then(Value::entries_mut) else { return Vec::new() };
    let taken = entries.iter().map(|(key, _)| key).filter(|key| key.starts_with(INTERNAL)).cloned().collect();
    entries.retain(|(key, _)| !key.starts_with(INTERNAL));
    taken
}

/// What kustomize writes of an object: annotations are strings, and a map of none is left out.
pub(crate) fn finish(mut value: Value) -> Value {
    if let Some(metadata) = value.get_mut("metadata") {
        if metadata.get("annotations").is_some_and(Value::is_empty) {
            let _annotations = metadata.remove("annotations");
        } else if let Some(annotations) = metadata.get_mut("annotations") {
            stringify(annotations);
        }
    }
    value.into_json()
}
