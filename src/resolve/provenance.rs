//! Where each value of a cluster comes from: who sets it, where, and what that shadows.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::setting::Setting;
use crate::model::{Controller, Provider};
use crate::problem::Noun;
use crate::resolve::cluster_layers::ClusterLayers;
use crate::resolve::definitions::{Definition, DefinitionKey, DefinitionValue};
use crate::resolve::evaluator::Evaluator;
use crate::resolve::identity::{ResolvedIdentity, ResolvedValue};
use crate::resolve::layers::{Layer, PassthroughKind, PassthroughStatement};
use crate::span::Span;
use crate::syntax::tree::{List, Name, Target};

/// What holds in one cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    pub at: Span,
    /// The profiles that it reaches, each once, in the order of the source.
    pub profiles: Vec<String>,
    /// The bindings: settings and variables, then roles, then mappings, each by name.
    pub bindings: Box<[Binding]>,
    /// What it passes through, in the order in which kustomize applies it.
    pub passthrough: Vec<PassthroughSite>,
    /// The effective identities that the source does not mention.
    pub unmentioned: Vec<Unmentioned>,
}

/// An identity that the pods of a controller have, and that the source does not mention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmentioned {
    pub controller: Controller,
    pub provider: Provider,
    /// The identity, in words.
    pub identity: String,
    /// The field that decides which it is, in words.
    pub field: String,
    /// The file that sets it, with its line, in words; nothing if it is the overlay's own.
    pub place: Option<String>,
}

/// What one name means in a cluster. A large fleet has very many, so nothing in it reserves memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    pub kind: Noun,
    pub name: Box<str>,
    /// What it comes to.
    pub meaning: Meaning,
    /// The sites of the definition; several if profiles agree.
    pub sites: Box<[Site]>,
    /// The overridden definitions, the nearest first.
    pub overridden: Box<[Site]>,
}

/// What a name comes to in a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    Text(String),
    Word(String),
    /// An identity, as it would be written with nothing left to put in.
    Identity(String),
    /// What a mapping gives: names of roles, and identities as they are written; none for `none`.
    Mapping(Vec<String>),
    /// Nothing: the controller is mapped with a `?`, and it is not installed.
    NotInstalled,
    /// Nothing: no mapping needs it here, and it could not be had.
    Unneeded,
}

/// A definition in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The span of the name.
    pub at: Span,
    /// The value, as written.
    pub written: Span,
    pub origin: Origin,
    /// True if it is in an `on` block there.
    pub in_on: bool,
}

/// The block of a definition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The cluster's own block.
    Cluster,
    /// A file of values.
    Values,
    /// A profile, by its name.
    Profile(Arc<str>),
    /// The top level of the included file of the cluster.
    File,
    /// The top of the root source.
    Root,
}

/// Something that is passed through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassthroughSite {
    /// `resource`, `component` or `patch`.
    pub statement: &'static str,
    /// The sites of the definition.
    pub site: Site,
}

impl Provenance {
    /// The provenance of everything that a cluster sees. It takes as long as there are definitions in its layers.
    pub fn new(evaluator: &mut Evaluator<'_, '_>) -> Provenance {
        let layers = visible_layers(evaluator.layers);
        let mut definitions: Vec<VisibleDefinition<'_, '_>> = Vec::new();
        for (origin, _, layer) in &layers {
            let of_layer = layer.definitions.iter();
            definitions.extend(of_layer.map(|(key, definition)| VisibleDefinition {
                key: *key,
                origin,
                definition,
            }));
        }
        // The sort is stable, so the definitions of a name stay in the order of the layers.
        definitions.sort_by_key(|definition| definition.key);
        let of_names = definitions.chunk_by(|one, next| one.key == next.key);
        let bindings = of_names.filter_map(|of_name| binding(of_name, evaluator)).collect();
        let mut profiles: Vec<String> = Vec::new();
        for (origin, ..) in &layers {
            if let Origin::Profile(name) = origin
                && profiles.last().is_none_or(|last| **last != **name)
            {
                profiles.push(name.to_string());
            }
        }
        Provenance {
            at: evaluator.name.span,
            profiles,
            bindings,
            passthrough: passthrough_sites(&layers, &evaluator.layers.passthrough()),
            unmentioned: Vec::new(),
        }
    }
}

/// A layer that a cluster sees: where it is from, whether it is an `on` block there, and its statements.
type VisibleLayer<'c, 't> = (Origin, bool, &'c Layer<'t>);

/// The layers that a cluster sees, the nearest first. Profiles are in source order.
fn visible_layers<'c, 't>(layers: ClusterLayers<'c, 't>) -> Vec<VisibleLayer<'c, 't>> {
    let root = layers.all_files.first();
    let file = layers.file.filter(|file| root.is_none_or(|root| !std::ptr::eq(*file, root)));
    let mut list = vec![(Origin::Cluster, false, layers.own)];
    list.extend(layers.values.layers.iter().map(|values| (Origin::Values, false, *values)));
    let profiles = layers.profiles.layers(layers.view).into_iter();
    list.extend(profiles.map(|(name, in_on, layer)| (Origin::Profile(Arc::from(name.text)), in_on, layer)));
    for (origin, file) in [(Origin::File, file), (Origin::Root, root)] {
        let Some(file) = file else { continue };
        let mut of_file: Vec<&Layer<'t>> = file.on(layers.platform).collect();
        // Its `on` blocks are nearer.
        of_file.rotate_left(1);
        let on_blocks = of_file.len().saturating_sub(1);
        let of_file = of_file.into_iter().enumerate();
        list.extend(of_file.map(|(at, layer)| (origin.clone(), at < on_blocks, layer)));
    }
    list
}

