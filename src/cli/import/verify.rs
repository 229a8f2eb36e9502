//! The proof of an import: both builds of every overlay, compared. Both are built in copies, never in the checkout.

use std::collections::BTreeMap;

use crate::cli::exit::Exit;
use crate::cli::import::compiled::Compiled;
use crate::cli::import::reach::{Obstacle, ObstacleKind, Reach};
use crate::cli::import::root::Root;
use crate::cli::import::scratch::Scratch;
use crate::cli::kustomize_program::{Builder, find_builder};
use crate::cli::session::Session;
use crate::import::path::parent;
use crate::import::{Comparison, Imported, ImportedOverlay, compare};
use crate::kustomize::{Failure, read_objects};
use crate::output::{GeneratedFile, Location};
use crate::problem::{AdoptionProblem, Explanation, Problems, VerificationFault, count, describe_cause};

/// Builds every overlay as it was, and as it would be, and reports differences.
pub fn verify(
    root: &Root,
    name: &str,
    imported: &Imported,
    compiled: &Compiled,
    session: &mut Session<'_>,
    problems: &mut Problems,
) -> Result<(), Exit> {
    let builder = find_builder(&root.path("")).map_err(|(message, help)| {
        session.terminal.error(&message, Some(help));
        Exit::Usage
    })?;
    let scratch = Scratch::new(&root.path(""), session)?;
    let reach = Reach::new(&scratch);
    let (mut buildable, mut obstacles) = (Vec::new(), BTreeMap::new());
    for overlay in &imported.overlays {
        match reach.obstacles(parent(&overlay.file)) {
            Ok(found) if found.is_empty() => buildable.push(overlay),
            Ok(found) => {
                for obstacle in found {
                    let overlays: &mut usize = obstacles.entry(obstacle).or_default();
                    *overlays = overlays.saturating_add(1);
                }
            }
            Err(Failure { cause, place }) => {
                let message = format!("{}: {}", root.shown(place.file.as_str()), describe_cause(&cause));
                report_not_built(true, message, overlay, root, problems);
            }
        }
    }
    write(&scratch, name, imported, compiled, session)?;
    let mut proof = Proof { root, scratch: &scratch, builder: &builder, same: 0, explained: 0 };
    for overlay in buildable {
        proof.compare(overlay, problems);
    }
    for (Obstacle { file, entry, kind }, overlays) in obstacles {
        let fault = match kind {
            ObstacleKind::Fetched => VerificationFault::WouldFetch { entry, overlays },
            ObstacleKind::NotCopied(fault) => VerificationFault::NotCopied { entry, fault, overlays },
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
                let message = self.scratch.shown(&message, &self.root.shown(""));
                return report_not_built(is_old, message, overlay, self.root, problems);
            }
        };
        let (Ok(before), Ok(after)) = (read_objects(&before), read_objects(&after)) else {
            let message = "its output cannot be read".to_owned();
            return report_not_built(false, message, overlay, self.root, problems);
        };
        let Comparison { labels, names, unexplained } = compare(&before, &after);
        let is_alike = labels.is_empty() && names.is_empty();
        for (by, lines) in [(Explanation::UnreadLabel, labels), (Explanation::Names, names)] {
            if !lines.is_empty() {
                let fault = VerificationFault::Explained { by, lines };
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

    /// Both builds; or the message of kustomize, with true if the old one fails.
    fn build(&self, overlay: &ImportedOverlay) -> Result<(String, String), (bool, String)> {
        let directory = parent(&overlay.file);
        let before = self.builder.build(&self.scratch.before.join(directory), true);
        let before = before.map_err(|message| (true, message))?;
        let after = self.builder.build(&self.scratch.after.join(directory), true);
        Ok((before, after.map_err(|message| (false, message))?))
    }
}

fn report_not_built(
    is_old: bool,
    message: String,
    overlay: &ImportedOverlay,
    root: &Root,
    problems: &mut Problems,
) {
    let fault = VerificationFault::NotBuilt { is_old, message };
    problems.report(AdoptionProblem::in_file(root.shown(&overlay.file), fault));
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

/// Writes the import and the overlays that `build` generates from it to the copy.
fn write(
    scratch: &Scratch,
    name: &str,
    imported: &Imported,
    compiled: &Compiled,
    session: &mut Session<'_>,
) -> Result<(), Exit> {
    let mut files: BTreeMap<&String, &String> = imported.files.iter().collect();
    files.extend(compiled.texts.iter().flatten());
    let files = files.into_iter().map(|(path, text)| GeneratedFile {
        place: Location::from_path(path),
        text: text.clone(),
        source: name.to_owned(),
    });
    scratch.write(files.collect(), session)
}
