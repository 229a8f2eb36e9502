//! Checks of values that do not depend on a cluster.
//!
//! Text without interpolations is checked here; text with them is checked in each cluster that needs it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::model::setting::{IdentityOption, Setting, ValueForm};
use crate::model::{LocalPath, Platform, Provider, TargetField};
use crate::problem::{
    NameProblem, Noun, PassedFault, PassedProblem, Problem, ValueFault, ValueProblem, nearest,
};
use crate::resolve::identity::ResolvedValue;
use crate::resolve::settings::SettingValue;
use crate::resolve::unresolved::{Unresolved, both, collect_all};
use crate::resolve::values::{self, Evaluated};
use crate::span::Span;
use crate::syntax::tree::{Binding, Identity, Name, Options, Passthrough, Text, Value};

pub fn check_setting(setting: Setting, value: &Value<'_>) -> Result<(), Unresolved> {
    check_form(setting.name(), setting.form(), value)?;
    match value {
        Value::Text(text) if setting.is_of_fleet() && !text.interpolations.is_empty() => {
            Err(value_problem(text.span, ValueFault::FleetPath).into())
        }
        Value::Text(text) => check_literal(text, |value| {
            SettingValue::parse(setting, &ResolvedValue::Text(value.clone())).map(drop)
        }),
        Value::Word(_) => Ok(()),
        Value::Broken(_, refused) => Err((*refused).into()),
    }
}

/// The value of a setting of the whole fleet, if it is right.
pub fn fleet_setting(setting: Setting, value: &Value<'_>) -> Option<SettingValue> {
    let value = match value {
        Value::Text(text) if text.interpolations.is_empty() => {
            ResolvedValue::Text(Evaluated::from_literal(text))
        }
        Value::Word(word) => ResolvedValue::Word(*word),
        Value::Text(_) | Value::Broken(..) => return None,
    };
    SettingValue::parse(setting, &value).ok().flatten()
}

/// Checks the form of the value of a setting or a variable.
pub fn check_value_form(name: &str, value: &Value<'_>) -> Result<(), Unresolved> {
    match Setting::from_name(name) {
        Some(setting) => check_form(setting.name(), setting.form(), value),
        None => check_form("let", ValueForm::Text, value),
    }
}

/// Checks the reason of an `allow`: it is required, and text.
pub fn check_reason(value: &Value<'_>) -> Result<(), Unresolved> {
    check_form("allow", ValueForm::Text, value)?;
    match value {
        Value::Text(text) if text.raw.trim().is_empty() => {
            Err(value_problem(text.span, ValueFault::NoReason).into())
        }
        Value::Text(_) | Value::Word(_) | Value::Broken(..) => Ok(()),
    }
}

/// Checks an identity: its provider, its options, and what of it holds no `${}`.
pub fn check_identity(identity: &Identity<'_>) -> Result<(), Unresolved> {
    let provider = resolve_provider(identity)?;
    let value = match &identity.value {
        Value::Text(text) => check_literal(text, |value| values::check_identity(provider, value)),
        Value::Word(_) | Value::Broken(..) => check_direct(provider, &identity.value),
    };
    let mut seen = BTreeMap::new();
    let bindings = identity.options.iter().flat_map(|options| options.list.nodes());
    let options = collect_all(bindings.map(|binding| {
        both(check_first(Noun::Option, binding.name, &mut seen), resolve_option(provider, binding))
    }));
    both(value, options).map(drop)
}

/// Checks the path and the target of a `resource`, a `component` or a `patch`, unless they contain `${}`.
pub fn check_passthrough(statement: &Passthrough<'_>) -> Result<(), Unresolved> {
    let path = match &statement.path {
        Value::Text(text) => {
            check_literal(text, |value| values::parse_local_path(value, &LocalPath::default()).map(drop))
        }
        Value::Word(word) => {
            let word = ValueFault::NotQuoted { word: word.text.to_owned() };
            Err(value_problem(statement.path.span(), word).into())
        }
        Value::Broken(_, refused) => Err((*refused).into()),
    };
    both(statement.options.as_ref().map_or(Ok(()), |target| check_target(target)), path).map(drop)
}

/// Checks the target of a patch: its fields, and what of them holds no `${}`.
pub fn check_target(options: &Options<'_>) -> Result<(), Unresolved> {
    let mut seen = BTreeMap::new();
    if options.list.items.is_empty() {
        let fault = PassedFault::TargetOfEverything;
        return Err(PassedProblem::new(options.span, fault).into());
    }
    collect_all(
        options.list.nodes().map(|binding| {
            both(check_first(Noun::Field, binding.name, &mut seen), check_target_field(binding))
        }),
    )
    .map(drop)
}

