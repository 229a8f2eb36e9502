//! Where generated files stand. Two places that differ only in the case of letters are one on many file systems.

use std::collections::BTreeMap;

use crate::model::{Cluster, OutputPath};
use crate::problem::{AccountProblem, FitProblem, GeneratedDirectory, Problems};
use crate::span::Span;
use crate::syntax::tree::Name;

/// The directories of generated files, each with the cluster that it is of, by their paths in small letters.
#[derive(Default)]
pub struct Places(BTreeMap<String, (Span, GeneratedDirectory)>);

impl Places {
    /// Takes in the directories of a cluster, and reports those that are taken.
    pub fn take(&mut self, name: Name<'_>, cluster: &Cluster, problems: &mut Problems) {
        self.take_one(name, &cluster.output, false, problems);
        if let Some(object_level) = &cluster.object_level {
            self.take_one(name, &object_level.directory, true, problems);
        }
    }

    fn take_one(&mut self, name: Name<'_>, path: &OutputPath, holds_accounts: bool, problems: &mut Problems) {
        let (key, path) = (path.as_str().to_ascii_lowercase(), path.as_str().to_owned());
        let directory = GeneratedDirectory { path, holds_accounts };
        if let Some((first, taken)) = self.0.get(&key) {
            let (at, first) = (name.span, *first);
            let by_case = taken.path != directory.path;
            let of_one_kind = taken.holds_accounts == holds_accounts;
            problems.push(FitProblem::SameOutput { at, first, directory, of_one_kind, by_case });
            return;
        }
        let _new = self.0.insert(key, (name.span, directory));
    }

    /// Reports ServiceAccounts in the directory of an overlay, and what is below the directory of ServiceAccounts: Flux
    /// looks into no directory below one that has a kustomization.
    /// Source: `kustomize_generator.go` in `kustomize` of fluxcd/pkg, which skips such directories.
    pub fn report(&self, problems: &mut Problems) {
        for (key, (at, inner)) in &self.0 {
            let outside = key.match_indices('/').filter_map(|(end, _)| self.0.get(key.get(..end)?));
            for (outer_at, outer) in outside.filter(|(_, outer)| outer.holds_accounts || inner.holds_accounts)
            {
                let (inner, outer) = (inner.clone(), outer.clone());
                problems.push(AccountProblem::Within { at: *at, inner, outer_at: *outer_at, outer });
            }
        }
    }
}
