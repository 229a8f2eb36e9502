//! Hand-written YAML with spans. The only file that uses saphyr-parser.

mod bounds;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub use bounds::{Refusal, measure};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

use crate::spanned::bounds::{MAX_DEPTH, weight};

pub use bounds::Excess;

/// The largest text that is read, in bytes.
const MAX_BYTES: usize = 1024 * 1024;
/// How many things a text may hold. Those that aliases repeat count again, and more if they are long.
const MAX_NODES: usize = 100_000;
/// The same for values of clusters.
const MAX_VALUES: usize = 1_000_000;

/// A thing that was written, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned {
    /// Its bytes in the text.
    pub range: Range<usize>,
    pub value: Value,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Something that is not made of others.
    Scalar(Scalar),
    /// Keys and values, in source order.
    Mapping(Vec<(Spanned, Spanned)>),
    /// Items, in source order.
    Sequence(Vec<Spanned>),
}

/// Something that is not made of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    pub text: String,
    /// How it was written.
    pub style: Style,
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes, so that it may be something else than a string.
    Plain,
    /// In quotes.
    Quoted,
    /// As a block, line for line.
    Literal,
    /// As a block whose lines are joined.
    Folded,
}

/// Why a text cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It exceeds a limit, at this byte.
    OutOfBounds(Excess, usize),
    /// It is no YAML, from that byte on.
    NotYaml(usize),
    /// It has a tag, which is not supported, at this byte.
    Tag(usize),
    /// It has a character that some YAML parsers, such as kustomize's, treat as a line break, at this byte.
    LineBreak(usize),
}

/// Parses all documents of a text, without empty ones.
///
/// # Errors
/// Says why it cannot be read, and where.
pub fn read(text: &str) -> Result<Vec<Spanned>, Fault> {
    if text.len() > MAX_BYTES {
        return Err(Fault::OutOfBounds(Excess::Bytes, 0));
    }
    read_within(text, MAX_NODES)
}

/// The same of a file of values, which has an entry for each cluster of a fleet. Its bytes are limited where it is read.
///
/// # Errors
/// Those of [`read`].
pub fn read_values(text: &str) -> Result<Vec<Spanned>, Fault> {
    read_within(text, MAX_VALUES)
}

fn read_within(text: &str, most_nodes: usize) -> Result<Vec<Spanned>, Fault> {
    // Source: "Line Break Characters" of YAML 1.2, which took them out of those of YAML 1.1.
    if let Some(at) = text.find(['\u{85}', '\u{2028}', '\u{2029}']) {
        return Err(Fault::LineBreak(at));
    }
    let bytes = ByteOffsets::new(text);
    let mut building = DocumentBuilder { most_nodes, ..DocumentBuilder::default() };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| Fault::NotYaml(bytes.at(*error.marker())))?;
        let range = bytes.at(span.start)..bytes.at(span.end);
        building.push_event(event, range)?;
    }
    if let Some(document) = building.documents.last_mut().filter(|_| !text.ends_with('\n')) {
        document.end_without_line_break(text);
    }
    Ok(building.documents)
}

/// Where the characters of a text begin. The parser counts characters.
struct ByteOffsets(Option<Vec<usize>>, usize);

impl ByteOffsets {
    fn new(text: &str) -> ByteOffsets {
        let starts = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at).collect());
        ByteOffsets(starts, text.len())
    }

    fn at(&self, marker: Marker) -> usize {
        match &self.0 {
            Some(starts) => starts.get(marker.index()).copied().unwrap_or(self.1),
            None => marker.index().min(self.1),
        }
    }
}

/// Documents, as they come about.
#[derive(Default)]
struct DocumentBuilder {
    documents: Vec<Spanned>,
    open: Vec<OpenNode>,
    /// The values of anchors, and their weights.
    anchors: BTreeMap<usize, (Spanned, usize)>,
    nodes: usize,
    most_nodes: usize,
}

/// A mapping or a sequence that is not complete yet.
struct OpenNode {
    start: usize,
    anchor: usize,
    is_mapping: bool,
    items: Vec<Spanned>,
}

