//! What names mean in one cluster.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::check::definitions::{Definition, DefinitionKey, DefinitionValue};
use crate::check::identity::{Identifier, ResolvedIdentity, ResolvedMapping, ResolvedValue, SameMeaning};
use crate::check::layers::Layer;
use crate::check::literals;
use crate::check::passthrough::PassthroughStatement;
use crate::check::profiles::{ProfileView, Profiles};
use crate::check::recipient::{AccountName, Recipient};
use crate::check::values::{self, Evaluated};
use crate::model::setting::{IdentityOption, Setting};
use crate::model::{Platform, Provider};
use crate::problem::{ErrorGuaranteed, InCluster, NameProblem, Noun, Problem, Problems, Report, nearest};
use crate::span::Span;
use crate::syntax::tree::{Identity, Interpolation, Name, Part, Target, Text, Value};

/// How many values one may go through. Nobody reads a longer way, and the stack is not without end.
const MOST_STEPS: usize = 64;
/// What most texts have room in, in bytes.
const ROOM: usize = 64;
/// The longest text, in bytes. Nothing that a cloud takes is longer.
const MOST_TEXT: usize = 4096;

/// One cluster, and all that it sees.
///
/// What is asked of it and cannot be answered is reported, and the proof of that comes back.
pub struct Scope<'c, 't> {
    /// Its name.
    pub name: Name<'t>,
    /// Its platform.
    pub platform: Platform,
    /// Where that is named.
    pub platform_at: Span,
    /// What it sees, the nearest first.
    layers: Layers<'c, 't>,
    /// Where problems go.
    pub problems: &'c mut Problems,
    /// Values that were looked for already.
    known: BTreeMap<&'t str, Result<ResolvedValue<'t>, ErrorGuaranteed>>,
    /// The values that are being looked for, each with the `${}` that asked for it.
    open: Vec<(&'t str, Span)>,
}

/// What one cluster sees, the nearest first.
#[derive(Clone, Copy)]
pub struct Layers<'c, 't> {
    /// Its own statements.
    pub own: &'c Layer<'t>,
    /// All profiles.
    pub profiles: &'c Profiles<'t>,
    /// What it sees of them.
    pub view: &'c ProfileView<'t>,
    /// The statements of its file.
    pub file: Option<&'c Layer<'t>>,
    /// The statements of all files, the root file's first, for the message about a name that the cluster cannot see.
    pub all_files: &'c [Layer<'t>],
}

impl<'c, 't> Layers<'c, 't> {
    fn files(self) -> impl Iterator<Item = &'c Layer<'t>> {
        self.file.into_iter().chain(self.all_files.first())
    }

