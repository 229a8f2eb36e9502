//! What a finding is known by from one report to the next.

use std::collections::BTreeMap;

use crate::digest;
use crate::problem::Finding;
use crate::problem::render::Located;
use crate::source::Sources;

/// The fingerprints of the findings of one report, in their order.
pub struct Fingerprints<'s> {
    sources: &'s Sources,
    seen: BTreeMap<String, usize>,
}

impl<'s> Fingerprints<'s> {
    pub fn new(sources: &'s Sources) -> Fingerprints<'s> {
        Fingerprints { sources, seen: BTreeMap::new() }
    }

    /// Lines move; what stands on them, and which of several equal findings it is, mostly do not.
    pub fn next(&mut self, finding: &Finding, located: &Located<'_>) -> String {
        let (path, _) = located.file_and_line(finding);
        let text = finding.span().map_or("", |span| self.sources.text(span));
        let said = [finding.code.as_str(), path, &finding.message, text].join("\0");
        let number = self.seen.entry(said.clone()).or_default();
        *number = number.saturating_add(1);
        digest::fingerprint(format!("{said}\0{number}").as_bytes())
    }
}
