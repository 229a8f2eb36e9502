//! A copy of a tree, for the time of a run.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::workspace::{Directory, FILE_LIMIT, Kind, MOST_DEEP, Opened};

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
        copy(&Directory::open(root)?, &scratch.path, MOST_DEEP)?;
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

/// Copies what stands in a directory. `depth`: how deep directories may still stand in each other.
#[expect(clippy::disallowed_methods, reason = "the copy is written here")]
fn copy(from: &Directory, to: &Path, depth: usize) -> io::Result<()> {
    let deeper =
        depth.checked_sub(1).ok_or_else(|| io::Error::other("directories stand too deep in each other"))?;
    for (name, kind) in from.names()? {
        let target = to.join(&name);
        let is_hidden = name.to_str().is_some_and(|name| name.starts_with('.'));
        match kind {
            Kind::Directory if !is_hidden => {
                if let Opened::Open(inner) = from.enter(name.as_os_str())? {
                    fs::create_dir(&target)?;
                    copy(&inner, &target, deeper)?;
                }
            }
            Kind::File => {
                if let Opened::Open(Some(found)) = from.read(name.as_os_str(), FILE_LIMIT)? {
                    fs::write(&target, found.bytes)?;
                }
            }
            Kind::Directory | Kind::Link | Kind::Pipe | Kind::Device | Kind::Socket => {}
        }
    }
    Ok(())
}
