//! Files of manifests, each read once however many overlays name it.
//!
//! The body of a custom resource definition is parsed only if a build looks into it. Ninety-five hundredths of a
//! `gotk-components.yaml` are such bodies.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::kustomize::annotations::finish;
use crate::kustomize::files::FileText;
use crate::kustomize::id::Id;
use crate::kustomize::value::{Rules, Unreadable, Value, read_documents};

/// What was read of files, for any number of builds.
#[derive(Debug, Default)]
pub struct Manifests {
    /// By the digests of the files.
    known: Mutex<BTreeMap<[u8; 32], Known>>,
}

type Known = Arc<Result<Manifest, ManifestFault>>;

/// A file of manifests.
#[derive(Debug)]
pub(crate) struct Manifest {
    /// Its objects, with the lines where they begin.
    pub(crate) objects: Vec<Entry>,
}

/// An object of a file.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) document: Arc<Document>,
    pub(crate) line: usize,
}

/// Why a file has no objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManifestFault {
    /// It cannot be read as YAML.
    Unreadable(Unreadable),
    /// A document has no kind or no name, on that line.
    NotAnObject(usize),
    /// The items of a `List` are none, on that line.
    NotAList(usize),
}

/// A document.
#[derive(Debug)]
pub struct Document {
    id: Option<Id>,
    body: Body,
    finished: OnceLock<Option<Value>>,
}

#[derive(Debug)]
enum Body {
    Read(Value),
    /// What stands before `spec`, and the whole where it is needed.
    Unread {
        head: Value,
        text: Arc<str>,
        range: Range<usize>,
        line: usize,
        read: OnceLock<Result<Value, Unreadable>>,
    },
}

impl Manifests {
    /// Nothing was read yet.
    pub fn new() -> Manifests {
        Manifests::default()
    }

    /// What is in a file.
    pub(crate) fn get(&self, file: &FileText) -> Known {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&file.digest).cloned();
        known.unwrap_or_else(|| {
            let manifest = Arc::new(Manifest::read(&file.text));
            let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(file.digest).or_insert(manifest))
        })
    }
}

impl Document {
    fn new(value: Value) -> Document {
        Document { id: Some(Id::from_value(&value)), body: Body::Read(value), finished: OnceLock::new() }
    }

    pub(crate) fn id(&self) -> Option<&Id> {
        self.id.as_ref()
    }

    /// The metadata, for which the body need not be read.
    pub(crate) fn metadata(&self) -> Option<&Value> {
        match &self.body {
            Body::Read(value) | Body::Unread { head: value, .. } => value.get("metadata"),
        }
    }

    /// False if it certainly does not have a word.
    pub(crate) fn may_mention(&self, word: &str) -> bool {
        match &self.body {
            Body::Read(_) => true,
            Body::Unread { text, range, .. } => {
                text.get(range.clone()).is_some_and(|text| text.contains(word))
            }
        }
    }

    pub(crate) fn value(&self) -> Result<&Value, Unreadable> {
        match &self.body {
            Body::Read(value) => Ok(value),
            Body::Unread { text, range, line, read, .. } => {
                let read = read.get_or_init(|| {
                    let text = text.get(range.clone()).unwrap_or_default();
                    let documents = read_documents(text, Rules::Manifest);
                    let first = documents.map(|documents| documents.into_iter().next());
                    first
                        .map_err(|fault| fault.below(line.saturating_sub(1)))?
                        .map_or(Ok(Value::null()), |(_, value)| Ok(value))
                });
                read.as_ref().map_err(|fault| *fault)
            }
        }
    }

    /// What kustomize writes of it if nothing changes it.
    pub(crate) fn finished(&self) -> Option<&Value> {
        let finished = || self.value().ok().cloned().map(finish);
        self.finished.get_or_init(finished).as_ref()
    }
}

