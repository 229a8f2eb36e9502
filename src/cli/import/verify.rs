//! The proof of an import: both builds of every overlay, compared. Both are built in copies, never in the checkout.

use std::collections::BTreeMap;
use std::path::Path;

use crate::cli::exit::Exit;
use crate::cli::import::reach::{Obstacle, ObstacleKind, Reach};
use crate::cli::import::root::Root;
use crate::cli::import::scratch::Scratch;
use crate::cli::programs::{self, NotFound, Program, TIME_LIMIT, checkout_of, find_program};
use crate::cli::session::Session;
use crate::cli::source::Located;
use crate::import::path::parent;
use crate::import::{Comparison, Imported, ImportedOverlay, compare};
use crate::output::{self, Location, OverwritePolicy, PlanRequest, Tree};
use crate::problem::{AdoptionProblem, Level, Problems, VerificationFault, count};
use crate::workspace::cause;

/// The commands that build an overlay.
const BUILDERS: [(&str, &str); 2] = [("kustomize", "build"), ("kubectl", "kustomize")];

/// The variables that they inherit: version managers find the right version in the home directory.
const PASSED: [&str; 1] = ["HOME"];

/// The variables that are set for them. Overlays that fetch something are not built; if one is, it reaches only this.
const ENVIRONMENT: [(&str, &str); 7] = [
    ("GIT_ALLOW_PROTOCOL", "no protocol"),
    ("HTTP_PROXY", "http://127.0.0.1:0"),
    ("HTTPS_PROXY", "http://127.0.0.1:0"),
    ("KUBECONFIG", "/dev/null"),
    ("KUBERC", "off"),
    ("KUSTOMIZE_PLUGIN_HOME", "/dev/null"),
    ("LC_ALL", "C"),
];

/// A program that builds overlays.
struct Builder {
    program: Program,
    verb: &'static str,
}

/// Builds every overlay as it was, and as it would be, and reports differences.
pub fn verify(
    root: &Root,
    name: &str,
    is_printed: bool,
    imported: &Imported,
    session: &mut Session<'_>,
    problems: &mut Problems,
) -> Result<(), Exit> {
    let builder = find_builder(&root.path("")).map_err(|(message, help)| {
        session.terminal.error(&message, Some(help));
        Exit::Usage
    })?;
    let scratch = Scratch::copy(&root.path("")).map_err(|error| {
        let message = format!("cannot copy the fleet to compare it: {}", cause(&error));
        session.terminal.error(&message, None);
        Exit::Failed
    })?;
    let mut reach = Reach::new(&scratch);
    let in_the_way: Vec<_> =
        imported.overlays.iter().map(|overlay| reach.obstacles(parent(&overlay.file))).collect();
    let mut obstacles: BTreeMap<Obstacle, usize> = BTreeMap::new();
    for obstacle in in_the_way.iter().flatten() {
        let overlays = obstacles.entry(obstacle.clone()).or_default();
        *overlays = overlays.saturating_add(1);
    }
    let mut faults = Problems::default();
    let is_built = build(&scratch, name, is_printed, imported, session, &mut faults)?;
    // What is not copied is missing in the copy: that is no fault of the import.
    if is_built || obstacles.is_empty() {
        problems.append(faults);
    }
    let mut proof = Proof { root, scratch: &scratch, builder: &builder, same: 0, explained: 0 };
    let overlays = imported.overlays.iter().zip(&in_the_way).filter(|(_, obstacles)| obstacles.is_empty());
    for (overlay, _) in overlays.filter(|_| is_built) {
        proof.compare(overlay, problems);
    }
    if !is_built && obstacles.is_empty() {
        return Ok(());
    }
    for (Obstacle { file, entry, kind }, overlays) in obstacles {
        let fault = match kind {
            ObstacleKind::Fetched => VerificationFault::WouldFetch { entry, overlays },
            ObstacleKind::NotCopied(why) => VerificationFault::NotCopied { entry, why, overlays },
        };
        problems.report(AdoptionProblem::in_file(root.shown(&file), fault));
    }
    session.terminal.tell(&proved(proof.same, proof.explained, imported.overlays.len()));
    Ok(())
}

/// The progress of the proof.
struct Proof<'p> {
    root: &'p Root,
    scratch: &'p Scratch,
    builder: &'p Builder,
    same: usize,
    explained: usize,
}

impl Proof<'_> {
    /// Compares both builds of an overlay, and reports what differs.
    fn compare(&mut self, overlay: &ImportedOverlay, problems: &mut Problems) {
        let shown = self.root.shown(&overlay.file);
        let (before, after) = match self.build(overlay) {
            Ok(both) => both,
            Err((is_old, message)) => {
                let said = self.scratch.shown(&message, &self.root.shown(""));
                problems
                    .report(AdoptionProblem::in_file(shown, VerificationFault::NotBuilt { is_old, said }));
                return;
            }
        };
        let Comparison { labels, names, unexplained } = compare(&before, &after);
        let is_alike = labels.is_empty() && names.is_empty();
        for (why, lines) in [("nothing reads this label", labels), ("only names differ", names)] {
            if !lines.is_empty() {
                let fault = VerificationFault::Explained { why, lines };
                problems.report(AdoptionProblem::in_file(shown.clone(), fault));
            }
        }
        if unexplained.is_empty() {
            let proved = if is_alike { &mut self.same } else { &mut self.explained };
            *proved = proved.saturating_add(1);
        } else {
            let fault = VerificationFault::Differs { diff: unexplained.join("\n") };
            problems.report(AdoptionProblem::in_file(shown, fault));
        }
    }

    /// Both builds; or whether the old one fails, and the message of kustomize.
    fn build(&self, overlay: &ImportedOverlay) -> Result<(String, String), (bool, String)> {
        let directory = parent(&overlay.file);
        let before = self.builder.build(&self.scratch.before.join(directory), true);
        let before = before.map_err(|message| (true, message))?;
        let after = self.builder.build(&self.scratch.after.join(directory), overlay.stays);
        Ok((before, after.map_err(|message| (false, message))?))
    }
}

