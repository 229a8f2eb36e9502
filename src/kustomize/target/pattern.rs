//! Regular expressions of targets, in the syntax of Go's `regexp`.
//!
//! Sources: `api/types/selector.go` of kubernetes-sigs/kustomize (`anchorRegex`) and `src/regexp/syntax/parse.go` of
//! golang/go 1.23, which kubectl 1.32 with kustomize 5.5 is built with. Other releases of Go differ in these: before
//! 1.22 `(?<name>…)` is refused; from 1.25 on `\p` takes `Cn`, `LC`, `Assigned`, `ASCII` and names of categories
//! written in other ways; each has the tables of its own version of Unicode, here 15.0.0.

mod class;
mod node;
mod parse;
mod program;
mod unicode;

use node::Node;
use program::Program;

use crate::model::Fault;

const BEFORE: &str = "^(?:";
const BEHIND: &str = ")$";

/// A regular expression that selects objects by a field.
#[derive(Clone, Debug)]
pub struct Pattern(Form);

#[derive(Clone, Debug)]
enum Form {
    /// Text without a character that means something else.
    Exact(String),
    Expression(Box<Node>),
}

/// Why Go refuses an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternFault {
    /// `a**`, `a{2}*`.
    RepeatedRepetition,
    /// `*a`.
    NothingToRepeat,
    /// A count above 1,000.
    Count,
    /// The least count is above the greatest.
    CountOrder,
    /// Counts that make more than 1,000 copies of one thing.
    Copies,
    /// `(` without `)`.
    UnclosedGroup,
    /// `)` without `(`.
    UnopenedGroup,
    /// `[` without `]`.
    UnclosedClass,
    /// `[z-a]`.
    ClassRange,
    /// `[:letter:]`.
    ClassName,
    /// `\p{Letters}`.
    UnicodeName,
    /// `\y`.
    Escape,
    /// `\1`.
    Backreference,
    /// `\` at the end.
    TrailingBackslash,
    /// `(?P<a-b>…)`.
    GroupName,
    /// `(?=…)`, `(?!…)`, `(?<=…)`, `(?<!…)`.
    LookAround,
    /// `(?x)`, and other forms of `(?`.
    Flags,
    /// More than 1,000 levels.
    TooDeep,
    /// More than Go compiles.
    TooLarge,
}

impl Pattern {
    /// Parses an expression as kustomize has it compiled: between `^(?:` and `)$`, which an expression such as `a)|(b`
    /// takes apart.
    ///
    /// # Errors
    /// What Go refuses, and where in `text`.
    pub fn parse(text: &str) -> Result<Pattern, Fault<PatternFault>> {
        // Longer literals are measured like other expressions.
        if text.len() <= 4096 && !text.contains(is_special) {
            return Ok(Pattern(Form::Exact(text.to_owned())));
        }
        let whole = format!("{BEFORE}{text}{BEHIND}");
        let node = parse::parse(&whole).map_err(|fault| {
            // What an expression lacks may be found behind it, or between the anchors; alone it says where.
            parse::parse(text).err().unwrap_or(Fault { kind: fault.kind, at: 0..text.len() })
        })?;
        Ok(Pattern(Form::Expression(Box::new(node))))
    }

    /// True if it matches the text. An empty expression is no condition and matches everything. True as well for texts
    /// so long that finding out would take more than a fixed number of steps; no name of Kubernetes is.
    pub fn may_match(&self, text: &str) -> bool {
        match &self.0 {
            Form::Exact(exact) => exact.is_empty() || exact == text,
            Form::Expression(node) => Program::compile(node, text).is_none_or(|program| program.matches()),
        }
    }
}

fn is_special(letter: char) -> bool {
    matches!(letter, '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$')
}
