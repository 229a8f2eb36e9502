//! Finding the source, and reading it from standard input.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::load::{text, too_large};
use crate::native_path;
use crate::problem::{FileFault, FileProblem, Problem};
use crate::source::{DEFAULT_NAME, Source};
use crate::workspace::{SOURCE_LIMIT, cause, is_named};

/// Where the source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The file; `None` for standard input.
    pub path: Option<PathBuf>,
    /// The file name in overlays.
    pub name: String,
    /// The directory that contains the overlays; empty for the current one.
    pub root: PathBuf,
}

/// Why there is no source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unlocated {
    /// A usage error: message and help.
    Usage(String, String),
    /// System failure.
    Machine(FileProblem),
}

/// Finds the source: `--file`, or else `identity.flux` in this directory or a parent up to the root of the repository.
pub fn locate(file: Option<&Path>, may_be_stdin: bool) -> Result<Located, Unlocated> {
    match file {
        Some(file) if file == Path::new("-") && may_be_stdin => {
            Ok(Located { path: None, name: DEFAULT_NAME.to_owned(), root: PathBuf::new() })
        }
        Some(file) if file == Path::new("-") => {
            let message = "this command does not read standard input".to_owned();
            Err(Unlocated::Usage(
                message,
                "`check`, `render` and `show` do; or write the source to a file".to_owned(),
            ))
        }
        Some(file) => {
            let Some(name) = file.file_name().and_then(|name| name.to_str()) else {
                let message = format!("`{}` is not a file name", native_path::shown(file));
                return Err(Unlocated::Usage(message, "name a file".to_owned()));
            };
            let root = file.parent().map(Path::to_path_buf).unwrap_or_default();
            Ok(Located { path: Some(file.to_path_buf()), name: name.to_owned(), root })
        }
        None => search(),
    }
}

#[expect(clippy::disallowed_methods, reason = "the current directory is met here")]
fn search() -> Result<Located, Unlocated> {
    let here = std::env::current_dir().map_err(|error| unreadable(Path::new("."), &error))?;
    // Outside of a repository parents are not searched: they may belong to another user.
    let mut to_root = 0;
    for (up, directory) in here.ancestors().enumerate() {
        if is_there(&directory.join(".git"))? {
            to_root = up;
            break;
        }
    }
    for up in 0..=to_root {
        let root: PathBuf = std::iter::repeat_n("..", up).collect();
        let path = root.join(DEFAULT_NAME);
        if is_there(&path)? {
            return Ok(Located { path: Some(path), name: DEFAULT_NAME.to_owned(), root });
        }
    }
    let message = format!("no `{DEFAULT_NAME}` in this directory or its parents");
    Err(Unlocated::Usage(message, "create one with `flux-identity init`, or use `--file FILE`".to_owned()))
}

/// True if the path exists. An unreadable directory stops the search.
fn is_there(path: &Path) -> Result<bool, Unlocated> {
    is_named(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Unlocated {
    let fault = FileFault::Unreadable { cause: cause(error) };
    Unlocated::Machine(FileProblem { path: native_path::shown(path), fault })
}

/// Reads a source from standard input.
#[expect(clippy::disallowed_methods, reason = "the terminal is met here")]
pub fn read_stdin() -> Result<Source, Problem> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(SOURCE_LIMIT.saturating_add(1)).read_to_end(&mut bytes);
    match read {
        Ok(length) if length as u64 > SOURCE_LIMIT => Err(too_large("-".to_owned())),
        Ok(_) => text("-".to_owned(), bytes),
        Err(error) => {
            let fault = FileFault::Unreadable { cause: cause(&error) };
            Err(FileProblem { path: "-".to_owned(), fault }.into())
        }
    }
}
