//! Files of values: YAML, or JSON, which is YAML, to settings and variables of clusters.

use std::ops::Range;

use crate::model::setting::Setting;
use crate::problem::{ErrorGuaranteed, Problems, ValuesFault, ValuesProblem};
use crate::source::{Sources, slice};
use crate::span::{FileId, Span};
use crate::spanned::{self, Refusal, Scalar, Spanned, Style};
use crate::syntax::characters;
use crate::syntax::tree::{Binding, Name, Statement, Text, Value, Values, ValuesEntry};

/// Reads a file of values.
pub fn parse<'s>(sources: &'s Sources, file: FileId, problems: &mut Problems) -> Values<'s> {
    let text = sources.get(file).map_or("", |source| source.text.as_str());
    let mut reader = Reader { file, text, problems };
    match reader.entries() {
        Ok(entries) => Values { file, entries, refused: None },
        Err(refused) => Values { file, entries: Vec::new(), refused: Some(refused) },
    }
}

struct Reader<'s, 'p> {
    file: FileId,
    text: &'s str,
    problems: &'p mut Problems,
}

impl<'s> Reader<'s, '_> {
    fn entries(&mut self) -> Result<Vec<ValuesEntry<'s>>, ErrorGuaranteed> {
        if let Err(refusal) = spanned::measure(self.text) {
            let (fault, line) = match refusal {
                Refusal::Excess(excess, line) => (ValuesFault::OutOfBounds(excess), line),
                Refusal::NotYaml(line) => (ValuesFault::NotYaml, line),
            };
            return Err(self.refuse(self.line(line), fault));
        }
        let documents = spanned::read_values(self.text).map_err(|fault| {
            let (fault, at) = match fault {
                spanned::Fault::OutOfBounds(excess, at) => (ValuesFault::OutOfBounds(excess), at),
                spanned::Fault::NotYaml(at) | spanned::Fault::Tag(at) | spanned::Fault::LineBreak(at) => {
                    (ValuesFault::NotYaml, at)
                }
            };
            self.refuse(self.at(at..at), fault)
        })?;
        match documents.as_slice() {
            [] => Ok(Vec::new()),
            [only] => self.clusters(only),
            [_, second, ..] => Err(self.refuse(self.start_of(second), ValuesFault::SeveralDocuments)),
        }
    }

    fn clusters(&mut self, root: &Spanned) -> Result<Vec<ValuesEntry<'s>>, ErrorGuaranteed> {
        let spanned::Value::Mapping(clusters) = &root.value else {
            return Err(self.refuse(self.start_of(root), ValuesFault::NoClusters));
        };
        if let Some((name, _)) = clusters.iter().find(|(_, entry)| is_terraform_output(entry)) {
            let output = name.text().unwrap_or_default().to_owned();
            return Err(self.refuse(self.at(name.range.clone()), ValuesFault::WholeOutput(output)));
        }
        let mut entries = Vec::new();
        for (name, entry) in clusters {
            let Some((cluster, _)) = self.written(name) else {
                self.refuse(self.at(name.range.clone()), ValuesFault::NotPlain);
                continue;
            };
            let statements = match &entry.value {
                spanned::Value::Mapping(values) => self.statements(values),
                spanned::Value::Scalar(_) if entry.is_null() => Vec::new(),
                spanned::Value::Scalar(_) | spanned::Value::Sequence(_) => {
                    self.refuse(self.start_of(entry), ValuesFault::NoEntry(cluster.text.to_owned()));
                    continue;
                }
            };
            entries.push(ValuesEntry { cluster, statements });
        }
        Ok(entries)
    }

    fn statements(&mut self, values: &[(Spanned, Spanned)]) -> Vec<Statement<'s>> {
        let mut statements = Vec::new();
        // What a program has no value for, it writes as `null`.
        for (name, value) in values.iter().filter(|(_, value)| !value.is_null()) {
            match self.written(name) {
                Some((name, _)) if is_name(name.text) => {
                    let value = self.value(name.text, value);
                    let binding = Binding { name, value };
                    statements.push(match Setting::from_name(name.text) {
                        Some(_) => Statement::Setting(binding),
                        None => Statement::Let(binding),
                    });
                }
                Some(_) | None => {
                    let text = name.text().unwrap_or_default().to_owned();
                    self.refuse(self.at(name.range.clone()), ValuesFault::NoName(text));
                }
            }
        }
        statements
    }

    fn value(&mut self, name: &str, value: &Spanned) -> Value<'s> {
        let fault = match &value.value {
            spanned::Value::Scalar(scalar) if scalar.style == Style::Plain && !is_text(&scalar.text) => {
                ValuesFault::NotText(scalar.text.clone())
            }
            spanned::Value::Scalar(_) => match self.written(value) {
                Some((Name { text, span }, _)) if text.contains('$') => {
                    return Value::Broken(span, self.refuse(span, ValuesFault::Interpolation));
                }
                Some((Name { text, .. }, _)) if characters::forbidden_in_text(text).is_some() => {
                    ValuesFault::NotPlain
                }
                Some((text, span)) => {
                    let form = Setting::from_name(name).map(Setting::form);
                    if form.is_some_and(|form| form.has(text.text)) {
                        return Value::Word(text);
                    }
                    let (raw, interpolations) = (text.text, Vec::new());
                    return Value::Text(Text { span, raw, interpolations, stray_dollar: None });
                }
                None => ValuesFault::NotPlain,
            },
            spanned::Value::Mapping(_) | spanned::Value::Sequence(_) => ValuesFault::Nested(name.to_owned()),
        };
        let span = match &value.value {
            spanned::Value::Scalar(_) => self.at(value.range.clone()),
            spanned::Value::Mapping(_) | spanned::Value::Sequence(_) => self.start_of(value),
        };
        Value::Broken(span, self.refuse(span, fault))
    }

    /// A scalar as it is in the file, and its place with the quotes; None if it is written with escapes or over several
    /// lines.
    fn written(&self, scalar: &Spanned) -> Option<(Name<'s>, Span)> {
        let spanned::Value::Scalar(Scalar { text, style }) = &scalar.value else { return None };
        let quote = match style {
            Style::Plain => 0,
            Style::Quoted => 1,
            Style::Literal | Style::Folded => return None,
        };
        let start = scalar.range.start.saturating_add(quote);
        let end = start.saturating_add(text.len());
        let raw = slice(self.text, start..end);
        let whole = self.at(scalar.range.start..end.saturating_add(quote));
        (raw == text).then(|| (Name { text: raw, span: self.at(start..end) }, whole))
    }

    fn at(&self, range: Range<usize>) -> Span {
        let byte = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span { file: self.file, start: byte(range.start), end: byte(range.end) }
    }

    /// The first byte of a value that may be large.
    fn start_of(&self, value: &Spanned) -> Span {
        self.at(value.range.start..value.range.start.saturating_add(1).min(self.text.len()))
    }

    /// The beginning of a line, counted from 1.
    fn line(&self, number: usize) -> Span {
        let before = self.text.split_inclusive('\n').take(number.saturating_sub(1));
        let start = before.map(str::len).sum();
        self.at(start..start)
    }

    fn refuse(&mut self, at: Span, fault: ValuesFault) -> ErrorGuaranteed {
        self.problems.refuse(ValuesProblem { at, fault })
    }
}

/// True for the value of one output in what `terraform output -json` writes of all outputs.
fn is_terraform_output(entry: &Spanned) -> bool {
    entry.get("value").is_some() && entry.get("sensitive").is_some() && entry.get("type").is_some()
}

fn is_name(text: &str) -> bool {
    let is_sign = |letter: char| "-_.".contains(letter);
    let ends = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    ends(text.chars().next())
        && ends(text.chars().next_back())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || is_sign(letter))
}

/// True if a scalar without quotes is text in all versions of YAML.
fn is_text(scalar: &str) -> bool {
    const WORDS: [&str; 8] = ["true", "false", "yes", "no", "on", "off", "y", "n"];
    let is_word = WORDS.iter().any(|word| scalar.eq_ignore_ascii_case(word));
    let digits = scalar.trim_start_matches(['+', '-']).replace('_', "");
    let is_number = digits.trim_start_matches('.').starts_with(|first: char| first.is_ascii_digit())
        && (digits.parse::<f64>().is_ok() || digits.starts_with("0x") || digits.starts_with("0o"));
    !is_word && !is_number
}
