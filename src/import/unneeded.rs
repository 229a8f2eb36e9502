//! The files that are no longer needed once the overlays are built.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::cluster::Cluster;
use crate::import::file::Reader;
use crate::import::leftover::Content;
use crate::import::{path, stray};
use crate::problem::{AdoptionFault, AdoptionProblem, Problems};
use crate::span::Span;

/// Reports the files that imported overlays no longer need, each once, and returns those that nothing else names.
pub fn report(
    clusters: &[Cluster],
    files: &[String],
    reader: &Reader<'_>,
    problems: &mut Problems,
) -> Vec<String> {
    let mut unneeded: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
    for (path, at) in clusters.iter().flat_map(|cluster| &cluster.unneeded) {
        unneeded.entry(path).or_default().push(*at);
    }
    if unneeded.is_empty() {
        return Vec::new();
    }
    for (path, places) in &unneeded {
        if let Some(first) = places.iter().min() {
            let fault = AdoptionFault::Unneeded { path: (*path).to_owned(), overlays: places.len() };
            problems.report(AdoptionProblem::at(*first, fault));
        }
    }
    let imported: BTreeSet<&str> = clusters.iter().map(|cluster| cluster.path.as_str()).collect();
    let others =
        files.iter().filter(|file| path::is_kustomization(file) && !imported.contains(file.as_str()));
    let paths = unneeded.keys().copied().collect();
    let named = stray::named_by(others, &paths, reader);
    let passed = clusters.iter().flat_map(|cluster| &cluster.leftovers);
    let passed: BTreeSet<&str> = passed.filter_map(|leftover| existing_file(&leftover.content)).collect();
    let can_go = paths.into_iter().filter(|path| !named.contains(*path) && !passed.contains(path));
    can_go.map(str::to_owned).collect()
}

fn existing_file(content: &Content) -> Option<&str> {
    match content {
        Content::File(path) => Some(path),
        Content::Text(_) => None,
    }
}
