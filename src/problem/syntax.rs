//! What can be wrong with the text itself.

use crate::problem::{Code, Finding, PrimaryPlace, ProblemKind};
use crate::span::Span;

/// Something that cannot be read, or not safely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyntaxProblem {
    /// Something else belongs here.
    Expected {
        /// Where.
        at: Span,
        /// What stands there; nothing at the end of a line.
        found: String,
        /// What belongs there, as users call it.
        expected: Vec<&'static str>,
    },
    /// Something follows a statement on its line.
    TextAfterStatement {
        /// What follows.
        at: Span,
    },
    /// A block is open where the next item begins, or the file ends.
    UnclosedBlock {
        /// The opening brace.
        open: Span,
        /// Where the next item begins, or the file ends.
        at: Span,
    },
    /// A brace closes nothing.
    StrayClose {
        /// The brace.
        at: Span,
    },
    /// A quote is not closed on its line.
    UnclosedText {
        /// From the quote to the end of the line.
        at: Span,
    },
    /// Typographic or single quotes.
    OtherQuotes {
        /// With its quotes.
        at: Span,
        /// Without them.
        text: String,
    },
    /// A list ends with a comma.
    CommaAtEnd {
        /// The comma.
        at: Span,
    },
    /// A block opens on a line of its own.
    BraceOnNextLine {
        /// The brace.
        at: Span,
    },
    /// Something else than `->`.
    WrongArrow {
        /// What stands there.
        at: Span,
        /// The same, as text.
        written: String,
    },
    /// A `$` that begins no `${name}`.
    StrayDollar {
        /// The `$`.
        at: Span,
        /// The name that seems to be meant.
        name: Option<String>,
    },
    /// A character that has no place where it stands.
    ForbiddenCharacter {
        /// The character.
        at: Span,
        /// The same.
        character: char,
    },
    /// A block within a block.
    NestedBlock {
        /// The whole of it.
        at: Span,
    },
    /// A line begins like no statement.
    UnknownStatement {
        /// Its first word.
        at: Span,
        /// The same, as text.
        word: String,
        /// The nearest statement.
        nearest: Option<&'static str>,
    },
    /// The image of a controller where its name belongs.
    ImageAsController {
        /// The image.
        at: Span,
        /// The controller that it is the image of.
        controller: &'static str,
    },
    /// A cluster or a profile without a name.
    MissingName {
        /// Where it belongs.
        at: Span,
        /// `cluster` or `profile`.
        what: &'static str,
    },
    /// A name in quotes.
    NameInQuotes {
        /// With its quotes.
        at: Span,
        /// Without them.
        name: String,
    },
    /// A name that ends with `-`, `_` or `.`.
    NameEnd {
        /// Its last character.
        at: Span,
    },
    /// A value on the line after the one that it belongs on.
    LateValue {
        /// The value.
        at: Span,
    },
    /// A name that gets an identity as a role does, without `role`.
    MissingRole {
        /// The name.
        at: Span,
        /// The same, as text.
        name: String,
    },
    /// An identity without its provider.
    MissingProvider {
        /// The value.
        at: Span,
        /// The provider that the value looks like.
        guess: Option<&'static str>,
    },
    /// A line that is too long.
    LongLine {
        /// Its beginning.
        at: Span,
        /// The limit, in bytes.
        limit: usize,
    },
    /// A source that is not text in UTF-8.
    NotText {
        /// The file.
        path: String,
        /// The line of the first byte that is none, counted from 1.
        line: usize,
        /// Whether it begins like UTF-16.
        utf16: bool,
    },
    /// A source that is too large.
    TooLarge {
        /// The file.
        path: String,
        /// The limit, in bytes.
        limit: u64,
    },
}

