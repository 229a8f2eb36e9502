//! What an overlay builds.

use crate::effect::{self, Account, Endpoint, VariableSource, Workload};
use crate::kustomize::{AppliedPatch, Build, Failure, Feature, Object, Reach, Value};
use crate::model::{Controller, GOTK_SYNC, LocalPath, ObjectKind};

/// What an overlay builds.
pub struct OverlayBuild {
    pub(super) build: Build,
    pub(super) above: Option<Above>,
    /// The files that were read.
    pub(super) files: Vec<LocalPath>,
}

/// Why the kustomization above an overlay that builds on it is not in a build.
pub enum Above {
    /// It has this, which is not modelled and may change any object.
    NotModelled(Feature),
    /// kustomize cannot build it. `is_own`: the cause is in that kustomization itself; `generated`: the directory, if Flux
    /// generates its kustomization.
    NotBuilt { failure: Failure, is_own: bool, generated: Option<LocalPath> },
}

impl From<Build> for OverlayBuild {
    fn from(build: Build) -> OverlayBuild {
        OverlayBuild { build, above: None, files: Vec::new() }
    }
}

impl OverlayBuild {
    /// Why the kustomization above is not in it, if there is one that is not.
    pub fn above(&self) -> Option<&Above> {
        self.above.as_ref()
    }

    /// The files that were read.
    pub fn files(&self) -> &[LocalPath] {
        &self.files
    }

    /// The objects, in the order in which kustomize collects them.
    pub fn objects(&self) -> impl Iterator<Item = &Object> + Clone {
        self.build.objects.iter()
    }

    /// The patches, in the order in which they were applied.
    pub fn patches(&self) -> &[AppliedPatch] {
        &self.build.patches
    }

    /// True if everything in it is known.
    pub fn is_whole(&self) -> bool {
        self.build.unmodelled.iter().all(|left| left.reach == Reach::Harmless)
    }

    /// True if everything in it is known, except `gotk-sync.yaml` if `flux bootstrap` has not written it yet. That has no
    /// ServiceAccount.
    pub fn is_known_but_for_sync(&self) -> bool {
        self.build.unmodelled.iter().all(|left| left.reach == Reach::Harmless || is_sync(&left.feature))
    }

    /// True if `gotk-sync.yaml` is in it, or is not to be in it.
    pub fn has_sync(&self) -> bool {
        !self.build.unmodelled.iter().any(|left| is_sync(&left.feature))
    }

    /// What may change any of its objects and is not modelled, so that nothing can be said of them.
    pub fn unknown(&self) -> Option<&Feature> {
        let mut left = self.build.unmodelled.iter().filter(|left| left.reach == Reach::Everything);
        left.next().map(|left| &left.feature)
    }

    /// The objects of a kind that have the name of a controller, or had it before a kustomization renamed them, as shards are.
    pub fn of_controller(&self, kind: ObjectKind, controller: Controller) -> impl Iterator<Item = &Object> {
        let name = controller.name();
        self.objects().filter(move |object| {
            let id = object.id();
            id.kind == kind.name() && (id.name == name || object.original_id().name == name)
        })
    }

    /// The Deployments of a controller with their contents, its shards among them. `namespace`: that of Flux.
    pub fn deployments(
        &self,
        controller: Controller,
        namespace: &str,
    ) -> impl Iterator<Item = (&Object, &Value)> {
        let all = self.of_controller(ObjectKind::Deployment, controller);
        let of_flux = all.filter(move |object| is_in_namespace(object, namespace));
        of_flux.filter_map(|object| Some((object, object.value()?)))
    }

    /// The ServiceAccount of a name in a namespace.
    pub fn account(&self, name: &str, namespace: &str) -> Option<&Object> {
        self.objects().find(|object| {
            let id = object.id();
            id.kind == "ServiceAccount" && id.name == name && id.namespace == namespace
        })
    }

    /// The ServiceAccount that the pods of a Deployment run as, if it is built.
    pub fn account_of(&self, deployment: &Object) -> Option<&Object> {
        self.account(Workload::account_name(deployment.value()?), &deployment.id().namespace)
    }

    /// The network policies that keep the pods of a Deployment from an endpoint. Nothing if other objects may let them through.
    pub fn blocking_policies(
        &self,
        deployment: &Object,
        workload: &Workload<'_>,
        endpoint: Endpoint,
    ) -> Vec<&Object> {
        effect::blocking_policies(workload, self.policies(&deployment.id().namespace), endpoint)
    }

    /// The network policies of a namespace that keep the pods of a Deployment from a controller that they need.
    pub fn separating_policies(
        &self,
        deployment: &Object,
        workload: &Workload<'_>,
        other: Controller,
    ) -> Vec<&Object> {
        let namespace = &deployment.id().namespace;
        let mut others = self.of_controller(ObjectKind::Deployment, other);
        let other = others.find(|it| it.id().namespace == *namespace && it.id().name == other.name());
        let Some((other, value)) = other.and_then(|it| Some((it, it.value()?))) else { return Vec::new() };
        let workloads = [workload, &self.workload(other, value)];
        effect::separating_policies(workloads, self.policies(namespace), namespace)
    }

    /// The network policies of a namespace. Nothing if other objects may let through what they block.
    fn policies(&self, namespace: &str) -> impl Iterator<Item = &Object> + Clone {
        let is_known = self.is_known_but_for_sync();
        self.objects().filter(move |object| {
            let id = object.id();
            is_known && id.kind == "NetworkPolicy" && id.namespace == namespace
        })
    }

    /// A Deployment with what its pods take from other objects. `value`: its content.
    pub fn workload<'o>(&'o self, deployment: &Object, value: &'o Value) -> Workload<'o> {
        let account = match self.account_of(deployment).and_then(Object::value) {
            Some(account) => Account::Built(account),
            None if self.is_known_but_for_sync() => Account::Missing,
            None => Account::Unknown,
        };
        let namespace = &deployment.id().namespace;
        let built = |source: VariableSource<'o>| {
            let is_it = |object: &&Object| {
                let id = object.id();
                id.kind == source.kind && id.name == source.name && id.namespace == *namespace
            };
            Some((source, self.objects().find(is_it)?.value()?))
        };
        let sources = Workload::sources_of(value).into_iter().filter_map(built).collect();
        Workload { deployment: value, account, sources }
    }
}

/// True if an object is in a namespace, or was in it before a kustomization moved it.
pub fn is_in_namespace(object: &Object, namespace: &str) -> bool {
    object.id().namespace == namespace || object.original_id().namespace == namespace
}

fn is_sync(feature: &Feature) -> bool {
    matches!(feature, Feature::Unseen(file) if file == GOTK_SYNC)
}
