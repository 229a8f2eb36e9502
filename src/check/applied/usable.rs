//! Values of objects of Flux that their definitions take, and their controllers do not.
//!
//! Sources: `internal/controller/helmrepository_controller.go` and `pkg/minio` of fluxcd/source-controller; `parseImageReference` of
//! fluxcd/image-reflector-controller; `git/gogit/clone.go` of fluxcd/pkg, which puts `refs/heads/` before a branch; `url.go`
//! of Go, by which all of them read URLs.

use crate::check::applied::AppliedCheck;
use crate::check::applied::repository::before_branch;
use crate::check::applied::url::url_fault;
use crate::check::applied::versions::is_of_flux;
use crate::check::scope::Scope;
use crate::kustomize::{Object, Value};
use crate::overlay_build::FluxSync;
use crate::problem::{AppliedProblem, Unusable, describe_object};

impl AppliedCheck<'_> {
    /// Reports values of objects of Flux with which their controllers do nothing.
    pub(super) fn check_usable(self, sync: FluxSync<'_>, objects: &[&Object], scope: &mut Scope<'_, '_>) {
        for object in objects.iter().filter(|object| is_of_flux(object.id())) {
            let id = object.id();
            let spec = object.value().and_then(|value| value.get("spec"));
            let Some((path, value, fault)) = spec.and_then(|spec| unusable(&id.kind, spec)) else { continue };
            scope.report_on_cluster(AppliedProblem::Unusable {
                at: scope.names.name.span,
                object: describe_object(&id.kind, &id.name),
                value: value.to_owned(),
                fault,
                is_own: sync.repository.is_some_and(|own| own.id() == id),
                by: self.origins.set_by(object, path),
            });
        }
    }
}

/// The path of the first field that the controller of a kind does not take, with its value.
fn unusable<'v>(kind: &str, spec: &'v Value) -> Option<(&'static str, &'v str, Unusable)> {
    let text = |path: &[&str]| spec.at(path).and_then(Value::as_str);
    let has_scheme = |text: &&str| text.contains("://") && !text.starts_with("${");
    let url = text(&["url"]).filter(|_| matches!(kind, "GitRepository" | "HelmRepository" | "OCIRepository"));
    if let Some((url, fault)) = url.and_then(|url| Some((url, url_fault(url)?))) {
        return Some(("/spec/url", url, Unusable::Url(fault)));
    }
    match kind {
        "GitRepository" => {
            let branch = text(&["ref", "branch"]).filter(|branch| branch.starts_with("refs/heads/"))?;
            before_branch(spec).is_none().then_some(("/spec/ref/branch", branch, Unusable::Branch))
        }
        "HelmRepository" => {
            let is_oci = text(&["type"]) == Some("oci");
            let url = text(&["url"]).filter(|url| url.starts_with("oci://") && !is_oci)?;
            Some(("/spec/url", url, Unusable::HelmWithoutType))
        }
        "ImageRepository" => {
            text(&["image"]).filter(has_scheme).map(|it| ("/spec/image", it, Unusable::Scheme("image")))
        }
        "Bucket" => {
            let is_of_minio = matches!(text(&["provider"]), None | Some("generic" | "aws"));
            let endpoint = text(&["endpoint"]).filter(has_scheme).filter(|_| is_of_minio)?;
            Some(("/spec/endpoint", endpoint, Unusable::Scheme("endpoint")))
        }
        _ => None,
    }
}
