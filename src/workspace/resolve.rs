//! Resolves paths below a directory that links must not leave.
//!
//! Paths are resolved name by name through open directories, which are opened without following links. So concurrent
//! changes cannot lead outside. Links are resolved here, by their text.

use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use crate::problem::InputFault;
use crate::workspace::directory::{Directory, Kind, Opened};

/// More links than these on one way lead in a circle, as Linux has it.
const MOST_LINKS: usize = 40;

/// More names than these on one way, those of links included, lead nowhere.
const MOST_NAMES: usize = 4096;

/// The most directories that are open at once for one way.
const MOST_OPEN: usize = 128;

/// Where a path leads.
#[derive(Debug)]
pub enum Resolved {
    /// Nothing exists there.
    Missing,
    /// Its links are not followed.
    Refused(InputFault),
    /// This does, which is no link.
    There(There),
}

/// The entry at a path.
#[derive(Debug)]
pub struct There {
    /// The parent directory; `None` for the start directory.
    pub within: Option<Rc<Directory>>,
    /// Its name there; empty for the directory that the way began in.
    pub name: OsString,
    /// What it was when it was looked at.
    pub kind: Kind,
    /// The path from the start directory.
    pub place: PathBuf,
}

/// A way below a directory.
struct Way<'r> {
    root: &'r Directory,
    /// The directory that the way began in, by its whole path, for links that are absolute.
    whole: &'r Path,
    /// The directories on the way, with their names.
    open: Vec<(OsString, Rc<Directory>)>,
    /// The names that are still to go, the next one last.
    ahead: Vec<OsString>,
    /// How many of these are of the path itself, and of no link: the first ones.
    of_path: usize,
    links: usize,
    names: usize,
}

/// Finds where a path leads. `root`: what no link may lead out of; `whole`: the whole path of that.
///
/// # Errors
/// If something on the way cannot be looked at.
pub fn resolve(root: &Directory, whole: &Path, path: &Path) -> io::Result<Resolved> {
    let mut way = Way { root, whole, open: Vec::new(), ahead: Vec::new(), of_path: 0, links: 0, names: 0 };
    if !way.put_ahead(path) {
        return Ok(Resolved::Refused(InputFault::LeadsOutside));
    }
    way.of_path = way.ahead.len();
    way.go()
}

impl Way<'_> {
    /// Puts the names of a path before those that are to go; whether it begins where this way can.
    fn put_ahead(&mut self, path: &Path) -> bool {
        let begins_elsewhere =
            matches!(path.components().next(), Some(Component::RootDir | Component::Prefix(_)));
        let relative = if begins_elsewhere {
            let Ok(relative) = path.strip_prefix(self.whole) else { return false };
            self.open.clear();
            relative
        } else {
            path
        };
        let names = relative.components().rev().filter_map(|component| match component {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some(OsString::from("..")),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => None,
        });
        self.ahead.extend(names);
        true
    }

    fn go(mut self) -> io::Result<Resolved> {
        while let Some(name) = self.ahead.pop() {
            let is_of_link = self.ahead.len() >= self.of_path;
            self.of_path = self.of_path.min(self.ahead.len());
            self.names = self.names.saturating_add(1);
            if self.names > MOST_NAMES || self.open.len() > MOST_OPEN {
                return Ok(Resolved::Refused(InputFault::LinkLoop));
            }
            if name == ".." {
                if self.open.pop().is_none() {
                    return Ok(Resolved::Refused(InputFault::LeadsOutside));
                }
                continue;
            }
            let Some(kind) = self.here().kind(name.as_os_str())? else {
                return Ok(missing(is_of_link));
            };
            match kind {
                Kind::Link => {
                    self.links = self.links.saturating_add(1);
                    if self.links > MOST_LINKS {
                        return Ok(Resolved::Refused(InputFault::LinkLoop));
                    }
                    let target = match self.here().read_link(name.as_os_str()) {
                        Ok(target) => PathBuf::from(target),
                        // It is no link any more: look again.
                        Err(error) if error.kind() == ErrorKind::InvalidInput => {
                            self.ahead.push(name);
                            continue;
                        }
                        Err(error) => return Err(error),
                    };
                    if !self.put_ahead(&target) {
                        return Ok(Resolved::Refused(InputFault::LeadsOutside));
                    }
                }
                Kind::Directory if !self.ahead.is_empty() => match self.here().enter(name.as_os_str())? {
                    Opened::Open(directory) => self.open.push((name, Rc::new(directory))),
                    Opened::Absent => return Ok(missing(is_of_link)),
                    // It is no directory any more: look again.
                    Opened::Else(_) => self.ahead.push(name),
                },
                kind if self.ahead.is_empty() => return Ok(Resolved::There(self.there(name, kind))),
                Kind::File | Kind::Directory | Kind::Pipe | Kind::Device | Kind::Socket => {
                    return Ok(missing(is_of_link));
                }
            }
        }
        // The path ends in an open directory, or in the start directory.
        let (name, kind) = match self.open.pop() {
            Some((name, _)) => (name, Kind::Directory),
            None => (OsString::new(), Kind::Directory),
        };
        Ok(Resolved::There(self.there(name, kind)))
    }

    fn here(&self) -> &Directory {
        self.open.last().map_or(self.root, |(_, directory)| directory)
    }

    fn there(&self, name: OsString, kind: Kind) -> There {
        let mut place: PathBuf = self.open.iter().map(|(name, _)| name.as_os_str()).collect();
        if !name.is_empty() {
            place.push(&name);
        }
        There { within: self.open.last().map(|(_, directory)| Rc::clone(directory)), name, kind, place }
    }
}

/// What it means that a name is not there. `is_of_link`: whether a link points to it.
fn missing(is_of_link: bool) -> Resolved {
    if is_of_link { Resolved::Refused(InputFault::DanglingLink) } else { Resolved::Missing }
}

/// A name that the system can open: that of the directory itself where there is none.
pub fn or_here(name: &OsStr) -> &OsStr {
    if name.is_empty() { OsStr::new(".") } else { name }
}
