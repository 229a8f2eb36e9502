//! What keeps the Kustomization of Flux from applying an overlay to its own cluster: it has another, has a variable
//! that is refused, cannot decrypt what is built, or has no namespace for it.
//!
//! Sources: `kubeConfig` and `decryption` in the API reference of kustomize-controller; `IsEncryptedSecret` and
//! `IsDecryptionDisabled` in its `internal/decryptor/decryptor.go`; `errors.go` of `ssa` in
//! fluxcd/pkg.

use crate::check::applied::AppliedCheck;
use crate::check::scope::Scope;
use crate::effect::unapplied;
use crate::installation::TOOLKIT;
use crate::kustomize::{Id, Object, Value, escape};
use crate::overlay_build::FluxSync;
use crate::problem::{AppliedProblem, describe_object};

/// The annotation of an object that is applied without decryption.
const DECRYPT: &str = "kustomize.toolkit.fluxcd.io/decrypt";

impl AppliedCheck<'_> {
    /// Reports a Kustomization that applies the overlay to another cluster.
    pub(super) fn check_destination(self, sync: FluxSync<'_>, scope: &mut Scope<'_, '_>) {
        let Some(kustomization) = sync.kustomization.filter(|_| is_set(sync, "kubeConfig")) else { return };
        let by = self.origins.set_by(kustomization, "/spec/kubeConfig");
        scope.report_on_cluster(AppliedProblem::OtherCluster { at: scope.names.name.span, by });
    }

    /// Reports encrypted Secrets that the Kustomization does not decrypt.
    pub(super) fn check_encrypted(self, sync: FluxSync<'_>, objects: &[&Object], scope: &mut Scope<'_, '_>) {
        if is_set(sync, "decryption") {
            return;
        }
        let encrypted: Vec<&Object> = objects.iter().copied().filter(|it| is_encrypted(it)).collect();
        let Some(first) = encrypted.first() else { return };
        scope.report_on_cluster(AppliedProblem::Encrypted {
            at: scope.names.name.span,
            secrets: encrypted.iter().map(|secret| secret.id().name.clone()).collect(),
            by: self.origins.of_place(&first.source().place),
        });
    }
}

impl AppliedCheck<'_> {
    /// Reports names of variables that kustomize-controller refuses.
    pub(super) fn check_variables(self, sync: FluxSync<'_>, scope: &mut Scope<'_, '_>) {
        let Some((object, spec)) = sync.kustomization.zip(sync.spec()) else { return };
        let variables = spec.at(&["postBuild", "substitute"]).map(Value::entries).unwrap_or_default();
        for (name, _) in variables.iter().filter(|(name, _)| !is_variable(name)) {
            let path = format!("/spec/postBuild/substitute/{}", escape(name));
            let (at, by) = (scope.names.name.span, self.origins.set_by(object, &path));
            scope.report_on_cluster(AppliedProblem::RefusedVariable { at, name: name.clone(), by });
        }
    }

    /// Reports objects without the namespace that their kind needs: kustomize-controller has none for them.
    pub(super) fn check_namespaces(self, scope: &mut Scope<'_, '_>) {
        let Some(build) = self.build.filter(|build| build.above().is_none()) else { return };
        let is_lost = |object: &&Object| {
            object.id().namespace.is_empty()
                && is_namespaced(object.id())
                && object.value().is_some_and(|value| unapplied(value).is_none())
        };
        let lost: Vec<&Object> = build.objects().filter(is_lost).collect();
        let Some(first) = lost.first() else { return };
        scope.report_on_cluster(AppliedProblem::WithoutNamespace {
            at: scope.names.name.span,
            objects: lost.iter().map(|it| describe_object(&it.id().kind, &it.id().name)).collect(),
            by: self.origins.set_by(first, "/metadata"),
        });
    }
}

/// True for the name of a variable. Source: `varsubRegex` in `kustomize/kustomize_varsub.go` of fluxcd/pkg.
fn is_variable(name: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphabetic() || letter == '_';
    name.starts_with(is_letter) && name.chars().all(|letter| is_letter(letter) || letter.is_ascii_digit())
}

/// True for kinds whose objects certainly are in a namespace: those of Flux, and common ones of Kubernetes.
fn is_namespaced(id: &Id) -> bool {
    let kinds: &[&str] = match id.group.as_str() {
        "" => &[
            "ConfigMap",
            "LimitRange",
            "PersistentVolumeClaim",
            "Pod",
            "ResourceQuota",
            "Secret",
            "Service",
            "ServiceAccount",
        ],
        "apps" => &["DaemonSet", "Deployment", "StatefulSet"],
        "autoscaling" => &["HorizontalPodAutoscaler"],
        "batch" => &["CronJob", "Job"],
        "networking.k8s.io" => &["Ingress", "NetworkPolicy"],
        "policy" => &["PodDisruptionBudget"],
        "rbac.authorization.k8s.io" => &["Role", "RoleBinding"],
        group => return group.ends_with(TOOLKIT),
    };
    kinds.contains(&id.kind.as_str())
}

/// True if the Kustomization has a field in its `spec`.
fn is_set(sync: FluxSync<'_>, field: &str) -> bool {
    sync.spec().and_then(|spec| spec.get(field)).is_some_and(|value| !value.is_null())
}

/// True for a Secret that kustomize-controller does not apply as it is.
fn is_encrypted(object: &Object) -> bool {
    let id = object.id();
    if id.kind != "Secret" || !id.group.is_empty() {
        return false;
    }
    let Some(value) = object.value() else { return false };
    let decrypt = value.at(&["metadata", "annotations", DECRYPT]).and_then(Value::as_str);
    value.get("sops").is_some() && !decrypt.is_some_and(|text| text.eq_ignore_ascii_case("disabled"))
}
