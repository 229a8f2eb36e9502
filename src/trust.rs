//! What each cloud must be told, so that the identities of a fleet can be had; and the forms in which that is written.

mod aws;
mod azure;
mod command;
mod document;
mod file;
mod gcp;
mod names;
mod policy;
mod shell;
mod terraform;

pub use aws::{AccountTrust, Association, OidcProvider};
pub use azure::{Credential, IdentityTrust, ResourceIds};
pub use file::{MODULE, TrustFile, TrustForm, files, is_module};
pub use gcp::{Binding, PrincipalTrust};
pub use policy::{TrustPolicy, oidc_provider};

use crate::model::azure::{Guid, ResourceId};
use crate::model::{Assignment, CloudIdentity, Cluster, Pool};

/// What each cloud must be told.
#[derive(Clone, Debug, Default)]
pub struct Trust<'f> {
    /// AWS, by the numbers of accounts.
    pub aws: Vec<AccountTrust<'f>>,
    /// Azure, by the client ids of managed identities.
    pub azure: Vec<IdentityTrust<'f>>,
    /// Google Cloud: who may impersonate which service account, by their addresses.
    pub bindings: Vec<Binding<'f>>,
    /// Google Cloud: the ServiceAccounts that have access themselves.
    pub principals: Vec<PrincipalTrust<'f>>,
}

impl<'f> Trust<'f> {
    /// What each cloud must be told of these clusters. The order in which they are said says nothing.
    ///
    /// # Errors
    /// All that is not said and must be.
    pub fn new(
        clusters: impl IntoIterator<Item = &'f Cluster> + Clone,
    ) -> Result<Trust<'f>, Vec<Missing<'f>>> {
        let resource_ids = ResourceIds::new(clusters.clone());
        Trust::for_clusters(clusters, &resource_ids)
    }

    /// The same of some clusters of a fleet. `resource_ids`: those of all of it.
    ///
    /// # Errors
    /// All that is not said and must be.
    pub fn for_clusters(
        clusters: impl IntoIterator<Item = &'f Cluster>,
        resource_ids: &ResourceIds<'f>,
    ) -> Result<Trust<'f>, Vec<Missing<'f>>> {
        let mut aws = aws::Builder::default();
        let mut azure = azure::Builder::default();
        let mut gcp = gcp::Builder::default();
        let mut missing = Vec::new();
        for assignment in clusters.into_iter().flat_map(Cluster::assignments) {
            let taken = match assignment.identity_and_source {
                CloudIdentity::RoleByToken { role, audience } => {
                    aws.add_token_trust(&assignment, role, audience)
                }
                CloudIdentity::RoleByPodIdentity(role) => {
                    aws.add_association(&assignment, role);
                    Ok(())
                }
                CloudIdentity::ManagedIdentity { .. } => azure.add(&assignment, resource_ids, &mut missing),
                CloudIdentity::GoogleAccount(email, pool) => gcp.add_binding(&assignment, email, pool),
                CloudIdentity::Principal(pool) => gcp.add_principal(&assignment, pool),
            };
            missing.extend(taken.err().map(|need| Missing { assignment, need }));
            // The project is missed first, and both at once.
            let lacks_number = assignment.cluster.cloud_context.project_number.is_none();
            if matches!(assignment.identity_and_source, CloudIdentity::Principal(Pool::OfUnknownProject(_)))
                && lacks_number
            {
                missing.push(Missing { assignment, need: Need::ProjectNumber });
            }
        }
        if missing.is_empty() {
            let (bindings, principals) = gcp.finish();
            Ok(Trust { aws: aws.finish(), azure: azure.finish(), bindings, principals })
        } else {
            Err(missing)
        }
    }
}

/// That something is not said which trust needs, or is so that a cloud does not take it.
#[derive(Clone, Copy, Debug)]
pub struct Missing<'f> {
    /// Whose trust needs it.
    pub assignment: Assignment<'f>,
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
