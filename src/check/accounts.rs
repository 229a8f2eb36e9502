//! Object-level identity of one cluster: ServiceAccounts that objects of Flux name.

use std::collections::BTreeMap;

use crate::check::checked_cluster::MappingSpans;
use crate::check::cluster_context::ClusterContext;
use crate::check::cluster_context::default_directory;
use crate::check::credentials::resolve_account_credentials;
use crate::check::overlay;
use crate::check::scope::Scope;
use crate::model::flux::FluxVersion;
use crate::model::setting::Setting;
use crate::model::{
    Account, AccountCredentials, AccountFault, Controller, ObjectLevel, OutputPath, object_level,
};
use crate::problem::{AccountProblem, ErrorGuaranteed};
use crate::resolve::settings;
use crate::resolve::{AccountName, RecipientName};
use crate::span::Span;

/// What a cluster's ServiceAccounts get; nothing if none gets anything.
pub fn check(
    ground: &ClusterContext,
    origins: &mut MappingSpans,
    scope: &mut Scope<'_, '_>,
) -> Result<Option<ObjectLevel>, ErrorGuaranteed> {
    let mut accounts = BTreeMap::new();
    let mut first: Option<Span> = None;
    let mut outcome = Ok(());
    for name in scope.names.layers.accounts() {
        match check_account(name, ground, (origins, &mut first), scope) {
            Ok(resolved) => accounts.extend(resolved),
            Err(refused) => outcome = Err(refused),
        }
    }
    let Some(at) = first else { return outcome.map(|()| None) };
    let gated = required_flux_version(at, ground, scope).and_then(|version| {
        let gated = object_level::gated_controllers(version);
        if let Some(installed) = ground.installation() {
            overlay::check_gate(&gated, at, installed, scope)?;
        }
        Ok(gated)
    });
    let directory = resolve_directory(scope);
    outcome?;
    let accounts = accounts.into_iter().collect();
    Ok(Some(ObjectLevel { directory: directory?, accounts, gated: gated? }))
}

/// The identities of a ServiceAccount; `None` without any. Adds spans to `origins`, and the first mapping with an
/// identity to `first`.
fn check_account<'t>(
    name: AccountName<'t>,
    ground: &ClusterContext,
    (origins, first): (&mut MappingSpans, &mut Option<Span>),
    scope: &mut Scope<'_, 't>,
) -> Result<Option<(Account, AccountCredentials)>, ErrorGuaranteed> {
    let mapped = scope.need(|names| names.mapping(RecipientName::Account(name)))?;
    let Some(mapped) = mapped.filter(|mapped| !mapped.identities.is_empty()) else { return Ok(None) };
    origins.record(RecipientName::Account(name), &mapped);
    *first = Some(first.map_or(mapped.at, |first| first.min(mapped.at)));
    let account = resolve_account(name, mapped.at, ground, scope)?;
    let resolved = resolve_account_credentials(&mapped.identities, (&account, mapped.at), scope)?;
    Ok(Some((account, resolved)))
}

/// The ServiceAccount of a name, which must be no controller's. `at`: where it is mapped.
///
/// # Errors
/// It is a controller's, or Kubernetes does not accept the name.
pub fn resolve_account(
    name: AccountName<'_>,
    at: Span,
    ground: &ClusterContext,
    scope: &mut Scope<'_, '_>,
) -> Result<Account, ErrorGuaranteed> {
    let account = name.account().map_err(|AccountFault { part, fault }| {
        scope.refuse(AccountProblem::Name { at, part, fault: fault.kind })
    })?;
    let controller = Controller::from_name(account.name.as_str());
    if let (Some(controller), Ok(namespace)) = (controller, &ground.namespace)
        && account.namespace == *namespace
    {
        let namespace = namespace.as_str().to_owned();
        return Err(scope.refuse(AccountProblem::Controllers { at, controller, namespace }));
    }
    Ok(account)
}

/// The version of Flux, which decides on the feature gate. `at`: a mapping of a ServiceAccount.
fn required_flux_version(
    at: Span,
    ground: &ClusterContext,
    scope: &mut Scope<'_, '_>,
) -> Result<FluxVersion, ErrorGuaranteed> {
    match ground.version? {
        Some(version) if version < object_level::SINCE => {
            Err(scope.refuse(AccountProblem::OldFlux { at, version }))
        }
        Some(version) => Ok(version),
        None => Err(scope.refuse_missing(AccountProblem::UnknownFlux { at })),
    }
}

fn resolve_directory(scope: &mut Scope<'_, '_>) -> Result<OutputPath, ErrorGuaranteed> {
    match scope.setting(&settings::SERVICE_ACCOUNTS)? {
        Some(directory) => Ok(directory.value),
        None => default_directory(Setting::ServiceAccounts, "", scope),
    }
}
