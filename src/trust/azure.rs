//! What Azure must be told: the federated credentials of each managed identity.

use std::collections::BTreeMap;

use crate::model::azure::{Guid, MAX_CREDENTIAL_NAME, ResourceId};
use crate::model::kubernetes::{Issuer, Subject};
use crate::model::{Assignment, CloudIdentity, Cluster, Identity};
use crate::trust::names;
use crate::trust::{Missing, Need};

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

/// The resource ids of the managed identities of a fleet, wherever in it they are said.
#[derive(Clone, Debug, Default)]
pub struct ResourceIds<'f>(BTreeMap<Identity<'f>, KnownResource<'f>>);

/// What is said of one managed identity.
#[derive(Clone, Copy, Debug)]
struct KnownResource<'f> {
    client_id: &'f Guid,
    resource_id: Option<&'f ResourceId>,
    /// One that is not the same.
    second: Option<&'f ResourceId>,
    /// Another managed identity of which the same is said.
    rival: Option<&'f Guid>,
}

impl<'f> ResourceIds<'f> {
    /// Those that these clusters say.
    pub fn new(clusters: impl IntoIterator<Item = &'f Cluster>) -> ResourceIds<'f> {
        let mut all: BTreeMap<Identity<'f>, KnownResource<'f>> = BTreeMap::new();
        for assignment in clusters.into_iter().flat_map(Cluster::assignments) {
            let CloudIdentity::ManagedIdentity { client_id, resource_id } = assignment.identity_and_source
            else {
                continue;
            };
            let nothing = KnownResource { client_id, resource_id: None, second: None, rival: None };
            let said = all.entry(assignment.identity()).or_insert(nothing);
            said.client_id = said.client_id.min(client_id);
            match (said.resource_id, resource_id) {
                (Some(one), Some(other)) if !one.is(other) => said.second = said.second.or(Some(other)),
                (Some(one), Some(other)) => said.resource_id = Some(one.min(other)),
                (None, other) => said.resource_id = other,
                (Some(_), None) => {}
            }
        }
        let mut owners: BTreeMap<String, Vec<&'f Guid>> = BTreeMap::new();
        for said in all.values() {
            if let Some(id) = said.resource_id {
                owners.entry(id.as_str().to_ascii_lowercase()).or_default().push(said.client_id);
            }
        }
        owners.retain(|_, owners| owners.len() > 1);
        for said in all.values_mut().filter(|_| !owners.is_empty()) {
            let id = said.resource_id.map(|id| id.as_str().to_ascii_lowercase());
            let others = id.and_then(|id| owners.get(&id)).into_iter().flatten();
            said.rival = others.copied().find(|other| *other != said.client_id);
        }
        ResourceIds(all)
    }

    /// The client id and the resource id of a managed identity.
    fn find(&self, identity: &Identity<'f>) -> Result<(&'f Guid, &'f ResourceId), Need<'f>> {
        let said = self.0.get(identity).ok_or(Need::ResourceId)?;
        let resource_id = said.resource_id.ok_or(Need::ResourceId)?;
        match (said.second, said.rival) {
            (Some(second), _) => Err(Need::OneResourceId(resource_id, second)),
            (None, Some(rival)) => Err(Need::OwnResourceId(resource_id, rival)),
            (None, None) => Ok((said.client_id, resource_id)),
        }
    }
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
    /// Takes in that somebody has a managed identity. A resource id and an issuer may be missed both.
    pub fn add(
        &mut self,
        assignment: &Assignment<'f>,
        resource_ids: &ResourceIds<'f>,
        missing: &mut Vec<Missing<'f>>,
    ) -> Result<(), Need<'f>> {
        let identity = assignment.identity();
        let found = resource_ids.find(&identity);
        missing.extend(found.err().map(|need| Missing { assignment: *assignment, need }));
        let issuer = assignment.cluster.cloud_context.issuer.as_ref().ok_or(Need::Issuer)?;
        let Ok((client_id, resource_id)) = found else { return Ok(()) };
        let new = IdentityFacts { client_id, resource_id, tokens: BTreeMap::new() };
        let known = self.identities.entry(identity).or_insert(new);
        let name = assignment.cluster.name.as_str();
        let first = known.tokens.entry((issuer, assignment.subject)).or_insert(name);
        *first = (*first).min(name);
        Ok(())
    }

    pub fn finish(self) -> Vec<IdentityTrust<'f>> {
        let trust = self.identities.into_values().map(|known| {
            let credentials = known.tokens.into_iter().map(|((issuer, subject), cluster)| {
                let parts = [cluster, subject.namespace, subject.name];
                Credential { name: names::resource_name(&parts, MAX_CREDENTIAL_NAME), issuer, subject }
            });
            let mut credentials: Vec<Credential<'f>> = credentials.collect();
            credentials.sort_by(|one, other| one.name.cmp(&other.name));
            IdentityTrust { client_id: known.client_id, resource_id: known.resource_id, credentials }
        });
        trust.collect()
    }
}
