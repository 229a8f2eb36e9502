//! The identities in a `FluxInstance`, which a source cannot replace.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::federated::main_variable;
use crate::import::file::Reader;
use crate::import::identity::{IdentityKey, main_key};
use crate::import::patches::{MatchedPatch, patches};
use crate::import::read;
use crate::kustomize::{Object, read_objects};
use crate::model::{Controller, Provider};
use crate::overlay_build::installed_controllers;
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};
use crate::span::Span;
use crate::spanned::Spanned;

/// Reports the identities in the `FluxInstance`s of a file. True if there are any.
pub fn report(path: &str, reader: &mut Reader<'_>, problems: &mut Problems) -> bool {
    if !reader.contents(path).is_ok_and(|contents| contents.has_instance) {
        return false;
    }
    let Ok(file) = reader.file(path) else { return false };
    let Some(documents) = read::documents(&file, problems) else { return true };
    let mut has_some = false;
    for document in documents.iter().filter(|document| document.text_at("kind") == Some("FluxInstance")) {
        let Some(list) = document.at(&["spec", "kustomize", "patches"]) else { continue };
        let mut found = Problems::default();
        let entries = read::patches(&file, list, reader, &mut found).unwrap_or_default();
        let patches = patches(&entries, &installed(document), false, &mut found);
        let identities = identities(&patches);
        has_some |= !identities.is_empty() || !found.is_empty();
        problems.append(found);
        for ((value, at), controllers) in identities {
            let controllers = controllers.into_iter().collect();
            problems.report(AdoptionProblem::at(at, AdoptionFault::Instance { controllers, value }));
        }
    }
    has_some
}

/// What a `FluxInstance` installs. Source: "Components configuration" of the `FluxInstance` CRD in the documentation of the
/// Flux Operator.
fn installed(instance: &Spanned) -> Vec<Object> {
    let listed = instance.at(&["spec", "components"]).map(Spanned::items).unwrap_or_default();
    let listed: Vec<Controller> =
        listed.iter().filter_map(|name| Controller::from_name(name.text()?)).collect();
    let namespace = instance.at(&["metadata"]).and_then(|metadata| metadata.text_at("namespace"));
    let controllers = if listed.is_empty() { Controller::ALL.to_vec() } else { listed };
    let text = installed_controllers(namespace.unwrap_or("flux-system"), controllers);
    read_objects(&text).unwrap_or_default()
}

/// The name and the place of each identity, and the controllers that have it.
fn identities(patches: &[MatchedPatch<'_>]) -> BTreeMap<(String, Span), BTreeSet<Controller>> {
    let mut found: BTreeMap<(String, Span), BTreeSet<Controller>> = BTreeMap::new();
    for patch in patches {
        for fact in &patch.facts {
            let is_main = |provider| {
                matches!(fact.key, IdentityKey::Annotation(_) | IdentityKey::Variable(..))
                    && [main_key(provider), main_variable(provider)].contains(&fact.key.name())
            };
            if Provider::ALL.into_iter().any(is_main) {
                let matched = patch.matched.iter().filter(|object| object.kind == fact.kind);
                let controllers = matched.map(|object| object.controller);
                found.entry((fact.value.clone(), fact.at)).or_default().extend(controllers);
            }
        }
    }
    found
}
