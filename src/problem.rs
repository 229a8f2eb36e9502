//! Problems as data, and their messages.
//!
//! The stages report problems. Each kind of problem has its messages in its own file; `render` formats them.

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
mod kind;
mod name;
mod nearest_name;
mod passthrough;
pub mod render;
mod report;
mod syntax;
mod trust;
mod value;

pub use code::{Code, Level};
pub use finding::{Edit, Finding, Help, Label, Place};
pub use kind::PrimaryPlace;
pub use report::{ErrorGuaranteed, InCluster, Problems, Report};

pub(crate) use account::{AccountProblem, GeneratedDirectory, NarrowFault};
pub(crate) use adoption::{AdoptionFault, AdoptionProblem, VerificationFault, Witness};
pub(crate) use allow::AllowProblem;
pub(crate) use collect::number;
pub(crate) use credential::GrantProblem;
pub(crate) use file::{FileFault, FileProblem, History, TrustFileProblem};
pub(crate) use finding::{all_of, count, more, one_of};
pub(crate) use fit::FitProblem;
pub(crate) use fleet::{FleetProblem, PoolName};
pub(crate) use include::{IncludeFault, IncludeProblem};
pub(crate) use input::InputFault;
pub(crate) use kind::{FindingHead, ProblemKind};
use kind::{coded, problems, with, worded};
pub(crate) use name::{NameProblem, Noun};
pub(crate) use nearest_name::nearest;
pub(crate) use passthrough::{NoPatch, PassedFault, PassedForm, PassedProblem};
pub(crate) use syntax::{SyntaxProblem, is_invisible, is_visible};
pub(crate) use trust::TrustProblem;
pub(crate) use value::{ValueFault, ValueProblem};

/// A problem of any kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    Syntax(SyntaxProblem),
    /// Resolution of names.
    Name(NameProblem),
    Include(IncludeProblem),
    Allow(AllowProblem),
    Value(ValueProblem),
    /// The credentials of an identity on its cluster.
    Grant(GrantProblem),
    /// Object-level identity.
    Account(AccountProblem),
    /// Statements that are valid alone and do not fit together.
    Fit(FitProblem),
    /// Resources that clusters share.
    Fleet(FleetProblem),
    /// Data that trust needs.
    Trust(TrustProblem),
    Passed(Box<PassedProblem>),
    /// A generated file, or a file that is read.
    File(FileProblem),
    /// A generated file of `trust`.
    TrustFile(TrustFileProblem),
    /// An overlay to import.
    Adoption(AdoptionProblem),
}

impl Problem {
    fn kind(&self) -> &dyn ProblemKind {
        match self {
            Problem::Syntax(problem) => problem,
            Problem::Name(problem) => problem,
            Problem::Include(problem) => problem,
            Problem::Allow(problem) => problem,
            Problem::Value(problem) => problem,
            Problem::Grant(problem) => problem,
            Problem::Account(problem) => problem,
            Problem::Fit(problem) => problem,
            Problem::Fleet(problem) => problem,
            Problem::Trust(problem) => problem,
            Problem::Passed(problem) => problem.as_ref(),
            Problem::File(problem) => problem,
            Problem::TrustFile(problem) => problem,
            Problem::Adoption(problem) => problem,
        }
    }

    pub fn code(&self) -> Code {
        self.kind().code()
    }

    pub fn place(&self) -> PrimaryPlace<'_> {
        self.kind().place()
    }

    fn head(&self) -> FindingHead<'_> {
        self.kind().head()
    }

    /// The problem in words.
    pub fn finding(&self) -> Finding {
        self.kind().finding()
    }

    /// The level of its code.
    pub fn level(&self) -> Level {
        self.code().level()
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
