//! Other repositories that a repository takes objects from.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use crate::native_path;
use crate::workspace::read_regular_file;

/// The longest list that is read, in bytes.
const MAX_LIST: u64 = 1024 * 1024;
/// How many repositories git goes on from one to the next.
const MAX_DEPTH: usize = 6;

/// The directories of objects outside of a repository that it takes objects from, also by way of others. `objects`: its
/// own; `root`: the root of its working tree.
///
/// # Errors
/// If a list of them cannot be read; the path is that of the list.
#[expect(clippy::disallowed_methods, reason = "the file system is met here")]
pub fn find_outside(objects: &Path, root: &Path) -> Result<BTreeSet<PathBuf>, (PathBuf, io::Error)> {
    let own: Vec<PathBuf> = [objects.parent(), Some(root)]
        .into_iter()
        .flatten()
        .filter_map(|path| std::fs::canonicalize(path).ok())
        .collect();
    let (mut outside, mut known) = (BTreeSet::new(), BTreeSet::new());
    let mut waiting = vec![(objects.to_path_buf(), 0)];
    while let Some((directory, depth)) = waiting.pop() {
        let list = directory.join("info/alternates");
        let text = read_regular_file(&list, MAX_LIST).map_err(|error| (list, error))?;
        for path in paths(&text.unwrap_or_default()) {
            // git passes over what is not there.
            let Ok(path) = std::fs::canonicalize(directory.join(path)) else { continue };
            if !known.insert(path.clone()) {
                continue;
            }
            if !own.iter().any(|own| path.starts_with(own)) {
                outside.insert(path.clone());
            }
            if depth < MAX_DEPTH {
                waiting.push((path, depth.saturating_add(1)));
            }
        }
    }
    Ok(outside)
}

/// The paths in a list: one a line, but for comments; those in quotes as C writes strings.
fn paths(list: &[u8]) -> impl Iterator<Item = PathBuf> {
    let lines = list.split(|byte| *byte == b'\n').filter(|line| !line.is_empty() && !line.starts_with(b"#"));
    lines.map(|line| {
        let quoted = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\""));
        let path = quoted.map_or_else(|| line.to_vec(), unquote);
        native_path::from_bytes(&path)
    })
}

fn unquote(text: &[u8]) -> Vec<u8> {
    let (mut path, mut rest) = (Vec::new(), text);
    while let Some((first, more)) = rest.split_first() {
        rest = more;
        if *first != b'\\' {
            path.push(*first);
            continue;
        }
        let octal = rest.get(..3).and_then(|digits| str::from_utf8(digits).ok());
        if let Some(byte) = octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            path.push(byte);
            rest = rest.get(3..).unwrap_or_default();
        } else if let Some((letter, more)) = rest.split_first() {
            path.push(match letter {
                b'n' => b'\n',
                b't' => b'\t',
                b'r' => b'\r',
                letter => *letter,
            });
            rest = more;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::paths;

    #[test]
    fn a_list_is_read_as_git_reads_it() {
        let list = b"# a comment\n/a b/objects\n\n../c/objects\n\"/q \\\"\\n\\303\\244\"\n";
        let expected = ["/a b/objects", "../c/objects", "/q \"\n\u{e4}"];
        assert!(paths(list).eq(expected.iter().map(Path::new)));
    }
}
