//! An overlay, to the cluster that it is for: its identities, and what else is left of it.

mod certain;
mod component;
mod faults;
mod platform;
mod resources;
mod taken;
mod telling;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::emit;
use crate::import::accounts::Accounts;
use crate::import::block;
use crate::import::configurations;
use crate::import::facts::{self, Fact};
use crate::import::file::Reader;
use crate::import::identity::{Identities, IdentityKey, ObservedValues};
use crate::import::leftover::{Content, Leftover};
use crate::import::objects::{ControllerObjectKind, Installed, Object, Target};
use crate::import::overlay::{Document, Entry, NamedFile, Overlay};
use crate::import::patch::{self, PatchForm};
use crate::import::recognise::taken::{PatchPart, TakeContext, TakenPatches};
use crate::import::{ImportOptions, path};
use crate::installation;
use crate::model::flux::FluxVersion;
use crate::model::kubernetes::DnsLabel;
use crate::model::setting::Setting;
use crate::model::{Controller, GOTK_COMPONENTS, GOTK_SYNC, OutputPath, Platform, object_level};
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};
use crate::yaml;

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
    pub settings: BTreeMap<Setting, String>,
    /// Who has which identities.
    pub identities: Identities,
    /// What else its overlay builds on.
    pub resources: Vec<String>,
    /// Its components.
    pub components: Vec<String>,
    /// What else its overlay changes.
    pub leftovers: Vec<Leftover>,
    /// The overlay that stays in hand, if this is one.
    pub edited: Option<Edited>,
}

/// An overlay that stays in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// What it says.
    pub before: Rc<str>,
    /// The same without its identities, and with the component that has them.
    pub after: String,
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

/// Why an overlay is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftReason {
    /// It is reported why.
    Reported,
    /// It stays in hand, and gives no identity.
    NoIdentity,
}

