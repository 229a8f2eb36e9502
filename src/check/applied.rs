//! Whether Flux applies an overlay: the path of its Kustomization leads there, it is not suspended, and its files are
//! fetched.

use crate::check::flux_build::{FluxSync, IgnorePatterns, Search, source_directory};
use crate::check::origin::Origins;
use crate::check::readings::Readings;
use crate::check::scope::Scope;
use crate::emit::KUSTOMIZATION;
use crate::kustomize::Kustomization;
use crate::model::{Cluster, GOTK_COMPONENTS, LocalPath, OverlayForm};
use crate::problem::AppliedProblem;
use crate::workspace::Entry;

/// Reports an overlay that Flux does not apply, and that adds nothing to what `flux bootstrap` installs. `sync`: as
/// `gotk-sync.yaml` has it.
pub fn check_installed(
    cluster: &Cluster,
    sync: FluxSync<'_>,
    readings: &Readings<'_>,
    scope: &mut Scope<'_, '_>,
) {
    let output = LocalPath::from(&cluster.output);
    let inputs = readings.builder().inputs;
    let origins = Origins { inputs, output: &output, patches: &[], statements: &[] };
    check(cluster, sync, origins, readings, scope);
}

/// Reports an overlay that Flux does not apply. `sync`: as the overlay builds it.
pub fn check(
    cluster: &Cluster,
    sync: FluxSync<'_>,
    origins: Origins<'_>,
    readings: &Readings<'_>,
    scope: &mut Scope<'_, '_>,
) {
    let at = scope.names.name.span;
    let directory = installed_directory(cluster, readings);
    let Some(object) = sync.kustomization else {
        return check_not_bootstrapped(&directory, readings, scope);
    };
    check_ignored(cluster, sync, origins, readings, scope);
    let is_suspended = sync.spec().and_then(|spec| spec.get("suspend")?.scalar_text()) == Some("true");
    if is_suspended {
        let by = origins.set_by(object, "/spec/suspend");
        scope.report_on_cluster(AppliedProblem::Suspended { at, by });
    }
    let Some((root, source)) = sync.root(readings).zip(source_directory(readings)) else { return };
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
    let right = source.join(right.as_str()).unwrap_or_default();
    scope.report_on_cluster(AppliedProblem::OtherPath {
        at,
        path: sync.path().to_owned(),
        is_missing: readings.entry(&root, &LocalPath::default()) == Entry::Missing,
        right: format!("./{}", right.as_str()),
        by: origins.set_by(object, "/spec/path"),
    });
}

/// Reports a file of an overlay that Flux does not fetch.
fn check_ignored(
    cluster: &Cluster,
    sync: FluxSync<'_>,
    origins: Origins<'_>,
    readings: &Readings<'_>,
    scope: &mut Scope<'_, '_>,
) {
    let output = LocalPath::from(&cluster.output);
    let Some(patterns) = IgnorePatterns::new(&output, sync, readings) else { return };
    let of_overlay =
        [KUSTOMIZATION, GOTK_COMPONENTS].into_iter().take(if cluster.form.is_bootstrapped() { 2 } else { 1 });
    let excluded = |name| {
        let file = output.join(name)?;
        Some((patterns.excluding(&file)?, file))
    };
    let Some((exclusion, file)) = of_overlay.into_iter().find_map(excluded) else { return };
    let place = match &exclusion.file {
        Some(file) => Some(format!("`{}`, line {}", readings.shown(file), exclusion.line)),
        None => sync.repository.and_then(|it| origins.set_by(it, "/spec/ignore")).map(|by| by.place),
    };
    scope.report_on_cluster(AppliedProblem::Ignored {
        at: scope.names.name.span,
        path: readings.shown(&file),
        pattern: exclusion.pattern,
        matched: exclusion.path,
        place,
    });
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
