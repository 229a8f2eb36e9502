//! Objects beside an overlay that Flux builds together with it.
//!
//! Where the directory of a Flux Kustomization has no kustomization, Flux makes one of all files in it, with the directories
//! below that have one. Source: `kustomize/kustomize_generator.go` of fluxcd/pkg.

use std::path::Path;

use crate::check::readings::Readings;
use crate::check::scope::Scope;
use crate::kustomize::{Id, NAMES, Object};
use crate::model::{Cluster, Controller, GOTK_SYNC, LocalPath, ObjectKind};
use crate::problem::{EffectiveIdentityProblem, ErrorGuaranteed};
use crate::workspace::{Entry, Kind};

/// How many files beside an overlay are read at most.
const MOST_FILES: usize = 100;
/// The file that may keep others out of what Flux builds.
const IGNORE: &str = ".sourceignore";

/// Reports ServiceAccounts and Deployments of mapped controllers that a file beside an overlay has too: Flux then builds
/// nothing of either.
///
/// # Errors
/// There is one.
pub fn check_beside(
    cluster: &Cluster,
    readings: &Readings<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<(), ErrorGuaranteed> {
    let mut outcome = Ok(());
    let Some(directory) = synced_directory(cluster, readings) else { return outcome };
    for file in yaml_files(&directory, readings) {
        let Ok(text) = readings.text(&file) else { continue };
        // Reading all manifests of a cluster would take long.
        if !ObjectKind::ALL.iter().any(|kind| text.contains(kind.name())) {
            continue;
        }
        for object in readings.objects(&file).unwrap_or_default() {
            if is_of_mapped_controller(object.id(), cluster) {
                outcome = Err(scope.refuse_on_cluster(EffectiveIdentityProblem::Beside {
                    at: scope.names.name.span,
                    object: format!("{} `{}`", object.id().kind, object.id().name),
                    directory: readings.shown(&directory),
                    file: readings.shown(&file),
                }));
            }
        }
    }
    outcome
}

fn is_of_mapped_controller(id: &Id, cluster: &Cluster) -> bool {
    let controller = Controller::from_name(&id.name);
    ObjectKind::from_name(&id.kind).is_some()
        && id.namespace == cluster.namespace.as_str()
        && controller.is_some_and(|controller| cluster.credentials.contains_key(&controller))
}

/// The directory above an overlay that `gotk-sync.yaml` names, if Flux makes a kustomization of all its files.
fn synced_directory(cluster: &Cluster, readings: &Readings<'_>) -> Option<LocalPath> {
    let overlay = LocalPath::from(&cluster.output);
    let objects = readings.objects(&overlay.join(GOTK_SYNC)?).ok()?;
    let says = |object: &Object, path: &[&str]| Some(object.value()?.at(path)?.as_str()?.to_owned());
    if objects.iter().any(|object| says(object, &["spec", "ignore"]).is_some()) {
        return None;
    }
    let is_sync = |object: &&Object| {
        object.id().kind == "Kustomization" && object.id().group == "kustomize.toolkit.fluxcd.io"
    };
    let path = objects.iter().filter(is_sync).find_map(|object| says(object, &["spec", "path"]))?;
    let path = path.trim_start_matches("./").trim_end_matches('/');
    // The source may be in a directory of the repository.
    let is_synced = |directory: &LocalPath| {
        let rest = path.strip_suffix(directory.as_str());
        !directory.as_str().is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    let directory = overlay.ancestors().find(is_synced)?;
    let root = LocalPath::default();
    let is_missing = |at: &LocalPath, name: &str| {
        at.join(name).is_some_and(|file| readings.entry(&file, &root) == Entry::Missing)
    };
    let is_generated = NAMES.iter().all(|name| is_missing(&directory, name));
    let ignores_nothing =
        overlay.ancestors().chain([root.clone()]).all(|directory| is_missing(&directory, IGNORE));
    (is_generated && ignores_nothing).then_some(directory)
}

/// The files of YAML in a directory, in the order of their names; none if there are very many.
fn yaml_files(directory: &LocalPath, readings: &Readings<'_>) -> Vec<LocalPath> {
    let entries = readings.builder().inputs.names(Path::new(directory.as_str())).unwrap_or_default();
    let is_yaml = |name: &str| {
        Path::new(name).extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
    };
    let regular = entries.into_iter().filter(|(_, kind)| *kind == Kind::File);
    let mut files: Vec<LocalPath> = regular
        .filter_map(|(name, _)| directory.join(name.to_str().filter(|name| is_yaml(name))?))
        .take(MOST_FILES.saturating_add(1))
        .collect();
    if files.len() > MOST_FILES {
        return Vec::new();
    }
    files.sort();
    files
}
