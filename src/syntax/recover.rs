//! Broken stretches to problems: each is read again alone, as what it should have been, for its exact message.

#![expect(clippy::wildcard_enum_match_arm, reason = "most rules are never a stretch's, nor named to a user")]

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;

use crate::model::Controller;
use crate::problem::{ErrorGuaranteed, SyntaxProblem, nearest};
use crate::source::slice;
use crate::span::Span;
use crate::syntax::builder::{Builder, first_word};
use crate::syntax::characters;
use crate::syntax::foreign::{self, Declares, is_name};
use crate::syntax::grammar::{Grammar, Rule};
use crate::syntax::tree::{Declared, Name};

/// The words that begin a statement or an item, and the rule that reads it.
const STATEMENTS: [(&str, Rule); 9] = [
    ("role", Rule::role),
    ("let", Rule::let_variable),
    ("use", Rule::use_profiles),
    ("resource", Rule::resource),
    ("component", Rule::component),
    ("patch", Rule::patch),
    ("allow", Rule::allow),
    ("trust", Rule::trust),
    ("on", Rule::on_block),
];
const ITEMS: [(&str, Rule); 6] = [
    ("cluster", Rule::cluster),
    ("profile", Rule::profile),
    ("include", Rule::include),
    ("require", Rule::require),
    ("isolate", Rule::isolate),
    ("values", Rule::values),
];

/// Says what is wrong with a line, and what it would have declared. `outside`: it stands outside of blocks.
pub fn report_line<'s>(
    builder: &mut Builder<'s, '_>,
    pair: &Pair<'s, Rule>,
    outside: bool,
) -> (ErrorGuaranteed, Option<Declared<'s>>) {
    let text = pair.as_str();
    let span = builder.trimmed(pair);
    let first = first_word(text);
    let says = |refused| (refused, None);
    if let Some(refused) = refuse_forbidden(builder, pair) {
        return (refused, Some(Declared::Anything));
    }
    if let Some((problem, declares)) = foreign::line(text.trim(), span) {
        let refused = builder.problems.refuse(problem);
        let declared = match declares {
            Declares::Nothing => None,
            Declares::Anything => Some(Declared::Anything),
            Declares::Mapping => Some(Declared::Mapping),
            Declares::Role => declared(builder, pair, Rule::role),
            Declares::Value if first == "let" => declared(builder, pair, Rule::let_variable),
            Declares::Value => declared(builder, pair, Rule::setting),
        };
        return (refused, declared);
    }
    if let Some((length, controller)) = image_of_controller(text.trim_start()) {
        let at = span.part(&(0..length));
        let refused = builder.problems.refuse(SyntaxProblem::ImageAsController { at, controller });
        return (refused, Some(Declared::Mapping));
    }
    if text.trim_end().ends_with(',') {
        let comma = span.end.saturating_sub(1);
        return says(
            builder.problems.refuse(SyntaxProblem::CommaAtEnd { at: Span { start: comma, ..span } }),
        );
    }
    let nested = matches!(pair.as_rule(), Rule::broken_nest | Rule::nested_line);
    let head = text.lines().next().unwrap_or_default();
    let known = STATEMENTS.iter().chain(&ITEMS).find(|(word, _)| *word == first);
    let rule = match known {
        Some((_, rule)) => *rule,
        None if !nested && (Controller::from_name(first).is_some() || first == "service-account") => {
            Rule::mapping
        }
        None if foreign::synonym(first).is_some() || (nested && outside && !head.contains(['=', '>'])) => {
            return report_unknown(builder, pair, outside);
        }
        None if is_name_and_text(text) => Rule::setting,
        None if nested && !outside && !head.contains("->") => Rule::block,
        None if looks_like_keyword(text) => return report_unknown(builder, pair, outside),
        None if text.contains("->") || text.contains("=>") => Rule::mapping,
        None if text.contains('=') => Rule::setting,
        None => return report_unknown(builder, pair, outside),
    };
    let is_item = matches!(rule, Rule::cluster | Rule::profile) && !outside;
    let is_whole_on = rule == Rule::on_block && Grammar::parse(rule, text.trim_start()).is_ok();
    let refused = if is_whole_on || nested && (matches!(rule, Rule::setting | Rule::block) || is_item) {
        let controller = Controller::from_name(first).map(Controller::name);
        let form = foreign::form_for(first);
        let refused = builder.problems.refuse(SyntaxProblem::NestedBlock { at: span, controller, form });
        let mapping = controller.map_or(Declared::Anything, |_| Declared::Mapping);
        return (refused, Some(mapping));
    } else {
        report_expected(builder, text, span, rule)
    };
    (refused, declared(builder, pair, rule))
}

