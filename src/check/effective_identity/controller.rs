//! Compares the identities that the pods of one Deployment will have with those of the source.

use std::collections::BTreeSet;
use std::iter;

use crate::check::checked_cluster::CheckedCluster;
use crate::check::origin::Origins;
use crate::check::scope::Scope;
use crate::effect::{
    self, Account, AttributedIdentity, Effect, EffectiveIdentity, Field, Obstacle, Workload, annotation_path,
    container_path, expected, has_pod_identity,
};
use crate::kustomize::{Id, Object, Value, escape};
use crate::model::{Additions, Assignee, Controller, Credentials, MANAGER, Provider, aws, azure};
use crate::overlay_build::OverlayBuild;
use crate::problem::{EffectiveIdentityProblem, ErrorGuaranteed, SetBy, describe_field, describe_identity};
use crate::resolve::Unmentioned;

/// A Deployment of a controller, as it will be.
pub struct ControllerCheck<'b> {
    pub checked: &'b CheckedCluster<'b>,
    pub build: &'b OverlayBuild,
    pub origins: Origins<'b>,
    pub controller: Controller,
    pub deployment: &'b Object,
    pub value: &'b Value,
}

impl ControllerCheck<'_> {
    fn workload(&self) -> Workload<'_> {
        self.build.workload(self.deployment, self.value)
    }

    /// Compares the identities of the pods with those of the source. `unmentioned`: takes in those that it does not mention.
    ///
    /// # Errors
    /// An identity will be another, or will not be used.
    pub fn check_identities(
        &self,
        scope: &mut Scope<'_, '_>,
        unmentioned: &mut Vec<Unmentioned>,
    ) -> Result<(), ErrorGuaranteed> {
        let cluster = &self.checked.cluster;
        let name = Workload::account_name(self.value);
        let account = self.build.account_of(self.deployment);
        let workload = self.workload();
        let effect = effect::effect(cluster.platform, &workload);
        let none = Credentials::default();
        let credentials = cluster.credentials.get(&self.controller).map_or(&none, |known| &**known);
        let expected = expected(credentials);
        let has_association = has_pod_identity(credentials);
        let effect = if has_association { effect.with_pod_identity() } else { effect };
        let mut outcome = Ok(());
        let is_other_account =
            name != self.controller.name() || self.deployment.id().namespace != cluster.namespace.as_str();
        if let Some(credentials) = cluster.credentials.get(&self.controller) {
            self.report_unapplied(credentials, account, scope);
        }
        let is_mapped = |provider: &Provider| {
            expected.contains_key(provider) || has_association && *provider == Provider::Aws
        };
        let mut reported = BTreeSet::new();
        for unknown in effect.unknown_sources.iter().filter(|(provider, _)| is_mapped(provider)) {
            if reported.insert(&unknown.1) {
                self.report_unknown_source(unknown, scope);
            }
        }
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

    /// Reports the objects that carry the identity and that Flux does not apply.
    fn report_unapplied(
        &self,
        credentials: &Credentials,
        account: Option<&Object>,
        scope: &mut Scope<'_, '_>,
    ) {
        let cluster = &self.checked.cluster;
        let additions = Additions::new(self.controller, credentials, &cluster.namespace, cluster.restart);
        let account = account.filter(|_| !additions.annotations.is_empty());
        let deployment = Some(self.deployment).filter(|_| additions.has_deployment());
        for object in [account, deployment].into_iter().flatten() {
            let Some((field, key, value, when)) = object.value().and_then(effect::unapplied) else {
                continue;
            };
            let path = format!("/metadata/{field}/{}", escape(key));
            scope.warn(EffectiveIdentityProblem::ObjectNotApplied {
                at: self.checked.first_origin(Assignee::Controller(self.controller)),
                object: format!("{} `{}`", object.id().kind, object.id().name),
                key,
                value: value.to_owned(),
                when,
                by: self.origins.set_by(object, &path),
            });
        }
    }

    fn check_one(
        &self,
        provider: Provider,
        expected: &EffectiveIdentity,
        effect: &Effect,
        account: Option<&Object>,
        scope: &mut Scope<'_, '_>,
    ) -> Result<(), ErrorGuaranteed> {
        let at = self.checked.origin(Assignee::Controller(self.controller), provider);
        let found = effect.identities.get(&provider);
        if let Some(obstacle) = effect.obstacles_to(provider).next() {
            return Err(self.refuse_not_used(provider, obstacle.clone(), account, scope));
        }
        let cluster = &self.checked.cluster;
        let (name, namespace) = (Workload::account_name(self.value), &self.deployment.id().namespace);
        let is_trusted = name == self.controller.name() && namespace == cluster.namespace.as_str();
        match found {
            Some(found) if found.identity == *expected && is_trusted => {
                let obstacle = self
                    .other_audience(provider, account)
                    .or_else(|| self.other_authority(provider, effect, scope));
                obstacle
                    .map_or(Ok(()), |obstacle| Err(self.refuse_not_used(provider, obstacle, account, scope)))
            }
            Some(found) if found.identity == *expected => {
                let obstacle = Obstacle::OtherAccount(name.to_owned(), namespace.clone());
                Err(self.refuse_not_used(provider, obstacle, account, scope))
            }
            Some(found @ AttributedIdentity { identity, .. }) => {
                let by = effect.decided_by(found, expected);
                let is_of_account = matches!(by, Field::AccountAnnotation(_));
                let field = if self.names_another() && is_of_account { &Field::AccountName } else { by };
                Err(scope.refuse(EffectiveIdentityProblem::Other {
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
        let credentials = self.checked.cluster.credentials.get(&self.controller)?;
        let Some(aws::CredentialSource::Irsa(role)) = credentials.aws.as_ref() else { return None };
        let path = ["metadata", "annotations", aws::AUDIENCE_ANNOTATION];
        let written = account.and_then(Object::value).and_then(|account| account.at(&path)?.as_str());
        let expected = role.audience.as_deref().unwrap_or(aws::DEFAULT_AUDIENCE);
        let is_other = provider == Provider::Aws && written.unwrap_or(aws::DEFAULT_AUDIENCE) != expected;
        is_other.then(|| Obstacle::AccountAudience(written.unwrap_or(aws::DEFAULT_AUDIENCE).to_owned()))
    }

    /// The authority host, if it is not that of the cloud of a managed identity. One that the source says nothing of is
    /// reported.
    fn other_authority(
        &self,
        provider: Provider,
        effect: &Effect,
        scope: &mut Scope<'_, '_>,
    ) -> Option<Obstacle> {
        let (host, field) = effect.authority.as_ref().filter(|_| provider == Provider::Azure)?;
        let credentials = self.checked.cluster.credentials.get(&self.controller)?;
        let cloud = match credentials.azure.as_ref()? {
            azure::CredentialSource::Webhook(identity) => identity.cloud,
            azure::CredentialSource::Federated(identity) => Some(identity.cloud),
        };
        let found = azure::Cloud::from_authority_host(host);
        match cloud {
            Some(cloud) if found == Some(cloud) => None,
            Some(_) => Some(Obstacle::OtherAuthority(host.clone(), field.clone())),
            None => {
                if found != Some(azure::Cloud::Public) {
                    let (controller, by) = (self.controller, self.set_by(field, None));
                    let (at, host) = (self.checked.at, host.clone());
                    let cloud = found.map(azure::Cloud::name);
                    scope.report_on_cluster(EffectiveIdentityProblem::Authority {
                        at,
                        controller,
                        host,
                        cloud,
                        by,
                    });
                }
                None
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
        let at = self.checked.origin(Assignee::Controller(self.controller), provider);
        let by = if let Some(field) = obstacle.field() {
            self.set_by(&field, account)
        } else if obstacle == Obstacle::NoManager {
            self.renamed_by()
        } else if let Obstacle::Missing(missing) = &obstacle {
            // The webhook adds nothing where one of its variables is set.
            let mut others = effect::variables(provider).iter().filter(|name| !missing.contains(name));
            others.find_map(|name| {
                let path = Field::Variable((*name).to_owned()).path()?;
                self.origins.changed_by(self.deployment, &path)
            })
        } else {
            // A change that removed or renamed something is to blame, and not the object as it was.
            self.removed_by(account)
        };
        let (controller, namespace) = (self.controller, &self.checked.cluster.namespace);
        let trusted = format!("{}/{}", namespace.as_str(), controller.name());
        scope.refuse(EffectiveIdentityProblem::NotUsed { at, controller, provider, obstacle, by, trusted })
    }

    /// What takes the container `manager` away, or gives it another name.
    fn renamed_by(&self) -> Option<SetBy> {
        let containers = self.workload().containers();
        let names = containers.iter().filter(|it| it.has_image).map(|it| it.name);
        let mut paths = iter::once(MANAGER).chain(names).map(container_path);
        paths.find_map(|path| self.origins.changed_by(self.deployment, &path))
    }

    /// What takes the identity of the ServiceAccount away, or makes the pods run as another.
    fn removed_by(&self, account: Option<&Object>) -> Option<SetBy> {
        let origins = self.origins;
        let of_account = |path: &str| origins.changed_by(account?, path);
        let annotation = effect::account_key(self.checked.cluster.platform).map(annotation_path);
        // A renamed account changes the reference to it too.
        of_account("/metadata/name")
            .or_else(|| of_account("/metadata/namespace"))
            .or_else(|| origins.changed_by(self.deployment, "/spec/template/spec/serviceAccountName"))
            .or_else(|| of_account(&annotation?))
            .or_else(|| self.deleted_by())
            .or_else(|| self.set_by(&Field::AccountName, account).filter(|_| self.names_another()))
    }

    /// The patch that deletes the ServiceAccount.
    fn deleted_by(&self) -> Option<SetBy> {
        let (name, namespace) = (Workload::account_name(self.value), &self.deployment.id().namespace);
        let is_it = |id: &Id| id.kind == "ServiceAccount" && id.name == name && id.namespace == *namespace;
        let patch = self.build.patches().iter().find(|patch| patch.deleted.iter().any(is_it))?;
        self.origins.of_place(&patch.place)
    }

    /// True if the pods run as another ServiceAccount than that of the controller's name.
    fn names_another(&self) -> bool {
        Workload::account_name(self.value) != self.controller.name()
    }

    fn report_unknown_source(&self, (provider, field): &(Provider, Field), scope: &mut Scope<'_, '_>) {
        let Field::VariableSource { kind, name } = field else { return };
        scope.warn(EffectiveIdentityProblem::UnknownSource {
            at: self.checked.origin(Assignee::Controller(self.controller), *provider),
            controller: self.controller,
            kind,
            name: name.clone(),
            by: self.set_by(field, None),
        });
    }

    fn report_unmentioned(
        &self,
        provider: Provider,
        found: Option<&AttributedIdentity>,
        account: Option<&Object>,
        scope: &mut Scope<'_, '_>,
    ) -> Option<Unmentioned> {
        // Every pod of GKE is a principal.
        let AttributedIdentity { identity, by: field } = found.filter(|found| found.by != Field::Platform)?;
        let by = self.set_by(field, account);
        // The source gives the annotation to another controller.
        let is_of_other =
            by.is_none() && self.names_another() && matches!(field, Field::AccountAnnotation(_));
        let (field, by) = if is_of_other {
            (&Field::AccountName, self.set_by(&Field::AccountName, account))
        } else {
            (field, by)
        };
        let controller = self.controller;
        let unmentioned = Unmentioned {
            controller,
            provider,
            identity: describe_identity(identity),
            field: describe_field(field),
            place: by.as_ref().map(|by| by.place.clone()),
        };
        scope.report_on_cluster(EffectiveIdentityProblem::NotGiven {
            at: self.checked.at,
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
            | Field::VariableSource { .. }
            | Field::HostNetwork
            | Field::NodeSelector(_)
            | Field::NodeAffinity => self.deployment,
            Field::Platform => return None,
        };
        let path = field.path()?;
        self.origins.set_by(object, &path)
    }
}