    /// What is said of a name and not hidden: by the cluster, else by its profiles, else by its file, else by the root.
    pub fn definitions(self, key: DefinitionKey<'t>) -> Cow<'c, [Definition<'t>]> {
        if let Some(own) = self.own.definitions.get(&key) {
            return Cow::Borrowed(std::slice::from_ref(own));
        }
        let seen = self.profiles.definitions(self.view, &key);
        if !seen.is_empty() {
            return seen;
        }
        let in_files = self.files().find_map(|file| file.definitions.get(&key));
        Cow::Borrowed(in_files.map(std::slice::from_ref).unwrap_or_default())
    }

    /// A key that something says and that is not hidden, as the source has it.
    fn known_key(self, key: &DefinitionKey<'_>) -> Option<DefinitionKey<'t>> {
        let seen = || self.profiles.known_key(self.view, key);
        let in_files = || self.files().find_map(|file| file.definitions.known(key));
        self.own.definitions.known(key).or_else(seen).or_else(in_files)
    }

    /// All that is said; a name comes up wherever it is.
    fn keys(self) -> impl Iterator<Item = &'c DefinitionKey<'t>> {
        let near = self.own.definitions.keys().chain(self.profiles.keys(self.view));
        near.chain(self.files().flat_map(|file| file.definitions.keys()))
    }
}

impl<'c, 't> Scope<'c, 't> {
    /// The scope of a cluster.
    pub fn new(
        name: Name<'t>,
        (platform, platform_at): (Platform, Span),
        layers: Layers<'c, 't>,
        problems: &'c mut Problems,
    ) -> Scope<'c, 't> {
        let (known, open) = (BTreeMap::new(), Vec::new());
        Scope { name, platform, platform_at, layers, problems, known, open }
    }

    /// This cluster, for problems that show in it.
    pub fn in_cluster(&self) -> InCluster {
        InCluster { name: self.name.text.to_owned(), at: self.name.span }
    }

    /// Reports an error that shows in this cluster.
    pub fn refuse(&mut self, problem: impl Into<Problem>) -> ErrorGuaranteed {
        let cluster = self.in_cluster();
        self.problems.refuse(Report::in_cluster(problem, cluster))
    }

    /// Reports a warning that shows in this cluster.
    pub fn warn(&mut self, problem: impl Into<Problem>) {
        let cluster = self.in_cluster();
        self.problems.report(Report::in_cluster(problem, cluster));
    }

    /// Reports a problem whose place is this cluster's name.
    pub fn report_on_cluster(&mut self, problem: impl Into<Problem>) {
        let cluster = self.in_cluster();
        self.problems.report(Report::naming(problem, vec![cluster]));
    }

    /// Why not everything that this cluster could see is known, if it is not. What is missing then is not reported.
    pub fn incomplete(&self) -> Option<ErrorGuaranteed> {
        self.layers.view.incomplete.or(self.layers.own.incomplete)
    }

    /// What it passes through, in the order in which kustomize is to apply it.
    pub fn passthrough(&self) -> Vec<PassthroughStatement<'t>> {
        let Layers { own, view, file, all_files, .. } = self.layers;
        let root = all_files.first();
        let included = file.filter(|file| root.is_none_or(|root| !std::ptr::eq(*file, root)));
        let files = root.into_iter().chain(included).flat_map(|file| &file.passthrough);
        files.chain(&view.passthrough).chain(&own.passthrough).copied().collect()
    }

    /// Whether anything maps it, be it to `none`, or may do so in what cannot be read.
    pub fn may_map(&self, recipient: Recipient<'t>) -> bool {
        let unread = self.layers.own.unread_mapping.or(self.layers.view.unread_mapping);
        let in_files = || self.layers.files().any(|file| file.unread_mapping.is_some());
        !self.layers.definitions(DefinitionKey::Mapping(recipient)).is_empty()
            || unread.or(self.incomplete()).is_some()
            || in_files()
    }

    /// The text of a setting; nothing if nothing says it, or a word is said in its place.
    pub fn text_setting(&mut self, setting: Setting) -> Result<Option<Evaluated<'t>>, ErrorGuaranteed> {
        Ok(match self.setting(setting)? {
            Some(ResolvedValue::Text(said)) => Some(said),
            Some(ResolvedValue::Word(_)) | None => None,
        })
    }

