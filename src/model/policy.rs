//! What a source demands of its clusters, and what it lets pass.

use std::collections::BTreeSet;

use crate::model::Platform;

/// A statement that says nothing of who has what, but what may be said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    /// `require`: clusters must map somebody.
    Require {
        /// Whom, as a source names them.
        who: String,
        /// On which platform; on all if none is named.
        on: Option<Platform>,
    },
    /// `isolate`: clusters that differ in a variable share no identity that a role means.
    Isolate {
        /// The name of the role.
        role: String,
        /// The name of the variable.
        variable: String,
    },
    /// `allow`: a warning may be.
    Allow {
        /// The code of the warning.
        code: &'static str,
        /// Why it may be, as it is written.
        reason: String,
        /// Where it may be.
        covers: Covered,
    },
}

/// What an `allow` covers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Covered {
    /// All of the fleet, and what is of no cluster.
    Fleet,
    /// These clusters. There are none if it stands where no cluster is.
    Clusters(BTreeSet<String>),
}
