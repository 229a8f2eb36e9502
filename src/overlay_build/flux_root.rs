//! The directory that Flux builds.

use std::path::Path;

use crate::emit::{self, KUSTOMIZATION};
use crate::kustomize::{self, Failure, Options, Place};
use crate::model::LocalPath;
use crate::overlay_build::{Above, Builder, OverlayBuild, OverlayFiles};

/// The directory that Flux builds, in which an overlay is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FluxRoot {
    pub directory: LocalPath,
    /// The resources of the kustomization that Flux generates there; `None` if the directory has one.
    pub generated: Option<Vec<String>>,
}

impl Builder<'_> {
    /// Builds the directory that Flux builds. If that fails, or its kustomization leaves the overlay out, builds what there
    /// is of the overlay. Returns the directory that was built too.
    pub(super) fn build_root(
        &self,
        files: &mut OverlayFiles<'_>,
        overlay: &LocalPath,
        flux_root: &FluxRoot,
    ) -> Result<(OverlayBuild, LocalPath), Failure> {
        let FluxRoot { directory, generated } = flux_root;
        if let Some(resources) = generated {
            let entries = resources.iter().flat_map(|entry| ["- '", entry, "'\n"]);
            let text = ["resources:\n"].into_iter().chain(entries).collect::<String>();
            files.put(directory.join(KUSTOMIZATION), &text);
        }
        let options = Options { may_read_above: true };
        let build = |root: &LocalPath| kustomize::build(&*files, self.manifests, root, options);
        let outermost = self.outermost_within(overlay, directory);
        let is_built = generated.is_some() || outermost.as_ref() == Some(directory) || directory == overlay;
        let mut above = None;
        match build(directory).map(OverlayBuild::from) {
            Ok(whole) if is_built => match whole.unknown() {
                None => return Ok((whole, directory.clone())),
                // The other files of a generated kustomization change nothing of the overlay.
                Some(_) if generated.is_some() => {}
                Some(feature) => above = Some(Above::NotModelled(feature.clone())),
            },
            Ok(_) => {}
            // The overlay alone fails for the same reason.
            Err(failure) if directory == overlay => return Err(failure),
            Err(failure) => {
                let failure = attributed(failure, flux_root);
                let is_own = !self.is_overlay_of_another(&failure, overlay);
                let generated = generated.is_some().then(|| directory.clone());
                above = Some(Above::NotBuilt { failure, is_own, generated });
            }
        }
        let root = if is_built { overlay.clone() } else { outermost.unwrap_or_else(|| overlay.clone()) };
        Ok((OverlayBuild { build: build(&root)?, above }, root))
    }

    /// True if a build fails in an overlay of another cluster, which this build may not have written yet.
    fn is_overlay_of_another(&self, failure: &Failure, overlay: &LocalPath) -> bool {
        let file = &failure.place.file;
        let text = self.inputs.text(Path::new(file.as_str()));
        !file.is_within(overlay) && text.is_ok_and(|read| read.text.starts_with(emit::BANNER))
    }
}

/// A failure in the kustomization that Flux generates, at the file that it lists there.
fn attributed(failure: Failure, flux_root: &FluxRoot) -> Failure {
    let FluxRoot { directory, generated: Some(resources) } = flux_root else { return failure };
    let is_generated = directory.join(KUSTOMIZATION).as_ref() == Some(&failure.place.file);
    let index = failure.place.line.and_then(|line| line.checked_sub(2));
    let entry = index.filter(|_| is_generated).and_then(|index| resources.get(index));
    match entry.and_then(|entry| directory.join(entry)) {
        Some(file) => Failure { place: Place::file(&file), ..failure },
        None => failure,
    }
}
