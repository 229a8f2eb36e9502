//! What can be said of a value where it stands, before it is known which clusters need it.
//!
//! Text without `${}` is checked here, always; text with it is checked by `values`, in each cluster that needs it.

use crate::check::settings::{Form, IdentityOption, Setting};
use crate::check::values::{self, Said};
use crate::model::{Platform, Provider};
use crate::problem::{NameProblem, Noun, Problems, Unsupported, ValueFault, ValueProblem, nearest};
use crate::span::Span;
use crate::syntax::tree::{Binding, Identity, Name, Text, Value};

/// Checks the value of a setting.
pub fn setting(setting: Setting, value: &Value<'_>, problems: &mut Problems) {
    if !form(setting.name(), setting.form(), value, problems) {
        return;
    }
    match value {
        Value::Text(text) => {
            if let Some(said) = verbatim(text)
                && let Err(problem) = values::setting(setting, &said)
            {
                problems.push(problem);
            }
        }
        Value::Word(word) => unsupported_choice(setting.name(), *word, problems),
        Value::Broken(_) => {}
    }
}

/// Checks the value of a variable.
pub fn variable(value: &Value<'_>, problems: &mut Problems) {
    let _right = form("let", Form::Text, value, problems);
}

/// Checks an identity: its provider, its options, and what of it holds no `${}`.
pub fn identity(identity: &Identity<'_>, problems: &mut Problems) {
    let Some(name) = identity.provider else { return };
    let Some(provider) = Provider::from_name(name.text) else {
        let providers = Provider::ALL.map(Provider::name);
        problems.push(NameProblem::Unknown {
            noun: Noun::Provider,
            at: name.span,
            name: name.text.to_owned(),
            nearest: provider_of_platform(name.text)
                .or_else(|| nearest(name.text, providers))
                .map(str::to_owned),
            known: providers.to_vec(),
        });
        return;
    };
    match &identity.value {
        Value::Word(word) if provider == Provider::Gcp && word.text == "direct" => {
            problems.push(Unsupported::Direct { at: identity.span });
        }
        value @ (Value::Text(_) | Value::Word(_) | Value::Broken(_)) => {
            if form(provider.name(), Form::Text, value, problems)
                && let Value::Text(text) = value
                && let Some(said) = verbatim(text)
                && let Err(problem) = values::identity(provider, &said)
            {
                problems.push(problem);
            }
        }
    }
    let mut seen: Vec<Name<'_>> = Vec::new();
    for option in identity.options.iter().flat_map(|options| options.list.nodes()) {
        match seen.iter().find(|first| first.text == option.name.text) {
            Some(first) => {
                let (name, at, first) = (option.name.text.to_owned(), option.name.span, first.span);
                problems.push(NameProblem::DefinedTwice { noun: Noun::Option, name, at, first });
            }
            None => seen.push(option.name),
        }
        self::option(provider, option, problems);
    }
}

/// The provider that was meant by the name of its platform.
fn provider_of_platform(name: &str) -> Option<&'static str> {
    Platform::from_name(name).and_then(Platform::native_provider).map(Provider::name)
}

fn option(provider: Provider, option: &Binding<'_, Value<'_>>, problems: &mut Problems) {
    let options = IdentityOption::of(provider);
    let Some(known) = options.iter().find(|known| known.name() == option.name.text) else {
        let known: Vec<&'static str> = options.iter().map(|known| known.name()).collect();
        problems.push(NameProblem::Unknown {
            noun: Noun::Option,
            at: option.name.span,
            name: option.name.text.to_owned(),
            nearest: nearest(option.name.text, known.iter().copied()).map(str::to_owned),
            known,
        });
        return;
    };
    if !form(known.name(), known.form(), &option.value, problems) {
        return;
    }
    match &option.value {
        Value::Text(text) => {
            if let Some(said) = verbatim(text)
                && let Err(problem) = values::option(provider, *known, &said)
            {
                problems.push(problem);
            }
        }
        Value::Word(word) => unsupported_choice(known.name(), *word, problems),
        Value::Broken(_) => {}
    }
}

/// Whether a value is written as it must be: text in quotes, a word without.
fn form(name: &'static str, form: Form, value: &Value<'_>, problems: &mut Problems) -> bool {
    let (at, fault) = match (form, value) {
        (_, Value::Broken(_)) => return false,
        (Form::Text | Form::TextOr(_), Value::Text(_)) => return true,
        (form, Value::Word(word)) if form.has(word.text) => return true,
        (Form::TextOr(known), Value::Word(word)) if nearest(word.text, known.iter().copied()).is_some() => {
            (word.span, ValueFault::Word { name, word: word.text.to_owned(), known })
        }
        (Form::Text | Form::TextOr(_), Value::Word(word)) => {
            (word.span, ValueFault::NotQuoted { word: word.text.to_owned() })
        }
        (Form::Word(known), Value::Text(text)) if known.contains(&text.raw) => {
            (text.span, ValueFault::Quoted { text: text.raw.to_owned() })
        }
        (
            Form::Word(known),
            Value::Text(Text { span, raw: word, .. }) | Value::Word(Name { span, text: word }),
        ) => (*span, ValueFault::Word { name, word: (*word).to_owned(), known }),
    };
    problems.push(problem(at, fault));
    false
}

fn problem(at: Span, fault: ValueFault) -> ValueProblem {
    ValueProblem { at, all: at, becomes: None, fault }
}

/// The text, if it holds no `${}`.
fn verbatim<'t>(text: &'t Text<'_>) -> Option<Said<'t>> {
    (text.holes.is_empty() && !text.stray_dollar).then(|| Said::verbatim(text))
}

fn unsupported_choice(name: &'static str, word: Name<'_>, problems: &mut Problems) {
    let value = match (name, word.text) {
        ("emit", "component") => "component",
        ("install", "none") => "none",
        ("restart", "on-change") => "on-change",
        ("via", "pod-identity") => "pod-identity",
        _ => return,
    };
    problems.push(Unsupported::Choice { at: word.span, name, value });
}
