//! Conflicts between an overlay's identities and what the cluster passes through: patches that set or delete what an
//! identity sets, and objects in other namespaces that would get the identity too.

use crate::check::checked_cluster::CheckedCluster;
use crate::check::origin::{Origins, PatchOrigin};
use crate::check::scope::Scope;
use crate::effect::{Field, annotation_path, manager_path};
use crate::kustomize::{Change, Object, Step, escape};
use crate::model::object_level::FEATURE_GATE;
use crate::model::{Additions, Assignee, Controller, ObjectKind};
use crate::overlay_build::{OverlayBuild, is_in_namespace};
use crate::problem::{ErrorGuaranteed, FitProblem, PassedFault, PassedProblem};
use crate::span::Span;

/// A cluster and what its overlay builds.
#[derive(Clone, Copy)]
pub struct Conflicts<'b> {
    pub checked: &'b CheckedCluster,
    pub build: &'b OverlayBuild,
    pub origins: Origins<'b>,
}

/// Something that an identity sets on an object.
struct SetField<'a> {
    kind: ObjectKind,
    /// What it is.
    what: &'static str,
    name: &'a str,
    /// Its path in the object.
    path: String,
}

impl Conflicts<'_> {
    /// Reports what is in conflict with the identities of a controller.
    ///
    /// # Errors
    /// There is a conflict.
    pub fn check(self, controller: Controller, scope: &mut Scope<'_, '_>) -> Result<(), ErrorGuaranteed> {
        let cluster = &self.checked.cluster;
        let Some(credentials) = cluster.credentials.get(&controller) else { return Ok(()) };
        let additions = Additions::new(controller, credentials, &cluster.namespace, cluster.restart);
        let at = self.checked.first_origin(Assignee::Controller(controller));
        let mut outcome = self.check_deletions(controller, at, scope);
        for field in fields_set(&additions) {
            let SetField { kind, what, name, path } = field;
            for object in self.build.of_controller(kind, controller).filter(|it| self.is_of_flux(it)) {
                for patch in self.patches_of(object, |change| change.sets(&path)) {
                    let name = name.to_owned();
                    outcome = Err(self.refuse_set_twice(controller, (what, name), at, patch, scope));
                }
            }
        }
        self.check_elsewhere(controller, at, &additions, scope).and(outcome)
    }

    /// Reports patches that set the feature gate of object-level identity, which the overlay sets.
    ///
    /// # Errors
    /// There is such a patch.
    pub fn check_gate(self, scope: &mut Scope<'_, '_>) -> Result<(), ErrorGuaranteed> {
        let Some(object_level) = &self.checked.cluster.object_level else { return Ok(()) };
        let Some(at) = self.checked.first_account_origin() else { return Ok(()) };
        let arguments = manager_path("args", "", "");
        for controller in &object_level.gated {
            let deployments = self.build.of_controller(ObjectKind::Deployment, *controller);
            for object in deployments.filter(|it| self.is_of_flux(it)) {
                let is_gate = |path: &String| path.starts_with(&arguments) && path.contains(FEATURE_GATE);
                let patches = self.patches_of(object, |change| change.paths.iter().any(is_gate));
                if let Some(patch) = patches.first() {
                    let field = ("feature gate", FEATURE_GATE.to_owned());
                    return Err(self.refuse_set_twice(*controller, field, at, patch, scope));
                }
            }
        }
        Ok(())
    }

    /// The patches of the source that made such a change to an object.
    fn patches_of(&self, object: &Object, is_wanted: impl Fn(&Change) -> bool) -> Vec<&PatchOrigin> {
        let changes = object.changes().iter().filter(|change| is_wanted(change));
        changes.filter_map(|change| self.origins.patch(&change.place)).collect()
    }

    fn refuse_set_twice(
        self,
        controller: Controller,
        (what, name): (&'static str, String),
        mapped: Span,
        patch: &PatchOrigin,
        scope: &mut Scope<'_, '_>,
    ) -> ErrorGuaranteed {
        let controller = controller.name();
        let fault =
            PassedFault::SetTwice { controller, what, name, mapped, patch: self.origins.shown(patch) };
        scope.refuse(PassedProblem::new(patch.at, fault))
    }

    fn check_deletions(
        self,
        controller: Controller,
        mapped: Span,
        scope: &mut Scope<'_, '_>,
    ) -> Result<(), ErrorGuaranteed> {
        let mut outcome = Ok(());
        for applied in self.build.patches() {
            let Some(patch) = self.origins.patch(&applied.place) else { continue };
            let deleted = applied.deleted.iter().filter(|id| {
                id.name == controller.name() && id.namespace == self.checked.cluster.namespace.as_str()
            });
            for kind in deleted.filter_map(|id| ObjectKind::from_name(&id.kind)) {
                let fault = PassedFault::Deletes {
                    controller: controller.name(),
                    kind: kind.name(),
                    mapped,
                    patch: self.origins.shown(patch),
                };
                outcome = Err(scope.refuse(PassedProblem::new(patch.at, fault)));
            }
        }
        outcome
    }

    /// Reports objects of the controller's name in other namespaces, which get the identity too: targets name no namespace.
    fn check_elsewhere(
        self,
        controller: Controller,
        at: Span,
        additions: &Additions<'_>,
        scope: &mut Scope<'_, '_>,
    ) -> Result<(), ErrorGuaranteed> {
        let name = controller.name();
        let mut outcome = Ok(());
        for kind in ObjectKind::ALL {
            let is_patched = match kind {
                ObjectKind::ServiceAccount => !additions.annotations.is_empty(),
                ObjectKind::Deployment => additions.has_deployment(),
            };
            // One that is moved is missing where it belongs, which is reported.
            let namespace = self.checked.cluster.namespace.as_str();
            let is_left = |object: &Object| object.id().effective_namespace() == namespace;
            let is_moved = !self.build.of_controller(kind, controller).any(is_left);
            for object in self.build.of_controller(kind, controller).filter(|_| is_patched) {
                if is_moved || !self.is_patched_elsewhere(object) {
                    continue;
                }
                let (other, file) = (object.id().effective_namespace(), &object.source().place.file);
                let (kind, other, file) = (kind.name(), other.to_owned(), self.origins.shown_file(file));
                outcome = Err(scope.refuse(FitProblem::Elsewhere { at, kind, name, other, file }));
            }
        }
        outcome
    }

    /// True if the overlay's own patches change an object in another namespace than that of Flux.
    fn is_patched_elsewhere(self, object: &Object) -> bool {
        let is_elsewhere = object.id().namespace != self.checked.cluster.namespace.as_str();
        let mut changes = object.changes().iter();
        let is_patched = changes.any(|change| self.origins.is_generated(&change.place));
        // A kustomization above the overlay moves all that the overlay builds.
        is_elsewhere && is_patched && !changes.any(|change| change.by == Step::Namespace)
    }

    fn is_of_flux(self, object: &Object) -> bool {
        is_in_namespace(object, self.checked.cluster.namespace.as_str())
    }
}

