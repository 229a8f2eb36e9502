//! What keeps kustomize from building a copy of an overlay, found by the model before it runs: kustomize must fetch
//! nothing, and read nothing outside of the copy.
//!
//! The model does not follow some fields of a kustomization. Every text in one of these counts as the name of a file.

use std::collections::BTreeSet;

use crate::cli::import::scratch::Scratch;
use crate::kustomize::{
    self, Build, Failure, Feature, FileText, Files, Found, Manifests, NAMES, Options, ReadFault,
    is_remote_file, is_repository,
};
use crate::model::LocalPath;
use crate::problem::{CopyFault, describe_feature};
use crate::spanned::{self, Spanned, Value};

/// Fields that the model does not follow, and that name no file.
const WITHOUT_FILES: [&str; 4] = ["buildMetadata", "inventory", "sortOptions", "vars"];

/// Fields that the model does not follow, and whose files name no others.
const DATA: [&str; 4] = ["configurations", "crds", "openapi", "replacements"];

/// Something that keeps an overlay from being built.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Obstacle {
    /// The file that names it, from the directory of the source.
    pub file: String,
    /// The name in it.
    pub entry: String,
    pub kind: ObstacleKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObstacleKind {
    /// kustomize would fetch it.
    Fetched,
    /// It is not in the copy.
    NotCopied(CopyFault),
}

/// The obstacles to builds in a copy.
pub struct Reach<'s> {
    scratch: &'s Scratch,
    manifests: Manifests,
}

impl Reach<'_> {
    pub fn new(scratch: &Scratch) -> Reach<'_> {
        Reach { scratch, manifests: Manifests::new() }
    }

    /// What keeps the overlay in a directory from being built; empty if nothing does.
    ///
    /// # Errors
    /// kustomize fails to build it, whatever it reads.
    pub fn obstacles(&self, directory: &str) -> Result<BTreeSet<Obstacle>, Failure> {
        let root = LocalPath::default().join(directory).unwrap_or_default();
        let options = Options { may_read_above: true };
        let Build { objects, unmodelled, .. } =
            kustomize::build(self.scratch, &self.manifests, &root, options)?;
        let mut search = Search { scratch: self.scratch, waiting: Vec::new(), found: BTreeSet::new() };
        for left in &unmodelled {
            let file = &left.place.file;
            match &left.feature {
                Feature::Field(name) => search.field(name, file),
                Feature::Remote(entry) => search.add(file, entry, ObstacleKind::Fetched),
                Feature::Unseen(entry) | Feature::Unread(entry) => search.unread(entry, file),
                Feature::Text => search.unreadable(file),
                Feature::Hash => {}
            }
        }
        search.follow();
        // The model ends where something that it does not follow may make the difference.
        if let Some(first) = unmodelled.first().filter(|_| objects.is_empty() && search.found.is_empty()) {
            let feature = describe_feature(&first.feature);
            search.add(&first.place.file, feature, ObstacleKind::NotCopied(CopyFault::NotModelled));
        }
        Ok(search.found)
    }
}

impl Files for Scratch {
    fn found(&self, path: &LocalPath) -> Found {
        if self.copy_fault(path.as_str()).is_some() {
            Found::Unknown
        } else if self.is_directory(path.as_str()) {
            Found::Directory
        } else if matches!(self.text(path.as_str()), Ok(None)) {
            Found::Missing
        } else {
            Found::File
        }
    }

    fn read(&self, path: &LocalPath) -> Result<FileText, ReadFault> {
        match self.text(path.as_str()) {
            Ok(Some(text)) => Ok(FileText::new(&text)),
            Ok(None) => Err(ReadFault::Missing),
            Err(_) => Err(ReadFault::NotText),
        }
    }
}

/// A search for the files that fields name which the model does not follow.
struct Search<'s> {
    scratch: &'s Scratch,
    /// Files and directories that configure generators and transformers.
    waiting: Vec<LocalPath>,
    found: BTreeSet<Obstacle>,
}

