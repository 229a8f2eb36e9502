//! Files next to an overlay that would give a controller an identity if a kustomization named them.

use std::collections::BTreeSet;

use crate::import::file::Reader;
use crate::import::identity::KEYS;
use crate::import::path;
use crate::model::{Controller, ObjectKind};
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};
use crate::spanned::{self, Spanned, Value};

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A patch or an object.
    Patch,
    /// A kustomization.
    Kustomization,
}

/// Reports such files. `directories`: those of the overlays; `files`: all files that were found.
pub fn report(
    directories: &BTreeSet<String>,
    files: &[String],
    reader: &Reader<'_>,
    problems: &mut Problems,
) {
    let siblings = files.iter().filter(|path| {
        path::is_yaml(path) && !path::is_kustomization(path) && directories.contains(path::parent(path))
    });
    let strays: Vec<(&String, Form)> =
        siblings.filter_map(|path| Some((path, form(path, reader)?))).collect();
    if strays.is_empty() {
        return;
    }
    let paths: BTreeSet<&str> = strays.iter().map(|(path, _)| path.as_str()).collect();
    let named = named_by(files.iter().filter(|path| path::is_kustomization(path)), &paths, reader);
    for (path, form) in strays.into_iter().filter(|(path, _)| !named.contains(path.as_str())) {
        let fault = AdoptionFault::Stray { is_kustomization: form == Form::Kustomization };
        problems.report(AdoptionProblem::in_file(reader.shown(path), fault));
    }
}

/// The paths among these that kustomizations name.
pub fn named_by<'f>(
    kustomizations: impl Iterator<Item = &'f String>,
    paths: &BTreeSet<&str>,
    reader: &Reader<'_>,
) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for file in kustomizations {
        let documents = reader.text(file).ok().and_then(|text| spanned::read(&text).ok());
        for document in documents.unwrap_or_default() {
            collect_named(&document, path::parent(file), paths, &mut named);
        }
    }
    named
}

/// The form of a file that would give a controller an identity.
fn form(path: &str, reader: &Reader<'_>) -> Option<Form> {
    reader.contents(path).ok().filter(|contents| contents.has_identity)?;
    spanned::read(&reader.text(path).ok()?).ok()?.iter().find_map(form_of_document)
}

fn form_of_document(document: &Spanned) -> Option<Form> {
    if !document.contains_any(&KEYS) {
        return None;
    }
    let is_operations = match &document.value {
        Value::Sequence(items) => items.iter().all(|item| item.get("op").is_some()),
        Value::Mapping(_) | Value::Scalar(_) => false,
    };
    let api = document.text_at("apiVersion").unwrap_or_default();
    if api.starts_with("kustomize.config.k8s.io/") {
        return Some(Form::Kustomization);
    }
    let metadata = document.get("metadata");
    let text = |key| metadata.and_then(|metadata| metadata.text_at(key)).unwrap_or_default();
    let kind = document.text_at("kind");
    let is_of_flux = ObjectKind::ALL.into_iter().any(|of| kind == Some(of.name()));
    // A patch with a target has any name.
    let is_of_controller = Controller::from_name(text("name")).is_some() || text("namespace").is_empty();
    (is_operations || is_of_flux && is_of_controller).then_some(Form::Patch)
}

/// Adds the paths among these that a kustomization names, in any field.
fn collect_named(node: &Spanned, directory: &str, paths: &BTreeSet<&str>, named: &mut BTreeSet<String>) {
    match &node.value {
        Value::Scalar(scalar) => {
            // A generator names its files `KEY=FILE`.
            let behind = scalar.text.split_once('=').map(|(_, path)| path);
            let all = std::iter::once(scalar.text.as_str()).chain(behind);
            let found = all.filter_map(|text| path::join(directory, text.trim()));
            named.extend(found.filter(|path| paths.contains(path.as_str())));
        }
        Value::Sequence(items) => {
            for item in items {
                collect_named(item, directory, paths, named);
            }
        }
        Value::Mapping(entries) => {
            for (_, value) in entries {
                collect_named(value, directory, paths, named);
            }
        }
    }
}
