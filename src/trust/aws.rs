//! What AWS must trust: in each account the issuers to trust, who may take on a role, and which ServiceAccount EKS Pod
//! Identity gives it to.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::aws::RoleArn;
use crate::model::kubernetes::{Issuer, Subject};
use crate::model::{Assignment, Cluster, Identity, TrustPolicy};

/// What one account must trust.
#[derive(Clone, Debug)]
pub struct AccountTrust<'f> {
    pub account: &'f str,
    pub partition: &'static str,
    /// The issuers that it must know.
    pub providers: Vec<OidcProvider<'f>>,
    /// Who may take on its roles, one policy for each role over all clusters.
    pub roles: Vec<TrustPolicy<'f>>,
    /// Who gets them by EKS Pod Identity.
    pub associations: Vec<Association<'f>>,
}

/// An issuer that an account must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcProvider<'f> {
    pub issuer: &'f Issuer,
    /// Whom its tokens are for.
    pub audiences: BTreeSet<&'f str>,
}

/// That EKS Pod Identity gives a role to a ServiceAccount.
#[derive(Clone, Copy, Debug)]
pub struct Association<'f> {
    /// The cluster, which EKS knows by the same name.
    pub cluster: &'f Cluster,
    /// The ServiceAccount.
    pub subject: Subject<'f>,
    pub role: &'f RoleArn,
}

/// What is known so far.
#[derive(Default)]
pub struct Builder<'f> {
    roles: BTreeMap<Identity<'f>, TrustPolicy<'f>>,
    providers: BTreeMap<(&'f str, &'f Issuer), BTreeSet<&'f str>>,
    associations: Vec<Association<'f>>,
}

impl<'f> Builder<'f> {
    /// Adds a ServiceAccount that assumes a role by a token.
    pub fn add_token_trust(&mut self, assignment: &Assignment<'f>, role: &'f RoleArn, audience: &'f str) {
        let Some(issuer) = &assignment.cluster.cloud_context.issuer else { return };
        let by_token = &mut self.policy(assignment, role).by_token;
        let key = (issuer.without_scheme().to_owned(), audience);
        by_token.entry(key).or_default().insert(assignment.subject);
        self.providers.entry((role.account(), issuer)).or_default().insert(audience);
    }

    /// Adds a role that EKS Pod Identity gives. An association is what gives it, so trust alone has none.
    pub fn add_association(&mut self, assignment: &Assignment<'f>, role: &'f RoleArn) {
        self.policy(assignment, role).by_pod_identity = true;
        if assignment.trust_only.is_some() {
            return;
        }
        self.associations.push(Association {
            cluster: assignment.cluster,
            subject: assignment.subject,
            role,
        });
    }

    fn policy(&mut self, assignment: &Assignment<'f>, role: &'f RoleArn) -> &mut TrustPolicy<'f> {
        let policy = self.roles.entry(assignment.identity()).or_insert_with(|| TrustPolicy::new(role));
        // Of two ways to write one role the same one is chosen, whichever cluster comes first.
        policy.role = policy.role.min(role);
        policy
    }

    pub fn finish(self) -> Vec<AccountTrust<'f>> {
        let mut accounts: BTreeMap<&'f str, AccountTrust<'f>> = BTreeMap::new();
        for policy in self.roles.into_values() {
            let (account, partition) = (policy.role.account(), policy.role.partition());
            let (providers, roles, associations) = (Vec::new(), Vec::new(), Vec::new());
            let empty = AccountTrust { account, partition, providers, roles, associations };
            accounts.entry(account).or_insert(empty).roles.push(policy);
        }
        for ((account, issuer), audiences) in self.providers {
            if let Some(trust) = accounts.get_mut(account) {
                trust.providers.push(OidcProvider { issuer, audiences });
            }
        }
        let mut associations = self.associations;
        associations.sort_by_key(|it| (it.cluster.name.as_str(), it.subject));
        for association in associations {
            if let Some(trust) = accounts.get_mut(association.role.account()) {
                trust.associations.push(association);
            }
        }
        accounts.into_values().collect()
    }
}
