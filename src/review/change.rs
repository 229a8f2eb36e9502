//! What can change in a cluster.

use crate::model::{Controller, Recipient};
use crate::review::fact::{OUTPUT, SERVICE_ACCOUNTS};
use crate::review::group::Grouped;
use crate::review::identity_description::IdentityDescription;
use crate::review::moved::without_common_end;
use crate::syntax::notation;

/// Something that changes in a cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The cluster is new, or gone.
    Cluster(ClusterFate),
    /// Somebody has another identity than before, or other options of the same.
    Identity(IdentityChange),
    /// A setting of the cluster.
    Setting {
        name: &'static str,
        /// Its value before.
        before: Option<String>,
        after: Option<String>,
    },
    /// Something that the overlay passes through.
    Passed(PassthroughChange),
}

/// What becomes of a cluster, and what it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClusterFate {
    New(&'static str),
    Gone(&'static str),
}

/// That somebody has another identity of a provider than before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdentityChange {
    pub who: Recipient,
    /// What there was.
    pub before: Option<IdentityDescription>,
    pub after: Option<IdentityDescription>,
}

/// That something which the overlay passes through is another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PassthroughChange {
    /// A `resource`, a `component` or a `patch`.
    pub what: &'static str,
    pub name: String,
    pub how: PassthroughFate,
    /// What tells this change from others of the same name.
    pub digests: Vec<String>,
}

/// What becomes of something that is passed through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PassthroughFate {
    Added,
    Removed,
    /// It says something else.
    Changed,
    /// It is applied at another place among the others.
    Moved,
}

impl PassthroughFate {
    pub const fn name(self) -> &'static str {
        match self {
            PassthroughFate::Added => "added",
            PassthroughFate::Removed => "removed",
            PassthroughFate::Changed => "changed",
            PassthroughFate::Moved => "moved",
        }
    }
}

impl IdentityChange {
    /// True if it is the same change, perhaps for another recipient.
    pub fn is_like(&self, other: &IdentityChange) -> bool {
        self.before == other.before && self.after == other.after
    }

    fn rank(&self) -> usize {
        let name = |identity: &Option<IdentityDescription>| Some(identity.as_ref()?.name.clone());
        let is_gain = self.after.is_some() && name(&self.before) != name(&self.after);
        match (is_gain, self.after.is_none()) {
            (true, _) => rank(&self.who),
            (false, true) => 3,
            (false, false) => 4,
        }
    }
}

/// How much it matters who gains something: kustomize-controller decrypts, and objects of Flux decrypt by accounts.
pub const fn rank(recipient: &Recipient) -> usize {
    match recipient {
        Recipient::Controller(Controller::Kustomize) => 0,
        Recipient::Account(_) => 1,
        Recipient::Controller(_) => 2,
    }
}

/// A change in which the cluster's own values may be hidden.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Cluster(ClusterFate),
    /// Of an identity: whose, and what it is before and after.
    Identity(String, Option<IdentityDescription>, Option<IdentityDescription>),
    /// Of a setting.
    Setting(&'static str, Option<String>, Option<String>),
    Passed(&'static str, String, PassthroughFate, Vec<String>),
}

impl Change {
    /// The directories between which something moved in the repository, if that is the change.
    pub fn moved_between(&self) -> Option<(&str, &str)> {
        match self {
            Change::Setting { name: OUTPUT | SERVICE_ACCOUNTS, before: Some(before), after: Some(after) } => {
                Some(without_common_end(before, after))
            }
            Change::Cluster(_) | Change::Identity(_) | Change::Setting { .. } | Change::Passed(_) => None,
        }
    }
}

impl Grouped for Change {
    type Key = Key;

    fn rank(&self) -> usize {
        match self {
            Change::Identity(change) => change.rank(),
            Change::Cluster(_) => 5,
            Change::Setting { .. } => 6,
            Change::Passed(_) => 7,
        }
    }

    fn key(&self, hide: &impl Fn(&str) -> String) -> Key {
        let hidden = |identity: &Option<IdentityDescription>| Some(identity.as_ref()?.map(hide));
        match self {
            Change::Cluster(fate) => Key::Cluster(*fate),
            Change::Identity(IdentityChange { who, before, after }) => {
                let who = match who {
                    Recipient::Controller(_) => notation::recipient(who),
                    Recipient::Account(_) => hide(&notation::recipient(who)),
                };
                Key::Identity(who, hidden(before), hidden(after))
            }
            Change::Setting { name, before, after } => {
                // What moves the same way moves alike, whatever it is called.
                let (before, after) = match self.moved_between() {
                    Some((before, after)) => (Some(before), Some(after)),
                    None => (before.as_deref(), after.as_deref()),
                };
                Key::Setting(name, before.map(hide), after.map(hide))
            }
            Change::Passed(PassthroughChange { what, name, how, digests }) => {
                Key::Passed(what, hide(name), *how, digests.clone())
            }
        }
    }
}
