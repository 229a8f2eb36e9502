//! What can change in a cluster.

use std::fmt;

use crate::model::{Account, Controller, Provider};
use crate::review::fact::{OUTPUT, SERVICE_ACCOUNTS};
use crate::review::given::Given;
use crate::review::group::Grouped;
use crate::review::moved::parted;

/// Something that changes in a cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The cluster is new, or gone.
    Cluster(Fate),
    /// Somebody has another identity than before, or other options of the same.
    Identity(IdentityChange),
    /// Something else that is said of the cluster.
    Setting {
        /// What it is called.
        name: &'static str,
        /// What was said.
        before: Option<String>,
        /// What is said.
        after: Option<String>,
    },
    /// Something that the overlay passes through.
    Passed(PassedChange),
}

/// What becomes of a cluster, and what it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It is new.
    New(&'static str),
    /// It is gone.
    Gone(&'static str),
}

/// That somebody has another identity of a provider than before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdentityChange {
    /// Who.
    pub who: Who,
    /// What there was.
    pub before: Option<Given>,
    /// What there is.
    pub after: Option<Given>,
}

/// Somebody who has identities. Who may decrypt comes first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// A controller.
    Controller(Controller),
    /// A ServiceAccount that objects of Flux name.
    Account(Account),
}

/// That something which the overlay passes through is another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PassedChange {
    /// A `resource`, a `component` or a `patch`.
    pub what: &'static str,
    /// What it is called.
    pub name: String,
    /// What becomes of it.
    pub how: How,
    /// What tells this change from others of the same name.
    pub told_by: Vec<String>,
}

/// What becomes of something that is passed through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It says something else.
    Changed,
    /// It is applied at another place among the others.
    Moved,
}

impl How {
    /// Its word.
    pub const fn name(self) -> &'static str {
        match self {
            How::Added => "added",
            How::Removed => "removed",
            How::Changed => "changed",
            How::Moved => "moved",
        }
    }
}

impl IdentityChange {
    /// Whose identities they are.
    pub fn provider(&self) -> Option<Provider> {
        self.after.as_ref().or(self.before.as_ref()).map(|given| given.provider)
    }

    /// Whether it is the same change, be it of somebody else.
    pub fn is_like(&self, other: &IdentityChange) -> bool {
        self.before == other.before && self.after == other.after
    }

    fn rank(&self) -> usize {
        let name = |given: &Option<Given>| given.as_ref().map(|given| given.name.clone());
        let is_gain = self.after.is_some() && name(&self.before) != name(&self.after);
        match (is_gain, self.after.is_none()) {
            (true, _) => self.who.rank(),
            (false, true) => 3,
            (false, false) => 4,
        }
    }
}

impl Who {
    /// How much it matters who gains something: kustomize-controller decrypts, and objects of Flux decrypt by accounts.
    pub const fn rank(&self) -> usize {
        match self {
            Who::Controller(Controller::Kustomize) => 0,
            Who::Account(_) => 1,
            Who::Controller(_) => 2,
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Who::Controller(controller) => formatter.write_str(controller.name()),
            Who::Account(Account { namespace, name }) => {
                write!(formatter, "service-account {}/{}", namespace.as_str(), name.as_str())
            }
        }
    }
}

/// A change in which what is the cluster's own may be hidden.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Of the cluster itself.
    Cluster(Fate),
    /// Of an identity: whose, and what it is before and after.
    Identity(String, Option<Given>, Option<Given>),
    /// Of something else that is said.
    Setting(&'static str, Option<String>, Option<String>),
    /// Of something that is passed through.
    Passed(&'static str, String, How, Vec<String>),
}

impl Change {
    /// The directories between which something moved in the repository, if that is the change.
    pub fn way(&self) -> Option<(&str, &str)> {
        match self {
            Change::Setting { name: OUTPUT | SERVICE_ACCOUNTS, before: Some(before), after: Some(after) } => {
                Some(parted(before, after))
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
        let hidden = |given: &Option<Given>| given.as_ref().map(|given| given.map(hide));
        match self {
            Change::Cluster(fate) => Key::Cluster(*fate),
            Change::Identity(IdentityChange { who, before, after }) => {
                let who = match who {
                    Who::Controller(_) => who.to_string(),
                    Who::Account(_) => hide(&who.to_string()),
                };
                Key::Identity(who, hidden(before), hidden(after))
            }
            Change::Setting { name, before, after } => {
                // What moves the same way moves alike, whatever it is called.
                let (before, after) = match self.way() {
                    Some((before, after)) => (Some(before), Some(after)),
                    None => (before.as_deref(), after.as_deref()),
                };
                Key::Setting(name, before.map(hide), after.map(hide))
            }
            Change::Passed(PassedChange { what, name, how, told_by }) => {
                Key::Passed(what, hide(name), *how, told_by.clone())
            }
        }
    }
}
