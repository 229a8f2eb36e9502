//! What an overlay does to identities that no import can follow with certainty: such an overlay is left alone.

use crate::import::facts::DocumentMark;
use crate::import::identity::{IdentityKey, KEYS};
use crate::import::objects::Installed;
use crate::import::overlay::{Document, Overlay};
use crate::import::patch::PatchForm;
use crate::import::recognise::observations::{Observations, PatchObservations};
use crate::import::recognise::{Patch, PatchPart};
use crate::model::{MANAGER, ObjectKind};
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};
use crate::span::Span;
use crate::spanned::Spanned;

/// Where identities stand in a ServiceAccount.
const ANNOTATIONS: &str = "/metadata/annotations";

/// Where they stand in a Deployment.
const POD_LABELS: &str = "/spec/template/metadata/labels";
const POD_ANNOTATIONS: &str = "/spec/template/metadata/annotations";
const VOLUMES: &str = "/spec/template/spec/volumes";
const VARIABLES: &str = "/spec/template/spec/containers/0/env";
const MOUNTS: &str = "/spec/template/spec/containers/0/volumeMounts";

/// What the pointers to lists of a pod begin with.
const POD: &str = "/spec/template/spec";

/// Where something that tells an identity stands.
pub fn place_of(key: IdentityKey) -> Option<&'static str> {
    match key {
        IdentityKey::Annotation(_) | IdentityKey::AllAnnotations | IdentityKey::Removed(_) => {
            Some(ANNOTATIONS)
        }
        IdentityKey::PodLabel => Some(POD_LABELS),
        IdentityKey::Digest => Some(POD_ANNOTATIONS),
        IdentityKey::Volume(..) => Some(VOLUMES),
        IdentityKey::Variable(..) => Some(VARIABLES),
        IdentityKey::Mount(..) => Some(MOUNTS),
        IdentityKey::Label(_) | IdentityKey::Gate | IdentityKey::Selector => None,
    }
}

