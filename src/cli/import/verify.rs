//! The proof of an import: both builds of every overlay, compared. Both are built in copies, never in the checkout.

use std::collections::BTreeMap;

use crate::cli::exit::Exit;
use crate::cli::import::reach::{Obstacle, ObstacleKind, Reach};
use crate::cli::import::root::Root;
use crate::cli::import::scratch::Scratch;
use crate::cli::kustomize_program::{Builder, find_builder};
use crate::cli::session::Session;
use crate::cli::source::Located;
use crate::import::path::parent;
use crate::import::{Comparison, Imported, ImportedOverlay, compare};
use crate::output::{self, Location, OverwritePolicy, PlanRequest, Tree};
use crate::problem::{AdoptionProblem, Level, Problems, VerificationFault, count};
use crate::workspace::cause;

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
