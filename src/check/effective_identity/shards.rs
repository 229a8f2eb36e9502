//! Deployments that run a controller under another name, such as a shard that somebody wrote by hand.

use crate::check::effective_identity::EffectiveIdentityCheck;
use crate::check::effective_identity::faults::Faults;
use crate::effect::{
    self, Effect, EffectiveIdentity, Obstacle, Workload, expected, has_pod_identity, variables,
};
use crate::kustomize::{Object, Value};
use crate::model::{Assignee, Controller, ObjectKind, Provider};
use crate::problem::{EffectiveIdentityProblem, Unlike};

impl EffectiveIdentityCheck<'_> {
    /// Reports Deployments that run as the ServiceAccount of a controller, and do not use its identities.
    pub(super) fn check_shards(&self, faults: &mut Faults) {
        for deployment in self.build.objects() {
            let Some((controller, value)) = self.shard(deployment) else { continue };
            let cluster = &self.checked.cluster;
            let Some(credentials) = cluster.credentials.get(&controller) else { continue };
            let workload = self.build.workload(deployment, value);
            let effect = effect::effect(cluster.platform, &workload);
            let has_association = has_pod_identity(credentials);
            let effect = if has_association { effect.with_pod_identity() } else { effect };
            let expected = expected(credentials);
            let unlike = Provider::ALL.into_iter().filter_map(|provider| {
                let of_association = has_association && provider == Provider::Aws;
                Some((provider, self.unlike(provider, expected.get(&provider), of_association, &effect)?))
            });
            for (provider, unlike) in unlike {
                faults.add(EffectiveIdentityProblem::UnlikeShard {
                    at: self.checked.origin(Assignee::Controller(controller), provider),
                    deployment: deployment.id().name.clone(),
                    controller,
                    namespace: cluster.namespace.as_str().to_owned(),
                    unlike,
                    by: self.origins.of_place(&deployment.source().place),
                });
            }
        }
    }

    /// The controller that a Deployment of another name runs, and the content of the Deployment.
    fn shard<'o>(&self, deployment: &'o Object) -> Option<(Controller, &'o Value)> {
        let (id, original) = (deployment.id(), deployment.original_id());
        let is_other = id.kind == ObjectKind::Deployment.name()
            && id.namespace == self.checked.cluster.namespace.as_str()
            && Controller::from_name(&id.name).is_none()
            && Controller::from_name(&original.name).is_none();
        // The content of other objects may not be parsed yet.
        if !is_other {
            return None;
        }
        let value = deployment.value()?;
        let controller = Controller::from_name(Workload::account_name(value))?;
        let image = self.build.workload(deployment, value).image()?;
        (!image.is_foreign(controller)).then_some((controller, value))
    }

    /// In what the identity of a shard differs from that of its controller.
    fn unlike(
        &self,
        provider: Provider,
        expected: Option<&EffectiveIdentity>,
        of_association: bool,
        effect: &Effect,
    ) -> Option<Unlike> {
        if expected.is_none() && !of_association {
            return None;
        }
        if let Some(obstacle) = effect.obstacles_to(provider).next() {
            return Some(Unlike::NotUsed(obstacle.clone()));
        }
        let expected = expected?;
        match effect.identities.get(&provider) {
            Some(found) if found.identity == *expected => None,
            Some(found) => Some(Unlike::Other(found.identity.clone())),
            None if self.checked.cluster.platform.native_provider() == Some(provider) => None,
            None => Some(Unlike::NotUsed(Obstacle::Missing(variables(provider).to_vec()))),
        }
    }
}
