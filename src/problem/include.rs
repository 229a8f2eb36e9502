//! What can be wrong with an `include`.

use crate::problem::{Code, Finding, PrimaryPlace, ProblemKind};
use crate::span::Span;

/// An `include` that includes nothing it may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncludeProblem {
    /// The pattern.
    pub at: Span,
    /// What is wrong with it.
    pub fault: IncludeFault,
}

/// What is wrong with the pattern of an `include`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IncludeFault {
    /// It leads out of the directory of the root file.
    Outside,
    /// It is not a pattern.
    Pattern,
    /// No file has such a name.
    Nothing,
    /// There are too many sources.
    TooMany,
}

impl ProblemKind for IncludeProblem {
    fn code(&self) -> Code {
        Code::Include
    }

    fn place(&self) -> PrimaryPlace<'_> {
        PrimaryPlace::Source(self.at)
    }

    fn finding(&self) -> Finding {
        let (message, why, help) = match self.fault {
            IncludeFault::Outside => (
                "an `include` stays in the directory of the root file",
                "leads out of it",
                "write a path from that directory, without `..` and links",
            ),
            IncludeFault::Pattern => (
                "this is not a pattern of file names",
                "cannot be matched",
                "write names with `*` and `?`, as in `\"teams/*.flux\"`",
            ),
            IncludeFault::Nothing => (
                "this `include` includes nothing",
                "no file matches",
                "write the file, or another pattern; it is taken from the directory of the root file",
            ),
            IncludeFault::TooMany => ("too many files are included", "more than 65,000", "join some of them"),
        };
        self.with_message(message).reason(why).help(help)
    }
}
