//! Writes a single file: a formatted source, or findings.

use std::ffi::{OsStr, OsString};
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use crate::native_path;
use crate::output::directory::{Directory, Kind, Locking, file_mode};
use crate::problem::{FileFault, FileProblem};
use crate::workspace::cause;

/// What the names of temporary files begin with.
const BEGIN: &str = ".flux-identity-file-";
/// Writes one file atomically, with a temporary file. Links are followed; a file that is not regular, such as a pipe,
/// is written directly.
///
/// # Errors
/// If it cannot be written; a regular file is then unchanged.
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

/// Writes a file in place, or creates it. It is then at least as new as its directory, unlike a renamed temporary file.
///
/// # Errors
/// If it cannot be written.
#[expect(clippy::disallowed_methods, reason = "the disk is written here")]
pub fn touch(path: &Path, text: &str) -> Result<(), FileProblem> {
    let open = OpenOptions::new().write(true).create(true).truncate(true).open(path);
    let written = open.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| unwritable(path, &error))
}

/// Creates a directory and its parents, if they do not exist.
///
/// # Errors
/// If one of them cannot be created.
#[expect(clippy::disallowed_methods, reason = "the disk is written here")]
pub fn create_directories(path: &Path) -> Result<(), FileProblem> {
    fs::create_dir_all(path).map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &io::Error) -> FileProblem {
    FileProblem { path: native_path::shown(path), fault: FileFault::Unwritable { cause: cause(error) } }
}

#[expect(clippy::disallowed_methods, reason = "the disk is written here")]
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let name = path.file_name().ok_or(ErrorKind::InvalidInput)?;
    let directory = Directory::open(path.parent().unwrap_or(Path::new("")))?;
    // Whoever else holds the lock may be this very run; then nothing is cleared, and that is all.
    if directory.lock(false)? == Locking::Held {
        clear(&directory, name)?;
    }
    let mut temporary = OsString::from(format!("{BEGIN}{}", std::process::id()));
    temporary.push(end(name));
    let mode = fs::metadata(path).ok().map(|found| file_mode(&found));
    let written = directory
        .create(temporary.as_os_str(), text.as_bytes(), mode, true)
        .and_then(|()| directory.rename(temporary.as_os_str(), name));
    match written {
        Ok(()) => directory.sync(),
        Err(error) => {
            // The original error is reported, not that of the cleanup.
            let _ = directory.remove(temporary.as_os_str());
            Err(error)
        }
    }
}

/// What the name of a temporary file ends with that is made for the file of that name.
fn end(name: &OsStr) -> OsString {
    let mut end = OsString::from("-");
    end.push(name);
    end.push(".tmp");
    end
}

/// Removes temporary files of killed runs. The directory is locked, so no other run uses them.
fn clear(directory: &Directory, name: &OsStr) -> io::Result<()> {
    let end = end(name);
    let is_left_over = |found: &OsStr| {
        let found = found.as_encoded_bytes();
        found.starts_with(BEGIN.as_bytes()) && found.ends_with(end.as_encoded_bytes())
    };
    for (found, kind) in directory.names()? {
        if kind != Kind::Directory && is_left_over(&found) {
            directory.remove(found.as_os_str())?;
        }
    }
    Ok(())
}
