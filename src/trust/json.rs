//! JSON, with the keys of an object in the order in which it was made.

use std::fmt::{self, Write};

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
        let _ = self.write(&mut text, None);
        text
    }

    /// For people: with a line for each entry.
    pub fn pretty(&self) -> String {
        let mut text = String::new();
        let _ = self.write(&mut text, Some(0));
        text
    }

    /// `depth`: how far it stands in; nothing for minified.
    fn write(&self, text: &mut dyn Write, depth: Option<usize>) -> fmt::Result {
        match self {
            Json::Text(value) => write_text(value, text),
            Json::Number(value) => write!(text, "{value}"),
            Json::Truth(value) => text.write_str(if *value { "true" } else { "false" }),
            Json::Nothing => text.write_str("null"),
            Json::Minified(value) => text.write_str(value),
            Json::List(values) => {
                let mut list = Brackets::open(text, depth, ('[', ']'))?;
                values.iter().try_for_each(|value| list.value(value))?;
                list.close()
            }
            Json::Object(entries) => {
                let mut object = Brackets::open(text, depth, ('{', '}'))?;
                entries.iter().try_for_each(|(key, value)| object.entry(key, value))?;
                object.close()
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

/// A document that is an object, written piece by piece: no more of it is in memory than what is being written.
pub struct Document<'w>(Brackets<'w>);

impl<'w> Document<'w> {
    /// Begins one for people.
    ///
    /// # Errors
    /// That of the writer.
    pub fn pretty(text: &'w mut dyn Write) -> Result<Document<'w>, fmt::Error> {
        Ok(Document(Brackets::open(text, Some(0), ('{', '}'))?))
    }

    /// Begins one without a blank or a line break.
    ///
    /// # Errors
    /// That of the writer.
    pub fn minified(text: &'w mut dyn Write) -> Result<Document<'w>, fmt::Error> {
        Ok(Document(Brackets::open(text, None, ('{', '}'))?))
    }

    /// Writes an entry.
    ///
    /// # Errors
    /// That of the writer.
    pub fn entry(&mut self, key: &str, value: &Json) -> fmt::Result {
        self.0.entry(key, value)
    }

    /// Writes an entry that is a list. Each value is made when those before it are written.
    ///
    /// # Errors
    /// That of the writer.
    pub fn list(&mut self, key: &str, values: impl IntoIterator<Item = Json>) -> fmt::Result {
        let mut list = self.0.list(key)?;
        values.into_iter().try_for_each(|value| list.value(&value))?;
        list.close()
    }

    /// Writes an entry that is a list of objects, each of which has one entry that is a list.
    ///
    /// # Errors
    /// That of the writer.
    pub fn list_of_lists<V: IntoIterator<Item = Json>>(
        &mut self,
        (key, of_each): (&str, &str),
        objects: impl IntoIterator<Item = V>,
    ) -> fmt::Result {
        let mut list = self.0.list(key)?;
        for values in objects {
            let mut object = list.item(('{', '}'))?;
            let mut inner = object.list(of_each)?;
            values.into_iter().try_for_each(|value| inner.value(&value))?;
            inner.close()?;
            object.close()?;
        }
        list.close()
    }

    /// Ends it.
    ///
    /// # Errors
    /// That of the writer.
    pub fn end(self) -> fmt::Result {
        self.0.close()
    }
}

/// A list or an object that is being written.
struct Brackets<'w> {
    text: &'w mut dyn Write,
    /// How far it stands in; nothing for minified.
    depth: Option<usize>,
    close: char,
    is_empty: bool,
}

impl<'w> Brackets<'w> {
    fn open(
        text: &'w mut dyn Write,
        depth: Option<usize>,
        (open, close): (char, char),
    ) -> Result<Brackets<'w>, fmt::Error> {
        text.write_char(open)?;
        Ok(Brackets { text, depth, close, is_empty: true })
    }

    /// How far that stands in which stands in it.
    fn inner(&self) -> Option<usize> {
        self.depth.map(|depth| depth.saturating_add(1))
    }

    /// Begins the next value or entry.
    fn next(&mut self) -> fmt::Result {
        if !self.is_empty {
            self.text.write_char(',')?;
        }
        self.is_empty = false;
        let inner = self.inner();
        break_line(self.text, inner)
    }

    fn key(&mut self, key: &str) -> fmt::Result {
        self.next()?;
        write_text(key, self.text)?;
        self.text.write_str(if self.depth.is_some() { ": " } else { ":" })
    }

    fn value(&mut self, value: &Json) -> fmt::Result {
        self.next()?;
        let inner = self.inner();
        value.write(self.text, inner)
    }

    fn entry(&mut self, key: &str, value: &Json) -> fmt::Result {
        self.key(key)?;
        let inner = self.inner();
        value.write(self.text, inner)
    }

    fn item(&mut self, brackets: (char, char)) -> Result<Brackets<'_>, fmt::Error> {
        self.next()?;
        let inner = self.inner();
        Brackets::open(self.text, inner, brackets)
    }

    fn list(&mut self, key: &str) -> Result<Brackets<'_>, fmt::Error> {
        self.key(key)?;
        let inner = self.inner();
        Brackets::open(self.text, inner, ('[', ']'))
    }

    fn close(self) -> fmt::Result {
        if !self.is_empty {
            break_line(self.text, self.depth)?;
        }
        self.text.write_char(self.close)
    }
}

fn break_line(text: &mut dyn Write, depth: Option<usize>) -> fmt::Result {
    let Some(depth) = depth else { return Ok(()) };
    text.write_char('\n')?;
    (0..depth).try_for_each(|_| text.write_str("  "))
}

/// Source: RFC 8259, section 7.
fn write_text(value: &str, text: &mut dyn Write) -> fmt::Result {
    text.write_char('"')?;
    let mut rest = value;
    while let Some(at) = rest.find(|letter: char| matches!(letter, '"' | '\\') || letter.is_control()) {
        let (plain, tail) = rest.split_at(at);
        text.write_str(plain)?;
        let mut letters = tail.chars();
        match letters.next() {
            Some(letter @ ('"' | '\\')) => write!(text, "\\{letter}")?,
            Some(letter) => write!(text, "\\u{:04x}", u32::from(letter))?,
            None => {}
        }
        rest = letters.as_str();
    }
    text.write_str(rest)?;
    text.write_char('"')
}
