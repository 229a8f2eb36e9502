//! An overlay, to the cluster that it is for: its identities, and what else is left of it.

mod component;
mod faults;
mod platform;
mod resources;
mod taken;

use std::collections::{BTreeMap, BTreeSet};

use crate::emit;
use crate::import::file::Reader;
use crate::import::identity::{Identities, Key, Told};
use crate::import::leftover::{Content, Leftover};
use crate::import::objects::{Installed, Kind, Object};
use crate::import::overlay::{Document, Entry, Overlay};
use crate::import::patch::{self, Fact, Form, Mark};
use crate::import::recognise::taken::Taken;
use crate::import::said::{Setting, Value};
use crate::import::{Wish, path};
use crate::installed;
use crate::model::{Controller, GOTK_COMPONENTS, OutputPath, Platform};
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};

/// A cluster, and all that is known of it.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// Its name.
    pub name: String,
    /// The directory of its overlay.
    pub directory: String,
    /// The file that says it.
    pub path: String,
    /// What it runs on.
    pub platform: Platform,
    /// The namespace of Flux.
    pub namespace: String,
    /// What is to be written for it.
    pub shape: Shape,
    /// Whether changes of identity restart its controllers.
    pub restarts: bool,
    /// What else it must say for them.
    pub settings: BTreeMap<Setting, Value>,
    /// Who has which identities.
    pub identities: Identities,
    /// What else its overlay builds on.
    pub resources: Vec<String>,
    /// Its components.
    pub components: Vec<String>,
    /// What else its overlay changes.
    pub leftovers: Vec<Leftover>,
    /// The overlay that stays in hand, without its identities.
    pub edited: Option<String>,
}

impl Cluster {
    /// Whether its overlay says nothing but what `flux bootstrap` writes.
    pub fn is_fresh(&self) -> bool {
        self.shape == Shape::Bootstrap
            && self.identities.is_empty()
            && self.resources.is_empty()
            && self.components.is_empty()
            && self.leftovers.is_empty()
    }
}

/// What is to be written for a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// An overlay beside what `flux bootstrap` writes.
    Bootstrap,
    /// An overlay of what its resources install.
    Overlay,
    /// A component of an overlay that stays in hand.
    Component,
}

/// Recognises the cluster of an overlay; nothing if the overlay must be left alone, which is reported.
pub fn recognise(
    overlay: &Overlay,
    wish: Wish,
    reader: &mut Reader<'_>,
    problems: &mut Problems,
) -> Option<Cluster> {
    if has_component_of_ours(overlay, reader) {
        return None;
    }
    if !overlay.directory.is_empty() && OutputPath::parse(&overlay.directory).is_err() {
        let fault = AdoptionFault::NoOutput { path: overlay.directory.clone() };
        problems.push(AdoptionProblem::at(overlay.file.span_from(0), fault));
        return None;
    }
    let installed = installed(overlay, reader);
    let patches = patches(overlay, &installed, problems)?;
    let told = told(&patches, problems);
    let platform = platform::platform(overlay, &told, problems);
    let mut taken = Taken::of(&told, &patches, platform, &installed.namespace);
    taken.report(&told, platform, problems);
    let restarts =
        told.iter().any(|(controller, told)| taken.has(*controller) && told.said.contains_key(&Key::Digest));
    let marked: Vec<BTreeSet<Mark>> = patches.iter().map(|patch| taken.marks(patch, problems)).collect();
    let (resources, shape) = resources::resources(overlay, wish, reader, problems)?;
    let leftovers = leftovers(overlay, &patches, &marked);
    let shape = match leftovers.iter().find_map(|(entry, left)| Some((entry, left.as_ref().err()?))) {
        Some((entry, what)) if shape != Shape::Component => {
            let fault = AdoptionFault::Unsayable { what: (*what).to_owned() };
            problems.push(AdoptionProblem::at(entry.at, fault));
            Shape::Component
        }
        Some(_) | None => shape,
    };
    let mut cluster = Cluster {
        name: String::new(),
        directory: overlay.directory.clone(),
        path: overlay.path.clone(),
        platform,
        namespace: installed.namespace.clone(),
        shape,
        restarts,
        identities: taken.by_controller(),
        settings: taken.settings,
        resources: Vec::new(),
        components: Vec::new(),
        leftovers: Vec::new(),
        edited: None,
    };
    if shape == Shape::Component && !overlay.is_component {
        // What has no identity may stay as it is.
        if marked.iter().all(BTreeSet::is_empty) {
            return None;
        }
        let directory = path::in_directory(&overlay.directory, component::DIRECTORY);
        let edited = component::without_identities(overlay, &patches, &marked);
        let Some(edited) = edited.filter(|_| !reader.estate.exists(&directory)) else {
            problems.push(AdoptionProblem::at(overlay.file.span_from(0), AdoptionFault::NotEditable));
            return None;
        };
        cluster.edited = Some(edited);
        cluster.directory = directory;
        faults::unneeded(&patches, &marked, problems);
        return Some(cluster);
    }
    cluster.resources = resources.resources;
    cluster.components = resources.components;
    cluster.leftovers = leftovers.into_iter().filter_map(|(_, left)| left.ok()).collect();
    faults::comments(overlay, problems);
    faults::unneeded(&patches, &marked, problems);
    Some(cluster)
}

