//! Whether Flux applies an overlay: the path of its Kustomization leads there, it is not suspended, and its
//! files are fetched.
//!
//! Source: `kustomize/kustomize_generator.go` of fluxcd/pkg.

mod ignored;

use std::collections::BTreeSet;
use std::path::Path;

use crate::check::applied::ignored::Pattern;
use crate::check::origin::Origins;
use crate::check::readings::Readings;
use crate::check::scope::Scope;
use crate::emit::KUSTOMIZATION;
use crate::kustomize::{Cause, Failure, Kustomization, Object, Value};
use crate::model::{Cluster, GOTK_COMPONENTS, GOTK_SYNC, LocalPath, OverlayForm};
use crate::overlay_build::own_kustomization;
use crate::problem::{AppliedProblem, Unlisted};
use crate::workspace::Entry;

/// The file with the patterns of what Flux leaves out.
const IGNORE_FILE: &str = ".sourceignore";

/// Reports an overlay that Flux does not apply, and that adds nothing to what `flux bootstrap` installs.
pub fn check_installed(cluster: &Cluster, readings: &Readings<'_>, scope: &mut Scope<'_, '_>) {
    let output = LocalPath::from(&cluster.output);
    let file = output.join(GOTK_SYNC);
    let objects = file.and_then(|file| readings.objects(&file).ok()).unwrap_or_default();
    let inputs = readings.builder().inputs;
    let origins = Origins { inputs, output: &output, patches: &[], statements: &[] };
    check(cluster, objects.iter(), origins, readings, scope);
}

/// Reports an overlay that Flux does not apply. `objects`: what it builds.
pub fn check<'o>(
    cluster: &Cluster,
    objects: impl Iterator<Item = &'o Object>,
    origins: Origins<'_>,
    readings: &Readings<'_>,
    scope: &mut Scope<'_, '_>,
) {
    let at = scope.names.name.span;
    let directory = installed_directory(cluster, readings);
    let objects: Vec<&Object> = objects.collect();
    let sync = own_kustomization(objects.iter().copied());
    check_ignored(cluster, &objects, sync, origins, readings, scope);
    let Some(object) = sync else {
        return check_not_bootstrapped(&directory, readings, scope);
    };
    let Some(spec) = object.value().and_then(|value| value.get("spec")) else { return };
    if spec.get("suspend").and_then(Value::scalar_text) == Some("true") {
        let by = origins.set_by(object, "/spec/suspend");
        scope.report_on_cluster(AppliedProblem::Suspended { at, by });
    }
    let written = spec.get("path").and_then(Value::as_str).unwrap_or_default();
    let Some((root, below)) = resolve_path(written, readings).filter(|_| is_read_here(spec)) else { return };
    let mut search = Search::new(&directory, readings);
    if search.find(&root) != Some(false) {
        return;
    }
    if let Some(unlisted) = search.unlisted(&root) {
        scope.report_on_cluster(AppliedProblem::NotListed { at, unlisted });
        return;
    }
    let leads_there = |root: &LocalPath| Search::new(&directory, readings).find(root) == Some(true);
    let right = directory.ancestors().find(leads_there).unwrap_or_else(|| directory.clone());
    let right = below.join(right.as_str()).unwrap_or_default();
    let is_missing = readings.entry(&root, &LocalPath::default()) == Entry::Missing;
    let by = origins.set_by(object, "/spec/path");
    let right = format!("./{}", right.as_str());
    scope.report_on_cluster(AppliedProblem::OtherPath {
        at,
        path: written.to_owned(),
        is_missing,
        right,
        by,
    });
}

/// Reports a file of an overlay that Flux does not fetch.
fn check_ignored(
    cluster: &Cluster,
    objects: &[&Object],
    sync: Option<&Object>,
    origins: Origins<'_>,
    readings: &Readings<'_>,
    scope: &mut Scope<'_, '_>,
) {
    let Some((_, below)) = resolve_path("", readings) else { return };
    let output = LocalPath::from(&cluster.output);
    let of_overlay =
        [KUSTOMIZATION, GOTK_COMPONENTS].into_iter().take(if cluster.form.is_bootstrapped() { 2 } else { 1 });
    let root = LocalPath::default();
    let file = root.join(IGNORE_FILE).unwrap_or_default();
    let is_there = matches!(readings.entry(&file, &root), Entry::File(_));
    let of_file = is_there.then(|| readings.text(&file).ok()).flatten();
    let source = sync.and_then(|sync| {
        let name = sync.value()?.at(&["spec", "sourceRef", "name"])?.as_str()?;
        objects.iter().find(|object| object.id().kind == "GitRepository" && object.id().name == name)
    });
    let of_source = source.and_then(|source| source.value()?.at(&["spec", "ignore"])?.as_str());
    for path in of_overlay.filter_map(|name| output.join(name)) {
        let whole = below.join(path.as_str()).unwrap_or_default();
        // What the object says comes after what the files say.
        let by_source = of_source.and_then(|text| Pattern::deciding(text, whole.as_str()));
        let by_file = of_file.as_ref().and_then(|text| Pattern::deciding(text, path.as_str()));
        let place = match (&by_source, &by_file) {
            (Some(pattern), _) if pattern.excludes => {
                source.and_then(|source| origins.set_by(source, "/spec/ignore")).map(|by| by.place)
            }
            (None, Some(pattern)) if pattern.excludes => {
                Some(format!("`{}`, line {}", readings.shown(&file), pattern.line))
            }
            _ => continue,
        };
        let pattern = by_source.or(by_file).map(|pattern| pattern.text.to_owned()).unwrap_or_default();
        let at = scope.names.name.span;
        let directory = below.join(output.as_str()).unwrap_or_default().as_str().to_owned();
        let path = readings.shown(&path);
        scope.report_on_cluster(AppliedProblem::Ignored { at, path, pattern, directory, place });
        return;
    }
}

