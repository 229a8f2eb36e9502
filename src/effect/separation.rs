//! Whether network policies and Services let controllers reach each other.
//!
//! Sources: `NetworkPolicySpec` in the API reference of Kubernetes; the ports of the Services in `manifests/bases` of
//! fluxcd/flux2. What is not understood counts as reachable.

use crate::effect::diversion::{NO_PROXY, PROXY};
use crate::effect::manager_path;
use crate::effect::network::{
    allows_port, blocking, leads_outside, matches_labels, restricts_egress, selects,
};
use crate::effect::pod::Workload;
use crate::kustomize::{Object, Value};
use crate::model::Controller;

/// The ports of a controller: that of its pods, and that of its Service, which some networks compare.
const PORTS: [u16; 2] = [9090, 80];
/// The label of every namespace with its name.
const NAMESPACE_LABEL: &str = "kubernetes.io/metadata.name";

/// The controllers that a controller sends requests to: for artifacts, and with events.
pub const fn needed_by(controller: Controller) -> &'static [Controller] {
    match controller {
        Controller::Kustomize | Controller::Helm | Controller::SourceWatcher => {
            &[Controller::Source, Controller::Notification]
        }
        Controller::Source | Controller::ImageReflector | Controller::ImageAutomation => {
            &[Controller::Notification]
        }
        Controller::Notification => &[],
    }
}

/// The policies of a namespace that keep requests of some pods from other pods of the namespace: those that let nothing of
/// the one out to the other, or else those that let nothing in.
pub fn separating_policies<'o>(
    [from, to]: [&Workload<'_>; 2],
    policies: impl IntoIterator<Item = &'o Object> + Clone,
    namespace: &str,
) -> Vec<&'o Object> {
    let out = blocking(
        policies.clone(),
        |spec| restricts_egress(spec) && selects(spec, from),
        |spec| rules_allow(spec, ["egress", "to"], to, namespace),
    );
    if !out.is_empty() {
        return out;
    }
    blocking(
        policies,
        |spec| restricts_ingress(spec) && selects(spec, to),
        |spec| rules_allow(spec, ["ingress", "from"], from, namespace),
    )
}

/// The field for which the pods of a workload do not find Services by their names, or ask a proxy for them. Source: "Pod's DNS Policy" of the Kubernetes
/// documentation.
pub fn hides_services(workload: &Workload<'_>) -> Option<NameField> {
    let text = |field| workload.pod_field(&[field]).and_then(Value::scalar_text);
    let is_on_host = text("hostNetwork") == Some("true");
    // Others may know the servers of the cluster.
    if workload.pod_field(&["dnsConfig"]).is_some() {
        return None;
    }
    match text("dnsPolicy") {
        Some("Default") => Some(NameField::DnsPolicy),
        None | Some("ClusterFirst") if is_on_host => Some(NameField::HostNetwork),
        _ => proxy_of_services(workload).map(NameField::Proxy),
    }
}

/// The variable of a proxy that requests for Services go to, too, because nothing exempts a name in the cluster.
/// Source: `golang.org/x/net/http/httpproxy`.
fn proxy_of_services(workload: &Workload<'_>) -> Option<&'static str> {
    let variables = &workload.manager()?.variables;
    let proxy = PROXY.into_iter().find(|name| variables.get(name).is_some_and(|value| *value != Some("")))?;
    let may_exempt = |name: &&str| {
        let Some(value) = variables.get(name) else { return false };
        let parts =
            |hosts: &str| hosts.split(['.', ',', ' ']).any(|part| ["svc", "cluster", "*"].contains(&part));
        // One of a domain may be that of the cluster.
        let has_domain = |hosts: &str| hosts.split([',', ' ']).any(|host| host.starts_with('.'));
        value.is_none_or(|hosts| hosts.contains("-controller") || has_domain(hosts) || parts(hosts))
    };
    (!NO_PROXY.iter().any(may_exempt)).then_some(proxy)
}

/// A field of pods for which their requests for Services go elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameField {
    HostNetwork,
    DnsPolicy,
    /// This variable of the container.
    Proxy(&'static str),
}

impl NameField {
    /// Its path in a Deployment.
    pub fn path(self) -> String {
        match self {
            NameField::HostNetwork => "/spec/template/spec/hostNetwork".to_owned(),
            NameField::DnsPolicy => "/spec/template/spec/dnsPolicy".to_owned(),
            NameField::Proxy(variable) => manager_path("env", "name", variable),
        }
    }
}

fn restricts_ingress(spec: &Value) -> bool {
    match spec.get("policyTypes").map(Value::items) {
        Some(types @ [_, ..]) => types.iter().any(|one| one.as_str() == Some("Ingress")),
        Some([]) | None => true,
    }
}

fn rules_allow(spec: &Value, [rules, peers]: [&str; 2], other: &Workload<'_>, namespace: &str) -> bool {
    let is_other = |peer: &Value| match peer.get("ipBlock") {
        Some(block) => leads_outside(block),
        None => is_in(peer, namespace) && matches_labels(peer.get("podSelector"), |key| other.pod_label(key)),
    };
    let allows = |rule: &Value| {
        let peers = rule.get(peers).map(Value::items).unwrap_or_default();
        PORTS.iter().any(|port| allows_port(rule, "TCP", *port))
            && (peers.is_empty() || peers.iter().any(is_other))
    };
    spec.get(rules).map(Value::items).unwrap_or_default().iter().any(allows)
}

/// True if a peer may be in a namespace. Of its labels only one is known.
fn is_in(peer: &Value, namespace: &str) -> bool {
    let selector = peer.get("namespaceSelector");
    let of_name = |selector: &Value| {
        let labels = selector.get("matchLabels").map(Value::entries).unwrap_or_default();
        labels.iter().all(|(key, value)| key != NAMESPACE_LABEL || value.scalar_text() == Some(namespace))
    };
    selector.is_none_or(of_name)
}
