//! The objects that an overlay builds, with other texts in place of some of its files, and with the controllers as Flux
//! installs them where their manifests are not there yet.

mod applied;
mod artifact;
mod built;
mod files;
mod flux_root;
mod ignored;
mod lfs;
mod placement;
mod search;
mod sync;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::emit::{self, Document, KUSTOMIZATION};
use crate::kustomize::{self, Failure, Feature, FileText, ManifestFault, Object, Options, Place};
use crate::model::{
    Cluster, Controller, GOTK_COMPONENTS, GOTK_SYNC, LocalPath, OutputPath, OverlayForm, Passthrough,
};
use crate::overlay_build::applied::{Changes, kustomization_upon, placed_changes};
use crate::workspace::{Inputs, Text};
use crate::yaml;

pub use artifact::{Artifact, Lack};
pub use built::{Above, OverlayBuild, is_in_namespace};
pub use files::{BuiltOverlay, OverlayFiles, REPOSITORY, StandIn, installed_controllers};
pub use flux_root::FluxRoot;
pub use ignored::{Exclusion, IgnorePatterns, PatternOrigin};
pub use placement::Placement;
pub use search::Search;
pub use sync::{FluxSync, is_flux_kustomization};

/// The directory, in no repository, of the kustomization that stands for what Flux's Kustomization changes.
const APPLIED: &str = ".flux-identity-applied";

/// How Flux builds.
const OPTIONS: Options = Options { may_read_above: true };

/// What builds an overlay.
#[derive(Clone, Copy)]
pub struct Builder<'i> {
    /// The files beside the source.
    pub inputs: &'i Inputs<'i>,
    /// The manifests that were read, for any number of builds.
    pub manifests: &'i kustomize::Manifests,
}

