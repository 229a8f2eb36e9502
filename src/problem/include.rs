//! Problems of an `include`.

use crate::problem::{Code, Finding, FindingHead, PrimaryPlace, ProblemKind, with, worded};
use crate::span::Span;

/// An `include` that matches no file, or a file that it cannot include.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncludeProblem {
    pub at: Span,
    pub fault: IncludeFault,
}

worded! {
    (head)
    /// What is wrong with the pattern of an `include`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum IncludeFault {
        Outside: "an `include` must stay in the directory of the root source"
            .reason("outside of that directory")
            .help("write a path relative to that directory, without `..` and symbolic links");
        Pattern: "invalid pattern of file names"
            .reason("not a valid pattern")
            .help("use names with `*` and `?`, as in `\"teams/*.flux\"`");
        Nothing: "this `include` matches no file"
            .reason("no file matches")
            .help("create the file, or correct the pattern; it is relative to the directory of the root source");
        TooMany: "too many files are included"
            .reason("more than 65,000 files")
            .help("merge some of them");
    }
}

impl ProblemKind for IncludeProblem {
    fn code(&self) -> Code {
        Code::Include
    }

    fn place(&self) -> PrimaryPlace<'_> {
        PrimaryPlace::Source(self.at)
    }

    fn finding(&self) -> Finding {
        self.fault.finding(self.head())
    }
}
