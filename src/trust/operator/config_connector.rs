//! Objects of Config Connector. `IAMPolicy` is not among them: it takes away what it does not contain.
//!
//! Sources: the CRD of GoogleCloudPlatform/k8s-config-connector; `IAMPolicyMember` and `IAMServiceAccount`, "IAM External
//! Reference Format", and "Managing and deleting resources" of its documentation.

use crate::emit::Node;
use crate::model::gcp::WORKLOAD_IDENTITY_USER;
use crate::trust::gcp::Binding;
use crate::trust::operator::{ObjectGroup, object, projects};
use crate::trust::{Trust, names};

pub fn objects(trust: &Trust<'_>) -> Vec<ObjectGroup> {
    projects(trust, |binding, member, _| policy_member(binding, member))
}

fn policy_member(binding: &Binding<'_>, member: &str) -> Node {
    let abandon = ("cnrm.cloud.google.com/deletion-policy", Node::from("abandon"));
    let reference = vec![
        ("apiVersion", Node::from("iam.cnrm.cloud.google.com/v1beta1")),
        ("kind", Node::from("IAMServiceAccount")),
        ("external", Node::Text(binding.service_account())),
    ];
    let spec = vec![
        ("resourceRef", Node::Entries(reference)),
        ("role", Node::from(WORKLOAD_IDENTITY_USER)),
        ("member", Node::from(member)),
    ];
    let name = names::kubernetes_name(&["member", binding.account.as_str(), member]);
    object(("iam.cnrm.cloud.google.com/v1beta1", "IAMPolicyMember"), name, [abandon], spec)
}
