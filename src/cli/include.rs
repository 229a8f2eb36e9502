//! Finding what an `include` names. The only file that knows glob.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use glob::{MatchOptions, Pattern};

use crate::cli::reads::Reads;
use crate::output::{cause, names_in};
use crate::problem::{FileFault, FileProblem, IncludeFault, IncludeProblem, Problem, Problems};
use crate::span::Span;

const OPTIONS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// Where included files are looked for.
pub trait Shelf {
    /// Whether something stands there.
    fn is_there(&mut self, path: &Path) -> Result<bool, Problem>;

    /// The names in a directory, in the order of their bytes; nothing if it is none.
    fn names(&mut self, directory: &Path) -> Result<Option<Vec<OsString>>, Problem>;

    /// Where the links on the way to a path lead.
    fn real(&mut self, path: &Path) -> Result<PathBuf, Problem>;

    /// Whether a file stands there.
    fn is_file(&mut self, path: &Path) -> Result<bool, Problem>;
}

/// The files that patterns match, sorted, without the root file itself. `root` is its directory. What cannot be read is
/// reported: a file that was left out in silence would take its clusters with it.
pub fn find(
    patterns: &[(String, Span)],
    root: &Path,
    root_file: Option<&Path>,
    shelf: &mut dyn Shelf,
    problems: &mut Problems,
) -> Vec<PathBuf> {
    let mut found: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for (pattern, at) in patterns {
        match matches(pattern, root, root_file, shelf) {
            Ok(files) => {
                for (real, path) in files {
                    let _first = found.entry(real).or_insert(path);
                }
            }
            Err(Failure::Pattern(fault)) => problems.push(IncludeProblem { at: *at, fault }),
            Err(Failure::Disk(problem)) => problems.push(problem),
        }
        if found.len() > usize::from(u16::MAX) - 1 {
            problems.push(IncludeProblem { at: *at, fault: IncludeFault::TooMany });
            return Vec::new();
        }
    }
    let mut paths: Vec<PathBuf> = found.into_values().collect();
    paths.sort();
    paths
}

/// Why a pattern has no files.
enum Failure {
    Pattern(IncludeFault),
    Disk(Problem),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Failure {
        Failure::Disk(problem)
    }
}

/// The files that one pattern matches: what they really are, and their paths.
fn matches(
    pattern: &str,
    root: &Path,
    root_file: Option<&Path>,
    shelf: &mut dyn Shelf,
) -> Result<Vec<(PathBuf, PathBuf)>, Failure> {
    let stays = |component: Component<'_>| matches!(component, Component::Normal(_) | Component::CurDir);
    if pattern.contains('\\') || !Path::new(pattern).components().all(stays) {
        return Err(Failure::Pattern(IncludeFault::Outside));
    }
    // Directories may be linked in a circle.
    if pattern.contains("**") {
        return Err(Failure::Pattern(IncludeFault::Pattern));
    }
    let mut paths = vec![root.to_path_buf()];
    for part in pattern.split('/').filter(|part| !matches!(*part, "" | ".")) {
        let part = Pattern::new(part).map_err(|_| Failure::Pattern(IncludeFault::Pattern))?;
        let mut next = Vec::new();
        for path in &paths {
            step(path, &part, &mut next, shelf)?;
        }
        paths = next;
    }
    let real_root = shelf.real(named(root))?;
    let real_root_file = root_file.map(|file| shelf.real(file)).transpose()?;
    let mut files = Vec::new();
    for path in paths {
        let real = shelf.real(&path)?;
        if shelf.is_file(&path)? && Some(&real) != real_root_file.as_ref() {
            files.push((real, path));
        }
    }
    match files.as_slice() {
        [] => Err(Failure::Pattern(IncludeFault::Nothing)),
        all if all.iter().all(|(real, _)| real.starts_with(&real_root)) => Ok(files),
        _ => Err(Failure::Pattern(IncludeFault::Outside)),
    }
}

/// A directory by a name that is not empty.
fn named(directory: &Path) -> &Path {
    if directory.as_os_str().is_empty() { Path::new(".") } else { directory }
}

/// What a part of a pattern matches in one directory.
fn step(path: &Path, part: &Pattern, next: &mut Vec<PathBuf>, shelf: &mut dyn Shelf) -> Result<(), Failure> {
    let is_literal = !part.as_str().contains(['*', '?', '[']);
    if is_literal {
        let path = path.join(part.as_str());
        if shelf.is_there(&path)? {
            next.push(path);
        }
        return Ok(());
    }
    // They come in the order of their bytes: nobody knows in what order a directory has them.
    let names = shelf.names(named(path))?.unwrap_or_default();
    for name in names.into_iter().filter(|name| part.matches_with(&name.to_string_lossy(), OPTIONS)) {
        next.push(path.join(name));
    }
    Ok(())
}

/// The disk, and what is noted of it.
pub struct OnDisk<'r> {
    /// What the run read.
    pub reads: &'r mut Reads,
}

impl Shelf for OnDisk<'_> {
    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    fn is_there(&mut self, path: &Path) -> Result<bool, Problem> {
        match fs::metadata(path) {
            Ok(_) => Ok(true),
            Err(error) if is_absent(&error) => Ok(false),
            Err(error) => Err(unreadable(path, &error)),
        }
    }

    fn names(&mut self, directory: &Path) -> Result<Option<Vec<OsString>>, Problem> {
        match names_in(directory) {
            Ok(names) => {
                self.reads.search(directory);
                Ok(Some(names))
            }
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(unreadable(directory, &error)),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    fn real(&mut self, path: &Path) -> Result<PathBuf, Problem> {
        fs::canonicalize(path).map_err(|error| unreadable(path, &error))
    }

    #[expect(clippy::disallowed_methods, reason = "the file system is met here")]
    fn is_file(&mut self, path: &Path) -> Result<bool, Problem> {
        fs::metadata(path).map(|found| found.is_file()).map_err(|error| unreadable(path, &error))
    }
}

fn is_absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    let fault = FileFault::Unreadable { cause: cause(error) };
    FileProblem { path: path.display().to_string(), fault }.into()
}
