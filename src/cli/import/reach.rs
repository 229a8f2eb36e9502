//! The files that a build of an overlay reads, found before kustomize runs: it must fetch nothing, and read nothing
//! outside of the copy.
//!
//! kustomize decides which fields name files, and accepts field names in any case. So every text in a kustomization counts
//! as the name of a file, except in fields that are known to contain none.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::cli::import::scratch::Scratch;
use crate::import::path::{in_directory, join};
use crate::kustomize::{NAMES, is_remote_file, is_repository};
use crate::spanned::{self, Spanned, Value};

/// Fields of a kustomization that name no file.
const WITHOUT_FILES: [&str; 16] = [
    "apiVersion",
    "buildMetadata",
    "commonAnnotations",
    "commonLabels",
    "generatorOptions",
    "images",
    "kind",
    "labels",
    "metadata",
    "namePrefix",
    "nameSuffix",
    "namespace",
    "replicas",
    "sortOptions",
    "vars",
    "inventory",
];

/// Fields whose files configure nothing, so that texts in them are no names of files.
const DATA: [&str; 12] = [
    "bases",
    "components",
    "configMapGenerator",
    "configurations",
    "crds",
    "openapi",
    "patches",
    "patchesJson6902",
    "patchesStrategicMerge",
    "replacements",
    "resources",
    "secretGenerator",
];

/// Fields in the items of some fields that name no file.
const WITHIN: [(&str, &[&str]); 5] = [
    ("configMapGenerator", &["behavior", "literals", "name", "namespace", "options", "type"]),
    ("patches", &["options", "patch", "target"]),
    ("patchesJson6902", &["options", "patch", "target"]),
    ("replacements", &["source", "targets"]),
    ("secretGenerator", &["behavior", "literals", "name", "namespace", "options", "type"]),
];

/// Something that keeps an overlay from being built.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Obstacle {
    /// The file that names it, from the directory of the source.
    pub file: String,
    /// The name in it.
    pub entry: String,
    pub kind: ObstacleKind,
}

/// What keeps an overlay from being built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObstacleKind {
    /// It would be fetched.
    Fetched,
    NotCopied(&'static str),
}

/// The files that one directory or one file names.
#[derive(Default)]
struct Needs {
    obstacles: Vec<Obstacle>,
    inner: BTreeSet<Node>,
}

/// A directory or a file, and whether it configures generators and transformers, so that each text in it may be the
/// name of a file.
type Node = (String, bool);

/// The files that builds in a copy read.
pub struct Reach<'s> {
    scratch: &'s Scratch,
    known: BTreeMap<Node, Rc<Needs>>,
}

