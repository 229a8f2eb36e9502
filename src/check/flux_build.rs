//! What Flux builds of the path of its Kustomization: the directories and files that it reads.
//!
//! Source: `kustomize/kustomize_generator.go` of fluxcd/pkg.

mod ignored;

use std::collections::BTreeSet;
use std::path::Path;

use crate::check::readings::Readings;
use crate::kustomize::{Cause, Failure, Object, Value};
use crate::model::{GOTK_COMPONENTS, GOTK_SYNC, LocalPath};
use crate::overlay_build::{FluxRoot, own_kustomization};
use crate::problem::Unlisted;
use crate::workspace::{Entry, Kind};
use crate::yaml;

pub use ignored::IgnorePatterns;

/// The Kustomization that applies an overlay, and the `GitRepository` that it reads.
#[derive(Clone, Copy, Debug)]
pub struct FluxSync<'o> {
    pub kustomization: Option<&'o Object>,
    pub repository: Option<&'o Object>,
}

impl<'o> FluxSync<'o> {
    /// Finds both in the objects of `gotk-sync.yaml`, or of an overlay.
    pub fn new(objects: &[&'o Object]) -> FluxSync<'o> {
        let kustomization = own_kustomization(objects.iter().copied());
        let name = kustomization.and_then(|it| it.value()?.at(&["spec", "sourceRef", "name"])?.as_str());
        let is_it =
            |object: &&Object| object.id().kind == "GitRepository" && name == Some(object.id().name.as_str());
        let repository = objects.iter().copied().find(is_it);
        FluxSync { kustomization, repository }
    }

    pub fn spec(&self) -> Option<&'o Value> {
        self.kustomization?.value()?.get("spec")
    }

    /// The path as it is written.
    pub fn path(&self) -> &'o str {
        self.spec().and_then(|spec| spec.get("path")?.as_str()).unwrap_or_default()
    }

