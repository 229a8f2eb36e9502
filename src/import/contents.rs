//! What a text has, determined once however many files have the same.

use std::collections::BTreeSet;

use crate::import::identity::KEYS;
use crate::model::Platform;

/// Labels of the nodes and the add-ons of one platform alone, by which patches and manifests select them.
///
/// Sources: "Create a managed node group" of the EKS user guide; "Use labels in an AKS cluster" of the AKS documentation;
/// "About node labels" and "Use Workload Identity Federation for GKE" of the GKE documentation.
const LABELS: [(&str, Platform); 7] = [
    ("eks.amazonaws.com/nodegroup", Platform::Eks),
    ("eks.amazonaws.com/capacityType", Platform::Eks),
    ("eks.amazonaws.com/compute-type", Platform::Eks),
    ("kubernetes.azure.com/", Platform::Aks),
    ("cloud.google.com/gke-", Platform::Gke),
    ("cloud.google.com~1gke-", Platform::Gke),
    ("iam.gke.io/gke-metadata-server-enabled", Platform::Gke),
];

/// What a text has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// True if it has a key of an identity.
    pub has_identity: bool,
    /// True if it may have a `FluxInstance`.
    pub has_instance: bool,
    /// The platforms whose nodes or add-ons it selects.
    pub platforms: BTreeSet<Platform>,
}

impl Contents {
    pub fn find(text: &str) -> Contents {
        const INSTANCE: &str = "kind: FluxInstance";
        let found = LABELS.into_iter().filter(|(label, _)| text.contains(label));
        Contents {
            has_identity: KEYS.iter().any(|key| text.contains(key)),
            has_instance: text.contains(INSTANCE) && text.lines().any(|line| line.trim_end() == INSTANCE),
            platforms: found.map(|(_, platform)| platform).collect(),
        }
    }
}
