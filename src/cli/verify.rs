//! `build --verify` and `diff --verify REV`: proves that a change changes nothing but identities in what overlays build.

mod program;

use std::collections::BTreeSet;
use std::path::Path;

use rayon::prelude::*;

use crate::cli::exit::Exit;
use crate::cli::report;
use crate::cli::session::Session;
use crate::emit::{self, KUSTOMIZATION};
use crate::kustomize::Manifests;
use crate::model::{Cluster, Fleet, LocalPath};
use crate::output::Plan;
use crate::overlay_build::Builder;
use crate::problem::{ComparisonFault, VerificationReport, count};
use crate::restart::Replaced;
use crate::verification::{Differences, Version, compare};
use crate::workspace::{Disk, Inputs, Nowhere, Workspace};

/// Adds what differs in the overlay of a cluster.
fn add(report: &mut VerificationReport, cluster: &str, found: Result<Differences, ComparisonFault>) {
    match found {
        Ok(Differences { identities, others }) if others.is_empty() => report.add_proved(identities),
        Ok(Differences { others, .. }) => report.add_different(cluster, &others),
        Err(fault) => report.add_unknown(cluster, &fault),
    }
}

/// One line for the result, if nothing but identities differs. `command`: the program that found the same as the model.
///
/// # Errors
/// Something else differs, or nothing is known; it is shown.
fn conclude(
    report: &VerificationReport,
    command: Option<&str>,
    help: &str,
    session: &mut Session<'_>,
) -> Result<String, Exit> {
    report.proof(command).ok_or_else(|| {
        session.terminal.tell(&report.details());
        session.terminal.error(&report.message(), Some(help));
        Exit::Wrong
    })
}

/// Compares what the overlays of a plan build before and after it.
///
/// # Errors
/// More than identities changes, or nothing is known.
pub fn verify_plan(
    fleet: &Fleet,
    plan: &Plan,
    root: &Path,
    session: &mut Session<'_>,
) -> Result<String, Exit> {
    let disk = Disk::open(root);
    let (inputs, manifests) = (Inputs::new(&disk), Manifests::new());
    let builder = Builder { inputs: &inputs, manifests: &manifests };
    let mut report = VerificationReport::default();
    let replaced = report::replaced_overlays(fleet, plan);
    let compared = replaced.par_iter().map(|Replaced { cluster, before, after }| {
        let before = Version { builder, cluster, text: before };
        (*cluster, compare(before, Version { text: after, ..before }))
    });
    let compared: Vec<program::Compared<'_>> = compared.collect();
    let program = program::verify(&compared, plan, root, session)?;
    for (cluster, found) in compared {
        let found = program.refute(cluster, found.map(|(differences, _)| differences));
        add(&mut report, &cluster.name, found);
    }
    let help =
        "nothing is written; see the whole change with `flux-identity diff`, and build without `--verify`";
    conclude(&report, program.command.as_deref(), help, session)
}

/// Refuses a revision at which no overlay was generated.
pub fn refuse_without_source(revision: &str, session: &mut Session<'_>) -> Exit {
    let message = format!("no source exists at `{revision}`, so no overlay can be verified");
    let help = "name a later revision; `flux-identity build --verify` compares with the files on the disk";
    session.terminal.error(&message, Some(help));
    Exit::Wrong
}

/// Compares what the overlays of two fleets build, each beside its own files. `past`: the files of the earlier one, if it
/// has any; `root`: the directory of the present one.
///
/// # Errors
/// More than identities changes, or nothing is known.
pub fn verify_revision(
    [before, after]: [&Fleet; 2],
    past: Option<&dyn Workspace>,
    root: &Path,
    shown: Option<&BTreeSet<String>>,
    session: &mut Session<'_>,
) -> Result<Exit, Exit> {
    let disk = Disk::open(root);
    let (inputs, manifests) = (Inputs::new(&disk), Manifests::new());
    let now = Builder { inputs: &inputs, manifests: &manifests };
    let is_shown = |cluster: &&Cluster| shown.is_none_or(|shown| shown.contains(&cluster.name));
    let mut old: Vec<&Cluster> = before.clusters.iter().filter(is_shown).collect();
    let mut report = VerificationReport::default();
    let mut added = 0_usize;
    let nowhere = Nowhere;
    let inputs = Inputs::new(past.unwrap_or(&nowhere));
    let then = Builder { inputs: &inputs, manifests: &manifests };
    for cluster in after.clusters.iter().filter(is_shown) {
        // A cluster that was renamed has its overlay where it was.
        let by_name = old.iter().position(|earlier| earlier.name == cluster.name);
        let at = by_name.or_else(|| old.iter().position(|earlier| earlier.output == cluster.output));
        let Some(earlier) = at.map(|at| old.swap_remove(at)) else {
            added = added.saturating_add(1);
            continue;
        };
        let file = LocalPath::from(&earlier.output).join(KUSTOMIZATION);
        // What was never built is not there to be changed.
        let Some(text) = file.and_then(|file| inputs.text(Path::new(file.as_str())).ok()) else { continue };
        let built = emit::overlay(after, cluster);
        let before = Version { builder: then, cluster: earlier, text: &text.text };
        let found = compare(before, Version { builder: now, cluster, text: &built });
        add(&mut report, &cluster.name, found.map(|(differences, _)| differences));
    }
    let help = "`flux-identity diff --against REV` shows the identities that change";
    let text = conclude(&report, None, help, session)?;
    session.terminal.print(&text);
    for (number, what) in [(added, "new"), (old.len(), "removed")] {
        if number > 0 {
            session.terminal.print(&format!("{}, {what}\n", count(number, "cluster")));
        }
    }
    Ok(Exit::Right)
}
