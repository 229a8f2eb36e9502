//! Whether the cluster serves the API versions of the objects of Flux.

use std::collections::BTreeMap;

use crate::check::applied::AppliedCheck;
use crate::check::scope::Scope;
use crate::installation::versions_instead;
use crate::kustomize::{Id, Object};
use crate::problem::AppliedProblem;

/// What the groups of the APIs of Flux end with.
pub(super) const TOOLKIT: &str = ".toolkit.fluxcd.io";

impl AppliedCheck<'_> {
    /// Reports objects of Flux of versions that the definitions of its manifests do not serve.
    pub(super) fn check_versions(self, objects: &[&Object], scope: &mut Scope<'_, '_>) {
        let of_flux = objects.iter().filter(|object| object.id().group.ends_with(TOOLKIT));
        let mut by_api: BTreeMap<(String, &str), Vec<&Object>> = BTreeMap::new();
        for object in of_flux {
            by_api.entry((object.id().api_version(), &object.id().kind)).or_default().push(object);
        }
        for ((api_version, kind), of_api) in by_api {
            let Some(first) = of_api.first() else { continue };
            let Some(served) = self.versions_instead(first.id(), objects) else { continue };
            scope.report_on_cluster(AppliedProblem::UnservedVersion {
                at: scope.names.name.span,
                api_version,
                kind: kind.to_owned(),
                objects: of_api.iter().map(|object| object.id().name.clone()).collect(),
                served: served.first().cloned(),
                by: self.origins.of_place(&first.source().place),
            });
        }
    }

    /// The versions that are served instead of that of an object.
    fn versions_instead(self, id: &Id, objects: &[&Object]) -> Option<Vec<String>> {
        match self.build {
            Some(_) => versions_instead(objects.iter().copied(), id),
            None => self.readings.versions_instead(&self.placement.output, id),
        }
    }
}
