//! What a source demands of its clusters, and what it lets pass.

use std::collections::BTreeSet;

use crate::model::Platform;

/// A rule of the source, such as `require`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    /// `require`: clusters must map a recipient.
    Require {
        /// Whom, as a source names them.
        who: String,
        /// On which platform; on all if none is named.
        on: Option<Platform>,
    },
    /// `isolate`: clusters that differ in a variable share no identity that a role means.
    Isolate { role: String, variable: String },
    /// `allow`: a warning may be.
    Allow {
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
    /// The whole fleet, and statements outside of clusters.
    Fleet,
    /// These clusters. There are none if it stands where no cluster is.
    Clusters(BTreeSet<String>),
}
