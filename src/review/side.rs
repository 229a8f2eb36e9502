//! One of the two fleets that are compared.

use crate::model::{Fleet, OutputPath};

/// One of the two fleets that are compared.
#[derive(Clone, Copy, Debug)]
pub struct Side<'f> {
    /// The fleet. It must know all values of its clusters.
    pub fleet: &'f Fleet,
    /// The directory of its source from the root of the repository, with a `/` at its end; empty for that root.
    pub root: &'f str,
}

impl Side<'_> {
    /// The path of something that is written, from the root of the repository.
    pub fn place_of(&self, output: &OutputPath) -> String {
        format!("{}{}", self.root, output.as_str())
    }
}
