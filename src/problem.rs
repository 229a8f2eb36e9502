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
pub(crate) use adoption::{AdoptionFault, AdoptionProblem, Witness};
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
pub(crate) use name::{NameProblem, Noun};
pub(crate) use nearest_name::nearest;
pub(crate) use passthrough::{NoPatch, PassedFault, PassedForm, PassedProblem};
pub(crate) use syntax::{SyntaxProblem, is_invisible, is_visible};
pub(crate) use trust::TrustProblem;
pub(crate) use value::{ValueFault, ValueProblem};

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

    /// Its code.
    pub fn code(&self) -> Code {
        self.kind().code()
    }

    /// Its place.
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

    /// How bad it is: its code says so.
    pub fn level(&self) -> Level {
        self.code().level()
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
