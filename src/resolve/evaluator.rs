//! The value of every name in one cluster.

mod mapping;
mod visible;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::setting::{IdentityOption, Setting};
use crate::model::{Controller, Platform, Provider};
use crate::problem::{NameProblem, Noun, SearchBudget};
use crate::resolve::cluster_layers::ClusterLayers;
use crate::resolve::definitions::{Definition, DefinitionKey, DefinitionValue};
use crate::resolve::identity::{Identifier, ResolvedIdentity, ResolvedValue, SameMeaning};
use crate::resolve::literals;
use crate::resolve::settings::{SettingValue, Typed};
use crate::resolve::unresolved::{Unresolved, both, collect_all};
use crate::resolve::values::Evaluated;
use crate::span::Span;
use crate::syntax::tree::{Identity, Interpolation, Name, Part, Text, Value};

/// How many values may interpolate one another. It bounds the stack.
const MOST_STEPS: usize = 64;
/// The longest text, in bytes. No cloud accepts a longer one.
const MOST_TEXT: usize = 4096;

/// The value of every name in one cluster, evaluated when it is first asked for.
///
/// Nothing is reported here: a value that cannot be had comes back as [`Unresolved`], which whoever needs the value reports.
pub struct Evaluator<'c, 't> {
    /// The cluster's name.
    pub name: Name<'t>,
    /// The cluster's platform.
    pub platform: Platform,
    /// The layers that the cluster sees.
    pub layers: ClusterLayers<'c, 't>,
    /// The controllers that are known not to be installed: what is mapped with a `?` gives them nothing.
    pub not_installed: BTreeSet<Controller>,
    known: BTreeMap<&'t str, Result<KnownValue<'t>, Unresolved>>,
    /// The values being evaluated, each with the interpolation that asked for it.
    open: Vec<(&'t str, Span)>,
    /// The steps that are left to look for names like unknown ones.
    searches: &'c SearchBudget,
}

/// A value, and where the source has it.
#[derive(Clone, Debug)]
pub struct Located<T> {
    pub value: T,
    /// Where it was written.
    pub at: Span,
}

/// A value that was evaluated.
#[derive(Clone)]
struct KnownValue<'t> {
    value: ResolvedValue<'t>,
    /// The value as a setting, if its name is that of one.
    setting: Option<SettingValue>,
}

impl<'c, 't> Evaluator<'c, 't> {
    /// The evaluator of one cluster.
    pub fn new(
        name: Name<'t>,
        platform: Platform,
        layers: ClusterLayers<'c, 't>,
        searches: &'c SearchBudget,
    ) -> Evaluator<'c, 't> {
        let (not_installed, known) = (BTreeSet::new(), BTreeMap::new());
        Evaluator { name, platform, layers, not_installed, known, open: Vec::new(), searches }
    }

    /// The value of a setting as it was written, and parsed; None if no statement sets it.
    ///
    /// # Errors
    /// The value is not one that the setting can have.
    pub fn setting(
        &mut self,
        setting: Setting,
    ) -> Result<Option<(ResolvedValue<'t>, Option<SettingValue>)>, Unresolved> {
        if self.layers.definitions(DefinitionKey::Value(setting.name())).is_empty() {
            return Ok(None);
        }
        let KnownValue { value, setting } = self.known_value(setting.name(), self.name.span)?;
        Ok(Some((value, setting)))
    }

    /// The parsed value of a setting; None if no statement sets it.
    ///
    /// # Errors
    /// The setting cannot have the value.
    pub fn typed<T>(&mut self, setting: &Typed<T>) -> Result<Option<Located<T>>, Unresolved> {
        Ok(self.setting(setting.setting)?.and_then(|(written, parsed)| {
            Some(Located { value: (setting.value)(parsed?)?, at: written.span() })
        }))
    }

