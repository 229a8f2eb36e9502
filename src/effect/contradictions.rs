//! Fields of Deployments that are right by themselves, and not together.
//!
//! Sources: `validateVolumeSource`, `validateEnvVarValueFrom` and `ValidateResourceRequirements` in `pkg/apis/core/validation`, and
//! `ValidateDeploymentStrategy` in `pkg/apis/apps/validation` of Kubernetes.

use crate::effect::pod::{items, name_of};
use crate::kustomize::{Value, escape};

/// Fields that exclude each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contradiction {
    /// A map has two of which it can have one. `at`: its path; `other`: the path of the first.
    Together { at: String, fields: [String; 2], other: String },
    /// A request exceeds the limit. `other`: the path of the limit.
    AboveLimit { path: String, request: String, limit: String, other: String },
}

impl Contradiction {
    /// The path of the field that excludes it.
    pub fn other_path(&self) -> &str {
        match self {
            Contradiction::Together { other, .. } | Contradiction::AboveLimit { other, .. } => other,
        }
    }
}

const POD: &str = "/spec/template/spec";

/// The fields of a Deployment that the API server refuses because of others, each with its path.
pub(super) fn contradictions(object: &Value) -> Vec<(String, Contradiction)> {
    let mut found = Vec::new();
    let strategy = object.at(&["spec", "strategy"]);
    if let Some(strategy) = strategy.filter(|it| it.get("type").and_then(Value::as_str) == Some("Recreate")) {
        found.extend(both("/spec/strategy", strategy, &["rollingUpdate", "type"]));
    }
    let Some(pod) = object.at(&["spec", "template", "spec"]) else { return found };
    for volume in items(pod, "volumes") {
        let sources = volume.entries().iter().map(|(field, _)| field.as_str()).filter(|it| *it != "name");
        let sources: Vec<&str> = sources.collect();
        found.extend(both(&format!("{POD}/volumes/name={}", escape(name_of(volume))), volume, &sources));
    }
    for field in ["containers", "initContainers"] {
        for container in items(pod, field) {
            let of = format!("{POD}/{field}/name={}", escape(name_of(container)));
            for variable in items(container, "env") {
                let is_empty = variable.get("value").and_then(Value::as_str) == Some("");
                let at = format!("{of}/env/name={}", escape(name_of(variable)));
                found.extend(both(&at, variable, &["value", "valueFrom"]).filter(|_| !is_empty));
            }
            found.extend(container.get("resources").into_iter().flat_map(|it| requests_above(&of, it)));
        }
    }
    found
}

/// The first two of these fields that a map has together.
fn both(at: &str, map: &Value, fields: &[&str]) -> Option<(String, Contradiction)> {
    let mut there = fields.iter().filter(|field| map.get(field).is_some_and(|value| !value.is_null()));
    let fields = [(*there.next()?).to_owned(), (*there.next()?).to_owned()];
    let paths = fields.clone().map(|field| format!("{at}/{}", escape(&field)));
    let [first, second] = paths;
    Some((second, Contradiction::Together { at: at.to_owned(), fields, other: first }))
}

/// The requests of a container that exceed its limits.
fn requests_above(of: &str, resources: &Value) -> Vec<(String, Contradiction)> {
    let limits = resources.get("limits");
    let requests = resources.get("requests").map(Value::entries).unwrap_or_default();
    let above = requests.iter().filter_map(|(resource, request)| {
        let (request, limit) = (request.scalar_text()?, limits?.get(resource)?.scalar_text()?);
        let is_above = quantity(request)? > quantity(limit)?;
        let path = |field: &str| format!("{of}/resources/{field}/{}", escape(resource));
        let (request, limit) = (request.to_owned(), limit.to_owned());
        let fault =
            Contradiction::AboveLimit { path: path("requests"), request, limit, other: path("limits") };
        is_above.then(|| (path("requests"), fault))
    });
    above.collect()
}

/// A quantity in billionths, which is the least that one has. Nothing for what is no quantity, or too large to be compared.
/// Source: `resource.Quantity` in `k8s.io/apimachinery/pkg/api/resource`.
pub(super) fn quantity(text: &str) -> Option<i128> {
    let end = text.rfind(|letter: char| letter.is_ascii_digit() || letter == '.')?.checked_add(1)?;
    let (number, suffix) = text.split_at_checked(end)?;
    let scale = match suffix {
        "n" => 1,
        "u" => 1_000,
        "m" => 1_000_000,
        "" => ONE,
        "k" => ONE * 1_000,
        "M" => ONE * 1_000_000,
        "G" => ONE * 1_000_000_000,
        "T" => ONE * 1_000_000_000_000,
        "P" => ONE * 1_000_000_000_000_000,
        "E" => ONE * 1_000_000_000_000_000_000,
        "Ki" => ONE << 10,
        "Mi" => ONE << 20,
        "Gi" => ONE << 30,
        "Ti" => ONE << 40,
        "Pi" => ONE << 50,
        "Ei" => ONE << 60,
        _ => return None,
    };
    let (number, exponent) = match number.split_once(['e', 'E']) {
        Some((number, exponent)) if suffix.is_empty() => (number, exponent.parse::<i32>().ok()?),
        _ => (number, 0),
    };
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{decimals}").parse::<i128>().ok()?;
    let exponent = exponent.checked_sub(i32::try_from(decimals.len()).ok()?)?;
    let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
    let scaled = digits.checked_mul(scale)?;
    if exponent < 0 { scaled.checked_div(power) } else { scaled.checked_mul(power) }
}

/// One, in billionths.
pub(super) const ONE: i128 = 1_000_000_000;

#[cfg(test)]
mod tests {
    use super::{ONE, quantity};

    #[test]
    fn quantities_are_numbers_with_units() {
        for (text, number) in [
            ("1", Some(ONE)),
            ("0.5", Some(ONE / 2)),
            ("500m", Some(ONE / 2)),
            ("350m", quantity("0.35")),
            ("1Ki", Some(ONE * 1024)),
            ("1.5Gi", Some(ONE * 1_610_612_736)),
            ("1e3", Some(ONE * 1000)),
            ("5e-1", Some(ONE / 2)),
            ("999999999999E", None),
            ("512MB", None),
            ("", None),
        ] {
            assert_eq!(quantity(text), number, "{text}");
        }
    }
}
