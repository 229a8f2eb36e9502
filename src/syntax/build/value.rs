//! Identities, options, values and text.

#![expect(clippy::wildcard_enum_match_arm, reason = "of all rules only a few can stand within another")]

use pest::iterators::Pair;

use crate::model::Provider;
use crate::problem::{ErrorGuaranteed, Expression, ForeignProblem, SyntaxProblem, is_reference};
use crate::source::slice;
use crate::span::Span;
use crate::syntax::builder::Builder;
use crate::syntax::foreign::is_name;
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{Identity, Interpolation, List, Options, Text, Value};
use crate::syntax::{characters, foreign, recover};

impl<'s> Builder<'s, '_> {
    pub(super) fn identity(&mut self, pair: Pair<'s, Rule>) -> Identity<'s> {
        let span = self.span(&pair);
        let mut provider = None;
        let mut value = None;
        let mut options = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name | Rule::provider => provider = Some(self.name(&part)),
                Rule::text | Rule::other_quotes | Rule::unclosed_text | Rule::word => {
                    value = Some(self.value(part));
                }
                Rule::stray_comma => self.extra_comma(&part),
                Rule::options => options = Some(Box::new(self.options(part))),
                _ => {}
            }
        }
        let value = value.unwrap_or_else(|| Value::Broken(span, self.unread(span)));
        let provider = provider.ok_or_else(|| {
            let guess = match &value {
                Value::Text(text) => Provider::from_identity(text.raw).map(Provider::name),
                Value::Word(_) | Value::Broken(..) => None,
            };
            let at = value.span();
            self.problems.refuse(match (&value, guess) {
                (Value::Text(Text { raw, .. }), None) if is_name(raw) => {
                    SyntaxProblem::NameInQuotes { at, name: (*raw).to_owned() }
                }
                (_, guess) => SyntaxProblem::MissingProvider { at, guess },
            })
        });
        Identity { span, provider, value, options }
    }

    pub(super) fn options(&mut self, pair: Pair<'s, Rule>) -> Options<'s> {
        let span = self.span(&pair);
        let mut open_comments = Vec::new();
        let parts = pair.into_inner();
        let mut list = List::new();
        let mut end = span.start;
        for part in parts {
            match part.as_rule() {
                Rule::option => {
                    let at = self.span(&part);
                    end = at.end;
                    list.push(self.binding(part, at));
                }
                Rule::last_comma | Rule::extra_comma => self.extra_comma(&part),
                Rule::missing_comma => {
                    let at = Span { start: end, end, ..span };
                    self.problems.report(SyntaxProblem::MissingComma { at });
                }
                Rule::comment if list.items.is_empty() => open_comments.push(self.comment(&part)),
                Rule::comment => list.push_comment(self.comment(&part)),
                _ => {}
            }
        }
        Options { span, open_comments, list }
    }

    pub(super) fn extra_comma(&mut self, pair: &Pair<'s, Rule>) {
        self.problems.report(SyntaxProblem::ExtraComma { at: self.span(pair) });
    }

    pub(super) fn value(&mut self, pair: Pair<'s, Rule>) -> Value<'s> {
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::text => self.text(pair, span),
            Rule::word if is_reference(pair.as_str()) => {
                let problem = ForeignProblem::Calculated { at: span, expression: Expression::Reference };
                Value::Broken(span, self.problems.refuse(problem))
            }
            Rule::word => Value::Word(self.name(&pair)),
            Rule::other_quotes => {
                let at = self.trimmed(&pair);
                let text = without_quotes(slice(self.text, at.range())).to_owned();
                Value::Broken(at, self.problems.refuse(SyntaxProblem::OtherQuotes { at, text }))
            }
            _ => {
                let at = self.trimmed(&pair);
                Value::Broken(at, self.problems.refuse(SyntaxProblem::UnclosedText { at }))
            }
        }
    }

    fn text(&mut self, pair: Pair<'s, Rule>, span: Span) -> Value<'s> {
        let raw = pair.as_str();
        let raw = slice(raw, 1..raw.len().saturating_sub(1));
        if let Some((at, character)) = characters::forbidden_in_text(raw) {
            let at = span.part(&(at.start.saturating_add(1)..at.end.saturating_add(1)));
            return Value::Broken(
                span,
                self.problems.refuse(SyntaxProblem::ForbiddenCharacter { at, character }),
            );
        }
        if !raw.contains('$') {
            return Value::Text(Text { span, raw, interpolations: Vec::new(), stray_dollar: None });
        }
        let parts = pair.into_inner();
        // Between two holes is a literal, and so is at both ends.
        let mut holes = Vec::new();
        let (mut stray_dollar, mut dollars) = (None, None);
        for part in parts {
            let at = self.span(&part);
            if let Some(run) =
                dollars.filter(|run| part.as_rule() == Rule::hole || !self.is_one_run(*run, at))
            {
                stray_dollar = Some(self.refuse_dollars(run, span));
                dollars = None;
            }
            match part.as_rule() {
                Rule::hole => {
                    if let Some(name) = part.into_inner().next() {
                        holes.push(Interpolation { span: at, name: self.name(&name) });
                    }
                }
                Rule::stray_dollar => {
                    dollars = Some(dollars.map_or(at, |run: Span| Span { end: at.end, ..run }));
                }
                _ => {}
            }
        }
        if let Some(run) = dollars {
            stray_dollar = Some(self.refuse_dollars(run, span));
        }
        Value::Text(Text { span, raw, interpolations: holes, stray_dollar })
    }
}

impl Builder<'_, '_> {
    /// Whether a `$` continues a run of them: nothing that could be a name stands between.
    fn is_one_run(&self, run: Span, next: Span) -> bool {
        let between = slice(self.text, run.end as usize..next.start as usize);
        !between.bytes().any(|byte| byte.is_ascii_alphanumeric())
    }

    /// Says that no name follows the last `$` of a run. `text`: the text in which it stands.
    fn refuse_dollars(&mut self, at: Span, text: Span) -> ErrorGuaranteed {
        let rest = slice(self.text, at.end as usize..text.end as usize);
        let inner = rest.strip_prefix('{').and_then(|rest| rest.split('}').next()).unwrap_or_default();
        if let Some(expression) = foreign::in_braces(inner) {
            return self.problems.refuse(ForeignProblem::Calculated { at, expression });
        }
        let name = recover::meant_by_dollar(rest).map(str::to_owned);
        self.problems.refuse(SyntaxProblem::StrayDollar { at, name })
    }
}

/// Text without the one quote at each of its ends.
fn without_quotes(text: &str) -> &str {
    let mut characters = text.chars();
    characters.next();
    let inner = characters.as_str();
    inner.strip_suffix(|last: char| "“”„‟‘’«»″'`".contains(last)).unwrap_or(inner)
}
