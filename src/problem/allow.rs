//! Problems of an `allow`.

use crate::problem::{Code, Finding, PrimaryPlace, ProblemKind, coded, problems};
use crate::span::Span;

problems! {
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum AllowProblem {
        Unused { code: Code } => UnusedAllow,
        NotAllowable { code: String } => NotAllowable,
        UnknownCode { code: String, nearest: Option<String> } => NotAllowable,
    }
}

impl AllowProblem {
    fn in_words(&self) -> Finding {
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
