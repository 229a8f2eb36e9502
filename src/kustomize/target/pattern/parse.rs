//! Text to the parts of an expression, as `regexp/syntax` of Go parses it with its flags of Perl.

mod escape;

use std::collections::BTreeMap;

use super::PatternFault;
use super::class::{Class, Item};
use super::node::{Assertion, Count, Kind, Node};
use super::unicode::Table;
use crate::model::Fault;

/// Source: `maxRepeat` of `regexp/syntax`.
const MAX_COUNT: u32 = 1000;
/// Ends of ranges and characters in one expression. Source: `maxRunes` of `regexp/syntax`: 128 MiB of 4 bytes each.
const MAX_POINTS: usize = (128 << 20) / 4;

type Result<T> = std::result::Result<T, Fault<PatternFault>>;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Flags {
    ignores_case: bool,
    multi_line: bool,
    dot_takes_line_break: bool,
}

struct Group {
    /// The alternatives before the last `|`.
    alternatives: Vec<Node>,
    /// The alternative after the last `|`.
    sequence: Vec<Node>,
    /// The flags behind the group.
    flags: Flags,
    captures: bool,
    begin: usize,
}

pub struct Parser<'t> {
    text: &'t str,
    at: usize,
    flags: Flags,
    open: Vec<Group>,
    group: Group,
    points: usize,
    tables: BTreeMap<String, Table>,
    /// Where the last `:]` begins.
    last_posix_end: usize,
}

/// Parses a whole expression.
pub fn parse(text: &str) -> Result<Node> {
    let mut parser = Parser {
        text,
        at: 0,
        flags: Flags::default(),
        open: Vec::new(),
        group: Group::new(Flags::default(), false, 0),
        points: 0,
        tables: BTreeMap::new(),
        last_posix_end: text.rfind(":]").unwrap_or_default(),
    };
    // Whether what was read last is a repetition.
    let mut repeats = false;
    while let Some(letter) = parser.peek() {
        repeats = parser.token(letter, repeats)?;
    }
    if !parser.open.is_empty() {
        let begin = parser.group.begin;
        return Err(Fault { kind: PatternFault::UnclosedGroup, at: begin..begin.saturating_add(1) });
    }
    let group = std::mem::replace(&mut parser.group, Group::new(Flags::default(), false, 0));
    group.finish().map_err(|kind| Fault { kind, at: 0..text.len() })
}

impl Group {
    const fn new(flags: Flags, captures: bool, begin: usize) -> Group {
        Group { alternatives: Vec::new(), sequence: Vec::new(), flags, captures, begin }
    }

