//! The hash that ends the name of a generated object.
//!
//! Source: `api/hasher/hasher.go` of kubernetes-sigs/kustomize.

use std::fmt::Write as _;

use crate::digest;
use crate::kustomize::value::{Tag, Value};

/// The hash of a `ConfigMap` or a `Secret`; nothing for another kind. The name has no part in it: kustomize looks for it
/// under a key that is not there.
pub(crate) fn hash(value: &Value) -> Option<String> {
    let kind = value.get("kind").and_then(Value::scalar_text)?;
    let nothing = Value::string("");
    let of = |keys: &[&str]| value.at(keys).cloned().unwrap_or_else(|| nothing.clone());
    let mut fields = vec![("data", of(&["data"])), ("kind", Value::string(kind)), ("name", nothing.clone())];
    let more = match kind {
        "ConfigMap" => "binaryData",
        "Secret" => {
            fields.push(("type", as_text(&of(&["type"]))));
            "stringData"
        }
        _ => return None,
    };
    if let Some(map @ Value::Map(_)) = value.get(more) {
        fields.push((more, map.clone()));
    }
    let fields = fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let mut json = String::new();
    write(&Value::Map(fields).into_json(), &mut json);
    let digest = digest::sha256(json.as_bytes());
    let hex = digest.iter().take(5).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    // No vowels and nothing that looks like one, so that it spells no word.
    let letter = |letter: char| match letter {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        other => other,
    };
    Some(hex.chars().map(letter).collect())
}

fn as_text(value: &Value) -> Value {
    Value::string(value.scalar_text().unwrap_or_default())
}

/// JSON as Go writes it: keys in order, and signs of HTML escaped.
fn write(value: &Value, json: &mut String) {
    match value {
        Value::Scalar(scalar) if scalar.tag == Tag::Text => write_text(&scalar.text, json),
        Value::Scalar(scalar) => json.push_str(&scalar.text),
        Value::List(items) => {
            json.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    json.push(',');
                }
                write(item, json);
            }
            json.push(']');
        }
        Value::Map(entries) => {
            let mut entries: Vec<&(String, Value)> = entries.iter().collect();
            entries.sort_by(|one, other| one.0.cmp(&other.0));
            json.push('{');
            for (index, (key, value)) in entries.into_iter().enumerate() {
                if index > 0 {
                    json.push(',');
                }
                write_text(key, json);
                json.push(':');
                write(value, json);
            }
            json.push('}');
        }
    }
}

fn write_text(text: &str, json: &mut String) {
    json.push('"');
    for letter in text.chars() {
        match letter {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                let _ = write!(json, "\\u{:04x}", u32::from(letter));
            }
            letter => json.push(letter),
        }
    }
    json.push('"');
}
