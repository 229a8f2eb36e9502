//! The findings of one run, sorted and without duplicates.

use std::collections::{BTreeMap, BTreeSet};

use crate::problem::{Code, Finding, FindingHead, InCluster, Report, all_of};
use crate::span::Span;

/// The most findings of one code that are shown. The others are counted.
const SHOWN: usize = 1_000;

/// The number of findings, including those that are not shown.
pub fn number<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> usize {
    findings.into_iter().fold(0, |sum, finding| sum.saturating_add(1).saturating_add(finding.more))
}

/// One finding for each place and message, in source order, with those about files last.
pub(super) fn findings(reported: &[Report]) -> Vec<Finding> {
    let mut order: Vec<(FindingHead<'_>, &Report)> =
        reported.iter().map(|report| (report.problem.head(), report)).collect();
    order.sort_by_key(|(head, _)| *head);
    let mut list = Collected::default();
    for group in order.chunk_by(|(one, _), (other, _)| one == other) {
        match group {
            // Messages need much more memory than problems, so none is made for a finding that is only counted.
            [(head, _)] if list.is_full(head.code) => list.leave(head.code),
            group => collect(group).into_iter().for_each(|finding| list.push(finding)),
        }
    }
    list.done()
}

/// The findings of one place and code, one for each message.
fn collect(group: &[(FindingHead<'_>, &Report)]) -> Vec<Finding> {
    let mut messages: BTreeMap<String, Merged> = BTreeMap::new();
    for (_, reported) in group {
        let finding = reported.problem.finding();
        let everywhere = reported.clusters.is_empty();
        let merged = messages.entry(finding.message.clone()).or_insert_with(|| Merged {
            finding,
            clusters: Vec::new(),
            known: BTreeSet::new(),
            everywhere,
            names_clusters: reported.names_clusters,
        });
        if merged.everywhere {
            continue;
        }
        for cluster in &reported.clusters {
            if merged.known.insert(cluster.at) {
                merged.clusters.push(cluster);
            }
        }
    }
    messages.into_values().map(Merged::finish).collect()
}

/// A finding and its clusters.
struct Merged<'r> {
    finding: Finding,
    clusters: Vec<&'r InCluster>,
    known: BTreeSet<Span>,
    /// True if the finding does not depend on the cluster.
    everywhere: bool,
    /// True if the finding names its clusters, so that no labels are added for them.
    names_clusters: bool,
}

impl Merged<'_> {
    fn finish(self) -> Finding {
        let mut finding = self.finding;
        finding.clusters = self.clusters.iter().copied().cloned().collect();
        let Some((first, others)) = self.clusters.split_first().filter(|_| !self.names_clusters) else {
            return finding;
        };
        let finding = finding.label(first.at, format!("in cluster `{}`", first.name));
        let names: Vec<&str> = others.iter().map(|cluster| cluster.name.as_str()).collect();
        match names.as_slice() {
            [] => finding,
            [.., _] if names.len() <= 3 => finding.note(format!("also in {}", all_of(&names))),
            [one, two, rest @ ..] => {
                finding.note(format!("also in `{one}`, `{two}` and {} more clusters", rest.len()))
            }
            [_] => finding,
        }
    }
}

/// Findings in order, at most `SHOWN` of each code.
#[derive(Default)]
struct Collected {
    findings: Vec<Finding>,
    codes: BTreeMap<Code, OfCode>,
}

#[derive(Default)]
struct OfCode {
    shown: usize,
    last: usize,
    more: usize,
}

impl Collected {
    fn is_full(&self, code: Code) -> bool {
        self.codes.get(&code).is_some_and(|of| of.shown >= SHOWN)
    }

    fn push(&mut self, finding: Finding) {
        let of = self.codes.entry(finding.code).or_default();
        if of.shown >= SHOWN {
            of.more = of.more.saturating_add(1);
        } else {
            of.shown = of.shown.saturating_add(1);
            of.last = self.findings.len();
            self.findings.push(finding);
        }
    }

    fn leave(&mut self, code: Code) {
        let of = self.codes.entry(code).or_default();
        of.more = of.more.saturating_add(1);
    }

    fn done(mut self) -> Vec<Finding> {
        for OfCode { last, more, .. } in self.codes.into_values() {
            if let Some(finding) = self.findings.get_mut(last) {
                finding.more = more;
            }
        }
        self.findings
    }
}
