//! How a controller comes by access to Google Cloud.

use crate::check::credentials::required_setting;
use crate::check::scope::Scope;
use crate::model::Platform;
use crate::model::gcp::{CredentialSource, FederatedAccess, WorkloadIdentityProvider};
use crate::problem::ErrorGuaranteed;
use crate::resolve::ResolvedIdentity;
use crate::resolve::{Evaluated, settings, values};

/// How a controller comes by access to Google Cloud.
/// `email`: of the Google service account that is impersonated; nothing for `direct`.
pub fn resolve(
    given: &ResolvedIdentity<'_>,
    email: Option<&Evaluated<'_>>,
    scope: &mut Scope<'_, '_>,
) -> Result<CredentialSource, ErrorGuaranteed> {
    let email = email.map(|email| scope.valid(values::parse_email(email))).transpose();
    match scope.names.platform {
        Platform::Gke => Ok(email?.map_or(CredentialSource::Direct, CredentialSource::Impersonation)),
        Platform::Eks | Platform::Aks | Platform::Kubernetes => {
            let provider = provider(given, scope);
            Ok(CredentialSource::Federated(FederatedAccess { provider: provider?, impersonates: email? }))
        }
    }
}

fn provider(
    given: &ResolvedIdentity<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<WorkloadIdentityProvider, ErrorGuaranteed> {
    required_setting(&settings::WORKLOAD_IDENTITY_PROVIDER, given, scope)
}
