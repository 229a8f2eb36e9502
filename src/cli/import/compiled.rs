//! What an import made, compiled as if it were written.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::check::{Entry, Surroundings, Unread};
use crate::cli::disk::{Asked, Disk};
use crate::import::Imported;
use crate::model::LocalPath;
use crate::problem::{AdoptionFault, AdoptionProblem, Level, Place, Problems};
use crate::source::{Source, Sources};

/// The disk as it would be.
struct After<'i> {
    disk: Disk,
    files: &'i BTreeMap<String, String>,
}

impl Surroundings for After<'_> {
    fn entry(&self, path: &LocalPath, within: &LocalPath) -> Entry {
        let there = self.disk.entry(path, within);
        if there != Entry::Missing {
            there
        } else if self.files.contains_key(path.as_str()) {
            Entry::File
        } else if is_directory(self.files, path.as_str()) {
            Entry::Directory
        } else {
            Entry::Missing
        }
    }

    fn text(&self, path: &LocalPath) -> Result<Arc<str>, Unread> {
        match self.files.get(path.as_str()) {
            Some(text) => Ok(Arc::from(text.as_str())),
            None => self.disk.text(path),
        }
    }

    fn shown(&self, path: &LocalPath) -> String {
        self.disk.shown(path)
    }
}

/// Whether one of these files stands below a path.
fn is_directory(files: &BTreeMap<String, String>, path: &str) -> bool {
    let inside = format!("{path}/");
    files.range(inside.clone()..).next().is_some_and(|(file, _)| file.starts_with(&inside))
}

/// Reports the errors of what an import made. Whether there are none. `root`: the directory of the source; `name`: what
/// that will be called.
pub fn compiles(root: PathBuf, name: &str, imported: &Imported, problems: &mut Problems) -> bool {
    let mut sources = Sources::default();
    let file = sources.add(Source { name: name.to_owned(), text: imported.text.clone() });
    let disk = Disk::below(Some(root), Asked::default());
    let after = After { disk, files: &imported.files };
    let mut said = Problems::default();
    let _fleet = crate::compile(&sources, name, &after, &mut said);
    let findings = said.findings();
    let errors = findings.iter().filter(|finding| finding.code.level() == Level::Error);
    let mut is_right = true;
    for finding in errors {
        is_right = false;
        let line = finding.span().filter(|span| span.file == file).and_then(|span| {
            let start = usize::try_from(span.start).unwrap_or_default();
            let begin = imported.text.get(..start)?.rfind('\n').map_or(0, |at| at.saturating_add(1));
            imported.text.get(begin..)?.lines().next().map(|line| line.trim().to_owned())
        });
        let fault = AdoptionFault::NotCompiled {
            code: finding.code,
            message: finding.message.clone(),
            line: line.unwrap_or_default(),
        };
        let place = match &finding.place {
            Place::File(path) => path.as_str(),
            Place::Source(_) => name,
        };
        problems.push(AdoptionProblem::of_file(place, fault));
    }
    is_right
}