/// Whether what each controller is told is sure to be what comes of it. If not, that is reported.
pub fn is_certain(
    overlay: &Overlay,
    patches: &[Patch<'_>],
    installed: &Installed,
    problems: &mut Problems,
) -> bool {
    let mut found = Vec::new();
    if patches.iter().flat_map(|patch| &patch.facts).any(|fact| is_of_identity(fact.key)) {
        found.extend(fields(overlay, installed));
    }
    let observations = Observations::new(patches);
    for patch in patches {
        found.extend(of_patch(patch, &observations));
    }
    let is_certain = found.is_empty();
    for (at, what) in found {
        problems.report(AdoptionProblem::at(at, AdoptionFault::Uncertain { what }));
    }
    is_certain
}

/// Whether something tells an identity, or that one is there.
pub fn is_of_identity(key: IdentityKey) -> bool {
    key.route().is_some() || key == IdentityKey::Digest
}

/// The fields of a kustomization that give identities, or other names to who has them.
fn fields(overlay: &Overlay, installed: &Installed) -> Vec<(Span, String)> {
    let root = overlay.file.documents.as_deref().ok().and_then(|documents| documents.first());
    let field = |(key, value): &(Spanned, Spanned)| {
        let name = key.text()?;
        let is_uncertain = match name {
            "resources"
            | "bases"
            | "components"
            | "patches"
            | "patchesStrategicMerge"
            | "patchesJson6902"
            | "configMapGenerator" => false,
            "namespace" => !value.is_null() && value.text() != Some(installed.namespace.as_str()),
            "namePrefix" | "nameSuffix" => value.text().is_some_and(|text| !text.is_empty()),
            _ => value.contains_any(&KEYS),
        };
        is_uncertain.then(|| (overlay.file.place(key), format!("what `{name}` does to identities")))
    };
    root.map(Spanned::entries).unwrap_or_default().iter().filter_map(field).collect()
}

/// What a patch does that cannot be followed. `observations`: what the patches of its overlay tell.
fn of_patch(patch: &Patch<'_>, observations: &Observations<'_>) -> Vec<(Span, String)> {
    if patch.entry.has_options && patch.facts.iter().any(|fact| fact.key != IdentityKey::Selector) {
        return vec![(patch.entry.at, "the options of a patch of an identity".to_owned())];
    }
    let own = PatchObservations::new(patch);
    let mut found = Vec::new();
    for kind in ObjectKind::ALL {
        if patch.hit.iter().any(|object| object.kind == kind) {
            match patch.document.form() {
                PatchForm::Operations => {
                    let operations = patch.document.node.items().iter();
                    found.extend(
                        operations.filter_map(|one| of_operation(one, patch, kind, &own, observations)),
                    );
                }
                PatchForm::Merge(_)
                    if observations.of_objects(patch, kind).any(|observed| !observed.facts.is_empty()) =>
                {
                    found.extend(of_merge(patch.document, kind));
                }
                PatchForm::Merge(_) | PatchForm::Neither => {}
            }
        }
    }
    found.dedup();
    found
}

/// Reports operations on all annotations of which some stay in the overlay: what a component gives comes before them, and
/// is lost. Whether there is one.
pub fn is_lost(patches: &[Patch<'_>], parts: &[Vec<PatchPart>], problems: &mut Problems) -> bool {
    let mut is_lost = false;
    for (patch, parts) in patches.iter().zip(parts) {
        let mut all = patch.facts.iter().filter(|fact| fact.key == IdentityKey::AllAnnotations);
        if let Some(fact) = all.find(|fact| !parts.iter().all(|part| part.marks.contains(&fact.mark))) {
            let what = "that all annotations of an identity come with it".to_owned();
            problems.report(AdoptionProblem::at(fact.at, AdoptionFault::Uncertain { what }));
            is_lost = true;
        }
    }
    is_lost
}

/// An operation on what tells an identity, but for one that adds it. `own`: what its patch says; `observations`: what all do.
fn of_operation(
    operation: &Spanned,
    patch: &Patch<'_>,
    kind: ObjectKind,
    own: &PatchObservations<'_>,
    observations: &Observations<'_>,
) -> Option<(Span, String)> {
    let verb = operation.text_at("op").unwrap_or_default();
    let places: &[&'static str] = match kind {
        ObjectKind::ServiceAccount => &[ANNOTATIONS],
        ObjectKind::Deployment => &[POD_LABELS, POD_ANNOTATIONS, VOLUMES, VARIABLES, MOUNTS],
    };
    let is_uncertain = ["path", "from"].into_iter().filter_map(|key| operation.text_at(key)).any(|pointer| {
        if KEYS.iter().any(|key| pointer.contains(key)) {
            return verb != "add";
        }
        // Where a pointer leads to all of a place, or further up, it leads to the identities that stand there. Items of
        // lists have other numbers where an identity is among them, but for those that are added at the end.
        let is_at_end = verb == "add" && pointer.ends_with("/-");
        let concerned = places.iter().filter(|place| {
            let is_whole = **place == pointer || is_below(place, pointer);
            is_whole || is_below(place, POD) && is_below(pointer, place) && !is_at_end
        });
        let mut concerned = concerned.peekable();
        if own.tells_identity.contains(&DocumentMark::Item(operation.range.start)) {
            return concerned.peek().is_some()
                && observations.of_objects(patch, kind).any(|observed| observed.has_other_annotations);
        }
        concerned.any(|place| {
            let mut facts = observations
                .of_objects(patch, kind)
                .filter_map(|observed| observed.facts.get(place))
                .flatten();
            facts.any(|fact| !own.is_within(fact, operation))
        })
    });
    is_uncertain.then(|| {
        let pointer = operation.text_at("path").unwrap_or_default();
        (patch.document.origin.place(operation), format!("what `{verb}` does to an identity at `{pointer}`"))
    })
}

fn is_below(pointer: &str, place: &str) -> bool {
    pointer.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'))
}

/// What a merge takes away where identities stand: `null`, and the directives of strategic merges.
fn of_merge(document: &Document, kind: ObjectKind) -> Option<(Span, String)> {
    let pod = ["spec", "template", "spec"];
    let places: &[&[&str]] = match kind {
        ObjectKind::ServiceAccount => &[&["metadata"], &["metadata", "annotations"]],
        ObjectKind::Deployment => &[
            &["spec"],
            &["spec", "template"],
            &["spec", "template", "metadata"],
            &["spec", "template", "metadata", "annotations"],
            &["spec", "template", "metadata", "labels"],
            &pod,
        ],
    };
    let at = |path: &[&str]| document.node.at(path);
    let mut nodes: Vec<&Spanned> = places.iter().filter_map(|path| at(path)).collect();
    if let Some(pod) = at(&pod).filter(|_| kind == ObjectKind::Deployment) {
        let containers = pod.get("containers").map(Spanned::items).unwrap_or_default();
        let manager =
            containers.iter().filter(|one| one.get("name").is_none() || one.text_at("name") == Some(MANAGER));
        let lists = manager.clone().flat_map(|one| [one.get("env"), one.get("volumeMounts")]);
        let lists: Vec<&Spanned> =
            lists.chain([pod.get("volumes"), pod.get("containers")]).flatten().collect();
        nodes.extend(manager);
        let items = lists.iter().flat_map(|list| list.items());
        nodes.extend(items.filter(|item| item.text_at("$patch") == Some("replace")));
        nodes.extend(lists.iter().filter(|list| list.is_null()));
    }
    let node = nodes.into_iter().find(|node| node.is_null() || node.get("$patch").is_some())?;
    Some((document.origin.place(node), "what this patch takes away from an identity".to_owned()))
}
