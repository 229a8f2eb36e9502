//! Problems of text in the notation of another language.

use crate::problem::{Code, Finding, FindingHead, PrimaryPlace, ProblemKind, coded, problems, with, worded};
use crate::span::Span;

/// What other languages calculate, and a source does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expression {
    Call,
    Index,
    Map,
    List,
    Operator,
    /// `var.account` and the like.
    Reference,
}

impl Expression {
    /// The message and the label.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Expression::Call => ("a source has no functions", "function call"),
            Expression::Index => ("a source has no maps", "lookup in a map"),
            Expression::Map => ("a source has no maps", "map"),
            Expression::List => ("a source has no lists", "list"),
            Expression::Operator => ("a source has no operators", "operator"),
            Expression::Reference => ("a source has no variables of Terraform", "reference of Terraform"),
        }
    }
}

/// What to do with a value that differs between clusters.
pub(super) const WHERE_VALUES_ARE: &str = "write each value where it applies: in a profile, in a cluster, or for all clusters in a file: `values \"values.json\"`";

problems! {
    (head, at)
    /// Text in the notation of another language, such as HCL or YAML, or of git.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum ForeignProblem {
        Comment {
            written: &'static str,
            /// The comment in the notation of a source, if it is on one line.
            replacement: Option<String>,
        } => ForeignNotation, {
            let finding = head
                .with_message(format!("a comment starts with `#`, not `{written}`"))
                .reason("not a comment");
            match replacement {
                Some(replacement) => finding.suggestion(*at, replacement),
                None => finding.help("start each line of the comment with `#`"),
            }
        };
        BlockOfStatement { keyword: String, form: String } => ForeignNotation: "a `{keyword}` statement has no block"
            .reason("a block cannot open here")
            .help("write `{form}`, on one line");
        StatementAsSetting {
            keyword: &'static str, form: String, all: Span,
            /// The statement, if it can be written.
            replacement: Option<String>,
        } => ForeignNotation, {
            let message = format!("`{keyword}` starts a statement, which has no `=`");
            let finding = head.with_message(message).reason("not a setting");
            match replacement {
                Some(replacement) if !replacement.contains('\n') => finding.suggestion(*all, replacement),
                Some(replacement) => finding.edit(*all, replacement, format!("write `{form}`, one on each line")),
                None => finding.help(format!("write `{form}`, one on each line")),
            }
        };
        NoSuchSetting { name: String, advice: &'static str } => UnknownSetting: "unknown setting `{name}`"
            .reason("no such setting")
            .help("{advice}");
        HeaderWithProfile { profile: String } => ForeignNotation: "a header does not name profiles"
            .reason("not part of a header")
            .help("use the profile in the block: `use {profile}`");
        HeaderWithoutOn { platform: String } => Expected: "missing `on` before the platform of a cluster"
            .reason("expected `on` before this")
            .suggestion(*at, "on {platform}");
        BracketedList { list: String } => ForeignNotation: "a list has no brackets"
            .reason("in brackets")
            .suggestion(*at, list);
        IsolatedList { statements: String } => ForeignNotation: "an `isolate` statement names one role or controller"
            .reason("a list of them")
            .edit(*at, statements, "write `isolate … by …` for each, one on each line");
        Calculated { expression: Expression } => ForeignNotation, {
            let (message, reason) = expression.words();
            head.with_message(message)
                .reason(reason)
                .help(WHERE_VALUES_ARE)
                .note("a value is text in double quotes; `${name}` in it is a setting or a variable of the cluster")
        };
        Wildcard {
            /// What to write instead.
            advice: String,
        } => Wildcard: "a source has no wildcards"
            .reason("wildcard")
            .help("{advice}");
        MissingServiceAccount { name: String } => Expected: "missing `service-account` before `{name}`"
            .reason("not the name of a controller")
            .suggestion(*at, "service-account {name}");
        IdentityBeforeArrow => WrongArrow: "the arrow of a mapping points to the role"
            .reason("a controller stands here")
            .help("write the controllers to the left of the arrow: `CONTROLLER -> ROLE`");
        ListOfPaths { keyword: String } => TextAfterStatement: "`{keyword}` names one path"
            .reason("a list of paths")
            .help("write `{keyword} \"…\"` for each path, one on each line");
        Semicolon => TextAfterStatement: "a statement ends with its line, without `;`"
            .reason("unexpected semicolon")
            .edit(*at, String::new(), "remove it");
        MergeConflict => MergeConflict: "unresolved merge conflict"
            .reason("starts here")
            .help("keep one side, or write what both want, and remove the lines that git added");
    }
}

/// What to write for a wildcard that means these controllers.
pub fn list_of_controllers(controllers: &[&str]) -> String {
    if controllers.is_empty() {
        "name each controller".to_owned()
    } else {
        format!("name each controller: `{}`", controllers.join(", "))
    }
}

/// True for a word such as `var.account`, which is a reference of Terraform.
pub fn is_reference(word: &str) -> bool {
    word.split_once('.').is_some_and(|(begin, rest)| {
        matches!(begin, "var" | "local" | "data" | "module" | "each" | "terraform") && !rest.is_empty()
    })
}
