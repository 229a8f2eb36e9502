//! What each cloud must be configured to trust, so that the identities of a fleet work, and the forms in which that is
//! written.

mod aws;
mod azure;
mod command;
mod document;
mod file;
mod gcp;
mod names;
mod operator;
mod shell;
mod terraform;
mod terraform_policies;

pub use aws::{AccountTrust, Association, OidcProvider, TargetPolicy};
pub use azure::{Credential, IdentityTrust};
pub use file::{TrustFile, files, is_of_form, may_be_module, may_be_object, may_be_trust_file};
pub use gcp::{Binding, PrincipalTrust};

use crate::model::{Assignment, CloudIdentity, Cluster, Missing, ResourceIds, TrustScope};

/// What each cloud must be configured to trust.
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
    /// What each cloud must trust for these clusters, in whichever order they come.
    ///
    /// # Errors
    /// Everything that is needed and not set.
    pub fn new(
        clusters: impl IntoIterator<Item = &'f Cluster> + Clone,
    ) -> Result<Trust<'f>, Vec<Missing<'f>>> {
        Trust::in_scope(clusters, &TrustScope::All)
    }

    /// The part of it that a run makes.
    ///
    /// # Errors
    /// Everything that this part needs and that is not set.
    pub fn in_scope(
        clusters: impl IntoIterator<Item = &'f Cluster> + Clone,
        scope: &TrustScope,
    ) -> Result<Trust<'f>, Vec<Missing<'f>>> {
        let resource_ids = ResourceIds::new(clusters.clone());
        let mut trust = Trust::for_clusters(clusters, &resource_ids, scope)?;
        // A role that assumes another has a policy in its own account.
        trust.aws.retain(|trust| scope.is(trust.account));
        Ok(trust)
    }

    /// True if no cloud needs to trust anything.
    pub fn is_empty(&self) -> bool {
        self.aws.is_empty() && self.azure.is_empty() && self.bindings.is_empty() && self.principals.is_empty()
    }

    /// The same of some clusters of a fleet. `resource_ids`: those of all of it.
    ///
    /// # Errors
    /// Everything that is needed and not set.
    pub fn for_clusters(
        clusters: impl IntoIterator<Item = &'f Cluster>,
        resource_ids: &ResourceIds<'f>,
        scope: &TrustScope,
    ) -> Result<Trust<'f>, Vec<Missing<'f>>> {
        let mut aws = aws::Builder::default();
        let mut azure = azure::Builder::default();
        let mut gcp = gcp::Builder::default();
        let assignments = clusters.into_iter().flat_map(Cluster::assignments);
        let assignments: Vec<Assignment<'f>> =
            assignments.filter(|assignment| scope.includes(assignment, resource_ids)).collect();
        let missing: Vec<Missing<'f>> = assignments
            .iter()
            .flat_map(|assignment| Missing::for_assignment(*assignment, resource_ids))
            .collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        for assignment in &assignments {
            match assignment.identity_and_source {
                CloudIdentity::RoleByToken { role, audience } => {
                    aws.add_token_trust(assignment, role, audience);
                }
                CloudIdentity::RoleByPodIdentity(role) => aws.add_association(assignment, role),
                CloudIdentity::RoleByRole { target, source } => aws.add_target(assignment, target, source),
                CloudIdentity::ManagedIdentity { .. } => azure.add(assignment, resource_ids),
                CloudIdentity::GoogleAccount(email, pool) => gcp.add_binding(assignment, email, pool),
                CloudIdentity::Principal(pool) => gcp.add_principal(assignment, pool),
            }
        }
        let (bindings, principals) = gcp.finish();
        Ok(Trust { aws: aws.finish(), azure: azure.finish(), bindings, principals })
    }
}
