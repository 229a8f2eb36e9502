//! The statements of one block or one file, by name.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::model::setting::Setting;
use crate::model::{Controller, Platform};
use crate::problem::{ErrorGuaranteed, NameProblem, Noun, Problems, nearest};
use crate::resolve::controllers::{is_wildcard, report_unknown_controller, reversed};
use crate::resolve::definitions::{Definition, DefinitionKey, DefinitionValue, Definitions};
use crate::resolve::literals;
use crate::resolve::platforms::resolve_platforms;
use crate::resolve::recipient::{self, AccountName, RecipientName};
use crate::resolve::unresolved::Unresolved;
use crate::span::Span;
use crate::syntax::tree::{
    Allow, ControllerName, Declared, List, Mapping, MappingSubject, Name, On, Passthrough, Statement, Target,
};

#[derive(Clone, Copy, Debug)]
pub struct PassthroughStatement<'t> {
    /// Its keyword.
    pub kind: PassthroughKind,
    pub statement: &'t Passthrough<'t>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassthroughKind {
    /// `resource`
    Resource,
    /// `component`
    Component,
    /// `patch`
    Patch,
}

impl PassthroughKind {
    /// The word of a statement that adds a file or a directory as it is.
    pub const fn of_directory(self) -> Option<&'static str> {
        match self {
            PassthroughKind::Resource => Some("resource"),
            PassthroughKind::Component => Some("component"),
            PassthroughKind::Patch => None,
        }
    }
}

/// Where the statements of a layer stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerScope {
    /// Outside of blocks in the root source.
    Root,
    /// Outside of blocks in an included file.
    Included,
    Profile,
    Cluster,
    /// In an `on` block.
    On,
}

impl LayerScope {
    const fn describe(self) -> &'static str {
        match self {
            LayerScope::Root => "in the root source",
            LayerScope::Included => "in an included file",
            LayerScope::Profile | LayerScope::Cluster | LayerScope::On => "in a block",
        }
    }
}

/// The statements of one block or one file, by name.
#[derive(Debug, Default)]
pub struct Layer<'t> {
    pub definitions: Definitions<'t>,
    /// The profiles that it uses, in the order in which it names them.
    pub uses: Vec<Name<'t>>,
    /// The roles that its mappings name.
    pub roles_named: Vec<&'t str>,
    /// Its passthrough, in source order.
    pub passthrough: Vec<PassthroughStatement<'t>>,
    pub allows: Vec<&'t Allow<'t>>,
    /// Its `on` blocks, in source order. Each is nearer than what it stands in.
    pub on: Vec<OnLayer<'t>>,
    /// The error that made it incomplete: an unreadable `use`.
    pub incomplete: Option<ErrorGuaranteed>,
    /// Why it may map more than is known: a mapping of it cannot be read.
    pub unread_mapping: Option<ErrorGuaranteed>,
}

/// The statements of an `on` block.
#[derive(Debug)]
pub struct OnLayer<'t> {
    /// The platforms whose clusters have them.
    pub platforms: Vec<Platform>,
    pub block: Span,
    pub layer: Layer<'t>,
}

impl<'t> Layer<'t> {
    /// Its statements for all clusters, and then those of its `on` blocks for a platform.
    pub fn on(&self, platform: Platform) -> impl Iterator<Item = &Layer<'t>> {
        let on = self.on.iter().filter(move |on| on.platforms.contains(&platform));
        std::iter::once(self).chain(on.map(|on| &on.layer))
    }

    /// The definitions of a name for a platform: those of its `on` blocks, or else its own.
    pub fn definitions_on(&self, platform: Platform, key: &DefinitionKey<'_>) -> Cow<'_, [Definition<'t>]> {
        let mut layers = self.on(platform);
        let own = layers.next().and_then(|own| own.definitions.get(key));
        let on: Vec<Definition<'t>> = layers.filter_map(|on| on.definitions.get(key)).copied().collect();
        if on.is_empty() {
            Cow::Borrowed(own.map(std::slice::from_ref).unwrap_or_default())
        } else {
            Cow::Owned(on)
        }
    }

    /// Collects the statements of a block or of a file, and reports errors that do not depend on a cluster.
    pub fn build(
        statements: impl Iterator<Item = &'t Statement<'t>>,
        scope: LayerScope,
        problems: &mut Problems,
    ) -> Layer<'t> {
        let (definitions, meant, used) = (Vec::new(), Vec::new(), BTreeMap::new());
        let mut reader = LayerBuilder { layer: Layer::default(), scope, definitions, meant, used, problems };
        for statement in statements {
            reader.add_statement(statement);
        }
        let LayerBuilder { mut layer, definitions, meant, problems, .. } = reader;
        layer.definitions = Definitions::from_statements(definitions, problems);
        // What was meant by a misspelt name is not missing.
        layer.definitions.add_missing(meant.into_iter());
        layer
    }
}

