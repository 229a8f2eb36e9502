//! Whether network policies let pods reach what gives them their identity.
//!
//! Sources: `NetworkPolicySpec` in the API reference of Kubernetes; "Authenticate to Google Cloud APIs from GKE workloads",
//! which has the addresses of the metadata server with each data plane; "Learn how EKS Pod Identity grants pods access to AWS
//! services" of the EKS User Guide. What is not understood counts as reachable.

use std::net::{IpAddr, Ipv4Addr};

use crate::effect::pod::Workload;
use crate::kustomize::{Object, Value};

/// What gives an identity over the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// The service of a cloud that exchanges tokens, outside of the cluster.
    TokenService,
    /// The metadata server of GKE.
    MetadataServer,
    /// The agent of EKS Pod Identity.
    PodIdentityAgent,
}

/// The address of the agent of EKS Pod Identity.
pub(super) const AGENT: Ipv4Addr = Ipv4Addr::new(169, 254, 170, 23);
const METADATA: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);
/// Where requests to the metadata server go without the newer data plane.
const METADATA_PODS: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 252);
/// The port of HTTPS.
const HTTPS: u16 = 443;

impl Endpoint {
    pub const ALL: [Endpoint; 3] =
        [Endpoint::TokenService, Endpoint::MetadataServer, Endpoint::PodIdentityAgent];

    /// Addresses, of which one suffices; none for an address that is not known.
    const fn addresses(self) -> &'static [(Ipv4Addr, u16)] {
        match self {
            Endpoint::TokenService => &[],
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
    let mut blocking = Vec::new();
    for object in policies {
        let Some(spec) = object.value().and_then(|policy| policy.get("spec")) else { return Vec::new() };
        if !restricts_egress(spec) || !selects(spec, workload) {
            continue;
        }
        let rules = spec.get("egress").map(Value::items).unwrap_or_default();
        if rules.iter().any(|rule| allows(rule, endpoint)) {
            return Vec::new();
        }
        blocking.push(object);
    }
    blocking
}

fn restricts_egress(spec: &Value) -> bool {
    match spec.get("policyTypes").map(Value::items) {
        Some(types @ [_, ..]) => types.iter().any(|one| one.as_str() == Some("Egress")),
        Some([]) | None => spec.get("egress").is_some(),
    }
}

/// True if the selector of a policy surely selects the pods.
fn selects(spec: &Value, workload: &Workload<'_>) -> bool {
    let selector = |key| spec.at(&["podSelector", key]);
    let has = |(key, value): &(String, Value)| {
        value.scalar_text().is_some_and(|value| workload.pod_label(key) == Some(value))
    };
    let matches = |expression: &Value| {
        let text = |key| expression.get(key).and_then(Value::scalar_text);
        let label = text("key").and_then(|key| workload.pod_label(key));
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
    let ports = rule.get("ports").map(Value::items).unwrap_or_default();
    let allows_port = |wanted: u16| ports.is_empty() || ports.iter().any(|port| includes_port(port, wanted));
    let peers = rule.get("to").map(Value::items).unwrap_or_default();
    let blocks = || peers.iter().filter_map(|peer| peer.get("ipBlock"));
    match endpoint.addresses() {
        [] => allows_port(HTTPS) && (peers.is_empty() || blocks().any(leads_outside)),
        addresses => addresses.iter().any(|(address, port)| {
            allows_port(*port) && (peers.is_empty() || blocks().any(|block| includes(block, *address)))
        }),
    }
}

fn includes_port(port: &Value, wanted: u16) -> bool {
    if port.get("protocol").and_then(Value::scalar_text).is_some_and(|protocol| protocol != "TCP") {
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
fn leads_outside(block: &Value) -> bool {
    let Some((IpAddr::V4(address), length)) = cidr(block.get("cidr")) else { return true };
    let is_of_node = address.is_link_local() && length >= 16 || address.is_loopback() && length >= 8;
    !is_of_node
}

/// True if a block includes an address. Those of the sixth version have other addresses.
fn includes(block: &Value, address: Ipv4Addr) -> bool {
    let holds = |range: Option<&Value>| match cidr(range) {
        Some((IpAddr::V4(network), length)) => {
            let mask = u32::MAX.checked_shl(32_u32.saturating_sub(length)).unwrap_or(0);
            u32::from(network) & mask == u32::from(address) & mask
        }
        Some((IpAddr::V6(_), _)) | None => false,
    };
    let range = block.get("cidr");
    let is_other = !matches!(cidr(range), Some((IpAddr::V4(_), _)));
    let excluded = block.get("except").map(Value::items).unwrap_or_default();
    is_other || holds(range) && !excluded.iter().any(|range| holds(Some(range)))
}

/// An address and the length of its prefix.
fn cidr(range: Option<&Value>) -> Option<(IpAddr, u32)> {
    let (address, length) = range?.scalar_text()?.split_once('/')?;
    Some((address.parse().ok()?, length.parse().ok()?))
}
