//! Compares the identities that the pods of controllers will have with those of the source.

mod accounts;
mod arguments;
mod controller;
mod deployment;
mod faults;
mod keys;
mod needed;
mod objects;
mod refused;
mod requests;
mod services;
mod shards;

use std::collections::BTreeSet;
use std::iter;

use crate::check::alike;
use crate::check::applied::{self, AppliedCheck};
use crate::check::built_cluster::{BuildContext, BuiltCluster, refuse_not_built};
use crate::check::checked_cluster::CheckedCluster;
use crate::check::effective_identity::accounts::AccountCheck;
use crate::check::effective_identity::controller::ControllerCheck;
use crate::check::effective_identity::deployment::DeploymentCheck;
use crate::check::effective_identity::faults::Faults;
use crate::check::effective_identity::keys::KeyCheck;
use crate::check::effective_identity::objects::ObjectCheck;
use crate::check::origin::{self, Origins};
use crate::check::overlay::Unproved;
use crate::check::passthrough::{Conflicts, check_misses};
use crate::check::readings::Readings;
use crate::check::scope::Scope;
use crate::installation::{DEFINITION, TOOLKIT};
use crate::kustomize::{AppliedPatch, Failure, Id, Object, Value};
use crate::model::flux::FluxVersion;
use crate::model::{Assignee, Cluster, Controller, LocalPath, OverlayForm};
use crate::overlay_build::{Above, FluxSync, OverlayBuild, Placement};
use crate::problem::{
    Affected, EffectiveIdentityProblem, ErrorGuaranteed, Idleness, SetBy, Unverified, describe_cause,
    describe_object,
};
use crate::resolve::Unmentioned;

/// Reports where what comes of an overlay differs from the source. Returns the identities that the source does not
/// mention.
///
/// # Errors
/// kustomize cannot build the overlay; an identity will be another, or will not be used.
pub fn check<'t>(
    checked: &CheckedCluster,
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
    let placement = builder.placement(cluster.form, &cluster.output);
    let alike = alike::premises(cluster, context, &placement, readings);
    let premises = match alike {
        Some(premises) if readings.was_right(&premises) => {
            // This depends on where the overlay is, too.
            applied::check_written(cluster, (&placement, &context.lacking), readings, scope);
            return Ok(Vec::new());
        }
        Some(premises) => Some(premises),
        None => readings.remembers().then(|| premises(cluster, context)),
    };
    if premises.as_ref().is_some_and(|premises| readings.was_right(premises)) {
        return Ok(Vec::new());
    }
    let before = (scope.problems.number(), unproved.causes().len());
    let unmentioned = check_built(checked, context, &placement, readings, scope, unproved)?;
    let is_right = unmentioned.is_empty() && before == (scope.problems.number(), unproved.causes().len());
    if let Some(premises) = premises.filter(|_| is_right) {
        readings.remember_right(&premises);
    }
    Ok(unmentioned)
}

/// All that the check of an overlay depends on, except for files.
fn premises(cluster: &Cluster, context: &BuildContext) -> String {
    let BuildContext {
        // Where a patch is written in the source changes only what is said of it.
        patch_origins: _,
        // The files decide these.
        installed_version: _,
        manifests: _,
        lacking: _,
        version,
        knows_installed,
        is_included,
    } = context;
    format!("{:?}", (cluster, version, knows_installed, is_included))
}

