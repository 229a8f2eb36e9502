//! Reading the files of values that sources name.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use crate::load::text;
use crate::problem::{InputFault, Problems, ValuesFault, ValuesProblem};
use crate::source::Sources;
use crate::syntax;
use crate::workspace::{Entry, Inputs, Unread};

/// Reads the files of values that these sources name, each once. What is not read is reported where it is named.
pub fn load(inputs: &Inputs<'_>, sources: &mut Sources, problems: &mut Problems) {
    let files: Vec<_> = sources.iter().map(|(file, _)| file).collect();
    let mut tried = BTreeSet::new();
    for file in files {
        for (path, at) in syntax::values(sources, file) {
            if !tried.insert(path.clone()) {
                continue;
            }
            match read(inputs, &path) {
                Ok((name, bytes)) => match text(name, bytes) {
                    Ok(source) => {
                        sources.add_values(&path, source);
                    }
                    Err(problem) => {
                        problems.report(problem);
                    }
                },
                Err(fault) => {
                    problems.report(ValuesProblem { at, fault });
                }
            }
        }
    }
}

/// The bytes of a file of values, and its name.
fn read(inputs: &Inputs<'_>, path: &str) -> Result<(String, Vec<u8>), ValuesFault> {
    let stays = |component: Component<'_>| matches!(component, Component::Normal(_) | Component::CurDir);
    if path.contains('\\') || !Path::new(path).components().all(stays) {
        return Err(ValuesFault::Outside);
    }
    let place: PathBuf = Path::new(path).components().filter(|it| *it != Component::CurDir).collect();
    match inputs.entry_within(&place, Path::new("")) {
        Entry::Refused(InputFault::LeadsOutside) => return Err(ValuesFault::Outside),
        Entry::Directory(_) => return Err(ValuesFault::Unread(InputFault::Directory.cause())),
        Entry::Missing | Entry::Unseen | Entry::File(_) | Entry::Refused(_) | Entry::Unreadable { .. } => {}
    }
    let bytes = inputs.source(&place).map_err(|unread| match unread {
        Unread::Missing => ValuesFault::Missing,
        Unread::Refused(InputFault::LeadsOutside) => ValuesFault::Outside,
        Unread::Refused(fault) => ValuesFault::Unread(fault.cause()),
        Unread::Unseen => ValuesFault::Unseen,
        Unread::NotText => ValuesFault::Unread("it is not text".to_owned()),
        Unread::Unreadable { cause } => ValuesFault::Unread(cause),
    })?;
    Ok((inputs.shown(&place), bytes))
}
