//! A problem in words, ready to be shown in any form.

use crate::problem::{Code, PrimaryPlace};
use crate::span::Span;

/// A problem in words.
///
/// The message stands alone, for it is all that short forms show: lower case, no full stop, one line, what the user
/// wrote in backticks. Labels say why here, a help says what to write instead, a note says what the rule is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is called.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub place: Place,
    /// What to write instead.
    pub helps: Vec<Help>,
    /// What the rule is.
    pub notes: Vec<String>,
    /// How many more findings of this code there are behind it that are not shown.
    pub more: usize,
}

/// Where something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a source. The first label is the place itself.
    Source(Vec<Label>),
    /// A file as a whole; its path, as the user would type it.
    File(String),
}

/// A place in a source, and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is to be said; may be empty.
    pub text: String,
}

/// What to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    /// In words.
    pub text: String,
    /// As an edit, where it is certain enough for a machine to offer it.
    pub edit: Option<Edit>,
}

/// A replacement of a stretch of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// What comes.
    pub replacement: String,
}

impl Finding {
    /// A finding without a label, a help or a note.
    pub fn new(code: Code, place: PrimaryPlace<'_>, message: impl Into<String>) -> Finding {
        let place = match place {
            PrimaryPlace::Source(span) => Place::Source(vec![Label { span, text: String::new() }]),
            PrimaryPlace::File(path) => Place::File(path.to_owned()),
        };
        Finding { code, message: message.into(), place, helps: Vec::new(), notes: Vec::new(), more: 0 }
    }

    /// The place itself, where it is in a source.
    pub fn span(&self) -> Option<Span> {
        match &self.place {
            Place::Source(labels) => labels.first().map(|label| label.span),
            Place::File(_) => None,
        }
    }

    /// Says why here.
    #[must_use]
    pub fn reason(mut self, text: impl Into<String>) -> Finding {
        if let Place::Source(labels) = &mut self.place
            && let Some(first) = labels.first_mut()
        {
            first.text = text.into();
        }
        self
    }

    /// Shows one more place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Finding {
        if let Place::Source(labels) = &mut self.place {
            labels.push(Label { span, text: text.into() });
        }
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Finding {
        self.helps.push(Help { text: text.into(), edit: None });
        self
    }

    /// Says what to write instead, and offers to.
    #[must_use]
    pub fn suggestion(mut self, span: Span, replacement: impl Into<String>) -> Finding {
        let replacement = replacement.into();
        let text = format!("write `{replacement}`");
        self.helps.push(Help { text, edit: Some(Edit { span, replacement }) });
        self
    }

    /// Offers the nearest name, if there is one near.
    #[must_use]
    pub fn nearest(mut self, span: Span, name: Option<&str>) -> Finding {
        if let Some(name) = name {
            let edit = Some(Edit { span, replacement: name.to_owned() });
            self.helps.push(Help { text: format!("did you mean `{name}`?"), edit });
        }
        self
    }

    /// Says what the rule is.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Finding {
        self.notes.push(text.into());
        self
    }
}

/// `` `a`, `b` or `c` ``
pub fn one_of<S: AsRef<str>>(names: &[S]) -> String {
    joined(names, "or")
}

/// `` `a`, `b` and `c` ``
pub fn all_of<S: AsRef<str>>(names: &[S]) -> String {
    joined(names, "and")
}

fn joined<S: AsRef<str>>(names: &[S], last: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
    }
}

/// `1 more cluster`, `2 more clusters`
pub fn more(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 more {noun}") } else { format!("{number} more {noun}s") }
}

/// `1 cluster`, `2 clusters`
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
