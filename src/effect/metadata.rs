//! Names, labels and annotations that the API server refuses.
//!
//! Sources: "Labels and Selectors" and "Annotations" of the Kubernetes documentation; `ValidateObjectMeta` in
//! `k8s.io/apimachinery/pkg/api/validation`.

use crate::kustomize::{Value, escape};
use crate::model::kubernetes::DnsSubdomain;

/// What is wrong with the metadata of an object or of its pods.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MetadataFault {
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
}

/// The kinds whose names are DNS subdomains, of those that people rename.
const NAMED: [&str; 2] = ["Deployment", "ServiceAccount"];
const LABEL: &str = "label";
const ANNOTATION: &str = "annotation";

/// The faults in the metadata of an object and of its pods, each with the path of its field.
pub fn metadata_faults(object: &Value) -> Vec<(String, MetadataFault)> {
    let mut faults = Vec::new();
    let text = |path: &[&str]| object.at(path).and_then(Value::as_str).unwrap_or_default();
    let name = text(&["metadata", "name"]);
    if NAMED.contains(&text(&["kind"])) && DnsSubdomain::parse(name).is_err() {
        faults.push(("/metadata/name".to_owned(), MetadataFault::Name));
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
    faults
}

/// The labels by which an object selects pods and that its own pods do not have.
/// Source: `ValidateDeploymentSpec` of Kubernetes.
fn unselected(object: &Value) -> impl Iterator<Item = (String, MetadataFault)> {
    const LABELS: [&str; 4] = ["spec", "template", "metadata", "labels"];
    let template = object.at(&["spec", "template"]);
    let selected = template.and_then(|_| object.at(&["spec", "selector", "matchLabels"]));
    let labels = object.at(&LABELS);
    selected.map(Value::entries).unwrap_or_default().iter().filter_map(move |(key, value)| {
        let selected = value.scalar_text()?.to_owned();
        let found = labels.and_then(|labels| labels.get(key)?.scalar_text()).map(str::to_owned);
        let is_right = found.as_ref() == Some(&selected);
        let place = || format!("/{}/{}", LABELS.join("/"), escape(key));
        (!is_right).then(|| (place(), MetadataFault::Unselected { key: key.to_string(), selected, found }))
    })
}

fn entry_fault(noun: &'static str, key: &str, value: &Value) -> Option<MetadataFault> {
    let key_of = || key.to_owned();
    if !is_key(key) {
        return Some(MetadataFault::Key { noun, key: key_of() });
    }
    let Some(text) = value.as_str() else {
        // Nothing is an empty text.
        let text = value.scalar_text().filter(|text| !matches!(*text, "" | "~" | "null"))?;
        return Some(MetadataFault::NotText { noun, key: key_of(), value: text.to_owned() });
    };
    let is_right = noun != LABEL || text.is_empty() || text.contains('$') || is_name(text);
    (!is_right).then(|| MetadataFault::Value { key: key_of(), value: text.to_owned() })
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
