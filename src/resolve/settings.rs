//! The settings of a cluster as typed values.

use crate::model::aws::{AccountId, Region};
use crate::model::azure::{Cloud, Tenant};
use crate::model::flux::FluxVersion;
use crate::model::gcp::{ProjectId, ProjectNumber, WorkloadIdentityProvider};
use crate::model::kubernetes::{DnsLabel, Issuer};
use crate::model::setting::Setting;
use crate::model::{Emit, Install, OutputPath, Restart};
use crate::problem::Problem;
use crate::resolve::evaluator::Evaluator;
use crate::resolve::identity::ResolvedValue;
use crate::resolve::unresolved::Unresolved;
use crate::resolve::values::{self, Evaluated};
use crate::span::Span;

/// A value, and where the source has it.
#[derive(Clone, Debug)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub at: Span,
}

/// For each setting the type of its value, the evaluator's method that returns it, and how it is parsed.
macro_rules! typed_settings {
    ($($Setting:ident($Value:ty) $method:ident, $parse:expr;)+) => {
        /// The value of a setting.
        #[derive(Clone, Debug)]
        pub enum SettingValue {
            $(#[doc = concat!("Of [`Setting::", stringify!($Setting), "`].")] $Setting($Value),)+
        }

        impl SettingValue {
            /// Parses a value. None if it is a word where the setting has text, or the other way round.
            ///
            /// # Errors
            /// The value is none that the setting can have.
            pub fn parse(
                setting: Setting,
                value: &ResolvedValue<'_>,
            ) -> Result<Option<SettingValue>, Problem> {
                match setting {
                    $(Setting::$Setting => Ok($parse(value)?.map(SettingValue::$Setting)),)+
                }
            }
        }

        impl Evaluator<'_, '_> {
            $(
                /// The value of the setting of this name; None if no statement sets it.
                ///
                /// # Errors
                /// The value is none that the setting can have.
                pub fn $method(&mut self) -> Result<Option<Located<$Value>>, Unresolved> {
                    Ok(self.setting(Setting::$Setting)?.and_then(|(written, parsed)| match parsed {
                        Some(SettingValue::$Setting(value)) => Some(Located { value, at: written.span() }),
                        _ => None,
                    }))
                }
            )+
        }
    };
}

typed_settings! {
    Output(OutputPath) output, text(values::parse_output);
    Emit(Emit) emit, word(Emit::from_name);
    Install(Install) install, word(Install::from_name);
    Restart(Restart) restart, word(Restart::from_name);
    Namespace(DnsLabel) namespace, text(values::parse_namespace);
    Tenant(Tenant) tenant, tenant;
    Account(AccountId) account, text(values::parse_account);
    Project(ProjectId) project, text(values::parse_project);
    ProjectNumber(ProjectNumber) project_number, text(values::parse_project_number);
    Region(Region) region, text(values::parse_region);
    AzureCloud(Cloud) azure_cloud, word(Cloud::from_name);
    WorkloadIdentityProvider(WorkloadIdentityProvider) workload_identity_provider,
        text(values::parse_workload_identity_provider);
    Issuer(Issuer) issuer, text(values::parse_issuer);
    Flux(FluxVersion) flux, text(values::parse_flux_version);
    ServiceAccounts(OutputPath) service_accounts, text(values::parse_output);
}

fn text<T>(
    parse: impl Fn(&Evaluated<'_>) -> Result<T, Problem>,
) -> impl Fn(&ResolvedValue<'_>) -> Result<Option<T>, Problem> {
    move |value| match value {
        ResolvedValue::Text(text) => parse(text).map(Some),
        ResolvedValue::Word(_) => Ok(None),
    }
}

fn word<T>(
    from_name: impl Fn(&str) -> Option<T>,
) -> impl Fn(&ResolvedValue<'_>) -> Result<Option<T>, Problem> {
    move |value| match value {
        ResolvedValue::Word(word) => Ok(from_name(word.text)),
        ResolvedValue::Text(_) => Ok(None),
    }
}

/// The tenant of a managed identity: of the `tenant` setting, or of the option of that name.
///
/// # Errors
/// The text is not a GUID.
pub fn tenant(value: &ResolvedValue<'_>) -> Result<Option<Tenant>, Problem> {
    match value {
        ResolvedValue::Text(text) => values::parse_guid("tenant", text).map(|id| Some(Tenant::Id(id))),
        // The form of the value lets no other word pass.
        ResolvedValue::Word(_) => Ok(Some(Tenant::Webhook)),
    }
}
