//! What Google Cloud must trust: who may impersonate a service account, and which principals ServiceAccounts are.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::gcp::{ServiceAccountEmail, gke_member, gke_principal, pool_principal};
use crate::model::kubernetes::Subject;
use crate::model::{Assignment, Pool};

/// Who may impersonate a Google service account.
#[derive(Clone, Debug)]
pub struct Binding<'f> {
    pub account: &'f ServiceAccountEmail,
    pub members: BTreeSet<String>,
}

impl Binding<'_> {
    /// The name that the IAM API has for the service account. `-` stands for a project that the email does not name.
    pub fn service_account(&self) -> String {
        let project = self.account.project();
        format!("projects/{}/serviceAccounts/{}", project.as_deref().unwrap_or("-"), self.account.as_str())
    }
}

/// A ServiceAccount that has access itself. What it may do is configured on the resources.
#[derive(Clone, Debug)]
pub struct PrincipalTrust<'f> {
    pub principal: String,
    /// The ServiceAccount.
    pub subject: Subject<'f>,
    /// The clusters that have it. All others of the pool have it too.
    pub clusters: BTreeSet<&'f str>,
}

/// What is known so far.
#[derive(Default)]
pub struct Builder<'f> {
    bindings: BTreeMap<&'f ServiceAccountEmail, BTreeSet<String>>,
    principals: BTreeMap<String, PrincipalTrust<'f>>,
}

impl<'f> Builder<'f> {
    /// Takes in that somebody impersonates a service account.
    pub fn add_binding(
        &mut self,
        assignment: &Assignment<'f>,
        account: &'f ServiceAccountEmail,
        pool: Pool<'f>,
    ) {
        let member = match pool {
            Pool::OfProject(project) => gke_member(project, assignment.subject),
            Pool::OfUnknownProject(_) => return,
            Pool::Named(pool) => pool_principal(pool, assignment.subject),
        };
        self.bindings.entry(account).or_default().insert(member);
    }

    pub fn add_principal(&mut self, assignment: &Assignment<'f>, pool: Pool<'f>) {
        let principal = match pool {
            Pool::OfProject(project) => {
                let Some(number) = &assignment.cluster.cloud_context.project_number else { return };
                gke_principal(project, number, assignment.subject)
            }
            Pool::OfUnknownProject(_) => return,
            Pool::Named(pool) => pool_principal(pool, assignment.subject),
        };
        let subject = assignment.subject;
        let trust = self.principals.entry(principal.clone()).or_insert_with(|| PrincipalTrust {
            principal,
            subject,
            clusters: BTreeSet::new(),
        });
        trust.clusters.insert(&assignment.cluster.name);
    }

    pub fn finish(self) -> (Vec<Binding<'f>>, Vec<PrincipalTrust<'f>>) {
        let bindings = self.bindings.into_iter().map(|(account, members)| Binding { account, members });
        (bindings.collect(), self.principals.into_values().collect())
    }
}
