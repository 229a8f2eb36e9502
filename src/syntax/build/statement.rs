//! Statements.

#![expect(clippy::wildcard_enum_match_arm, reason = "of all rules only a few can stand within another")]

use pest::iterators::Pair;

use crate::model::Controller;
use crate::model::setting::Setting;
use crate::problem::{NameProblem, SyntaxProblem};
use crate::source::slice;
use crate::span::Span;
use crate::syntax::builder::Builder;
use crate::syntax::foreign::{self, Declares};
use crate::syntax::grammar::Rule;
use crate::syntax::recover;
use crate::syntax::tree::{
    Allow, Binding, Broken, ControllerName, Declared, Identity, List, Mapping, MappingSubject, Name,
    Passthrough, ServiceAccount, Statement, Target, Value,
};

impl<'s> Builder<'s, '_> {
    pub(super) fn statement(&mut self, pair: Pair<'s, Rule>, span: Span) -> Statement<'s> {
        match pair.as_rule() {
            Rule::setting => self.setting(pair, span),
            Rule::let_variable => self.let_variable(pair, span),
            Rule::role => self.role(pair, span),
            Rule::mapping => self.mapping(pair, span).map_or_else(Statement::Broken, Statement::Mapping),
            Rule::trust => self.trust(pair, span),
            Rule::use_profiles => Statement::Use(self.names(pair)),
            Rule::resource => Statement::Resource(self.passed_through(pair, span)),
            Rule::component => Statement::Component(self.passed_through(pair, span)),
            Rule::patch => Statement::Patch(self.passed_through(pair, span)),
            Rule::allow => self.allow(pair, span),
            _ => Statement::Broken(Broken { span, refused: self.unread(span), declares: None }),
        }
    }

    fn setting(&mut self, pair: Pair<'s, Rule>, span: Span) -> Statement<'s> {
        let name = pair.clone().into_inner().next().map_or(Name { text: "", span }, |name| self.name(&name));
        let after_name = span.part(&(name.text.len()..pair.as_str().len()));
        let value = || slice(self.text, after_name.range()).trim_start_matches([' ', '\t', ':', '=']);
        if Controller::from_name(name.text).is_some() {
            let word = value().trim_matches('"');
            let target = foreign::is_name(word).then(|| format!(" -> {word}"));
            let replacement = target.map(|target| (after_name, target));
            let problem =
                NameProblem::ControllerAsSetting { at: name.span, name: name.text.to_owned(), replacement };
            let refused = self.problems.refuse(problem);
            return Statement::Broken(Broken { span, refused, declares: Some(Declared::Mapping) });
        }
        if let Some((problem, declares)) = foreign::setting(name.text, value(), name.span, span) {
            let refused = self.problems.refuse(problem);
            let declares = match declares {
                Declares::Anything => Some(Declared::Anything),
                Declares::Mapping => Some(Declared::Mapping),
                Declares::Nothing | Declares::Role | Declares::Value => None,
            };
            return Statement::Broken(Broken { span, refused, declares });
        }
        Statement::Setting(self.binding(pair, span))
    }

    fn let_variable(&mut self, pair: Pair<'s, Rule>, span: Span) -> Statement<'s> {
        let binding = self.binding(pair, span);
        let name = binding.name;
        if Setting::from_name(name.text).is_none() {
            return Statement::Let(binding);
        }
        let at = Span { end: name.span.end, ..span };
        let refused = self.problems.refuse(NameProblem::SettingWithLet { at, name: name.text.to_owned() });
        Statement::Broken(Broken { span, refused, declares: Some(Declared::Value(name)) })
    }

    pub(super) fn broken(&mut self, pair: &Pair<'s, Rule>, outside: bool) -> Statement<'s> {
        let span = self.trimmed(pair);
        let (refused, declares) = recover::report_line(self, pair, outside);
        Statement::Broken(Broken { span, refused, declares })
    }

    pub(super) fn binding(&mut self, pair: Pair<'s, Rule>, span: Span) -> Binding<'s, Value<'s>> {
        let mut name = None;
        let mut value = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => name = Some(self.name(&part)),
                Rule::wrong_equals => self.wrong_equals(&part),
                Rule::late_value => self.late_value(&part),
                Rule::text | Rule::other_quotes | Rule::unclosed_text | Rule::word => {
                    value = Some(self.value(part));
                }
                _ => {}
            }
        }
        let value = value.unwrap_or_else(|| Value::Broken(span, self.unread(span)));
        Binding { name: name.unwrap_or(Name { text: "", span }), value }
    }

    fn role(&mut self, pair: Pair<'s, Rule>, span: Span) -> Statement<'s> {
        let mut name = Name { text: "", span };
        let mut identity = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => name = self.name(&part),
                Rule::late_value => self.late_value(&part),
                Rule::identity | Rule::nameless => identity = Some(self.identity(part)),
                _ => {}
            }
        }
        let value = identity.unwrap_or_else(|| {
            let refused = self.unread(span);
            Identity { span, provider: Err(refused), value: Value::Broken(span, refused), options: None }
        });
        Statement::Role(Binding { name, value })
    }

    fn wrong_equals(&mut self, pair: &Pair<'s, Rule>) {
        let (at, written) = (self.span(pair), pair.as_str().to_owned());
        let follows_blank = slice(self.text, 0..at.start as usize).ends_with([' ', '\t']);
        self.problems.report(SyntaxProblem::WrongEquals { at, written, follows_blank });
    }

    fn late_value(&mut self, pair: &Pair<'s, Rule>) {
        let end = self.span(pair).end as usize;
        let value = self.rest_of_line(end).trim_end().len();
        self.problems.report(SyntaxProblem::LateValue { at: self.at(end, end.saturating_add(value)) });
    }

    fn trust(&mut self, pair: Pair<'s, Rule>, span: Span) -> Statement<'s> {
        let mapping = pair.into_inner().find(|part| part.as_rule() == Rule::mapping);
        let Some(mapping) = mapping else {
            return Statement::Broken(Broken { span, refused: self.unread(span), declares: None });
        };
        self.mapping(mapping, span).map_or_else(Statement::Broken, Statement::Trust)
    }

    fn mapping(&mut self, pair: Pair<'s, Rule>, span: Span) -> Result<Mapping<'s>, Broken<'s>> {
        let parts = pair.into_inner();
        // Between two things is a comma, and most mappings have one target.
        let mut who = List::new();
        let mut targets = List::new();
        let mut right = false;
        let mut missing = None;
        for part in parts {
            let at = self.span(&part);
            match part.as_rule() {
                Rule::arrow => right = true,
                Rule::late_value => self.late_value(&part),
                Rule::wrong_arrow => {
                    right = true;
                    if let Some(name) = role_without_keyword(&who, part.as_str()) {
                        let (at, text) = (name.span, name.text.to_owned());
                        let refused = self.problems.refuse(SyntaxProblem::MissingRole { at, name: text });
                        return Err(Broken { span, refused, declares: Some(Declared::Role(name)) });
                    }
                    let written = part.as_str().to_owned();
                    let refused = self.problems.refuse(SyntaxProblem::WrongArrow { at, written });
                    // Who is left of an arrow to the left is not known.
                    if part.as_str().starts_with('<') {
                        return Err(Broken { span, refused, declares: Some(Declared::Mapping) });
                    }
                }
                Rule::missing_arrow => {
                    right = true;
                    let at = self.word_at(at);
                    let found = slice(self.text, at.range()).to_owned();
                    let problem = SyntaxProblem::Expected { at, found, expected: vec!["`->`"] };
                    missing = Some(self.problems.refuse(problem));
                }
                Rule::comment if right => targets.push_comment(self.comment(&part)),
                Rule::comment => who.push_comment(self.comment(&part)),
                Rule::name if right => targets.push(Target::Role(self.name(&part))),
                Rule::identity | Rule::nameless => targets.push(Target::Identity(self.identity(part))),
                Rule::name | Rule::service_account => who.push(self.who(part)),
                Rule::if_installed => self.if_installed(&part, &mut who),
                _ => {}
            }
        }
        Ok(Mapping { span, who, targets: missing.map_or(Ok(targets), Err) })
    }

    fn names(&mut self, pair: Pair<'s, Rule>) -> List<'s, Name<'s>> {
        let parts = pair.into_inner();
        // Between two names is a comma.
        let mut names = List::new();
        for part in parts {
            match part.as_rule() {
                Rule::name => names.push(self.name(&part)),
                Rule::comment => names.push_comment(self.comment(&part)),
                _ => {}
            }
        }
        names
    }

    fn passed_through(&mut self, pair: Pair<'s, Rule>, span: Span) -> Passthrough<'s> {
        let mut path = None;
        let mut options = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::text | Rule::other_quotes | Rule::unclosed_text => path = Some(self.value(part)),
                Rule::stray_comma => self.extra_comma(&part),
                Rule::options => options = Some(Box::new(self.options(part))),
                _ => {}
            }
        }
        let path = path.unwrap_or_else(|| Value::Broken(span, self.unread(span)));
        Passthrough { span, path, options }
    }

    fn allow(&mut self, pair: Pair<'s, Rule>, span: Span) -> Statement<'s> {
        let Binding { name, value } = self.binding(pair, span);
        Statement::Allow(Allow { span, code: name, reason: value })
    }

    pub(super) fn who(&mut self, pair: Pair<'s, Rule>) -> MappingSubject<'s> {
        if pair.as_rule() != Rule::service_account {
            return MappingSubject::Controller(ControllerName { name: self.name(&pair), if_installed: None });
        }
        let span = self.span(&pair);
        let mut names = pair.into_inner().filter(|part| part.as_rule() == Rule::name);
        let mut next = || names.next().map_or(Name { text: "", span }, |name| self.name(&name));
        let (namespace, name) = (next(), next());
        MappingSubject::ServiceAccount(ServiceAccount { span, namespace, name })
    }
}

impl<'s> Builder<'s, '_> {
    /// Adds a `?` to the controller before it.
    pub(super) fn if_installed(&mut self, pair: &Pair<'s, Rule>, who: &mut List<'s, MappingSubject<'s>>) {
        let at = self.span(pair);
        match who.items.last_mut().map(|last| &mut last.node) {
            Some(MappingSubject::Controller(controller)) => controller.if_installed = Some(at),
            Some(MappingSubject::ServiceAccount(_)) | None => {
                self.problems.report(NameProblem::NotInstallable { at });
            }
        }
    }
}

/// The name of the role, where `role` was forgotten before a name that gets an identity.
fn role_without_keyword<'s>(who: &List<'s, MappingSubject<'s>>, arrow: &str) -> Option<Name<'s>> {
    let mut who = who.nodes();
    match (who.next(), who.next()) {
        (Some(MappingSubject::Controller(ControllerName { name, .. })), None)
            if matches!(arrow, "=" | ":") =>
        {
            Some(*name).filter(|name| Controller::from_name(name.text).is_none())
        }
        _ => None,
    }
}
