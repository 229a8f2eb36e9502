//! What every kind of problem has: a code, a place and words.

use crate::problem::{Code, Finding};
use crate::span::Span;

/// A kind of problem. Its code and its place need no allocation, so that problems are sorted, counted and allowed without
/// words; words are made only for what is shown.
pub trait ProblemKind {
    fn code(&self) -> Code;

    fn place(&self) -> PrimaryPlace<'_>;

    /// The problem in words. It takes its code and its place from the other two methods.
    fn finding(&self) -> Finding;

    fn head(&self) -> FindingHead<'_> {
        FindingHead { place: self.place(), code: self.code() }
    }

    fn with_message(&self, message: impl Into<String>) -> Finding
    where
        Self: Sized,
    {
        self.head().with_message(message)
    }
}

/// The place of a problem. Places in sources come before files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PrimaryPlace<'p> {
    /// A range of a source.
    Source(Span),
    /// A file as a whole; its path, as the user would type it.
    File(&'p str),
}

/// What is known of a finding without its words. Findings are sorted by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FindingHead<'p> {
    /// Its place.
    pub place: PrimaryPlace<'p>,
    /// Its code.
    pub code: Code,
}

impl FindingHead<'_> {
    /// The finding with this code, at this place.
    pub fn with_message(self, message: impl Into<String>) -> Finding {
        Finding::new(self.code, self.place, message)
    }
}
