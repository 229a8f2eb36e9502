//! JSON, with the keys of an object in the order in which it was made.

use std::fmt::Write as _;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// A text.
    Text(String),
    /// A number.
    Number(usize),
    /// Whether something is so.
    Truth(bool),
    /// That there is nothing.
    Nothing,
    /// A list.
    List(Vec<Json>),
    /// An object.
    Object(Vec<(String, Json)>),
    /// A value that is minified already. It takes a tenth of the memory.
    Minified(String),
}

impl Json {
    /// An object of these entries.
    pub fn object<K: Into<String>>(entries: impl IntoIterator<Item = (K, Json)>) -> Json {
        Json::Object(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// A list of these values.
    pub fn list<V: Into<Json>>(values: impl IntoIterator<Item = V>) -> Json {
        Json::List(values.into_iter().map(Into::into).collect())
    }

    /// Without a blank or a line break.
    pub fn minified(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, None);
        text
    }

    /// For people: with a line for each entry.
    pub fn pretty(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, Some(0));
        text
    }

    /// `depth`: how far it stands in; nothing for minified.
    fn write(&self, text: &mut String, depth: Option<usize>) {
        match self {
            Json::Text(value) => write_text(value, text),
            Json::Number(value) => text.push_str(&value.to_string()),
            Json::Truth(value) => text.push_str(if *value { "true" } else { "false" }),
            Json::Nothing => text.push_str("null"),
            Json::Minified(value) => text.push_str(value),
            Json::List(values) => {
                let write = |value: &Json, text: &mut String, depth| value.write(text, depth);
                write_all(values, ('[', ']'), write, text, depth);
            }
            Json::Object(entries) => {
                let write = |(key, value): &(String, Json), text: &mut String, depth: Option<usize>| {
                    write_text(key, text);
                    text.push_str(if depth.is_some() { ": " } else { ":" });
                    value.write(text, depth);
                };
                write_all(entries, ('{', '}'), write, text, depth);
            }
        }
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Json {
        Json::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Json {
        Json::Text(text)
    }
}

fn write_all<T>(
    items: &[T],
    (open, close): (char, char),
    write: impl Fn(&T, &mut String, Option<usize>),
    text: &mut String,
    depth: Option<usize>,
) {
    let break_line = |text: &mut String, depth: usize| {
        text.push('\n');
        text.push_str(&"  ".repeat(depth));
    };
    let inner = depth.map(|depth| depth.saturating_add(1));
    text.push(open);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        if let Some(inner) = inner {
            break_line(text, inner);
        }
        write(item, text, inner);
    }
    if let Some(depth) = depth.filter(|_| !items.is_empty()) {
        break_line(text, depth);
    }
    text.push(close);
}

/// Source: RFC 8259, section 7.
fn write_text(value: &str, text: &mut String) {
    text.push('"');
    for letter in value.chars() {
        match letter {
            '"' | '\\' => text.extend(['\\', letter]),
            letter if letter.is_control() => {
                let _written = write!(text, "\\u{:04x}", u32::from(letter));
            }
            letter => text.push(letter),
        }
    }
    text.push('"');
}
