//! The names of clusters: the parts of their paths that differ.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::cluster::Cluster;
use crate::import::path;

/// Parts of paths that do not distinguish clusters.
const COMMON: [&str; 13] = [
    "flux-system",
    "flux",
    "clusters",
    "cluster",
    "overlays",
    "base",
    "gitops",
    "apps",
    "fleet",
    "k8s",
    "kubernetes",
    "infrastructure",
    "identity",
];

pub fn assign_names(clusters: &mut [Cluster]) {
    let directories: Vec<String> = clusters.iter().map(|cluster| cluster.directory.clone()).collect();
    let names = names(&directories);
    for (cluster, name) in clusters.iter_mut().zip(names) {
        cluster.name = name;
    }
}

/// A unique name for each directory: its last distinguishing part, or, where that is not unique, all of them behind the
/// common directory.
fn names(directories: &[String]) -> Vec<String> {
    let parts: Vec<Vec<&str>> = directories.iter().map(|directory| directory.split('/').collect()).collect();
    let begin = parts_in_common(&parts);
    let distinguishing = |parts: &Vec<&str>, skip: usize| -> Vec<String> {
        let rest = parts.iter().skip(skip).filter(|part| !is_common(part));
        rest.map(|part| (*part).to_owned()).collect()
    };
    let last = |parts: &Vec<&str>| clean(&distinguishing(parts, 0).pop().unwrap_or_default());
    let all = |parts: &Vec<&str>| clean(&distinguishing(parts, begin).join("-"));
    let whole = |parts: &Vec<&str>| clean(&parts.join("-"));
    let mut names: Vec<String> = parts.iter().map(last).collect();
    for longer in [&all as &dyn Fn(&Vec<&str>) -> String, &whole] {
        if are_unique(&names) {
            break;
        }
        names = parts.iter().map(longer).collect();
    }
    let (mut known, mut numbers) = (BTreeSet::new(), BTreeMap::new());
    for name in &mut names {
        *name = free_name(name, &mut numbers, |name| !known.contains(name));
        known.insert(name.clone());
    }
    names
}

/// The name itself, or the first free one with a number behind it. `numbers`: the last number of each name, so that the
/// search does not start again.
pub fn free_name(
    name: &str,
    numbers: &mut BTreeMap<String, usize>,
    is_free: impl Fn(&str) -> bool,
) -> String {
    let number = numbers.entry(name.to_owned()).or_default();
    loop {
        *number = number.saturating_add(1);
        let numbered = if *number == 1 { name.to_owned() } else { format!("{name}-{number}") };
        if is_free(&numbered) {
            return numbered;
        }
    }
}

fn are_unique(names: &[String]) -> bool {
    names.iter().collect::<BTreeSet<_>>().len() == names.len()
}

fn is_common(part: &str) -> bool {
    COMMON.contains(&part) || part.starts_with("flux-system-")
}

fn parts_in_common(paths: &[Vec<&str>]) -> usize {
    let joined: Vec<String> = paths.iter().map(|parts| parts.join("/")).collect();
    let common = path::common(joined.iter().map(String::as_str));
    common.split('/').filter(|part| !part.is_empty()).count()
}

/// A name of the characters that a source allows.
fn clean(name: &str) -> String {
    let letter = |letter: char| {
        if letter.is_ascii_alphanumeric() || "-_.".contains(letter) { letter } else { '-' }
    };
    let name: String = name.chars().map(letter).collect();
    let name = name.trim_matches(['-', '_', '.']);
    if name.is_empty() { "my-cluster".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::names;

    fn named(directories: &[&str]) -> Vec<String> {
        names(&directories.iter().map(|directory| (*directory).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_cluster_is_called_as_its_directory_is() {
        assert_eq!(named(&["clusters/dev/flux-system"]), ["dev"]);
        assert_eq!(named(&["apps/flux-system/dev/base", "apps/flux-system/ptl/base"]), ["dev", "ptl"]);
        assert_eq!(named(&["clusters/flux-system"]), ["my-cluster"]);
    }

    #[test]
    fn clusters_of_one_name_are_distinguished_by_the_directories_above() {
        assert_eq!(
            named(&["clusters/aws/dev/flux-system", "clusters/gcp/dev/flux-system"]),
            ["aws-dev", "gcp-dev"]
        );
    }
}
