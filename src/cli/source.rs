//! Finding and reading the sources.

use std::fs;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use crate::cli::include::{self, OnDisk};
use crate::cli::reads::Reads;
use crate::output::cause;
use crate::problem::{FileFault, FileProblem, Problem, Problems, SyntaxProblem};
use crate::source::{DEFAULT_NAME, MAX_BYTES, Source, Sources};
use crate::syntax;

/// Where the source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The file; nothing for standard input.
    pub path: Option<PathBuf>,
    /// The file name that overlays call it by.
    pub name: String,
    /// The directory that overlays are written below; empty for the current one.
    pub root: PathBuf,
}

/// Why there is no source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unlocated {
    /// It was asked for wrongly: what is wrong, and what to do.
    Usage(String, String),
    /// The machine failed.
    Machine(FileProblem),
}

/// Finds the source: what `--file` says, else `identity.flux` here or in a parent up to the repository's root.
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
                let message = format!("`{}` is not the name of a file", file.display());
                return Err(Unlocated::Usage(message, "name the source".to_owned()));
            };
            let root = file.parent().map(Path::to_path_buf).unwrap_or_default();
            Ok(Located { path: Some(file.to_path_buf()), name: name.to_owned(), root })
        }
        None => search(),
    }
}

#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
fn search() -> Result<Located, Unlocated> {
    let here = std::env::current_dir().map_err(|error| unreadable(Path::new("."), &error))?;
    // Outside of a repository only this directory is looked at: what lies above may be anybody's.
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
    let message = format!("there is no `{DEFAULT_NAME}` here or in a directory above");
    Err(Unlocated::Usage(message, "write one, or name the source with `--file FILE`".to_owned()))
}

/// Whether there is such a path. A directory that cannot be looked into is a reason to stop, not to look elsewhere.
#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
fn is_there(path: &Path) -> Result<bool, Unlocated> {
    match fs::metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(false),
        Err(error) => Err(unreadable(path, &error)),
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Unlocated {
    let fault = FileFault::Unreadable { cause: cause(error) };
    Unlocated::Machine(FileProblem { path: path.display().to_string(), fault })
}

/// Reads a source and all that it includes, in the order of their paths, each once.
pub fn load(located: &Located, reads: &mut Reads, problems: &mut Problems) -> Sources {
    let mut sources = Sources::default();
    reads.extend(located.path.as_deref());
    match read(located.path.as_deref()) {
        Ok(source) => {
            let root = sources.add(source);
            let patterns = syntax::includes(&sources, root);
            let file = located.path.as_deref();
            let mut shelf = OnDisk { reads };
            for path in include::find(&patterns, &located.root, file, &mut shelf, problems) {
                reads.extend([path.as_path()]);
                match read(Some(&path)) {
                    Ok(source) => {
                        let _id = sources.add(source);
                    }
                    Err(problem) => problems.push(problem),
                }
            }
        }
        Err(problem) => problems.push(problem),
    }
    sources
}

/// Reads one file, or standard input.
#[expect(clippy::disallowed_methods, reason = "the file system and the terminal are met here")]
pub fn read(path: Option<&Path>) -> Result<Source, Problem> {
    let name = path.map_or_else(|| "-".to_owned(), |path| path.display().to_string());
    let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let read = match path {
        Some(path) => fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)),
        None => std::io::stdin().lock().take(limit).read_to_end(&mut bytes),
    };
    if let Err(error) = read {
        let fault = FileFault::Unreadable { cause: cause(&error) };
        return Err(FileProblem { path: name, fault }.into());
    }
    text(name, bytes)
}

/// The text of a file, if it is text.
pub fn text(name: String, bytes: Vec<u8>) -> Result<Source, Problem> {
    if bytes.len() > MAX_BYTES {
        return Err(SyntaxProblem::TooLarge { path: name, limit: MAX_BYTES }.into());
    }
    let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source { name, text }),
        Err(error) => {
            let valid = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
            let line = valid.filter(|byte| **byte == b'\n').count().saturating_add(1);
            Err(SyntaxProblem::NotText { path: name, line, utf16 }.into())
        }
    }
}
