//! Definitions of one block or one file.

use std::borrow::Cow;

use crate::model::setting::Setting;
use crate::problem::{ErrorGuaranteed, NameProblem, Noun, Problems};
use crate::resolve::recipient::{AccountName, RecipientName};
use crate::span::Span;
use crate::syntax::tree::{Identity, Mapping, Value};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DefinitionKey<'t> {
    /// A setting or a variable; they share their names.
    Value(&'t str),
    Role(&'t str),
    /// What clouds trust a controller or a ServiceAccount with, and the overlay does not give it.
    Trust(RecipientName<'t>),
    /// What a controller or a ServiceAccount gets.
    Mapping(RecipientName<'t>),
}

/// A definition and the span of its name.
#[derive(Clone, Copy, Debug)]
pub struct Definition<'t> {
    pub at: Span,
    pub says: DefinitionValue<'t>,
    /// True if it is in an `on` block.
    pub in_on: bool,
    /// True for a controller with a `?`: it is mapped where it is installed.
    pub if_installed: bool,
}

#[derive(Clone, Copy, Debug)]
pub enum DefinitionValue<'t> {
    /// A setting's or a variable's value.
    Value(&'t Value<'t>),
    /// A role's identity.
    Role(&'t Identity<'t>),
    /// A mapping or a `trust` statement; all of its targets.
    Mapping(&'t Mapping<'t>),
    /// Something that cannot be read.
    Broken(ErrorGuaranteed),
}

/// The definitions of one block, or of one file, each name once, in the order of their keys. Most blocks define little.
#[derive(Debug, Default)]
pub struct Definitions<'t>(Vec<(DefinitionKey<'t>, Definition<'t>)>);

impl<'t> Definitions<'t> {
    /// Collects definitions in source order. Reports duplicate names; the first counts.
    pub fn from_statements(
        mut definitions: Vec<(DefinitionKey<'t>, Definition<'t>)>,
        problems: &mut Problems,
    ) -> Definitions<'t> {
        definitions.sort_by_key(|(key, _)| *key);
        definitions.dedup_by(|(key, again), (first_key, first)| {
            let is_again = key == first_key;
            if is_again {
                report_duplicate(key.noun(), &key.name(), again.at, first.at, problems);
            }
            is_again
        });
        Definitions(definitions)
    }

    /// Takes in those of names that are not there.
    pub fn add_missing(&mut self, definitions: impl Iterator<Item = (DefinitionKey<'t>, Definition<'t>)>) {
        let missing: Vec<_> = definitions.filter(|(key, _)| self.find(key).is_err()).collect();
        if !missing.is_empty() {
            self.0.extend(missing);
            // Equal ones keep their order: of those that are missing the first counts.
            self.0.sort_by_key(|(key, _)| *key);
            self.0.dedup_by_key(|(key, _)| *key);
        }
    }

    pub fn get(&self, key: &DefinitionKey<'_>) -> Option<&Definition<'t>> {
        self.find(key).ok().and_then(|at| self.0.get(at)).map(|(_, definition)| definition)
    }

    /// A name that is defined, as the source has it.
    pub fn known(&self, key: &DefinitionKey<'_>) -> Option<DefinitionKey<'t>> {
        self.find(key).ok().and_then(|at| self.0.get(at)).map(|(known, _)| *known)
    }

    /// The ServiceAccounts that are mapped, or trusted.
    pub fn accounts(&self) -> impl Iterator<Item = AccountName<'t>> {
        // Recipients are the last of all keys.
        let begin = self.0.partition_point(|(key, _)| key.recipient().is_none());
        self.0.iter().skip(begin).filter_map(|(key, _)| match key.recipient()? {
            RecipientName::Account(name) => Some(name),
            RecipientName::Controller(_) => None,
        })
    }

    pub fn iter(&self) -> impl Iterator<Item = (&DefinitionKey<'t>, &Definition<'t>)> {
        self.0.iter().map(|(key, definition)| (key, definition))
    }

    /// What they define.
    pub fn keys(&self) -> impl Iterator<Item = &DefinitionKey<'t>> {
        self.0.iter().map(|(key, _)| key)
    }

    fn find(&self, key: &DefinitionKey<'_>) -> Result<usize, usize> {
        self.0.binary_search_by_key(key, |(known, _)| *known)
    }
}

impl<'t> DefinitionKey<'t> {
    /// What kind of thing it is, as users call it.
    pub fn noun(self) -> Noun {
        match self {
            DefinitionKey::Value(name) if Setting::from_name(name).is_some() => Noun::Setting,
            DefinitionKey::Value(_) => Noun::Variable,
            DefinitionKey::Role(_) => Noun::Role,
            DefinitionKey::Trust(_) => Noun::Trust,
            DefinitionKey::Mapping(_) => Noun::Mapping,
        }
    }

    pub fn name(&self) -> Cow<'t, str> {
        match self {
            DefinitionKey::Value(name) | DefinitionKey::Role(name) => (*name).into(),
            DefinitionKey::Trust(recipient) | DefinitionKey::Mapping(recipient) => recipient.name(),
        }
    }

    /// The recipient of a mapping or a `trust` statement.
    pub const fn recipient(self) -> Option<RecipientName<'t>> {
        match self {
            DefinitionKey::Trust(recipient) | DefinitionKey::Mapping(recipient) => Some(recipient),
            DefinitionKey::Value(_) | DefinitionKey::Role(_) => None,
        }
    }
}

/// Reports a name that is defined a second time.
pub fn report_duplicate(noun: Noun, name: &str, at: Span, first: Span, problems: &mut Problems) {
    problems.report(NameProblem::DefinedTwice { noun, name: name.to_owned(), at, first });
}
