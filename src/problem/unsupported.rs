//! What this compiler does not know yet.

use crate::model::{Platform, Provider};
use crate::problem::fit::native_identity;
use crate::problem::{Code, Finding};
use crate::span::Span;

/// A part of the language that this compiler reads, but cannot compile yet. It is refused, never ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsupported {
    /// A statement.
    Statement {
        /// Where.
        at: Span,
        /// Its keyword.
        keyword: &'static str,
    },
    /// A value of a setting or an option.
    Choice {
        /// Where.
        at: Span,
        /// The setting or option.
        name: &'static str,
        /// The value.
        value: &'static str,
    },
    /// `gcp direct`
    Direct {
        /// Where.
        at: Span,
    },
    /// An identity on a cluster of another cloud.
    Federated {
        /// The identity.
        at: Span,
        /// The cluster's platform.
        platform: Platform,
        /// Where the platform is named.
        named: Span,
        /// The identity's provider.
        provider: Provider,
    },
}

impl Unsupported {
    /// The problem in words.
    pub fn finding(&self) -> Finding {
        match self {
            Unsupported::Statement { at, keyword } => {
                Finding::at(Code::NotSupportedYet, *at, format!("`{keyword}` is not supported yet"))
                    .because("this version cannot compile it")
                    .help("remove it, or use a later version of flux-identity")
            }
            Unsupported::Choice { at, name, value } => {
                Finding::at(Code::NotSupportedYet, *at, format!("`{name} = {value}` is not supported yet"))
                    .because("this version cannot compile it")
                    .help("remove it, or use a later version of flux-identity")
            }
            Unsupported::Direct { at } => {
                Finding::at(Code::NotSupportedYet, *at, "`gcp direct` is not supported yet")
                    .because("this version cannot compile it")
                    .help("name a Google service account, or use a later version of flux-identity")
            }
            Unsupported::Federated { at, platform, named, provider } => {
                let (identity, provider) = (provider.identity(), provider.name());
                let message = format!(
                    "{identity} (`{provider}`) on a cluster `on {}` is not supported yet",
                    platform.name()
                );
                let help = match native_identity(*platform) {
                    Some(identity) => format!("what `{}` clusters take is {identity}", platform.name()),
                    None => {
                        format!(
                            "this version has no identity for `{}` clusters; use a later one",
                            platform.name()
                        )
                    }
                };
                Finding::at(Code::NotSupportedYet, *at, message)
                    .because(identity)
                    .label(*named, "but the cluster runs here")
                    .help(help)
            }
        }
    }
}
