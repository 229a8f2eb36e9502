//! Whether those have the rights that they need who apply an overlay.
//!
//! Sources: `--default-service-account` and `serviceAccountName` in the documentation of kustomize-controller; "Using RBAC
//! Authorization" of the Kubernetes documentation; `manifests/rbac` of fluxcd/flux2.

use crate::check::applied::AppliedCheck;
use crate::check::scope::Scope;
use crate::effect::{Field, default_account};
use crate::installation::DEFINITION;
use crate::kustomize::{Id, Object, Value};
use crate::model::Controller;
use crate::overlay_build::{FluxSync, OverlayBuild};
use crate::problem::{AppliedProblem, LostRight, describe_object, is_one_slip};

/// What the names of the role of all controllers and of its binding begin with.
const OF_ALL: &str = "crd-controller";
/// Those roles of every cluster with which nothing outside of namespaces is changed.
const OF_NAMESPACES: [&str; 3] = ["admin", "edit", "view"];
/// The roles that every cluster has.
const OF_CLUSTERS: [&str; 4] = ["cluster-admin", "admin", "edit", "view"];

impl AppliedCheck<'_> {
    /// Reports a Kustomization that is applied as a ServiceAccount without any rights, by an argument of its controller.
    pub(super) fn check_default_account(
        self,
        sync: FluxSync<'_>,
        objects: &[&Object],
        scope: &mut Scope<'_, '_>,
    ) {
        let known = self.build.filter(|build| build.is_known_but_for_sync());
        let Some((own, build)) = sync.kustomization.zip(known) else { return };
        let is_set =
            |field| sync.spec().and_then(|spec| spec.get(field)).is_some_and(|value| !value.is_null());
        if is_set("serviceAccountName") || is_set("kubeConfig") {
            return;
        }
        let namespace = self.cluster.namespace.as_str();
        for (deployment, value) in build.deployments(Controller::Kustomize, namespace) {
            let arguments = build.workload(deployment, value).arguments();
            let Some((argument, account)) = default_account(&arguments) else { continue };
            let is_bound =
                bindings(objects).any(|binding| binds(binding, (own.id().namespace.as_str(), account)));
            if !is_bound {
                scope.report_on_cluster(AppliedProblem::NoRights {
                    at: scope.names.name.span,
                    account: format!("{}/{account}", own.id().namespace),
                    argument: argument.to_owned(),
                    by: Field::Argument(argument.to_owned())
                        .path()
                        .and_then(|path| self.origins.set_by(deployment, &path)),
                });
                return;
            }
        }
    }

    /// Reports that kustomize-controller, which applies the overlay by itself, has no role with which it can. Rights that other
    /// files than the manifests of Flux give are unknown, unless these bind the controllers to a role.
    pub(super) fn check_reconciler(self, sync: FluxSync<'_>, objects: &[&Object], scope: &mut Scope<'_, '_>) {
        let is_known = self.build.is_some_and(OverlayBuild::is_known_but_for_sync);
        let is_set = |field| sync.spec().is_none_or(|spec| spec.get(field).is_some_and(|it| !it.is_null()));
        let is_of_all = |it: &Object| it.original_id().name.starts_with(OF_ALL);
        if !is_known
            || is_set("serviceAccountName")
            || is_set("kubeConfig")
            || !bindings(objects).any(is_of_all)
            || !objects.iter().any(|object| object.id().kind == DEFINITION)
        {
            return;
        }
        let name = Controller::Kustomize.name();
        let account = (self.cluster.namespace.as_str(), name);
        // A prefix of names renames the account and its bindings alike.
        let is_renamed = |(place, renamed): (&str, &str)| {
            objects.iter().any(|object| {
                let (id, original) = (object.id(), object.original_id());
                id.kind == "ServiceAccount"
                    && (id.namespace.as_str(), id.name.as_str()) == (place, renamed)
                    && original.name == name
            })
        };
        let own = bindings(objects).filter(|binding| {
            binding.id().kind == "ClusterRoleBinding"
                && !is_of_all(binding)
                && (binds(binding, account) || subjects(binding).any(is_renamed))
        });
        let role = |binding: &Object| Some(binding.value()?.at(&["roleRef", "name"])?.as_str()?.to_owned());
        let roles: Vec<Option<String>> = own.map(role).collect();
        let is_few =
            |role: &Option<String>| role.as_deref().is_some_and(|role| OF_NAMESPACES.contains(&role));
        if roles.iter().all(is_few) {
            let roles = roles.into_iter().flatten().collect();
            scope.report_on_cluster(AppliedProblem::FewRights { at: scope.names.name.span, roles });
        }
    }

    /// Reports bindings in the manifests of Flux that bind nothing that is built, or no role. True if there are any.
    pub(super) fn check_bindings(self, objects: &[&Object], scope: &mut Scope<'_, '_>) -> bool {
        let Some(build) = self.build.filter(|build| build.is_known_but_for_sync()) else { return false };
        let before = scope.problems.number();
        let is_of_manifests = |it: &&Object| it.source().place.file.is_components();
        let is_of_all =
            |it: &&Object| it.id().kind == "ClusterRole" && it.original_id().name.starts_with(OF_ALL);
        let roles = objects.iter().copied().filter(is_of_manifests).filter(is_of_all);
        for role in roles.filter(|role| reads_no_sources(role)) {
            let object = describe_object(&role.id().kind, &role.id().name);
            let (at, lost) = (scope.names.name.span, LostRight::Rules(SOURCES));
            scope.report_on_cluster(AppliedProblem::LostRights { at, object, lost });
        }
        for binding in bindings(objects).filter(is_of_manifests) {
            let lost = lost_role(binding, objects, build)
                .or_else(|| lost_account(binding, objects, self.cluster.namespace.as_str()));
            let Some(lost) = lost else { continue };
            let id = binding.id();
            scope.report_on_cluster(AppliedProblem::LostRights {
                at: scope.names.name.span,
                object: describe_object(&id.kind, &id.name),
                lost,
            });
        }
        scope.problems.number() > before
    }
}

