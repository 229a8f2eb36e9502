//! Objects of Azure Service Operator.
//!
//! Sources: the CRD of Azure/azure-service-operator; "Annotations understood by the operator" of its documentation.

use crate::emit::Node;
use crate::model::azure::AUDIENCE;
use crate::trust::Trust;
use crate::trust::azure::{self, Credential, IdentityTrust};
use crate::trust::operator::{ObjectGroup, object, texts};

pub fn objects(trust: &Trust<'_>) -> Vec<ObjectGroup> {
    let subscriptions = azure::by_subscription(&trust.azure).into_iter();
    let objects = subscriptions.map(|(subscription, identities)| {
        let credentials = identities.iter().flat_map(|identity| {
            identity.credentials.iter().map(|credential| federated_credential(identity, credential))
        });
        let directory = format!("azure-{subscription}");
        ObjectGroup { directory, comment: Vec::new(), objects: credentials.collect() }
    });
    objects.collect()
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
