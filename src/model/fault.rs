//! What is wrong with a value, and where in it.

use std::ops::Range;

/// What is wrong with a value, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault<K> {
    pub kind: K,
    /// The bytes of the value that are.
    pub at: Range<usize>,
}

impl<K> Fault<K> {
    /// Something is wrong with all of `value`.
    pub fn whole(kind: K, value: &str) -> Fault<K> {
        Fault { kind, at: 0..value.len() }
    }

    /// Something is wrong with `part`, which is a slice of `value`.
    pub fn part(kind: K, value: &str, part: &str) -> Fault<K> {
        let start = (part.as_ptr() as usize).saturating_sub(value.as_ptr() as usize).min(value.len());
        Fault { kind, at: start..start.saturating_add(part.len()).min(value.len()) }
    }
}
