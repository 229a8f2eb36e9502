//! Where each value of a cluster comes from: who sets it, where, and what that shadows.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::setting::Setting;
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
    pub bindings: Vec<Binding>,
    /// What it passes through, in the order in which kustomize applies it.
    pub passed: Vec<PassthroughSite>,
}

/// What one name means in a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    pub kind: Noun,
    pub name: String,
    /// What it comes to.
    pub meaning: Meaning,
    /// The sites of the definition; several if profiles agree.
    pub sites: Vec<Site>,
    /// The shadowed definitions, the nearest first.
    pub shadowed: Vec<Site>,
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
}

/// The block of a definition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The cluster's own block.
    Cluster,
    /// A profile, by its name.
    Profile(Arc<str>),
    /// The top level of the included file of the cluster.
    File,
    /// The top of the root file.
    Root,
}

/// Something that is passed through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassthroughSite {
    /// `resource`, `component` or `patch`.
    pub statement: &'static str,
    /// The sites of the definition.
    pub said: Site,
}

impl Provenance {
    /// The provenance of everything that a cluster sees.
    pub fn new(evaluator: &mut Evaluator<'_, '_>) -> Provenance {
        let layers = VisibleLayers::new(evaluator.layers);
        let keys: BTreeSet<&DefinitionKey<'_>> =
            layers.list.iter().flat_map(|(_, layer)| layer.definitions.keys()).collect();
        let bindings = keys.into_iter().map(|key| layers.binding(*key, evaluator)).collect();
        let passthrough = evaluator.layers.passthrough();
        let passed = passthrough.into_iter().filter_map(|passthrough| layers.passthrough_site(passthrough));
        let profiles = layers.list.iter().filter_map(|(origin, _)| match origin {
            Origin::Profile(name) => Some(name.to_string()),
            Origin::Cluster | Origin::File | Origin::Root => None,
        });
        Provenance {
            at: evaluator.name.span,
            profiles: profiles.collect(),
            bindings,
            passed: passed.collect(),
        }
    }
}

/// The layers that a cluster sees, the nearest first, each with its origin.
struct VisibleLayers<'c, 't> {
    list: Vec<(Origin, &'c Layer<'t>)>,
}

impl<'c, 't> VisibleLayers<'c, 't> {
    fn new(layers: ClusterLayers<'c, 't>) -> VisibleLayers<'c, 't> {
        let root = layers.all_files.first();
        let file = layers.file.filter(|file| root.is_none_or(|root| !std::ptr::eq(*file, root)));
        let mut list = vec![(Origin::Cluster, layers.own)];
        let profiles = layers.profiles.reached(&layers.own.uses);
        list.extend(profiles.map(|(name, layer)| (Origin::Profile(Arc::from(name.text)), layer)));
        list.extend(file.map(|file| (Origin::File, file)));
        list.extend(root.map(|root| (Origin::Root, root)));
        VisibleLayers { list }
    }

    fn passthrough_site(&self, passthrough: PassthroughStatement<'t>) -> Option<PassthroughSite> {
        let statement = passthrough.statement;
        let has =
            |layer: &Layer<'t>| layer.passthrough.iter().any(|one| one.statement.span == statement.span);
        let (origin, _) = self.list.iter().find(|(_, layer)| has(layer))?;
        let path = statement.path.span();
        let written = statement.options.as_ref().map_or(path, |options| path.to(options.span));
        Some(PassthroughSite {
            statement: match passthrough.kind {
                PassthroughKind::Resource => "resource",
                PassthroughKind::Component => "component",
                PassthroughKind::Patch => "patch",
            },
            said: Site { at: statement.span, written, origin: origin.clone() },
        })
    }

    fn binding(&self, key: DefinitionKey<'t>, evaluator: &mut Evaluator<'_, 't>) -> Binding {
        let layers = evaluator.layers;
        let of_view = layers.profiles.definitions(layers.view, &key);
        let (mut said, mut hides) = (Vec::new(), Vec::new());
        for (by, layer) in &self.list {
            let Some(definition) = layer.definitions.get(&key) else { continue };
            let counts = match by {
                Origin::Cluster => true,
                Origin::Profile(_) => {
                    let is_own = layers.own.definitions.get(&key).is_some();
                    !is_own && of_view.iter().any(|one| one.at == definition.at)
                }
                // The layers come the nearest first.
                Origin::File | Origin::Root => said.is_empty(),
            };
            let saying = Site { at: definition.at, written: written_span(definition), origin: by.clone() };
            if counts { said.push(saying) } else { hides.push(saying) }
        }
        // There are many of these, and most have one.
        said.shrink_to_fit();
        hides.shrink_to_fit();
        let meaning = meaning(key, said.first(), evaluator).unwrap_or(Meaning::Unneeded);
        Binding { kind: key.noun(), name: key.name().into_owned(), meaning, sites: said, shadowed: hides }
    }
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
                ResolvedValue::Text(said) => Meaning::Text(said.text.into_owned()),
                ResolvedValue::Word(word) => Meaning::Word(word.text.to_owned()),
            })
        }
        DefinitionKey::Role(name) => {
            let role = evaluator.role(Name { text: name, span: site?.at }).ok()?;
            Some(Meaning::Identity(role.notation()))
        }
        DefinitionKey::Mapping(recipient) => {
            let mapped = evaluator.mapping(recipient).ok()??;
            Some(Meaning::Mapping(mapped.given.iter().map(ResolvedIdentity::notation).collect()))
        }
    }
}