impl Manifest {
    /// What is in a text.
    pub(crate) fn read(text: &Arc<str>) -> Result<Manifest, ManifestFault> {
        let mut objects = Vec::new();
        // The items of lists come after everything else.
        let mut lists = VecDeque::new();
        for (range, line) in split(text).unwrap_or_else(|| vec![(0..text.len(), 1)]) {
            let part = text.get(range.clone()).unwrap_or_default();
            if let Some(document) = unread(text, range, line, part) {
                objects.push(Entry { document: Arc::new(document), line });
                continue;
            }
            if part.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#')) {
                continue;
            }
            let documents = read_documents(part, Rules::Manifest);
            let fault = |fault: Unreadable| ManifestFault::Unreadable(fault.below(line.saturating_sub(1)));
            for (start, value) in documents.map_err(fault)? {
                let before = part.get(..start).unwrap_or_default().matches('\n').count();
                let line = line.saturating_add(before);
                if !value.is_empty() {
                    add_object(value, line, &mut objects, &mut lists)?;
                }
            }
        }
        while let Some((value, line)) = lists.pop_front() {
            add_object(value, line, &mut objects, &mut lists)?;
        }
        Ok(Manifest { objects })
    }
}

/// Adds an object, or puts the items of a list behind everything else.
fn add_object(
    value: Value,
    line: usize,
    objects: &mut Vec<Entry>,
    lists: &mut VecDeque<(Value, usize)>,
) -> Result<(), ManifestFault> {
    let id = Id::from_value(&value);
    if id.kind.is_empty() {
        return Err(ManifestFault::NotAnObject(line));
    }
    if id.kind.ends_with("List") {
        match value.get("items") {
            Some(Value::List(items)) => {
                let items = items.iter().filter(|item| !item.is_empty());
                lists.extend(items.map(|item| (item.clone().into_json(), line)));
            }
            Some(items) if !items.is_null() => return Err(ManifestFault::NotAList(line)),
            Some(_) | None => {}
        }
        return Ok(());
    }
    if id.name.is_empty() {
        return Err(ManifestFault::NotAnObject(line));
    }
    objects.push(Entry { document: Arc::new(Document::new(value)), line });
    Ok(())
}

/// The documents of a text and the lines where they begin; nothing if a line makes it unsafe to part them by their marks.
fn split(text: &str) -> Option<Vec<(Range<usize>, usize)>> {
    if text.starts_with('\u{feff}') || text.replace("\r\n", "\n").contains('\r') {
        return None;
    }
    let mut parts = Vec::new();
    let (mut start, mut start_line, mut at) = (0_usize, 1_usize, 0_usize);
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let end = at.saturating_add(line.len());
        match line.as_bytes().first() {
            Some(b'-') => {
                if let Some(rest) = line.strip_prefix("---") {
                    let rest = rest.trim();
                    let is_mark = rest.is_empty() || rest.starts_with('#') && line.starts_with("--- ");
                    if !is_mark {
                        return None;
                    }
                    parts.push((start..at, start_line));
                    (start, start_line) = (end, index.saturating_add(2));
                }
            }
            Some(b'.') if line.starts_with("...") => return None,
            Some(b'%') => return None,
            Some(_) | None => {}
        }
        at = end;
    }
    parts.push((start..text.len(), start_line));
    Some(parts)
}

/// A custom resource definition, if its head can be told from its body.
fn unread(text: &Arc<str>, range: Range<usize>, line: usize, part: &str) -> Option<Document> {
    let body = part.find("\nspec:")?.saturating_add(1);
    let (head, body) = part.split_at_checked(body)?;
    if !head.contains("kind: CustomResourceDefinition") {
        return None;
    }
    let is_body = |line: &str| {
        line.starts_with([' ', '#', '\n', '\r']) || line.starts_with("spec:") || line.starts_with("status:")
    };
    if !body.split_inclusive('\n').all(is_body) {
        return None;
    }
    let (_, head) = read_documents(head, Rules::Manifest).ok()?.into_iter().next()?;
    let id = Id::from_value(&head);
    let is_definition = id.group == "apiextensions.k8s.io" && id.kind == "CustomResourceDefinition";
    if !is_definition || id.name.is_empty() {
        return None;
    }
    let text = Arc::clone(text);
    let body = Body::Unread { head, text, range, line, read: OnceLock::new() };
    Some(Document { id: Some(id), body, finished: OnceLock::new() })
}

/// The objects of a text that is not shared.
pub(crate) fn read_values(text: &Arc<str>) -> Result<Vec<Value>, ManifestFault> {
    let manifest = Manifest::read(text)?;
    let value = |entry: &Entry| entry.document.value().cloned().map_err(ManifestFault::Unreadable);
    manifest.objects.iter().map(value).collect()
}
