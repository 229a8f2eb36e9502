//! Variables and volumes of pods to federated identities.
//!
//! Imported are those that `build` writes and those of the Flux documentation, whose volumes have other names. Other names
//! and paths of volumes cannot be expressed in a source.

use std::collections::BTreeMap;

use crate::emit::credentials;
use crate::import::configurations::{Configuration, Configurations, is_same};
use crate::import::identity::{Identity, IdentityKey, IdentityRoute, ObservedValues};
use crate::import::recipe::{DOCUMENTED, Recipe, volumes};
use crate::model::aws::{self, FederatedRole, IamRole, Region, RoleArn};
use crate::model::azure::{self, Cloud, FederatedIdentity, Guid};
use crate::model::gcp::{self, FederatedAccess, ServiceAccountEmail, WorkloadIdentityProvider};
use crate::model::kubernetes::DnsLabel;
use crate::model::setting::Setting;
use crate::model::{
    Additions, CREDENTIALS_FILE, ConfigMap, Controller, Credentials, Provider, Restart, TOKEN_FILE,
    VolumeSource,
};

/// The address by which a Google service account is impersonated, without that account.
/// Source: AIP-4117, "External Account Credentials".
const IMPERSONATION: (&str, &str) =
    ("https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/", ":generateAccessToken");

/// An identity, and the setting that it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Federated {
    pub identity: Identity,
    pub setting: (Setting, String),
    /// True if the names of its volumes change.
    pub is_renamed: bool,
    /// The `ConfigMap` that it needs.
    pub config_map: Option<String>,
}

/// The federated identity of a controller; `None` if its variables and volumes are neither those of `build` nor those of
/// the documentation.
pub fn identity(
    observed: &ObservedValues,
    provider: Provider,
    controller: Controller,
    namespace: &str,
    configurations: &Configurations,
) -> Option<Federated> {
    let is_documented =
        |recipe: &Recipe| recipe.provider == provider && volume(observed, recipe.volume).is_some();
    let is_renamed = DOCUMENTED.iter().any(is_documented);
    let (credentials, mut federated) = match provider {
        Provider::Aws => aws_role(observed)?,
        Provider::Azure => managed_identity(observed)?,
        Provider::Gcp => access(observed, configurations)?,
    };
    federated.is_renamed = is_renamed;
    let namespace = DnsLabel::parse(namespace).ok()?;
    let additions = Additions::new(controller, &credentials, &namespace, Restart::ByHand);
    if let Some(config_map) = &additions.config_map {
        let name = federated.config_map.as_ref()?;
        if !is_configured(config_map, name, configurations.get(name)?, is_renamed) {
            return None;
        }
    }
    let recipe =
        |generated: &str| DOCUMENTED.iter().find(|recipe| is_renamed && recipe.generated == generated);
    let mut wanted: BTreeMap<IdentityKey, String> = BTreeMap::new();
    for (name, value) in &additions.variables {
        let value = if is_renamed { with_documented_paths(value) } else { value.clone().into_owned() };
        wanted.insert(IdentityKey::variable(name)?, value);
    }
    for volume in &additions.volumes {
        let recipe = recipe(volume.name);
        let name = recipe.map_or(volume.name, |recipe| recipe.volume);
        let content = match &volume.source {
            VolumeSource::Token { audience, expiration } => {
                let file = recipe.map_or(TOKEN_FILE, |recipe| recipe.file);
                token(audience, &expiration.to_string(), file)
            }
            VolumeSource::ConfigMap(_) => federated.config_map.clone()?,
        };
        let path = recipe.map_or(volume.mount_path, |recipe| recipe.mount_path).to_owned();
        wanted.insert(IdentityKey::volume(name)?, content);
        wanted.insert(IdentityKey::mount(name)?, path);
    }
    let route = Some(IdentityRoute { provider, is_federated: true });
    let set = observed.by_key.iter().filter(|(key, _)| key.route() == route);
    let set: BTreeMap<IdentityKey, String> = set.map(|(key, (value, _))| (*key, value.clone())).collect();
    (set == wanted).then_some(federated)
}

