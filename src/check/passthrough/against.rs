//! What is passed through against what identities need.

use crate::check::passthrough::patches::{Patch, PatchForm};
use crate::check::passthrough::selector::{Candidate, Selector};
use crate::check::passthrough::{Collected, CollectedPatch, overlap};
use crate::check::readings::Readings;
use crate::check::scope::Scope;
use crate::model::kubernetes::DnsLabel;
use crate::model::object_level::FEATURE_GATE;
use crate::model::{Additions, Controller, ObjectKind};
use crate::problem::{ErrorGuaranteed, FitProblem, PassedFault, PassedProblem};
use crate::span::Span;

impl Collected {
    /// Refuses patches that set the same fields as these additions, and other objects that would get the additions.
    /// `at`: the mapping of the controller.
    pub fn check(
        &self,
        controller: Controller,
        at: Span,
        additions: &Additions<'_>,
        namespace: &DnsLabel,
        scope: &mut Scope<'_, '_>,
        readings: &Readings<'_>,
    ) -> Result<(), ErrorGuaranteed> {
        let mut outcome = self.check_elsewhere(controller, at, additions, namespace, scope, readings);
        if self.patches.is_empty() {
            return outcome;
        }
        let slots = overlap::fields_set(additions);
        for kind in [ObjectKind::ServiceAccount, ObjectKind::Deployment] {
            let names = self.names(controller.name(), kind);
            let candidate = Candidate { kind, names: &names, namespaces: &[namespace.as_str()] };
            for taken in &self.patches {
                for patch in taken.patches.documents.iter().filter(|patch| taken.may_hit(patch, candidate)) {
                    let place = (readings.shown(&taken.file), patch.line);
                    let set =
                        slots.iter().filter(|slot| slot.kind == kind && overlap::patch_sets(patch, slot));
                    let faults = set.map(|slot| PassedFault::SetTwice {
                        controller: controller.name(),
                        what: slot.what,
                        name: slot.name.to_owned(),
                        mapped: at,
                        patch: place.clone(),
                    });
                    let deletes =
                        overlap::patch_deletes(patch) && taken.target.keys().all(|field| field.is_pattern());
                    let deletion = deletes.then(|| PassedFault::Deletes {
                        controller: controller.name(),
                        kind: kind.name(),
                        mapped: at,
                        patch: place.clone(),
                    });
                    for fault in faults.chain(deletion) {
                        let problem = PassedProblem { at: taken.at, becomes: None, fault };
                        outcome = Err(scope.refuse(problem));
                    }
                }
            }
        }
        outcome
    }

    /// Refuses patches that set the feature gate of object-level identity, which the overlay sets. `at`: where a
    /// ServiceAccount is mapped.
    pub fn check_gate(
        &self,
        gated: &[Controller],
        at: Span,
        namespace: &DnsLabel,
        scope: &mut Scope<'_, '_>,
        readings: &Readings<'_>,
    ) -> Result<(), ErrorGuaranteed> {
        let mut outcome = Ok(());
        for taken in &self.patches {
            let setting = taken.patches.documents.iter().filter(|patch| patch.text.contains(FEATURE_GATE));
            for patch in setting {
                let is_hit = |controller: &&Controller| {
                    let names = self.names(controller.name(), ObjectKind::Deployment);
                    let wanted = [namespace.as_str()];
                    let kind = ObjectKind::Deployment;
                    taken.may_hit(patch, Candidate { kind, names: &names, namespaces: &wanted })
                };
                if let Some(controller) = gated.iter().find(is_hit) {
                    let fault = PassedFault::SetTwice {
                        controller: controller.name(),
                        what: "feature gate",
                        name: FEATURE_GATE.to_owned(),
                        mapped: at,
                        patch: (readings.shown(&taken.file), patch.line),
                    };
                    outcome = Err(scope.refuse(PassedProblem { at: taken.at, becomes: None, fault }));
                }
            }
        }
        outcome
    }

    /// The names of a controller's objects: those of shards are other than the controller's.
    fn names<'a>(&'a self, name: &'a str, kind: ObjectKind) -> Vec<&'a str> {
        let added = self.resources.iter().flat_map(|(_, resource)| &resource.objects);
        let shards = added.filter(|added| added.object.kind == kind && added.object.name == name);
        std::iter::once(name).chain(shards.map(|shard| shard.name.as_str())).collect()
    }

    fn check_elsewhere(
        &self,
        controller: Controller,
        at: Span,
        additions: &Additions<'_>,
        namespace: &DnsLabel,
        scope: &mut Scope<'_, '_>,
        readings: &Readings<'_>,
    ) -> Result<(), ErrorGuaranteed> {
        let name = controller.name();
        let mut outcome = Ok(());
        for added in self.resources.iter().flat_map(|(_, resource)| &resource.objects) {
            let is_hit = match added.object.kind {
                ObjectKind::ServiceAccount => !additions.annotations.is_empty(),
                ObjectKind::Deployment => additions.has_deployment(),
            };
            if is_hit && added.is_called(name) && added.namespace != namespace.as_str() {
                let other = if added.namespace.is_empty() { "default" } else { &added.namespace };
                let (kind, other, file) =
                    (added.object.kind.name(), other.to_owned(), readings.shown(&added.file));
                outcome = Err(scope.refuse(FitProblem::Elsewhere { at, kind, name, other, file }));
            }
        }
        outcome
    }
}

impl CollectedPatch {
    /// True if one of its patches may hit an object.
    pub fn may_hit(&self, patch: &Patch, candidate: Candidate<'_>) -> bool {
        let id = match &patch.form {
            PatchForm::Merge(id) => Some(id),
            PatchForm::Operations => None,
        };
        Selector::new(&self.target, id).may_hit(candidate)
    }
}
