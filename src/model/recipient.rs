//! Who is given identities.

use crate::model::{Account, Assignee, Controller};

/// A controller, or a ServiceAccount that Flux objects name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recipient {
    Controller(Controller),
    /// A ServiceAccount that Flux objects name.
    Account(Account),
}

impl From<Assignee<'_>> for Recipient {
    fn from(assignee: Assignee<'_>) -> Recipient {
        match assignee {
            Assignee::Controller(controller) => Recipient::Controller(controller),
            Assignee::Account(account) => Recipient::Account(account.clone()),
        }
    }
}