/// The variable that names an identity, or the file that does.
pub const fn main_variable(provider: Provider) -> &'static str {
    match provider {
        Provider::Aws => aws::ROLE_ARN_VARIABLE,
        Provider::Azure => azure::CLIENT_ID_VARIABLE,
        Provider::Gcp => gcp::CREDENTIALS_VARIABLE,
    }
}

pub fn token(audience: &str, expiration: &str, path: &str) -> String {
    format!("{audience} {expiration} {path}")
}

/// A line of a build with the generated names in place of those of the documentation, and without the name of the
/// `ConfigMap` of a credential configuration.
pub fn renamed(line: &str) -> String {
    let mut line = line.to_owned();
    for recipe in &DOCUMENTED {
        let (mount_path, file) = (recipe.generated_mount_path(), recipe.generated_file());
        for (list, field, documented, generated) in [
            ("volumes", "name", recipe.volume, recipe.generated),
            ("volumes", "projected sources 0 serviceAccountToken path", recipe.file, file),
            ("volumeMounts", "name", recipe.volume, recipe.generated),
            ("volumeMounts", "mountPath", recipe.mount_path, mount_path),
        ] {
            let end = format!(" {list} {} {field} = {documented}", recipe.volume);
            if let Some(before) = line.strip_suffix(&end) {
                return format!("{before} {list} {} {field} = {generated}", recipe.generated);
            }
        }
        for list in ["volumes", "volumeMounts"] {
            let [documented, generated] =
                [recipe.volume, recipe.generated].map(|name| format!(" {list} {name} "));
            line = line.replace(&documented, &generated);
        }
        line = line.replace(&recipe.documented_path(), &recipe.generated_path());
    }
    match line.split_once(" volumes flux-identity-gcp-config configMap name = ") {
        Some((before, _)) => format!("{before} volumes flux-identity-gcp-config configMap name"),
        None => line,
    }
}

/// True for a `ConfigMap` that `build` generates for an identity. `name`: as `ConfigMap NAMESPACE/NAME`.
pub fn is_config_map(name: &str) -> bool {
    let name = name.strip_prefix("ConfigMap ").and_then(|name| name.split_once('/'));
    name.is_some_and(|(_, name)| {
        Controller::ALL.into_iter().any(|one| name.starts_with(&format!("{}-gcp-credentials-", one.name())))
    })
}

/// A generated value with the paths of the documentation.
fn with_documented_paths(value: &str) -> String {
    DOCUMENTED.iter().fold(value.to_owned(), |value, recipe| {
        value.replace(&recipe.generated_path(), &recipe.documented_path())
    })
}

/// True if a configuration gives the expected access with the expected token.
fn is_configured(
    wanted: &ConfigMap<'_>,
    name: &str,
    configuration: &Configuration,
    is_renamed: bool,
) -> bool {
    let text = credentials::configuration(wanted);
    let Configuration { file, content, is_generated, .. } = configuration;
    if is_renamed {
        let is_file = DOCUMENTED
            .iter()
            .any(|recipe| recipe.generated_file() == CREDENTIALS_FILE && recipe.file == file);
        is_file && !is_generated && is_same(content, &with_documented_paths(&text))
    } else {
        file == CREDENTIALS_FILE && *is_generated && name == wanted.name && is_same(content, &text)
    }
}

fn aws_role(observed: &ObservedValues) -> Option<(Credentials, Federated)> {
    let arn = RoleArn::parse(observed.variable(aws::ROLE_ARN_VARIABLE)?).ok()?;
    let region = Region::parse(observed.variable(aws::REGION_VARIABLE)?)?;
    let (audience, expiration) = token_of(observed, Provider::Aws)?;
    let audience = (audience != aws::DEFAULT_AUDIENCE).then_some(audience);
    let token_expiration = (expiration != aws::DEFAULT_TOKEN_EXPIRATION).then_some(expiration);
    let is_right = audience.as_deref().is_none_or(aws::is_audience)
        && token_expiration.is_none_or(|seconds| aws::TOKEN_EXPIRATION.contains(&seconds))
        && arn.partition() == region.partition();
    let identity = Identity {
        value: Some(arn.as_str().to_owned()),
        audience: audience.clone(),
        token_expiration: token_expiration.map(|seconds| seconds.to_string()),
        ..Identity::direct(Provider::Aws)
    };
    let setting = (Setting::Region, region.as_str().to_owned());
    let role = FederatedRole { role: IamRole { arn, audience, token_expiration }, region };
    let credentials =
        Credentials { aws: Some(aws::CredentialSource::Federated(role)), ..Credentials::default() };
    is_right.then_some((credentials, Federated { identity, setting, is_renamed: false, config_map: None }))
}

