//! Listings of overlay directories, limited to names that matter to a build. Each directory is read once.

#[expect(clippy::disallowed_types, reason = "see `Listed`")]
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::io;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::emit;
use crate::model::GOTK_COMPONENTS;
use crate::output::directory::{Directory, Opened};
use crate::output::location::ancestors;
use crate::output::location::is_left_over;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing {
    Absent,
    /// Nothing that a build stumbles over.
    Plain {
        /// True if `flux bootstrap` wrote there.
        is_bootstrapped: bool,
    },
    /// A name that a build reports or removes.
    Odd(Box<Obstacles>),
}

/// What a build stumbles over in a directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Obstacles {
    /// True if `flux bootstrap` wrote there.
    is_bootstrapped: bool,
    /// A second kustomization, which kustomize refuses.
    pub second: Option<String>,
    /// What killed builds left behind.
    pub left_over: Vec<String>,
}

impl Listing {
    /// Looks into a directory.
    ///
    /// # Errors
    /// If its names cannot be read.
    pub fn read(directory: &Directory) -> io::Result<Listing> {
        let mut odd = Obstacles::default();
        directory.visit(|name, _| {
            odd.is_bootstrapped |= name == GOTK_COMPONENTS;
            if is_left_over(name) {
                odd.left_over.push(name.to_owned());
            }
            if emit::is_second_kustomization(name) && odd.second.as_deref().is_none_or(|second| name < second)
            {
                odd.second = Some(name.to_owned());
            }
        })?;
        Ok(match odd {
            Obstacles { is_bootstrapped, second: None, left_over } if left_over.is_empty() => {
                Listing::Plain { is_bootstrapped }
            }
            odd => Listing::Odd(Box::new(odd)),
        })
    }

    fn is_bootstrapped(&self) -> bool {
        match self {
            Listing::Absent => false,
            Listing::Plain { is_bootstrapped } => *is_bootstrapped,
            Listing::Odd(odd) => odd.is_bootstrapped,
        }
    }
}

/// What stood in directories when they were looked into, by their paths.
#[expect(clippy::disallowed_types, reason = "each is asked for by its path, and nobody goes through all")]
pub type Listed = HashMap<Box<str>, Listing, BuildHasherDefault<DefaultHasher>>;

/// Looks into directories below one that is open.
#[derive(Debug, Default)]
pub struct Listings {
    root: Option<Directory>,
    known: Mutex<Listed>,
    /// The outermost directory on the way to the first one that was missed. In a new fleet all others are below it.
    missing: OnceLock<Box<str>>,
}

impl Listings {
    /// Starts without listings. If the directory cannot be opened, there will be none.
    pub fn below(root: &Path) -> Listings {
        Listings { root: Directory::open(root).ok(), ..Listings::default() }
    }

    /// True if there may be a `gotk-components.yaml` in a directory. Looks into it, but not behind links.
    pub fn may_be_bootstrapped(&self, directory: &str) -> bool {
        let Some(listing) = self.look_into(directory) else { return true };
        let is_bootstrapped = listing.is_bootstrapped();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(directory.into(), listing);
        is_bootstrapped
    }

    fn look_into(&self, directory: &str) -> Option<Listing> {
        if self.missing.get().is_some_and(|missing| Path::new(directory).starts_with(&**missing)) {
            return Some(Listing::Absent);
        }
        let root = self.root.as_ref()?;
        // The directory of the source has no path of its own.
        match root.enter_below(if directory.is_empty() { "." } else { directory })? {
            Opened::Open(open) => Listing::read(&open).ok(),
            Opened::Absent => {
                self.missing.get_or_init(|| outermost_missing(root, directory).into());
                Some(Listing::Absent)
            }
            Opened::Else(_) => None,
        }
    }

    /// What was seen.
    pub fn into_listed(self) -> Listed {
        self.known.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The outermost directory on the way to one that is not there, which is not there either.
fn outermost_missing<'d>(root: &Directory, directory: &'d str) -> &'d str {
    ancestors(directory)
        .find(|way| matches!(root.enter_below(*way), Some(Opened::Absent)))
        .unwrap_or(directory)
}
