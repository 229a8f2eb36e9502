//! Targets of patches that kustomize would refuse.

use crate::kustomize::target::{PatternFault, SelectorFault};
use crate::problem::{Finding, FindingHead};

const MOST_SHOWN: usize = 60;

/// A field that is no regular expression. `part`: what is wrong in it.
pub(super) fn pattern(fault: PatternFault, part: &str, head: FindingHead<'_>) -> Finding {
    let part = shown(part);
    let (message, why, help): (String, &str, &str) = match fault {
        PatternFault::RepeatedRepetition => (
            format!("`{part}` repeats a repetition"),
            "what stands before it is repeated already",
            "write one of the two, or put what is repeated in parentheses: `(a*){2}`",
        ),
        PatternFault::NothingToRepeat => (
            format!("`{part}` repeats nothing"),
            "nothing stands before it",
            "write `.*` for any text, or `\\*` for the character",
        ),
        PatternFault::Count => (
            format!("the repetition count `{part}` is above 1000"),
            "above 1000",
            "write a count of at most 1000, or `*` for any number",
        ),
        PatternFault::CountOrder => (
            format!("the repetition count `{part}` has its greater number first"),
            "the greater number first",
            "write the lesser number first",
        ),
        PatternFault::Copies => (
            "the repetition counts make more than 1000 copies together".to_owned(),
            "with the counts inside of it",
            "write lower counts: those of a repetition and of what it repeats are multiplied",
        ),
        PatternFault::UnclosedGroup => {
            ("a `(` is not closed".to_owned(), "not closed", "add `)`, or write `\\(` for the character")
        }
        PatternFault::UnopenedGroup => (
            "a `)` closes nothing".to_owned(),
            "closes nothing",
            "remove it, or write `\\)` for the character",
        ),
        PatternFault::UnclosedClass => {
            ("a `[` is not closed".to_owned(), "not closed", "add `]`, or write `\\[` for the character")
        }
        PatternFault::ClassRange => (
            format!("the range `{part}` is empty"),
            "the first character comes after the last",
            "write the lesser character first, and `\\-` for the character `-`",
        ),
        PatternFault::ClassName => (
            format!("there is no character class `{part}`"),
            "not a class",
            "write one such as `[:alpha:]`, `[:alnum:]`, `[:digit:]` or `[:lower:]`",
        ),
        PatternFault::UnicodeName => (
            format!("`{part}` names no category or script of Unicode"),
            "not a category or script",
            "write one such as `\\pL`, `\\p{Lu}` or `\\p{Greek}`",
        ),
        PatternFault::Escape => (
            format!("`{part}` is not supported"),
            "not an escape sequence",
            "remove the `\\`, or write `\\\\` for the character",
        ),
        PatternFault::Backreference => (
            format!("the backreference `{part}` is not supported"),
            "refers to a group",
            "write out what the group matches",
        ),
        PatternFault::TrailingBackslash => {
            ("the last `\\` escapes nothing".to_owned(), "escapes nothing", "write `\\\\` for the character")
        }
        PatternFault::GroupName => (
            "this group has no valid name".to_owned(),
            "letters, digits and `_`, between `<` and `>`",
            "write a group without a name: `(source|helm)`",
        ),
        PatternFault::LookAround => (
            format!("`{part}` looks around, which is not supported"),
            "a look-ahead or look-behind",
            "write out the names, as in `(source|helm)-controller`",
        ),
        PatternFault::Flags => (
            format!("`{part}` is not supported"),
            "flags are `i`, `m`, `s` and `U`",
            "remove it, or write flags such as `(?i)` or a group such as `(source|helm)`",
        ),
        PatternFault::TooDeep => (
            "this regular expression is nested too deeply".to_owned(),
            "more than 1000 levels",
            "write it with fewer parentheses",
        ),
        PatternFault::TooLarge => (
            "this regular expression is too large".to_owned(),
            "more than kustomize compiles",
            "write lower counts, or split it into several patches",
        ),
    };
    head.with_message(message).reason(why).help(help).note(
        "a field of a target is a regular expression of Go (RE2) that must match the whole of the field",
    )
}

/// A field that is no selector. `part`: what is wrong in it.
pub(super) fn selector(fault: SelectorFault, part: &str, head: FindingHead<'_>) -> Finding {
    let part = shown(part);
    let (message, why, help): (String, &str, &str) = match fault {
        SelectorFault::Expected(what) => (
            format!("this selector lacks {what}"),
            "here, or instead of this",
            "write requirements such as `app=flux`, `app in (flux, gitops)` or `!app`, with `,` between them",
        ),
        SelectorFault::Prefix => (
            format!("`{part}` is no prefix of a key"),
            "before `/` stands a DNS subdomain",
            "write lower-case letters, digits, `-` and `.`, such as `app.kubernetes.io/part-of`",
        ),
        SelectorFault::Key => (
            format!("`{part}` is no key"),
            "letters, digits, `-`, `_` and `.`, a letter or a digit at both ends",
            "write a key such as `app` or `app.kubernetes.io/part-of`",
        ),
        SelectorFault::Value => (
            format!("`{part}` is no value of a label"),
            "letters, digits, `-`, `_` and `.`, a letter or a digit at both ends",
            "write a value that a label can have; an `annotationSelector` takes no others",
        ),
        SelectorFault::TooLong => {
            (format!("`{part}` is too long"), "more than 63 characters", "write at most 63 characters")
        }
        SelectorFault::Integer => (
            format!("`{part}` is no integer to compare with"),
            "digits without a sign, up to 9223372036854775807",
            "write an integer behind `<` and `>`, or `=` for text",
        ),
    };
    head.with_message(message)
        .reason(why)
        .help(help)
        .note("selectors are written as `kubectl get --selector` takes them")
}

fn shown(part: &str) -> String {
    match part.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", part.get(..end).unwrap_or_default()),
        None => part.to_owned(),
    }
}
