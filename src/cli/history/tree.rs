//! The directory of a source, as it was at a revision.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::cli::history::blobs::{ObjectFault, ObjectReader};
use crate::cli::history::git::Missing;
use crate::cli::history::listing::{self, TreeListing};
use crate::load::{self, include};
use crate::native_path;
use crate::problem::{InputFault, Problems};
use crate::source::Sources;
use crate::syntax;
use crate::workspace::{Entry, Inputs, Kind, Unread, Workspace};

/// More links than these on one path form a cycle.
const MOST_LINKS: usize = 40;

/// The directory of a source, as it was at a revision.
pub struct RevisionTree {
    /// The revision as typed.
    pub revision: String,
    /// The entries of its tree.
    pub listing: Arc<TreeListing>,
    /// The contents of files.
    pub blobs: Arc<Mutex<ObjectReader>>,
    /// The directory from the root of the repository, with a `/` at its end; empty for that root.
    pub root: Vec<u8>,
}

/// What stands at the end of a way, by its parts below the directory of the source.
enum Lookup {
    File(Vec<Vec<u8>>, String),
    Directory(Vec<Vec<u8>>),
    Missing,
    /// Nothing, behind a link.
    Dangling,
    /// Links that form a cycle.
    Circle,
    Outside,
    /// Something in another repository.
    Elsewhere,
    Unreadable(&'static str),
}

impl RevisionTree {
    /// A path for people.
    fn name(&self, path: &[u8]) -> String {
        let whole = [self.root.as_slice(), path].concat();
        format!("{}:{}", self.revision, String::from_utf8_lossy(&whole))
    }

    fn contents(&self, object: &str) -> Result<Arc<[u8]>, ObjectFault> {
        self.blobs.lock().unwrap_or_else(PoisonError::into_inner).contents(object)
    }

    /// The requested objects that are missing from the repository.
    pub fn missing(&self) -> Vec<Missing> {
        let blobs = self.blobs.lock().unwrap_or_else(PoisonError::into_inner);
        let missing: BTreeSet<&str> = blobs.missing().collect();
        if missing.is_empty() {
            return Vec::new();
        }
        let nodes = self.listing.nodes().filter(|(_, node)| missing.contains(node.object.as_str()));
        nodes.map(|(path, node)| Missing { path: Some(path.to_vec()), object: node.object.clone() }).collect()
    }

    /// What stands at a path below the directory of the source, wherever links lead.
    fn stands(&self, path: &[u8]) -> Lookup {
        let split = |path: &[u8]| -> Vec<Vec<u8>> {
            path.split(|byte| *byte == b'/').rev().map(<[u8]>::to_vec).collect()
        };
        let (mut ahead, mut parts, mut links) = (split(path), Vec::<Vec<u8>>::new(), 0_usize);
        let mut of_path = ahead.len();
        while let Some(part) = ahead.pop() {
            let is_of_link = ahead.len() >= of_path;
            of_path = of_path.min(ahead.len());
            match part.as_slice() {
                b"" | b"." => continue,
                b".." if parts.pop().is_none() => return Lookup::Outside,
                b".." => continue,
                _ => parts.push(part),
            }
            let whole = [self.root.as_slice(), &parts.join(&b'/')].concat();
            if self.listing.is_directory(&whole) {
                continue;
            }
            let Some(node) = self.listing.node(&whole) else {
                return if is_of_link { Lookup::Dangling } else { Lookup::Missing };
            };
            match node.kind {
                listing::NodeKind::File
                    if ahead.iter().any(|part| !matches!(part.as_slice(), b"" | b".")) =>
                {
                    return Lookup::Missing;
                }
                listing::NodeKind::File => return Lookup::File(parts, node.object.clone()),
                listing::NodeKind::Repository => return Lookup::Elsewhere,
                listing::NodeKind::Link => {
                    links = links.saturating_add(1);
                    if links > MOST_LINKS {
                        return Lookup::Circle;
                    }
                    let Ok(target) = self.contents(&node.object) else { return Lookup::Unreadable(LACKING) };
                    if target.starts_with(b"/") {
                        return Lookup::Outside;
                    }
                    parts.pop();
                    ahead.extend(split(&target));
                }
            }
        }
        let whole = [self.root.as_slice(), &parts.join(&b'/')].concat();
        let is_there = self.listing.is_directory(whole.strip_suffix(b"/").unwrap_or(&whole));
        if is_there { Lookup::Directory(parts) } else { Lookup::Missing }
    }

