//! A compiler from `identity.flux`, which says what cloud identity every Flux controller has in every cluster, to one
//! `kustomization.yaml` for each cluster overlay.
//!
//! ```text
//! source ──syntax──▶ Tree ──check──▶ Fleet ──emit──▶ text ──output──▶ Plan ──▶ files
//!                      └────format──▶ text
//! ```
//!
//! Data flows one way. Every stage has its own type, and a later type cannot express an earlier fault. What is wrong
//! is data too: the stages report [`problem::Problems`], and one place knows how they are said.

extern crate alloc; // The parser that pest makes without `std` names it.

pub mod check;
pub mod cli;
pub mod emit;
pub mod model;
pub mod output;
pub mod problem;
pub mod source;
pub mod span;
pub mod syntax;
mod yaml;

use crate::model::Fleet;
use crate::problem::Problems;
use crate::source::Sources;

/// Reads and checks a fleet. `name`: the file name of its root source, the first of `sources`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn compile(sources: &Sources, name: &str) -> Result<Fleet, Problems> {
    let mut problems = Problems::default();
    let Some((root, _)) = sources.iter().next() else { return Err(problems) };
    let tree = syntax::parse(sources, root, &mut problems);
    check::check(name, &tree, &mut problems).ok_or(problems)
}
