//! Credential configurations: what Google's libraries read to exchange the token in a file for access.

use serde_json::json;

use crate::model::ConfigMap;

/// The text of a credential configuration.
///
/// Sources: "GCP" under "Integrations" of the Flux documentation; AIP-4117, "External Account Credentials".
pub fn configuration(config_map: &ConfigMap<'_>) -> String {
    let ConfigMap { access, token_file, .. } = config_map;
    let provider = access.provider.as_str();
    let mut configuration = json!({
        "audience": format!("//iam.googleapis.com/{provider}"),
        "credential_source": { "file": token_file, "format": { "type": "text" } },
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": "https://sts.googleapis.com/v1/token",
        "type": "external_account",
        "universe_domain": "googleapis.com",
    });
    let (key, url) = match &access.impersonates {
        Some(email) => {
            let accounts = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts";
            let url = format!("{accounts}/{}:generateAccessToken", email.as_str());
            ("service_account_impersonation_url", url)
        }
        None => ("token_info_url", "https://sts.googleapis.com/v1/introspect".to_owned()),
    };
    if let Some(entries) = configuration.as_object_mut() {
        entries.insert(key.to_owned(), url.into());
    }
    configuration.sort_all_objects();
    format!("{configuration:#}")
}
