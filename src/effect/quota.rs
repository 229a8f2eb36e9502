//! Whether the limits of a namespace leave room for the pods of Deployments.
//!
//! Sources: "Resource Quotas" and "Limit Ranges" of the Kubernetes documentation. A quota with scopes counts only some pods, and what it
//! counts is not determined here.

use std::collections::BTreeMap;

use crate::effect::contradictions::{ONE, quantity};
use crate::effect::pod::items;
use crate::kustomize::{Value, escape};

/// Why pods of Deployments are not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoRoom {
    /// All of them together need more of a resource than the quota has.
    Quota { resource: String, hard: String },
    /// A container has more, or less, of a resource than the limits of one container allow.
    Container { resource: String, bound: &'static str, limit: String },
}

/// What a `ResourceQuota` or a `LimitRange` denies to these Deployments, with the path of its field.
pub fn no_room(kind: &str, object: &Value, deployments: &[&Value]) -> Option<(String, NoRoom)> {
    let spec = object.get("spec")?;
    if kind == "ResourceQuota" { beyond_quota(spec, deployments) } else { beyond_range(spec, deployments) }
}

fn beyond_quota(spec: &Value, deployments: &[&Value]) -> Option<(String, NoRoom)> {
    if ["scopes", "scopeSelector"].iter().any(|field| spec.get(field).is_some()) {
        return None;
    }
    let mut needed: BTreeMap<String, i128> = BTreeMap::new();
    let mut add = |name: String, number: i128| {
        let sum = needed.entry(name).or_default();
        *sum = sum.saturating_add(number);
    };
    for deployment in deployments {
        let replicas = deployment.at(&["spec", "replicas"]).and_then(Value::scalar_text);
        let replicas = replicas.map_or(Some(1), |text| text.parse::<i128>().ok())?;
        add("pods".to_owned(), replicas.saturating_mul(ONE));
        for container in containers(deployment) {
            for (list, prefixes) in [("requests", &["requests.", ""][..]), ("limits", &["limits."])] {
                for (resource, number) in resources(container, list) {
                    for prefix in prefixes {
                        add(
                            format!("{prefix}{resource}"),
                            quantity(number).unwrap_or_default().saturating_mul(replicas),
                        );
                    }
                }
            }
        }
    }
    let hard = spec.get("hard").map(Value::entries).unwrap_or_default();
    hard.iter().find_map(|(resource, hard)| {
        let hard = hard.scalar_text()?;
        let is_beyond =
            needed.get(resource).is_some_and(|needed| quantity(hard).is_some_and(|it| *needed > it));
        let fault = NoRoom::Quota { resource: resource.clone(), hard: hard.to_owned() };
        is_beyond.then(|| (format!("/spec/hard/{}", escape(resource)), fault))
    })
}

fn beyond_range(spec: &Value, deployments: &[&Value]) -> Option<(String, NoRoom)> {
    let of_containers = |limit: &&Value| limit.get("type").and_then(Value::as_str) == Some("Container");
    for limit in items(spec, "limits").iter().filter(of_containers) {
        for (bound, list) in [("max", "limits"), ("min", "requests")] {
            for (resource, text) in limit.get(bound).map(Value::entries).unwrap_or_default() {
                let Some((text, limit)) = text.scalar_text().and_then(|text| Some((text, quantity(text)?)))
                else {
                    continue;
                };
                let all = deployments.iter().flat_map(|it| containers(it)).flat_map(|it| resources(it, list));
                let mut numbers = all.filter(|(name, _)| name == resource).filter_map(|(_, it)| quantity(it));
                if numbers.any(|number| if bound == "max" { number > limit } else { number < limit }) {
                    let (resource, limit) = (resource.clone(), text.to_owned());
                    return Some(("/spec/limits".to_owned(), NoRoom::Container { resource, bound, limit }));
                }
            }
        }
    }
    None
}

fn containers(deployment: &Value) -> &[Value] {
    deployment.at(&["spec", "template", "spec"]).map(|pod| items(pod, "containers")).unwrap_or_default()
}

/// What a container requests, or is limited to, of each resource.
fn resources<'v>(container: &'v Value, list: &str) -> impl Iterator<Item = (&'v str, &'v str)> {
    let entries = container.at(&["resources", list]).map(Value::entries).unwrap_or_default();
    entries.iter().filter_map(|(resource, number)| Some((resource.as_str(), number.scalar_text()?)))
}