/// Builds an overlay and checks what comes of it.
fn check_built<'t>(
    checked: &CheckedCluster,
    context: &BuildContext,
    placement: &Placement,
    readings: &Readings<'_>,
    scope: &mut Scope<'_, 't>,
    unproved: &mut Unproved<'t>,
) -> Result<Vec<Unmentioned>, ErrorGuaranteed> {
    let builder = readings.builder();
    let built = BuiltCluster::new(checked, context, placement, readings, scope)?;
    let Some(BuiltCluster { cluster: buildable, build, patch_origins, outcome }) = built else {
        return Ok(Vec::new());
    };
    if let Some(feature) = build.unknown() {
        applied::check_written(&checked.cluster, (placement, &[]), readings, scope);
        unproved.add(scope.names.name, Unverified::NotModelled(feature.clone()));
        return outcome.map(|()| Vec::new());
    }
    let output = &placement.output;
    let statements = origin::statements(output, scope);
    let origins =
        Origins { inputs: builder.inputs, output, patches: &patch_origins, statements: &statements };
    let (cluster, lacking) = (&checked.cluster, &context.lacking);
    let version = context.version;
    AppliedCheck { cluster, placement, build: Some(&build), version, lacking, origins, readings }.run(scope);
    let objects: Vec<&Object> = build.objects().collect();
    let objects = ObjectCheck { checked, objects: &objects, version: context.version, origins };
    objects.check_providers(scope);
    objects.check_accounts(scope);
    objects.check_tokens(scope);
    objects.check_gates(Vec::new, scope);
    let outcome = check_above(&build, || builder.including(placement), origins, scope, unproved).and(outcome);
    let outcome = if context.knows_installed {
        check_misses(&buildable, &build, origins, scope).and(outcome)
    } else {
        outcome
    };
    let BuildContext { version, installed_version, knows_installed, .. } = *context;
    let check = EffectiveIdentityCheck {
        checked,
        build: &build,
        origins,
        version,
        installed_version,
        knows_installed,
        readings,
    };
    let found = check.run(scope, unproved);
    outcome.and(found)
}

/// Reports a kustomization above an overlay that kustomize cannot build. One that cannot be followed is unproved.
fn check_above<'t>(
    build: &OverlayBuild,
    including: impl FnOnce() -> Vec<LocalPath>,
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
        Some(Above::NotBuilt { failure: Failure { cause, place }, is_own: true, generated }) => {
            let generated = generated.as_ref().map(|directory| origins.shown_file(directory));
            Err(refuse_not_built(cause.clone(), place, generated, including, origins, scope))
        }
        Some(Above::NotBuilt { failure: Failure { cause, place }, is_own: false, .. }) => {
            let (place, cause) = (origins.shown_place(place), describe_cause(cause));
            unproved.add(scope.names.name, Unverified::AboveNotBuilt { place, cause });
            Ok(())
        }
    }
}

/// A cluster and what its overlay builds.
#[derive(Clone, Copy)]
struct EffectiveIdentityCheck<'b> {
    checked: &'b CheckedCluster,
    build: &'b OverlayBuild,
    origins: Origins<'b>,
    version: Option<FluxVersion>,
    /// The version that the installed manifests say they are of.
    installed_version: Option<FluxVersion>,
    /// True if it is known what the manifests install.
    knows_installed: bool,
    readings: &'b Readings<'b>,
}