/// Whether an overlay names a component that this compiler wrote: its identities are in a source already.
fn has_component_of_ours(overlay: &Overlay, reader: &Reader<'_>) -> bool {
    let components =
        overlay.components.iter().filter_map(|named| path::join(&overlay.directory, &named.text));
    let mut files = components.map(|directory| path::in_directory(&directory, emit::KUSTOMIZATION));
    files.any(|file| reader.estate.text(&file).is_ok_and(|text| text.starts_with(emit::BANNER)))
}

/// One document of a patch, and what it is for.
pub struct Patch<'o> {
    /// The entry that it is part of.
    pub entry: &'o Entry,
    /// The document.
    pub document: &'o Document,
    /// The objects that it hits.
    pub hit: Vec<Object>,
    /// What it says of identities.
    pub facts: Vec<Fact>,
}

/// What Flux has in the cluster of an overlay.
fn installed(overlay: &Overlay, reader: &mut Reader<'_>) -> Installed {
    let beside = path::in_directory(&overlay.directory, GOTK_COMPONENTS);
    let named = overlay.resources.iter().filter_map(|named| path::join(&overlay.directory, &named.text));
    let parent =
        overlay.is_component.then(|| path::in_directory(path::parent(&overlay.directory), GOTK_COMPONENTS));
    for file in std::iter::once(beside).chain(parent).chain(named.filter(|path| path::is_yaml(path))) {
        let Some(installation) = reader.estate.text(&file).ok().and_then(|text| installed::read(&text))
        else {
            continue;
        };
        let has = |controller: &Controller| installation.deployments.contains_key(controller.name());
        let controllers: Vec<Controller> = Controller::ALL.into_iter().filter(has).collect();
        let accounts = controllers.iter().find_map(|one| installation.service_accounts.get(one.name()));
        if let Some(namespace) = accounts.and_then(|namespaces| namespaces.first()) {
            return Installed { controllers, namespace: namespace.clone(), is_known: true };
        }
    }
    let namespace = overlay.entries.iter().flat_map(|entry| &entry.documents).find_map(|document| {
        let Form::Merge(wanted) = document.form() else { return None };
        let is_ours = Controller::from_name(wanted.name).is_some() && !wanted.namespace.is_empty();
        is_ours.then(|| wanted.namespace.to_owned())
    });
    let namespace = namespace.unwrap_or_else(|| "flux-system".to_owned());
    Installed { controllers: Controller::ALL.to_vec(), namespace, is_known: false }
}

