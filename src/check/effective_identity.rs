//! Compares the identities that the pods of controllers will have with those of the source.

mod controller;
mod deployment;
mod keys;
mod objects;

use crate::check::applied;
use crate::check::built_cluster::{BuildContext, BuiltCluster};
use crate::check::checked_cluster::CheckedCluster;
use crate::check::effective_identity::controller::ControllerCheck;
use crate::check::effective_identity::deployment::DeploymentCheck;
use crate::check::effective_identity::keys::KeyCheck;
use crate::check::effective_identity::objects::ObjectCheck;
use crate::check::flux_build::{FluxSync, flux_root};
use crate::check::neutral;
use crate::check::origin::{self, Origins};
use crate::check::overlay::Unproved;
use crate::check::passthrough::{Conflicts, check_misses};
use crate::check::readings::Readings;
use crate::check::scope::Scope;
use crate::kustomize::{Failure, Feature, Object};
use crate::model::flux::FluxVersion;
use crate::model::{Assignee, Cluster, Controller, GOTK_SYNC, LocalPath, OverlayForm};
use crate::overlay_build::{Above, FluxRoot, OverlayBuild};
use crate::problem::{EffectiveIdentityProblem, ErrorGuaranteed, Unverified};
use crate::resolve::Unmentioned;
use crate::span::Span;

/// Reports where what comes of an overlay differs from the source. Returns the identities that the source does not
/// mention.
///
/// # Errors
/// kustomize cannot build the overlay; an identity will be another, or will not be used.
pub fn check<'t>(
    checked: &CheckedCluster<'_>,
    context: &BuildContext,
    readings: &mut Readings<'_>,
    scope: &mut Scope<'_, 't>,
    unproved: &mut Unproved<'t>,
) -> Result<Vec<Unmentioned>, ErrorGuaranteed> {
    let cluster = &checked.cluster;
    let builder = readings.builder();
    if cluster.form == OverlayForm::Component && !context.is_included {
        return Ok(Vec::new());
    }
    let output = LocalPath::from(&cluster.output);
    let file = output.join(GOTK_SYNC);
    let written = file.and_then(|file| readings.objects(&file).ok()).unwrap_or_default();
    let written: Vec<&Object> = written.iter().collect();
    let sync = FluxSync::new(&written);
    let flux_root = root_of(cluster, readings);
    if neutral::adds_nothing(cluster, sync, flux_root.as_ref(), readings)
        && (!context.knows_installed || neutral::is_installed_neutral(cluster, context.version, readings))
    {
        applied::check_installed(cluster, sync, readings, scope);
        let origins = Origins { inputs: builder.inputs, output: &output, patches: &[], statements: &[] };
        let objects = ObjectCheck { checked, objects: &written, version: context.version, origins };
        objects.check_providers(scope);
        objects.check_accounts(scope);
        if let Some(role) = &context.role_without_tokens {
            objects.report_role(role, None, scope);
        }
        return Ok(Vec::new());
    }
    let built = BuiltCluster::new(checked, context, flux_root.as_ref(), readings, scope)?;
    let Some(BuiltCluster { cluster: buildable, build, patch_origins, outcome }) = built else {
        return Ok(Vec::new());
    };
    if let Some(feature) = build.unknown() {
        unproved.add(scope.names.name, Unverified::NotModelled(feature.clone()));
        return outcome.map(|()| Vec::new());
    }
    let statements = origin::statements(&output, scope);
    let origins =
        Origins { inputs: builder.inputs, output: &output, patches: &patch_origins, statements: &statements };
    let objects: Vec<&Object> = build.objects().collect();
    let sync = FluxSync::new(&objects);
    applied::check(cluster, sync, origins, readings, scope);
    let objects = ObjectCheck { checked, objects: &objects, version: context.version, origins };
    objects.check_providers(scope);
    objects.check_accounts(scope);
    objects.check_tokens(scope);
    let outcome = check_above(&build, checked.at, origins, scope, unproved).and(outcome);
    let outcome = if context.knows_installed {
        check_misses(&buildable, &build, origins, scope).and(outcome)
    } else {
        outcome
    };
    let found =
        EffectiveIdentityCheck { checked, build: &build, origins, version: context.version }.run(scope);
    outcome.and(found)
}

