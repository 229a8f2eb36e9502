//! From what a mapping says to how a controller comes by its identity.

use crate::check::scope::{Chosen, Given, Scope};
use crate::check::settings::{IdentityOption, Setting};
use crate::check::values;
use crate::model::aws::IamRole;
use crate::model::azure::{ManagedIdentity, Tenant};
use crate::model::{Controller, Grant, Provider};
use crate::problem::{FitProblem, Problem, Unsupported};
use crate::span::Span;

/// How a controller comes by the identities that it is given. Reports what does not fit.
pub fn grant(
    controller: Controller,
    given: &[Given<'_>],
    named: Span,
    scope: &mut Scope<'_, '_>,
) -> Option<Grant> {
    let mut grant = None;
    let mut before: Option<&Given<'_>> = None;
    for given in given {
        if let Some(first) = before.filter(|first| first.provider == given.provider) {
            let (at, first) = in_order(given.asked_at, first.asked_at);
            let (provider, controller) = (given.provider, controller.name());
            scope.report(FitProblem::TwoOfOneProvider { at, first, provider, controller });
        }
        before = Some(given);
        grant = one(given, named, scope).or(grant);
    }
    grant
}

fn in_order(one: Span, other: Span) -> (Span, Span) {
    if one < other { (other, one) } else { (one, other) }
}

fn one(given: &Given<'_>, named: Span, scope: &mut Scope<'_, '_>) -> Option<Grant> {
    if scope.platform.native_provider() != Some(given.provider) {
        let (at, platform, provider) = (given.asked_at, scope.platform, given.provider);
        scope.report(Unsupported::Federated { at, platform, named, provider });
        return None;
    }
    match given.provider {
        Provider::Aws => iam_role(given, scope).map(Grant::IamRole),
        Provider::Azure => managed_identity(given, scope).map(Grant::ManagedIdentity),
        Provider::Gcp => or_report(values::email(&given.value), scope).map(Grant::GoogleServiceAccount),
    }
}

fn iam_role(given: &Given<'_>, scope: &mut Scope<'_, '_>) -> Option<IamRole> {
    let arn = or_report(values::role_arn(&given.value), scope);
    let audience = match given.options.get(&IdentityOption::Audience) {
        Some(Chosen::Text(said)) => or_report(values::audience(said), scope).map(Some),
        Some(Chosen::Word(_)) | None => Some(None),
    };
    let token_expiration = token_expiration(given, scope);
    Some(IamRole { arn: arn?, audience: audience?, token_expiration: token_expiration? })
}

fn managed_identity(given: &Given<'_>, scope: &mut Scope<'_, '_>) -> Option<ManagedIdentity> {
    let client_id = or_report(values::client_id(&given.value), scope);
    let tenant = match given.options.get(&IdentityOption::Tenant) {
        Some(Chosen::Text(said)) => {
            let tenant = or_report(values::guid("tenant", said), scope);
            tenant.map(|tenant| (Tenant::Id(tenant), said.at))
        }
        Some(Chosen::Word(word)) => Some((Tenant::Webhook, word.span)),
        None => tenant_setting(given, scope),
    };
    let token_expiration = token_expiration(given, scope);
    if let Some(Chosen::Text(said)) = given.options.get(&IdentityOption::ResourceId) {
        or_report(values::option(given.provider, IdentityOption::ResourceId, said), scope)?;
    }
    let (client_id, (tenant, tenant_at)) = client_id.zip(tenant)?;
    if matches!(&tenant, Tenant::Id(id) if id.is(&client_id)) {
        scope.report(FitProblem::TenantAsClient { at: given.value.at, tenant: tenant_at });
        return None;
    }
    Some(ManagedIdentity { client_id, tenant, token_expiration: token_expiration? })
}

fn tenant_setting(given: &Given<'_>, scope: &mut Scope<'_, '_>) -> Option<(Tenant, Span)> {
    if !scope.says(Setting::Tenant) {
        if scope.is_complete() {
            scope.report(FitProblem::MissingTenant { at: given.at });
        }
        return None;
    }
    match scope.choice(Setting::Tenant)? {
        Chosen::Text(said) => {
            let tenant = or_report(values::guid("tenant", &said), scope)?;
            Some((Tenant::Id(tenant), said.at))
        }
        Chosen::Word(word) => Some((Tenant::Webhook, word.span)),
    }
}

#[expect(clippy::option_option, reason = "wrong is not the same as unsaid")]
fn token_expiration(given: &Given<'_>, scope: &mut Scope<'_, '_>) -> Option<Option<u32>> {
    match given.options.get(&IdentityOption::TokenExpiration) {
        Some(Chosen::Text(said)) => {
            or_report(values::token_expiration(given.provider, said), scope).map(Some)
        }
        Some(Chosen::Word(_)) => None,
        None => Some(None),
    }
}

fn or_report<T>(result: Result<T, Problem>, scope: &mut Scope<'_, '_>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(problem) => {
            scope.report(problem);
            None
        }
    }
}
