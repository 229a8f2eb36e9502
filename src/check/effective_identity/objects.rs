//! The objects beside the controllers: those of Flux that use an identity, those that run as a ServiceAccount of Flux
//! objects, and the roles that object level needs.

use std::iter;

use crate::check::checked_cluster::CheckedCluster;
use crate::check::origin::Origins;
use crate::check::scope::Scope;
use crate::effect::{Workload, opens_gate};
use crate::installation::TOOLKIT;
use crate::installation::role_without_tokens;
use crate::kustomize::{Object, Value};
use crate::model::flux::FluxVersion;
use crate::model::integration::{INTEGRATIONS, Integration, Selector, private_provider};
use crate::model::object_level::gated;
use crate::model::{Account, AccountCredentials, Assignee, Controller, ObjectKind, Platform, Provider};
use crate::problem::{ObjectProblem, describe_object};

/// A cluster, and what is built of it.
#[derive(Clone, Copy)]
pub struct ObjectCheck<'b> {
    pub checked: &'b CheckedCluster,
    pub objects: &'b [&'b Object],
    /// The version of Flux, if known.
    pub version: Option<FluxVersion>,
    pub origins: Origins<'b>,
}

/// The kinds of objects with pods that people write, and the way to the pods.
const WORKLOADS: [(&str, &[&str]); 6] = [
    ("CronJob", &["spec", "jobTemplate", "spec", "template", "spec"]),
    ("DaemonSet", &["spec", "template", "spec"]),
    ("Deployment", &["spec", "template", "spec"]),
    ("Job", &["spec", "template", "spec"]),
    ("Pod", &["spec"]),
    ("StatefulSet", &["spec", "template", "spec"]),
];

