//! Converts the identities of a controller to credentials.

mod account;
mod aws;
mod azure;
mod gcp;

use crate::check::scope::Scope;
use crate::model::kubernetes::DnsLabel;
use crate::model::setting::IdentityOption;
use crate::model::{Controller, Credentials};
use crate::problem::{ErrorGuaranteed, GrantProblem, Problem};
use crate::resolve::{Evaluated, Typed};
use crate::resolve::{Identifier, ResolvedIdentity, ResolvedValue};
use crate::span::Span;

pub use account::resolve_account_credentials;

#[derive(Clone, Copy)]
pub struct ControllerAccount<'c> {
    /// The controller, whose name it has.
    pub controller: Controller,
    /// The namespace of Flux, if it is known.
    pub namespace: Option<&'c DnsLabel>,
}

/// How a controller comes by what it is given.
pub fn resolve_credentials(
    given: &[ResolvedIdentity<'_>],
    own: ControllerAccount<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<Credentials, ErrorGuaranteed> {
    let mut grants = Credentials::default();
    refuse_second_of_provider(given, scope)?;
    let mut outcome = Ok(());
    for given in given {
        let granted = match &given.identifier {
            Identifier::Aws(arn) => {
                aws::resolve(given, arn, own, scope).map(|grant| grants.aws = Some(grant))
            }
            Identifier::Azure(client_id) => {
                azure::resolve(given, client_id, scope).map(|grant| grants.azure = Some(grant))
            }
            Identifier::Gcp(email) => {
                gcp::resolve(given, email.as_ref(), scope).map(|grant| grants.gcp = Some(grant))
            }
        };
        outcome = outcome.and(granted);
    }
    outcome.map(|()| grants)
}

/// Refuses two identities of one provider. The given ones are sorted by their providers.
pub fn refuse_second_of_provider(
    given: &[ResolvedIdentity<'_>],
    scope: &mut Scope<'_, '_>,
) -> Result<(), ErrorGuaranteed> {
    let mut outcome = Ok(());
    for (one, next) in given.iter().zip(given.iter().skip(1)) {
        let provider = one.provider();
        if provider == next.provider() {
            let (at, first) = ordered(next.asked_at, one.asked_at);
            outcome = Err(scope.refuse(GrantProblem::TwoOfOneProvider { at, first, provider }));
        }
    }
    outcome
}

fn ordered(one: Span, other: Span) -> (Span, Span) {
    if one < other { (other, one) } else { (one, other) }
}

/// The value of a setting that an identity needs on this cluster.
fn required_setting<T>(
    setting: &Typed<T>,
    identity: &ResolvedIdentity<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<T, ErrorGuaranteed> {
    let name = setting.setting.name();
    match scope.setting(setting)? {
        Some(located) => Ok(located.value),
        None => Err(scope.refuse_missing(GrantProblem::MissingSetting {
            at: identity.asked_at,
            setting: name,
            provider: identity.provider(),
            platform: scope.names.platform,
            named: scope.platform_at,
        })),
    }
}

/// The value of an option that holds text; nothing if the identity does not have it.
fn parse_option<'t, T>(
    given: &ResolvedIdentity<'t>,
    option: IdentityOption,
    parse: impl FnOnce(&Evaluated<'t>) -> Result<T, Problem>,
    scope: &mut Scope<'_, '_>,
) -> Result<Option<T>, ErrorGuaranteed> {
    match given.options.get(&option) {
        Some(ResolvedValue::Text(said)) => scope.valid(parse(said)).map(Some),
        Some(ResolvedValue::Word(_)) | None => Ok(None),
    }
}