fn managed_identity(observed: &ObservedValues) -> Option<(Credentials, Federated)> {
    let client_id = Guid::parse(observed.variable(azure::CLIENT_ID_VARIABLE)?).ok()?;
    let tenant = Guid::parse(observed.variable(azure::TENANT_ID_VARIABLE)?).ok()?;
    let host = observed.variable(azure::AUTHORITY_HOST_VARIABLE)?;
    let cloud = Cloud::ALL.into_iter().find(|cloud| cloud.authority_host() == host)?;
    let (audience, expiration) = token_of(observed, Provider::Azure)?;
    let token_expiration = (expiration != azure::DEFAULT_TOKEN_EXPIRATION).then_some(expiration);
    let is_right = audience == azure::AUDIENCE
        && token_expiration.is_none_or(|seconds| azure::TOKEN_EXPIRATION.contains(&seconds))
        && !client_id.is(&tenant);
    let identity = Identity {
        value: Some(client_id.as_str().to_owned()),
        tenant: Some(tenant.as_str().to_owned()),
        token_expiration: token_expiration.map(|seconds| seconds.to_string()),
        ..Identity::direct(Provider::Azure)
    };
    let setting = (Setting::AzureCloud, cloud.name().to_owned());
    let federated = FederatedIdentity { client_id, tenant, cloud, token_expiration, resource_id: None };
    let credentials =
        Credentials { azure: Some(azure::CredentialSource::Federated(federated)), ..Credentials::default() };
    is_right.then_some((credentials, Federated { identity, setting, is_renamed: false, config_map: None }))
}

fn access(observed: &ObservedValues, configurations: &Configurations) -> Option<(Credentials, Federated)> {
    let (audience, _) = token_of(observed, Provider::Gcp)?;
    let provider = audience.strip_prefix("https://iam.googleapis.com/")?;
    let provider = WorkloadIdentityProvider::parse(provider).ok()?;
    let volumes = ["flux-identity-gcp-config", "workload-identity-credential-configuration"];
    let name = volumes.into_iter().find_map(|name| volume(observed, name))?.to_owned();
    let impersonates = match configurations.get(&name)?.content.text_at("service_account_impersonation_url") {
        Some(url) => {
            let email = url.strip_prefix(IMPERSONATION.0)?.strip_suffix(IMPERSONATION.1)?;
            Some(ServiceAccountEmail::parse(email).ok()?)
        }
        None => None,
    };
    let value = impersonates.as_ref().map(|email| email.as_str().to_owned());
    let identity = Identity { value, ..Identity::direct(Provider::Gcp) };
    let setting = (Setting::WorkloadIdentityProvider, provider.as_str().to_owned());
    let access = FederatedAccess { provider, impersonates };
    let credentials =
        Credentials { gcp: Some(gcp::CredentialSource::Federated(access)), ..Credentials::default() };
    Some((credentials, Federated { identity, setting, is_renamed: false, config_map: Some(name) }))
}

fn volume<'t>(observed: &'t ObservedValues, name: &str) -> Option<&'t str> {
    observed.by_key.get(&IdentityKey::volume(name)?).map(|(value, _)| value.as_str())
}

/// The audience of the token in a volume of a provider, and its lifetime.
fn token_of(observed: &ObservedValues, provider: Provider) -> Option<(String, u32)> {
    volumes().filter(|(_, of)| *of == provider).find_map(|(name, _)| {
        let mut parts = volume(observed, name)?.split(' ');
        let audience = parts.next()?.to_owned();
        Some((audience, parts.next()?.parse().ok()?))
    })
}
