//! Whether the cluster serves the API versions of the objects of Flux.

use std::collections::BTreeMap;

use crate::check::applied::AppliedCheck;
use crate::check::scope::Scope;
use crate::installation::{TOOLKIT, definition_name, versions_instead};
use crate::kustomize::{Id, Object};
use crate::overlay_build::OverlayBuild;
use crate::problem::{AppliedProblem, SetBy};

/// The API of source-watcher.
const EXTENSIONS: &str = "source.extensions.fluxcd.io";

impl AppliedCheck<'_> {
    /// Reports objects of Flux of kinds and versions that the definitions of its manifests do not serve.
    pub(super) fn check_versions(self, objects: &[&Object], scope: &mut Scope<'_, '_>) {
        let of_flux = objects.iter().filter(|object| is_of_flux(object.id()));
        let mut by_api: BTreeMap<(String, &str), Vec<&Object>> = BTreeMap::new();
        for object in of_flux {
            by_api.entry((object.id().api_version(), &object.id().kind)).or_default().push(object);
        }
        for ((api_version, kind), of_api) in by_api {
            let Some(first) = of_api.first() else { continue };
            let Some(served) = self.versions_instead(first.id(), objects) else { continue };
            let definition = definition_name(first.id());
            // What the manifests lack was reported, and what is not known may define the kind.
            let is_known =
                self.build.is_none_or(|build| build.is_known_but_for_sync() && build.above().is_none());
            if served.is_empty() && (!is_known || self.lacking.iter().any(|part| part.name == definition)) {
                continue;
            }
            scope.report_on_cluster(AppliedProblem::UnservedVersion {
                at: scope.names.name.span,
                api_version,
                kind: kind.to_owned(),
                objects: of_api.iter().map(|object| object.id().name.clone()).collect(),
                served: served.first().cloned(),
                deleted_by: self.build.and_then(|build| self.deletion(build, &definition)),
                by: self.origins.of_place(&first.source().place),
            });
        }
    }

    /// The patch that deletes a definition.
    fn deletion(self, build: &OverlayBuild, definition: &str) -> Option<SetBy> {
        let mut patches = build.patches().iter();
        let patch = patches.find(|patch| patch.deleted.iter().any(|id| id.name == definition))?;
        self.origins.of_place(&patch.place)
    }

    /// The versions that are served instead of that of an object.
    fn versions_instead(self, id: &Id, objects: &[&Object]) -> Option<Vec<String>> {
        match self.build {
            Some(_) => versions_instead(objects.iter().copied(), id),
            None => self.readings.versions_instead(&self.placement.output, id),
        }
    }
}

/// True for an object of an API of Flux.
pub(super) fn is_of_flux(id: &Id) -> bool {
    id.group.ends_with(TOOLKIT) || id.group == EXTENSIONS
}
