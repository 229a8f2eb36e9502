//! YAML nodes as text: mappings and sequences as blocks, one entry a line.

use crate::kustomize::{self, Tag};
use crate::spanned::{self, Scalar, Spanned, Style, Value};
use crate::yaml::{Document, Node};

/// A node as YAML that every parser reads as this node; `None` if that cannot be written.
pub fn faithful(node: &Spanned) -> Option<String> {
    let text = text(node);
    let read = spanned::read(&text).ok()?;
    let [again] = read.as_slice() else { return None };
    let is_same = is_equal(again, node) && agrees(node, Document::only(&text)?.root());
    is_same.then_some(text)
}

/// True if a text means the same without the line breaks at its end, which kustomize removes from inline patches.
pub fn is_kept_inline(node: &Spanned, text: &str) -> bool {
    Document::only(text.trim_end()).is_some_and(|document| agrees(node, document.root()))
}

/// True if two nodes are equal but for their places.
pub fn is_equal(one: &Spanned, other: &Spanned) -> bool {
    match (&one.value, &other.value) {
        (Value::Scalar(one), Value::Scalar(other)) => {
            one.text == other.text && (one.style == Style::Plain) == (other.style == Style::Plain)
        }
        (Value::Mapping(one), Value::Mapping(other)) => {
            let are_equal =
                |((key, value), (other_key, other))| is_equal(key, other_key) && is_equal(value, other);
            let both = one.iter().map(|(key, value)| (key, value));
            one.len() == other.len() && both.zip(other.iter().map(|(key, value)| (key, value))).all(are_equal)
        }
        (Value::Sequence(one), Value::Sequence(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_equal(one, other))
        }
        (Value::Scalar(_) | Value::Mapping(_) | Value::Sequence(_), _) => false,
    }
}

/// True if another parser reads the same.
pub fn agrees(node: &Spanned, other: Node<'_>) -> bool {
    match &node.value {
        Value::Scalar(Scalar { text, style: Style::Plain }) => match other.text() {
            Some(other) => other == text,
            None => other.is_plain(),
        },
        Value::Scalar(scalar) => other.text() == Some(scalar.text.as_str()),
        Value::Mapping(entries) => other.entries().is_some_and(|others| {
            others.len() == entries.len()
                && entries.iter().zip(others).all(|((key, value), (other_key, other))| {
                    key.text() == Some(other_key) && agrees(value, other)
                })
        }),
        Value::Sequence(items) => {
            let others: Vec<Node<'_>> = other.items().collect();
            other.is_sequence()
                && others.len() == items.len()
                && items.iter().zip(others).all(|(item, other)| agrees(item, other))
        }
    }
}

/// A value of the model of kustomize, without a place.
pub fn from_value(value: &kustomize::Value) -> Spanned {
    let value = match value {
        kustomize::Value::Scalar(scalar) => {
            let style = if scalar.tag == Tag::Text { Style::Quoted } else { Style::Plain };
            Value::Scalar(Scalar { text: scalar.text.clone(), style })
        }
        kustomize::Value::List(items) => Value::Sequence(items.iter().map(from_value).collect()),
        kustomize::Value::Map(entries) => {
            let entry = |(key, value): &(String, kustomize::Value)| {
                (from_value(&kustomize::Value::string(key)), from_value(value))
            };
            Value::Mapping(entries.iter().map(entry).collect())
        }
    };
    Spanned { range: 0..0, value }
}

pub fn text(node: &Spanned) -> String {
    let mut out = String::new();
    match &node.value {
        Value::Scalar(scalar) => write_scalar(&mut out, scalar, 0),
        Value::Mapping(_) | Value::Sequence(_) => write(&mut out, node, 0),
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// Writes the lines of a mapping or a sequence; the first continues the current line.
fn write(out: &mut String, node: &Spanned, indent: usize) {
    let margin = " ".repeat(indent);
    let mut is_first = true;
    let mut begin = |out: &mut String| {
        if !is_first {
            out.push_str(&margin);
        }
        is_first = false;
    };
    match &node.value {
        Value::Scalar(scalar) => write_scalar(out, scalar, indent),
        Value::Mapping(entries) => {
            for (key, value) in entries {
                begin(out);
                if let Value::Scalar(scalar) = &key.value {
                    write_scalar(out, &Scalar { style: key_style(scalar), ..scalar.clone() }, indent);
                }
                out.push(':');
                write_value(out, value, indent);
            }
        }
        Value::Sequence(items) => {
            for item in items {
                begin(out);
                out.push_str("- ");
                match &item.value {
                    Value::Mapping(entries) if !entries.is_empty() => {
                        write(out, item, indent.saturating_add(2));
                    }
                    Value::Sequence(inner) if !inner.is_empty() => {
                        write(out, item, indent.saturating_add(2));
                    }
                    Value::Scalar(_) | Value::Mapping(_) | Value::Sequence(_) => {
                        leaf(out, item, indent.saturating_add(2));
                    }
                }
            }
        }
    }
}

/// A key is on one line.
fn key_style(scalar: &Scalar) -> Style {
    match scalar.style {
        Style::Plain => Style::Plain,
        Style::Quoted | Style::Literal | Style::Folded => Style::Quoted,
    }
}

fn write_value(out: &mut String, value: &Spanned, indent: usize) {
    let inner = indent.saturating_add(2);
    match &value.value {
        Value::Mapping(entries) if !entries.is_empty() => {
            out.push('\n');
            out.push_str(&" ".repeat(inner));
            write(out, value, inner);
        }
        Value::Sequence(items) if !items.is_empty() => {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            write(out, value, indent);
        }
        Value::Scalar(_) | Value::Mapping(_) | Value::Sequence(_) => {
            out.push(' ');
            leaf(out, value, inner);
        }
    }
}

fn leaf(out: &mut String, node: &Spanned, indent: usize) {
    match &node.value {
        Value::Scalar(scalar) => write_scalar(out, scalar, indent),
        Value::Mapping(_) => out.push_str("{}"),
        Value::Sequence(_) => out.push_str("[]"),
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
}

fn write_scalar(out: &mut String, scalar: &Scalar, indent: usize) {
    let Scalar { text, style } = scalar;
    let is_block = matches!(style, Style::Literal | Style::Folded);
    if is_block && !text.starts_with([' ', '\n', '\t']) && text.lines().all(|line| !line.contains('\r')) {
        let chomp = match text.strip_suffix('\n') {
            None => "-",
            Some(rest) if rest.ends_with('\n') => "+",
            Some(_) => "",
        };
        out.extend(["|", chomp, "\n"]);
        for line in text.lines() {
            if !line.is_empty() {
                out.push_str(&" ".repeat(indent));
                out.push_str(line);
            }
            out.push('\n');
        }
    } else if *style == Style::Plain && !text.contains('\n') {
        out.push_str(text);
    } else {
        out.push('"');
        for character in text.chars() {
            match character {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                '\r' => out.push_str("\\r"),
                // Some parsers read these as line breaks.
                other if other.is_control() || "\u{2028}\u{2029}\u{feff}".contains(other) => {
                    out.extend(["\\u", &four_digits(other)]);
                }
                other => out.push(other),
            }
        }
        out.push('"');
    }
}

fn four_digits(letter: char) -> String {
    format!("{:04x}", u32::from(letter))
}
