//! Where the overlay of a cluster is in what Flux builds.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::kustomize::{ManifestFault, Object};
use crate::model::{GOTK_SYNC, LocalPath, OutputPath, OverlayForm};
use crate::overlay_build::{Builder, FluxRoot, FluxSync, Search};

/// Where the overlay of a cluster is in what Flux builds.
#[derive(Debug)]
pub struct Placement {
    /// The directory of the generated kustomization.
    pub output: LocalPath,
    /// The directory that Flux has to build: that of an overlay, or of the kustomization above that includes a component.
    /// Nothing for a component that none above includes.
    pub directory: Option<LocalPath>,
    /// The objects of `gotk-sync.yaml`, as they are written.
    sync: Vec<Object>,
    /// Its text.
    sync_text: Option<Arc<str>>,
    /// True if the `gotk-sync.yaml` of an overlay cannot be read.
    has_broken_sync: bool,
    /// The directory that Flux builds with the overlay in it, if known.
    pub root: Option<FluxRoot>,
}

/// The objects of a `gotk-sync.yaml`, and its text.
type ReadSync = (Vec<Object>, Arc<str>);

impl Placement {
    pub fn sync(&self) -> FluxSync<'_> {
        FluxSync::new(&self.sync)
    }

    /// The objects of `gotk-sync.yaml`, as they are written.
    pub fn sync_objects(&self) -> &[Object] {
        &self.sync
    }

    /// The text of `gotk-sync.yaml`.
    pub fn sync_text(&self) -> Option<&str> {
        self.sync_text.as_deref()
    }

    /// True if the `gotk-sync.yaml` of an overlay cannot be read, so that kustomize builds nothing.
    pub fn has_broken_sync(&self) -> bool {
        self.has_broken_sync
    }
}

impl Builder<'_> {
    /// Where an overlay is in what Flux builds.
    pub fn placement(&self, form: OverlayForm, output: &OutputPath) -> Placement {
        let output = LocalPath::from(output);
        let (directory, read) = match form {
            OverlayForm::Overlay(_) => (Some(output.clone()), self.read_sync(&output)),
            OverlayForm::Component => {
                let sync = output.ancestors().find_map(|above| self.sync_of(&above));
                (output.ancestors().find(|above| self.includes(above, &output)), sync.ok_or(None))
            }
        };
        let has_broken_sync = matches!(read, Err(Some(_)));
        let (sync, sync_text) = read.map(|(sync, text)| (sync, Some(text))).unwrap_or_default();
        let mut placement = Placement { output, directory, sync, sync_text, has_broken_sync, root: None };
        placement.root =
            placement.directory.as_ref().and_then(|directory| self.flux_root(directory, placement.sync()));
        placement
    }

    /// True if Flux builds a component, included by a kustomization anywhere; nothing if that is unknown.
    pub fn builds_component(&self, output: &OutputPath) -> Option<bool> {
        let Placement { output, sync, .. } = self.placement(OverlayForm::Component, output);
        let sync = FluxSync::new(&sync);
        // Such a path is what is wrong, if nothing writes a value in it.
        let root = sync.root(*self).filter(|_| !sync.path().contains("${"))?;
        Search::new(&output, *self).find(&root)
    }

    /// The kustomizations that include a component, of those that Flux builds, as far as they are known.
    pub fn including(&self, placement: &Placement) -> Vec<LocalPath> {
        let Placement { output, directory, root, .. } = placement;
        let mut open: Vec<LocalPath> = match root {
            Some(FluxRoot { directory, generated: Some(resources) }) => {
                resources.iter().filter_map(|entry| directory.join(entry)).collect()
            }
            Some(FluxRoot { directory, generated: None }) => vec![directory.clone()],
            None => directory.iter().map(|it| self.outermost(it).unwrap_or_else(|| it.clone())).collect(),
        };
        let (mut seen, mut including) = (BTreeSet::new(), Vec::new());
        while let Some(directory) = open.pop() {
            let is_new = seen.insert(directory.clone());
            let read = self.inputs.kustomization(&directory).ok().flatten();
            let Some(read) = read.filter(|_| is_new) else { continue };
            if self.includes(&directory, output) {
                including.push(read.file.clone());
            }
            let listed = read.resources.iter().chain(&read.components);
            open.extend(listed.filter_map(|entry| directory.join(&entry.value)));
        }
        including.sort();
        including
    }

    fn includes(&self, directory: &LocalPath, component: &LocalPath) -> bool {
        let read = self.inputs.kustomization(directory).ok().flatten();
        let mut listed = read.iter().flat_map(|read| &read.components);
        listed.any(|entry| directory.join(&entry.value).as_ref() == Some(component))
    }

    /// The objects of the `gotk-sync.yaml` in a directory, or in one that its kustomization builds on.
    fn sync_of(&self, directory: &LocalPath) -> Option<ReadSync> {
        let below = || self.resources_of(directory).into_iter().find_map(|below| self.sync_in(&below));
        self.sync_in(directory).or_else(below)
    }

    fn sync_in(&self, directory: &LocalPath) -> Option<ReadSync> {
        self.read_sync(directory).ok().filter(|(objects, _)| !objects.is_empty())
    }

    /// The `gotk-sync.yaml` in a directory.
    ///
    /// # Errors
    /// It cannot be read, or there is none.
    fn read_sync(&self, directory: &LocalPath) -> Result<ReadSync, Option<ManifestFault>> {
        self.objects_and_text(&directory.join(GOTK_SYNC).ok_or(None)?)
    }
}
