//! The directory of a source, as it was at a revision.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::check::{Entry, Surroundings, Unread};
use crate::cli::include::{self, Shelf};
use crate::cli::past::blobs::{Blobs, NotTold};
use crate::cli::past::git::Missing;
use crate::cli::past::listing::{Kind, Listing};
use crate::cli::source;
use crate::model::LocalPath;
use crate::problem::{FileFault, FileProblem, Problem, Problems};
use crate::source::{Source, Sources};
use crate::syntax;

/// More links than these on one way lead in a circle.
const MOST_LINKS: usize = 40;

/// The directory of a source, as it was at a revision, and what is asked of its fleet.
pub struct Past {
    /// The revision, as somebody typed it.
    pub revision: String,
    /// What stood where.
    pub listing: Arc<Listing>,
    /// The contents of files.
    pub blobs: Arc<Mutex<Blobs>>,
    /// The directory from the root of the repository, with a `/` at its end; empty for that root.
    pub root: Vec<u8>,
    /// The names whose values are wanted of every cluster.
    pub asked: Vec<String>,
}

/// What stands at the end of a way, by its parts below the directory of the source.
enum Stands {
    File(Vec<Vec<u8>>, String),
    Directory(Vec<Vec<u8>>),
    Missing,
    Outside,
    /// Something in another repository.
    Elsewhere,
    Unreadable(&'static str),
}

impl Past {
    /// A path for people.
    fn name(&self, path: &[u8]) -> String {
        let whole = [self.root.as_slice(), path].concat();
        format!("{}:{}", self.revision, String::from_utf8_lossy(&whole))
    }

    fn contents(&self, object: &str) -> Result<Arc<[u8]>, NotTold> {
        self.blobs.lock().unwrap_or_else(PoisonError::into_inner).contents(object)
    }

    /// What was asked for and is missing from the repository.
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
    fn stands(&self, path: &[u8]) -> Stands {
        let split = |path: &[u8]| -> Vec<Vec<u8>> {
            path.split(|byte| *byte == b'/').rev().map(<[u8]>::to_vec).collect()
        };
        let (mut ahead, mut parts, mut links) = (split(path), Vec::<Vec<u8>>::new(), 0_usize);
        while let Some(part) = ahead.pop() {
            match part.as_slice() {
                b"" | b"." => continue,
                b".." if parts.pop().is_none() => return Stands::Outside,
                b".." => continue,
                _ => parts.push(part),
            }
            let whole = [self.root.as_slice(), &parts.join(&b'/')].concat();
            if self.listing.is_directory(&whole) {
                continue;
            }
            let Some(node) = self.listing.node(&whole) else { return Stands::Missing };
            match node.kind {
                Kind::File if ahead.iter().any(|part| !matches!(part.as_slice(), b"" | b".")) => {
                    return Stands::Missing;
                }
                Kind::File => return Stands::File(parts, node.object.clone()),
                Kind::Repository => return Stands::Elsewhere,
                Kind::Link => {
                    links = links.saturating_add(1);
                    if links > MOST_LINKS {
                        return Stands::Unreadable("its links lead in a circle");
                    }
                    let Ok(target) = self.contents(&node.object) else { return Stands::Unreadable(LACKING) };
                    if target.starts_with(b"/") {
                        return Stands::Outside;
                    }
                    let _link = parts.pop();
                    ahead.extend(split(&target));
                }
            }
        }
        let whole = [self.root.as_slice(), &parts.join(&b'/')].concat();
        let is_there = self.listing.is_directory(whole.strip_suffix(b"/").unwrap_or(&whole));
        if is_there { Stands::Directory(parts) } else { Stands::Missing }
    }

    /// The text of a source below the directory.
    fn source(&self, path: &[u8]) -> Result<Source, Problem> {
        let name = self.name(path);
        let unreadable = |cause: &str| {
            let fault = FileFault::Unreadable { cause: cause.to_owned() };
            Problem::from(FileProblem { path: name.clone(), fault })
        };
        let object = match self.stands(path) {
            Stands::File(_, object) => object,
            Stands::Directory(_) => return Err(unreadable("it is a directory")),
            Stands::Missing => return Err(unreadable("it is not there")),
            Stands::Outside => return Err(unreadable("its links lead out of the directory of the source")),
            Stands::Elsewhere => return Err(unreadable("it is in another repository")),
            Stands::Unreadable(cause) => return Err(unreadable(cause)),
        };
        match self.contents(&object) {
            Ok(bytes) => source::text(name, bytes.to_vec()),
            Err(fault) => Err(unreadable(why(fault))),
        }
    }

