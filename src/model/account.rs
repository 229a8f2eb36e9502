//! The ServiceAccounts that objects of Flux name.

use crate::model::Fault;
use crate::model::kubernetes::{DnsLabel, DnsLabelFault, DnsSubdomain};

/// A ServiceAccount that is no controller's. The order is that of the output.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account {
    pub namespace: DnsLabel,
    pub name: DnsSubdomain,
}

/// What is wrong with the name of a ServiceAccount, and in which part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountFault {
    pub part: AccountPart,
    /// What is wrong, and where in that part.
    pub fault: Fault<DnsLabelFault>,
}

/// A part of `NAMESPACE/NAME`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountPart {
    Namespace,
    Name,
}

impl Account {
    /// Takes a namespace, which is a DNS label, and a name, which is a DNS subdomain.
    ///
    /// # Errors
    /// The fault and its location in the text.
    pub fn parse(namespace: &str, name: &str) -> Result<Account, AccountFault> {
        let of = |part| move |fault| AccountFault { part, fault };
        Ok(Account {
            namespace: DnsLabel::parse(namespace).map_err(of(AccountPart::Namespace))?,
            name: DnsSubdomain::parse(name).map_err(of(AccountPart::Name))?,
        })
    }
}
