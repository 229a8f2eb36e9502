//! What every cluster must map.

use crate::check::recipient::Recipient;
use crate::check::scope::Scope;
use crate::model::Platform;
use crate::problem::FitProblem;
use crate::span::Span;

/// One name of a `require`.
#[derive(Clone, Copy, Debug)]
pub struct Requirement<'t> {
    /// What must be mapped.
    pub recipient: Recipient<'t>,
    /// Where that is said.
    pub at: Span,
    /// On which platform; on all if none is named.
    pub on: Option<Platform>,
}

/// Reports what must be mapped and is not. `-> none` is a mapping.
pub fn check<'t>(requirements: &[Requirement<'t>], scope: &mut Scope<'_, 't>) {
    for requirement in requirements {
        let applies = requirement.on.is_none_or(|platform| platform == scope.platform);
        if applies && !scope.may_map(requirement.recipient) {
            let who = requirement.recipient.name().into_owned();
            scope.refuse(FitProblem::Required { at: requirement.at, who });
        }
    }
}
