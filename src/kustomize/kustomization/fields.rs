//! The fields of a map in a kustomization, each taken once.

use std::cell::Cell;

use crate::kustomize::failure::{Cause, Failure};
use crate::kustomize::place::Place;
use crate::kustomize::value::{Rules, Tag, Value, from_spanned, is_true, line_of, resolve};
use crate::spanned::{self, Spanned, Style};

/// Something with the line where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) line: usize,
}

/// The fields of a map.
pub(crate) struct Fields<'k> {
    /// The last of several with the same name counts.
    left: Vec<(&'k str, &'k Spanned)>,
    text: &'k str,
    place: &'k Place,
    /// The names that lead here, for messages.
    path: String,
    has_said: bool,
    /// Where the last line was counted, and which it was: what is asked for next mostly stands behind it.
    counted: Cell<(usize, usize)>,
}

impl<'k> Fields<'k> {
    pub(crate) fn new(
        node: &'k Spanned,
        text: &'k str,
        place: &'k Place,
        path: &str,
    ) -> Result<Fields<'k>, Failure> {
        let spanned::Value::Mapping(entries) = &node.value else {
            return place.at_line(line_of(text, node.range.start)).fail(Cause::WrongType(path.to_owned()));
        };
        let left = entries.iter().filter_map(|(key, value)| Some((key.text()?, value))).collect();
        Ok(Fields { left, text, place, path: path.to_owned(), has_said: false, counted: Cell::new((0, 1)) })
    }

    /// True if a field that was taken had a value.
    pub(crate) const fn has_said(&self) -> bool {
        self.has_said
    }

    /// Fails if a field is left.
    pub(crate) fn end(self) -> Result<(), Failure> {
        match self.left.first() {
            None => Ok(()),
            Some((name, value)) => {
                let name =
                    if self.path.is_empty() { (*name).to_owned() } else { format!("{}.{name}", self.path) };
                self.place.at_line(line_of(self.text, value.range.start)).fail(Cause::UnknownField(name))
            }
        }
    }

    /// A string; empty if there is none.
    pub(crate) fn text(&mut self, name: &str) -> Result<String, Failure> {
        let Some(node) = self.known(name) else { return Ok(String::new()) };
        let text = self.as_text(node, name)?;
        self.has_said |= !text.is_empty() && !matches!(name, "kind" | "apiVersion");
        Ok(text)
    }

    /// The files that a field names, or its items by themselves or under `path`, as far as it is read. Items that are objects
    /// are none.
    pub(crate) fn files_of(&self, name: &str) -> Vec<Located<String>> {
        let Some(node) = self.there(name) else { return Vec::new() };
        let items = match &node.value {
            spanned::Value::Sequence(items) => items.as_slice(),
            spanned::Value::Scalar(_) | spanned::Value::Mapping(_) => std::slice::from_ref(node),
        };
        let file = |item: &Spanned| {
            let node = match &item.value {
                spanned::Value::Mapping(entries) => {
                    entries.iter().find(|(key, _)| key.text() == Some("path")).map(|(_, path)| path)?
                }
                spanned::Value::Scalar(_) | spanned::Value::Sequence(_) => item,
            };
            let text = node.text().filter(|text| !text.is_empty() && !text.contains(['\n', ':']))?;
            Some(Located { value: text.to_owned(), line: self.line(node) })
        };
        items.iter().filter_map(file).collect()
    }

    /// True for a list with something in it.
    pub(crate) fn has_items(&self, name: &str) -> bool {
        self.there(name)
            .is_some_and(|node| matches!(&node.value, spanned::Value::Sequence(items) if !items.is_empty()))
    }

    /// The value of a field, which stays there.
    fn there(&self, name: &str) -> Option<&'k Spanned> {
        self.left.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, node)| *node)
    }

    /// The line of a field, whatever it is.
    pub(crate) fn take_any(&mut self, name: &str) -> Option<usize> {
        let node = self.known(name)?;
        self.has_said = true;
        Some(line_of(self.text, node.range.start))
    }

    /// The value of a boolean field; `None` if it is not set.
    pub(crate) fn truth(&mut self, name: &str) -> Result<Option<bool>, Failure> {
        let Some(node) = self.known(name) else { return Ok(None) };
        match scalar(node) {
            Some((text, Tag::Bool)) => Ok(Some(is_true(text))),
            _ => self.wrong(node, name),
        }
    }

    /// A whole number; zero if there is none.
    pub(crate) fn number(&mut self, name: &str) -> Result<String, Failure> {
        let Some(node) = self.known(name) else { return Ok("0".to_owned()) };
        match scalar(node) {
            Some((_, Tag::Int)) => {
                match from_spanned(node, self.text, Rules::Kustomization).map(Value::into_json) {
                    Ok(Value::Scalar(scalar)) => Ok(scalar.text),
                    Ok(Value::List(_) | Value::Map(_)) | Err(_) => self.wrong(node, name),
                }
            }
            _ => self.wrong(node, name),
        }
    }

    /// A list of strings.
    pub(crate) fn texts(&mut self, name: &str) -> Result<Vec<Located<String>>, Failure> {
        let Some(node) = self.known(name) else { return Ok(Vec::new()) };
        self.has_said = true;
        let text = |item| Ok(Located { value: self.as_text(item, name)?, line: self.line(item) });
        self.items(node, name)?.iter().map(text).collect()
    }

    /// Keys and strings, in the order of the keys.
    pub(crate) fn pairs(&mut self, name: &str) -> Result<Vec<(String, String)>, Failure> {
        let Some(node) = self.known(name) else { return Ok(Vec::new()) };
        self.has_said = true;
        let spanned::Value::Mapping(entries) = &node.value else { return self.wrong(node, name) };
        let mut pairs = std::collections::BTreeMap::new();
        for (key, value) in entries {
            let text = self.as_text(value, name)?;
            let _earlier = pairs.insert(key.text().unwrap_or_default().to_owned(), text);
        }
        Ok(pairs.into_iter().collect())
    }

    /// Keys and truths.
    pub(crate) fn truths(&mut self, name: &str) -> Result<Vec<(String, bool)>, Failure> {
        self.nested(name, |fields| {
            let names: Vec<String> = fields.left.iter().map(|(name, _)| (*name).to_owned()).collect();
            let truth = |name: String| {
                let is_so = fields.truth(&name)?.unwrap_or_default();
                Ok((name, is_so))
            };
            names.into_iter().map(truth).collect()
        })
        .map(Option::unwrap_or_default)
    }

    /// A map with fields of its own.
    pub(crate) fn nested<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Fields<'_>) -> Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        let Some(node) = self.known(name) else { return Ok(None) };
        self.has_said = true;
        let mut fields = Fields::new(node, self.text, self.place, &self.below(name))?;
        let value = read(&mut fields)?;
        fields.end()?;
        Ok(Some(value))
    }

    /// A list of maps with fields of their own.
    pub(crate) fn entries<T>(
        &mut self,
        name: &str,
        read: impl Fn(&mut Fields<'_>) -> Result<T, Failure>,
    ) -> Result<Vec<Located<T>>, Failure> {
        let Some(node) = self.known(name) else { return Ok(Vec::new()) };
        self.has_said = true;
        let path = self.below(name);
        let mut all = Vec::new();
        for (index, item) in self.items(node, name)?.iter().enumerate() {
            let of_patches = (name == "patches").then_some(index);
            let place = Place { patch: of_patches, ..self.place.clone() };
            let nothing = Spanned { range: item.range.clone(), value: spanned::Value::Mapping(Vec::new()) };
            let item = if item.is_null() { &nothing } else { item };
            let mut fields = Fields::new(item, self.text, &place, &path)?;
            let value = read(&mut fields)?;
            fields.end()?;
            all.push(Located { value, line: self.line(item) });
        }
        Ok(all)
    }

    fn below(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Takes a field; nothing if it is not there or null.
    fn known(&mut self, name: &str) -> Option<&'k Spanned> {
        let mut found = None;
        self.left.retain(|(known, node)| {
            let is_it = known.eq_ignore_ascii_case(name);
            if is_it {
                found = Some(*node);
            }
            !is_it
        });
        found.filter(|node| !node.is_null())
    }

    fn items(&self, node: &'k Spanned, name: &str) -> Result<&'k [Spanned], Failure> {
        match &node.value {
            spanned::Value::Sequence(items) => Ok(items),
            spanned::Value::Scalar(_) | spanned::Value::Mapping(_) => self.wrong(node, name),
        }
    }

    fn as_text(&self, node: &Spanned, name: &str) -> Result<String, Failure> {
        match scalar(node) {
            Some((text, Tag::Text | Tag::Time)) => Ok(text.to_owned()),
            Some((_, Tag::Null)) => Ok(String::new()),
            _ => self.wrong(node, name),
        }
    }

    fn line(&self, node: &Spanned) -> usize {
        let at = node.range.start;
        let (from, line) = Some(self.counted.get()).filter(|(from, _)| *from <= at).unwrap_or((0, 1));
        let line = line.saturating_add(self.text.get(from..at).unwrap_or_default().matches('\n').count());
        self.counted.set((at, line));
        line
    }

    fn wrong<T>(&self, node: &Spanned, name: &str) -> Result<T, Failure> {
        self.place.at_line(self.line(node)).fail(Cause::WrongType(self.below(name)))
    }
}

/// The text of a scalar, and what it resolves to.
fn scalar(node: &Spanned) -> Option<(&str, Tag)> {
    let spanned::Value::Scalar(scalar) = &node.value else { return None };
    let tag = match scalar.style {
        Style::Plain => resolve(&scalar.text, Rules::Kustomization),
        Style::Quoted | Style::Literal | Style::Folded => Tag::Text,
    };
    Some((&scalar.text, tag))
}