/// Recognises the cluster of an overlay.
///
/// # Errors
/// Says why the overlay is left alone.
pub fn recognise(
    overlay: &Overlay,
    accounts: Option<&Accounts>,
    wish: ImportOptions,
    reader: &mut Reader<'_>,
    problems: &mut Problems,
) -> Result<Cluster, LeftReason> {
    if let Some(named) = component_of_ours(overlay, reader) {
        problems.report(AdoptionProblem::at(named.at, AdoptionFault::InSource));
        return Err(LeftReason::Reported);
    }
    if !overlay.directory.is_empty() && OutputPath::parse(&overlay.directory).is_err() {
        let fault = AdoptionFault::NoOutput { path: overlay.directory.clone() };
        problems.report(AdoptionProblem::at(overlay.file.span_from(0), fault));
        return Err(LeftReason::Reported);
    }
    let installed = installed(overlay, reader);
    if DnsLabel::parse(&installed.namespace).is_err() {
        let fault = AdoptionFault::NoNamespace { namespace: installed.namespace };
        problems.report(AdoptionProblem::at(overlay.file.span_from(0), fault));
        return Err(LeftReason::Reported);
    }
    let patches = patches(&overlay.entries, &installed, problems).ok_or(LeftReason::Reported)?;
    if faults::has_objects_twice(overlay, &installed, reader, problems) {
        return Err(LeftReason::Reported);
    }
    if !certain::is_certain(overlay, &patches, &installed, problems) {
        return Err(LeftReason::Reported);
    }
    let told = told(&patches, problems);
    let platform = platform::platform(overlay, &told, accounts, reader, problems);
    let configurations = configurations::read_configurations(overlay, &installed.namespace, reader);
    let ground = TakeContext {
        platform,
        namespace: &installed.namespace,
        configurations: &configurations,
        has_accounts: accounts.is_some(),
    };
    let mut taken = TakenPatches::of(&told, &patches, ground);
    taken.report(&told, problems);
    let restarts = told
        .iter()
        .any(|(controller, told)| taken.has(*controller) && told.said.contains_key(&IdentityKey::Digest));
    let parts: Vec<Vec<PatchPart>> = patches.iter().map(|patch| taken.parts(patch, problems)).collect();
    let (mut resources, mut shape) =
        resources::resources(overlay, wish, reader, problems).ok_or(LeftReason::Reported)?;
    let leftovers = leftovers(overlay, &patches, &parts);
    let made = taken.config_maps();
    let generators = overlay.generators.iter().filter(|generator| !made.contains(generator.name.as_str()));
    resources.lost.extend(generators.map(|generator| (generator.at, "`configMapGenerator`".to_owned())));
    let unsaid = leftovers.iter().filter_map(|(entry, left)| Some((entry.at, left.as_ref().err()?)));
    resources.lost.extend(unsaid.map(|(at, what)| (at, (*what).to_owned())));
    if overlay.is_component && !resources.lost.is_empty() {
        for (at, what) in resources.lost {
            problems.report(AdoptionProblem::at(at, AdoptionFault::UnsayableComponent { what }));
        }
        return Err(LeftReason::Reported);
    }
    if let Some((at, what)) = resources.lost.first().filter(|_| shape != Shape::Component) {
        let fault = AdoptionFault::Unsayable { what: what.clone() };
        problems.report(AdoptionProblem::at(*at, fault));
        shape = Shape::Component;
    }
    let mut cluster = Cluster {
        name: String::new(),
        directory: overlay.directory.clone(),
        path: overlay.path.clone(),
        platform,
        namespace: installed.namespace.clone(),
        shape,
        restarts,
        identities: taken.by_controller(),
        settings: taken.settings.clone(),
        resources: Vec::new(),
        components: Vec::new(),
        leftovers: Vec::new(),
        edited: None,
    };
    if let Some(accounts) = accounts {
        cluster.take_accounts(accounts, &told, &installed);
    }
    if shape == Shape::Component && !overlay.is_component {
        // What has no identity may stay as it is.
        if parts.iter().flatten().all(|part| part.marks.is_empty()) {
            return Err(LeftReason::NoIdentity);
        }
        if certain::is_lost(&patches, &parts, problems) {
            return Err(LeftReason::Reported);
        }
        let directory = path::in_directory(&overlay.directory, component::DIRECTORY);
        let edited = component::without_identities(overlay, &patches, &parts, &made);
        let Some(edited) = edited.filter(|_| !reader.exists(&directory)) else {
            problems.report(AdoptionProblem::at(overlay.file.span_from(0), AdoptionFault::NotEditable));
            return Err(LeftReason::Reported);
        };
        cluster.edited = Some(Edited { before: Rc::clone(&overlay.file.text), after: edited });
        cluster.directory = directory;
        faults::comments_within(&patches, &parts, problems);
        faults::unneeded(&patches, &parts, problems);
        return Ok(cluster);
    }
    cluster.resources = resources.bases;
    cluster.components = resources.components;
    cluster.leftovers = leftovers.into_iter().filter_map(|(_, left)| left.ok()).collect();
    faults::comments(overlay, problems);
    faults::comments_within(&patches, &parts, problems);
    faults::unneeded(&patches, &parts, problems);
    faults::configurations(&configurations, &made, problems);
    Ok(cluster)
}

/// A component that this compiler wrote and an overlay names: its identities are in a source already.
fn component_of_ours<'o>(overlay: &'o Overlay, reader: &Reader<'_>) -> Option<&'o NamedFile> {
    overlay.components.iter().find(|named| {
        let directory = path::join(&overlay.directory, &named.text);
        let file = directory.map(|directory| path::in_directory(&directory, emit::KUSTOMIZATION));
        let text = file.and_then(|file| reader.text(&file).ok());
        text.is_some_and(|text| text.starts_with(emit::BANNER))
    })
}

