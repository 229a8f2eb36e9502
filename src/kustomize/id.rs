//! What identifies an object.

use crate::kustomize::schema::is_cluster_scoped;
use crate::kustomize::value::Value;

/// What identifies an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id {
    /// The API group; empty for the core one.
    pub group: String,
    /// The version of the API.
    pub version: String,
    /// The kind.
    pub kind: String,
    /// The namespace, as it was written; empty if it was not.
    pub namespace: String,
    /// The name.
    pub name: String,
}

impl Id {
    /// The id that a value says it has.
    pub(crate) fn from_value(value: &Value) -> Id {
        let text = |value: Option<&Value>| {
            value.filter(|value| !value.is_null()).and_then(Value::scalar_text).unwrap_or_default().to_owned()
        };
        let api_version = text(value.get("apiVersion"));
        let (group, version) = api_version.split_once('/').unwrap_or(("", &api_version));
        Id {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: text(value.get("kind")),
            namespace: text(value.at(&["metadata", "namespace"])),
            name: text(value.at(&["metadata", "name"])),
        }
    }

    /// True if objects of that kind certainly have no namespace.
    pub fn is_cluster_scoped(&self) -> bool {
        is_cluster_scoped(&self.group, &self.version, &self.kind)
    }

    /// The namespace for comparisons: `default` if none is written.
    pub fn effective_namespace(&self) -> &str {
        if self.is_cluster_scoped() {
            "_non_namespaceable_"
        } else if self.namespace.is_empty() {
            "default"
        } else {
            &self.namespace
        }
    }

    /// True if both are the same object.
    pub fn is_same(&self, other: &Id) -> bool {
        self.name == other.name
            && self.kind == other.kind
            && self.group == other.group
            && self.version == other.version
            && self.effective_namespace() == other.effective_namespace()
    }

    /// The `apiVersion`.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }
}
