//! pest pairs to tree, one function a rule.

#![expect(clippy::wildcard_enum_match_arm, reason = "of all rules only a few can stand within another")]

use pest::iterators::{Pair, Pairs};

use crate::model::{Controller, Provider};
use crate::problem::{NameProblem, Problems, Refused, SyntaxProblem};
use crate::source::{FileId, slice};
use crate::span::Span;
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{
    Allow, Binding, Block, Broken, BrokenBlock, Cluster, Comment, Declared, Hole, Identity, Isolate, Item,
    Line, List, Listed, Mapping, Name, Options, PassedThrough, Profile, Require, ServiceAccount, Statement,
    Target, Text, Value, Who,
};
use crate::syntax::{characters, recover};

/// What the builder knows of the text that it builds from.
pub struct Builder<'s, 'p> {
    /// The file.
    pub file: FileId,
    /// The file's whole text.
    pub text: &'s str,
    /// Where in it the piece begins that was parsed.
    pub offset: usize,
    /// Where problems go.
    pub problems: &'p mut Problems,
}

impl<'s> Builder<'s, '_> {
    /// Builds the lines of a file, or of a piece of one.
    pub fn file(&mut self, pairs: Pairs<'s, Rule>, lines: &mut Vec<Line<'s, Item<'s>>>) {
        for pair in pairs.flat_map(Pair::into_inner) {
            let span = self.span(&pair);
            let blank_before = self.blank_before(span);
            let (node, comment) = match pair.as_rule() {
                Rule::EOI => continue,
                Rule::comment | Rule::junk | Rule::missing_line_break => {
                    self.line_end(&pair, lines);
                    continue;
                }
                Rule::stray_close => {
                    self.problems.push(SyntaxProblem::StrayClose { at: span });
                    continue;
                }
                Rule::cluster => self.cluster(pair),
                Rule::profile => self.profile(pair),
                Rule::broken_block => self.broken_block(pair),
                Rule::include => self.include(pair),
                Rule::require => self.require(pair, span),
                Rule::isolate => self.isolate(pair, span),
                rule => {
                    let outside = rule == Rule::broken_line || rule == Rule::broken_nest;
                    let statement =
                        if outside { self.broken(&pair, true) } else { self.statement(pair, span) };
                    (Item::Statement(statement), None)
                }
            };
            lines.push(Line { blank_before, node: Some(node), comment });
        }
    }

    /// What follows a statement or an item on its line; a comment on a line of its own is a line too.
    fn line_end<T>(&mut self, pair: &Pair<'s, Rule>, lines: &mut Vec<Line<'s, T>>) {
        let span = self.span(pair);
        match pair.as_rule() {
            Rule::comment => {
                let comment = self.comment(pair);
                match lines.last_mut() {
                    Some(line) if line.node.is_some() && line.comment.is_none() && !comment.alone => {
                        line.comment = Some(comment);
                    }
                    _ => {
                        let blank_before = self.blank_before(span);
                        lines.push(Line { blank_before, node: None, comment: Some(comment) });
                    }
                }
            }
            Rule::missing_line_break => {
                self.problems.push(SyntaxProblem::TextAfterStatement { at: self.word_at(span) });
            }
            _ => recover::junk(self, pair),
        }
    }

    fn cluster(&mut self, pair: Pair<'s, Rule>) -> (Item<'s>, Option<Comment<'s>>) {
        let mut names = ListBuilder::new();
        let mut platform = None;
        let mut on = false;
        let mut block = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name if on => platform = Some(self.name(&part)),
                Rule::name => names.push(self.name(&part)),
                Rule::comment => names.comment(self.comment(&part)),
                Rule::kw_on => on = true,
                Rule::block => block = Some(self.block(part)),
                _ => {}
            }
        }
        let (block, comment) = block.unwrap_or_else(|| (self.no_block(), None));
        let platform = platform.unwrap_or(Name { text: "", span: block.span });
        (Item::Cluster(Cluster { names: names.list, platform, block }), comment)
    }

    fn profile(&mut self, pair: Pair<'s, Rule>) -> (Item<'s>, Option<Comment<'s>>) {
        let mut name = None;
        let mut block = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => name = Some(self.name(&part)),
                Rule::block => block = Some(self.block(part)),
                _ => {}
            }
        }
        let (block, comment) = block.unwrap_or_else(|| (self.no_block(), None));
        let name = name.unwrap_or(Name { text: "", span: block.span });
        (Item::Profile(Profile { name, block }), comment)
    }

    fn broken_block(&mut self, pair: Pair<'s, Rule>) -> (Item<'s>, Option<Comment<'s>>) {
        let mut head = None;
        let mut block = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::broken_head => head = Some(part),
                Rule::block => block = Some(self.block(part)),
                _ => {}
            }
        }
        let (block, comment) = block.unwrap_or_else(|| (self.no_block(), None));
        let (span, declares) = match head {
            Some(head) => (self.trimmed(&head), recover::header(self, &head)),
            None => (block.span, None),
        };
        (Item::Broken(BrokenBlock { span, declares, block }), comment)
    }

    fn include(&mut self, pair: Pair<'s, Rule>) -> (Item<'s>, Option<Comment<'s>>) {
        let span = self.span(&pair);
        let value = self.binding(pair, span).value;
        let (span, refused) = match value {
            Value::Text(text) => return (Item::Include(text), None),
            Value::Broken(span, refused) => (span, refused),
            Value::Word(Name { span, .. }) => (span, self.unread(span)),
        };
        (Item::Statement(Statement::Broken(Broken { span, refused, declares: None })), None)
    }

    fn require(&mut self, pair: Pair<'s, Rule>, mut span: Span) -> (Item<'s>, Option<Comment<'s>>) {
        let mut who = ListBuilder::new();
        let mut platform = None;
        let mut on = false;
        for part in pair.into_inner() {
            if matches!(part.as_rule(), Rule::name | Rule::service_account) {
                span = span.to(self.span(&part));
            }
            match part.as_rule() {
                Rule::name if on => platform = Some(self.name(&part)),
                Rule::name | Rule::service_account => who.push(self.who(part)),
                Rule::comment => who.comment(self.comment(&part)),
                Rule::kw_on => on = true,
                _ => {}
            }
        }
        (Item::Require(Require { span, who: who.list, platform }), None)
    }

    fn isolate(&mut self, pair: Pair<'s, Rule>, span: Span) -> (Item<'s>, Option<Comment<'s>>) {
        let mut names = pair.into_inner().filter(|part| part.as_rule() == Rule::name);
        let mut next = || names.next().map_or(Name { text: "", span }, |name| self.name(&name));
        let (role, variable) = (next(), next());
        (Item::Isolate(Isolate { span: span.to(variable.span), role, variable }), None)
    }

    /// The statements in braces, and the comment after the closing one.
    fn block(&mut self, pair: Pair<'s, Rule>) -> (Block<'s>, Option<Comment<'s>>) {
        let mut span = self.span(&pair);
        let mut open = span;
        let mut open_comment = None;
        let mut lines = Vec::new();
        let mut closed = false;
        // The comment after the closing brace stands on the brace's own line; it is the item's.
        let mut after: Vec<Line<'s, ()>> = Vec::new();
        for part in pair.into_inner() {
            let at = self.span(&part);
            match part.as_rule() {
                Rule::open => {
                    span.start = at.start;
                    open = at;
                }
                Rule::late_open => {
                    let brace = Span { start: at.end.saturating_sub(1), ..at };
                    span.start = brace.start;
                    open = brace;
                    self.problems.push(SyntaxProblem::BraceOnNextLine { at: brace });
                }
                Rule::close => {
                    closed = true;
                    span.end = at.end;
                    after.push(Line { blank_before: false, node: Some(()), comment: None });
                }
                Rule::missing_close => {
                    span.end = at.end;
                    self.problems.push(SyntaxProblem::UnclosedBlock { open, at: self.word_at(at) });
                }
                Rule::comment | Rule::junk | Rule::missing_line_break if closed => {
                    self.line_end(&part, &mut after);
                }
                Rule::comment if lines.is_empty() && open_comment.is_none() && !self.begins_line(at) => {
                    open_comment = Some(self.comment(&part));
                }
                Rule::comment | Rule::junk | Rule::missing_line_break => self.line_end(&part, &mut lines),
                Rule::misplaced => self.misplaced(part, &mut lines),
                Rule::broken_line | Rule::broken_nest => {
                    let blank_before = self.blank_before(at);
                    let node = Some(self.broken(&part, false));
                    lines.push(Line { blank_before, node, comment: None });
                }
                _ => {
                    let blank_before = self.blank_before(at);
                    let node = Some(self.statement(part, at));
                    lines.push(Line { blank_before, node, comment: None });
                }
            }
        }
        let on_one_line = !slice(self.text, span.range()).contains('\n');
        let comment = after.into_iter().find_map(|line| line.comment);
        (Block { span, on_one_line, open_comment, lines }, comment)
    }

    /// An item of the file within a block.
    fn misplaced(&mut self, pair: Pair<'s, Rule>, lines: &mut Vec<Line<'s, Statement<'s>>>) {
        for item in pair.into_inner() {
            let span = self.span(&item);
            let statement = match item.as_rule() {
                Rule::include => "include",
                Rule::require => "require",
                _ => "isolate",
            };
            let at = span.part(&(0..statement.len()));
            let (here, belongs) = ("in a block", "the file itself, outside of all blocks");
            let refused = self.problems.refuse(NameProblem::Misplaced { at, statement, here, belongs });
            let node = Some(Statement::Broken(Broken { span, refused, declares: None }));
            lines.push(Line { blank_before: self.blank_before(span), node, comment: None });
        }
    }

    fn statement(&mut self, pair: Pair<'s, Rule>, span: Span) -> Statement<'s> {
        match pair.as_rule() {
            Rule::setting => Statement::Setting(self.binding(pair, span)),
            Rule::let_variable => Statement::Let(self.binding(pair, span)),
            Rule::role => self.role(pair, span),
            Rule::mapping => self.mapping(pair, span),
            Rule::use_profiles => Statement::Use(self.names(pair)),
            Rule::resource => Statement::Resource(self.passed_through(pair, span)),
            Rule::component => Statement::Component(self.passed_through(pair, span)),
            Rule::patch => Statement::Patch(self.passed_through(pair, span)),
            Rule::allow => self.allow(pair, span),
            _ => Statement::Broken(Broken { span, refused: self.unread(span), declares: None }),
        }
    }

    fn broken(&mut self, pair: &Pair<'s, Rule>, outside: bool) -> Statement<'s> {
        let span = self.trimmed(pair);
        let (refused, declares) = recover::line(self, pair, outside);
        Statement::Broken(Broken { span, refused, declares })
    }

    fn binding(&mut self, pair: Pair<'s, Rule>, span: Span) -> Binding<'s, Value<'s>> {
        let mut name = None;
        let mut value = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => name = Some(self.name(&part)),
                // That a controller has no value is said where it is known what settings there are.
                Rule::wrong_equals if name.is_some_and(|name| Controller::from_name(name.text).is_none()) => {
                    let (at, found) = (self.span(&part), part.as_str().to_owned());
                    self.problems.push(SyntaxProblem::Expected { at, found, expected: vec!["`=`"] });
                }
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

    fn late_value(&mut self, pair: &Pair<'s, Rule>) {
        let end = self.span(pair).end as usize;
        let value = self.rest_of_line(end).trim_end().len();
        self.problems.push(SyntaxProblem::LateValue { at: self.at(end, end.saturating_add(value)) });
    }

    fn mapping(&mut self, pair: Pair<'s, Rule>, span: Span) -> Statement<'s> {
        let mut who = ListBuilder::new();
        let mut targets = ListBuilder::new();
        let mut right = false;
        let mut missing = None;
        for part in pair.into_inner() {
            let at = self.span(&part);
            match part.as_rule() {
                Rule::arrow => right = true,
                Rule::late_value => self.late_value(&part),
                Rule::wrong_arrow => {
                    right = true;
                    if let Some(name) = role_without_keyword(&who.list, part.as_str()) {
                        let (at, text) = (name.span, name.text.to_owned());
                        let refused = self.problems.refuse(SyntaxProblem::MissingRole { at, name: text });
                        return Statement::Broken(Broken {
                            span,
                            refused,
                            declares: Some(Declared::Role(name)),
                        });
                    }
                    self.problems.push(SyntaxProblem::WrongArrow { at, written: part.as_str().to_owned() });
                }
                Rule::missing_arrow => {
                    right = true;
                    let at = self.word_at(at);
                    let found = slice(self.text, at.range()).to_owned();
                    let problem = SyntaxProblem::Expected { at, found, expected: vec!["`->`"] };
                    missing = Some(self.problems.refuse(problem));
                }
                Rule::comment if right => targets.comment(self.comment(&part)),
                Rule::comment => who.comment(self.comment(&part)),
                Rule::name if right => targets.push(Target::Role(self.name(&part))),
                Rule::identity | Rule::nameless => targets.push(Target::Identity(self.identity(part))),
                Rule::name | Rule::service_account => who.push(self.who(part)),
                _ => {}
            }
        }
        Statement::Mapping(Mapping { span, who: who.list, targets: missing.map_or(Ok(targets.list), Err) })
    }

    fn names(&mut self, pair: Pair<'s, Rule>) -> List<'s, Name<'s>> {
        let mut names = ListBuilder::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => names.push(self.name(&part)),
                Rule::comment => names.comment(self.comment(&part)),
                _ => {}
            }
        }
        names.list
    }

    fn passed_through(&mut self, pair: Pair<'s, Rule>, span: Span) -> PassedThrough<'s> {
        let mut path = None;
        let mut options = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::text | Rule::other_quotes | Rule::unclosed_text => path = Some(self.value(part)),
                Rule::options => options = Some(self.options(part)),
                _ => {}
            }
        }
        let path = path.unwrap_or_else(|| Value::Broken(span, self.unread(span)));
        PassedThrough { span, path, options }
    }

    fn allow(&mut self, pair: Pair<'s, Rule>, span: Span) -> Statement<'s> {
        let Binding { name, value } = self.binding(pair, span);
        Statement::Allow(Allow { span, code: name, reason: value })
    }

    fn who(&mut self, pair: Pair<'s, Rule>) -> Who<'s> {
        if pair.as_rule() != Rule::service_account {
            return Who::Controller(self.name(&pair));
        }
        let span = self.span(&pair);
        let mut names = pair.into_inner().filter(|part| part.as_rule() == Rule::name);
        let mut next = || names.next().map_or(Name { text: "", span }, |name| self.name(&name));
        let (namespace, name) = (next(), next());
        Who::ServiceAccount(ServiceAccount { span, namespace, name })
    }

    /// An identity, with or without its provider.
    fn identity(&mut self, pair: Pair<'s, Rule>) -> Identity<'s> {
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
                Rule::options => options = Some(self.options(part)),
                _ => {}
            }
        }
        let value = value.unwrap_or_else(|| Value::Broken(span, self.unread(span)));
        let provider = provider.ok_or_else(|| {
            let guess = match &value {
                Value::Text(text) => Provider::of_identity(text.raw).map(Provider::name),
                Value::Word(_) | Value::Broken(..) => None,
            };
            self.problems.refuse(SyntaxProblem::MissingProvider { at: value.span(), guess })
        });
        Identity { span, provider, value, options }
    }

    fn options(&mut self, pair: Pair<'s, Rule>) -> Options<'s> {
        let span = self.span(&pair);
        let mut open_comments = Vec::new();
        let mut list = ListBuilder::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::option => {
                    let at = self.span(&part);
                    list.push(self.binding(part, at));
                }
                Rule::last_comma => self.problems.push(SyntaxProblem::CommaAtEnd { at: self.span(&part) }),
                Rule::comment if list.list.items.is_empty() => open_comments.push(self.comment(&part)),
                Rule::comment => list.comment(self.comment(&part)),
                _ => {}
            }
        }
        Options { span, open_comments, list: list.list }
    }

    fn value(&mut self, pair: Pair<'s, Rule>) -> Value<'s> {
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::text => self.text(pair, span),
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
            let start = at.saturating_add(1);
            let at = span.part(&(start..start.saturating_add(character.len_utf8())));
            return Value::Broken(
                span,
                self.problems.refuse(SyntaxProblem::ForbiddenCharacter { at, character }),
            );
        }
        let mut holes = Vec::new();
        let mut stray_dollar = None;
        for part in pair.into_inner() {
            let at = self.span(&part);
            match part.as_rule() {
                Rule::hole => {
                    if let Some(name) = part.into_inner().next() {
                        holes.push(Hole { span: at, name: self.name(&name) });
                    }
                }
                Rule::stray_dollar => {
                    let rest = slice(self.text, at.end as usize..span.end as usize);
                    let name = recover::meant_by_dollar(rest).map(str::to_owned);
                    stray_dollar = Some(self.problems.refuse(SyntaxProblem::StrayDollar { at, name }));
                }
                _ => {}
            }
        }
        Value::Text(Text { span, raw, holes, stray_dollar })
    }

    fn comment(&self, pair: &Pair<'s, Rule>) -> Comment<'s> {
        Comment { text: pair.as_str().trim_end(), alone: self.begins_line(self.span(pair)) }
    }

    fn name(&self, pair: &Pair<'s, Rule>) -> Name<'s> {
        Name { text: pair.as_str(), span: self.span(pair) }
    }

    /// Refuses a part that the grammar promises and that is not there all the same.
    fn unread(&mut self, at: Span) -> Refused {
        self.problems.refuse(SyntaxProblem::Expected { at, found: String::new(), expected: Vec::new() })
    }

    fn no_block(&self) -> Block<'s> {
        let span = self.at(self.offset, self.offset);
        Block { span, on_one_line: true, open_comment: None, lines: Vec::new() }
    }

    /// The place of a pair.
    pub fn span(&self, pair: &Pair<'s, Rule>) -> Span {
        let span = pair.as_span();
        self.at(self.offset.saturating_add(span.start()), self.offset.saturating_add(span.end()))
    }

    /// The place of a pair without the blanks around it.
    pub fn trimmed(&self, pair: &Pair<'s, Rule>) -> Span {
        let span = self.span(pair);
        let text = pair.as_str();
        let start = text.len().saturating_sub(text.trim_start().len());
        span.part(&(start..text.trim_end().len()))
    }

    /// A range of bytes of the file.
    pub fn at(&self, start: usize, end: usize) -> Span {
        let byte = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span { file: self.file, start: byte(start), end: byte(end) }
    }

    /// The word at a place, or the place itself after the last thing that is seen before it.
    pub fn word_at(&self, place: Span) -> Span {
        let start = place.start as usize;
        let rest = self.rest_of_line(start);
        let word = recover::first_word(rest);
        if word.is_empty() {
            let seen = slice(self.text, 0..start).trim_end().len();
            self.at(seen, seen)
        } else {
            let blanks = rest.len().saturating_sub(rest.trim_start_matches([' ', '\t']).len());
            let start = start.saturating_add(blanks);
            self.at(start, start.saturating_add(word.len()))
        }
    }

    fn rest_of_line(&self, start: usize) -> &'s str {
        slice(self.text, start..self.text.len()).lines().next().unwrap_or_default()
    }

    /// Whether nothing but blanks stands before the place on its line.
    fn begins_line(&self, place: Span) -> bool {
        let before = slice(self.text, 0..place.start as usize).trim_end_matches([' ', '\t', '\u{FEFF}']);
        before.is_empty() || before.ends_with('\n')
    }

    /// Whether an empty line stands before the line of the place.
    fn blank_before(&self, place: Span) -> bool {
        let blank = [' ', '\t', '\r'];
        let before = slice(self.text, 0..place.start as usize).trim_end_matches(blank);
        before.strip_suffix('\n').is_some_and(|above| above.trim_end_matches(blank).ends_with('\n'))
    }
}

