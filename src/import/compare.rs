//! What two builds of an overlay differ in.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::federated;
use crate::model::azure;
use crate::spanned::{self, Spanned};

/// What two builds differ in, one thing a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Labels that nothing reads.
    pub labels: Vec<String>,
    /// Other names of the volumes of federated identities.
    pub names: Vec<String>,
    /// What makes a difference to a cluster, or may.
    pub unexplained: Vec<String>,
}

/// Compares two texts of manifests, whatever their order.
pub fn compare(before: &str, after: &str) -> Comparison {
    let (old, new) = (documents(before), documents(after));
    let gone: Vec<&str> = old.difference(&new).copied().collect();
    let come: Vec<&str> = new.difference(&old).copied().collect();
    let (gone, come) = (objects(&gone), objects(&come));
    let mut comparison = Comparison::default();
    let mut config_maps = Vec::new();
    let names: BTreeSet<&String> = gone.keys().chain(come.keys()).collect();
    for name in names {
        let none = BTreeSet::new();
        let (before, after) = (gone.get(name).unwrap_or(&none), come.get(name).unwrap_or(&none));
        if before.is_empty() && federated::is_config_map(name) {
            config_maps.extend(after.iter().map(|line| format!("+ {name}: {line}")));
            continue;
        }
        let renamed = |lines: &BTreeSet<String>| -> BTreeSet<String> {
            lines.iter().map(|line| federated::renamed(line)).collect()
        };
        let both: BTreeSet<String> = &renamed(before) & &renamed(after);
        let signs = [("-", before.difference(after)), ("+", after.difference(before))];
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
    // What a credential configuration says was compared when its identity was taken in.
    let list = if comparison.names.is_empty() { &mut comparison.unexplained } else { &mut comparison.names };
    list.extend(config_maps);
    comparison
}

/// The label of Azure Workload Identity on anything but pods: the webhook reads those of pods alone.
/// Source: "Service Account Labels and Annotations" of the Azure Workload Identity book.
fn is_unread_label(line: &str) -> bool {
    line.starts_with(&format!("metadata labels {}", azure::USE_LABEL))
}

fn documents(text: &str) -> BTreeSet<&str> {
    text.split("\n---\n").map(str::trim).filter(|document| !document.is_empty()).collect()
}

/// What each object says, one thing a line. What cannot be read stands for itself.
fn objects(documents: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut objects = BTreeMap::new();
    for document in documents {
        let read = spanned::read(document).ok().and_then(|mut read| read.pop());
        let mut lines = read.as_ref().map(Spanned::leaves).unwrap_or_default();
        let name = if let Some(object) = &read {
            let metadata = object.get("metadata");
            let of = |key| metadata.and_then(|metadata| metadata.text_at(key)).unwrap_or_default();
            let kind = object.text_at("kind").unwrap_or_default();
            format!("{kind} {}/{}", of("namespace"), of("name"))
        } else {
            lines.extend(document.lines().map(str::to_owned));
            "what cannot be read".to_owned()
        };
        let known: &mut BTreeSet<String> = objects.entry(name).or_default();
        known.extend(lines);
    }
    objects
}

#[cfg(test)]
mod tests {
    use super::compare;

    const OBJECT: &str = "kind: ServiceAccount\nmetadata:\n  name: a\n";

    #[test]
    fn the_order_of_objects_makes_no_difference() {
        let other = "kind: Deployment\nmetadata:\n  name: b\n";
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
