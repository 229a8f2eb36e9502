//! Whether a Service leads to the pods of a controller.
//!
//! Source: "Service" in the Kubernetes documentation.

use std::collections::BTreeSet;

use crate::effect::pod::Workload;
use crate::kustomize::Value;

/// Why a Service leads to no controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServiceFault {
    Deleted,
    SelectsNone,
    /// It is the name of something elsewhere.
    External,
    /// Its name has the addresses of the pods, which listen at another port than this.
    Headless(u16),
    /// It has not this port, which others send requests to.
    NoPort(u16),
    /// Its port leads to a port that the pods do not have.
    NoTarget(String),
}

impl ServiceFault {
    /// The path of the field that is to blame.
    pub const fn path(&self) -> &'static str {
        match self {
            ServiceFault::Deleted => "/metadata",
            ServiceFault::SelectsNone => "/spec/selector",
            ServiceFault::External => "/spec/type",
            ServiceFault::Headless(_) => "/spec/clusterIP",
            ServiceFault::NoPort(_) | ServiceFault::NoTarget(_) => "/spec/ports",
        }
    }
}

/// Why a Service leads to no pods of a workload. `asked`: the ports of the Service that others send requests to; nobody knows
/// them if there is none. Flux may write values in place of `${…}`.
pub fn service_fault(
    service: &Value,
    workload: &Workload<'_>,
    asked: &BTreeSet<u16>,
) -> Option<ServiceFault> {
    let spec =
        service.get("spec").filter(|_| !service.has_variables() && !workload.deployment.has_variables())?;
    let text = |field| spec.get(field).and_then(Value::scalar_text);
    if text("type") == Some("ExternalName") {
        return Some(ServiceFault::External);
    }
    let ports = spec.get("ports").map(Value::items).unwrap_or_default();
    let selector = spec.get("selector").map(Value::entries).unwrap_or_default();
    let is_other = |(key, value): &(String, Value)| workload.pod_label(key) != value.scalar_text();
    if selector.iter().any(is_other) || selector.is_empty() && !ports.is_empty() {
        return Some(ServiceFault::SelectsNone);
    }
    let number = |port: &Value| port.get("port").and_then(Value::scalar_text)?.parse::<u16>().ok();
    let missing = asked.iter().find(|asked| !ports.iter().any(|port| number(port) == Some(**asked)));
    if let Some(missing) = missing.filter(|_| !ports.is_empty()) {
        return Some(ServiceFault::NoPort(*missing));
    }
    // Pods that say nothing of their ports may have any.
    if workload.manager_field("ports").is_none_or(|ports| ports.items().is_empty()) {
        return None;
    }
    let used =
        ports.iter().filter(|port| asked.is_empty() || number(port).is_some_and(|it| asked.contains(&it)));
    used.into_iter().find_map(|port| {
        let own = number(port)?;
        let target = port.get("targetPort").and_then(Value::scalar_text);
        let target = target.map_or_else(|| own.to_string(), str::to_owned);
        let Some(listens) = port_of_pods(workload, &target) else {
            return Some(ServiceFault::NoTarget(target));
        };
        let is_headless = text("clusterIP") == Some("None") && !asked.is_empty();
        (is_headless && listens != own).then_some(ServiceFault::Headless(own))
    })
}

/// The number of a port of the pods, by its name or its number.
fn port_of_pods(workload: &Workload<'_>, target: &str) -> Option<u16> {
    let lists = ["containers", "initContainers"].into_iter().filter_map(|list| workload.pod_field(&[list]));
    let containers: Vec<&Value> = lists.flat_map(Value::items).collect();
    let ports = || containers.iter().filter_map(|it| it.get("ports")).flat_map(Value::items);
    let number = |port: &Value| port.get("containerPort")?.scalar_text()?.parse::<u16>().ok();
    if let Ok(wanted) = target.parse::<u16>() {
        // A container may listen where it does not say so. What the controller listens at is named.
        let is_certain = containers.len() == 1 && ports().next().is_some();
        let is_there = ports().any(|port| number(port) == Some(wanted));
        return (is_there || !is_certain).then_some(wanted);
    }
    let named = ports().find(|port| port.get("name").and_then(Value::scalar_text) == Some(target));
    named.and_then(number)
}
