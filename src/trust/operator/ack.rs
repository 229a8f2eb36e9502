//! Objects of AWS Controllers for Kubernetes. Its Role is not among them: it detaches and deletes the policies that it does
//! not contain.
//!
//! Sources: the CRDs of aws-controllers-k8s/iam-controller and eks-controller; "Deletion Policy" and "Manage resources in
//! multiple regions" of the ACK documentation.

use crate::emit::Node;
use crate::trust::aws::{Association, OidcProvider};
use crate::trust::operator::{ObjectGroup, missing_policies, object, texts};
use crate::trust::{Trust, names};

const RETAIN: (&str, &str) = ("services.k8s.aws/deletion-policy", "retain");

pub fn objects(trust: &Trust<'_>) -> Vec<ObjectGroup> {
    let accounts = trust.aws.iter().map(|account| {
        let providers = account.providers.iter().map(|it| provider(it, account.account));
        let associations = account.associations.iter().map(association);
        ObjectGroup {
            directory: format!("aws-{}", account.account),
            comment: missing_policies(account),
            objects: providers.chain(associations).collect(),
        }
    });
    accounts.filter(|account| !account.objects.is_empty()).collect()
}

fn provider(provider: &OidcProvider<'_>, account: &str) -> Node {
    let name = names::kubernetes_name(&[account, provider.issuer.without_scheme()]);
    let (key, value) = RETAIN;
    let spec = vec![
        ("url", Node::from(provider.issuer.as_str())),
        ("clientIDs", texts(provider.audiences.iter().copied())),
    ];
    let kind = ("iam.services.k8s.aws/v1alpha1", "OpenIDConnectProvider");
    object(kind, name, [(key, Node::from(value))], spec)
}

fn association(association: &Association<'_>) -> Node {
    let (cluster, subject) = (association.cluster, association.subject);
    let name = names::kubernetes_name(&[&cluster.name, subject.namespace, subject.name]);
    let (key, value) = RETAIN;
    let region = cluster.cloud_context.region.as_ref();
    let region = region.map(|region| ("services.k8s.aws/region", Node::from(region.as_str())));
    let spec = [
        Some(("clusterName", Node::from(cluster.eks_name()))),
        Some(("namespace", Node::from(subject.namespace))),
        Some(("serviceAccount", Node::from(subject.name))),
        Some(("roleARN", Node::from(association.role.as_str()))),
        association.target.map(|target| ("targetRoleARN", Node::from(target.arn.as_str()))),
        association.disables_session_tags().then_some(("disableSessionTags", Node::Bool(true))),
    ];
    let spec = spec.into_iter().flatten().collect();
    let kind = ("eks.services.k8s.aws/v1alpha1", "PodIdentityAssociation");
    object(kind, name, [(key, Node::from(value))].into_iter().chain(region), spec)
}
