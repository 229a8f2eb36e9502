//! Selectors of labels and annotations.
//!
//! Sources: `kyaml/yaml/internal/k8sgen/pkg/labels/selector.go` and `pkg/util/validation/validation.go` beside it of
//! kubernetes-sigs/kustomize. kustomize reads both selectors with it, and parses one only for an object that the other
//! fields of the target match.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::model::Fault;
use crate::model::kubernetes::DnsSubdomain;

/// The most characters of a value, and of a key behind its `/`.
const MAX_NAME: usize = 63;

/// What the labels or the annotations of an object must be: all of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelSelector(Vec<Requirement>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: String,
    condition: Condition,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Condition {
    Exists,
    Absent,
    In(BTreeSet<String>),
    /// Absent, or none of these.
    NotIn(BTreeSet<String>),
    Greater(i64),
    Less(i64),
}

/// Why kustomize refuses a selector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectorFault {
    /// Another token is expected.
    Expected(&'static str),
    /// The part of a key before its `/` is no DNS subdomain.
    Prefix,
    /// A key, or its part behind `/`, is no name.
    Key,
    /// No value of a label.
    Value,
    /// More than 63 characters in a key or a value.
    TooLong,
    /// `<` and `>` compare integers that fit into 64 bits, without a sign.
    Integer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'t> {
    Word(&'t str),
    Not,
    Equals,
    DoubleEquals,
    NotEquals,
    Greater,
    Less,
    Open,
    Close,
    Comma,
    End,
}

struct Parser<'t> {
    text: &'t str,
    /// The next token and its location.
    token: Token<'t>,
    place: Range<usize>,
    /// Where the token before it ends.
    end: usize,
}

type Result<T> = std::result::Result<T, Fault<SelectorFault>>;

impl LabelSelector {
    /// Parses a selector; one without a requirement selects everything.
    ///
    /// # Errors
    /// What kustomize refuses, and where.
    pub fn parse(text: &str) -> Result<LabelSelector> {
        let mut parser = Parser { text, token: Token::Comma, place: 0..0, end: 0 };
        let mut requirements = Vec::new();
        parser.advance();
        if parser.token == Token::End {
            return Ok(LabelSelector(requirements));
        }
        loop {
            requirements.push(parser.requirement()?);
            match parser.advance() {
                (Token::End, _) => return Ok(LabelSelector(requirements)),
                (Token::Comma, _) => {}
                (_, place) => {
                    return Err(Fault { kind: SelectorFault::Expected("`,` or the end"), at: place });
                }
            }
        }
    }

    /// True if it has no requirement.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True if labels satisfy it. `value`: the value of a key, if an object has it.
    pub fn matches<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> bool {
        self.0.iter().all(|requirement| requirement.condition.holds(value(&requirement.key)))
    }
}

impl Condition {
    fn holds(&self, value: Option<&str>) -> bool {
        let compares =
            |is_right: &dyn Fn(i64) -> bool| value.and_then(|value| value.parse().ok()).is_some_and(is_right);
        match self {
            Condition::Exists => value.is_some(),
            Condition::Absent => value.is_none(),
            Condition::In(values) => value.is_some_and(|value| values.contains(value)),
            Condition::NotIn(values) => value.is_none_or(|value| !values.contains(value)),
            Condition::Greater(than) => compares(&|value| value > *than),
            Condition::Less(than) => compares(&|value| value < *than),
        }
    }
}

impl<'t> Parser<'t> {
    /// Goes to the next token and returns the one before it.
    fn advance(&mut self) -> (Token<'t>, Range<usize>) {
        let was = (self.token, self.place.clone());
        self.end = self.place.end;
        let rest = self.text.get(self.end..).unwrap_or_default();
        let trimmed = rest.trim_start_matches(is_blank);
        let begin = self.text.len().saturating_sub(trimmed.len());
        let symbols = [
            ("!=", Token::NotEquals),
            ("!", Token::Not),
            ("==", Token::DoubleEquals),
            ("=", Token::Equals),
            (">", Token::Greater),
            ("<", Token::Less),
            ("(", Token::Open),
            (")", Token::Close),
            (",", Token::Comma),
        ];
        let symbol = symbols.into_iter().find(|(symbol, _)| trimmed.starts_with(symbol));
        let (token, length) = symbol.map_or_else(
            || {
                let length = trimmed.find(|letter| is_blank(letter) || "=!(),><".contains(letter));
                let word = trimmed.get(..length.unwrap_or(trimmed.len())).unwrap_or_default();
                (if word.is_empty() { Token::End } else { Token::Word(word) }, word.len())
            },
            |(symbol, token)| (token, symbol.len()),
        );
        (self.token, self.place) = (token, begin..begin.saturating_add(length));
        was
    }

    /// What is wrong with the token that comes next.
    fn expected<T>(&self, what: &'static str) -> Result<T> {
        let at =
            if self.token == Token::End { self.end.saturating_sub(1)..self.end } else { self.place.clone() };
        Err(Fault { kind: SelectorFault::Expected(what), at })
    }

