//! What is merged, and what comes of it.

use crate::kustomize::value::Value;

/// Why a patch cannot be merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeFault {
    /// The directive is not one.
    Directive(String),
    /// The patch has a map, a list or a scalar where the object has something else.
    WrongNode,
}

/// The values that are merged.
pub(crate) enum Sources {
    /// A value of an object, and that of a patch in its place.
    Both(Option<Value>, Option<Value>),
    /// A value of the patch that has nothing to be merged with: it is merged with itself.
    Same(Value),
}

/// What merging made.
pub(crate) enum Merged {
    /// Nothing is left.
    Cleared,
    /// The value of the object, changed.
    Object(Value),
    /// The value of the patch took its place.
    Patch(Value),
}

impl Merged {
    pub(crate) fn into_value(self) -> Option<Value> {
        match self {
            Merged::Cleared => None,
            Merged::Object(value) | Merged::Patch(value) => Some(value),
        }
    }
}
