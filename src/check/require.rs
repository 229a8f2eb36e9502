//! What every cluster must map, and whether a controller can use its identities.

use std::collections::BTreeSet;

use crate::check::scope::Scope;
use crate::model::flux::FluxVersion;
use crate::model::integration::{Support, support, uses_identities};
use crate::model::{Controller, Platform};
use crate::problem::{ErrorGuaranteed, FitProblem, Problems};
use crate::resolve::{RecipientName, ResolvedMapping, resolve_platform, resolve_recipient};
use crate::span::Span;
use crate::syntax::tree::Require;

/// One recipient of a `require`.
#[derive(Clone, Copy, Debug)]
pub struct Requirement<'t> {
    /// The recipient that must be mapped.
    pub recipient: RecipientName<'t>,
    /// Where it is required.
    pub at: Span,
    /// The platform on which it is required; on all if None.
    pub on: Option<Platform>,
}

impl<'t> Requirement<'t> {
    /// The requirements of all `require` statements, each once. Reports unknown names.
    pub fn collect(requires: &[&'t Require<'t>], problems: &mut Problems) -> Vec<Requirement<'t>> {
        let (mut requirements, mut known) = (Vec::new(), BTreeSet::new());
        for require in requires {
            let on = require.platform.map(|name| resolve_platform(name, problems)).transpose();
            for subject in require.who.nodes() {
                let (recipient, at) = resolve_recipient(subject, problems);
                let (Ok(recipient), Ok(on)) = (recipient, on) else { continue };
                if known.insert((recipient, on)) {
                    requirements.push(Requirement { recipient, at, on });
                }
            }
        }
        requirements
    }
}

/// Reports what must be mapped and is not. `-> none` is a mapping.
pub fn check<'t>(requirements: &[Requirement<'t>], scope: &mut Scope<'_, 't>) {
    for requirement in requirements {
        let applies = requirement.on.is_none_or(|platform| platform == scope.names.platform);
        if applies && !scope.names.layers.may_map(requirement.recipient) {
            let who = requirement.recipient.name().into_owned();
            scope.refuse(FitProblem::Required { at: requirement.at, who });
        }
    }
}

/// Reports identities that nothing in the controller can use. Without a version the newest one is thought of.
pub fn check_fit(
    controller: Controller,
    mapped: &ResolvedMapping<'_>,
    version: Option<FluxVersion>,
    scope: &mut Scope<'_, '_>,
) -> Result<(), ErrorGuaranteed> {
    if !uses_identities(controller) {
        return Err(scope.refuse(FitProblem::NeverUsed { at: mapped.at, controller }));
    }
    for identity in &mapped.identities {
        let since = match (support(controller, identity.provider()), version) {
            (Support::Never, _) => None,
            (Support::Since(since), Some(version)) if version < since => Some((since, version)),
            (Support::Since(_) | Support::Always, _) => continue,
        };
        let provider = identity.provider();
        scope.warn(FitProblem::NoIntegration { at: mapped.at, controller, provider, since });
    }
    Ok(())
}
