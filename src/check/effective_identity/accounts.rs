//! Compares the ServiceAccounts that objects of Flux name with what Flux builds of them, and the feature gate that they
//! need.

use crate::check::checked_cluster::CheckedCluster;
use crate::check::effective_identity::faults::Faults;
use crate::check::origin::Origins;
use crate::check::scope::Scope;
use crate::effect::{annotation_path, container_path, opens_gate};
use crate::emit::SERVICE_ACCOUNTS;
use crate::kustomize::{Id, Object, Value};
use crate::model::{Account, AccountCredentials, Assignee, LocalPath, MANAGER, ObjectLevel};
use crate::overlay_build::OverlayBuild;
use crate::problem::{AccountDifference, Affected, EffectiveIdentityProblem, ErrorGuaranteed, SetBy};

/// The ServiceAccounts of a cluster that objects of Flux name, as they will be.
#[derive(Clone, Copy)]
pub struct AccountCheck<'b> {
    pub checked: &'b CheckedCluster,
    pub build: &'b OverlayBuild,
    pub origins: Origins<'b>,
}

impl AccountCheck<'_> {
    /// Refuses ServiceAccounts that Flux builds with the overlay, and changes.
    ///
    /// # Errors
    /// One will not be as the source has it, or a controller will not take on its identity.
    pub fn run(self, scope: &mut Scope<'_, '_>) -> Result<(), ErrorGuaranteed> {
        let Some(object_level) = &self.checked.cluster.object_level else { return Ok(()) };
        let mut outcome = self.check_gates(object_level, scope);
        let file = LocalPath::from(&object_level.directory).join(SERVICE_ACCOUNTS).unwrap_or_default();
        for (account, credentials) in &object_level.accounts {
            if let Some((difference, by)) = self.difference(&file, account, credentials) {
                outcome = Err(scope.refuse(EffectiveIdentityProblem::Account {
                    at: self.checked.first_origin(Assignee::Account(account)),
                    account: format!("{}/{}", account.namespace.as_str(), account.name.as_str()),
                    difference,
                    by,
                }));
            }
        }
        outcome
    }

    /// What differs in a ServiceAccount, and what makes it differ. `file`: where it is generated.
    fn difference(
        self,
        file: &LocalPath,
        account: &Account,
        credentials: &AccountCredentials,
    ) -> Option<(AccountDifference, Option<SetBy>)> {
        let is_it = |id: &Id| id.name == account.name.as_str() && id.namespace == account.namespace.as_str();
        let mut generated = self.build.objects().filter(|object| object.source().place.file == *file);
        let Some(object) = generated.find(|object| is_it(&object.original_id())) else {
            let deletes_it = |id: &Id| id.kind == "ServiceAccount" && is_it(id);
            let patch = self.build.patches().iter().find(|patch| patch.deleted.iter().any(deletes_it))?;
            return Some((AccountDifference::Deleted, self.origins.of_place(&patch.place)));
        };
        let id = object.id();
        if !is_it(id) {
            let by = object.changes().last().and_then(|change| self.origins.of_place(&change.place));
            return Some((AccountDifference::Moved(format!("{}/{}", id.namespace, id.name)), by));
        }
        let differing = |(key, expected): (&'static str, String)| {
            let found =
                object.value().and_then(|value| value.at(&["metadata", "annotations", key])?.as_str());
            (found != Some(&expected)).then(|| {
                let found = found.map(str::to_owned);
                let by = self.origins.changed_by(object, &annotation_path(key));
                (AccountDifference::Annotation { key, expected, found }, by)
            })
        };
        let annotations = credentials.annotations().into_iter();
        annotations.map(|(key, value)| (key, value.into_owned())).find_map(differing)
    }

    /// Refuses controllers whose feature gate a kustomization above the overlay takes away.
    fn check_gates(
        self,
        object_level: &ObjectLevel,
        scope: &mut Scope<'_, '_>,
    ) -> Result<(), ErrorGuaranteed> {
        let Some(at) = self.checked.first_account_origin() else { return Ok(()) };
        let namespace = self.checked.cluster.namespace.as_str();
        let mut faults = Faults::default();
        for controller in &object_level.gated {
            let is_closed = |(object, value): &(&Object, &Value)| {
                let workload = self.build.workload(object, value);
                !workload.arguments().iter().any(|argument| opens_gate(argument))
            };
            if let Some((deployment, _)) = self.build.deployments(*controller, namespace).find(is_closed) {
                let arguments = format!("{}/args", container_path(MANAGER));
                let by = self.origins.changed_by(deployment, &arguments);
                let affected = Affected::one(*controller);
                faults.add(EffectiveIdentityProblem::NoGate { at, affected, by });
            }
        }
        faults.report(scope)
    }
}
