//! The contents of the repository at a revision. The only place that calls git.

mod alternates;
mod blobs;
mod git;
mod listing;
mod origin;
mod revision;
mod tree;

pub use git::{Git, GitFault, Missing, RevisionKind};
pub use origin::{Origin, find};
pub use revision::{Revision, RevisionFault};
pub use tree::RevisionTree;
