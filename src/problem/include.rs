//! Problems of an `include`.

use crate::problem::{Code, Finding, PrimaryPlace, ProblemKind};
use crate::span::Span;

/// An `include` that matches no file, or a file that it cannot include.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncludeProblem {
    pub at: Span,
    pub fault: IncludeFault,
}

/// What is wrong with the pattern of an `include`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IncludeFault {
    Outside,
    Pattern,
    Nothing,
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
                "an `include` must stay in the directory of the root source",
                "outside of that directory",
                "write a path relative to that directory, without `..` and symbolic links",
            ),
            IncludeFault::Pattern => (
                "invalid pattern of file names",
                "not a valid pattern",
                "use names with `*` and `?`, as in `\"teams/*.flux\"`",
            ),
            IncludeFault::Nothing => (
                "this `include` matches no file",
                "no file matches",
                "create the file, or correct the pattern; it is relative to the directory of the \
                 root source",
            ),
            IncludeFault::TooMany => {
                ("too many files are included", "more than 65,000 files", "merge some of them")
            }
        };
        self.with_message(message).reason(why).help(help)
    }
}
