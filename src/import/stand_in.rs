//! The files of a build in memory, with controllers in place of manifests that are out of reach.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::import::overlay::Overlay;
use crate::import::patch::PatchForm;
use crate::import::path;
use crate::kustomize::{self, FileText, Files, Found, Object, ReadFault};
use crate::model::flux::FluxVersion;
use crate::model::{Controller, GOTK_COMPONENTS, GOTK_SYNC, LocalPath};
use crate::overlay_build::installed_controllers;
use crate::workspace::Inputs;
use crate::yaml;

/// What the addresses of Flux's own repository have in common.
pub const REPOSITORY: &str = "fluxcd/flux2";

impl Overlay {
    /// The namespace that its patches name, or Flux's own.
    pub fn namespace(&self) -> String {
        let mut documents = self.entries.iter().flat_map(|entry| &entry.documents);
        let named = documents.find_map(|document| match document.form() {
            PatchForm::Merge(id) if Controller::from_name(id.name).is_some() && !id.namespace.is_empty() => {
                Some(id.namespace.to_owned())
            }
            PatchForm::Merge(_) | PatchForm::Operations | PatchForm::Neither => None,
        });
        named.unwrap_or_else(|| "flux-system".to_owned())
    }
}

/// The controllers that stand in for manifests which are out of reach.
#[derive(Clone, Debug)]
pub struct StandIn {
    file: FileText,
    /// True if they stand in for any manifest, false if only for such as certainly install Flux.
    is_for_anything: bool,
}

impl StandIn {
    /// Flux installs `source-watcher` on request only.
    pub fn new(overlay: &Overlay, version: Option<FluxVersion>, is_for_anything: bool) -> StandIn {
        let names_watcher = overlay.file.text.contains(Controller::SourceWatcher.name());
        let is_installed = |controller: &Controller| match (version, *controller) {
            (_, Controller::SourceWatcher) if !names_watcher => false,
            (version, controller) => version.is_none_or(|version| controller.exists_in(version)),
        };
        let controllers = Controller::ALL.into_iter().filter(is_installed);
        let text = installed_controllers(&overlay.namespace(), controllers);
        StandIn { file: FileText::new(&text), is_for_anything }
    }
}

impl PartialEq for StandIn {
    fn eq(&self, other: &StandIn) -> bool {
        self.file.digest == other.file.digest && self.is_for_anything == other.is_for_anything
    }
}

impl Eq for StandIn {}

/// The files of a repository, and texts in place of some.
pub struct OverlayFiles<'i> {
    inputs: &'i Inputs<'i>,
    texts: BTreeMap<LocalPath, FileText>,
    stand_in: &'i StandIn,
    /// True if it was used: no object is there twice.
    is_used: AtomicBool,
    /// What was read, for the next build of the same overlay.
    read: Mutex<BTreeMap<LocalPath, Result<FileText, ReadFault>>>,
}

impl<'i> OverlayFiles<'i> {
    pub fn new(inputs: &'i Inputs<'i>, stand_in: &'i StandIn) -> OverlayFiles<'i> {
        let (texts, read) = (BTreeMap::new(), Mutex::default());
        OverlayFiles { inputs, texts, stand_in, is_used: AtomicBool::new(false), read }
    }

    pub fn put(&mut self, path: &str, text: &str) {
        let path = LocalPath::default().join(path);
        self.texts.extend(path.map(|path| (path, FileText::new(text))));
    }

    pub fn is_stand_in_used(&self) -> bool {
        self.is_used.load(Ordering::Relaxed)
    }

    /// Begins another build.
    pub fn restart(&self) {
        self.is_used.store(false, Ordering::Relaxed);
    }

    pub fn has_text(&self, path: &str) -> bool {
        let path = LocalPath::default().join(path);
        path.is_some_and(|path| self.read(&path).is_ok_and(|file| !yaml::is_blank(&file.text)))
    }
}

impl Files for OverlayFiles<'_> {
    /// What `flux bootstrap` is going to write is unknown.
    fn found(&self, path: &LocalPath) -> Found {
        if self.texts.contains_key(path) {
            return Found::File;
        }
        let is_below = |file: &LocalPath| file.is_within(path);
        match self.inputs.found(path) {
            Found::Missing if self.texts.keys().any(is_below) => Found::Directory,
            Found::Missing | Found::Unknown if is_bootstrapped(path) => Found::Unknown,
            Found::File if is_bootstrapped(path) && !self.has_text(path.as_str()) => Found::Unknown,
            found @ (Found::File | Found::Directory | Found::Missing | Found::Unknown) => found,
        }
    }

    fn read(&self, path: &LocalPath) -> Result<FileText, ReadFault> {
        if let Some(text) = self.texts.get(path) {
            return Ok(text.clone());
        }
        let mut known = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(path.clone()).or_insert_with(|| Files::read(self.inputs, path)).clone()
    }

    fn stand_in(&self, entry: &str) -> Option<FileText> {
        let is_flux = entry.contains(REPOSITORY) || path::name(entry) == GOTK_COMPONENTS;
        let is_wanted = is_flux || self.stand_in.is_for_anything && path::name(entry) != GOTK_SYNC;
        let is_first = is_wanted && !self.is_used.swap(true, Ordering::Relaxed);
        is_first.then(|| self.stand_in.file.clone())
    }
}

fn is_bootstrapped(path: &LocalPath) -> bool {
    matches!(path::name(path.as_str()), GOTK_COMPONENTS | GOTK_SYNC)
}

/// The objects of a text of manifests; nothing if it cannot be read.
pub fn objects_of(text: &str) -> Option<Vec<Object>> {
    kustomize::read_objects(text).ok()
}
