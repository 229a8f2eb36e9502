//! Finding what an `include` names. The only file that knows glob.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use glob::{MatchOptions, Pattern};

use crate::load::not_read;
use crate::problem::{FileFault, FileProblem, IncludeFault, IncludeProblem, InputFault, Problem, Problems};
use crate::span::Span;
use crate::workspace::{Entry, Inputs, Kind, Unread};

const OPTIONS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// The files that patterns match, sorted, without the root source itself; paths are from its directory. What cannot be
/// read is reported: a file that was left out in silence would take its clusters with it.
pub fn find(
    patterns: &[(String, Span)],
    root_file: &Path,
    inputs: &Inputs<'_>,
    problems: &mut Problems,
) -> Vec<PathBuf> {
    let mut found: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for (pattern, at) in patterns {
        match matches(pattern, root_file, inputs) {
            Ok(files) => {
                for (real, path) in files {
                    found.entry(real).or_insert(path);
                }
            }
            Err(Failure::Pattern(fault)) => {
                problems.report(IncludeProblem { at: *at, fault });
            }
            Err(Failure::Disk(problem)) => {
                problems.report(problem);
            }
        }
        if found.len() > usize::from(u16::MAX) - 1 {
            problems.report(IncludeProblem { at: *at, fault: IncludeFault::TooMany });
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

/// The files that one pattern matches: where they really stand, and their paths.
fn matches(pattern: &str, root_file: &Path, inputs: &Inputs<'_>) -> Result<Vec<(PathBuf, PathBuf)>, Failure> {
    let stays = |component: Component<'_>| matches!(component, Component::Normal(_) | Component::CurDir);
    if pattern.contains('\\') || !Path::new(pattern).components().all(stays) {
        return Err(Failure::Pattern(IncludeFault::Outside));
    }
    // It would look into directories to any depth.
    if pattern.contains("**") {
        return Err(Failure::Pattern(IncludeFault::Pattern));
    }
    let parts: Vec<&str> = pattern.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let mut paths = vec![PathBuf::new()];
    let mut ahead = parts.len();
    for part in parts {
        ahead = ahead.saturating_sub(1);
        let part = Pattern::new(part).map_err(|_| Failure::Pattern(IncludeFault::Pattern))?;
        paths = step(&paths, &part, ahead == 0, inputs)?;
    }
    let mut files = Vec::new();
    for path in paths {
        match inputs.entry_within(&path, Path::new("")) {
            Entry::File(real) => files.push((real, path)),
            Entry::Directory(_) => {}
            Entry::Refused(InputFault::LeadsOutside) => {
                return Err(Failure::Pattern(IncludeFault::Outside));
            }
            entry @ (Entry::Unseen | Entry::Missing | Entry::Refused(_) | Entry::Unreadable { .. }) => {
                return Err(unreadable(&path, entry, inputs));
            }
        }
    }
    let real_root_file = inputs.entry(root_file).place().map(Path::to_path_buf);
    files.retain(|(real, _)| Some(real) != real_root_file.as_ref());
    if files.is_empty() { Err(Failure::Pattern(IncludeFault::Nothing)) } else { Ok(files) }
}

/// What a part of a pattern matches in some directories. Links may lead to one directory in many ways: each is gone into
/// once, so that a pattern takes no longer than there are directories.
fn step(
    paths: &[PathBuf],
    part: &Pattern,
    is_last: bool,
    inputs: &Inputs<'_>,
) -> Result<Vec<PathBuf>, Failure> {
    let is_literal = !part.as_str().contains(['*', '?', '[']);
    let (mut next, mut gone_into) = (Vec::new(), BTreeSet::new());
    for path in paths {
        let place = match inputs.entry(path) {
            Entry::Directory(place) => place,
            Entry::Missing | Entry::File(_) => continue,
            Entry::Refused(InputFault::LeadsOutside) => {
                return Err(Failure::Pattern(IncludeFault::Outside));
            }
            // A pipe or a link to nothing has nothing in it.
            Entry::Refused(_) if !path.as_os_str().is_empty() => continue,
            entry @ (Entry::Unseen | Entry::Refused(_) | Entry::Unreadable { .. }) => {
                return Err(unreadable(path, entry, inputs));
            }
        };
        if !gone_into.insert(place) {
            continue;
        }
        if is_literal {
            let path = path.join(part.as_str());
            if inputs.entry(&path) != Entry::Missing {
                next.push(path);
            }
            continue;
        }
        // They come in the order of their bytes: nobody knows in what order a directory has them.
        let names = match inputs.names(path) {
            Ok(names) => names,
            Err(Unread::Missing) => continue,
            Err(unread) => return Err(Failure::Disk(not_read(inputs.shown(path), unread))),
        };
        let may_lead_on = |kind| is_last || matches!(kind, Kind::Directory | Kind::Link);
        let names = names.into_iter().filter(|(_, kind)| may_lead_on(*kind));
        let matching = names.filter(|(name, _)| part.matches_with(&name.to_string_lossy(), OPTIONS));
        next.extend(matching.map(|(name, _)| path.join(name)));
    }
    Ok(next)
}

/// What is wrong with something that a pattern matches and that is neither a file nor a directory.
fn unreadable(path: &Path, entry: Entry, inputs: &Inputs<'_>) -> Failure {
    let fault = match entry {
        Entry::Refused(fault) => FileFault::Input(fault),
        Entry::Unreadable { cause } => FileFault::Unreadable { cause },
        Entry::Unseen => FileFault::Unreadable { cause: "it is in another repository".to_owned() },
        Entry::Missing | Entry::File(_) | Entry::Directory(_) => {
            FileFault::Unreadable { cause: "no such file or directory".to_owned() }
        }
    };
    Failure::Disk(FileProblem { path: inputs.shown(path), fault }.into())
}
