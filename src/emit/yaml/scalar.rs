//! Strings as YAML.
//!
//! A scalar is plain where every reader of YAML 1.1 and 1.2 takes it for the string that it is, and in double quotes
//! elsewhere. A text of several lines is a literal block, verbatim, where such a block can hold it.

/// Writes a string, in quotes where some reader would take it for something else. What is written is printable ASCII.
pub fn scalar(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
    } else {
        quoted(out, text);
    }
}

/// Writes a text of several lines as the value of a mapping, to its last line break. `indent`: how far its lines stand
/// in, which is by two more than the mapping's keys.
pub fn literal(out: &mut String, text: &str, indent: usize) {
    if !fits_in_block(text) {
        quoted(out, text);
        out.push('\n');
        return;
    }
    out.push('|');
    // Without it, readers take the first line for the measure of all others.
    if text.starts_with([' ', '\t', '\n']) {
        out.push('2');
    }
    if !text.ends_with('\n') {
        out.push('-');
    } else if text.ends_with("\n\n") {
        out.push('+');
    }
    out.push('\n');
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// True if every reader takes a literal block for the very text. Some break lines where others do not, and what cannot
/// be printed stands in no YAML.
/// Source: `c-printable` and `b-break` of YAML 1.1 and 1.2.
fn fits_in_block(text: &str) -> bool {
    let is_other = |letter: char| match letter {
        '\n' | '\t' => false,
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => true,
        letter => letter.is_control(),
    };
    // The last line break of a block is not distinct from that of its only line.
    let has_more_than_blanks = text.contains(|letter: char| !" \t\n".contains(letter));
    has_more_than_blanks && !text.contains(is_other)
}

fn quoted(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            ' '..='~' => out.push(character),
            _ if character <= '\u{ff}' => escaped(out, 'x', 2, character),
            _ if character <= '\u{ffff}' => escaped(out, 'u', 4, character),
            _ => escaped(out, 'U', 8, character),
        }
    }
    out.push('"');
}

fn escaped(out: &mut String, kind: char, digits: usize, character: char) {
    let number = format!("\\{kind}{:0digits$x}", u32::from(character));
    out.push_str(&number);
}

/// True if every reader takes the text, written without quotes, for the string that it is.
fn is_plain(text: &str) -> bool {
    let Some(first) = text.bytes().next() else { return false };
    if first.is_ascii_digit() || first == b'.' {
        if is_number(text) || is_date(text) {
            return false;
        }
    } else if !(first.is_ascii_alphabetic() || b"(/_".contains(&first)) {
        return false;
    }
    // Without a way out between them, bytes are looked at many at a time.
    text.bytes().fold(true, |all, byte| all & is_harmless(byte)) && !text.ends_with(':') && !is_word(text)
}

/// True if a sign means nothing in a plain text. This is asked of every byte of an output.
const fn is_harmless(byte: u8) -> bool {
    matches!(
        byte,
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9'
            | b'-' | b'_' | b'.' | b'/' | b'@' | b':' | b'+' | b'=' | b',' | b'~' | b'(' | b')' | b'|'
    )
}

/// Words for truth, falsehood and nothing.
/// Source: the types `bool` and `null` of the YAML 1.1 type repository, and the core schema of YAML 1.2.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    text.len() <= 5 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// True if some reader may take it for a number: `1e3`, `0x1F`, `0b1_0`, `0o17`, `1_000`, `12:30:45`, `.5`, `.inf`.
/// More is quoted than must be: any text of digits and the signs that numbers have, and nothing else.
/// Source: the types `int` and `float` of the YAML 1.1 type repository, and the core schema of YAML 1.2.
fn is_number(text: &str) -> bool {
    if text.eq_ignore_ascii_case(".inf") || text.eq_ignore_ascii_case(".nan") {
        return true;
    }
    let mut before = b' ';
    let signs = text.bytes().map(|sign| sign.to_ascii_lowercase()).all(|sign| {
        let in_number = match sign {
            b'+' | b'-' => before == b'e',
            _ => sign.is_ascii_hexdigit() || b"xo_.:".contains(&sign),
        };
        before = sign;
        in_number
    });
    signs && text.starts_with(|first: char| first.is_ascii_digit() || first == '.')
}

/// True if some reader may take it for a date: `2001-01-01`, with or without a time.
/// Source: the type `timestamp` of the YAML 1.1 type repository.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let mut next = || parts.next().unwrap_or_default();
    let (year, month, rest) = (next(), next(), next());
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let day = rest.split(['T', 't', ' ', '\t']).next().unwrap_or_default();
    year.len() == 4 && month.len() <= 2 && day.len() <= 2 && [year, month, day].into_iter().all(is_digits)
}

#[cfg(test)]
mod tests {
    use super::{is_plain, literal, scalar};

    #[test]
    fn what_looks_like_something_else_is_quoted() {
        for text in [
            "",
            "y",
            "N",
            "yes",
            "No",
            "ON",
            "off",
            "true",
            "False",
            "null",
            "NULL",
            "~",
            "1",
            "0123",
            "012345678901",
            "1e3",
            "1E-3",
            "1_000",
            "0x1F",
            "0x_0A",
            "0b1_0",
            "0o17",
            "12:30:45",
            "190:20:30.15",
            ".5",
            "1.",
            ".inf",
            ".NaN",
            "+1",
            "-1",
            "2001-01-01",
            "2001-1-1",
            "2001-12-14t21:59:43.10-05:00",
            "=",
            "<<",
            "a:",
            "a: b",
            "a #b",
            "- a",
            "?",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "{a",
            "[a",
            "'a",
            "\"a",
            "a b ",
            "1234567e-123e-4",
        ] {
            assert!(!is_plain(text), "{text:?} must be quoted");
        }
    }

    #[test]
    fn what_is_nothing_but_a_string_is_plain() {
        for text in [
            "flux-system",
            "on-call",
            "nothing",
            "a1",
            "arn:aws:iam::012345678901:role/on/1e3",
            "v1",
            "apps/v1",
            "4a7272f9-f186-41af-9f84-6a92e32d7cd0",
            "(source-controller|helm-controller)",
            "gotk-sync.yaml",
            "flux-gar@acme.iam.gserviceaccount.com",
            "00000000-f186-41af-9f84-6a92e32d7cd0",
            "72f988bf-86f1-41af-91ab-2d7cd011db47",
            "2001-01-01-a",
        ] {
            assert!(is_plain(text), "{text:?} needs no quotes");
        }
    }

    #[test]
    fn quotes_and_backslashes_are_escaped() {
        let mut out = String::new();
        scalar(&mut out, r#"a "b" \c"#);
        assert_eq!(out, r#""a \"b\" \\c""#);
    }
    #[test]
    fn a_text_of_several_lines_is_a_block_where_one_can_hold_it() {
        for (text, written) in [
            ("a: b\n", "|\n    a: b\n"),
            ("a: b", "|-\n    a: b\n"),
            ("a:\n\n  b\n\n", "|+\n    a:\n\n      b\n\n"),
            (" a\nb\n", "|2\n     a\n    b\n"),
            ("\n\ta", "|2-\n\n    \ta\n"),
            ("# caf\u{e9} $HOME\n", "|\n    # caf\u{e9} $HOME\n"),
            ("", "\"\"\n"),
            ("\n", "\"\\n\"\n"),
            ("a\rb\u{2028}\u{7f}\u{1f600}\n", "\"a\\rb\\u2028\\x7f\\U0001f600\\n\"\n"),
        ] {
            let mut out = String::new();
            literal(&mut out, text, 4);
            assert_eq!(out, written, "{text:?}");
        }
    }
}