fn check_target_field(binding: &Binding<'_, Value<'_>>) -> Result<(), Unresolved> {
    let name = binding.name;
    let Some(field) = TargetField::from_name(name.text) else {
        let known = TargetField::ALL.map(TargetField::name);
        let begins = || known.into_iter().find(|field| field.starts_with(name.text.trim_end_matches('s')));
        let near = nearest(name.text, known).or_else(begins);
        return Err(NameProblem::unknown(Noun::Field, name.span, name.text, near, &known).into());
    };
    check_form(field.name(), ValueForm::Text, &binding.value)?;
    match &binding.value {
        Value::Text(text) => check_literal(text, |value| values::check_target_field(field, value)),
        Value::Word(_) => Ok(()),
        Value::Broken(_, refused) => Err((*refused).into()),
    }
}

/// Refuses an option or a field that is there already.
fn check_first<'t>(noun: Noun, name: Name<'t>, seen: &mut BTreeMap<&'t str, Span>) -> Result<(), Unresolved> {
    match seen.entry(name.text) {
        Entry::Occupied(first) => {
            let (at, first, name) = (name.span, *first.get(), name.text.to_owned());
            Err(NameProblem::DefinedTwice { noun, name, at, first }.into())
        }
        Entry::Vacant(free) => {
            free.insert(name.span);
            Ok(())
        }
    }
}

pub fn resolve_provider(identity: &Identity<'_>) -> Result<Provider, Unresolved> {
    let name = identity.provider?;
    Provider::from_name(name.text).ok_or_else(|| {
        let providers = Provider::ALL.map(Provider::name);
        let near = provider_for_word(name.text).or_else(|| nearest(name.text, providers));
        NameProblem::unknown(Noun::Provider, name.span, name.text, near, &providers).into()
    })
}

/// Checks an identity that is not named by text: it is `gcp direct`.
pub fn check_direct(provider: Provider, value: &Value<'_>) -> Result<(), Unresolved> {
    match value {
        Value::Word(word) if provider == Provider::Gcp && word.text == "direct" => Ok(()),
        Value::Text(Text { span, raw: word, .. }) | Value::Word(Name { span, text: word }) => {
            let word = (*word).to_owned();
            // What would be right in quotes has lost them.
            let value = Evaluated { text: Cow::Borrowed(word.as_str()), at: *span };
            let fault = if values::check_identity(provider, &value).is_ok() || word.contains("${") {
                ValueFault::NotQuoted { word }
            } else {
                ValueFault::NotNamedByText { provider, word }
            };
            Err(value_problem(*span, fault).into())
        }
        Value::Broken(_, refused) => Err((*refused).into()),
    }
}

/// The provider that people mean by the name of its platform or of its company.
fn provider_for_word(word: &str) -> Option<&'static str> {
    let by_company = || match word {
        "amazon" | "iam" => Some(Provider::Aws),
        "microsoft" | "entra" => Some(Provider::Azure),
        "google" | "gcloud" => Some(Provider::Gcp),
        _ => None,
    };
    let by_platform = Platform::from_name(word).and_then(Platform::native_provider);
    by_platform.or_else(by_company).map(Provider::name)
}

pub fn resolve_option(
    provider: Provider,
    binding: &Binding<'_, Value<'_>>,
) -> Result<IdentityOption, Unresolved> {
    let (name, options) = (binding.name, IdentityOption::for_provider(provider));
    let Some(option) = options.iter().copied().find(|known| known.name() == name.text) else {
        let known: Vec<&'static str> = options.iter().map(|known| known.name()).collect();
        let near = nearest(name.text, known.iter().copied());
        return Err(NameProblem::unknown(Noun::Option, name.span, name.text, near, &known).into());
    };
    check_form(option.name(), option.form(), &binding.value)?;
    match &binding.value {
        Value::Text(text) => {
            check_literal(text, |value| values::check_option(provider, option, value))?;
        }
        Value::Word(_) => {}
        Value::Broken(_, refused) => return Err((*refused).into()),
    }
    Ok(option)
}

/// Checks the form of a value: text in quotes, a word without.
fn check_form(name: &'static str, form: ValueForm, value: &Value<'_>) -> Result<(), Unresolved> {
    let (at, fault) = match (form, value) {
        (_, Value::Broken(_, refused)) => return Err((*refused).into()),
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
    Err(value_problem(at, fault).into())
}

fn value_problem(at: Span, fault: ValueFault) -> ValueProblem {
    ValueProblem { at, all: at, becomes: None, fault }
}

/// Checks a text that holds no `${}`; any other is left to those who need it.
fn check_literal<'t>(
    text: &Text<'t>,
    check: impl FnOnce(&Evaluated<'t>) -> Result<(), Problem>,
) -> Result<(), Unresolved> {
    match text.stray_dollar {
        Some(error) => Err(error.into()),
        None if text.interpolations.is_empty() => {
            check(&Evaluated::from_literal(text)).map_err(Unresolved::from)
        }
        None => Ok(()),
    }
}
