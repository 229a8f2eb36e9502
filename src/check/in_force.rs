//! Compares the identities that the pods of controllers will have with those of the source.

mod deployment;
mod keys;

use crate::check::applied;
use crate::check::built_cluster::{BuildContext, BuiltCluster};
use crate::check::checked_cluster::CheckedCluster;
use crate::check::in_force::deployment::DeploymentCheck;
use crate::check::in_force::keys::KeyCheck;
use crate::check::neutral;
use crate::check::origin::{self, Origins};
use crate::check::overlay::Unproved;
use crate::check::passthrough::{Conflicts, check_misses};
use crate::check::readings::Readings;
use crate::check::scope::Scope;
use crate::effect::{
    self, Account, Effect, EffectiveIdentity, Field, InForce, Obstacle, Workload, annotation_path,
    container_path, expected, has_pod_identity,
};
use crate::kustomize::{Failure, Object, Value};
use crate::model::flux::FluxVersion;
use crate::model::{Assignee, Controller, Credentials, LocalPath, MANAGER, OverlayForm, Provider, aws};
use crate::overlay_build::{Above, OverlayBuild};
use crate::problem::{ErrorGuaranteed, InForceProblem, SetBy, Unverified, describe_field, describe_identity};
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
    if neutral::adds_nothing(cluster, readings)
        && (!context.knows_installed || neutral::is_installed_neutral(cluster, context.version, readings))
    {
        applied::check_installed(cluster, readings, scope);
        return Ok(Vec::new());
    }
    let built = BuiltCluster::new(checked, context, readings, scope)?;
    let Some(BuiltCluster { cluster: buildable, build, patch_origins, outcome }) = built else {
        return Ok(Vec::new());
    };
    if let Some(feature) = build.unknown() {
        unproved.add(scope.names.name, Unverified::NotModelled(feature));
        return outcome.map(|()| Vec::new());
    }
    let output = LocalPath::from(&cluster.output);
    let statements = origin::statements(&output, scope);
    let origins =
        Origins { inputs: builder.inputs, output: &output, patches: &patch_origins, statements: &statements };
    applied::check(cluster, build.objects(), origins, readings, scope);
    let outcome = check_above(&build, checked.at, origins, scope, unproved).and(outcome);
    let outcome = if context.knows_installed {
        check_misses(&buildable, &build, origins, scope).and(outcome)
    } else {
        outcome
    };
    let found = InForceCheck { checked, build: &build, origins, version: context.version }.run(scope);
    outcome.and(found)
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
        Some(Above::NotBuilt { failure: Failure { cause, place }, is_own: true }) => {
            let problem = InForceProblem::NotBuilt { at, cause: cause.clone(), by: origins.of_place(place) };
            Err(scope.refuse_on_cluster(problem))
        }
        Some(Above::NotBuilt { failure, is_own: false }) => {
            let file = origins.shown_file(&failure.place.file);
            unproved.add(scope.names.name, Unverified::NotModelled(file));
            Ok(())
        }
    }
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
                let one = ControllerCheck { all: self, controller, deployment, value };
                outcome = one.check_identities(scope, &mut unmentioned).and(outcome);
                let cluster = &self.checked.cluster;
                let (at, origins, version) = (self.checked.at, self.origins, self.version);
                let is_mapped = cluster.credentials.contains_key(&controller);
                let mapped = is_mapped.then(|| self.checked.first_origin(Assignee::Controller(controller)));
                let start = DeploymentCheck { at, controller, deployment, value, origins, version, mapped };
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
                None if self.all.build.is_known_but_for_sync() => Account::Missing,
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
            Some(found) if found.identity == *expected && is_trusted => self
                .other_audience(provider, account)
                .map_or(Ok(()), |obstacle| Err(self.refuse_not_used(provider, obstacle, account, scope))),
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

    /// The audience of the token of a role, if it is not that of the source.
    fn other_audience(&self, provider: Provider, account: Option<&Object>) -> Option<Obstacle> {
        let credentials = self.all.checked.cluster.credentials.get(&self.controller)?;
        let Some(aws::CredentialSource::Irsa(role)) = credentials.aws.as_ref() else { return None };
        let path = ["metadata", "annotations", aws::AUDIENCE_ANNOTATION];
        let written = account.and_then(Object::value).and_then(|account| account.at(&path)?.as_str());
        let expected = role.audience.as_deref().unwrap_or(aws::DEFAULT_AUDIENCE);
        let is_other = provider == Provider::Aws && written.unwrap_or(aws::DEFAULT_AUDIENCE) != expected;
        is_other.then(|| Obstacle::AccountAudience(written.unwrap_or_default().to_owned()))
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
            self.all.origins.changed_by(self.deployment, &container_path(MANAGER))
        } else if let Obstacle::Missing(missing) = &obstacle {
            // The webhook adds nothing where one of its variables is set.
            let mut others = effect::variables(provider).iter().filter(|name| !missing.contains(name));
            others.find_map(|name| {
                let path = Field::Variable((*name).to_owned()).path()?;
                self.all.origins.changed_by(self.deployment, &path)
            })
        } else {
            // A change that removed or renamed something is to blame, and not the object as it was.
            self.removed_by(account)
        };
        let (controller, namespace) = (self.controller, &self.all.checked.cluster.namespace);
        let trusted = format!("{}/{}", namespace.as_str(), controller.name());
        scope.refuse(InForceProblem::NotUsed { at, controller, provider, obstacle, by, trusted })
    }

    /// What takes the identity of the ServiceAccount away, or makes the pods run as another.
    fn removed_by(&self, account: Option<&Object>) -> Option<SetBy> {
        let origins = self.all.origins;
        let of_account = |path: &str| origins.changed_by(account?, path);
        let annotation = effect::account_key(self.all.checked.cluster.platform).map(annotation_path);
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
        let path = field.path()?;
        self.all.origins.set_by(object, &path)
    }
}
