//! `namePrefix` and `nameSuffix`.

use crate::kustomize::failure::Failure;
use crate::kustomize::object::{Object, Step};
use crate::kustomize::place::Place;
use crate::kustomize::value::Value;

/// Puts a prefix before all names.
pub(crate) fn add_prefix(objects: &mut [Object], prefix: &str, place: &Place) -> Result<(), Failure> {
    for object in objects.iter_mut().filter(|object| !prefix.is_empty() && is_renamed(object)) {
        object.store_id();
        object.prefixes.push(prefix.to_owned());
        let name = format!("{prefix}{}", object.id().name);
        rename(object, name, Step::NamePrefix, place)?;
    }
    Ok(())
}

/// Puts a suffix behind all names.
pub(crate) fn add_suffix(objects: &mut [Object], suffix: &str, place: &Place) -> Result<(), Failure> {
    for object in objects.iter_mut().filter(|object| !suffix.is_empty() && is_renamed(object)) {
        object.store_id();
        object.suffixes.push(suffix.to_owned());
        let name = format!("{}{suffix}", object.id().name);
        rename(object, name, Step::NameSuffix, place)?;
    }
    Ok(())
}

/// False for kinds whose names say what they are.
fn is_renamed(object: &Object) -> bool {
    let id = object.original_id();
    let is_service = id.group == "apiregistration.k8s.io" && id.kind == "APIService";
    !is_service && !matches!(id.kind.as_str(), "CustomResourceDefinition" | "Namespace")
}

fn rename(object: &mut Object, name: String, step: Step, place: &Place) -> Result<(), Failure> {
    object.edit(step, place, |value| {
        if let Some(metadata) = value.get_mut("metadata") {
            metadata.set("name", Value::string(name));
        }
        Ok(())
    })
}
