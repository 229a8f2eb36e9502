//! What a fleet meets on the disk. The core knows it only so.

use std::sync::Arc;

use crate::model::LocalPath;

/// The directory of a source, all that stands in it, and what is asked of its fleet. Many clusters ask at once.
pub trait Surroundings: Sync {
    /// What stands at a path. `within`: the directory that no link on the way may lead out of.
    fn entry(&self, path: &LocalPath, within: &LocalPath) -> Entry;

    /// The text of a file.
    ///
    /// # Errors
    /// Says why there is none.
    fn text(&self, path: &LocalPath) -> Result<Arc<str>, Unread>;

    /// A path as the user would type it.
    fn shown(&self, path: &LocalPath) -> String;

    /// Whether the directory at a path may hold the `gotk-components.yaml` of `flux bootstrap`. Who knows that it does
    /// not saves the attempt to read it.
    fn may_be_bootstrapped(&self, _directory: &str) -> bool {
        true
    }

    /// Whether somebody makes of the fleet what each cloud must be told.
    fn asks_for_trust(&self) -> bool {
        false
    }

    /// Whether all values are wanted that a cluster sees, as far as they are right.
    fn asks_for_values(&self) -> bool {
        false
    }

    /// The names of variables, or of settings that are texts, whose values are wanted of every cluster.
    fn asked(&self) -> &[String] {
        &[]
    }
}

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Nobody looked, for there is no disk to look at.
    Unseen,
    /// Nothing.
    Missing,
    /// A file.
    File,
    /// A directory.
    Directory,
    /// A link that leads out of where it belongs.
    Outside,
    /// Something that cannot be looked at.
    Unreadable {
        /// Why, as the system says.
        cause: String,
    },
}

/// Why a file has no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// Nobody looked, for there is no disk to look at.
    Unseen,
    /// There is no such file.
    Missing,
    /// It is not text in UTF-8.
    NotText,
    /// It cannot be read.
    Unreadable {
        /// Why, as the system says.
        cause: String,
    },
}

/// A place without a disk.
#[derive(Clone, Copy, Debug)]
pub struct Nowhere;

impl Surroundings for Nowhere {
    fn entry(&self, _: &LocalPath, _: &LocalPath) -> Entry {
        Entry::Unseen
    }

    fn text(&self, _: &LocalPath) -> Result<Arc<str>, Unread> {
        Err(Unread::Unseen)
    }

    fn shown(&self, path: &LocalPath) -> String {
        path.as_str().to_owned()
    }
}
