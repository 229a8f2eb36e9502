//! Directories that a controller writes to, and cannot.
//!
//! Sources: `manifests/bases` of fluxcd/flux2, which mount a volume at each; `main.go` of the controllers for `--storage-path`;
//! `readOnlyRootFilesystem` of `SecurityContext` in the API reference of Kubernetes.

use crate::effect::arguments::last_flag;
use crate::effect::pod::Workload;
use crate::kustomize::Value;
use crate::model::Controller;

const TEMPORARY: &str = "/tmp";
/// The variable that names another directory for temporary files. Source: `TempDir` in `os` of Go.
const TEMPORARY_VARIABLE: &str = "TMPDIR";
/// The default of image-reflector-controller.
const DATA: &str = "/data";

/// The volumes that nothing is written to.
const READ_ONLY: [&str; 4] = ["configMap", "secret", "projected", "downwardAPI"];

/// The directories that a controller writes to, and where no volume is mounted to write to while the rest is read-only.
pub fn unwritable<'o>(controller: Controller, workload: &Workload<'o>) -> Vec<&'o str> {
    let context = workload.manager_field("securityContext");
    let is_read_only = context.and_then(|it| it.get("readOnlyRootFilesystem")?.scalar_text()) == Some("true");
    if !is_read_only || workload.deployment.has_variables() {
        return Vec::new();
    }
    let temporary = match controller {
        Controller::Source
        | Controller::Kustomize
        | Controller::Helm
        | Controller::ImageAutomation
        | Controller::SourceWatcher => !workload.may_have_variable(TEMPORARY_VARIABLE),
        Controller::Notification | Controller::ImageReflector => false,
    };
    let path = last_flag(&workload.arguments(), "storage-path").map(|(_, path)| path);
    let stored = match controller {
        Controller::Source | Controller::SourceWatcher => path,
        Controller::ImageReflector => path.or(Some(DATA)),
        Controller::Kustomize | Controller::Helm | Controller::Notification | Controller::ImageAutomation => {
            None
        }
    };
    let needed =
        temporary.then_some(TEMPORARY).into_iter().chain(stored.filter(|path| path.starts_with('/')));
    needed.filter(|directory| !has_volume(workload, directory)).collect()
}

/// True if a volume is mounted at a directory, or at one above, that a container may write to.
fn has_volume(workload: &Workload<'_>, directory: &str) -> bool {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::scalar_text).map(str::to_owned);
    let volumes = workload.pod_field(&["volumes"]).map(Value::items).unwrap_or_default();
    let is_read_only = |name: &Option<String>| {
        let volume = volumes.iter().find(|volume| text(volume, "name") == *name);
        volume.is_some_and(|volume| READ_ONLY.iter().any(|source| volume.get(source).is_some()))
    };
    let mounts = workload.manager_field("volumeMounts").map(Value::items).unwrap_or_default();
    mounts.iter().any(|mount| {
        let at = text(mount, "mountPath").unwrap_or_default();
        let rest = directory.strip_prefix(at.trim_end_matches('/'));
        let is_there = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        is_there && text(mount, "readOnly").as_deref() != Some("true") && !is_read_only(&text(mount, "name"))
    })
}