impl ProblemKind for SyntaxProblem {
    fn code(&self) -> Code {
        match self {
            SyntaxProblem::Expected { .. }
            | SyntaxProblem::MissingName { .. }
            | SyntaxProblem::NameInQuotes { .. }
            | SyntaxProblem::NameEnd { .. }
            | SyntaxProblem::LateValue { .. }
            | SyntaxProblem::MissingRole { .. } => Code::Expected,
            SyntaxProblem::TextAfterStatement { .. } => Code::TextAfterStatement,
            SyntaxProblem::UnclosedBlock { .. } => Code::UnclosedBlock,
            SyntaxProblem::StrayClose { .. } => Code::StrayClose,
            SyntaxProblem::UnclosedText { .. } => Code::UnclosedText,
            SyntaxProblem::OtherQuotes { .. } => Code::OtherQuotes,
            SyntaxProblem::CommaAtEnd { .. } => Code::CommaAtEnd,
            SyntaxProblem::BraceOnNextLine { .. } => Code::BraceOnNextLine,
            SyntaxProblem::WrongArrow { .. } => Code::WrongArrow,
            SyntaxProblem::StrayDollar { .. } => Code::StrayDollar,
            SyntaxProblem::ForbiddenCharacter { .. } => Code::ForbiddenCharacter,
            SyntaxProblem::NestedBlock { .. } => Code::NestedBlock,
            SyntaxProblem::UnknownStatement { .. } => Code::UnknownStatement,
            SyntaxProblem::ImageAsController { .. } => Code::UnknownController,
            SyntaxProblem::MissingProvider { .. } => Code::MissingProvider,
            SyntaxProblem::LongLine { .. } | SyntaxProblem::TooLarge { .. } => Code::TooLarge,
            SyntaxProblem::NotText { .. } => Code::NotText,
        }
    }

