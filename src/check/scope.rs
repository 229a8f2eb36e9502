//! One cluster being checked: what its names mean, and where its problems go.

use crate::model::Platform;
use crate::problem::{ErrorGuaranteed, InCluster, PrimaryPlace, Problem, Problems, Report, SearchBudget};
use crate::resolve::{ClusterLayers, Evaluator, Located, Typed, Unresolved};
use crate::span::Span;
use crate::syntax::tree::Name;

/// One cluster being checked.
pub struct Scope<'c, 't> {
    /// Where the platform is named.
    pub platform_at: Span,
    /// What the names mean in this cluster.
    pub names: Evaluator<'c, 't>,
    pub problems: &'c mut Problems,
}

impl<'c, 't> Scope<'c, 't> {
    /// The scope of a cluster. `platform`: with the place where it is named.
    pub fn new(
        name: Name<'t>,
        (platform, platform_at): (Platform, Span),
        layers: ClusterLayers<'c, 't>,
        searches: &'c SearchBudget,
        problems: &'c mut Problems,
    ) -> Scope<'c, 't> {
        let names = Evaluator::new(name, platform, layers, searches);
        Scope { platform_at, names, problems }
    }

    /// The cluster, for problems that show in it.
    pub fn in_cluster(&self) -> InCluster {
        InCluster { name: self.names.name.text.to_owned(), at: self.names.name.span }
    }

    /// A value that this cluster needs.
    ///
    /// # Errors
    /// It cannot be had, which is reported.
    pub fn need<T>(
        &mut self,
        value: impl FnOnce(&mut Evaluator<'c, 't>) -> Result<T, Unresolved>,
    ) -> Result<T, ErrorGuaranteed> {
        value(&mut self.names).map_err(|unresolved| {
            let cluster = self.in_cluster();
            unresolved
                .report(&mut |problem| self.problems.refuse(Report::in_cluster(problem, cluster.clone())))
        })
    }

    /// The value of a setting; None if no statement sets it.
    ///
    /// # Errors
    /// The setting cannot have the value, which is reported.
    pub fn setting<T>(&mut self, setting: &Typed<T>) -> Result<Option<Located<T>>, ErrorGuaranteed> {
        self.need(|names| names.typed(setting))
    }

    /// A value that was parsed.
    ///
    /// # Errors
    /// It is wrong, which is reported.
    pub fn valid<T>(&mut self, value: Result<T, Problem>) -> Result<T, ErrorGuaranteed> {
        value.map_err(|problem| self.refuse(problem))
    }

    /// Reports an error that shows in this cluster.
    pub fn refuse(&mut self, problem: impl Into<Problem>) -> ErrorGuaranteed {
        let cluster = self.in_cluster();
        self.problems.refuse(Report::in_cluster(problem, cluster))
    }

    /// Reports that something is missing, unless what cannot be read may hold it.
    pub fn refuse_missing(&mut self, problem: impl Into<Problem>) -> ErrorGuaranteed {
        self.names.layers.incomplete().unwrap_or_else(|| self.refuse(problem))
    }

    /// Reports a warning that shows in this cluster.
    pub fn warn(&mut self, problem: impl Into<Problem>) {
        let cluster = self.in_cluster();
        self.problems.report(Report::in_cluster(problem, cluster));
    }

    /// Reports a problem that shows in this cluster. Returns the proof if it is an error.
    pub fn report(&mut self, problem: impl Into<Problem>) -> Option<ErrorGuaranteed> {
        let problem = problem.into();
        if problem.place() == PrimaryPlace::Source(self.names.name.span) {
            return self.report_on_cluster(problem);
        }
        let cluster = self.in_cluster();
        self.problems.report(Report::in_cluster(problem, cluster))
    }

    /// Reports a problem whose place is this cluster's name. Returns the proof if it is an error.
    pub fn report_on_cluster(&mut self, problem: impl Into<Problem>) -> Option<ErrorGuaranteed> {
        let cluster = self.in_cluster();
        self.problems.report(Report::naming(problem, vec![cluster]))
    }

    /// Reports an error whose place is this cluster's name.
    pub fn refuse_on_cluster(&mut self, problem: impl Into<Problem>) -> ErrorGuaranteed {
        let cluster = self.in_cluster();
        self.problems.refuse(Report::naming(problem, vec![cluster]))
    }
}
