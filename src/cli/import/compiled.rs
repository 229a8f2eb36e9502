//! The result of an import, compiled as if it were written, and built in memory.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use rayon::prelude::*;

use crate::check::Request;
use crate::emit;
use crate::import::{Imported, path};
use crate::kustomize::Manifests;
use crate::load;
use crate::model::Cluster;
use crate::overlay_build::Builder;
use crate::problem::{AdoptionProblem, Code, Level, Place, Problems, VerificationFault};
use crate::source::{Source, Sources};
use crate::workspace::{Disk, Entry, Inputs, Kind, Unread, Workspace};

/// The disk with the files of the import.
struct ImportedFiles<'i> {
    disk: &'i Disk,
    files: &'i BTreeMap<String, String>,
}

impl Workspace for ImportedFiles<'_> {
    fn entry(&self, path: &Path) -> Entry {
        let existing = self.disk.entry(path);
        if existing != Entry::Missing {
            existing
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

impl ImportedFiles<'_> {
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

/// What `build` would write for an import.
pub struct Compiled {
    /// The texts of each imported overlay and what belongs to it, by their paths.
    pub texts: Vec<BTreeMap<String, String>>,
}

/// Compiles an import as if it were written; `None` if it has errors, which are reported.
/// `disk`: the directory of the source; `name`: its file name; `is_printed`: true if it is printed.
pub fn compile(
    disk: &Disk,
    name: &str,
    is_printed: bool,
    imported: &Imported,
    problems: &mut Problems,
) -> Option<Compiled> {
    let mut sources = Sources::default();
    let file = sources.add(Source { name: name.to_owned(), text: imported.text.clone() });
    let after = ImportedFiles { disk, files: &imported.files };
    let inputs = Inputs::new(&after);
    let mut found = Problems::default();
    load::load_values(&inputs, &mut sources, &mut found);
    let mut fleet = crate::compile(&sources, name, &inputs, &Request::default(), &mut found);
    let findings = found.findings();
    let mut is_right = true;
    for finding in findings.iter().filter(|finding| finding.code.level() == Level::Error) {
        let place = match &finding.place {
            Place::File(path) => path.as_str(),
            Place::Source(_) => name,
        };
        let (code, message) = (finding.code, finding.message.clone());
        // The overlay has the same mistake. The source is shown, to be corrected.
        let of_overlay = [
            Code::OtherEffectiveIdentity,
            Code::IdentityNotUsed,
            Code::FatalArgument,
            Code::ContainerWithoutImage,
            Code::RejectedObject,
        ];
        if of_overlay.contains(&code) {
            problems
                .report(AdoptionProblem::in_file(place, VerificationFault::NotEffective { code, message }));
            continue;
        }
        is_right = false;
        let line = finding.span().filter(|span| span.file == file).and_then(|span| {
            let start = usize::try_from(span.start).unwrap_or_default();
            let begin = imported.text.get(..start)?.rfind('\n').map_or(0, |at| at.saturating_add(1));
            imported.text.get(begin..)?.lines().next().map(|line| line.trim().to_owned())
        });
        let line = line.unwrap_or_default();
        let fault = VerificationFault::NotCompiled { code, message, line, is_printed };
        problems.report(AdoptionProblem::in_file(place, fault));
    }
    if is_right && fleet.is_none() {
        let request = Request { ignores_effect: true, ..Request::default() };
        fleet = crate::compile(&sources, name, &inputs, &request, &mut Problems::default());
    }
    let fleet = fleet.filter(|_| is_right)?;
    let clusters: BTreeMap<&str, &Cluster> =
        fleet.clusters.iter().map(|cluster| (cluster.name.as_str(), cluster)).collect();
    let texts = imported.overlays.iter().map(|overlay| {
        let documents =
            clusters.get(overlay.cluster.as_str()).map(|cluster| emit::documents(&fleet, cluster));
        let written = documents.into_iter().flatten();
        let written = written.map(|one| (path::in_directory(one.directory.as_str(), one.name), one.text));
        let edited = imported.files.get(&overlay.file).map(|text| (overlay.file.clone(), text.clone()));
        written.chain(edited).collect()
    });
    Some(Compiled { texts: texts.collect() })
}

/// Builds each overlay before and after the import in memory, and returns the differences, by the files of the overlays.
pub fn refuted(imported: &Imported, compiled: &Compiled, disk: &Disk) -> BTreeMap<String, String> {
    let (inputs, manifests) = (Inputs::new(disk), Manifests::new());
    let builder = Builder { inputs: &inputs, manifests: &manifests };
    let pairs: Vec<_> = imported.overlays.iter().zip(&compiled.texts).collect();
    let differences = pairs
        .into_par_iter()
        .filter_map(|(overlay, texts)| Some((overlay.file.clone(), builder.difference(overlay, texts)?)));
    differences.collect()
}
