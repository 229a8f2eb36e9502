//! What the overlay of a cluster builds, and why kustomize cannot build it.

use std::borrow::Cow;

use crate::check::checked_cluster::CheckedCluster;
use crate::check::origin::{Origins, PatchOrigin};
use crate::check::passthrough::refuse_missing_object;
use crate::check::readings::Readings;
use crate::check::scope::Scope;
use crate::emit;
use crate::kustomize::{Cause, Failure, Place, Reach};
use crate::model::flux::FluxVersion;
use crate::model::{Cluster, LocalPath};
use crate::overlay_build::OverlayBuild;
use crate::problem::{ErrorGuaranteed, InForceProblem};
use crate::span::Span;

/// What is known of a cluster besides what is generated for it.
pub struct BuildContext {
    /// Where the patches come from that its overlay begins with.
    pub patches: Vec<PatchOrigin>,
    /// The version of Flux, if known.
    pub version: Option<FluxVersion>,
    /// Whether it is known what is installed.
    pub is_installed: bool,
    /// True for a component that the kustomization above includes.
    pub is_included: bool,
}

/// A cluster, as kustomize can build it.
pub struct BuiltCluster<'c> {
    pub cluster: Cow<'c, Cluster>,
    pub build: OverlayBuild,
    /// Where the patches come from that its overlay begins with.
    pub patches: Vec<PatchOrigin>,
    /// An error if patches had to be left out.
    pub outcome: Result<(), ErrorGuaranteed>,
}

/// How many patches of a cluster are left out before the rest is not looked at.
const MOST_LEFT_OUT: usize = 10;

impl<'c> BuiltCluster<'c> {
    /// Builds the overlay of a cluster. Patches that kustomize cannot apply are reported and left out. Nothing if it is
    /// unknown whether kustomize can build it.
    ///
    /// # Errors
    /// kustomize cannot build it.
    pub fn new(
        checked: &'c CheckedCluster<'_>,
        context: &BuildContext,
        readings: &Readings<'_>,
        scope: &mut Scope<'_, '_>,
    ) -> Result<Option<BuiltCluster<'c>>, ErrorGuaranteed> {
        let builder = readings.builder();
        let (mut cluster, mut patches) = (Cow::Borrowed(&checked.cluster), context.patches.clone());
        let (output, mut outcome) = (LocalPath::from(&cluster.output), Ok(()));
        loop {
            let Failure { cause, place } = match builder.build(&cluster, &emit::overlay_of("", &cluster)) {
                Ok(build) => return Ok(Some(BuiltCluster { cluster, build, patches, outcome })),
                Err(failure) => failure,
            };
            // kustomize may read it all the same, or what is not there yet may be what the cause is about.
            let is_unsupported = matches!(&cause, Cause::Unreadable(fault) if !fault.is_fault());
            let may_be_built =
                is_unsupported || !context.is_installed && cause.may_go_with(Reach::Everything);
            if may_be_built {
                return outcome.map(|()| None);
            }
            let origins = Origins { inputs: builder.inputs, output: &output, patches: &patches };
            let refused = refuse_unbuildable(cause, &place, checked.at, origins, scope);
            let index = place.entry.filter(|_| origins.patch(&place).is_some());
            let Some(index) =
                index.filter(|_| context.patches.len().saturating_sub(patches.len()) < MOST_LEFT_OUT)
            else {
                return Err(refused);
            };
            outcome = Err(refused);
            patches.remove(index);
            cluster.to_mut().passthrough.patches.remove(index);
        }
    }
}

fn refuse_unbuildable(
    cause: Cause,
    place: &Place,
    at: Span,
    origins: Origins<'_>,
    scope: &mut Scope<'_, '_>,
) -> ErrorGuaranteed {
    match (cause, origins.patch(place)) {
        (Cause::NoMatch { wanted, near }, Some(patch)) => {
            refuse_missing_object(*wanted, near.map(|near| *near), patch, origins, scope)
        }
        (cause, _) => {
            let by = origins.of_place(place);
            scope.refuse_on_cluster(InForceProblem::NotBuilt { at, cause, by })
        }
    }
}
