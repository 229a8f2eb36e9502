//! What all patches of an overlay tell each object, so that nobody has to look through all of them for each.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::facts::{DocumentMark, Fact};
use crate::import::identity::IdentityKey;
use crate::import::objects::Object;
use crate::import::patches::Patch;
use crate::import::recognise::pointers::place_of;
use crate::model::ObjectKind;
use crate::span::Span;
use crate::spanned::Spanned;

/// What the patches of an overlay tell each object.
pub struct Observations<'p>(BTreeMap<Object, ObjectObservations<'p>>);

/// What patches tell an object.
#[derive(Default)]
pub struct ObjectObservations<'p> {
    /// What they tell of identities, by where that stands; nothing stands anywhere but in its own place.
    pub facts: BTreeMap<&'static str, Vec<&'p Fact>>,
    known: BTreeSet<Identifying<'p>>,
    /// Whether they set annotations that are none of an identity.
    pub has_other_annotations: bool,
}

/// What tells one fact from all others.
type Identifying<'p> = (Span, DocumentMark, ObjectKind, IdentityKey, &'p str);

fn identifying(fact: &Fact) -> Identifying<'_> {
    (fact.at, fact.mark, fact.kind, fact.key, &fact.value)
}

impl<'p> Observations<'p> {
    pub fn new(patches: &'p [Patch<'p>]) -> Observations<'p> {
        let mut observations: BTreeMap<Object, ObjectObservations<'p>> = BTreeMap::new();
        for patch in patches {
            let has_other_annotations = says_other_annotations(patch);
            for object in &patch.hit {
                let observed = observations.entry(*object).or_default();
                observed.has_other_annotations |= has_other_annotations;
                let facts = patch.facts.iter();
                for fact in facts.filter(|fact| fact.kind == object.kind && fact.key.is_of_identity()) {
                    if observed.known.insert(identifying(fact)) {
                        observed.facts.entry(place_of(fact.key).unwrap_or_default()).or_default().push(fact);
                    }
                }
            }
        }
        Observations(observations)
    }

    pub fn of_objects(
        &self,
        patch: &Patch<'_>,
        kind: ObjectKind,
    ) -> impl Iterator<Item = &ObjectObservations<'p>> {
        let objects = patch.hit.iter().filter(move |object| object.kind == kind);
        objects.filter_map(|object| self.0.get(object))
    }
}

pub struct PatchObservations<'p> {
    pub tells_identity: BTreeSet<DocumentMark>,
    facts: BTreeSet<Identifying<'p>>,
}

impl<'p> PatchObservations<'p> {
    pub fn new(patch: &'p Patch<'_>) -> PatchObservations<'p> {
        let observations = patch.facts.iter().filter(|fact| fact.key.is_of_identity());
        PatchObservations {
            tells_identity: observations.map(|fact| fact.mark).collect(),
            facts: patch.facts.iter().map(identifying).collect(),
        }
    }

    /// Whether a fact is one of an operation of the patch itself.
    pub fn is_within(&self, fact: &Fact, operation: &Spanned) -> bool {
        let (DocumentMark::Entry(start) | DocumentMark::Item(start)) = fact.mark;
        operation.range.contains(&start) && self.facts.contains(&identifying(fact))
    }
}

/// Whether a patch sets annotations of a ServiceAccount that are none of an identity.
fn says_other_annotations(patch: &Patch<'_>) -> bool {
    let node = &patch.document.node;
    let annotations = node.get("metadata").and_then(|metadata| metadata.get("annotations"));
    let marks: BTreeSet<usize> = patch
        .facts
        .iter()
        .map(|fact| match fact.mark {
            DocumentMark::Entry(start) | DocumentMark::Item(start) => start,
        })
        .collect();
    let is_known = |start: usize| marks.contains(&start);
    annotations.map(Spanned::entries).unwrap_or_default().iter().any(|(key, _)| !is_known(key.range.start))
        || node.items().iter().any(|operation| {
            let pointer = operation.text_at("path").unwrap_or_default();
            pointer.starts_with("/metadata/annotations") && !is_known(operation.range.start)
        })
}
