//! What AWS must trust: in each account the issuers to trust, who may take on a role, and which ServiceAccount EKS Pod
//! Identity gives it to.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::aws::{PodIdentityRole, RoleArn, TargetRole};
use crate::model::kubernetes::{Issuer, Subject};
use crate::model::{Assignment, Cluster, Identity, TrustPolicy, assume_roles_policy};

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
    /// Which of them assume others.
    pub target_policies: Vec<TargetPolicy<'f>>,
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
    pub cluster: &'f Cluster,
    /// The ServiceAccount.
    pub subject: Subject<'f>,
    /// The role in the account of the cluster.
    pub role: &'f RoleArn,
    /// The role that it assumes for the ServiceAccount.
    pub target: Option<&'f TargetRole>,
}

impl Association<'_> {
    /// True if it has no session tags. With them EKS sends no external id.
    pub fn disables_session_tags(&self) -> bool {
        self.target.is_some_and(|target| target.external_id.is_some())
    }
}

/// That a role may assume its target roles, in a policy of the role itself.
#[derive(Clone, Debug)]
pub struct TargetPolicy<'f> {
    pub role: &'f RoleArn,
    pub targets: BTreeSet<&'f RoleArn>,
}

impl TargetPolicy<'_> {
    /// The name of the policy among those of its role.
    pub const NAME: &'static str = "flux-identity-target-roles";

    /// The policy as IAM takes it.
    pub fn document(&self) -> String {
        assume_roles_policy(self.targets.iter().copied())
    }
}

/// What is known so far.
#[derive(Default)]
pub struct Builder<'f> {
    roles: BTreeMap<Identity<'f>, TrustPolicy<'f>>,
    providers: BTreeMap<(&'f str, &'f Issuer), BTreeSet<&'f str>>,
    associations: Vec<Association<'f>>,
    /// The target roles of each role.
    targets: BTreeMap<Identity<'f>, BTreeSet<&'f RoleArn>>,
}

impl<'f> Builder<'f> {
    /// Adds a ServiceAccount that assumes a role by a token.
    pub fn add_token_trust(&mut self, assignment: &Assignment<'f>, role: &'f RoleArn, audience: &'f str) {
        let Some(issuer) = &assignment.cluster.cloud_context.issuer else { return };
        let by_token = &mut self.policy(assignment, role).by_token;
        let key = (issuer.without_scheme().to_owned(), audience);
        by_token.entry(key).or_default().insert(assignment.trusted_subject());
        self.providers.entry((role.account(), issuer)).or_default().insert(audience);
    }

    /// Adds a role that EKS Pod Identity gives. An association is what gives it, so trust alone has none.
    pub fn add_association(&mut self, assignment: &Assignment<'f>, role: &'f PodIdentityRole) {
        let PodIdentityRole { arn: role, target } = role;
        self.policy(assignment, role).by_pod_identity = true;
        if let Some(target) = target {
            self.targets.entry(assignment.identity()).or_default().insert(&target.arn);
        }
        if assignment.trust_only.is_some() {
            return;
        }
        self.associations.push(Association {
            cluster: assignment.cluster,
            subject: assignment.subject,
            role,
            target: target.as_ref(),
        });
    }

    /// Adds a role that EKS Pod Identity assumes with the credentials of another.
    pub fn add_target(&mut self, assignment: &Assignment<'f>, target: &'f TargetRole, source: &'f RoleArn) {
        let by_role = &mut self.policy(assignment, &target.arn).by_role;
        by_role.entry(source).or_default().insert(target.external_id.as_deref());
    }

    fn policy(&mut self, assignment: &Assignment<'f>, role: &'f RoleArn) -> &mut TrustPolicy<'f> {
        let policy = self.roles.entry(assignment.identity()).or_insert_with(|| TrustPolicy::new(role));
        // Of two ways to write one role the same one is chosen, whichever cluster comes first.
        policy.role = policy.role.min(role);
        policy
    }

    pub fn finish(self) -> Vec<AccountTrust<'f>> {
        let mut accounts: BTreeMap<&'f str, AccountTrust<'f>> = BTreeMap::new();
        let mut targets = self.targets;
        for (identity, policy) in self.roles {
            let (account, partition, role) = (policy.role.account(), policy.role.partition(), policy.role);
            let trust = accounts.entry(account).or_insert_with(|| AccountTrust {
                account,
                partition,
                providers: Vec::new(),
                roles: Vec::new(),
                associations: Vec::new(),
                target_policies: Vec::new(),
            });
            trust.roles.push(policy);
            let targets = targets.remove(&identity);
            trust.target_policies.extend(targets.map(|targets| TargetPolicy { role, targets }));
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
