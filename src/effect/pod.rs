//! A workload as the objects of an overlay describe it.

use std::collections::BTreeMap;

use crate::effect::effective_identity::Field;
use crate::effect::image::Image;
use crate::kustomize::{Value, escape};
use crate::model::MANAGER;

/// A Deployment, and what its pods take from other objects.
#[derive(Clone, Debug)]
pub struct Workload<'o> {
    /// The Deployment.
    pub deployment: &'o Value,
    /// The ServiceAccount of the name that [`Workload::account_name`] gives, in the same namespace.
    pub account: Account<'o>,
    /// The objects that are built of those that [`Workload::sources_of`] gives.
    pub sources: Vec<(VariableSource<'o>, &'o Value)>,
}

/// A `ConfigMap` or a Secret from which the container `manager` takes variables or files, by its kind and name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct VariableSource<'o> {
    pub kind: &'static str,
    pub name: &'o str,
}

/// A ServiceAccount, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub enum Account<'o> {
    /// It is built.
    Built(&'o Value),
    /// The overlay does not build it.
    Missing,
    /// Whether it is built is unknown.
    Unknown,
}

/// A container of the pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Container<'o> {
    pub name: &'o str,
    /// Kubernetes refuses a container without one.
    pub has_image: bool,
}

/// The container `manager`.
pub(super) struct Manager<'o> {
    /// Its variables, the last of each name; `None` for a value that something else holds.
    pub variables: BTreeMap<&'o str, Option<&'o str>>,
    /// What `envFrom` lists, each with the text that the names of its variables begin with.
    pub sources: Vec<(VariableSource<'o>, &'o str)>,
    /// The directories at which it mounts volumes, with the names of these.
    pub mounts: Vec<(&'o str, &'o str)>,
    /// Its arguments, in their order.
    pub arguments: Vec<&'o str>,
    /// Its image.
    pub image: Image<'o>,
}

impl<'o> Workload<'o> {
    /// The name of the ServiceAccount that the pods of a Deployment run as.
    /// Source: `spec.serviceAccountName` and its deprecated alias in the API reference of Kubernetes, `PodSpec`.
    pub fn account_name(deployment: &'o Value) -> &'o str {
        let pod = deployment.at(&["spec", "template", "spec"]);
        pod.map_or("default", |pod| Workload::account_of_pod(pod).1)
    }

    /// The key that names the ServiceAccount in the `PodSpec`, and the name.
    pub fn account_of_pod(pod: &'o Value) -> (&'static str, &'o str) {
        let named = |key| Some((key, pod.get(key)?.as_str().filter(|name| !name.is_empty())?));
        let default = ("serviceAccountName", "default");
        named("serviceAccountName").or_else(|| named("serviceAccount")).unwrap_or(default)
    }

    /// An annotation of the ServiceAccount.
    pub(super) fn account_annotation(&self, key: &str) -> Option<&'o str> {
        match self.account {
            Account::Built(account) => account.at(&["metadata", "annotations", key])?.as_str(),
            Account::Missing | Account::Unknown => None,
        }
    }

