//! One line for each finding, for logs and editors.

use crate::problem::render::located::Located;
use crate::problem::render::{rest, sanitized};
use crate::problem::{Finding, Place};
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
        let line = format!("{place}: {level}[{code}]: {message}");
        out.push_str(&sanitized(&line).replace('\n', " "));
        out.push('\n');
    }
    out + &rest::lines(findings)
}
