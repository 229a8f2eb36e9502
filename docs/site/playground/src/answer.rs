//! A question of the playground, and its answer: files in JSON, and what the compiler makes of them in JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use flux_identity::check::{self, Checked, Request};
use flux_identity::emit;
use flux_identity::model::Fleet;
use flux_identity::problem::{Problems, render};
use flux_identity::resolve::Provenance;
use flux_identity::show::{self, View};
use flux_identity::source::{Source, Sources};
use flux_identity::workspace::{Entry, Inputs, Kind, Unread, Workspace};
use flux_identity::{load, parse, syntax};
use serde_json::{Value, json};

const ROOT: &str = "identity.flux";

/// Answers a question: `{"files": {"identity.flux": "…", …}}`. The answer has `findings` as `check --format json` prints
/// them, the generated files in `overlays`, the page of `show` in `page`, and the formatted source in `formatted`; what
/// there is only without errors is `null` or empty.
pub fn answer(question: &[u8]) -> String {
    match files(question) {
        Ok(files) => compile(&files).to_string(),
        Err(error) => json!({ "failure": error }).to_string(),
    }
}

fn files(question: &[u8]) -> Result<Files, String> {
    let question: Value = serde_json::from_slice(question).map_err(|error| error.to_string())?;
    let files = question.get("files").and_then(Value::as_object).ok_or("the question has no files")?;
    let file = |(path, text): (&String, &Value)| {
        let text = text.as_str().ok_or_else(|| format!("`{path}` is not text"))?;
        Ok((path.clone(), text.to_owned()))
    };
    files.iter().map(file).collect::<Result<_, String>>().map(Files)
}

fn compile(files: &Files) -> Value {
    let mut problems = Problems::default();
    let inputs = Inputs::new(files);
    let sources = load::load(&inputs, Path::new(ROOT), &mut problems);
    let trees = parse(&sources, &mut problems);
    let request = Request { places: true, ..Request::default() };
    let checked = check::check(ROOT, &trees, &inputs, &request, &mut problems).ok();
    let findings = problems.findings();
    let found: Value = serde_json::from_str(&render::json(&findings, &sources)).unwrap_or_default();
    let (overlays, page) = match &checked {
        Some(Checked { fleet, provenance }) => (overlays(fleet), Some(page(fleet, provenance, &sources))),
        None => (Vec::new(), None),
    };
    json!({
        "findings": found,
        "overlays": overlays,
        "page": page,
        "formatted": files.0.get(ROOT).and_then(|text| formatted(text)),
    })
}

fn overlays(fleet: &Fleet) -> Vec<Value> {
    let documents = fleet.clusters.iter().flat_map(|cluster| {
        let file = |document: emit::Document<'_>| {
            let path = format!("{}/{}", document.directory.as_str(), document.name);
            json!({ "cluster": cluster.name.as_str(), "path": path, "text": document.text })
        };
        emit::documents(fleet, cluster).into_iter().map(file)
    });
    documents.collect()
}

/// The page of `show --format html`.
fn page(fleet: &Fleet, provenance: &[Provenance], sources: &Sources) -> String {
    let view = View { fleet, clusters: fleet.clusters.iter().collect(), provenance, sources };
    let mut page = Vec::new();
    // Writing to memory cannot fail.
    let _ = show::html(&view, &mut page);
    String::from_utf8_lossy(&page).into_owned()
}

/// A source in the style of `fmt`, unless its syntax is wrong.
fn formatted(text: &str) -> Option<String> {
    let mut sources = Sources::default();
    let root = sources.add(Source { name: ROOT.to_owned(), text: text.to_owned() });
    let mut problems = Problems::default();
    let tree = syntax::parse(&sources, root, &mut problems);
    syntax::format(&tree).filter(|_| problems.is_empty())
}

/// The files of a question, by their paths: all that there is.
#[derive(Debug)]
struct Files(BTreeMap<String, String>);

impl Files {
    /// The paths of the files below a directory, from there.
    fn below<'s>(&'s self, directory: &'s Path) -> impl Iterator<Item = &'s Path> {
        self.0.keys().filter_map(move |file| Path::new(file).strip_prefix(directory).ok())
    }
}

impl Workspace for Files {
    fn entry(&self, path: &Path) -> Entry {
        let is_file = path.to_str().is_some_and(|path| self.0.contains_key(path));
        if is_file {
            Entry::File(path.to_path_buf())
        } else if path == Path::new("") || self.below(path).next().is_some() {
            Entry::Directory(path.to_path_buf())
        } else {
            Entry::Missing
        }
    }

    fn read(&self, path: &Path, _: u64) -> Result<Vec<u8>, Unread> {
        let text = path.to_str().and_then(|path| self.0.get(path));
        text.map(|text| text.clone().into_bytes()).ok_or(Unread::Missing)
    }

    fn names(&self, directory: &Path) -> Result<Vec<(OsString, Kind)>, Unread> {
        let name = |path: &Path| {
            let mut parts = path.iter();
            let first = parts.next()?.to_owned();
            Some((first, if parts.next().is_some() { Kind::Directory } else { Kind::File }))
        };
        let names: BTreeSet<(OsString, Kind)> = self.below(directory).filter_map(name).collect();
        if names.is_empty() { Err(Unread::Missing) } else { Ok(names.into_iter().collect()) }
    }

    fn shown(&self, path: &Path) -> String {
        PathBuf::from(path).display().to_string()
    }
}
