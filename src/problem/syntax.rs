//! Problems of the syntax.

mod character;

pub use character::{is_invisible, is_visible};

use crate::problem::syntax::character::look_alike;
use crate::problem::{Code, Finding, PrimaryPlace, ProblemKind, coded, problems};
use crate::span::Span;

problems! {
    /// Text that cannot be parsed, or is not allowed in a source.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum SyntaxProblem {
        Expected {
            /// Empty at the end of a line.
            found: String,
            expected: Vec<&'static str>,
        } => Expected,
        TextAfterStatement => TextAfterStatement,
        UnclosedBlock { end: Span } => UnclosedBlock,
        StrayClose => StrayClose,
        UnclosedText => UnclosedText,
        OtherQuotes { text: String } => OtherQuotes,
        CommaAtEnd => CommaAtEnd,
        BraceOnNextLine => BraceOnNextLine,
        WrongArrow { written: String } => WrongArrow,
        StrayDollar { name: Option<String> } => StrayDollar,
        ForbiddenCharacter { character: char } => ForbiddenCharacter,
        NestedBlock => NestedBlock,
        UnknownStatement { word: String, nearest: Option<&'static str> } => UnknownStatement,
        ImageAsController { controller: &'static str } => UnknownController,
        MissingName { what: &'static str } => Expected,
        NameInQuotes { name: String } => Expected,
        NameEnd => Expected,
        LateValue => Expected,
        MissingRole { name: String } => Expected,
        MissingProvider { guess: Option<&'static str> } => MissingProvider,
        LongLine {
            /// In bytes.
            limit: usize,
        } => TooLarge,
    }
}

impl SyntaxProblem {
    fn in_words(&self) -> Finding {
        match self {
            SyntaxProblem::Expected { found, expected, .. } => {
                let expected = list(expected);
                let message = if found.is_empty() {
                    format!("expected {expected}")
                } else {
                    format!("expected {expected}, found `{found}`")
                };
                self.with_message(message).reason(format!("expected {expected}"))
            }
            SyntaxProblem::TextAfterStatement { .. } => self
                .with_message("unexpected text after a statement")
                .reason("the statement ends before this")
                .help("start a new line, or start a comment with `#`"),
            SyntaxProblem::UnclosedBlock { end, .. } => self
                .with_message("this block is not closed")
                .reason("opened here")
                .label(*end, "still open here")
                .help("close it with `}` on its own line"),
            SyntaxProblem::StrayClose { .. } => self
                .with_message("unexpected closing brace")
                .reason("no block is open here")
                .help("remove it, or check whether a block above is closed too early"),
            SyntaxProblem::UnclosedText { .. } => self
                .with_message("unterminated text")
                .reason("starts here")
                .help("close it with `\"` on the same line"),
            SyntaxProblem::OtherQuotes { at, text } => self
                .with_message("text must be in straight double quotes")
                .reason("other quotes")
                .suggestion(*at, format!("\"{text}\"")),
            SyntaxProblem::CommaAtEnd { .. } => self
                .with_message("trailing comma in a list")
                .reason("nothing follows this comma")
                .help("remove the comma, or add the missing item")
                .note(
                    "after a comma, a list continues on the next line, unless it is empty or starts a \
                    statement",
                ),
            SyntaxProblem::BraceOnNextLine { .. } => self
                .with_message("a block must open on the same line as its header")
                .reason("this brace is on the next line")
                .help("move `{` to the end of the header's line"),
            SyntaxProblem::WrongArrow { at, written } => self
                .with_message(format!("a mapping uses `->`, not `{written}`"))
                .reason("expected `->`")
                .suggestion(*at, "->"),
            SyntaxProblem::StrayDollar { name, .. } => {
                let finding =
                    self.with_message("`$` is not followed by `{name}`").reason("not an interpolation");
                match name {
                    Some(name) => finding.help(format!("write `${{{name}}}`, without spaces")),
                    None => finding.help("remove it; values cannot contain `$`"),
                }
                .note("Flux post-build substitution would expand it in the cluster")
            }
            SyntaxProblem::ForbiddenCharacter { at, character } => {
                let code_point = format!("U+{:04X}", u32::from(*character));
                let shown = if look_alike(*character) == Some(" ") {
                    format!("space {code_point}")
                } else if is_visible(*character) {
                    format!("`{character}` ({code_point})")
                } else {
                    format!("invisible character {code_point}")
                };
                let finding = self.with_message(format!("unexpected {shown}")).note(
                    "a source is plain ASCII outside of comments; invisible characters are rejected \
                        everywhere, because a review must see what grants access",
                );
                match look_alike(*character) {
                    Some(" ") => finding.reason("not a plain space").help("write a plain space"),
                    Some(plain) => {
                        let times = at.range().len().checked_div(character.len_utf8()).unwrap_or(1);
                        finding.reason(format!("looks like `{plain}`")).suggestion(*at, plain.repeat(times))
                    }
                    None => finding.reason("not allowed here").help("remove it"),
                }
            }
            SyntaxProblem::NestedBlock { .. } => {
                self.with_message("nested blocks are not allowed").reason("a block cannot open here").help(
                    "declare profiles and clusters at the top level; a cluster includes a profile with \
                        `use`",
                )
            }
            SyntaxProblem::UnknownStatement { at, word, nearest } => self
                .with_message(format!("unknown statement `{word}`"))
                .reason("not a statement")
                .nearest(*at, *nearest)
                .note(
                    "a line is a setting `name = value`, a mapping `controller -> role`, or starts with \
                        `role`, `let`, `use`, `resource`, `component`, `patch` or `allow`; at the top level \
                        also with `cluster`, `profile`, `include`, `require` or `isolate`",
                ),
            SyntaxProblem::ImageAsController { at, controller } => self
                .with_message("expected the name of a controller, not of its image")
                .reason("image of a controller")
                .suggestion(*at, *controller),
            SyntaxProblem::MissingName { what, .. } => {
                let finding = self
                    .with_message(format!("missing name of a {what}"))
                    .reason("expected a name before this");
                if *what == "cluster" {
                    finding.help("write `cluster NAME on PLATFORM {`")
                } else {
                    finding.help("write `profile NAME {`")
                }
            }
            SyntaxProblem::NameInQuotes { at, name } => {
                self.with_message("unexpected quotes around a name").reason("in quotes").suggestion(*at, name)
            }
            SyntaxProblem::NameEnd { .. } => self
                .with_message("a name must end with a letter or digit")
                .reason("last character of the name")
                .note(
                    "names contain letters, digits, `-`, `_` and `.`, and start and end with a letter or \
                        digit",
                ),
            SyntaxProblem::LateValue { .. } => self
                .with_message("a value must be on the same line as its `=` or `->`")
                .reason("this value is on the next line")
                .help("move it to the end of the line above"),
            SyntaxProblem::MissingRole { at, name } => {
                let message = format!("`{name}` is set to an identity without `role`");
                self.with_message(message)
                    .reason("missing `role` before this")
                    .suggestion(*at, format!("role {name}"))
            }
            SyntaxProblem::MissingProvider { guess, .. } => {
                let finding = self
                    .with_message("missing provider of an identity")
                    .reason("expected a provider before this");
                match guess {
                    Some(guess) => finding.help(format!("write `{guess}` before it")),
                    None => finding
                        .help("write `aws`, `azure` or `gcp` before it")
                        .note("the name of a role is written without quotes"),
                }
            }
            SyntaxProblem::LongLine { limit, .. } => {
                let message = format!("a line cannot be longer than {} KiB", limit / 1024);
                self.with_message(message).reason("this line is longer").help("break it after a comma")
            }
        }
    }
}

fn list(phrases: &[&'static str]) -> String {
    match phrases.split_last() {
        None => "something else".to_owned(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}
