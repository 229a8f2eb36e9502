//! Text to tree. Parsing never fails: what cannot be read is part of the tree, and is reported.

mod build;
mod builder;
mod characters;
mod foreign;
mod format;
mod grammar;
pub mod notation;
mod recover;
pub mod tree;
mod values;

use std::collections::BTreeSet;

pub use format::format;
use pest::Parser;

use rayon::prelude::*;

use crate::problem::Problems;
use crate::source::{Sources, slice};
use crate::span::FileId;
use crate::span::Span;
use crate::syntax::builder::Builder;
use crate::syntax::grammar::{Grammar, Rule};
use crate::syntax::tree::{Item, Line, Text, Tree};

/// How many bytes are parsed at once. The parser's working memory grows with its text; pieces keep it small and warm.
const PIECE: usize = 16 * 1024;
/// How many are parsed at once at least, where a text is short.
const LEAST: usize = 2 * 1024;
/// In how many pieces a short text is parsed. This is the same on all machines.
const PIECES: usize = 8;

/// Reads one file of `sources`, and the files of values that it names.
pub fn parse<'s>(sources: &'s Sources, file: FileId, problems: &mut Problems) -> Tree<'s> {
    let mut tree = parse_lines(sources, file, |_| true, problems);
    let mut known = BTreeSet::new();
    for line in &tree.lines {
        let Some(Item::Values(path)) = &line.node else { continue };
        if let Some(file) = sources.values(path.raw).filter(|file| known.insert(*file)) {
            tree.values.push(values::parse(sources, file, problems));
        }
    }
    tree
}

/// Parses the pieces of a text that are wanted.
fn parse_lines<'s>(
    sources: &'s Sources,
    file: FileId,
    is_wanted: impl Fn(&str) -> bool,
    problems: &mut Problems,
) -> Tree<'s> {
    let text = sources.get(file).map_or("", |source| source.text.as_str());
    let mut size = (text.len() / PIECES).clamp(LEAST, PIECE);
    if has_conflict(text) {
        // Both sides of a conflict may begin an item.
        size = text.len();
    }
    let pieces: Vec<Piece<'_>> = pieces(text, size).filter(|piece| is_wanted(piece.text)).collect();
    let mut tree = Tree::default();
    let parsed: Vec<Parsed<'s>> = pieces.par_iter().map(|piece| parse_piece(file, text, piece)).collect();
    for (lines, found) in parsed {
        tree.lines.extend(lines);
        problems.append(found);
    }
    tree
}

/// True if a line of the text starts as the conflicts of git do.
fn has_conflict(text: &str) -> bool {
    const MARK: &str = "<<<<<<<";
    text.match_indices(MARK)
        .any(|(at, _)| slice(text, 0..at).bytes().next_back().is_none_or(|last| last == b'\n'))
}

/// The lines of a piece, and what is wrong with them.
type Parsed<'s> = (Vec<Line<'s, Item<'s>>>, Problems);

fn parse_piece<'s>(file: FileId, text: &'s str, piece: &Piece<'s>) -> Parsed<'s> {
    let (mut lines, mut problems) = (Vec::new(), Problems::default());
    characters::check(file, piece.text, piece.offset, &mut problems);
    let mut builder =
        Builder { file, text, offset: piece.offset, in_conflict: false, problems: &mut problems };
    match Grammar::parse(Rule::file, piece.text) {
        Ok(pairs) => builder.file(pairs, &mut lines),
        // The grammar has a tree for every text. If it had not, nothing of the text must be lost in silence.
        Err(_) => builder.unread_piece(piece.text.len()),
    }
    (lines, problems)
}

/// The patterns of the root source's `include`, in source order. What is wrong with the text is not reported here.
pub fn includes(sources: &Sources, root: FileId) -> Vec<(String, Span)> {
    paths(sources, root, "include", |item| if let Item::Include(path) = item { Some(path) } else { None })
}

/// The files of values that a source names, in the same way.
pub fn values(sources: &Sources, file: FileId) -> Vec<(String, Span)> {
    paths(sources, file, "values", |item| if let Item::Values(path) = item { Some(path) } else { None })
}

fn paths(
    sources: &Sources,
    file: FileId,
    word: &str,
    path: impl for<'i> Fn(&'i Item<'i>) -> Option<&'i Text<'i>>,
) -> Vec<(String, Span)> {
    let tree = parse_lines(sources, file, |text| text.contains(word), &mut Problems::default());
    let items = tree.lines.iter().filter_map(|line| line.node.as_ref());
    items.filter_map(|item| path(item).map(|path| (path.raw.to_owned(), path.span))).collect()
}

/// A stretch of a text, and where it begins.
struct Piece<'s> {
    offset: usize,
    text: &'s str,
}

/// Cuts a text before lines that begin a cluster or a profile, into pieces of at least `size` bytes. Such a line
/// begins an item whatever stands open before it, so that the trees of the pieces are the tree of the whole.
fn pieces(text: &str, size: usize) -> impl Iterator<Item = Piece<'_>> {
    let mut offset = 0;
    std::iter::from_fn(move || {
        let rest = slice(text, offset..text.len());
        if rest.is_empty() {
            return None;
        }
        let cut = item_after(rest, size).unwrap_or(rest.len());
        let piece = Piece { offset, text: slice(rest, 0..cut) };
        offset = offset.saturating_add(cut);
        Some(piece)
    })
}

/// Where the first line at or after `from` begins an item.
fn item_after(text: &str, from: usize) -> Option<usize> {
    let mut from = text.as_bytes().get(from..)?.iter().position(|byte| *byte == b'\n')?.saturating_add(from);
    loop {
        let line = from.saturating_add(1);
        let rest = text.get(line..)?;
        let after = rest.strip_prefix("cluster ").or_else(|| rest.strip_prefix("profile "));
        if after.is_some_and(|name| name.starts_with(|letter: char| letter.is_ascii_alphanumeric())) {
            return Some(line);
        }
        from = rest.find('\n')?.saturating_add(line);
    }
}
