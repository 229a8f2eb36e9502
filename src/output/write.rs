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
    for planned in &plan.files {
        match &planned.change {
            None => Ok(()),
            Some(Change::Create(text)) => create(&planned.path, text),
            Some(Change::Replace(text)) => replace(&planned.path, text),
        }
        .map_err(|error| unwritable(&planned.path, &error))?;
    }
    Ok(())
}

/// Writes one file as a whole: a source that was formatted, or what was found. A link is followed to its file; what is
/// no regular file, such as a pipe, is written to as it is.
///
/// # Errors
/// If it cannot be written; a regular file is then as it was.
#[expect(clippy::disallowed_methods, reason = "the disk is written here")]
pub fn write_file(path: &Path, text: &str) -> Result<(), FileProblem> {
    let written = match fs::metadata(path) {
        Ok(found) if !found.is_file() => {
            OpenOptions::new().write(true).open(path).and_then(|mut file| file.write_all(text.as_bytes()))
        }
        Ok(_) => fs::canonicalize(path).and_then(|real| replace(&real, text)),
        Err(_) => replace(path, text),
    };
    written.map_err(|error| unwritable(path, &error))
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
    let mut file = match create_new(temporary) {
        // One of a run that was killed; or a link that somebody put there, which goes, not what it points to.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(temporary)?;
            create_new(temporary)?
        }
        created => created?,
    };
    file.write_all(text.as_bytes())?;
    match fs::metadata(path) {
        Ok(old) => file.set_permissions(old.permissions()),
        Err(_) => Ok(()),
    }
}

/// Makes a file that is not there yet, not even as a link.
#[expect(clippy::disallowed_methods, reason = "the disk is written here")]
fn create_new(path: &Path) -> io::Result<fs::File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// A name that Git ignores and kustomize does not read.
fn beside(path: &Path) -> PathBuf {
    let name = format!(".flux-identity-{}.tmp", std::process::id());
    path.with_file_name(name)
}
