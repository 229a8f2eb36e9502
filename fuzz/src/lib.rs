//! What the targets have in common: files held in memory, and the pipeline over them.

pub mod shell;

use flux_identity::check::{self, Request};
use flux_identity::emit;
use flux_identity::model::Fleet;
use flux_identity::problem::{Finding, Problems, render};
use flux_identity::resolve::Provenance;
use flux_identity::source::{Source, Sources};
use flux_identity::syntax;
use flux_identity::workspace::{InMemory, Inputs, Workspace};

/// The name of the root source.
pub const ROOT: &str = "identity.flux";

/// A line that begins a file in an input: this, and the path.
const FILE: &str = "=== ";

/// Reads an input of several files: each begins with a line of `=== ` and its path. What stands before the first such line
/// has the path `first`.
pub fn files(input: &str, first: &str) -> InMemory {
    let mut files = InMemory::default();
    let mut path = first.to_owned();
    for line in input.split_inclusive('\n') {
        match line.strip_prefix(FILE) {
            Some(next) => {
                path = next.trim_end().to_owned();
                let _file = files.0.entry(path.clone()).or_default();
            }
            None => files.0.entry(path.clone()).or_default().push_str(line),
        }
    }
    files
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
