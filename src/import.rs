//! Overlays that exist, to the source that would have made them.
//!
//! `find` tells which directories are overlays of Flux, `read` what they say, `recognise` whose identities that is and
//! what else is left, `generalise` what they have in common, `write` puts it down. Nothing is dropped in silence: what
//! is not taken in is reported.

mod accounts;
mod block;
mod compare;
mod configurations;
mod facts;
mod federated;
mod file;
mod find;
mod generalise;
mod identity;
mod instance;
mod leftover;
mod naming;
mod objects;
mod overlay;
mod patch;
pub mod path;
mod read;
mod recognise;
mod said;
mod starter;
mod template;
mod write;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::import::recognise::Left;
use crate::problem::Problems;
use crate::source::Sources;

pub use compare::{Comparison, compare};
pub use find::{NAMES, is_kustomization};
pub use starter::starter;

/// The directory that the source is to stand in, and all that stands below it. The core knows the disk only so.
pub trait Estate {
    /// The text of a file; its path is relative.
    ///
    /// # Errors
    /// Says why there is none.
    fn text(&self, path: &str) -> Result<Rc<str>, Unread>;

    /// Whether something stands there.
    fn exists(&self, path: &str) -> bool;

    /// A path as the user would type it.
    fn shown(&self, path: &str) -> String;
}

/// Why a file has no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// There is no such file.
    Missing,
    /// It is not text in UTF-8, or larger than what is read.
    NotText,
    /// It cannot be read.
    Unreadable {
        /// Why, as the system says.
        cause: String,
    },
}

/// What is wanted of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Whether every overlay stays in hand, and only its identities leave it.
    pub components: bool,
}

/// What comes of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The source, in the one style.
    pub text: String,
    /// Other files that belong to it, by their paths: patches that stood inline, and overlays that stay in hand.
    pub files: BTreeMap<String, String>,
    /// The overlays that were taken in.
    pub overlays: Vec<Taken>,
    /// The paths of those that were left alone, and reported.
    pub left_alone: Vec<String>,
    /// The paths of those that stay in hand as they are, for they give no identity.
    pub without_identity: Vec<String>,
}

impl Imported {
    /// How many files were left alone.
    pub fn count_left(&self) -> usize {
        self.left_alone.len().saturating_add(self.without_identity.len())
    }
}

/// An overlay that was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The name of its cluster.
    pub cluster: String,
    /// Its directory.
    pub directory: String,
    /// The file that says it.
    pub file: String,
    /// Whether that stays in hand.
    pub stays: bool,
    /// Whether it says nothing but what `flux bootstrap` writes.
    pub is_fresh: bool,
}

/// Takes in the overlays among these files. `files`: their paths, sorted; what was read is added to `sources`.
pub fn import(
    estate: &dyn Estate,
    files: &[String],
    wish: Wish,
    sources: &mut Sources,
    problems: &mut Problems,
) -> Imported {
    let mut reader = file::Reader::new(estate, sources);
    let found = find::find(files, &mut reader, problems);
    let mut left_alone = found.left_alone;
    let (accounts, unread) = accounts::read(&found.accounts, &found.overlays, &mut reader, problems);
    left_alone.extend(unread);
    let (mut clusters, mut without_identity) = (Vec::new(), Vec::new());
    for overlay in found.overlays {
        let path = overlay.path.clone();
        match recognise::recognise(&overlay, accounts.get(&path), wish, &mut reader, problems) {
            Ok(cluster) => clusters.push(cluster),
            Err(Left::Reported) => left_alone.push(path),
            Err(Left::NoIdentity) => without_identity.push(path),
        }
    }
    if clusters.is_empty() {
        return Imported { left_alone, without_identity, ..Imported::default() };
    }
    naming::name(&mut clusters);
    let overlays = clusters
        .iter()
        .map(|cluster| Taken {
            cluster: cluster.name.clone(),
            directory: cluster.directory.clone(),
            file: cluster.path.clone(),
            stays: cluster.edited.is_some(),
            is_fresh: cluster.is_fresh(),
        })
        .collect();
    let mut out = BTreeMap::new();
    leftover::place(&mut clusters, estate, &mut out);
    let source = generalise::generalise(clusters);
    Imported { text: write::write(&source), files: out, overlays, left_alone, without_identity }
}
