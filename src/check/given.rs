//! What a controller is given, as one cluster has it.

use std::collections::BTreeMap;

use crate::check::values::Said;
use crate::model::Provider;
use crate::model::setting::IdentityOption;
use crate::span::Span;
use crate::syntax::tree::Name;

/// What a controller is given, and where that is said.
#[derive(Clone, Debug)]
pub struct Mapped<'t> {
    /// Where the controller is named.
    pub at: Span,
    /// The identities, each once, in the order of their meaning; none for `none`.
    pub given: Vec<Given<'t>>,
}

/// An identity as one cluster has it.
#[derive(Clone, Debug)]
pub struct Given<'t> {
    /// Whose it is, and what names it there.
    pub identifier: Identifier<'t>,
    /// Its options.
    pub options: BTreeMap<IdentityOption, Chosen<'t>>,
    /// The whole identity.
    pub at: Span,
    /// What the mapping says: the role's name, or the identity itself.
    pub asked_at: Span,
}

/// What names an identity at its provider.
#[derive(Clone, Debug)]
pub enum Identifier<'t> {
    /// The ARN of an IAM role.
    Aws(Said<'t>),
    /// The client id of a managed identity.
    Azure(Said<'t>),
    /// The address of a Google service account; nothing for `direct`.
    Gcp(Option<Said<'t>>),
}

/// The value of an option, a setting or a variable.
#[derive(Clone, Debug)]
pub enum Chosen<'t> {
    /// Text in quotes.
    Text(Said<'t>),
    /// A word.
    Word(Name<'t>),
}

/// What an identity says, without the places.
type Meaning<'g> = (Provider, Option<&'g str>, Vec<(IdentityOption, &'g str)>);

impl<'t> Mapped<'t> {
    /// What is given at a place. The order in which it is said, and how often, says nothing.
    pub fn new(at: Span, mut given: Vec<Given<'t>>) -> Mapped<'t> {
        given.sort_by(|one, other| one.meaning().cmp(&other.meaning()));
        given.dedup_by(|one, other| one.meaning() == other.meaning());
        Mapped { at, given }
    }
}

impl Given<'_> {
    /// Its provider.
    pub fn provider(&self) -> Provider {
        self.identifier.provider()
    }

    fn meaning(&self) -> Meaning<'_> {
        let options = self.options.iter().map(|(option, chosen)| (*option, chosen.as_str())).collect();
        (self.provider(), self.identifier.text(), options)
    }
}

impl<'t> Identifier<'t> {
    /// What a text names at its provider.
    pub fn new(provider: Provider, text: Said<'t>) -> Identifier<'t> {
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
            Identifier::Aws(said) | Identifier::Azure(said) | Identifier::Gcp(Some(said)) => Some(&said.text),
            Identifier::Gcp(None) => None,
        }
    }
}

impl Chosen<'_> {
    /// Where it was written.
    pub fn span(&self) -> Span {
        match self {
            Chosen::Text(said) => said.at,
            Chosen::Word(word) => word.span,
        }
    }

    fn as_str(&self) -> &str {
        match self {
            Chosen::Text(said) => &said.text,
            Chosen::Word(word) => word.text,
        }
    }
}

/// What several definitions can say of one name.
pub trait Spoken {
    /// Whether both say the same, wherever they were written.
    fn says_the_same(&self, other: &Self) -> bool;
    /// How it is shown where two of them disagree.
    fn spoken(&self) -> String;
}

impl Spoken for Chosen<'_> {
    fn says_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Chosen::Text(one), Chosen::Text(other)) => one.text == other.text,
            (Chosen::Word(one), Chosen::Word(other)) => one.text == other.text,
            (Chosen::Text(_), Chosen::Word(_)) | (Chosen::Word(_), Chosen::Text(_)) => false,
        }
    }

    fn spoken(&self) -> String {
        format!("`{}`", self.as_str())
    }
}

impl Spoken for Given<'_> {
    fn says_the_same(&self, other: &Self) -> bool {
        self.meaning() == other.meaning()
    }

    fn spoken(&self) -> String {
        let say = |(option, chosen): (&IdentityOption, &Chosen<'_>)| {
            format!("{} = {}", option.name(), chosen.as_str())
        };
        let options: Vec<String> = self.options.iter().map(say).collect();
        let options =
            if options.is_empty() { String::new() } else { format!(" {{ {} }}", options.join(", ")) };
        let provider = self.provider().name();
        match self.identifier.text() {
            Some(text) => format!("`{provider} \"{text}\"{options}`"),
            None => format!("`{provider} direct`"),
        }
    }
}

impl Spoken for Mapped<'_> {
    fn says_the_same(&self, other: &Self) -> bool {
        self.given.iter().map(Given::meaning).eq(other.given.iter().map(Given::meaning))
    }

    fn spoken(&self) -> String {
        if self.given.is_empty() {
            return "`none`".to_owned();
        }
        let all: Vec<String> = self.given.iter().map(Spoken::spoken).collect();
        all.join(" and ")
    }
}
