//! The token with which a controller reaches the API server of its cluster.
//!
//! Sources: "Opt out of API credential automounting" of the Kubernetes documentation; `plugin/pkg/admission/serviceaccount`
//! of kubernetes/kubernetes, which mounts no token where a container mounts something else at its path.

use crate::effect::pod::{Account, Workload, has, manager_path};
use crate::kustomize::Value;

/// The field by which pods and ServiceAccounts opt out of the token.
const AUTOMOUNT: &str = "automountServiceAccountToken";
/// The directory of the token.
pub const API_TOKEN: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
/// The kinds of volumes that have no token, whatever is in them.
const WITHOUT_TOKENS: [&str; 3] = ["emptyDir", "downwardAPI", "configMap"];

/// What keeps pods from the token of the API server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiOptOut {
    Pods,
    Account,
    /// A volume at the path of the token, by its name.
    Volume(String),
    /// A volume of a Secret at the path of the token, by the name of the Secret, which may hold a token.
    Secret(String),
}

impl ApiOptOut {
    /// The path of the field in the Deployment or the ServiceAccount.
    pub fn path(&self) -> String {
        match self {
            ApiOptOut::Pods => format!("/spec/template/spec/{AUTOMOUNT}"),
            ApiOptOut::Account => format!("/{AUTOMOUNT}"),
            ApiOptOut::Volume(_) | ApiOptOut::Secret(_) => {
                manager_path("volumeMounts", "mountPath", API_TOKEN)
            }
        }
    }
}

impl Workload<'_> {
    /// What keeps the pods from the token of the API server, without which a controller does not run.
    pub fn opt_out_of_api(&self) -> Option<ApiOptOut> {
        let opts_out = |value: Option<&Value>| value.and_then(Value::scalar_text).map(|text| text == "false");
        let of_account = || match self.account {
            Account::Built(account) => opts_out(account.get(AUTOMOUNT)),
            Account::Missing | Account::Unknown => None,
        };
        let manager = self.manager()?;
        if let Some((_, volume)) = manager.mounts.iter().find(|(directory, _)| *directory == API_TOKEN) {
            return self.volume(volume).and_then(without_token);
        }
        match opts_out(self.pod_field(&[AUTOMOUNT])) {
            Some(true) => Some(ApiOptOut::Pods),
            Some(false) => None,
            None => of_account().filter(|it| *it).map(|_| ApiOptOut::Account),
        }
    }
}

/// What a volume is if it has no token of the API server, or may have none.
fn without_token(volume: &Value) -> Option<ApiOptOut> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(secret) = volume.get("secret") {
        return Some(ApiOptOut::Secret(text(secret.get("secretName"))));
    }
    let sources = volume.at(&["projected", "sources"]).map(Value::items);
    let may_be_token = |source: &Value| {
        let token = source.get("serviceAccountToken");
        source.get("secret").is_some()
            || token
                .is_some_and(|token| has(token, "path", "token") && text(token.get("audience")).is_empty())
    };
    let has_none = match sources {
        Some(sources) => !sources.iter().any(may_be_token),
        None => WITHOUT_TOKENS.iter().any(|kind| volume.get(kind).is_some()),
    };
    has_none.then(|| ApiOptOut::Volume(text(volume.get("name"))))
}