    /// The files that a source includes, with links resolved, as paths from the root of the repository.
    pub fn included(&self, path: &[u8]) -> Vec<Vec<u8>> {
        let inputs = Inputs::new(self);
        let path = native_path::from_bytes(path);
        let Ok(source) = load::read(&inputs, &path) else { return Vec::new() };
        let mut sources = Sources::default();
        let root = sources.add(source);
        let patterns = syntax::includes(&sources, root);
        let found = include::find(&patterns, &path, &inputs, &mut Problems::default());
        let whole = |path: PathBuf| {
            let Lookup::File(parts, _) = self.stands(&native_path::to_bytes(&path)) else { return None };
            Some([self.root.as_slice(), &parts.join(&b'/')].concat())
        };
        found.into_iter().filter_map(whole).collect()
    }
}

const LACKING: &str = "its object is missing from the repository";

impl Workspace for RevisionTree {
    fn entry(&self, path: &Path) -> Entry {
        let place = |parts: Vec<Vec<u8>>| native_path::from_bytes(&parts.join(&b'/'));
        match self.stands(&native_path::to_bytes(path)) {
            Lookup::File(parts, _) => Entry::File(place(parts)),
            Lookup::Directory(parts) => Entry::Directory(place(parts)),
            Lookup::Missing => Entry::Missing,
            Lookup::Dangling => Entry::Refused(InputFault::DanglingLink),
            Lookup::Circle => Entry::Refused(InputFault::LinkLoop),
            Lookup::Outside => Entry::Refused(InputFault::LeadsOutside),
            // The contents of another repository are unknown.
            Lookup::Elsewhere => Entry::Unseen,
            Lookup::Unreadable(cause) => Entry::Unreadable { cause: cause.to_owned() },
        }
    }

    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, Unread> {
        let object = match self.stands(&native_path::to_bytes(path)) {
            Lookup::File(_, object) => object,
            Lookup::Directory(_) => return Err(Unread::Refused(InputFault::Directory)),
            Lookup::Missing => return Err(Unread::Missing),
            Lookup::Dangling => return Err(Unread::Refused(InputFault::DanglingLink)),
            Lookup::Circle => return Err(Unread::Refused(InputFault::LinkLoop)),
            // Nothing above the directory of the source is known.
            Lookup::Outside | Lookup::Elsewhere => return Err(Unread::Unseen),
            Lookup::Unreadable(cause) => return Err(Unread::Unreadable { cause: cause.to_owned() }),
        };
        let unreadable = |cause: &str| Unread::Unreadable { cause: cause.to_owned() };
        match self.contents(&object) {
            Ok(bytes) if bytes.len() as u64 <= limit => Ok(bytes.to_vec()),
            Ok(_) | Err(ObjectFault::TooLarge) => Err(Unread::Refused(InputFault::TooLarge { limit })),
            Err(ObjectFault::Lacking) => Err(unreadable(LACKING)),
            Err(ObjectFault::Stopped) => Err(unreadable("git exited")),
        }
    }

    fn names(&self, directory: &Path) -> Result<Vec<(OsString, Kind)>, Unread> {
        let Lookup::Directory(parts) = self.stands(&native_path::to_bytes(directory)) else {
            return Err(Unread::Missing);
        };
        let whole = [self.root.as_slice(), &parts.join(&b'/')].concat();
        let whole = whole.strip_suffix(b"/").unwrap_or(&whole);
        let kind = |name: &[u8]| {
            let path = if whole.is_empty() { name.to_vec() } else { [whole, b"/", name].concat() };
            match self.listing.node(&path).map(|node| node.kind) {
                Some(listing::NodeKind::File) => Kind::File,
                Some(listing::NodeKind::Link) => Kind::Link,
                Some(listing::NodeKind::Repository) | None => Kind::Directory,
            }
        };
        let names = self.listing.names(whole).into_iter();
        Ok(names.map(|name| (native_path::from_bytes(name).into_os_string(), kind(name))).collect())
    }

    fn shown(&self, path: &Path) -> String {
        self.name(&native_path::to_bytes(path))
    }
}
