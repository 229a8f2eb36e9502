//! One line for each finding, for logs and editors.

use crate::problem::render::located::Located;
use crate::problem::render::{rest, sanitized};
use crate::problem::{Finding, Place, all_of, more};
use crate::source::Sources;

/// `file:line:column: error[CODE]: message`
pub fn short(findings: &[Finding], sources: &Sources) -> String {
    let located = Located::new(sources);
    let mut out = String::new();
    for finding in findings {
        let place = match &finding.place {
            Place::File(path) => path.clone(),
            Place::Source(_) => {
                finding.span().and_then(|span| located.region(span)).map_or_else(String::new, |region| {
                    let (line, column) = region.start;
                    format!("{}:{line}:{column}", region.file)
                })
            }
        };
        let (level, code, message) = (finding.code.level().as_str(), finding.code, &finding.message);
        let clusters = clusters(finding);
        let line = format!("{place}: {level}[{code}]: {message}{clusters}");
        out.push_str(&sanitized(&line).replace('\n', " "));
        out.push('\n');
    }
    out + &rest::lines(findings)
}

/// How many clusters a line names.
const NAMED: usize = 3;

/// The clusters of a finding whose message does not name them: ` (clusters `a`, `b` and `c`)`
fn clusters(finding: &Finding) -> String {
    let names: Vec<&str> = finding.clusters.iter().map(|cluster| cluster.name.as_str()).collect();
    if names.iter().all(|name| finding.message.contains(&format!("`{name}`"))) {
        return String::new();
    }
    let rest = names.len().saturating_sub(NAMED);
    match names.as_slice() {
        [only] => format!(" (cluster `{only}`)"),
        [first, second, third, _, ..] => {
            format!(" (clusters `{first}`, `{second}`, `{third}` and {})", more(rest, "cluster"))
        }
        names => format!(" (clusters {})", all_of(names)),
    }
}
