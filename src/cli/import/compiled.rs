//! The result of an import, compiled as if it were written.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use crate::check::Request;
use crate::import::Imported;
use crate::problem::{AdoptionProblem, Code, Level, Place, Problems, VerificationFault};
use crate::source::{Source, Sources};
use crate::workspace::{Disk, Entry, Inputs, Kind, Unread, Workspace};

/// The disk as it would be after the import.
struct ImportedOverlay<'i> {
    disk: &'i Disk,
    files: &'i BTreeMap<String, String>,
}

impl Workspace for ImportedOverlay<'_> {
    fn entry(&self, path: &Path) -> Entry {
        let there = self.disk.entry(path);
        if there != Entry::Missing {
            there
        } else if self.text(path).is_some() {
            Entry::File(path.to_path_buf())
        } else if is_directory(self.files, path) {
            Entry::Directory(path.to_path_buf())
        } else {
            Entry::Missing
        }
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, Unread> {
        match self.text(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => self.disk.read(path, limit),
        }
    }

    fn names(&self, directory: &Path) -> Result<Vec<(OsString, Kind)>, Unread> {
        self.disk.names(directory)
    }

    fn shown(&self, path: &Path) -> String {
        self.disk.shown(path)
    }
}

impl ImportedOverlay<'_> {
    fn text(&self, path: &Path) -> Option<&String> {
        path.to_str().and_then(|path| self.files.get(path))
    }
}

/// True if one of these files is below a path.
fn is_directory(files: &BTreeMap<String, String>, path: &Path) -> bool {
    let Some(path) = path.to_str() else { return false };
    let inside = format!("{path}/");
    files.range(inside.clone()..).next().is_some_and(|(file, _)| file.starts_with(&inside))
}

/// Reports the errors in the result of an import. True if there are none that keep it from being written. `disk`: the directory of the source;
/// `name`: what that will be called; `is_printed`: whether it is printed.
pub fn compiles(
    disk: &Disk,
    name: &str,
    is_printed: bool,
    imported: &Imported,
    problems: &mut Problems,
) -> bool {
    let mut sources = Sources::default();
    let file = sources.add(Source { name: name.to_owned(), text: imported.text.clone() });
    let after = ImportedOverlay { disk, files: &imported.files };
    let mut found = Problems::default();
    crate::compile(&sources, name, &Inputs::new(&after), &Request::default(), &mut found);
    let findings = found.findings();
    let errors = findings.iter().filter(|finding| finding.code.level() == Level::Error);
    let mut is_right = true;
    for finding in errors {
        let place = match &finding.place {
            Place::File(path) => path.as_str(),
            Place::Source(_) => name,
        };
        // The overlay contradicts itself, and so does what comes of it. There is a source to correct all the same.
        let of_overlay = [
            Code::OtherIdentityInForce,
            Code::IdentityNotUsed,
            Code::FatalArgument,
            Code::ContainerWithoutImage,
        ];
        if of_overlay.contains(&finding.code) {
            let (code, message) = (finding.code, finding.message.clone());
            problems.report(AdoptionProblem::in_file(place, VerificationFault::NotInForce { code, message }));
            continue;
        }
        is_right = false;
        let line = finding.span().filter(|span| span.file == file).and_then(|span| {
            let start = usize::try_from(span.start).unwrap_or_default();
            let begin = imported.text.get(..start)?.rfind('\n').map_or(0, |at| at.saturating_add(1));
            imported.text.get(begin..)?.lines().next().map(|line| line.trim().to_owned())
        });
        let fault = VerificationFault::NotCompiled {
            code: finding.code,
            message: finding.message.clone(),
            line: line.unwrap_or_default(),
            is_printed,
        };
        problems.report(AdoptionProblem::in_file(place, fault));
    }
    is_right
}
