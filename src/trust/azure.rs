//! What Azure must be told: the federated credentials of each managed identity.

use std::collections::BTreeMap;

use crate::model::azure::{Guid, MAX_CREDENTIAL_NAME, ResourceId};
use crate::model::kubernetes::{Issuer, Subject};
use crate::model::{Holding, Identity};
use crate::trust::missing::{Missing, Need};
use crate::trust::names;

/// What one managed identity must be told.
#[derive(Clone, Debug)]
pub struct IdentityTrust<'f> {
    /// Its client id.
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
    /// The issuer of the tokens.
    pub issuer: &'f Issuer,
    /// Their subject.
    pub subject: Subject<'f>,
}

/// What is known so far.
#[derive(Default)]
pub struct Builder<'f> {
    identities: BTreeMap<Identity<'f>, Known<'f>>,
}

/// What is known of one managed identity.
struct Known<'f> {
    client_id: &'f Guid,
    resource_id: Option<&'f ResourceId>,
    /// Who has it, and says its resource id.
    with: Option<Holding<'f>>,
    /// Who has it without saying its resource id.
    without: Vec<Holding<'f>>,
    /// The tokens, each with the name of the cluster. Azure wants each token once.
    tokens: BTreeMap<(&'f Issuer, Subject<'f>), &'f str>,
}

impl<'f> Builder<'f> {
    /// Takes in that somebody has a managed identity.
    pub fn take(
        &mut self,
        holding: &Holding<'f>,
        client_id: &'f Guid,
        resource_id: Option<&'f ResourceId>,
    ) -> Result<(), Need<'f>> {
        let known = self.identities.entry(holding.identity()).or_insert_with(|| Known {
            client_id,
            resource_id: None,
            with: None,
            without: Vec::new(),
            tokens: BTreeMap::new(),
        });
        known.client_id = known.client_id.min(client_id);
        match (known.resource_id, resource_id) {
            (Some(one), Some(other)) if !one.is(other) => return Err(Need::OneResourceId(one)),
            (Some(one), Some(other)) => known.resource_id = Some(one.min(other)),
            (None, Some(other)) => {
                known.resource_id = Some(other);
                known.with = Some(*holding);
            }
            (_, None) => known.without.push(*holding),
        }
        let issuer = holding.cluster.whereabouts.issuer.as_ref().ok_or(Need::Issuer)?;
        let name = holding.cluster.name.as_str();
        let first = known.tokens.entry((issuer, holding.subject)).or_insert(name);
        *first = (*first).min(name);
        Ok(())
    }

    /// All of it. Identities whose resource id nothing says are missed, and what sets those apart that have the same.
    pub fn finish(self, missing: &mut Vec<Missing<'f>>) -> Vec<IdentityTrust<'f>> {
        let mut all = Vec::new();
        let mut owners: BTreeMap<String, &'f Guid> = BTreeMap::new();
        for known in self.identities.into_values() {
            let Some(resource_id) = known.resource_id else {
                let need = Need::ResourceId;
                missing.extend(known.without.into_iter().map(|holding| Missing { holding, need }));
                continue;
            };
            let owner = owners.entry(resource_id.as_str().to_ascii_lowercase()).or_insert(known.client_id);
            if *owner != known.client_id {
                let need = Need::OwnResourceId(owner);
                missing.extend(known.with.map(|holding| Missing { holding, need }));
                continue;
            }
            let credentials = known.tokens.into_iter().map(|((issuer, subject), cluster)| {
                let parts = [cluster, subject.namespace, subject.name];
                Credential { name: names::name(&parts, MAX_CREDENTIAL_NAME), issuer, subject }
            });
            let mut credentials: Vec<Credential<'f>> = credentials.collect();
            credentials.sort_by(|one, other| one.name.cmp(&other.name));
            all.push(IdentityTrust { client_id: known.client_id, resource_id, credentials });
        }
        all
    }
}
