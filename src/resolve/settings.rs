//! The settings of a cluster as typed values.

use crate::model::aws::{AccountId, EksName, Region};
use crate::model::azure::{Cloud, Tenant};
use crate::model::flux::FluxVersion;
use crate::model::gcp::{ProjectId, ProjectNumber, WorkloadIdentityProvider};
use crate::model::kubernetes::{DnsLabel, Issuer};
use crate::model::setting::Setting;
use crate::model::{Emit, Install, OutputPath, Restart, TrustForm, TrustSubjects};
use crate::problem::Problem;
use crate::resolve::identity::ResolvedValue;
use crate::resolve::values::{self, Evaluated};

/// A setting, with the type of its value.
pub struct Typed<T> {
    pub setting: Setting,
    /// Takes the value out of the enum of all.
    pub value: fn(SettingValue) -> Option<T>,
}

/// For each setting the type of its value, its constant, and how it is parsed.
macro_rules! typed_settings {
    ($($Setting:ident($Value:ty) $CONSTANT:ident, $parse:expr;)+) => {
        #[derive(Clone, Debug)]
        pub enum SettingValue {
            $($Setting($Value),)+
        }

        impl SettingValue {
            /// Parses a value. None if it is a word where the setting has text, or the other way round.
            ///
            /// # Errors
            /// The setting cannot have the value.
            pub fn parse(
                setting: Setting,
                value: &ResolvedValue<'_>,
            ) -> Result<Option<SettingValue>, Problem> {
                match setting {
                    $(Setting::$Setting => Ok($parse(value)?.map(SettingValue::$Setting)),)+
                }
            }
        }

        $(
            pub const $CONSTANT: Typed<$Value> = Typed {
                setting: Setting::$Setting,
                value: |value| if let SettingValue::$Setting(value) = value { Some(value) } else { None },
            };
        )+
    };
}

typed_settings! {
    Output(OutputPath) OUTPUT, text(values::parse_output);
    Emit(Emit) EMIT, word(Emit::from_name);
    Install(Install) INSTALL, word(Install::from_name);
    Restart(Restart) RESTART, word(Restart::from_name);
    Namespace(DnsLabel) NAMESPACE, text(values::parse_namespace);
    Tenant(Tenant) TENANT, tenant;
    Account(AccountId) ACCOUNT, text(values::parse_account);
    EksName(EksName) EKS_NAME, text(values::parse_eks_name);
    Project(ProjectId) PROJECT, text(values::parse_project);
    ProjectNumber(ProjectNumber) PROJECT_NUMBER, text(values::parse_project_number);
    Region(Region) REGION, text(values::parse_region);
    AzureCloud(Cloud) AZURE_CLOUD, word(Cloud::from_name);
    WorkloadIdentityProvider(WorkloadIdentityProvider) WORKLOAD_IDENTITY_PROVIDER,
        text(values::parse_workload_identity_provider);
    Issuer(Issuer) ISSUER, text(values::parse_issuer);
    Flux(FluxVersion) FLUX, text(values::parse_flux_version);
    ServiceAccounts(OutputPath) SERVICE_ACCOUNTS, text(values::parse_output);
    TrustSubjects(TrustSubjects) TRUST_SUBJECTS, word(TrustSubjects::from_name);
    TrustOutput(OutputPath) TRUST_OUTPUT, text(values::parse_output);
    TrustForm(TrustForm) TRUST_FORM, word(TrustForm::from_name);
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
