//! What the API server refuses of the objects of an overlay.

use crate::check::effective_identity::EffectiveIdentityCheck;
use crate::check::effective_identity::faults::Faults;
use crate::effect::{built_in_schema, misfits_of, object_faults};
use crate::kustomize::Object;
use crate::model::GOTK_COMPONENTS;
use crate::problem::{EffectiveIdentityProblem, describe_object, nearest_name};

impl EffectiveIdentityCheck<'_> {
    /// Reports what something in the overlay writes into an object, and the API server refuses.
    pub(super) fn check_refused(&self, faults: &mut Faults) {
        let others = self.build.objects().filter(|object| !object.changes().is_empty() || is_own(object));
        for object in others {
            let Some(value) = object.value() else { continue };
            let misfits = misfits_of(object.id(), value, &nearest_name);
            for (path, fault) in object_faults(value).into_iter().chain(misfits) {
                let set_by = |path: &str| {
                    if is_own(object) {
                        self.origins.set_by(object, path)
                    } else {
                        self.origins.changed_by(object, path)
                    }
                };
                let by = set_by(&path).or_else(|| set_by(fault.other_path()?));
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

/// True for an object of a kind with a known definition that something else than the manifests of Flux brings in.
fn is_own(object: &Object) -> bool {
    let file = object.source().place.file.as_str();
    file.rsplit('/').next() != Some(GOTK_COMPONENTS) && built_in_schema(object.id()).is_some()
}
