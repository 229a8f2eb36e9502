//! How a ServiceAccount that objects of Flux name comes by what it is given: Flux takes it on by itself, and reads nothing
//! but annotations.

use crate::check::credentials::{aws, azure, gcp, refuse_second_of_provider};
use crate::check::scope::Scope;
use crate::model::aws::{MAX_SESSION_NAME, RoleArn, session_name};
use crate::model::azure::Tenant;
use crate::model::object_level::TenantIdentity;
use crate::model::setting::IdentityOption;
use crate::model::{Account, AccountCredentials, Platform, gcp::CredentialSource};
use crate::problem::{AccountProblem, ErrorGuaranteed};
use crate::resolve::{Evaluated, settings, values};
use crate::resolve::{Identifier, ResolvedIdentity};
use crate::span::Span;

/// How a ServiceAccount comes by what it is given. `at`: where it is mapped.
pub fn resolve_account_credentials(
    given: &[ResolvedIdentity<'_>],
    (account, at): (&Account, Span),
    scope: &mut Scope<'_, '_>,
) -> Result<AccountCredentials, ErrorGuaranteed> {
    let mut grants = AccountCredentials::default();
    let mut outcome = refuse_second_of_provider(given, scope);
    for given in given {
        let read = refuse_unread_options(given, scope);
        let granted = match &given.identifier {
            Identifier::Aws(arn) => role(arn, (account, at), scope).map(|arn| grants.aws = Some(arn)),
            Identifier::Azure(client_id) => {
                managed_identity(given, client_id, scope).map(|identity| grants.azure = Some(identity))
            }
            Identifier::Gcp(email) => {
                access(given, email.as_ref(), scope).map(|access| grants.gcp = Some(access))
            }
        };
        outcome = outcome.and(read).and(granted);
    }
    outcome.map(|()| grants)
}

/// Refuses options of tokens, which Flux requests itself, and `via`, which has no alternative here.
fn refuse_unread_options(
    given: &ResolvedIdentity<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<(), ErrorGuaranteed> {
    let mut outcome = Ok(());
    for (option, chosen) in &given.options {
        let (at, asked_at) = (chosen.span(), given.asked_at);
        let problem = match option {
            IdentityOption::Via => AccountProblem::PodIdentity { at, asked_at },
            IdentityOption::Audience | IdentityOption::TokenExpiration => {
                AccountProblem::UnreadOption { at, option: option.name(), asked_at }
            }
            IdentityOption::ResourceId | IdentityOption::Tenant => continue,
        };
        outcome = Err(scope.refuse(problem));
    }
    outcome
}

fn role(
    said: &Evaluated<'_>,
    (account, at): (&Account, Span),
    scope: &mut Scope<'_, '_>,
) -> Result<RoleArn, ErrorGuaranteed> {
    let arn = aws::role_arn(said, scope).and_then(|arn| scope.valid(values::narrow_role_arn(said, arn)));
    if let Some(region) = scope.setting(&settings::REGION)? {
        let name = session_name(account.name.as_str(), &account.namespace, region.value.as_str());
        if name.len() > MAX_SESSION_NAME {
            return Err(scope.refuse(AccountProblem::SessionName { at, name }));
        }
    }
    arn
}

fn managed_identity(
    given: &ResolvedIdentity<'_>,
    client_id: &Evaluated<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<TenantIdentity, ErrorGuaranteed> {
    let azure::Identity { client_id, tenant, tenant_at, resource_id } =
        azure::identity(given, client_id, false, scope)?;
    let Tenant::Id(tenant) = tenant else {
        return Err(scope.refuse(AccountProblem::Webhook { at: tenant_at, asked_at: given.asked_at }));
    };
    if scope.names.platform == Platform::Aks {
        let named = scope.platform_at;
        scope.warn(AccountProblem::UnstableOnAks { at: given.asked_at, named });
    }
    Ok(TenantIdentity { client_id, tenant, resource_id })
}

fn access(
    given: &ResolvedIdentity<'_>,
    said: Option<&Evaluated<'_>>,
    scope: &mut Scope<'_, '_>,
) -> Result<CredentialSource, ErrorGuaranteed> {
    let access = gcp::resolve(given, said, scope)?;
    let email = match &access {
        CredentialSource::Impersonation(email) => Some(email),
        CredentialSource::Federated(access) => access.impersonates.as_ref(),
        CredentialSource::Direct => None,
    };
    if let Some((email, said)) = email.zip(said) {
        scope.valid(values::narrow_email(said, email))?;
    }
    Ok(access)
}
