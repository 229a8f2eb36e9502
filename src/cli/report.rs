//! Summaries of a plan, and the restarts to do by hand after it is applied.

use std::collections::BTreeMap;
use std::path::Path;

use crate::emit::KUSTOMIZATION;
use crate::model::{Assignee, Assignment, Cluster, Fleet};
use crate::output::{Change, Plan, Planned, Tree};
use crate::problem::{FileFault, FileProblem, count};
use crate::restart::{self, Replaced};
use crate::show;
use crate::workspace::{Disk, Inputs};

/// How wide the lines are.
const WIDTH: usize = 100;

/// The files that a build would write.
pub fn drift(plan: &Plan, tree: &Tree) -> Vec<FileProblem> {
    let problem = |planned: &Planned| {
        let fault = match planned.change {
            Change::Keep => return None,
            Change::Create => FileFault::Missing,
            Change::Replace(_) => FileFault::Stale,
        };
        Some(FileProblem { path: tree.shown(&planned.place.path()), fault })
    };
    plan.files.iter().filter_map(problem).collect()
}

/// The number of files, counted as overlays if no cluster has other files.
pub fn files(plan: &Plan) -> String {
    count(plan.looked_at, if plan.clusters == plan.looked_at { "overlay" } else { "file" })
}

/// The overlays that a plan replaces. A directory that has none yet builds nothing that could change.
pub fn replaced_overlays<'f>(fleet: &'f Fleet, plan: &Plan) -> Vec<Replaced<'f>> {
    let clusters = clusters_by_name(fleet);
    let replaced = |planned: &'_ Planned| {
        let Change::Replace(found) = &planned.change else { return None };
        let cluster = overlay_of(planned, &clusters)?;
        let before = String::from_utf8_lossy(&found.bytes).into_owned();
        Some(Replaced { cluster, before, after: planned.text.clone() })
    };
    plan.files.iter().filter_map(replaced).collect()
}

/// The controllers that have to be restarted once a plan is applied, by cluster; nothing if there are none. `root`: the
/// directory of the source.
pub fn restarts(fleet: &Fleet, plan: &Plan, root: &Path) -> String {
    let replaced = replaced_overlays(fleet, plan);
    if replaced.is_empty() {
        return String::new();
    }
    let disk = Disk::open(root);
    let restarts = restart::restarts(&replaced, &Inputs::new(&disk));
    if restarts.is_empty() {
        return String::new();
    }
    let mut report = "restart after applying, because pods get their identity at startup:\n".to_owned();
    for restart in &restarts {
        let controllers: Vec<&str> = restart.controllers.iter().map(|controller| controller.name()).collect();
        report.extend(["  ", &controllers.join(", "), "\n"]);
        let mut line = "    in".to_owned();
        for (at, cluster) in restart.clusters.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            if line.len().saturating_add(cluster.len()).saturating_add(3) > WIDTH {
                report.extend([line.as_str(), comma, "\n"]);
                line = format!("      {cluster}");
            } else {
                line.extend([comma, " ", cluster]);
            }
        }
        report.extend([line.as_str(), "\n"]);
    }
    report
}

/// What the objects of Flux must have to use the identities that a plan gives to controllers for the first time; nothing if
/// nothing.
pub fn selectors(fleet: &Fleet, plan: &Plan) -> String {
    let clusters = clusters_by_name(fleet);
    let given = plan.files.iter().filter_map(|planned| Some((overlay_of(planned, &clusters)?, planned)));
    let given = given.flat_map(|(cluster, planned)| {
        let is_new = move |assignment: &Assignment<'_>| match (&planned.change, assignment.assignee) {
            (Change::Create, _) => true,
            (Change::Replace(before), Assignee::Controller(controller)) => {
                let has = |text: &str| text.contains(controller.name());
                has(&planned.text) && !has(&String::from_utf8_lossy(&before.bytes))
            }
            (Change::Replace(_) | Change::Keep, _) => false,
        };
        cluster.assignments().filter(is_new)
    });
    show::selectors(given).map(|line| line + "\n").unwrap_or_default()
}

fn clusters_by_name(fleet: &Fleet) -> BTreeMap<&str, &Cluster> {
    fleet.clusters.iter().map(|cluster| (cluster.name.as_str(), cluster)).collect()
}

/// The cluster whose overlay a file is; nothing for other files.
fn overlay_of<'f>(planned: &Planned, clusters: &BTreeMap<&str, &'f Cluster>) -> Option<&'f Cluster> {
    let cluster = *clusters.get(planned.cluster.as_str())?;
    let overlay = format!("{}/{KUSTOMIZATION}", cluster.output.as_str());
    (planned.place.path() == overlay).then_some(cluster)
}

/// What was done to files.
pub fn written_summary(written: usize, removed: usize) -> String {
    match (written, removed) {
        (0, 0) => "nothing to do".to_owned(),
        (written, 0) => format!("{written} written"),
        (0, removed) => format!("{removed} removed"),
        (written, removed) => format!("{written} written, {removed} removed"),
    }
}
