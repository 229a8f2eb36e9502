//! Where a cluster is.

use crate::model::aws::Region;
use crate::model::gcp::{ProjectId, ProjectNumber};
use crate::model::kubernetes::Issuer;

/// Where a cluster is, as clouds know it: as far as anything needs it there, and the source says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CloudContext {
    /// The issuer of the tokens of its ServiceAccounts.
    pub issuer: Option<Issuer>,
    /// Its AWS region.
    pub region: Option<Region>,
    /// Its Google Cloud project.
    pub project: Option<ProjectId>,
    /// The number of that project.
    pub project_number: Option<ProjectNumber>,
}
