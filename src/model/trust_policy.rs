//! Trust policies: who may take on an IAM role.
//!
//! Sources: "Assign IAM roles to Kubernetes service accounts", "Assign an IAM role to a Kubernetes service account" (Pod
//! Identity) and "Access AWS Resources using EKS Pod Identity Target IAM Roles" of the EKS User Guide; "AWS" under
//! "Integrations" of the Flux documentation.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::model::aws::{POD_IDENTITY_PRINCIPAL, RoleArn};
use crate::model::kubernetes::Subject;
use crate::model::named::named;

named! {
    /// Whom a trust policy trusts of a cluster.
    #[derive(Default)]
    pub enum TrustSubjects {
        /// The ServiceAccounts that have the role.
        #[default]
        Exact = "exact",
        /// All ServiceAccounts of their namespaces.
        Namespace = "namespace",
    }
}

/// Who may take on a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustPolicy<'f> {
    pub role: &'f RoleArn,
    /// The ServiceAccounts that may do so by their tokens, by those tokens' issuers, without `https://`, and audiences.
    pub by_token: BTreeMap<(String, &'f str), BTreeSet<Subject<'f>>>,
    /// Whether EKS Pod Identity may.
    pub by_pod_identity: bool,
    /// The roles that may, each with the external ids that it has to send; nothing if it may do so without.
    pub by_role: BTreeMap<&'f RoleArn, BTreeSet<Option<&'f str>>>,
}

/// What EKS Pod Identity does with a role: it assumes it, and adds session tags.
const ASSUME_AND_TAG: [&str; 2] = ["sts:AssumeRole", "sts:TagSession"];

impl<'f> TrustPolicy<'f> {
    /// A policy that trusts nobody yet.
    pub fn new(role: &'f RoleArn) -> TrustPolicy<'f> {
        TrustPolicy { role, by_token: BTreeMap::new(), by_pod_identity: false, by_role: BTreeMap::new() }
    }

    /// The policy as IAM counts and takes it: minified.
    pub fn document(&self) -> String {
        self.json().to_string()
    }

    pub fn json(&self) -> Value {
        // The provider is always in the account of the role.
        let (partition, account) = (self.role.partition(), self.role.account());
        let by_token = self.by_token.iter().map(|((issuer, audience), subjects)| {
            json!({
                "Effect": "Allow",
                "Principal": { "Federated": oidc_provider(partition, account, issuer) },
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": token_condition(issuer, audience, subjects),
            })
        });
        let by_pod_identity = self.by_pod_identity.then(|| {
            json!({
                "Effect": "Allow",
                "Principal": { "Service": POD_IDENTITY_PRINCIPAL },
                "Action": ASSUME_AND_TAG,
            })
        });
        let by_role = self.by_role.iter().flat_map(|(role, external_ids)| by_role(role, external_ids));
        let statements = by_pod_identity.into_iter().chain(by_role).chain(by_token).collect::<Value>();
        document(&statements)
    }
}

/// The condition that a token comes from one of these. A pattern is one only for `StringLike`.
fn token_condition(issuer: &str, audience: &str, subjects: &BTreeSet<Subject<'_>>) -> Value {
    let texts = subjects.iter().map(Subject::to_string);
    let (audience_key, subject_key) = (format!("{issuer}:aud"), format!("{issuer}:sub"));
    let subject = one_or_all(texts);
    if subjects.iter().any(Subject::is_pattern) {
        json!({ "StringEquals": { (audience_key): audience }, "StringLike": { (subject_key): subject } })
    } else {
        json!({ "StringEquals": { (audience_key): audience, (subject_key): subject } })
    }
}

/// The statements that trust a role. The principal is its account, because IAM refuses a role that does not exist yet.
fn by_role(role: &RoleArn, external_ids: &BTreeSet<Option<&str>>) -> Vec<Value> {
    let principal = json!({ "AWS": format!("arn:{}:iam::{}:root", role.partition(), role.account()) });
    let is_role = json!({ "aws:PrincipalArn": role.as_str() });
    let external_ids: Option<Vec<&str>> = external_ids.iter().copied().collect();
    let Some(external_ids) = external_ids else {
        let condition = json!({ "ArnEquals": is_role });
        return vec![json!({
            "Effect": "Allow", "Principal": principal, "Action": ASSUME_AND_TAG, "Condition": condition,
        })];
    };
    let [assume, tag] = ASSUME_AND_TAG;
    let external_id = json!({ "sts:ExternalId": one_or_all(external_ids.into_iter().map(str::to_owned)) });
    vec![
        json!({
            "Effect": "Allow",
            "Principal": principal,
            "Action": assume,
            "Condition": { "StringEquals": external_id, "ArnEquals": is_role },
        }),
        json!({
            "Effect": "Allow", "Principal": principal, "Action": tag, "Condition": { "ArnEquals": is_role },
        }),
    ]
}

/// The permissions that a role needs to assume others, as a policy of its own.
pub fn assume_roles_policy<'r>(roles: impl IntoIterator<Item = &'r RoleArn>) -> String {
    let resources = one_or_all(roles.into_iter().map(|role| role.as_str().to_owned()));
    let statement = json!({ "Effect": "Allow", "Action": ASSUME_AND_TAG, "Resource": resources });
    document(&json!([statement])).to_string()
}

fn document(statements: &Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// A list as policies have it: one text stands alone.
fn one_or_all(texts: impl Iterator<Item = String>) -> Value {
    let texts: Vec<String> = texts.collect();
    match texts.as_slice() {
        [only] => json!(only),
        texts => json!(texts),
    }
}

/// The ARN of an issuer in an account.
/// Source: "Create an OpenID Connect identity provider in IAM" of the IAM User Guide.
pub fn oidc_provider(partition: &str, account: &str, issuer: &str) -> String {
    format!("arn:{partition}:iam::{account}:oidc-provider/{issuer}")
}
