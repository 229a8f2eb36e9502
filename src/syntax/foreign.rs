//! Text in the notation of another language: HCL, YAML, a shell, or what git writes.

mod calculated;

use crate::model::integration::controllers_with_identities;
use crate::model::{Controller, Platform};
use crate::problem::{Expression, ForeignProblem, list_of_controllers};
use crate::source::slice;
use crate::span::Span;
use crate::syntax::builder::first_word;
use crate::syntax::foreign::calculated::{expression, outside_of_quotes};

pub use calculated::in_braces;

/// What a line in the notation of another language declares.
pub enum Declares {
    Nothing,
    Anything,
    Mapping,
    Role,
    Value,
}

/// The statement that begins with a word, as the documentation writes it. `name`: what the statement names, if known.
fn form(keyword: &str, name: Option<&str>) -> Option<String> {
    let name = name.unwrap_or("NAME");
    Some(match keyword {
        "role" => format!("role {name} = aws \"…\""),
        "let" => format!("let {name} = \"…\""),
        "use" => "use PROFILE".to_owned(),
        "resource" => "resource \"FILE\"".to_owned(),
        "component" => "component \"DIRECTORY\"".to_owned(),
        "patch" => "patch \"FILE\"".to_owned(),
        "allow" => "allow CODE \"REASON\"".to_owned(),
        "trust" => "trust CONTROLLER -> ROLE".to_owned(),
        "include" => "include \"FILE\"".to_owned(),
        "values" => "values \"FILE\"".to_owned(),
        "require" => "require CONTROLLER".to_owned(),
        "isolate" => "isolate ROLE by VARIABLE".to_owned(),
        _ => return None,
    })
}

/// The statement that is meant by a setting of that name.
fn statement_for(name: &str) -> Option<&'static str> {
    Some(match name {
        "use" | "uses" | "profile" | "profiles" | "extends" | "inherits" => "use",
        "resource" | "resources" | "bases" => "resource",
        "component" | "components" => "component",
        "patch" | "patches" | "patchesStrategicMerge" | "patchesJson6902" => "patch",
        "role" | "roles" | "identity" | "identities" => "role",
        "let" | "vars" | "variables" | "locals" => "let",
        "include" | "includes" | "import" | "imports" | "source" => "include",
        "values" => "values",
        "require" | "requires" => "require",
        "isolate" => "isolate",
        "allow" => "allow",
        "trust" => "trust",
        _ => return None,
    })
}

/// The statement that is meant by a setting or a block of that name, as the documentation writes it.
pub fn form_for(name: &str) -> Option<String> {
    form(statement_for(name)?, None)
}

/// Where to write what is meant by a setting of that name.
fn advice_for(name: &str) -> Option<&'static str> {
    Some(match name {
        "platform" => "write the platform in the header: `cluster NAME on eks {`",
        "cluster" | "clusters" | "name" | "names" | "cluster-name" | "cluster_name" => {
            "write the name in the header: `cluster NAME on PLATFORM {`"
        }
        "annotations" | "labels" | "commonAnnotations" | "commonLabels" | "metadata" => {
            "remove it: a mapping adds what its identity needs; write others in a file, and add it with `patch \"FILE\"`"
        }
        _ => return None,
    })
}

/// The statement or the item that people mean by another word.
pub fn synonym(word: &str) -> Option<&'static str> {
    Some(match word {
        "import" | "imports" | "source" | "load" | "includes" => "include",
        "extends" | "extend" | "inherits" | "inherit" | "uses" | "using" | "with" | "apply" => "use",
        "var" | "vars" | "variable" | "variables" | "local" | "locals" | "const" | "set" | "export" => "let",
        "module" | "template" | "class" | "mixin" => "profile",
        "resources" | "manifest" => "resource",
        "ensure" | "must" | "requires" => "require",
        "ignore" | "silence" | "suppress" => "allow",
        _ => return None,
    })
}

/// A broken line, if it is written as another language has it. `text`: without the blanks around it.
pub fn line(text: &str, span: Span) -> Option<(ForeignProblem, Declares)> {
    let first = first_word(text);
    let head = without_comment(text.lines().next().unwrap_or_default());
    if matches!(first, "cluster" | "profile") {
        let problem = header(slice(head, 0..head.find('{').unwrap_or(head.len())), span)?;
        return Some((problem, Declares::Anything));
    }
    isolated_list(head, span)
        .or_else(|| block_of_statement(first, head, span))
        .or_else(|| binding(text, span))
        .or_else(|| mapping(head, span))
        .or_else(|| list_item(text, span))
}

