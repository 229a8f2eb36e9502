//! What was written: items and statements with their places, nothing resolved, comments kept.
//!
//! The tree holds all that the formatter needs to print the source again, and all that the checker needs to
//! speak of it. Broken text is part of it: a broken item still declares its name, so that nothing that refers to
//! it is reported for its sake.

mod parts;

use crate::problem::ErrorGuaranteed;
use crate::span::{FileId, Span};

pub use parts::Part;

/// A source file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree<'s> {
    /// Items and statements of the file, in source order.
    pub lines: Vec<Line<'s, Item<'s>>>,
    /// The files of values that it names, each once.
    pub values: Vec<Values<'s>>,
}

/// A file of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values<'s> {
    pub file: FileId,
    /// Its clusters, in their order.
    pub entries: Vec<ValuesEntry<'s>>,
    /// The error if it cannot be read.
    pub refused: Option<ErrorGuaranteed>,
}

/// What a file of values says of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValuesEntry<'s> {
    pub cluster: Name<'s>,
    /// Settings and variables.
    pub statements: Vec<Statement<'s>>,
}

/// One line of a file or of a block: a comment alone, or something that a comment may follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'s, T> {
    /// Whether an empty line stands before it.
    pub blank_before: bool,
    /// What stands on the line; nothing where it holds only a comment.
    pub node: Option<T>,
    /// The comment at its end.
    pub comment: Option<Comment<'s>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment<'s> {
    /// With its `#`, without the line break.
    pub text: &'s str,
    /// Whether nothing else stands on its line.
    pub alone: bool,
}

