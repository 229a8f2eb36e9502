//! What names mean in one cluster.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::check::layers::{Definition, Key, Layer, Says};
use crate::check::profiles::{Profiles, View};
use crate::check::settings::{IdentityOption, Setting};
use crate::check::values::{self, Said};
use crate::model::{Controller, Platform, Provider};
use crate::problem::{InCluster, NameProblem, Noun, Problem, Problems, nearest};
use crate::span::Span;
use crate::syntax::tree::{Hole, Identity, Name, Part, Target, Text, Value};

/// One cluster, and all that it sees.
pub struct Scope<'c, 't> {
    /// Its name.
    pub name: Name<'t>,
    /// Its platform.
    pub platform: Platform,
    /// Its own statements.
    pub own: &'c Layer<'t>,
    /// What it sees of the profiles.
    pub view: &'c View<'t>,
    /// The statements of its file.
    pub file: &'c Layer<'t>,
    /// All profiles, for those who look for a name in vain.
    pub profiles: &'c Profiles<'t>,
    /// Where problems go.
    pub problems: &'c mut Problems,
    /// Values that are known already; nothing for those that cannot be.
    known: BTreeMap<&'t str, Option<Chosen<'t>>>,
    /// The values that are being looked for, each with the `${}` that asked for it.
    open: Vec<(&'t str, Span)>,
}

/// An identity as one cluster has it. Two that say the same compare equal wherever they were written.
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

impl Chosen<'_> {
    fn as_str(&self) -> &str {
        match self {
            Chosen::Text(said) => &said.text,
            Chosen::Word(word) => word.text,
        }
    }
}

/// What an identity says, without the places.
type Meaning<'g> = (Provider, &'g str, Vec<(IdentityOption, &'g str)>);

impl Given<'_> {
    fn meaning(&self) -> Meaning<'_> {
        let options = self.options.iter().map(|(option, chosen)| (*option, chosen.as_str())).collect();
        (self.provider, &self.value.text, options)
    }
}

/// A place where something is said, and what is said there in the end.
type Heard<T> = (Span, T);

impl<'c, 't> Scope<'c, 't> {
    /// The scope of a cluster.
    pub fn new(
        (name, platform): (Name<'t>, Platform),
        (own, view, file): (&'c Layer<'t>, &'c View<'t>, &'c Layer<'t>),
        profiles: &'c Profiles<'t>,
        problems: &'c mut Problems,
    ) -> Scope<'c, 't> {
        let (known, open) = (BTreeMap::new(), Vec::new());
        Scope { name, platform, own, view, file, profiles, problems, known, open }
    }

    /// Reports a problem that shows in this cluster.
    pub fn report(&mut self, problem: impl Into<Problem>) {
        let cluster = InCluster { name: self.name.text.to_owned(), at: self.name.span };
        self.problems.push_in(problem, cluster);
    }

    /// Whether everything that this cluster could see was read.
    pub fn is_complete(&self) -> bool {
        self.view.complete && !self.own.broken && !self.file.broken
    }

    /// What is said of a name and not hidden: by the cluster, else by its profiles, else by its file.
    fn definitions(&self, key: Key<'t>) -> Vec<Definition<'t>> {
        let own = self.own.definitions.get(&key).map(std::slice::from_ref);
        let seen = own.or_else(|| self.view.definitions.get(&key).map(Vec::as_slice));
        let seen = seen.or_else(|| self.file.definitions.get(&key).map(std::slice::from_ref));
        seen.unwrap_or_default().to_vec()
    }

    /// Whether anything says the setting.
    pub fn says(&self, setting: Setting) -> bool {
        !self.definitions(Key::Value(setting.name())).is_empty()
    }

    /// The text of a setting, if something says it. Reports what is wrong with it.
    pub fn setting(&mut self, setting: Setting) -> Option<Said<'t>> {
        match self.choice(setting)? {
            Chosen::Text(said) => Some(said),
            Chosen::Word(_) => None,
        }
    }

    /// The text or the word of a setting, if something says it. Reports what is wrong with it.
    pub fn choice(&mut self, setting: Setting) -> Option<Chosen<'t>> {
        if self.says(setting) { self.value(setting.name(), None) } else { None }
    }

