//! Directories as values: what stands below one, and a copy of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    /// A regular file, and its bytes.
    File(Vec<u8>),
    /// A symbolic link, and where it points.
    Link(PathBuf),
}

/// Every file and link below a directory, by its path from there, with `/` on every system. Links are not followed; pipes,
/// sockets and devices are left out.
pub fn nodes(root: &Path) -> BTreeMap<String, Node> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).expect("the directory is read") {
            let entry = entry.expect("the entry is read");
            let path = entry.path();
            let kind = entry.file_type().expect("the kind is known");
            let node = if kind.is_dir() {
                open.push(path);
                continue;
            } else if kind.is_symlink() {
                Node::Link(fs::read_link(&path).expect("the link is read"))
            } else if kind.is_file() {
                Node::File(fs::read(&path).expect("the file is read"))
            } else {
                continue;
            };
            let name = path.strip_prefix(root).expect("it is below").display().to_string();
            let name = if cfg!(windows) { name.replace('\\', "/") } else { name };
            assert!(found.insert(name, node).is_none(), "a path is met once");
        }
    }
    found
}

/// The texts of all files below a directory, by their paths from there.
pub fn texts(root: &Path) -> Vec<(String, String)> {
    let text = |node| match node {
        Node::File(bytes) => Some(String::from_utf8(bytes).expect("the file is text")),
        Node::Link(_) => None,
    };
    nodes(root).into_iter().filter_map(|(name, node)| Some((name, text(node)?))).collect()
}

/// Copies every file and link below a directory to the same path below another.
pub fn copy(from: &Path, to: &Path) {
    for (name, node) in nodes(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().expect("it has a parent")).expect("the directory is made");
        match node {
            Node::File(bytes) => fs::write(path, bytes).expect("the file is written"),
            Node::Link(target) => link(&target, &path).expect("the link is made"),
        }
    }
}

#[cfg(unix)]
fn link(target: &Path, path: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

/// Windows tells links to directories from the others.
#[cfg(windows)]
fn link(target: &Path, path: &Path) -> std::io::Result<()> {
    use std::os::windows::fs::{symlink_dir, symlink_file};
    let is_directory = path.parent().is_some_and(|beside| beside.join(target).is_dir());
    if is_directory { symlink_dir(target, path) } else { symlink_file(target, path) }
}

/// The paths of what stands directly in a directory, in order.
pub fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("the directory is read");
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.expect("the entry is read").path()).collect();
    found.sort();
    found
}