/// The directory that Flux builds with the overlay of a cluster in it, if known.
fn root_of(cluster: &Cluster, readings: &Readings<'_>) -> Option<FluxRoot> {
    let output = LocalPath::from(&cluster.output);
    let directory = match cluster.form {
        OverlayForm::Overlay(_) => output,
        OverlayForm::Component => output.parent()?,
    };
    let objects = readings.objects(&directory.join(GOTK_SYNC)?).ok()?;
    let sync = FluxSync::new(&objects.iter().collect::<Vec<_>>());
    flux_root(&directory, sync, readings)
}

/// Reports a kustomization above an overlay that kustomize cannot build. One that cannot be followed is unproved.
fn check_above<'t>(
    build: &OverlayBuild,
    at: Span,
    origins: Origins<'_>,
    scope: &mut Scope<'_, 't>,
    unproved: &mut Unproved<'t>,
) -> Result<(), ErrorGuaranteed> {
    match build.above() {
        None => Ok(()),
        Some(Above::NotModelled(feature)) => {
            unproved.add(scope.names.name, Unverified::NotModelled(feature.clone()));
            Ok(())
        }
        Some(Above::NotBuilt { failure: Failure { cause, place }, is_own: true, generated }) => Err(scope
            .refuse_on_cluster(EffectiveIdentityProblem::NotBuilt {
                at,
                cause: cause.clone(),
                by: origins.of_place(place),
                generated: generated.as_ref().map(|directory| origins.shown_file(directory)),
            })),
        Some(Above::NotBuilt { failure, is_own: false, .. }) => {
            let file = origins.shown_file(&failure.place.file);
            unproved.add(scope.names.name, Unverified::NotModelled(Feature::Unread(file)));
            Ok(())
        }
    }
}

/// A cluster and what its overlay builds.
#[derive(Clone, Copy)]
struct EffectiveIdentityCheck<'b> {
    checked: &'b CheckedCluster<'b>,
    build: &'b OverlayBuild,
    origins: Origins<'b>,
    version: Option<FluxVersion>,
}

impl EffectiveIdentityCheck<'_> {
    fn run(&self, scope: &mut Scope<'_, '_>) -> Result<Vec<Unmentioned>, ErrorGuaranteed> {
        let conflicts = Conflicts { checked: self.checked, build: self.build, origins: self.origins };
        let (mut outcome, mut unmentioned) = (conflicts.check_gate(scope), Vec::new());
        let namespace = self.checked.cluster.namespace.as_str();
        for controller in Controller::ALL {
            // Whatever else differs may follow from a conflict.
            if let Err(refused) = conflicts.check(controller, scope) {
                outcome = Err(refused);
                continue;
            }
            for (deployment, value) in self.build.deployments(controller, namespace) {
                let (checked, build, origins) = (self.checked, self.build, self.origins);
                let one = ControllerCheck { checked, build, origins, controller, deployment, value };
                outcome = one.check_identities(scope, &mut unmentioned).and(outcome);
                let cluster = &self.checked.cluster;
                let (at, origins, version) = (self.checked.at, self.origins, self.version);
                let is_mapped = cluster.credentials.contains_key(&controller);
                let mapped = is_mapped.then(|| self.checked.first_origin(Assignee::Controller(controller)));
                let workload = &self.build.workload(deployment, value);
                let account = self.build.account_of(deployment);
                let start = DeploymentCheck {
                    at,
                    controller,
                    deployment,
                    account,
                    workload,
                    origins,
                    version,
                    mapped,
                };
                outcome = start.run(scope).and(outcome);
            }
        }
        KeyCheck { cluster: &self.checked.cluster, build: self.build, origins: self.origins }.report(scope);
        outcome.map(|()| unmentioned)
    }
}