impl ObjectCheck<'_> {
    /// Reports objects that read a private registry or repository without selecting the identity that the cluster has for it,
    /// once for each controller and provider.
    pub fn check_providers(&self, scope: &mut Scope<'_, '_>) {
        let mut found: Vec<(Controller, Provider, Vec<&Object>)> = Vec::new();
        for object in self.objects {
            let Some((controller, provider)) = self.unselected(object) else { continue };
            match found.iter_mut().find(|(one, of, _)| (*one, *of) == (controller, provider)) {
                Some((_, _, objects)) => objects.push(object),
                None => found.push((controller, provider, vec![object])),
            }
        }
        for (controller, provider, objects) in found {
            let by = objects.first().and_then(|first| {
                let field = if first.id().kind == "ImageRepository" { "image" } else { "url" };
                self.origins.set_by(first, &format!("/spec/{field}"))
            });
            scope.report_on_cluster(ObjectProblem::ProviderNotSet {
                at: self.checked.at,
                objects: objects.into_iter().map(shown).collect(),
                controller,
                provider,
                by,
            });
        }
    }

    /// The controller that reads the address of an object, and the provider of its identity that the object does not select.
    fn unselected(&self, object: &Object) -> Option<(Controller, Provider)> {
        let kind = object.id().kind.as_str();
        let reads = |it: &&Integration| it.selector.is_provider() && it.selector.kind() == kind;
        INTEGRATIONS.iter().find(reads)?;
        let spec = object.value()?.get("spec")?;
        let text = |field: &str| spec.get(field).and_then(Value::scalar_text);
        let is_generic = text("provider").is_none_or(|provider| provider == "generic");
        let has_secret = spec.get("secretRef").is_some() || spec.get("serviceAccountName").is_some();
        if !is_generic || has_secret {
            return None;
        }
        let provider = private_provider(text("image").or_else(|| text("url"))?)?;
        // The first that reads a `GitRepository` is source-controller.
        let integration = INTEGRATIONS.iter().filter(reads).find(|it| it.provider == provider)?;
        let controller = integration.controller;
        if integration.since.zip(self.version).is_some_and(|(since, version)| version < since)
            || self.logs_in(controller)
        {
            return None;
        }
        let mut own = self.checked.cluster.assignments().filter(|it| it.trust_only.is_none());
        let is_mapped = own.any(|it| {
            it.assignee == Assignee::Controller(controller) && it.identity_and_source.provider() == provider
        });
        is_mapped.then_some((controller, provider))
    }

    /// Reports objects that name a ServiceAccount for a cloud where their controller refuses it, once for each controller.
    /// `installed`: the objects beside these, if they are not among them.
    pub fn check_gates(&self, installed: impl FnOnce() -> Vec<Object>, scope: &mut Scope<'_, '_>) {
        // The source opens the gates for its ServiceAccounts, and what closes them again is reported.
        if self.checked.cluster.object_level.is_some() {
            return;
        }
        let named = self.objects.iter().filter_map(|object| Some((self.account_field(object)?, *object)));
        let named: Vec<_> = named.collect();
        if named.is_empty() {
            return;
        }
        let installed = installed();
        let all = || self.objects.iter().copied().chain(&installed);
        for controller in Controller::ALL {
            let mut of_one = named.iter().filter(|((one, _), _)| *one == controller);
            let Some(((_, field), first)) = of_one.next() else { continue };
            let is_it = |object: &&Object| {
                object.id().kind == ObjectKind::Deployment.name() && object.id().name == controller.name()
            };
            if all().find(is_it).is_none_or(|deployment| arguments_of(deployment).any(opens_gate)) {
                continue;
            }
            let objects = iter::once(shown(first)).chain(of_one.map(|(_, object)| shown(object)));
            scope.report_on_cluster(ObjectProblem::GateClosed {
                at: self.checked.at,
                objects: objects.collect(),
                controller,
                by: self.origins.set_by(first, field),
            });
        }
    }

    /// The controller that needs its feature gate for an object, and the field for which it does.
    fn account_field(&self, object: &Object) -> Option<(Controller, &'static str)> {
        const SPEC: &str = "/spec/serviceAccountName";
        const DECRYPTION: &str = "/spec/decryption/serviceAccountName";
        let id = object.id();
        let spec = object.value().filter(|_| id.group.ends_with(TOOLKIT))?.get("spec")?;
        let text = |path: &[&str]| spec.at(path).and_then(Value::scalar_text);
        let field = |it: &Integration| match it.selector {
            Selector::Provider(kind) => {
                (kind == id.kind && text(&["provider"]) == Some(it.provider.name())).then_some(SPEC)
            }
            Selector::Decryption(kind) => (kind == id.kind).then_some(DECRYPTION),
            Selector::Type(kind, value) => {
                (kind == id.kind && text(&["type"]) == Some(value)).then_some(SPEC)
            }
            Selector::OciProvider(_) | Selector::KubeConfig(_) => None,
        };
        let version = self.version?;
        INTEGRATIONS.iter().find_map(|it| {
            let field = field(it).filter(|_| it.object_level.is_some_and(|since| since <= version))?;
            let path: Vec<&str> = field.split('/').skip(2).collect();
            let is_gated = gated(it.controller).is_some_and(|versions| versions.contains(&version));
            (is_gated && text(&path).is_some_and(|name| !name.is_empty())).then_some((it.controller, field))
        })
    }

    /// True if an argument selects the identity for all objects of a controller, as before Flux 2.7.
    fn logs_in(&self, controller: Controller) -> bool {
        let logs_in = |argument: &str| argument.contains("-autologin-for-") && !argument.ends_with("=false");
        let deployments = self.objects.iter().filter(|object| {
            object.id().kind == ObjectKind::Deployment.name()
                && object.original_id().name == controller.name()
        });
        deployments.flat_map(|object| arguments_of(object)).any(logs_in)
    }

    /// Reports ServiceAccounts of Flux objects whose pods get the identity too.
    pub fn check_accounts(&self, scope: &mut Scope<'_, '_>) {
        let cluster = &self.checked.cluster;
        let Some(object_level) = &cluster.object_level else { return };
        for (account, credentials) in &object_level.accounts {
            let Some(provider) = provider_of_pods(cluster.platform, credentials) else { continue };
            let is_default = account.name.as_str() == "default";
            let workload = self.objects.iter().find_map(|object| {
                let path = path_of_account(object, account)?;
                Some((shown(object), self.origins.set_by(object, &path)))
            });
            if is_default || workload.is_some() {
                scope.warn(ObjectProblem::ApplicationAccount {
                    at: self.checked.origin(Assignee::Account(account), provider),
                    account: format!("{}/{}", account.namespace.as_str(), account.name.as_str()),
                    platform: cluster.platform,
                    workload,
                });
            }
        }
    }

    /// Reports the `ClusterRole` of the controllers if nothing lets them create tokens of ServiceAccounts.
    pub fn check_tokens(&self, scope: &mut Scope<'_, '_>) {
        if let Some(role) = role_without_tokens(self.objects.iter().copied()) {
            let changed = role.changes().iter().rev().find(|change| change.sets("/rules"));
            let by = changed.and_then(|change| self.origins.of_place(&change.place));
            if let Some(at) = self.checked.first_account_origin() {
                scope.warn(ObjectProblem::TokensNotGranted { at, role: role.id().name.clone(), by });
            }
        }
    }
}

/// The provider whose identity all pods of a ServiceAccount get that has these annotations, without any change of the pods.
fn provider_of_pods(platform: Platform, credentials: &AccountCredentials) -> Option<Provider> {
    match platform {
        Platform::Eks => credentials.aws.as_ref().map(|_| Provider::Aws),
        Platform::Gke => credentials.gcp.as_ref().map(|_| Provider::Gcp),
        // The webhook of AKS looks for a label of the pods.
        Platform::Aks | Platform::Kubernetes => None,
    }
}

/// The path of the name of the ServiceAccount in a workload whose pods run as it.
fn path_of_account(object: &Object, account: &Account) -> Option<String> {
    let id = object.id();
    let (_, path) = WORKLOADS.into_iter().find(|(kind, _)| *kind == id.kind)?;
    let pod = object.value().filter(|_| id.namespace == account.namespace.as_str())?.at(path)?;
    let (key, name) = Workload::account_of_pod(pod);
    (name == account.name.as_str()).then(|| format!("/{}/{key}", path.join("/")))
}

/// The arguments of all containers of a Deployment.
fn arguments_of(deployment: &Object) -> impl Iterator<Item = &str> {
    let containers = deployment.value().and_then(|it| it.at(&["spec", "template", "spec", "containers"]));
    let arguments =
        containers.into_iter().flat_map(Value::items).filter_map(|container| container.get("args"));
    arguments.flat_map(Value::items).filter_map(Value::scalar_text)
}

fn shown(object: &Object) -> String {
    let id = object.id();
    describe_object(&id.kind, &id.name)
}
