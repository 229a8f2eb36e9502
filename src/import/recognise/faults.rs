//! Mistakes in an overlay, and parts of it that are lost.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::configurations::Configurations;
use crate::import::identity::{Identity, IdentityKey, ObservedValues, main_key};
use crate::import::overlay::Overlay;
use crate::import::patches::{MatchedPatch, PatchPart};
use crate::import::read;
use crate::model::integration::uses_identities;
use crate::model::{Controller, Provider};
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};
use crate::span::Span;
use crate::spanned::{Spanned, Value};

/// Why a valid identity cannot be the identity of this controller.
pub fn inexpressible(
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

/// Reports the comments in inline patches that are removed or rewritten.
pub fn comments_within(patches: &[MatchedPatch<'_>], parts: &[Vec<PatchPart>], problems: &mut Problems) {
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

/// The files that an overlay no longer needs, and the places that name them.
pub fn unneeded(patches: &[MatchedPatch<'_>], parts: &[Vec<PatchPart>]) -> BTreeMap<String, Span> {
    let mut files: BTreeMap<&str, (Span, bool)> = BTreeMap::new();
    for (patch, parts) in patches.iter().zip(parts) {
        if let Some(path) = patch.entry.path.as_deref() {
            let is_imported = patch.facts.iter().any(|fact| fact.key != IdentityKey::Selector)
                && parts.iter().any(|part| !part.marks.is_empty());
            let known = files.entry(path).or_insert((patch.entry.at, false));
            known.1 |= is_imported;
        }
    }
    let imported = files.into_iter().filter(|(_, (_, is_imported))| *is_imported);
    imported.map(|(path, (at, _))| (path.to_owned(), at)).collect()
}

/// Reports the manifests of credential configurations that the source replaces.
pub fn configurations(all: &Configurations, made: &BTreeSet<&str>, problems: &mut Problems) {
    for (name, configuration) in all.iter().filter(|(name, _)| made.contains(name.as_str())) {
        if let Some(at) = configuration.at.filter(|_| !configuration.is_generated) {
            problems.report(AdoptionProblem::at(at, AdoptionFault::Superseded { name: name.clone() }));
        }
    }
}
