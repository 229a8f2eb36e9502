//! Summaries of a plan, and the restarts to do by hand after it is applied.

use crate::output::{Plan, Restart};
use crate::problem::count;

/// How wide the lines are.
const WIDTH: usize = 100;

/// The number of files, counted as overlays if no cluster has other files.
pub fn files(plan: &Plan) -> String {
    count(plan.looked_at, if plan.clusters == plan.looked_at { "overlay" } else { "file" })
}

/// The controllers that have to be restarted, by cluster; nothing if there are none.
pub fn restarts(restarts: &[Restart]) -> String {
    if restarts.is_empty() {
        return String::new();
    }
    let mut report = "restart after applying, because pods get their identity at startup:\n".to_owned();
    for restart in restarts {
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

/// What was done to files.
pub fn written_summary(written: usize, removed: usize) -> String {
    match (written, removed) {
        (0, 0) => "nothing to do".to_owned(),
        (written, 0) => format!("{written} written"),
        (0, removed) => format!("{removed} removed"),
        (written, removed) => format!("{written} written, {removed} removed"),
    }
}
