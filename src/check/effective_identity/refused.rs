//! What the API server refuses of the objects of an overlay.

use crate::check::effective_identity::EffectiveIdentityCheck;
use crate::check::effective_identity::faults::Faults;
use crate::effect::object_faults;
use crate::problem::{EffectiveIdentityProblem, describe_object};

impl EffectiveIdentityCheck<'_> {
    /// Reports what something in the overlay writes into an object, and the API server refuses.
    pub(super) fn check_refused(&self, faults: &mut Faults) {
        let changed = self.build.objects().filter(|object| !object.changes().is_empty());
        for object in changed {
            let Some(value) = object.value() else { continue };
            for (path, fault) in object_faults(value) {
                let changed_by = |path: &str| self.origins.changed_by(object, path);
                let by = changed_by(&path).or_else(|| changed_by(fault.other_path()?));
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
