//! What the targets have in common: files held in memory, and the pipeline over them.

pub mod shell;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use flux_identity::check::{self, Entry, Surroundings, Told};
use flux_identity::emit;
use flux_identity::import::{self, Estate};
use flux_identity::model::{Fleet, LocalPath};
use flux_identity::problem::{Finding, Problems, render};
use flux_identity::source::{Source, Sources};
use flux_identity::syntax;

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

impl Estate for Files {
    fn text(&self, path: &str) -> Result<Rc<str>, import::Unread> {
        self.0.get(path).map(|text| Rc::from(text.as_str())).ok_or(import::Unread::Missing)
    }

    fn exists(&self, path: &str) -> bool {
        self.0.contains_key(path) || self.is_directory(path)
    }

    fn shown(&self, path: &str) -> String {
        path.to_owned()
    }
}

impl Surroundings for Files {
    fn entry(&self, path: &LocalPath, within: &LocalPath) -> Entry {
        if !path.is_within(within) {
            Entry::Outside
        } else if self.0.contains_key(path.as_str()) {
            Entry::File
        } else if self.is_directory(path.as_str()) {
            Entry::Directory
        } else {
            Entry::Missing
        }
    }

    fn text(&self, path: &LocalPath) -> Result<Arc<str>, check::Unread> {
        self.0.get(path.as_str()).map(|text| Arc::from(text.as_str())).ok_or(check::Unread::Missing)
    }

    fn shown(&self, path: &LocalPath) -> String {
        path.as_str().to_owned()
    }

    fn asks_for_values(&self) -> bool {
        true
    }
}

/// No disk, where what trust needs is asked for.
pub struct Nowhere;

impl Surroundings for Nowhere {
    fn entry(&self, path: &LocalPath, within: &LocalPath) -> Entry {
        check::Nowhere.entry(path, within)
    }

    fn text(&self, path: &LocalPath) -> Result<Arc<str>, check::Unread> {
        check::Nowhere.text(path)
    }

    fn shown(&self, path: &LocalPath) -> String {
        path.as_str().to_owned()
    }

    fn asks_for_trust(&self) -> bool {
        true
    }

    fn asks_for_values(&self) -> bool {
        true
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
    pub told: Vec<Told>,
    pub sources: Sources,
}

/// Compiles a source of one file, and shows what is found in every form.
pub fn compile(text: &str, surroundings: &dyn Surroundings) -> Compiled {
    let sources = sources(text);
    let mut problems = Problems::default();
    let (fleet, told) = {
        let trees = flux_identity::parse(&sources, &mut problems);
        let fleet = check::check(ROOT, &trees, surroundings, &mut problems).ok();
        let told = fleet.as_ref().map(|fleet| check::tell(&trees, fleet)).unwrap_or_default();
        (fleet, told)
    };
    let findings = problems.findings();
    let _shown = render::human(&findings, &sources, true);
    let _shown = render::short(&findings, &sources);
    let _shown = render::github(&findings, &sources);
    for json in [render::json(&findings, &sources), render::sarif(&findings, &sources)] {
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
