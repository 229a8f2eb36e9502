//! `kubectl kustomize`, and what its objects differ in from those of the model.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use flux_identity::kustomize::{Build, Object, Tag, Value};
use serde::Deserialize;
use serde_yaml::Value as Theirs;
use tempfile::TempDir;

use crate::kustomize::Files;
use crate::real::kubectl;

/// A place for an overlay: in memory, if there is one. Most of the time that files take would go into making and removing
/// them.
pub fn place() -> TempDir {
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    place.expect("a place for the test")
}

pub fn write(root: &Path, files: &Files) {
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("it has a parent")).expect("the directory is made");
        fs::write(path, text).expect("the file is written");
    }
}

/// The objects that kustomize builds, or what it says.
pub fn judge(directory: &Path) -> Result<Vec<Theirs>, String> {
    let output = kubectl().arg("kustomize").arg(directory).output();
    let output = output.expect("kubectl is needed to judge the model");
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let documents = serde_yaml::Deserializer::from_slice(&output.stdout);
    let documents = documents.map(|document| Theirs::deserialize(document).expect("kustomize writes YAML"));
    Ok(documents.filter(|document| !document.is_null()).collect())
}

/// What two builds differ in; nothing if they are equal.
pub fn differences(ours: &Build, theirs: &[Theirs]) -> Option<String> {
    let mut left: BTreeMap<String, &Theirs> = theirs.iter().map(|object| (id(object), object)).collect();
    for object in &ours.objects {
        let Some(value) = object.value() else { return Some(format!("unreadable: {:?}", object.id())) };
        let id = id_of(object);
        let Some(other) = left.remove(&id) else { return Some(format!("only the model has {id}")) };
        if let Some(difference) = difference(value, other, "") {
            return Some(format!("{id}: {difference}"));
        }
    }
    left.keys().next().map(|id| format!("the model lacks {id}"))
}

/// The same for an object of the model.
pub fn id_of(object: &Object) -> String {
    let id = object.id();
    format!("{} {} {}/{}", id.api_version(), id.kind, id.namespace, id.name)
}

pub fn id(object: &Theirs) -> String {
    let text = |value: &Theirs| match value {
        Theirs::Null => String::new(),
        Theirs::String(text) => text.clone(),
        Theirs::Bool(_)
        | Theirs::Number(_)
        | Theirs::Sequence(_)
        | Theirs::Mapping(_)
        | Theirs::Tagged(_) => serde_yaml::to_string(value).expect("it is written").trim().to_owned(),
    };
    let metadata = &object["metadata"];
    let (namespace, name) = (text(&metadata["namespace"]), text(&metadata["name"]));
    format!("{} {} {namespace}/{name}", text(&object["apiVersion"]), text(&object["kind"]))
}

fn difference(ours: &Value, theirs: &Theirs, path: &str) -> Option<String> {
    let unequal = || Some(format!("{path}: {ours:?}, kustomize has {theirs:?}"));
    match (ours, theirs) {
        (Value::Map(entries), Theirs::Mapping(other)) => {
            for (key, value) in entries {
                let Some(theirs) = other.get(key.as_str()) else {
                    return Some(format!("{path}/{key}: only the model has it"));
                };
                if let Some(difference) = difference(value, theirs, &format!("{path}/{key}")) {
                    return Some(difference);
                }
            }
            let missing = other.keys().find(|key| ours.get(key.as_str().unwrap_or_default()).is_none());
            missing.map(|key| format!("{path}: the model lacks {key:?}"))
        }
        (Value::List(items), Theirs::Sequence(other)) if items.len() == other.len() => {
            let mut all = items.iter().zip(other).enumerate();
            all.find_map(|(at, (one, other))| difference(one, other, &format!("{path}/{at}")))
        }
        (Value::Scalar(scalar), theirs) => {
            let is_same = match (scalar.tag, theirs) {
                (Tag::Null, Theirs::Null) => true,
                (Tag::Text, Theirs::String(text)) => scalar.text == *text,
                (Tag::Bool, Theirs::Bool(truth)) => scalar.text == truth.to_string(),
                (Tag::Int | Tag::Float, Theirs::Number(number)) => {
                    number.as_f64().is_some_and(|number| scalar.text.parse() == Ok(number))
                }
                _ => false,
            };
            if is_same { None } else { unequal() }
        }
        _ => unequal(),
    }
}
