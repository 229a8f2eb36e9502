//! What is wrong with an overlay, and what of it is lost.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::configurations::Configurations;
use crate::import::identity::{Identity, IdentityKey, ObservedValues, main_key};
use crate::import::overlay::Overlay;
use crate::import::patches::{Patch, PatchPart};
use crate::import::read;
use crate::model::integration::uses_identities;
use crate::model::{Controller, Provider};
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
        if let Some(at) = configuration.at.filter(|_| !configuration.is_generated) {
            problems.report(AdoptionProblem::at(at, AdoptionFault::Superseded { name: name.clone() }));
        }
    }
}
