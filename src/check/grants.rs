//! From what a controller is given to how it comes by it.

use crate::check::given::{Chosen, Given};
use crate::check::scope::Scope;
use crate::check::settings::{IdentityOption, Setting};
use crate::check::values;
use crate::model::aws::{IamRole, MAX_SESSION_NAME, RoleArn, partition_of_region, session_name};
use crate::model::azure::{ManagedIdentity, Tenant};
use crate::model::kubernetes::DnsLabel;
use crate::model::{Controller, Grant, Provider};
use crate::problem::{FitProblem, Problem, Refused, Unsupported};
use crate::span::Span;

/// How a controller comes by what it is given; nothing for nothing. `named`: where the cluster's platform is named.
pub fn grant(
    given: &[Given<'_>],
    named: Span,
    namespace: Option<&DnsLabel>,
    controller: Controller,
    scope: &mut Scope<'_, '_>,
) -> Result<Option<Grant>, Refused> {
    let mut grant = Ok(None);
    let mut before: Option<&Given<'_>> = None;
    for given in given {
        check_session_name(given, namespace, controller, scope)?;
        let one = one(given, named, scope).map(Some);
        grant = match before.replace(given).filter(|first| first.provider == given.provider) {
            Some(first) => {
                let (at, first) = in_order(given.asked_at, first.asked_at);
                let provider = given.provider;
                Err(scope.refuse(FitProblem::TwoOfOneProvider { at, first, provider }))
            }
            None => grant.and(one),
        };
    }
    grant
}

fn in_order(one: Span, other: Span) -> (Span, Span) {
    if one < other { (other, one) } else { (one, other) }
}

fn one(given: &Given<'_>, named: Span, scope: &mut Scope<'_, '_>) -> Result<Grant, Refused> {
    if scope.platform.native_provider() != Some(given.provider) {
        let (at, platform, provider) = (given.asked_at, scope.platform, given.provider);
        return Err(scope.refuse(Unsupported::Federated { at, platform, named, provider }));
    }
    match given.provider {
        Provider::Aws => iam_role(given, scope).map(Grant::IamRole),
        Provider::Azure => managed_identity(given, scope).map(Grant::ManagedIdentity),
        Provider::Gcp => or_refuse(values::email(&given.value), scope).map(Grant::GoogleServiceAccount),
    }
}

fn iam_role(given: &Given<'_>, scope: &mut Scope<'_, '_>) -> Result<IamRole, Refused> {
    let arn = or_refuse(values::role_arn(&given.value), scope);
    let partition = arn.as_ref().map_or(Ok(()), |arn| check_partition(given, arn, scope));
    let audience = option(given, IdentityOption::Audience, values::audience, scope);
    let seconds = |said: &_| values::token_expiration(Provider::Aws, said);
    let token_expiration = option(given, IdentityOption::TokenExpiration, seconds, scope);
    partition?;
    Ok(IamRole { arn: arn?, audience: audience?, token_expiration: token_expiration? })
}

/// A cluster's own region, where it is said, is in the partition of its roles.
fn check_partition(given: &Given<'_>, arn: &RoleArn, scope: &mut Scope<'_, '_>) -> Result<(), Refused> {
    let Some(said) = scope.text_setting(Setting::Region)? else { return Ok(()) };
    let (partition, of_region) = (arn.partition(), partition_of_region(&said.text));
    match of_region.filter(|of_region| *of_region != partition) {
        Some(of_region) => {
            let (at, region, region_at) = (given.value.at, said.text.clone().into_owned(), said.at);
            Err(scope.refuse(FitProblem::OtherPartition { at, partition, region, region_at, of_region }))
        }
        None => Ok(()),
    }
}

/// Where tokens are exchanged without the webhook of EKS, Flux names the session.
fn check_session_name(
    given: &Given<'_>,
    namespace: Option<&DnsLabel>,
    controller: Controller,
    scope: &mut Scope<'_, '_>,
) -> Result<(), Refused> {
    if given.provider != Provider::Aws || scope.platform.native_provider() == Some(Provider::Aws) {
        return Ok(());
    }
    let Some((namespace, region)) = namespace.zip(scope.text_setting(Setting::Region)?) else {
        return Ok(());
    };
    let name = session_name(controller.name(), namespace, &region.text);
    if name.len() <= MAX_SESSION_NAME {
        return Ok(());
    }
    Err(scope.refuse(FitProblem::SessionName { at: given.asked_at, name }))
}

fn managed_identity(given: &Given<'_>, scope: &mut Scope<'_, '_>) -> Result<ManagedIdentity, Refused> {
    let client_id = or_refuse(values::client_id(&given.value), scope);
    let tenant = tenant(given, scope);
    let seconds = |said: &_| values::token_expiration(Provider::Azure, said);
    let token_expiration = option(given, IdentityOption::TokenExpiration, seconds, scope);
    let resource_id = |said: &_| values::option(Provider::Azure, IdentityOption::ResourceId, said);
    let _checked = option(given, IdentityOption::ResourceId, resource_id, scope)?;
    let (client_id, (tenant, tenant_at)) = (client_id?, tenant?);
    if matches!(&tenant, Tenant::Id(id) if id.is(&client_id)) {
        return Err(scope.refuse(FitProblem::TenantAsClient { at: given.value.at, tenant: tenant_at }));
    }
    Ok(ManagedIdentity { client_id, tenant, token_expiration: token_expiration? })
}

/// The tenant of a managed identity, and where it is said: by the identity itself, else by the setting.
fn tenant(given: &Given<'_>, scope: &mut Scope<'_, '_>) -> Result<(Tenant, Span), Refused> {
    let chosen = match given.options.get(&IdentityOption::Tenant) {
        Some(chosen) => Some(chosen.clone()),
        None => scope.setting(Setting::Tenant)?,
    };
    match chosen {
        Some(Chosen::Text(said)) => {
            let tenant = or_refuse(values::guid("tenant", &said), scope)?;
            Ok((Tenant::Id(tenant), said.at))
        }
        Some(Chosen::Word(word)) => Ok((Tenant::Webhook, word.span)),
        None => Err(match scope.gap() {
            Some(refused) => refused,
            None => scope.refuse(FitProblem::MissingTenant { at: given.at }),
        }),
    }
}

/// The value of an option that holds text; nothing if the identity does not have it.
fn option<'t, T>(
    given: &Given<'t>,
    option: IdentityOption,
    parse: impl FnOnce(&values::Said<'t>) -> Result<T, Problem>,
    scope: &mut Scope<'_, '_>,
) -> Result<Option<T>, Refused> {
    match given.options.get(&option) {
        Some(Chosen::Text(said)) => or_refuse(parse(said), scope).map(Some),
        Some(Chosen::Word(_)) | None => Ok(None),
    }
}

fn or_refuse<T>(result: Result<T, Problem>, scope: &mut Scope<'_, '_>) -> Result<T, Refused> {
    result.map_err(|problem| scope.refuse(problem))
}
