//! The documents of an overlay's patches: what each hits, and what all of them set for a controller.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::facts::{self, DocumentMark, Fact};
use crate::import::identity::{IdentityKey, KEYS, ObservedValues};
use crate::import::objects::{Installed, Object};
use crate::import::overlay::{Document, Entry};
use crate::import::patch::{self, PatchForm};
use crate::kustomize::target::check_field;
use crate::model::{Controller, ObjectKind, Target, TargetField};
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};

/// One document of a patch, and what it is for.
pub struct Patch<'o> {
    pub entry: &'o Entry,
    pub document: &'o Document,
    pub hit: Vec<Object>,
    /// The names of all that its target hits, so that it can be split; nothing if they cannot be told.
    pub names: Option<Vec<String>>,
    pub facts: Vec<Fact>,
}

/// What a patch becomes for some of the objects that it hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatchPart {
    pub marks: BTreeSet<DocumentMark>,
    pub target: Option<Target>,
}

/// The documents of all patches; nothing if kustomize would refuse one of them.
pub fn patches<'o>(
    entries: &'o [Entry],
    installed: &Installed,
    problems: &mut Problems,
) -> Option<Vec<Patch<'o>>> {
    let mut patches = Vec::new();
    let mut is_right = true;
    for entry in entries {
        if let Some((field, value)) = entry.target.as_ref().and_then(rejected_field) {
            let fault = AdoptionFault::InvalidTarget { field: field.name(), value: value.to_owned() };
            problems.report(AdoptionProblem::at(entry.at, fault));
            is_right = false;
            continue;
        }
        for document in &entry.documents {
            let form = document.form();
            let at = document.origin.place(&document.node);
            let hit = match (&entry.target, form) {
                (_, PatchForm::Neither) => {
                    problems.report(AdoptionProblem::at(at, AdoptionFault::NoObject));
                    is_right = false;
                    continue;
                }
                (Some(target), PatchForm::Merge(_) | PatchForm::Operations) => {
                    installed.hit_by_target(target)
                }
                (None, PatchForm::Merge(wanted)) => installed.hit_by_name(wanted),
                (None, PatchForm::Operations) => {
                    problems.report(AdoptionProblem::at(at, AdoptionFault::NoTarget));
                    is_right = false;
                    continue;
                }
            };
            if entry.target.is_none() && hit.is_empty() {
                is_right &= !report_absent(document, installed, problems);
            }
            is_right &= !report_faults(document, problems);
            if hit.is_empty() && document.node.contains_any(&KEYS) {
                problems.report(AdoptionProblem::at(entry.at, AdoptionFault::HitsNothing));
            }
            if let Some(at) = patch::aad_pod_identity(document) {
                problems.report(AdoptionProblem::at(at, AdoptionFault::AadPodIdentity));
            }
            let facts = document.facts(&hit);
            let names = entry.target.as_ref().and_then(|target| installed.names(target));
            patches.push(Patch { entry, document, hit, names, facts });
        }
    }
    is_right.then_some(patches)
}

/// The field of a target that kustomize rejects.
fn rejected_field(target: &Target) -> Option<(TargetField, &str)> {
    let mut fields = target.iter().map(|(field, value)| (*field, value.as_str()));
    fields.find(|(field, value)| check_field(*field, value).is_err())
}

/// Reports a patch of an object that Flux does not install there. True if it is one.
fn report_absent(document: &Document, installed: &Installed, problems: &mut Problems) -> bool {
    let PatchForm::Merge(wanted) = document.form() else { return false };
    let kind = ObjectKind::ALL.into_iter().find(|kind| kind.name() == wanted.kind);
    let Some(kind) = kind.filter(|_| Controller::from_name(wanted.name).is_some()) else { return false };
    let (name, expected) = (wanted.name.to_owned(), kind.api_version());
    let fault = if wanted.api != expected {
        AdoptionFault::OtherApi { kind: kind.name(), name, read: wanted.api.to_owned(), expected }
    } else if wanted.namespace != installed.namespace || installed.is_known {
        let namespace = wanted.namespace.to_owned();
        AdoptionFault::NotThere { kind: wanted.kind.to_owned(), name, namespace }
    } else {
        return false;
    };
    problems.report(AdoptionProblem::at(document.origin.place(&document.node), fault));
    true
}

/// Reports what is wrong with a document whatever it hits. True if kustomize refuses it.
fn report_faults(document: &Document, problems: &mut Problems) -> bool {
    let unescaped = facts::unescaped(document);
    if let Some(operation) = unescaped {
        problems.report(AdoptionProblem::at(document.origin.place(operation), AdoptionFault::Unescaped));
    }
    if document.node.get("target").is_some() && document.form() != PatchForm::Operations {
        let at = document.origin.place(&document.node);
        problems.report(AdoptionProblem::at(at, AdoptionFault::TargetWithin));
    }
    unescaped.is_some()
}

/// What the patches set for each controller: the last value of each key.
pub fn observed(patches: &[Patch<'_>], problems: &mut Problems) -> BTreeMap<Controller, ObservedValues> {
    let mut observed: BTreeMap<Controller, ObservedValues> = BTreeMap::new();
    for patch in patches {
        for fact in &patch.facts {
            for object in patch.hit.iter().filter(|object| object.kind == fact.kind) {
                let values = observed.entry(object.controller).or_default();
                let is_annotation = matches!(fact.key, IdentityKey::Annotation(_));
                if is_annotation && fact.value == "null" && patch.entry.target.is_some() {
                    values.nulls.insert(fact.at);
                }
                let said = &mut values.said;
                match fact.key {
                    IdentityKey::AllAnnotations => {
                        said.retain(|key, _| !matches!(key, IdentityKey::Annotation(_)));
                    }
                    IdentityKey::Removed(name) => said.retain(|key, _| *key != IdentityKey::Annotation(name)),
                    IdentityKey::Annotation(_)
                    | IdentityKey::Label(_)
                    | IdentityKey::PodLabel
                    | IdentityKey::Digest
                    | IdentityKey::Gate
                    | IdentityKey::Selector
                    | IdentityKey::Variable(..)
                    | IdentityKey::Volume(..)
                    | IdentityKey::Mount(..) => {
                        let before = said.insert(fact.key, (fact.value.clone(), fact.at));
                        if let Some((value, at)) = before.filter(|(value, _)| *value != fact.value) {
                            let fault = AdoptionFault::Overridden { value, by: fact.at };
                            problems.report(AdoptionProblem::at(at, fault));
                            values.overridden.extend(is_annotation.then_some(at));
                        }
                    }
                }
            }
        }
    }
    observed
}
