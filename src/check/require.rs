//! What every cluster must map.

use crate::check::scope::Scope;
use crate::model::{Controller, Platform};
use crate::problem::FitProblem;
use crate::span::Span;

/// One controller of a `require`.
#[derive(Clone, Copy, Debug)]
pub struct Requirement {
    /// What must be mapped.
    pub controller: Controller,
    /// Where that is said.
    pub at: Span,
    /// On which platform; on all if none is named.
    pub on: Option<Platform>,
}

/// Reports what must be mapped and is not. `-> none` is a mapping.
pub fn check(requirements: &[Requirement], scope: &mut Scope<'_, '_>) {
    for requirement in requirements {
        let applies = requirement.on.is_none_or(|platform| platform == scope.platform);
        if applies && !scope.may_map(requirement.controller) {
            let controller = requirement.controller.name();
            let _refused = scope.refuse(FitProblem::Required { at: requirement.at, controller });
        }
    }
}
