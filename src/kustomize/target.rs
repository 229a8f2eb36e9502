//! The grammars of a patch's target: regular expressions of names, selectors of labels and annotations.

mod labels;
mod pattern;

pub use labels::{LabelSelector, SelectorFault};
pub use pattern::{Pattern, PatternFault};
