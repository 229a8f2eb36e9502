//! Objects of Config Connector. `IAMPolicy` is not among them: it takes away what it does not contain.
//!
//! Sources: the CRD of GoogleCloudPlatform/k8s-config-connector; `IAMPolicyMember` and `IAMServiceAccount`, "IAM External
//! Reference Format", and "Managing and deleting resources" of its documentation.

use std::collections::BTreeMap;

use crate::emit::Node;
use crate::model::gcp::WORKLOAD_IDENTITY_USER;
use crate::trust::gcp::Binding;
use crate::trust::operator::{ObjectGroup, object, project_directory};
use crate::trust::{Trust, names};

pub fn objects(trust: &Trust<'_>) -> Vec<ObjectGroup> {
    let mut projects: BTreeMap<String, Vec<Node>> = BTreeMap::new();
    for binding in &trust.bindings {
        let objects = projects.entry(project_directory(binding)).or_default();
        objects.extend(binding.members.iter().map(|member| policy_member(binding, member)));
    }
    let objects = projects.into_iter();
    objects.map(|(directory, objects)| ObjectGroup { directory, comment: Vec::new(), objects }).collect()
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