/// Takes in statements, one after the other.
struct LayerBuilder<'t, 'p> {
    /// The collected statements, except for definitions.
    layer: Layer<'t>,
    scope: LayerScope,
    /// What they define.
    definitions: Vec<(DefinitionKey<'t>, Definition<'t>)>,
    /// What misspelt names seem to have meant.
    meant: Vec<(DefinitionKey<'t>, Definition<'t>)>,
    /// The used profiles, each with the span of the first `use`.
    used: BTreeMap<&'t str, Span>,
    problems: &'p mut Problems,
}

impl<'t> LayerBuilder<'t, '_> {
    fn add_statement(&mut self, statement: &'t Statement<'t>) {
        match statement {
            Statement::Setting(binding) => {
                let name = binding.name;
                match Setting::from_name(name.text) {
                    Some(setting) if setting.is_of_fleet() && self.scope != LayerScope::Root => {
                        let (at, statement, belongs) = (name.span, setting.name(), "the root source");
                        let here = self.scope.describe();
                        self.problems.report(NameProblem::Misplaced { at, statement, here, belongs });
                        return;
                    }
                    Some(setting) => {
                        self.report(literals::check_setting(setting, &binding.value));
                    }
                    None => self.report_unknown_setting(name),
                }
                self.define(
                    DefinitionKey::Value(name.text),
                    name.span,
                    DefinitionValue::Value(&binding.value),
                );
            }
            Statement::Let(binding) => {
                let name = binding.name;
                self.report(literals::check_value_form("let", &binding.value));
                let mut says = DefinitionValue::Value(&binding.value);
                if let Some(meaning) = reserved_for_variables(name.text) {
                    says = DefinitionValue::Broken(report_reserved(
                        Noun::Variable,
                        name,
                        meaning,
                        self.problems,
                    ));
                }
                self.define(DefinitionKey::Value(name.text), name.span, says);
            }
            Statement::Role(binding) => {
                let name = binding.name;
                self.report(literals::check_identity(&binding.value));
                let mut says = DefinitionValue::Role(&binding.value);
                if let Some(meaning) = reserved_for_roles(name.text) {
                    says = DefinitionValue::Broken(report_reserved(Noun::Role, name, meaning, self.problems));
                }
                self.define(DefinitionKey::Role(name.text), name.span, says);
            }
            Statement::Mapping(mapping) => self.add_mapping(mapping, DefinitionKey::Mapping),
            Statement::Trust(mapping) => self.add_mapping(mapping, DefinitionKey::Trust),
            Statement::Use(profiles) => self.add_uses(profiles),
            Statement::On(on) => self.add_on(on),
            Statement::Resource(statement) => self.add_passthrough(PassthroughKind::Resource, statement),
            Statement::Component(statement) => self.add_passthrough(PassthroughKind::Component, statement),
            Statement::Patch(statement) => self.add_passthrough(PassthroughKind::Patch, statement),
            Statement::Allow(statement) => {
                self.report(literals::check_reason(&statement.reason));
                self.layer.allows.push(statement);
            }
            Statement::Broken(broken) => match broken.declares {
                Some(Declared::Anything) => self.layer.incomplete = Some(broken.refused),
                Some(Declared::Role(name)) => {
                    self.define(
                        DefinitionKey::Role(name.text),
                        name.span,
                        DefinitionValue::Broken(broken.refused),
                    );
                }
                Some(Declared::Value(name)) => {
                    self.define(
                        DefinitionKey::Value(name.text),
                        name.span,
                        DefinitionValue::Broken(broken.refused),
                    );
                }
                Some(Declared::Mapping) => self.layer.unread_mapping = Some(broken.refused),
                Some(Declared::Cluster(_) | Declared::Profile(_)) | None => {}
            },
        }
    }

    fn add_uses(&mut self, profiles: &'t List<'t, Name<'t>>) {
        for name in profiles.nodes() {
            match self.used.entry(name.text) {
                Entry::Occupied(first) => {
                    let (at, first) = (name.span, *first.get());
                    let name = name.text.to_owned();
                    self.problems.report(NameProblem::UsedTwice { name, at, first });
                }
                Entry::Vacant(free) => {
                    free.insert(name.span);
                    self.layer.uses.push(*name);
                }
            }
        }
    }

    fn add_on(&mut self, on: &'t On<'t>) {
        let statements = on.block.lines.iter().filter_map(|line| line.node.as_ref());
        let layer = Layer::build(statements, LayerScope::On, self.problems);
        let (platforms, unknown) = resolve_platforms(&on.platforms, self.problems);
        let misplaced = (self.scope == LayerScope::Cluster).then(|| {
            let (here, belongs) = ("in a cluster, which has one platform", "a profile, or outside of blocks");
            self.problems.refuse(NameProblem::Misplaced { at: on.span, statement: "on", here, belongs })
        });
        // What it would have said is not missing.
        let incomplete = layer.incomplete.or(unknown).or(misplaced);
        self.layer.incomplete = self.layer.incomplete.or(incomplete);
        self.layer.unread_mapping = self.layer.unread_mapping.or(layer.unread_mapping).or(incomplete);
        self.layer.on.push(OnLayer { platforms, block: on.block.span, layer });
    }

    fn add_passthrough(&mut self, kind: PassthroughKind, statement: &'t Passthrough<'t>) {
        self.report(literals::check_passthrough(statement));
        self.layer.passthrough.push(PassthroughStatement { kind, statement });
    }

    /// Adds a mapping or a `trust` statement. `key`: makes the key of one.
    fn add_mapping(&mut self, mapping: &'t Mapping<'t>, key: fn(RecipientName<'t>) -> DefinitionKey<'t>) {
        let mut targets = 0_usize;
        let mut none = None;
        for target in mapping.targets.iter().flat_map(List::nodes) {
            targets = targets.saturating_add(1);
            match target {
                Target::Identity(identity) => {
                    self.report(literals::check_identity(identity));
                }
                Target::Role(name) if name.text == "none" => none = Some(name.span),
                Target::Role(name) => self.layer.roles_named.push(name.text),
            }
        }
        if let Some(replacement) = reversed(mapping) {
            let refused =
                self.problems.refuse(NameProblem::ReversedMapping { at: mapping.span, replacement });
            self.layer.unread_mapping = Some(refused);
            return;
        }
        if let Some(at) = none.filter(|_| targets > 1) {
            self.problems.report(NameProblem::NoneIsNotAlone { at });
        }
        for who in mapping.who.nodes() {
            let ControllerName { name, if_installed } = match who {
                MappingSubject::Controller(controller) => *controller,
                MappingSubject::ServiceAccount(account) => {
                    let checked =
                        recipient::check_name(account).map_err(|problem| self.problems.refuse(problem));
                    let says =
                        checked.map_or_else(DefinitionValue::Broken, |()| DefinitionValue::Mapping(mapping));
                    let recipient = RecipientName::Account(AccountName::new(account));
                    self.define(key(recipient), account.span, says);
                    continue;
                }
            };
            let key = |controller| key(RecipientName::Controller(controller));
            if let Some(controller) = Controller::from_name(name.text) {
                let says = DefinitionValue::Mapping(mapping);
                let definition =
                    Definition { if_installed: if_installed.is_some(), ..self.definition(name.span, says) };
                self.definitions.push((key(controller), definition));
                continue;
            }
            let (refused, meant) = report_unknown_controller(name, self.problems);
            if is_wildcard(name.text) {
                self.layer.unread_mapping = Some(refused);
            }
            let definition = self.definition(name.span, DefinitionValue::Broken(refused));
            self.meant.extend(meant.map(|controller| (key(controller), definition)));
        }
    }

    fn report_unknown_setting(&mut self, name: Name<'t>) {
        let at = name.span;
        let mut settings = Setting::ALL.map(Setting::name);
        settings.sort_unstable();
        let near = nearest(name.text, settings);
        let refused =
            self.problems.refuse(NameProblem::unknown(Noun::Setting, at, name.text, near, &settings));
        let definition = self.definition(at, DefinitionValue::Broken(refused));
        self.meant.extend(near.map(|near| (DefinitionKey::Value(near), definition)));
    }

    fn report(&mut self, checked: Result<(), Unresolved>) {
        if let Err(unresolved) = checked {
            unresolved.report(&mut |problem| self.problems.refuse(problem));
        }
    }

    fn define(&mut self, key: DefinitionKey<'t>, at: Span, says: DefinitionValue<'t>) {
        self.definitions.push((key, self.definition(at, says)));
    }

    fn definition(&self, at: Span, says: DefinitionValue<'t>) -> Definition<'t> {
        Definition { at, says, in_on: self.scope == LayerScope::On, if_installed: false }
    }
}

fn report_reserved(
    noun: Noun,
    name: Name<'_>,
    meaning: &'static str,
    problems: &mut Problems,
) -> ErrorGuaranteed {
    problems.refuse(NameProblem::Reserved { noun, name: name.text.to_owned(), at: name.span, meaning })
}

/// What a name means that no variable can have.
pub fn reserved_for_variables(name: &str) -> Option<&'static str> {
    match name {
        "cluster" => Some("the name of the cluster"),
        "platform" => Some("the name of the platform"),
        _ => None,
    }
}

/// What a name means that no role can have.
pub fn reserved_for_roles(name: &str) -> Option<&'static str> {
    match name {
        "none" => Some("removes a mapping"),
        "aws" | "azure" | "gcp" => Some("the name of a provider"),
        "direct" => Some("the identity `gcp direct`"),
        _ => None,
    }
}
