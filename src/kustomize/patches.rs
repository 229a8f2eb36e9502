//! Patches: what they are, and what they do to objects.

use std::sync::Arc;

use crate::kustomize::annotations::{add_annotations, take_internal_annotations};
use crate::kustomize::failure::{Cause, Failure};
use crate::kustomize::id::Id;
use crate::kustomize::kustomization::Target;
use crate::kustomize::manifest::{self, ManifestFault};
use crate::kustomize::merge::merge;
use crate::kustomize::object::{Object, Step};
use crate::kustomize::operations::{Operation, apply, parse_operations};
use crate::kustomize::place::Place;
use crate::kustomize::selection::{Selection, with_any_id};
use crate::kustomize::value::{
    Rules, Unreadable, Value, changed_pointers, read_documents, read_json, share_changes, stringify,
};

/// What a patch says.
pub(crate) enum Said {
    Merge(Vec<Value>),
    Operations(Vec<Operation>),
}

/// A patch, read and ready.
pub(crate) struct Patch {
    pub(crate) said: Said,
    pub(crate) target: Option<Target>,
    pub(crate) may_change_name: bool,
    pub(crate) may_change_kind: bool,
    pub(crate) step: Step,
    pub(crate) place: Place,
}

/// What a text says as a patch, or why it is none. kustomize tries both ways.
pub(crate) fn read_patch(text: &str) -> Result<Said, PatchFault> {
    let merge = read_merge(text);
    let operations = read_operations(text);
    match (merge, operations) {
        (Ok(_), Ok(_)) => Err(PatchFault::Cause(Cause::AmbiguousPatch)),
        (Ok(objects), Err(_)) => Ok(Said::Merge(objects)),
        (Err(_), Ok(operations)) => Ok(Said::Operations(operations)),
        (Err(one), Err(other)) => {
            let unsupported = [one, other].into_iter().flatten().find(|fault| !fault.is_fault());
            Err(unsupported.map_or(PatchFault::Cause(Cause::NotAPatch), PatchFault::Unmodelled))
        }
    }
}

/// Why a text is no patch.
pub(crate) enum PatchFault {
    Cause(Cause),
    /// It may be one, but cannot be read here.
    Unmodelled(Unreadable),
}

/// The objects that a text of a strategic merge patch has.
pub(crate) fn read_merge(text: &str) -> Result<Vec<Value>, Option<Unreadable>> {
    let objects = manifest::read_values(&Arc::from(text));
    objects.map_err(|fault| match fault {
        ManifestFault::Unreadable(fault) => Some(fault),
        ManifestFault::NotAnObject(_) | ManifestFault::NotAList(_) => None,
    })
}

/// The operations that a text has. One that begins with `[` must be JSON.
pub(crate) fn read_operations(text: &str) -> Result<Vec<Operation>, Option<Unreadable>> {
    if text.starts_with('[') {
        return read_json(text).as_ref().and_then(parse_operations).ok_or(None);
    }
    let documents = read_documents(text, Rules::Kustomization).map_err(Some)?;
    let first = documents.into_iter().next().map_or_else(Value::null, |(_, value)| value.into_json());
    parse_operations(&first).ok_or(None)
}

impl Patch {
    /// Applies it to the objects that it hits. `may_miss`: whether the object that it names may be an unseen one.
    pub(crate) fn apply(&self, objects: &mut Vec<Object>, may_miss: bool) -> Result<(), Failure> {
        match &self.said {
            Said::Operations(operations) => self.apply_operations(operations, objects)?,
            Said::Merge(patches) => self.apply_merge(patches, objects, may_miss)?,
        }
        objects.retain(|object| !object.is_gone());
        Ok(())
    }

    fn selected(&self, target: &Target, objects: &[Object]) -> Result<Vec<usize>, Failure> {
        let selected = Selection::new(target).and_then(|selection| selection.select(objects));
        selected.map_err(|cause| self.place.failure(cause))
    }

    fn apply_operations(&self, operations: &[Operation], objects: &mut [Object]) -> Result<(), Failure> {
        let Some(target) = &self.target else { return self.place.fail(Cause::NoTarget) };
        let selected = self.selected(target, objects)?;
        for index in selected {
            let Some(object) = objects.get_mut(index) else { continue };
            if self.step == Step::Patches {
                object.store_id();
            }
            let before = raw(object)?;
            let mut value = before.clone();
            add_annotations(&mut value, object.internal_annotations());
            let mut value = apply(value, operations)
                .map_err(|(at, fault)| self.place.failure(Cause::Operation(at, fault)))?;
            let _had = take_internal_annotations(&mut value);
            make_annotations_strings(&mut value);
            self.put(object, &before, Some(value));
        }
        Ok(())
    }