/// Finds a program that builds overlays; or returns the error and its help. `root`: the directory of the source.
#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
fn find_builder(root: &Path) -> Result<Builder, (String, &'static str)> {
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    let root = std::fs::canonicalize(root).map_err(|error| {
        (format!("cannot read directory `{}`: {}", root.display(), cause(&error)), "name a directory")
    })?;
    let mut in_checkout = None;
    for (name, verb) in BUILDERS {
        match find_program(name, checkout_of(&root)) {
            Ok(program) => return Ok(Builder { program, verb }),
            Err(NotFound::Absent) => {}
            Err(NotFound::InCheckout(file)) => in_checkout = in_checkout.or(Some(file)),
        }
    }
    Err(match in_checkout {
        Some(file) => (
            format!(
                "the only builder in `PATH` is `{}`, and programs in the checkout are not run",
                file.display()
            ),
            "install `kustomize` or `kubectl` outside of the checkout, or remove `--verify`",
        ),
        None => (
            "neither `kustomize` nor `kubectl` is in `PATH`".to_owned(),
            "install one of them, or remove `--verify`",
        ),
    })
}

/// What was proved. `same`: how many build the same; `explained`: how many build something else that makes no difference;
/// `all`: how many there are.
fn proved(same: usize, explained: usize, all: usize) -> String {
    let (proved, all) = (same.saturating_add(explained), count(all, "overlay"));
    if explained == 0 {
        return format!("{proved} of {all} verified to build the same\n");
    }
    format!("{proved} of {all} verified: {same} the same, {explained} with differences that F0524 explains\n")
}

/// Writes the result of the import to the copy, and builds there. True if that succeeds; errors are reported. Other
/// findings were reported for the fleet itself, or `check` reports them.
fn build(
    scratch: &Scratch,
    name: &str,
    is_printed: bool,
    imported: &Imported,
    session: &mut Session<'_>,
    problems: &mut Problems,
) -> Result<bool, Exit> {
    let mut tree = Tree::open(&scratch.after).map_err(|problem| session.fail(problem))?;
    // Anything in the copy may be replaced: writing the import reports what may not.
    let leave = OverwritePolicy { adopt: true, force: true };
    let files = imported.files.iter().map(|(path, text)| (path.as_str(), text));
    let files = files.chain(std::iter::once((name, &imported.text)));
    let files = files.map(|(path, text)| (Location::from_path(path), text.clone(), name.to_owned()));
    let (plan, unplanned) = output::plan_files(files.collect(), leave, &mut tree);
    if let Some(problem) = unplanned.into_iter().next() {
        return Err(session.fail(problem));
    }
    output::write(&plan, &mut tree, true).map_err(|problem| session.fail(problem))?;
    let located =
        Located { path: Some(scratch.after.join(name)), name: name.to_owned(), root: scratch.after.clone() };
    let compiled = session.compile(located);
    let Some(fleet) = compiled.fleet.filter(|_| !has_errors(&compiled.problems)) else {
        scratch.report(name, is_printed, &compiled.problems, problems);
        return Ok(false);
    };
    let wish = PlanRequest { fleet: &fleet, listed: &compiled.listed, selected: None, leave, orphans: false };
    let mut found = Problems::default();
    let plan = output::plan(&wish, &mut tree, &mut found);
    if !found.is_empty() {
        scratch.report(name, is_printed, &found, problems);
        return Ok(false);
    }
    output::write(&plan, &mut tree, true).map_err(|problem| session.fail(problem))?;
    Ok(true)
}

fn has_errors(problems: &Problems) -> bool {
    problems.findings().iter().any(|finding| finding.code.level() == Level::Error)
}

impl Scratch {
    /// Reports the findings of a build in the copy as findings of the import.
    fn report(&self, name: &str, is_printed: bool, found: &Problems, problems: &mut Problems) {
        for finding in found.findings() {
            let message = self.shown(&finding.message, "");
            let fault = VerificationFault::NotCompiled {
                code: finding.code,
                message,
                line: String::new(),
                is_printed,
            };
            problems.report(AdoptionProblem::in_file(name, fault));
        }
    }
}

impl Builder {
    /// The build of a directory, whose path is absolute, or the message of kustomize. `is_open`: true if it may read files
    /// outside of the directory, as Flux allows.
    fn build(&self, directory: &Path, is_open: bool) -> Result<String, String> {
        let mut command = self.program.command(&PASSED);
        command.envs(ENVIRONMENT).arg(self.verb);
        if is_open {
            command.args(["--load-restrictor", "LoadRestrictionsNone"]);
        }
        command.arg("--").arg(directory);
        let output = programs::run(command, TIME_LIMIT).map_err(|error| cause(&error))?;
        if output.is_success {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let message = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<&str> =
            message.lines().filter(|line| !line.starts_with("# Warning")).take(3).collect();
        Err(lines.join("\n"))
    }
}
