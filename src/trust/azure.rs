//! What Azure must trust: the federated credentials of each managed identity.

use std::collections::BTreeMap;

use crate::model::azure::{Guid, MAX_CREDENTIAL_NAME, ResourceId};
use crate::model::kubernetes::{Issuer, Subject};
use crate::model::{Assignment, Identity, ResourceIds};
use crate::trust::names;

/// What one managed identity must trust.
#[derive(Clone, Debug)]
pub struct IdentityTrust<'f> {
    pub client_id: &'f Guid,
    /// Its id in Azure Resource Manager.
    pub resource_id: &'f ResourceId,
    /// The tokens that it trusts, by their names.
    pub credentials: Vec<Credential<'f>>,
}

/// A federated credential: that a managed identity trusts the tokens of a ServiceAccount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential<'f> {
    /// Its name, which Azure does not let be changed: that of the cluster and of the ServiceAccount.
    pub name: String,
    /// The cluster whose name is in it.
    pub cluster: &'f str,
    pub issuer: &'f Issuer,
    pub subject: Subject<'f>,
}

/// Identities by their subscriptions in small letters, as Azure compares them.
pub fn by_subscription<'t, 'f>(
    identities: &'t [IdentityTrust<'f>],
) -> BTreeMap<String, Vec<&'t IdentityTrust<'f>>> {
    let mut subscriptions: BTreeMap<String, Vec<&IdentityTrust<'f>>> = BTreeMap::new();
    for identity in identities {
        let subscription = identity.resource_id.subscription().to_ascii_lowercase();
        subscriptions.entry(subscription).or_default().push(identity);
    }
    subscriptions
}

/// The name of a Kubernetes object for a credential, which differs from those in all other subscriptions.
pub fn object_name(identity: &IdentityTrust<'_>, credential: &Credential<'_>) -> String {
    let (id, subject) = (identity.resource_id, credential.subject);
    let identity = [id.subscription(), id.resource_group(), id.name()];
    let account = [credential.cluster, subject.namespace, subject.name];
    names::kubernetes_name(&[identity, account].concat())
}

/// What is known so far.
#[derive(Default)]
pub struct Builder<'f> {
    identities: BTreeMap<Identity<'f>, IdentityFacts<'f>>,
}

/// What is known of one managed identity.
struct IdentityFacts<'f> {
    client_id: &'f Guid,
    resource_id: &'f ResourceId,
    /// The tokens, each with the name of the cluster. Azure wants each token once.
    tokens: BTreeMap<(&'f Issuer, Subject<'f>), &'f str>,
}

impl<'f> Builder<'f> {
    /// Adds the trust of a managed identity.
    pub fn add(&mut self, assignment: &Assignment<'f>, resource_ids: &ResourceIds<'f>) {
        let identity = assignment.identity();
        let Ok((client_id, resource_id)) = resource_ids.find(&identity) else { return };
        let Some(issuer) = &assignment.cluster.cloud_context.issuer else { return };
        let new = IdentityFacts { client_id, resource_id, tokens: BTreeMap::new() };
        let known = self.identities.entry(identity).or_insert(new);
        let name = assignment.cluster.name.as_str();
        let first = known.tokens.entry((issuer, assignment.subject)).or_insert(name);
        *first = (*first).min(name);
    }

    pub fn finish(self) -> Vec<IdentityTrust<'f>> {
        let trust = self.identities.into_values().map(|known| {
            let credentials = known.tokens.into_iter().map(|((issuer, subject), cluster)| {
                let parts = [cluster, subject.namespace, subject.name];
                let name = names::resource_name(&parts, MAX_CREDENTIAL_NAME);
                Credential { name, cluster, issuer, subject }
            });
            let mut credentials: Vec<Credential<'f>> = credentials.collect();
            credentials.sort_by(|one, other| one.name.cmp(&other.name));
            IdentityTrust { client_id: known.client_id, resource_id: known.resource_id, credentials }
        });
        trust.collect()
    }
}
