//! What is wrong with an overlay, and what of it is lost.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::configurations::Configurations;
use crate::import::file::Reader;
use crate::import::identity::{Identity, IdentityKey, ObservedValues, main_key};
use crate::import::objects::Installed;
use crate::import::overlay::{NamedFile, Overlay};
use crate::import::patches::{Patch, PatchPart};
use crate::import::path;
use crate::import::read;
use crate::kustomize::{Object, read_objects};
use crate::model::integration::uses_identities;
use crate::model::{Controller, GOTK_COMPONENTS, GOTK_SYNC, ObjectKind, Provider};
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};
use crate::span::Span;
use crate::spanned::{Spanned, Value};

/// Why an identity that is right in itself is none for this controller.
pub fn unsayable(
    controller: Controller,
    identity: &Identity,
    observed: &ObservedValues,
) -> Option<(AdoptionFault, Span)> {
    let at = observed.named(identity.provider)?;
    if !uses_identities(controller) {
        return Some((AdoptionFault::NeverUsed { controller: controller.name() }, at));
    }
    let is_tenant = identity.tenant.as_ref().is_some_and(|tenant| {
        identity.value.as_ref().is_some_and(|value| tenant.eq_ignore_ascii_case(value))
    });
    is_tenant.then(|| {
        let (key, value) = (main_key(Provider::Azure), identity.value.clone().unwrap_or_default());
        (AdoptionFault::NoIdentity { key, value, is_placeholder: false }, at)
    })
}

pub fn comments(overlay: &Overlay, problems: &mut Problems) {
    for at in &overlay.comments {
        problems.report(AdoptionProblem::at(*at, AdoptionFault::Comment));
    }
}

/// Reports the comments in patches that leave the overlay, or are written anew without their identities. Those in files
/// stay where they are.
pub fn comments_within(patches: &[Patch<'_>], parts: &[Vec<PatchPart>], problems: &mut Problems) {
    let mut known = None;
    for (patch, parts) in patches.iter().zip(parts) {
        let document = patch.document;
        let is_changed = parts.iter().any(|part| !part.marks.is_empty());
        if patch.entry.path.is_some() || !is_changed || known == Some(patch.entry.at) {
            continue;
        }
        known = Some(patch.entry.at);
        for start in read::comments(&document.text, &document.node) {
            let end = document.text.get(start..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
            let node =
                Spanned { range: start..start.saturating_add(end), value: Value::Sequence(Vec::new()) };
            problems.report(AdoptionProblem::at(document.origin.place(&node), AdoptionFault::Comment));
        }
    }
}

/// The files that an overlay does not need any more, and where it names them.
pub fn unneeded(patches: &[Patch<'_>], parts: &[Vec<PatchPart>]) -> BTreeMap<String, Span> {
    let mut files: BTreeMap<&str, (Span, bool)> = BTreeMap::new();
    for (patch, parts) in patches.iter().zip(parts) {
        if let Some(path) = patch.entry.path.as_deref() {
            let is_taken = patch.facts.iter().any(|fact| fact.key != IdentityKey::Selector)
                && parts.iter().any(|part| !part.marks.is_empty());
            let known = files.entry(path).or_insert((patch.entry.at, false));
            known.1 |= is_taken;
        }
    }
    let taken = files.into_iter().filter(|(_, (_, is_taken))| *is_taken);
    taken.map(|(path, (at, _))| (path.to_owned(), at)).collect()
}

/// Reports the manifests of credential configurations that nothing reads any more, for the source makes its own.
pub fn configurations(all: &Configurations, made: &BTreeSet<&str>, problems: &mut Problems) {
    for (name, configuration) in all.iter().filter(|(name, _)| made.contains(name.as_str())) {
        if !configuration.is_generated {
            let fault = AdoptionFault::Superseded { name: name.clone() };
            problems.report(AdoptionProblem::at(configuration.at, fault));
        }
    }
}

/// Reports a resource that adds an object of Flux which is installed already: kustomize refuses that. Whether there is
/// one.
pub fn has_objects_twice(
    overlay: &Overlay,
    installed: &Installed,
    reader: &Reader<'_>,
    problems: &mut Problems,
) -> bool {
    let path_of = |named: &NamedFile| path::join(&overlay.directory, &named.text);
    let is_flux = |path: &str| matches!(path::name(path), GOTK_COMPONENTS | GOTK_SYNC);
    if !overlay.resources.iter().filter_map(path_of).any(|path| path::name(&path) == GOTK_COMPONENTS) {
        return false;
    }
    let mut has_some = false;
    for named in &overlay.resources {
        let Some(path) = path_of(named).filter(|path| path::is_yaml(path) && !is_flux(path)) else {
            continue;
        };
        let text = reader.text(&path).ok();
        let Some(objects) = text.and_then(|text| read_objects(&text).ok()) else { continue };
        let twice = objects.iter().map(Object::id).find(|id| {
            let is_ours = installed.controllers.iter().any(|one| one.name() == id.name);
            is_ours && id.namespace == installed.namespace && ObjectKind::from_name(&id.kind).is_some()
        });
        if let Some(id) = twice {
            let fault = AdoptionFault::Twice { name: id.name.clone() };
            problems.report(AdoptionProblem::at(named.at, fault));
            has_some = true;
        }
    }
    has_some
}
