//! What a controller is given, as one cluster has it.

use std::collections::BTreeMap;

use crate::check::settings::IdentityOption;
use crate::check::values::Said;
use crate::model::Provider;
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
    /// Its provider.
    pub provider: Provider,
    /// What names it there.
    pub value: Said<'t>,
    /// Its options.
    pub options: BTreeMap<IdentityOption, Chosen<'t>>,
    /// The whole identity.
    pub at: Span,
    /// What the mapping says: the role's name, or the identity itself.
    pub asked_at: Span,
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
type Meaning<'g> = (Provider, &'g str, Vec<(IdentityOption, &'g str)>);

impl<'t> Mapped<'t> {
    /// What is given at a place. The order in which it is said, and how often, says nothing.
    pub fn new(at: Span, mut given: Vec<Given<'t>>) -> Mapped<'t> {
        given.sort_by(|one, other| one.meaning().cmp(&other.meaning()));
        given.dedup_by(|one, other| one.meaning() == other.meaning());
        Mapped { at, given }
    }
}

impl Given<'_> {
    fn meaning(&self) -> Meaning<'_> {
        let options = self.options.iter().map(|(option, chosen)| (*option, chosen.as_str())).collect();
        (self.provider, &self.value.text, options)
    }
}

impl Chosen<'_> {
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
        format!("`{} \"{}\"{options}`", self.provider.name(), self.value.text)
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
