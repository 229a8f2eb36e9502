//! `namespace`.

use crate::kustomize::failure::{Cause, Failure};
use crate::kustomize::object::{Object, Step};
use crate::kustomize::place::Place;
use crate::kustomize::transform::fields::Field;
use crate::kustomize::value::Value;

const FIELDS: [Field<'static>; 3] = [
    Field { group: "", version: "", kind: "Namespace", path: "metadata/name", creates: true },
    Field {
        group: "apiregistration.k8s.io",
        version: "",
        kind: "APIService",
        path: "spec/service/namespace",
        creates: true,
    },
    Field {
        group: "apiextensions.k8s.io",
        version: "",
        kind: "CustomResourceDefinition",
        path: "spec/conversion/webhook/clientConfig/service/namespace",
        creates: false,
    },
];

/// Puts all objects into a namespace, and renames namespaces.
pub(crate) fn set_namespace(objects: &mut [Object], namespace: &str, place: &Place) -> Result<(), Failure> {
    if namespace.is_empty() {
        return Ok(());
    }
    let made = Value::string("");
    for index in 0..objects.len() {
        let Some(object) = objects.get_mut(index) else { continue };
        object.store_id();
        let id = object.id().clone();
        let fields: Vec<&Field<'_>> = FIELDS.iter().filter(|field| field.is_of(&id)).collect();
        let is_binding = matches!(id.kind.as_str(), "RoleBinding" | "ClusterRoleBinding");
        if id.is_cluster_scoped() && fields.is_empty() && !is_binding
            || id.kind == "CustomResourceDefinition" && !object.may_mention("conversion")
        {
            continue;
        }
        object.edit(Step::Namespace, place, |value| {
            let mut set = |field: &mut Value| {
                *field = Value::string(namespace);
                Ok(())
            };
            if !id.is_cluster_scoped()
                && let Some(metadata) = value.get_or_insert("metadata", Value::Map(Vec::new()))
            {
                metadata.set("namespace", Value::string(namespace));
            }
            if is_binding {
                set_subjects(value, namespace)?;
            }
            fields.iter().try_for_each(|field| field.set(value, Some(&made), &mut set))
        })?;
        let id = objects.get(index).map(|object| object.id().clone()).unwrap_or_default();
        if objects.iter().filter(|object| object.id().is_same(&id)).count() > 1 {
            return place.fail(Cause::Repeated(Box::new(id)));
        }
    }
    Ok(())
}

/// Of the subjects of a binding only accounts that are called `default` are moved.
fn set_subjects(value: &mut Value, namespace: &str) -> Result<(), Cause> {
    let subjects = match value.get_mut("subjects") {
        Some(Value::List(subjects)) => subjects,
        Some(Value::Map(_)) => return Err(Cause::WrongField("subjects".to_owned())),
        Some(Value::Scalar(_)) | None => return Ok(()),
    };
    for subject in subjects {
        if subject.get("name").and_then(Value::scalar_text) == Some("default") {
            subject.set("namespace", Value::string(namespace));
        }
    }
    Ok(())
}
