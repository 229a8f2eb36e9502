//! Trust policies: who may take on an IAM role.
//!
//! Sources: "Assign IAM roles to Kubernetes service accounts" and "Assign an IAM role to a Kubernetes service account" (Pod
//! Identity) of the EKS User Guide; "AWS" under "Integrations" of the Flux documentation.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::model::aws::{POD_IDENTITY_PRINCIPAL, RoleArn};
use crate::model::kubernetes::Subject;

/// Who may take on a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustPolicy<'f> {
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
        self.json().to_string()
    }

    pub fn json(&self) -> Value {
        // The provider is always in the account of the role.
        let (partition, account) = (self.role.partition(), self.role.account());
        let by_token = self.by_token.iter().map(|((issuer, audience), subjects)| {
            let subjects: Vec<String> = subjects.iter().map(Subject::to_string).collect();
            let subjects = match subjects.as_slice() {
                [only] => json!(only),
                subjects => json!(subjects),
            };
            json!({
                "Effect": "Allow",
                "Principal": { "Federated": oidc_provider(partition, account, issuer) },
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": { (format!("{issuer}:aud")): audience, (format!("{issuer}:sub")): subjects },
                },
            })
        });
        let by_pod_identity = self.by_pod_identity.then(|| {
            json!({
                "Effect": "Allow",
                "Principal": { "Service": POD_IDENTITY_PRINCIPAL },
                "Action": ["sts:AssumeRole", "sts:TagSession"],
            })
        });
        let statements = by_pod_identity.into_iter().chain(by_token).collect::<Value>();
        json!({ "Version": "2012-10-17", "Statement": statements })
    }
}

/// The ARN of an issuer in an account.
/// Source: "Create an OpenID Connect identity provider in IAM" of the IAM User Guide.
pub fn oidc_provider(partition: &str, account: &str, issuer: &str) -> String {
    format!("arn:{partition}:iam::{account}:oidc-provider/{issuer}")
}
