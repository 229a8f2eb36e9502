//! What is wrong with the controllers of a cluster, each cause once.

use std::collections::BTreeSet;

use crate::check::scope::Scope;
use crate::problem::{EffectiveIdentityProblem, ErrorGuaranteed};

/// What is wrong with the controllers of a cluster, each cause once.
#[derive(Default)]
pub struct Faults {
    list: Vec<EffectiveIdentityProblem>,
    /// The keys that cause one of them, with the place that sets each.
    keys: BTreeSet<(String, String)>,
}

impl Faults {
    pub fn add(&mut self, problem: EffectiveIdentityProblem) {
        self.keys.extend(problem.key_to_blame());
        if !self.list.iter_mut().any(|known| known.absorb(&problem)) {
            self.list.push(problem);
        }
    }

    /// True if a key that a place sets causes one of them.
    pub fn are_caused_by(&self, key: &str, place: &str) -> bool {
        self.keys.contains(&(key.to_owned(), place.to_owned()))
    }

    /// Reports all of them.
    ///
    /// # Errors
    /// One is an error.
    pub fn report(self, scope: &mut Scope<'_, '_>) -> Result<(), ErrorGuaranteed> {
        let mut outcome = Ok(());
        for problem in self.list {
            outcome = scope.report(problem).map_or(outcome, Err);
        }
        outcome
    }
}
