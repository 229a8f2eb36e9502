//! Whether the manifests of Flux are whole.

use std::iter;

use crate::check::applied::AppliedCheck;
use crate::check::scope::Scope;
use crate::kustomize::Object;
use crate::model::{GOTK_COMPONENTS, Part};
use crate::overlay_build::OverlayBuild;
use crate::problem::{FitProblem, describe_object};

impl AppliedCheck<'_> {
    /// Reports what the manifests of Flux lack of their components, unless the overlay has it from elsewhere.
    pub(super) fn check_lacking(self, objects: &[&Object], scope: &mut Scope<'_, '_>) {
        let is_known = self.build.is_none_or(OverlayBuild::is_known_but_for_sync);
        let is_there = |part: &Part| {
            objects.iter().map(|object| object.id()).any(|id| id.kind == part.kind && id.name == part.name)
        };
        let lacking: Vec<&Part> = self.lacking.iter().filter(|part| is_known && !is_there(part)).collect();
        if lacking.is_empty() {
            return;
        }
        let own = &self.placement.output;
        let directories = iter::once(own.clone()).chain(own.ancestors());
        let mut files = directories.filter_map(|directory| directory.join(GOTK_COMPONENTS));
        let file = files.find(|file| self.readings.text(file).is_ok());
        scope.report_on_cluster(FitProblem::Incomplete {
            at: scope.names.name.span,
            file: file.map_or_else(|| GOTK_COMPONENTS.to_owned(), |file| self.readings.shown(&file)),
            objects: lacking.iter().map(|part| describe_object(part.kind, &part.name)).collect(),
        });
    }
}