    /// `spec.ignore` of the `GitRepository`.
    fn ignore(&self) -> Option<&'o str> {
        self.repository?.value()?.at(&["spec", "ignore"])?.as_str()
    }

    /// The directory that Flux builds; nothing if it is outside of that of the source, or unknown.
    pub fn root(&self, readings: &Readings<'_>) -> Option<LocalPath> {
        let spec = self.spec().filter(|spec| applies_this_repository(spec))?;
        let mut parts = Vec::new();
        for part in spec.get("path").and_then(Value::as_str).unwrap_or_default().split('/') {
            match part {
                "" | "." => {}
                // Flux leaves the repository by no path.
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        let (base, source) = (LocalPath::default(), source_directory(readings)?);
        let whole = base.join(&parts.join("/"))?;
        if whole.is_within(&source) { base.join(&whole.seen_from(&source)) } else { None }
    }
}

/// How many files and directories the kustomization lists at most that Flux generates. Of more it is unknown.
const MOST_RESOURCES: usize = 100;

/// The directory that Flux builds with an overlay in it, if it is known. `overlay`: the directory of the overlay, or of the
/// kustomization above a component.
pub fn flux_root(overlay: &LocalPath, sync: FluxSync<'_>, readings: &Readings<'_>) -> Option<FluxRoot> {
    let directory = sync.root(readings).filter(|root| overlay.is_within(root))?;
    let mut search = Search::new(overlay, readings);
    if search.has_kustomization(&directory) {
        return Some(FluxRoot { directory, generated: None });
    }
    let patterns = IgnorePatterns::new(&directory, sync, readings)?;
    let mut resources = Vec::new();
    let is_whole = add_resources(&directory, &directory, &patterns, &search, &mut resources)?;
    // What is there twice is then reported at the other file.
    let own = overlay.seen_from(&directory);
    resources.sort_by_key(|entry| *entry != own);
    let generated = is_whole && search.find(&directory) == Some(true);
    generated.then_some(FluxRoot { directory, generated: Some(resources) })
}

/// Adds the files in a directory, and the directories with a kustomization, as Flux does. Returns false if there are too
/// many, and nothing if one cannot be read.
fn add_resources(
    directory: &LocalPath,
    root: &LocalPath,
    patterns: &IgnorePatterns<'_>,
    search: &Search<'_>,
    resources: &mut Vec<String>,
) -> Option<bool> {
    let inputs = search.readings.builder().inputs;
    let mut names = inputs.names(Path::new(directory.as_str())).ok()?;
    names.sort();
    for (name, kind) in names {
        let path = name.to_str().and_then(|name| directory.join(name))?;
        match kind {
            Kind::Directory if search.has_kustomization(&path) => resources.push(path.seen_from(root)),
            Kind::Directory => {
                if !add_resources(&path, root, patterns, search, resources)? {
                    return Some(false);
                }
            }
            Kind::File if is_yaml(&path) && patterns.excluding(&path).is_none() => {
                if search.readings.text(&path).is_ok_and(|text| !yaml::is_blank(&text)) {
                    resources.push(path.seen_from(root));
                }
            }
            Kind::File | Kind::Link | Kind::Pipe | Kind::Device | Kind::Socket => {}
        }
        if resources.len() > MOST_RESOURCES {
            return Some(false);
        }
    }
    Some(true)
}

fn is_yaml(path: &LocalPath) -> bool {
    Path::new(path.as_str()).extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

/// True if a Kustomization applies this repository to its own cluster, as far as it says.
fn applies_this_repository(spec: &Value) -> bool {
    let source = spec.at(&["sourceRef", "kind"]).and_then(Value::as_str);
    let path = spec.get("path").is_none_or(|path| path.as_str().is_some_and(|path| !path.contains("${")));
    source == Some("GitRepository") && spec.get("kubeConfig").is_none() && path
}

/// Where the repository has the directory of the source; nothing if nobody looked.
pub fn source_directory(readings: &Readings<'_>) -> Option<LocalPath> {
    let base = LocalPath::default();
    let Entry::Directory(below) = readings.entry(&base, &base) else { return None };
    base.join(below.to_str()?)
}

/// True if Flux builds a component with the path of the Kustomization in the nearest directory above; nothing if that is
/// unknown.
pub fn is_built_by_flux(component: &LocalPath, readings: &Readings<'_>) -> Option<bool> {
    let of_directory = |directory: LocalPath| {
        let objects = readings.objects(&directory.join(GOTK_SYNC)?).ok()?;
        FluxSync::new(&objects.iter().collect::<Vec<_>>()).root(readings)
    };
    let root = component.ancestors().find_map(of_directory)?;
    Search::new(component, readings).find(&root)
}

/// Looks for a directory in what Flux builds of another.
pub struct Search<'s> {
    wanted: &'s LocalPath,
    readings: &'s Readings<'s>,
    seen: BTreeSet<LocalPath>,
    /// True if everything was read.
    is_whole: bool,
}

impl<'s> Search<'s> {
    pub fn new(wanted: &'s LocalPath, readings: &'s Readings<'s>) -> Search<'s> {
        Search { wanted, readings, seen: BTreeSet::new(), is_whole: true }
    }

    /// True if Flux builds the directory with another; nothing if that is unknown.
    pub fn find(&mut self, root: &LocalPath) -> Option<bool> {
        let first = if self.has_kustomization(root) {
            Some(root.clone())
        } else if self.wanted.is_within(root) {
            // Flux generates the kustomization, and enters no directory that has one.
            let between: Vec<LocalPath> = self.wanted.ancestors().take_while(|above| above != root).collect();
            let first = between.into_iter().rev().find(|above| self.has_kustomization(above));
            Some(first.unwrap_or_else(|| self.wanted.clone()))
        } else {
            None
        };
        let is_found = first.is_some_and(|first| self.is_built_by(first));
        (is_found || self.is_whole).then_some(is_found)
    }

    fn has_kustomization(&self, directory: &LocalPath) -> bool {
        directory == self.wanted
            || !matches!(
                self.readings.kustomization(directory),
                Err(Failure { cause: Cause::NoKustomization, .. })
            )
    }

    fn is_built_by(&mut self, first: LocalPath) -> bool {
        let mut open = vec![first];
        while let Some(directory) = open.pop() {
            if directory == *self.wanted {
                return true;
            }
            if self.seen.contains(&directory) {
                continue;
            }
            match self.readings.kustomization(&directory) {
                Ok(Some(read)) => {
                    for entry in read.resources.iter().chain(&read.components) {
                        match directory.join(&entry.value) {
                            Some(path) if path == *self.wanted => return true,
                            Some(path) => open.push(path),
                            None => self.is_whole = false,
                        }
                    }
                }
                Err(Failure { cause: Cause::NoKustomization, .. }) => {}
                Ok(None) | Err(_) => self.is_whole = false,
            }
            self.seen.insert(directory);
        }
        false
    }

    /// The kustomization nearest to the directory, of those that Flux builds, which does not list it.
    pub fn unlisted(&self, root: &LocalPath) -> Option<Unlisted> {
        let mut above =
            self.wanted.ancestors().filter(|above| above.is_within(root) && self.seen.contains(above));
        let read = |above: LocalPath| Some((self.readings.kustomization(&above).ok()??, above));
        let (kustomization, above) = above.find_map(read)?;
        let is_file = |path: &LocalPath| {
            [GOTK_COMPONENTS, GOTK_SYNC].iter().any(|name| self.wanted.join(name).as_ref() == Some(path))
        };
        let files = kustomization.resources.iter().filter(|entry| {
            let path = above.join(&entry.value);
            path.is_some_and(|path| is_file(&path))
        });
        Some(Unlisted {
            file: self.readings.shown(&kustomization.file),
            entry: self.wanted.seen_from(&above),
            files: files.map(|entry| entry.value.clone()).collect(),
        })
    }
}
