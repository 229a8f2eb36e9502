//! `outputs`: the paths that `build` writes, one a line.

use crate::cli::Exit;
use crate::cli::session::Session;
use crate::emit::KUSTOMIZATION;

/// Runs the command.
pub fn run(session: &mut Session<'_>) -> Exit {
    match session.compile(false) {
        Ok(compiled) => {
            let root = &compiled.located.root;
            let paths = compiled.fleet.clusters.iter().map(|cluster| {
                let path = root.join(cluster.output.as_str()).join(KUSTOMIZATION);
                format!("{}\n", path.display())
            });
            session.terminal.print(&paths.collect::<String>());
            Exit::Right
        }
        Err(exit) => exit,
    }
}