/// All that these additions set.
fn fields_set<'a>(additions: &'a Additions<'_>) -> Vec<SetField<'a>> {
    let mut fields = Vec::new();
    let mut add = |kind, what, name: &'a str, path| fields.push(SetField { kind, what, name, path });
    for (name, _) in &additions.annotations {
        add(ObjectKind::ServiceAccount, "annotation", name, annotation_path(name));
    }
    let of_pod = |field: Field| field.path().unwrap_or_default();
    for (name, _) in &additions.labels {
        let label = format!("/metadata/labels/{}", escape(name));
        add(ObjectKind::Deployment, "label", name, label);
        add(ObjectKind::Deployment, "label", name, of_pod(Field::PodLabel((*name).to_owned())));
    }
    for (name, _) in &additions.pod_annotations {
        add(ObjectKind::Deployment, "annotation", name, of_pod(Field::PodAnnotation((*name).to_owned())));
    }
    for (name, _) in &additions.variables {
        add(ObjectKind::Deployment, "variable", name, of_pod(Field::Variable((*name).to_owned())));
    }
    for volume in &additions.volumes {
        let path = format!("/spec/template/spec/volumes/name={}", escape(volume.name));
        add(ObjectKind::Deployment, "volume", volume.name, path);
        let path = manager_path("volumeMounts", "mountPath", volume.mount_path);
        add(ObjectKind::Deployment, "mount", volume.mount_path, path);
    }
    fields
}
