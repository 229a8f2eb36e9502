//! Values from text.

use crate::kustomize::value::{Rules, Scalar, Tag, Value, resolve};
use crate::spanned::{self, Excess, Fault, Spanned, Style};

/// Why a text is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is not YAML, from that line on, counted from 1.
    NotYaml(usize),
    /// A key occurs twice in a map, on that line.
    RepeatedKey(usize),
    /// A key is not a string, on that line.
    KeyNotText(usize),
    /// kustomize may read it, but this model does not: a tag or a rare line break, on that line.
    Unsupported(usize),
    /// It exceeds a limit, on that line.
    OutOfBounds(Excess, usize),
}

impl Unreadable {
    /// The line, counted from 1.
    pub const fn line(self) -> usize {
        match self {
            Unreadable::NotYaml(line)
            | Unreadable::RepeatedKey(line)
            | Unreadable::KeyNotText(line)
            | Unreadable::Unsupported(line)
            | Unreadable::OutOfBounds(_, line) => line,
        }
    }

    /// True if kustomize rejects it too.
    pub const fn is_fault(self) -> bool {
        match self {
            Unreadable::NotYaml(_) | Unreadable::RepeatedKey(_) | Unreadable::KeyNotText(_) => true,
            Unreadable::Unsupported(_) | Unreadable::OutOfBounds(..) => false,
        }
    }

    /// The same in a text that begins so many lines further down.
    pub(crate) const fn below(self, lines: usize) -> Unreadable {
        match self {
            Unreadable::NotYaml(line) => Unreadable::NotYaml(line.saturating_add(lines)),
            Unreadable::RepeatedKey(line) => Unreadable::RepeatedKey(line.saturating_add(lines)),
            Unreadable::KeyNotText(line) => Unreadable::KeyNotText(line.saturating_add(lines)),
            Unreadable::Unsupported(line) => Unreadable::Unsupported(line.saturating_add(lines)),
            Unreadable::OutOfBounds(excess, line) => {
                Unreadable::OutOfBounds(excess, line.saturating_add(lines))
            }
        }
    }
}

/// The line of a byte, counted from 1.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).matches('\n').count().saturating_add(1)
}

/// Parses all documents of a text, without empty ones, with the bytes where each begins.
pub(crate) fn read_documents(text: &str, rules: Rules) -> Result<Vec<(usize, Value)>, Unreadable> {
    let documents = read_spanned(text)?;
    documents
        .iter()
        .map(|document| Ok((document.range.start, from_spanned(document, text, rules)?)))
        .collect()
}

/// The value of a text, such as JSON. Nothing if it cannot be read, or has several documents.
pub fn read_value(text: &str) -> Option<Value> {
    let documents = read_documents(text, Rules::Manifest).ok()?;
    let mut values = documents.into_iter().map(|(_, value)| value);
    values.next().filter(|_| values.next().is_none())
}

/// Parses all documents of a text with the places of everything.
pub(crate) fn read_spanned(text: &str) -> Result<Vec<Spanned>, Unreadable> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    spanned::read(text).map_err(|fault| match fault {
        Fault::OutOfBounds(excess, at) => Unreadable::OutOfBounds(excess, line_of(text, at)),
        Fault::NotYaml(at) => Unreadable::NotYaml(line_of(text, at)),
        Fault::Tag(at) | Fault::LineBreak(at) => Unreadable::Unsupported(line_of(text, at)),
    })
}

/// A value of what was read.
pub(crate) fn from_spanned(node: &Spanned, text: &str, rules: Rules) -> Result<Value, Unreadable> {
    Reader { text, rules }.value(node, Depth::Root)
}

/// Where a map is: the keys of some need not be strings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Root,
    Metadata,
    /// kustomize makes strings of everything here.
    Annotations,
    Other,
}

struct Reader<'t> {
    text: &'t str,
    rules: Rules,
}

impl Reader<'_> {
    fn value(&self, node: &Spanned, depth: Depth) -> Result<Value, Unreadable> {
        match &node.value {
            spanned::Value::Scalar(scalar) => Ok(Value::Scalar(self.scalar(scalar))),
            spanned::Value::Sequence(items) => {
                let items = items.iter().map(|item| self.value(item, Depth::Other));
                Ok(Value::List(items.collect::<Result<_, _>>()?))
            }
            spanned::Value::Mapping(entries) => self.map(entries, depth),
        }
    }

    fn scalar(&self, scalar: &spanned::Scalar) -> Scalar {
        let tag = match scalar.style {
            Style::Plain => resolve(&scalar.text, self.rules),
            Style::Quoted | Style::Literal | Style::Folded => Tag::Text,
        };
        Scalar { text: scalar.text.clone(), tag, is_quoted: scalar.style != Style::Plain, shared: 0 }
    }

    fn map(&self, entries: &[(Spanned, Spanned)], depth: Depth) -> Result<Value, Unreadable> {
        let mut map: Vec<(String, Value)> = Vec::with_capacity(entries.len());
        let mut merged = Vec::new();
        for (key, value) in entries {
            let line = || line_of(self.text, key.range.start);
            let spanned::Value::Scalar(name) = &key.value else { return Err(Unreadable::KeyNotText(line())) };
            if name.text == "<<" && name.style == Style::Plain {
                merged.push(self.value(value, Depth::Other)?);
                continue;
            }
            // kustomize drops the same in quotes.
            if name.text == "<<" && self.rules == Rules::Manifest {
                continue;
            }
            let is_text = self.scalar(name).tag == Tag::Text;
            if !is_text && self.rules == Rules::Manifest && matches!(depth, Depth::Metadata | Depth::Other) {
                return Err(Unreadable::KeyNotText(line()));
            }
            let below = match (depth, name.text.as_str()) {
                (Depth::Root, "metadata") => Depth::Metadata,
                (Depth::Metadata, "annotations") => Depth::Annotations,
                (Depth::Root | Depth::Metadata | Depth::Annotations | Depth::Other, _) => Depth::Other,
            };
            let value = self.value(value, below)?;
            match map.iter().position(|(known, _)| *known == name.text) {
                None => map.push((name.text.clone(), value)),
                Some(_) if self.rules == Rules::Manifest => return Err(Unreadable::RepeatedKey(line())),
                Some(at) => {
                    if let Some(known) = map.get_mut(at) {
                        known.1 = value;
                    }
                }
            }
        }
        add_merged(&mut map, merged);
        Ok(Value::Map(map))
    }
}

/// Adds what `<<` names: keys that are there already are kept, and of several maps the first one wins.
fn add_merged(map: &mut Vec<(String, Value)>, merged: Vec<Value>) {
    for value in merged {
        let maps = match value {
            Value::List(items) => items,
            Value::Map(_) | Value::Scalar(_) => vec![value],
        };
        for (key, value) in maps.iter().flat_map(Value::entries) {
            if !map.iter().any(|(known, _)| known == key) {
                map.push((key.clone(), value.clone()));
            }
        }
    }
}
