//! The proof of a change: what differs in what an overlay builds, and whether that is more than identities.

use crate::built_difference::{Change, ObjectChange, differences};
use crate::effect::{is_identity_field, is_identity_object};
use crate::kustomize::{Failure, Manifests};
use crate::model::Cluster;
use crate::overlay_build::{Builder, OverlayBuild};
use crate::problem::ComparisonFault;
use crate::workspace::{Inputs, Nowhere};

/// The overlay of a cluster at one time.
#[derive(Clone, Copy)]
pub struct Version<'v> {
    pub builder: Builder<'v>,
    pub cluster: &'v Cluster,
    /// Its kustomization.
    pub text: &'v str,
}

/// What differs between two versions of an overlay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// How many fields and objects of identities differ.
    pub identities: usize,
    /// Everything else that differs.
    pub others: Vec<ObjectChange>,
}

/// Builds both versions in the model, and compares the objects. Returns whether everything in both is known, so that
/// kustomize would fetch nothing, and read nothing outside of the repository.
///
/// # Errors
/// Nothing can be said of one of them.
pub fn compare(before: Version<'_>, after: Version<'_>) -> Result<(Differences, bool), ComparisonFault> {
    let before = build(before, true)?;
    let after = build(after, false)?;
    let is_whole = before.is_whole() && after.is_whole();
    Ok((Differences::from_changes(differences(before.objects(), after.objects())), is_whole))
}

fn build(version: Version<'_>, is_before: bool) -> Result<OverlayBuild, ComparisonFault> {
    let Version { builder, cluster, text } = version;
    let built = builder.build(cluster, text, &builder.placement(cluster.form, &cluster.output));
    let built = built.map_err(|Failure { cause, .. }| ComparisonFault::NotBuilt { is_before, cause })?;
    match built.unknown() {
        None => Ok(built),
        Some(feature) => Err(ComparisonFault::NotModelled(feature.clone())),
    }
}

/// Compares what kustomize built of an overlay before and after a change.
///
/// # Errors
/// One of them cannot be read.
pub fn compare_built(before: &str, after: &str) -> Result<Differences, Failure> {
    let (inputs, manifests) = (Inputs::new(&Nowhere), Manifests::new());
    let builder = Builder { inputs: &inputs, manifests: &manifests };
    let [before, after] = [builder.read(before)?, builder.read(after)?];
    Ok(Differences::from_changes(differences(before.objects(), after.objects())))
}

impl Differences {
    fn from_changes(changes: Vec<ObjectChange>) -> Differences {
        let mut all = Differences::default();
        for ObjectChange { id, change } in changes {
            let others = match change {
                Change::Added | Change::Removed if is_identity_object(&id) => {
                    all.identities = all.identities.saturating_add(1);
                    continue;
                }
                Change::Fields(fields) => {
                    let (own, others): (Vec<_>, Vec<_>) =
                        fields.into_iter().partition(|field| is_identity_field(&id, &field.path));
                    all.identities = all.identities.saturating_add(own.len());
                    if others.is_empty() {
                        continue;
                    }
                    Change::Fields(others)
                }
                change @ (Change::Added | Change::Removed | Change::Unknown) => change,
            };
            all.others.push(ObjectChange { id, change: others });
        }
        all
    }
}
