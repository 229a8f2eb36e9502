//! Names, labels and annotations of an overlay that the API server refuses.

use crate::check::effective_identity::EffectiveIdentityCheck;
use crate::check::effective_identity::faults::Faults;
use crate::effect::metadata_faults;
use crate::problem::EffectiveIdentityProblem;

impl EffectiveIdentityCheck<'_> {
    /// Reports what something in the overlay writes into the metadata of an object, and the API server refuses.
    pub(super) fn check_metadata(&self, faults: &mut Faults) {
        let changed = self.build.objects().filter(|object| !object.changes().is_empty());
        for object in changed {
            let Some(value) = object.value() else { continue };
            for (path, fault) in metadata_faults(value) {
                let Some(by) = self.origins.changed_by(object, &path) else { continue };
                let id = object.id();
                faults.add(EffectiveIdentityProblem::Rejected {
                    at: self.checked.at,
                    objects: vec![format!("the {} `{}`", id.kind, id.name)],
                    fault,
                    by: Some(by),
                });
            }
        }
    }
}
