//! Objects, as kustomize keeps them while it builds.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::kustomize::annotations::{ENABLED, INTERNAL, finish};
use crate::kustomize::failure::{Cause, Failure};
use crate::kustomize::id::Id;
use crate::kustomize::manifest::Document;
use crate::kustomize::place::Place;
use crate::kustomize::value::{Unreadable, Value, changed_paths};

/// An object.
#[derive(Clone, Debug)]
pub struct Object {
    id: Id,
    previous: Vec<Id>,
    pub(crate) prefixes: Vec<String>,
    pub(crate) suffixes: Vec<String>,
    pub(crate) needs_hash: bool,
    /// How many scalars stand in it at several places.
    pub(crate) shares: u32,
    /// What patches of it were allowed to change: names of options of patches.
    pub(crate) allowed: BTreeSet<&'static str>,
    /// The behaviour of the generator that made it.
    pub(crate) behavior: Option<&'static str>,
    content: Content,
    source: Source,
    changes: Vec<Change>,
}

#[derive(Clone, Debug)]
enum Content {
    /// As it stands in a file that many builds may share.
    Shared(Arc<Document>),
    Own(Value),
    /// It was deleted.
    Gone,
}

/// What made an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file, with the line where the object or the generator's entry begins.
    pub place: Place,
    /// True if a generator of that kustomization made it.
    pub is_generated: bool,
}

/// Something that changed an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What changed it.
    pub by: Step,
    /// The kustomization, with the index of the entry in the field.
    pub place: Place,
    /// The paths of the fields that differ: JSON paths, with `KEY=TEXT` for the item of a list that has this text under
    /// this key, and `=TEXT` for the item that is this text.
    pub paths: Vec<String>,
}

/// What changes objects: the fields of a kustomization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// `patchesStrategicMerge`.
    PatchesStrategicMerge,
    /// `patches`.
    Patches,
    /// `namespace`.
    Namespace,
    /// `namePrefix`.
    NamePrefix,
    /// `nameSuffix`.
    NameSuffix,
    /// `labels` and `commonLabels`.
    Labels,
    /// `commonAnnotations`.
    Annotations,
    /// `patchesJson6902`.
    PatchesJson6902,
    /// `replicas`.
    Replicas,
    /// `images`.
    Images,
    /// `configMapGenerator` and `secretGenerator`, which merge into what is there.
    Generator,
    /// The hash that ends the names of generated objects.
    Hash,
    /// The names of other objects that an object has in its fields.
    References,
}

impl Change {
    /// True if it set the field at a path, a part of it, or the whole that it is part of.
    pub fn covers(&self, path: &str) -> bool {
        self.sets(path) || self.paths.iter().any(|known| is_below(path, known))
    }

    /// True if it set the field at a path, or a part of it.
    pub fn sets(&self, path: &str) -> bool {
        self.paths.iter().any(|known| known == path || is_below(known, path))
    }
}

fn is_below(below: &str, above: &str) -> bool {
    below.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'))
}

impl Object {
    pub(crate) fn shared(document: &Arc<Document>, id: Id, place: Place) -> Object {
        Object::new(id, Content::Shared(Arc::clone(document)), Source { place, is_generated: false })
    }

    pub(crate) fn generated(value: Value, place: Place) -> Object {
        Object::new(Id::from_value(&value), Content::Own(value), Source { place, is_generated: true })
    }

    fn new(id: Id, content: Content, source: Source) -> Object {
        Object {
            id,
            previous: Vec::new(),
            prefixes: Vec::new(),
            suffixes: Vec::new(),
            needs_hash: false,
            shares: 0,
            allowed: BTreeSet::new(),
            behavior: None,
            content,
            source,
            changes: Vec::new(),
        }
    }

    /// What identifies it now.
    pub fn id(&self) -> &Id {
        &self.id
    }

    /// What identified it at first.
    pub fn original_id(&self) -> Id {
        self.previous.first().map_or_else(|| self.id.clone(), |id| self.with_api(id))
    }

    /// What identified it before, the oldest first. The API is always that of now.
    pub fn previous_ids(&self) -> impl Iterator<Item = Id> {
        self.previous.iter().map(|id| self.with_api(id))
    }

    fn with_api(&self, id: &Id) -> Id {
        Id { group: self.id.group.clone(), version: self.id.version.clone(), ..id.clone() }
    }

    /// The whole of it. Nothing if it was not needed for the build, and cannot be read.
    pub fn value(&self) -> Option<&Value> {
        match &self.content {
            Content::Shared(document) => document.finished(),
            Content::Own(value) => Some(value),
            Content::Gone => None,
        }
    }

    /// True if it says the same as another. Objects of one file need not be read for that.
    pub fn is_same(&self, other: &Object) -> bool {
        match (&self.content, &other.content) {
            (Content::Shared(one), Content::Shared(two)) if Arc::ptr_eq(one, two) => true,
            (Content::Shared(_) | Content::Own(_) | Content::Gone, _) => {
                self.value().zip(other.value()).is_some_and(|(one, two)| one == two)
            }
        }
    }

