//! What a source names beside itself.

use crate::model::{Fault, GOTK_COMPONENTS, OutputPath, PathFault};

/// A file or a directory in the directory of the source: relative to that, with `/` between its parts, none of them
/// `.` or `..`. The directory of the source itself has no part.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalPath(String);

/// What is wrong with the path of something that a source names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalPathFault {
    /// The path itself is.
    Path(PathFault),
    /// It is no path but an address: kustomize would fetch it.
    Remote,
}

impl LocalPath {
    /// Takes a path as a source writes it: from the directory of the source, or from that of the overlay if it begins
    /// with `./`. A `/` at its end does no harm.
    ///
    /// # Errors
    /// The fault and its location in the text.
    pub fn parse(text: &str, overlay: &LocalPath) -> Result<LocalPath, Fault<LocalPathFault>> {
        if is_remote(text) {
            return Err(Fault::whole(LocalPathFault::Remote, text));
        }
        let whole = |fault| Err(Fault::whole(LocalPathFault::Path(fault), text));
        let drive = text.as_bytes().get(1) == Some(&b':');
        if text.is_empty() {
            return whole(PathFault::Empty);
        }
        if text.starts_with('/') || text.starts_with('\\') || drive {
            return whole(PathFault::Absolute);
        }
        let (directory, path) = match text.strip_prefix("./") {
            Some(path) => (overlay.as_str(), path),
            None => ("", text),
        };
        let path = path.strip_suffix('/').unwrap_or(path);
        for part in path.split('/').filter(|_| !path.is_empty()) {
            if let Some(fault) = part_fault(part) {
                return Err(Fault::part(LocalPathFault::Path(fault), text, part));
            }
        }
        if path.len() > 1024 {
            return whole(PathFault::TooLong);
        }
        Ok(LocalPath(
            [directory, path].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/"),
        ))
    }

    /// The path, with `/` between its parts; empty for the directory of the source.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where a path leads that begins in this directory; nothing if it leads out of the directory of the source.
    pub fn join(&self, path: &str) -> Option<LocalPath> {
        if path.starts_with('/') {
            return None;
        }
        let mut parts: Vec<&str> = self.parts().collect();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        Some(LocalPath(parts.join("/")))
    }

    /// The parent directory; `None` above the directory of the source.
    pub fn parent(&self) -> Option<LocalPath> {
        match self.0.rsplit_once('/') {
            Some((parent, _)) => Some(LocalPath(parent.to_owned())),
            None if self.0.is_empty() => None,
            None => Some(LocalPath::default()),
        }
    }

    /// True for a `gotk-components.yaml`.
    pub fn is_components(&self) -> bool {
        self.parts().last() == Some(GOTK_COMPONENTS)
    }

    /// The directories above it, the nearest first.
    pub fn ancestors(&self) -> impl Iterator<Item = LocalPath> + use<> {
        std::iter::successors(self.parent(), LocalPath::parent)
    }

    /// True if it is that directory, or something in it.
    pub fn is_within(&self, directory: &LocalPath) -> bool {
        let mut parts = self.parts();
        directory.parts().all(|part| parts.next() == Some(part))
    }

    /// The same place as a directory sees it.
    pub fn seen_from(&self, directory: &LocalPath) -> String {
        let common = self.parts().zip(directory.parts()).take_while(|(here, there)| here == there).count();
        let up = directory.parts().skip(common).map(|_| "..");
        let path: Vec<&str> = up.chain(self.parts().skip(common)).collect();
        if path.is_empty() { ".".to_owned() } else { path.join("/") }
    }

    fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }
}

impl From<&OutputPath> for LocalPath {
    fn from(output: &OutputPath) -> LocalPath {
        LocalPath(output.as_str().to_owned())
    }
}

/// True if kustomize would take it for an address.
/// Source: `api/internal/git/repospec.go` of kubernetes-sigs/kustomize.
fn is_remote(text: &str) -> bool {
    let lower = text.strip_prefix("./").unwrap_or(text).to_ascii_lowercase();
    let has_host = ["github.com/", "github.com:", "gh:", "git::"].iter().any(|host| lower.starts_with(host));
    let has_user = lower.split('/').next().is_some_and(|first| first.contains('@') && first.contains(':'));
    has_host || has_user || lower.contains("://") || lower.contains("?ref=") || lower.contains("?version=")
}

