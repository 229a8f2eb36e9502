//! Generated files that belong to no single cluster.

use std::collections::BTreeSet;

use crate::output::directory::{Directory, Kind, Opened};
use crate::output::location::Location;
use crate::output::orphans::{Fault, Orphan, orphan, unreadable};
use crate::output::tree::{Outcome, Tree};

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedFile {
    pub place: Location,
    /// The content with its header.
    pub text: String,
    /// The source, relative to its directory.
    pub source: String,
}

/// Generated files that belong to no single cluster, in a directory, and in directories in that.
#[derive(Clone, Debug)]
pub struct FleetFiles {
    /// The directory, relative to that of the source; empty for that itself.
    pub directory: String,
    pub files: Vec<GeneratedFile>,
    /// The source, relative to the directory and to those in it.
    pub sources: [String; 2],
    /// True if a file may be generated: the directory in the directory, empty for that itself, and the name.
    pub may_be: fn(&str, &str) -> bool,
}

impl FleetFiles {
    /// The generated files that are no longer needed, in the order of their paths.
    ///
    /// # Errors
    /// A file or a directory cannot be read.
    pub fn find_orphans(&self, tree: &mut Tree) -> Outcome<Vec<Orphan>> {
        let search = Search { files: self, needed: self.files.iter().map(|file| &file.place).collect() };
        let found = match tree.enter(&self.directory)? {
            Some(directory) => search.search(directory),
            None => Ok(Vec::new()),
        };
        found.map_err(|(path, fault)| tree.problem(&path, fault))
    }
}

struct Search<'f> {
    files: &'f FleetFiles,
    needed: BTreeSet<&'f Location>,
}

impl Search<'_> {
    fn search(&self, directory: &Directory) -> Result<Vec<Orphan>, Fault> {
        let mut found = Vec::new();
        self.look_into(directory, "", &mut found)?;
        let names = directory.names().map_err(|error| unreadable(&self.files.directory, &error))?;
        let inner = names.iter().filter(|(_, kind)| *kind == Kind::Directory);
        for name in inner.filter_map(|(name, _)| name.to_str()) {
            match directory.enter(name) {
                Ok(Opened::Open(inner)) => self.look_into(&inner, name, &mut found)?,
                Ok(Opened::Absent | Opened::Else(_)) => {}
                Err(error) => return Err(unreadable(&self.path(name), &error)),
            }
        }
        found.sort_by(|one, other| one.place.cmp(&other.place));
        Ok(found)
    }

    /// Looks at the files in a directory. `name`: that of the directory; empty for the outer one.
    fn look_into(&self, directory: &Directory, name: &str, found: &mut Vec<Orphan>) -> Result<(), Fault> {
        let names = directory.names().map_err(|error| unreadable(&self.path(name), &error))?;
        let [outer, inner] = &self.files.sources;
        for file in names.iter().filter(|(_, kind)| *kind == Kind::File).filter_map(|(file, _)| file.to_str())
        {
            let place = Location { directory: self.path(name), name: file.to_owned() };
            if (self.files.may_be)(name, file) && !self.needed.contains(&place) {
                found.extend(orphan(directory, place, if name.is_empty() { outer } else { inner })?);
            }
        }
        Ok(())
    }

    fn path(&self, name: &str) -> String {
        match (self.files.directory.as_str(), name) {
            (outer, "") => outer.to_owned(),
            ("", inner) => inner.to_owned(),
            (outer, inner) => format!("{outer}/{inner}"),
        }
    }
}
