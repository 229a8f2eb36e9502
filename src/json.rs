//! JSON documents that are never in memory as a whole.

use std::cell::Cell;

use serde::{Serialize, Serializer};

/// An array whose items are made while it is written. It is written once: a second time it is empty.
pub struct Streamed<I>(Cell<Option<I>>);

impl<I: Iterator<Item: Serialize>> Streamed<I> {
    /// An array of these items.
    pub fn new(items: impl IntoIterator<IntoIter = I>) -> Streamed<I> {
        Streamed(Cell::new(Some(items.into_iter())))
    }
}

impl<I: Iterator<Item: Serialize>> Serialize for Streamed<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.take().into_iter().flatten())
    }
}