/// The API that all controllers read.
const SOURCES: &str = "source.toolkit.fluxcd.io";

/// True for a role of the manifests of Flux that lets controllers read objects of Flux no more.
fn reads_no_sources(role: &Object) -> bool {
    let rules = role.value().and_then(|value| value.get("rules")).map(Value::items).unwrap_or_default();
    let is_of_sources = |group: &Value| matches!(group.as_str(), Some("*" | SOURCES));
    let names_sources =
        |rule: &Value| rule.get("apiGroups").map(Value::items).unwrap_or_default().iter().any(is_of_sources);
    !rules.iter().any(names_sources)
}

fn bindings<'o>(objects: &[&'o Object]) -> impl Iterator<Item = &'o Object> {
    let kinds = ["ClusterRoleBinding", "RoleBinding"];
    objects.iter().copied().filter(move |object| kinds.contains(&object.id().kind.as_str()))
}

/// The namespaces and the names of the ServiceAccounts that a binding names.
fn subjects(binding: &Object) -> impl Iterator<Item = (&str, &str)> {
    let subjects = binding.value().and_then(|value| value.get("subjects")).map(Value::items);
    subjects.unwrap_or_default().iter().filter_map(|subject| {
        let text = |field| subject.get(field).and_then(Value::as_str);
        (text("kind")? == "ServiceAccount").then_some((text("namespace")?, text("name")?))
    })
}

/// True if a binding is for a ServiceAccount, by its namespace and name, or for a group or a user that it is. Source: "Referring to
/// subjects" under "Using RBAC Authorization" of the Kubernetes documentation.
fn binds(binding: &Object, (namespace, name): (&str, &str)) -> bool {
    let all = binding.value().and_then(|value| value.get("subjects")).map(Value::items).unwrap_or_default();
    let is_it = |subject: &Value| {
        let text = |field| subject.get(field).and_then(Value::as_str).unwrap_or_default();
        match text("kind") {
            "Group" => {
                ["system:authenticated", "system:serviceaccounts"].contains(&text("name"))
                    || text("name").strip_prefix("system:serviceaccounts:") == Some(namespace)
            }
            "User" => text("name") == format!("system:serviceaccount:{namespace}:{name}"),
            _ => false,
        }
    };
    subjects(binding).any(|subject| subject == (namespace, name)) || all.iter().any(is_it)
}

/// The role of a binding, if nothing builds it and no patch deletes it.
fn lost_role(binding: &Object, objects: &[&Object], build: &OverlayBuild) -> Option<LostRight> {
    let role = binding.value()?.get("roleRef")?;
    let text = |field| role.get(field).and_then(Value::as_str);
    let (kind, name) = (text("kind")?, text("name")?);
    let is_it = |id: &Id| id.kind == kind && id.name == name;
    // Something else may have made a role that is called otherwise than those of the build.
    let is_meant = |object: &&Object| object.id().kind == kind && is_one_slip(name, &object.id().name);
    let is_of_build = name.starts_with(OF_ALL) || objects.iter().any(is_meant);
    let is_there = OF_CLUSTERS.contains(&name)
        || !is_of_build
        || name.contains("${")
        || objects.iter().any(|object| is_it(object.id()))
        || is_deleted(build, is_it);
    (!is_there).then(|| LostRight::Role(format!("{kind} `{name}`")))
}

/// What a binding has instead of the ServiceAccount of a controller that is in this namespace. It also names those of controllers
/// that are not installed.
fn lost_account(binding: &Object, objects: &[&Object], namespace: &str) -> Option<LostRight> {
    let accounts = || objects.iter().map(|object| object.id()).filter(|id| id.kind == "ServiceAccount");
    let is_built = |place: &str, name: &str| accounts().any(|id| id.name == name && id.namespace == place);
    let moved = subjects(binding).find(|(place, name)| !is_built(place, name) && is_built(namespace, name));
    if let Some((place, name)) = moved.filter(|(place, _)| !place.contains("${")) {
        return Some(LostRight::Account(format!("{place}/{name}")));
    }
    // The one that lets controllers read objects of Flux names all of them.
    let is_of_all = binding.original_id().name.starts_with(OF_ALL);
    let is_named = |name: &str| subjects(binding).any(|subject| subject == (namespace, name));
    let of_controllers = Controller::ALL.into_iter().filter(|it| *it != Controller::SourceWatcher);
    let mut unnamed =
        of_controllers.map(Controller::name).filter(|it| is_built(namespace, it) && !is_named(it));
    unnamed.next().filter(|_| is_of_all).map(|name| LostRight::Unnamed(format!("{namespace}/{name}")))
}

fn is_deleted(build: &OverlayBuild, is_it: impl Fn(&Id) -> bool) -> bool {
    build.patches().iter().any(|patch| patch.deleted.iter().any(&is_it))
}
