//! Looks for a directory in what Flux builds of another.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::kustomize::{Cause, Failure, Kustomization};
use crate::model::LocalPath;
use crate::overlay_build::Builder;

/// Looks for a directory in what Flux builds of another.
pub struct Search<'s> {
    wanted: &'s LocalPath,
    builder: Builder<'s>,
    seen: BTreeSet<LocalPath>,
    /// True if everything was read.
    is_whole: bool,
}

impl<'s> Search<'s> {
    pub fn new(wanted: &'s LocalPath, builder: Builder<'s>) -> Search<'s> {
        Search { wanted, builder, seen: BTreeSet::new(), is_whole: true }
    }

    /// True if Flux builds the directory with another; nothing if that is unknown.
    pub fn find(&mut self, root: &LocalPath) -> Option<bool> {
        let first = if self.has_kustomization(root) {
            Some(root.clone())
        } else if self.wanted.is_within(root) {
            // Flux generates the kustomization, and enters no directory that has one.
            let between: Vec<LocalPath> = self.wanted.ancestors().take_while(|above| above != root).collect();
            let first = between.into_iter().rev().find(|above| self.has_kustomization(above));
            Some(first.unwrap_or_else(|| self.wanted.clone()))
        } else {
            None
        };
        let is_found = first.is_some_and(|first| self.is_built_by(first));
        (is_found || self.is_whole).then_some(is_found)
    }

    /// True if a directory has a kustomization, or will have one.
    pub fn has_kustomization(&self, directory: &LocalPath) -> bool {
        directory == self.wanted
            || !matches!(
                self.builder.inputs.kustomization(directory),
                Err(Failure { cause: Cause::NoKustomization, .. })
            )
    }

    fn is_built_by(&mut self, first: LocalPath) -> bool {
        let mut open = vec![first];
        while let Some(directory) = open.pop() {
            if directory == *self.wanted {
                return true;
            }
            if self.seen.contains(&directory) {
                continue;
            }
            match self.builder.inputs.kustomization(&directory) {
                Ok(Some(read)) => {
                    for entry in read.resources.iter().chain(&read.components) {
                        match directory.join(&entry.value) {
                            Some(path) if path == *self.wanted => return true,
                            Some(path) => open.push(path),
                            None => self.is_whole = false,
                        }
                    }
                }
                Err(Failure { cause: Cause::NoKustomization, .. }) => {}
                Ok(None) | Err(_) => self.is_whole = false,
            }
            self.seen.insert(directory);
        }
        false
    }

    /// The kustomization nearest to the directory, of those that Flux builds, which does not list it. Returns its directory
    /// too.
    pub fn unlisted(&self, root: &LocalPath) -> Option<(LocalPath, Arc<Kustomization>)> {
        let mut above =
            self.wanted.ancestors().filter(|above| above.is_within(root) && self.seen.contains(above));
        above.find_map(|above| {
            let kustomization = self.builder.inputs.kustomization(&above).ok()??;
            Some((above, kustomization))
        })
    }
}
