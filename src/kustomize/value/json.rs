//! JSON: a patch that begins with `[` is JSON for kustomize, and nothing else.

use crate::kustomize::value::{Scalar, Tag, Value};

/// How deep values may be within values.
const MAX_DEPTH: usize = 64;

/// Parses a text of JSON; nothing if it is none. Numbers keep their text.
pub(crate) fn read_json(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text };
    let value = reader.value(0)?;
    reader.skip_blanks();
    reader.rest.is_empty().then_some(value)
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Value> {
        self.skip_blanks();
        if depth > MAX_DEPTH {
            return None;
        }
        match self.rest.chars().next()? {
            '{' => self.map(depth),
            '[' => self.list(depth),
            '"' => self.string().map(Value::string),
            't' => self.word("true", Tag::Bool),
            'f' => self.word("false", Tag::Bool),
            'n' => self.word("null", Tag::Null),
            _ => self.number(),
        }
    }

    fn map(&mut self, depth: usize) -> Option<Value> {
        self.sign('{')?;
        let mut map = Value::Map(Vec::new());
        if self.sign('}').is_some() {
            return Some(map);
        }
        loop {
            self.skip_blanks();
            let key = self.string()?;
            self.sign(':')?;
            map.set(&key, self.value(depth.saturating_add(1))?);
            if self.sign(',').is_none() {
                return self.sign('}').map(|()| map);
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        self.sign('[')?;
        let mut items = Vec::new();
        if self.sign(']').is_some() {
            return Some(Value::List(items));
        }
        loop {
            items.push(self.value(depth.saturating_add(1))?);
            if self.sign(',').is_none() {
                return self.sign(']').map(|()| Value::List(items));
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        let mut letters = self.rest.strip_prefix('"')?.char_indices();
        let mut text = String::new();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.rest = self.rest.get(at.saturating_add(2)..)?;
                    return Some(text);
                }
                '\\' => text.push(match letters.next()?.1 {
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => escaped(&mut letters)?,
                    other @ ('"' | '\\' | '/') => other,
                    _ => return None,
                }),
                control if control < ' ' => return None,
                letter => text.push(letter),
            }
        }
        None
    }

    fn word(&mut self, word: &str, tag: Tag) -> Option<Value> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(Value::Scalar(Scalar::new(word, tag)))
    }

    fn number(&mut self) -> Option<Value> {
        let is_part = |letter: char| letter.is_ascii_digit() || "+-.eE".contains(letter);
        let end = self.rest.find(|letter| !is_part(letter)).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_number = digits.starts_with(|first: char| first.is_ascii_digit())
            && (digits == "0"
                || !digits.starts_with('0')
                || digits.get(1..2).is_some_and(|next| !next.bytes().all(|byte| byte.is_ascii_digit())))
            && !digits.ends_with('.')
            && text.parse::<f64>().is_ok();
        self.rest = rest;
        let tag = if digits.bytes().all(|byte| byte.is_ascii_digit()) { Tag::Int } else { Tag::Float };
        is_number.then(|| Value::Scalar(Scalar::new(text, tag)))
    }

    /// Takes a sign, with the blanks before it.
    fn sign(&mut self, sign: char) -> Option<()> {
        self.skip_blanks();
        self.rest = self.rest.strip_prefix(sign)?;
        Some(())
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
    }
}

/// The letter of a `\u`, or of two that make one.
fn escaped(letters: &mut std::str::CharIndices<'_>) -> Option<char> {
    let mut unit = || {
        let digits: Option<String> =
            (0..4).map(|_| letters.next().map(|(_, digit)| digit).filter(char::is_ascii_hexdigit)).collect();
        u16::from_str_radix(&digits?, 16).ok()
    };
    let first = unit()?;
    if !(0xd800..0xdc00).contains(&first) {
        return Some(char::from_u32(u32::from(first)).unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    let rest = letters.as_str().starts_with("\\u").then(|| {
        letters.nth(1);
        let digits: String = letters.by_ref().take(4).map(|(_, digit)| digit).collect();
        u16::from_str_radix(&digits, 16).ok()
    });
    let units = [first, rest.flatten()?];
    char::decode_utf16(units).next()?.ok().or(Some(char::REPLACEMENT_CHARACTER))
}
