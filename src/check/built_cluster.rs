//! What the overlay of a cluster builds, and why kustomize cannot build it.

use std::borrow::Cow;

use crate::check::checked_cluster::CheckedCluster;
use crate::check::origin::{self, Origins, PatchOrigin};
use crate::check::passthrough::refuse_missing_object;
use crate::check::readings::{InstalledManifests, Readings};
use crate::check::scope::Scope;
use crate::emit;
use crate::kustomize::{Cause, Failure, Place, Reach};
use crate::model::flux::FluxVersion;
use crate::model::{Cluster, LocalPath, Part};
use crate::overlay_build::{OverlayBuild, Placement};
use crate::problem::{EffectiveIdentityProblem, ErrorGuaranteed};

/// What is known of a cluster besides what is generated for it.
pub struct BuildContext {
    /// The source of each passthrough patch, in the order of the overlay.
    pub patch_origins: Vec<PatchOrigin>,
    /// The version of Flux, if known.
    pub version: Option<FluxVersion>,
    /// The version that the installed manifests say they are of.
    pub installed_version: Option<FluxVersion>,
    /// Whether it is known what is installed.
    pub knows_installed: bool,
    /// The manifests of Flux beside the overlay, if they were read.
    pub manifests: Option<InstalledManifests>,
    /// What the installed manifests lack of the components in their header.
    pub lacking: Vec<Part>,
    /// True for a component that the kustomization above includes.
    pub is_included: bool,
}

/// A cluster, as kustomize can build it.
pub struct BuiltCluster<'c> {
    pub cluster: Cow<'c, Cluster>,
    pub build: OverlayBuild,
    /// The source of each passthrough patch, in the order of the overlay.
    pub patch_origins: Vec<PatchOrigin>,
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
        checked: &'c CheckedCluster,
        context: &BuildContext,
        placement: &Placement,
        readings: &Readings<'_>,
        scope: &mut Scope<'_, '_>,
    ) -> Result<Option<BuiltCluster<'c>>, ErrorGuaranteed> {
        let builder = readings.builder();
        let (mut cluster, mut patch_origins) =
            (Cow::Borrowed(checked.cluster.as_ref()), context.patch_origins.clone());
        let (output, mut outcome) = (&placement.output, Ok(()));
        loop {
            let text = emit::overlay_of("", &cluster);
            let Failure { cause, place } = match builder.build(&cluster, &text, placement) {
                Ok(build) => return Ok(Some(BuiltCluster { cluster, build, patch_origins, outcome })),
                Err(failure) => failure,
            };
            // kustomize may read YAML that this model does not, or what is missed may be in manifests that are not there yet.
            let is_unsupported = matches!(&cause, Cause::Unreadable(fault) if !fault.is_fault());
            let may_be_built =
                is_unsupported || !context.knows_installed && cause.may_go_with(Reach::Everything);
            if may_be_built {
                return outcome.map(|()| None);
            }
            let statements = origin::statements(output, scope);
            let origins =
                Origins { inputs: builder.inputs, output, patches: &patch_origins, statements: &statements };
            let refused = refuse_unbuildable(cause, &place, || builder.including(placement), origins, scope);
            let index = place.patch.filter(|_| origins.patch(&place).is_some());
            let Some(index) = index
                .filter(|_| context.patch_origins.len().saturating_sub(patch_origins.len()) < MOST_LEFT_OUT)
            else {
                return Err(refused);
            };
            outcome = Err(refused);
            patch_origins.remove(index);
            cluster.to_mut().passthrough.patches.remove(index);
        }
    }
}

fn refuse_unbuildable(
    cause: Cause,
    place: &Place,
    including: impl FnOnce() -> Vec<LocalPath>,
    origins: Origins<'_>,
    scope: &mut Scope<'_, '_>,
) -> ErrorGuaranteed {
    match (cause, origins.patch(place)) {
        (Cause::NoMatch { wanted, near }, Some(patch)) => {
            refuse_missing_object(*wanted, near.map(|near| *near), patch, origins, scope)
        }
        (cause, _) => refuse_not_built(cause, place, None, including, origins, scope),
    }
}

/// Refuses a build that fails. `generated`: the directory, if Flux generates its kustomization; `including`: the
/// kustomizations that include a component.
pub fn refuse_not_built(
    cause: Cause,
    place: &Place,
    generated: Option<String>,
    including: impl FnOnce() -> Vec<LocalPath>,
    origins: Origins<'_>,
    scope: &mut Scope<'_, '_>,
) -> ErrorGuaranteed {
    let at = scope.names.name.span;
    // A component works once by itself.
    let including = if origins.is_generated(place) { including() } else { Vec::new() };
    if including.len() > 1 {
        let files = including.iter().map(|file| origins.shown_file(file)).collect();
        return scope.refuse_on_cluster(EffectiveIdentityProblem::IncludedTwice { at, cause, files });
    }
    let by = origins.of_place(place);
    scope.refuse_on_cluster(EffectiveIdentityProblem::NotBuilt { at, cause, by, generated })
}
