//! Findings as JSON, for other programs. `docs/findings.schema.json` describes it.

use serde_json::{Value, json};

use crate::problem::render::located::{Located, Region};
use crate::problem::render::{rest, sanitized};
use crate::problem::{Edit, Finding, Help, Label, Level, Place, number};
use crate::source::Sources;

/// Incremented when a documented property changes; additions do not increment it.
const FORMAT_VERSION: u32 = 1;

/// One JSON document.
pub fn json(findings: &[Finding], sources: &Sources) -> String {
    let located = Located::new(sources);
    let of = |level| number(findings.iter().filter(|finding| finding.code.level() == level));
    let mut document = json!({
        "format_version": FORMAT_VERSION,
        "summary": {
            "errors": of(Level::Error),
            "warnings": of(Level::Warning),
            "notes": of(Level::Note),
        },
        "findings": findings.iter().map(|finding| finding_object(finding, &located)).collect::<Vec<_>>(),
    });
    let not_shown: Vec<Value> = rest::lasts(findings).map(not_shown).collect();
    if let Some(document) = document.as_object_mut().filter(|_| !not_shown.is_empty()) {
        document.insert("not_shown".to_owned(), not_shown.into());
    }
    document.sort_all_objects();
    // Only strings can contain control characters, so the document remains valid.
    sanitized(&format!("{document:#}\n")).into_owned()
}

fn not_shown(last: &Finding) -> Value {
    json!({ "code": last.code.as_str(), "level": last.code.level().as_str(), "count": last.more })
}

fn finding_object(finding: &Finding, located: &Located<'_>) -> Value {
    let (file, labels) = match &finding.place {
        Place::File(path) => (Some(path.as_str()), Vec::new()),
        Place::Source(labels) => {
            let file = finding.span().and_then(|span| located.region(span)).map(|region| region.file);
            (file, labels.iter().map(|one| label(one, located)).collect())
        }
    };
    json!({
        "code": finding.code.as_str(),
        "level": finding.code.level().as_str(),
        "message": finding.message,
        "file": file,
        "labels": labels,
        "helps": finding.helps.iter().map(|one| help(one, located)).collect::<Vec<_>>(),
        "notes": finding.notes,
        "clusters": finding.clusters.iter().map(|cluster| cluster.name.as_str()).collect::<Vec<_>>(),
    })
}

fn label(label: &Label, located: &Located<'_>) -> Value {
    json!({
        "text": label.text,
        "region": located.region(label.span).map(region),
        "bytes": { "start": label.span.start, "end": label.span.end },
    })
}

fn help(help: &Help, located: &Located<'_>) -> Value {
    let edit = help.edit.as_ref().map(|Edit { span, replacement }| {
        json!({
            "replacement": replacement,
            "region": located.region(*span).map(region),
            "bytes": { "start": span.start, "end": span.end },
        })
    });
    json!({ "text": help.text, "edit": edit })
}

fn region(region: Region<'_>) -> Value {
    json!({
        "file": region.file,
        "start": { "line": region.start.0, "column": region.start.1 },
        "end": { "line": region.end.0, "column": region.end.1 },
    })
}
