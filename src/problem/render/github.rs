//! Findings as workflow commands of GitHub Actions, which shows them next to the lines of a pull request.
//!
//! Source: "Workflow commands for GitHub Actions" of the GitHub documentation, and the GitHub toolkit for escaping.

use crate::problem::render::located::Located;
use crate::problem::render::{rest, sanitized};
use crate::problem::{Finding, Level, Place, count, number};
use crate::source::Sources;

/// The most annotations of one level that GitHub shows for a step; it drops the others.
const SHOWN: usize = 10;

/// One line for each finding, and a summary if there are more than GitHub shows.
pub fn github(findings: &[Finding], sources: &Sources) -> String {
    let located = Located::new(sources);
    let mut out = String::new();
    for finding in findings {
        out.push_str(&command(finding, &located));
    }
    out.push_str(&rest::lines(findings));
    for level in [Level::Error, Level::Warning, Level::Note] {
        let number = number(findings.iter().filter(|finding| finding.code.level() == level));
        if number > SHOWN {
            let all = count(number, level.as_str());
            let limit = SHOWN.to_string();
            out.extend([&all, " in all; GitHub shows the first ", &limit, " beside the lines\n"]);
        }
    }
    out
}

fn command(finding: &Finding, located: &Located<'_>) -> String {
    let level = match finding.code.level() {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let place = match &finding.place {
        Place::File(path) => format!("file={},", property(path)),
        Place::Source(_) => {
            finding.span().and_then(|span| located.region(span)).map_or_else(String::new, |region| {
                let ((line, column), (end_line, end_column)) = (region.start, region.end);
                let file = property(region.file);
                // GitHub accepts columns only for ranges on one line.
                if line == end_line {
                    format!("file={file},line={line},endLine={end_line},col={column},endColumn={end_column},")
                } else {
                    format!("file={file},line={line},endLine={end_line},")
                }
            })
        }
    };
    let helps = finding.helps.iter().map(|help| format!("\nhelp: {}", help.text));
    let notes = finding.notes.iter().map(|note| format!("\nnote: {note}"));
    let message: String = std::iter::once(finding.message.clone()).chain(helps).chain(notes).collect();
    format!("::{level} {place}title={}::{}\n", property(finding.code.as_str()), data(&message))
}

/// Escapes the text after the second `::`.
fn data(text: &str) -> String {
    sanitized(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
