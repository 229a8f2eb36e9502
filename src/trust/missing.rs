//! What must be said before a cloud can be told to trust.

use crate::model::Assignment;
use crate::model::azure::{Guid, ResourceId};

/// That something is not said which trust needs, or is so that a cloud does not take it.
#[derive(Clone, Copy, Debug)]
pub struct Missing<'f> {
    /// Whose trust needs it.
    pub holding: Assignment<'f>,
    /// What.
    pub need: Need<'f>,
}

/// What trust needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need<'f> {
    /// The issuer of the cluster.
    Issuer,
    /// The project of the cluster.
    Project,
    /// The number of that project.
    ProjectNumber,
    /// The resource id of the managed identity.
    ResourceId,
    /// One resource id of the managed identity; there are these two.
    OneResourceId(&'f ResourceId, &'f ResourceId),
    /// A resource id of its own; this is that of the other managed identity too.
    OwnResourceId(&'f ResourceId, &'f Guid),
    /// An issuer without a port, for AWS takes no other.
    IssuerWithoutPort,
    /// A subject of at most 127 bytes, for Google Cloud takes no other.
    ShortSubject,
}
