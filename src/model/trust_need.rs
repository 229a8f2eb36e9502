//! What the trust of a cloud needs to know of each identity, and what of that is missing.

use std::collections::BTreeMap;

use crate::model::azure::{Guid, ResourceId};
use crate::model::gcp::MAX_SUBJECT;
use crate::model::kubernetes::Issuer;
use crate::model::{Assignment, CloudIdentity, Cluster, Identity, Pool};

/// The part of trust that a run makes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TrustScope {
    #[default]
    All,
    /// What one account configures: the number of an AWS account, the id of an Azure subscription, or `gcp` for all of Google
    /// Cloud.
    Account(String),
}

impl TrustScope {
    /// True if the trust of an assignment is configured in this part. Azure tells by the resource id; an identity without one
    /// may be in any subscription.
    pub fn includes<'f>(&self, assignment: &Assignment<'f>, resource_ids: &ResourceIds<'f>) -> bool {
        let TrustScope::Account(account) = self else { return true };
        match assignment.identity_and_source {
            CloudIdentity::RoleByToken { role, .. } => role.account() == account,
            CloudIdentity::RoleByPodIdentity(role) => role.arn.account() == account,
            CloudIdentity::RoleByRole { target, source } => {
                [target.arn.account(), source.account()].contains(&account.as_str())
            }
            CloudIdentity::ManagedIdentity { .. } => match resource_ids.find(&assignment.identity()) {
                Ok((_, resource_id)) => resource_id.subscription().eq_ignore_ascii_case(account),
                Err(_) => Guid::parse(account).is_ok(),
            },
            CloudIdentity::GoogleAccount(..) | CloudIdentity::Principal(_) => account == GOOGLE_CLOUD,
        }
    }

    /// True if it is this AWS account or Azure subscription, or all.
    pub fn is(&self, account: &str) -> bool {
        match self {
            TrustScope::All => true,
            TrustScope::Account(wanted) => wanted.eq_ignore_ascii_case(account),
        }
    }
}

/// What stands for Google Cloud among the accounts.
const GOOGLE_CLOUD: &str = "gcp";

/// Something that trust needs and no statement sets, or sets to a value that the cloud does not accept.
#[derive(Clone, Copy, Debug)]
pub struct Missing<'f> {
    /// The assignment whose trust needs it.
    pub assignment: Assignment<'f>,
    pub need: Need<'f>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need<'f> {
    Issuer,
    Project,
    ProjectNumber,
    /// The resource id of the managed identity.
    ResourceId,
    /// One resource id of the managed identity; there are these two.
    OneResourceId(&'f ResourceId, &'f ResourceId),
    /// A resource id of its own; this is that of the other managed identity too.
    OwnResourceId(&'f ResourceId, &'f Guid),
    /// An issuer without a port, for AWS takes no other.
    IssuerWithoutPort,
    /// The name of the cluster in EKS: that in the source is none.
    EksName,
    /// A subject of at most 127 bytes, for Google Cloud takes no other.
    ShortSubject,
}

impl<'f> Missing<'f> {
    /// Everything that the trust of an assignment needs and lacks. `resource_ids`: those of the whole fleet.
    pub fn for_assignment(
        assignment: Assignment<'f>,
        resource_ids: &ResourceIds<'f>,
    ) -> impl Iterator<Item = Missing<'f>> {
        let context = &assignment.cluster.cloud_context;
        let issuer = context.issuer.as_ref();
        let no_issuer = issuer.is_none().then_some(Need::Issuer);
        let (one, other) = match assignment.identity_and_source {
            CloudIdentity::RoleByToken { .. } => {
                let has_port = issuer.is_some_and(Issuer::has_port);
                (no_issuer.or(has_port.then_some(Need::IssuerWithoutPort)), None)
            }
            CloudIdentity::RoleByPodIdentity(_) => {
                let is_named = assignment.trust_only.is_some() || assignment.cluster.has_eks_name();
                ((!is_named).then_some(Need::EksName), None)
            }
            CloudIdentity::RoleByRole { .. } => (None, None),
            CloudIdentity::ManagedIdentity { .. } => {
                (resource_ids.find(&assignment.identity()).err(), no_issuer)
            }
            CloudIdentity::GoogleAccount(_, pool) => (pool_need(&assignment, pool), None),
            CloudIdentity::Principal(pool) => {
                let needs_number = !matches!(pool, Pool::Named(_)) && context.project_number.is_none();
                (pool_need(&assignment, pool), needs_number.then_some(Need::ProjectNumber))
            }
        };
        one.into_iter().chain(other).map(move |need| Missing { assignment, need })
    }
}

