//! Text in pieces: what stands for itself, and what is put in.

use crate::syntax::tree::{Interpolation, Text};

impl<'s> Text<'s> {
    /// The text in order: what stands there, and what is to be put in.
    pub fn parts(&self) -> impl Iterator<Item = Part<'s>> {
        let inner = self.span.start.saturating_add(1);
        let mut from = 0;
        let literals_and_holes = self.interpolations.iter().flat_map(move |hole| {
            let at = hole.span.start.saturating_sub(inner) as usize;
            let literal = self.raw.get(from..at).unwrap_or_default();
            from = hole.span.end.saturating_sub(inner) as usize;
            [Part::Literal(literal), Part::Hole(*hole)]
        });
        let last = self.interpolations.last().map_or(0, |hole| hole.span.end.saturating_sub(inner) as usize);
        let rest = self.raw.get(last..).unwrap_or_default();
        literals_and_holes.chain([Part::Literal(rest)])
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'s> {
    /// Text that stands for itself.
    Literal(&'s str),
    /// The value of a name.
    Hole(Interpolation<'s>),
}