    /// A field of the container `manager`.
    pub(super) fn manager_field(&self, field: &str) -> Option<&'o Value> {
        let containers = self.pod_field(&["containers"])?.items();
        containers.iter().find(|it| has(it, "name", MANAGER))?.get(field)
    }

    /// A field of the pods.
    pub(super) fn pod_field(&self, path: &[&str]) -> Option<&'o Value> {
        self.deployment.at(&["spec", "template", "spec"])?.at(path)
    }

    /// A label of the pods, as it is written: one that is no string is refused by the API server.
    pub(super) fn pod_label(&self, key: &str) -> Option<&'o str> {
        self.deployment.at(&["spec", "template", "metadata", "labels", key])?.scalar_text()
    }

    pub(super) fn pod_annotation(&self, key: &str) -> Option<&'o str> {
        self.deployment.at(&["spec", "template", "metadata", "annotations", key])?.as_str()
    }

    /// The container of the controller. One without an image is what a patch has added that missed it.
    pub(super) fn manager(&self) -> Option<Manager<'o>> {
        let containers = self.deployment.at(&["spec", "template", "spec", "containers"])?.items();
        let manager = containers.iter().find(|it| has(it, "name", MANAGER) && it.get("image").is_some())?;
        let image = Image(manager.get("image").and_then(Value::as_str).unwrap_or_default());
        let list = |key| manager.get(key).into_iter().flat_map(Value::items);
        let variables = list("env").filter_map(|variable| {
            let value = match (variable.get("value"), variable.get("valueFrom")) {
                (Some(value), _) => value.as_str(),
                (None, Some(from)) => self.value_from(from),
                (None, None) => Some(""),
            };
            Some((variable.get("name")?.as_str()?, value))
        });
        let mounts = list("volumeMounts")
            .filter_map(|mount| Some((mount.get("mountPath")?.as_str()?, mount.get("name")?.as_str()?)));
        Some(Manager {
            variables: variables.collect(),
            sources: sources_of(manager),
            mounts: mounts.collect(),
            arguments: list("args").filter_map(Value::as_str).collect(),
            image,
        })
    }

    /// The objects from which the container `manager` of a Deployment takes variables, or may take files.
    pub fn sources_of(deployment: &'o Value) -> Vec<VariableSource<'o>> {
        let containers = deployment.at(&["spec", "template", "spec", "containers"]).map(Value::items);
        let mut managers = containers.unwrap_or_default().iter().filter(|it| has(it, "name", MANAGER));
        let Some(manager) = managers.next() else { return Vec::new() };
        let variables = manager.get("env").map(Value::items).unwrap_or_default().iter();
        let keys = variables.filter_map(|variable| source_of(variable.get("valueFrom")?, VALUE_REFERENCES));
        let volumes = deployment.at(&["spec", "template", "spec", "volumes"]).map(Value::items);
        let files = volumes.unwrap_or_default().iter().filter_map(|volume| {
            let name = volume.at(&["configMap", "name"])?.as_str()?;
            Some(VariableSource { kind: "ConfigMap", name })
        });
        sources_of(manager).into_iter().map(|(source, _)| source).chain(keys).chain(files).collect()
    }

    /// The value of a variable that an object holds, if that is a `ConfigMap` that is built.
    fn value_from(&self, from: &Value) -> Option<&'o str> {
        let key = from.at(&["configMapKeyRef", "key"])?.as_str()?;
        self.built_source(source_of(from, VALUE_REFERENCES)?)?.at(&["data", key])?.as_str()
    }

    pub(super) fn built_source(&self, source: VariableSource<'_>) -> Option<&'o Value> {
        self.sources.iter().find(|(known, _)| *known == source).map(|(_, value)| *value)
    }

    /// The containers of the pods, in their order.
    pub fn containers(&self) -> Vec<Container<'o>> {
        let containers = self.pod_field(&["containers"]).into_iter().flat_map(Value::items);
        let text = |container: &'o Value, key| container.get(key).and_then(Value::as_str).unwrap_or_default();
        containers
            .map(|it| Container { name: text(it, "name"), has_image: !text(it, "image").is_empty() })
            .collect()
    }

    /// The image of the container `manager`.
    pub fn image(&self) -> Option<Image<'o>> {
        self.manager().map(|manager| manager.image)
    }

    /// True if there are to be no pods.
    pub fn has_no_pods(&self) -> bool {
        self.deployment.at(&["spec", "replicas"]).and_then(Value::scalar_text) == Some("0")
    }

    /// True if a change of the pod template makes no new pods.
    pub fn is_paused(&self) -> bool {
        self.deployment.at(&["spec", "paused"]).and_then(Value::scalar_text) == Some("true")
    }

    /// True if the container `manager` has a variable of this name.
    pub fn has_variable(&self, name: &str) -> bool {
        self.manager().is_some_and(|manager| manager.variables.contains_key(name))
    }

    /// True if the container `manager` may have a variable of this name: `envFrom` may give any.
    pub fn may_have_variable(&self, name: &str) -> bool {
        self.manager().is_none_or(|it| it.variables.contains_key(name) || !it.sources.is_empty())
    }

    /// The arguments of the container `manager`, in their order.
    pub fn arguments(&self) -> Vec<&'o str> {
        self.manager().map(|manager| manager.arguments).unwrap_or_default()
    }
}

