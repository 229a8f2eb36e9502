//! Problems of an `allow`.

use crate::problem::{Code, Finding, PrimaryPlace, ProblemKind};
use crate::span::Span;

/// A problem of an `allow`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowProblem {
    Unused { at: Span, code: Code },
    NotAllowable { at: Span, code: String },
    UnknownCode { at: Span, code: String, nearest: Option<String> },
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
            AllowProblem::Unused { code, .. } => self
                .with_message(format!("unused `allow` of `{code}`"))
                .reason("no such warning is reported here")
                .help("remove it"),
            AllowProblem::NotAllowable { code, .. } => self
                .with_message(format!("`{code}` cannot be allowed"))
                .reason("not a warning")
                .help("remove the `allow`; fix the error, or ignore the note")
                .note(
                    "only warnings can be allowed; `flux-identity explain --list` shows the level of \
                 each code",
                ),
            AllowProblem::UnknownCode { at, code, nearest } => self
                .with_message(format!("unknown code `{code}`"))
                .reason("not a code")
                .nearest(*at, nearest.as_deref())
                .help("write the code of the warning, such as `F0117`"),
        }
    }
}
