//! Whether commits reach a cluster: the `GitRepository` of its overlay follows a branch.

use crate::check::applied::AppliedCheck;
use crate::check::scope::Scope;
use crate::kustomize::{Id, Object, Value};
use crate::overlay_build::{FluxSync, OverlayBuild};
use crate::problem::{AppliedProblem, FluxObject};

impl AppliedCheck<'_> {
    /// Reports a `GitRepository` that no commit gets through.
    pub(super) fn check_repository(self, sync: FluxSync<'_>, scope: &mut Scope<'_, '_>) {
        let Some((repository, spec)) = sync.repository.zip(sync.repository_spec()) else { return };
        self.check_suspended(FluxObject::GitRepository, repository, scope);
        let url = spec.get("url").and_then(Value::as_str).unwrap_or_default();
        if url.starts_with("ssh://") && spec.at(&["secretRef", "name"]).is_none() {
            let (at, by) = (scope.names.name.span, self.origins.set_by(repository, "/spec/url"));
            scope.report_on_cluster(AppliedProblem::NoKey { at, url: url.to_owned(), by });
        }
        if let Some((field, revision)) = fixed_revision(spec) {
            let by = self.origins.set_by(repository, &format!("/spec/ref/{field}"));
            scope.report_on_cluster(AppliedProblem::FixedRevision {
                at: scope.names.name.span,
                field,
                revision: revision.to_owned(),
                by,
            });
        }
    }

    /// Reports a source of the Kustomization that nothing builds.
    pub(super) fn check_source(self, sync: FluxSync<'_>, objects: &[&Object], scope: &mut Scope<'_, '_>) {
        let Some((kustomization, source)) = sync.kustomization.zip(sync.source()) else { return };
        let is_known = self.build.is_none_or(OverlayBuild::is_known_but_for_sync);
        let of_kind = || objects.iter().map(|object| object.id()).filter(|id| id.kind == source.kind);
        let is_it = |id: &Id| id.name == source.name && id.namespace == source.namespace;
        if !is_known || of_kind().any(is_it) {
            return;
        }
        let mut there = of_kind().filter(|id| id.namespace == source.namespace).map(|id| id.name.as_str());
        let near = there.next().filter(|_| there.next().is_none());
        scope.report_on_cluster(AppliedProblem::MissingSource {
            at: scope.names.name.span,
            source: format!("{} `{}/{}`", source.kind, source.namespace, source.name),
            near: near.map(str::to_owned),
            by: self.origins.set_by(kustomization, "/spec/sourceRef/name"),
        });
    }

    /// Reports an object of Flux that is suspended.
    pub(super) fn check_suspended(self, object: FluxObject, of: &Object, scope: &mut Scope<'_, '_>) {
        let suspend = of.value().and_then(|value| value.at(&["spec", "suspend"])?.scalar_text());
        if suspend == Some("true") {
            let by = self.origins.set_by(of, "/spec/suspend");
            scope.report_on_cluster(AppliedProblem::Suspended { at: scope.names.name.span, object, by });
        }
    }
}

/// The field of `spec.ref` that decides before `branch` does, with its value.
/// Source: `internal/controller/gitrepository_controller.go` of fluxcd/source-controller, and `git/gogit/clone.go` of
/// fluxcd/pkg.
pub(super) fn before_branch(spec: &Value) -> Option<(&'static str, &str)> {
    let reference = spec.get("ref")?;
    let set = |field| Some((field, reference.get(field)?.scalar_text().filter(|text| !text.is_empty())?));
    ["commit", "name", "semver", "tag"].into_iter().find_map(set)
}

/// The field that decides in place of a branch, with its value, if what it names never changes.
fn fixed_revision(spec: &Value) -> Option<(&'static str, &str)> {
    let deciding = before_branch(spec)?;
    let is_fixed = |name: &str| name.starts_with("refs/tags/");
    Some(deciding).filter(|(field, value)| *field != "name" || is_fixed(value))
}
