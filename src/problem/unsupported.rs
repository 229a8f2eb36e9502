//! What this compiler does not know yet.

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
        }
    }
}