impl Search<'_> {
    fn add(&mut self, file: &LocalPath, entry: &str, kind: ObstacleKind) {
        self.found.insert(Obstacle { file: file.as_str().to_owned(), entry: entry.to_owned(), kind });
    }

    /// Adds a file or a directory that another names, and that is not read.
    fn unread(&mut self, entry: &str, file: &LocalPath) {
        let target = file.parent().and_then(|directory| directory.join(entry));
        let Some(target) = target.filter(|_| !entry.contains('\\')) else {
            return self.add(file, entry, ObstacleKind::NotCopied(CopyFault::Outside));
        };
        if let Some(fault) = self.scratch.copy_fault(target.as_str()) {
            return self.add(file, entry, ObstacleKind::NotCopied(fault));
        }
        let mut within = NAMES.iter().filter_map(|name| target.join(name));
        match within.find_map(|file| Some((self.scratch.copy_fault(file.as_str())?, file))) {
            Some((fault, file)) => self.add(&file, file.as_str(), ObstacleKind::NotCopied(fault)),
            None => self.add(file, entry, ObstacleKind::NotCopied(CopyFault::NotText)),
        }
    }

    fn unreadable(&mut self, file: &LocalPath) {
        self.add(file, file.as_str(), ObstacleKind::NotCopied(CopyFault::NotYaml));
    }

    /// The documents of a file of the copy; none if it is not there.
    fn documents(&mut self, file: &LocalPath) -> Vec<Spanned> {
        match self.scratch.text(file.as_str()) {
            Ok(None) => return Vec::new(),
            Ok(Some(text)) => {
                if let Ok(documents) = spanned::read(&text) {
                    return documents;
                }
            }
            Err(_) => {}
        }
        self.unreadable(file);
        Vec::new()
    }

    fn field(&mut self, name: &str, file: &LocalPath) {
        for document in self.documents(file) {
            let is_field = |key: &Spanned| key.text().is_some_and(|key| key.eq_ignore_ascii_case(name));
            let values = document.entries().iter().filter(|(key, _)| is_field(key)).map(|(_, value)| value);
            for value in values.filter(|_| !WITHOUT_FILES.contains(&name)) {
                // The rest of a replacement names objects and fields.
                let paths: Vec<&Spanned> = match name {
                    "replacements" => value.items().iter().filter_map(|item| item.get("path")).collect(),
                    _ => vec![value],
                };
                for value in paths {
                    self.texts(value, file, !DATA.contains(&name));
                }
            }
        }
    }

    /// Searches what configures generators and transformers.
    fn follow(&mut self) {
        let mut seen = BTreeSet::new();
        while let Some(path) = self.waiting.pop() {
            if !seen.insert(path.clone()) {
                continue;
            }
            let files = if self.scratch.is_directory(path.as_str()) {
                NAMES.iter().filter_map(|name| path.join(name)).collect()
            } else {
                vec![path]
            };
            for file in files {
                if let Some(fault) = self.scratch.copy_fault(file.as_str()) {
                    self.add(&file, file.as_str(), ObstacleKind::NotCopied(fault));
                }
                for document in self.documents(&file) {
                    self.texts(&document, &file, true);
                }
            }
        }
    }

    /// Counts every text in a value as the name of a file. `follows`: true if that may name others.
    fn texts(&mut self, value: &Spanned, file: &LocalPath, follows: bool) {
        match &value.value {
            Value::Scalar(scalar) => self.name(&scalar.text, file, follows),
            Value::Sequence(items) => items.iter().for_each(|item| self.texts(item, file, follows)),
            Value::Mapping(entries) => {
                for (key, value) in entries {
                    self.texts(key, file, follows);
                    self.texts(value, file, follows);
                }
            }
        }
    }

    fn name(&mut self, name: &str, file: &LocalPath, follows: bool) {
        if name.trim_end().contains('\n') {
            // A configuration in place of its file.
            let inline = if follows { spanned::read(name).unwrap_or_default() } else { Vec::new() };
            for document in inline.iter().filter(|document| !matches!(document.value, Value::Scalar(_))) {
                self.texts(document, file, follows);
            }
            return;
        }
        // A generator names its files `KEY=FILE`.
        let behind = name.split_once('=').map(|(_, path)| path);
        let directory = file.parent().unwrap_or_default();
        for path in std::iter::once(name).chain(behind).filter(|path| !path.is_empty()) {
            if is_remote_file(path.trim()) || is_repository(path.trim()) {
                self.add(file, path, ObstacleKind::Fetched);
                continue;
            }
            let target = directory.join(path).filter(|_| !path.contains('\\'));
            match target {
                Some(target) if self.scratch.copy_fault(target.as_str()).is_none() => {
                    if follows && target != directory {
                        self.waiting.push(target);
                    }
                }
                Some(_) | None => self.unread(path, file),
            }
        }
    }
}
