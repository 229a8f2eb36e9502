//! Arguments with which a controller does not start, does not use its identity, or is not found by others.

use crate::check::effective_identity::deployment::DeploymentCheck;
use crate::check::effective_identity::faults::Faults;
use crate::effect::{
    Address, ArgumentFault, Field, argument_faults, container_path, is_own_variable, lost_flags,
    lost_variables, same_ports, service_addresses,
};
use crate::model::flux::FluxVersion;
use crate::model::{Controller, MANAGER};
use crate::problem::{EffectiveIdentityProblem, SetBy, nearest};

impl DeploymentCheck<'_> {
    /// `image`: the version of the image, and what sets it, if that is not the installed one.
    pub(super) fn check_arguments(
        &self,
        version: Option<FluxVersion>,
        image: Option<&(FluxVersion, SetBy)>,
        faults: &mut Faults,
    ) {
        let arguments = self.workload.arguments();
        let find_nearest = |word: &str, names: &[&'static str]| nearest(word, names.iter().copied());
        let faults_of_each = argument_faults(self.controller, &arguments, version, find_nearest);
        for fault in faults_of_each.into_iter().chain(same_ports(self.controller, self.workload)) {
            let is_unused = matches!(fault, ArgumentFault::Unused { .. });
            let mapped = self.mapped().filter(|_| is_unused);
            if is_unused && mapped.is_none() {
                continue;
            }
            let is_shard = self.deployment.id().name != self.controller.name();
            if is_shard && matches!(fault, ArgumentFault::Narrow { .. }) {
                continue;
            }
            let path = Field::Argument(fault.argument().to_owned()).path();
            let by = path.and_then(|path| self.origins.set_by(self.deployment, &path));
            let (at, affected) = (self.checked.at, self.affected());
            let image = image.filter(|(version, _)| self.version != Some(*version)).cloned();
            faults.add(EffectiveIdentityProblem::Argument { at, affected, fault, by, image, mapped });
        }
    }

    /// Reports arguments of the manifests that the controller lacks.
    pub(super) fn check_lost_arguments(&self, faults: &mut Faults) {
        let items = format!("{}/args/=", container_path(MANAGER));
        let changed = |begin: &str| {
            let begin = format!("{items}{begin}");
            let mut paths = self.deployment.changes().iter().flat_map(|change| &change.paths);
            paths.find(|path| path.starts_with(&begin))
        };
        let has_variable = |name: &str| self.workload.has_variable(name);
        let is_changed = |begin: &str| changed(begin).is_some();
        let (controller, arguments) = (self.controller, self.workload.arguments());
        let flags = lost_flags(controller, &arguments, has_variable, is_changed, self.is_installed);
        // A container that lost its name, too, lost all of them.
        if let Some(first) = flags.first().filter(|_| self.workload.image().is_some()) {
            let path = changed(&format!("--{first}="));
            let (at, affected) = (self.checked.at, self.affected());
            let by = path.and_then(|path| self.origins.changed_by(self.deployment, path));
            let is_of_manifests = by.is_none();
            let list = || format!("{}/args", container_path(MANAGER));
            let by = by.or_else(|| self.origins.set_by(self.deployment, &list()));
            faults.add(EffectiveIdentityProblem::LostArguments { at, affected, flags, is_of_manifests, by });
        }
    }

    /// Reports variables that arguments refer to and that are not there.
    pub(super) fn check_lost_variables(&self, faults: &mut Faults) {
        let changed = |name: &str| {
            let path = Field::Variable(name.to_owned()).path()?;
            self.origins.changed_by(self.deployment, &path)
        };
        let may_have = |name: &str| self.workload.may_have_variable(name);
        let was_there = |name: &str| self.is_installed && is_own_variable(name) || changed(name).is_some();
        for name in lost_variables(&self.workload.arguments(), may_have, was_there) {
            let by = changed(name);
            let is_of_manifests = by.is_none();
            let list = || format!("{}/env", container_path(MANAGER));
            faults.add(EffectiveIdentityProblem::LostVariable {
                at: self.checked.at,
                affected: self.affected(),
                variable: name.to_owned(),
                is_of_manifests,
                by: by.or_else(|| self.origins.set_by(self.deployment, &list())),
            });
        }
    }

    /// Reports addresses of Services that nothing builds. Those of controllers may be deleted, which is reported.
    pub(super) fn check_addresses(&self, faults: &mut Faults) {
        let Some(services) = &self.services else { return };
        let namespace = &self.deployment.id().namespace;
        for Address { argument, service, .. } in service_addresses(&self.workload.arguments(), namespace) {
            if services.contains(service) || Controller::from_name(service).is_some() {
                continue;
            }
            let path = Field::Argument(argument.to_owned()).path();
            faults.add(EffectiveIdentityProblem::NoSuchService {
                at: self.checked.at,
                affected: self.affected(),
                argument: argument.to_owned(),
                service: service.to_owned(),
                meant: nearest(service, services.iter().copied()).map(str::to_owned),
                by: path.and_then(|path| self.origins.set_by(self.deployment, &path)),
            });
        }
    }
}