    fn apply_merge(
        &self,
        patches: &[Value],
        objects: &mut Vec<Object>,
        may_miss: bool,
    ) -> Result<(), Failure> {
        let Some(target) = &self.target else {
            for patch in patches {
                self.apply_by_id(patch, objects, may_miss)?;
            }
            return Ok(());
        };
        let [patch] = patches else { return self.place.fail(Cause::SeveralDocuments) };
        let selected = self.selected(target, objects)?;
        self.apply_to(&selected, patch, objects)
    }

    fn apply_by_id(&self, patch: &Value, objects: &mut Vec<Object>, may_miss: bool) -> Result<(), Failure> {
        let wanted = Id::from_value(patch);
        let found = with_any_id(objects, |id| id.is_same(&wanted));
        let [index] = found.as_slice() else {
            if found.is_empty() && may_miss {
                return Ok(());
            }
            let cause = if found.is_empty() {
                Cause::NoMatch(Box::new(wanted))
            } else {
                Cause::SeveralMatches(Box::new(wanted))
            };
            return self.place.fail(cause);
        };
        if self.step == Step::PatchesStrategicMerge {
            return self.apply_to(&[*index], patch, objects);
        }
        let mut patch = patch.clone();
        if self.may_change_name || self.may_change_kind {
            make_annotations_strings(&mut patch);
        }
        objects.get_mut(*index).map_or(Ok(()), |object| self.merge_into(object, patch))
    }

    /// Merges a patch into several objects. Labels and annotations become strings first, null included.
    fn apply_to(&self, selected: &[usize], patch: &Value, objects: &mut Vec<Object>) -> Result<(), Failure> {
        let mut patch = patch.clone();
        make_annotations_strings(&mut patch);
        make_strings(&mut patch, "labels");
        for index in selected {
            let Some(object) = objects.get_mut(*index) else { continue };
            let mut patch = patch.clone();
            patch.set("apiVersion", Value::string(object.id().api_version()));
            self.merge_into(object, patch)?;
        }
        objects.retain(|object| !object.is_gone());
        if self.may_change_name || self.may_change_kind {
            return crate::kustomize::objects::check_unique(objects)
                .map_err(|id| self.place.failure(Cause::Repeated(Box::new(id))));
        }
        Ok(())
    }

    fn merge_into(&self, object: &mut Object, patch: Value) -> Result<(), Failure> {
        if self.may_change_name || self.may_change_kind {
            object.store_id();
        }
        let before = raw(object)?;
        let internal = object.internal_annotations();
        let had_internal = !internal.is_empty();
        let mut value = before.clone();
        add_annotations(&mut value, internal);
        let merged = merge(value, patch).map_err(|fault| self.place.failure(Cause::Merge(fault)))?;
        let Some(mut value) = merged.filter(|value| !value.is_empty()) else {
            object.replace(None);
            return Ok(());
        };
        if !take_internal_annotations(&mut value) && had_internal {
            object.forget();
        }
        self.restore_id(&before, &mut value);
        if object.shares > 0 {
            share_changes(&before, &mut value);
        }
        self.put(object, &before, Some(value));
        Ok(())
    }

    /// A patch changes neither kind nor name, unless it may, and never the namespace.
    fn restore_id(&self, before: &Value, value: &mut Value) {
        if !self.may_change_kind
            && let Some(kind) = before.get("kind")
        {
            value.set("kind", kind.clone());
        }
        let Some(metadata) = value.get_or_insert("metadata", Value::Map(Vec::new())) else { return };
        let old = |key| before.at(&["metadata", key]).filter(|value| !value.is_empty()).cloned();
        if let Some(name) = old("name").filter(|_| !self.may_change_name) {
            metadata.set("name", name);
        }
        match old("namespace") {
            Some(namespace) => metadata.set("namespace", namespace),
            None => drop(metadata.remove("namespace")),
        }
    }

    fn put(&self, object: &mut Object, before: &Value, value: Option<Value>) {
        let is_noted = object.is_noted();
        let pointers = value.as_ref().filter(|_| is_noted).map(|after| changed_pointers(before, after));
        object.replace(value);
        object.note(self.step, &self.place, pointers.unwrap_or_default());
    }
}

/// Makes strings of all annotations; a map of none goes.
fn make_annotations_strings(value: &mut Value) {
    make_strings(value, "annotations");
}

fn make_strings(value: &mut Value, field: &str) {
    let Some(metadata) = value.get_mut("metadata") else { return };
    match metadata.get_mut(field) {
        Some(map @ Value::Map(_)) if !map.is_empty() => stringify(map),
        Some(_) => drop(metadata.remove(field)),
        None => {}
    }
}

/// A copy of the content of an object.
fn raw(object: &Object) -> Result<Value, Failure> {
    let raw = object.raw().cloned();
    raw.map_err(|fault| object.source().place.failure(Cause::Unreadable(fault)))
}
