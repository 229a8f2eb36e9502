//! All that can be wrong, as data, and how it is said.
//!
//! The stages report problems; each kind of problem knows its words, in its file. `render` shows them.

mod account;
mod adoption;
mod allow;
mod code;
mod collect;
mod credential;
mod file;
mod finding;
mod fit;
mod fleet;
mod include;
mod input;
mod name;
mod nearest_name;
mod passthrough;
pub mod render;
mod syntax;
mod trust;
mod value;

pub use account::{AccountProblem, GeneratedDirectory, NarrowFault};
pub use adoption::{AdoptionFault, AdoptionProblem, Witness};
pub use allow::AllowProblem;
pub use code::{Code, Level};
pub use collect::number;
pub use credential::GrantProblem;
pub use file::{FileFault, FileProblem, History, TrustFileProblem};
pub use finding::{Edit, Finding, Help, Label, Place, all_of, count, more, one_of};
pub use fit::FitProblem;
pub use fleet::{FleetProblem, PoolName};
pub use include::{IncludeFault, IncludeProblem};
pub use input::InputFault;
pub use name::{NameProblem, Noun};
pub use nearest_name::nearest;
pub use passthrough::{NoPatch, PassedFault, PassedForm, PassedProblem};
pub use syntax::{SyntaxProblem, is_invisible, is_visible};
pub use trust::TrustProblem;
pub use value::{ValueFault, ValueProblem};

use crate::span::Span;

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// With the text itself.
    Syntax(SyntaxProblem),
    /// With what a name means.
    Name(NameProblem),
    /// With an `include`.
    Include(IncludeProblem),
    /// With an `allow`.
    Allow(AllowProblem),
    /// With a value.
    Value(ValueProblem),
    /// With an identity on the cluster that has it.
    Grant(GrantProblem),
    /// With a ServiceAccount that objects of Flux name.
    Account(AccountProblem),
    /// With how things fit together.
    Fit(FitProblem),
    /// With what clusters share.
    Fleet(FleetProblem),
    /// With what a cloud must be told.
    Trust(TrustProblem),
    /// With what an overlay passes through.
    Passed(Box<PassedProblem>),
    /// With a file on the disk.
    File(FileProblem),
    /// With a file on the disk that holds what a cloud must be told.
    TrustFile(TrustFileProblem),
    /// With an overlay that is to be taken in.
    Adoption(AdoptionProblem),
}

/// The cluster in which something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InCluster {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub at: Span,
}

impl Problem {
    /// The problem in words.
    pub fn finding(&self) -> Finding {
        match self {
            Problem::Syntax(problem) => problem.finding(),
            Problem::Name(problem) => problem.finding(),
            Problem::Include(problem) => problem.finding(),
            Problem::Allow(problem) => problem.finding(),
            Problem::Value(problem) => problem.finding(),
            Problem::Grant(problem) => problem.finding(),
            Problem::Account(problem) => problem.finding(),
            Problem::Fit(problem) => problem.finding(),
            Problem::Fleet(problem) => problem.finding(),
            Problem::Trust(problem) => problem.finding(),
            Problem::Passed(problem) => problem.finding(),
            Problem::File(problem) => problem.finding(),
            Problem::TrustFile(problem) => problem.finding(),
            Problem::Adoption(problem) => problem.finding(),
        }
    }
}

macro_rules! kinds {
    ($($kind:ident $problem:ident;)*) => {
        $(impl From<$problem> for Problem {
            fn from(problem: $problem) -> Problem {
                Problem::$kind(problem)
            }
        })*
    };
}

kinds! {
    Syntax SyntaxProblem;
    Name NameProblem;
    Include IncludeProblem;
    Allow AllowProblem;
    Value ValueProblem;
    Grant GrantProblem;
    Account AccountProblem;
    Fit FitProblem;
    Fleet FleetProblem;
    Trust TrustProblem;
    File FileProblem;
    TrustFile TrustFileProblem;
    Adoption AdoptionProblem;
}

