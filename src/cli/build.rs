//! `build`: checks the fleet and writes what changed.

use crate::cli::Exit;
use crate::cli::session::Session;
use crate::output::{self, Change};
use crate::problem::{Problems, count};
use crate::source::Sources;

/// Runs the command.
pub fn run(session: &mut Session<'_>) -> Exit {
    let (fleet, located) = match session.compile_or_show(false) {
        Ok(compiled) => compiled,
        Err(exit) => return exit,
    };
    let mut problems = Problems::default();
    let plan = output::plan(&fleet, &located.root, &mut problems);
    if !problems.is_empty() {
        return session.show(&problems, &Sources::default());
    }
    if let Err(problem) = output::write(&plan) {
        return session.fail(problem);
    }
    let mut report = String::new();
    for planned in &plan.files {
        match &planned.change {
            Some(Change::Create(_)) => report.extend(["created ", planned.shown.as_str(), "\n"]),
            Some(Change::Replace(_)) => report.extend(["changed ", planned.shown.as_str(), "\n"]),
            None => {}
        }
    }
    let changed = plan.files.iter().filter(|planned| planned.change.is_some()).count();
    let whole = count(plan.files.len(), "overlay");
    let done = if changed == 0 { "nothing to do".to_owned() } else { format!("{changed} written") };
    session.terminal.print(&format!("{report}{whole}, {done}\n"));
    Exit::Right
}
