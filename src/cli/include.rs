//! Finding what an `include` names. The only file that knows glob.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use glob::{MatchOptions, Pattern};

use crate::cli::reads::Reads;
use crate::cli::source::Located;
use crate::output::{cause, names_in};
use crate::problem::{FileFault, FileProblem, IncludeFault, IncludeProblem, Problem, Problems};
use crate::span::Span;

const OPTIONS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// The files that patterns match, sorted, without the root file itself. What cannot be read is reported: a file that was
/// left out in silence would take its clusters with it.
pub fn find(
    patterns: &[(String, Span)],
    located: &Located,
    reads: &mut Reads,
    problems: &mut Problems,
) -> Vec<PathBuf> {
    let mut found: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for (pattern, at) in patterns {
        match matches(pattern, located, reads) {
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

/// The files that one pattern matches: what they really are, and their paths.
fn matches(pattern: &str, located: &Located, reads: &mut Reads) -> Result<Vec<(PathBuf, PathBuf)>, Failure> {
    let stays = |component: Component<'_>| matches!(component, Component::Normal(_) | Component::CurDir);
    if pattern.contains('\\') || !Path::new(pattern).components().all(stays) {
        return Err(Failure::Pattern(IncludeFault::Outside));
    }
    // Directories may be linked in a circle.
    if pattern.contains("**") {
        return Err(Failure::Pattern(IncludeFault::Pattern));
    }
    let mut paths = vec![located.root.clone()];
    for part in pattern.split('/').filter(|part| !matches!(*part, "" | ".")) {
        let part = Pattern::new(part).map_err(|_| Failure::Pattern(IncludeFault::Pattern))?;
        let mut next = Vec::new();
        for path in &paths {
            step(path, &part, &mut next, reads)?;
        }
        paths = next;
    }
    let here = if located.root.as_os_str().is_empty() { Path::new(".") } else { located.root.as_path() };
    let real_root = real(here)?;
    let real_root_file = located.path.as_deref().map(real).transpose()?;
    let mut files = Vec::new();
    for path in paths {
        let real = real(&path)?;
        if is_file(&path)? && Some(&real) != real_root_file.as_ref() {
            files.push((real, path));
        }
    }
    match files.as_slice() {
        [] => Err(Failure::Pattern(IncludeFault::Nothing)),
        all if all.iter().all(|(real, _)| real.starts_with(&real_root)) => Ok(files),
        _ => Err(Failure::Pattern(IncludeFault::Outside)),
    }
}

/// What a part of a pattern matches in one directory.
#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
fn step(path: &Path, part: &Pattern, next: &mut Vec<PathBuf>, reads: &mut Reads) -> Result<(), Failure> {
    let is_literal = !part.as_str().contains(['*', '?', '[']);
    if is_literal {
        let path = path.join(part.as_str());
        match fs::metadata(&path) {
            Ok(_) => next.push(path),
            Err(error) if is_absent(&error) => {}
            Err(error) => return Err(unreadable(&path, &error)),
        }
        return Ok(());
    }
    let directory = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let names = match names_in(directory) {
        Ok(names) => names,
        Err(error) if is_absent(&error) => return Ok(()),
        Err(error) => return Err(unreadable(directory, &error)),
    };
    reads.search(directory);
    // They come in the order of their bytes: nobody knows in what order a directory has them.
    for name in names.into_iter().filter(|name| part.matches_with(&name.to_string_lossy(), OPTIONS)) {
        next.push(path.join(name));
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
fn real(path: &Path) -> Result<PathBuf, Failure> {
    fs::canonicalize(path).map_err(|error| unreadable(path, &error))
}

#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
fn is_file(path: &Path) -> Result<bool, Failure> {
    fs::metadata(path).map(|found| found.is_file()).map_err(|error| unreadable(path, &error))
}

fn is_absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    let fault = FileFault::Unreadable { cause: cause(error) };
    Failure::Disk(FileProblem { path: path.display().to_string(), fault }.into())
}
