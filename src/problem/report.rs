//! The problems of one run, as they are reported.

use crate::problem::{Finding, Level, Problem, collect};
use crate::span::Span;

/// Proof that an error was reported. Code that cannot go on returns it in place of a value, so that a fleet never lacks
/// something silently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorGuaranteed(());

/// A cluster in which a problem shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InCluster {
    /// The cluster's name.
    pub name: String,
    /// Where it is declared.
    pub at: Span,
}

/// A problem, and the clusters that it is about.
#[derive(Clone, Debug)]
pub struct Report {
    pub(super) problem: Problem,
    pub(super) clusters: Vec<InCluster>,
    /// True if the problem itself names its clusters, so that they need not be shown again.
    pub(super) names_clusters: bool,
}

impl<P: Into<Problem>> From<P> for Report {
    fn from(problem: P) -> Report {
        Report { problem: problem.into(), clusters: Vec::new(), names_clusters: false }
    }
}

impl Report {
    /// A problem that shows in one cluster, whatever the cluster is called.
    pub fn in_cluster(problem: impl Into<Problem>, cluster: InCluster) -> Report {
        Report { problem: problem.into(), clusters: vec![cluster], names_clusters: false }
    }

    /// A problem that names the clusters it is about, or stands at their names.
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

    /// Adds the problems that were reported elsewhere.
    pub fn append(&mut self, mut others: Problems) {
        self.list.append(&mut others.list);
        self.refused = self.refused.or(others.refused);
    }

    /// Removes the warnings and notes for which `keep` returns false. It gets the clusters that each is about.
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

    /// True if the machine failed, rather than the source or the files beside it.
    pub fn has_failure(&self) -> bool {
        self.list.iter().any(|report| report.problem.is_failure())
    }

    /// The findings to show: each place and message once, in source order, those about files last, and of one code no
    /// more than anybody reads.
    pub fn findings(&self) -> Vec<Finding> {
        collect::findings(&self.list)
    }
}
