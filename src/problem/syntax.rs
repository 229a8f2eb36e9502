//! Problems of the syntax.

use crate::problem::name::SUBSTITUTED_LATER;
use crate::problem::{Code, Finding, FindingHead, PrimaryPlace, ProblemKind, coded, problems, with, worded};
use crate::span::Span;

problems! {
    (head, at)
    /// Text that cannot be parsed, or is not allowed in a source.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum SyntaxProblem {
        Expected {
            /// Empty at the end of a line.
            found: String,
            expected: Vec<&'static str>,
        } => Expected, {
            let expected = list(expected);
            let message = if found.is_empty() {
                format!("expected {expected}")
            } else {
                format!("expected {expected}, found `{found}`")
            };
            head.with_message(message).reason(format!("expected {expected}"))
        };
        TextAfterStatement => TextAfterStatement: "unexpected text after a statement"
            .reason("the statement ends before this")
            .help("start a new line, or start a comment with `#`");
        UnclosedBlock { end: Span } => UnclosedBlock: "this block is not closed"
            .reason("opened here")
            .label(*end, "still open here")
            .help("close it with `}}` on its own line");
        StrayClose => StrayClose: "unexpected closing brace"
            .reason("no block is open here")
            .help("remove it, or check whether a block above is closed too early");
        UnclosedText => UnclosedText: "unterminated text"
            .reason("starts here")
            .help("close it with `\"` on the same line");
        OtherQuotes { text: String } => OtherQuotes: "text must be in straight double quotes"
            .reason("other quotes")
            .suggestion(*at, "\"{text}\"");
        CommaAtEnd => CommaAtEnd: "trailing comma in a list"
            .reason("nothing follows this comma")
            .help("remove the comma, or add the missing item")
            .note("after a comma, a list continues on the next line, unless it is empty or starts a \
                statement");
        ExtraComma => CommaAtEnd: "unexpected comma"
            .reason("no comma belongs here")
            .edit(*at, String::new(), "remove it");
        MissingComma => CommaAtEnd: "missing comma between two options"
            .reason("expected `,` here")
            .edit(*at, ",".to_owned(), "write `,` between them");
        WrongEquals { written: String, follows_blank: bool } => Expected: "expected `=`, found `{written}`"
            .reason("expected `=`")
            .edit(*at, if *follows_blank { "=" } else { " =" }.to_owned(), "write `=`");
        BraceOnNextLine => BraceOnNextLine: "a block must open on the same line as its header"
            .reason("this brace is on the next line")
            .help("move `{{` to the end of the header's line");
        WrongArrow { written: String } => WrongArrow: "a mapping uses `->`, not `{written}`"
            .reason("expected `->`")
            .suggestion(*at, "->");
        StrayDollar { name: Option<String> } => StrayDollar, {
            let finding =
                head.with_message("`$` is not followed by `{name}`").reason("not an interpolation");
            match name {
                Some(name) => finding.help(format!(
                    "write `${{{name}}}`, without spaces, if `{name}` is a variable or a setting of the source"
                )),
                None => finding.help("remove it; values cannot contain `$`"),
            }
            .note(SUBSTITUTED_LATER)
        };
        ForbiddenCharacter { character: char } => ForbiddenCharacter, {
            let code_point = format!("U+{:04X}", u32::from(*character));
            let shown = if look_alike(*character) == Some(" ") {
                format!("space {code_point}")
            } else if is_visible(*character) {
                format!("`{character}` ({code_point})")
            } else {
                format!("invisible character {code_point}")
            };
            let finding = head.with_message(format!("unexpected {shown}")).note(
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
        };
        NestedBlock {
            controller: Option<&'static str>,
            /// The statement that says the same, if the name of the block is known.
            form: Option<String>,
        } => NestedBlock: "nested blocks are not allowed"
            .reason("a block cannot open here")
            .help(match (controller, form) {
                (Some(controller), _) => format!("map the controller: `{controller} -> …`"),
                (None, Some(form)) => format!("write `{form}`, one on each line"),
                (None, None) => {
                    "declare profiles and clusters at the top level; a cluster includes a profile with `use`".to_owned()
                }
            });
        UnknownStatement { word: String, nearest: Option<&'static str> } => UnknownStatement:
            "unknown statement `{word}`"
            .reason("not a statement")
            .nearest(*at, *nearest)
            .note("a line is a setting `name = value`, a mapping `controller -> role`, or starts with \
                `role`, `let`, `use`, `on`, `resource`, `component`, `patch` or `allow`; at the top level also \
                with `cluster`, `profile`, `include`, `values`, `require` or `isolate`");
        ImageAsController { controller: &'static str } => UnknownController:
            "expected the name of a controller, not of its image"
            .reason("image of a controller")
            .suggestion(*at, *controller);
        MissingName { what: &'static str } => Expected: "missing name of a {what}"
            .reason("expected a name before this")
            .help(if *what == "cluster" { "write `cluster NAME on PLATFORM {`" } else { "write `profile NAME {`" });
        NameInQuotes { name: String } => Expected: "unexpected quotes around a name"
            .reason("in quotes")
            .suggestion(*at, name);
        NameEnd => Expected: "a name must end with a letter or digit"
            .reason("last character of the name")
            .note("names contain letters, digits, `-`, `_` and `.`, and start and end with a letter or digit");
        LateValue => Expected: "a value must be on the same line as its `=` or `->`"
            .reason("this value is on the next line")
            .help("move it to the end of the line above");
        MissingRole { name: String } => Expected: "`{name}` is set to an identity without `role`"
            .reason("missing `role` before this")
            .suggestion(*at, "role {name}");
        MissingProvider { guess: Option<&'static str> } => MissingProvider, {
            let finding = head.with_message("missing provider of an identity")
                .reason("expected a provider before this");
            match guess {
                Some(guess) => finding.help(format!("write `{guess}` before it")),
                None => finding
                    .help("write `aws`, `azure` or `gcp` before it")
                    .note("the name of a role is written without quotes"),
            }
        };
        LongLine {
            /// In bytes.
            limit: usize,
        } => TooLarge: "a line cannot be longer than {} KiB" (limit / 1024)
            .reason("this line is longer")
            .help("break it after a comma");
    }
}

fn list(phrases: &[&'static str]) -> String {
    match phrases.split_last() {
        None => "something else".to_owned(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

/// True unless the character is invisible or a control character.
pub fn is_visible(character: char) -> bool {
    !character.is_control() && !is_invisible(character)
}

/// Characters that are invisible or reorder text: bidirectional and zero-width characters, tags, variation selectors and
/// fillers.
/// Source: Unicode Standard Annex #9 (bidirectional controls) and the `Default_Ignorable_Code_Point` property.
pub fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// The ASCII character that looks the same.
pub(super) fn look_alike(character: char) -> Option<&'static str> {
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
