//! The single place that calls the library and the command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use flux_identity::check::Request;
use flux_identity::emit;
use flux_identity::model::Fleet;
use flux_identity::problem::{Finding, Level, Problems, render};
use flux_identity::source::{Source, Sources};
use flux_identity::syntax;
pub use flux_identity::workspace::InMemory;
use flux_identity::workspace::{Inputs, Nowhere};
use serde_yaml::Value;

/// The root of the project.
pub fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// How often something is tried: a little by default, much where `FLUX_IDENTITY_THOROUGH` is set, as `.ci/run` does.
pub fn times<T>(little: T, much: T) -> T {
    if is_thorough() { much } else { little }
}

/// Whether the tests that take long run in full.
pub fn is_thorough() -> bool {
    std::env::var_os("FLUX_IDENTITY_THOROUGH").is_some()
}

/// A source of one file, under the name that findings show.
pub fn sources(text: &str) -> Sources {
    let mut sources = Sources::default();
    let _root = sources.add(Source { name: "identity.flux".to_owned(), text: text.to_owned() });
    sources
}

/// The fleet of a source, or the errors in it.
pub fn compile(text: &str) -> Result<Fleet, Vec<Finding>> {
    let (fleet, findings) = check(text);
    let errors = findings.into_iter().filter(|finding| finding.code.level() == Level::Error);
    fleet.ok_or_else(|| errors.collect())
}

/// The fleet of a source if it has one, and everything that is found in it.
pub fn check(text: &str) -> (Option<Fleet>, Vec<Finding>) {
    compile_for(&Request::default(), text)
}

/// The overlays of a source that is right: directory and text, in the order of the clusters.
pub fn overlays(text: &str) -> Vec<(String, String)> {
    match compile(text) {
        Ok(fleet) => fleet
            .clusters
            .iter()
            .map(|cluster| (cluster.output.as_str().to_owned(), emit::overlay(&fleet, cluster)))
            .collect(),
        Err(findings) => panic!("{}\n{text}", render::human(&findings, &sources(text), false)),
    }
}

/// The formatted source, or nothing if something in it cannot be read.
pub fn format(text: &str) -> Option<String> {
    let (formatted, findings) = parse(text);
    formatted.filter(|_| findings.is_empty())
}

/// What the parser finds in a source, without a look at what its names mean.
pub fn parse_findings(text: &str) -> Vec<Finding> {
    parse(text).1
}

fn parse(text: &str) -> (Option<String>, Vec<Finding>) {
    let sources = sources(text);
    let (root, _) = sources.iter().next().expect("there is one");
    let mut problems = Problems::default();
    let tree = syntax::parse(&sources, root, &mut problems);
    (syntax::format(&tree), problems.findings())
}

/// The command, in a directory, without the environment that could color it.
pub fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flux-identity"));
    let _command = command
        .current_dir(directory)
        .args(arguments)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("TERM");
    command
}

/// What the command did.
pub struct Run {
    /// The exit status.
    pub status: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the command writes UTF-8");
        Run {
            status: output.status.code().expect("the command was not killed"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// Runs the command in a directory.
pub fn run(directory: &Path, arguments: &[&str]) -> Run {
    command(directory, arguments).output().expect("the command runs").into()
}

/// A directory for one test, with these files in it.
pub fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("there is room for a directory");
    for (path, text) in files {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().expect("it has a parent")).expect("the directory is made");
        fs::write(path, text).expect("the file is written");
    }
    directory
}

/// An overlay as `serde_yaml` reads it, and each of its patches as what its text says.
pub fn read(overlay: &str) -> Value {
    let mut tree: Value = serde_yaml::from_str(overlay).expect("the overlay is YAML");
    if let Some(Value::Sequence(patches)) = tree.get_mut("patches") {
        for patch in patches {
            let text = patch.get("patch").and_then(Value::as_str).expect("the patch is a text");
            patch["patch"] = serde_yaml::from_str(text).expect("the patch is YAML");
        }
    }
    tree
}

/// The codes that the first line of a fixture names.
pub fn expected_codes(text: &str) -> Vec<String> {
    let first = text.lines().next().unwrap_or_default();
    let codes = first.strip_prefix("# ").and_then(|line| line.split_once(": "));
    let (codes, _) =
        codes.unwrap_or_else(|| panic!("the first line is `# CODE, CODE: what is wrong`, not `{first}`"));
    codes.split(", ").map(str::to_owned).collect()
}

/// The code that a line of a rendering begins with.
pub fn code(line: &str) -> Option<&str> {
    let rest = ["error[", "warning[", "note["].iter().find_map(|level| line.strip_prefix(level))?;
    rest.split(']').next()
}

/// The fleet of a source alone, of which more is wanted than whether it is right.
pub fn compile_for(request: &Request, text: &str) -> (Option<Fleet>, Vec<Finding>) {
    compile_beside(&Inputs::new(&Nowhere), request, &sources(text))
}

/// The fleet of these sources, the root first, beside these files.
pub fn compile_beside(
    inputs: &Inputs<'_>,
    request: &Request,
    sources: &Sources,
) -> (Option<Fleet>, Vec<Finding>) {
    let mut problems = Problems::default();
    let fleet = flux_identity::compile(sources, "identity.flux", inputs, request, &mut problems);
    (fleet, problems.findings())
}
