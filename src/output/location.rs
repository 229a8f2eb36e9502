//! Locations of files and directories below that of the source.

use std::io;

use crate::output::directory::Directory;

/// The location of a file or a directory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The directory that it is in, below that of the source, with `/` between its parts.
    pub directory: String,
    pub name: String,
}

impl Location {
    /// The place at the end of a path.
    pub fn from_path(path: &str) -> Location {
        let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
        Location { directory: directory.to_owned(), name: name.to_owned() }
    }

    /// The path below the directory of the source.
    pub fn path(&self) -> String {
        self.parts().concat()
    }

    /// Where a build makes it for the moment: beside the place that it is to take.
    #[must_use]
    pub fn temporary(&self) -> Location {
        Location { directory: self.directory.clone(), name: temporary_name(&self.name) }
    }

    /// What the path is made of.
    pub fn parts(&self) -> [&str; 3] {
        let between = if self.directory.is_empty() { "" } else { "/" };
        [&self.directory, between, &self.name]
    }
}

/// Each directory on the way to one and the one itself, the outermost first; none for the directory of the source.
pub fn ancestors(directory: &str) -> impl Iterator<Item = &str> {
    let on_the_way = directory.match_indices('/').filter_map(|(end, _)| directory.get(..end));
    on_the_way.chain((!directory.is_empty()).then_some(directory))
}

/// What the names of temporary files and directories begin with.
const BEGIN: &str = ".flux-identity-build-";
/// What they end with.
const END: &str = ".tmp";

/// The temporary name of a file or a directory.
pub fn temporary_name(of: &str) -> String {
    format!("{BEGIN}{}-{of}{END}", std::process::id())
}

/// True if something is what a build makes for the moment. Under the lock of a build there is none but what a killed
/// build left behind.
pub fn is_left_over(name: &str) -> bool {
    name.starts_with(BEGIN) && name.ends_with(END)
}

/// The temporary names of killed builds in a directory.
pub fn left_over_in(directory: &Directory) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    directory.visit(|name, _| names.extend(is_left_over(name).then(|| name.to_owned())))?;
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::{Location, ancestors};

    #[test]
    fn the_ways_to_a_directory_begin_with_the_outermost() {
        assert_eq!(ancestors("a/bc/d").collect::<Vec<_>>(), ["a", "a/bc", "a/bc/d"]);
        assert_eq!(ancestors("a").collect::<Vec<_>>(), ["a"]);
        assert_eq!(ancestors("").count(), 0);
    }

    #[test]
    fn a_place_is_where_its_path_leads() {
        for path in ["a", "a/b", "a/b/c"] {
            assert_eq!(Location::from_path(path).path(), path);
        }
    }
}