/// Says what is wrong with the header of a block, what it would have declared, and whether it names profiles to use.
pub fn report_header<'s>(
    builder: &mut Builder<'s, '_>,
    pair: &Pair<'s, Rule>,
) -> (Option<Declared<'s>>, Option<ErrorGuaranteed>) {
    let text = pair.as_str();
    let span = builder.trimmed(pair);
    let first = first_word(text);
    if refuse_forbidden(builder, pair).is_some() {
        return (None, None);
    }
    let (what, rule) = match first {
        "cluster" => ("cluster", Rule::cluster),
        "profile" => ("profile", Rule::profile),
        _ => return (report_unknown(builder, pair, true).1, None),
    };
    if let Some(problem) = foreign::header(text.trim(), span) {
        let refused = builder.problems.refuse(problem);
        return (declared(builder, pair, rule), Some(refused));
    }
    let mut words = text.split_ascii_whitespace().skip(1);
    let second = words.next();
    if second.is_none() || (second == Some("on") && words.next() != Some("on")) {
        builder
            .problems
            .report(SyntaxProblem::MissingName { at: span.part(&(first.len()..first.len())), what });
        return (None, None);
    }
    report_expected(builder, text, span, rule);
    (declared(builder, pair, rule), None)
}

pub fn report_junk<'s>(builder: &mut Builder<'s, '_>, pair: &Pair<'s, Rule>) {
    let at = builder.trimmed(pair);
    let text = pair.as_str().trim();
    if refuse_forbidden(builder, pair).is_some() {
        return;
    }
    let before = slice(builder.text, 0..at.start as usize);
    let line = before.rsplit('\n').next().unwrap_or_default();
    if let Some(problem) = foreign::after_statement(line.trim(), text, at) {
        builder.problems.report(problem);
    } else if text == "," {
        builder.problems.report(SyntaxProblem::CommaAtEnd { at });
    } else if text.starts_with('{') {
        report_expected(builder, text, at, Rule::options);
    } else {
        let at = Span {
            end: at.start.saturating_add(length(text.lines().next().unwrap_or_default().trim_end())),
            ..at
        };
        builder.problems.report(SyntaxProblem::TextAfterStatement { at });
    }
}

/// Says so if a stretch cannot be read because a character in it has no place there.
fn refuse_forbidden<'s>(builder: &mut Builder<'s, '_>, pair: &Pair<'s, Rule>) -> Option<ErrorGuaranteed> {
    let (at, character) = characters::forbidden(pair.as_str().lines().next()?).next()?;
    let at = builder.span(pair).part(&at);
    Some(builder.problems.refuse(SyntaxProblem::ForbiddenCharacter { at, character }))
}

