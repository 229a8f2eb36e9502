//! How a controller comes by access to Google Cloud.

use crate::check::credentials::{or_refuse, required_setting};
use crate::check::identity::ResolvedIdentity;
use crate::check::scope::Scope;
use crate::check::values::{self, Evaluated};
use crate::model::Platform;
use crate::model::gcp::{CredentialSource, FederatedAccess, WorkloadIdentityProvider};
use crate::model::setting::Setting;
use crate::problem::ErrorGuaranteed;

/// How a controller comes by access to Google Cloud.
/// `email`: of the Google service account that is impersonated; nothing for `direct`.
pub fn resolve(
    given: &ResolvedIdentity<'_>,
    email: Option<&Evaluated<'_>>,
    scope: &mut Scope<'_, '_>,
) -> Result<CredentialSource, ErrorGuaranteed> {
    let email = email.map(|email| or_refuse(values::parse_email(email), scope)).transpose();
    match scope.platform {
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
    let said = required_setting(Setting::WorkloadIdentityProvider, given, scope)?;
    or_refuse(values::parse_workload_identity_provider(&said), scope)
}
