//! The controllers with the same fault.

use crate::model::Controller;
use crate::problem::{Finding, all_of};
use crate::span::Span;

/// The controllers with the same fault, each with the place where it is mapped, or else where its cluster is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affected {
    first: Controller,
    others: Vec<(Controller, Span)>,
}

impl Affected {
    pub fn one(controller: Controller) -> Affected {
        Affected { first: controller, others: Vec::new() }
    }

    /// `` `a`, `b` and `c` ``
    pub(super) fn names(&self) -> String {
        let others = self.others.iter().map(|(controller, _)| controller.name());
        all_of(&std::iter::once(self.first.name()).chain(others).collect::<Vec<&str>>())
    }

    pub(super) fn first(&self) -> Controller {
        self.first
    }

    pub(super) fn is_one(&self) -> bool {
        self.others.is_empty()
    }

    /// One of two texts: that about one controller, or that about several.
    pub(super) fn one_or_many<'t>(&self, one: &'t str, many: &'t str) -> &'t str {
        if self.is_one() { one } else { many }
    }

    /// Labels where the other controllers are mapped, if that is elsewhere. `at`: the place of the first.
    pub(super) fn label_others(&self, finding: Finding, at: Span) -> Finding {
        let mut places: Vec<Span> =
            self.others.iter().map(|(_, at)| *at).filter(|other| *other != at).collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().fold(finding, |finding, place| finding.label(place, "and here"))
    }

    pub(super) fn add(&mut self, controller: Controller, at: Span) {
        let is_known = controller == self.first || self.others.iter().any(|(known, _)| *known == controller);
        if !is_known {
            self.others.push((controller, at));
        }
    }
}