/// Reads `text` as `rule`, and says how far that goes and what belongs there.
fn report_expected(builder: &mut Builder<'_, '_>, text: &str, span: Span, rule: Rule) -> ErrorGuaranteed {
    let text = text.trim_start();
    // The space at the end shows what is missing behind the last word, which would not come to its turn without it.
    let (at, wanted) = match Grammar::parse(rule, &format!("{text} ")) {
        Ok(pairs) => {
            let end = pairs.last().map_or(0, |pair| pair.as_span().end());
            (end, Vec::new())
        }
        Err(error) => {
            let at = match error.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
            };
            let wanted = match error.variant {
                ErrorVariant::ParsingError { positives, .. } => phrases(&positives, rule),
                ErrorVariant::CustomError { .. } => Vec::new(),
            };
            (at, wanted)
        }
    };
    let at = at.min(text.len());
    // Spaces have no name in the grammar: where nothing else could go on, one is missing.
    let (at, wanted) =
        if wanted.is_empty() { (at.max(first_word(text).len()), vec!["a space"]) } else { (at, wanted) };
    let rest = slice(text, at..text.len());
    let blanks = rest.len().saturating_sub(rest.trim_start_matches([' ', '\t']).len());
    let found = first_word(rest);
    let problem = if found.is_empty() {
        let end = slice(text, 0..at).trim_end().len();
        SyntaxProblem::Expected { at: span.part(&(end..end)), found: String::new(), expected: wanted }
    } else {
        let start = at.saturating_add(blanks);
        let follows_name =
            at == start && slice(text, 0..at).ends_with(|last: char| last.is_ascii_alphanumeric());
        let at = span.part(&(start..start.saturating_add(found.len())));
        let quoted =
            rest.trim_start_matches([' ', '\t']).strip_prefix('"').and_then(|rest| rest.split_once('"'));
        match (found, quoted) {
            (_, Some((name, _))) if wanted.contains(&"a name") && is_name(name) => {
                let at = span.part(&(start..start.saturating_add(name.len()).saturating_add(2)));
                SyntaxProblem::NameInQuotes { at, name: name.to_owned() }
            }
            ("-" | "_" | ".", _) if follows_name => SyntaxProblem::NameEnd { at },
            _ => match found {
                ":" | "=>" | "==" | ":=" if wanted.contains(&"`=`") && rule != Rule::mapping => {
                    SyntaxProblem::Expected { at, found: found.to_owned(), expected: vec!["`=`"] }
                }
                _ => SyntaxProblem::Expected { at, found: found.to_owned(), expected: wanted },
            },
        }
    };
    builder.problems.refuse(problem)
}

/// Says that a line begins like nothing, and what it would have declared if it began with the nearest word.
fn report_unknown<'s>(
    builder: &mut Builder<'s, '_>,
    pair: &Pair<'s, Rule>,
    outside: bool,
) -> (ErrorGuaranteed, Option<Declared<'s>>) {
    let word = first_word(pair.as_str());
    let known = || STATEMENTS.iter().chain(ITEMS.iter().filter(|_| outside));
    let known_words = || known().map(|(word, _)| *word);
    let synonym = foreign::synonym(word).filter(|word| known_words().any(|known| known == *word));
    let nearest = synonym.or_else(|| nearest(word, known_words())).filter(|nearest| *nearest != word);
    let problem = SyntaxProblem::UnknownStatement {
        at: builder.trimmed(pair).part(&(0..word.len())),
        word: word.to_owned(),
        nearest,
    };
    let refused = builder.problems.refuse(problem);
    let rule = known().find(|(word, _)| Some(*word) == nearest).map(|(_, rule)| *rule);
    (refused, rule.and_then(|rule| declared(builder, pair, rule)))
}

/// If a line begins with the image of a controller: how long that is, and the controller's name.
fn image_of_controller(text: &str) -> Option<(usize, &'static str)> {
    let image = text.split([' ', '\t', ',']).next().filter(|image| image.contains('/'))?;
    let name = image.rsplit('/').next()?.split([':', '@']).next()?;
    Some((image.len(), Controller::from_name(name)?.name()))
}

/// Whether a line is a name and text in quotes, as a setting is but for its `=`.
fn is_name_and_text(text: &str) -> bool {
    let text = text.trim();
    text.split_once(['"', ' ', '\t']).is_some_and(|(name, _)| {
        is_name(name)
            && slice(text, name.len()..text.len()).trim_start().starts_with('"')
            && text.ends_with('"')
    })
}

/// Whether a line begins with two words, as statements do that begin with a keyword.
fn looks_like_keyword(text: &str) -> bool {
    let mut words = text.split_ascii_whitespace();
    words.next().is_some_and(is_name) && words.next().is_some_and(is_name)
}

