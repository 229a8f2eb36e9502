//! The problems of one run, in the order of their reports.

use crate::problem::{Code, Finding, Level, Problem, collect};
use crate::span::Span;

/// Proof that an error was reported. Code that cannot continue returns it instead of a value, so that a fleet is never
/// incomplete without an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorGuaranteed(());

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InCluster {
    pub name: String,
    /// The range of its name in the source.
    pub at: Span,
}

#[derive(Clone, Debug)]
pub struct Report {
    pub(super) problem: Problem,
    pub(super) clusters: Vec<InCluster>,
    /// True if the message names the clusters, so that no labels are added for them.
    pub(super) names_clusters: bool,
}

impl<P: Into<Problem>> From<P> for Report {
    fn from(problem: P) -> Report {
        Report { problem: problem.into(), clusters: Vec::new(), names_clusters: false }
    }
}

impl Report {
    /// A problem of one cluster whose message does not depend on the name of the cluster.
    pub fn in_cluster(problem: impl Into<Problem>, cluster: InCluster) -> Report {
        Report { problem: problem.into(), clusters: vec![cluster], names_clusters: false }
    }

    /// A problem whose message or place names its clusters.
    pub fn naming(problem: impl Into<Problem>, clusters: Vec<InCluster>) -> Report {
        Report { problem: problem.into(), clusters, names_clusters: true }
    }
}

/// The problems of one run, in the order of their reports.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    list: Vec<Report>,
    refused: Option<ErrorGuaranteed>,
}

impl Problems {
    /// Reports a problem. Returns the proof if it is an error.
    pub fn report(&mut self, report: impl Into<Report>) -> Option<ErrorGuaranteed> {
        let report = report.into();
        let error = (report.problem.level() == Level::Error).then_some(ErrorGuaranteed(()));
        self.refused = self.refused.or(error);
        self.list.push(report);
        error
    }

    /// Reports a problem that is always an error.
    pub fn refuse(&mut self, report: impl Into<Report>) -> ErrorGuaranteed {
        let error = self.report(report);
        debug_assert!(error.is_some(), "only an error can be refused");
        *self.refused.get_or_insert(ErrorGuaranteed(()))
    }

    /// How many were reported.
    pub fn number(&self) -> usize {
        self.list.len()
    }

    /// Adds the problems of another list.
    pub fn append(&mut self, mut others: Problems) {
        self.list.append(&mut others.list);
        self.refused = self.refused.or(others.refused);
    }

    /// Removes the warnings and notes for which `keep` returns false. `keep` gets the clusters of each problem.
    pub fn retain(&mut self, mut keep: impl FnMut(&Problem, &[InCluster]) -> bool) {
        self.list.retain(|report| {
            report.problem.level() == Level::Error || keep(&report.problem, &report.clusters)
        });
    }

    /// The proof that an error was reported, if one was.
    pub fn refused(&self) -> Option<ErrorGuaranteed> {
        self.refused
    }

    /// True if nothing was reported.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// True if one of these codes was reported.
    pub fn has_any(&self, codes: &[Code]) -> bool {
        self.list.iter().any(|report| codes.contains(&report.problem.code()))
    }

    /// True for failures of the machine, which end with exit status 3.
    pub fn has_failure(&self) -> bool {
        self.list.iter().any(|report| report.problem.code().is_failure())
    }

    /// The findings to show: one for each place and message, in source order, with those about files last, and at most
    /// 1,000 of each code.
    pub fn findings(&self) -> Vec<Finding> {
        collect::findings(&self.list)
    }
}
