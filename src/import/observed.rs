//! The fields of identities in the objects of controllers, after all patches.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::built::Built;
use crate::import::facts::{self, ControllerObject, Fact};
use crate::import::file::Reader;
use crate::import::identity::{IdentityKey, ObservedValues};
use crate::import::overlay::Overlay;
use crate::import::patches::MatchedPatch;
use crate::kustomize::{Object, Place, Step};
use crate::model::Controller;
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};

/// The effective values of each controller.
pub fn observed(
    overlay: &Overlay,
    built: &Built,
    patches: &[MatchedPatch<'_>],
    reader: &mut Reader<'_>,
) -> BTreeMap<Controller, ObservedValues> {
    let mut observed: BTreeMap<Controller, ObservedValues> = BTreeMap::new();
    for (of, object) in built.controllers() {
        let Some(value) = object.value() else { continue };
        let here = overlay.file.span_from(0);
        for mut fact in facts::collect_from_object(of.kind, value, here) {
            if matches!(fact.key, IdentityKey::Volume(..)) {
                fact.value = without_hash(&fact.value, built).unwrap_or(fact.value);
            }
            let own = patches.iter().rev().filter(|patch| patch.matched.contains(&of));
            let mut own = own.flat_map(|patch| patch.facts.iter().rev());
            let set_by =
                own.find(|one| one.kind == of.kind && one.key == fact.key && one.value == fact.value);
            let is_installed = fact.key == IdentityKey::Selector && fact.value == of.controller.name();
            let at = match set_by {
                Some(patch) => Some(patch.at),
                // Manifests are not parsed for the place of a field that all of them have.
                None if is_installed => None,
                None => reader.place_of(&place(object, &fact), &fact.value),
            };
            let values = observed.entry(of.controller).or_default();
            values.by_key.insert(fact.key, (fact.value, at.unwrap_or(here)));
        }
    }
    observed
}

/// The name of a generated `ConfigMap` without its hash.
fn without_hash(name: &str, built: &Built) -> Option<String> {
    let is_it = |object: &&Object| object.id().kind == "ConfigMap" && object.id().name == name;
    Some(built.objects.iter().find(is_it)?.original_id().name)
}

/// The place that set a field.
fn place(object: &Object, fact: &Fact) -> Place {
    let pointer = if let IdentityKey::Annotation(name) = fact.key {
        format!("/metadata/annotations/{}", name.replace('/', "~1"))
    } else if matches!(fact.key, IdentityKey::Label(_)) {
        "/metadata/labels".to_owned()
    } else if fact.key == IdentityKey::PodLabel {
        "/spec/template/metadata/labels".to_owned()
    } else {
        "/spec/template".to_owned()
    };
    object.last_change(&pointer).map_or_else(|| object.source().place.clone(), |change| change.place.clone())
}

/// Reports values that something later overrides, and remembers where annotations are.
pub fn report_overridden(
    patches: &[MatchedPatch<'_>],
    observed: &mut BTreeMap<Controller, ObservedValues>,
    problems: &mut Problems,
) {
    let mut reported = BTreeSet::new();
    for patch in patches {
        for fact in &patch.facts {
            for object in patch.matched.iter().filter(|object| object.kind == fact.kind) {
                let Some(values) = observed.get_mut(&object.controller) else { continue };
                let Some((value, by)) = values.by_key.get(&fact.key).cloned() else { continue };
                if value == fact.value || by == fact.at {
                    continue;
                }
                if reported.insert((fact.at, by)) {
                    let fault = AdoptionFault::Overridden { value: fact.value.clone(), by };
                    problems.report(AdoptionProblem::at(fact.at, fault));
                }
                if matches!(fact.key, IdentityKey::Annotation(_)) {
                    values.overridden.insert(fact.at);
                }
            }
        }
    }
}

/// Reports a change of the name or the namespace of a controller that has an identity. True if there is one.
pub fn is_renamed(
    overlay: &Overlay,
    built: &Built,
    patches: &[MatchedPatch<'_>],
    reader: &mut Reader<'_>,
    problems: &mut Problems,
) -> bool {
    let here = overlay.file.span_from(0);
    let is_identity = |of: ControllerObject, object: &Object| {
        let matching = patches.iter().filter(|patch| patch.matched.contains(&of));
        let is_patched = matching.flat_map(|patch| &patch.facts).any(|fact| fact.key.is_of_identity());
        let value = object.value();
        is_patched || value.is_some_and(|value| !facts::collect_from_object(of.kind, value, here).is_empty())
    };
    for before in &built.base {
        let Some(of) = ControllerObject::from_object(before) else { continue };
        if built.objects.iter().any(|object| object.id().is_same(before.id())) || !is_identity(of, before) {
            continue;
        }
        let is_it = |object: &&Object| object.previous_ids().any(|id| id.is_same(before.id()));
        let change = built.objects.iter().find(is_it).and_then(|object| {
            object.last_change("/metadata/name").or_else(|| object.last_change("/metadata/namespace"))
        });
        if let Some(change) = change {
            let fields = [
                (Step::Namespace, "namespace"),
                (Step::NamePrefix, "namePrefix"),
                (Step::NameSuffix, "nameSuffix"),
            ];
            let field = fields.into_iter().find(|(step, _)| *step == change.by).map(|(_, field)| field);
            let place = match field {
                Some(field) => reader.place_of(&change.place, field),
                None => reader.place(&change.place),
            };
            let field = field.unwrap_or("patches");
            let at = place.unwrap_or(here);
            let what = format!("the effect of `{field}` on identities");
            problems.report(AdoptionProblem::at(at, AdoptionFault::Uncertain { what }));
            return true;
        }
    }
    false
}
