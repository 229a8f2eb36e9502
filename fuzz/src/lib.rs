//! What the targets have in common: files held in memory, and the pipeline over them.

pub mod shell;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use flux_identity::check::{self, Request};
use flux_identity::emit;
use flux_identity::model::Fleet;
use flux_identity::problem::{Finding, Problems, render};
use flux_identity::resolve::Provenance;
use flux_identity::source::{Source, Sources};
use flux_identity::syntax;
use flux_identity::workspace::{Entry, Inputs, Kind, Unread, Workspace};

/// The name of the root source.
pub const ROOT: &str = "identity.flux";

/// A line that begins a file in an input: this, and the path.
const FILE: &str = "=== ";

/// Files held in memory, by their paths from the directory of the source.
#[derive(Clone, Debug, Default)]
pub struct Files(pub BTreeMap<String, String>);

impl Files {
    /// Reads an input of several files: each begins with a line of `=== ` and its path. What stands before the first such
    /// line has the path `first`.
    pub fn parse(input: &str, first: &str) -> Files {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        let mut path = first.to_owned();
        for line in input.split_inclusive('\n') {
            match line.strip_prefix(FILE) {
                Some(next) => {
                    path = next.trim_end().to_owned();
                    let _file = files.entry(path.clone()).or_default();
                }
                None => files.entry(path.clone()).or_default().push_str(line),
            }
        }
        Files(files)
    }

    /// The paths, sorted.
    pub fn paths(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn is_directory(&self, path: &str) -> bool {
        path.is_empty()
            || self.0.keys().any(|known| known.strip_prefix(path).is_some_and(|it| it.starts_with('/')))
    }
}

impl Workspace for Files {
    fn entry(&self, path: &Path) -> Entry {
        let Some(text) = path.to_str() else { return Entry::Missing };
        if self.0.contains_key(text) {
            Entry::File(path.to_path_buf())
        } else if self.is_directory(text) {
            Entry::Directory(path.to_path_buf())
        } else {
            Entry::Missing
        }
    }

    fn read(&self, path: &Path, _limit: u64) -> Result<Vec<u8>, Unread> {
        let text = path.to_str().and_then(|path| self.0.get(path));
        text.map(|text| text.as_bytes().to_vec()).ok_or(Unread::Missing)
    }

    fn names(&self, _directory: &Path) -> Result<Vec<(OsString, Kind)>, Unread> {
        Err(Unread::Missing)
    }

    fn shown(&self, path: &Path) -> String {
        path.display().to_string()
    }
}

/// A source of one file.
pub fn sources(text: &str) -> Sources {
    let mut sources = Sources::default();
    let _root = sources.add(Source { name: ROOT.to_owned(), text: text.to_owned() });
    sources
}

/// What comes of a source.
pub struct Compiled {
    pub fleet: Option<Fleet>,
    pub findings: Vec<Finding>,
    /// What holds in each cluster.
    pub told: Vec<Provenance>,
    pub sources: Sources,
}

/// Compiles a source of one file, and shows what is found in every form. `trust`: true to check what trust needs, too.
pub fn compile(text: &str, workspace: &dyn Workspace, trust: bool) -> Compiled {
    let inputs = Inputs::new(workspace);
    let request = Request { trust, values: true, places: true, ..Request::default() };
    let sources = sources(text);
    let mut problems = Problems::default();
    let (fleet, told) = {
        let trees = flux_identity::parse(&sources, &mut problems);
        match check::check(ROOT, &trees, &inputs, &request, &mut problems) {
            Ok(checked) => (Some(checked.fleet), checked.provenance),
            Err(_) => (None, Vec::new()),
        }
    };
    let findings = problems.findings();
    let _shown = render::human(&findings, &sources, true);
    let _shown = render::short(&findings, &sources);
    let _shown = render::github(&findings, &sources);
    let _shown = render::junit(&findings, &sources);
    for json in [
        render::json(&findings, &sources),
        render::sarif(&findings, &sources),
        render::gitlab(&findings, &sources),
    ] {
        let _value: serde_json::Value = serde_json::from_str(&json).expect("findings are JSON");
    }
    Compiled { fleet, findings, told, sources }
}

/// All files that a fleet comes to: path and text.
pub fn documents(fleet: &Fleet) -> Vec<(String, String)> {
    let documents = fleet.clusters.iter().flat_map(|cluster| emit::documents(fleet, cluster));
    documents
        .map(|document| (format!("{}/{}", document.directory.as_str(), document.name), document.text))
        .collect()
}

/// The text in the one style; nothing if something in it cannot be read.
pub fn format(text: &str) -> Option<String> {
    let sources = sources(text);
    let (root, _) = sources.iter().next()?;
    let mut problems = Problems::default();
    let tree = syntax::parse(&sources, root, &mut problems);
    syntax::format(&tree).filter(|_| problems.is_empty())
}

/// The codes of what was found, in some order.
pub fn codes(findings: &[Finding]) -> Vec<String> {
    let mut codes: Vec<String> = findings.iter().map(|finding| finding.code.to_string()).collect();
    codes.sort();
    codes
}
