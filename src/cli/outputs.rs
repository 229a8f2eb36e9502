//! `outputs`: the paths that `build` writes, one a line.

use crate::cli::Exit;
use crate::cli::session::Session;
use crate::emit::KUSTOMIZATION;

/// Runs the command.
pub fn run(session: &mut Session<'_>) -> Exit {
    let (fleet, located) = match session.compile_or_show(false) {
        Ok(compiled) => compiled,
        Err(exit) => return exit,
    };
    let paths = fleet.clusters.iter().map(|cluster| {
        let path = located.root.join(cluster.output.as_str()).join(KUSTOMIZATION);
        format!("{}\n", path.display())
    });
    session.terminal.print(&paths.collect::<String>());
    Exit::Right
}
