//! `outputs`: the paths that `build` writes, one a line.

use crate::cli::Exit;
use crate::cli::session::Session;
use crate::emit;

/// Runs the command.
pub fn run(session: &mut Session<'_>) -> Exit {
    let (fleet, located) = match session.compile_or_show(false) {
        Ok(compiled) => compiled,
        Err(exit) => return exit,
    };
    let documents = fleet.clusters.iter().flat_map(|cluster| emit::documents(&fleet, cluster));
    let paths = documents.map(|document| {
        let path = located.root.join(document.directory.as_str()).join(document.name);
        format!("{}\n", path.display())
    });
    session.terminal.print(&paths.collect::<String>());
    Exit::Right
}