/// True if Flux builds a component with the path of the Kustomization in the nearest directory above; nothing if that is
/// unknown.
pub fn is_built_by_flux(component: &LocalPath, readings: &Readings<'_>) -> Option<bool> {
    let of_directory = |directory: LocalPath| {
        let objects = readings.objects(&directory.join(GOTK_SYNC)?).ok()?;
        let spec = own_kustomization(&objects)?.value()?.get("spec")?;
        let path = spec.get("path").and_then(Value::as_str).unwrap_or_default();
        is_read_here(spec).then(|| resolve_path(path, readings)).flatten()
    };
    let (root, _) = component.ancestors().find_map(of_directory)?;
    Search::new(component, readings).find(&root)
}

/// Reports a kustomization above an overlay that lists its manifests, where nothing says yet what Flux applies.
fn check_not_bootstrapped(directory: &LocalPath, readings: &Readings<'_>, scope: &mut Scope<'_, '_>) {
    let Some(above) = directory.parent() else { return };
    let mut search = Search::new(directory, readings);
    let is_unlisted = search.find(&above) == Some(false);
    let Some(unlisted) = search.unlisted(&above).filter(|it| is_unlisted && !it.files.is_empty()) else {
        return;
    };
    let at = scope.names.name.span;
    scope.report_on_cluster(AppliedProblem::NotListed { at, unlisted });
}

/// True if a Kustomization applies this repository to its own cluster, as far as it says.
fn is_read_here(spec: &Value) -> bool {
    let source = spec.at(&["sourceRef", "kind"]).and_then(Value::as_str);
    let path = spec.get("path").is_none_or(|path| path.as_str().is_some_and(|path| !path.contains("${")));
    source == Some("GitRepository") && spec.get("kubeConfig").is_none() && path
}

/// The directory that a path of a Kustomization leads to, which begins at the root of the repository, and where that has
/// the directory of the source; nothing if it is outside of that, or nobody looked.
fn resolve_path(path: &str, readings: &Readings<'_>) -> Option<(LocalPath, LocalPath)> {
    let root = LocalPath::default();
    let Entry::Directory(below) = readings.entry(&root, &root) else { return None };
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            // Flux leaves the repository by no path.
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let whole = parts.join("/");
    let within = Path::new(&whole).strip_prefix(&below).ok()?;
    Some((root.join(within.to_str()?)?, root.join(below.to_str()?)?))
}

/// The directory that Flux has to build: that of an overlay, or of the kustomization that includes a component.
fn installed_directory(cluster: &Cluster, readings: &Readings<'_>) -> LocalPath {
    let output = LocalPath::from(&cluster.output);
    let includes = |directory: &LocalPath| {
        let read = readings.kustomization(directory).ok().flatten();
        let lists = |read: &Kustomization| {
            read.components.iter().any(|entry| directory.join(&entry.value).as_ref() == Some(&output))
        };
        read.is_some_and(|read| lists(&read))
    };
    match cluster.form {
        OverlayForm::Overlay(_) => output,
        OverlayForm::Component => output.ancestors().find(includes).unwrap_or_else(|| output.clone()),
    }
}

/// Looks for a directory in what Flux builds of another.
struct Search<'s> {
    wanted: &'s LocalPath,
    readings: &'s Readings<'s>,
    seen: BTreeSet<LocalPath>,
    /// True if everything was read.
    is_whole: bool,
}

impl<'s> Search<'s> {
    fn new(wanted: &'s LocalPath, readings: &'s Readings<'s>) -> Search<'s> {
        Search { wanted, readings, seen: BTreeSet::new(), is_whole: true }
    }

    /// True if Flux builds the directory with another; nothing if that is unknown.
    fn find(&mut self, root: &LocalPath) -> Option<bool> {
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
    fn unlisted(&self, root: &LocalPath) -> Option<Unlisted> {
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
