//! The directory of a source, and the YAML files below it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::import::is_kustomization;
use crate::native_path;
use crate::workspace::{Disk, Kind, Unread, Workspace as _, cause, exists, real_path};

/// The greatest depth of directories, and the greatest number of names. No real repository has as many.
const MOST_DEEP: usize = 64;
const MOST_NAMES: usize = 4_000_000;

/// The directory of a source.
#[derive(Clone, Debug)]
pub struct Root(PathBuf);

impl Root {
    /// The directory of an output file, or the current one for standard output.
    pub fn find(output: Option<&Path>) -> Root {
        Root(output.and_then(Path::parent).map(Path::to_path_buf).unwrap_or_default())
    }

    /// A path in it for the file system.
    pub fn path(&self, path: &str) -> PathBuf {
        if path.is_empty() { self.0.clone() } else { self.0.join(path) }
    }

    /// A path in it as the user would type it.
    pub fn shown(&self, path: &str) -> String {
        native_path::shown(&self.path(path))
    }

    /// True if a path in it exists.
    pub fn exists(&self, path: &str) -> bool {
        exists(&self.path(path)).unwrap_or(true)
    }

    /// Its files.
    pub fn disk(&self) -> Disk {
        Disk::open(&self.0)
    }

    /// The YAML files below a directory, by their paths from here; or an error message and its help.
    pub fn files(&self, directory: &Path) -> Result<Vec<String>, (String, String)> {
        let shown = native_path::shown(directory);
        let both = real_path(directory).and_then(|real| Ok((real, real_path(&self.0)?)));
        let (real, root) = both.map_err(|error| {
            (format!("cannot read directory `{shown}`: {}", cause(&error)), "name a directory".to_owned())
        })?;
        let Ok(within) = real.strip_prefix(&root) else {
            let message = format!("`{shown}` is outside of the directory of the source");
            return Err((
                message,
                "run from the root of the repository, or place the source there".to_owned(),
            ));
        };
        self.below(within)
    }

    fn below(&self, directory: &Path) -> Result<Vec<String>, (String, String)> {
        let disk = self.disk();
        let (mut files, mut seen) = (Vec::new(), 0_usize);
        let mut waiting = vec![(directory.to_path_buf(), 0_usize)];
        while let Some((directory, depth)) = waiting.pop() {
            let names = disk.names(&directory).map_err(|unread| {
                let message = format!("cannot read directory `{}`: {}", disk.shown(&directory), why(unread));
                (message, "check that it is a readable directory".to_owned())
            })?;
            seen = seen.saturating_add(names.len());
            if depth > MOST_DEEP || seen > MOST_NAMES {
                let message = format!("too many files below `{}`", disk.shown(&directory));
                return Err((message, "name the directories of the overlays instead".to_owned()));
            }
            for (name, kind) in names {
                let Some(name) = name.to_str() else { continue };
                // Links may form a circle, and hidden directories are not part of a fleet.
                match kind {
                    Kind::Directory if !name.starts_with('.') => {
                        waiting.push((directory.join(name), depth.saturating_add(1)));
                    }
                    Kind::File => files.extend(yaml(&directory, name)),
                    // The reader reports what is not a file.
                    Kind::Pipe | Kind::Device | Kind::Socket if is_kustomization(name) => {
                        files.extend(yaml(&directory, name));
                    }
                    Kind::Directory | Kind::Link | Kind::Pipe | Kind::Device | Kind::Socket => {}
                }
            }
        }
        Ok(files)
    }
}

fn why(unread: Unread) -> String {
    match unread {
        Unread::Missing | Unread::Unseen | Unread::NotText => "not a directory".to_owned(),
        Unread::Refused(fault) => fault.cause(),
        Unread::Unreadable { cause } => cause,
    }
}

/// The path of a file that may be YAML.
fn yaml(directory: &Path, name: &str) -> Option<String> {
    let ending = Path::new(name).extension().and_then(OsStr::to_str);
    let is_yaml = matches!(ending, Some("yaml" | "yml")) || is_kustomization(name);
    let path = directory.join(name);
    path.to_str().filter(|_| is_yaml).map(|_| native_path::shown(&path))
}