    /// The files that a source includes: what they really are, from the root of the repository.
    pub fn included(&self, path: &[u8]) -> Vec<Vec<u8>> {
        let Ok(source) = self.source(path) else { return Vec::new() };
        let mut sources = Sources::default();
        let root = sources.add(source);
        let patterns = syntax::includes(&sources, root);
        let file = PathBuf::from(OsStr::from_bytes(path));
        let mut here = self;
        let found = include::find(&patterns, Path::new(""), Some(&file), &mut here, &mut Problems::default());
        let whole = |path: PathBuf| match self.stands(path.as_os_str().as_bytes()) {
            Stands::File(parts, _) => Some([self.root.as_slice(), &parts.join(&b'/')].concat()),
            Stands::Directory(_)
            | Stands::Missing
            | Stands::Outside
            | Stands::Elsewhere
            | Stands::Unreadable(_) => None,
        };
        found.into_iter().filter_map(whole).collect()
    }
}

/// Reads a source and all that it includes, as they were. `path`: that of the source below the directory.
pub fn load(past: &Past, path: &[u8], problems: &mut Problems) -> Sources {
    let mut sources = Sources::default();
    match past.source(path) {
        Ok(source) => {
            let root = sources.add(source);
            let patterns = syntax::includes(&sources, root);
            let file = PathBuf::from(OsStr::from_bytes(path));
            let mut here = past;
            for path in include::find(&patterns, Path::new(""), Some(&file), &mut here, problems) {
                match past.source(path.as_os_str().as_bytes()) {
                    Ok(source) => {
                        let _id = sources.add(source);
                    }
                    Err(problem) => problems.push(problem),
                }
            }
        }
        Err(problem) => problems.push(problem),
    }
    sources
}

const LACKING: &str = "the repository does not have its contents";

const fn why(fault: NotTold) -> &'static str {
    match fault {
        NotTold::Lacking => LACKING,
        NotTold::TooLarge => "it is too large",
        NotTold::Stopped => "git stopped",
    }
}

impl Shelf for &Past {
    fn is_there(&mut self, path: &Path) -> Result<bool, Problem> {
        let stands = self.stands(path.as_os_str().as_bytes());
        Ok(matches!(stands, Stands::File(..) | Stands::Directory(_) | Stands::Outside))
    }

    fn names(&mut self, directory: &Path) -> Result<Option<Vec<OsString>>, Problem> {
        let Stands::Directory(parts) = self.stands(directory.as_os_str().as_bytes()) else { return Ok(None) };
        let whole = [self.root.as_slice(), &parts.join(&b'/')].concat();
        let names = self.listing.names(whole.strip_suffix(b"/").unwrap_or(&whole)).into_iter();
        Ok(Some(names.map(|name| OsString::from_vec(name.to_vec())).collect()))
    }

    fn real(&mut self, path: &Path) -> Result<PathBuf, Problem> {
        let bytes = path.as_os_str().as_bytes();
        let cause = match self.stands(bytes) {
            Stands::File(parts, _) | Stands::Directory(parts) => {
                return Ok(Path::new("/").join(OsStr::from_bytes(&parts.join(&b'/'))));
            }
            // It is told from what stays below the directory by where it begins.
            Stands::Outside => return Ok(PathBuf::new()),
            Stands::Missing => "it is not there",
            Stands::Elsewhere => "it is in another repository",
            Stands::Unreadable(cause) => cause,
        };
        let fault = FileFault::Unreadable { cause: cause.to_owned() };
        Err(FileProblem { path: self.name(bytes), fault }.into())
    }

    fn is_file(&mut self, path: &Path) -> Result<bool, Problem> {
        Ok(matches!(self.stands(path.as_os_str().as_bytes()), Stands::File(..) | Stands::Outside))
    }
}

impl Surroundings for Past {
    fn entry(&self, path: &LocalPath, within: &LocalPath) -> Entry {
        let is_within = |parts: &[Vec<u8>]| match self.stands(within.as_str().as_bytes()) {
            Stands::Directory(directory) | Stands::File(directory, _) => parts.starts_with(&directory),
            Stands::Missing | Stands::Outside | Stands::Elsewhere | Stands::Unreadable(_) => false,
        };
        match self.stands(path.as_str().as_bytes()) {
            Stands::File(parts, _) if is_within(&parts) => Entry::File,
            Stands::Directory(parts) if is_within(&parts) => Entry::Directory,
            Stands::File(..) | Stands::Directory(_) | Stands::Outside => Entry::Outside,
            Stands::Missing => Entry::Missing,
            // What another repository held is not known here.
            Stands::Elsewhere => Entry::Unseen,
            Stands::Unreadable(cause) => Entry::Unreadable { cause: cause.to_owned() },
        }
    }

    fn text(&self, path: &LocalPath) -> Result<Arc<str>, Unread> {
        let object = match self.stands(path.as_str().as_bytes()) {
            Stands::File(_, object) => object,
            Stands::Directory(_) | Stands::Missing | Stands::Outside => return Err(Unread::Missing),
            Stands::Elsewhere => return Err(Unread::Unseen),
            Stands::Unreadable(cause) => return Err(Unread::Unreadable { cause: cause.to_owned() }),
        };
        match self.contents(&object) {
            Ok(bytes) => str::from_utf8(&bytes).map(Arc::from).map_err(|_| Unread::NotText),
            Err(fault) => Err(Unread::Unreadable { cause: why(fault).to_owned() }),
        }
    }

    fn shown(&self, path: &LocalPath) -> String {
        self.name(path.as_str().as_bytes())
    }

    fn asks_for_values(&self) -> bool {
        true
    }

    fn asked(&self) -> &[String] {
        &self.asked
    }
}
