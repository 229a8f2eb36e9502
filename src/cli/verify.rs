//! `build --verify` and `diff --verify REV`: proves that a change changes nothing but identities in what overlays build.

mod changes;
mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;

use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::verify::changes::{describe, describe_fault};
use crate::emit::{self, KUSTOMIZATION};
use crate::kustomize::Manifests;
use crate::model::{Cluster, Fleet, LocalPath};
use crate::output::{Change, Plan, Planned};
use crate::overlay_build::Builder;
use crate::problem::{count, render};
use crate::verification::{Differences, Version, compare};
use crate::workspace::{Disk, Inputs, Nowhere, Workspace};

/// What was compared.
#[derive(Default)]
struct Report {
    /// How many overlays differ in nothing but identities, and in how many fields of those.
    proved: usize,
    identities: usize,
    /// What else differs, or why nothing is known, with the clusters of which it is true.
    others: BTreeMap<String, Vec<String>>,
    /// True if something else differs, and is not only unknown.
    differs: bool,
}

impl Report {
    fn add(&mut self, cluster: &str, found: Result<Differences, String>) {
        let text = match found {
            Ok(Differences { identities, others }) if others.is_empty() => {
                self.proved = self.proved.saturating_add(1);
                self.identities = self.identities.saturating_add(identities);
                return;
            }
            Ok(Differences { others, .. }) => {
                self.differs = true;
                describe(&others)
            }
            Err(why) => format!("  not verified: {why}\n"),
        };
        self.others.entry(text).or_default().push(cluster.to_owned());
    }

    /// One line for the result, if nothing but identities differs.
    ///
    /// # Errors
    /// Something else does, or nothing is known; it is shown.
    fn conclude(self, by: &str, help: &str, session: &mut Session<'_>) -> Result<String, Exit> {
        if self.others.is_empty() {
            let overlays = builders(self.proved);
            return Ok(if self.identities == 0 {
                format!("verified by {by}: nothing changes in what {overlays}\n")
            } else {
                let fields = count(self.identities, "field");
                format!("verified by {by}: nothing but identities changes in what {overlays}, {fields}\n")
            });
        }
        let mut failed: usize = 0;
        for (text, clusters) in &self.others {
            failed = failed.saturating_add(clusters.len());
            session.terminal.tell(&render::sanitized(&format!("in {}\n", clusters.join(", "))));
            session.terminal.tell(text);
        }
        let message = if self.differs {
            format!("more than identities changes in what {}", builders(failed))
        } else {
            format!("{} cannot be verified", count(failed, "overlay"))
        };
        session.terminal.error(&message, Some(help));
        Err(Exit::Wrong)
    }
}

/// `1 overlay builds`, `2 overlays build`
fn builders(number: usize) -> String {
    format!("{} build{}", count(number, "overlay"), if number == 1 { "s" } else { "" })
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
    let clusters: BTreeMap<&str, &Cluster> =
        fleet.clusters.iter().map(|cluster| (cluster.name.as_str(), cluster)).collect();
    let disk = Disk::open(root);
    let (inputs, manifests) = (Inputs::new(&disk), Manifests::new());
    let builder = Builder { inputs: &inputs, manifests: &manifests };
    let mut report = Report::default();
    let compare_one = |planned: &'_ Planned| {
        let cluster = *clusters.get(planned.cluster.as_str())?;
        // A directory that has no overlay yet builds nothing that could change.
        let Change::Replace(found) = &planned.change else { return None };
        if planned.place.path() != format!("{}/{KUSTOMIZATION}", cluster.output.as_str()) {
            return None;
        }
        let text = String::from_utf8_lossy(&found.bytes);
        let before = Version { builder, cluster, text: &text };
        let found = compare(before, Version { text: &planned.text, ..before });
        Some((cluster, found.map_err(|fault| describe_fault(&fault))))
    };
    let compared: Vec<program::Compared<'_>> = plan.files.par_iter().filter_map(compare_one).collect();
    let program = program::verify(&compared, plan, root, session)?;
    for (cluster, found) in compared {
        let found = program.refute(cluster, found.map(|(differences, _)| differences));
        report.add(&cluster.name, found);
    }
    let help =
        "nothing is written; see the whole change with `flux-identity diff`, and build without `--verify`";
    report.conclude(&program.by(), help, session)
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
    let mut report = Report::default();
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
        report.add(
            &cluster.name,
            found.map(|(differences, _)| differences).map_err(|fault| describe_fault(&fault)),
        );
    }
    let help = "`flux-identity diff --against REV` shows the identities that change";
    let text = report.conclude("the model of kustomize", help, session)?;
    session.terminal.print(&text);
    for (number, what) in [(added, "new"), (old.len(), "removed")] {
        if number > 0 {
            session.terminal.print(&format!("{}, {what}\n", count(number, "cluster")));
        }
    }
    Ok(Exit::Right)
}
