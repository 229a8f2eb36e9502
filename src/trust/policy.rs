//! Trust policies: who may take on an IAM role.
//!
//! Sources: "Assign IAM roles to Kubernetes service accounts" and "Assign an IAM role to a Kubernetes service account" (Pod
//! Identity) of the EKS User Guide; "AWS" under "Integrations" of the Flux documentation.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::aws::{POD_IDENTITY_PRINCIPAL, RoleArn};
use crate::model::kubernetes::Subject;
use crate::trust::json::Json;

/// Who may take on a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustPolicy<'f> {
    /// The role.
    pub role: &'f RoleArn,
    /// The ServiceAccounts that may do so by their tokens, by those tokens' issuers, without `https://`, and audiences.
    pub by_token: BTreeMap<(String, &'f str), BTreeSet<Subject<'f>>>,
    /// Whether EKS Pod Identity may.
    pub by_pod_identity: bool,
}

impl<'f> TrustPolicy<'f> {
    /// A policy that trusts nobody yet.
    pub fn new(role: &'f RoleArn) -> TrustPolicy<'f> {
        TrustPolicy { role, by_token: BTreeMap::new(), by_pod_identity: false }
    }

    /// The policy as IAM counts and takes it: minified.
    pub fn document(&self) -> String {
        self.json().minified()
    }

    /// The policy.
    pub fn json(&self) -> Json {
        let by_token = self.by_token.iter().map(|((issuer, audience), subjects)| {
            let action = Json::from("sts:AssumeRoleWithWebIdentity");
            let provider = oidc_provider(self.role, issuer);
            let subjects: Vec<String> = subjects.iter().map(Subject::to_string).collect();
            let subjects = match subjects.as_slice() {
                [only] => Json::from(only.as_str()),
                subjects => Json::list(subjects.iter().map(String::as_str)),
            };
            let equals = Json::object([
                (format!("{issuer}:aud"), Json::from(*audience)),
                (format!("{issuer}:sub"), subjects),
            ]);
            Json::object([
                ("Effect", Json::from("Allow")),
                ("Principal", Json::object([("Federated", Json::from(provider))])),
                ("Action", action),
                ("Condition", Json::object([("StringEquals", equals)])),
            ])
        });
        let by_pod_identity = self.by_pod_identity.then(|| {
            Json::object([
                ("Effect", Json::from("Allow")),
                ("Principal", Json::object([("Service", Json::from(POD_IDENTITY_PRINCIPAL))])),
                ("Action", Json::list(["sts:AssumeRole", "sts:TagSession"])),
            ])
        });
        let statements = by_pod_identity.into_iter().chain(by_token).collect();
        Json::object([("Version", Json::from("2012-10-17")), ("Statement", Json::List(statements))])
    }
}

/// The ARN of what an account knows an issuer by. It is always in the account of the role.
/// Source: "Create an OpenID Connect identity provider in IAM" of the IAM User Guide.
pub fn oidc_provider(role: &RoleArn, issuer: &str) -> String {
    account_oidc_provider(role.partition(), role.account(), issuer)
}

/// The same for an account.
pub fn account_oidc_provider(partition: &str, account: &str, issuer: &str) -> String {
    format!("arn:{partition}:iam::{account}:oidc-provider/{issuer}")
}
