//! Whether a controller can use what it is given.

use crate::check::scope::Scope;
use crate::model::Controller;
use crate::model::flux::FluxVersion;
use crate::model::integration::{Integration, integration, uses_identities};
use crate::problem::{ErrorGuaranteed, FitProblem};
use crate::resolve::ResolvedMapping;

/// Reports identities that nothing in the controller can use. Without a version the newest one is thought of.
pub fn check(
    controller: Controller,
    mapped: &ResolvedMapping<'_>,
    version: Option<FluxVersion>,
    scope: &mut Scope<'_, '_>,
) -> Result<(), ErrorGuaranteed> {
    if !uses_identities(controller) {
        return Err(scope.refuse(FitProblem::NeverUsed { at: mapped.at, controller }));
    }
    for given in &mapped.given {
        let since = match (integration(controller, given.provider()), version) {
            (Integration::Never, _) => None,
            (Integration::Since(since), Some(version)) if version < since => Some((since, version)),
            (Integration::Since(_) | Integration::Always, _) => continue,
        };
        let provider = given.provider();
        scope.warn(FitProblem::NoIntegration { at: mapped.at, controller, provider, since });
    }
    Ok(())
}
