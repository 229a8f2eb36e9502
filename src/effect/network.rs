//! Whether network policies let pods reach what gives them their identity.
//!
//! Sources: `NetworkPolicySpec` in the API reference of Kubernetes; "Authenticate to Google Cloud APIs from GKE workloads",
//! which has the addresses of the metadata server with each data plane; "Learn how EKS Pod Identity grants pods access to AWS
//! services" of the EKS User Guide. What is not understood counts as reachable.

use std::net::{IpAddr, Ipv4Addr};

use crate::effect::pod::Workload;
use crate::kustomize::{Object, Value};

/// What a controller needs over the network to use an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// The service of a cloud that exchanges tokens, outside of the cluster.
    TokenService,
    /// The metadata server of GKE.
    MetadataServer,
    /// The agent of EKS Pod Identity.
    PodIdentityAgent,
    /// What an identity is for, outside of the cluster.
    CloudApis,
    /// The addresses of names.
    Dns,
}

/// The address of the agent of EKS Pod Identity.
pub(super) const AGENT: Ipv4Addr = Ipv4Addr::new(169, 254, 170, 23);
const METADATA: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);
/// Where requests to the metadata server go without the newer data plane.
const METADATA_PODS: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 252);
/// The port of HTTPS.
const HTTPS: u16 = 443;
/// The ports of servers for names; the second is that of the pods of `OpenShift`.
const DNS: [u16; 2] = [53, 5353];

impl Endpoint {
    pub const ALL: [Endpoint; 5] = [
        Endpoint::TokenService,
        Endpoint::MetadataServer,
        Endpoint::PodIdentityAgent,
        Endpoint::CloudApis,
        Endpoint::Dns,
    ];

    /// True if a proxy asks it in place of the pods.
    pub const fn is_reached_by_proxy(self) -> bool {
        match self {
            Endpoint::TokenService | Endpoint::CloudApis | Endpoint::Dns => true,
            Endpoint::MetadataServer | Endpoint::PodIdentityAgent => false,
        }
    }

    /// Addresses, of which one suffices; none for those that are not known.
    const fn addresses(self) -> &'static [(Ipv4Addr, u16)] {
        match self {
            Endpoint::TokenService | Endpoint::CloudApis | Endpoint::Dns => &[],
            Endpoint::MetadataServer => {
                &[(METADATA, 80), (METADATA_PODS, 988), (METADATA_PODS, 987), (Ipv4Addr::LOCALHOST, 988)]
            }
            Endpoint::PodIdentityAgent => &[(AGENT, 80)],
        }
    }
}

/// The policies that keep the pods of a Deployment from an endpoint; none if one of them lets them through.
/// `policies`: those of the namespace.
pub fn blocking_policies<'o>(
    workload: &Workload<'_>,
    policies: impl IntoIterator<Item = &'o Object>,
    endpoint: Endpoint,
) -> Vec<&'o Object> {
    blocking(
        policies,
        |spec| restricts_egress(spec) && selects(spec, workload),
        |spec| {
            let rules = spec.get("egress").map(Value::items).unwrap_or_default();
            rules.iter().any(|rule| allows(rule, endpoint))
        },
    )
}

/// The policies that concern a request if none of them allows it.
pub(super) fn blocking<'o>(
    policies: impl IntoIterator<Item = &'o Object>,
    concerns: impl Fn(&Value) -> bool,
    allows: impl Fn(&Value) -> bool,
) -> Vec<&'o Object> {
    let mut blocking = Vec::new();
    for object in policies {
        let Some(spec) = object.value().and_then(|policy| policy.get("spec")) else { return Vec::new() };
        if !concerns(spec) {
            continue;
        }
        if allows(spec) {
            return Vec::new();
        }
        blocking.push(object);
    }
    blocking
}

pub(super) fn restricts_egress(spec: &Value) -> bool {
    match spec.get("policyTypes").map(Value::items) {
        Some(types @ [_, ..]) => types.iter().any(|one| one.as_str() == Some("Egress")),
        Some([]) | None => spec.get("egress").is_some(),
    }
}

/// True if the selector of a policy surely selects the pods.
pub(super) fn selects(spec: &Value, workload: &Workload<'_>) -> bool {
    matches_labels(spec.get("podSelector"), |key| workload.pod_label(key))
}

