//! How a controller comes by its cloud identities.

use std::collections::BTreeMap;

use crate::digest;
use crate::model::aws::IamRole;
use crate::model::azure::Tenant;
use crate::model::{Account, AccountCredentials, Controller, ObjectLevel, Provider, aws, azure, gcp};

/// How a controller comes by its cloud identities: at most one of each provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Credentials {
    pub aws: Option<aws::CredentialSource>,
    pub azure: Option<azure::CredentialSource>,
    /// That of Google Cloud.
    pub gcp: Option<gcp::CredentialSource>,
}

/// An identity with which clouds trust a ServiceAccount, and which the overlay does not give it. Its credentials are of
/// one provider.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrustOnly {
    Controller(Controller, Credentials),
    Account(Account, AccountCredentials),
}

impl TrustOnly {
    /// True if these credentials give the same identity in the same way.
    pub fn is_given(
        &self,
        credentials: &BTreeMap<Controller, Box<Credentials>>,
        object_level: Option<&ObjectLevel>,
    ) -> bool {
        match self {
            TrustOnly::Controller(controller, own) => credentials.get(controller).is_some_and(|given| {
                has(given.aws.as_ref(), own.aws.as_ref())
                    && has(given.azure.as_ref(), own.azure.as_ref())
                    && has(given.gcp.as_ref(), own.gcp.as_ref())
            }),
            TrustOnly::Account(account, own) => {
                let mut accounts = object_level.into_iter().flat_map(|it| &it.accounts);
                accounts.any(|(known, given)| {
                    let has_all = has(given.aws.as_ref(), own.aws.as_ref())
                        && has(given.azure.as_ref(), own.azure.as_ref())
                        && has(given.gcp.as_ref(), own.gcp.as_ref());
                    known == account && has_all
                })
            }
        }
    }
}

fn has<T: PartialEq>(given: Option<&T>, own: Option<&T>) -> bool {
    own.is_none() || given == own
}

impl Credentials {
    /// The providers of which there is an identity, in canonical order.
    pub fn providers(&self) -> impl Iterator<Item = Provider> {
        let aws = self.aws.as_ref().map(|_| Provider::Aws);
        let azure = self.azure.as_ref().map(|_| Provider::Azure);
        let gcp = self.gcp.as_ref().map(|_| Provider::Gcp);
        aws.into_iter().chain(azure).chain(gcp)
    }

    /// The beginning of the SHA-256 of what they mean. It stays what it is for good: another would roll every pod.
    pub fn digest(&self) -> String {
        let first = digest::sha256(self.digest_text().as_bytes()).first_chunk().copied().unwrap_or_default();
        format!("{:016x}", u64::from_be_bytes(first))
    }

    /// All that they mean, a line for each provider.
    fn digest_text(&self) -> String {
        let mut words = String::new();
        let mut line = |parts: &[&str]| {
            words.push_str(&parts.join(" "));
            words.push('\n');
        };
        let lifetime = |seconds: Option<u32>| seconds.map_or_else(|| "-".to_owned(), |it| it.to_string());
        let mut aws_role = |way: &str, role: &IamRole, region: &str| {
            let audience = role.audience.as_deref().unwrap_or("-");
            line(&["aws", way, role.arn.as_str(), region, audience, &lifetime(role.token_expiration)]);
        };
        match &self.aws {
            Some(aws::CredentialSource::Irsa(role)) => aws_role("irsa", role, "-"),
            Some(aws::CredentialSource::Federated(federated)) => {
                aws_role("federated", &federated.role, federated.region.as_str());
            }
            Some(aws::CredentialSource::PodIdentity(role)) => {
                let target = role.target.as_ref();
                let target = target.map(|it| (it.arn.as_str(), it.external_id.as_deref().unwrap_or("-")));
                let target = target.into_iter().flat_map(|(target, external_id)| [target, external_id]);
                let parts = ["aws", "pod-identity", role.arn.as_str()];
                line(&parts.into_iter().chain(target).collect::<Vec<&str>>());
            }
            None => {}
        }
        match &self.azure {
            Some(azure::CredentialSource::Webhook(identity)) => {
                let tenant = match &identity.tenant {
                    Tenant::Id(tenant) => tenant.as_str(),
                    Tenant::Webhook => "-",
                };
                let lifetime = lifetime(identity.token_expiration);
                let cloud = identity.cloud.map(azure::Cloud::name);
                let parts = ["azure", "webhook", identity.client_id.as_str(), tenant, &lifetime];
                line(&parts.into_iter().chain(cloud).collect::<Vec<&str>>());
            }
            Some(azure::CredentialSource::Federated(identity)) => {
                let (client, tenant) = (identity.client_id.as_str(), identity.tenant.as_str());
                let lifetime = lifetime(identity.token_expiration);
                line(&["azure", "federated", client, tenant, identity.cloud.name(), &lifetime]);
            }
            None => {}
        }
        match &self.gcp {
            Some(gcp::CredentialSource::Impersonation(email)) => {
                line(&["gcp", "impersonation", email.as_str()]);
            }
            Some(gcp::CredentialSource::Direct) => line(&["gcp", "direct"]),
            Some(gcp::CredentialSource::Federated(access)) => {
                let email = access.impersonates.as_ref().map_or("-", gcp::ServiceAccountEmail::as_str);
                line(&["gcp", "federated", access.provider.as_str(), email]);
            }
            None => {}
        }
        words
    }
}
