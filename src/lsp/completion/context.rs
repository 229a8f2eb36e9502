//! What can follow a text, by the statement that it ends in. The text may be broken, so that no tree helps.

use crate::model::Controller;
use crate::problem::Noun;

/// What can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context<'t> {
    /// Anything, in a comment or a text.
    Nothing,
    /// A statement or an item.
    Statement {
        in_block: bool,
    },
    /// Who gets a role.
    Who,
    Platform,
    /// A word that a statement needs.
    Word(&'static str),
    Profile,
    /// A role or a controller.
    Isolated,
    /// The name that a statement defines.
    NewName(Noun),
    Variable,
    /// An identity.
    Identity,
    /// A role, an identity or `none`.
    Target,
    /// The name in `${…}`.
    Interpolation,
    /// The value of a setting or of an option.
    SettingValue {
        name: &'t str,
        in_quotes: bool,
    },
    /// An option of an identity of this provider.
    Option {
        provider: &'t str,
    },
    /// A field of the target of a patch.
    Field,
    /// The code of a warning.
    Code,
}

/// What can be written behind a text.
pub fn context(before: &str) -> Context<'_> {
    let statement = last_statement(before);
    let line = statement.rsplit('\n').next().unwrap_or_default();
    match quotes(line) {
        Quotes::Comment => Context::Nothing,
        Quotes::Inside(text) => in_text(statement, text),
        Quotes::Outside => in_statement(statement, before),
    }
}

enum Quotes<'t> {
    Comment,
    /// In a text that begins so.
    Inside(&'t str),
    Outside,
}

fn quotes(line: &str) -> Quotes<'_> {
    let mut open = None;
    for (at, letter) in line.char_indices() {
        match (letter, open) {
            ('"', None) => open = Some(at),
            ('"', Some(_)) => open = None,
            ('#', None) => return Quotes::Comment,
            _ => {}
        }
    }
    open.map_or(Quotes::Outside, |at| Quotes::Inside(line.get(at..).unwrap_or_default()))
}

/// The lines of the statement that a text ends in: a comma or an open brace of options goes on in the next line.
fn last_statement(before: &str) -> &str {
    let mut start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
    while let Some(previous) = before.get(..start.saturating_sub(1)).filter(|_| start > 0) {
        let line = previous.rfind('\n').map_or(0, |at| at.saturating_add(1));
        let code = code_of(previous.get(line..).unwrap_or_default()).trim_end();
        let goes_on = code.ends_with(',') || code.ends_with('{') && !is_header(code);
        if !goes_on {
            break;
        }
        start = line;
    }
    before.get(start..).unwrap_or_default()
}

/// True if a line begins a block.
fn is_header(line: &str) -> bool {
    let mut words = line.split_whitespace();
    matches!(words.next(), Some("cluster" | "profile" | "on")) && words.next().is_some()
}

/// A line without its comment.
fn code_of(line: &str) -> &str {
    let mut in_quotes = false;
    let comment = line.char_indices().find(|(_, letter)| {
        in_quotes ^= *letter == '"';
        *letter == '#' && !in_quotes
    });
    comment.and_then(|(at, _)| line.get(..at)).unwrap_or(line)
}

fn in_text<'t>(statement: &'t str, text: &str) -> Context<'t> {
    if let Some((_, name)) = text.rsplit_once("${")
        && !name.contains('}')
    {
        return Context::Interpolation;
    }
    let outside = statement.strip_suffix(text).unwrap_or(statement).trim_end();
    match outside.strip_suffix('=').map(last_word) {
        Some(name) if text == "\"" || !text.contains(' ') => Context::SettingValue { name, in_quotes: true },
        _ => Context::Nothing,
    }
}

/// The last word of a text.
fn last_word(text: &str) -> &str {
    let text = text.trim_end();
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    text.get(text.trim_end_matches(is_word).len()..).unwrap_or_default()
}

fn in_statement<'t>(statement: &'t str, before: &str) -> Context<'t> {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    // Without the word that is being written.
    let whole = statement.trim_end_matches(is_word);
    let statement = after_header(whole).trim_start();
    let head = statement.split([' ', '\t', ',', '=']).next().unwrap_or_default();
    let words: Vec<&str> = statement.split_whitespace().collect();
    if statement.is_empty() {
        return Context::Statement { in_block: is_in_block(before) };
    }
    if let Some(options) = open_options(statement) {
        return options;
    }
    match head {
        "use" => Context::Profile,
        "on" => after_list(&words, Context::Platform, "{"),
        "cluster" | "require" if words.last() == Some(&"on") => Context::Platform,
        "cluster" if words.contains(&"on") => Context::Word("{"),
        "cluster" => after_list(&words, Context::Nothing, "on"),
        "require" => after_list(&words, Context::Who, "on"),
        "isolate" => match words.as_slice() {
            [_] => Context::Isolated,
            [_, _] => Context::Word("by"),
            [.., "by"] => Context::Variable,
            _ => Context::Nothing,
        },
        "allow" if words.len() == 1 => Context::Code,
        "let" if words.len() == 1 => Context::NewName(Noun::Variable),
        "role" if words.len() == 1 => Context::NewName(Noun::Role),
        "service-account" if words.len() == 2 && !statement.contains("->") => Context::Word("->"),
        "allow" | "let" | "include" | "resource" | "component" | "patch" | "profile" => Context::Nothing,
        "role" if statement.trim_end().ends_with('=') => Context::Identity,
        "role" => Context::Nothing,
        _ => match statement.rsplit_once("->") {
            Some((_, targets)) if is_at_item(targets) => Context::Target,
            Some(_) => Context::Nothing,
            None if statement.trim_end().ends_with('=') => {
                let name = last_word(statement.trim_end().trim_end_matches('='));
                Context::SettingValue { name, in_quotes: false }
            }
            None if head == "trust" && words.len() == 1 || statement.trim_end().ends_with(',') => {
                Context::Who
            }
            None if Controller::from_name(last_word(statement)).is_some() => Context::Word("->"),
            None => Context::Nothing,
        },
    }
}

