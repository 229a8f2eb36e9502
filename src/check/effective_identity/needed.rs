//! Objects that the pods of controllers need, and that are built under another name.

use crate::check::effective_identity::EffectiveIdentityCheck;
use crate::check::effective_identity::faults::Faults;
use crate::effect::{NoStart, may_refer_to, needed_objects};
use crate::kustomize::{Object, Value};
use crate::model::{Assignee, Controller};
use crate::problem::{Affected, EffectiveIdentityProblem, Idleness, is_one_slip};

impl EffectiveIdentityCheck<'_> {
    /// Reports what the pods of a mapped controller name by a slip. What is not built may be in the cluster.
    pub(super) fn check_needed(
        &self,
        controller: Controller,
        deployment: &Object,
        value: &Value,
        faults: &mut Faults,
    ) {
        let is_mapped = self.checked.cluster.credentials.contains_key(&controller);
        if !is_mapped || !self.build.is_known_but_for_sync() {
            return;
        }
        for needed in needed_objects(value) {
            let Some(meant) = self.meant(needed.kind, needed.name, &deployment.id().namespace) else {
                continue;
            };
            let paths = needed.paths.iter();
            let by = paths.clone().find_map(|path| self.origins.changed_by(deployment, path));
            let by = by.or_else(|| self.origins.set_by(deployment, paths.clone().next()?));
            let fault = NoStart::NoObject { kind: needed.kind, name: needed.name.to_owned(), meant };
            faults.add(EffectiveIdentityProblem::NotRunning {
                at: self.checked.first_origin(Assignee::Controller(controller)),
                affected: Affected::one(controller),
                idleness: Idleness::NoStart(fault),
                by,
            });
        }
    }

    /// The name to write for an object that is not built: that of one which nothing names. kustomize renames references to
    /// what it renames, so the name to write is the first one.
    fn meant(&self, kind: &str, name: &str, namespace: &str) -> Option<String> {
        let of_kind = |object: &&Object| object.id().kind == kind && object.id().namespace == namespace;
        let objects = || self.build.objects().filter(of_kind);
        let names = |object: &Object| [object.original_id().name, object.id().name.clone()];
        if objects().any(|object| names(object).iter().any(|known| known == name)) {
            return None;
        }
        let is_named = |object: &Object| {
            let others = self.build.objects().filter(|other| other.id() != object.id());
            others.filter_map(Object::value).any(|it| names(object).iter().any(|name| may_refer_to(it, name)))
        };
        let mut near = objects().filter_map(|object| {
            let meant = names(object).into_iter().find(|known| is_slip(name, known))?;
            Some((object, meant))
        });
        near.find(|(object, _)| !is_named(object)).map(|(_, meant)| meant)
    }
}

/// Names that differ in digits are those of versions, of which the cluster may have both.
fn is_slip(name: &str, known: &str) -> bool {
    let letters = |name: &str| name.replace(|letter: char| letter.is_ascii_digit(), "");
    is_one_slip(name, known) && letters(name) != letters(known)
}