fn pool_need<'f>(assignment: &Assignment<'f>, pool: Pool<'f>) -> Option<Need<'f>> {
    match pool {
        Pool::OfProject(_) => None,
        Pool::OfUnknownProject(_) => Some(Need::Project),
        Pool::Named(_) => (assignment.subject.to_string().len() > MAX_SUBJECT).then_some(Need::ShortSubject),
    }
}

/// The resource ids of the managed identities of a fleet. One cluster may set what another needs.
#[derive(Clone, Debug, Default)]
pub struct ResourceIds<'f>(BTreeMap<Identity<'f>, KnownResource<'f>>);

/// The resource ids of one managed identity.
#[derive(Clone, Copy, Debug)]
struct KnownResource<'f> {
    client_id: &'f Guid,
    resource_id: Option<&'f ResourceId>,
    /// A different one.
    second: Option<&'f ResourceId>,
    /// Another managed identity with the same resource id.
    rival: Option<&'f Guid>,
}

impl<'f> ResourceIds<'f> {
    /// The resource ids that these clusters set.
    pub fn new(clusters: impl IntoIterator<Item = &'f Cluster>) -> ResourceIds<'f> {
        let mut all: BTreeMap<Identity<'f>, KnownResource<'f>> = BTreeMap::new();
        for assignment in clusters.into_iter().flat_map(Cluster::assignments) {
            let CloudIdentity::ManagedIdentity { client_id, resource_id } = assignment.identity_and_source
            else {
                continue;
            };
            let nothing = KnownResource { client_id, resource_id: None, second: None, rival: None };
            let known = all.entry(assignment.identity()).or_insert(nothing);
            known.client_id = known.client_id.min(client_id);
            match (known.resource_id, resource_id) {
                (Some(one), Some(other)) if !one.is(other) => known.second = known.second.or(Some(other)),
                (Some(one), Some(other)) => known.resource_id = Some(one.min(other)),
                (None, other) => known.resource_id = other,
                (Some(_), None) => {}
            }
        }
        let mut owners: BTreeMap<String, Vec<&'f Guid>> = BTreeMap::new();
        for known in all.values() {
            if let Some(id) = known.resource_id {
                owners.entry(id.as_str().to_ascii_lowercase()).or_default().push(known.client_id);
            }
        }
        owners.retain(|_, owners| owners.len() > 1);
        for known in all.values_mut().filter(|_| !owners.is_empty()) {
            let id = known.resource_id.map(|id| id.as_str().to_ascii_lowercase());
            let others = id.and_then(|id| owners.get(&id)).into_iter().flatten();
            known.rival = others.copied().find(|other| *other != known.client_id);
        }
        ResourceIds(all)
    }

    /// The client id and the resource id of a managed identity.
    ///
    /// # Errors
    /// There is no resource id, or not exactly one for exactly one identity.
    pub fn find(&self, identity: &Identity<'f>) -> Result<(&'f Guid, &'f ResourceId), Need<'f>> {
        let known = self.0.get(identity).ok_or(Need::ResourceId)?;
        let resource_id = known.resource_id.ok_or(Need::ResourceId)?;
        match (known.second, known.rival) {
            (Some(second), _) => Err(Need::OneResourceId(resource_id, second)),
            (None, Some(rival)) => Err(Need::OwnResourceId(resource_id, rival)),
            (None, None) => Ok((known.client_id, resource_id)),
        }
    }
}
