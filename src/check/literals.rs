//! What can be said of a value where it stands, before it is known which clusters need it.
//!
//! Text without `${}` is checked here, always; text with it is checked by `values`, in each cluster that needs it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::check::values::{self, Evaluated};
use crate::model::setting::{IdentityOption, Setting, ValueForm};
use crate::model::{LocalPath, Platform, Provider, TargetField};
use crate::problem::{
    ErrorGuaranteed, NameProblem, Noun, PassedFault, PassedProblem, Problem, Problems, ValueFault,
    ValueProblem, nearest,
};
use crate::span::Span;
use crate::syntax::tree::{Binding, Identity, Name, Options, Passthrough, Text, Value};

/// Checks the value of a setting.
pub fn check_setting(
    setting: Setting,
    value: &Value<'_>,
    problems: &mut Problems,
) -> Result<(), ErrorGuaranteed> {
    check_form(setting.name(), setting.form(), value, problems)?;
    match value {
        Value::Text(text) => check_literal(text, problems, |said| values::check_setting(setting, said)),
        Value::Word(_) => Ok(()),
        Value::Broken(_, refused) => Err(*refused),
    }
}

/// Checks whether the value of a setting or a variable is written as it must be.
pub fn check_value_form(
    name: &str,
    value: &Value<'_>,
    problems: &mut Problems,
) -> Result<(), ErrorGuaranteed> {
    match Setting::from_name(name) {
        Some(setting) => check_form(setting.name(), setting.form(), value, problems),
        None => check_form("let", ValueForm::Text, value, problems),
    }
}

/// Checks the reason of an `allow`: it is required, and text.
pub fn check_reason(value: &Value<'_>, problems: &mut Problems) -> Result<(), ErrorGuaranteed> {
    check_form("allow", ValueForm::Text, value, problems)?;
    match value {
        Value::Text(text) if text.raw.trim().is_empty() => {
            Err(problems.refuse(value_problem(text.span, ValueFault::NoReason)))
        }
        Value::Text(_) | Value::Word(_) | Value::Broken(..) => Ok(()),
    }
}

/// Checks an identity: its provider, its options, and what of it holds no `${}`.
pub fn check_identity(identity: &Identity<'_>, problems: &mut Problems) -> Result<(), ErrorGuaranteed> {
    let provider = resolve_provider(identity, problems)?;
    let value = match &identity.value {
        Value::Text(text) => check_literal(text, problems, |said| values::check_identity(provider, said)),
        Value::Word(_) | Value::Broken(..) => check_direct(provider, &identity.value, problems),
    };
    let mut seen = BTreeMap::new();
    let mut options = Ok(());
    for binding in identity.options.iter().flat_map(|options| options.list.nodes()) {
        options = once(Noun::Option, binding.name, &mut seen, problems).and(options);
        options = resolve_option(provider, binding, problems).map(drop).and(options);
    }
    value.and(options)
}

/// Checks what a `resource`, a `component` or a `patch` says: its path and its target, as far as they hold no `${}`.
pub fn check_passthrough(
    statement: &Passthrough<'_>,
    problems: &mut Problems,
) -> Result<(), ErrorGuaranteed> {
    let path = match &statement.path {
        Value::Text(text) => check_literal(text, problems, |said| {
            values::parse_local_path(said, &LocalPath::default()).map(drop)
        }),
        Value::Word(word) => {
            let word = ValueFault::NotQuoted { word: word.text.to_owned() };
            Err(problems.refuse(value_problem(statement.path.span(), word)))
        }
        Value::Broken(_, refused) => Err(*refused),
    };
    statement.options.as_ref().map_or(Ok(()), |options| target(options, problems)).and(path)
}

/// Checks the target of a patch: its fields, and what of them holds no `${}`.
pub fn target(options: &Options<'_>, problems: &mut Problems) -> Result<(), ErrorGuaranteed> {
    let mut seen = BTreeMap::new();
    let mut outcome = Ok(());
    for binding in options.list.nodes() {
        let name = binding.name;
        let is_first = once(Noun::Field, name, &mut seen, problems);
        if let Err(refused) = is_first.and(check_target_field(binding, problems)) {
            outcome = Err(refused);
        }
    }
    if options.list.items.is_empty() {
        let fault = PassedFault::TargetOfEverything;
        outcome = Err(problems.refuse(PassedProblem { at: options.span, becomes: None, fault }));
    }
    outcome
}

fn check_target_field(
    binding: &Binding<'_, Value<'_>>,
    problems: &mut Problems,
) -> Result<(), ErrorGuaranteed> {
    let name = binding.name;
    let Some(field) = TargetField::from_name(name.text) else {
        let known = TargetField::ALL.map(TargetField::name);
        let begins = || known.into_iter().find(|field| field.starts_with(name.text.trim_end_matches('s')));
        let near = nearest(name.text, known).or_else(begins);
        return Err(problems.refuse(NameProblem::unknown(Noun::Field, name.span, name.text, near, &known)));
    };
    check_form(field.name(), ValueForm::Text, &binding.value, problems)?;
    match &binding.value {
        Value::Text(text) => check_literal(text, problems, |said| values::check_target_field(field, said)),
        Value::Word(_) => Ok(()),
        Value::Broken(_, refused) => Err(*refused),
    }
}

