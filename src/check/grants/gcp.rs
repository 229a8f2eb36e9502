//! How a controller comes by access to Google Cloud.

use crate::check::given::Given;
use crate::check::grants::{needed, or_refuse};
use crate::check::scope::Scope;
use crate::check::values::{self, Said};
use crate::model::Platform;
use crate::model::gcp::{FederatedAccess, Grant, WorkloadIdentityProvider};
use crate::model::setting::Setting;
use crate::problem::Refused;

/// How a controller comes by access to Google Cloud.
/// `email`: of the Google service account that is impersonated; nothing for `direct`.
pub fn grant(
    given: &Given<'_>,
    email: Option<&Said<'_>>,
    scope: &mut Scope<'_, '_>,
) -> Result<Grant, Refused> {
    let email = email.map(|email| or_refuse(values::email(email), scope)).transpose();
    match scope.platform {
        Platform::Gke => Ok(email?.map_or(Grant::Direct, Grant::Impersonation)),
        Platform::Eks | Platform::Aks | Platform::Kubernetes => {
            let provider = provider(given, scope);
            Ok(Grant::Federated(FederatedAccess { provider: provider?, impersonates: email? }))
        }
    }
}

fn provider(given: &Given<'_>, scope: &mut Scope<'_, '_>) -> Result<WorkloadIdentityProvider, Refused> {
    let said = needed(Setting::WorkloadIdentityProvider, given, scope)?;
    or_refuse(values::workload_identity_provider(&said), scope)
}
