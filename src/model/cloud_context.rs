//! Where a cluster is.

use crate::model::aws::Region;
use crate::model::gcp::{ProjectId, ProjectNumber};
use crate::model::kubernetes::Issuer;

/// The location of a cluster in its clouds, limited to what an identity needs and the source sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CloudContext {
    /// The issuer of the tokens of its ServiceAccounts.
    pub issuer: Option<Issuer>,
    pub region: Option<Region>,
    pub project: Option<ProjectId>,
    pub project_number: Option<ProjectNumber>,
}
