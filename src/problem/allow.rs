//! Problems of an `allow`.

use crate::problem::{Code, Finding, FindingHead, PrimaryPlace, ProblemKind, coded, problems, with, worded};
use crate::span::Span;

problems! {
    (head, at)
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum AllowProblem {
        Unused { code: Code } => UnusedAllow: "unused `allow` of `{code}`"
            .reason("no such warning is reported here")
            .help("remove it");
        NotAllowable { code: String } => NotAllowable: "`{code}` cannot be allowed"
            .reason("not a warning")
            .help("remove the `allow`; fix the error, or ignore the note")
            .note("only warnings can be allowed; `flux-identity explain --list` shows the level of each code");
        UnknownCode { code: String, nearest: Option<String> } => NotAllowable: "unknown code `{code}`"
            .reason("not a code")
            .nearest(*at, nearest.as_deref())
            .help("write the code of the warning, such as `F0117`");
    }
}
