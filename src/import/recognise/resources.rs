//! What an overlay builds on, as a source says it.

use std::path::Path;

use crate::import::cluster::ImportOptions;
use crate::import::cluster::Shape;
use crate::import::file::Reader;
use crate::import::leftover::is_sayable;
use crate::import::overlay::{NamedFile, Overlay};
use crate::import::path;
use crate::kustomize;
use crate::kustomize::is_repository;
use crate::model::{GOTK_COMPONENTS, GOTK_SYNC};
use crate::problem::{AdoptionFault, AdoptionProblem, Inexpressible, Problems};
use crate::span::Span;

/// What an overlay builds on.
#[derive(Debug, Default)]
pub struct BuiltResources {
    /// Its resources, but for those of `flux bootstrap`: files and directories.
    pub bases: Vec<String>,
    pub components: Vec<String>,
    /// What no source can say, and where it stands.
    pub lost: Vec<(Span, String)>,
}

/// What an overlay builds on, and what is to be written for it; nothing if a part of it is not there.
pub fn resources(
    overlay: &Overlay,
    options: ImportOptions,
    reader: &Reader<'_>,
    problems: &mut Problems,
) -> Option<(BuiltResources, Shape)> {
    let mut is_whole = true;
    let mut shape =
        if options.components || overlay.is_component { Shape::Component } else { Shape::Overlay };
    let names = |name| {
        overlay.resources.iter().any(|named| {
            path::join(&overlay.directory, &named.text).as_deref()
                == Some(path::in_directory(&overlay.directory, name).as_str())
        })
    };
    if shape == Shape::Overlay && names(GOTK_COMPONENTS) && names(GOTK_SYNC) {
        shape = Shape::Bootstrap;
    }
    let mut found = BuiltResources::default();
    // An overlay stands below its source.
    if overlay.directory.is_empty() && shape != Shape::Component {
        found.lost.push((overlay.file.span_from(0), "an overlay in its own directory".to_owned()));
    }
    for (list, named) in overlay
        .resources
        .iter()
        .map(|named| (true, named))
        .chain(overlay.components.iter().map(|named| (false, named)))
    {
        let local = local(named, list, overlay, reader);
        let is_flux = local.as_deref().is_some_and(|path| {
            let name = path::name(path);
            path::parent(path) == overlay.directory && (name == GOTK_COMPONENTS || name == GOTK_SYNC)
        });
        if is_flux && shape == Shape::Bootstrap {
            continue;
        }
        let said = match local {
            Some(path) if is_flux || is_there(&path, reader) => sayable(&path, overlay, reader),
            Some(path) => {
                problems.report(AdoptionProblem::at(named.at, AdoptionFault::Missing { path }));
                is_whole = false;
                continue;
            }
            None => Err(Inexpressible::Remote),
        };
        match said {
            Ok(path) if list => found.bases.push(path),
            Ok(path) => found.components.push(path),
            Err(what) => found.lost.push((named.at, what.in_words().to_owned())),
        }
    }
    found.lost.extend(overlay.others.iter().map(|other| (other.at, format!("`{}`", other.text))));
    is_whole.then_some((found, shape))
}

/// Where an entry leads; nothing if kustomize would fetch it, or if that is outside. A file comes before a repository,
/// but there are no files of components.
fn local(named: &NamedFile, is_resource: bool, overlay: &Overlay, reader: &Reader<'_>) -> Option<String> {
    let path = path::join(&overlay.directory, &named.text)?;
    let is_local = !is_repository(&named.text) || is_resource && reader.text(&path).is_ok();
    is_local.then_some(path)
}

fn is_there(found: &str, reader: &Reader<'_>) -> bool {
    let is_kustomization = |name: &str| reader.exists(&path::in_directory(found, name));
    reader.text(found).is_ok() || kustomize::NAMES.into_iter().any(is_kustomization)
}

fn sayable(found: &str, overlay: &Overlay, reader: &Reader<'_>) -> Result<String, Inexpressible> {
    if !is_sayable(found) {
        return Err(Inexpressible::Path);
    }
    if let Ok(below) = Path::new(found).strip_prefix(&overlay.directory) {
        return Ok(format!("./{}", below.display()));
    }
    if reader.text(found).is_ok() {
        return Err(Inexpressible::Outside);
    }
    Ok(found.to_owned())
}
