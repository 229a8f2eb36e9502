//! What holds in each cluster of a fleet: its value, where it was said, by whom, and what that hides.
//!
//! It is asked for by those who show a fleet, after everything was found to be right. What is said in vain is nobody's
//! concern here either.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::DeclaredFleet;
use crate::check::clusters::DeclaredCluster;
use crate::check::definitions::{Definition, DefinitionKey, DefinitionValue};
use crate::check::identity::{Identifier, ResolvedIdentity, ResolvedValue};
use crate::check::layers::Layer;
use crate::check::passthrough::PassthroughKind;
use crate::check::scope::{Layers, Scope};
use crate::model::setting::Setting;
use crate::model::{Fleet, Platform};
use crate::problem::{Noun, Problems};
use crate::source::FileId;
use crate::span::Span;
use crate::syntax::tree::{List, Name, Target, Tree};

/// What holds in one cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// Where its name stands.
    pub at: Span,
    /// The profiles that it reaches, each once, in the order of the source.
    pub profiles: Vec<String>,
    /// What is said of each name: settings and variables, then roles, then mappings, each by name.
    pub bindings: Vec<Binding>,
    /// What it passes through, in the order in which kustomize applies it.
    pub passed: Vec<PassthroughSite>,
}

/// What one name means in a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// What kind of thing it is.
    pub kind: Noun,
    /// Its name.
    pub name: String,
    /// What it comes to.
    pub meaning: Meaning,
    /// Where that is said: in several places where profiles agree.
    pub sites: Vec<Site>,
    /// What is said of the name and does not count here, the nearest first.
    pub shadowed: Vec<Site>,
}

/// What a name comes to in a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A text.
    Text(String),
    /// A word.
    Word(String),
    /// An identity, as it would be written with nothing left to put in.
    Identity(String),
    /// What a mapping gives: names of roles, and identities as they are written; none for `none`.
    Mapping(Vec<String>),
    /// Nothing: no mapping needs it here, and it could not be had.
    Unneeded,
}

/// That something is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Where the name stands.
    pub at: Span,
    /// What is said of it, as it was written.
    pub written: Span,
    /// By whom.
    pub origin: Origin,
}

/// Who says something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The cluster's own block.
    Cluster,
    /// A profile, by its name.
    Profile(String),
    /// The top of the included file that the cluster stands in.
    File,
    /// The top of the root file.
    Root,
}

/// Something that is passed through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassthroughSite {
    /// `resource`, `component` or `patch`.
    pub statement: &'static str,
    /// Where it is said, and by whom.
    pub said: Site,
}

