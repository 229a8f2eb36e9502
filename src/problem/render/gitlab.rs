//! Findings as a code quality report of GitLab, which shows what a merge request adds and removes.
//!
//! Source: "Code Quality report format" of the GitLab documentation.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::digest;
use crate::problem::render::located::Located;
use crate::problem::render::{rest, sanitized};
use crate::problem::{Finding, Level, Place};
use crate::source::Sources;

/// One list, with an entry for each finding.
pub fn gitlab(findings: &[Finding], sources: &Sources) -> String {
    let located = Located::new(sources);
    let mut seen = BTreeMap::new();
    let mut entries: Vec<Value> =
        findings.iter().map(|finding| entry(finding, sources, &located, &mut seen)).collect();
    entries.extend(rest::lasts(findings).map(|last| not_shown(last, &located)));
    // Only strings can contain control characters, so the document remains valid.
    sanitized(&format!("{:#}\n", Value::Array(entries))).into_owned()
}

fn entry(
    finding: &Finding,
    sources: &Sources,
    located: &Located<'_>,
    seen: &mut BTreeMap<String, usize>,
) -> Value {
    let helps = finding.helps.iter().map(|help| format!("; {}", help.text));
    let description: String = std::iter::once(finding.message.clone()).chain(helps).collect();
    // Lines move; what stands on them, and which of several equal findings it is, mostly do not.
    let (path, _) = place(finding, located);
    let text = finding.span().map_or("", |span| sources.text(span));
    let said = [finding.code.as_str(), &path, &finding.message, text].join("\0");
    let number = seen.entry(said.clone()).or_default();
    *number = number.saturating_add(1);
    let fingerprint = digest::fingerprint(format!("{said}\0{number}").as_bytes());
    object(finding, &description, &fingerprint, located)
}

/// The findings that the report does not contain.
fn not_shown(last: &Finding, located: &Located<'_>) -> Value {
    let fingerprint = digest::fingerprint(format!("{}\0not shown", last.code).as_bytes());
    object(last, &rest::message(last), &fingerprint, located)
}

fn object(finding: &Finding, description: &str, fingerprint: &str, located: &Located<'_>) -> Value {
    let (path, line) = place(finding, located);
    json!({
        "description": description,
        "check_name": finding.code.as_str(),
        "fingerprint": fingerprint,
        "severity": severity(finding.code.level()),
        "location": { "path": path, "lines": { "begin": line } },
    })
}

/// The path without `./` at its beginning, which GitLab does not accept, and the line; the first one for a whole file.
fn place(finding: &Finding, located: &Located<'_>) -> (String, usize) {
    let (path, line) = match &finding.place {
        Place::File(path) => (path.as_str(), 1),
        Place::Source(_) => match finding.span().and_then(|span| located.region(span)) {
            Some(region) => (region.file, region.start.0),
            None => ("", 1),
        },
    };
    (path.trim_start_matches("./").to_owned(), line)
}

const fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "major",
        Level::Warning => "minor",
        Level::Note => "info",
    }
}