/// `isolate decryption, registry by team`
fn isolated_list(head: &str, span: Span) -> Option<(ForeignProblem, Declares)> {
    let (isolated, variable) = head.strip_prefix("isolate ")?.split_once(" by ")?;
    let names: Vec<&str> = isolated.split(',').map(str::trim).collect();
    let variable = variable.trim();
    if names.len() < 2 || !names.iter().all(|name| is_name(name)) || !is_name(variable) {
        return None;
    }
    let statements: Vec<String> = names.iter().map(|name| format!("isolate {name} by {variable}")).collect();
    let at = span.part(&(0..head.len()));
    Some((ForeignProblem::IsolatedList { at, statements: statements.join("\n") }, Declares::Nothing))
}

/// `role registry {`
fn block_of_statement(first: &str, head: &str, span: Span) -> Option<(ForeignProblem, Declares)> {
    let inner = head.strip_suffix('{')?;
    if first == "patch" || inner.contains(['=', '>', ',']) {
        return None;
    }
    let name =
        inner.split_ascii_whitespace().nth(1).map(|name| name.trim_matches('"')).filter(|name| is_name(name));
    let form = form(first, name)?;
    let declares = match first {
        "role" => Declares::Role,
        "let" => Declares::Value,
        "use" => Declares::Anything,
        "trust" => Declares::Mapping,
        _ => Declares::Nothing,
    };
    let brace = inner.len();
    let at = span.part(&(brace..brace.saturating_add(1)));
    Some((ForeignProblem::BlockOfStatement { at, keyword: first.to_owned(), form }, declares))
}

/// `resources = ["a.yaml"]`, `account = lookup("a")`, `let accounts = { … }`
fn binding(text: &str, span: Span) -> Option<(ForeignProblem, Declares)> {
    let equals = text.find(['=', ':', '"', '>'])?;
    let (left, rest) = text.split_at_checked(equals)?;
    let value = rest.strip_prefix(":=").or_else(|| rest.strip_prefix(['=', ':']))?;
    let mut words = left.split_ascii_whitespace();
    let (name, declares) = match (words.next()?, words.next(), words.next()) {
        ("let", Some(_), None) => (None, Declares::Value),
        ("role", Some(_), None) => (None, Declares::Role),
        (name, None, None) => (Some(name), Declares::Value),
        _ => return None,
    };
    if value.starts_with(['>', '=']) {
        return None;
    }
    if let Some(found) = name.and_then(|name| setting(name, value, span.part(&(0..name.len())), span)) {
        return Some(found);
    }
    let (at, expression) = expression(value)?;
    let start = text.len().saturating_sub(value.len()).saturating_add(at);
    Some((ForeignProblem::Calculated { at: to_line_end(text, start, span), expression }, declares))
}

/// A setting whose name is that of a statement, or of something that stands elsewhere. `all`: the whole statement.
pub fn setting(name: &str, value: &str, at: Span, all: Span) -> Option<(ForeignProblem, Declares)> {
    if let Some(advice) = advice_for(name) {
        return Some((
            ForeignProblem::NoSuchSetting { at, name: name.to_owned(), advice },
            Declares::Nothing,
        ));
    }
    let keyword = statement_for(name)?;
    let form = form(keyword, None)?;
    let declares = match keyword {
        "use" | "role" | "let" => Declares::Anything,
        "trust" => Declares::Mapping,
        _ => Declares::Nothing,
    };
    let replacement = statements(keyword, value);
    Some((ForeignProblem::StatementAsSetting { at, keyword, form, all, replacement }, declares))
}

