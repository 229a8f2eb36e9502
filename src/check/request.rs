//! Data that a run requests beyond the fleet.

/// What a run wants to know of a fleet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The names of variables, or of settings that are texts, whose values are wanted of every cluster.
    pub names: Vec<String>,
    /// True if all values are wanted that a cluster sees, as far as they are right.
    pub values: bool,
    /// True if the run generates trust, which needs more settings.
    pub trust: bool,
    /// True if the run needs provenance.
    pub places: bool,
}
