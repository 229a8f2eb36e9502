//! Compares the identities that the pods of one Deployment will have with those of the source.

use std::collections::BTreeSet;
use std::iter;

use crate::check::checked_cluster::CheckedCluster;
use crate::check::effective_identity::faults::Faults;
use crate::check::origin::Origins;
use crate::effect::{
    self, Account, AttributedIdentity, Effect, EffectiveIdentity, Field, Obstacle, Workload, annotation_path,
    container_path, expected, has_pod_identity,
};
use crate::kustomize::{Change, Id, Object, Step, Value, escape};
use crate::model::{Additions, Assignee, Controller, Credentials, MANAGER, Provider, aws, azure};
use crate::overlay_build::OverlayBuild;
use crate::problem::{
    Affected, EffectiveIdentityProblem, SetBy, describe_field, describe_identity, describe_object,
};
use crate::resolve::Unmentioned;

/// A Deployment of a controller, as it will be.
pub struct ControllerCheck<'b> {
    pub checked: &'b CheckedCluster,
    pub build: &'b OverlayBuild,
    pub origins: Origins<'b>,
    pub controller: Controller,
    pub deployment: &'b Object,
    pub value: &'b Value,
}

impl ControllerCheck<'_> {
    pub(super) fn workload(&self) -> Workload<'_> {
        self.build.workload(self.deployment, self.value)
    }

    /// Compares the identities of the pods with those of the source. `unmentioned`: takes in those that it does not mention.
    pub fn check_identities(&self, faults: &mut Faults, unmentioned: &mut Vec<Unmentioned>) {
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
        let is_other_account =
            name != self.controller.name() || self.deployment.id().namespace != cluster.namespace.as_str();
        if let Some(credentials) = cluster.credentials.get(&self.controller) {
            self.report_unapplied(credentials, account, faults);
        }
        let is_mapped = |provider: &Provider| {
            expected.contains_key(provider) || has_association && *provider == Provider::Aws
        };
        let mut reported = BTreeSet::new();
        for unknown in effect.unknown_sources.iter().filter(|(provider, _)| is_mapped(provider)) {
            if reported.insert(&unknown.1) {
                self.report_unknown_source(unknown, faults);
            }
        }
        for provider in Provider::ALL {
            let found = effect.identities.get(&provider);
            match expected.get(&provider) {
                Some(expected) => {
                    match workload.account {
                        Account::Unknown => continue,
                        // No platform makes the pods.
                        Account::Missing => {
                            let obstacle = Obstacle::NoAccount(name.to_owned());
                            self.report_not_used(provider, obstacle, account, faults);
                            continue;
                        }
                        Account::Built(_) => {}
                    }
                    if self.check_one(provider, expected, &effect, account, faults) {
                        self.check_requests(provider, &effect, has_association, faults);
                    }
                }
                None if provider == Provider::Aws && has_association => {
                    let namespace = self.deployment.id().namespace.clone();
                    let of_account =
                        is_other_account.then(|| Obstacle::OtherAccount(name.to_owned(), namespace));
                    if let Some(obstacle) = effect.obstacles_to(provider).next().cloned().or(of_account) {
                        self.report_not_used(provider, obstacle, None, faults);
                    } else {
                        self.check_requests(provider, &effect, has_association, faults);
                    }
                }
                None => unmentioned.extend(self.report_unmentioned(provider, found, account, faults)),
            }
        }
    }

    /// Reports the objects that carry the identity and that Flux does not apply.
    fn report_unapplied(&self, credentials: &Credentials, account: Option<&Object>, faults: &mut Faults) {
        let cluster = &self.checked.cluster;
        let additions = Additions::new(self.controller, credentials, &cluster.namespace, cluster.restart);
        let account = account.filter(|_| !additions.annotations.is_empty());
        let deployment = Some(self.deployment).filter(|_| additions.has_deployment());
        for object in [account, deployment].into_iter().flatten() {
            let Some((field, key, value, when)) = object.value().and_then(effect::unapplied) else {
                continue;
            };
            let path = format!("/metadata/{field}/{}", escape(key));
            faults.add(EffectiveIdentityProblem::ObjectNotApplied {
                at: self.checked.first_origin(Assignee::Controller(self.controller)),
                affected: Affected::one(self.controller),
                objects: vec![describe_object(&object.id().kind, &object.id().name)],
                key,
                value: value.to_owned(),
                when,
                by: self.origins.set_by(object, &path),
            });
        }
    }

    /// True if the identity is that of the source.
    fn check_one(
        &self,
        provider: Provider,
        expected: &EffectiveIdentity,
        effect: &Effect,
        account: Option<&Object>,
        faults: &mut Faults,
    ) -> bool {
        let found = effect.identities.get(&provider);
        let is_other = found.is_some_and(|found| found.identity != *expected);
        // With the configuration of another provider, a token is not for that.
        let follows =
            |obstacle: &&Obstacle| is_other && matches!(obstacle, Obstacle::TokenOfOtherProvider(_));
        if let Some(obstacle) = effect.obstacles_to(provider).find(|obstacle| !follows(obstacle)) {
            self.report_not_used(provider, obstacle.clone(), account, faults);
            return false;
        }
        let cluster = &self.checked.cluster;
        let (name, namespace) = (Workload::account_name(self.value), &self.deployment.id().namespace);
        let is_trusted = name == self.controller.name() && namespace == cluster.namespace.as_str();
        let obstacle = match found {
            Some(found) if found.identity == *expected && is_trusted => {
                let audience = self.other_audience(provider, account);
                match audience.or_else(|| self.other_authority(provider, effect, faults)) {
                    Some(obstacle) => obstacle,
                    None => return true,
                }
            }
            Some(found) if found.identity == *expected => {
                Obstacle::OtherAccount(name.to_owned(), namespace.clone())
            }
            // Without the annotation the pods are what all pods of GKE are.
            Some(AttributedIdentity { by: Field::Platform, .. })
                if matches!(expected, EffectiveIdentity::GoogleAccount(_)) && !self.names_another() =>
            {
                Obstacle::NothingGiven(name.to_owned())
            }
            Some(found @ AttributedIdentity { identity, .. }) => {
                let by = effect.decided_by(found, expected);
                let is_of_account = matches!(by, Field::AccountAnnotation(_));
                let field = if self.names_another() && is_of_account { &Field::AccountName } else { by };
                let is_file = matches!(
                    identity,
                    EffectiveIdentity::Federation { .. } | EffectiveIdentity::CredentialFile(_)
                );
                // The variable may be as it is to be, and the file another.
                let by = self.set_by(field, account);
                let mounted = if is_file && by.is_none() { self.mounted_by() } else { None };
                let field = if mounted.is_some() { &Field::Volumes } else { field };
                faults.add(EffectiveIdentityProblem::Other {
                    at: self.checked.origin(Assignee::Controller(self.controller), provider),
                    affected: Affected::one(self.controller),
                    expected: expected.clone(),
                    found: identity.clone(),
                    field: field.clone(),
                    by: by.or(mounted),
                });
                return false;
            }
            None if cluster.platform.native_provider() == Some(provider) => {
                Obstacle::NothingGiven(name.to_owned())
            }
            None => Obstacle::Missing(effect::variables(provider).to_vec()),
        };
        self.report_not_used(provider, obstacle, account, faults);
        false
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
    fn other_authority(&self, provider: Provider, effect: &Effect, faults: &mut Faults) -> Option<Obstacle> {
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
                    faults.add(EffectiveIdentityProblem::Authority {
                        at: self.checked.at,
                        affected: Affected::one(self.controller),
                        host: host.clone(),
                        cloud: found.map(azure::Cloud::name),
                        by: self.set_by(field, None),
                    });
                }
                None
            }
        }
    }

    fn report_not_used(
        &self,
        provider: Provider,
        obstacle: Obstacle,
        account: Option<&Object>,
        faults: &mut Faults,
    ) {
        let at = self.checked.origin(Assignee::Controller(self.controller), provider);
        let by = if is_of_volumes(&obstacle) {
            self.mounted_by()
        } else if let Some(field) = obstacle.field() {
            let by = self.set_by(&field, account);
            // The variable may be right, and the file not be there.
            by.or_else(|| {
                self.mounted_by()
                    .filter(|_| matches!(obstacle, Obstacle::NoToken(..) | Obstacle::OtherAudience(..)))
            })
        } else if obstacle == Obstacle::NoManager {
            self.renamed_by()
        } else if let Obstacle::Missing(missing) = &obstacle {
            // The webhook adds nothing where one of its variables is set.
            let others = effect::variables(provider).iter().filter(|name| !missing.contains(name));
            // Else something took the missing ones away.
            others.chain(missing).find_map(|name| {
                let path = Field::Variable((*name).to_owned()).path()?;
                self.origins.changed_by(self.deployment, &path)
            })
        } else {
            // A change that removed or renamed something is to blame, and not the object as it was.
            self.removed_by(account)
        };
        let (controller, namespace) = (self.controller, &self.checked.cluster.namespace);
        let trusted = format!("{}/{}", namespace.as_str(), controller.name());
        let affected = Affected::one(controller);
        faults.add(EffectiveIdentityProblem::NotUsed { at, affected, provider, obstacle, by, trusted });
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

    fn report_unknown_source(&self, (provider, field): &(Provider, Field), faults: &mut Faults) {
        let Field::VariableSource { kind, name } = field else { return };
        faults.add(EffectiveIdentityProblem::UnknownSource {
            at: self.checked.origin(Assignee::Controller(self.controller), *provider),
            affected: Affected::one(self.controller),
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
        faults: &mut Faults,
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
        faults.add(EffectiveIdentityProblem::NotGiven {
            at: self.checked.at,
            affected: Affected::one(controller),
            provider,
            found: identity.clone(),
            field: field.clone(),
            by,
        });
        Some(unmentioned)
    }

    /// What changes the volumes of the pods or their mounts.
    fn mounted_by(&self) -> Option<SetBy> {
        let mounts = format!("{}/volumeMounts", container_path(MANAGER));
        let is_of_volumes =
            |change: &&Change| change.sets("/spec/template/spec/volumes") || change.sets(&mounts);
        let changes = self.deployment.changes().iter().rev().filter(is_of_volumes);
        // The hash of a generated name follows from another change.
        let mut own = changes.filter(|change| change.by != Step::References);
        own.find_map(|change| self.origins.of_place(&change.place))
    }

    /// The file that sets a field, if it is not the overlay's own part.
    pub(super) fn set_by(&self, field: &Field, account: Option<&Object>) -> Option<SetBy> {
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
            | Field::NodeAffinity
            | Field::Volumes
            | Field::Mount(_) => self.deployment,
            Field::Platform => return None,
        };
        let path = field.path()?;
        if matches!(field, Field::VariableSource { .. }) {
            return self.origins.set_by_content(object, &path);
        }
        self.origins.set_by(object, &path)
    }
}

/// True if the volumes of the pods, or their mounts, are to blame.
fn is_of_volumes(obstacle: &Obstacle) -> bool {
    matches!(
        obstacle,
        Obstacle::NoCredentialsFile(_)
            | Obstacle::NoTokenOfConfiguration(_)
            | Obstacle::TokenOfOtherProvider(_)
            | Obstacle::ReservedVolume(_)
            | Obstacle::MountedTwice(_)
    )
}