    /// What made it.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// What changed it, in that order. Only recorded for a `ServiceAccount`, a `Deployment`, a `Service`, a
    /// `Kustomization`, a `GitRepository` and a `NetworkPolicy`.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    pub(crate) fn change_places(&mut self) -> impl Iterator<Item = &mut Place> {
        self.changes.iter_mut().map(|change| &mut change.place)
    }

    /// What last set the field at a path, a part of it, or the whole that it is part of.
    pub fn last_change(&self, path: &str) -> Option<&Change> {
        self.changes.iter().rev().find(|change| change.covers(path))
    }

    /// True if nothing changed it since it was read from its file.
    pub fn is_as_written(&self) -> bool {
        matches!(self.content, Content::Shared(_))
    }

    /// True if both are the same document of the same text, as it stands there.
    pub fn is_same_document(&self, other: &Object) -> bool {
        match (&self.content, &other.content) {
            (Content::Shared(one), Content::Shared(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }

    pub(crate) fn is_gone(&self) -> bool {
        matches!(self.content, Content::Gone)
    }

    /// Its metadata, for which its body need not be read.
    pub(crate) fn metadata(&self) -> Option<&Value> {
        match &self.content {
            Content::Shared(document) => document.metadata(),
            Content::Own(value) => value.get("metadata"),
            Content::Gone => None,
        }
    }

    /// The content as it is in the middle of a build.
    pub(crate) fn raw(&self) -> Result<&Value, Unreadable> {
        match &self.content {
            Content::Shared(document) => document.value(),
            Content::Own(value) => Ok(value),
            Content::Gone => Ok(&NOTHING),
        }
    }

    /// Remembers the present id.
    pub(crate) fn store_id(&mut self) {
        let namespace = self.id.effective_namespace().to_owned();
        self.previous.push(Id { namespace, ..self.id.clone() });
    }

    /// Puts other content in its place; its id may be another then.
    pub(crate) fn replace(&mut self, value: Option<Value>) {
        match value {
            Some(value) if !value.is_empty() => {
                self.id = Id::from_value(&value);
                self.content = Content::Own(value);
            }
            Some(_) | None => self.content = Content::Gone,
        }
    }

    /// Changes its content.
    pub(crate) fn edit(
        &mut self,
        by: Step,
        place: &Place,
        change: impl FnOnce(&mut Value) -> Result<(), Cause>,
    ) -> Result<(), Failure> {
        let before = match self.raw() {
            Ok(value) => value.clone(),
            // Nothing is known of it, so nothing of it changes.
            Err(fault) if !fault.is_fault() => return Ok(()),
            Err(fault) => return self.source.place.fail(Cause::Unreadable(fault)),
        };
        let is_noted = self.is_noted();
        let mut after = before;
        let before = if is_noted { after.clone() } else { Value::null() };
        change(&mut after).map_err(|cause| place.failure(cause))?;
        let paths = if is_noted { changed_paths(&before, &after) } else { Vec::new() };
        self.replace(Some(after));
        self.note(by, place, paths);
        Ok(())
    }

    /// False if it certainly does not have a word.
    pub(crate) fn may_mention(&self, word: &str) -> bool {
        match &self.content {
            Content::Shared(document) => document.may_mention(word),
            Content::Own(_) => true,
            Content::Gone => false,
        }
    }

    /// Forgets what kustomize keeps in annotations of its own, because a patch took all annotations away.
    pub(crate) fn forget(&mut self) {
        self.previous.clear();
        self.prefixes.clear();
        self.suffixes.clear();
        self.allowed.clear();
        self.needs_hash = false;
        self.behavior = None;
    }

    /// What another object had before this took its place.
    pub(crate) fn inherit(&mut self, other: &Object) {
        self.previous.clone_from(&other.previous);
        self.prefixes.clone_from(&other.prefixes);
        self.suffixes.clone_from(&other.suffixes);
        self.allowed.clone_from(&other.allowed);
        self.changes.clone_from(&other.changes);
        self.shares = other.shares;
    }

    /// The annotations in which kustomize keeps what it knows of an object: patches see them.
    pub(crate) fn internal_annotations(&self) -> Vec<(String, String)> {
        let joined = |of: fn(&Id) -> &String| {
            self.previous.iter().map(|id| of(id).as_str()).collect::<Vec<&str>>().join(",")
        };
        let mut all = Vec::new();
        let mut add = |key: &str, value: String| {
            if !value.is_empty() {
                all.push((format!("{INTERNAL}{key}"), value));
            }
        };
        add("previousNames", joined(|id| &id.name));
        add("previousNamespaces", joined(|id| &id.namespace));
        add("previousKinds", joined(|id| &id.kind));
        add("prefixes", self.prefixes.join(","));
        add("suffixes", self.suffixes.join(","));
        for option in &self.allowed {
            add(option, ENABLED.to_owned());
        }
        add("generatorBehavior", self.behavior.unwrap_or_default().to_owned());
        add("needsHashSuffix", if self.needs_hash { ENABLED.to_owned() } else { String::new() });
        all
    }

    /// Notes what changed it.
    pub(crate) fn note(&mut self, by: Step, place: &Place, paths: Vec<String>) {
        if !paths.is_empty() {
            self.changes.push(Change { by, place: place.clone(), paths });
        }
    }

    /// True if it is noted what changes it.
    pub(crate) fn is_noted(&self) -> bool {
        let kinds =
            ["ServiceAccount", "Deployment", "Kustomization", "GitRepository", "NetworkPolicy", "Service"];
        kinds.contains(&self.id.kind.as_str())
    }

    /// Makes its content final.
    pub(crate) fn finish(&mut self) {
        if let Content::Own(value) = &mut self.content {
            let taken = std::mem::replace(value, Value::null());
            *value = finish(taken);
        }
    }
}

static NOTHING: Value = Value::Map(Vec::new());
