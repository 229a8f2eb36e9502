//! The documents of an overlay's patches: the objects that each matches, and what it sets in them.

use std::collections::BTreeSet;

use crate::import::facts::{self, ControllerObject, DocumentMark, Fact};
use crate::import::identity::KEYS;
use crate::import::overlay::{Document, Entry};
use crate::import::patch::{self, PatchForm};
use crate::kustomize::{Object, selected_by_id, selected_by_target};
use crate::model::{ObjectKind, Target, TargetField};
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};

/// One document of a patch, and the objects that it matches.
pub struct MatchedPatch<'o> {
    pub entry: &'o Entry,
    pub document: &'o Document,
    pub matched: Vec<ControllerObject>,
    /// The names of all objects that its target selects, so that it can be split; `None` if they are unknown.
    pub names: Option<Vec<String>>,
    pub facts: Vec<Fact>,
}

/// A part of a patch, for some of the objects that it matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatchPart {
    pub marks: BTreeSet<DocumentMark>,
    pub target: Option<Target>,
}

/// The documents of all patches. `objects`: those before the patches; `are_all`: true if there are no others.
pub fn patches<'o>(
    entries: &'o [Entry],
    objects: &[Object],
    are_all: bool,
    problems: &mut Problems,
) -> Vec<MatchedPatch<'o>> {
    let mut patches = Vec::new();
    for entry in entries {
        let by_target = entry.target.as_ref().map(|target| selected_by_target(objects, target));
        for document in &entry.documents {
            let selected = match (&by_target, document.form()) {
                (Some(selected), _) => selected.clone().unwrap_or_default(),
                (None, PatchForm::Merge(id)) => selected_by_id(objects, &id),
                (None, PatchForm::Operations | PatchForm::Neither) => Vec::new(),
            };
            let matched: Vec<_> =
                selected.iter().filter_map(|object| ControllerObject::from_object(object)).collect();
            let misses = matched.is_empty().then(|| Miss { version: other_version(entry, objects) });
            report_faults(entry, document, misses, problems);
            let facts = facts::collect_from_document(document, &matched);
            let names = entry.target.as_ref().and_then(|target| names(target, &selected, are_all));
            patches.push(MatchedPatch { entry, document, matched, names, facts });
        }
    }
    patches
}

/// The names of all objects that a target selects, so that it can be split; `None` if they are unknown.
fn names(target: &Target, selected: &[&Object], are_all: bool) -> Option<Vec<String>> {
    let expression = target.get(&TargetField::Name).map(String::as_str).unwrap_or_default();
    let inner = without_anchors(expression);
    let inner = inner.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(inner);
    let words: Vec<String> = inner.split('|').map(str::to_owned).collect();
    let is_word = |word: &String| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if words.iter().all(is_word) {
        return Some(words);
    }
    let kind = target.get(&TargetField::Kind)?;
    let is_of_one_kind = ObjectKind::ALL.into_iter().any(|of| kind == of.name());
    (are_all && is_of_one_kind).then(|| selected.iter().map(|object| object.id().name.clone()).collect())
}

/// An expression without the anchors that kustomize adds anyway.
pub fn without_anchors(expression: &str) -> &str {
    let inner = expression.strip_prefix('^').unwrap_or(expression);
    inner.strip_suffix('$').filter(|rest| !rest.ends_with('\\')).unwrap_or(inner)
}

/// A patch that matches no controller.
struct Miss {
    /// The version of the API in its target, and that of what it would match without one.
    version: Option<(String, String)>,
}

fn other_version(entry: &Entry, objects: &[Object]) -> Option<(String, String)> {
    let mut target = entry.target.clone()?;
    let version = target.remove(&TargetField::Version)?;
    let found = selected_by_target(objects, &target)?;
    let of_controller = found.into_iter().find(|object| ControllerObject::from_object(object).is_some())?;
    Some((version, of_controller.id().version.clone()))
}

/// Reports mistakes in a patch that kustomize accepts.
fn report_faults(entry: &Entry, document: &Document, miss: Option<Miss>, problems: &mut Problems) {
    if document.node.get("target").is_some() && document.form() != PatchForm::Operations {
        let at = document.origin.place(&document.node);
        problems.report(AdoptionProblem::at(at, AdoptionFault::TargetWithin));
    }
    if let Some(Miss { version }) = miss.filter(|_| document.node.contains_any(&KEYS)) {
        problems.report(AdoptionProblem::at(entry.at, AdoptionFault::HitsNothing { version }));
    }
    if let Some(at) = patch::aad_pod_identity(document) {
        problems.report(AdoptionProblem::at(at, AdoptionFault::AadPodIdentity));
    }
}