impl DocumentBuilder {
    fn push_event(&mut self, event: Event<'_>, range: Range<usize>) -> Result<(), Fault> {
        match event {
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor);
                let (aliased, weight) = known.ok_or(Fault::NotYaml(range.start))?;
                self.nodes = self.nodes.saturating_add(*weight);
                if self.nodes > self.most_nodes {
                    return Err(Fault::OutOfBounds(Excess::Repeats, range.start));
                }
                let aliased = aliased.clone();
                self.push_node(0, aliased)
            }
            Event::Scalar(text, style, anchor, tag) => {
                if tag.is_some() {
                    return Err(Fault::Tag(range.start));
                }
                self.push_node(anchor, Spanned { range, value: Value::Scalar(scalar(text, style)) })
            }
            Event::SequenceStart(anchor, tag) => self.open(range.start, anchor, false, tag.is_some()),
            Event::MappingStart(anchor, tag) => self.open(range.start, anchor, true, tag.is_some()),
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end),
        }
    }

    fn open(&mut self, start: usize, anchor: usize, is_mapping: bool, is_tagged: bool) -> Result<(), Fault> {
        if is_tagged {
            return Err(Fault::Tag(start));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(Fault::OutOfBounds(Excess::Depth, start));
        }
        self.open.push(OpenNode { start, anchor, is_mapping, items: Vec::new() });
        Ok(())
    }

    fn close(&mut self, end: usize) -> Result<(), Fault> {
        let Some(OpenNode { start, anchor, is_mapping, items }) = self.open.pop() else { return Ok(()) };
        let value = if is_mapping { Value::Mapping(pairs(items)) } else { Value::Sequence(items) };
        self.push_node(anchor, Spanned { range: start..end.max(start), value })
    }

    fn push_node(&mut self, anchor: usize, node: Spanned) -> Result<(), Fault> {
        self.nodes = self.nodes.saturating_add(1);
        if self.nodes > self.most_nodes {
            return Err(Fault::OutOfBounds(Excess::Repeats, node.range.start));
        }
        if anchor > 0 {
            // Values kept for aliases need memory too, and anchors can be nested.
            let weight = node.weight();
            self.nodes = self.nodes.saturating_add(weight);
            self.anchors.insert(anchor, (node.clone(), weight));
        }
        match self.open.last_mut() {
            Some(open) => open.items.push(node),
            None if node.is_null() => {}
            None => self.documents.push(node),
        }
        Ok(())
    }
}

fn pairs(items: Vec<Spanned>) -> Vec<(Spanned, Spanned)> {
    let mut items = items.into_iter();
    std::iter::from_fn(|| items.next().zip(items.next())).collect()
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle) -> Scalar {
    let style = match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    };
    Scalar { text: text.into_owned(), style }
}