/// One document of a patch, and what it is for.
pub struct Patch<'o> {
    /// The entry that it is part of.
    pub entry: &'o Entry,
    /// The document.
    pub document: &'o Document,
    /// The objects that it hits.
    pub hit: Vec<Object>,
    /// The names of all that its target hits, so that it can be split; nothing if they cannot be told.
    pub names: Option<Vec<String>>,
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
        let Some(installation) =
            reader.text(&file).ok().and_then(|text| installation::read_installation(&text))
        else {
            continue;
        };
        let has = |controller: &Controller| installation.deployments.contains_key(controller.name());
        let controllers: Vec<Controller> = Controller::ALL.into_iter().filter(has).collect();
        let accounts = controllers.iter().find_map(|one| installation.service_accounts.get(one.name()));
        if let Some(namespace) = accounts.and_then(|namespaces| namespaces.first()) {
            let is_flux = |named: &NamedFile| {
                path::join(&overlay.directory, &named.text).is_some_and(|path| {
                    path == file || path::name(&path) == GOTK_SYNC && path::parent(&path) == overlay.directory
                })
            };
            return Installed {
                controllers,
                namespace: namespace.clone(),
                is_known: true,
                is_all: overlay.resources.iter().all(is_flux) && overlay.components.is_empty(),
                version: installation.version,
            };
        }
    }
    let namespace = overlay.entries.iter().flat_map(|entry| &entry.documents).find_map(|document| {
        let PatchForm::Merge(wanted) = document.form() else { return None };
        let is_ours = Controller::from_name(wanted.name).is_some() && !wanted.namespace.is_empty();
        is_ours.then(|| wanted.namespace.to_owned())
    });
    let namespace = namespace.unwrap_or_else(|| "flux-system".to_owned());
    Installed {
        controllers: Controller::ALL.to_vec(),
        namespace,
        is_known: false,
        is_all: false,
        version: None,
    }
}

/// The documents of all patches; nothing if kustomize would refuse one of them.
pub fn patches<'o>(
    entries: &'o [Entry],
    installed: &Installed,
    problems: &mut Problems,
) -> Option<Vec<Patch<'o>>> {
    let mut patches = Vec::new();
    let mut is_right = true;
    for entry in entries {
        for document in &entry.documents {
            let form = document.form();
            let at = document.origin.place(&document.node);
            let hit = match (&entry.target, form) {
                (_, PatchForm::Neither) => {
                    problems.report(AdoptionProblem::at(at, AdoptionFault::NoObject));
                    is_right = false;
                    continue;
                }
                (Some(target), PatchForm::Merge(_) | PatchForm::Operations) => {
                    installed.hit_by_target(target)
                }
                (None, PatchForm::Merge(wanted)) => installed.hit_by_name(wanted),
                (None, PatchForm::Operations) => {
                    problems.report(AdoptionProblem::at(at, AdoptionFault::NoTarget));
                    is_right = false;
                    continue;
                }
            };
            if let (None, PatchForm::Merge(wanted), true) = (&entry.target, form, hit.is_empty())
                && let (Some(_), true) =
                    (Controller::from_name(wanted.name), is_account_or_deployment(wanted.kind))
                && (wanted.namespace != installed.namespace || installed.is_known)
            {
                let fault = AdoptionFault::NotThere {
                    kind: wanted.kind.to_owned(),
                    name: wanted.name.to_owned(),
                    namespace: wanted.namespace.to_owned(),
                };
                problems.report(AdoptionProblem::at(at, fault));
                is_right = false;
            }
            if let Some(operation) = facts::unescaped(document) {
                let at = document.origin.place(operation);
                problems.report(AdoptionProblem::at(at, AdoptionFault::Unescaped));
                is_right = false;
            }
            if document.node.get("target").is_some() && form != PatchForm::Operations {
                problems.report(AdoptionProblem::at(at, AdoptionFault::TargetWithin));
            }
            if hit.is_empty() && faults::speaks_of_identity(document) {
                problems.report(AdoptionProblem::at(entry.at, AdoptionFault::HitsNothing));
            }
            if let Some(at) = patch::aad_pod_identity(document) {
                problems.report(AdoptionProblem::at(at, AdoptionFault::AadPodIdentity));
            }
            let facts = document.facts(&hit);
            let names = entry.target.as_ref().and_then(|target| installed.names(target));
            patches.push(Patch { entry, document, hit, names, facts });
        }
    }
    is_right.then_some(patches)
}

fn is_account_or_deployment(kind: &str) -> bool {
    ControllerObjectKind::ALL.into_iter().any(|known| known.name() == kind)
}