/// The documents of all patches; nothing if kustomize would refuse one of them.
fn patches<'o>(
    overlay: &'o Overlay,
    installed: &Installed,
    problems: &mut Problems,
) -> Option<Vec<Patch<'o>>> {
    let mut patches = Vec::new();
    let mut is_right = true;
    for entry in &overlay.entries {
        for document in &entry.documents {
            let form = document.form();
            let at = document.origin.place(&document.node);
            let hit = match (&entry.target, form) {
                (_, Form::Neither) => {
                    problems.push(AdoptionProblem::at(at, AdoptionFault::NoObject));
                    is_right = false;
                    continue;
                }
                (Some(target), Form::Merge(_) | Form::Operations) => installed.hit_by_target(target),
                (None, Form::Merge(wanted)) => installed.hit_by_name(wanted),
                (None, Form::Operations) => {
                    problems.push(AdoptionProblem::at(at, AdoptionFault::NoTarget));
                    is_right = false;
                    continue;
                }
            };
            if let (None, Form::Merge(wanted), true) = (&entry.target, form, hit.is_empty())
                && let (Some(_), true) =
                    (Controller::from_name(wanted.name), is_account_or_deployment(wanted.kind))
                && (wanted.namespace != installed.namespace || installed.is_known)
            {
                let fault = AdoptionFault::NotThere {
                    kind: wanted.kind.to_owned(),
                    name: wanted.name.to_owned(),
                    namespace: wanted.namespace.to_owned(),
                };
                problems.push(AdoptionProblem::at(at, fault));
                is_right = false;
            }
            if document.node.get("target").is_some() && form != Form::Operations {
                problems.push(AdoptionProblem::at(at, AdoptionFault::TargetWithin));
            }
            if hit.is_empty() && faults::speaks_of_identity(document) {
                problems.push(AdoptionProblem::at(entry.at, AdoptionFault::HitsNothing));
            }
            if let Some(at) = patch::aad_pod_identity(document) {
                problems.push(AdoptionProblem::at(at, AdoptionFault::AadPodIdentity));
            }
            let facts = document.facts(&hit);
            patches.push(Patch { entry, document, hit, facts });
        }
    }
    is_right.then_some(patches)
}

fn is_account_or_deployment(kind: &str) -> bool {
    Kind::ALL.into_iter().any(|known| known.name() == kind)
}

/// What each controller is told, the last word on each thing.
fn told(patches: &[Patch<'_>], problems: &mut Problems) -> BTreeMap<Controller, Told> {
    let mut told: BTreeMap<Controller, Told> = BTreeMap::new();
    for patch in patches {
        for fact in &patch.facts {
            for object in patch.hit.iter().filter(|object| object.kind == fact.kind) {
                let said = &mut told.entry(object.controller).or_default().said;
                match fact.key {
                    Key::AllAnnotations => said.retain(|key, _| !matches!(key, Key::Annotation(_))),
                    Key::Removed(name) => said.retain(|key, _| *key != Key::Annotation(name)),
                    Key::Annotation(_)
                    | Key::Label(_)
                    | Key::PodLabel
                    | Key::Digest
                    | Key::Selector
                    | Key::Variable(..)
                    | Key::Volume(..)
                    | Key::Mount(..) => {
                        let before = said.insert(fact.key, (fact.value.clone(), fact.at));
                        if let Some((value, at)) = before.filter(|(value, _)| *value != fact.value) {
                            let fault = AdoptionFault::Overridden { value, by: fact.at };
                            problems.push(AdoptionProblem::at(at, fault));
                        }
                    }
                }
            }
        }
    }
    told
}

/// What is left of the patches of an overlay, or what of it no source can say.
fn leftovers<'o>(
    overlay: &'o Overlay,
    patches: &[Patch<'o>],
    marked: &[BTreeSet<Mark>],
) -> Vec<(&'o Entry, Result<Leftover, &'static str>)> {
    let mut found = Vec::new();
    for entry in &overlay.entries {
        let of_entry = || {
            let both = patches.iter().zip(marked);
            both.filter(|(patch, _)| std::ptr::eq(patch.entry, entry))
        };
        if of_entry().all(|(_, marks)| marks.is_empty())
            && let Some(path) = &entry.path
        {
            found.push((entry, leftover(entry, Content::File(path.clone()), None)));
            continue;
        }
        for (patch, marks) in of_entry() {
            let is_alone = entry.documents.len() == 1;
            let text = if marks.is_empty() && is_alone {
                Some(format!("{}\n", patch.document.text.trim_end()))
            } else {
                patch.document.without(marks).map(|left| patch::text(&left))
            };
            if let Some(text) = text {
                found.push((entry, leftover(entry, Content::Text(text), Some(patch.document))));
            }
        }
    }
    found
}

fn leftover(entry: &Entry, content: Content, document: Option<&Document>) -> Result<Leftover, &'static str> {
    if entry.has_options {
        return Err("the options of a patch");
    }
    let target = entry.target.clone().unwrap_or_default();
    let document = document.or(entry.documents.first());
    Leftover::of(content, target, document)
}
