//! The grammars of a patch's target: regular expressions of names, selectors of labels and annotations.

mod labels;
mod pattern;

pub use labels::{LabelSelector, SelectorFault};
pub use pattern::{Pattern, PatternFault};

use crate::model::{Fault, TargetField};

/// Why kustomize rejects a field of a target, and where in its text.
pub enum FieldFault {
    /// It is not a regular expression.
    Pattern(Fault<PatternFault>),
    /// It is not a selector.
    Selector(Fault<SelectorFault>),
}

/// Checks the text of a field.
///
/// # Errors
/// kustomize rejects it.
pub fn check_field(field: TargetField, text: &str) -> Result<(), FieldFault> {
    if field.is_pattern() {
        Pattern::parse(text).map(drop).map_err(FieldFault::Pattern)
    } else {
        LabelSelector::parse(text).map(drop).map_err(FieldFault::Selector)
    }
}
