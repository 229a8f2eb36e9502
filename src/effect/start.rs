//! What keeps the container of a controller from starting although the API server takes it.

use crate::effect::contradictions::quantity;
use crate::effect::pod::{Workload, container_path};
use crate::kustomize::Value;
use crate::model::{Controller, MANAGER};

/// Why a container does not start as a controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoStart {
    /// The kubelet starts no container as the user 0 with `runAsNonRoot`.
    Root,
    /// The limit of its memory is less than any container needs.
    Memory(String),
    /// A command takes the place of that of its image.
    Command(String),
}

/// The least memory of a container. Source: the runtimes of containers, which need about 6 MiB for themselves.
const LEAST_MEMORY: f64 = 1024.0 * 1024.0;

/// What keeps the container `manager` from starting, each with the paths of its fields.
pub fn faults_of_start(controller: Controller, workload: &Workload<'_>) -> Vec<(Vec<String>, NoStart)> {
    const POD_CONTEXT: &str = "/spec/template/spec/securityContext";
    let of = container_path(MANAGER);
    let own = workload.manager_field("securityContext");
    let of_pods = workload.pod_field(&["securityContext"]);
    let field = |name: &str| own.and_then(|it| it.get(name)).or_else(|| of_pods?.get(name))?.scalar_text();
    let mut faults = Vec::new();
    if field("runAsUser") == Some("0") && field("runAsNonRoot") == Some("true") {
        let of_context = |context: &str| ["runAsUser", "runAsNonRoot"].map(|it| format!("{context}/{it}"));
        let paths = [of_context(&format!("{of}/securityContext")), of_context(POD_CONTEXT)].concat();
        faults.push((paths, NoStart::Root));
    }
    let memory =
        workload.manager_field("resources").and_then(|it| it.at(&["limits", "memory"])?.scalar_text());
    if let Some(memory) = memory.filter(|it| quantity(it).is_some_and(|it| it > 0.0 && it < LEAST_MEMORY)) {
        let paths = vec![format!("{of}/resources/limits/memory")];
        faults.push((paths, NoStart::Memory(memory.to_owned())));
    }
    let command = workload.manager_field("command").map(Value::items).unwrap_or_default();
    let words: Vec<&str> = command.iter().filter_map(Value::scalar_text).collect();
    // Debuggers and shells may start the controller in the end.
    if !words.is_empty() && !words.iter().any(|word| word.contains(controller.name())) {
        faults.push((vec![format!("{of}/command")], NoStart::Command(words.join(" "))));
    }
    faults
}