/// The statement in a block on one line: what follows its opening brace.
fn after_header(statement: &str) -> &str {
    let trimmed = statement.trim_start();
    if !is_header(trimmed) {
        return statement;
    }
    statement.split_once('{').map_or(statement, |(_, inside)| inside)
}

/// In a list before a word: the list goes on after its first word and after a comma.
fn after_list<'t>(words: &[&str], in_list: Context<'t>, word: &'static str) -> Context<'t> {
    match words {
        [_] => in_list,
        [.., last] if last.ends_with(',') => in_list,
        _ if words.contains(&word) => Context::Nothing,
        _ => Context::Word(word),
    }
}

/// True if a list of targets has nothing yet after its beginning or its last comma.
fn is_at_item(targets: &str) -> bool {
    targets.rsplit(',').next().unwrap_or_default().trim().is_empty()
}

/// In the braces behind an identity or a patch.
fn open_options(statement: &str) -> Option<Context<'_>> {
    let (before, inside) = statement.rsplit_once('{').filter(|(before, _)| !before.ends_with('$'))?;
    if inside.contains('}') {
        return None;
    }
    let binding = inside.rsplit([',', '\n']).next().unwrap_or_default().trim();
    if let Some((name, rest)) = binding.split_once('=') {
        let name = name.trim();
        return Some(if rest.trim().is_empty() {
            Context::SettingValue { name, in_quotes: false }
        } else {
            Context::Nothing
        });
    }
    if before.trim_start().starts_with("patch") {
        return Some(Context::Field);
    }
    // `aws "arn:…" {`
    let identity = before.trim_end().trim_end_matches(|letter| letter != '"');
    let identity =
        identity.strip_suffix('"').and_then(|text| text.rsplit_once('"')).map(|(before, _)| before);
    Some(Context::Option { provider: identity.map_or("", last_word) })
}

/// True if the text ends in the block of a cluster or a profile.
fn is_in_block(before: &str) -> bool {
    for line in before.rsplit('\n') {
        let code = code_of(line).trim_end();
        if code.starts_with('}') {
            return false;
        }
        // An `on` block in a profile stands in.
        if is_header(code) && !code.starts_with(' ') {
            return !code.ends_with('}');
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{Context, context};
    use crate::problem::Noun;

    #[test]
    fn each_place_of_a_statement_has_its_names() {
        let value = |name, in_quotes| Context::SettingValue { name, in_quotes };
        for (before, expected) in [
            ("", Context::Statement { in_block: false }),
            ("cl", Context::Statement { in_block: false }),
            ("cluster a on eks {\n  so", Context::Statement { in_block: true }),
            ("cluster a on eks { so", Context::Statement { in_block: true }),
            ("cluster a on eks {\n}\nre", Context::Statement { in_block: false }),
            ("cluster a on eks {}\nre", Context::Statement { in_block: false }),
            ("cluster a on ", Context::Platform),
            ("cluster a ", Context::Word("on")),
            ("cluster a, b on ", Context::Platform),
            ("profile p {\n  use ", Context::Profile),
            ("  use a,\n    b", Context::Profile),
            ("role x = ", Context::Identity),
            ("source-controller -> ", Context::Target),
            ("source-controller -> a, ", Context::Target),
            ("source-controller -> aws ", Context::Nothing),
            ("source-controller, ", Context::Who),
            ("trust ", Context::Who),
            ("require ", Context::Who),
            ("require a on ", Context::Platform),
            ("on ", Context::Platform),
            ("on eks, ", Context::Platform),
            ("on eks {\n  re", Context::Statement { in_block: true }),
            ("profile p {\n  on eks {\n    use ", Context::Profile),
            ("isolate ", Context::Isolated),
            ("let ", Context::NewName(Noun::Variable)),
            ("role ", Context::NewName(Noun::Role)),
            ("let a ", Context::Nothing),
            ("source-controller ", Context::Word("->")),
            ("service-account a/b ", Context::Word("->")),
            ("on eks ", Context::Word("{")),
            ("cluster a on eks ", Context::Word("{")),
            ("region = ", value("region", false)),
            ("isolate a ", Context::Word("by")),
            ("isolate a by ", Context::Variable),
            ("allow ", Context::Code),
            ("allow F0309 ", Context::Nothing),
            ("let a = \"${", Context::Interpolation),
            ("let a = \"${x}-${re", Context::Interpolation),
            ("let a = \"${x}-", value("a", true)),
            ("region = \"", value("region", true)),
            ("emit = ", value("emit", false)),
            ("role a = aws \"x\" { ", Context::Option { provider: "aws" }),
            ("role a = aws \"x\" {\n  audience = \"y\",\n  to", Context::Option { provider: "aws" }),
            ("role a = aws \"x\" { via = ", value("via", false)),
            ("patch \"./a.yaml\" { ki", Context::Field),
            ("# use ", Context::Nothing),
            ("use a # ", Context::Nothing),
            ("\"#\" # ü ${", Context::Nothing),
        ] {
            assert_eq!(context(before), expected, "{before:?}");
        }
    }

    #[test]
    fn no_text_is_too_broken() {
        for text in ["}\u{fc}{", "\"", "${", "->", "= =", "{,", "😀 -> \"", "patch {", "\r\n,\n,\n"] {
            for length in 0..text.len() {
                let _context = text.get(..length).map(context);
            }
            let _context = context(text);
        }
    }
}
