//! A copy of a tree, for the time of a run.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A copy of a tree, which goes when it is dropped.
#[derive(Debug)]
pub struct Scratch {
    /// Where it is.
    pub path: PathBuf,
}

impl Scratch {
    /// Copies a tree, but for what is hidden and for links.
    ///
    /// # Errors
    /// If something cannot be read or written.
    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    pub fn copy(root: &Path) -> io::Result<Scratch> {
        let name = format!("flux-identity-verify-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path)?;
        let scratch = Scratch { path: fs::canonicalize(path)? };
        let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
        copy(root, &scratch.path)?;
        Ok(scratch)
    }
}

impl Drop for Scratch {
    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    fn drop(&mut self) {
        // There is nobody left to tell that it could not be cleared away.
        let _cleared = fs::remove_dir_all(&self.path);
    }
}

#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        let is_hidden = entry.file_name().to_str().is_some_and(|name| name.starts_with('.'));
        if kind.is_dir() && !is_hidden {
            fs::create_dir(&target)?;
            copy(&path, &target)?;
        } else if kind.is_file() {
            fs::write(&target, fs::read(&path)?)?;
        }
    }
    Ok(())
}
