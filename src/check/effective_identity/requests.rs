//! Requests of a controller for the credentials of its identity.

use crate::check::effective_identity::controller::ControllerCheck;
use crate::check::effective_identity::faults::Faults;
use crate::effect::{Effect, Endpoint, hides_services, needed_by};
use crate::model::aws::Region;
use crate::model::{Assignee, Controller, Platform, Provider};
use crate::problem::{Affected, EffectiveIdentityProblem};
use crate::span::Span;

impl ControllerCheck<'_> {
    /// Reports what diverts or blocks requests for an identity.
    pub(super) fn check_requests(
        &self,
        provider: Provider,
        effect: &Effect,
        has_association: bool,
        faults: &mut Faults,
    ) {
        let at = self.checked.origin(Assignee::Controller(self.controller), provider);
        let diverted = effect.diversions.iter().filter(|_| provider == Provider::Aws);
        let region = self.checked.cluster.cloud_context.region.as_ref().map(Region::as_str);
        for (diversion, field) in diverted.filter(|(diversion, _)| diversion.concerns(has_association)) {
            let Some(diversion) = diversion.in_region(region) else { continue };
            faults.add(EffectiveIdentityProblem::Diverted {
                at,
                affected: Affected::one(self.controller),
                diversion,
                by: self.set_by(field, None),
            });
        }
        let endpoints = match (self.checked.cluster.platform, provider) {
            (Platform::Gke, Provider::Gcp) => {
                &[Endpoint::MetadataServer, Endpoint::CloudApis, Endpoint::Dns][..]
            }
            _ if provider == Provider::Aws && has_association => {
                &[Endpoint::PodIdentityAgent, Endpoint::CloudApis, Endpoint::Dns]
            }
            _ => &[Endpoint::TokenService, Endpoint::Dns],
        };
        self.check_policies(at, provider, endpoints, effect, faults);
    }

    /// Reports network policies that keep the pods from what they need.
    fn check_policies(
        &self,
        at: Span,
        provider: Provider,
        endpoints: &[Endpoint],
        effect: &Effect,
        faults: &mut Faults,
    ) {
        let workload = self.workload();
        let (mut blocked, mut policies) = (Vec::new(), Vec::new());
        for endpoint in endpoints {
            // A proxy knows the addresses of names.
            if effect.has_proxy && endpoint.is_reached_by_proxy() {
                continue;
            }
            let blocking = self.build.blocking_policies(self.deployment, &workload, *endpoint);
            if !blocking.is_empty() {
                blocked.push(*endpoint);
                policies = blocking;
            }
        }
        let Some(first) = policies.first() else { return };
        faults.add(EffectiveIdentityProblem::Blocked {
            at,
            affected: Affected::one(self.controller),
            provider,
            endpoints: blocked,
            policies: policies.iter().map(|policy| policy.id().name.clone()).collect(),
            by: self.origins.set_by(first, "/spec/egress"),
        });
    }

    /// Reports network policies that keep the controller from others that it needs.
    pub(super) fn check_separation(&self, faults: &mut Faults) {
        let workload = self.workload();
        let namespace = self.checked.cluster.namespace.as_str();
        let is_built = |other: &&Controller| self.build.deployments(**other, namespace).next().is_some();
        let needed = || needed_by(self.controller).iter().filter(is_built);
        if let Some(field) = hides_services(&workload).filter(|_| needed().next().is_some()) {
            faults.add(EffectiveIdentityProblem::Nameless {
                at: self.checked.at,
                affected: Affected::one(self.controller),
                others: needed().copied().collect(),
                field,
                by: self.origins.set_by(self.deployment, &field.path()),
            });
        }
        for other in needed_by(self.controller) {
            let separating = self.build.separating_policies(self.deployment, &workload, *other);
            let Some(first) = separating.first() else { continue };
            faults.add(EffectiveIdentityProblem::Separated {
                at: self.checked.at,
                affected: Affected::one(self.controller),
                others: vec![*other],
                policies: separating.iter().map(|policy| policy.id().name.clone()).collect(),
                by: self.origins.set_by(first, "/spec"),
            });
        }
    }
}
