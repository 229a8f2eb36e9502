//! Protects sources and generated files from other outputs.

use std::path::Path;

use crate::cli::exit::Exit;
use crate::cli::session::{Compiled, Session};
use crate::model::Fleet;
use crate::workspace::real_path;

/// Refuses an output path that is a source or in the directory of an overlay.
pub fn refuse_generated_path(
    path: &Path,
    compiled: &Compiled,
    fleet: Option<&Fleet>,
    session: &mut Session<'_>,
) -> Result<(), Exit> {
    if !is_of_fleet(path, compiled, fleet) {
        return Ok(());
    }
    let message = format!(
        "`{}` is a source or in the directory of an overlay, and would be overwritten",
        path.display()
    );
    session.terminal.error(&message, Some("name another file"));
    Err(Exit::Usage)
}

fn is_of_fleet(path: &Path, compiled: &Compiled, fleet: Option<&Fleet>) -> bool {
    let real = |path: &Path| real_path(path).ok();
    let here = real(path);
    let is_read = here.is_some() && compiled.reads.paths().any(|read| real(read) == here);
    let directory = path.parent().and_then(real);
    let clusters = fleet.into_iter().flat_map(|fleet| &fleet.clusters);
    let mut outputs = clusters.flat_map(|cluster| {
        let accounts = cluster.object_level.iter().map(|accounts| &accounts.directory);
        accounts.chain([&cluster.output]).map(|output| compiled.located.root.join(output.as_str()))
    });
    is_read
        || directory.is_some_and(|directory| outputs.any(|output| real(&output).as_ref() == Some(&directory)))
}