    /// The value of a name. Reports one that nothing gives, if a `${}` asks for it.
    fn value(&mut self, name: &'t str, asked_by: Option<Hole<'t>>) -> Option<Chosen<'t>> {
        let builtin = match name {
            "cluster" => Some(self.name.text),
            "platform" => Some(self.platform.name()),
            _ => None,
        };
        if let Some(text) = builtin {
            return Some(Chosen::Text(Said { text: Cow::Borrowed(text), at: self.name.span }));
        }
        if let Some(hole) = asked_by.filter(|_| !is_known_in_text(name)) {
            self.unknown_variable(hole.name);
            return None;
        }
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        if let Some(hole) = asked_by {
            if let Some(begin) = self.open.iter().position(|(open, _)| *open == name) {
                let circle = self.open.get(begin..).unwrap_or_default();
                let chain =
                    circle.iter().map(|(name, _)| (*name).to_owned()).chain([name.to_owned()]).collect();
                let steps = circle.iter().map(|(_, at)| *at).collect();
                self.report(NameProblem::ValueCycle { at: hole.span, chain, steps });
                return None;
            }
            if self.definitions(Key::Value(name)).is_empty() {
                self.unknown_variable(hole.name);
                let _new = self.known.insert(name, None);
                return None;
            }
        }
        self.open.push((name, asked_by.map_or(self.name.span, |hole| hole.span)));
        let chosen = self.settle(Key::Value(name), |scope, definition| scope.value_of(name, definition));
        let _this = self.open.pop();
        let chosen = match (chosen, Setting::from_name(name)) {
            (Some(Chosen::Text(said)), Some(setting)) => match values::setting(setting, &said) {
                Ok(()) => Some(Chosen::Text(said)),
                Err(problem) => {
                    self.report(problem);
                    None
                }
            },
            (chosen, _) => chosen,
        };
        let _new = self.known.insert(name, chosen.clone());
        chosen
    }

    /// The text of the name in a `${}`. Reports a name that has none.
    fn hole(&mut self, hole: Hole<'t>) -> Option<Said<'t>> {
        match self.value(hole.name.text, Some(hole))? {
            Chosen::Text(said) => Some(said),
            Chosen::Word(word) => {
                let (name, word, said) = (hole.name.text.to_owned(), word.text.to_owned(), word.span);
                self.report(NameProblem::NoText { at: hole.name.span, name, word, said });
                None
            }
        }
    }

    fn unknown_variable(&mut self, name: Name<'t>) {
        if !self.is_complete() {
            return;
        }
        let text = name.text.to_owned();
        if !is_known_in_text(name.text) {
            self.report(NameProblem::NotForText { at: name.span, name: text });
            return;
        }
        let key = Key::Value(name.text);
        if let Some((profile, definition)) = self.profiles.defining(&key) {
            let (profile, defined) = (profile.text.to_owned(), definition.at);
            self.report(NameProblem::OutOfSight {
                noun: key.noun(),
                at: name.span,
                name: text,
                profile,
                defined,
            });
            return;
        }
        if Setting::from_name(name.text).is_some_and(Setting::is_known_in_text) {
            self.report(NameProblem::Unset { at: name.span, name: text });
            return;
        }
        let nearest = nearest(name.text, self.visible_values()).map(str::to_owned);
        let noun = Noun::Variable;
        self.report(NameProblem::Unknown { noun, at: name.span, name: text, nearest, known: Vec::new() });
    }

    fn visible(&self) -> impl Iterator<Item = &Key<'t>> {
        self.own.definitions.keys().chain(self.view.definitions.keys()).chain(self.file.definitions.keys())
    }

    fn visible_values(&self) -> impl Iterator<Item = &'t str> {
        let values = self.visible().filter_map(|key| match key {
            Key::Value(name) if is_known_in_text(name) => Some(*name),
            Key::Value(_) | Key::Role(_) | Key::Mapping(_) => None,
        });
        values.chain(["cluster", "platform"])
    }

    fn visible_roles(&self) -> impl Iterator<Item = &'t str> {
        self.visible().filter_map(|key| match key {
            Key::Role(name) => Some(*name),
            Key::Value(_) | Key::Mapping(_) => None,
        })
    }

    /// What all that is said of a name comes to. Reports it if that is not one and the same.
    fn settle<T: Spoken>(
        &mut self,
        key: Key<'t>,
        hear: impl Fn(&mut Self, &Definition<'t>) -> Option<T>,
    ) -> Option<T> {
        let definitions = self.definitions(key);
        let heard: Vec<Option<Heard<T>>> = definitions
            .iter()
            .map(|definition| hear(self, definition).map(|said| (definition.at, said)))
            .collect();
        let heard: Vec<Heard<T>> = heard.into_iter().collect::<Option<Vec<_>>>()?;
        let mut heard = heard.into_iter();
        let (at, said) = heard.next()?;
        for (other_at, other) in heard {
            if !said.says_the_same(&other) {
                let (noun, name) = (key.noun(), key.name().to_owned());
                let (one, other) = ((at, said.spoken()), (other_at, other.spoken()));
                self.report(NameProblem::Disagreement { noun, name, one, other });
                return None;
            }
        }
        Some(said)
    }

    /// A word that does not belong there was reported where it stands.
    fn value_of(&mut self, name: &str, definition: &Definition<'t>) -> Option<Chosen<'t>> {
        match definition.says {
            Says::Value(Value::Text(text)) => self.text(text).map(Chosen::Text),
            Says::Value(Value::Word(word)) => {
                let belongs = Setting::from_name(name).is_some_and(|setting| setting.form().has(word.text));
                belongs.then_some(Chosen::Word(*word))
            }
            Says::Value(Value::Broken(_)) | Says::Role(_) | Says::Mapping(_) | Says::Broken => None,
        }
    }

    /// A text with its `${}` put in.
    fn text(&mut self, text: &'t Text<'t>) -> Option<Said<'t>> {
        if text.stray_dollar {
            return None;
        }
        if text.holes.is_empty() {
            return Some(Said::verbatim(text));
        }
        let mut whole = Some(String::new());
        for part in text.parts() {
            let part = match part {
                Part::Literal(literal) => Some(Cow::Borrowed(literal)),
                // All are asked for, so that all that are missing are reported.
                Part::Hole(hole) => self.hole(hole).map(|said| said.text),
            };
            whole = whole.zip(part).map(|(whole, part)| whole + &part);
        }
        whole.map(|whole| Said { text: Cow::Owned(whole), at: text.span })
    }

    /// What a controller gets: nothing if nothing says so, or if what is said cannot be known.
    pub fn mapping(&mut self, controller: Controller) -> Option<Vec<Given<'t>>> {
        self.settle(Key::Mapping(controller), Scope::mapping_of)
    }

    /// The identities of a mapping, each once, in the order of their meaning.
    fn mapping_of(&mut self, definition: &Definition<'t>) -> Option<Vec<Given<'t>>> {
        let Says::Mapping(mapping) = definition.says else { return None };
        let heard: Vec<Option<Given<'t>>> = mapping
            .targets
            .nodes()
            .filter(|target| !matches!(target, Target::Role(name) if name.text == "none"))
            .map(|target| match target {
                Target::Role(name) => self.role(*name),
                Target::Identity(identity) => self.identity(identity, identity.span),
            })
            .collect();
        let mut given: Vec<Given<'t>> = heard.into_iter().collect::<Option<Vec<_>>>()?;
        given.sort_by(|one, other| one.meaning().cmp(&other.meaning()));
        given.dedup_by(|one, other| one.meaning() == other.meaning());
        Some(given)
    }

    fn role(&mut self, name: Name<'t>) -> Option<Given<'t>> {
        let key = Key::Role(name.text);
        if self.definitions(key).is_empty() {
            self.unknown_role(name);
            return None;
        }
        self.settle(key, |scope, definition| match definition.says {
            Says::Role(identity) => scope.identity(identity, name.span),
            Says::Value(_) | Says::Mapping(_) | Says::Broken => None,
        })
    }

    fn unknown_role(&mut self, name: Name<'t>) {
        if !self.is_complete() {
            return;
        }
        let text = name.text.to_owned();
        if let Some((profile, definition)) = self.profiles.defining(&Key::Role(name.text)) {
            let (profile, defined) = (profile.text.to_owned(), definition.at);
            self.report(NameProblem::OutOfSight {
                noun: Noun::Role,
                at: name.span,
                name: text,
                profile,
                defined,
            });
            return;
        }
        let nearest = nearest(name.text, self.visible_roles()).map(str::to_owned);
        self.report(NameProblem::Unknown {
            noun: Noun::Role,
            at: name.span,
            name: text,
            nearest,
            known: Vec::new(),
        });
    }

    /// An identity as this cluster has it. What is wrong with its words was reported where it stands.
    fn identity(&mut self, identity: &'t Identity<'t>, asked_at: Span) -> Option<Given<'t>> {
        let provider = Provider::from_name(identity.provider?.text)?;
        let value = match &identity.value {
            Value::Text(text) => self.text(text),
            Value::Word(_) | Value::Broken(_) => None,
        };
        let mut options = BTreeMap::new();
        let mut complete = true;
        for binding in identity.options.iter().flat_map(|options| options.list.nodes()) {
            let known = IdentityOption::of(provider).iter().find(|known| known.name() == binding.name.text);
            let chosen = match &binding.value {
                Value::Text(text) => self.text(text).map(Chosen::Text),
                Value::Word(word) => Some(Chosen::Word(*word)),
                Value::Broken(_) => None,
            };
            match known.zip(chosen) {
                Some((option, chosen)) => {
                    let _first = options.entry(*option).or_insert(chosen);
                }
                None => complete = false,
            }
        }
        value.filter(|_| complete).map(|value| Given {
            provider,
            value,
            options,
            at: identity.span,
            asked_at,
        })
    }
}

