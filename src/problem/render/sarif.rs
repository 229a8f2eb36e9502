//! Findings as SARIF 2.1.0, for code scanning.
//!
//! Source: "Static Analysis Results Interchange Format (SARIF) Version 2.1.0" of OASIS.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::problem::render::fingerprint::Fingerprints;
use crate::problem::render::located::{Located, Region};
use crate::problem::render::{rest, sanitized};
use crate::problem::{Code, Edit, Finding, Help, Label, Level, Place, page_uri};
use crate::source::Sources;

/// One SARIF log.
pub fn sarif(findings: &[Finding], sources: &Sources) -> String {
    let located = Located::new(sources);
    let mut fingerprints = Fingerprints::new(sources);
    let named: BTreeSet<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
    let rules = Code::ALL.iter().map(|code| rule(*code, named.contains(code.as_str())));
    let results =
        findings.iter().map(|finding| result(finding, &located, &fingerprints.next(finding, &located)));
    let mut run = json!({
        "tool": {
            "driver": {
                "name": "flux-identity",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.collect::<Vec<_>>(),
            },
        },
        "columnKind": "unicodeCodePoints",
        "results": results.collect::<Vec<_>>(),
    });
    // Code scanning replaces what it has of the same tool and category, which is all before the last slash: each source has
    // its own.
    if let (Some(run), Some((_, source))) = (run.as_object_mut(), sources.iter().next()) {
        let id = format!("flux-identity/{}/", uri(&source.name));
        run.insert("automationDetails".to_owned(), json!({ "id": id }));
    }
    let not_shown: Vec<Value> = rest::lasts(findings).map(notification).collect();
    if let Some(run) = run.as_object_mut().filter(|_| !not_shown.is_empty()) {
        let invocation = json!({ "executionSuccessful": true, "toolExecutionNotifications": not_shown });
        run.insert("invocations".to_owned(), json!([invocation]));
    }
    let mut document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    });
    document.sort_all_objects();
    // Only strings can contain control characters, so the document remains valid.
    sanitized(&format!("{document:#}\n")).into_owned()
}

/// The page of a code is long, so that only a rule that a result names has it. GitHub shows it beside the result.
fn rule(code: Code, is_named: bool) -> Value {
    let mut rule = json!({
        "id": code.as_str(),
        "shortDescription": { "text": code.title() },
        "fullDescription": { "text": code.meaning() },
        "helpUri": page_uri(code),
        "defaultConfiguration": { "level": level(code.level()) },
    });
    if let Some(rule) = rule.as_object_mut().filter(|_| is_named) {
        rule.insert("help".to_owned(), json!({ "text": code.page(), "markdown": code.page() }));
    }
    rule
}

/// The number of findings that the log does not contain.
fn notification(last: &Finding) -> Value {
    json!({
        "level": level(last.code.level()),
        "message": { "text": format!("{}: {}", last.code, rest::message(last)) },
        "associatedRule": { "id": last.code.as_str(), "index": index(last.code) },
    })
}

/// The position in the list of rules.
fn index(code: Code) -> Option<usize> {
    Code::ALL.iter().position(|one| *one == code)
}

/// SARIF has the same three levels with the same names.
fn level(level: Level) -> &'static str {
    level.as_str()
}

fn result(finding: &Finding, located: &Located<'_>, fingerprint: &str) -> Value {
    let helps = finding.helps.iter().map(|help| format!("help: {}", help.text));
    let notes = finding.notes.iter().map(|note| format!("note: {note}"));
    let text: Vec<String> = std::iter::once(finding.message.clone()).chain(helps).chain(notes).collect();
    let mut places = match &finding.place {
        Place::File(path) => {
            let file = json!({ "artifactLocation": { "uri": uri(path) }, "region": { "startLine": 1 } });
            vec![json!({ "physicalLocation": file })]
        }
        Place::Source(labels) => labels.iter().filter_map(|label| location(label, located)).collect(),
    };
    let others = if places.is_empty() { Vec::new() } else { places.split_off(1) };
    json!({
        "ruleId": finding.code.as_str(),
        "ruleIndex": index(finding.code),
        "level": level(finding.code.level()),
        "message": { "text": text.join("\n") },
        "locations": places,
        "relatedLocations": others,
        // The one name that GitHub knows a result by.
        "partialFingerprints": { "primaryLocationLineHash": fingerprint },
        "fixes": finding.helps.iter().filter_map(|help| fix(help, located)).collect::<Vec<_>>(),
    })
}

fn fix(help: &Help, located: &Located<'_>) -> Option<Value> {
    let Edit { span, replacement } = help.edit.as_ref()?;
    let place = located.region(*span)?;
    Some(json!({
        "description": { "text": help.text },
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(place.file) },
            "replacements": [{ "deletedRegion": region(place), "insertedContent": { "text": replacement } }],
        }],
    }))
}

fn location(label: &Label, located: &Located<'_>) -> Option<Value> {
    let place = located.region(label.span)?;
    let file = json!({ "artifactLocation": { "uri": uri(place.file) }, "region": region(place) });
    // SARIF does not allow empty messages.
    Some(if label.text.is_empty() {
        json!({ "physicalLocation": file })
    } else {
        json!({ "physicalLocation": file, "message": { "text": label.text } })
    })
}

fn region(place: Region<'_>) -> Value {
    json!({
        "startLine": place.start.0,
        "startColumn": place.start.1,
        "endLine": place.end.0,
        "endColumn": place.end.1,
    })
}

/// A path as a relative URI reference, percent-encoded.
fn uri(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/+@=,".contains(&byte);
    path.bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
