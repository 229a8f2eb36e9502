//! The resources of an overlay as passthrough of a source.

use crate::import::cluster::Shape;
use crate::import::file::Reader;
use crate::import::leftover::is_expressible;
use crate::import::overlay::{NamedFile, Overlay};
use crate::import::path;
use crate::kustomize;
use crate::kustomize::is_repository;
use crate::model::{GOTK_COMPONENTS, GOTK_SYNC};
use crate::problem::{AdoptionFault, AdoptionProblem, Inexpressible, Problems};
use crate::span::Span;

/// The resources of an overlay.
#[derive(Debug, Default)]
pub struct BuiltResources {
    /// Its resources without those of `flux bootstrap`: files and directories.
    pub bases: Vec<String>,
    pub components: Vec<String>,
    /// What cannot be expressed in a source, with its place.
    pub lost: Vec<(Span, String)>,
}

/// Reports the missing resources of an overlay. True if there are any.
pub fn report_missing(overlay: &Overlay, reader: &Reader<'_>, problems: &mut Problems) -> bool {
    let mut is_missing = false;
    for (is_resource, named) in entries(overlay) {
        let path = local(named, is_resource, overlay, reader);
        if let Some(path) = path.filter(|path| !is_installation(path, overlay) && !is_there(path, reader)) {
            problems.report(AdoptionProblem::at(named.at, AdoptionFault::Missing { path }));
            is_missing = true;
        }
    }
    is_missing
}

/// The resources of an overlay, and its shape.
pub fn resources(overlay: &Overlay, mut shape: Shape, reader: &Reader<'_>) -> (BuiltResources, Shape) {
    let names = |name| {
        let path = path::in_directory(&overlay.directory, name);
        overlay
            .resources
            .iter()
            .any(|named| path::join(&overlay.directory, &named.text).as_ref() == Some(&path))
    };
    if shape == Shape::Overlay && names(GOTK_COMPONENTS) && names(GOTK_SYNC) {
        shape = Shape::Bootstrap;
    }
    let mut found = BuiltResources::default();
    // An overlay is in a directory below its source.
    if overlay.directory.is_empty() && shape != Shape::Component {
        found.lost.push((overlay.file.span_from(0), "an overlay in the directory of the source".to_owned()));
    }
    for (is_resource, named) in entries(overlay) {
        let local = local(named, is_resource, overlay, reader);
        if shape == Shape::Bootstrap && local.as_ref().is_some_and(|path| is_installation(path, overlay)) {
            continue;
        }
        match local.map_or(Err(Inexpressible::Remote), |path| expressible_path(&path, overlay, reader)) {
            Ok(path) if is_resource => found.bases.push(path),
            Ok(path) => found.components.push(path),
            Err(what) => found.lost.push((named.at, what.in_words().to_owned())),
        }
    }
    found.lost.extend(overlay.others.iter().map(|other| (other.at, format!("`{}`", other.text))));
    (found, shape)
}

/// The entries of an overlay; true for resources, false for components.
fn entries(overlay: &Overlay) -> impl Iterator<Item = (bool, &NamedFile)> {
    let resources = overlay.resources.iter().map(|named| (true, named));
    resources.chain(overlay.components.iter().map(|named| (false, named)))
}

/// True for the files that `flux bootstrap` writes.
fn is_installation(path: &str, overlay: &Overlay) -> bool {
    path::parent(path) == overlay.directory && matches!(path::name(path), GOTK_COMPONENTS | GOTK_SYNC)
}

/// The path of an entry; `None` if it is remote or outside. kustomize prefers a file to a repository, but not under
/// `components`.
fn local(named: &NamedFile, is_resource: bool, overlay: &Overlay, reader: &Reader<'_>) -> Option<String> {
    let path = path::join(&overlay.directory, &named.text)?;
    let is_local = !is_repository(&named.text) || is_resource && reader.text(&path).is_ok();
    is_local.then_some(path)
}

fn is_there(found: &str, reader: &Reader<'_>) -> bool {
    let is_kustomization = |name: &str| reader.exists(&path::in_directory(found, name));
    reader.text(found).is_ok() || kustomize::NAMES.into_iter().any(is_kustomization)
}

fn expressible_path(found: &str, overlay: &Overlay, reader: &Reader<'_>) -> Result<String, Inexpressible> {
    if !is_expressible(found) {
        return Err(Inexpressible::Path);
    }
    if let Some(below) = path::below(&overlay.directory, found) {
        return Ok(format!("./{below}"));
    }
    if reader.text(found).is_ok() {
        return Err(Inexpressible::Outside);
    }
    Ok(found.to_owned())
}
