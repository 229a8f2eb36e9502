//! Holds what comes of an overlay against the source: the identities that the pods of its controllers will have.

use crate::check::built_cluster::{BuildContext, BuiltCluster};
use crate::check::checked_cluster::CheckedCluster;
use crate::check::neutral;
use crate::check::origin::Origins;
use crate::check::overlay::Unproved;
use crate::check::passthrough::{Conflicts, check_misses};
use crate::check::readings::Readings;
use crate::check::scope::Scope;
use crate::effect::{
    self, Account, ArgumentFault, Effect, EffectiveIdentity, Field, InForce, KINDS_WITH_KEYS, Obstacle,
    Workload, account_settings, annotation_path, argument_faults, expected, unread_keys,
};
use crate::kustomize::{Object, Value};
use crate::model::flux::FluxVersion;
use crate::model::{
    Assignee, Controller, Credentials, LocalPath, MANAGER, OverlayForm, Provider, aws, azure,
};
use crate::overlay_build::OverlayBuild;
use crate::problem::{ErrorGuaranteed, InForceProblem, SetBy, Unverified, nearest};

/// Reports where what comes of an overlay differs from the source.
///
/// # Errors
/// kustomize cannot build the overlay; an identity will be another, or will not be used.
pub fn check<'t>(
    checked: &CheckedCluster<'_>,
    context: &BuildContext,
    readings: &mut Readings<'_>,
    scope: &mut Scope<'_, 't>,
    unproved: &mut Unproved<'t>,
) -> Result<(), ErrorGuaranteed> {
    let cluster = &checked.cluster;
    let builder = readings.builder();
    if cluster.form == OverlayForm::Component && !context.is_included {
        return Ok(());
    }
    if neutral::adds_nothing(cluster, readings)
        && (!context.is_installed || neutral::is_installed_neutral(cluster, context.version, readings))
    {
        return Ok(());
    }
    let built = BuiltCluster::new(checked, context, readings, scope)?;
    let Some(BuiltCluster { cluster, build, patches, outcome }) = built else { return Ok(()) };
    if let Some(feature) = build.unknown() {
        unproved.add(scope.names.name, Unverified::NotModelled(feature));
        return outcome;
    }
    let output = LocalPath::from(&cluster.output);
    let origins = Origins { inputs: builder.inputs, output: &output, patches: &patches };
    let outcome = if context.is_installed {
        check_misses(&cluster, &build, origins, scope).and(outcome)
    } else {
        outcome
    };
    InForceCheck { checked, build: &build, origins, version: context.version }.run(scope).and(outcome)
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
    fn run(&self, scope: &mut Scope<'_, '_>) -> Result<(), ErrorGuaranteed> {
        let conflicts = Conflicts { checked: self.checked, build: self.build, origins: self.origins };
        let mut outcome = conflicts.check_gate(scope);
        let namespace = self.checked.cluster.namespace.as_str();
        for controller in Controller::ALL {
            // Whatever else differs may follow from a conflict.
            if let Err(refused) = conflicts.check(controller, scope) {
                outcome = Err(refused);
                continue;
            }
            for (deployment, value) in self.build.deployments(controller, namespace) {
                let one = ControllerCheck { all: self, controller, deployment, value };
                outcome = one.check_identities(scope).and(outcome);
                outcome = one.check_arguments(scope).and(outcome);
            }
        }
        self.report_keys(scope);
        outcome
    }

    /// Reports keys that nothing reads.
    fn report_keys(&self, scope: &mut Scope<'_, '_>) {
        let at = scope.names.name.span;
        let objects = self.build.objects();
        for object in objects.filter(|object| KINDS_WITH_KEYS.contains(&object.id().kind.as_str())) {
            let Some(value) = object.value() else { continue };
            for key in unread_keys(value, |word, names| nearest(word, names.iter().copied())) {
                let id = object.id();
                let by = self.origins.set_by(object, &key.path());
                let object = format!("the {} `{}`", id.kind, id.name);
                scope.report_on_cluster(InForceProblem::Key { at, object, key, by });
            }
        }
        self.report_default_account(scope);
    }

    fn report_default_account(&self, scope: &mut Scope<'_, '_>) {
        let namespace = self.checked.cluster.namespace.as_str();
        let Some(object) = self.build.account("default", namespace) else { return };
        let runs_as_it = |object: &Object| {
            let deployment = object.value().filter(|_| object.id().kind == "Deployment");
            deployment.is_some_and(|deployment| Workload::account_name(deployment) == "default")
        };
        if self.build.objects().any(runs_as_it) {
            return;
        }
        let settings = object.value().map(account_settings).unwrap_or_default();
        if let Some((key, _)) = settings.first() {
            let by = self.origins.set_by(object, &annotation_path(key));
            let at = scope.names.name.span;
            scope.report_on_cluster(InForceProblem::DefaultAccount { at, key, by });
        }
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
    fn check_identities(&self, scope: &mut Scope<'_, '_>) -> Result<(), ErrorGuaranteed> {
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
                None if is_pod_identity(provider, credentials) && is_other_account => {
                    let (account, namespace) = (name.to_owned(), self.deployment.id().namespace.clone());
                    outcome = Err(self.refuse_not_used(
                        provider,
                        Obstacle::OtherAccount(account, namespace),
                        None,
                        scope,
                    ));
                }
                None => self.report_unmentioned(provider, credentials, found, account, scope),
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
        let by = match &obstacle {
            // What takes something away or renames it is a change; what is there at first is not to blame.
            Obstacle::NoAccount(_)
            | Obstacle::OtherAccount(..)
            | Obstacle::NothingGiven(_)
            | Obstacle::NoClientId => self.removed_by(account),
            Obstacle::NoManager => self
                .all
                .origins
                .changed_by(self.deployment, &format!("/spec/template/spec/containers/name={MANAGER}")),
            Obstacle::Skipped(_)
            | Obstacle::NoLabel(_)
            | Obstacle::Expiration(..)
            | Obstacle::IdentityBinding
            | Obstacle::NoToken(..)
            | Obstacle::OtherAudience(..) => {
                obstacle_field(&obstacle).and_then(|field| self.set_by(&field, account))
            }
            // The webhook adds nothing where one of its variables is set.
            Obstacle::Missing(missing) => {
                let mut others = effect::variables(provider).iter().filter(|name| !missing.contains(name));
                others.find_map(|name| {
                    let path = Field::Variable((*name).to_owned()).path()?;
                    self.all.origins.changed_by(self.deployment, &path)
                })
            }
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
        credentials: &Credentials,
        found: Option<&InForce>,
        account: Option<&Object>,
        scope: &mut Scope<'_, '_>,
    ) {
        let Some(InForce { identity, by }) = found else { return };
        // Every pod of GKE is a principal, and an association of EKS Pod Identity comes before the annotation.
        let is_association =
            is_pod_identity(provider, credentials) && matches!(by, Field::AccountAnnotation(_));
        if *by == Field::Platform || is_association {
            return;
        }
        scope.report_on_cluster(InForceProblem::NotGiven {
            at: self.all.checked.at,
            controller: self.controller,
            provider,
            found: identity.clone(),
            field: by.clone(),
            by: self.set_by(by, account),
        });
    }

    fn check_arguments(&self, scope: &mut Scope<'_, '_>) -> Result<(), ErrorGuaranteed> {
        let arguments = Workload { deployment: self.value, account: Account::Unknown }.arguments();
        let is_mapped = self.all.checked.cluster.credentials.contains_key(&self.controller);
        let mut outcome = Ok(());
        for fault in argument_faults(self.controller, &arguments, self.all.version) {
            if matches!(fault, ArgumentFault::Unused { .. }) && !is_mapped {
                continue;
            }
            let by = self.set_by(&Field::Argument(fault.argument().to_owned()), None);
            let (at, controller) = (self.all.checked.at, self.controller);
            let mapped = matches!(fault, ArgumentFault::Unused { .. })
                .then(|| self.all.checked.first_origin(Assignee::Controller(controller)));
            let problem = InForceProblem::Argument { at, controller, fault, by, mapped };
            outcome = scope.report_on_cluster(problem).map_or(outcome, Err);
        }
        outcome
    }

    /// The file that sets a field, if it is not the overlay's own part.
    fn set_by(&self, field: &Field, account: Option<&Object>) -> Option<SetBy> {
        let object = match field {
            Field::AccountAnnotation(_) => account?,
            Field::AccountName
            | Field::PodLabel(_)
            | Field::PodAnnotation(_)
            | Field::Variable(_)
            | Field::Argument(_) => self.deployment,
            Field::Platform => return None,
        };
        let path = field.path()?;
        self.all.origins.set_by(object, &path)
    }
}

/// The field that an obstacle is about.
fn obstacle_field(obstacle: &Obstacle) -> Option<Field> {
    match obstacle {
        Obstacle::Skipped(key) => Some(Field::PodAnnotation((*key).to_owned())),
        Obstacle::NoLabel(_) => Some(Field::PodLabel(azure::USE_LABEL.to_owned())),
        Obstacle::Expiration(field, _) => Some(field.clone()),
        Obstacle::IdentityBinding => Some(Field::PodAnnotation(effect::USE_IDENTITY_BINDING.to_owned())),
        Obstacle::NoToken(variable, _) | Obstacle::OtherAudience(variable, _) => {
            Some(Field::Variable(variable.clone()))
        }
        Obstacle::NoAccount(_)
        | Obstacle::OtherAccount(..)
        | Obstacle::NothingGiven(_)
        | Obstacle::NoClientId
        | Obstacle::NoManager
        | Obstacle::Missing(_) => None,
    }
}

/// True if a controller has an identity of the provider by EKS Pod Identity, which no object of an overlay gives.
fn is_pod_identity(provider: Provider, credentials: &Credentials) -> bool {
    provider == Provider::Aws && matches!(credentials.aws, Some(aws::CredentialSource::PodIdentity(_)))
}
