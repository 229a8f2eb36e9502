//! Converts the identities of a controller to credentials.

mod account;
mod aws;
mod azure;
mod gcp;

use crate::check::scope::Scope;
use crate::model::kubernetes::DnsLabel;
use crate::model::setting::IdentityOption;
use crate::model::{Controller, Credentials};
use crate::problem::{CredentialProblem, ErrorGuaranteed, Problem};
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

/// The credentials that give a controller these identities.
pub fn resolve_credentials(
    identities: &[ResolvedIdentity<'_>],
    own: ControllerAccount<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<Credentials, ErrorGuaranteed> {
    let mut credentials = Credentials::default();
    refuse_second_of_provider(identities, scope)?;
    let mut outcome = Ok(());
    for identity in identities {
        let resolved = match &identity.identifier {
            Identifier::Aws(arn) => {
                aws::resolve(identity, arn, own, scope).map(|source| credentials.aws = Some(source))
            }
            Identifier::Azure(client_id) => {
                azure::resolve(identity, client_id, scope).map(|source| credentials.azure = Some(source))
            }
            Identifier::Gcp(email) => {
                gcp::resolve(identity, email.as_ref(), scope).map(|source| credentials.gcp = Some(source))
            }
        };
        outcome = outcome.and(resolved);
    }
    outcome.map(|()| credentials)
}

/// Refuses two identities of one provider. `identities`: sorted by their providers.
pub fn refuse_second_of_provider(
    identities: &[ResolvedIdentity<'_>],
    scope: &mut Scope<'_, '_>,
) -> Result<(), ErrorGuaranteed> {
    let mut outcome = Ok(());
    for (one, next) in identities.iter().zip(identities.iter().skip(1)) {
        let provider = one.provider();
        if provider == next.provider() {
            let (at, first) = ordered(next.asked_at, one.asked_at);
            outcome = Err(scope.refuse(CredentialProblem::TwoOfOneProvider { at, first, provider }));
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
        None => Err(scope.refuse_missing(CredentialProblem::MissingSetting {
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
    identity: &ResolvedIdentity<'t>,
    option: IdentityOption,
    parse: impl FnOnce(&Evaluated<'t>) -> Result<T, Problem>,
    scope: &mut Scope<'_, '_>,
) -> Result<Option<T>, ErrorGuaranteed> {
    match identity.options.get(&option) {
        Some(ResolvedValue::Text(value)) => scope.valid(parse(value)).map(Some),
        Some(ResolvedValue::Word(_)) | None => Ok(None),
    }
}
