//! The credential configuration that Google's libraries read from a file.
//!
//! Sources: AIP-4117, "External Account Credentials"; `allowedAudiences` of `WorkloadIdentityPoolProvider.Oidc` in the IAM API,
//! for the audience of the token.

use crate::effect::effective_identity::{Effect, EffectiveIdentity, Field, Obstacle};
use crate::effect::environment::{Environment, File};
use crate::kustomize::{Value, read_value};
use crate::model::Provider;

/// The type of a configuration that exchanges a token.
const EXTERNAL_ACCOUNT: &str = "external_account";
/// What the audience of a token for a pool of Google Cloud begins with, before the name of the provider.
pub(super) const AUDIENCES: [&str; 2] = ["https://iam.googleapis.com/", "//iam.googleapis.com/"];

impl Environment {
    /// Reads the file of a variable that names credentials for Google Cloud.
    pub(super) fn read_credentials_file(&self, path: &str, by: &Field, effect: &mut Effect) {
        let file = self.file(path);
        if let File::Missing = file {
            effect.add_obstacle(Provider::Gcp, Obstacle::NoCredentialsFile(path.to_owned()));
        }
        let mut set = |identity| effect.set(Provider::Gcp, identity, by.clone());
        let configuration = match file {
            File::Text(text) => read_value(text),
            File::Missing | File::Unknown => None,
        };
        let configuration = configuration.filter(|it| text_at(it, &["type"]) == EXTERNAL_ACCOUNT);
        let Some(configuration) = configuration else {
            return set(EffectiveIdentity::CredentialFile(path.to_owned()));
        };
        let audience = text_at(&configuration, &["audience"]);
        let provider = provider_of(audience).unwrap_or(audience);
        let url = text_at(&configuration, &["service_account_impersonation_url"]);
        let account = url.rsplit_once('/').and_then(|(_, last)| last.split_once(':'));
        set(EffectiveIdentity::Federation {
            provider: provider.to_owned(),
            impersonates: account.map(|(email, _)| email.to_owned()),
        });
        let token = text_at(&configuration, &["credential_source", "file"]);
        let obstacle = match self.token(token) {
            None => Obstacle::NoTokenOfConfiguration(token.to_owned()),
            Some(token) if provider_of(&token.audience) != Some(provider) => {
                Obstacle::TokenOfOtherProvider(token.audience.clone())
            }
            Some(_) => return,
        };
        effect.add_obstacle(Provider::Gcp, obstacle);
    }
}

/// The provider that an audience names.
fn provider_of(audience: &str) -> Option<&str> {
    AUDIENCES.iter().find_map(|begin| audience.strip_prefix(begin))
}

fn text_at<'v>(value: &'v Value, path: &[&str]) -> &'v str {
    value.at(path).and_then(Value::as_str).unwrap_or_default()
}