/// A definition in a layer that the cluster sees.
struct VisibleDefinition<'v, 't> {
    key: DefinitionKey<'t>,
    origin: &'v Origin,
    definition: &'v Definition<'t>,
}

/// What a name means. `of_name`: its definitions in all layers, the nearest first; `None` if there are none.
fn binding<'t>(of_name: &[VisibleDefinition<'_, 't>], evaluator: &mut Evaluator<'_, 't>) -> Option<Binding> {
    let key = of_name.first()?.key;
    let layers = evaluator.layers;
    // Both these and the profiles' layers are in source order, so one pass compares them.
    let in_profiles = layers.profiles.definitions(layers.view, &key);
    let mut not_hidden = in_profiles.iter().map(|definition| definition.at).peekable();
    let (mut sites, mut overridden) = (Vec::new(), Vec::new());
    let mut is_own = false;
    for VisibleDefinition { origin, definition, .. } in of_name {
        let counts = match origin {
            Origin::Cluster | Origin::Values => {
                is_own = true;
                true
            }
            Origin::Profile(_) => not_hidden.next_if_eq(&definition.at).is_some() && !is_own,
            // Several `on` blocks of one file may agree.
            Origin::File | Origin::Root => sites
                .last()
                .is_none_or(|last: &Site| last.origin == **origin && last.in_on && definition.in_on),
        };
        let in_on = definition.in_on;
        let (written, origin) = (written_span(definition), (*origin).clone());
        let site = Site { at: definition.at, written, origin, in_on };
        if counts { sites.push(site) } else { overridden.push(site) }
    }
    let meaning = meaning(key, sites.first(), evaluator).unwrap_or(Meaning::Unneeded);
    let (sites, overridden) = (sites.into_boxed_slice(), overridden.into_boxed_slice());
    Some(Binding { kind: key.noun(), name: key.name().into(), meaning, sites, overridden })
}

/// Where passthrough statements stand.
fn passthrough_sites(
    layers: &[VisibleLayer<'_, '_>],
    passthrough: &[PassthroughStatement<'_>],
) -> Vec<PassthroughSite> {
    let mut origins: BTreeMap<Span, (&Origin, bool)> = BTreeMap::new();
    for (origin, in_on, layer) in layers {
        for passthrough in &layer.passthrough {
            origins.entry(passthrough.statement.span).or_insert((origin, *in_on));
        }
    }
    let site = |passthrough: &PassthroughStatement<'_>| {
        let statement = passthrough.statement;
        let (origin, in_on) = *origins.get(&statement.span)?;
        let path = statement.path.span();
        let written = statement.options.as_ref().map_or(path, |options| path.to(options.span));
        Some(PassthroughSite {
            statement: match passthrough.kind {
                PassthroughKind::Resource => "resource",
                PassthroughKind::Component => "component",
                PassthroughKind::Patch => "patch",
            },
            site: Site { at: statement.span, written, origin: origin.clone(), in_on },
        })
    };
    passthrough.iter().filter_map(site).collect()
}

/// The value of a definition, as written.
fn written_span(definition: &Definition<'_>) -> Span {
    match definition.says {
        DefinitionValue::Value(value) => value.span(),
        DefinitionValue::Role(identity) => identity.span,
        DefinitionValue::Mapping(mapping) => {
            let mut spans = mapping.targets.iter().flat_map(List::nodes).map(span_of);
            let first = spans.next().unwrap_or(definition.at);
            spans.last().map_or(first, |last| first.to(last))
        }
        DefinitionValue::Broken(_) => definition.at,
    }
}

fn span_of(target: &Target<'_>) -> Span {
    match target {
        Target::Role(name) => name.span,
        Target::Identity(identity) => identity.span,
    }
}

fn meaning<'t>(
    key: DefinitionKey<'t>,
    site: Option<&Site>,
    evaluator: &mut Evaluator<'_, 't>,
) -> Option<Meaning> {
    match key {
        DefinitionKey::Value(name) => {
            let Some(setting) = Setting::from_name(name) else {
                return evaluator.text_of(name).ok()?.map(Meaning::Text);
            };
            let (value, _) = evaluator.setting(setting).ok()??;
            Some(match value {
                ResolvedValue::Text(text) => Meaning::Text(text.text.into_owned()),
                ResolvedValue::Word(word) => Meaning::Word(word.text.to_owned()),
            })
        }
        DefinitionKey::Role(name) => {
            let role = evaluator.role(Name { text: name, span: site?.at }).ok()?;
            Some(Meaning::Identity(role.notation()))
        }
        DefinitionKey::Mapping(recipient) | DefinitionKey::Trust(recipient) => {
            if evaluator.not_installed(key).is_some() {
                return Some(Meaning::NotInstalled);
            }
            let is_mapping = matches!(key, DefinitionKey::Mapping(_));
            let mapped = if is_mapping { evaluator.mapping(recipient) } else { evaluator.trust(recipient) };
            let mapped = mapped.ok()??;
            Some(Meaning::Mapping(mapped.identities.iter().map(ResolvedIdentity::notation).collect()))
        }
    }
}
