//! YAML that others wrote. The only file that knows how it is read.

use serde_yaml::{Mapping, Value};

use crate::spanned::{self, Excess, Refusal};

/// The largest document that is read, in bytes.
const MAX_BYTES: usize = 1024 * 1024;

/// A document that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Document(Value);

#[derive(Clone, Copy, Debug)]
pub struct Node<'d>(&'d Value);

/// Why a document cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It exceeds a limit, on that line, counted from 1.
    OutOfBounds(Excess, usize),
    /// It is not YAML, from that line on, counted from 1, if known.
    Line(Option<usize>),
}

/// True if a text holds no document: nothing but blanks, comments and the lines that part documents.
pub fn is_blank(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let is_mark = |line: &str| {
        let rest = line.strip_prefix("---").or_else(|| line.strip_prefix("..."));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']) && is_comment(rest))
    };
    text.lines().all(|line| is_comment(line) || is_mark(line))
}

fn is_comment(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

impl Document {
    /// Reads one document; nothing if it cannot be read, or is too large or too deep to be read safely.
    pub fn read(text: &str) -> Option<Document> {
        Document::parse(text).ok()
    }

    /// The same, with what is wrong.
    ///
    /// # Errors
    /// The location of the error, if known.
    pub fn parse(text: &str) -> Result<Document, Unreadable> {
        if text.len() > MAX_BYTES {
            return Err(Unreadable::OutOfBounds(Excess::Bytes, 1));
        }
        spanned::measure(text).map_err(|refusal| match refusal {
            Refusal::Excess(excess, line) => Unreadable::OutOfBounds(excess, line),
            Refusal::NotYaml(line) => Unreadable::Line(Some(line)),
        })?;
        let mut value: Value = serde_yaml::from_str(without_ends(text))
            .map_err(|error| Unreadable::Line(error.location().map(|location| location.line())))?;
        value.apply_merge().map_err(|_| Unreadable::Line(None))?;
        Ok(Document(value))
    }

    /// Parses the only document of a text: further documents must be empty.
    pub fn only(text: &str) -> Option<Document> {
        if text.len() > MAX_BYTES {
            return None;
        }
        spanned::measure(text).ok()?;
        serde_yaml::from_str(without_ends(text)).ok().map(Document)
    }

    pub fn root(&self) -> Node<'_> {
        Node(&self.0)
    }
}

impl<'d> Node<'d> {
    pub fn get(self, key: &str) -> Option<Node<'d>> {
        self.0.get(key).map(Node)
    }

    /// The entry at the end of these keys.
    pub fn at(self, keys: &[&str]) -> Option<Node<'d>> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The text, if it is one.
    pub fn text(self) -> Option<&'d str> {
        self.0.as_str()
    }

    /// The entries, if it is a mapping whose keys are all texts.
    pub fn entries(self) -> Option<Vec<(&'d str, Node<'d>)>> {
        let entries = self.0.as_mapping()?.iter();
        entries.map(|(key, value)| Some((key.as_str()?, Node(value)))).collect()
    }

    /// True if it is a number, a truth or nothing.
    pub fn is_plain(self) -> bool {
        matches!(self.0, Value::Null | Value::Bool(_) | Value::Number(_))
    }

    /// True if it has entries.
    pub fn is_mapping(self) -> bool {
        self.0.is_mapping()
    }

    /// True if it has items.
    pub fn is_sequence(self) -> bool {
        self.0.is_sequence()
    }

    /// The items, if it is a sequence; else none.
    pub fn items(self) -> impl Iterator<Item = Node<'d>> {
        self.0.as_sequence().into_iter().flatten().map(Node)
    }

    /// True if `whole` contains all of it: its entries are entries there, its items are items there.
    pub fn is_within(self, whole: Node<'_>) -> bool {
        is_within(self.0, whole.0)
    }
}

/// A text without the marks of ends of documents behind which nothing comes, and without the comments there.
fn without_ends(text: &str) -> &str {
    let (mut whole, mut rest) = (text, text);
    loop {
        let shown = rest.trim_end();
        let start = shown.rfind('\n').map_or(0, |at| at.saturating_add(1));
        let Some((before, line)) = shown.split_at_checked(start).filter(|_| start > 0) else { break whole };
        match line {
            "---" | "..." => (whole, rest) = (before, before),
            _ if line.starts_with('#') => rest = before,
            _ => break whole,
        }
    }
}

fn is_within(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Mapping(part), Value::Mapping(whole)) => {
            part.iter().all(|(key, value)| whole.get(key).is_some_and(|other| is_within(value, other)))
        }
        // Null contributes nothing.
        (Value::Null, _) => true,
        (Value::Sequence(part), Value::Sequence(whole)) => {
            // A mapping finds its keys at once, and lists may be long.
            let whole: Mapping = whole.iter().map(|item| (item.clone(), Value::Null)).collect();
            part.iter().all(|item| whole.contains_key(item))
        }
        (part, whole) => part == whole,
    }
}

#[cfg(test)]
mod tests {
    use super::{Document, MAX_BYTES};

    #[test]
    fn a_document_may_end_with_marks_behind_which_nothing_comes() {
        for end in ["", "---\n", "...\n", "---\n# said no more\n"] {
            let document = Document::read(&format!("components:\n- identity\n{end}"));
            assert_eq!(document, Document::read("components: [identity]"), "{end:?}");
            assert!(document.is_some(), "{end:?}");
        }
    }

    #[test]
    fn a_merge_key_brings_in_what_it_names() {
        let document = Document::read("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n").expect("it can be read");
        let plain = Document::read("{x: 1, y: 3}").expect("it can be read");
        assert!(document.root().get("b").is_some_and(|merged| merged.0 == plain.root().0), "{document:?}");
    }

    #[test]
    fn what_is_too_much_is_read_in_neither_way() {
        let bomb = format!("a: &a [{}]\nb: [{}]\n", "x, ".repeat(1000), "*a, ".repeat(100));
        for text in [bomb, format!("a: {}\n", "x".repeat(MAX_BYTES)), "[".repeat(100)] {
            assert!(
                Document::read(&text).is_none() && Document::only(&text).is_none(),
                "{:?}",
                text.get(..20)
            );
        }
    }

    #[test]
    fn two_documents_are_not_one() {
        assert!(Document::read("a: b\n---\nc: d\n").is_none());
    }
}
