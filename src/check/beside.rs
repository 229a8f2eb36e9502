//! Objects beside an overlay that Flux builds together with it.
//!
//! Where the directory of a Flux Kustomization has no kustomization, Flux makes one of all files in it, with the directories
//! below that have one.

use std::path::Path;

use crate::check::flux_build::{FluxSync, IgnorePatterns, Search};
use crate::check::readings::Readings;
use crate::check::scope::Scope;
use crate::kustomize::Id;
use crate::model::{Cluster, Controller, LocalPath, ObjectKind};
use crate::problem::{EffectiveIdentityProblem, ErrorGuaranteed};
use crate::workspace::Kind;

/// How many files beside an overlay are read at most.
const MOST_FILES: usize = 100;

/// Reports ServiceAccounts and Deployments of mapped controllers that a file beside an overlay has too: Flux then builds
/// nothing of either.
///
/// # Errors
/// There is one.
pub fn check_beside(
    cluster: &Cluster,
    sync: FluxSync<'_>,
    readings: &Readings<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<(), ErrorGuaranteed> {
    let mut outcome = Ok(());
    let overlay = LocalPath::from(&cluster.output);
    let Some(directory) = generated_directory(&overlay, sync, readings) else { return outcome };
    let Some(patterns) = IgnorePatterns::new(&directory, sync, readings) else { return outcome };
    for file in yaml_files(&directory, readings) {
        let Ok(text) = readings.text(&file) else { continue };
        // Reading all manifests of a cluster would take long.
        let may_have_one = ObjectKind::ALL.iter().any(|kind| text.contains(kind.name()));
        if !may_have_one || patterns.excluding(&file).is_some() {
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

/// The directory that Flux builds with an overlay in it, if it generates a kustomization of all its files.
fn generated_directory(
    overlay: &LocalPath,
    sync: FluxSync<'_>,
    readings: &Readings<'_>,
) -> Option<LocalPath> {
    let directory = sync.root(readings)?;
    let mut search = Search::new(overlay, readings);
    let is_built = search.is_generated(&directory) && search.find(&directory) == Some(true);
    is_built.then_some(directory)
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
