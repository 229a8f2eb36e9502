//! Which directories build on which: a base of an overlay is not an overlay of a cluster.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::import::facts::ControllerObject;
use crate::import::file::Reader;
use crate::import::find::{Found, classify};
use crate::import::identity::KEYS;
use crate::import::{path, read};
use crate::kustomize;
use crate::model::LocalPath;
use crate::overlay_build::Builder;
use crate::problem::Problems;

/// The role of a directory in the fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The overlay of a cluster, whatever its content.
    Overlay,
    /// A part of overlays of clusters.
    Base,
    /// Determined by its own content.
    Own,
}

/// The directories that build on others, or that others build on.
#[derive(Debug, Default)]
pub struct Bases {
    overlays: BTreeSet<String>,
    bases: BTreeSet<String>,
}

impl Bases {
    pub fn role(&self, directory: &str) -> Role {
        if self.overlays.contains(directory) {
            Role::Overlay
        } else if self.bases.contains(directory) {
            Role::Base
        } else {
            Role::Own
        }
    }

    /// Finds the directories among some files that build on others.
    pub fn find(files: &[String], builder: &Builder<'_>, reader: &mut Reader<'_>) -> Bases {
        let graph = Graph::read(files, builder, reader);
        let mut bases = Bases::default();
        if graph.below.is_empty() {
            return bases;
        }
        let nodes: BTreeSet<&String> = graph.below.keys().chain(graph.below.values().flatten()).collect();
        let flux: BTreeSet<&String> =
            nodes.into_iter().filter(|directory| installs_flux(directory, reader)).collect();
        let reaches_flux = |root: &&String| graph.all_below(root).iter().any(|one| flux.contains(*one));
        let roots = graph.roots().filter(reaches_flux).filter(|root| builds(root, builder, reader));
        let roots: Vec<&String> = roots.collect();
        let mut users: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
        for root in &roots {
            for directory in graph.all_below(root) {
                users.entry(directory).or_default().insert(root);
            }
        }
        for root in roots {
            let all = graph.all_below(root);
            // A directory that several roots share is not the overlay of one.
            let own = |directory: &&&String| users.get(**directory).is_some_and(|users| users.len() == 1);
            let local = |directory: &str| LocalPath::default().join(directory).unwrap_or_default();
            let is_within = |directory: &&&String| local(directory).is_within(&local(root));
            let within = all.iter().filter(is_within).filter(own);
            let mut within = within.filter(|directory| {
                flux.contains(**directory) || changes_identities(directory, builder, reader)
            });
            let overlay = within.next().copied().unwrap_or(root);
            bases.overlays.insert(overlay.clone());
            let below = graph.all_below(overlay);
            bases.bases.extend(below.into_iter().filter(|one| *one != overlay).cloned());
        }
        bases
    }
}

fn kustomization_in(directory: &str, reader: &Reader<'_>) -> Option<String> {
    let mut paths = kustomize::NAMES.into_iter().map(|name| path::in_directory(directory, name));
    paths.find(|path| reader.text(path).is_ok())
}

/// True if the content of a directory makes it an overlay of Flux.
fn installs_flux(directory: &str, reader: &mut Reader<'_>) -> bool {
    let Some(path) = kustomization_in(directory, reader) else { return false };
    matches!(classify(&path, false, reader, &mut Problems::default()), Found::Overlay(_))
}

/// True if kustomize can build a directory. One that lists several clusters cannot be built.
fn builds(directory: &str, builder: &Builder<'_>, reader: &mut Reader<'_>) -> bool {
    let file = kustomization_in(directory, reader).and_then(|path| reader.file(&path).ok());
    let overlay = file.and_then(|file| read::read(&file, reader, &mut Problems::default()));
    overlay.is_some_and(|overlay| builder.build_existing(&overlay).is_ok())
}

/// True if a kustomization changes a field that the identity of a controller depends on.
fn changes_identities(directory: &str, builder: &Builder<'_>, reader: &mut Reader<'_>) -> bool {
    let Some(path) = kustomization_in(directory, reader) else { return false };
    let file = reader.file(&path).ok();
    let Some(overlay) = file.and_then(|file| read::read(&file, reader, &mut Problems::default())) else {
        return false;
    };
    if overlay.entries.is_empty() && overlay.others.is_empty() {
        return false;
    }
    let Ok(built) = builder.build_existing(&overlay) else { return false };
    let concerns = |path: &String| {
        let within = ["/env", "/volumeMounts", "/volumes", "/serviceAccountName"];
        let above = ["", "/metadata", "/metadata/annotations", "/metadata/name", "/metadata/namespace"];
        KEYS.iter().any(|key| path.contains(key))
            || within.iter().any(|part| path.contains(part))
            || above.contains(&path.as_str())
    };
    built.objects.iter().any(|object| {
        let is_controller = ControllerObject::from_id(&object.original_id()).is_some();
        let mut own = object.changes().iter().filter(|change| change.place.file.as_str() == path);
        is_controller && own.any(|change| change.paths.iter().any(concerns))
    })
}

/// Which directories build on which.
struct Graph {
    below: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    fn read(files: &[String], builder: &Builder<'_>, reader: &Reader<'_>) -> Graph {
        let mut below: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let kustomizations = files.iter().filter(|path| path::is_kustomization(path));
        let mut waiting: Vec<String> = kustomizations.map(|path| path::parent(path).to_owned()).collect();
        let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
        while let Some(directory) = waiting.pop() {
            for named in named_directories(&directory, builder, reader) {
                if seen.insert(named.clone()) {
                    waiting.push(named.clone());
                }
                below.entry(directory.clone()).or_default().insert(named);
            }
        }
        Graph { below }
    }

    /// The directories that build on others, and that none builds on.
    fn roots(&self) -> impl Iterator<Item = &String> {
        let named: BTreeSet<&String> = self.below.values().flatten().collect();
        self.below.keys().filter(move |directory| !named.contains(directory))
    }

    /// A directory and all that it builds on, the nearest first.
    fn all_below<'g>(&'g self, directory: &'g String) -> Vec<&'g String> {
        let (mut found, mut waiting) = (Vec::new(), VecDeque::from([directory]));
        let mut seen = BTreeSet::from([directory]);
        while let Some(next) = waiting.pop_front() {
            found.push(next);
            let below = self.below.get(next).into_iter().flatten();
            waiting.extend(below.filter(|one| seen.insert(*one)));
        }
        found
    }
}

/// The directories with a kustomization that the one in a directory builds on.
fn named_directories(directory: &str, builder: &Builder<'_>, reader: &Reader<'_>) -> Vec<String> {
    let directory = LocalPath::default().join(directory).unwrap_or_default();
    let named = builder.resources_of(&directory);
    let paths = named.iter().map(|path| path.as_str().to_owned()).filter(|path| !path::is_yaml(path));
    paths.filter(|path| kustomization_in(path, reader).is_some()).collect()
}