impl Field {
    /// The path of the field in its object, the Deployment or the ServiceAccount. Nothing for what the platform gives.
    pub fn path(&self) -> Option<String> {
        let key = |list: &str, key: &str| format!("/spec/template/metadata/{list}/{}", escape(key));
        match self {
            Field::AccountAnnotation(key) => Some(annotation_path(key)),
            Field::AccountName => Some("/spec/template/spec/serviceAccountName".to_owned()),
            Field::PodLabel(name) => Some(key("labels", name)),
            Field::PodAnnotation(name) => Some(key("annotations", name)),
            Field::Variable(name) => Some(manager_path("env", "name", name)),
            Field::VariableSource { .. } => Some(format!("{}/envFrom", container_path(MANAGER))),
            Field::Argument(text) => Some(manager_path("args", "", text)),
            Field::HostNetwork => Some("/spec/template/spec/hostNetwork".to_owned()),
            Field::NodeSelector(name) => Some(format!("/spec/template/spec/nodeSelector/{}", escape(name))),
            Field::NodeAffinity => Some("/spec/template/spec/affinity/nodeAffinity".to_owned()),
            Field::Volumes => Some("/spec/template/spec/volumes".to_owned()),
            Field::Mount(directory) => Some(manager_path("volumeMounts", "mountPath", directory)),
            Field::Platform => None,
        }
    }
}

/// The path of an annotation of an object.
pub fn annotation_path(key: &str) -> String {
    format!("/metadata/annotations/{}", escape(key))
}

/// The path of an item in a list of the container `manager`: that which has a text under a key.
pub fn manager_path(list: &str, key: &str, text: &str) -> String {
    format!("{}/{list}/{key}={}", container_path(MANAGER), escape(text))
}

/// The path of a container of a Deployment.
pub fn container_path(name: &str) -> String {
    format!("/spec/template/spec/containers/name={}", escape(name))
}

/// The fields that refer to an object with variables, and the kind of that: of `envFrom`, and of `valueFrom`.
pub(super) const SOURCE_REFERENCES: [(&str, &str); 2] =
    [("configMapRef", "ConfigMap"), ("secretRef", "Secret")];
pub(super) const VALUE_REFERENCES: [(&str, &str); 2] =
    [("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")];

/// What `envFrom` of a container lists, each with its `prefix`.
fn sources_of(container: &Value) -> Vec<(VariableSource<'_>, &str)> {
    let sources = container.get("envFrom").map(Value::items).unwrap_or_default().iter();
    let with_prefix = |source| {
        let prefix = Value::get(source, "prefix").and_then(Value::as_str).unwrap_or_default();
        Some((source_of(source, SOURCE_REFERENCES)?, prefix))
    };
    sources.filter_map(with_prefix).collect()
}

fn source_of<'o>(
    from: &'o Value,
    references: [(&'static str, &'static str); 2],
) -> Option<VariableSource<'o>> {
    references.into_iter().find_map(|(reference, kind)| {
        let name = from.at(&[reference, "name"])?.as_str()?;
        Some(VariableSource { kind, name })
    })
}

pub(super) fn has(item: &Value, key: &str, text: &str) -> bool {
    item.get(key).and_then(Value::as_str) == Some(text)
}

pub(super) fn items<'v>(value: &'v Value, field: &str) -> &'v [Value] {
    value.get(field).map(Value::items).unwrap_or_default()
}

pub(super) fn name_of(value: &Value) -> &str {
    value.get("name").and_then(Value::scalar_text).unwrap_or_default()
}
