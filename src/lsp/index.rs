//! The names, texts and blocks in the files of a fleet, with their places.

mod builder;

use std::ops::Range;

use crate::problem::Noun;
use crate::source::Sources;
use crate::span::{FileId, Span};
use crate::syntax::tree::Tree;

/// The names, texts and blocks in the files of a fleet, each list in the order of its places.
#[derive(Debug, Default)]
pub struct Index {
    pub names: Vec<NameAt>,
    pub texts: Vec<TextAt>,
    pub blocks: Vec<Block>,
    /// The statements of all blocks and files that define or name something.
    pub symbols: Vec<Symbol>,
}

/// A name where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameAt {
    pub span: Span,
    pub noun: Noun,
    pub is_definition: bool,
    /// The block that it stands in.
    pub block: Option<BlockId>,
}

/// The index of a block.
pub type BlockId = usize;

/// A profile, the clusters of a statement, or an `on` block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// From its first word to its closing brace.
    pub span: Span,
    /// `Profile`, `Cluster`, or `Platform` for an `on` block.
    pub noun: Noun,
    /// The block that it stands in.
    pub parent: Option<BlockId>,
    /// The names in its header.
    pub names: Vec<String>,
    /// The symbols of its statements and of those in its blocks.
    pub symbols: Range<usize>,
}

/// Text in quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextAt {
    /// With its quotes.
    pub span: Span,
    pub has_interpolation: bool,
    /// What it is the path of, if it is a path from the directory of the source.
    pub path: Option<PathKind>,
    pub block: Option<BlockId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathKind {
    /// A pattern of `include`, or the path of `values`.
    Include,
    /// The path of a `resource`, `component` or `patch`.
    Passthrough,
}

/// A statement, for lists of symbols.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    pub noun: Noun,
    /// The place of its name.
    pub name: Span,
    /// The whole statement, or as much of it as is known.
    pub whole: Span,
    pub detail: String,
    pub block: Option<BlockId>,
    /// The block that it opens.
    pub opens: Option<BlockId>,
}

impl Index {
    pub fn new(sources: &Sources, trees: &[(FileId, Tree<'_>)]) -> Index {
        let mut index = Index::default();
        for (file, tree) in trees {
            builder::add_file(*file, sources, tree, &mut index);
        }
        index.names.sort_by_key(|name| name.span);
        index.texts.sort_by_key(|text| text.span);
        index
    }

    /// The name at a byte. Of two that touch there, the one that begins there.
    pub fn name_at(&self, file: FileId, offset: usize) -> Option<&NameAt> {
        let touches = |span: Span| span.file == file && is_in(span, offset);
        let after =
            self.names.partition_point(|name| (name.span.file, name.span.start as usize) <= (file, offset));
        let before = self.names.get(..after).unwrap_or_default();
        before.iter().rev().take(2).find(|name| touches(name.span))
    }

    /// The text in quotes at a byte.
    pub fn text_at(&self, file: FileId, offset: usize) -> Option<&TextAt> {
        let after =
            self.texts.partition_point(|text| (text.span.file, text.span.start as usize) <= (file, offset));
        let last = self.texts.get(after.checked_sub(1)?)?;
        (last.span.file == file && is_in(last.span, offset)).then_some(last)
    }

    pub fn block(&self, block: Option<BlockId>) -> Option<&Block> {
        self.blocks.get(block?)
    }

    /// The names of one file, in their order.
    pub fn names_of(&self, file: FileId) -> &[NameAt] {
        let before = self.names.partition_point(|name| name.span.file < file);
        let after = self.names.partition_point(|name| name.span.file <= file);
        self.names.get(before..after).unwrap_or_default()
    }

    /// The names that mean the same: with this text, and of a kind that shares its names.
    pub fn same<'i>(&'i self, name: &NameAt, sources: &'i Sources) -> impl Iterator<Item = &'i NameAt> {
        let (kind, text) = (NameKind::from(name.noun), sources.text(name.span).to_owned());
        self.names
            .iter()
            .filter(move |other| NameKind::from(other.noun) == kind && sources.text(other.span) == text)
    }
}

fn is_in(span: Span, offset: usize) -> bool {
    span.range().start <= offset && offset <= span.range().end
}

/// The nouns whose names are one set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    Role,
    Profile,
    /// Variables and settings.
    Value,
    Cluster,
    /// Whoever gets an identity.
    Recipient,
    Platform,
    Provider,
    Option,
}

impl From<Noun> for NameKind {
    fn from(noun: Noun) -> NameKind {
        match noun {
            Noun::Role => NameKind::Role,
            Noun::Profile => NameKind::Profile,
            Noun::Setting | Noun::Variable => NameKind::Value,
            Noun::Cluster => NameKind::Cluster,
            Noun::Controller | Noun::Mapping | Noun::Trust => NameKind::Recipient,
            Noun::Platform => NameKind::Platform,
            Noun::Provider => NameKind::Provider,
            Noun::Option | Noun::Field => NameKind::Option,
        }
    }
}