    /// The text of `${name}`; `None` if the cluster has no text of that name.
    ///
    /// # Errors
    /// The name has a value, and the value is wrong.
    pub fn text_of(&mut self, name: &str) -> Result<Option<String>, Unresolved> {
        match name {
            "cluster" => return Ok(Some(self.name.text.to_owned())),
            "platform" => return Ok(Some(self.platform.name().to_owned())),
            _ => {}
        }
        let Some(DefinitionKey::Value(known)) = self.layers.known_key(&DefinitionKey::Value(name)) else {
            return Ok(default_in_text(name).map(str::to_owned));
        };
        if !is_known_in_text(known) {
            return Ok(None);
        }
        Ok(match self.value(known, self.name.span)? {
            ResolvedValue::Text(evaluated) => Some(evaluated.text.into_owned()),
            ResolvedValue::Word(_) => None,
        })
    }

    /// The identity of a role.
    ///
    /// # Errors
    /// The role is unknown, its identity is wrong, or profiles disagree.
    pub fn role(&mut self, name: Name<'t>) -> Result<ResolvedIdentity<'t>, Unresolved> {
        let identity =
            self.merge(DefinitionKey::Role(name.text), |this, definition| match definition.says {
                DefinitionValue::Role(identity) => this.identity(identity, name.span),
                DefinitionValue::Broken(error) => Err(error.into()),
                DefinitionValue::Value(_) | DefinitionValue::Mapping(_) => Err(this.unknown_role(name)),
            })?;
        identity.ok_or_else(|| self.unknown_role(name))
    }

    fn identity(
        &mut self,
        identity: &'t Identity<'t>,
        asked_at: Span,
    ) -> Result<ResolvedIdentity<'t>, Unresolved> {
        let provider = literals::resolve_provider(identity)?;
        let identifier = match &identity.value {
            Value::Text(text) => self.text(text).map(|text| Identifier::new(provider, text)),
            Value::Word(_) | Value::Broken(..) => {
                literals::check_direct(provider, &identity.value).map(|()| Identifier::Gcp(None))
            }
        };
        let options = identity.options.iter().flat_map(|options| options.list.nodes()).map(|binding| {
            let option = literals::resolve_option(provider, binding)?;
            Ok((option, self.written_value(&binding.value)?))
        });
        let mut by_option: BTreeMap<IdentityOption, ResolvedValue<'t>> = BTreeMap::new();
        let options = collect_all(options).map(|options| {
            for (option, value) in options {
                by_option.entry(option).or_insert(value);
            }
        });
        let (identifier, ()) = both(identifier, options)?;
        Ok(ResolvedIdentity { identifier, options: by_option, at: identity.span, asked_at })
    }

