//! `trust` statements: identities with which clouds trust ServiceAccounts, and which the overlay does not give them.

use crate::check::cluster_context::ClusterContext;
use crate::check::credentials::{ControllerAccount, resolve_account_credentials, resolve_credentials};
use crate::check::scope::Scope;
use crate::check::{accounts, require};
use crate::model::{Controller, TrustOnly};
use crate::problem::ErrorGuaranteed;
use crate::resolve::{AccountName, RecipientName, ResolvedIdentity, ResolvedMapping};
use crate::span::Span;

/// What the `trust` statements of a cluster say, with the span of each identity.
///
/// # Errors
/// One of them is wrong.
pub fn check(
    context: &ClusterContext,
    scope: &mut Scope<'_, '_>,
) -> Result<Vec<(TrustOnly, Span)>, ErrorGuaranteed> {
    let (mut all, mut outcome) = (Vec::new(), Ok(()));
    let controllers = Controller::ALL.into_iter().map(RecipientName::Controller);
    let accounts = scope.names.layers.accounts().into_iter().map(RecipientName::Account);
    for recipient in controllers.chain(accounts) {
        match check_recipient(recipient, context, scope) {
            Ok(trusted) => all.extend(trusted),
            Err(refused) => outcome = Err(refused),
        }
    }
    outcome.map(|()| all)
}

fn check_recipient<'t>(
    recipient: RecipientName<'t>,
    context: &ClusterContext,
    scope: &mut Scope<'_, 't>,
) -> Result<Vec<(TrustOnly, Span)>, ErrorGuaranteed> {
    let mapping = scope.need(|names| names.trust(recipient))?;
    let Some(mapping) = mapping.filter(|mapping| !mapping.identities.is_empty()) else {
        return Ok(Vec::new());
    };
    match recipient {
        RecipientName::Controller(controller) => check_controller(controller, &mapping, context, scope),
        RecipientName::Account(name) => check_account(name, &mapping, context, scope),
    }
}

fn check_controller(
    controller: Controller,
    mapping: &ResolvedMapping<'_>,
    context: &ClusterContext,
    scope: &mut Scope<'_, '_>,
) -> Result<Vec<(TrustOnly, Span)>, ErrorGuaranteed> {
    let fits = require::check_fit(controller, mapping, context.version.ok().flatten(), scope);
    let account = ControllerAccount { controller, namespace: context.namespace.as_ref().ok() };
    let trusted = each(mapping, |identity| {
        let credentials = resolve_credentials(std::slice::from_ref(identity), account, scope)?;
        Ok(TrustOnly::Controller(controller, credentials))
    });
    fits.and(trusted)
}

fn check_account(
    name: AccountName<'_>,
    mapping: &ResolvedMapping<'_>,
    context: &ClusterContext,
    scope: &mut Scope<'_, '_>,
) -> Result<Vec<(TrustOnly, Span)>, ErrorGuaranteed> {
    let account = accounts::resolve_account(name, mapping.at, context, scope)?;
    each(mapping, |identity| {
        let identity = std::slice::from_ref(identity);
        let credentials = resolve_account_credentials(identity, (&account, mapping.at), scope)?;
        Ok(TrustOnly::Account(account.clone(), credentials))
    })
}

/// Checks all identities of a statement, the wrong ones too. Several may be of one provider.
fn each<'t>(
    mapping: &ResolvedMapping<'t>,
    mut check: impl FnMut(&ResolvedIdentity<'t>) -> Result<TrustOnly, ErrorGuaranteed>,
) -> Result<Vec<(TrustOnly, Span)>, ErrorGuaranteed> {
    let checked: Vec<_> =
        mapping.identities.iter().map(|identity| Ok((check(identity)?, identity.at))).collect();
    checked.into_iter().collect()
}
