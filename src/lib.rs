//! A compiler from `identity.flux`, which says what cloud identity every Flux controller has in every cluster, to one
//! `kustomization.yaml` for each cluster overlay.
//!
#![doc = include_str!("../docs/architecture.md")]

extern crate alloc; // The parser that pest makes without `std` names it.

pub mod check;
pub mod cli;
mod diff;
mod digest;
pub mod emit;
pub mod import;
mod installed;
mod marked;
pub mod model;
pub mod output;
mod parallel;
mod pattern;
pub mod problem;
pub mod review;
pub mod show;
pub mod source;
pub mod span;
pub mod syntax;
pub mod trust;
mod yaml;

use crate::check::{Surroundings, Told};
use crate::model::Fleet;
use crate::problem::Problems;
use crate::source::{FileId, Sources};
use crate::syntax::tree::Tree;

/// Reads and checks a fleet. `sources`: its files, the root file first and those that it includes after it; `name`: the
/// file name of the root. What is wrong is added to `problems`; the fleet comes back if none of them is an error.
pub fn compile(
    sources: &Sources,
    name: &str,
    surroundings: &dyn Surroundings,
    problems: &mut Problems,
) -> Option<Fleet> {
    check::check(name, &trees(sources, problems), surroundings, problems).ok()
}

/// The same, with what holds in each of its clusters and where that is said.
pub fn compile_and_tell(
    sources: &Sources,
    name: &str,
    surroundings: &dyn Surroundings,
    problems: &mut Problems,
) -> Option<(Fleet, Vec<Told>)> {
    let trees = trees(sources, problems);
    let fleet = check::check(name, &trees, surroundings, problems).ok()?;
    let told = check::tell(&trees, &fleet);
    Some((fleet, told))
}

fn trees<'s>(sources: &'s Sources, problems: &mut Problems) -> Vec<(FileId, Tree<'s>)> {
    sources.iter().map(|(file, _)| (file, syntax::parse(sources, file, problems))).collect()
}