/// What each controller is told, the last word on each thing.
pub fn told(patches: &[Patch<'_>], problems: &mut Problems) -> BTreeMap<Controller, ObservedValues> {
    let mut told: BTreeMap<Controller, ObservedValues> = BTreeMap::new();
    for patch in patches {
        for fact in &patch.facts {
            for object in patch.hit.iter().filter(|object| object.kind == fact.kind) {
                let said = &mut told.entry(object.controller).or_default().said;
                match fact.key {
                    IdentityKey::AllAnnotations => {
                        said.retain(|key, _| !matches!(key, IdentityKey::Annotation(_)));
                    }
                    IdentityKey::Removed(name) => said.retain(|key, _| *key != IdentityKey::Annotation(name)),
                    IdentityKey::Annotation(_)
                    | IdentityKey::Label(_)
                    | IdentityKey::PodLabel
                    | IdentityKey::Digest
                    | IdentityKey::Gate
                    | IdentityKey::Selector
                    | IdentityKey::Variable(..)
                    | IdentityKey::Volume(..)
                    | IdentityKey::Mount(..) => {
                        let before = said.insert(fact.key, (fact.value.clone(), fact.at));
                        if let Some((value, at)) = before.filter(|(value, _)| *value != fact.value) {
                            let fault = AdoptionFault::Overridden { value, by: fact.at };
                            problems.report(AdoptionProblem::at(at, fault));
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
    parts: &[Vec<PatchPart>],
) -> Vec<(&'o Entry, Result<Leftover, &'static str>)> {
    let mut found = Vec::new();
    let mut rest = patches.iter().zip(parts);
    for entry in &overlay.entries {
        // The patches are the documents of the entries, in their order.
        let of_entry: Vec<_> = rest.by_ref().take(entry.documents.len()).collect();
        let stays = |parts: &[PatchPart]| matches!(parts, [only] if only.marks.is_empty());
        if of_entry.iter().all(|(_, parts)| stays(parts))
            && let Some(path) = &entry.path
        {
            found.push((entry, leftover(entry, entry.target.as_ref(), Content::File(path.clone()), None)));
            continue;
        }
        for (patch, part) in
            of_entry.iter().flat_map(|(patch, parts)| parts.iter().map(move |part| (patch, part)))
        {
            let is_alone = entry.documents.len() == 1;
            let text = if part.marks.is_empty() && is_alone {
                Some(as_it_stands(&patch.document.text))
            } else {
                patch.document.without(&part.marks).map(|left| block::text(&left))
            };
            if let Some(text) = text {
                let content = Content::Text(text);
                found.push((entry, leftover(entry, part.target.as_ref(), content, Some(patch.document))));
            }
        }
    }
    found
}

/// The text of a patch for a file of its own. Line breaks at its end may be part of a value that is a block.
fn as_it_stands(text: &str) -> String {
    let whole = format!("{}\n", text.trim_end());
    let is_same =
        || yaml::Document::only(text).is_some_and(|said| yaml::Document::only(&whole) == Some(said));
    if !text.contains(['|', '>']) || is_same() { whole } else { text.to_owned() }
}

fn leftover(
    entry: &Entry,
    target: Option<&Target>,
    content: Content,
    document: Option<&Document>,
) -> Result<Leftover, &'static str> {
    if entry.has_options {
        return Err("the options of a patch");
    }
    let target = target.cloned().unwrap_or_default();
    let document = document.or(entry.documents.first());
    Leftover::of(content, target, document)
}

impl Cluster {
    /// Takes the ServiceAccounts that objects of Flux name. Who has the gate tells the version of Flux, where no manifest
    /// does.
    fn take_accounts(
        &mut self,
        accounts: &Accounts,
        told: &BTreeMap<Controller, ObservedValues>,
        installed: &Installed,
    ) {
        self.identities.extend(accounts.identities.clone());
        self.settings.extend(accounts.settings.clone());
        self.settings.insert(Setting::ServiceAccounts, accounts.directory.clone());
        let gated: Vec<Controller> = told
            .iter()
            .filter(|(_, told)| told.said.contains_key(&IdentityKey::Gate))
            .map(|(controller, _)| *controller)
            .collect();
        // The last that has these gates; the first of those that have none any more.
        let mut versions =
            (object_level::SINCE.minor..=10).rev().map(|minor| FluxVersion { major: 2, minor });
        let version = versions.find(|version| object_level::gated_controllers(*version) == gated);
        if let (Some(version), None) = (version, installed.version) {
            self.settings.insert(Setting::Flux, version.to_string());
        }
    }
}
