//! What `--verify` found, in words: what differs in what overlays build, or why nothing is known of it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::built_difference::{Change, FieldChange, ObjectChange};
use crate::kustomize::{Cause, Feature, Id, PathPart, Value};
use crate::problem::{count, describe_cause, describe_feature, render};

/// How many characters of a value are shown.
const MOST_SHOWN: usize = 60;

/// Why nothing is proved of a change in what an overlay builds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComparisonFault {
    /// kustomize cannot build the overlay before or after the change.
    NotBuilt { is_before: bool, cause: Cause },
    /// It may change any object, and is not modelled.
    NotModelled(Feature),
    /// The program that builds overlays, such as `kubectl kustomize`, rejects one of the two.
    ProgramFails { command: String, message: String },
    /// What the program writes cannot be read.
    ProgramOutput { command: String },
    /// The program builds another difference than the model.
    ProgramDiffers { command: String },
}

/// What was found of overlays before and after a change.
#[derive(Debug, Default)]
pub struct VerificationReport {
    /// How many overlays differ in nothing but identities, and in how many fields of those.
    proved: usize,
    identities: usize,
    /// What else differs, or why nothing is known, with the clusters of which it is true.
    others: BTreeMap<String, Vec<String>>,
    /// True if something else differs, and is not only unknown.
    differs: bool,
}

impl VerificationReport {
    /// Adds an overlay in which nothing but so many fields of identities differs.
    pub fn add_proved(&mut self, identities: usize) {
        self.proved = self.proved.saturating_add(1);
        self.identities = self.identities.saturating_add(identities);
    }

    /// Adds an overlay in which something else differs.
    pub fn add_different(&mut self, cluster: &str, changes: &[ObjectChange]) {
        self.differs = true;
        self.others.entry(describe_changes(changes)).or_default().push(cluster.to_owned());
    }

    /// Adds an overlay of which nothing is known.
    pub fn add_unknown(&mut self, cluster: &str, fault: &ComparisonFault) {
        let text = sanitized(&[format!("  not verified: {}", describe_fault(fault))]);
        self.others.entry(text).or_default().push(cluster.to_owned());
    }

    /// One line if nothing but identities differs. `command`: the program that found the same as the model.
    pub fn proof(&self, command: Option<&str>) -> Option<String> {
        if !self.others.is_empty() {
            return None;
        }
        let by = command.map(|command| format!(" and by `{command}`")).unwrap_or_default();
        let overlays = builders(self.proved);
        let changed = if self.identities == 0 {
            format!("nothing changes in what {overlays}")
        } else {
            let fields = count(self.identities, "field");
            format!("nothing but identities changes in what {overlays}, {fields}")
        };
        Some(format!("verified by the model of kustomize{by}: {changed}\n"))
    }

    /// What else differs, or why nothing is known, each with its clusters.
    pub fn details(&self) -> String {
        let one = |(text, clusters): (&String, &Vec<String>)| {
            sanitized(&[format!("in {}", clusters.join(", "))]) + text
        };
        self.others.iter().map(one).collect()
    }

    /// The error, if something else differs or nothing is known.
    pub fn message(&self) -> String {
        let failed = self.others.values().map(Vec::len).sum();
        if self.differs {
            format!("more than identities changes in what {}", builders(failed))
        } else {
            format!("{} cannot be verified", count(failed, "overlay"))
        }
    }
}

/// `1 overlay builds`, `2 overlays build`
fn builders(number: usize) -> String {
    format!("{} build{}", count(number, "overlay"), if number == 1 { "s" } else { "" })
}

/// A line for each object and for each of its fields.
fn describe_changes(changes: &[ObjectChange]) -> String {
    let mut lines = Vec::new();
    for ObjectChange { id, change } in changes {
        let object = describe_object(id);
        match change {
            Change::Added => lines.push(format!("  + {object}")),
            Change::Removed => lines.push(format!("  - {object}")),
            Change::Unknown => lines.push(format!("  ? {object}: it cannot be read")),
            Change::Fields(fields) => {
                lines.push(format!("  {object}"));
                lines.extend(fields.iter().map(|field| format!("    {}", describe_field_change(field))));
            }
        }
    }
    sanitized(&lines)
}

/// The lines of a text: strangers wrote the names and the values.
fn sanitized(lines: &[String]) -> String {
    let lines = lines.iter().flat_map(|line| line.split('\n'));
    lines.map(|line| render::sanitized(line).into_owned() + "\n").collect()
}

fn describe_fault(fault: &ComparisonFault) -> String {
    match fault {
        ComparisonFault::NotBuilt { is_before, cause } => {
            let when = if *is_before { "before the change" } else { "after the change" };
            format!("kustomize cannot build it {when}: {}", describe_cause(cause))
        }
        ComparisonFault::NotModelled(feature) => {
            let feature = describe_feature(feature);
            format!("`{feature}` may change any object, and flux-identity does not follow it")
        }
        ComparisonFault::ProgramFails { command, message } => format!("`{command}` fails: {message}"),
        ComparisonFault::ProgramOutput { command } => {
            format!("the output of `{command}` cannot be read")
        }
        ComparisonFault::ProgramDiffers { command } => {
            format!("`{command}` builds another difference than the model of kustomize")
        }
    }
}

fn describe_object(id: &Id) -> String {
    let namespace = if id.namespace.is_empty() { String::new() } else { format!("{}/", id.namespace) };
    format!("{} {namespace}{}", id.kind, id.name)
}

fn describe_field_change(field: &FieldChange) -> String {
    let path = describe_path(&field.path);
    match (&field.before, &field.after) {
        (None, Some(after)) => format!("+ {path}: {}", describe_value(after)),
        (Some(before), None) => format!("- {path}: {}", describe_value(before)),
        (before, after) => {
            let [before, after] =
                [before, after].map(|value| value.as_ref().map(describe_value).unwrap_or_default());
            let order = if before == after { " (in another order)" } else { "" };
            format!("{path}: {before} -> {after}{order}")
        }
    }
}

fn describe_path(path: &[PathPart]) -> String {
    describe_parts(path.iter().map(PathPart::name))
}

/// `spec.template.spec.containers[manager].env`
pub(super) fn describe_parts<'p>(parts: impl IntoIterator<Item = Cow<'p, str>>) -> String {
    let mut text = String::new();
    for part in parts {
        let is_plain = part.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && !part.bytes().all(|byte| byte.is_ascii_digit());
        match (is_plain, text.is_empty()) {
            (true, true) => text.push_str(&part),
            (true, false) => text.extend([".", &part]),
            (false, _) => text.extend(["[", &part, "]"]),
        }
    }
    text
}

fn describe_value(value: &Value) -> String {
    match value {
        Value::Scalar(scalar) => {
            let short: String = scalar.text.chars().take(MOST_SHOWN).collect();
            let more = if short.len() < scalar.text.len() { "…" } else { "" };
            format!("`{short}{more}`")
        }
        Value::List(items) => format!("a list of {}", count(items.len(), "item")),
        Value::Map(entries) => format!("a map of {}", count(entries.len(), "key")),
    }
}
