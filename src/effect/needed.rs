//! The objects that pods name, and without which the kubelet does not start them.

use crate::effect::pod::{SOURCE_REFERENCES, VALUE_REFERENCES, container_path, items, name_of};
use crate::kustomize::{Value, escape};

/// An object that pods name and do not start without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeededObject<'o> {
    pub kind: &'static str,
    pub name: &'o str,
    /// The paths in the Deployment of what names it, the innermost first.
    pub paths: Vec<String>,
}

/// The fields of a volume, and of a source of a projected one, that refer to an object, and the kind of that.
const VOLUME_REFERENCES: [(&str, &str); 3] =
    [("persistentVolumeClaim", "PersistentVolumeClaim"), ("configMap", "ConfigMap"), ("secret", "Secret")];
/// The key of the name in each of these fields.
const KEYS: [&str; 3] = ["name", "claimName", "secretName"];

/// The objects that the pods of a Deployment do not start without.
/// Source: `optional` in the API reference of Kubernetes, `PodSpec`.
pub fn needed_objects(deployment: &Value) -> Vec<NeededObject<'_>> {
    const VOLUMES: &str = "/spec/template/spec/volumes";
    let Some(pod) = deployment.at(&["spec", "template", "spec"]) else { return Vec::new() };
    let mut needed = Vec::new();
    for volume in items(pod, "volumes") {
        let of = format!("{VOLUMES}/name={}", escape(name_of(volume)));
        let paths = |field: &str| vec![format!("{of}/{field}"), of.clone(), VOLUMES.to_owned()];
        add(volume, &VOLUME_REFERENCES, paths, &mut needed);
        for source in volume.get("projected").map(|it| items(it, "sources")).unwrap_or_default() {
            add(source, &VOLUME_REFERENCES, |_| paths("projected"), &mut needed);
        }
    }
    for container in items(pod, "containers") {
        let of = container_path(name_of(container));
        for source in items(container, "envFrom") {
            add(source, &SOURCE_REFERENCES, |_| vec![format!("{of}/envFrom"), of.clone()], &mut needed);
        }
        for variable in items(container, "env") {
            let Some(from) = variable.get("valueFrom") else { continue };
            let path = format!("{of}/env/name={}", escape(name_of(variable)));
            let paths = |_: &str| vec![path.clone(), format!("{of}/env"), of.clone()];
            add(from, &VALUE_REFERENCES, paths, &mut needed);
        }
    }
    needed
}

fn add<'o>(
    value: &'o Value,
    references: &[(&str, &'static str)],
    paths: impl Fn(&str) -> Vec<String>,
    needed: &mut Vec<NeededObject<'o>>,
) {
    for &(field, kind) in references {
        let Some(reference) = value.get(field) else { continue };
        let is_optional = reference.get("optional").and_then(Value::scalar_text) == Some("true");
        let name = KEYS.iter().find_map(|key| reference.get(key)?.as_str()).filter(|_| !is_optional);
        needed.extend(name.map(|name| NeededObject { kind, name, paths: paths(field) }));
    }
}

/// True if an object may refer to another by this name. Volumes have names of their own, and so do labels.
pub fn may_refer_to(value: &Value, name: &str) -> bool {
    let is_of_reference = |(key, value): &(String, Value)| match key.as_str() {
        "metadata" | "labels" | "matchLabels" | "volumeMounts" => false,
        "volumes" => value.items().iter().any(|volume| {
            let mut fields = volume.entries().iter().filter(|(key, _)| key != "name");
            fields.any(|(_, value)| may_refer_to(value, name))
        }),
        _ => may_refer_to(value, name),
    };
    value.scalar_text() == Some(name)
        || value.items().iter().any(|item| may_refer_to(item, name))
        || value.entries().iter().any(is_of_reference)
}
