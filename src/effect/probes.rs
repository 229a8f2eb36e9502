//! Whether probes ask ports that their containers have.

use crate::effect::pod::{Workload, container_path};
use crate::kustomize::Value;

/// The probes without which pods are restarted, and the one without which nothing is sent to them.
const PROBES: [&str; 3] = ["livenessProbe", "startupProbe", "readinessProbe"];

/// A probe that asks a port by a name that no port of its container has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownPort {
    pub container: String,
    /// The field of the probe.
    pub probe: &'static str,
    /// The path of the port in the probe.
    pub path: String,
    pub port: String,
}

/// The probes of the pods that ask unknown ports. Source: "Configure Liveness, Readiness and Startup Probes" in the Kubernetes
/// documentation.
pub fn unknown_ports(workload: &Workload<'_>) -> Vec<UnknownPort> {
    let (mut unknown, text) = (Vec::new(), |value: &Value| value.scalar_text().map(str::to_owned));
    for container in workload.pod_field(&["containers"]).map(Value::items).unwrap_or_default() {
        let name = container.get("name").and_then(text).unwrap_or_default();
        let names: Vec<String> = container
            .get("ports")
            .map(Value::items)
            .unwrap_or_default()
            .iter()
            .filter_map(|port| port.get("name").and_then(text))
            .collect();
        // A container that says nothing of its ports is written in part.
        if names.is_empty() {
            continue;
        }
        for (probe, way) in
            PROBES.into_iter().flat_map(|probe| ["httpGet", "tcpSocket"].map(|way| (probe, way)))
        {
            let port = container.at(&[probe, way, "port"]).and_then(text);
            let Some(port) = port.filter(|it| it.parse::<u16>().is_err() && !names.contains(it)) else {
                continue;
            };
            if !port.contains('$') {
                let path = format!("{}/{probe}/{way}/port", container_path(&name));
                unknown.push(UnknownPort { container: name.clone(), probe, path, port });
            }
        }
    }
    unknown
}
