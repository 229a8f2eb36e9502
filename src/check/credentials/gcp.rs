//! Converts Google service accounts to credentials.

use crate::check::credentials::required_setting;
use crate::check::scope::Scope;
use crate::model::Platform;
use crate::model::gcp::{CredentialSource, FederatedAccess, WorkloadIdentityProvider};
use crate::problem::ErrorGuaranteed;
use crate::resolve::ResolvedIdentity;
use crate::resolve::{Evaluated, settings, values};

/// The credential source of access to Google Cloud on the platform of a cluster. `email`: of the Google service account
/// that is impersonated; `None` for `direct`.
pub fn resolve(
    identity: &ResolvedIdentity<'_>,
    email: Option<&Evaluated<'_>>,
    scope: &mut Scope<'_, '_>,
) -> Result<CredentialSource, ErrorGuaranteed> {
    let email = email.map(|email| scope.valid(values::parse_email(email))).transpose();
    match scope.names.platform {
        Platform::Gke => Ok(email?.map_or(CredentialSource::Direct, CredentialSource::Impersonation)),
        Platform::Eks | Platform::Aks | Platform::Kubernetes => {
            let provider = provider(identity, scope);
            Ok(CredentialSource::Federated(FederatedAccess { provider: provider?, impersonates: email? }))
        }
    }
}

fn provider(
    identity: &ResolvedIdentity<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<WorkloadIdentityProvider, ErrorGuaranteed> {
    required_setting(&settings::WORKLOAD_IDENTITY_PROVIDER, identity, scope)
}
