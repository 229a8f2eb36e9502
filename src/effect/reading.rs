//! What the library of each cloud takes from an environment.
//!
//! Sources: "Environment variables" of the AWS SDKs and Tools Reference Guide, and the order of credential providers there;
//! `auth/azure/new_default_azure_credential.go` of fluxcd/pkg; "Application Default Credentials" of Google Cloud.

use crate::effect::environment::{Environment, Variable};
use crate::effect::in_force::{Effect, EffectiveIdentity, Field, Obstacle};
use crate::effect::pod::Workload;
use crate::kustomize::Value;
use crate::model::{CREDENTIALS_FILE, MOUNTS, Platform, Provider, aws, azure, gcp};

/// The variables of an access key. Either is useless without the other.
const ACCESS_KEY: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
/// The variables that make Azure's library take a secret or a certificate before a token.
const CLIENT_SECRET: [&str; 2] = ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH"];
/// The audience of a token for a pool of Google Cloud begins with this.
const GOOGLE_AUDIENCES: [&str; 2] = ["https://iam.googleapis.com/", "//iam.googleapis.com/"];

impl Environment {
    /// A variable that says something. The libraries take an empty one for none.
    fn set(&self, name: &str) -> Option<&Variable> {
        self.variables.get(name).filter(|variable| variable.value.as_deref() != Some(""))
    }

    pub(super) fn read_aws(&self, effect: &mut Effect) {
        if let [Some(key), Some(_)] = ACCESS_KEY.map(|name| self.set(name)) {
            return effect.set(Provider::Aws, EffectiveIdentity::AccessKey, key.by.clone());
        }
        let role = self.variables.get(aws::ROLE_ARN_VARIABLE);
        let file = self.variables.get(aws::TOKEN_FILE_VARIABLE);
        let (Some(role), Some(file)) = (role, file) else {
            let missing = match (role, file) {
                (Some(_), None) => aws::TOKEN_FILE_VARIABLE,
                (None, Some(_)) => aws::ROLE_ARN_VARIABLE,
                (None, None) | (Some(_), Some(_)) => return,
            };
            return effect.add_obstacle(Provider::Aws, Obstacle::Missing(vec![missing]));
        };
        let obstacle = self.token_obstacle(aws::TOKEN_FILE_VARIABLE, file, |audience| {
            // An IAM OIDC provider may accept any audience; those of other clouds are mistakes.
            audience != azure::AUDIENCE && !is_google_audience(audience)
        });
        effect.obstacles.extend(obstacle.map(|obstacle| (Provider::Aws, obstacle)));
        let identity = role.value.clone().map_or(EffectiveIdentity::Unknown, EffectiveIdentity::Role);
        effect.set(Provider::Aws, identity, role.by.clone());
    }

    pub(super) fn read_azure(&self, effect: &mut Effect) {
        let secret = CLIENT_SECRET.iter().find_map(|name| self.set(name));
        let client = self.variables.get(azure::CLIENT_ID_VARIABLE);
        if let (Some(secret), Some(_)) = (secret, client) {
            return effect.set(Provider::Azure, EffectiveIdentity::ClientSecret, secret.by.clone());
        }
        let Some(client) = client else { return };
        let missing: Vec<&str> = variables(Provider::Azure)
            .iter()
            .copied()
            .filter(|name| !self.variables.contains_key(*name))
            .collect();
        if !missing.is_empty() {
            return effect.add_obstacle(Provider::Azure, Obstacle::Missing(missing));
        }
        if let Some(file) = self.variables.get(azure::TOKEN_FILE_VARIABLE) {
            let obstacle =
                self.token_obstacle(azure::TOKEN_FILE_VARIABLE, file, |audience| audience == azure::AUDIENCE);
            effect.obstacles.extend(obstacle.map(|obstacle| (Provider::Azure, obstacle)));
        }
        let tenant = self.variables.get(azure::TENANT_ID_VARIABLE).and_then(|tenant| tenant.value.clone());
        let identity = client.value.clone().map_or(EffectiveIdentity::Unknown, |client| {
            EffectiveIdentity::ManagedIdentity(client, tenant.filter(|tenant| !tenant.is_empty()))
        });
        effect.set(Provider::Azure, identity, client.by.clone());
    }

