//! What the API server refuses of the objects of an overlay.

use crate::check::effective_identity::faults::Faults;
use crate::check::effective_identity::{EffectiveIdentityCheck, is_in_manifests, is_installed};
use crate::effect::{ObjectFault, misfits_of, object_faults};
use crate::installation::DEFINITION;
use crate::kustomize::Object;
use crate::model::GOTK_COMPONENTS;
use crate::problem::{EffectiveIdentityProblem, describe_object, nearest_name};

impl EffectiveIdentityCheck<'_> {
    /// Reports what the API server refuses of an object, unless the source writes it.
    pub(super) fn check_refused(&self, faults: &mut Faults) {
        let is_right =
            self.readings.are_manifests_right(self.origins.output, |object| !faults_of(object).is_empty());
        let own = self.origins.output.join(GOTK_COMPONENTS);
        let is_own = |object: &Object| own.as_ref() == Some(&object.source().place.file);
        let is_known = |object: &&Object| is_right && object.is_as_written() && is_own(object);
        for object in self.build.objects().filter(|object| !is_known(object)) {
            for (path, fault) in faults_of(object) {
                let changed_by = |path: &str| self.origins.changed_by(object, path);
                let by = changed_by(&path).or_else(|| changed_by(fault.other_path()?));
                let is_changed = || object.last_change(&path).is_some();
                let is_of_part = !is_whole(object) && matches!(fault, ObjectFault::Misfit { .. });
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

/// The faults of an object, each with the path of its field.
fn faults_of(object: &Object) -> Vec<(String, ObjectFault)> {
    // Definitions are large, and have nothing of the kind.
    let Some(value) = object.value().filter(|_| object.id().kind != DEFINITION) else { return Vec::new() };
    let mut faults = object_faults(value);
    if is_whole(object) || !object.changes().is_empty() {
        faults.extend(misfits_of(object.id(), value, &nearest_name));
    }
    faults
}

/// False for an object of manifests that somebody wrote in part, and that may lack what is required.
fn is_whole(object: &Object) -> bool {
    !is_in_manifests(object) || is_installed(object)
}