    fn requirement(&mut self) -> Result<Requirement> {
        let is_absent = self.token == Token::Not;
        if is_absent {
            self.advance();
        }
        let Token::Word(key) = self.token else { return self.expected("a key") };
        is_key(key, &self.place)?;
        self.advance();
        let key = key.to_owned();
        if is_absent {
            return Ok(Requirement { key, condition: Condition::Absent });
        }
        let condition = match self.token {
            Token::End | Token::Comma => Condition::Exists,
            Token::Word("in") => Condition::In(self.values()?),
            Token::Word("notin") => Condition::NotIn(self.values()?),
            Token::Equals | Token::DoubleEquals => Condition::In([self.value()?.0.to_owned()].into()),
            Token::NotEquals => Condition::NotIn([self.value()?.0.to_owned()].into()),
            Token::Greater => Condition::Greater(self.integer()?),
            Token::Less => Condition::Less(self.integer()?),
            Token::Word(_) | Token::Not | Token::Open | Token::Close => {
                return self.expected("`=`, `!=`, `in`, `notin`, `<`, `>` or `,`");
            }
        };
        Ok(Requirement { key, condition })
    }

    /// Reads an operator and its value, which may be empty.
    fn value(&mut self) -> Result<(&'t str, Range<usize>)> {
        let (_, operator) = self.advance();
        match self.token {
            Token::End | Token::Comma => Ok(("", operator)),
            Token::Word(value) => {
                is_value(value, &self.place)?;
                Ok((value, self.advance().1))
            }
            Token::Not
            | Token::Equals
            | Token::DoubleEquals
            | Token::NotEquals
            | Token::Greater
            | Token::Less
            | Token::Open
            | Token::Close => self.expected("a value"),
        }
    }

    fn integer(&mut self) -> Result<i64> {
        let operator = self.place.clone();
        let (value, at) = self.value().map_err(|fault| {
            let is_value = matches!(fault.kind, SelectorFault::Value | SelectorFault::TooLong);
            if is_value { Fault { kind: SelectorFault::Integer, ..fault } } else { fault }
        })?;
        let at = if value.is_empty() { operator } else { at };
        value.parse().map_err(|_| Fault { kind: SelectorFault::Integer, at })
    }

    /// Parses `in` or `notin` and its list, which may contain empty values.
    fn values(&mut self) -> Result<BTreeSet<String>> {
        self.advance();
        if self.token != Token::Open {
            return self.expected("`(`");
        }
        self.advance();
        let mut values = BTreeSet::new();
        if self.token == Token::Close {
            values.insert(String::new());
        }
        while self.token != Token::Close {
            self.value_of_list(&mut values)?;
        }
        self.advance();
        Ok(values)
    }

    /// Reads a value, or one or two commas with empty values beside them. kustomize takes commas by twos, so that it
    /// refuses an even number of them before `)`.
    fn value_of_list(&mut self, values: &mut BTreeSet<String>) -> Result<()> {
        if let Token::Word(value) = self.token {
            is_value(value, &self.place)?;
            values.insert(value.to_owned());
            self.advance();
            let goes_on = matches!(self.token, Token::Comma | Token::Close);
            return if goes_on { Ok(()) } else { self.expected("`,` or `)`") };
        }
        if self.token != Token::Comma {
            return self.expected("a value, `,` or `)`");
        }
        self.advance();
        if values.is_empty() || matches!(self.token, Token::Comma | Token::Close) {
            values.insert(String::new());
        }
        if self.token == Token::Comma {
            self.advance();
            if self.token == Token::Close {
                return self.expected("a value");
            }
        }
        Ok(())
    }
}

const fn is_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\r' | '\n')
}

/// Source: `IsQualifiedName`.
fn is_key(text: &str, place: &Range<usize>) -> Result<()> {
    let name = match text.split_once('/') {
        Some((prefix, name)) => {
            if DnsSubdomain::parse(prefix).is_err() {
                let end = place.start.saturating_add(prefix.len().max(1));
                return Err(Fault { kind: SelectorFault::Prefix, at: place.start..end });
            }
            name
        }
        None => text,
    };
    let kind = if name.len() > MAX_NAME { SelectorFault::TooLong } else { SelectorFault::Key };
    if name.len() <= MAX_NAME && is_name(name) { Ok(()) } else { Err(Fault { kind, at: place.clone() }) }
}

/// Source: `IsValidLabelValue`.
fn is_value(text: &str, place: &Range<usize>) -> Result<()> {
    let kind = if text.len() > MAX_NAME { SelectorFault::TooLong } else { SelectorFault::Value };
    if text.len() <= MAX_NAME && is_name(text) { Ok(()) } else { Err(Fault { kind, at: place.clone() }) }
}

/// Letters, digits, `-`, `_` and `.`, a letter or a digit at both ends.
fn is_name(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let is_edge = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    text.bytes().all(is_inner) && is_edge(text.bytes().next()) && is_edge(text.bytes().next_back())
}