    fn finish(mut self) -> std::result::Result<Node, PatternFault> {
        self.alternatives.push(Node::concat(self.sequence)?);
        let node = Node::alternate(self.alternatives)?;
        if self.captures { Node::capture(node) } else { Ok(node) }
    }
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at = self.at.saturating_add(letter.len_utf8());
        Some(letter)
    }

    /// Reads what comes next, if it is this.
    fn eat(&mut self, text: &str) -> bool {
        let is_next = self.rest().starts_with(text);
        if is_next {
            self.at = self.at.saturating_add(text.len());
        }
        is_next
    }

    /// The fault of what has been read since `begin`.
    const fn fault(&self, kind: PatternFault, begin: usize) -> Fault<PatternFault> {
        Fault { kind, at: begin..self.at }
    }

    /// Reads a token; `repeats`: whether the last one was a repetition. Returns whether this one is.
    fn token(&mut self, letter: char, repeats: bool) -> Result<bool> {
        let begin = self.at;
        match letter {
            '(' if self.rest().starts_with("(?") => self.flags_or_group()?,
            '(' => {
                self.next();
                self.open_group(self.flags, true, begin);
            }
            '|' => {
                self.next();
                let sequence = std::mem::take(&mut self.group.sequence);
                let node = Node::concat(sequence).map_err(|kind| self.fault(kind, self.group.begin))?;
                self.group.alternatives.push(node);
            }
            ')' => self.close_group()?,
            '^' if self.flags.multi_line => self.assertion(1, Assertion::BeginLine),
            '^' => self.assertion(1, Assertion::BeginText),
            '$' if self.flags.multi_line => self.assertion(1, Assertion::EndLine),
            '$' => self.assertion(1, Assertion::EndText),
            '.' => {
                self.next();
                self.push(Node::leaf(Kind::Any { line_break: self.flags.dot_takes_line_break }), 2)?;
            }
            '[' => self.class()?,
            '*' | '+' | '?' => {
                self.next();
                let (least, most) = (u32::from(letter == '+'), (letter == '?').then_some(1));
                self.repeat(Count { least, most, is_counted: false }, begin, repeats)?;
                return Ok(true);
            }
            '{' => match self.count()? {
                Some(count) => {
                    self.repeat(count, begin, repeats)?;
                    return Ok(true);
                }
                None => self.literal('{', 1)?,
            },
            '\\' => self.backslash()?,
            _ => self.literal(letter, letter.len_utf8())?,
        }
        Ok(false)
    }

    fn push(&mut self, node: Node, points: usize) -> Result<()> {
        self.points = self.points.saturating_add(points);
        if self.points > MAX_POINTS {
            return Err(Fault { kind: PatternFault::TooLarge, at: 0..self.text.len() });
        }
        self.group.sequence.push(node);
        Ok(())
    }

    fn literal(&mut self, letter: char, length: usize) -> Result<()> {
        self.at = self.at.saturating_add(length);
        self.point(u32::from(letter))
    }

    fn point(&mut self, point: u32) -> Result<()> {
        let kind = Kind::Literal { points: [point].into(), ignores_case: self.flags.ignores_case };
        self.push(Node::leaf(kind), 1)
    }

    fn assertion(&mut self, length: usize, assertion: Assertion) {
        self.at = self.at.saturating_add(length);
        self.group.sequence.push(Node::leaf(Kind::Assertion(assertion)));
    }

    /// `flags`: those behind the group.
    fn open_group(&mut self, flags: Flags, captures: bool, begin: usize) {
        let outer = std::mem::replace(&mut self.group, Group::new(flags, captures, begin));
        self.open.push(outer);
    }

    fn close_group(&mut self) -> Result<()> {
        let begin = self.at;
        self.next();
        let Some(outer) = self.open.pop() else {
            return Err(self.fault(PatternFault::UnopenedGroup, begin));
        };
        let group = std::mem::replace(&mut self.group, outer);
        let (flags, begin) = (group.flags, group.begin);
        let node = group.finish().map_err(|kind| self.fault(kind, begin))?;
        self.flags = flags;
        self.push(node, 0)
    }

    /// Repeats what stands before the operator, which has been read except for the `?` that makes it reluctant.
    fn repeat(&mut self, count: Count, begin: usize, repeats: bool) -> Result<()> {
        self.eat("?");
        if repeats {
            return Err(self.fault(PatternFault::RepeatedRepetition, begin));
        }
        let Some(node) = self.group.sequence.pop() else {
            return Err(self.fault(PatternFault::NothingToRepeat, begin));
        };
        let node = Node::repeat(node, count).map_err(|kind| self.fault(kind, begin))?;
        self.group.sequence.push(node);
        Ok(())
    }

    /// Reads `{2}`, `{2,}` or `{2,5}`; nothing if the brace is a character.
    fn count(&mut self) -> Result<Option<Count>> {
        let begin = self.at;
        let number = |text: &str| {
            let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty();
            let has_zero = text.len() > 1 && text.starts_with('0');
            (is_plain && !has_zero).then(|| text.parse::<u32>().unwrap_or(u32::MAX))
        };
        let inside = self.rest().get(1..).unwrap_or_default();
        let digits = inside.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b',').count();
        let Some((inside, rest)) = inside.split_at_checked(digits) else { return Ok(None) };
        if !rest.starts_with('}') {
            return Ok(None);
        }
        let (least, most) = match inside.split_once(',') {
            None => (number(inside), number(inside).map(Some)),
            Some((least, "")) => (number(least), Some(None)),
            Some((least, most)) => (number(least), number(most).map(Some)),
        };
        let (Some(least), Some(most)) = (least, most) else { return Ok(None) };
        self.at = self.at.saturating_add(digits).saturating_add(2);
        if least > MAX_COUNT || most.is_some_and(|most| most > MAX_COUNT) {
            return Err(self.fault(PatternFault::Count, begin));
        }
        if most.is_some_and(|most| most < least) {
            return Err(self.fault(PatternFault::CountOrder, begin));
        }
        Ok(Some(Count { least, most, is_counted: true }))
    }

    /// Reads what begins with `(?`: a group with a name, one with flags, or flags for what follows.
    fn flags_or_group(&mut self) -> Result<()> {
        let (begin, outer) = (self.at, self.flags);
        if self.eat("(?P<") || self.eat("(?<") {
            return self.named_group(begin);
        }
        self.eat("(?");
        let (mut flags, mut clears, mut has_flag) = (outer, false, false);
        while let Some(letter) = self.next() {
            match letter {
                'i' => flags.ignores_case = !clears,
                'm' => flags.multi_line = !clears,
                's' => flags.dot_takes_line_break = !clears,
                'U' => {}
                '-' if !clears => (clears, has_flag) = (true, false),
                ':' | ')' if !clears || has_flag => {
                    self.flags = flags;
                    if letter == ':' {
                        self.open_group(outer, false, begin);
                    }
                    return Ok(());
                }
                '=' | '!' if self.at == begin.saturating_add(3) => {
                    return Err(self.fault(PatternFault::LookAround, begin));
                }
                _ => break,
            }
            has_flag = has_flag || letter != '-';
        }
        Err(self.fault(PatternFault::Flags, begin))
    }

    fn named_group(&mut self, begin: usize) -> Result<()> {
        let name = self.rest().split_once('>').map(|(name, _)| name);
        let is_name = |name: &&str| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        let Some(name) = name.filter(is_name) else {
            let looks_behind = self.rest().starts_with(['=', '!']);
            self.at = self.at.saturating_add(usize::from(looks_behind));
            let kind = if looks_behind { PatternFault::LookAround } else { PatternFault::GroupName };
            return Err(self.fault(kind, begin));
        };
        self.at = self.at.saturating_add(name.len()).saturating_add(1);
        self.open_group(self.flags, true, begin);
        Ok(())
    }

    fn backslash(&mut self) -> Result<()> {
        let mut letters = self.rest().chars().skip(1);
        let letter = letters.next();
        match letter {
            Some('A') => self.assertion(2, Assertion::BeginText),
            Some('b') => self.assertion(2, Assertion::WordBoundary),
            Some('B') => self.assertion(2, Assertion::NoWordBoundary),
            Some('z') => self.assertion(2, Assertion::EndText),
            Some('Q') => {
                self.eat("\\Q");
                let rest = self.rest();
                let (literal, rest) = rest.split_once("\\E").unwrap_or((rest, ""));
                self.at = self.text.len().saturating_sub(rest.len());
                for letter in literal.chars() {
                    self.point(u32::from(letter))?;
                }
            }
            _ => {
                let Some(item) = self.named_class()? else {
                    let point = self.escape()?;
                    return self.point(point);
                };
                let class =
                    Class { is_negated: false, ignores_case: self.flags.ignores_case, items: vec![item] };
                let ends = class.ends();
                self.push(Node::class(class), ends)?;
            }
        }
        Ok(())
    }

    /// Parses a bracket expression.
    fn class(&mut self) -> Result<()> {
        let begin = self.at;
        self.eat("[");
        let is_negated = self.eat("^");
        let mut items = Vec::new();
        let mut is_first = true;
        while is_first || !self.rest().starts_with(']') {
            is_first = false;
            if let Some(item) = self.posix_class()? {
                items.push(item);
                continue;
            }
            if let Some(item) = self.named_class()? {
                items.push(item);
                continue;
            }
            let from = self.at;
            let first = self.class_point(begin)?;
            let mut last = first;
            if self.rest().starts_with('-') && !self.rest().starts_with("-]") && self.rest().len() > 1 {
                self.eat("-");
                last = self.class_point(begin)?;
                if last < first {
                    return Err(self.fault(PatternFault::ClassRange, from));
                }
            }
            items.push(Item::Range(first, last));
        }
        self.eat("]");
        let class = Class { is_negated, ignores_case: self.flags.ignores_case, items };
        let ends = class.ends();
        self.push(Node::class(class), ends)
    }

    fn class_point(&mut self, begin: usize) -> Result<u32> {
        if self.rest().starts_with('\\') {
            return self.escape();
        }
        let unclosed = |parser: &Parser<'_>| parser.fault(PatternFault::UnclosedClass, begin);
        self.next().map(u32::from).ok_or_else(|| unclosed(self))
    }
}