fn declared<'s>(builder: &Builder<'s, '_>, pair: &Pair<'s, Rule>, rule: Rule) -> Option<Declared<'s>> {
    if rule == Rule::mapping {
        return Some(Declared::Mapping);
    }
    if matches!(rule, Rule::use_profiles | Rule::on_block) {
        return Some(Declared::Anything);
    }
    let text = pair.as_str();
    let keyword = matches!(rule, Rule::role | Rule::let_variable | Rule::cluster | Rule::profile);
    let after = if keyword { text.trim_start().find([' ', '\t'])? } else { 0 };
    let rest = text.trim_start().get(after..)?.trim_start_matches(['"', ' ', '\t']);
    let length = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && !"-_.".contains(letter));
    let name = rest.get(..length.unwrap_or(rest.len()))?.trim_end_matches(['-', '_', '.']);
    if name.is_empty() {
        return None;
    }
    let start = text.len().checked_sub(rest.len())?;
    let name = Name { text: name, span: builder.span(pair).part(&(start..start.saturating_add(name.len()))) };
    match rule {
        Rule::role => Some(Declared::Role(name)),
        Rule::let_variable | Rule::setting => Some(Declared::Value(name)),
        Rule::cluster => Some(Declared::Cluster(name)),
        Rule::profile => Some(Declared::Profile(name)),
        _ => None,
    }
}

/// What users call the rules that could have gone on, in the order in which they are best read.
fn phrases(rules: &[Rule], of: Rule) -> Vec<&'static str> {
    // Only settings and options have words for values.
    let has_words = matches!(of, Rule::setting | Rule::options);
    let rules = rules.iter().filter(|rule| has_words || !matches!(rule, Rule::value | Rule::word));
    let mut phrases: Vec<(u8, &'static str)> = rules.filter_map(|rule| phrase(*rule)).collect();
    phrases.sort_unstable();
    phrases.dedup();
    phrases.into_iter().map(|(_, phrase)| phrase).collect()
}

fn phrase(rule: Rule) -> Option<(u8, &'static str)> {
    Some(match rule {
        Rule::name => (0, "a name"),
        Rule::setting => (0, "a name"),
        Rule::who | Rule::mapping => (0, "a controller"),
        Rule::service_account => return None,
        Rule::identity | Rule::nameless | Rule::provider => {
            (1, "an identity such as `aws \"arn:aws:iam::111122223333:role/flux\"`")
        }
        Rule::text | Rule::quoted | Rule::other_quotes | Rule::unclosed_text => (2, "text in double quotes"),
        Rule::value | Rule::word => (3, "a word"),
        Rule::option => (3, "an option `name = value`"),
        Rule::options => (4, "options in braces"),
        Rule::arrow | Rule::wrong_arrow | Rule::missing_arrow => (5, "`->`"),
        Rule::equals => (6, "`=`"),
        Rule::kw_on => (8, "`on` and a platform"),
        Rule::kw_by => (7, "`by` and a variable"),
        Rule::slash => (7, "`/`"),
        Rule::comma => (7, "`,`"),
        Rule::open | Rule::block | Rule::on_body | Rule::late_open => (9, "`{`"),
        Rule::close => (9, "`}`"),
        Rule::comment | Rule::missing_close | Rule::missing_line_break | Rule::EOI => return None,
        _ => return None,
    })
}

/// How many signs may stand between a `$` and the name that it was meant to put in.
const SIGNS: usize = 8;

/// The name that a `$` before `rest` was perhaps meant to put in.
pub fn meant_by_dollar(rest: &str) -> Option<&str> {
    let signs = rest.bytes().take(SIGNS).take_while(|byte| b"{( $".contains(byte)).count();
    let rest = slice(rest, signs..rest.len());
    let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && !"-_".contains(letter))?;
    let name = slice(rest, 0..end);
    (!name.is_empty()).then_some(name)
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}
