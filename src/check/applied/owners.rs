//! Objects that another Kustomization of Flux applies too.

use std::collections::BTreeSet;

use crate::check::applied::AppliedCheck;
use crate::check::scope::Scope;
use crate::effect::{SHARD_LABEL, sees_shard};
use crate::kustomize::{Id, Object, Value, escape};
use crate::model::{Controller, GOTK_COMPONENTS, ObjectKind};
use crate::overlay_build::{FluxSync, Search, is_flux_kustomization};
use crate::problem::AppliedProblem;

impl AppliedCheck<'_> {
    /// Reports Kustomizations that apply the ServiceAccounts and Deployments of this overlay too.
    pub(super) fn check_owners(self, sync: FluxSync<'_>, objects: &[&Object], scope: &mut Scope<'_, '_>) {
        let Some(own) = sync.kustomization else { return };
        let others = objects.iter().filter(|it| is_flux_kustomization(it) && it.id() != own.id());
        for other in others {
            let of_other = sync.of_other(other, objects.iter().copied());
            if !of_other.reads_same_source(sync) || of_other.is_suspended() {
                continue;
            }
            let shared = self.shared_objects(of_other, objects);
            if let Some(first) = shared.first() {
                let Id { namespace, name, .. } = other.id();
                scope.report_on_cluster(AppliedProblem::AppliedTwice {
                    at: scope.names.name.span,
                    kustomization: format!("{namespace}/{name}"),
                    path: of_other.path().to_owned(),
                    object: format!("{} `{}`", first.kind, first.name),
                    more: shared.len().saturating_sub(1),
                    by: self.origins.of_place(&other.source().place),
                });
            }
        }
    }

    /// Reports a Kustomization that was renamed or moved, so that Flux deletes the one of the former name with all that it applied.
    pub(super) fn check_name(self, own: &Object, sync: FluxSync<'_>, scope: &mut Scope<'_, '_>) {
        let prune = sync.spec().and_then(|spec| spec.get("prune")).and_then(Value::scalar_text);
        let Id { namespace, name, .. } = own.id();
        let former = own.original_id().name;
        // `flux bootstrap` names both objects like their namespace.
        let is_bootstrapped = sync.repository.is_some_and(|it| it.original_id().name == *namespace);
        let former = if former == *name && is_bootstrapped { namespace.clone() } else { former };
        // What moves all that is built was reported.
        let home = self.cluster.namespace.as_str();
        let is_moved = namespace != home && *name == home && own.original_id().namespace == *namespace;
        let (field, name, former) = if is_moved {
            ("namespace", format!("{namespace}/{name}"), home.to_owned())
        } else {
            ("name", name.clone(), former)
        };
        if former == name || prune != Some("true") {
            return;
        }
        let (at, by) = (scope.names.name.span, self.origins.set_by(own, &format!("/metadata/{field}")));
        scope.report_on_cluster(AppliedProblem::Renamed { at, field, name, former, by });
    }

    /// Reports an object of Flux with the label of a shard that no controller of the overlay is for.
    pub(super) fn check_shard(self, controller: Controller, own: &Object, scope: &mut Scope<'_, '_>) {
        let label =
            own.value().and_then(|value| value.at(&["metadata", "labels", SHARD_LABEL])?.scalar_text());
        let Some((shard, build)) = label.zip(self.build) else { return };
        let mut all = build.deployments(controller, self.cluster.namespace.as_str()).peekable();
        let is_known = build.is_known_but_for_sync() && all.peek().is_some();
        let is_seen = all.any(|(it, value)| sees_shard(&build.workload(it, value).arguments(), shard));
        if is_seen || !is_known {
            return;
        }
        scope.report_on_cluster(AppliedProblem::OfShard {
            at: scope.names.name.span,
            kind: own.id().kind.clone(),
            controller,
            label: format!("{SHARD_LABEL}: {shard}"),
            by: self.origins.set_by(own, &format!("/metadata/labels/{}", escape(SHARD_LABEL))),
        });
    }

    /// The objects of controllers in this overlay that another Kustomization applies.
    fn shared_objects(self, other: FluxSync<'_>, objects: &[&Object]) -> Vec<Id> {
        let builder = self.readings.builder();
        let file = self.placement.output.join(GOTK_COMPONENTS).filter(|_| self.build.is_none());
        // What is not built adds nothing to what is installed.
        let installed = file.and_then(|file| builder.objects(&file).ok()).unwrap_or_default();
        let ours = objects.iter().copied().chain(&installed).map(Object::id);
        let namespace = self.cluster.namespace.as_str();
        let is_of_controller = |id: &&Id| {
            id.namespace == namespace
                && ObjectKind::from_name(&id.kind).is_some()
                && Controller::from_name(&id.name).is_some()
        };
        let ours: BTreeSet<&Id> = ours.filter(is_of_controller).collect();
        let directories = [Some(&self.placement.output), self.placement.directory.as_ref()];
        let includes_this = |root| {
            let mut directories = directories.into_iter().flatten();
            directories.any(|directory| Search::new(directory, builder).find(root) == Some(true))
        };
        let Some(root) = other.root(builder) else { return Vec::new() };
        if includes_this(&root) && !other.changes_objects() {
            return ours.into_iter().cloned().collect();
        }
        let applied = self.readings.applied_by(other);
        ours.into_iter().filter(|id| applied.contains(*id)).cloned().collect()
    }
}
