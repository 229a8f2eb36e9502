//! Whether Flux fetches the files of an overlay.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::applied::AppliedCheck;
use crate::check::scope::Scope;
use crate::emit::{KUSTOMIZATION, SERVICE_ACCOUNTS};
use crate::kustomize::Value;
use crate::model::{GOTK_COMPONENTS, GOTK_SYNC, LocalPath};
use crate::overlay_build::{Artifact, Exclusion, FluxSync, Lack, PatternOrigin, Placement};
use crate::problem::{AppliedProblem, SetBy};

impl AppliedCheck<'_> {
    /// Reports the files of an overlay that Flux does not fetch: of each reason the first, and all links.
    pub(super) fn check_fetched(self, sync: FluxSync<'_>, scope: &mut Scope<'_, '_>) {
        let Some(artifact) = Artifact::new(sync, self.readings.builder()) else { return };
        let (mut excluded, mut pointers, mut links) = (None, BTreeMap::new(), BTreeSet::new());
        let mut not_checked_out = None;
        for file in self.files() {
            match artifact.lack(&file) {
                Some(Lack::Excluded(exclusion)) => {
                    excluded.get_or_insert((file, exclusion));
                }
                Some(Lack::Pointer(line)) => {
                    pointers.insert(file, line);
                }
                Some(Lack::NotCheckedOut(whole)) => {
                    not_checked_out.get_or_insert((file, whole));
                }
                Some(Lack::Link(link)) => {
                    links.insert(link);
                }
                None => {}
            }
        }
        if let Some((file, exclusion)) = excluded {
            self.report_excluded(&file, exclusion, sync, scope);
        }
        let at = scope.names.name.span;
        if let Some((_, line)) = pointers.first_key_value() {
            scope.report_on_cluster(AppliedProblem::Pointers {
                at,
                pattern: line.pattern.clone(),
                by: self.pattern_set_by(line, sync),
                paths: pointers.keys().map(|file| self.readings.shown(file)).collect(),
            });
        }
        if let Some((file, whole)) = not_checked_out {
            let entries = sync.repository_spec().and_then(|spec| spec.get("sparseCheckout"));
            let entries = entries.into_iter().flat_map(Value::items).filter_map(Value::as_str);
            scope.report_on_cluster(AppliedProblem::NotCheckedOut {
                at,
                path: self.readings.shown(&file),
                entries: entries.map(str::to_owned).collect(),
                missing: whole.parent().unwrap_or_default().as_str().to_owned(),
                by: sync.repository.and_then(|it| self.origins.set_by(it, "/spec/sparseCheckout")),
            });
        }
        if !links.is_empty() {
            let links = links.iter().map(|link| self.readings.shown(link)).collect();
            scope.report_on_cluster(AppliedProblem::Linked { at, links });
        }
    }

    /// The files that Flux reads: those of the overlay, and then all of its build.
    fn files(self) -> Vec<LocalPath> {
        let Placement { output, root, .. } = self.placement;
        let own = [KUSTOMIZATION, GOTK_COMPONENTS];
        let count = if self.cluster.form.is_bootstrapped() { 2 } else { 1 };
        let mut files: Vec<LocalPath> =
            own.into_iter().take(count).filter_map(|name| output.join(name)).collect();
        if let Some(build) = self.build {
            files.extend(build.files().iter().cloned());
            return files;
        }
        files.extend(self.placement.sync_text().and_then(|_| output.join(GOTK_SYNC)));
        let accounts = self.cluster.object_level.iter().map(|it| LocalPath::from(&it.directory));
        let mut accounts =
            accounts.filter(|it| root.as_ref().is_some_and(|root| it.is_within(&root.directory)));
        if let Some(directory) = accounts.next() {
            files.extend(
                [KUSTOMIZATION, SERVICE_ACCOUNTS].into_iter().filter_map(|name| directory.join(name)),
            );
        }
        files
    }

    fn report_excluded(
        self,
        file: &LocalPath,
        exclusion: Exclusion,
        sync: FluxSync<'_>,
        scope: &mut Scope<'_, '_>,
    ) {
        scope.report_on_cluster(AppliedProblem::Ignored {
            at: scope.names.name.span,
            path: self.readings.shown(file),
            by: self.pattern_set_by(&exclusion, sync),
            pattern: exclusion.pattern,
            matched: exclusion.path,
        });
    }

    /// Where a pattern is written.
    fn pattern_set_by(self, exclusion: &Exclusion, sync: FluxSync<'_>) -> Option<SetBy> {
        match &exclusion.origin {
            PatternOrigin::File(file) => {
                let line = exclusion.line;
                Some(SetBy { place: format!("`{}`, line {line}", self.readings.shown(file)), at: None })
            }
            PatternOrigin::Repository => {
                sync.repository.and_then(|repository| self.origins.set_by(repository, "/spec/ignore"))
            }
            PatternOrigin::Default => None,
        }
    }
}
