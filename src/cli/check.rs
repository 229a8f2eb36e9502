//! `check`: what `build` would do, without doing it.

use crate::cli::Exit;
use crate::cli::session::{Compiled, Session};
use crate::output::{self, Change};
use crate::problem::{FileFault, FileProblem, Problems, count};

/// Runs the command. A source from standard input has no directory, so that nothing is compared then.
pub fn run(session: &mut Session<'_>) -> Exit {
    let Compiled { fleet, sources, located } = match session.compile(true) {
        Ok(compiled) => compiled,
        Err(exit) => return exit,
    };
    let mut problems = Problems::default();
    if located.path.is_some() {
        for planned in output::plan(&fleet, &located.root, &mut problems).overlays {
            let fault = match planned.change {
                None => continue,
                Some(Change::Create(_)) => FileFault::Missing,
                Some(Change::Replace(_)) => FileFault::Stale,
            };
            problems.push(FileProblem { path: planned.shown, fault });
        }
    }
    if !problems.is_empty() {
        return session.show(&problems, &sources);
    }
    session.terminal.print(&format!("{}, all right\n", count(fleet.clusters.len(), "cluster")));
    Exit::Right
}
