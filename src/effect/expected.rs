//! What the fleet says of a controller, in the words of an effect.

use std::collections::BTreeMap;

use crate::effect::effective_identity::EffectiveIdentity;
use crate::model::azure::Tenant;
use crate::model::{Credentials, Provider, aws, azure, gcp};

/// The identities that the pods of a controller are to have. EKS Pod Identity is not among them: its associations are no
/// objects of an overlay.
pub fn expected(credentials: &Credentials) -> BTreeMap<Provider, EffectiveIdentity> {
    let aws = credentials.aws.as_ref().and_then(|source| match source {
        aws::CredentialSource::Irsa(role) => Some(role.arn.as_str()),
        aws::CredentialSource::Federated(federated) => Some(federated.role.arn.as_str()),
        aws::CredentialSource::PodIdentity(_) => None,
    });
    let azure = credentials.azure.as_ref().map(|source| match source {
        azure::CredentialSource::Webhook(identity) => {
            let tenant = match &identity.tenant {
                Tenant::Id(tenant) => Some(tenant.as_str().to_owned()),
                Tenant::Webhook => None,
            };
            EffectiveIdentity::ManagedIdentity(identity.client_id.as_str().to_owned(), tenant)
        }
        azure::CredentialSource::Federated(identity) => EffectiveIdentity::ManagedIdentity(
            identity.client_id.as_str().to_owned(),
            Some(identity.tenant.as_str().to_owned()),
        ),
    });
    let gcp = credentials.gcp.as_ref().map(|source| match source {
        gcp::CredentialSource::Impersonation(email) => {
            EffectiveIdentity::GoogleAccount(email.as_str().to_owned())
        }
        gcp::CredentialSource::Direct => EffectiveIdentity::Principal,
        gcp::CredentialSource::Federated(access) => EffectiveIdentity::Federation {
            provider: access.provider.as_str().to_owned(),
            impersonates: access.impersonates.as_ref().map(|email| email.as_str().to_owned()),
        },
    });
    let aws = aws.map(|arn| (Provider::Aws, EffectiveIdentity::Role(arn.to_owned())));
    let azure = azure.map(|identity| (Provider::Azure, identity));
    let gcp = gcp.map(|identity| (Provider::Gcp, identity));
    [aws, azure, gcp].into_iter().flatten().collect()
}

/// True if the AWS role of a controller comes by EKS Pod Identity.
pub const fn has_pod_identity(credentials: &Credentials) -> bool {
    matches!(credentials.aws, Some(aws::CredentialSource::PodIdentity(_)))
}
