//! Variables and volumes of pods, to identities of clouds that the cluster is not of.
//!
//! Only those that this compiler writes are taken: what others call their volumes, and where they mount them, no source
//! can say.

use std::collections::BTreeMap;

use crate::import::identity::{Identity, Key, Told, Way};
use crate::import::said::{Setting, Value};
use crate::model::aws::{self, FederatedRole, IamRole, Region, RoleArn};
use crate::model::azure::{self, Cloud, FederatedIdentity, Guid};
use crate::model::gcp;
use crate::model::kubernetes::DnsLabel;
use crate::model::{Additions, Controller, Grants, Provider, Restart, TOKEN_FILE, VolumeSource};

/// The volumes of tokens, by whose they are.
pub const VOLUMES: [(&str, Provider); 2] =
    [("flux-identity-aws", Provider::Aws), ("flux-identity-azure", Provider::Azure)];

/// The variables that name an identity, or where its token is.
pub const VARIABLES: [(&str, Provider); 9] = [
    (aws::REGION_VARIABLE, Provider::Aws),
    (aws::ROLE_ARN_VARIABLE, Provider::Aws),
    (aws::ROLE_SESSION_NAME_VARIABLE, Provider::Aws),
    (aws::TOKEN_FILE_VARIABLE, Provider::Aws),
    (azure::AUTHORITY_HOST_VARIABLE, Provider::Azure),
    (azure::CLIENT_ID_VARIABLE, Provider::Azure),
    (azure::TOKEN_FILE_VARIABLE, Provider::Azure),
    (azure::TENANT_ID_VARIABLE, Provider::Azure),
    (gcp::CREDENTIALS_VARIABLE, Provider::Gcp),
];

/// An identity, and what the cluster must say for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Federated {
    /// The identity.
    pub identity: Identity,
    /// A setting of the cluster.
    pub setting: (Setting, Value),
}

/// The identity of a provider that a controller's pods come by themselves; nothing if what they are told is not exactly
/// what this compiler tells them.
pub fn identity(
    told: &Told,
    provider: Provider,
    controller: Controller,
    namespace: &str,
) -> Option<Federated> {
    let (grants, federated) = match provider {
        Provider::Aws => aws_role(told)?,
        Provider::Azure => managed_identity(told)?,
        Provider::Gcp => return None,
    };
    let namespace = DnsLabel::parse(namespace).ok()?;
    let additions = Additions::of(controller, &grants, &namespace, Restart::ByHand);
    let mut wanted: BTreeMap<Key, String> = BTreeMap::new();
    for (name, value) in &additions.variables {
        let _new = wanted.insert(Key::variable(name)?, value.clone().into_owned());
    }
    for volume in &additions.volumes {
        let VolumeSource::Token { audience, expiration } = &volume.source else { return None };
        let _new =
            wanted.insert(Key::volume(volume.name)?, token(audience, &expiration.to_string(), TOKEN_FILE));
        let _new = wanted.insert(Key::mount(volume.name)?, volume.mount_path.to_owned());
    }
    let way = Some(Way { provider, is_federated: true });
    let said = told.said.iter().filter(|(key, _)| key.way() == way);
    let said: BTreeMap<Key, String> = said.map(|(key, (value, _))| (*key, value.clone())).collect();
    (said == wanted).then_some(federated)
}

/// The variable that names an identity, or the file that does.
pub const fn main_variable(provider: Provider) -> &'static str {
    match provider {
        Provider::Aws => aws::ROLE_ARN_VARIABLE,
        Provider::Azure => azure::CLIENT_ID_VARIABLE,
        Provider::Gcp => gcp::CREDENTIALS_VARIABLE,
    }
}

/// What a volume of a token says.
pub fn token(audience: &str, expiration: &str, path: &str) -> String {
    format!("{audience} {expiration} {path}")
}

fn aws_role(told: &Told) -> Option<(Grants, Federated)> {
    let arn = RoleArn::parse(told.variable(aws::ROLE_ARN_VARIABLE)?).ok()?;
    let region = Region::parse(told.variable(aws::REGION_VARIABLE)?)?;
    let (audience, expiration) = token_of(told, Provider::Aws)?;
    let audience = (audience != aws::DEFAULT_AUDIENCE).then_some(audience);
    let token_expiration = (expiration != aws::DEFAULT_TOKEN_EXPIRATION).then_some(expiration);
    let is_right = audience.as_deref().is_none_or(aws::is_audience)
        && token_expiration.is_none_or(|seconds| aws::TOKEN_EXPIRATION.contains(&seconds))
        && arn.partition() == region.partition();
    let identity = Identity {
        provider: Provider::Aws,
        value: arn.as_str().to_owned(),
        tenant: None,
        audience: audience.clone(),
        token_expiration: token_expiration.map(|seconds| seconds.to_string()),
    };
    let setting = (Setting::Region, Value::Text(region.as_str().to_owned()));
    let role = FederatedRole { role: IamRole { arn, audience, token_expiration }, region };
    let grants = Grants { aws: Some(aws::Grant::Federated(role)), ..Grants::default() };
    is_right.then_some((grants, Federated { identity, setting }))
}

fn managed_identity(told: &Told) -> Option<(Grants, Federated)> {
    let client_id = Guid::parse(told.variable(azure::CLIENT_ID_VARIABLE)?).ok()?;
    let tenant = Guid::parse(told.variable(azure::TENANT_ID_VARIABLE)?).ok()?;
    let host = told.variable(azure::AUTHORITY_HOST_VARIABLE)?;
    let cloud = Cloud::ALL.into_iter().find(|cloud| cloud.authority_host() == host)?;
    let (audience, expiration) = token_of(told, Provider::Azure)?;
    let token_expiration = (expiration != azure::DEFAULT_TOKEN_EXPIRATION).then_some(expiration);
    let is_right = audience == azure::AUDIENCE
        && token_expiration.is_none_or(|seconds| azure::TOKEN_EXPIRATION.contains(&seconds))
        && !client_id.is(&tenant);
    let identity = Identity {
        provider: Provider::Azure,
        value: client_id.as_str().to_owned(),
        tenant: Some(tenant.as_str().to_owned()),
        audience: None,
        token_expiration: token_expiration.map(|seconds| seconds.to_string()),
    };
    let setting = (Setting::AzureCloud, Value::Word(cloud.name()));
    let federated = FederatedIdentity { client_id, tenant, cloud, token_expiration, resource_id: None };
    let grants = Grants { azure: Some(azure::Grant::Federated(federated)), ..Grants::default() };
    is_right.then_some((grants, Federated { identity, setting }))
}

/// Whom the token of a provider's volume is for, and how long it lives.
fn token_of(told: &Told, provider: Provider) -> Option<(String, u32)> {
    let (name, _) = VOLUMES.into_iter().find(|(_, of)| *of == provider)?;
    let (value, _) = told.said.get(&Key::volume(name)?)?;
    let mut parts = value.split(' ');
    let audience = parts.next()?.to_owned();
    Some((audience, parts.next()?.parse().ok()?))
}
