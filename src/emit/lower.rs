//! What controllers get, to the patches that give it to them.
//!
//! Sources: "Workload Identity" of the Flux documentation for identities of the cluster's own cloud, whose patches these
//! are; "AWS", "Azure" and "GCP" under its "Integrations" for those of another.

use crate::emit::kustomization::{Change, GeneratedPatch, Manifest};
use crate::model::object_level::GATE_ARGUMENT;
use crate::model::{Additions, Cluster, ConfigMap, Controller};

/// The additions of an overlay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lowered<'f> {
    /// The `ConfigMap`s that volumes hold.
    pub config_maps: Vec<ConfigMap<'f>>,
    /// The patches. Controllers that get the same share theirs; groups are in the order of their first controllers; in
    /// each the ServiceAccount comes before the Deployment. The feature gate of object-level identity is last.
    pub patches: Vec<GeneratedPatch<'f>>,
}

pub fn lower(cluster: &Cluster) -> Lowered<'_> {
    let mut groups: Vec<(Additions<'_>, Vec<Controller>)> = Vec::new();
    for (controller, credentials) in &cluster.credentials {
        let additions = Additions::new(*controller, credentials, &cluster.namespace, cluster.restart);
        match groups.iter_mut().find(|(known, _)| *known == additions) {
            Some((_, controllers)) => controllers.push(*controller),
            None => groups.push((additions, vec![*controller])),
        }
    }
    let mut lowered = Lowered::default();
    for (additions, controllers) in groups {
        lowered.add(additions, &controllers);
    }
    let gated = cluster.object_level.iter().flat_map(|object_level| &object_level.gated);
    lowered.open_gate(gated.map(|controller| controller.name()).collect());
    lowered
}

impl<'f> Lowered<'f> {
    fn add(&mut self, additions: Additions<'f>, controllers: &[Controller]) {
        let target_names: Vec<&'static str> =
            controllers.iter().map(|controller| controller.name()).collect();
        let has_deployment = additions.has_deployment();
        let Additions { annotations, labels, pod_annotations, variables, volumes, config_map } = additions;
        self.config_maps.extend(config_map);
        if !annotations.is_empty() {
            let manifest = Manifest::ServiceAccount { annotations };
            self.patches
                .push(GeneratedPatch { change: Change::Merge(manifest), target_names: target_names.clone() });
        }
        if has_deployment {
            let manifest = Manifest::Deployment { labels, pod_annotations, variables, volumes };
            self.patches.push(GeneratedPatch { change: Change::Merge(manifest), target_names });
        }
    }

    /// This patch is last: a passthrough patch may replace all arguments, or insert a container first; then a merge
    /// into `manager` moves it to the front again.
    fn open_gate(&mut self, target_names: Vec<&'static str>) {
        if !target_names.is_empty() {
            self.patches.push(GeneratedPatch { change: Change::Argument(GATE_ARGUMENT), target_names });
        }
    }
}
