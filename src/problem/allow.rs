//! What can be wrong with an `allow`.

use crate::problem::{Code, Finding, PrimaryPlace, ProblemKind};
use crate::span::Span;

/// Something is wrong with an `allow`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowProblem {
    /// It silences nothing.
    Unused {
        /// Its code.
        at: Span,
        /// The same.
        code: Code,
    },
    /// It is of what is no warning.
    NotAllowable {
        /// Its code.
        at: Span,
        /// The same.
        code: String,
    },
    /// It is of a code that there is not.
    UnknownCode {
        /// Its code.
        at: Span,
        /// The same.
        code: String,
        /// The nearest code of a warning.
        nearest: Option<String>,
    },
}

impl ProblemKind for AllowProblem {
    fn code(&self) -> Code {
        match self {
            AllowProblem::Unused { .. } => Code::UnusedAllow,
            AllowProblem::NotAllowable { .. } | AllowProblem::UnknownCode { .. } => Code::NotAllowable,
        }
    }

    fn place(&self) -> PrimaryPlace<'_> {
        match self {
            AllowProblem::Unused { at, .. }
            | AllowProblem::NotAllowable { at, .. }
            | AllowProblem::UnknownCode { at, .. } => PrimaryPlace::Source(*at),
        }
    }

    fn finding(&self) -> Finding {
        match self {
            AllowProblem::Unused { code, .. } => {
                self.with_message(format!("there is no `{code}` here to allow"))
                    .reason("silences nothing")
                    .help("remove it")
            }
            AllowProblem::NotAllowable { code, .. } => self.with_message(format!("`{code}` cannot be allowed"),
            )
            .reason("not to be allowed")
            .help("remove the `allow`; an error is to be mended, and a note stops nothing")
            .note(
                "only warnings can be allowed; `flux-identity explain --list` tells the level of each code",
            ),
            AllowProblem::UnknownCode { at, code, nearest } => {
                self.with_message(format!("there is no code `{code}`"))
                    .reason("not a code")
                    .nearest(*at, nearest.as_deref())
                    .help("copy the code from the warning, such as `F0117`")
            }
        }
    }
}
