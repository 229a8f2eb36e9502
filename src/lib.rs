//! A compiler from `identity.flux`, which says what cloud identity every Flux controller has in every cluster, to one
//! `kustomization.yaml` for each cluster overlay.
//!
#![doc = include_str!("../docs/architecture.md")]
//! The library is [`compile`] and [`parse`]; its modules are for the command, the tests and the benches. Without the feature
//! `cli` it is the core alone.

#![cfg_attr(
    not(feature = "cli"),
    expect(dead_code, unused_imports, reason = "the core has functions that only the command calls")
)]

extern crate alloc; // The parser that pest makes without `std` names it.

mod built_difference;
#[doc(hidden)]
pub mod check;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
mod diff;
mod digest;
#[doc(hidden)]
pub mod effect;
#[doc(hidden)]
pub mod emit;
#[doc(hidden)]
pub mod import;
mod installation;
mod json;
#[doc(hidden)]
pub mod kustomize;
#[doc(hidden)]
pub mod load;
#[cfg(feature = "cli")]
mod lsp;
#[doc(hidden)]
pub mod model;
mod native_path;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod output;
mod overlay_build;
#[doc(hidden)]
pub mod problem;
#[doc(hidden)]
pub mod resolve;
mod restart;
#[doc(hidden)]
pub mod review;
#[doc(hidden)]
pub mod show;
#[doc(hidden)]
pub mod source;
#[doc(hidden)]
pub mod span;
mod spanned;
#[doc(hidden)]
pub mod syntax;
#[doc(hidden)]
pub mod trust;
mod verification;
#[doc(hidden)]
pub mod workspace;
mod yaml;

use crate::check::Request;
use crate::model::Fleet;
use crate::problem::Problems;
use crate::source::Sources;
use crate::span::FileId;
use crate::syntax::tree::Tree;
use crate::workspace::Inputs;

/// Reads and checks a fleet. `sources`: its files, the root source first and those that it includes after it; `name`: the
/// file name of the root; `inputs`: the files of its repository. Findings are added to `problems`; the fleet is returned
/// if none of them is an error.
pub fn compile(
    sources: &Sources,
    name: &str,
    inputs: &Inputs<'_>,
    request: &Request,
    problems: &mut Problems,
) -> Option<Fleet> {
    check::check(name, &parse(sources, problems), inputs, request, problems).ok().map(|checked| checked.fleet)
}

/// Reads a fleet. `sources`: its files, the root source first and those that it includes after it. Findings are added to
/// `problems`; every file has a tree, even a broken one.
pub fn parse<'s>(sources: &'s Sources, problems: &mut Problems) -> Vec<(FileId, Tree<'s>)> {
    sources.in_language().map(|(file, _)| (file, syntax::parse(sources, file, problems))).collect()
}
