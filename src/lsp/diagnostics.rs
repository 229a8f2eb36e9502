//! Findings as diagnostics, by their files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::lsp::documents::Documents;
use crate::lsp::protocol::{CodeDescription, Diagnostic, Range, RelatedInformation};
use crate::lsp::snapshot::Snapshot;
use crate::lsp::uri::normalized;
use crate::lsp::view::{location, range};
use crate::problem::render::sanitized;
use crate::problem::{Code, Finding, Label, Level, Place, page_uri};

/// The tag of names that nothing uses.
const UNNECESSARY: u8 = 1;

/// The diagnostics of a fleet, by the absolute paths of their files.
pub fn diagnostics(snapshot: &Snapshot, documents: &Documents) -> BTreeMap<PathBuf, Vec<Diagnostic>> {
    let mut by_file: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
    for finding in &snapshot.findings {
        if let Some(path) = path(finding, snapshot) {
            by_file.entry(path).or_default().push(diagnostic(finding, snapshot, documents));
        }
    }
    by_file
}

/// The file that a finding is shown in.
fn path(finding: &Finding, snapshot: &Snapshot) -> Option<PathBuf> {
    match &finding.place {
        Place::Source(labels) => snapshot.path(labels.first()?.span.file).map(Path::to_path_buf),
        Place::File(path) => {
            let directory = snapshot.paths.first()?.parent()?;
            Some(normalized(&directory.join(path)))
        }
    }
}

pub fn diagnostic(finding: &Finding, snapshot: &Snapshot, documents: &Documents) -> Diagnostic {
    let labels: &[Label] = match &finding.place {
        Place::Source(labels) => labels,
        Place::File(_) => &[],
    };
    let related = labels.iter().skip(1).filter_map(|label| {
        let location = location(snapshot, label.span, documents)?;
        let message = if label.text.is_empty() { "see here" } else { label.text.as_str() };
        Some(RelatedInformation { location, message: sanitized(message).into_owned() })
    });
    Diagnostic {
        range: labels.first().map_or_else(Range::default, |label| range(snapshot, label.span)),
        severity: severity(finding.code.level()),
        code: finding.code.as_str(),
        code_description: CodeDescription { href: page_uri(finding.code) },
        source: "flux-identity",
        message: message(finding, labels),
        tags: if finding.code == Code::UnusedName { vec![UNNECESSARY] } else { Vec::new() },
        related_information: related.collect(),
    }
}

/// The message with its reason, how to correct it, and the background.
fn message(finding: &Finding, labels: &[Label]) -> String {
    let reason = labels.first().map(|label| label.text.as_str());
    let reason = reason.filter(|text| !text.is_empty() && !finding.message.starts_with(text));
    // Not every editor shows the related places, which name the cluster.
    let cluster = finding.clusters.first().map(|cluster| format!("in cluster `{}`", cluster.name));
    let helps = finding.helps.iter().map(|help| format!("help: {}", help.text));
    let notes = finding.notes.iter().map(|note| format!("note: {note}"));
    let more = (finding.more > 0).then(|| format!("{} more findings of {}", finding.more, finding.code));
    let message = std::iter::once(finding.message.clone());
    let reason = reason.map(str::to_owned);
    let lines: Vec<String> =
        message.chain(reason).chain(cluster).chain(helps).chain(notes).chain(more).collect();
    sanitized(&lines.join("\n")).into_owned()
}

const fn severity(level: Level) -> u8 {
    match level {
        Level::Error => 1,
        Level::Warning => 2,
        Level::Note => 3,
    }
}
