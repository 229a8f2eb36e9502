//! Converts managed identities to credentials.

use crate::check::credentials::parse_option;
use crate::check::scope::Scope;
use crate::model::azure::{CredentialSource, FederatedIdentity, Guid, ManagedIdentity, ResourceId, Tenant};
use crate::model::setting::IdentityOption;
use crate::model::{Platform, Provider};
use crate::problem::{CredentialProblem, ErrorGuaranteed};
use crate::resolve::ResolvedIdentity;
use crate::resolve::{Evaluated, Located, settings, values};
use crate::span::Span;

/// The credential source of a managed identity on the platform of a cluster.
pub fn resolve(
    written: &ResolvedIdentity<'_>,
    written_id: &Evaluated<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<CredentialSource, ErrorGuaranteed> {
    let seconds = |value: &_| values::parse_token_expiration(Provider::Azure, value);
    let token_expiration = parse_option(written, IdentityOption::TokenExpiration, seconds, scope);
    let Identity { client_id, tenant, tenant_at, resource_id } =
        identity(written, written_id, scope.names.platform == Platform::Aks, scope)?;
    let token_expiration = token_expiration?;
    let cloud = scope.setting(&settings::AZURE_CLOUD);
    let cloud = cloud.map(|cloud| cloud.map(|cloud| cloud.value));
    match scope.names.platform {
        Platform::Aks => Ok(CredentialSource::Webhook(ManagedIdentity {
            client_id,
            tenant,
            cloud: cloud?,
            token_expiration,
            resource_id,
        })),
        Platform::Eks | Platform::Gke | Platform::Kubernetes => {
            let tenant = require_tenant(tenant, tenant_at, written, scope)?;
            let cloud = cloud?.unwrap_or_default();
            Ok(CredentialSource::Federated(FederatedIdentity {
                client_id,
                tenant,
                cloud,
                token_expiration,
                resource_id,
            }))
        }
    }
}

/// What names a managed identity.
pub struct Identity {
    pub client_id: Guid,
    pub tenant: Tenant,
    /// The span of the definition.
    pub tenant_at: Span,
    /// The id in Azure Resource Manager, if set.
    pub resource_id: Option<ResourceId>,
}

/// The ids of a managed identity. `webhook`: true if `tenant = webhook` is valid.
pub fn identity(
    written: &ResolvedIdentity<'_>,
    written_id: &Evaluated<'_>,
    webhook: bool,
    scope: &mut Scope<'_, '_>,
) -> Result<Identity, ErrorGuaranteed> {
    let client_id = scope.valid(values::parse_client_id(written_id));
    let tenant = tenant(written, webhook, scope);
    let resource_id = parse_option(written, IdentityOption::ResourceId, values::parse_resource_id, scope)?;
    let (client_id, (tenant, tenant_at)) = (client_id?, tenant?);
    if matches!(&tenant, Tenant::Id(id) if id.is(&client_id)) {
        return Err(scope.refuse(CredentialProblem::TenantAsClient { at: written_id.at, tenant: tenant_at }));
    }
    Ok(Identity { client_id, tenant, tenant_at, resource_id })
}

/// The tenant of a managed identity and its span: from the identity, or else from the setting.
fn tenant(
    written: &ResolvedIdentity<'_>,
    webhook: bool,
    scope: &mut Scope<'_, '_>,
) -> Result<(Tenant, Span), ErrorGuaranteed> {
    let tenant = match written.options.get(&IdentityOption::Tenant) {
        Some(option) => {
            let tenant = scope.valid(settings::tenant(option))?;
            tenant.map(|value| Located { value, at: option.span() })
        }
        None => scope.setting(&settings::TENANT)?,
    };
    match tenant {
        Some(Located { value, at }) => Ok((value, at)),
        None => Err(scope.refuse_missing(CredentialProblem::MissingTenant { at: written.at, webhook })),
    }
}

/// Only AKS has the webhook.
fn require_tenant(
    tenant: Tenant,
    at: Span,
    written: &ResolvedIdentity<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<Guid, ErrorGuaranteed> {
    match tenant {
        Tenant::Id(tenant) => Ok(tenant),
        Tenant::Webhook => {
            let (platform, named) = (scope.names.platform, scope.platform_at);
            let identity = written.asked_at;
            Err(scope.refuse(CredentialProblem::WebhookElsewhere { at, identity, platform, named }))
        }
    }
}
