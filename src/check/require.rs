//! What every cluster must map.

use std::collections::BTreeSet;

use crate::check::scope::Scope;
use crate::model::Platform;
use crate::problem::{FitProblem, Problems};
use crate::resolve::{Recipient, resolve_platform, resolve_recipient};
use crate::span::Span;
use crate::syntax::tree::Require;

/// One recipient of a `require`.
#[derive(Clone, Copy, Debug)]
pub struct Requirement<'t> {
    /// The recipient that must be mapped.
    pub recipient: Recipient<'t>,
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
