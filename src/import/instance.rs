//! What a `FluxInstance` gives controllers. There is no kustomization that could be written in its place.

use std::collections::BTreeMap;

use crate::import::federated::main_variable;
use crate::import::file::Reader;
use crate::import::identity::ObservedValues;
use crate::import::objects::Installed;
use crate::import::read;
use crate::import::recognise::{observed, patches};
use crate::model::{Controller, Provider};
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};
use crate::span::Span;
use crate::spanned::Spanned;

/// Reports the identities in the `FluxInstance`s of a file. Whether there are any.
pub fn report(path: &str, reader: &mut Reader<'_>, problems: &mut Problems) -> bool {
    let Ok(text) = reader.text(path) else { return false };
    if !text.lines().any(|line| line.trim_end() == "kind: FluxInstance") {
        return false;
    }
    let Ok(file) = reader.file(path) else { return false };
    let Some(documents) = read::documents(&file, problems) else { return true };
    let mut has_some = false;
    for document in documents.iter().filter(|document| document.text_at("kind") == Some("FluxInstance")) {
        let Some(list) = document.at(&["spec", "kustomize", "patches"]) else { continue };
        let mut said = Problems::default();
        let Some(entries) = read::patches(&file, list, reader, &mut said) else {
            problems.append(said);
            has_some = true;
            continue;
        };
        let installed = installed(document);
        let Some(patches) = patches(&entries, &installed, &mut said) else {
            problems.append(said);
            has_some = true;
            continue;
        };
        let held = held(&observed(&patches, &mut said));
        has_some |= !held.is_empty() || !said.is_empty();
        problems.append(said);
        for ((value, at), controllers) in held {
            problems.report(AdoptionProblem::at(at, AdoptionFault::Instance { controllers, value }));
        }
    }
    has_some
}

/// What a `FluxInstance` installs. Source: "Components configuration" of the `FluxInstance` CRD in the documentation of the
/// Flux Operator.
fn installed(instance: &Spanned) -> Installed {
    let listed = instance.at(&["spec", "components"]).map(Spanned::items).unwrap_or_default();
    let listed: Vec<Controller> =
        listed.iter().filter_map(|name| Controller::from_name(name.text()?)).collect();
    let namespace = instance.at(&["metadata"]).and_then(|metadata| metadata.text_at("namespace"));
    Installed {
        is_known: !listed.is_empty(),
        controllers: if listed.is_empty() { Controller::ALL.to_vec() } else { listed },
        namespace: namespace.unwrap_or("flux-system").to_owned(),
        is_all: false,
        version: None,
    }
}

/// What names an identity, and where, and which controllers have it.
fn held(observed: &BTreeMap<Controller, ObservedValues>) -> BTreeMap<(String, Span), Vec<Controller>> {
    let mut held: BTreeMap<(String, Span), Vec<Controller>> = BTreeMap::new();
    for (controller, observed) in observed {
        for provider in Provider::ALL {
            for named in
                [observed.native(provider), observed.federated(main_variable(provider))].into_iter().flatten()
            {
                held.entry(named.clone()).or_default().push(*controller);
            }
        }
    }
    held
}
