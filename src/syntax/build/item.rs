//! Files, items and blocks.

#![expect(clippy::wildcard_enum_match_arm, reason = "of all rules only a few can stand within another")]

use pest::iterators::{Pair, Pairs};

use crate::problem::{ForeignProblem, NameProblem, SyntaxProblem};
use crate::source::slice;
use crate::span::Span;
use crate::syntax::builder::{Builder, first_word};
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{
    Block, Broken, BrokenBlock, Cluster, Comment, Isolate, Item, Line, List, Name, On, Profile, Require,
    Statement, Text, Value,
};
use crate::syntax::{foreign, recover};

impl<'s> Builder<'s, '_> {
    /// Builds the lines of a file, or of a piece of one.
    pub fn file(&mut self, mut pairs: Pairs<'s, Rule>, lines: &mut Vec<Line<'s, Item<'s>>>) {
        let Some(parts) = pairs.next().map(Pair::into_inner) else { return };
        for pair in parts {
            let span = self.span(&pair);
            let blank_before = self.blank_before(span);
            let (node, comment) = match pair.as_rule() {
                Rule::EOI => continue,
                Rule::line_comment
                | Rule::lisp_comment
                | Rule::block_comment
                | Rule::our_side
                | Rule::their_side => {
                    self.foreign(&pair);
                    continue;
                }
                Rule::comment | Rule::junk | Rule::missing_line_break => {
                    self.line_end(&pair, lines);
                    continue;
                }
                Rule::stray_close => {
                    self.problems.report(SyntaxProblem::StrayClose { at: span });
                    continue;
                }
                Rule::cluster => self.cluster(pair),
                Rule::profile => self.profile(pair),
                Rule::on_block => {
                    let (on, comment) = self.on_block(pair);
                    (Item::Statement(on), comment)
                }
                Rule::broken_block | Rule::braceless_block => self.broken_block(pair),
                Rule::include => self.path(pair, Item::Include),
                Rule::require => self.require(pair, span),
                Rule::isolate => self.isolate(pair, span),
                Rule::values => self.path(pair, Item::Values),
                rule => {
                    let outside = matches!(
                        rule,
                        Rule::broken_line | Rule::broken_nest | Rule::nested_line | Rule::broken_list
                    );
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
                self.problems.report(SyntaxProblem::TextAfterStatement { at: self.word_at(span) });
            }
            _ => recover::report_junk(self, pair),
        }
    }

    fn cluster(&mut self, pair: Pair<'s, Rule>) -> (Item<'s>, Option<Comment<'s>>) {
        let parts = pair.into_inner();
        // Beside the names and the commas between them there are `on`, the platform and the block.
        let mut names = List::new();
        let mut platform = None;
        let mut on = false;
        let mut block = None;
        for part in parts {
            match part.as_rule() {
                Rule::name if on => platform = Some(self.name(&part)),
                Rule::name => names.push(self.name(&part)),
                Rule::comment => names.push_comment(self.comment(&part)),
                Rule::kw_on => on = true,
                Rule::block => block = Some(self.block(part)),
                _ => {}
            }
        }
        let (block, comment) = block.unwrap_or_else(|| (self.no_block(), None));
        let platform = platform.unwrap_or(Name { text: "", span: block.span });
        (Item::Cluster(Cluster { names, platform, block }), comment)
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

    fn on_block(&mut self, pair: Pair<'s, Rule>) -> (Statement<'s>, Option<Comment<'s>>) {
        let mut span = self.span(&pair);
        let mut platforms = List::new();
        let mut block = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_on => span = self.span(&part),
                Rule::name => platforms.push(self.name(&part)),
                Rule::comment => platforms.push_comment(self.comment(&part)),
                Rule::on_body => block = Some(self.block(part)),
                _ => {}
            }
        }
        let (block, comment) = block.unwrap_or_else(|| (self.no_block(), None));
        (Statement::On(On { span, platforms, block }), comment)
    }

    fn broken_block(&mut self, pair: Pair<'s, Rule>) -> (Item<'s>, Option<Comment<'s>>) {
        let mut head = None;
        let mut block = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::broken_head | Rule::braceless_head => head = Some(part),
                Rule::block | Rule::braceless_body => block = Some(self.block(part)),
                _ => {}
            }
        }
        let (block, comment) = block.unwrap_or_else(|| (self.no_block(), None));
        let (span, (declares, incomplete)) = match &head {
            Some(head) if first_word(head.as_str()) == "on" => {
                let span = self.trimmed(head);
                let (refused, declares) = recover::report_line(self, head, true);
                return (Item::Statement(Statement::Broken(Broken { span, refused, declares })), comment);
            }
            Some(head) => (self.trimmed(head), recover::report_header(self, head)),
            None => (block.span, (None, None)),
        };
        (Item::Broken(BrokenBlock { span, incomplete, declares, block }), comment)
    }

    /// An item that is a keyword and a path.
    fn path(
        &mut self,
        pair: Pair<'s, Rule>,
        item: fn(Text<'s>) -> Item<'s>,
    ) -> (Item<'s>, Option<Comment<'s>>) {
        let span = self.span(&pair);
        let value = self.binding(pair, span).value;
        let (span, refused) = match value {
            Value::Text(text) => return (item(text), None),
            Value::Broken(span, refused) => (span, refused),
            Value::Word(Name { span, .. }) => (span, self.unread(span)),
        };
        (Item::Statement(Statement::Broken(Broken { span, refused, declares: None })), None)
    }

    fn require(&mut self, pair: Pair<'s, Rule>, span: Span) -> (Item<'s>, Option<Comment<'s>>) {
        let parts = pair.into_inner();
        let mut who = List::new();
        let mut platform = None;
        let mut on = false;
        for part in parts {
            match part.as_rule() {
                Rule::name if on => platform = Some(self.name(&part)),
                Rule::name | Rule::service_account => who.push(self.who(part)),
                Rule::if_installed => {
                    let at = self.span(&part);
                    let (statement, here) = ("?", "in `require`");
                    let belongs = "a mapping, which fulfils the requirement also where it is not installed";
                    self.problems.report(NameProblem::Misplaced { at, statement, here, belongs });
                }
                Rule::comment => who.push_comment(self.comment(&part)),
                Rule::kw_on => on = true,
                _ => {}
            }
        }
        (Item::Require(Require { span, who, platform }), None)
    }

    fn isolate(&mut self, pair: Pair<'s, Rule>, span: Span) -> (Item<'s>, Option<Comment<'s>>) {
        let mut names = pair.into_inner().filter(|part| part.as_rule() == Rule::name);
        let mut next = || names.next().map_or(Name { text: "", span }, |name| self.name(&name));
        let (role, variable) = (next(), next());
        (Item::Isolate(Isolate { span, role, variable }), None)
    }

    /// The statements in braces, and the comment after the closing one.
    fn block(&mut self, pair: Pair<'s, Rule>) -> (Block<'s>, Option<Comment<'s>>) {
        let mut span = self.span(&pair);
        let mut open = span;
        let mut open_comment = None;
        let parts = pair.into_inner();
        // All parts but the braces are lines, or comments at their ends.
        let mut lines = Vec::new();
        let mut closed = false;
        // The comment after the closing brace stands on the brace's own line; it is the item's.
        let mut comment = None;
        for part in parts {
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
                    self.problems.report(SyntaxProblem::BraceOnNextLine { at: brace });
                }
                Rule::close => {
                    closed = true;
                    span.end = at.end;
                }
                Rule::missing_close => {
                    span.end = at.end;
                    self.problems.report(SyntaxProblem::UnclosedBlock { at: open, end: self.word_at(at) });
                }
                Rule::comment if closed => comment = Some(self.comment(&part)),
                Rule::comment if lines.is_empty() && open_comment.is_none() && !self.begins_line(at) => {
                    open_comment = Some(self.comment(&part));
                }
                Rule::comment | Rule::junk | Rule::missing_line_break => self.line_end(&part, &mut lines),
                Rule::misplaced => self.misplaced(part, &mut lines),
                Rule::line_comment
                | Rule::lisp_comment
                | Rule::block_comment
                | Rule::our_side
                | Rule::their_side => self.foreign(&part),
                Rule::on_block => {
                    let blank_before = self.blank_before(at);
                    let (node, comment) = self.on_block(part);
                    lines.push(Line { blank_before, node: Some(node), comment });
                }
                Rule::broken_line | Rule::broken_nest | Rule::nested_line | Rule::broken_list => {
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
        // A fleet has a block for each cluster, and most say little.
        (Block { span, on_one_line, open_comment, lines }, comment)
    }

    /// Reports a comment of another language, or a conflict of git: the latter once.
    fn foreign(&mut self, pair: &Pair<'s, Rule>) {
        let (text, at) = (pair.as_str(), self.trimmed(pair));
        let was_in_conflict = std::mem::replace(&mut self.in_conflict, pair.as_rule() == Rule::our_side);
        let problem = match pair.as_rule() {
            Rule::block_comment => foreign::block_comment(text, at),
            Rule::our_side => ForeignProblem::MergeConflict { at },
            Rule::their_side if was_in_conflict => return,
            Rule::their_side => {
                let end = text.lines().next().unwrap_or_default().trim_end().len();
                ForeignProblem::MergeConflict { at: at.part(&(0..end)) }
            }
            _ => {
                self.in_conflict = was_in_conflict;
                foreign::line_comment(text, at)
            }
        };
        self.problems.report(problem);
    }

    fn misplaced(&mut self, pair: Pair<'s, Rule>, lines: &mut Vec<Line<'s, Statement<'s>>>) {
        for item in pair.into_inner() {
            let span = self.span(&item);
            let statement = match item.as_rule() {
                Rule::include => "include",
                Rule::require => "require",
                Rule::values => "values",
                _ => "isolate",
            };
            let at = span.part(&(0..statement.len()));
            let (here, belongs) = ("in a block", "the file itself, outside of all blocks");
            let refused = self.problems.refuse(NameProblem::Misplaced { at, statement, here, belongs });
            let node = Some(Statement::Broken(Broken { span, refused, declares: None }));
            lines.push(Line { blank_before: self.blank_before(span), node, comment: None });
        }
    }
}
