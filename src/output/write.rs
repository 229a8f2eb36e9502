//! Puts a plan on the disk. The only code that writes there.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::output::plan::{Change, Plan, cause};
use crate::problem::{FileFault, FileProblem};

/// Writes what a plan changes. A file is written beside its place and renamed into it, so that at every instant each
/// file is whole, old or new.
///
/// # Errors
/// Stops at the first file that cannot be written. Those before it stay written; the next build goes on from there.
pub fn write(plan: &Plan) -> Result<(), FileProblem> {
    for planned in &plan.overlays {
        match &planned.change {
            None => Ok(()),
            Some(Change::Create(text)) => create(&planned.path, text),
            Some(Change::Replace(text)) => replace(&planned.path, text),
        }
        .map_err(|error| unwritable(&planned.path, &error))?;
    }
    Ok(())
}

/// Writes one file as a whole: a source that was formatted, or what was found.
///
/// # Errors
/// If it cannot be written; then it is as it was.
pub fn write_file(path: &Path, text: &str) -> Result<(), FileProblem> {
    replace(path, text).map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &io::Error) -> FileProblem {
    FileProblem { path: path.display().to_string(), fault: FileFault::Unwritable { cause: cause(error) } }
}

#[expect(clippy::disallowed_methods, reason = "the disk is written here")]
fn create(path: &Path, text: &str) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    replace(path, text)
}

#[expect(clippy::disallowed_methods, reason = "the disk is written here")]
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let temporary = beside(path);
    let written = write_new(&temporary, path, text).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // What went wrong is what is reported, not that the rest of it could not be cleared away.
        let _cleared = fs::remove_file(&temporary);
    }
    written
}

#[expect(clippy::disallowed_methods, reason = "the disk is written here")]
fn write_new(temporary: &Path, path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(temporary)?;
    file.write_all(text.as_bytes())?;
    match fs::metadata(path) {
        Ok(old) => file.set_permissions(old.permissions()),
        Err(_) => Ok(()),
    }
}

/// A name that Git ignores and kustomize does not read.
fn beside(path: &Path) -> PathBuf {
    let name = format!(".flux-identity-{}.tmp", std::process::id());
    path.with_file_name(name)
}
