//! Holds what comes of an overlay against the source: the identities that the pods of its controllers will have.

mod deployment;
mod keys;

use crate::check::checked_cluster::CheckedCluster;
use crate::check::in_force::deployment::DeploymentCheck;
use crate::check::in_force::keys::KeyCheck;
use crate::check::neutral;
use crate::check::origin::{self, Origins, PatchOrigin};
use crate::check::overlay::Unproved;
use crate::check::readings::Readings;
use crate::check::scope::Scope;
use crate::effect::{
    self, Account, Effect, EffectiveIdentity, Field, InForce, Obstacle, Workload, annotation_pointer,
    expected, has_pod_identity,
};
use crate::emit;
use crate::kustomize::{Cause, Failure, Object, Value};
use crate::model::flux::FluxVersion;
use crate::model::{Assignee, Controller, Credentials, LocalPath, OverlayForm, Provider};
use crate::overlay_build::OverlayBuild;
use crate::problem::{ErrorGuaranteed, InForceProblem, SetBy, Unverified, describe_field, describe_identity};
use crate::resolve::Unmentioned;

/// What is known of a cluster besides what is generated for it.
pub struct BuildContext {
    /// Where the patches come from that its overlay begins with.
    pub patches: Vec<PatchOrigin>,
    /// The version of Flux, if known.
    pub version: Option<FluxVersion>,
    /// Whether it is known what is installed.
    pub is_installed: bool,
    /// True for a component that the kustomization above includes.
    pub is_included: bool,
}

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
    if neutral::adds_nothing(cluster)
        && (!context.is_installed || neutral::is_installed_neutral(cluster, context.version, readings))
    {
        return Ok(Vec::new());
    }
    let output = LocalPath::from(&cluster.output);
    let statements = origin::statements(&output, scope);
    let origins = Origins {
        inputs: builder.inputs,
        output: &output,
        patches: &context.patches,
        statements: &statements,
    };
    let build = match builder.build(cluster, &emit::overlay_of("", cluster)) {
        Ok(build) => build,
        // What is not there yet may be what the cause is about.
        Err(_) if !context.is_installed => return Ok(Vec::new()),
        // kustomize may build it all the same.
        Err(Failure { cause: Cause::Unreadable(fault), .. }) if !fault.is_fault() => return Ok(Vec::new()),
        Err(Failure { cause, place }) => {
            let by = origins.of_place(&place);
            let problem = InForceProblem::NotBuilt { at: checked.at, cause, by };
            return Err(scope.refuse_on_cluster(problem));
        }
    };
    if let Some(feature) = build.unknown() {
        unproved.add(scope.names.name, Unverified::NotModelled(feature));
        return Ok(Vec::new());
    }
    InForceCheck { checked, build: &build, origins, version: context.version }.run(scope)
}

/// A cluster and what its overlay builds.
#[derive(Clone, Copy)]
struct InForceCheck<'b> {
    checked: &'b CheckedCluster<'b>,
    build: &'b OverlayBuild,
    origins: Origins<'b>,
    version: Option<FluxVersion>,
}

impl InForceCheck<'_> {
    fn run(&self, scope: &mut Scope<'_, '_>) -> Result<Vec<Unmentioned>, ErrorGuaranteed> {
        let (mut outcome, mut unmentioned) = (Ok(()), Vec::new());
        let namespace = self.checked.cluster.namespace.as_str();
        for controller in Controller::ALL {
            for (deployment, value) in self.build.deployments(controller, namespace) {
                let one = ControllerCheck { all: self, controller, deployment, value };
                outcome = one.check_identities(scope, &mut unmentioned).and(outcome);
                let cluster = &self.checked.cluster;
                let (at, origins, version) = (self.checked.at, self.origins, self.version);
                let is_mapped = cluster.credentials.contains_key(&controller);
                let start =
                    DeploymentCheck { at, controller, deployment, value, origins, version, is_mapped };
                outcome = start.run(scope).and(outcome);
            }
        }
        KeyCheck { cluster: &self.checked.cluster, build: self.build, origins: self.origins }.report(scope);
        outcome.map(|()| unmentioned)
    }
}

/// A Deployment of a controller, as it will be.
struct ControllerCheck<'b> {
    all: &'b InForceCheck<'b>,
    controller: Controller,
    deployment: &'b Object,
    value: &'b Value,
}

