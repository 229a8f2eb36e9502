//! An identity that somebody has, as a reviewer reads it.

use std::fmt;

use crate::model::azure::{Cloud, Tenant};
use crate::model::{AccountCredentials, Credentials, Provider, aws, azure, gcp};
use crate::syntax::notation;

/// An identity that somebody has: what a source says of it, whatever its words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdentityDescription {
    pub provider: Provider,
    /// What names it there; nothing for a ServiceAccount that has access itself.
    pub name: Option<String>,
    /// Its options, in the order of their names.
    pub options: Vec<(&'static str, String)>,
}

impl IdentityDescription {
    fn new<'o>(
        provider: Provider,
        name: Option<&str>,
        options: impl IntoIterator<Item = (&'static str, Option<&'o str>)>,
    ) -> IdentityDescription {
        let set = options.into_iter().filter_map(|(name, value)| Some((name, value?.to_owned())));
        let mut options: Vec<(&'static str, String)> = set.collect();
        options.sort_unstable();
        IdentityDescription { provider, name: name.map(str::to_owned), options }
    }

    pub fn from_credentials(credentials: &Credentials) -> Vec<IdentityDescription> {
        let role = credentials.aws.as_ref().map(|source| match source {
            aws::CredentialSource::Irsa(role) => from_role(role),
            aws::CredentialSource::Federated(federated) => from_role(&federated.role),
            aws::CredentialSource::PodIdentity(role) => from_pod_identity(role),
        });
        let managed_identity = credentials.azure.as_ref().map(|source| {
            let (client_id, tenant, cloud, token_expiration, resource_id) = match source {
                azure::CredentialSource::Webhook(identity) => {
                    let tenant = match &identity.tenant {
                        Tenant::Id(tenant) => tenant.as_str(),
                        Tenant::Webhook => "webhook",
                    };
                    let cloud = identity.cloud;
                    (&identity.client_id, tenant, cloud, identity.token_expiration, &identity.resource_id)
                }
                azure::CredentialSource::Federated(identity) => {
                    let cloud = Some(identity.cloud).filter(|cloud| *cloud != Cloud::Public);
                    let tenant = identity.tenant.as_str();
                    (&identity.client_id, tenant, cloud, identity.token_expiration, &identity.resource_id)
                }
            };
            let token_expiration = token_expiration.map(|seconds| seconds.to_string());
            let options = [
                ("tenant", Some(tenant)),
                ("azure-cloud", cloud.map(Cloud::name)),
                ("token-expiration", token_expiration.as_deref()),
                ("resource-id", resource_id.as_ref().map(azure::ResourceId::as_str)),
            ];
            IdentityDescription::new(Provider::Azure, Some(client_id.as_str()), options)
        });
        [role, managed_identity, credentials.gcp.as_ref().map(from_gcp)].into_iter().flatten().collect()
    }

    /// What a ServiceAccount has that objects of Flux name.
    pub fn from_account(credentials: &AccountCredentials) -> Vec<IdentityDescription> {
        let role = credentials
            .aws
            .as_ref()
            .map(|arn| IdentityDescription::new(Provider::Aws, Some(arn.as_str()), []));
        let managed_identity = credentials.azure.as_ref().map(|identity| {
            let options = [
                ("tenant", Some(identity.tenant.as_str())),
                ("resource-id", identity.resource_id.as_ref().map(azure::ResourceId::as_str)),
            ];
            IdentityDescription::new(Provider::Azure, Some(identity.client_id.as_str()), options)
        });
        [role, managed_identity, credentials.gcp.as_ref().map(from_gcp)].into_iter().flatten().collect()
    }

    /// The same with other texts.
    #[must_use]
    pub fn map(&self, change: &impl Fn(&str) -> String) -> IdentityDescription {
        IdentityDescription {
            provider: self.provider,
            name: self.name.as_deref().map(change),
            options: self.options.iter().map(|(name, value)| (*name, change(value))).collect(),
        }
    }
}

fn from_role(role: &aws::IamRole) -> IdentityDescription {
    let token_expiration = role.token_expiration.map(|seconds| seconds.to_string());
    let options = [("audience", role.audience.as_deref()), ("token-expiration", token_expiration.as_deref())];
    IdentityDescription::new(Provider::Aws, Some(role.arn.as_str()), options)
}

fn from_pod_identity(role: &aws::PodIdentityRole) -> IdentityDescription {
    let target = role.target.as_ref();
    let options = [
        ("via", Some("pod-identity")),
        ("target-role", target.map(|target| target.arn.as_str())),
        ("external-id", target.and_then(|target| target.external_id.as_deref())),
    ];
    IdentityDescription::new(Provider::Aws, Some(role.arn.as_str()), options)
}

fn from_gcp(source: &gcp::CredentialSource) -> IdentityDescription {
    let (email, provider) = match source {
        gcp::CredentialSource::Impersonation(email) => (Some(email), None),
        gcp::CredentialSource::Direct => (None, None),
        gcp::CredentialSource::Federated(access) => {
            (access.impersonates.as_ref(), Some(access.provider.as_str()))
        }
    };
    let email = email.map(gcp::ServiceAccountEmail::as_str);
    IdentityDescription::new(Provider::Gcp, email, [("workload-identity-provider", provider)])
}

impl fmt::Display for IdentityDescription {
    /// As a source would say it, with the settings that it takes in as options.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = self.options.iter().map(|(name, value)| (*name, notation::Value::new(name, value)));
        formatter.write_str(&notation::identity(self.provider.name(), self.name.as_deref(), options))
    }
}
