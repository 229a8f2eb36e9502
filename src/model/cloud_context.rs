//! Where a cluster is.

use crate::model::aws::{EksName, Region};
use crate::model::gcp::{ProjectId, ProjectNumber};
use crate::model::kubernetes::Issuer;
use crate::model::{Cluster, TrustSubjects};

/// The location of a cluster in its clouds, limited to what an identity needs and the source sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CloudContext {
    /// The issuer of the tokens of its ServiceAccounts.
    pub issuer: Option<Issuer>,
    pub region: Option<Region>,
    pub project: Option<ProjectId>,
    pub project_number: Option<ProjectNumber>,
    /// Its name in EKS, if that differs from its name in the source.
    pub eks_name: Option<EksName>,
    /// Whom trust policies of IAM roles trust of it.
    pub trust_subjects: TrustSubjects,
}

impl Cluster {
    /// What EKS calls it.
    pub fn eks_name(&self) -> &str {
        self.cloud_context.eks_name.as_ref().map_or(&self.name, EksName::as_str)
    }

    /// True if EKS may have a cluster of that name.
    pub fn has_eks_name(&self) -> bool {
        EksName::parse(self.eks_name()).is_some()
    }
}
