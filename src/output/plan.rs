//! What stands where the overlays belong, and what is to become of it.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::emit::{self, Document};
use crate::model::{Fleet, OutputPath};
use crate::output::ownership;
use crate::problem::{FileFault, FileProblem, Problems};

/// Everything that a build comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The files, in the order of the fleet's clusters.
    pub files: Vec<Planned>,
}

/// One generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The file, as the user would type it.
    pub shown: String,
    /// The file.
    pub path: PathBuf,
    /// What is to stand in it; nothing if it stands there already.
    pub change: Option<Change>,
}

/// What a build does to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It makes the file, with this text.
    Create(String),
    /// It gives the file this text.
    Replace(String),
}

/// Compares a fleet with what stands on the disk. `root`: the directory of the source, as the user would type it.
/// Whatever must not be written is reported.
pub fn plan(fleet: &Fleet, root: &Path, problems: &mut Problems) -> Plan {
    let mut seen = BTreeSet::new();
    let mut plan = Plan::default();
    for document in fleet.clusters.iter().flat_map(|cluster| emit::documents(fleet, cluster)) {
        let Document { directory, name, text } = document;
        let path = root.join(directory.as_str()).join(name);
        let shown = path.display().to_string();
        let source = emit::source_from(directory, &fleet.source);
        match look(root, directory, &path, &mut seen).and_then(|there| change(there, text, &source, &path)) {
            Ok(change) => plan.files.push(Planned { shown, path, change }),
            Err(problem) => problems.push(*problem),
        }
    }
    plan
}

/// The problem is boxed, for there is seldom one.
type Looked<T> = Result<T, Box<FileProblem>>;

fn problem<T>(path: &Path, fault: FileFault) -> Looked<T> {
    Err(Box::new(FileProblem { path: path.display().to_string(), fault }))
}

fn change(there: Option<Vec<u8>>, text: String, source: &str, path: &Path) -> Looked<Option<Change>> {
    let Some(there) = there else { return Ok(Some(Change::Create(text))) };
    if there == text.as_bytes() {
        return Ok(None);
    }
    match ownership::refusal(&String::from_utf8_lossy(&there), &text, source) {
        Some(fault) => problem(path, fault),
        None => Ok(Some(Change::Replace(text))),
    }
}

/// What stands in the file, if there is one and nothing is in the way.
#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
fn look(
    root: &Path,
    output: &OutputPath,
    path: &Path,
    seen: &mut BTreeSet<PathBuf>,
) -> Looked<Option<Vec<u8>>> {
    let mut directory = root.to_path_buf();
    for part in output.as_str().split('/') {
        directory.push(part);
        if seen.contains(&directory) {
            continue;
        }
        match fs::symlink_metadata(&directory) {
            Ok(found) if found.is_symlink() => return problem(&directory, FileFault::Link),
            Ok(found) if !found.is_dir() => return problem(&directory, FileFault::InTheWay),
            Ok(_) => {
                let _new = seen.insert(directory.clone());
            }
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return problem(&directory, FileFault::Unreadable { cause: cause(&error) }),
        }
    }
    for second in ["kustomization.yml", "Kustomization"] {
        let second = directory.join(second);
        if fs::symlink_metadata(&second).is_ok() {
            return problem(&second, FileFault::SecondKustomization);
        }
    }
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => problem(path, FileFault::Link),
        Ok(found) if !found.is_file() => problem(path, FileFault::InTheWay),
        Ok(_) => match fs::read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) => problem(path, FileFault::Unreadable { cause: cause(&error) }),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => problem(path, FileFault::Unreadable { cause: cause(&error) }),
    }
}

/// Why the system refused, in words of ours where we have some.
#[expect(clippy::wildcard_enum_match_arm, reason = "the library may add kinds of errors at any time")]
pub fn cause(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "it is not there".to_owned(),
        ErrorKind::PermissionDenied => "you may not".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        ErrorKind::IsADirectory => "it is a directory".to_owned(),
        ErrorKind::NotADirectory => "a file stands where a directory belongs".to_owned(),
        ErrorKind::QuotaExceeded => "your quota is used up".to_owned(),
        _ => {
            // The system's own words, without the number that Rust puts behind them.
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or_default().to_lowercase()
        }
    }
}