impl EffectiveIdentityCheck<'_> {
    fn run<'t>(
        &self,
        scope: &mut Scope<'_, 't>,
        unproved: &mut Unproved<'t>,
    ) -> Result<Vec<Unmentioned>, ErrorGuaranteed> {
        let (checked, build, origins) = (self.checked, self.build, self.origins);
        let conflicts = Conflicts { checked, build, origins };
        let (mut outcome, mut unmentioned) = (conflicts.check_gate(scope), Vec::new());
        // What a patch of the source does to the gate was reported.
        if outcome.is_ok() {
            outcome = AccountCheck { checked, build, origins }.run(scope);
        }
        let mut faults = Faults::default();
        let substituted = FluxSync::new(build.objects()).has_substitutions;
        let namespace = checked.cluster.namespace.as_str();
        let is_definition =
            |object: &Object| object.id().kind == DEFINITION && object.id().name.ends_with(TOOLKIT);
        // What else writes the controllers need not write them as `flux install` does.
        let has_definitions = build.objects().any(is_definition);
        let services = self.services();
        for controller in Controller::ALL {
            // Whatever else differs may follow from a conflict.
            if let Err(refused) = conflicts.check(controller, scope) {
                outcome = Err(refused);
                continue;
            }
            if self.is_deleted(controller) {
                let affected = Affected::one(controller);
                let at = checked.first_origin(Assignee::Controller(controller));
                let (idleness, by) = (Idleness::Deleted, self.deleted_by(controller));
                faults.add(EffectiveIdentityProblem::NotRunning { at, affected, idleness, by });
            }
            for (deployment, value) in build.deployments(controller, namespace) {
                if let Some(object) = substituted.then(|| self.with_variables(deployment)).flatten() {
                    unproved.add(scope.names.name, Unverified::Substituted(object));
                    continue;
                }
                let one = ControllerCheck { checked, build, origins, controller, deployment, value };
                one.check_identities(&mut faults, &mut unmentioned);
                one.check_separation(&mut faults);
                self.check_needed(controller, deployment, value, &mut faults);
                let workload = &build.workload(deployment, value);
                let account = build.account_of(deployment);
                let EffectiveIdentityCheck { version, installed_version, .. } = *self;
                let start = DeploymentCheck {
                    checked,
                    controller,
                    deployment,
                    account,
                    workload,
                    origins,
                    version,
                    installed_version,
                    is_installed: has_definitions
                        && is_installed(deployment)
                        && deployment.id().name == controller.name(),
                    services: services.as_ref(),
                };
                if let Some(image) = start.run(&mut faults) {
                    unproved.add(scope.names.name, Unverified::Image(image));
                }
            }
        }
        self.check_shards(&mut faults);
        self.check_refused(&mut faults);
        self.check_services(&mut faults);
        self.check_namespace(&mut faults);
        KeyCheck { cluster: &checked.cluster, build, origins, faults: &faults }.report(scope);
        faults.report(scope).and(outcome).map(|()| unmentioned)
    }

    /// The object with variables of Flux, if a Deployment or the ServiceAccount of its pods is one.
    fn with_variables(&self, deployment: &Object) -> Option<String> {
        let mut objects = iter::once(deployment).chain(self.build.account_of(deployment));
        let object = objects.find(|object| object.value().is_some_and(Value::has_variables))?;
        Some(describe_object(&object.id().kind, &object.id().name))
    }

    /// The names of the Services in the namespace of Flux, if all are known.
    fn services(&self) -> Option<BTreeSet<&str>> {
        let namespace = self.checked.cluster.namespace.as_str();
        let ids = self.build.objects().map(Object::id);
        let services = ids.filter(|id| id.kind == "Service" && id.namespace == namespace);
        self.build.is_known_but_for_sync().then(|| services.map(|id| id.name.as_str()).collect())
    }

    /// True if the controller is mapped and installed, and nothing of it is left in the build.
    fn is_deleted(&self, controller: Controller) -> bool {
        let Cluster { credentials, namespace, .. } = self.checked.cluster.as_ref();
        self.knows_installed
            && credentials.contains_key(&controller)
            && self.build.is_known_but_for_sync()
            && self.build.deployments(controller, namespace.as_str()).next().is_none()
    }

    /// The patch that deletes the Deployment of a controller.
    fn deleted_by(&self, controller: Controller) -> Option<SetBy> {
        let is_it = |id: &Id| id.kind == "Deployment" && id.name == controller.name();
        self.origins.of_place(&self.deletion(is_it)?.place)
    }

    /// The patch that deletes an object.
    fn deletion(&self, is_it: impl Fn(&Id) -> bool) -> Option<&AppliedPatch> {
        self.build.patches().iter().find(|patch| patch.deleted.iter().any(&is_it))
    }
}

/// True for an object that `flux install` wrote, and not somebody who wrote as much as they needed.
fn is_installed(object: &Object) -> bool {
    let part_of = object.value().and_then(|it| it.at(&["metadata", "labels", "app.kubernetes.io/part-of"]));
    is_in_manifests(object) && part_of.and_then(Value::as_str) == Some("flux")
}

/// True for an object of `gotk-components.yaml`.
fn is_in_manifests(object: &Object) -> bool {
    object.source().place.file.is_components()
}
