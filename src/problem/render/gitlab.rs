//! Findings as a code quality report of GitLab, which shows what a merge request adds and removes.
//!
//! Source: "Code Quality report format" of the GitLab documentation.

use serde_json::{Value, json};

use crate::digest;
use crate::problem::render::fingerprint::Fingerprints;
use crate::problem::render::located::Located;
use crate::problem::render::{rest, sanitized};
use crate::problem::{Finding, Level};
use crate::source::Sources;

/// One list, with an entry for each finding.
pub fn gitlab(findings: &[Finding], sources: &Sources) -> String {
    let located = Located::new(sources);
    let mut fingerprints = Fingerprints::new(sources);
    let mut entries: Vec<Value> =
        findings.iter().map(|finding| entry(finding, &located, &mut fingerprints)).collect();
    entries.extend(rest::lasts(findings).map(|last| not_shown(last, &located)));
    // Only strings can contain control characters, so the document remains valid.
    sanitized(&format!("{:#}\n", Value::Array(entries))).into_owned()
}

fn entry(finding: &Finding, located: &Located<'_>, fingerprints: &mut Fingerprints<'_>) -> Value {
    let helps = finding.helps.iter().map(|help| format!("; {}", help.text));
    let description: String = std::iter::once(finding.message.clone()).chain(helps).collect();
    object(finding, &description, &fingerprints.next(finding, located), located)
}

/// The findings that the report does not contain.
fn not_shown(last: &Finding, located: &Located<'_>) -> Value {
    let fingerprint = digest::fingerprint(format!("{}\0not shown", last.code).as_bytes());
    object(last, &rest::message(last), &fingerprint, located)
}

fn object(finding: &Finding, description: &str, fingerprint: &str, located: &Located<'_>) -> Value {
    let (path, line) = located.file_and_line(finding);
    json!({
        "description": description,
        "check_name": finding.code.as_str(),
        "fingerprint": fingerprint,
        "severity": severity(finding.code.level()),
        "location": { "path": path, "lines": { "begin": line } },
    })
}

const fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "major",
        Level::Warning => "minor",
        Level::Note => "info",
    }
}