/// What is wrong with a part of a path. What is there already may be called what it likes, as long as every system can
/// check it out and every reader takes it for a path.
fn part_fault(part: &str) -> Option<PathFault> {
    let is_other = |letter: char| !(' '..='~').contains(&letter) || "\\:*?<>|\"$".contains(letter);
    match part {
        "" | "." => Some(PathFault::EmptyPart),
        ".." => Some(PathFault::Parent),
        _ if part.contains(is_other) => Some(PathFault::Character),
        _ if part.ends_with(['.', ' ']) || part.starts_with(' ') => Some(PathFault::TrailingDot),
        _ if part.eq_ignore_ascii_case(".git") => Some(PathFault::Git),
        _ if part.len() > 255 => Some(PathFault::TooLong),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{LocalPath, LocalPathFault};
    use crate::model::PathFault;

    fn path(text: &str) -> LocalPath {
        LocalPath::default().join(text).expect("it stays inside")
    }

    #[test]
    fn a_path_begins_at_the_source_or_at_the_overlay() {
        let overlay = path("clusters/a/flux-system");
        for (text, whole) in [
            ("infra/extras", "infra/extras"),
            ("infra/extras/", "infra/extras"),
            ("./shard1", "clusters/a/flux-system/shard1"),
            ("./", "clusters/a/flux-system"),
            ("clusters/a/flux-system/x.yaml", "clusters/a/flux-system/x.yaml"),
        ] {
            assert_eq!(LocalPath::parse(text, &overlay), Ok(path(whole)), "{text}");
        }
    }

    #[test]
    fn a_path_leads_nowhere_else() {
        for (text, kind, at) in [
            ("", LocalPathFault::Path(PathFault::Empty), 0..0),
            ("/etc/passwd", LocalPathFault::Path(PathFault::Absolute), 0..11),
            ("C:/x", LocalPathFault::Path(PathFault::Absolute), 0..4),
            ("../x", LocalPathFault::Path(PathFault::Parent), 0..2),
            ("./../x", LocalPathFault::Path(PathFault::Parent), 2..4),
            ("a//b", LocalPathFault::Path(PathFault::EmptyPart), 2..2),
            (".", LocalPathFault::Path(PathFault::EmptyPart), 0..1),
            ("a\\b", LocalPathFault::Path(PathFault::Character), 0..3),
            ("a/.git/b", LocalPathFault::Path(PathFault::Git), 2..6),
            ("https://example.com/x", LocalPathFault::Remote, 0..21),
            ("git@github.com:acme/fleet", LocalPathFault::Remote, 0..25),
            ("ssh://git@example.com/x", LocalPathFault::Remote, 0..23),
            ("github.com/acme/fleet?ref=v1", LocalPathFault::Remote, 0..28),
            ("./github.com/acme", LocalPathFault::Remote, 0..17),
        ] {
            let fault = LocalPath::parse(text, &path("clusters/a")).expect_err(text);
            assert_eq!((fault.kind, fault.at), (kind, at), "{text}");
        }
    }

    #[test]
    fn a_directory_sees_a_path_by_the_shortest_way() {
        let overlay = path("clusters/a/flux-system");
        for (whole, seen) in [
            ("infra/extras", "../../../infra/extras"),
            ("clusters/a/flux-system/shard1", "shard1"),
            ("clusters/a/extras", "../extras"),
            ("clusters/a/flux-system", "."),
            ("clusters/a/flux-systems", "../flux-systems"),
        ] {
            assert_eq!(path(whole).seen_from(&overlay), seen);
            assert_eq!(overlay.join(seen), Some(path(whole)));
        }
        assert_eq!(overlay.join("../../../.."), None);
        assert!(path("clusters/a").is_within(&path("clusters")) && path("a").is_within(&path("")));
        assert!(!path("clusters-b").is_within(&path("clusters")));
    }
}
