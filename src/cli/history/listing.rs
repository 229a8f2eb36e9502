//! The files and links in the tree of a commit.

use std::collections::{BTreeMap, BTreeSet};

/// The files, links and submodules of a commit, by their paths from the root of the repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeListing {
    nodes: BTreeMap<Vec<u8>, Node>,
    directories: BTreeSet<Vec<u8>>,
}

/// An entry of a tree that is no directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub kind: NodeKind,
    /// The name of its contents.
    pub object: String,
}

/// What stands in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    File,
    Link,
    /// Another repository, of which nothing is known here.
    Repository,
}

impl TreeListing {
    /// Parses the output of `git ls-tree -r -z`: `MODE TYPE OBJECT<TAB>PATH`, each with a NUL behind it.
    pub fn parse(output: &[u8]) -> TreeListing {
        let mut listing = TreeListing::default();
        for entry in output.split(|byte| *byte == 0) {
            let Some(tab) = entry.iter().position(|byte| *byte == b'\t') else { continue };
            let Some((head, path)) = entry.split_at_checked(tab) else { continue };
            let (Ok(head), Some(path)) = (str::from_utf8(head), path.strip_prefix(b"\t")) else { continue };
            let mut fields = head.split(' ');
            let (mode, _, object) = (fields.next(), fields.next(), fields.next().unwrap_or_default());
            let kind = match mode {
                Some("120000") => NodeKind::Link,
                Some("160000") => NodeKind::Repository,
                _ => NodeKind::File,
            };
            let mut end = path.len();
            while let Some(slash) = path.get(..end).and_then(|path| path.iter().rposition(|it| *it == b'/')) {
                if !listing.directories.insert(path.get(..slash).unwrap_or_default().to_vec()) {
                    break;
                }
                end = slash;
            }
            listing.nodes.insert(path.to_vec(), Node { kind, object: object.to_owned() });
        }
        listing
    }

    /// The entry at a path, unless it is a directory.
    pub fn node(&self, path: &[u8]) -> Option<&Node> {
        self.nodes.get(path)
    }

    /// True if the path is a directory.
    pub fn is_directory(&self, path: &[u8]) -> bool {
        path.is_empty() || self.directories.contains(path)
    }

    /// All entries that are no directories.
    pub fn nodes(&self) -> impl Iterator<Item = (&[u8], &Node)> {
        self.nodes.iter().map(|(path, node)| (path.as_slice(), node))
    }

    /// The names in a directory, in the order of their bytes.
    pub fn names(&self, directory: &[u8]) -> BTreeSet<&[u8]> {
        let begin = if directory.is_empty() { Vec::new() } else { [directory, b"/"].concat() };
        let inner = |path: &'_ [u8]| path.strip_prefix(begin.as_slice()).map(<[u8]>::len);
        let mut names = BTreeSet::new();
        let files = self.nodes.range(begin.clone()..).map(|(path, _)| path);
        for path in files.take_while(|path| inner(path).is_some()) {
            let rest = path.get(begin.len()..).unwrap_or_default();
            let name = rest.split(|byte| *byte == b'/').next().unwrap_or_default();
            names.insert(name);
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use super::{NodeKind, TreeListing};

    #[test]
    fn a_tree_is_read_whatever_its_names_hold() {
        let output = b"100644 blob aa\ta b/c\td\n.flux\x00120000 blob bb\tl\x00160000 commit cc\ta b/\xff\0";
        let listing = TreeListing::parse(output);
        assert_eq!(listing.node(b"a b/c\td\n.flux").map(|node| node.object.as_str()), Some("aa"));
        assert_eq!(listing.node(b"l").map(|node| node.kind), Some(NodeKind::Link));
        assert_eq!(listing.node(b"a b/\xff").map(|node| node.kind), Some(NodeKind::Repository));
        assert!(listing.is_directory(b"a b") && listing.is_directory(b"") && !listing.is_directory(b"a"));
        assert_eq!(listing.names(b"").into_iter().collect::<Vec<_>>(), [&b"a b"[..], b"l"]);
        assert_eq!(listing.names(b"a b").into_iter().collect::<Vec<_>>(), [&b"c\td\n.flux"[..], b"\xff"]);
    }
}
