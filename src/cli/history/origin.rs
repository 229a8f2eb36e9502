//! The path of the source at a revision.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use crate::cli::history::blobs::ObjectReader;
use crate::cli::history::git::{Git, GitFault, Missing};
use crate::cli::history::listing::{NodeKind, TreeListing};
use crate::cli::history::tree::RevisionTree;
use crate::native_path;
use crate::workspace::is_named;

/// The path of the source at a revision.
pub enum Origin {
    /// In this directory, by this name.
    Found(RevisionTree, Vec<u8>),
    /// Nowhere: there was none.
    None,
    /// In one of these files.
    OneOf(Vec<String>),
    /// The user named a directory; the sources that were in it.
    Within(Vec<String>),
    /// Not at the path that the user named; the sources that existed.
    NotThere(Vec<String>),
}

/// Finds the source at a commit. `name`: its name now, in the directory of `git`; `requested`: where it was, from the root
/// of the repository, if the user named it.
pub fn find(
    git: &Git,
    (revision, commit): (&str, &str),
    name: &[u8],
    requested: Option<&[u8]>,
) -> Result<Origin, GitFault> {
    let blobs = Arc::new(Mutex::new(ObjectReader::new(git.contents())));
    let past = |listing: &Arc<TreeListing>, root: &[u8]| RevisionTree {
        revision: revision.to_owned(),
        listing: Arc::clone(listing),
        blobs: Arc::clone(&blobs),
        root: root.to_vec(),
    };
    let at = |listing: &Arc<TreeListing>, path: &[u8]| {
        let (directory, name) = split(path);
        Origin::Found(past(listing, directory), name.to_vec())
    };
    let listing = |directory: &[u8]| Ok(Arc::new(TreeListing::parse(&git.tree(commit, directory)?)));
    if let Some(requested) = requested {
        let whole = listing(b"")?;
        if whole.node(requested).is_some() {
            return Ok(at(&whole, requested));
        }
        let directory = requested.strip_suffix(b"/").unwrap_or(requested);
        let begin = if directory.is_empty() { Vec::new() } else { [directory, b"/"].concat() };
        let is_below = |path: &&[u8]| path.starts_with(&begin);
        return Ok(if whole.is_directory(directory) {
            Origin::Within(sources(&whole).filter(is_below).map(shown).collect())
        } else {
            Origin::NotThere(sources(&whole).map(shown).collect())
        });
    }
    let here = listing(git.prefix())?;
    let path = [git.prefix(), name].concat();
    if here.node(&path).is_some() {
        return Ok(at(&here, &path));
    }
    let whole = listing(b"")?;
    let renames = git.renames(commit).map_err(|fault| named(fault, &whole))?;
    if let Some(old) = renamed(&renames, &path).filter(|old| whole.node(old).is_some()) {
        return Ok(at(&whole, old));
    }
    // A source that is still at its path is another one.
    let gone: Vec<&[u8]> = sources(&whole).filter(|path| !exists_now(git, path)).collect();
    let included: BTreeSet<Vec<u8>> = gone
        .iter()
        .flat_map(|path| {
            let (directory, name) = split(path);
            past(&whole, directory).included(name)
        })
        .collect();
    let missing = past(&whole, b"").missing();
    if !missing.is_empty() {
        return Err(GitFault::Missing(missing));
    }
    let roots: Vec<&[u8]> = gone.into_iter().filter(|path| !included.contains(*path)).collect();
    Ok(match roots.as_slice() {
        [] => Origin::None,
        [only] => at(&whole, only),
        several => Origin::OneOf(several.iter().copied().map(shown).collect()),
    })
}

/// A fault with the paths of what is missing.
fn named(fault: GitFault, listing: &TreeListing) -> GitFault {
    let GitFault::Missing(missing) = fault else { return fault };
    let path_of = |object: &str| {
        let node = listing.nodes().find(|(_, node)| node.object == object);
        node.map(|(path, _)| path.to_vec())
    };
    let named = missing.into_iter().map(|missing| Missing {
        path: missing.path.or_else(|| path_of(&missing.object)),
        object: missing.object,
    });
    GitFault::Missing(named.collect())
}

/// A path as its directory, with a `/` at its end, and its name.
fn split(path: &[u8]) -> (&[u8], &[u8]) {
    let end = path.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at.saturating_add(1));
    path.split_at_checked(end).unwrap_or((b"", path))
}

fn sources(listing: &TreeListing) -> impl Iterator<Item = &[u8]> {
    let files = listing.nodes().filter(|(_, node)| node.kind == NodeKind::File);
    files.map(|(path, _)| path).filter(|path| path.ends_with(b".flux"))
}

fn shown(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}

/// What a path was called, by the renames that git prints: `R100`, the old path and the new one, each with a NUL behind it.
fn renamed<'s>(output: &'s [u8], path: &[u8]) -> Option<&'s [u8]> {
    let fields: Vec<&[u8]> = output.split(|byte| *byte == 0).collect();
    fields.chunks_exact(3).find_map(|rename| match rename {
        [_, old, new] if *new == path => Some(*old),
        _ => None,
    })
}

fn exists_now(git: &Git, path: &[u8]) -> bool {
    is_named(&git.root().join(native_path::from_bytes(path))).unwrap_or(false)
}
