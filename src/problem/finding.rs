//! A problem in words, ready to be shown in any form.

use crate::problem::{Code, InCluster, PrimaryPlace};
use crate::span::Span;

/// A problem in words.
///
/// Short formats show only the message: one line in lower case without a full stop, with text of the user in backticks.
/// A label states the cause at its place, a help says what to write instead, a note explains the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The stable code, such as `F0102`.
    pub code: Code,
    pub message: String,
    /// The source range with its labels, or the file.
    pub place: Place,
    /// How to correct it.
    pub helps: Vec<Help>,
    /// Background of the rule.
    pub notes: Vec<String>,
    /// The clusters that it is about, if it is about some of them only. At the first one stands a label.
    pub clusters: Vec<InCluster>,
    /// The number of findings of this code that follow and are not shown.
    pub more: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A place in a source. The first label is the primary one.
    Source(Vec<Label>),
    /// A whole file: its path relative to the working directory.
    File(String),
}

/// A range of a source with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    /// The text; may be empty.
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    pub text: String,
    /// The edit, if it is certain enough to be applied by a tool.
    pub edit: Option<Edit>,
}

/// A replacement of a range of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The range to replace.
    pub span: Span,
    /// The new text.
    pub replacement: String,
}

impl Finding {
    /// A finding without a label, a help or a note.
    pub fn new(code: Code, place: PrimaryPlace<'_>, message: impl Into<String>) -> Finding {
        let place = match place {
            PrimaryPlace::Source(span) => Place::Source(vec![Label { span, text: String::new() }]),
            PrimaryPlace::File(path) => Place::File(path.to_owned()),
        };
        Finding {
            code,
            message: message.into(),
            place,
            helps: Vec::new(),
            notes: Vec::new(),
            clusters: Vec::new(),
            more: 0,
        }
    }

    /// The primary range, if the finding is about a source.
    pub fn span(&self) -> Option<Span> {
        match &self.place {
            Place::Source(labels) => labels.first().map(|label| label.span),
            Place::File(_) => None,
        }
    }

    /// The edit that corrects it, if there is exactly one.
    pub fn single_edit(&self) -> Option<&Edit> {
        let mut edits = self.helps.iter().filter_map(|help| help.edit.as_ref());
        edits.next().filter(|_| edits.next().is_none())
    }

    /// How many findings it stands for: one in each of its clusters, and those that are not shown.
    pub fn weight(&self) -> usize {
        self.clusters.len().max(1).saturating_add(self.more)
    }

    /// Sets the text of the primary label.
    #[must_use]
    pub fn reason(mut self, text: impl Into<String>) -> Finding {
        if let Place::Source(labels) = &mut self.place
            && let Some(first) = labels.first_mut()
        {
            first.text = text.into();
        }
        self
    }

    /// Adds a secondary label.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Finding {
        if let Place::Source(labels) = &mut self.place {
            labels.push(Label { span, text: text.into() });
        }
        self
    }

    /// Adds a secondary label if the condition holds.
    #[must_use]
    pub fn label_if(self, condition: bool, span: Span, text: &str) -> Finding {
        if condition { self.label(span, text) } else { self }
    }

    /// Adds a help without an edit.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Finding {
        self.helps.push(Help { text: text.into(), edit: None });
        self
    }

    /// Adds a help with an edit.
    #[must_use]
    pub fn suggestion(mut self, span: Span, replacement: impl Into<String>) -> Finding {
        let replacement = replacement.into();
        let text = format!("write `{replacement}`");
        self.helps.push(Help { text, edit: Some(Edit { span, replacement }) });
        self
    }

    /// Adds a help with an edit that its text does not quote.
    #[must_use]
    pub fn edit(mut self, span: Span, replacement: impl Into<String>, text: impl Into<String>) -> Finding {
        self.helps
            .push(Help { text: text.into(), edit: Some(Edit { span, replacement: replacement.into() }) });
        self
    }

    /// Adds a help with the nearest name, if any.
    #[must_use]
    pub fn nearest(mut self, span: Span, name: Option<&str>) -> Finding {
        if let Some(name) = name {
            let edit = Some(Edit { span, replacement: name.to_owned() });
            self.helps.push(Help { text: format!("did you mean `{name}`?"), edit });
        }
        self
    }

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
    listed(&quoted, last)
}

/// `a, b and c`. `last`: the word before the last.
pub fn listed<S: AsRef<str>>(parts: &[S], last: &str) -> String {
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    match parts.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
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
