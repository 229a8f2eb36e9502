//! Patch targets that kustomize rejects.

use crate::kustomize::target::{PatternFault, SelectorFault};
use crate::problem::{Finding, FindingHead, texts};

const MOST_SHOWN: usize = 60;

/// An invalid regular expression. `part`: the invalid part.
pub(super) fn pattern(fault: PatternFault, part: &str, head: FindingHead<'_>) -> Finding {
    let part = shown(part);
    let (message, why, help) = texts! { fault, PatternFault
        RepeatedRepetition: "invalid nested repetition `{part}`", "the operand is already a repetition",
            "remove one of the operators, or group the operand: `(a*){2}`";
        NothingToRepeat: "missing operand of the repetition `{part}`", "no expression before it",
            "write `.*` for any text, or `\\*` for the character `*`";
        Count: "the repetition count `{part}` exceeds 1000", "exceeds 1000",
            "write a count of at most 1000, or `*` for any number";
        CountOrder: "the minimum of the repetition count `{part}` exceeds its maximum",
            "minimum exceeds maximum", "write the lower number first";
        Copies: "the nested repetition counts exceed 1000 in total", "multiplied by the counts inside of it",
            "use lower counts: nested counts are multiplied";
        UnclosedGroup: "missing closing `)`", "never closed", "add `)`, or write `\\(` for the character `(`";
        UnopenedGroup: "unexpected `)`", "no open group", "remove it, or write `\\)` for the character `)`";
        UnclosedClass: "missing closing `]`", "never closed", "add `]`, or write `\\[` for the character `[`";
        ClassRange: "invalid range `{part}` in a character class", "the end is before the start",
            "write the lower character first, or `\\-` for the character `-`";
        ClassName: "unknown character class `{part}`", "no such character class",
            "write a class such as `[:alpha:]`, `[:alnum:]`, `[:digit:]` or `[:lower:]`";
        UnicodeName: "unknown Unicode category or script `{part}`", "no such category or script",
            "write a name such as `\\pL`, `\\p{Lu}` or `\\p{Greek}`";
        Escape: "invalid escape sequence `{part}`", "not an escape sequence",
            "remove the `\\`, or write `\\\\` for the character `\\`";
        Backreference: "the backreference `{part}` is not supported", "a reference to a group",
            "write the text that the group matches";
        TrailingBackslash: "trailing `\\`", "no character after it", "write `\\\\` for the character `\\`";
        GroupName: "invalid name of a group", "expected letters, digits and `_` between `<` and `>`",
            "use a group without a name: `(source|helm)`";
        LookAround: "the look-around `{part}` is not supported", "look-ahead or look-behind",
            "list the names, as in `(source|helm)-controller`";
        Flags: "invalid flags `{part}`", "valid flags: `i`, `m`, `s` and `U`",
            "remove it, or write flags such as `(?i)` or a group such as `(source|helm)`";
        TooDeep: "this regular expression is nested too deeply", "more than 1000 levels",
            "use fewer parentheses";
        TooLarge: "this regular expression is too large", "exceeds the limit of kustomize",
            "use lower counts, or split it into several patches";
    };
    head.with_message(message)
        .reason(why)
        .help(help)
        .note("a target field is a Go regular expression (RE2) that must match the whole field")
}

/// An invalid selector. `part`: the invalid part.
pub(super) fn selector(fault: SelectorFault, part: &str, head: FindingHead<'_>) -> Finding {
    let part = shown(part);
    let (message, why, help) = texts! { fault, SelectorFault
        Expected(what): "expected {what} in this selector", "expected here",
            "write requirements such as `app=flux`, `app in (flux, gitops)` or `!app`, separated by `,`";
        Prefix: "`{part}` is not a valid prefix of a label key", "the prefix must be a DNS subdomain",
            "use lower-case letters, digits, `-` and `.`, as in `app.kubernetes.io/part-of`";
        Key: "`{part}` is not a valid label key",
            "expected letters, digits, `-`, `_` and `.`, starting and ending with a letter or digit",
            "write a key such as `app` or `app.kubernetes.io/part-of`";
        Value: "`{part}` is not a valid label value",
            "expected letters, digits, `-`, `_` and `.`, starting and ending with a letter or digit",
            "write a valid label value; an `annotationSelector` accepts no other values";
        TooLong: "`{part}` is too long", "more than 63 characters", "use at most 63 characters";
        Integer: "`{part}` is not an integer", "expected digits without a sign, at most 9223372036854775807",
            "compare integers with `<` and `>`, and text with `=`";
    };
    head.with_message(message)
        .reason(why)
        .help(help)
        .note("selectors use the syntax of `kubectl get --selector`")
}

fn shown(part: &str) -> String {
    match part.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", part.get(..end).unwrap_or_default()),
        None => part.to_owned(),
    }
}
