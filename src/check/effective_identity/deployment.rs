//! Arguments and containers with which a controller does not start, or does not use its identity.

use crate::check::origin::Origins;
use crate::check::scope::Scope;
use crate::effect::{ApiOptOut, ArgumentFault, Field, Workload, argument_faults, container_path};
use crate::kustomize::Object;
use crate::model::flux::FluxVersion;
use crate::model::{Controller, MANAGER};
use crate::problem::{EffectiveIdentityProblem, ErrorGuaranteed, nearest};
use crate::span::Span;

/// A Deployment of a controller, as it will be.
#[derive(Clone, Copy)]
pub struct DeploymentCheck<'b> {
    /// The name of the cluster.
    pub at: Span,
    pub controller: Controller,
    pub deployment: &'b Object,
    /// The ServiceAccount of its pods, if it is built.
    pub account: Option<&'b Object>,
    pub workload: &'b Workload<'b>,
    pub origins: Origins<'b>,
    pub version: Option<FluxVersion>,
    /// Where the source maps the controller, if it does.
    pub mapped: Option<Span>,
}

impl DeploymentCheck<'_> {
    /// Refuses arguments and containers with which the controller does not start.
    pub fn run(&self, scope: &mut Scope<'_, '_>) -> Result<(), ErrorGuaranteed> {
        let outcome = self.check_arguments(scope);
        let outcome = self.check_containers(scope).and(outcome);
        self.check_api_token(scope).and(outcome)
    }

    /// Refuses a mapped controller that does not reach the API server.
    fn check_api_token(&self, scope: &mut Scope<'_, '_>) -> Result<(), ErrorGuaranteed> {
        let Some(opt_out) = self.workload.opt_out_of_api().filter(|_| self.mapped.is_some()) else {
            return Ok(());
        };
        let object = match opt_out {
            ApiOptOut::Pods => Some(self.deployment),
            ApiOptOut::Account => self.account,
        };
        Err(scope.refuse_on_cluster(EffectiveIdentityProblem::NoApiToken {
            at: self.at,
            controller: self.controller,
            opt_out,
            by: object.and_then(|object| self.origins.set_by(object, &opt_out.path())),
        }))
    }

    fn check_arguments(&self, scope: &mut Scope<'_, '_>) -> Result<(), ErrorGuaranteed> {
        let arguments = self.workload.arguments();
        let find_nearest = |word: &str, names: &[&'static str]| nearest(word, names.iter().copied());
        let mut outcome = Ok(());
        for fault in argument_faults(self.controller, &arguments, self.version, find_nearest) {
            let is_unused = matches!(fault, ArgumentFault::Unused { .. });
            if is_unused && self.mapped.is_none() {
                continue;
            }
            let path = Field::Argument(fault.argument().to_owned()).path();
            let by = path.and_then(|path| self.origins.set_by(self.deployment, &path));
            let (at, controller) = (self.at, self.controller);
            let mapped = self.mapped.filter(|_| is_unused);
            let problem = EffectiveIdentityProblem::Argument { at, controller, fault, by, mapped };
            outcome = scope.report_on_cluster(problem).map_or(outcome, Err);
        }
        outcome
    }

    /// Refuses containers without an image: a patch by a name that is none of the pods adds one.
    fn check_containers(&self, scope: &mut Scope<'_, '_>) -> Result<(), ErrorGuaranteed> {
        let containers = self.workload.containers();
        let others: Vec<&str> = containers.iter().filter(|it| it.has_image).map(|it| it.name).collect();
        let mut outcome = Ok(());
        for container in &containers {
            // A mapped controller without its container does not use its identity, which is reported.
            if container.has_image || container.name == MANAGER && self.mapped.is_some() {
                continue;
            }
            let path = container_path(container.name);
            let near = nearest(container.name, others.iter().copied()).or(others.first().copied());
            let meant = near.unwrap_or(MANAGER).to_owned();
            outcome = Err(scope.refuse_on_cluster(EffectiveIdentityProblem::NoImage {
                at: self.at,
                controller: self.controller,
                container: container.name.to_owned(),
                meant,
                by: self.origins.set_by(self.deployment, &path),
            }));
        }
        outcome
    }
}