    fn place(&self) -> PrimaryPlace<'_> {
        match self {
            SyntaxProblem::Expected { at, .. }
            | SyntaxProblem::TextAfterStatement { at, .. }
            | SyntaxProblem::UnclosedBlock { open: at, .. }
            | SyntaxProblem::StrayClose { at, .. }
            | SyntaxProblem::UnclosedText { at, .. }
            | SyntaxProblem::OtherQuotes { at, .. }
            | SyntaxProblem::CommaAtEnd { at, .. }
            | SyntaxProblem::BraceOnNextLine { at, .. }
            | SyntaxProblem::WrongArrow { at, .. }
            | SyntaxProblem::StrayDollar { at, .. }
            | SyntaxProblem::ForbiddenCharacter { at, .. }
            | SyntaxProblem::NestedBlock { at, .. }
            | SyntaxProblem::UnknownStatement { at, .. }
            | SyntaxProblem::ImageAsController { at, .. }
            | SyntaxProblem::MissingName { at, .. }
            | SyntaxProblem::NameInQuotes { at, .. }
            | SyntaxProblem::NameEnd { at, .. }
            | SyntaxProblem::LateValue { at, .. }
            | SyntaxProblem::MissingRole { at, .. }
            | SyntaxProblem::MissingProvider { at, .. }
            | SyntaxProblem::LongLine { at, .. } => PrimaryPlace::Source(*at),
            SyntaxProblem::NotText { path, .. } | SyntaxProblem::TooLarge { path, .. } => {
                PrimaryPlace::File(path)
            }
        }
    }

    fn finding(&self) -> Finding {
        match self {
            SyntaxProblem::Expected { found, expected, .. } => {
                let expected = list(expected);
                let message = if found.is_empty() {
                    format!("expected {expected}")
                } else {
                    format!("expected {expected}, found `{found}`")
                };
                self.with_message(message).reason(format!("{expected} belongs here"))
            }
            SyntaxProblem::TextAfterStatement { .. } => {
                self.with_message("unexpected text after a statement")
                    .reason("the statement ends before this")
                    .help("begin a new line, or write `#` before a comment")
            }
            SyntaxProblem::UnclosedBlock { at, .. } => {
                self.with_message("this block is not closed")
                    .reason("opened here")
                    .label(*at, "still open here")
                    .help("close it with `}` on a line of its own")
            }
            SyntaxProblem::StrayClose { .. } => {
                self.with_message("this brace closes nothing")
                    .reason("no block is open here")
                    .help("remove it, or look for a block above that was closed too early")
            }
            SyntaxProblem::UnclosedText { .. } => {
                self.with_message("this text is not closed")
                    .reason("opened here")
                    .help("close it with `\"` on the same line")
            }
            SyntaxProblem::OtherQuotes { at, text } => {
                self.with_message("text stands in straight double quotes")
                    .reason("these are other quotes")
                    .suggestion(*at, format!("\"{text}\""))
            }
            SyntaxProblem::CommaAtEnd { .. } => self.with_message("a list ends with a comma")
                .reason("nothing follows this comma")
                .help("remove the comma, or write what belongs after it")
                .note("a list goes on after a comma on the next line; an empty line or a statement ends it"),
            SyntaxProblem::BraceOnNextLine { .. } => {
                self.with_message("a block opens on the line of its header")
                    .reason("this brace comes a line too late")
                    .help("write `{` at the end of the header's line")
            }
            SyntaxProblem::WrongArrow { at, written } => {
                self.with_message(format!("a mapping is written with `->`, not `{written}`"))
                    .reason("the arrow belongs here")
                    .suggestion(*at, "->")
            }
            SyntaxProblem::StrayDollar { name, .. } => {
                let finding = self.with_message("this `$` begins no `${name}`")
                    .reason("a dollar sign stands only before `{name}`");
                match name {
                    Some(name) => finding.help(format!("write `${{{name}}}`, without blanks")),
                    None => finding.help("no value holds a `$`: remove it"),
                }
                .note("Flux would substitute what follows a `$` once more, in the cluster")
            }
            SyntaxProblem::ForbiddenCharacter { at, character } => {
                let code_point = format!("U+{:04X}", u32::from(*character));
                let shown = if look_alike(*character) == Some(" ") {
                    format!("the blank {code_point}")
                } else if is_visible(*character) {
                    format!("`{character}` ({code_point})")
                } else {
                    format!("the invisible character {code_point}")
                };
                let finding = self.with_message(format!("{shown} has no place here"))
                    .note("outside comments a source is plain ASCII; invisible characters are refused everywhere, \
                           for this file decides who may decrypt");
                match look_alike(*character) {
                    Some(" ") => finding.reason("not a plain blank").help("write a plain blank"),
                    Some(plain) => finding.reason(format!("looks like `{plain}`")).suggestion(*at, plain),
                    None => finding.reason("this character").help("remove it"),
                }
            }
            SyntaxProblem::NestedBlock { .. } => {
                self.with_message("a block within a block")
                    .reason("no block opens here")
                    .help("profiles and clusters stand at the outermost level; a cluster takes in a profile with `use`")
            }
            SyntaxProblem::UnknownStatement { at, word, nearest } => {
                self.with_message(format!("no statement begins with `{word}`"))
                    .reason("this word begins no statement")
                    .nearest(*at, *nearest)
                    .note("a line is a setting `name = value`, a mapping `controller -> role`, or begins with \
                           `role`, `let`, `use`, `resource`, `component`, `patch` or `allow`; outside of blocks also \
                           with `cluster`, `profile`, `include`, `require` or `isolate`")
            }
            SyntaxProblem::ImageAsController { at, controller } => {
                self.with_message("a controller is named, not its image")
                    .reason("the image of a controller")
                    .suggestion(*at, *controller)
            }
            SyntaxProblem::MissingName { what, .. } => {
                let finding = self.with_message(format!("this {what} has no name"))
                    .reason("the name belongs before this");
                if *what == "cluster" {
                    finding.help("write `cluster NAME on PLATFORM {`")
                } else {
                    finding.help("write `profile NAME {`")
                }
            }
            SyntaxProblem::NameInQuotes { at, name } => {
                self.with_message("a name stands without quotes")
                    .reason("in quotes")
                    .suggestion(*at, name)
            }
            SyntaxProblem::NameEnd { .. } => {
                self.with_message("a name ends with a letter or a digit")
                    .reason("this ends it")
                    .note("names have letters, digits, `-`, `_` and `.`; a letter or a digit is first and last")
            }
            SyntaxProblem::LateValue { .. } => {
                self.with_message("a value stands on the line of its `=` or `->`")
                    .reason("this comes a line too late")
                    .help("write it at the end of the line above")
            }
            SyntaxProblem::MissingRole { at, name } => {
                let message = format!("a cloud identity gets a name with `role`, and `{name}` has none before it");
                self.with_message(message)
                    .reason("no `role` before this")
                    .suggestion(*at, format!("role {name}"))
            }
            SyntaxProblem::MissingProvider { guess, .. } => {
                let finding = self.with_message("an identity begins with its provider")
                    .reason("whose identity is this?");
                match guess {
                    Some(guess) => finding.help(format!("write `{guess}` before it")),
                    None => finding
                        .help("write `aws`, `azure` or `gcp` before it")
                        .note("the name of a role stands without quotes"),
                }
            }
            SyntaxProblem::LongLine { limit, .. } => {
                let message = format!("a line has at most {} KiB", limit / 1024);
                self.with_message(message)
                    .reason("this one has more")
                    .help("break it after a comma")
            }
            SyntaxProblem::NotText { line, utf16, .. } => {
                let finding = if *utf16 {
                    self.with_message("this source is UTF-16, not UTF-8")
                } else {
                    let message = format!("this source is not UTF-8: a byte in line {line} is of no character");
                    self.with_message(message)
                };
                finding.help("save it as UTF-8")
            }
            SyntaxProblem::TooLarge { limit, .. } => {
                let message = format!("this source is larger than {} MiB", limit / 1024 / 1024);
                self.with_message(message).help("divide the fleet among several sources")
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

/// Whether a reader sees the character.
pub fn is_visible(character: char) -> bool {
    !character.is_control() && !is_invisible(character)
}

/// Characters that show nothing, or change the order in which others show: bidirectional and zero-width ones, tags,
/// variation selectors and fillers.
/// Source: Unicode Standard Annex #9 (bidirectional controls) and the `Default_Ignorable_Code_Point` property.
pub fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// The ASCII character that one is easily taken for.
fn look_alike(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{00A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{3000}' => " ",
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FF0D}' => "-",
        '\u{2018}' | '\u{2019}' | '\u{02BC}' => "'",
        '\u{2192}' | '\u{21D2}' => "->",
        '\u{FF1A}' | '\u{2236}' => ":",
        '\u{FF0C}' => ",",
        '\u{FF0F}' | '\u{2044}' | '\u{2215}' => "/",
        '\u{FF1D}' => "=",
        '\u{0430}' | '\u{03B1}' => "a",
        '\u{0441}' | '\u{03F2}' => "c",
        '\u{0435}' => "e",
        '\u{0456}' | '\u{0131}' => "i",
        '\u{0458}' => "j",
        '\u{043E}' | '\u{03BF}' => "o",
        '\u{0440}' | '\u{03C1}' => "p",
        '\u{0455}' => "s",
        '\u{0445}' => "x",
        '\u{0443}' => "y",
        '\u{0410}' | '\u{0391}' => "A",
        '\u{0412}' | '\u{0392}' => "B",
        '\u{0421}' => "C",
        '\u{0415}' | '\u{0395}' => "E",
        '\u{041D}' | '\u{0397}' => "H",
        '\u{041A}' | '\u{039A}' => "K",
        '\u{041C}' | '\u{039C}' => "M",
        '\u{041E}' | '\u{039F}' => "O",
        '\u{0420}' | '\u{03A1}' => "P",
        '\u{0422}' | '\u{03A4}' => "T",
        '\u{0425}' | '\u{03A7}' => "X",
        _ => return None,
    })
}
