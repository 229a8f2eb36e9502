//! Requests of a controller for the credentials of its identity.

use crate::check::effective_identity::controller::ControllerCheck;
use crate::check::effective_identity::faults::Faults;
use crate::effect::{Effect, Endpoint};
use crate::model::{Assignee, Platform, Provider};
use crate::problem::{Affected, EffectiveIdentityProblem};

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
        let affected = Affected::one(self.controller);
        let diverted = effect.diversions.iter().filter(|_| provider == Provider::Aws);
        for (diversion, field) in diverted.filter(|(diversion, _)| diversion.concerns(has_association)) {
            faults.add(EffectiveIdentityProblem::Diverted {
                at,
                affected: affected.clone(),
                diversion: diversion.clone(),
                by: self.set_by(field, None),
            });
        }
        let endpoint = match (self.checked.cluster.platform, provider) {
            (Platform::Gke, Provider::Gcp) => Endpoint::MetadataServer,
            _ if provider == Provider::Aws && has_association => Endpoint::PodIdentityAgent,
            _ => Endpoint::TokenService,
        };
        if endpoint == Endpoint::TokenService && effect.has_proxy {
            return;
        }
        let blocking = self.build.blocking_policies(self.deployment, &self.workload(), endpoint);
        if let Some(first) = blocking.first() {
            faults.add(EffectiveIdentityProblem::Blocked {
                at,
                affected,
                provider,
                endpoint,
                policies: blocking.iter().map(|policy| policy.id().name.clone()).collect(),
                by: self.origins.set_by(first, "/spec/egress"),
            });
        }
    }
}
