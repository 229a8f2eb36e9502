//! What the API server refuses in an object: names, labels, annotations, and fields of pods.
//!
//! Sources: "Labels and Selectors" and "Annotations" of the Kubernetes documentation; `ValidateObjectMeta` in
//! `k8s.io/apimachinery/pkg/api/validation`; `ValidateDeploymentSpec` and `ValidateVolumeMounts` of Kubernetes.

use crate::effect::contradictions::{Contradiction, contradictions};
use crate::effect::pod::{items, name_of};
use crate::effect::schema::{FindNearest, Misfit, built_in_schema, misfits};
use crate::kustomize::{Id, Value, escape};
use crate::model::MOUNTS;
use crate::model::kubernetes::DnsSubdomain;

/// What is wrong with an object or its pods.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObjectFault {
    /// The name is none of its kind.
    Name,
    /// The key of a label or an annotation has a form that keys do not have.
    Key { noun: &'static str, key: String },
    /// The value of a label or an annotation is no string, as it is written.
    NotText { noun: &'static str, key: String, value: String },
    /// The value of a label has a form that values do not have.
    Value { key: String, value: String },
    /// The pods lack a label that the selector of their own object asks for, or have it with another value.
    Unselected { key: String, selected: String, found: Option<String> },
    /// A container mounts a volume that the pods do not have.
    NoVolume { container: String, volume: String },
    /// Fields exclude each other.
    Contradiction(Contradiction),
    /// The definition of the kind refuses the field.
    Misfit { path: String, misfit: Misfit },
    /// kustomize does not know a directive, and leaves it in the object.
    Directive { key: String },
}

/// The kinds whose names are DNS subdomains, of those that people rename.
const NAMED: [&str; 2] = ["Deployment", "ServiceAccount"];
const LABEL: &str = "label";
const ANNOTATION: &str = "annotation";

/// The faults of an object and of its pods, each with the path of its field.
pub fn object_faults(object: &Value) -> Vec<(String, ObjectFault)> {
    let mut faults = Vec::new();
    let text = |path: &[&str]| object.at(path).and_then(Value::as_str).unwrap_or_default();
    let name = text(&["metadata", "name"]);
    if NAMED.contains(&text(&["kind"])) && DnsSubdomain::parse(name).is_err() {
        faults.push(("/metadata/name".to_owned(), ObjectFault::Name));
    }
    for path in [&["metadata"][..], &["spec", "template", "metadata"]] {
        for (field, noun) in [("labels", LABEL), ("annotations", ANNOTATION)] {
            let entries = object.at(path).and_then(|metadata| metadata.get(field)).map(Value::entries);
            for (key, value) in entries.unwrap_or_default() {
                let place = || format!("/{}/{field}/{}", path.join("/"), escape(key));
                faults.extend(entry_fault(noun, key, value).map(|fault| (place(), fault)));
            }
        }
    }
    faults.extend(unselected(object));
    faults.extend(pod_faults(object));
    faults.extend(directives(object));
    let together = contradictions(object).into_iter();
    faults.extend(together.map(|(path, found)| (path, ObjectFault::Contradiction(found))));
    faults
}

/// The fields of an object that the definition of its kind refuses, if that is built in.
pub fn misfits_of(id: &Id, object: &Value, nearest: FindNearest<'_>) -> Vec<(String, ObjectFault)> {
    let found = built_in_schema(id).map(|schema| misfits(schema, object, nearest)).unwrap_or_default();
    found.into_iter().map(|(path, misfit)| (path.clone(), ObjectFault::Misfit { path, misfit })).collect()
}

const VOLUMES: &str = "/spec/template/spec/volumes";

impl ObjectFault {
    /// Another path that may have been changed instead, such as that of the volumes where a mount was left without one.
    pub fn other_path(&self) -> Option<&str> {
        match self {
            ObjectFault::NoVolume { .. } => Some(VOLUMES),
            ObjectFault::Contradiction(contradiction) => Some(contradiction.other_path()),
            ObjectFault::Name
            | ObjectFault::Key { .. }
            | ObjectFault::NotText { .. }
            | ObjectFault::Value { .. }
            | ObjectFault::Unselected { .. }
            | ObjectFault::Misfit { .. }
            | ObjectFault::Directive { .. } => None,
        }
    }
}

/// The faults of the containers of an object's pods.
fn pod_faults(object: &Value) -> Vec<(String, ObjectFault)> {
    const POD: &str = "/spec/template/spec";
    let Some(pod) = object.at(&["spec", "template", "spec"]) else { return Vec::new() };
    let volumes: Vec<&str> = items(pod, "volumes").iter().map(name_of).collect();
    let mut faults = Vec::new();
    for field in ["containers", "initContainers"] {
        for container in items(pod, field) {
            let of = format!("{POD}/{field}/name={}", escape(name_of(container)));
            let is_left = |mount: &&Value| {
                let volume = name_of(mount);
                // Without one of these an identity is not used, which is said of that identity.
                !volumes.contains(&volume) && MOUNTS.iter().all(|(generated, _)| *generated != volume)
            };
            for mount in items(container, "volumeMounts").iter().filter(is_left) {
                let path = mount.get("mountPath").and_then(Value::scalar_text).unwrap_or_default();
                let (container, volume) = (name_of(container).to_owned(), name_of(mount).to_owned());
                let place = format!("{of}/volumeMounts/mountPath={}", escape(path));
                faults.push((place, ObjectFault::NoVolume { container, volume }));
            }
        }
    }
    faults
}

/// The keys below a value that only directives of `kubectl apply` have, each with its path from there.
/// Source: "Update API Objects in Place Using kubectl patch" of the Kubernetes documentation.
fn directives(value: &Value) -> Vec<(String, ObjectFault)> {
    const DIRECTIVES: [&str; 3] = ["$retainKeys", "$setElementOrder/", "$deleteFromPrimitiveList/"];
    let mut found = Vec::new();
    // Objects are large and have none, so a path is made on the way back.
    for (key, below) in value.entries() {
        if DIRECTIVES.iter().any(|directive| key.starts_with(directive)) {
            found.push((format!("/{}", escape(key)), ObjectFault::Directive { key: key.clone() }));
        } else {
            let below = directives(below).into_iter();
            found.extend(below.map(|(path, fault)| (format!("/{}{path}", escape(key)), fault)));
        }
    }
    for (at, below) in value.items().iter().enumerate() {
        let below = directives(below).into_iter();
        found.extend(below.map(|(path, fault)| (format!("/{at}{path}"), fault)));
    }
    found
}

/// The labels by which an object selects pods and that its own pods do not have.
/// Source: `ValidateDeploymentSpec` of Kubernetes.
fn unselected(object: &Value) -> impl Iterator<Item = (String, ObjectFault)> {
    const LABELS: [&str; 4] = ["spec", "template", "metadata", "labels"];
    let template = object.at(&["spec", "template"]);
    let selected = template.and_then(|_| object.at(&["spec", "selector", "matchLabels"]));
    let labels = object.at(&LABELS);
    selected.map(Value::entries).unwrap_or_default().iter().filter_map(move |(key, value)| {
        let selected = value.scalar_text()?.to_owned();
        let found = labels.and_then(|labels| labels.get(key)?.scalar_text()).map(str::to_owned);
        let is_right = found.as_ref() == Some(&selected);
        let place = || format!("/{}/{}", LABELS.join("/"), escape(key));
        (!is_right).then(|| (place(), ObjectFault::Unselected { key: key.clone(), selected, found }))
    })
}

fn entry_fault(noun: &'static str, key: &str, value: &Value) -> Option<ObjectFault> {
    let key_of = || key.to_owned();
    if !is_key(key) {
        return Some(ObjectFault::Key { noun, key: key_of() });
    }
    let Some(text) = value.as_str() else {
        // Nothing is an empty text.
        let text = value.scalar_text().filter(|text| !matches!(*text, "" | "~" | "null"))?;
        return Some(ObjectFault::NotText { noun, key: key_of(), value: text.to_owned() });
    };
    let is_right = noun != LABEL || text.is_empty() || text.contains('$') || is_name(text);
    (!is_right).then(|| ObjectFault::Value { key: key_of(), value: text.to_owned() })
}

/// True for the key of a label or an annotation: a name, after a domain or not.
fn is_key(key: &str) -> bool {
    match key.split_once('/') {
        Some((domain, name)) => DnsSubdomain::parse(&domain.to_ascii_lowercase()).is_ok() && is_name(name),
        None => is_name(key),
    }
}

/// True for at most 63 letters, digits, `-`, `_` and `.`, with a letter or a digit first and last.
fn is_name(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let is_edge = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    text.len() <= 63
        && text.bytes().all(is_inner)
        && is_edge(text.bytes().next())
        && is_edge(text.bytes().last())
}
