//! Converts the identities of ServiceAccounts that objects of Flux name: Flux requests their tokens itself, and reads
//! nothing but annotations.

use crate::check::credentials::{aws, azure, gcp, refuse_second_of_provider};
use crate::check::scope::Scope;
use crate::model::aws::{MAX_SESSION_NAME, RoleArn, session_name};
use crate::model::azure::Tenant;
use crate::model::object_level::TenantIdentity;
use crate::model::setting::IdentityOption;
use crate::model::{Account, AccountCredentials, Platform, gcp::CredentialSource};
use crate::problem::{AccountProblem, CredentialProblem, ErrorGuaranteed, Problem};
use crate::resolve::{Evaluated, settings, values};
use crate::resolve::{Identifier, ResolvedIdentity};
use crate::span::Span;

/// The credentials that give a ServiceAccount these identities. `at`: where it is mapped.
pub fn resolve_account_credentials(
    identities: &[ResolvedIdentity<'_>],
    (account, at): (&Account, Span),
    scope: &mut Scope<'_, '_>,
) -> Result<AccountCredentials, ErrorGuaranteed> {
    let mut credentials = AccountCredentials::default();
    let mut outcome = refuse_second_of_provider(identities, scope);
    for identity in identities {
        let read = refuse_unread_options(identity, scope);
        let resolved = match &identity.identifier {
            Identifier::Aws(arn) => role(arn, (account, at), scope).map(|arn| credentials.aws = Some(arn)),
            Identifier::Azure(client_id) => {
                managed_identity(identity, client_id, scope).map(|tenant| credentials.azure = Some(tenant))
            }
            Identifier::Gcp(email) => {
                access(identity, email.as_ref(), scope).map(|access| credentials.gcp = Some(access))
            }
        };
        outcome = outcome.and(read).and(resolved);
    }
    outcome.map(|()| credentials)
}

/// Refuses options of tokens, which Flux requests itself, and `via`, which has no alternative here.
fn refuse_unread_options(
    identity: &ResolvedIdentity<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<(), ErrorGuaranteed> {
    let mut outcome = Ok(());
    for (option, chosen) in &identity.options {
        let (at, asked_at) = (chosen.span(), identity.asked_at);
        let problem: Problem = match option {
            IdentityOption::Via => AccountProblem::PodIdentity { at, asked_at }.into(),
            IdentityOption::Audience | IdentityOption::TokenExpiration => {
                AccountProblem::UnreadOption { at, option: option.name(), asked_at }.into()
            }
            // They belong to `via`, which is reported.
            IdentityOption::ExternalId | IdentityOption::TargetRole if aws::via(identity).is_some() => {
                continue;
            }
            IdentityOption::ExternalId | IdentityOption::TargetRole => {
                CredentialProblem::TargetWithoutPodIdentity { at, option: option.name() }.into()
            }
            IdentityOption::ResourceId | IdentityOption::Tenant => continue,
        };
        outcome = Err(scope.refuse(problem));
    }
    outcome
}

fn role(
    value: &Evaluated<'_>,
    (account, at): (&Account, Span),
    scope: &mut Scope<'_, '_>,
) -> Result<RoleArn, ErrorGuaranteed> {
    let arn = aws::role_arn(value, scope).and_then(|arn| scope.valid(values::narrow_role_arn(value, arn)));
    if let Some(region) = scope.setting(&settings::REGION)? {
        let name = session_name(account.name.as_str(), &account.namespace, region.value.as_str());
        if name.len() > MAX_SESSION_NAME {
            return Err(scope.refuse(AccountProblem::SessionName { at, name }));
        }
    }
    arn
}

fn managed_identity(
    identity: &ResolvedIdentity<'_>,
    client_id: &Evaluated<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<TenantIdentity, ErrorGuaranteed> {
    let azure::Identity { client_id, tenant, tenant_at, resource_id } =
        azure::identity(identity, client_id, false, scope)?;
    let Tenant::Id(tenant) = tenant else {
        return Err(scope.refuse(AccountProblem::Webhook { at: tenant_at, asked_at: identity.asked_at }));
    };
    if scope.names.platform == Platform::Aks {
        let named = scope.platform_at;
        scope.warn(AccountProblem::UnstableOnAks { at: identity.asked_at, named });
    }
    Ok(TenantIdentity { client_id, tenant, resource_id })
}

fn access(
    identity: &ResolvedIdentity<'_>,
    value: Option<&Evaluated<'_>>,
    scope: &mut Scope<'_, '_>,
) -> Result<CredentialSource, ErrorGuaranteed> {
    let access = gcp::resolve(identity, value, scope)?;
    let email = match &access {
        CredentialSource::Impersonation(email) => Some(email),
        CredentialSource::Federated(access) => access.impersonates.as_ref(),
        CredentialSource::Direct => None,
    };
    if let Some((email, value)) = email.zip(value) {
        scope.valid(values::narrow_email(value, email))?;
    }
    Ok(access)
}
