//! Who has what in a fleet, for people and for programs to look at: a table, one cluster in full, and other forms.
//!
//! Nothing is decided here: the model says who has what, and [`Provenance`] where a source says so.

mod abbreviations;
mod cluster;
mod grid;
mod html;
mod json;
mod matrix;
mod mermaid;
mod selectors;
mod source_lines;
mod table;
mod trusted;
pub(crate) mod words;

pub use cluster::cluster;
pub use html::html;
pub use json::json;
pub use mermaid::{MOST_EDGES, mermaid};
pub use selectors::selectors;
pub(crate) use source_lines::SourceLines;
pub use table::table;

use crate::model::{Cluster, Fleet};
use crate::resolve::Provenance;
use crate::source::Sources;

/// A fleet that is looked at.
#[derive(Clone, Debug)]
pub struct View<'f> {
    /// All of it. What is shared is shared with any of its clusters.
    pub fleet: &'f Fleet,
    /// The clusters that are shown, in the order of the fleet.
    pub clusters: Vec<&'f Cluster>,
    /// What holds in each cluster of the fleet, in its order; nothing where nobody asked.
    pub provenance: &'f [Provenance],
    /// The files that the fleet was made of.
    pub sources: &'f Sources,
}

/// What a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// How many characters a line has; nothing where that does not matter.
    pub width: Option<usize>,
    /// True if it has colors.
    pub colors: bool,
}

impl<'f> View<'f> {
    fn provenance(&self) -> impl Iterator<Item = (&'f Cluster, Option<&'f Provenance>)> {
        // Both are in the order of the fleet, and so are those that are shown.
        let mut all = self.fleet.clusters.iter().enumerate();
        let provenance = self.provenance;
        self.clusters.iter().map(move |shown| {
            let at = all.find(|(_, cluster)| std::ptr::eq(*cluster, *shown)).map(|(at, _)| at);
            (*shown, at.and_then(|at| provenance.get(at)))
        })
    }
}
