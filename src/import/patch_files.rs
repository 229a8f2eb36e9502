//! The files of passthrough patches.

use std::collections::BTreeMap;
use std::path::Path;

use crate::import::cluster::Cluster;
use crate::import::leftover::Content;
use crate::import::naming::free_name;
use crate::import::path;
use crate::workspace::{Entry, Inputs};

/// Assigns a file to each inline patch, in the common directory of the overlays that have it.
pub fn assign_files(clusters: &mut [Cluster], inputs: &Inputs<'_>, out: &mut BTreeMap<String, String>) {
    let mut users: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for cluster in clusters.iter() {
        for leftover in &cluster.leftovers {
            if let Content::Text(text) = &leftover.content {
                let key = (leftover.name.clone(), text.clone());
                let directories = users.entry(key).or_default();
                if directories.last() != Some(&cluster.directory) {
                    directories.push(cluster.directory.clone());
                }
            }
        }
    }
    let mut files: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut numbers = BTreeMap::new();
    for ((name, text), directories) in users {
        let directory = path::common(directories.iter().map(String::as_str));
        let stem = path::in_directory(&path::in_directory(&directory, "patches"), &name);
        let is_free = |stem: &str| {
            let path = format!("{stem}.yaml");
            // Anything else at this path is an error when the file is written.
            let exists = matches!(inputs.entry(Path::new(&path)), Entry::File(_) | Entry::Directory(_));
            // An earlier import may have written it.
            let is_it = || inputs.text(Path::new(&path)).is_ok_and(|known| *known.text == *text);
            !out.contains_key(&path) && (!exists || is_it())
        };
        let path = format!("{}.yaml", free_name(&stem, &mut numbers, is_free));
        out.insert(path.clone(), text.clone());
        files.insert((name, text), path);
    }
    for cluster in clusters.iter_mut() {
        for leftover in &mut cluster.leftovers {
            if let Content::Text(text) = &mut leftover.content {
                let key = (leftover.name.clone(), std::mem::take(text));
                if let Some(path) = files.get(&key) {
                    leftover.content = Content::File(path.clone());
                }
            }
        }
    }
}
