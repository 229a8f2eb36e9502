//! Patches that match nothing. kustomize ignores a target that matches no object.

use std::collections::BTreeSet;

use crate::check::origin::{Origins, PatchOrigin};
use crate::check::scope::Scope;
use crate::kustomize::target::Pattern;
use crate::kustomize::{Id, Object};
use crate::model::{Cluster, Target, TargetField};
use crate::overlay_build::OverlayBuild;
use crate::problem::{ErrorGuaranteed, PassedFault, PassedProblem, nearest};

/// The kinds of what `gotk-sync.yaml` may hold.
/// Source: `pkg/manifestgen/sync` of fluxcd/flux2.
const SYNC_KINDS: [&str; 4] = ["Bucket", "GitRepository", "Kustomization", "OCIRepository"];

/// Reports the patches of a cluster that match nothing, as far as all objects are known.
///
/// # Errors
/// kustomize fails because of one of them.
pub fn check_misses(
    cluster: &Cluster,
    build: &OverlayBuild,
    origins: Origins<'_>,
    scope: &mut Scope<'_, '_>,
) -> Result<(), ErrorGuaranteed> {
    let mut outcome = Ok(());
    if !build.is_known_but_for_sync() {
        return outcome;
    }
    let may_be_unseen = |kind: &str| !build.has_sync() && SYNC_KINDS.contains(&kind);
    let objects: Vec<&Id> = build.objects().map(Object::id).collect();
    for applied in build.patches() {
        let Some(patch) = origins.patch(&applied.place) else { continue };
        for (wanted, near) in applied.missed.iter().filter(|(wanted, _)| !may_be_unseen(&wanted.kind)) {
            outcome = Err(refuse_missing_object(wanted.clone(), near.clone(), patch, origins, scope));
        }
        let foreign = applied.place.patch.and_then(|index| cluster.passthrough.patches.get(index));
        let Some(target) = foreign.map(|foreign| &foreign.target).filter(|target| !target.is_empty()) else {
            continue;
        };
        let may_be_sync = !build.has_sync() && matches_any(target, TargetField::Kind, SYNC_KINDS);
        if applied.hit.is_empty() && !may_be_sync {
            let fault = describe_miss(target, &objects, origins.shown(patch));
            scope.warn(PassedProblem::new(patch.at, fault));
        }
    }
    outcome
}

/// Reports a patch of an object that does not exist.
pub fn refuse_missing_object(
    wanted: Id,
    near: Option<Id>,
    patch: &PatchOrigin,
    origins: Origins<'_>,
    scope: &mut Scope<'_, '_>,
) -> ErrorGuaranteed {
    let fault = PassedFault::NoObject { wanted, near, patch: origins.shown(patch) };
    scope.refuse(PassedProblem::new(patch.at, fault))
}

/// True if a field of a target may match one of these texts.
fn matches_any<'t>(target: &Target, field: TargetField, texts: impl IntoIterator<Item = &'t str>) -> bool {
    let pattern = target.get(&field).and_then(|text| Pattern::parse(text).ok());
    pattern.is_none_or(|pattern| texts.into_iter().any(|text| pattern.may_match(text)))
}

fn describe_miss(target: &Target, objects: &[&Id], patch: (String, usize)) -> PassedFault {
    let kinds: BTreeSet<&str> = objects.iter().map(|id| id.kind.as_str()).chain(SYNC_KINDS).collect();
    let written = target.get(&TargetField::Kind);
    if let Some(kind) = written.filter(|_| !matches_any(target, TargetField::Kind, kinds.iter().copied())) {
        let near = nearest(kind, kinds).map(str::to_owned);
        return PassedFault::NoKind { kind: kind.clone(), near, patch };
    }
    let of_kind = objects.iter().filter(|id| matches_any(target, TargetField::Kind, [id.kind.as_str()]));
    let names: BTreeSet<&str> = of_kind.map(|id| id.name.as_str()).collect();
    let name = target.get(&TargetField::Name);
    let missed = name.filter(|_| !matches_any(target, TargetField::Name, names.iter().copied()));
    let near = missed.and_then(|name| nearest(name, names)).map(str::to_owned);
    let kind = written.filter(|kind| kinds.contains(kind.as_str())).map_or("object", String::as_str);
    PassedFault::HitsNothing { kind: kind.to_owned(), near, patch }
}
