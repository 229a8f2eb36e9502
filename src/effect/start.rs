//! What keeps the container of a controller from starting although the API server takes it.

use crate::effect::contradictions::quantity;
use crate::effect::pod::{Workload, container_path, manager_path};
use crate::kustomize::{Value, escape};
use crate::model::{Controller, MANAGER};

/// Why a container does not start as a controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoStart {
    /// The kubelet starts no container as the user 0 with `runAsNonRoot`. The field of the two that something sets, if any.
    Root(Option<&'static str>),
    /// The limit of its memory is less than any container needs.
    Memory(String),
    /// A command takes the place of that of its image.
    Command(String),
    /// The runtime of Go does not read this limit of memory.
    GoMemory(String),
    /// Its pods name an object that is not built; one of nearly the same name is built, and nothing names it.
    NoObject { kind: &'static str, name: String, meant: String },
    /// Its image is for no node with this label.
    OtherNodes { label: &'static str, value: String },
}

/// Labels of nodes, with the values of those that images of Flux are for. Sources: "Well-Known Labels" of the Kubernetes
/// documentation; the platforms in the workflows of release of the controllers.
const NODES: [(&str, &[&str]); 2] =
    [("kubernetes.io/os", &["linux"]), ("kubernetes.io/arch", &["amd64", "arm64", "arm"])];

/// The least memory of a container, in billionths of a byte. A limit below it has `m`, for thousandths, in place of `Mi`.
const LEAST_MEMORY: i128 = 1024 * 1024 * 1_000_000_000;

/// The variable of the memory that the runtime of Go aims for. It ends the process if it cannot read the value.
const GO_MEMORY: &str = "GOMEMLIMIT";

/// The fields that contradict each other in [`NoStart::Root`].
const FIELDS_OF_ROOT: [&str; 2] = ["runAsUser", "runAsNonRoot"];

impl NoStart {
    /// Says which field something sets, by its path.
    pub fn name_field(&mut self, path: &str) {
        if let NoStart::Root(field) = self {
            *field = FIELDS_OF_ROOT.into_iter().find(|it| path.ends_with(it));
        }
    }
}

/// What keeps the container `manager` from starting, each with the paths of its fields.
pub fn faults_of_start(controller: Controller, workload: &Workload<'_>) -> Vec<(Vec<String>, NoStart)> {
    const POD_CONTEXT: &str = "/spec/template/spec/securityContext";
    let of = container_path(MANAGER);
    let own = workload.manager_field("securityContext");
    let of_pods = workload.pod_field(&["securityContext"]);
    let field = |name: &str| own.and_then(|it| it.get(name)).or_else(|| of_pods?.get(name))?.scalar_text();
    let mut faults = Vec::new();
    if field("runAsUser") == Some("0") && field("runAsNonRoot") == Some("true") {
        let of_context = |context: &str| FIELDS_OF_ROOT.map(|it| format!("{context}/{it}"));
        let paths = [of_context(&format!("{of}/securityContext")), of_context(POD_CONTEXT)].concat();
        faults.push((paths, NoStart::Root(None)));
    }
    let memory =
        workload.manager_field("resources").and_then(|it| it.at(&["limits", "memory"])?.scalar_text());
    if let Some(memory) = memory.filter(|it| quantity(it).is_some_and(|it| it > 0 && it < LEAST_MEMORY)) {
        let paths = vec![format!("{of}/resources/limits/memory")];
        faults.push((paths, NoStart::Memory(memory.to_owned())));
    }
    let selector = workload.pod_field(&["nodeSelector"]);
    for (label, values) in NODES {
        let value = selector.and_then(|it| it.get(label)).and_then(Value::scalar_text);
        if let Some(value) = value.filter(|value| !values.contains(value)) {
            let paths = vec![format!("/spec/template/spec/nodeSelector/{}", escape(label))];
            faults.push((paths, NoStart::OtherNodes { label, value: value.to_owned() }));
        }
    }
    let command = workload.manager_field("command").map(Value::items).unwrap_or_default();
    let words: Vec<&str> = command.iter().filter_map(Value::scalar_text).collect();
    // Debuggers and shells may start the controller in the end.
    let mut all = words.iter().copied().chain(workload.arguments());
    if !words.is_empty() && !all.any(|word| word.contains(controller.name())) {
        faults.push((vec![format!("{of}/command")], NoStart::Command(words.join(" "))));
    }
    let variable = |name: &str| {
        let manager = workload.manager()?;
        manager.variables.get(name).copied().flatten().filter(|value| !value.contains('$')).map(str::to_owned)
    };
    if let Some(limit) = variable(GO_MEMORY).filter(|limit| !is_memory_of_go(limit)) {
        faults.push((vec![manager_path("env", "name", GO_MEMORY)], NoStart::GoMemory(limit)));
    }
    faults
}

/// True for a limit that the runtime of Go reads. Source: `parseByteCount` in `runtime/string.go` of Go.
fn is_memory_of_go(limit: &str) -> bool {
    let units = ["KiB", "MiB", "GiB", "TiB", "B", ""];
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let has_unit = |unit: &&str| limit.strip_suffix(*unit).is_some_and(is_number);
    limit.is_empty() || limit == "off" || units.iter().any(has_unit)
}
