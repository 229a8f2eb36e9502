//! Escapes of characters and classes.

use super::{Parser, Result};
use crate::kustomize::target::pattern::PatternFault;
use crate::kustomize::target::pattern::class::{self, Item};
use crate::kustomize::target::pattern::unicode::{self, Table};

impl Parser<'_> {
    /// Reads `[:alpha:]`; nothing if the bracket is a character.
    pub(super) fn posix_class(&mut self) -> Result<Option<Item>> {
        let begin = self.at;
        let has_end = begin < self.last_posix_end;
        let inside = self.rest().strip_prefix("[:").filter(|_| has_end);
        let Some((name, _)) = inside.and_then(|rest| rest.split_once(":]")) else { return Ok(None) };
        self.at = self.at.saturating_add(name.len()).saturating_add(4);
        let (is_negated, name) = name.strip_prefix('^').map_or((false, name), |name| (true, name));
        let table = self.table(name, class::ascii).filter(|_| !name.contains(' '));
        let unknown = || self.fault(PatternFault::ClassName, begin);
        table.map(|table| Some(Item::Table { table, is_negated })).ok_or_else(unknown)
    }

    /// Reads `\d`, `\pL` or `\p{Greek}`; nothing if it is another escape, or none.
    pub(super) fn named_class(&mut self) -> Result<Option<Item>> {
        let begin = self.at;
        let Some(escaped) = self.rest().strip_prefix('\\') else { return Ok(None) };
        let mut letters = escaped.chars();
        let Some(letter) = letters.next() else { return Ok(None) };
        if let Some((name, is_negated)) = class::of_letter(letter) {
            self.at = self.at.saturating_add(2);
            return Ok(self.table(name, class::ascii).map(|table| Item::Table { table, is_negated }));
        }
        if !matches!(letter, 'p' | 'P') {
            return Ok(None);
        }
        let rest = letters.as_str();
        let name = if let Some(rest) = rest.strip_prefix('{') {
            rest.split_once('}').map(|(name, _)| (name, name.len().saturating_add(4)))
        } else {
            let length = rest.chars().next().map_or(0, char::len_utf8);
            rest.get(..length).map(|name| (name, length.saturating_add(2)))
        };
        let (name, length) = name.unwrap_or(("", escaped.len().saturating_add(1)));
        self.at = self.at.saturating_add(length);
        let (is_negated, name) = name.strip_prefix('^').map_or((false, name), |name| (true, name));
        let table = self.table(&format!("\\p{name}"), |key| unicode::table(key.get(2..)?));
        let table = table.ok_or_else(|| self.fault(PatternFault::UnicodeName, begin))?;
        Ok(Some(Item::Table { table, is_negated: is_negated != (letter == 'P') }))
    }

    /// The table of a name; each is made once for an expression.
    fn table(&mut self, name: &str, make: impl Fn(&str) -> Option<Table>) -> Option<Table> {
        if let Some(table) = self.tables.get(name) {
            return Some(Table::clone(table));
        }
        let table = make(name)?;
        self.tables.insert(name.to_owned(), Table::clone(&table));
        Some(table)
    }

    /// Reads an escape that is one character.
    pub(super) fn escape(&mut self) -> Result<u32> {
        let begin = self.at;
        self.next();
        let Some(letter) = self.next() else {
            return Err(self.fault(PatternFault::TrailingBackslash, begin));
        };
        let octal = |letter: Option<char>| letter.and_then(|letter| letter.to_digit(8));
        let point = match letter {
            '1'..='7' if octal(self.peek()).is_none() => {
                return Err(self.fault(PatternFault::Backreference, begin));
            }
            '0'..='7' => {
                let mut point = octal(Some(letter)).unwrap_or_default();
                for _ in 0..2 {
                    let Some(digit) = octal(self.peek()) else { break };
                    self.next();
                    point = point.saturating_mul(8).saturating_add(digit);
                }
                Some(point)
            }
            'x' => self.hexadecimal(),
            'a' => Some(0x07),
            'f' => Some(0x0c),
            'n' => Some(0x0a),
            'r' => Some(0x0d),
            't' => Some(0x09),
            'v' => Some(0x0b),
            _ => (letter.is_ascii() && !letter.is_ascii_alphanumeric()).then_some(u32::from(letter)),
        };
        point.ok_or_else(|| self.fault(PatternFault::Escape, begin))
    }

    /// Reads two digits, or any number of them in braces.
    fn hexadecimal(&mut self) -> Option<u32> {
        let mut point = 0_u32;
        if !self.eat("{") {
            for _ in 0..2 {
                point = point.saturating_mul(16).saturating_add(self.next()?.to_digit(16)?);
            }
            return Some(point);
        }
        let begin = self.at;
        while !self.rest().starts_with('}') {
            point = point.saturating_mul(16).saturating_add(self.next()?.to_digit(16)?);
            if point > u32::from(char::MAX) {
                return None;
            }
        }
        self.eat("}");
        (self.at > begin.saturating_add(1)).then_some(point)
    }
}