impl From<PassedProblem> for Problem {
    fn from(problem: PassedProblem) -> Problem {
        Problem::Passed(Box::new(problem))
    }
}

/// Proof that an error was reported. Whoever cannot go on hands it on in place of a value, so that nothing is ever left
/// out of a fleet in silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorGuaranteed(());

/// The problems of one run, as they come.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    list: Vec<Reported>,
}

/// A problem, and the clusters that it is about.
#[derive(Clone, Debug)]
struct Reported {
    problem: Problem,
    clusters: Vec<InCluster>,
    /// Whether it names its clusters itself, so that they need not be shown again.
    names_them: bool,
}

impl Problems {
    /// Reports a problem.
    pub fn push(&mut self, problem: impl Into<Problem>) {
        self.list.push(Reported { problem: problem.into(), clusters: Vec::new(), names_them: false });
    }

    /// Reports a problem of several clusters, which it names itself.
    pub fn push_among(&mut self, problem: impl Into<Problem>, clusters: Vec<InCluster>) {
        self.list.push(Reported { problem: problem.into(), clusters, names_them: true });
    }

    /// Takes in what was reported elsewhere.
    pub fn append(&mut self, mut others: Problems) {
        self.list.append(&mut others.list);
    }

    /// Reports an error, and gives the proof of it.
    pub fn refuse(&mut self, problem: impl Into<Problem>) -> ErrorGuaranteed {
        self.push(problem);
        ErrorGuaranteed(())
    }

    /// Reports an error that shows in one cluster, and gives the proof of it.
    pub fn refuse_in(&mut self, problem: impl Into<Problem>, cluster: InCluster) -> ErrorGuaranteed {
        self.push_in(problem, cluster);
        ErrorGuaranteed(())
    }

    /// Reports a problem that shows in one cluster.
    pub fn push_in(&mut self, problem: impl Into<Problem>, cluster: InCluster) {
        self.list.push(Reported { problem: problem.into(), clusters: vec![cluster], names_them: false });
    }

    /// Reports a problem whose place is a cluster's name.
    pub fn push_at(&mut self, problem: impl Into<Problem>, cluster: InCluster) {
        self.push_among(problem, vec![cluster]);
    }

    /// Reports an error whose place is a cluster's name, and gives the proof of it.
    pub fn refuse_at(&mut self, problem: impl Into<Problem>, cluster: InCluster) -> ErrorGuaranteed {
        self.push_at(problem, cluster);
        ErrorGuaranteed(())
    }

    /// Keeps the problems that are to be kept; each comes with the clusters that it is about.
    pub fn retain(&mut self, mut keep: impl FnMut(&Problem, &[InCluster]) -> bool) {
        self.list.retain(|reported| keep(&reported.problem, &reported.clusters));
    }

    /// The proof that something is wrong, rather than doubtful, if it is.
    pub fn refused(&self) -> Option<ErrorGuaranteed> {
        let is_error = |reported: &Reported| reported.problem.finding().code.level() == Level::Error;
        self.list.iter().any(is_error).then_some(ErrorGuaranteed(()))
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether the machine failed, rather than the source or what stands beside it.
    pub fn has_failure(&self) -> bool {
        self.list.iter().any(|one| match &one.problem {
            Problem::File(problem) | Problem::TrustFile(TrustFileProblem(problem)) => problem.is_failure(),
            Problem::Syntax(_)
            | Problem::Name(_)
            | Problem::Include(_)
            | Problem::Allow(_)
            | Problem::Value(_)
            | Problem::Grant(_)
            | Problem::Account(_)
            | Problem::Fit(_)
            | Problem::Fleet(_)
            | Problem::Trust(_)
            | Problem::Passed(_)
            | Problem::Adoption(_) => false,
        })
    }

    /// Everything in words: once for each place and message, in source order, what is of files last. Of one code, not
    /// more than anybody reads.
    pub fn findings(&self) -> Vec<Finding> {
        collect::findings(&self.list)
    }
}
