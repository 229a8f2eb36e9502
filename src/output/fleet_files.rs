//! Generated files that belong to no single cluster.

use std::collections::BTreeSet;

use crate::emit;
use crate::output::directory::{Directory, Kind, Opened};
use crate::output::location::Location;
use crate::output::orphans::{Fault, Orphan, orphan, unreadable};
use crate::output::tree::{Outcome, Tree};
use crate::source::DEFAULT_NAME;

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
    /// The file name of the root source.
    pub source: String,
    /// True if a file may be generated: the directory in the directory, empty for that itself, and the name.
    pub may_be: fn(&str, &str) -> bool,
    /// True if only files of the same form say this.
    pub is_of_form: fn(&str) -> bool,
}

/// How deep another directory of the files is at most below that of the source. A search of a whole repository would take
/// longer than a build.
const MOST_DEEP: usize = 4;

impl FleetFiles {
    /// The generated files that are no longer needed, in the order of their paths.
    ///
    /// # Errors
    /// A file or a directory cannot be read.
    pub fn find_orphans(&self, tree: &mut Tree) -> Outcome<Vec<Orphan>> {
        let found = match tree.enter(&self.directory)? {
            Some(directory) => self.search().search(directory),
            None => Ok(Vec::new()),
        };
        found.map_err(|(path, fault)| tree.problem(&path, fault))
    }

    /// The files of the same form in other directories, as they remain when another directory was chosen. Edited ones are not
    /// among them, in the order of their paths.
    ///
    /// # Errors
    /// A file or a directory cannot be read.
    pub fn find_moved(&self, tree: &Tree) -> Outcome<Vec<Orphan>> {
        let mut found = Vec::new();
        let searched = self.search().search_elsewhere(tree.root(), "", &mut found);
        searched.map_err(|(path, fault)| tree.problem(&path, fault))?;
        found.sort_by(|one, other| one.place.cmp(&other.place));
        Ok(found)
    }

    fn search(&self) -> Search<'_> {
        Search { files: self, needed: self.files.iter().map(|file| &file.place).collect() }
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
        let path = self.path(name);
        let names = directory.names().map_err(|error| unreadable(&path, &error))?;
        for file in names.iter().filter(|(_, kind)| *kind == Kind::File).filter_map(|(file, _)| file.to_str())
        {
            let place = Location { directory: path.clone(), name: file.to_owned() };
            if (self.files.may_be)(name, file) && !self.needed.contains(&place) {
                found.extend(self.orphan(directory, place)?);
            }
        }
        Ok(())
    }

    fn orphan(&self, directory: &Directory, place: Location) -> Result<Option<Orphan>, Fault> {
        let depth = place.directory.split('/').filter(|part| !part.is_empty()).count();
        let source = emit::source_from_depth(depth, &self.files.source);
        Ok(orphan(directory, place, &source)?.map(|orphan| Orphan { is_of_fleet: true, ..orphan }))
    }

    /// Looks into a directory and into those below it, but not into the one of the files, nor where another source is.
    fn search_elsewhere(
        &self,
        directory: &Directory,
        path: &str,
        found: &mut Vec<Orphan>,
    ) -> Result<(), Fault> {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        if path == self.files.directory && !path.is_empty() || parts.len() > MOST_DEEP {
            return Ok(());
        }
        let names = directory.names().map_err(|error| unreadable(path, &error))?;
        if !path.is_empty() && names.iter().any(|(name, _)| name == DEFAULT_NAME) {
            return Ok(());
        }
        let mut candidates = Vec::new();
        for (name, kind) in names.iter().filter_map(|(name, kind)| Some((name.to_str()?, *kind))) {
            let place = Location { directory: path.to_owned(), name: name.to_owned() };
            let may_be = || {
                [parts.last().copied().unwrap_or_default(), ""].iter().any(|it| (self.files.may_be)(it, name))
            };
            match kind {
                Kind::File if may_be() && !self.needed.contains(&place) => {
                    candidates.extend(self.orphan(directory, place)?);
                }
                Kind::Directory if !name.starts_with('.') => match directory.enter(name) {
                    Ok(Opened::Open(inner)) => self.search_elsewhere(&inner, &place.path(), found)?,
                    Ok(Opened::Absent | Opened::Else(_)) => {}
                    Err(error) => return Err(unreadable(&place.path(), &error)),
                },
                Kind::File | Kind::Directory | Kind::Link | Kind::Pipe | Kind::Device | Kind::Socket => {}
            }
        }
        let is_of_form =
            |orphan: &Orphan| (self.files.is_of_form)(&String::from_utf8_lossy(&orphan.found.bytes));
        if candidates.iter().any(is_of_form) {
            found.extend(candidates.into_iter().filter(|orphan| !orphan.is_edited));
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
