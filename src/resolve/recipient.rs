//! Who is given roles.

use std::borrow::Cow;

use crate::model::{Account, AccountFault, AccountPart, Assignee, Controller};
use crate::problem::AccountProblem;
use crate::syntax::tree::ServiceAccount;

/// Who is given roles: names of mappings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecipientName<'t> {
    Controller(Controller),
    /// A ServiceAccount that objects of Flux name.
    Account(AccountName<'t>),
}

/// `NAMESPACE/NAME` as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountName<'t> {
    namespace: &'t str,
    name: &'t str,
}

impl<'f> From<Assignee<'f>> for RecipientName<'f> {
    fn from(holder: Assignee<'f>) -> RecipientName<'f> {
        match holder {
            Assignee::Controller(controller) => RecipientName::Controller(controller),
            Assignee::Account(account) => RecipientName::Account(AccountName {
                namespace: account.namespace.as_str(),
                name: account.name.as_str(),
            }),
        }
    }
}

impl RecipientName<'_> {
    pub fn name(&self) -> Cow<'static, str> {
        match self {
            RecipientName::Controller(controller) => controller.name().into(),
            RecipientName::Account(AccountName { namespace, name }) => {
                format!("service-account {namespace}/{name}").into()
            }
        }
    }
}

impl<'t> AccountName<'t> {
    pub fn new(account: &ServiceAccount<'t>) -> AccountName<'t> {
        AccountName { namespace: account.namespace.text, name: account.name.text }
    }

    /// The ServiceAccount of that name, if Kubernetes takes the name.
    pub fn account(self) -> Result<Account, AccountFault> {
        Account::parse(self.namespace, self.name)
    }
}

pub fn check_name(account: &ServiceAccount<'_>) -> Result<(), AccountProblem> {
    AccountName::new(account).account().map(drop).map_err(|AccountFault { part, fault }| {
        let name = match part {
            AccountPart::Namespace => account.namespace,
            AccountPart::Name => account.name,
        };
        AccountProblem::Name { at: name.span.part(&fault.at), part, fault: fault.kind }
    })
}