/// The statements that say the same as a setting with a value or with a list of them.
fn statements(keyword: &str, value: &str) -> Option<String> {
    if value.contains(['#', '{', '$']) {
        return None;
    }
    let value = value.trim();
    let value = value.strip_prefix('[').and_then(|value| value.strip_suffix(']')).unwrap_or(value);
    let entries =
        value.split([',', '\n']).map(|entry| entry.trim().trim_start_matches("- ").trim_matches(['"', '\'']));
    let entries: Vec<&str> = entries.filter(|entry| !entry.is_empty()).collect();
    if entries.is_empty() || !entries.iter().all(|entry| is_path(entry)) {
        return None;
    }
    match keyword {
        "use" if entries.iter().all(|entry| is_name(entry)) => Some(format!("use {}", entries.join(", "))),
        "resource" | "component" | "patch" | "include" | "values" => {
            let statements: Vec<String> =
                entries.iter().map(|entry| format!("{keyword} \"{entry}\"")).collect();
            Some(statements.join("\n"))
        }
        _ => None,
    }
}

/// What is wrong with a line that has an arrow, or that requires.
fn mapping(head: &str, span: Span) -> Option<(ForeignProblem, Declares)> {
    let arrow = outside_of_quotes(head, "->");
    let left = slice(head, 0..arrow.unwrap_or(head.len()));
    if let Some(star) = left.find('*').filter(|_| arrow.is_some() || head.starts_with("require")) {
        let (at, advice) = wildcard(left, star);
        return Some((ForeignProblem::Wildcard { at: span.part(&at), advice }, Declares::Mapping));
    }
    let arrow = arrow?;
    let who = left.trim_end();
    if let Some(list) = who.strip_prefix('[').and_then(|who| who.strip_suffix(']')) {
        let at = span.part(&(0..who.len()));
        return Some((ForeignProblem::BracketedList { at, list: list.trim().to_owned() }, Declares::Mapping));
    }
    if who.split_once('/').is_some_and(|(namespace, name)| is_name(namespace) && is_name(name)) {
        let at = span.part(&(0..who.len()));
        let name = who.to_owned();
        return Some((ForeignProblem::MissingServiceAccount { at, name }, Declares::Mapping));
    }
    let right = slice(head, arrow.saturating_add(2)..head.len());
    let target = head.len().saturating_sub(right.trim_start().len());
    let controller = first_word(right);
    if left.contains('"') && Controller::from_name(controller).is_some() {
        let at = span.part(&(target..target.saturating_add(controller.len())));
        return Some((ForeignProblem::IdentityBeforeArrow { at }, Declares::Mapping));
    }
    let (at, expression) = expression(right)?;
    let start = head.len().saturating_sub(right.len()).saturating_add(at);
    Some((ForeignProblem::Calculated { at: to_line_end(head, start, span), expression }, Declares::Mapping))
}

/// The word of a wildcard and what to write for it. `sign`: where its `*` or its bracket is.
fn wildcard(left: &str, sign: usize) -> (std::ops::Range<usize>, String) {
    let ends_word = |letter: char| letter.is_whitespace() || letter == ',';
    let start = slice(left, 0..sign).rfind(ends_word).map_or(0, |before| before.saturating_add(1));
    let length = slice(left, start..left.len()).find(ends_word);
    let end = length.map_or(left.len(), |length| start.saturating_add(length));
    let pattern = slice(left, start..end);
    let advice = match pattern.split_once('/') {
        Some((namespace, _)) => {
            let namespace = if is_name(namespace) { namespace } else { "NAMESPACE" };
            format!("name each ServiceAccount: `service-account {namespace}/NAME`")
        }
        None => list_of_controllers(&matching(pattern)),
    };
    (start..end, advice)
}

/// The controllers that have an identity and that a pattern with `*` matches.
fn matching(pattern: &str) -> Vec<&'static str> {
    controllers_with_identities().filter(|name| matches(pattern, name)).collect()
}