/// What stands at the outermost level of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item<'s> {
    /// `profile NAME { … }`
    Profile(Profile<'s>),
    /// `cluster NAME, NAME on PLATFORM { … }`
    Cluster(Cluster<'s>),
    /// `include "teams/*.flux"`
    Include(Text<'s>),
    /// `require WHO, WHO [on PLATFORM]`
    Require(Require<'s>),
    /// `isolate ROLE by VARIABLE`
    Isolate(Isolate<'s>),
    /// `values "values.json"`
    Values(Text<'s>),
    /// A statement that holds for all clusters of the file.
    Statement(Statement<'s>),
    /// A block whose header cannot be read. What it declares is known; what it says is not.
    Broken(BrokenBlock<'s>),
}

impl<'s> Item<'s> {
    /// Its block, if it has one.
    pub const fn block(&self) -> Option<&Block<'s>> {
        match self {
            Item::Profile(profile) => Some(&profile.block),
            Item::Cluster(cluster) => Some(&cluster.block),
            Item::Broken(broken) => Some(&broken.block),
            Item::Include(_) | Item::Require(_) | Item::Isolate(_) | Item::Values(_) | Item::Statement(_) => {
                None
            }
        }
    }
}

/// `profile NAME { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile<'s> {
    pub name: Name<'s>,
    pub block: Block<'s>,
}

/// `cluster NAME, NAME on PLATFORM { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster<'s> {
    /// One overlay is written for each name.
    pub names: List<'s, Name<'s>>,
    pub platform: Name<'s>,
    pub block: Block<'s>,
}

/// `require WHO, WHO [on PLATFORM]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Require<'s> {
    /// The whole statement.
    pub span: Span,
    /// Who must be mapped.
    pub who: List<'s, MappingSubject<'s>>,
    /// On which platform; on all if none is named.
    pub platform: Option<Name<'s>>,
}

/// `isolate ROLE by VARIABLE`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Isolate<'s> {
    /// The whole statement.
    pub span: Span,
    /// The role whose identities must not be shared.
    pub role: Name<'s>,
    /// Clusters that differ in this variable share none.
    pub variable: Name<'s>,
}

/// The statements of a profile or a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'s> {
    /// From the opening brace to the closing one.
    pub span: Span,
    /// Whether it was written on one line.
    pub on_one_line: bool,
    /// The comment after the opening brace.
    pub open_comment: Option<Comment<'s>>,
    /// Its statements, in source order.
    pub lines: Vec<Line<'s, Statement<'s>>>,
}

/// What a file, a profile or a cluster can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement<'s> {
    /// `NAME = VALUE`
    Setting(Binding<'s, Value<'s>>),
    /// `let NAME = "value"`
    Let(Binding<'s, Value<'s>>),
    /// `role NAME = IDENTITY`
    Role(Binding<'s, Identity<'s>>),
    /// `WHO, WHO -> ROLE, ROLE`
    Mapping(Mapping<'s>),
    /// `trust WHO, WHO -> ROLE, ROLE`
    Trust(Mapping<'s>),
    /// `use PROFILE, PROFILE`
    Use(List<'s, Name<'s>>),
    /// `resource "path"`
    Resource(Passthrough<'s>),
    /// `component "path"`
    Component(Passthrough<'s>),
    /// `patch "file" { … }`
    Patch(Passthrough<'s>),
    /// `allow CODE "reason"`
    Allow(Allow<'s>),
    /// `on PLATFORM, PLATFORM { … }`
    On(On<'s>),
    /// A stretch that cannot be read.
    Broken(Broken<'s>),
}

/// `on PLATFORM, PLATFORM { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct On<'s> {
    /// The keyword.
    pub span: Span,
    /// The platforms whose clusters have the statements.
    pub platforms: List<'s, Name<'s>>,
    pub block: Block<'s>,
}

/// A name and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding<'s, T> {
    pub name: Name<'s>,
    pub value: T,
}

/// `WHO, WHO -> ROLE, ROLE`, perhaps behind `trust`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping<'s> {
    /// The whole statement.
    pub span: Span,
    /// Who gets the roles.
    pub who: List<'s, MappingSubject<'s>>,
    /// The roles, unless the arrow is missing.
    pub targets: Result<List<'s, Target<'s>>, ErrorGuaranteed>,
}

/// Who gets a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MappingSubject<'s> {
    Controller(ControllerName<'s>),
    /// `service-account NAMESPACE/NAME`
    ServiceAccount(ServiceAccount<'s>),
}

/// A controller, perhaps with a `?`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ControllerName<'s> {
    pub name: Name<'s>,
    /// Where the `?` is: the controller counts where it is installed.
    pub if_installed: Option<Span>,
}

/// `service-account NAMESPACE/NAME`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceAccount<'s> {
    pub span: Span,
    pub namespace: Name<'s>,
    pub name: Name<'s>,
}

/// What stands on the right of an arrow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target<'s> {
    /// The name of a role, or `none`.
    Role(Name<'s>),
    /// An identity written out.
    Identity(Identity<'s>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity<'s> {
    pub span: Span,
    /// The provider's name, unless it was forgotten.
    pub provider: Result<Name<'s>, ErrorGuaranteed>,
    /// What names the identity at its provider.
    pub value: Value<'s>,
    /// Its options. Few have any.
    pub options: Option<Box<Options<'s>>>,
}

/// `resource`, `component` or `patch` with what they name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passthrough<'s> {
    /// The whole statement.
    pub span: Span,
    pub path: Value<'s>,
    /// A patch's target fields.
    pub options: Option<Box<Options<'s>>>,
}

/// `allow CODE "reason"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow<'s> {
    /// The whole statement.
    pub span: Span,
    pub code: Name<'s>,
    /// Why it may be.
    pub reason: Value<'s>,
}

/// `{ name = value, name = value }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options<'s> {
    /// From brace to brace.
    pub span: Span,
    /// Comments before the first option.
    pub open_comments: Vec<Comment<'s>>,
    /// The options, in source order.
    pub list: List<'s, Binding<'s, Value<'s>>>,
}

/// Things with commas between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List<'s, T> {
    /// The things, in source order.
    pub items: Vec<Listed<'s, T>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<'s, T> {
    pub node: T,
    /// The comments between it and the next one.
    pub comments: Vec<Comment<'s>>,
}

impl<T> FromIterator<T> for List<'_, T> {
    /// Without comments.
    fn from_iter<I: IntoIterator<Item = T>>(nodes: I) -> Self {
        List { items: nodes.into_iter().map(|node| Listed { node, comments: Vec::new() }).collect() }
    }
}

impl<T> List<'_, T> {
    /// The things alone.
    pub fn nodes(&self) -> impl Iterator<Item = &T> {
        self.items.iter().map(|item| &item.node)
    }
}

/// What stands on the right of `=`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'s> {
    /// Text in double quotes.
    Text(Text<'s>),
    Word(Name<'s>),
    /// Text that cannot be read.
    Broken(Span, ErrorGuaranteed),
}

impl Value<'_> {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Value::Text(text) => text.span,
            Value::Word(word) => word.span,
            Value::Broken(span, _) => *span,
        }
    }
}

/// Text in double quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<'s> {
    /// With its quotes.
    pub span: Span,
    /// Without its quotes.
    pub raw: &'s str,
    /// Its `${name}`, in source order.
    pub interpolations: Vec<Interpolation<'s>>,
    /// Whether it holds a `$` that begins no `${name}`.
    pub stray_dollar: Option<ErrorGuaranteed>,
}

/// `${name}`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interpolation<'s> {
    /// With `${` and `}`.
    pub span: Span,
    /// The name within.
    pub name: Name<'s>,
}

/// A word where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name<'s> {
    pub text: &'s str,
    pub span: Span,
}

/// A stretch that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken<'s> {
    pub span: Span,
    /// The proof that an error was reported.
    pub refused: ErrorGuaranteed,
    /// What it would have declared.
    pub declares: Option<Declared<'s>>,
}

/// A block whose header cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenBlock<'s> {
    pub span: Span,
    /// The error in the header, if the block may use more profiles than it says.
    pub incomplete: Option<ErrorGuaranteed>,
    /// What it would have declared.
    pub declares: Option<Declared<'s>>,
    pub block: Block<'s>,
}

/// A name that broken text would have declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared<'s> {
    Cluster(Name<'s>),
    Profile(Name<'s>),
    Role(Name<'s>),
    /// A setting or a variable.
    Value(Name<'s>),
    /// A mapping, of whomever.
    Mapping,
    /// Nobody knows what: a name that cannot be read, or whatever profiles say that it would have taken in.
    Anything,
}