/// The name of the role, where `role` was forgotten before a name that gets an identity.
fn role_without_keyword<'s>(who: &List<'s, Who<'s>>, arrow: &str) -> Option<Name<'s>> {
    let mut who = who.nodes();
    match (who.next(), who.next()) {
        (Some(Who::Controller(name)), None) if matches!(arrow, "=" | ":") => {
            Some(*name).filter(|name| Controller::from_name(name.text).is_none())
        }
        _ => None,
    }
}

/// Text without the one quote at each of its ends.
fn without_quotes(text: &str) -> &str {
    let mut characters = text.chars();
    let _opening = characters.next();
    let inner = characters.as_str();
    inner.strip_suffix(|last: char| "“”„‟‘’«»″'".contains(last)).unwrap_or(inner)
}

/// Things with commas between them, as they come.
struct ListBuilder<'s, T> {
    list: List<'s, T>,
}

impl<'s, T> ListBuilder<'s, T> {
    fn new() -> ListBuilder<'s, T> {
        ListBuilder { list: List { items: Vec::new() } }
    }

    fn push(&mut self, node: T) {
        self.list.items.push(Listed { node, comments: Vec::new() });
    }

    fn comment(&mut self, comment: Comment<'s>) {
        if let Some(last) = self.list.items.last_mut() {
            last.comments.push(comment);
        }
    }
}
