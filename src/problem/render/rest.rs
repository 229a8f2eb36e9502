//! Findings that are not shown.

use crate::problem::{Finding, more};

/// The last shown finding of each code that has more.
pub fn lasts(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings.iter().filter(|finding| finding.more > 0)
}

/// The number of further findings of this code.
pub fn message(last: &Finding) -> String {
    let verb = if last.more == 1 { "is" } else { "are" };
    format!("{} of this code {verb} not shown", more(last.more, "finding"))
}

/// A line for each code that has more findings: `error[CODE]: 2 more findings of this code are not shown`
pub fn lines(findings: &[Finding]) -> String {
    let line = |last: &Finding| format!("{}[{}]: {}\n", last.code.level().as_str(), last.code, message(last));
    lasts(findings).map(line).collect()
}
