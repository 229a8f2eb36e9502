//! A question of the playground, and its answer: files in JSON, and what the compiler makes of them in JSON.

use std::path::Path;

use flux_identity::check::{self, Checked, Request};
use flux_identity::emit;
use flux_identity::model::Fleet;
use flux_identity::problem::{Problems, render};
use flux_identity::resolve::Provenance;
use flux_identity::show::{self, View};
use flux_identity::source::{Source, Sources};
use flux_identity::workspace::{InMemory, Inputs};
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

fn files(question: &[u8]) -> Result<InMemory, String> {
    let question: Value = serde_json::from_slice(question).map_err(|error| error.to_string())?;
    let files = question.get("files").and_then(Value::as_object).ok_or("the question has no files")?;
    let file = |(path, text): (&String, &Value)| {
        let text = text.as_str().ok_or_else(|| format!("`{path}` is not text"))?;
        Ok((path.clone(), text.to_owned()))
    };
    files.iter().map(file).collect::<Result<_, String>>().map(InMemory)
}

fn compile(files: &InMemory) -> Value {
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