impl<'s> Reach<'s> {
    /// Nothing is read yet.
    pub const fn new(scratch: &'s Scratch) -> Reach<'s> {
        Reach { scratch, known: BTreeMap::new() }
    }

    /// What keeps the overlay in a directory from being built; empty if nothing does.
    pub fn obstacles(&mut self, directory: &str) -> BTreeSet<Obstacle> {
        let (mut obstacles, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut waiting = vec![(directory.to_owned(), false)];
        while let Some(node) = waiting.pop() {
            if !seen.insert(node.clone()) {
                continue;
            }
            let needs = self.needs(node);
            obstacles.extend(needs.obstacles.iter().cloned());
            waiting.extend(needs.inner.iter().cloned());
        }
        obstacles
    }

    fn needs(&mut self, node: Node) -> Rc<Needs> {
        if let Some(known) = self.known.get(&node) {
            return Rc::clone(known);
        }
        let (path, configures) = &node;
        let mut needs = Needs::default();
        if self.scratch.is_directory(path) {
            for name in NAMES {
                self.read_kustomization(&in_directory(path, name), path, *configures, &mut needs);
            }
        } else if *configures {
            let directory = crate::import::path::parent(path);
            for document in self.documents(path, &mut needs) {
                self.read_texts(&document, path, directory, true, &mut needs);
            }
        }
        let needs = Rc::new(needs);
        self.known.insert(node, Rc::clone(&needs));
        needs
    }

    fn read_kustomization(&self, file: &str, directory: &str, configures: bool, needs: &mut Needs) {
        if let Some(why) = self.scratch.why_left(file) {
            needs.add(file, file, ObstacleKind::NotCopied(why));
        }
        for document in self.documents(file, needs) {
            for (key, value) in document.entries() {
                let key = key.text().unwrap_or_default();
                if WITHOUT_FILES.contains(&key) {
                    continue;
                }
                let configures = configures || !DATA.contains(&key);
                match WITHIN.iter().find(|(name, _)| *name == key) {
                    Some((_, skipped)) => {
                        let fields = value.items().iter().flat_map(Spanned::entries);
                        let is_skipped = |key: &Spanned| key.text().is_some_and(|key| skipped.contains(&key));
                        for (_, value) in fields.filter(|(key, _)| !is_skipped(key)) {
                            self.read_texts(value, file, directory, configures, needs);
                        }
                    }
                    None => self.read_texts(value, file, directory, configures, needs),
                }
            }
        }
    }

    /// The documents of a file of the copy; none if it is not there.
    fn documents(&self, file: &str, needs: &mut Needs) -> Vec<Spanned> {
        let text = match self.scratch.text(file) {
            Ok(Some(text)) => text,
            Ok(None) => return Vec::new(),
            Err(_) => {
                needs.add(file, file, ObstacleKind::NotCopied("is not UTF-8 text"));
                return Vec::new();
            }
        };
        spanned::read(&text).unwrap_or_else(|_| {
            let why = "is not plain YAML, or exceeds a limit";
            needs.add(file, file, ObstacleKind::NotCopied(why));
            Vec::new()
        })
    }

    /// Counts every text in a value as the name of a file.
    fn read_texts(&self, value: &Spanned, file: &str, directory: &str, configures: bool, needs: &mut Needs) {
        match &value.value {
            Value::Scalar(scalar) => self.read_name(&scalar.text, file, directory, configures, needs),
            Value::Sequence(items) => {
                for item in items {
                    self.read_texts(item, file, directory, configures, needs);
                }
            }
            Value::Mapping(entries) => {
                for (key, value) in entries {
                    self.read_texts(key, file, directory, configures, needs);
                    self.read_texts(value, file, directory, configures, needs);
                }
            }
        }
    }

    fn read_name(&self, name: &str, file: &str, directory: &str, configures: bool, needs: &mut Needs) {
        if name.trim_end().contains('\n') {
            // A patch or a configuration in place of its file.
            let inline = if configures { spanned::read(name).unwrap_or_default() } else { Vec::new() };
            for document in inline.iter().filter(|document| !matches!(document.value, Value::Scalar(_))) {
                self.read_texts(document, file, directory, true, needs);
            }
            return;
        }
        // A generator names its files `KEY=FILE`.
        let behind = name.split_once('=').map(|(_, path)| path);
        for path in std::iter::once(name).chain(behind).filter(|path| !path.is_empty()) {
            if is_remote_file(path.trim()) || is_repository(path.trim()) {
                needs.add(file, path, ObstacleKind::Fetched);
                continue;
            }
            let Some(target) = join(directory, path) else {
                let why = "is outside of the directory of the source";
                needs.add(file, path, ObstacleKind::NotCopied(why));
                continue;
            };
            if let Some(why) = self.scratch.why_left(&target) {
                needs.add(file, path, ObstacleKind::NotCopied(why));
            } else if target != directory && (configures || self.scratch.is_directory(&target)) {
                needs.inner.insert((target, configures));
            }
        }
    }
}

impl Needs {
    fn add(&mut self, file: &str, entry: &str, kind: ObstacleKind) {
        self.obstacles.push(Obstacle { file: file.to_owned(), entry: entry.to_owned(), kind });
    }
}
