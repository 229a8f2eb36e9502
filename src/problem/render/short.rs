//! One line for each finding, for logs and editors.

use crate::problem::render::sanitized;
use crate::problem::{Finding, Place};
use crate::source::{LineIndex, Sources};

/// `file:line:column: error[CODE]: message`
pub fn short(findings: &[Finding], sources: &Sources) -> String {
    let indexes: Vec<(&str, LineIndex<'_>)> =
        sources.iter().map(|(_, source)| (source.name.as_str(), LineIndex::new(&source.text))).collect();
    let mut out = String::new();
    for finding in findings {
        let place = match &finding.place {
            Place::File(path) => path.clone(),
            Place::Source(labels) => {
                let first = labels.first().map(|label| label.span);
                let known = first.and_then(|span| Some((span, indexes.get(span.file.index())?)));
                known.map_or_else(String::new, |(span, (name, index))| {
                    let (line, column) = index.line_and_column(span.start as usize);
                    format!("{name}:{line}:{column}")
                })
            }
        };
        let (level, code, message) = (finding.code.level().as_str(), finding.code, &finding.message);
        let line = format!("{place}: {level}[{code}]: {message}");
        out.push_str(&sanitized(&line).replace('\n', " "));
        out.push('\n');
    }
    out
}
