//! The difference between two builds of an overlay.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::{block, federated};
use crate::kustomize::{Id, Object};
use crate::model::azure;

/// The difference between two builds, one field a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Labels that nothing reads.
    pub labels: Vec<String>,
    /// Renamed volumes of federated identities.
    pub names: Vec<String>,
    /// Fields that may make a difference to a cluster.
    pub unexplained: Vec<String>,
}

impl Comparison {
    /// True if nothing makes a difference to a cluster.
    pub fn is_explained(&self) -> bool {
        self.unexplained.is_empty()
    }
}

/// Compares the objects of two builds, whatever their order.
pub fn compare(before: &[Object], after: &[Object]) -> Comparison {
    let by_id = |objects| -> BTreeMap<&Id, &Object> {
        <[Object]>::iter(objects).map(|object| (object.id(), object)).collect()
    };
    let (old, new) = (by_id(before), by_id(after));
    let mut comparison = Comparison::default();
    let mut config_maps = Vec::new();
    let ids: BTreeSet<&&Id> = old.keys().chain(new.keys()).collect();
    for id in ids {
        let (before, after) = (old.get(*id), new.get(*id));
        if before.zip(after).is_some_and(|(before, after)| before.is_same(after)) {
            continue;
        }
        let name = format!("{} {}/{}", id.kind, id.namespace, id.name);
        let (before, after) = (lines(before.copied()), lines(after.copied()));
        if before.is_empty() && federated::is_config_map(&name) {
            config_maps.extend(after.iter().map(|line| format!("+ {name}: {line}")));
            continue;
        }
        let renamed = |lines: &BTreeSet<String>| -> BTreeSet<String> {
            lines.iter().map(|line| federated::renamed(line)).collect()
        };
        let both: BTreeSet<String> = &renamed(&before) & &renamed(&after);
        let signs = [("-", before.difference(&after)), ("+", after.difference(&before))];
        for (sign, lines) in signs {
            for line in lines {
                let list = if is_unread_label(line) {
                    &mut comparison.labels
                } else if both.contains(&federated::renamed(line)) {
                    &mut comparison.names
                } else {
                    &mut comparison.unexplained
                };
                list.push(format!("{sign} {name}: {line}"));
            }
        }
    }
    // The content of a credential configuration was compared when its identity was imported.
    let list = if comparison.names.is_empty() { &mut comparison.unexplained } else { &mut comparison.names };
    list.extend(config_maps);
    comparison
}

/// The fields of an object, one a line.
fn lines(object: Option<&Object>) -> BTreeSet<String> {
    match object.map(Object::value) {
        Some(Some(value)) => block::from_value(value).leaves(),
        // What cannot be read is equal to nothing.
        Some(None) => BTreeSet::from(["unreadable".to_owned()]),
        None => BTreeSet::new(),
    }
}

/// The label of Azure Workload Identity on anything but pods: the webhook reads those of pods alone.
/// Source: "Service Account Labels and Annotations" of the Azure Workload Identity book.
fn is_unread_label(line: &str) -> bool {
    line.starts_with(&format!("metadata labels {}", azure::USE_LABEL))
}

#[cfg(test)]
mod tests {
    use crate::kustomize::read_objects;

    fn compare(before: &str, after: &str) -> super::Comparison {
        let [before, after] = [before, after].map(|text| read_objects(text).expect("it is YAML"));
        super::compare(&before, &after)
    }

    const OBJECT: &str = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n";

    #[test]
    fn the_order_of_objects_makes_no_difference() {
        let other = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: b\n";
        let compared = compare(&format!("{OBJECT}---\n{other}"), &format!("{other}---\n{OBJECT}"));
        assert_eq!(compared, super::Comparison::default());
    }

    #[test]
    fn a_label_that_nothing_reads_is_explained_and_nothing_else_is() {
        let label = format!("{OBJECT}  labels:\n    azure.workload.identity/use: \"true\"\n");
        let compared = compare(&label, OBJECT);
        assert_eq!((compared.labels.len(), compared.unexplained.len()), (1, 0));
        let annotation = format!("{OBJECT}  annotations:\n    a: b\n");
        assert_eq!(
            compare(OBJECT, &annotation).unexplained,
            ["+ ServiceAccount /a: metadata annotations a = b"]
        );
    }
}
