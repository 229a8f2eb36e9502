//! What the API server refuses of the objects of an overlay.

use crate::check::effective_identity::faults::Faults;
use crate::check::effective_identity::{EffectiveIdentityCheck, is_in_manifests, is_installed};
use crate::effect::{ObjectFault, misfits_of, object_faults};
use crate::installation::DEFINITION;
use crate::problem::{EffectiveIdentityProblem, describe_object, nearest_name};

impl EffectiveIdentityCheck<'_> {
    /// Reports what the API server refuses of an object, unless the source writes it.
    pub(super) fn check_refused(&self, faults: &mut Faults) {
        // Definitions are large, and have nothing of the kind.
        let others = self.build.objects().filter(|object| object.id().kind != DEFINITION);
        for object in others {
            let Some(value) = object.value() else { continue };
            // Who writes manifests in part leaves out what is required.
            let is_whole = !is_in_manifests(object) || is_installed(object);
            let misfits = if is_whole || !object.changes().is_empty() {
                misfits_of(object.id(), value, &nearest_name)
            } else {
                Vec::new()
            };
            for (path, fault) in object_faults(value).into_iter().chain(misfits) {
                let changed_by = |path: &str| self.origins.changed_by(object, path);
                let by = changed_by(&path).or_else(|| changed_by(fault.other_path()?));
                let is_changed = || object.last_change(&path).is_some();
                let is_of_part = !is_whole && matches!(fault, ObjectFault::Misfit { .. });
                let by = by.or_else(|| {
                    if is_of_part || is_changed() { None } else { self.origins.set_by(object, &path) }
                });
                let Some(by) = by else { continue };
                let id = object.id();
                faults.add(EffectiveIdentityProblem::Rejected {
                    at: self.checked.at,
                    objects: vec![describe_object(&id.kind, &id.name)],
                    fault,
                    by: Some(by),
                });
            }
        }
    }
}
