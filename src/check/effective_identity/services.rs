//! The Services by which controllers reach each other, and the Namespace of all of them.

use std::collections::BTreeSet;

use crate::check::effective_identity::EffectiveIdentityCheck;
use crate::check::effective_identity::faults::Faults;
use crate::effect::{
    Address, ObjectFault, ServiceFault, container_path, object_faults, service_addresses, service_fault,
    unknown_ports,
};
use crate::kustomize::{Id, Object, Value};
use crate::model::{Controller, MANAGER};
use crate::overlay_build::FluxSync;
use crate::problem::EffectiveIdentityProblem;

/// The Services of the controllers that others send requests to. Not every cluster uses the last, for requests from outside.
const SERVICES: [(Controller, &str); 3] = [
    (Controller::Source, "source-controller"),
    (Controller::Notification, "notification-controller"),
    (Controller::Notification, RECEIVER),
];
const RECEIVER: &str = "webhook-receiver";

impl EffectiveIdentityCheck<'_> {
    /// Reports Services that a patch deletes, or that lead to no pods of their controller.
    pub(super) fn check_services(&self, faults: &mut Faults) {
        for (controller, name) in SERVICES {
            let mut all = self.build.deployments(controller, self.checked.cluster.namespace.as_str());
            let Some((deployment, value)) = all.find(|(it, _)| it.id().name == controller.name()) else {
                continue;
            };
            let namespace = &deployment.id().namespace;
            let is_it = |id: &Id| id.kind == "Service" && id.name == name && id.namespace == *namespace;
            let service = self.build.objects().find(|object| is_it(object.id()));
            let Some(service) = service else {
                if let Some(patch) = self.deletion(is_it).filter(|_| name != RECEIVER) {
                    let (at, by) = (self.checked.at, self.origins.of_place(&patch.place));
                    let fault = ServiceFault::Deleted;
                    faults.add(EffectiveIdentityProblem::NoService {
                        at,
                        controller,
                        service: name,
                        fault,
                        by,
                    });
                }
                continue;
            };
            let workload = self.build.workload(deployment, value);
            let asked = self.asked_ports(name, namespace);
            let fault = service.value().and_then(|service| service_fault(service, &workload, &asked));
            // Pods that their own Deployment does not select, and ports that their own probes do not find, are reported.
            let is_reported = |fault: &ServiceFault| match fault {
                ServiceFault::SelectsNone => {
                    let mut faults = object_faults(value).into_iter();
                    faults.any(|(_, fault)| matches!(fault, ObjectFault::Unselected { .. }))
                }
                ServiceFault::NoTarget(target) => {
                    unknown_ports(&workload).iter().any(|it| it.port == *target)
                }
                ServiceFault::Deleted
                | ServiceFault::External
                | ServiceFault::Headless(_)
                | ServiceFault::NoPort(_) => false,
            };
            let Some(fault) = fault.filter(|fault| !is_reported(fault)) else { continue };
            let of_pods = || {
                let ports = format!("{}/ports", container_path(MANAGER));
                self.origins
                    .changed_by(deployment, &ports)
                    .filter(|_| matches!(fault, ServiceFault::NoTarget(_)))
            };
            let by = self.origins.changed_by(service, fault.path()).or_else(of_pods);
            let by = by.or_else(|| self.origins.set_by(service, fault.path()));
            let at = self.checked.at;
            faults.add(EffectiveIdentityProblem::NoService { at, controller, service: name, fault, by });
        }
    }

    /// The ports of a Service that the controllers send requests to.
    fn asked_ports(&self, service: &str, namespace: &str) -> BTreeSet<u16> {
        let deployments = Controller::ALL.into_iter().flat_map(|one| self.build.deployments(one, namespace));
        let of_one = |(deployment, value)| {
            service_addresses(&self.build.workload(deployment, value).arguments(), namespace)
        };
        let addresses = deployments.flat_map(of_one);
        addresses
            .filter(|address: &Address<'_>| address.service == service)
            .map(|address| address.port)
            .collect()
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
