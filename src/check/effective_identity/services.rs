//! The Services by which controllers reach each other, and the Namespace of all of them.

use crate::check::effective_identity::EffectiveIdentityCheck;
use crate::check::effective_identity::faults::Faults;
use crate::effect::misses_pods;
use crate::kustomize::{Id, Object, Value};
use crate::model::Controller;
use crate::overlay_build::FluxSync;
use crate::problem::EffectiveIdentityProblem;

/// The controllers that the others send requests to.
const SERVERS: [Controller; 2] = [Controller::Source, Controller::Notification];

impl EffectiveIdentityCheck<'_> {
    /// Reports Services that a patch deletes, or that lead to no pods of their controller.
    pub(super) fn check_services(&self, faults: &mut Faults) {
        for controller in SERVERS {
            let mut all = self.build.deployments(controller, self.checked.cluster.namespace.as_str());
            let Some((deployment, value)) = all.find(|(it, _)| it.id().name == controller.name()) else {
                continue;
            };
            let namespace = &deployment.id().namespace;
            let is_it =
                |id: &Id| id.kind == "Service" && id.name == controller.name() && id.namespace == *namespace;
            let service = self.build.objects().find(|object| is_it(object.id()));
            let by = match service {
                Some(service) => {
                    let workload = self.build.workload(deployment, value);
                    if !service.value().is_some_and(|service| misses_pods(service, &workload)) {
                        continue;
                    }
                    self.origins.set_by(service, "/spec/selector")
                }
                None => match self.deletion(is_it) {
                    Some(patch) => self.origins.of_place(&patch.place),
                    None => continue,
                },
            };
            let (at, is_deleted) = (self.checked.at, service.is_none());
            faults.add(EffectiveIdentityProblem::NoService { at, controller, is_deleted, by });
        }
    }

    /// Reports a patch that deletes the Namespace of the controllers, so that Flux deletes it in the cluster.
    pub(super) fn check_namespace(&self, faults: &mut Faults) {
        let namespace = self.checked.cluster.namespace.as_str();
        let is_it = |id: &Id| id.kind == "Namespace" && id.name == namespace;
        let prune = FluxSync::new(self.build.objects()).spec().and_then(|spec| spec.get("prune"));
        let prunes = prune.and_then(Value::scalar_text) != Some("false");
        if !prunes || self.build.objects().map(Object::id).any(is_it) {
            return;
        }
        let Some(patch) = self.deletion(is_it) else { return };
        faults.add(EffectiveIdentityProblem::NoNamespace {
            at: self.checked.at,
            namespace: namespace.to_owned(),
            by: self.origins.of_place(&patch.place),
        });
    }
}