/// Whether a `${}` may name it: a variable, or a setting that holds text.
fn is_known_in_text(name: &str) -> bool {
    Setting::from_name(name).is_none_or(Setting::is_known_in_text)
}

/// What several definitions can say of one name.
trait Spoken {
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
        quoted(self.as_str())
    }
}

impl Spoken for Given<'_> {
    fn says_the_same(&self, other: &Self) -> bool {
        self.meaning() == other.meaning()
    }

    fn spoken(&self) -> String {
        let options: Vec<String> = self
            .options
            .iter()
            .map(|(option, chosen)| format!("{} = {}", option.name(), chosen.as_str()))
            .collect();
        let options =
            if options.is_empty() { String::new() } else { format!(" {{ {} }}", options.join(", ")) };
        format!("`{} \"{}\"{options}`", self.provider.name(), self.value.text)
    }
}

impl Spoken for Vec<Given<'_>> {
    fn says_the_same(&self, other: &Self) -> bool {
        self.iter().map(Given::meaning).eq(other.iter().map(Given::meaning))
    }

    fn spoken(&self) -> String {
        if self.is_empty() {
            return "`none`".to_owned();
        }
        let all: Vec<String> = self.iter().map(Spoken::spoken).collect();
        all.join(" and ")
    }
}

fn quoted(text: &str) -> String {
    format!("`{text}`")
}
