//! YAML values as kustomize keeps them: a scalar is its text and what that resolves to.
//!
//! kustomize compares scalars by their texts (merge keys, names), and changes some into strings without a word. So a
//! scalar keeps its text until the build is complete.

mod diff;
mod json;
mod read;
mod scalar;
mod share;

pub(crate) use diff::changed_paths;
pub use diff::{PathPart, differences, escape, item_segments};
pub(crate) use json::read_json;
pub use read::{Unreadable, read_value};
pub(crate) use read::{from_spanned, line_of, read_documents, read_spanned};
pub(crate) use scalar::{Rules, is_true, resolve};
pub use scalar::{Scalar, Tag};
pub(crate) use share::{share_changes, spread};

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Something that is not made of others.
    Scalar(Scalar),
    /// Items.
    List(Vec<Value>),
    /// Keys, each once, with their values.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// A string.
    pub fn string(text: impl Into<String>) -> Value {
        Value::Scalar(Scalar::new(text, Tag::Text))
    }

    /// Nothing.
    pub fn null() -> Value {
        Value::Scalar(Scalar::new("null", Tag::Null))
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries().iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The value at the end of these keys.
    pub fn at(&self, keys: &[&str]) -> Option<&Value> {
        keys.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Scalar(Scalar { text, tag: Tag::Text, .. }) => Some(text),
            Value::Scalar(_) | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The text of a scalar, whatever it resolves to.
    pub fn scalar_text(&self) -> Option<&str> {
        match self {
            Value::Scalar(scalar) => Some(&scalar.text),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The entries of a map; else none.
    pub fn entries(&self) -> &[(String, Value)] {
        match self {
            Value::Map(entries) => entries,
            Value::Scalar(_) | Value::List(_) => &[],
        }
    }

    /// The items of a list; else none.
    pub fn items(&self) -> &[Value] {
        match self {
            Value::List(items) => items,
            Value::Scalar(_) | Value::Map(_) => &[],
        }
    }

    /// True if a text in it has `${`, with which variables of Flux begin.
    pub fn has_variables(&self) -> bool {
        let is_one = |text: &str| text.contains("${");
        self.scalar_text().is_some_and(is_one)
            || self.items().iter().any(Value::has_variables)
            || self.entries().iter().any(|(key, value)| is_one(key) || value.has_variables())
    }

    /// True if it is nothing.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Scalar(Scalar { tag: Tag::Null, .. }))
    }

    /// The value of a key, to be changed.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let entries = self.entries_mut()?;
        entries.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The entries of a map, to be changed.
    pub(crate) fn entries_mut(&mut self) -> Option<&mut Vec<(String, Value)>> {
        match self {
            Value::Map(entries) => Some(entries),
            Value::Scalar(_) | Value::List(_) => None,
        }
    }

    /// The value of a key, which is made if it is missing or null. Nothing if this is no map.
    pub(crate) fn get_or_insert(&mut self, key: &str, made: Value) -> Option<&mut Value> {
        let entries = self.entries_mut()?;
        let known = entries.iter().position(|(name, _)| name == key);
        let at = known.unwrap_or_else(|| {
            entries.push((key.to_owned(), made.clone()));
            entries.len().saturating_sub(1)
        });
        let (_, value) = entries.get_mut(at)?;
        if value.is_null() {
            *value = made;
        }
        Some(value)
    }

    /// Sets the value of a key. Nothing happens if this is no map.
    pub(crate) fn set(&mut self, key: &str, value: Value) {
        if let Some(known) = self.get_mut(key) {
            *known = value;
        } else if let Some(entries) = self.entries_mut() {
            entries.push((key.to_owned(), value));
        }
    }

    /// Takes a key out.
    pub(crate) fn remove(&mut self, key: &str) -> Option<Value> {
        let entries = self.entries_mut()?;
        let at = entries.iter().position(|(name, _)| name == key)?;
        Some(entries.remove(at).1)
    }

    pub(crate) fn as_scalar(&self) -> Option<&Scalar> {
        match self {
            Value::Scalar(scalar) => Some(scalar),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The same scalar in the place of another: its quotes and its number stay.
    pub(crate) fn in_place_of(self, is_quoted: bool, shared: u32) -> Value {
        match self.with_quotes(is_quoted) {
            Value::Scalar(scalar) => Value::Scalar(Scalar { shared, ..scalar }),
            other @ (Value::List(_) | Value::Map(_)) => other,
        }
    }

    /// True if it is a scalar in quotes.
    pub(crate) fn is_quoted(&self) -> bool {
        matches!(self, Value::Scalar(Scalar { is_quoted: true, .. }))
    }

    /// The same scalar with or without quotes. Those of a string that needs them stay.
    pub(crate) fn with_quotes(self, is_quoted: bool) -> Value {
        match self {
            Value::Scalar(Scalar { text, tag, shared, .. }) => Value::Scalar(Scalar {
                text,
                tag: if is_quoted { Tag::Text } else { tag },
                is_quoted,
                shared,
            }),
            Value::List(_) | Value::Map(_) => self,
        }
    }

    /// True if it is a map without entries.
    pub(crate) fn is_empty_map(&self) -> bool {
        matches!(self, Value::Map(entries) if entries.is_empty())
    }

    /// True if it is nothing, or a list or map without content.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Value::Scalar(scalar) => scalar.tag == Tag::Null || scalar.text.is_empty(),
            Value::List(items) => items.is_empty(),
            Value::Map(entries) => entries.is_empty(),
        }
    }

    /// What JSON makes of it: each scalar in its one canonical form.
    pub(crate) fn into_json(self) -> Value {
        match self {
            Value::Scalar(scalar) => Value::Scalar(scalar.into_json()),
            Value::List(items) => Value::List(items.into_iter().map(Value::into_json).collect()),
            Value::Map(entries) => {
                Value::Map(entries.into_iter().map(|(key, value)| (key, value.into_json())).collect())
            }
        }
    }
}

/// Makes every value of a map a string, as kustomize does whenever it writes labels or annotations.
pub(crate) fn stringify(map: &mut Value) {
    for (_, value) in map.entries_mut().into_iter().flatten() {
        let text = value.scalar_text().unwrap_or_default().to_owned();
        *value = Value::string(text);
    }
}
