//! What a controller is identities, as one cluster has it.

use std::collections::BTreeMap;

use crate::model::Provider;
use crate::model::setting::IdentityOption;
use crate::resolve::values::Evaluated;
use crate::span::Span;
use crate::syntax::notation;
use crate::syntax::tree::Name;

/// The resolved identities of a controller, with their spans.
#[derive(Clone, Debug)]
pub struct ResolvedMapping<'t> {
    /// Where the controller is named.
    pub at: Span,
    /// The identities, each once, in the order of their meaning; none for `none`.
    pub identities: Vec<ResolvedIdentity<'t>>,
}

/// An identity as one cluster has it.
#[derive(Clone, Debug)]
pub struct ResolvedIdentity<'t> {
    /// Whose it is, and what names it there.
    pub identifier: Identifier<'t>,
    pub options: BTreeMap<IdentityOption, ResolvedValue<'t>>,
    /// The whole identity.
    pub at: Span,
    /// The target of the mapping: the name of the role, or the inline identity.
    pub asked_at: Span,
}

/// What names an identity at its provider.
#[derive(Clone, Debug)]
pub enum Identifier<'t> {
    /// The ARN of an IAM role.
    Aws(Evaluated<'t>),
    /// The client id of a managed identity.
    Azure(Evaluated<'t>),
    /// The address of a Google service account; nothing for `direct`.
    Gcp(Option<Evaluated<'t>>),
}

/// The value of an option, a setting or a variable.
#[derive(Clone, Debug)]
pub enum ResolvedValue<'t> {
    /// Text in quotes.
    Text(Evaluated<'t>),
    Word(Name<'t>),
}

/// An identity without spans.
type IdentityMeaning<'g> = (Provider, Option<&'g str>, Vec<(IdentityOption, &'g str)>);

impl<'t> ResolvedMapping<'t> {
    /// The identities of a mapping. Their order and duplicates have no meaning.
    pub fn new(at: Span, mut identities: Vec<ResolvedIdentity<'t>>) -> ResolvedMapping<'t> {
        identities.sort_by(|one, other| one.meaning().cmp(&other.meaning()));
        identities.dedup_by(|one, other| one.meaning() == other.meaning());
        ResolvedMapping { at, identities }
    }
}

impl ResolvedIdentity<'_> {
    pub fn provider(&self) -> Provider {
        self.identifier.provider()
    }

    /// What names the identity in its cloud, as a `CloudIdentity` shows it.
    pub fn name(&self) -> &str {
        self.identifier.text().unwrap_or("gcp direct")
    }

    /// The identity as a source would write it, without interpolations.
    pub fn notation(&self) -> String {
        let options = self.options.iter().map(|(option, value)| {
            let value = match value {
                ResolvedValue::Text(text) => notation::Value::Text(&text.text),
                ResolvedValue::Word(word) => notation::Value::Word(word.text),
            };
            (option.name(), value)
        });
        notation::identity(self.provider().name(), self.identifier.text(), options)
    }

    fn meaning(&self) -> IdentityMeaning<'_> {
        let options = self.options.iter().map(|(option, chosen)| (*option, chosen.as_str())).collect();
        (self.provider(), self.identifier.text(), options)
    }
}

impl<'t> Identifier<'t> {
    /// What a text names at its provider.
    pub fn new(provider: Provider, text: Evaluated<'t>) -> Identifier<'t> {
        match provider {
            Provider::Aws => Identifier::Aws(text),
            Provider::Azure => Identifier::Azure(text),
            Provider::Gcp => Identifier::Gcp(Some(text)),
        }
    }

    fn provider(&self) -> Provider {
        match self {
            Identifier::Aws(_) => Provider::Aws,
            Identifier::Azure(_) => Provider::Azure,
            Identifier::Gcp(_) => Provider::Gcp,
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Identifier::Aws(text) | Identifier::Azure(text) | Identifier::Gcp(Some(text)) => Some(&text.text),
            Identifier::Gcp(None) => None,
        }
    }
}

impl ResolvedValue<'_> {
    /// Where it was written.
    pub fn span(&self) -> Span {
        match self {
            ResolvedValue::Text(text) => text.at,
            ResolvedValue::Word(word) => word.span,
        }
    }

    fn as_str(&self) -> &str {
        match self {
            ResolvedValue::Text(text) => &text.text,
            ResolvedValue::Word(word) => word.text,
        }
    }
}

/// Values of definitions that can be compared.
pub trait SameMeaning {
    /// True if both have the same meaning, independent of their spans.
    fn means_same(&self, other: &Self) -> bool;
    /// How it is shown where two of them disagree.
    fn display(&self) -> String;
}

impl SameMeaning for ResolvedValue<'_> {
    fn means_same(&self, other: &Self) -> bool {
        match (self, other) {
            (ResolvedValue::Text(one), ResolvedValue::Text(other)) => one.text == other.text,
            (ResolvedValue::Word(one), ResolvedValue::Word(other)) => one.text == other.text,
            (ResolvedValue::Text(_), ResolvedValue::Word(_))
            | (ResolvedValue::Word(_), ResolvedValue::Text(_)) => false,
        }
    }

    fn display(&self) -> String {
        format!("`{}`", self.as_str())
    }
}

impl SameMeaning for ResolvedIdentity<'_> {
    fn means_same(&self, other: &Self) -> bool {
        self.meaning() == other.meaning()
    }

    fn display(&self) -> String {
        format!("`{}`", self.notation())
    }
}

impl SameMeaning for ResolvedMapping<'_> {
    fn means_same(&self, other: &Self) -> bool {
        self.identities
            .iter()
            .map(ResolvedIdentity::meaning)
            .eq(other.identities.iter().map(ResolvedIdentity::meaning))
    }

    fn display(&self) -> String {
        if self.identities.is_empty() {
            return "`none`".to_owned();
        }
        let all: Vec<String> = self.identities.iter().map(SameMeaning::display).collect();
        all.join(" and ")
    }
}
