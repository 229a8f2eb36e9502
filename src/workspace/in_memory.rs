//! Files without a disk: for the playground, and for tests.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::Path;

use crate::workspace::{Entry, Kind, Unread, Workspace};

/// Texts by their paths from the directory of the source: all the files that there are.
#[derive(Clone, Debug, Default)]
pub struct InMemory(pub BTreeMap<String, String>);

impl InMemory {
    fn text(&self, path: &Path) -> Option<&String> {
        path.to_str().and_then(|path| self.0.get(path))
    }

    /// The paths of the files below a directory, from there.
    fn below<'s>(&'s self, directory: &'s Path) -> impl Iterator<Item = &'s Path> {
        self.0.keys().filter_map(move |file| Path::new(file).strip_prefix(directory).ok())
    }
}

impl Workspace for InMemory {
    fn entry(&self, path: &Path) -> Entry {
        if self.text(path).is_some() {
            Entry::File(path.to_path_buf())
        } else if path == Path::new("") || self.below(path).next().is_some() {
            Entry::Directory(path.to_path_buf())
        } else {
            Entry::Missing
        }
    }

    fn read(&self, path: &Path, _: u64) -> Result<Vec<u8>, Unread> {
        self.text(path).map(|text| text.clone().into_bytes()).ok_or(Unread::Missing)
    }

    fn names(&self, directory: &Path) -> Result<Vec<(OsString, Kind)>, Unread> {
        let name = |path: &Path| {
            let mut parts = path.iter();
            let first = parts.next()?.to_owned();
            Some((first, if parts.next().is_some() { Kind::Directory } else { Kind::File }))
        };
        let names: BTreeSet<(OsString, Kind)> = self.below(directory).filter_map(name).collect();
        if names.is_empty() { Err(Unread::Missing) } else { Ok(names.into_iter().collect()) }
    }

    fn shown(&self, path: &Path) -> String {
        path.display().to_string()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::InMemory;
    use crate::workspace::{Kind, Unread, Workspace as _};

    #[test]
    fn a_directory_has_each_name_below_it_once() {
        let files = ["a/b/c", "a/b/d", "a/e", "f"].map(|path| (path.to_owned(), String::new()));
        let files = InMemory(files.into());
        assert_eq!(
            files.names(Path::new("a")),
            Ok(vec![("b".into(), Kind::Directory), ("e".into(), Kind::File)])
        );
        assert_eq!(files.names(Path::new("g")), Err(Unread::Missing));
    }
}
