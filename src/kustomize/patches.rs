//! Patches: what they are, and what they do to objects.

use std::sync::Arc;

use crate::kustomize::annotations::{ENABLED, INTERNAL, add_annotations, take_internal_annotations};
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
    Rules, Unreadable, Value, changed_paths, read_documents, read_json, share_changes, stringify,
};

/// The content of a patch: parts of objects for a strategic merge, or operations of RFC 6902.
pub(crate) enum PatchContent {
    StrategicMerge(Vec<Value>),
    Operations(Vec<Operation>),
}

/// A patch with its content, ready to be applied.
pub(crate) struct LoadedPatch {
    pub(crate) content: PatchContent,
    pub(crate) target: Option<Target>,
    pub(crate) may_change_name: bool,
    pub(crate) may_change_kind: bool,
    pub(crate) step: Step,
    pub(crate) place: Place,
}

/// A patch that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedPatch {
    /// The field of the kustomization that has it.
    pub step: Step,
    /// The kustomization, with the index of the entry in the field.
    pub place: Place,
    /// What identified the objects that it hit.
    pub hit: Vec<Id>,
    /// Those of them that it deleted.
    pub deleted: Vec<Id>,
    /// What it names and is not there, but may be in what was not followed; each with an object of that name which differs
    /// in one other part.
    pub missed: Vec<(Id, Option<Id>)>,
}