impl ControllerCheck<'_> {
    fn check_identities(
        &self,
        scope: &mut Scope<'_, '_>,
        unmentioned: &mut Vec<Unmentioned>,
    ) -> Result<(), ErrorGuaranteed> {
        let cluster = &self.all.checked.cluster;
        let name = Workload::account_name(self.value);
        let account = self.all.build.account(name, &self.deployment.id().namespace);
        let workload = Workload {
            deployment: self.value,
            account: match account.and_then(Object::value) {
                Some(account) => Account::Built(account),
                None if self.all.build.has_all_accounts() => Account::Missing,
                None => Account::Unknown,
            },
        };
        let effect = effect::effect(cluster.platform, &workload);
        let none = Credentials::default();
        let credentials = cluster.credentials.get(&self.controller).map_or(&none, |known| &**known);
        let expected = expected(credentials);
        let has_association = has_pod_identity(credentials);
        let effect = if has_association { effect.with_pod_identity() } else { effect };
        let mut outcome = Ok(());
        let is_other_account =
            name != self.controller.name() || self.deployment.id().namespace != cluster.namespace.as_str();
        for provider in Provider::ALL {
            let found = effect.identities.get(&provider);
            match expected.get(&provider) {
                Some(expected) => {
                    if matches!(workload.account, Account::Unknown) {
                        continue;
                    }
                    outcome = self.check_one(provider, expected, &effect, account, scope).and(outcome);
                }
                None if provider == Provider::Aws && has_association => {
                    let namespace = self.deployment.id().namespace.clone();
                    let of_account =
                        is_other_account.then(|| Obstacle::OtherAccount(name.to_owned(), namespace));
                    if let Some(obstacle) = effect.obstacles_to(provider).next().cloned().or(of_account) {
                        outcome = Err(self.refuse_not_used(provider, obstacle, None, scope));
                    }
                }
                None => unmentioned.extend(self.report_unmentioned(provider, found, account, scope)),
            }
        }
        outcome
    }

    fn check_one(
        &self,
        provider: Provider,
        expected: &EffectiveIdentity,
        effect: &Effect,
        account: Option<&Object>,
        scope: &mut Scope<'_, '_>,
    ) -> Result<(), ErrorGuaranteed> {
        let at = self.all.checked.origin(Assignee::Controller(self.controller), provider);
        let found = effect.identities.get(&provider);
        if let Some(obstacle) = effect.obstacles_to(provider).next() {
            return Err(self.refuse_not_used(provider, obstacle.clone(), account, scope));
        }
        let cluster = &self.all.checked.cluster;
        let (name, namespace) = (Workload::account_name(self.value), &self.deployment.id().namespace);
        let is_trusted = name == self.controller.name() && namespace == cluster.namespace.as_str();
        match found {
            Some(found) if found.identity == *expected && is_trusted => Ok(()),
            Some(found) if found.identity == *expected => {
                let obstacle = Obstacle::OtherAccount(name.to_owned(), namespace.clone());
                Err(self.refuse_not_used(provider, obstacle, account, scope))
            }
            Some(InForce { identity, by }) => {
                let runs_as_another = Workload::account_name(self.value) != self.controller.name();
                let is_of_account = matches!(by, Field::AccountAnnotation(_));
                let field = if runs_as_another && is_of_account { &Field::AccountName } else { by };
                Err(scope.refuse(InForceProblem::Other {
                    at,
                    controller: self.controller,
                    expected: expected.clone(),
                    found: identity.clone(),
                    field: field.clone(),
                    by: self.set_by(field, account),
                }))
            }
            None => {
                let obstacle = if cluster.platform.native_provider() == Some(provider) {
                    Obstacle::NothingGiven(name.to_owned())
                } else {
                    Obstacle::Missing(effect::variables(provider).to_vec())
                };
                Err(self.refuse_not_used(provider, obstacle, account, scope))
            }
        }
    }

    fn refuse_not_used(
        &self,
        provider: Provider,
        obstacle: Obstacle,
        account: Option<&Object>,
        scope: &mut Scope<'_, '_>,
    ) -> ErrorGuaranteed {
        let at = self.all.checked.origin(Assignee::Controller(self.controller), provider);
        let by = if let Some(field) = obstacle.field() {
            self.set_by(&field, account)
        } else if obstacle == Obstacle::NoManager {
            self.all.origins.changed_by(self.deployment, "/spec/template/spec/containers")
        } else if matches!(obstacle, Obstacle::Missing(_)) {
            None
        } else {
            // What takes something away or renames it is a change; what is there at first is not to blame.
            self.removed_by(account)
        };
        scope.refuse(InForceProblem::NotUsed { at, controller: self.controller, provider, obstacle, by })
    }

    /// What takes the identity of the ServiceAccount away, or makes the pods run as another.
    fn removed_by(&self, account: Option<&Object>) -> Option<SetBy> {
        let origins = self.all.origins;
        let of_account = |pointer: &str| origins.changed_by(account?, pointer);
        let annotation = effect::account_key(self.all.checked.cluster.platform).map(annotation_pointer);
        // A renamed account changes the reference to it too.
        of_account("/metadata/name")
            .or_else(|| of_account("/metadata/namespace"))
            .or_else(|| origins.changed_by(self.deployment, "/spec/template/spec/serviceAccountName"))
            .or_else(|| of_account(&annotation?))
    }

    fn report_unmentioned(
        &self,
        provider: Provider,
        found: Option<&InForce>,
        account: Option<&Object>,
        scope: &mut Scope<'_, '_>,
    ) -> Option<Unmentioned> {
        // Every pod of GKE is a principal.
        let InForce { identity, by: field } = found.filter(|found| found.by != Field::Platform)?;
        let (controller, by) = (self.controller, self.set_by(field, account));
        let unmentioned = Unmentioned {
            controller,
            provider,
            identity: describe_identity(identity),
            field: describe_field(field),
            place: by.as_ref().map(|by| by.place.clone()),
        };
        scope.report_on_cluster(InForceProblem::NotGiven {
            at: self.all.checked.at,
            controller,
            provider,
            found: identity.clone(),
            field: field.clone(),
            by,
        });
        Some(unmentioned)
    }

    /// The file that sets a field, if it is not the overlay's own part.
    fn set_by(&self, field: &Field, account: Option<&Object>) -> Option<SetBy> {
        let object = match field {
            Field::AccountAnnotation(_) => account?,
            Field::AccountName
            | Field::PodLabel(_)
            | Field::PodAnnotation(_)
            | Field::Variable(_)
            | Field::Argument(_)
            | Field::HostNetwork
            | Field::NodeSelector(_) => self.deployment,
            Field::Platform => return None,
        };
        let pointer = field.pointer(self.value)?;
        self.all.origins.set_by(object, &pointer)
    }
}
