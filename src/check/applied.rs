//! Whether Flux applies an overlay: the path of its Kustomization leads there, it is not suspended, its files are fetched,
//! and nothing else applies the same objects.

mod fetched;
mod lacking;
mod owners;
mod refusal;
mod repository;
mod rights;
mod room;
mod schemas;
mod substitution;
mod url;
mod usable;
mod versions;
mod waiting;

use crate::check::origin::Origins;
use crate::check::readings::Readings;
use crate::check::scope::Scope;
use crate::kustomize::{Kustomization, Object};
use crate::model::flux::FluxVersion;
use crate::model::{Cluster, Controller, GOTK_COMPONENTS, GOTK_SYNC, LocalPath, Part};
use crate::overlay_build::{FluxSync, OverlayBuild, Placement, Search};
use crate::problem::{AppliedProblem, FluxObject, Unlisted};
use crate::workspace::Entry;

/// Reports an overlay that Flux does not apply, by `gotk-sync.yaml` as it is written: what the overlay builds is not known,
/// or adds nothing to what `flux bootstrap` installs. `lacking`: what that lacks.
pub fn check_written(
    cluster: &Cluster,
    (placement, lacking): (&Placement, &[Part]),
    readings: &Readings<'_>,
    scope: &mut Scope<'_, '_>,
) {
    let inputs = readings.builder().inputs;
    let origins = Origins { inputs, output: &placement.output, patches: &[], statements: &[] };
    AppliedCheck { cluster, placement, build: None, version: None, lacking, origins, readings }.run(scope);
}

/// An overlay that Flux should apply.
#[derive(Clone, Copy)]
pub struct AppliedCheck<'a> {
    pub cluster: &'a Cluster,
    pub placement: &'a Placement,
    /// What it builds; nothing if `gotk-sync.yaml` counts as it is written.
    pub build: Option<&'a OverlayBuild>,
    /// The version of Flux, if known.
    pub version: Option<FluxVersion>,
    /// What the installed manifests lack of the components in their header.
    pub lacking: &'a [Part],
    pub origins: Origins<'a>,
    pub readings: &'a Readings<'a>,
}

impl AppliedCheck<'_> {
    /// Reports an overlay that Flux does not apply, or not as it is written.
    pub fn run(self, scope: &mut Scope<'_, '_>) {
        let written = self.placement.sync_objects();
        let objects: Vec<&Object> = match self.build {
            Some(build) => build.objects().collect(),
            None => written.iter().collect(),
        };
        let (at, objects) = (scope.names.name.span, objects.as_slice());
        let sync = FluxSync::new(objects.iter().copied());
        self.check_lacking(objects, scope);
        self.check_versions(objects, scope);
        self.check_schemas(objects, scope);
        let has_lost_rights = self.check_bindings(objects, scope);
        self.check_room(objects, scope);
        self.check_usable(sync, objects, scope);
        self.check_waiting(sync, objects, scope);
        let Some(directory) = &self.placement.directory else { return };
        let Some(object) = sync.kustomization else { return self.check_not_bootstrapped(directory, scope) };
        self.check_fetched(sync, scope);
        self.check_suspended(FluxObject::Kustomization, object, scope);
        self.check_variables(sync, scope);
        self.check_default_account(sync, objects, scope);
        if !has_lost_rights {
            self.check_reconciler(sync, objects, scope);
        }
        self.check_name(object, sync, scope);
        self.check_shard(Controller::Kustomize, object, scope);
        if let Some(repository) = sync.repository {
            self.check_shard(Controller::Source, repository, scope);
        }
        self.check_destination(sync, scope);
        self.check_encrypted(sync, objects, scope);
        self.check_substitutions(sync, objects, scope);
        self.check_namespaces(scope);
        self.check_repository(sync, scope);
        self.check_source(sync, objects, scope);
        self.check_owners(sync, objects, scope);
        let builder = self.readings.builder();
        let Some((root, source)) = sync.root(builder).zip(builder.source_directory()) else { return };
        let mut search = Search::new(directory, builder);
        if search.find(&root) != Some(false) {
            return;
        }
        if let Some((above, kustomization)) = search.unlisted(&root) {
            let unlisted = self.unlisted(directory, &above, &kustomization);
            scope.report_on_cluster(AppliedProblem::NotListed { at, unlisted });
            return;
        }
        let leads_there = |root: &LocalPath| Search::new(directory, builder).find(root) == Some(true);
        let right = directory.ancestors().find(leads_there).unwrap_or_else(|| directory.clone());
        let right = source.join(right.as_str()).unwrap_or_default();
        scope.report_on_cluster(AppliedProblem::OtherPath {
            at,
            path: sync.path().to_owned(),
            is_missing: self.readings.entry(&root, &LocalPath::default()) == Entry::Missing,
            right: format!("./{}", right.as_str()),
            by: self.origins.set_by(object, "/spec/path"),
        });
    }

    /// Reports a kustomization above an overlay that lists its manifests, where nothing says yet what Flux applies.
    fn check_not_bootstrapped(self, directory: &LocalPath, scope: &mut Scope<'_, '_>) {
        let Some(above) = directory.parent() else { return };
        let mut search = Search::new(directory, self.readings.builder());
        let is_unlisted = search.find(&above) == Some(false);
        let Some((above, kustomization)) = search.unlisted(&above).filter(|_| is_unlisted) else { return };
        let unlisted = self.unlisted(directory, &above, &kustomization);
        if !unlisted.files.is_empty() {
            let at = scope.names.name.span;
            scope.report_on_cluster(AppliedProblem::NotListed { at, unlisted });
        }
    }

    /// What a kustomization has in place of a directory. `above`: the directory of the kustomization.
    fn unlisted(self, directory: &LocalPath, above: &LocalPath, kustomization: &Kustomization) -> Unlisted {
        let is_file = |path: &LocalPath| {
            [GOTK_COMPONENTS, GOTK_SYNC].iter().any(|name| directory.join(name).as_ref() == Some(path))
        };
        let files = kustomization
            .resources
            .iter()
            .filter(|entry| above.join(&entry.value).is_some_and(|path| is_file(&path)));
        Unlisted {
            file: self.readings.shown(&kustomization.file),
            entry: directory.seen_from(above),
            files: files.map(|entry| entry.value.clone()).collect(),
        }
    }
}
