//! The files of a fleet at one time: their texts, their findings, and what their names mean.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use crate::check::{self, Earlier, Kept, Request};
use crate::load;
use crate::lsp::buffers::Buffers;
use crate::lsp::documents::Documents;
use crate::lsp::index::Index;
use crate::lsp::positions::{Encoding, Lines};
use crate::lsp::uri::normalized;
use crate::model::{Cluster, Fleet};
use crate::problem::{Finding, Problems};
use crate::resolve::Provenance;
use crate::source::Sources;
use crate::span::FileId;
use crate::workspace::{Inputs, Known};

/// The files of a fleet at one time.
pub struct Snapshot {
    pub sources: Sources,
    /// The absolute paths of the files, in the order of the sources.
    pub paths: Vec<PathBuf>,
    pub findings: Vec<Finding>,
    /// True if there are no errors.
    pub is_right: bool,
    /// What the next check can use of this one.
    kept: Kept,
    /// What is known of the files beside the sources.
    known: Arc<Known>,
    lines: OnceCell<Vec<Lines>>,
    index: OnceCell<Index>,
    encoding: Encoding,
}

/// What the names of a fleet without errors mean.
pub struct Meaning {
    pub snapshot: Rc<Snapshot>,
    pub fleet: Fleet,
    provenance: Vec<Provenance>,
}

/// A cluster, and where each of its values comes from.
#[derive(Clone, Copy)]
pub struct ClusterMeaning<'m> {
    pub cluster: &'m Cluster,
    pub provenance: &'m Provenance,
}

impl Snapshot {
    /// Reads and checks a fleet; `None` if `is_stale` becomes true meanwhile. `source`: the absolute path of its root
    /// source; `known`: what is known of the other files; `earlier`: the snapshot before.
    pub fn new(
        source: &Path,
        documents: &Documents,
        known: Arc<Known>,
        earlier: Option<&Snapshot>,
        encoding: Encoding,
        is_stale: &mut dyn FnMut() -> bool,
    ) -> Option<Snapshot> {
        let (directory, name) = split(source);
        let buffers = Buffers::new(directory, documents);
        let inputs = Inputs::with_known(&buffers, Arc::clone(&known));
        let mut problems = Problems::default();
        let sources = load::load(&inputs, Path::new(name), &mut problems);
        let trees = crate::parse(&sources, &mut problems);
        if is_stale() {
            return None;
        }
        let earlier = earlier.filter(|earlier| Arc::ptr_eq(&earlier.known, &known));
        let earlier = earlier.map(|Snapshot { sources, kept, .. }| Earlier { sources, kept });
        let kept = check::recheck((&sources, &trees), &inputs, earlier, &mut problems);
        if is_stale() {
            return None;
        }
        let paths = sources.iter().map(|(_, file)| normalized(&directory.join(&file.name))).collect();
        let (lines, index) = (OnceCell::new(), OnceCell::new());
        let (is_right, findings) = (problems.refused().is_none(), problems.findings());
        Some(Snapshot { sources, paths, findings, is_right, kept, known, lines, index, encoding })
    }

    /// The file with this absolute path.
    pub fn file(&self, path: &Path) -> Option<FileId> {
        self.paths.iter().position(|known| known == path).map(FileId::new)
    }

    pub fn path(&self, file: FileId) -> Option<&Path> {
        self.paths.get(file.index()).map(PathBuf::as_path)
    }

    pub fn text(&self, file: FileId) -> &str {
        self.sources.get(file).map_or("", |source| source.text.as_str())
    }

    /// Where the lines of a file begin.
    pub fn lines(&self, file: FileId) -> Option<&Lines> {
        let new = || self.sources.iter().map(|(_, file)| Lines::new(&file.text, self.encoding)).collect();
        self.lines.get_or_init(new).get(file.index())
    }

    /// The names in the files.
    pub fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let trees = crate::parse(&self.sources, &mut Problems::default());
            Index::new(&self.sources, &trees)
        })
    }
}

impl Meaning {
    /// What the names of a fleet mean; `None` if it has errors. `known`: what is known of the files beside its sources.
    pub fn new(snapshot: Rc<Snapshot>, documents: &Documents, known: Arc<Known>) -> Option<Meaning> {
        let (directory, name) = split(snapshot.paths.first()?);
        let buffers = Buffers::new(directory, documents);
        let trees = crate::parse(&snapshot.sources, &mut Problems::default());
        let request = Request { places: true, ..Request::default() };
        let inputs = Inputs::with_known(&buffers, known);
        let checked = check::check(name, &trees, &inputs, &request, &mut Problems::default()).ok()?;
        drop(trees);
        Some(Meaning { snapshot, fleet: checked.fleet, provenance: checked.provenance })
    }

    /// All clusters, in the order of the source.
    pub fn clusters(&self) -> impl Iterator<Item = ClusterMeaning<'_>> {
        let both = self.fleet.clusters.iter().zip(&self.provenance);
        both.map(|(cluster, provenance)| ClusterMeaning { cluster, provenance })
    }
}

/// The directory of a source, and its file name.
fn split(source: &Path) -> (&Path, &str) {
    let name = source.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    (source.parent().unwrap_or(Path::new("/")), name)
}