/// What holds in each cluster of a fleet, in the order of its clusters. `trees`: those that the fleet was made of.
pub fn provenance(trees: &[(FileId, Tree<'_>)], fleet: &Fleet) -> Vec<Provenance> {
    // All that is to be reported was reported when the fleet was made.
    let mut unheard = Problems::default();
    let mut whole = DeclaredFleet::default();
    for (at, (file, tree)) in trees.iter().enumerate() {
        whole.collect_file(*file, tree, at == 0, &mut unheard);
    }
    whole.profiles.resolve_uses(&mut unheard);
    let mut by_name: BTreeMap<&str, Provenance> = BTreeMap::new();
    for declared in &whole.clusters {
        let Ok(platform) = declared.platform else { continue };
        let view = whole.profiles.view(&declared.own.uses, &mut unheard);
        let layers = Layers {
            own: &declared.own,
            profiles: &whole.profiles,
            view: &view,
            file: whole.files.get(declared.file),
            all_files: &whole.files,
        };
        let seen = VisibleLayers::new(declared, &whole);
        for name in declared.tree.names.nodes() {
            let at = (platform, declared.tree.platform.span);
            by_name.insert(name.text, seen.provenance_of(*name, at, layers));
        }
    }
    let nobody = |at| Provenance { at, profiles: Vec::new(), bindings: Vec::new(), passed: Vec::new() };
    let first = Span { file: FileId::default(), start: 0, end: 0 };
    let told = fleet.clusters.iter().map(|cluster| by_name.remove(cluster.name.as_str()));
    told.map(|told| told.unwrap_or_else(|| nobody(first))).collect()
}

/// What the clusters of one block see, the nearest first.
struct VisibleLayers<'w, 't> {
    layers: Vec<(Origin, &'w Layer<'t>)>,
}

impl<'w, 't> VisibleLayers<'w, 't> {
    fn new(declared: &'w DeclaredCluster<'t>, whole: &'w DeclaredFleet<'t>) -> VisibleLayers<'w, 't> {
        let profiles = whole.profiles.reached(&declared.own.uses);
        let profiles = profiles.map(|(name, layer)| (Origin::Profile(name.text.to_owned()), layer));
        let file = whole.files.get(declared.file).filter(|_| declared.file > 0);
        let mut layers = vec![(Origin::Cluster, &declared.own)];
        layers.extend(profiles);
        layers.extend(file.map(|file| (Origin::File, file)));
        layers.extend(whole.files.first().map(|root| (Origin::Root, root)));
        VisibleLayers { layers }
    }

    fn provenance_of(
        &self,
        name: Name<'t>,
        platform: (Platform, Span),
        layers: Layers<'_, 't>,
    ) -> Provenance {
        let mut unheard = Problems::default();
        let mut scope = Scope::new(name, platform, layers, &mut unheard);
        let keys: BTreeSet<&DefinitionKey<'t>> =
            self.layers.iter().flat_map(|(_, layer)| layer.definitions.keys()).collect();
        let things = keys.into_iter().map(|key| self.binding(*key, layers, &mut scope)).collect();
        let passed = scope.passthrough().into_iter().filter_map(|passing| {
            let says = |layer: &Layer<'t>| {
                layer.passthrough.iter().any(|known| known.statement.span == passing.statement.span)
            };
            let (by, _) = self.layers.iter().find(|(_, layer)| says(layer))?;
            let statement = match passing.what {
                PassthroughKind::Resource => "resource",
                PassthroughKind::Component => "component",
                PassthroughKind::Patch => "patch",
            };
            let path = passing.statement.path.span();
            let written = passing.statement.options.as_ref().map_or(path, |options| path.to(options.span));
            Some(PassthroughSite {
                statement,
                said: Site { at: passing.statement.span, written, origin: by.clone() },
            })
        });
        let passed = passed.collect();
        let profiles = self.layers.iter().filter_map(|(by, _)| match by {
            Origin::Profile(name) => Some(name.clone()),
            Origin::Cluster | Origin::File | Origin::Root => None,
        });
        Provenance { at: name.span, profiles: profiles.collect(), bindings: things, passed }
    }

    fn binding(&self, key: DefinitionKey<'t>, layers: Layers<'_, 't>, scope: &mut Scope<'_, 't>) -> Binding {
        let of_view = layers.profiles.definitions(layers.view, &key);
        let (mut said, mut hides) = (Vec::new(), Vec::new());
        for (by, layer) in &self.layers {
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
        let meaning = meaning(key, said.first(), scope).unwrap_or(Meaning::Unneeded);
        Binding { kind: key.noun(), name: key.name().into_owned(), meaning, sites: said, shadowed: hides }
    }
}

/// What a definition says, as it was written.
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

fn meaning<'t>(key: DefinitionKey<'t>, said: Option<&Site>, scope: &mut Scope<'_, 't>) -> Option<Meaning> {
    match key {
        DefinitionKey::Value(name) => {
            let Some(setting) = Setting::from_name(name) else {
                let value = scope.evaluate_names(&[name.to_owned()]).ok()?.remove(name)?;
                return Some(Meaning::Text(value));
            };
            Some(match scope.setting(setting).ok()?? {
                ResolvedValue::Text(said) => Meaning::Text(said.text.into_owned()),
                ResolvedValue::Word(word) => Meaning::Word(word.text.to_owned()),
            })
        }
        DefinitionKey::Role(name) => {
            let role = scope.resolve_role(Name { text: name, span: said?.at }).ok()?;
            Some(Meaning::Identity(print_identity(&role)))
        }
        DefinitionKey::Mapping(recipient) => {
            let mapped = scope.mapping(recipient).ok()??;
            Some(Meaning::Mapping(mapped.given.iter().map(print_identity).collect()))
        }
    }
}

/// An identity as it would be written with nothing left to put in.
fn print_identity(given: &ResolvedIdentity<'_>) -> String {
    let quoted = |text: &str| format!("\"{text}\"");
    let identifier = match &given.identifier {
        Identifier::Aws(said) | Identifier::Azure(said) | Identifier::Gcp(Some(said)) => quoted(&said.text),
        Identifier::Gcp(None) => "direct".to_owned(),
    };
    let options = given.options.iter().map(|(option, chosen)| match chosen {
        ResolvedValue::Text(said) => format!("{} = {}", option.name(), quoted(&said.text)),
        ResolvedValue::Word(word) => format!("{} = {}", option.name(), word.text),
    });
    let options: Vec<String> = options.collect();
    let options = if options.is_empty() { String::new() } else { format!(" {{ {} }}", options.join(", ")) };
    format!("{} {identifier}{options}", given.provider().name())
}