    /// The word of a setting; nothing if nothing says it, or a text is said in its place.
    pub fn word_setting(&mut self, setting: Setting) -> Result<Option<Name<'t>>, ErrorGuaranteed> {
        Ok(match self.setting(setting)? {
            Some(ResolvedValue::Word(word)) => Some(word),
            Some(ResolvedValue::Text(_)) | None => None,
        })
    }

    /// The text of a setting that nobody needs; nothing if nothing says it, or what says it is wrong, which is nobody's
    /// concern.
    pub fn optional_text_setting(&mut self, setting: Setting) -> Option<Evaluated<'t>> {
        let known = std::mem::take(&mut self.known);
        let problems = std::mem::take(self.problems);
        let said = self.text_setting(setting);
        *self.problems = problems;
        self.known = known;
        said.ok().flatten()
    }

    /// The text or the word of a setting; nothing if nothing says it.
    pub fn setting(&mut self, setting: Setting) -> Result<Option<ResolvedValue<'t>>, ErrorGuaranteed> {
        let is_said = !self.layers.definitions(DefinitionKey::Value(setting.name())).is_empty();
        if is_said { self.resolve_value(setting.name(), self.name.span).map(Some) } else { Ok(None) }
    }

    /// The values of these names, as a `${}` would put them in; what this cluster has no text of is left out.
    pub fn evaluate_names(&mut self, names: &[String]) -> Result<BTreeMap<String, String>, ErrorGuaranteed> {
        let mut values = BTreeMap::new();
        for name in names {
            let value = match name.as_str() {
                "cluster" => Some(self.name.text.to_owned()),
                "platform" => Some(self.platform.name().to_owned()),
                name => match self.layers.known_key(&DefinitionKey::Value(name)) {
                    Some(DefinitionKey::Value(known)) if is_known_in_text(known) => {
                        match self.resolve_value(known, self.name.span)? {
                            ResolvedValue::Text(said) => Some(said.text.into_owned()),
                            ResolvedValue::Word(_) => None,
                        }
                    }
                    Some(DefinitionKey::Value(_) | DefinitionKey::Role(_) | DefinitionKey::Mapping(_))
                    | None => None,
                },
            };
            values.extend(value.map(|value| (name.clone(), value)));
        }
        Ok(values)
    }

    /// All values of texts that this cluster sees, as far as they are right; what is wrong with others is nobody's
    /// concern.
    pub fn evaluate_visible(&mut self) -> BTreeMap<String, String> {
        let known = std::mem::take(&mut self.known);
        let problems = std::mem::take(self.problems);
        let names: Vec<String> = self.visible_values().map(str::to_owned).collect();
        let values =
            names.into_iter().flat_map(|name| self.evaluate_names(&[name]).unwrap_or_default()).collect();
        *self.problems = problems;
        self.known = known;
        values
    }

    /// The ServiceAccounts that anything maps, be it to `none`, in the order of their names.
    pub fn accounts(&self) -> BTreeSet<AccountName<'t>> {
        let Layers { own, profiles, view, .. } = self.layers;
        let in_files = self.layers.files().flat_map(|file| file.definitions.accounts());
        own.definitions.accounts().chain(profiles.accounts(view)).chain(in_files).collect()
    }

    /// What somebody is given; nothing if nothing says so.
    pub fn mapping(
        &mut self,
        recipient: Recipient<'t>,
    ) -> Result<Option<ResolvedMapping<'t>>, ErrorGuaranteed> {
        self.merge(DefinitionKey::Mapping(recipient), |scope, definition| match definition.says {
            DefinitionValue::Mapping(mapping) => {
                let targets = mapping.targets.as_ref().map_err(|refused| *refused)?;
                let is_none =
                    |target: &&Target<'t>| matches!(target, Target::Role(name) if name.text == "none");
                let given = targets.nodes().filter(|target| !is_none(target)).map(|target| match target {
                    Target::Role(name) => scope.resolve_role(*name),
                    Target::Identity(identity) => scope.identity(identity, identity.span),
                });
                Ok(ResolvedMapping::new(definition.at, collect_all(given)?))
            }
            DefinitionValue::Broken(refused) => Err(refused),
            DefinitionValue::Value(_) | DefinitionValue::Role(_) => {
                Err(scope.report_unknown_role(Name { text: "", span: definition.at }))
            }
        })
    }

    /// The provider of a role, if what maps somebody here names the role. It must be known that nothing is wrong with
    /// the role.
    pub fn provider_of_role(&mut self, recipient: Recipient<'t>, role: &str) -> Option<Provider> {
        let named = |definition: &Definition<'t>| match definition.says {
            DefinitionValue::Mapping(mapping) => {
                let targets = mapping.targets.as_ref().ok()?;
                targets.nodes().find_map(|target| match target {
                    Target::Role(name) if name.text == role => Some(*name),
                    Target::Role(_) | Target::Identity(_) => None,
                })
            }
            DefinitionValue::Value(_) | DefinitionValue::Role(_) | DefinitionValue::Broken(_) => None,
        };
        let name = self.layers.definitions(DefinitionKey::Mapping(recipient)).iter().find_map(named)?;
        self.resolve_role(name).ok().map(|given| given.provider())
    }

    /// The identity that a role names.
    pub fn resolve_role(&mut self, name: Name<'t>) -> Result<ResolvedIdentity<'t>, ErrorGuaranteed> {
        let given =
            self.merge(DefinitionKey::Role(name.text), |scope, definition| match definition.says {
                DefinitionValue::Role(identity) => scope.identity(identity, name.span),
                DefinitionValue::Broken(refused) => Err(refused),
                DefinitionValue::Value(_) | DefinitionValue::Mapping(_) => {
                    Err(scope.report_unknown_role(name))
                }
            })?;
        given.ok_or_else(|| self.report_unknown_role(name))
    }

    /// An identity as this cluster has it.
    fn identity(
        &mut self,
        identity: &'t Identity<'t>,
        asked_at: Span,
    ) -> Result<ResolvedIdentity<'t>, ErrorGuaranteed> {
        let provider = literals::resolve_provider(identity, self.problems)?;
        let identifier = match &identity.value {
            Value::Text(text) => self.evaluate_text(text).map(|said| Identifier::new(provider, said)),
            Value::Word(_) | Value::Broken(..) => {
                literals::check_direct(provider, &identity.value, self.problems)
                    .map(|()| Identifier::Gcp(None))
            }
        };
        let mut options = BTreeMap::new();
        let mut outcome = Ok(());
        for binding in identity.options.iter().flat_map(|options| options.list.nodes()) {
            let option = literals::resolve_option(provider, binding, self.problems);
            let chosen =
                option.and_then(|option: IdentityOption| Ok((option, self.evaluate_value(&binding.value)?)));
            match chosen {
                Ok((option, chosen)) => {
                    options.entry(option).or_insert(chosen);
                }
                Err(refused) => outcome = Err(refused),
            }
        }
        let identifier = identifier?;
        outcome.map(|()| ResolvedIdentity { identifier, options, at: identity.span, asked_at })
    }

    /// A value whose form was checked where it stands.
    fn evaluate_value(&mut self, value: &'t Value<'t>) -> Result<ResolvedValue<'t>, ErrorGuaranteed> {
        match value {
            Value::Text(text) => self.evaluate_text(text).map(ResolvedValue::Text),
            Value::Word(word) => Ok(ResolvedValue::Word(*word)),
            Value::Broken(_, refused) => Err(*refused),
        }
    }

    /// A text with its `${}` put in.
    pub fn evaluate_text(&mut self, text: &'t Text<'t>) -> Result<Evaluated<'t>, ErrorGuaranteed> {
        if let Some(refused) = text.stray_dollar {
            return Err(refused);
        }
        if text.interpolations.is_empty() {
            return Ok(Evaluated::from_literal(text));
        }
        let (mut whole, mut outcome) = (String::with_capacity(ROOM), Ok(()));
        for part in text.parts() {
            match part {
                Part::Literal(literal) => whole.push_str(literal),
                Part::Hole(hole) => match self.evaluate_interpolation(hole) {
                    Ok(said) => whole.push_str(&said.text),
                    Err(refused) => outcome = Err(refused),
                },
            }
        }
        outcome?;
        if whole.len() > MOST_TEXT {
            return Err(self.refuse(NameProblem::Boundless { at: text.span, is_long: true }));
        }
        Ok(Evaluated { text: Cow::Owned(whole), at: text.span })
    }

    /// The text of the name in a `${}`.
    fn evaluate_interpolation(&mut self, hole: Interpolation<'t>) -> Result<Evaluated<'t>, ErrorGuaranteed> {
        let name = hole.name;
        if let Some(begin) = self.open.iter().position(|(open, _)| *open == name.text) {
            let circle = self.open.get(begin..).unwrap_or_default();
            let chain =
                circle.iter().map(|(name, _)| (*name).to_owned()).chain([name.text.to_owned()]).collect();
            let steps = circle.iter().map(|(_, at)| *at).collect();
            return Err(self.refuse(NameProblem::ValueCycle { at: hole.span, chain, steps }));
        }
        if self.open.len() >= MOST_STEPS {
            return Err(self.refuse(NameProblem::Boundless { at: hole.span, is_long: false }));
        }
        let builtin = match name.text {
            "cluster" => Some(self.name.text),
            "platform" => Some(self.platform.name()),
            _ => None,
        };
        if let Some(text) = builtin {
            return Ok(Evaluated { text: Cow::Borrowed(text), at: self.name.span });
        }
        if self.layers.definitions(DefinitionKey::Value(name.text)).is_empty() || !is_known_in_text(name.text)
        {
            return Err(self.report_unknown_variable(name));
        }
        match self.resolve_value(name.text, hole.span)? {
            ResolvedValue::Text(said) => Ok(said),
            ResolvedValue::Word(word) => {
                let (name, at, word, said) =
                    (name.text.to_owned(), name.span, word.text.to_owned(), word.span);
                Err(self.refuse(NameProblem::NoText { at, name, word, said }))
            }
        }
    }

    /// The value of a name that something says. `asked_at`: the `${}` that wants it, else the cluster.
    fn resolve_value(&mut self, name: &'t str, asked_at: Span) -> Result<ResolvedValue<'t>, ErrorGuaranteed> {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        self.open.push((name, asked_at));
        let settled = self.merge(DefinitionKey::Value(name), |scope, definition| match definition.says {
            DefinitionValue::Value(value) => {
                literals::check_value_form(name, value, scope.problems)?;
                scope.evaluate_value(value)
            }
            DefinitionValue::Broken(refused) => Err(refused),
            DefinitionValue::Role(_) | DefinitionValue::Mapping(_) => {
                Err(scope.report_unknown_variable(Name { text: name, span: asked_at }))
            }
        });
        self.open.pop();
        let chosen = match settled {
            Ok(Some(chosen)) => self.check_setting(name, chosen),
            Ok(None) => Err(self.report_unknown_variable(Name { text: name, span: asked_at })),
            Err(refused) => Err(refused),
        };
        self.known.insert(name, chosen.clone());
        chosen
    }

    /// A setting's text is what the setting is to be.
    fn check_setting(
        &mut self,
        name: &str,
        chosen: ResolvedValue<'t>,
    ) -> Result<ResolvedValue<'t>, ErrorGuaranteed> {
        if let (ResolvedValue::Text(said), Some(setting)) = (&chosen, Setting::from_name(name)) {
            values::check_setting(setting, said).map_err(|problem| self.refuse(problem))?;
        }
        Ok(chosen)
    }

    /// What all that is said of a name comes to; nothing if nothing is said. Reports it if that is not one and the same.
    fn merge<T: SameMeaning>(
        &mut self,
        key: DefinitionKey<'t>,
        mut evaluate: impl FnMut(&mut Self, &Definition<'t>) -> Result<T, ErrorGuaranteed>,
    ) -> Result<Option<T>, ErrorGuaranteed> {
        let definitions = self.layers.definitions(key);
        // Most names are said once, and this is asked of every name in every cluster.
        if let [only] = &*definitions {
            return evaluate(self, only).map(Some);
        }
        let heard = collect_all(
            definitions.iter().map(|definition| Ok((definition.at, evaluate(self, definition)?))),
        )?;
        let mut heard = heard.into_iter();
        let Some((at, said)) = heard.next() else { return Ok(None) };
        for (other_at, other) in heard {
            if !said.means_same(&other) {
                let (noun, name) = (key.noun(), key.name().into_owned());
                let (one, other) = ((at, said.display()), (other_at, other.display()));
                return Err(self.refuse(NameProblem::Disagreement { noun, name, one, other }));
            }
        }
        Ok(Some(said))
    }

    fn report_unknown_variable(&mut self, name: Name<'t>) -> ErrorGuaranteed {
        let key = DefinitionKey::Value(name.text);
        if !is_known_in_text(name.text) {
            let (at, name) = (name.span, name.text.to_owned());
            return self.refuse(NameProblem::NotForText { at, name });
        }
        let is_setting = Setting::from_name(name.text).is_some_and(Setting::is_known_in_text);
        let unknown = |scope: &Self| {
            if is_setting {
                return NameProblem::Unset { at: name.span, name: name.text.to_owned() };
            }
            let near = nearest(name.text, scope.visible_values());
            NameProblem::unknown(Noun::Variable, name.span, name.text, near, &[])
        };
        self.report_unknown(key.noun(), name, &key, unknown)
    }

    fn report_unknown_role(&mut self, name: Name<'t>) -> ErrorGuaranteed {
        let unknown = |scope: &Self| {
            let near = nearest(name.text, scope.visible_roles());
            NameProblem::unknown(Noun::Role, name.span, name.text, near, &[])
        };
        self.report_unknown(Noun::Role, name, &DefinitionKey::Role(name.text), unknown)
    }

    /// Reports a name that this cluster cannot see: with the place where it stands all the same, if it does.
    fn report_unknown(
        &mut self,
        noun: Noun,
        name: Name<'t>,
        key: &DefinitionKey<'_>,
        unknown: impl Fn(&Self) -> NameProblem,
    ) -> ErrorGuaranteed {
        if let Some(refused) = self.incomplete() {
            return refused;
        }
        let problem = match self.find_invisible_definition(key) {
            Some((profile, defined)) => {
                NameProblem::OutOfSight { noun, at: name.span, name: name.text.to_owned(), profile, defined }
            }
            None => unknown(self),
        };
        self.refuse(problem)
    }

    /// Where a name is defined that this cluster cannot see: in which profile, or at the top of another file.
    fn find_invisible_definition(&self, key: &DefinitionKey<'_>) -> Option<(Option<String>, Span)> {
        // A profile for clusters of another cloud is no help.
        let fits = |definition: &Definition<'t>| match definition.says {
            DefinitionValue::Role(identity) => {
                let provider = identity.provider.ok().and_then(|name| Provider::from_name(name.text));
                self.platform.native_provider().is_none_or(|native| provider == Some(native))
            }
            DefinitionValue::Value(_) | DefinitionValue::Mapping(_) | DefinitionValue::Broken(_) => true,
        };
        if let Some((profile, definition)) = self.layers.profiles.defining(key, fits) {
            return Some((Some(profile.text.to_owned()), definition.at));
        }
        self.layers.profiles.in_files(self.layers.all_files, key).map(|at| (None, at))
    }

    /// The visible value whose name is nearest.
    pub fn nearest_value(&self, name: &str) -> Option<&'t str> {
        nearest(name, self.visible_values())
    }

    fn visible_values(&self) -> impl Iterator<Item = &'t str> {
        let values = self.layers.keys().filter_map(|key| match key {
            DefinitionKey::Value(name) if is_known_in_text(name) => Some(*name),
            DefinitionKey::Value(_) | DefinitionKey::Role(_) | DefinitionKey::Mapping(_) => None,
        });
        values.chain(["cluster", "platform"])
    }

    fn visible_roles(&self) -> impl Iterator<Item = &'t str> {
        let roles = self.layers.keys().filter_map(|key| match key {
            DefinitionKey::Role(name) => Some(*name),
            DefinitionKey::Value(_) | DefinitionKey::Mapping(_) => None,
        });
        roles.chain(["none"])
    }
}

/// All of them, or the proof that one cannot be; each is looked at in any case.
fn collect_all<T>(
    results: impl Iterator<Item = Result<T, ErrorGuaranteed>>,
) -> Result<Vec<T>, ErrorGuaranteed> {
    let results: Vec<Result<T, ErrorGuaranteed>> = results.collect();
    results.into_iter().collect()
}

/// Whether a `${}` may name it: a variable, or a setting that holds text.
fn is_known_in_text(name: &str) -> bool {
    Setting::from_name(name).is_none_or(Setting::is_known_in_text)
}