/// True if labels surely match a selector. `label`: the value of one.
pub(super) fn matches_labels<'l>(selector: Option<&Value>, label: impl Fn(&str) -> Option<&'l str>) -> bool {
    let selector = |key| selector.and_then(|selector| selector.get(key));
    let has =
        |(key, value): &(String, Value)| value.scalar_text().is_some_and(|value| label(key) == Some(value));
    let matches = |expression: &Value| {
        let text = |key| expression.get(key).and_then(Value::scalar_text);
        let label = text("key").and_then(&label);
        let values = expression.get("values").map(Value::items).unwrap_or_default();
        let is_among = |label: &str| values.iter().any(|value| value.scalar_text() == Some(label));
        match text("operator") {
            Some("In") => label.is_some_and(is_among),
            Some("NotIn") => !label.is_some_and(is_among),
            Some("Exists") => label.is_some(),
            Some("DoesNotExist") => label.is_none(),
            _ => false,
        }
    };
    selector("matchLabels").map(Value::entries).unwrap_or_default().iter().all(has)
        && selector("matchExpressions").map(Value::items).unwrap_or_default().iter().all(matches)
}

fn allows(rule: &Value, endpoint: Endpoint) -> bool {
    let peers = rule.get("to").map(Value::items).unwrap_or_default();
    let blocks = || peers.iter().filter_map(|peer| peer.get("ipBlock"));
    match endpoint {
        Endpoint::TokenService | Endpoint::CloudApis => {
            allows_port(rule, "TCP", HTTPS) && (peers.is_empty() || blocks().any(leads_outside))
        }
        // Pods of the namespace of Flux are no servers for names.
        Endpoint::Dns => {
            let may_be_server =
                |peer: &Value| peer.get("ipBlock").is_some() || peer.get("namespaceSelector").is_some();
            DNS.iter().any(|port| allows_port(rule, "UDP", *port))
                && (peers.is_empty() || peers.iter().any(may_be_server))
        }
        Endpoint::MetadataServer | Endpoint::PodIdentityAgent => {
            let addresses = endpoint.addresses();
            // The data plane of a cluster decides which of the addresses of a node policies see.
            let excludes_one = |block: &Value| {
                let mut of_node = addresses.iter().filter(|(address, _)| address.is_link_local());
                of_node.any(|(address, _)| excludes(block, *address))
            };
            let may_include = |address| blocks().any(|it| !excludes_one(it) && includes(it, address));
            addresses.iter().any(|(address, port)| {
                allows_port(rule, "TCP", *port) && (peers.is_empty() || may_include(*address))
            })
        }
    }
}

/// True if a rule of a policy is for a port.
pub(super) fn allows_port(rule: &Value, protocol: &str, wanted: u16) -> bool {
    let ports = rule.get("ports").map(Value::items).unwrap_or_default();
    ports.is_empty() || ports.iter().any(|port| includes_port(port, protocol, wanted))
}

fn includes_port(port: &Value, protocol: &str, wanted: u16) -> bool {
    if port.get("protocol").and_then(Value::scalar_text).unwrap_or("TCP") != protocol {
        return false;
    }
    let number =
        |key| port.get(key).map(|value| value.scalar_text().and_then(|text| text.parse::<u16>().ok()));
    match (number("port"), number("endPort")) {
        (Some(Some(first)), Some(Some(last))) => (first..=last).contains(&wanted),
        (Some(Some(only)), None) => only == wanted,
        _ => true,
    }
}

/// True if a block is not of addresses within a node alone.
pub(super) fn leads_outside(block: &Value) -> bool {
    let Some((IpAddr::V4(address), length)) = cidr(block.get("cidr")) else { return true };
    let is_of_node = address.is_link_local() && length >= 16 || address.is_loopback() && length >= 8;
    !is_of_node
}

/// True if a block includes an address. Those of the sixth version have other addresses.
fn includes(block: &Value, address: Ipv4Addr) -> bool {
    let range = block.get("cidr");
    let is_other = !matches!(cidr(range), Some((IpAddr::V4(_), _)));
    is_other || holds(range, address) && !excludes(block, address)
}

/// True if `except` of a block has an address.
fn excludes(block: &Value, address: Ipv4Addr) -> bool {
    let excluded = block.get("except").map(Value::items).unwrap_or_default();
    excluded.iter().any(|range| holds(Some(range), address))
}

fn holds(range: Option<&Value>, address: Ipv4Addr) -> bool {
    match cidr(range) {
        Some((IpAddr::V4(network), length)) => {
            let mask = u32::MAX.checked_shl(32_u32.saturating_sub(length)).unwrap_or(0);
            u32::from(network) & mask == u32::from(address) & mask
        }
        Some((IpAddr::V6(_), _)) | None => false,
    }
}

/// An address and the length of its prefix.
fn cidr(range: Option<&Value>) -> Option<(IpAddr, u32)> {
    let (address, length) = range?.scalar_text()?.split_once('/')?;
    Some((address.parse().ok()?, length.parse().ok()?))
}