impl Builder<'_> {
    /// Builds what Flux builds of a cluster. `text`: its kustomization; `placement`: where that is in what Flux builds.
    ///
    /// # Errors
    /// kustomize cannot build the overlay.
    pub fn build(
        &self,
        cluster: &Cluster,
        text: &str,
        placement: &Placement,
    ) -> Result<OverlayBuild, Failure> {
        let Placement { output, directory, root, .. } = placement;
        let mut files = self.files_with(output, directory.as_ref(), text);
        for Document { directory, name, text } in emit::account_documents("", cluster) {
            files.put(LocalPath::from(directory).join(name), &text);
        }
        let directory = directory.as_ref().filter(|it| self.is_to_install(cluster, it));
        let above = directory.cloned().unwrap_or_else(|| files.put_above(output, None));
        if self.expects_manifests(cluster, directory) && !self.has_manifests(&above) {
            let installed = installed_controllers(cluster.namespace.as_str(), Controller::ALL);
            files.put(above.join(GOTK_COMPONENTS), &installed);
        }
        let (built, built_directory) = match root.as_ref().filter(|_| directory.is_some()) {
            Some(root) => self.build_root(&mut files, &above, &root.with_accounts(cluster))?,
            None => self.build_outermost(&files, &above)?,
        };
        let changes = FluxSync::new(built.objects()).kustomization.map(placed_changes);
        let whole = match changes {
            Some(changes) if built.above.is_none() => {
                self.apply(changes, built, &built_directory, &mut files)
            }
            Some(_) | None => built,
        };
        Ok(OverlayBuild { files: files.into_read(), ..whole })
    }

    /// False for a kustomization that includes a component and that has not the controllers: something else installs them.
    fn is_to_install(&self, cluster: &Cluster, directory: &LocalPath) -> bool {
        let has_controllers = |path: &LocalPath| path.is_components() || self.has_manifests(path);
        cluster.form != OverlayForm::Component
            || self.has_manifests(directory)
            || self.resources_of(directory).iter().any(has_controllers)
    }

    /// True if what is built has a `gotk-components.yaml`, or is to have one. `directory`: that of the kustomization.
    fn expects_manifests(&self, cluster: &Cluster, directory: Option<&LocalPath>) -> bool {
        match (cluster.form, directory) {
            (OverlayForm::Overlay(_), _) => cluster.form.is_bootstrapped(),
            (OverlayForm::Component, None) => true,
            (OverlayForm::Component, Some(directory)) => {
                let manifests = directory.join(GOTK_COMPONENTS);
                self.resources_of(directory).iter().any(|path| Some(path) == manifests.as_ref())
            }
        }
    }

    /// Builds a directory with the kustomizations above that build on it. Returns the directory that was built too.
    fn build_outermost(
        &self,
        files: &OverlayFiles<'_>,
        root: &LocalPath,
    ) -> Result<(OverlayBuild, LocalPath), Failure> {
        let build = |root: &LocalPath| kustomize::build(files, self.manifests, root, OPTIONS);
        let above = match self.outermost(root) {
            None => None,
            Some(outer) => match build(&outer).map(OverlayBuild::from) {
                Ok(whole) => match whole.unknown() {
                    None => return Ok((whole, outer)),
                    Some(feature) => Some(Above::NotModelled(feature.clone())),
                },
                Err(failure) => {
                    let is_own = failure.place.file.parent().as_ref() == Some(&outer);
                    Some(Above::NotBuilt { failure, is_own, generated: None })
                }
            },
        };
        Ok((OverlayBuild { above, ..OverlayBuild::from(build(root)?) }, root.clone()))
    }

    /// Changes what a directory builds as the Kustomization does that applies it.
    fn apply(
        &self,
        (changes, place): (Changes, Place),
        built: OverlayBuild,
        directory: &LocalPath,
        files: &mut OverlayFiles<'_>,
    ) -> OverlayBuild {
        let not_modelled = |field| Some(Above::NotModelled(Feature::Field(field)));
        let fields = match changes {
            Changes::Nothing => return built,
            Changes::Fields(fields) => fields,
            Changes::NotModelled(field) => return OverlayBuild { above: not_modelled(field), ..built },
        };
        // kustomize takes no directory above as a resource.
        let Some(root) = directory.parent().and_then(|parent| parent.join(APPLIED)) else {
            return OverlayBuild { above: not_modelled("spec"), ..built };
        };
        files.put(root.join(KUSTOMIZATION), &kustomization_upon(fields, &directory.seen_from(&root)));
        let file = root.join(KUSTOMIZATION).unwrap_or_default();
        let above = match kustomize::build(files, self.manifests, &root, OPTIONS) {
            Ok(mut applied) => {
                applied.attribute(&file, &place);
                let whole = OverlayBuild::from(applied);
                match whole.unknown() {
                    None => return whole,
                    Some(feature) => Above::NotModelled(feature.clone()),
                }
            }
            Err(Failure { cause, place: at }) => {
                let place = if at.file == file { place } else { at };
                Above::NotBuilt { failure: Failure { cause, place }, is_own: true, generated: None }
            }
        };
        OverlayBuild { above: Some(above), ..built }
    }

    /// The outermost directory above an overlay whose kustomization builds on it, directly or by those between.
    pub fn outermost(&self, overlay: &LocalPath) -> Option<LocalPath> {
        self.outermost_within(overlay, &LocalPath::default())
    }

    /// The same, of a directory and those in it.
    pub fn outermost_within(&self, overlay: &LocalPath, within: &LocalPath) -> Option<LocalPath> {
        let mut outermost = None;
        for directory in overlay.ancestors().filter(|directory| directory.is_within(within)) {
            if self.resources_of(&directory).contains(outermost.as_ref().unwrap_or(overlay)) {
                outermost = Some(directory);
            }
        }
        outermost
    }

    /// What the kustomization in a directory builds on.
    pub fn resources_of(&self, directory: &LocalPath) -> BTreeSet<LocalPath> {
        let read = self.inputs.kustomization(directory).ok().flatten();
        let entries = read.iter().flat_map(|read| &read.resources);
        entries.filter_map(|entry| directory.join(&entry.value)).collect()
    }

    /// The objects of a file of manifests.
    ///
    /// # Errors
    /// It has something else, or nothing if it cannot be read.
    pub fn objects(&self, file: &LocalPath) -> Result<Vec<Object>, Option<ManifestFault>> {
        self.objects_and_text(file).map(|(objects, _)| objects)
    }

    fn objects_and_text(&self, file: &LocalPath) -> Result<(Vec<Object>, Arc<str>), Option<ManifestFault>> {
        let Text { text, digest } = self.inputs.text(Path::new(file.as_str())).map_err(|_| None)?;
        let objects = self.manifests.objects(file, &FileText { text: Arc::clone(&text), digest });
        Ok((objects.map_err(Some)?, text))
    }

    /// Builds what a cluster passes through without its patches, and nothing else.
    ///
    /// # Errors
    /// kustomize cannot build it.
    pub fn build_passthrough(
        &self,
        output: &OutputPath,
        passed: &Passthrough,
    ) -> Result<OverlayBuild, Failure> {
        let directory = LocalPath::from(output);
        let files = self.files_with(&directory, None, &emit::passthrough_of(output, passed));
        kustomize::build(&files, self.manifests, &directory, OPTIONS).map(OverlayBuild::from)
    }

    /// The objects of manifests that kustomize built.
    ///
    /// # Errors
    /// They are not what kustomize would build.
    pub fn read(&self, manifests: &str) -> Result<OverlayBuild, Failure> {
        let output = LocalPath::default();
        let mut files = self.files_with(&output, None, &format!("resources:\n- {GOTK_COMPONENTS}\n"));
        files.put(output.join(GOTK_COMPONENTS), manifests);
        let build = kustomize::build(&files, self.manifests, &output, Options::default())?;
        Ok(OverlayBuild::from(build))
    }

    /// The files beside an overlay that this program writes, with this kustomization.
    fn files_with(&self, output: &LocalPath, above: Option<&LocalPath>, text: &str) -> OverlayFiles<'_> {
        let sync = above.unwrap_or(output).join(GOTK_SYNC);
        let overlay = BuiltOverlay::Generated { output: output.clone(), sync };
        let mut files = OverlayFiles::new(self.inputs, overlay);
        files.put(output.join(KUSTOMIZATION), text);
        files
    }

    fn has_manifests(&self, directory: &LocalPath) -> bool {
        let text = directory.join(GOTK_COMPONENTS).map(|file| self.inputs.text(Path::new(file.as_str())));
        text.is_some_and(|text| text.is_ok_and(|read| !yaml::is_blank(&read.text)))
    }
}