    fn written_value(&mut self, value: &'t Value<'t>) -> Result<ResolvedValue<'t>, Unresolved> {
        match value {
            Value::Text(text) => self.text(text).map(ResolvedValue::Text),
            Value::Word(word) => Ok(ResolvedValue::Word(*word)),
            Value::Broken(_, error) => Err((*error).into()),
        }
    }

    /// A text with its interpolations replaced.
    ///
    /// # Errors
    /// An interpolation has no value, or the text gets too long.
    pub fn text(&mut self, text: &'t Text<'t>) -> Result<Evaluated<'t>, Unresolved> {
        if let Some(error) = text.stray_dollar {
            return Err(error.into());
        }
        if text.interpolations.is_empty() {
            return Ok(Evaluated::from_literal(text));
        }
        let mut whole = String::new();
        collect_all(text.parts().map(|part| {
            match part {
                Part::Literal(literal) => whole.push_str(literal),
                Part::Hole(interpolation) => whole.push_str(&self.interpolation(interpolation)?.text),
            }
            Ok(())
        }))?;
        if whole.len() > MOST_TEXT {
            return Err(NameProblem::Boundless { at: text.span, is_long: true }.into());
        }
        Ok(Evaluated { text: Cow::Owned(whole), at: text.span })
    }

    fn interpolation(&mut self, interpolation: Interpolation<'t>) -> Result<Evaluated<'t>, Unresolved> {
        let name = interpolation.name;
        if let Some(begin) = self.open.iter().position(|(open, _)| *open == name.text) {
            let cycle = self.open.get(begin..).unwrap_or_default();
            let chain =
                cycle.iter().map(|(name, _)| (*name).to_owned()).chain([name.text.to_owned()]).collect();
            let steps = cycle.iter().map(|(_, at)| *at).collect();
            return Err(NameProblem::ValueCycle { at: interpolation.span, chain, steps }.into());
        }
        if self.open.len() >= MOST_STEPS {
            return Err(NameProblem::Boundless { at: interpolation.span, is_long: false }.into());
        }
        let builtin = match name.text {
            "cluster" => Some(self.name.text),
            "platform" => Some(self.platform.name()),
            _ => None,
        };
        if let Some(text) = builtin {
            return Ok(Evaluated { text: Cow::Borrowed(text), at: self.name.span });
        }
        let is_defined = !self.layers.definitions(DefinitionKey::Value(name.text)).is_empty();
        match default_in_text(name.text) {
            _ if is_defined && is_known_in_text(name.text) => {}
            Some(text) => return Ok(Evaluated { text: Cow::Borrowed(text), at: interpolation.span }),
            None => return Err(self.unknown_variable(name)),
        }
        match self.value(name.text, interpolation.span)? {
            ResolvedValue::Text(evaluated) => Ok(evaluated),
            ResolvedValue::Word(word) => {
                let (name, at) = (name.text.to_owned(), name.span);
                Err(NameProblem::NoText { at, name, word: word.text.to_owned(), set_at: word.span }.into())
            }
        }
    }

    fn value(&mut self, name: &'t str, asked_at: Span) -> Result<ResolvedValue<'t>, Unresolved> {
        self.known_value(name, asked_at).map(|known| known.value)
    }

    /// The value of a defined name. `asked_at`: the interpolation that uses it, else the cluster's name.
    fn known_value(&mut self, name: &'t str, asked_at: Span) -> Result<KnownValue<'t>, Unresolved> {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        self.open.push((name, asked_at));
        let merged = self.merge(DefinitionKey::Value(name), |this, definition| match definition.says {
            DefinitionValue::Value(value) => {
                literals::check_value_form(name, value)?;
                this.written_value(value)
            }
            DefinitionValue::Broken(error) => Err(error.into()),
            DefinitionValue::Role(_) | DefinitionValue::Mapping(_) => {
                Err(this.unknown_variable(Name { text: name, span: asked_at }))
            }
        });
        self.open.pop();
        let known = match merged {
            Ok(Some(value)) => KnownValue::parse(name, value),
            Ok(None) => Err(self.unknown_variable(Name { text: name, span: asked_at })),
            Err(unresolved) => Err(unresolved),
        };
        self.known.insert(name, known.clone());
        known
    }

    /// The one meaning of all definitions of a name that count; None if there are none.
    fn merge<T: SameMeaning>(
        &mut self,
        key: DefinitionKey<'t>,
        mut evaluate: impl FnMut(&mut Self, &Definition<'t>) -> Result<T, Unresolved>,
    ) -> Result<Option<T>, Unresolved> {
        let definitions = self.layers.definitions(key);
        // Most names are defined once, and every cluster asks for every name.
        if let [only] = &*definitions {
            return evaluate(self, only).map(Some);
        }
        let in_on = definitions.iter().any(|definition| definition.in_on);
        let evaluated = definitions.iter().map(|definition| Ok((definition.at, evaluate(self, definition)?)));
        let mut evaluated = collect_all(evaluated)?.into_iter();
        let Some((at, meaning)) = evaluated.next() else { return Ok(None) };
        for (other_at, other) in evaluated {
            if !meaning.means_same(&other) {
                let (noun, name) = (key.noun(), key.name().into_owned());
                let (one, other) = (meaning.display(), (other_at, other.display()));
                return Err(NameProblem::Disagreement { at, noun, name, in_on, one, other }.into());
            }
        }
        Ok(Some(meaning))
    }

    fn unknown_variable(&self, name: Name<'t>) -> Unresolved {
        let key = DefinitionKey::Value(name.text);
        if !is_known_in_text(name.text) {
            return NameProblem::NotForText { at: name.span, name: name.text.to_owned() }.into();
        }
        self.unknown(key.noun(), name, &key, || {
            let no_entry = self.layers.values.is_missing;
            if Setting::from_name(name.text).is_some_and(Setting::is_known_in_text) {
                return NameProblem::Unset { at: name.span, name: name.text.to_owned(), no_entry };
            }
            if no_entry {
                return NameProblem::NoEntry { at: name.span, name: name.text.to_owned() };
            }
            let near = self.nearest_value(name.text);
            self.unknown_or_misspelt(Noun::Variable, name, near, DefinitionKey::Value)
        })
    }

    fn unknown_role(&self, name: Name<'t>) -> Unresolved {
        self.unknown(Noun::Role, name, &DefinitionKey::Role(name.text), || {
            let near = if is_nothing(name.text) { Some("none") } else { self.nearest_role(name.text) };
            self.unknown_or_misspelt(Noun::Role, name, near, DefinitionKey::Role)
        })
    }

    /// A name without a definition. `near`: the name that is most like it. If that is defined for this cluster alone, and
    /// other clusters share the use, the definition is misspelt rather than the use.
    fn unknown_or_misspelt(
        &self,
        noun: Noun,
        name: Name<'t>,
        near: Option<&'t str>,
        key: impl FnOnce(&'t str) -> DefinitionKey<'t>,
    ) -> NameProblem {
        let own = near.and_then(|near| Some((near, self.layers.definition_for(&key(near), name.span)?)));
        let Some((near, (definition, in_block))) = own else {
            return NameProblem::unknown(noun, name.span, name.text, near, &[]);
        };
        let (at, name, near) = (name.span, name.text.to_owned(), near.to_owned());
        NameProblem::MisspeltDefinition { noun, at, name, near, defined: definition.at, in_block }
    }

    /// The problem of a name that is out of scope: with the place of its definition, if there is one elsewhere.
    fn unknown(
        &self,
        noun: Noun,
        name: Name<'t>,
        key: &DefinitionKey<'_>,
        unknown: impl FnOnce() -> NameProblem,
    ) -> Unresolved {
        if let Some(error) = self.layers.incomplete() {
            return error.into();
        }
        let (at, text) = (name.span, name.text.to_owned());
        if let Some((profiles, defined)) = self.definition_out_of_scope(key) {
            return NameProblem::OutOfSight { noun, at, name: text, profiles, defined }.into();
        }
        match self.layers.profiles.in_on(self.layers.all_files, key) {
            Some(defined) => {
                let platform = self.platform.name();
                NameProblem::OtherPlatform { noun, at, name: text, platform, defined }.into()
            }
            None => unknown().into(),
        }
    }

    /// Where a name is defined that this cluster cannot see: in which profiles, or at the top of another file.
    fn definition_out_of_scope(&self, key: &DefinitionKey<'_>) -> Option<(Vec<String>, Span)> {
        // A profile for clusters of another cloud is no help.
        let fits = |definition: &Definition<'t>| match definition.says {
            DefinitionValue::Role(identity) => {
                let provider = identity.provider.ok().and_then(|name| Provider::from_name(name.text));
                self.platform.native_provider().is_none_or(|native| provider == Some(native))
            }
            DefinitionValue::Value(_) | DefinitionValue::Mapping(_) | DefinitionValue::Broken(_) => true,
        };
        let profiles = self.layers.profiles.defining(self.layers.view, key, fits);
        if let Some((_, definition)) = profiles.first() {
            let mut names: Vec<String> = profiles.iter().map(|(name, _)| name.text.to_owned()).collect();
            // A profile defines a name twice if an `on` block of it does.
            names.dedup();
            return Some((names, definition.at));
        }
        self.layers.profiles.in_files(self.layers.all_files, key).map(|at| (Vec::new(), at))
    }
}

impl<'t> KnownValue<'t> {
    fn parse(name: &str, value: ResolvedValue<'t>) -> Result<KnownValue<'t>, Unresolved> {
        let setting = match Setting::from_name(name) {
            Some(setting) => SettingValue::parse(setting, &value)?,
            None => None,
        };
        Ok(KnownValue { value, setting })
    }
}

/// The text of a setting that no statement sets.
fn default_in_text(name: &str) -> Option<&'static str> {
    Setting::from_name(name).and_then(Setting::default_in_text)
}

/// True for a word that other languages have for `none`.
fn is_nothing(name: &str) -> bool {
    matches!(name.to_ascii_lowercase().as_str(), "none" | "null" | "nil" | "nothing" | "false" | "off" | "no")
}

/// True if an interpolation can use the name: a variable, or a setting that is text.
fn is_known_in_text(name: &str) -> bool {
    Setting::from_name(name).is_none_or(Setting::is_known_in_text)
}
