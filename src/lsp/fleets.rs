//! The fleets that the open documents belong to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::load;
use crate::lsp::buffers::Buffers;
use crate::lsp::capabilities::Client;
use crate::lsp::documents::Documents;
use crate::lsp::memory::Memory;
use crate::lsp::snapshot::{Meaning, Snapshot};
use crate::lsp::uri::normalized;
use crate::problem::Problems;
use crate::source::DEFAULT_NAME;
use crate::workspace::{Inputs, is_file, real_path};

/// The fleets of the open documents, by the absolute paths of their root sources.
#[derive(Default)]
pub struct Fleets {
    fleets: BTreeMap<PathBuf, Fleet>,
    /// The directories that the client has opened.
    folders: Vec<PathBuf>,
}

/// A fleet, and what is known of it.
#[derive(Default)]
pub struct Fleet {
    /// True if the snapshot is not of the present files.
    is_stale: bool,
    snapshot: Option<Rc<Snapshot>>,
    /// The last snapshot without errors.
    last_right: Option<Rc<Snapshot>>,
    /// The meaning of that snapshot.
    meaning: Option<Rc<Meaning>>,
    /// What is known of the files beside its sources.
    memory: Memory,
    /// The files with diagnostics in the editor.
    pub published: BTreeSet<PathBuf>,
}

impl Fleets {
    pub fn set_folders(&mut self, folders: Vec<PathBuf>) {
        let real: Vec<PathBuf> = folders.iter().filter_map(|folder| real_path(folder).ok()).collect();
        self.folders = folders.into_iter().chain(real).collect();
    }

    /// True if a path is in a directory that the client has opened.
    pub fn contains(&self, path: &Path) -> bool {
        self.folders.iter().any(|folder| path.starts_with(folder))
    }

    /// Marks what is known of all fleets as stale, and forgets those without open documents. Returns the files of these
    /// that have diagnostics in the editor.
    pub fn refresh(&mut self, documents: &Documents) -> Vec<PathBuf> {
        let sources: BTreeSet<PathBuf> =
            documents.paths().map(|path| self.source_of(path, documents)).collect();
        let mut left = Vec::new();
        self.fleets.retain(|source, fleet| {
            let is_open = sources.contains(source);
            if !is_open {
                left.extend(std::mem::take(&mut fleet.published));
            }
            is_open
        });
        for source in sources {
            let fleet = self.fleets.entry(source).or_default();
            (fleet.is_stale, fleet.memory) = (true, Memory::default());
        }
        left
    }

    /// Marks what is known of the fleets with a file as stale.
    pub fn change(&mut self, path: &Path) {
        for (source, fleet) in &mut self.fleets {
            let has = |snapshot: &Rc<Snapshot>| snapshot.file(path).is_some();
            if source == path || fleet.snapshot.as_ref().is_none_or(has) {
                fleet.is_stale = true;
            }
        }
    }

    /// The root source of a fleet whose snapshot is stale.
    pub fn stale(&self) -> Option<PathBuf> {
        self.fleets.iter().find(|(_, fleet)| fleet.is_stale).map(|(source, _)| source.clone())
    }

    /// The fleet of a root source.
    pub fn get(&mut self, source: PathBuf) -> &mut Fleet {
        self.fleets.entry(source).or_insert_with(|| Fleet { is_stale: true, ..Fleet::default() })
    }

    /// All fleets, with the paths of their root sources.
    pub fn iter(&self) -> impl Iterator<Item = (&Path, &Fleet)> {
        self.fleets.iter().map(|(source, fleet)| (source.as_path(), fleet))
    }

    /// The root source of the fleet of a file: the nearest `identity.flux` above that includes it, else the file.
    pub fn source_of(&self, path: &Path, documents: &Documents) -> PathBuf {
        if path.file_name().is_some_and(|name| name == DEFAULT_NAME) {
            return path.to_path_buf();
        }
        let above = path.ancestors().skip(1).take_while(|directory| self.contains(directory));
        let mut sources = above.map(|directory| directory.join(DEFAULT_NAME));
        let source = sources.find(|source| self.includes(source, path, documents));
        source.unwrap_or_else(|| path.to_path_buf())
    }

    fn includes(&self, source: &Path, path: &Path, documents: &Documents) -> bool {
        if documents.get(source).is_none() && !is_file(source) {
            return false;
        }
        let known = self.fleets.get(source).and_then(|fleet| fleet.snapshot.as_ref());
        if let Some(snapshot) = known {
            return snapshot.file(path).is_some();
        }
        let Some(directory) = source.parent() else { return false };
        let buffers = Buffers::new(directory, documents);
        let inputs = Inputs::new(&buffers);
        let sources = load::load(&inputs, Path::new(DEFAULT_NAME), &mut Problems::default());
        sources.iter().any(|(_, file)| normalized(&directory.join(&file.name)) == path)
    }
}

impl Fleet {
    /// The snapshot of the present files; `None` if `gives_up` becomes true before there is one.
    pub fn present(
        &mut self,
        source: &Path,
        documents: &Documents,
        client: Client,
        gives_up: &mut dyn FnMut() -> bool,
    ) -> Option<Rc<Snapshot>> {
        if let Some(snapshot) = self.snapshot.as_ref().filter(|_| !self.is_stale) {
            return Some(Rc::clone(snapshot));
        }
        let known = self.memory.known(client);
        let earlier = self.snapshot.as_deref();
        let snapshot = Snapshot::new(source, documents, known, earlier, client.encoding, gives_up)?;
        let snapshot = Rc::new(snapshot);
        if snapshot.is_right {
            self.last_right = Some(Rc::clone(&snapshot));
        }
        self.snapshot = Some(Rc::clone(&snapshot));
        self.is_stale = false;
        Some(snapshot)
    }

    /// What the names mean, by the last files without errors.
    pub fn meaning(&mut self, documents: &Documents, client: Client) -> Option<Rc<Meaning>> {
        let snapshot = self.last_right.as_ref()?;
        let is_known = self.meaning.as_ref().is_some_and(|known| Rc::ptr_eq(&known.snapshot, snapshot));
        if !is_known {
            let known = self.memory.known(client);
            self.meaning =
                Meaning::new(Rc::clone(snapshot), documents, known).map(Rc::new).or(self.meaning.take());
        }
        self.meaning.clone()
    }

    /// The last snapshot.
    pub fn snapshot(&self) -> Option<&Rc<Snapshot>> {
        self.snapshot.as_ref()
    }
}