/// Refuses an option or a field that is there already.
fn once<'t>(
    noun: Noun,
    name: Name<'t>,
    seen: &mut BTreeMap<&'t str, Span>,
    problems: &mut Problems,
) -> Result<(), ErrorGuaranteed> {
    match seen.entry(name.text) {
        Entry::Occupied(first) => {
            let (at, first, name) = (name.span, *first.get(), name.text.to_owned());
            Err(problems.refuse(NameProblem::DefinedTwice { noun, name, at, first }))
        }
        Entry::Vacant(free) => {
            free.insert(name.span);
            Ok(())
        }
    }
}

/// The provider of an identity.
pub fn resolve_provider(
    identity: &Identity<'_>,
    problems: &mut Problems,
) -> Result<Provider, ErrorGuaranteed> {
    let name = identity.provider?;
    Provider::from_name(name.text).ok_or_else(|| {
        let providers = Provider::ALL.map(Provider::name);
        let near = provider_for_platform(name.text).or_else(|| nearest(name.text, providers));
        problems.refuse(NameProblem::unknown(Noun::Provider, name.span, name.text, near, &providers))
    })
}

/// Checks an identity that is not named by text: it is `gcp direct`.
pub fn check_direct(
    provider: Provider,
    value: &Value<'_>,
    problems: &mut Problems,
) -> Result<(), ErrorGuaranteed> {
    match value {
        Value::Word(word) if provider == Provider::Gcp && word.text == "direct" => Ok(()),
        Value::Text(Text { span, raw: word, .. }) | Value::Word(Name { span, text: word }) => {
            let word = (*word).to_owned();
            // What would be right in quotes has lost them.
            let said = Evaluated { text: Cow::Borrowed(word.as_str()), at: *span };
            let fault = if values::check_identity(provider, &said).is_ok() || word.contains("${") {
                ValueFault::NotQuoted { word }
            } else {
                ValueFault::NotNamedByText { provider, word }
            };
            Err(problems.refuse(value_problem(*span, fault)))
        }
        Value::Broken(_, refused) => Err(*refused),
    }
}

/// The provider that was meant by the name of its platform.
fn provider_for_platform(name: &str) -> Option<&'static str> {
    Platform::from_name(name).and_then(Platform::native_provider).map(Provider::name)
}

/// Which option of an identity it is.
pub fn resolve_option(
    provider: Provider,
    binding: &Binding<'_, Value<'_>>,
    problems: &mut Problems,
) -> Result<IdentityOption, ErrorGuaranteed> {
    let (name, options) = (binding.name, IdentityOption::for_provider(provider));
    let Some(option) = options.iter().copied().find(|known| known.name() == name.text) else {
        let known: Vec<&'static str> = options.iter().map(|known| known.name()).collect();
        let near = nearest(name.text, known.iter().copied());
        return Err(problems.refuse(NameProblem::unknown(Noun::Option, name.span, name.text, near, &known)));
    };
    check_form(option.name(), option.form(), &binding.value, problems)?;
    match &binding.value {
        Value::Text(text) => {
            check_literal(text, problems, |said| values::check_option(provider, option, said))?;
        }
        Value::Word(_) => {}
        Value::Broken(_, refused) => return Err(*refused),
    }
    Ok(option)
}

/// Checks whether a value is written as it must be: text in quotes, a word without.
fn check_form(
    name: &'static str,
    form: ValueForm,
    value: &Value<'_>,
    problems: &mut Problems,
) -> Result<(), ErrorGuaranteed> {
    let (at, fault) = match (form, value) {
        (_, Value::Broken(_, refused)) => return Err(*refused),
        (ValueForm::Text | ValueForm::TextOr(_), Value::Text(_)) => return Ok(()),
        (form, Value::Word(word)) if form.has(word.text) => return Ok(()),
        (ValueForm::TextOr(known), Value::Word(word))
            if nearest(word.text, known.iter().copied()).is_some() =>
        {
            (word.span, ValueFault::Word { name, word: word.text.to_owned(), known })
        }
        (ValueForm::Text | ValueForm::TextOr(_), Value::Word(word)) => {
            (word.span, ValueFault::NotQuoted { word: word.text.to_owned() })
        }
        (ValueForm::Word(known), Value::Text(text)) if known.contains(&text.raw) => {
            (text.span, ValueFault::Quoted { text: text.raw.to_owned() })
        }
        (
            ValueForm::Word(known),
            Value::Text(Text { span, raw: word, .. }) | Value::Word(Name { span, text: word }),
        ) => (*span, ValueFault::Word { name, word: (*word).to_owned(), known }),
    };
    Err(problems.refuse(value_problem(at, fault)))
}

fn value_problem(at: Span, fault: ValueFault) -> ValueProblem {
    ValueProblem { at, all: at, becomes: None, fault }
}

/// Checks a text that holds no `${}`; any other is left to those who need it.
fn check_literal<'t>(
    text: &Text<'t>,
    problems: &mut Problems,
    check: impl FnOnce(&Evaluated<'t>) -> Result<(), Problem>,
) -> Result<(), ErrorGuaranteed> {
    match text.stray_dollar {
        Some(refused) => Err(refused),
        None if text.interpolations.is_empty() => {
            check(&Evaluated::from_literal(text)).map_err(|problem| problems.refuse(problem))
        }
        None => Ok(()),
    }
}
