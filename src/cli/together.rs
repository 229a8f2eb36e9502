//! Writing of files that belong together, while no build writes.

use std::path::Path;

use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::output::{self, Locking, NewFile, Tree};

/// Writes all files below a directory or none, and returns the paths of the written ones relative to the current
/// directory.
pub fn write_together(
    root: &Path,
    files: &[NewFile<'_>],
    session: &mut Session<'_>,
) -> Result<Vec<String>, Exit> {
    let mut tree = Tree::open(root).map_err(|problem| session.fail(problem))?;
    let mut locking = tree.lock(false).map_err(|problem| session.fail(problem))?;
    if locking == Locking::Busy {
        session.terminal.tell("waiting for a build to finish\n");
        locking = tree.lock(true).map_err(|problem| session.fail(problem))?;
    }
    let written = output::write_together(files, &mut tree, locking == Locking::Held);
    let written = written.map_err(|problem| session.fail(problem))?;
    Ok(written.iter().map(|path| tree.shown(path)).collect())
}
