//! The steps of one kustomization, in their order.
//!
//! Source: `api/internal/target/kusttarget_configplugin.go` of kubernetes-sigs/kustomize.

use crate::kustomize::build::{Builder, entry_place};
use crate::kustomize::failure::{Cause, Failure, Feature, Reach, Unmodelled};
use crate::kustomize::hash::hash;
use crate::kustomize::kustomization::{self, Kustomization, Located};
use crate::kustomize::object::{Object, Step};
use crate::kustomize::patches::{
    LoadedPatch, PatchContent, PatchFault, read_merge, read_operations, read_patch,
};
use crate::kustomize::place::Place;
use crate::kustomize::references::update_references;
use crate::kustomize::transform::{
    add_prefix, add_suffix, set_annotations, set_common_labels, set_image, set_labels, set_namespace,
    set_replicas,
};
use crate::kustomize::value::Value;
use crate::model::LocalPath;

impl Builder<'_> {
    /// Changes the objects as a kustomization says. All of it is read before anything is changed.
    pub(super) fn transform(
        &mut self,
        directory: &LocalPath,
        kustomization: &Kustomization,
        objects: &mut Vec<Object>,
    ) -> Result<(), Failure> {
        let strategic = self.strategic_patches(directory, kustomization)?;
        let patches = self.patches(directory, kustomization)?;
        let json = self.json_patches(directory, kustomization)?;
        let are_all_known = self.unmodelled.iter().all(|left| left.reach == Reach::Harmless);
        for patch in strategic.iter().chain(&patches) {
            self.patches.push(patch.apply(objects, are_all_known)?);
        }
        set_names(kustomization, objects)?;
        for entry in &kustomization.labels {
            let place = entry_place(kustomization, entry);
            set_labels(objects, &entry.value, &place)?;
        }
        let place = Place::file(&kustomization.file);
        set_common_labels(objects, &kustomization.common_labels, &place)?;
        set_annotations(objects, &kustomization.common_annotations, &place)?;
        for patch in &json {
            self.patches.push(patch.apply(objects, are_all_known)?);
        }
        for entry in &kustomization.replicas {
            set_replicas(objects, &entry.value, &entry_place(kustomization, entry))?;
        }
        for entry in &kustomization.images {
            set_image(objects, &entry.value, &entry_place(kustomization, entry))?;
        }
        Ok(())
    }

    fn strategic_patches(
        &mut self,
        directory: &LocalPath,
        kustomization: &Kustomization,
    ) -> Result<Vec<LoadedPatch>, Failure> {
        let mut patches = Vec::new();
        for entry in &kustomization.strategic_patches {
            let place = entry_place(kustomization, entry);
            // For kustomize each is a patch, unless it cannot be one.
            let objects = if let Ok(objects) = read_merge(&entry.value) {
                objects
            } else {
                let Some(text) = self.patch_file(directory, &entry.value, &place)? else { continue };
                match read_merge(&text) {
                    Ok(objects) => objects,
                    Err(Some(fault)) => {
                        self.unreadable(fault, &place, Reach::Everything)?;
                        continue;
                    }
                    Err(None) => return place.fail(Cause::NotAPatch),
                }
            };
            patches.push(patch(PatchContent::StrategicMerge(objects), Step::PatchesStrategicMerge, place));
        }
        let is_empty = |patch: &LoadedPatch| matches!(&patch.content, PatchContent::StrategicMerge(objects) if objects.is_empty());
        match patches.first() {
            Some(first) if patches.iter().all(is_empty) => first.place.fail(Cause::EmptyPatch),
            Some(_) | None => Ok(patches),
        }
    }

    fn patches(
        &mut self,
        directory: &LocalPath,
        kustomization: &Kustomization,
    ) -> Result<Vec<LoadedPatch>, Failure> {
        let mut patches = Vec::new();
        for (index, entry) in kustomization.patches.iter().enumerate() {
            let place = Place { patch: Some(index), ..entry_place(kustomization, entry) };
            let Some(text) = self.patch_text(directory, entry, &place)? else { continue };
            match read_patch(&text) {
                Ok(content) => {
                    let entry = &entry.value;
                    patches.push(LoadedPatch {
                        target: entry.target.clone(),
                        may_change_name: entry.may_change_name,
                        may_change_kind: entry.may_change_kind,
                        ..patch(content, Step::Patches, place)
                    });
                }
                Err(PatchFault::Cause(cause)) => return place.fail(cause),
                Err(PatchFault::Unmodelled(fault)) => self.unreadable(fault, &place, Reach::Everything)?,
            }
        }
        Ok(patches)
    }

    fn json_patches(
        &mut self,
        directory: &LocalPath,
        kustomization: &Kustomization,
    ) -> Result<Vec<LoadedPatch>, Failure> {
        let mut patches = Vec::new();
        for entry in &kustomization.json_patches {
            let place = entry_place(kustomization, entry);
            let target = entry.value.target.clone().unwrap_or_default();
            if !target.contains_key(&crate::model::TargetField::Name) {
                return place.fail(Cause::NoTarget);
            }
            let Some(text) = self.patch_text(directory, entry, &place)? else { continue };
            let operations = match read_operations(&text) {
                Ok(operations) => operations,
                Err(Some(fault)) => {
                    self.unreadable(fault, &place, Reach::Everything)?;
                    continue;
                }
                Err(None) => return place.fail(Cause::NotAPatch),
            };
            if operations.is_empty() {
                return place.fail(Cause::EmptyPatch);
            }
            let patch = patch(PatchContent::Operations(operations), Step::PatchesJson6902, place);
            patches.push(LoadedPatch { target: Some(target), ..patch });
        }
        Ok(patches)
    }

    /// The text of a patch, its own or that of a file; nothing if that is out of reach.
    fn patch_text(
        &mut self,
        directory: &LocalPath,
        entry: &Located<kustomization::PatchEntry>,
        place: &Place,
    ) -> Result<Option<String>, Failure> {
        let (text, path) = (entry.value.text.trim(), &entry.value.path);
        match (text.is_empty(), path.is_empty()) {
            (true, true) => place.fail(Cause::EmptyPatch),
            (false, false) => place.fail(Cause::TextAndPath),
            (false, true) => Ok(Some(text.to_owned())),
            (true, false) => self.patch_file(directory, path, place),
        }
    }

    fn patch_file(
        &mut self,
        directory: &LocalPath,
        text: &str,
        place: &Place,
    ) -> Result<Option<String>, Failure> {
        let file = self.named_file(directory, text, place, Reach::Everything)?;
        Ok(file.map(|file| file.text.to_string()))
    }
}

