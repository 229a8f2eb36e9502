//! The parser that pest makes of `grammar/identity.pest`, and the name of each rule as users know it.

use pest_derive::Parser;

/// The generated parser.
#[derive(Parser)]
#[grammar = "../grammar/identity.pest"]
pub struct Grammar;
