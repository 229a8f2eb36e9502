//! What a run wants to know of a fleet beyond whether it is right.

/// What a run wants to know of a fleet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The names of variables, or of settings that are texts, whose values are wanted of every cluster.
    pub names: Vec<String>,
    /// True if all values are wanted that a cluster sees, as far as they are right.
    pub values: bool,
    /// True if the fleet is to be told to clouds, which needs more of it.
    pub trust: bool,
    /// True if it is wanted where each thing was said.
    pub places: bool,
}
