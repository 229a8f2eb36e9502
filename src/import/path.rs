//! Paths in the directory of the source, with `/` between their parts.

use crate::kustomize;
use crate::kustomize::is_remote_file;

/// The path that an entry of a kustomization in `directory` names; `None` if that is outside or remote. kustomize reads it
/// as a repository if there is no such file and [`is_repository`](crate::kustomize::is_repository) is true.
pub fn join(directory: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || is_remote_file(path) || path.contains('\\') {
        return None;
    }
    let mut parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The directory that a path is in; the outermost one has no name.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The last part of a path.
pub fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

pub fn is_yaml(path: &str) -> bool {
    matches!(name(path).rsplit_once('.'), Some((_, "yaml" | "yml")))
}

pub fn in_directory(directory: &str, name: &str) -> String {
    if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") }
}

/// The rest of a path behind that of a directory; `None` if it is not in there.
pub fn below<'p>(directory: &str, path: &'p str) -> Option<&'p str> {
    match path.strip_prefix(directory)? {
        "" => Some(""),
        rest if directory.is_empty() => Some(rest),
        rest => rest.strip_prefix('/'),
    }
}

/// The directory that all of these are in.
pub fn common<'p>(paths: impl IntoIterator<Item = &'p str>) -> String {
    let mut common: Option<Vec<&str>> = None;
    for path in paths {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        common = Some(match common {
            None => parts,
            Some(known) => {
                known.into_iter().zip(parts).take_while(|(one, two)| one == two).map(|(one, _)| one).collect()
            }
        });
    }
    common.unwrap_or_default().join("/")
}

/// True for the file names of a kustomization.
pub fn is_kustomization(path: &str) -> bool {
    kustomize::NAMES.contains(&name(path))
}

#[cfg(test)]
mod tests {
    use super::{below, common, join};

    #[test]
    fn paths_lead_up_and_down_but_not_out() {
        let here = "clusters/dev/flux-system";
        for (path, found) in [
            ("./a.yaml", Some("clusters/dev/flux-system/a.yaml")),
            ("../../base/", Some("clusters/base")),
            ("../../../..", None),
            ("/etc/passwd", None),
            ("https://example.org/a.yaml", None),
        ] {
            assert_eq!(join(here, path).as_deref(), found, "{path}");
        }
    }

    #[test]
    fn a_path_is_below_a_directory_by_whole_parts() {
        assert_eq!(below("a/b", "a/b/c/d"), Some("c/d"));
        assert_eq!((below("", "a/b"), below("a/b", "a/b")), (Some("a/b"), Some("")));
        assert_eq!((below("a/b", "a/bc"), below("a/b", "a")), (None, None));
    }

    #[test]
    fn what_paths_have_in_common_are_whole_parts() {
        assert_eq!(common(["a/bc/d", "a/bd/d"]), "a");
        assert_eq!(common(["a/b"]), "a/b");
    }
}
