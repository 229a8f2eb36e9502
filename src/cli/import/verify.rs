//! The proof of an import: both builds of every overlay, compared.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::cli::Exit;
use crate::cli::import::root::Root;
use crate::cli::import::scratch::Scratch;
use crate::cli::session::Session;
use crate::cli::source::Located;
use crate::import::path::parent;
use crate::import::{Comparison, Imported, compare};
use crate::output::{self, Leave, Tree, Wish};
use crate::problem::{AdoptionFault, AdoptionProblem, Level, Problems, count};
use crate::workspace::cause;

/// The commands that build an overlay.
const BUILDERS: [(&str, &str); 2] = [("kustomize", "build"), ("kubectl", "kustomize")];

/// Builds every overlay as it was, and as it would be, and reports what is not the same.
pub fn verify(
    root: &Root,
    name: &str,
    imported: &Imported,
    session: &mut Session<'_>,
    problems: &mut Problems,
) -> Result<(), Exit> {
    let Some(builder) = BUILDERS.into_iter().find(|(command, _)| runs(command)) else {
        let help = "install one of them, or leave `--verify` out";
        session.terminal.error("neither `kustomize` nor `kubectl` can be run", Some(help));
        return Err(Exit::Usage);
    };
    let scratch = Scratch::copy(&root.path("")).map_err(|error| {
        let message = format!("cannot copy the fleet to compare it: {}", cause(&error));
        session.terminal.error(&message, None);
        Exit::Failed
    })?;
    if !build(&scratch, name, imported, session, problems)? {
        return Ok(());
    }
    let (mut same, mut explained) = (0_usize, 0_usize);
    for overlay in &imported.overlays {
        let directory = parent(&overlay.file);
        let shown = root.shown(&overlay.file);
        let both =
            kustomize(builder, &root.path(directory), true).map_err(|said| (true, said)).and_then(|before| {
                let after = kustomize(builder, &scratch.path.join(directory), overlay.stays);
                after.map(|after| (before, after)).map_err(|said| (false, scratch.shown(&said, root)))
            });
        match both {
            Ok((before, after)) => {
                let Comparison { labels, names, unexplained } = compare(&before, &after);
                let is_alike = labels.is_empty() && names.is_empty();
                for (why, lines) in [("nothing reads this label", labels), ("only names differ", names)] {
                    if !lines.is_empty() {
                        let fault = AdoptionFault::Explained { why, lines };
                        problems.push(AdoptionProblem::of_file(shown.clone(), fault));
                    }
                }
                if unexplained.is_empty() {
                    let proved = if is_alike { &mut same } else { &mut explained };
                    *proved = proved.saturating_add(1);
                } else {
                    let fault = AdoptionFault::Differs { diff: unexplained.join("\n") };
                    problems.push(AdoptionProblem::of_file(shown, fault));
                }
            }
            Err((is_old, said)) => {
                let fault = AdoptionFault::NotBuilt { is_old, said };
                problems.push(AdoptionProblem::of_file(shown, fault));
            }
        }
    }
    session.terminal.tell(&proved(same, explained, imported.overlays.len()));
    Ok(())
}

/// What was proved. `same`: how many build the same; `explained`: how many build something else that makes no difference;
/// `all`: how many there are.
fn proved(same: usize, explained: usize, all: usize) -> String {
    let (proved, all) = (same.saturating_add(explained), count(all, "overlay"));
    if explained == 0 {
        return format!("{proved} of {all} proved to build what it built before\n");
    }
    format!("{proved} of {all} proved: {same} the same, {explained} different only as F0524 explains\n")
}

/// Writes what came of the import to the copy, and builds there. Whether that could be done; if not, it is reported.
/// What else is found there was found where the fleet is, or is for `check` to tell.
fn build(
    scratch: &Scratch,
    name: &str,
    imported: &Imported,
    session: &mut Session<'_>,
    problems: &mut Problems,
) -> Result<bool, Exit> {
    let source = scratch.path.join(name);
    let files = imported.files.iter().map(|(path, text)| (scratch.path.join(path), text));
    for (path, text) in files.chain(std::iter::once((source.clone(), &imported.text))) {
        output::write_new_file(&path, text).map_err(|problem| session.fail(problem))?;
    }
    let located = Located { path: Some(source), name: name.to_owned(), root: scratch.path.clone() };
    let compiled = session.compile(located);
    let Some(fleet) = compiled.fleet.filter(|_| !has_errors(&compiled.problems)) else {
        scratch.report(name, &compiled.problems, problems);
        return Ok(false);
    };
    let mut tree = Tree::open(&scratch.path).map_err(|problem| session.fail(problem))?;
    let leave = Leave { adopt: true, force: true };
    let wish = Wish { fleet: &fleet, listed: &compiled.listed, selected: None, leave, orphans: false };
    let mut said = Problems::default();
    let plan = output::plan(&wish, &mut tree, &mut said);
    if !said.is_empty() {
        scratch.report(name, &said, problems);
        return Ok(false);
    }
    output::write(&plan, &mut tree, true).map_err(|problem| session.fail(problem))?;
    Ok(true)
}

fn has_errors(problems: &Problems) -> bool {
    problems.findings().iter().any(|finding| finding.code.level() == Level::Error)
}

impl Scratch {
    /// A text about the copy, as one about what was copied.
    fn shown(&self, text: &str, root: &Root) -> String {
        let copy = format!("{}/", self.path.display());
        text.replace(&copy, &root.shown("")).replace(copy.trim_end_matches('/'), ".")
    }

    /// Reports what is wrong with a build in the copy as what is wrong with the import.
    fn report(&self, name: &str, said: &Problems, problems: &mut Problems) {
        let copy = format!("{}/", self.path.display());
        for finding in said.findings() {
            let message = finding.message.replace(&copy, "");
            let fault = AdoptionFault::NotCompiled { code: finding.code, message, line: String::new() };
            problems.push(AdoptionProblem::of_file(name, fault));
        }
    }
}

fn runs(command: &str) -> bool {
    let mut asked = Command::new(command);
    let _asked = asked.arg("--help").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    asked.status().is_ok()
}

/// What kustomize builds in a directory, or what it says is wrong. `is_open`: whether it may read files from outside of
/// the directory, as Flux lets it.
fn kustomize((command, verb): (&str, &str), directory: &Path, is_open: bool) -> Result<String, String> {
    let mut kustomize = Command::new(command);
    let _kustomize = kustomize.arg(verb).arg(directory).stdin(Stdio::null());
    if is_open {
        let _kustomize = kustomize.args(["--load-restrictor", "LoadRestrictionsNone"]);
    }
    let output = kustomize.output().map_err(|error| cause(&error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = said.lines().filter(|line| !line.starts_with("# Warning")).take(3).collect();
    Err(lines.join("\n"))
}