    pub(super) fn read_gcp(&self, platform: Platform, workload: &Workload<'_>, effect: &mut Effect) {
        if let Some(file) = self.set(gcp::CREDENTIALS_VARIABLE) {
            let identity = match &file.value {
                Some(path) if is_generated(path) => EffectiveIdentity::GeneratedConfiguration,
                Some(path) => EffectiveIdentity::CredentialFile(path.clone()),
                None => EffectiveIdentity::Unknown,
            };
            return effect.set(Provider::Gcp, identity, file.by.clone());
        }
        if platform != Platform::Gke {
            return;
        }
        if let Some(obstacle) = metadata_server_obstacle(workload) {
            return effect.add_obstacle(Provider::Gcp, obstacle);
        }
        let annotation = gcp::SERVICE_ACCOUNT_ANNOTATION;
        match workload.account_annotation(annotation).filter(|email| !email.is_empty()) {
            Some(email) => effect.set(
                Provider::Gcp,
                EffectiveIdentity::GoogleAccount(email.to_owned()),
                Field::AccountAnnotation(annotation.to_owned()),
            ),
            None => effect.set(Provider::Gcp, EffectiveIdentity::Principal, Field::Platform),
        }
    }

    /// What is wrong with the token that a variable names.
    fn token_obstacle(
        &self,
        name: &str,
        variable: &Variable,
        is_audience: impl Fn(&str) -> bool,
    ) -> Option<Obstacle> {
        let path = variable.value.as_deref()?;
        let (directory, file) = path.rsplit_once('/').unwrap_or(("", path));
        let tokens = self.mounts.get(directory);
        let token = tokens.into_iter().flatten().find(|token| token.file == file);
        match token {
            None => Some(Obstacle::NoToken(name.to_owned(), path.to_owned())),
            Some(token) if !is_audience(&token.audience) => {
                Some(Obstacle::OtherAudience(name.to_owned(), token.audience.clone()))
            }
            Some(_) => None,
        }
    }
}

/// What keeps pods from the metadata server of GKE, which gives them their identity.
/// Source: "Restrictions" in "About Workload Identity Federation for GKE": requests of pods on the host network go to the
/// metadata server of Compute Engine.
fn metadata_server_obstacle(workload: &Workload<'_>) -> Option<Obstacle> {
    let is_on_host = workload.pod_field(&["hostNetwork"]).and_then(Value::scalar_text) == Some("true");
    if is_on_host {
        return Some(Obstacle::HostNetwork);
    }
    let selected = workload.pod_field(&["nodeSelector", gcp::METADATA_SERVER_LABEL])?.scalar_text()?;
    (selected != "true").then(|| Obstacle::NoMetadataServer(selected.to_owned()))
}

/// The variables from which the library of a cloud takes an identity and its token.
pub const fn variables(provider: Provider) -> &'static [&'static str] {
    match provider {
        Provider::Aws => &[aws::ROLE_ARN_VARIABLE, aws::TOKEN_FILE_VARIABLE],
        Provider::Azure => &[
            azure::AUTHORITY_HOST_VARIABLE,
            azure::CLIENT_ID_VARIABLE,
            azure::TOKEN_FILE_VARIABLE,
            azure::TENANT_ID_VARIABLE,
        ],
        Provider::Gcp => &[gcp::CREDENTIALS_VARIABLE],
    }
}

/// True if it is the file of the volume that this program adds for Google Cloud.
fn is_generated(path: &str) -> bool {
    let file = path.strip_suffix(CREDENTIALS_FILE).and_then(|directory| directory.strip_suffix('/'));
    MOUNTS.iter().any(|(_, mount)| file == Some(*mount))
}

fn is_google_audience(audience: &str) -> bool {
    GOOGLE_AUDIENCES.iter().any(|begin| audience.starts_with(begin))
}