/// The content of a text as a patch, or why it is none. kustomize tries both ways.
pub(crate) fn read_patch(text: &str) -> Result<PatchContent, PatchFault> {
    let merge = read_merge(text);
    let operations = read_operations(text);
    match (merge, operations) {
        (Ok(_), Ok(_)) => Err(PatchFault::Cause(Cause::AmbiguousPatch)),
        (Ok(objects), Err(_)) => Ok(PatchContent::StrategicMerge(objects)),
        (Err(_), Ok(operations)) => Ok(PatchContent::Operations(operations)),
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
        // kustomize takes the first value in some places, and the last in others.
        ManifestFault::Unreadable(Unreadable::RepeatedKey(line)) => Some(Unreadable::Unsupported(line)),
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

impl LoadedPatch {
    /// Applies it to the objects that it hits. `are_all_known`: nothing else can be what it names.
    pub(crate) fn apply(
        &self,
        objects: &mut Vec<Object>,
        are_all_known: bool,
    ) -> Result<AppliedPatch, Failure> {
        let (step, place) = (self.step, self.place.clone());
        let mut applied =
            AppliedPatch { step, place, hit: Vec::new(), deleted: Vec::new(), missed: Vec::new() };
        match &self.content {
            PatchContent::Operations(operations) => {
                self.apply_operations(operations, objects, &mut applied)?;
            }
            PatchContent::StrategicMerge(patches) => {
                self.apply_merge(patches, objects, &mut applied)?;
            }
        }
        objects.retain(|object| !object.is_gone());
        match applied.missed.first_mut() {
            Some((wanted, near)) if are_all_known => {
                let (wanted, near) = (Box::new(std::mem::take(wanted)), near.take().map(Box::new));
                self.place.fail(Cause::NoMatch { wanted, near })
            }
            Some(_) | None => Ok(applied),
        }
    }

    fn selected(&self, target: &Target, objects: &[Object]) -> Result<Vec<usize>, Failure> {
        let selected = Selection::new(target).and_then(|selection| selection.select(objects));
        selected.map_err(|cause| self.place.failure(cause))
    }

    fn apply_operations(
        &self,
        operations: &[Operation],
        objects: &mut [Object],
        applied: &mut AppliedPatch,
    ) -> Result<(), Failure> {
        let Some(target) = &self.target else { return self.place.fail(Cause::NoTarget) };
        let selected = self.selected(target, objects)?;
        for index in selected {
            let Some(object) = objects.get_mut(index) else { continue };
            applied.hit.push(object.id().clone());
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
        applied: &mut AppliedPatch,
    ) -> Result<(), Failure> {
        let Some(target) = &self.target else {
            for patch in patches {
                self.apply_by_id(patch, objects, applied)?;
            }
            return Ok(());
        };
        let [patch] = patches else { return self.place.fail(Cause::SeveralDocuments) };
        let selected = self.selected(target, objects)?;
        self.apply_to(&selected, patch, objects, applied)
    }

    fn apply_by_id(
        &self,
        patch: &Value,
        objects: &mut Vec<Object>,
        applied: &mut AppliedPatch,
    ) -> Result<(), Failure> {
        let wanted = Id::from_value(patch);
        let found = with_any_id(objects, |id| id.is_same(&wanted));
        let [index] = found.as_slice() else {
            if found.is_empty() {
                let near = nearest_id(objects, &wanted).cloned();
                applied.missed.push((wanted, near));
                return Ok(());
            }
            return self.place.fail(Cause::SeveralMatches(Box::new(wanted)));
        };
        if self.step == Step::PatchesStrategicMerge {
            return self.apply_to(&[*index], patch, objects, applied);
        }
        let mut patch = patch.clone();
        if self.may_change_name || self.may_change_kind {
            make_annotations_strings(&mut patch);
        }
        objects.get_mut(*index).map_or(Ok(()), |object| self.merge_into(object, patch, applied))
    }

    /// Merges a patch into several objects. Labels and annotations become strings first, null included.
    fn apply_to(
        &self,
        selected: &[usize],
        patch: &Value,
        objects: &mut Vec<Object>,
        applied: &mut AppliedPatch,
    ) -> Result<(), Failure> {
        let mut patch = patch.clone();
        make_annotations_strings(&mut patch);
        make_strings(&mut patch, "labels");
        for index in selected {
            let Some(object) = objects.get_mut(*index) else { continue };
            let mut patch = patch.clone();
            patch.set("apiVersion", Value::string(object.id().api_version()));
            self.merge_into(object, patch, applied)?;
        }
        objects.retain(|object| !object.is_gone());
        if self.may_change_name || self.may_change_kind {
            return crate::kustomize::objects::check_unique(objects)
                .map_err(|id| self.place.failure(Cause::Repeated(Box::new(id))));
        }
        Ok(())
    }

    fn merge_into(
        &self,
        object: &mut Object,
        mut patch: Value,
        applied: &mut AppliedPatch,
    ) -> Result<(), Failure> {
        applied.hit.push(object.id().clone());
        if self.may_change_name || self.may_change_kind {
            object.store_id();
        }
        let before = raw(object)?;
        let own: Vec<(&'static str, String)> =
            self.allowed().map(|option| (option, format!("{INTERNAL}{option}"))).collect();
        add_annotations(&mut patch, own.iter().map(|(_, key)| (key.clone(), ENABLED.to_owned())).collect());
        let mut internal = object.internal_annotations();
        let mut value = before.clone();
        add_annotations(&mut value, internal.clone());
        internal.retain(|(key, _)| own.iter().all(|(_, own)| own != key));
        let merged = merge(value, patch).map_err(|fault| self.place.failure(Cause::Merge(fault)))?;
        let Some(mut value) = merged.filter(|value| !value.is_empty()) else {
            applied.deleted.push(object.id().clone());
            object.replace(None);
            return Ok(());
        };
        let left = take_internal_annotations(&mut value);
        if !internal.is_empty() && !internal.iter().any(|(key, _)| left.contains(key)) {
            object.forget();
        }
        object.allowed.extend(own.iter().filter(|(_, key)| left.contains(key)).map(|(option, _)| option));
        self.restore_id(&before, &mut value);
        if object.shares > 0 {
            share_changes(&before, &mut value);
        }
        self.put(object, &before, Some(value));
        Ok(())
    }

    /// The options of it that are on. kustomize writes them into the annotations of the patch, which reach the object.
    fn allowed(&self) -> impl Iterator<Item = &'static str> {
        let options = [("allowNameChange", self.may_change_name), ("allowKindChange", self.may_change_kind)];
        options.into_iter().filter(|(_, is_on)| *is_on).map(|(option, _)| option)
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
        let paths = value.as_ref().filter(|_| is_noted).map(|after| changed_paths(before, after));
        object.replace(value);
        object.note(self.step, &self.place, paths.unwrap_or_default());
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

/// The object of that name which differs from what is wanted in one other part.
fn nearest_id<'o>(objects: &'o [Object], wanted: &Id) -> Option<&'o Id> {
    let is_near = |id: &&Id| {
        let differences = [
            id.kind != wanted.kind,
            id.api_version() != wanted.api_version(),
            id.effective_namespace() != wanted.effective_namespace(),
        ];
        id.name == wanted.name && differences.into_iter().filter(|differs| *differs).count() == 1
    };
    objects.iter().map(Object::id).find(is_near)
}
