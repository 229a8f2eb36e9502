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
mod report;
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
pub use report::{ErrorGuaranteed, InCluster, Problems, Report};
pub use syntax::{SyntaxProblem, is_invisible, is_visible};
pub use trust::TrustProblem;
pub use value::{ValueFault, ValueProblem};

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

    /// How bad it is: its code says so.
    pub fn level(&self) -> Level {
        self.finding().code.level()
    }

    /// True if the machine failed, rather than the source or the files beside it.
    fn is_failure(&self) -> bool {
        match self {
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
