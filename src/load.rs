//! Reading a source and the files that it includes.

pub mod include;
mod values;

pub use values::load as load_values;

use std::path::Path;

use crate::problem::{FileFault, FileProblem, InputFault, Problem, Problems};
use crate::source::{Source, Sources};
use crate::syntax;
use crate::workspace::{Inputs, SOURCE_LIMIT, Unread};

/// Reads a source, its includes and the files of values that they name, each once, in the order of their paths. `name` is its path in the workspace.
pub fn load(inputs: &Inputs<'_>, name: &Path, problems: &mut Problems) -> Sources {
    let mut sources = Sources::default();
    match read(inputs, name) {
        Ok(source) => {
            let root = sources.add(source);
            let patterns = syntax::includes(&sources, root);
            for path in include::find(&patterns, name, inputs, problems) {
                match read(inputs, &path) {
                    Ok(source) => {
                        sources.add(source);
                    }
                    Err(problem) => {
                        problems.report(problem);
                    }
                }
            }
        }
        Err(problem) => {
            problems.report(problem);
        }
    }
    load_values(inputs, &mut sources, problems);
    sources
}

/// Reads one source of a workspace.
pub fn read(inputs: &Inputs<'_>, path: &Path) -> Result<Source, Problem> {
    let name = inputs.shown(path);
    match inputs.source(path) {
        Ok(bytes) => text(name, bytes),
        Err(unread) => Err(not_read(name, unread)),
    }
}

/// A source from the bytes of its file.
pub fn text(name: String, bytes: Vec<u8>) -> Result<Source, Problem> {
    let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source { name, text }),
        Err(error) => {
            let valid = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
            let line = valid.filter(|byte| **byte == b'\n').count().saturating_add(1);
            Err(FileProblem { path: name, fault: FileFault::SourceNotText { line, utf16 } }.into())
        }
    }
}

/// What is wrong with a source that is not read.
pub fn not_read(path: String, unread: Unread) -> Problem {
    let unreadable = |cause: &str| FileFault::Unreadable { cause: cause.to_owned() };
    let fault = match unread {
        Unread::Refused(InputFault::TooLarge { .. }) => return too_large(path),
        Unread::Refused(fault) => FileFault::Input(fault),
        Unread::Unseen => unreadable("it is in another repository"),
        Unread::Missing => unreadable("no such file or directory"),
        Unread::NotText => unreadable("it is not text"),
        Unread::Unreadable { cause } => FileFault::Unreadable { cause },
    };
    FileProblem { path, fault }.into()
}

/// What is wrong with a source that is over the limit.
pub fn too_large(path: String) -> Problem {
    FileProblem { path, fault: FileFault::LargeSource { limit: SOURCE_LIMIT } }.into()
}
