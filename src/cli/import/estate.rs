//! The directory that a source is to stand in, on this disk.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::import::{Estate, Unread, is_kustomization};
use crate::output::cause;

/// The largest file that is read, in bytes: what `flux install` writes is the largest there is.
const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// The directory that a source is to stand in.
#[derive(Clone, Debug)]
pub struct Root(PathBuf);

impl Root {
    /// That of a source which is to be written there, or of one on standard output.
    pub fn of(output: Option<&Path>) -> Root {
        Root(output.and_then(Path::parent).map(Path::to_path_buf).unwrap_or_default())
    }

    /// A path in it as the disk has it.
    pub fn path(&self, path: &str) -> PathBuf {
        if path.is_empty() { self.0.clone() } else { self.0.join(path) }
    }

    fn real(&self) -> io::Result<PathBuf> {
        let here = if self.0.as_os_str().is_empty() { Path::new(".") } else { &self.0 };
        #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
        fs::canonicalize(here)
    }

    /// The files of YAML below a directory, by their paths from here; or what is wrong, and what to do.
    pub fn files(&self, directory: &Path) -> Result<Vec<String>, (String, String)> {
        let shown = directory.display();
        #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
        let both = fs::canonicalize(directory).and_then(|real| Ok((real, self.real()?)));
        let (real, root) = both.map_err(|error| {
            (format!("cannot look in `{shown}`: {}", cause(&error)), "name a directory".to_owned())
        })?;
        let Ok(within) = real.strip_prefix(&root) else {
            let message = format!("`{shown}` is outside of the directory of the source");
            return Err((
                message,
                "start from the root of the repository, or put the source there".to_owned(),
            ));
        };
        let mut files = Vec::new();
        let mut waiting = vec![within.to_path_buf()];
        while let Some(directory) = waiting.pop() {
            #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
            let entries = fs::read_dir(root.join(&directory)).map_err(|error| {
                let message = format!("cannot look in `{}`: {}", directory.display(), cause(&error));
                (message, "see that it is a directory and may be read".to_owned())
            })?;
            for entry in entries.flatten() {
                let name = entry.file_name();
                let Some(name) = name.to_str() else { continue };
                // Links may go round in a circle, and what is hidden is no part of a fleet.
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() && !name.starts_with('.') => waiting.push(directory.join(name)),
                    Ok(kind) if kind.is_file() => files.extend(yaml(&directory, name)),
                    Ok(_) | Err(_) => {}
                }
            }
        }
        Ok(files)
    }
}

/// The path of a file that may be YAML.
fn yaml(directory: &Path, name: &str) -> Option<String> {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
    let is_yaml = matches!(ending, Some("yaml" | "yml")) || is_kustomization(name);
    let path = directory.join(name);
    path.to_str().filter(|_| is_yaml).map(str::to_owned)
}

impl Estate for Root {
    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    fn text(&self, path: &str) -> Result<Rc<str>, Unread> {
        let path = self.path(path);
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => return Err(Unread::Missing),
            Ok(found) if found.len() > MAX_BYTES => return Err(Unread::NotText),
            Ok(_) | Err(_) => {}
        }
        match fs::read(&path) {
            Ok(bytes) => String::from_utf8(bytes).map(Rc::from).map_err(|_| Unread::NotText),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                Err(Unread::Missing)
            }
            Err(error) => Err(Unread::Unreadable { cause: cause(&error) }),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    fn exists(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    fn shown(&self, path: &str) -> String {
        self.path(path).display().to_string()
    }
}
