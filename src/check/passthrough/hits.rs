//! Checks that passthrough patches match objects. kustomize ignores a target that matches nothing.

use std::collections::BTreeSet;

use crate::check::passthrough::patches::{Patch, PatchForm};
use crate::check::passthrough::resources::AddedObject;
use crate::check::passthrough::selector::Candidate;
use crate::check::passthrough::{Collected, CollectedPatch};
use crate::check::readings::Readings;
use crate::check::scope::Scope;
use crate::kustomize::target::Pattern;
use crate::model::kubernetes::DnsLabel;
use crate::model::{Installation, ObjectKind, TargetField};
use crate::problem::{ErrorGuaranteed, PassedFault, PassedProblem, nearest};

/// The kinds of what `gotk-sync.yaml` may hold, which need not be there yet.
/// Source: `pkg/manifestgen/sync` of fluxcd/flux2.
const SYNC_KINDS: [&str; 4] = ["Bucket", "GitRepository", "Kustomization", "OCIRepository"];

impl Collected {
    /// Reports patches of ServiceAccounts and Deployments that hit none, and targets of kinds that no object has. Other
    /// patches, and overlays whose
    /// components or resources cannot all be read, are left alone. `namespace`: that of Flux.
    pub fn check_hits(
        &self,
        installed: &Installation,
        namespace: &DnsLabel,
        scope: &mut Scope<'_, '_>,
        readings: &Readings<'_>,
    ) -> Result<(), ErrorGuaranteed> {
        let is_whole = self.resources.iter().all(|(_, resource)| resource.is_whole);
        if !is_whole || !self.passed.components.is_empty() {
            return Ok(());
        }
        let mut outcome = Ok(());
        for taken in &self.patches {
            let called = |kind: &str| ObjectKind::ALL.into_iter().find(|known| known.name() == kind);
            let of_target = taken.target.get(&TargetField::Kind).and_then(|kind| called(kind));
            for patch in &taken.patches.documents {
                let own = match &patch.form {
                    PatchForm::Merge(id) if taken.target.is_empty() => Some(id),
                    PatchForm::Merge(_) | PatchForm::Operations => None,
                };
                let kind = own.map_or(of_target, |id| called(&id.kind));
                let hits = |kind| {
                    let hit = |candidate: Candidate<'_>| taken.may_hit(patch, candidate);
                    self.any_object(kind, installed, namespace, hit)
                };
                if own.is_none() && of_target.is_none() {
                    self.check_kind(taken, patch, installed, scope, readings);
                }
                let Some(kind) = kind.filter(|kind| !hits(*kind)) else { continue };
                let place = (readings.shown(&taken.file), patch.line);
                let fault = match own {
                    Some(id) => PassedFault::NoObject {
                        kind: kind.name(),
                        name: id.name.clone(),
                        namespace: id.namespace.clone(),
                        meant: self.expected_namespace(kind, patch, installed, namespace),
                        patch: place,
                    },
                    None => PassedFault::HitsNothing { kind: kind.name(), patch: place },
                };
                let problem = PassedProblem { at: taken.at, becomes: None, fault };
                if own.is_some() {
                    outcome = Err(scope.refuse(problem));
                } else {
                    scope.warn(problem);
                }
            }
        }
        outcome
    }

    /// Reports a target whose kind no object has.
    fn check_kind(
        &self,
        taken: &CollectedPatch,
        patch: &Patch,
        installed: &Installation,
        scope: &mut Scope<'_, '_>,
        readings: &Readings<'_>,
    ) {
        let Some(written) = taken.target.get(&TargetField::Kind) else { return };
        let Ok(pattern) = Pattern::parse(written) else { return };
        let mut kinds: BTreeSet<&str> = SYNC_KINDS.into_iter().collect();
        kinds.extend(installed.kinds.iter().map(String::as_str));
        for (_, resource) in &self.resources {
            let Some(known) = &resource.kinds else { return };
            kinds.extend(known.iter().map(String::as_str));
        }
        if !kinds.iter().any(|kind| pattern.may_match(kind)) {
            let near = nearest(written, kinds).map(str::to_owned);
            let patch = (readings.shown(&taken.file), patch.line);
            let fault = PassedFault::NoKind { kind: written.clone(), near, patch };
            scope.warn(PassedProblem { at: taken.at, becomes: None, fault });
        }
    }

    /// True if any object of a kind is hit: of those that are installed, and of those that resources add.
    fn any_object(
        &self,
        kind: ObjectKind,
        installed: &Installation,
        namespace: &DnsLabel,
        hit: impl Fn(Candidate<'_>) -> bool,
    ) -> bool {
        let of_flux = |name: &str, namespaces: &[&str]| hit(Candidate { kind, names: &[name], namespaces });
        let is_installed = match kind {
            ObjectKind::ServiceAccount => installed.service_accounts.iter().any(|(name, namespaces)| {
                let namespaces: Vec<&str> = namespaces.iter().map(String::as_str).collect();
                of_flux(name, &namespaces)
            }),
            ObjectKind::Deployment => {
                installed.deployments.keys().any(|name| of_flux(name, &[namespace.as_str()]))
            }
        };
        let mut added = self.resources.iter().flat_map(|(_, resource)| &resource.objects);
        let is_added = |added: &AddedObject| {
            let (names, namespaces) = ([added.object.name.as_str(), &added.name], [added.namespace.as_str()]);
            added.object.kind == kind && hit(Candidate { kind, names: &names, namespaces: &namespaces })
        };
        is_installed || added.any(is_added)
    }

    /// The namespace that a patch omits or misspells, if its object is in that of Flux.
    fn expected_namespace(
        &self,
        kind: ObjectKind,
        patch: &Patch,
        installed: &Installation,
        namespace: &DnsLabel,
    ) -> Option<String> {
        let PatchForm::Merge(id) = &patch.form else { return None };
        let is_there = self.any_object(kind, installed, namespace, |candidate| {
            candidate.names.contains(&id.name.as_str()) && candidate.namespaces.contains(&namespace.as_str())
        });
        is_there.then(|| namespace.as_str().to_owned())
    }
}
