//! Whether kustomize can build the overlays as they stand.

use std::path::Path;

use crate::import::file::Reader;
use crate::import::overlay::Overlay;
use crate::kustomize::{self, Cause, Failure, FileText, Files, Found, Manifests, Options, ReadFault};
use crate::model::{GOTK_COMPONENTS, GOTK_SYNC, LocalPath};
use crate::problem::{AdoptionFault, AdoptionProblem};
use crate::workspace::Inputs;
use crate::yaml;

/// Builds overlays.
pub struct Builds<'i> {
    inputs: &'i Inputs<'i>,
    manifests: Manifests,
}

impl<'i> Builds<'i> {
    /// Nothing was built yet.
    pub fn new(inputs: &'i Inputs<'i>) -> Builds<'i> {
        Builds { inputs, manifests: Manifests::new() }
    }

    /// Why kustomize cannot build an overlay; nothing if it can, or if that is not known.
    pub fn failure(&self, overlay: &Overlay, reader: &Reader<'_>) -> Option<AdoptionProblem> {
        // A component is built with what names it.
        if overlay.is_component {
            return None;
        }
        let directory = LocalPath::default().join(&overlay.directory)?;
        let files = Bootstrapped(self.inputs);
        let options = Options { may_read_above: true };
        match kustomize::build(&files, &self.manifests, &directory, options) {
            Ok(_) => None,
            Err(Failure { cause: Cause::Unreadable(fault), .. }) if !fault.is_fault() => None,
            Err(Failure { cause, place }) => {
                let is_here = place.file.as_str() == overlay.path;
                let line = place.line.filter(|_| is_here).unwrap_or(1);
                let before = overlay.file.text.split_inclusive('\n').take(line.saturating_sub(1));
                let start = before.fold(0_usize, |sum, line| sum.saturating_add(line.len()));
                let shown = reader.shown(place.file.as_str());
                let place = match place.line {
                    Some(line) => format!("`{shown}`, line {line}"),
                    None => format!("`{shown}`"),
                };
                let fault = AdoptionFault::NotBuilt { cause, place: (!is_here).then_some(place) };
                Some(AdoptionProblem::at(overlay.file.span_from(start), fault))
            }
        }
    }
}

/// The files of a repository that Flux is still to be installed from: what `flux bootstrap` is going to write is unknown.
struct Bootstrapped<'i>(&'i Inputs<'i>);

impl Files for Bootstrapped<'_> {
    fn found(&self, path: &LocalPath) -> Found {
        let found = self.0.found(path);
        let name = crate::import::path::name(path.as_str());
        if !matches!(name, GOTK_COMPONENTS | GOTK_SYNC) {
            return found;
        }
        let is_blank = || self.0.text(Path::new(path.as_str())).is_ok_and(|read| yaml::is_blank(&read.text));
        match found {
            Found::Missing | Found::Unknown => Found::Unknown,
            Found::File if is_blank() => Found::Unknown,
            Found::File | Found::Directory => found,
        }
    }

    fn read(&self, path: &LocalPath) -> Result<FileText, ReadFault> {
        Files::read(self.0, path)
    }
}