fn matches(pattern: &str, name: &str) -> bool {
    let Some((begin, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(begin) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some((_, after)) = left.split_once(part) else { return false };
        left = after;
    }
    left.ends_with(last)
}

/// `- a.yaml`
fn list_item(text: &str, span: Span) -> Option<(ForeignProblem, Declares)> {
    let _ = text.strip_prefix("- ")?;
    let at = span.part(&(0..1));
    Some((ForeignProblem::Calculated { at, expression: Expression::List }, Declares::Nothing))
}

/// A header in the notation of another language.
pub fn header(text: &str, span: Span) -> Option<ForeignProblem> {
    if let Some(sign) = text.find(['*', '[', '?']).filter(|sign| first_word(text).len() < *sign) {
        let at = wildcard(text, sign).0;
        let advice = "name each cluster: `cluster NAME, NAME on PLATFORM {`".to_owned();
        return Some(ForeignProblem::Wildcard { at: span.part(&at), advice });
    }
    let head = text.trim_end();
    let words: Vec<&str> = head.split_ascii_whitespace().collect();
    if let ["cluster", name, platform] = words.as_slice()
        && is_name(name)
        && *name != "on"
        && Platform::from_name(platform).is_some()
    {
        let at = span.part(&(head.len().saturating_sub(platform.len())..head.len()));
        return Some(ForeignProblem::HeaderWithoutOn { at, platform: (*platform).to_owned() });
    }
    // Before `on`, a colon stands in its place.
    let from = if head.starts_with("cluster") {
        head.find(" on ")?.saturating_add(4)
    } else {
        first_word(head).len()
    };
    let rest = slice(head, from..head.len());
    let word = |word: &str| {
        rest.match_indices(word).map(|(at, _)| at).find(|at| {
            let after = at.saturating_add(word.len());
            slice(rest, 0..*at).ends_with(' ') && slice(rest, after..rest.len()).starts_with(' ')
        })
    };
    let words = ["extends", "inherits", "uses", "use", "using", "with", "from", "is"];
    let at = words.into_iter().find_map(word).or_else(|| rest.find([':', '<', '(']))?;
    let begin = from.saturating_add(at);
    let base =
        slice(rest, at..rest.len()).split([' ', ':', '<', '(', ')', ',']).filter(|part| !part.is_empty());
    let profile = base.filter(|part| !words.contains(part)).find(|part| is_name(part))?.to_owned();
    Some(ForeignProblem::HeaderWithProfile { at: span.part(&(begin..head.len())), profile })
}

/// What follows a statement on its line, if it is what another language has there. `line`: what stands before it.
pub fn after_statement(line: &str, text: &str, at: Span) -> Option<ForeignProblem> {
    let keyword = first_word(line);
    if text.starts_with('{') && !matches!(keyword, "role" | "patch") && !line.contains("->") {
        let keyword = keyword.to_owned();
        let at = at.part(&(0..1));
        return form(&keyword, None).map(|form| ForeignProblem::BlockOfStatement { at, keyword, form });
    }
    if text == ";" {
        return Some(ForeignProblem::Semicolon { at });
    }
    if text.starts_with(',') && matches!(keyword, "include" | "values" | "resource" | "component") {
        return Some(ForeignProblem::ListOfPaths { at, keyword: keyword.to_owned() });
    }
    if text.starts_with("/*") {
        return Some(block_comment(text, at));
    }
    let operators = ["?", "+", "==", "!=", "&&", "||"];
    let operator = operators.into_iter().find(|operator| text.starts_with(operator))?;
    let at = at.part(&(0..operator.len()));
    Some(ForeignProblem::Calculated { at, expression: Expression::Operator })
}

/// `// a comment`, `-- a comment` or `; a comment`
pub fn line_comment(text: &str, at: Span) -> ForeignProblem {
    let written = ["//", "--", ";"].into_iter().find(|mark| text.starts_with(mark)).unwrap_or(";");
    ForeignProblem::Comment { at: at.part(&(0..written.len())), written, replacement: Some("#".to_owned()) }
}

/// `/* a comment */`
pub fn block_comment(text: &str, at: Span) -> ForeignProblem {
    let inner = text.strip_prefix("/*").and_then(|text| text.strip_suffix("*/"));
    let replacement = inner.filter(|inner| !inner.contains('\n')).map(|inner| format!("# {}", inner.trim()));
    let at = if replacement.is_some() { at } else { at.part(&(0..2)) };
    ForeignProblem::Comment { at, written: "/*", replacement }
}

/// From a byte of a text to the end of that line.
fn to_line_end(text: &str, start: usize, span: Span) -> Span {
    let line = slice(text, start..text.len()).lines().next().unwrap_or_default();
    span.part(&(start..start.saturating_add(line.trim_end().len())))
}

fn without_comment(line: &str) -> &str {
    slice(line, 0..outside_of_quotes(line, "#").unwrap_or(line.len())).trim_end()
}

pub fn is_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
}

fn is_path(word: &str) -> bool {
    word.split('/').all(|part| part.is_empty() || is_name(part))
}