fn patch(content: PatchContent, step: Step, place: Place) -> LoadedPatch {
    LoadedPatch { content, target: None, may_change_name: false, may_change_kind: false, step, place }
}

fn set_names(kustomization: &Kustomization, objects: &mut [Object]) -> Result<(), Failure> {
    let place = Place::file(&kustomization.file);
    set_namespace(objects, &kustomization.namespace, &place)?;
    add_prefix(objects, &kustomization.prefix, &place)?;
    add_suffix(objects, &kustomization.suffix, &place)
}

/// What is done once everything was collected: names get their hashes, and references the names.
pub(super) fn complete(objects: &mut [Object], unmodelled: &mut Vec<Unmodelled>) -> Result<(), Failure> {
    for object in objects.iter_mut().filter(|object| object.needs_hash) {
        let Some(hash) = object.raw().ok().and_then(hash) else {
            let place = object.source().place.clone();
            unmodelled.push(Unmodelled { feature: Feature::Hash, place, reach: Reach::Everything });
            continue;
        };
        object.store_id();
        let name = format!("{}-{hash}", object.id().name);
        let place = object.source().place.clone();
        object.edit(Step::Hash, &place, |value| {
            if let Some(metadata) = value.get_mut("metadata") {
                metadata.set("name", Value::string(name));
            }
            Ok(())
        })?;
    }
    update_references(objects)
}