impl Spanned {
    /// The text, if it is a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) => Some(&scalar.text),
            Value::Mapping(_) | Value::Sequence(_) => None,
        }
    }

    /// The entries, if it is a mapping; else none.
    pub fn entries(&self) -> &[(Spanned, Spanned)] {
        match &self.value {
            Value::Mapping(entries) => entries,
            Value::Scalar(_) | Value::Sequence(_) => &[],
        }
    }

    /// The items, if it is a sequence; else none.
    pub fn items(&self) -> &[Spanned] {
        match &self.value {
            Value::Sequence(items) => items,
            Value::Scalar(_) | Value::Mapping(_) => &[],
        }
    }

    pub fn get(&self, key: &str) -> Option<&Spanned> {
        self.entries().iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
    }

    /// The value at a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Spanned> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    pub fn text_at(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Spanned::text)
    }

    /// True if a scalar, keys included, contains one of these words.
    pub fn contains_any(&self, words: &[&str]) -> bool {
        match &self.value {
            Value::Scalar(scalar) => words.iter().any(|word| scalar.text.contains(word)),
            Value::Mapping(entries) => {
                entries.iter().any(|(key, value)| key.contains_any(words) || value.contains_any(words))
            }
            Value::Sequence(items) => items.iter().any(|item| item.contains_any(words)),
        }
    }

    /// Takes the line break from a block that ends with a text which has none there: libyaml, and with it kustomize, adds
    /// none.
    fn end_without_line_break(&mut self, text: &str) {
        match &mut self.value {
            Value::Scalar(scalar) if matches!(scalar.style, Style::Literal | Style::Folded) => {
                let line = text.lines().next_back().unwrap_or_default().trim();
                let text = scalar.text.trim_end_matches('\n');
                if text.trim_end().ends_with(line) {
                    scalar.text = text.to_owned();
                }
            }
            Value::Scalar(_) => {}
            Value::Mapping(entries) => {
                if let Some((_, value)) = entries.last_mut() {
                    value.end_without_line_break(text);
                }
            }
            Value::Sequence(items) => {
                if let Some(item) = items.last_mut() {
                    item.end_without_line_break(text);
                }
            }
        }
    }

    /// True if it is empty.
    pub fn is_null(&self) -> bool {
        match &self.value {
            Value::Scalar(Scalar { text, style: Style::Plain }) => {
                matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL")
            }
            Value::Scalar(_) | Value::Mapping(_) | Value::Sequence(_) => false,
        }
    }

    /// How many things it is made of, itself included; long texts count for several.
    fn weight(&self) -> usize {
        match &self.value {
            Value::Scalar(scalar) => weight(scalar.text.len()),
            Value::Mapping(entries) => entries
                .iter()
                .fold(1, |sum, (key, value)| sum.saturating_add(key.weight()).saturating_add(value.weight())),
            Value::Sequence(items) => items.iter().fold(1, |sum, item| sum.saturating_add(item.weight())),
        }
    }

    /// All that it says, one thing a line.
    pub fn leaves(&self) -> BTreeSet<String> {
        let mut lines = BTreeSet::new();
        flatten(self, "", &mut lines);
        lines
    }
}

/// Items that have names are identified by them, others by their index.
fn flatten(node: &Spanned, path: &str, lines: &mut BTreeSet<String>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path} {name}") };
    match &node.value {
        Value::Scalar(scalar) => {
            lines.insert(format!("{path} = {}", scalar.text));
        }
        Value::Mapping(entries) => {
            for (key, value) in entries {
                flatten(value, &below(key.text().unwrap_or_default()), lines);
            }
        }
        Value::Sequence(items) => {
            for (at, item) in items.iter().enumerate() {
                let name = item.text_at("name").map_or_else(|| at.to_string(), str::to_owned);
                flatten(item, &below(&name), lines);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Excess, Fault, MAX_BYTES, MAX_DEPTH, MAX_NODES, read};

    #[test]
    fn what_is_too_much_is_refused_with_its_byte() {
        let repeated = format!("a: &a [{}]\nb:\n{}", "x, ".repeat(10_000), "- *a\n".repeat(10));
        // An anchor keeps all that is within.
        let anchored =
            format!("{}{}{}", "&a [".repeat(MAX_DEPTH), "x, ".repeat(MAX_NODES / 60), "]".repeat(MAX_DEPTH));
        for (text, excess, at) in [
            ("x".repeat(MAX_BYTES + 1), Excess::Bytes, Some(0)),
            ("[".repeat(MAX_DEPTH + 1), Excess::Depth, Some(MAX_DEPTH)),
            ("- a\n".repeat(MAX_NODES + 1), Excess::Repeats, Some(4 * MAX_NODES + 2)),
            (repeated, Excess::Repeats, None),
            (anchored, Excess::Repeats, None),
        ] {
            let is_refused = matches!(read(&text), Err(Fault::OutOfBounds(found, byte))
                if found == excess && at.is_none_or(|at| at == byte));
            assert!(is_refused, "{:?}: {:?}", text.get(..20), read(&text).err());
        }
    }

    #[test]
    fn what_is_just_within_the_limits_is_read() {
        for text in [
            format!("a: {}", "x".repeat(MAX_BYTES - 3)),
            format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH)),
            "- a\n".repeat(MAX_NODES - 1),
        ] {
            assert!(read(&text).is_ok(), "{:?}", text.get(..20));
        }
    }

    #[test]
    fn a_line_break_of_other_readers_is_refused() {
        for letter in ['\u{85}', '\u{2028}', '\u{2029}'] {
            assert_eq!(read(&format!("a: b{letter}\n")), Err(Fault::LineBreak(4)));
        }
    }
}
