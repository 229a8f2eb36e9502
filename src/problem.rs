//! Problems as data, and their messages.
//!
//! The stages report problems. Each kind of problem has its messages in its own file; `render` formats them.

mod account;
mod adoption;
mod allow;
mod applied;
mod code;
mod collect;
mod context;
mod credential;
mod effective_identity;
mod file;
mod finding;
mod fit;
mod fleet;
mod foreign;
mod include;
mod input;
mod integration;
mod kind;
mod misfit;
mod name;
mod nearest_name;
mod object;
mod page;
mod passthrough;
pub mod render;
mod report;
mod substitution;
mod syntax;
mod trust;
mod unusable;
mod value;
mod values_file;
mod verification;

use std::borrow::Borrow;

pub use code::{Code, Level};
pub use finding::{Edit, Finding, Help, Label, Place};
pub use kind::PrimaryPlace;
pub use report::{ErrorGuaranteed, InCluster, Problems, Report};

pub(crate) use account::{AccountProblem, GeneratedDirectory, NarrowFault};
pub(crate) use adoption::{
    AdoptionFault, AdoptionProblem, CopyFault, Explanation, Inexpressible, VerificationFault, Witness,
};
pub(crate) use allow::AllowProblem;
pub(crate) use applied::{AppliedProblem, FluxObject, LostRight, Unlisted};
pub(crate) use collect::number;
pub(crate) use context::ContextProblem;
pub(crate) use credential::CredentialProblem;
pub(crate) use effective_identity::cause::describe_feature;
pub use effective_identity::cause::{describe_cause, describe_unreadable};
pub use effective_identity::obstacle::describe_obstacle;
pub(crate) use effective_identity::{
    AccountDifference, Affected, EffectiveIdentityProblem, Idleness, SetBy, Unlike, describe_field,
    describe_identity,
};
pub(crate) use file::{
    ADOPTION_CHANGES_NOTHING, FileFault, FileProblem, History, TrustFileProblem, TrustWriter,
};
pub(crate) use finding::{all_of, count, listed, more, one_of};
pub(crate) use fit::{FitProblem, InstallationPlace, MissingPart, REGENERATE, Unverified};
pub(crate) use fleet::{FleetProblem, PoolName};
pub(crate) use foreign::{Expression, ForeignProblem, is_reference, list_of_controllers};
pub(crate) use include::{IncludeFault, IncludeProblem};
pub(crate) use input::InputFault;
pub(crate) use kind::{FindingHead, ProblemKind};
use kind::{coded, problems, texts, with, worded};
pub(crate) use name::{NameProblem, Noun};
pub(crate) use nearest_name::{SearchBudget, is_one_slip, nearest, nearest_name};
pub(crate) use object::{ObjectProblem, describe_object};
pub(crate) use page::{PAGE_SCHEME, page_at, page_uri, titled_page};
pub(crate) use passthrough::{NoPatch, PassedFault, PassedForm, PassedProblem, UnnamedCause};
pub(crate) use substitution::SubstitutionFault;
pub(crate) use syntax::{SyntaxProblem, is_invisible, is_visible};
pub(crate) use trust::{TrustProblem, omissions_message, several_files_message};
pub(crate) use unusable::{Unusable, UrlFault};
pub(crate) use value::{ValueFault, ValueProblem};
pub(crate) use values_file::{ValuesFault, ValuesProblem};
pub(crate) use verification::{ComparisonFault, VerificationReport};

/// Declares the kinds of problems: what each variant holds, and the problem that it is made of.
macro_rules! kinds {
    ($($kind:ident($held:ty) $problem:ident;)*) => {
        /// A problem of any kind.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Problem {
            $($kind($held),)*
        }

        impl Problem {
            fn kind(&self) -> &dyn ProblemKind {
                match self { $(Problem::$kind(problem) => Borrow::<$problem>::borrow(problem),)* }
            }
        }

        $(impl From<$problem> for Problem {
            fn from(problem: $problem) -> Problem {
                Problem::$kind(problem.into())
            }
        })*
    };
}

kinds! {
    Syntax(SyntaxProblem) SyntaxProblem;
    Foreign(ForeignProblem) ForeignProblem;
    Name(NameProblem) NameProblem;
    Include(IncludeProblem) IncludeProblem;
    Allow(AllowProblem) AllowProblem;
    Value(ValueProblem) ValueProblem;
    Values(ValuesProblem) ValuesProblem;
    Context(ContextProblem) ContextProblem;
    Credential(CredentialProblem) CredentialProblem;
    Account(AccountProblem) AccountProblem;
    Fit(FitProblem) FitProblem;
    Fleet(FleetProblem) FleetProblem;
    Trust(TrustProblem) TrustProblem;
    EffectiveIdentity(Box<EffectiveIdentityProblem>) EffectiveIdentityProblem;
    Applied(Box<AppliedProblem>) AppliedProblem;
    Object(Box<ObjectProblem>) ObjectProblem;
    Passed(Box<PassedProblem>) PassedProblem;
    File(FileProblem) FileProblem;
    TrustFile(TrustFileProblem) TrustFileProblem;
    Adoption(AdoptionProblem) AdoptionProblem;
}

impl Problem {
    pub fn code(&self) -> Code {
        self.kind().code()
    }

    pub fn place(&self) -> PrimaryPlace<'_> {
        self.kind().place()
    }

    fn head(&self) -> FindingHead<'_> {
        self.kind().head()
    }

    pub fn finding(&self) -> Finding {
        self.kind().finding()
    }

    pub fn level(&self) -> Level {
        self.code().level()
    }
}
