//! Problems of files of values.

use crate::problem::{
    Code, Finding, FindingHead, PrimaryPlace, ProblemKind, all_of, coded, more, with, worded,
};
use crate::span::Span;
use crate::spanned::Excess;

/// A file of values that is not read, or something in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValuesProblem {
    pub at: Span,
    pub fault: ValuesFault,
}

coded! {
    (head)
    /// What is wrong with a file of values.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum ValuesFault {
        Missing => ValuesUnread: "this file of values does not exist"
            .reason("no such file")
            .help("create it, or correct the path; it is relative to the directory of the root source");
        Unseen => ValuesUnread: "this file of values is out of reach"
            .reason("not read")
            .help("a source from standard input has no files beside it: name the file of the source with `--file`");
        Outside => ValuesUnread: "a file of values must stay in the directory of the root source"
            .reason("outside of that directory")
            .help("write a path relative to that directory, without `..` and symbolic links");
        Unread(cause: String) => ValuesUnread: "this file of values is not read"
            .reason("{cause}")
            .help("name a regular file with JSON or YAML");
        NotYaml => ValuesForm: "this file of values is neither JSON nor YAML"
            .reason("not valid from here on")
            .help("write an object of clusters: `{{\"prod-eu\": {{\"account\": \"111122223333\"}}}}`");
        OutOfBounds(excess: Excess) => ValuesForm: "this file of values {}" (excess.words())
            .reason("a limit is exceeded here")
            .help("split it into several files");
        SeveralDocuments => ValuesForm: "this file of values has several documents"
            .reason("second document")
            .help("write one object of clusters");
        NoClusters => ValuesForm: "this file of values is not an object of clusters"
            .reason("not an object")
            .help("write an object of clusters: `{{\"prod-eu\": {{\"account\": \"111122223333\"}}}}`");
        WholeOutput(name: String) => ValuesForm: "this file has all outputs of Terraform, not the values of clusters"
            .reason("an output with its type")
            .help("write the value of one output: `terraform output -json {name}`");
        NoEntry(cluster: String) => ValuesForm: "the entry of `{cluster}` is not an object"
            .reason("not an object")
            .help("write an object of names and texts: `\"{cluster}\": {{\"account\": \"111122223333\"}}`");
        NoName(name: String) => ValuesForm: "`{name}` cannot be the name of a setting or a variable"
            .reason("not a name")
            .help("a name has letters, digits, `-`, `_` and `.`, and starts and ends with a letter or digit");
        NotText(found: String) => ValueNotText: "`{found}` is not text"
            .reason("a number or a word of YAML")
            .help("write it in quotes: `\"{found}\"`; in Terraform, `tostring` makes a text")
            .note("a number loses its leading zeros");
        Nested(name: String) => ValueNotText: "the value of `{name}` is not text"
            .reason("an object or a list")
            .help("write one text for each name");
        NotPlain => ValueNotText: "this text has a character that a source cannot have, or an escape"
            .reason("not printable ASCII as it stands")
            .help("write it on one line, in printable ASCII, without escapes");
        Interpolation => ValueNotText: "a value from a file is not interpolated"
            .reason("`$` is not allowed here")
            .help("write the value itself, or move the text to the source");
        UnknownClusters {
            /// Each with the name that was perhaps meant.
            names: Vec<(String, Option<String>)>,
            /// True if the source is an included file, whose values are for its own clusters.
            is_included: bool,
        } => ValuesOfNoCluster, {
            let first = names.first();
            let name = first.map_or("", |(name, _)| name.as_str());
            let message = match names.len() {
                0 | 1 => format!("values of `{name}`, which is not a cluster"),
                count => format!("values of `{name}` and {}, which are not clusters", more(count.saturating_sub(1), "name")),
            };
            let of = if *is_included { "of this file" } else { "of the fleet" };
            let finding = head.with_message(message).reason(format!("not a cluster {of}"));
            let all: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).take(10).collect();
            let finding = match first.and_then(|(_, near)| near.as_ref()) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding.help("declare the cluster, or remove the entry"),
            };
            if all.len() > 1 { finding.note(format!("not clusters: {}", all_of(&all))) } else { finding }
        };
    }
}

impl ProblemKind for ValuesProblem {
    fn code(&self) -> Code {
        self.fault.code()
    }

    fn place(&self) -> PrimaryPlace<'_> {
        PrimaryPlace::Source(self.at)
    }

    fn finding(&self) -> Finding {
        self.fault.finding(self.head())
    }
}
