//! Objects of Azure Service Operator.
//!
//! Sources: the CRD of Azure/azure-service-operator; "Annotations understood by the operator" of its documentation.

use crate::emit::Node;
use crate::model::azure::AUDIENCE;
use crate::trust::Trust;
use crate::trust::azure::{self, Credential, IdentityTrust};
use crate::trust::operator::{ObjectGroup, object, subscriptions, texts};

pub fn objects(trust: &Trust<'_>) -> Vec<ObjectGroup> {
    subscriptions(trust, |identity, credential, _| federated_credential(identity, credential))
}

fn federated_credential(identity: &IdentityTrust<'_>, credential: &Credential<'_>) -> Node {
    let detach = ("serviceoperator.azure.com/reconcile-policy", Node::from("detach-on-delete"));
    let spec = vec![
        ("azureName", Node::from(credential.name.as_str())),
        ("owner", Node::Entries(vec![("armId", Node::from(identity.resource_id.as_str()))])),
        ("issuer", Node::from(credential.issuer.as_str())),
        ("subject", Node::Text(credential.subject.to_string())),
        ("audiences", texts([AUDIENCE])),
    ];
    let kind = ("managedidentity.azure.com/v1api20230131", "FederatedIdentityCredential");
    object(kind, azure::object_name(identity, credential), [detach], spec)
}
