//! What must be set in the objects of Flux, so that they use the identities of their controllers.

use std::collections::BTreeSet;

use crate::model::integration::{Selector, integrations};
use crate::model::{Assignee, Assignment, Controller, Provider};

/// One line on the fields that select the identities of controllers, and whose default is no cloud; nothing if there are
/// none.
pub fn selectors<'f>(assignments: impl IntoIterator<Item = Assignment<'f>>) -> Option<String> {
    let given = assignments.into_iter().filter(|assignment| assignment.trust_only.is_none());
    let of_controller = |assignment: Assignment<'_>| match assignment.assignee {
        Assignee::Controller(controller) => Some((controller, assignment.identity_and_source.provider())),
        Assignee::Account(_) => None,
    };
    let given: BTreeSet<(Controller, Provider)> = given.filter_map(of_controller).collect();
    let (mut providers, mut kinds, mut reaches_clusters) = (BTreeSet::new(), Vec::new(), false);
    for (controller, provider) in given {
        for it in integrations(controller, provider) {
            match it.selector {
                Selector::Provider(kind) | Selector::OciProvider(kind) => {
                    providers.insert(provider.name());
                    if !kinds.contains(&kind) {
                        kinds.push(kind);
                    }
                }
                Selector::KubeConfig(_) => reaches_clusters |= controller == Controller::Helm,
                Selector::Decryption(_) | Selector::Type(..) => {}
            }
        }
    }
    let providers: Vec<&str> = providers.into_iter().collect();
    let field = match providers.as_slice() {
        [] => None,
        [only] => Some(format!("`spec.provider: {only}`")),
        several => Some(format!("`spec.provider` ({})", several.join(", "))),
    };
    let provider = field.map(|field| format!("set {field} in objects that use them: {}", kinds.join(", ")));
    let kube_config = reaches_clusters.then(|| {
        let helm = Controller::Helm.name();
        format!("`{helm}` reaches other clusters by `spec.kubeConfig.configMapRef`, and pulls no charts")
    });
    let parts: Vec<String> = provider.into_iter().chain(kube_config).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}
