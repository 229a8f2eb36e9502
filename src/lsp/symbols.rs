//! Symbols of a file and of all files, and the ranges that can be folded.

use crate::lsp::documents::Documents;
use crate::lsp::index::Symbol;
use crate::lsp::protocol::{DocumentSymbol, FoldingRange, WorkspaceSymbol};
use crate::lsp::snapshot::Snapshot;
use crate::lsp::view::{View, location};
use crate::problem::Noun;

/// The symbols of a file: its blocks with their statements.
pub fn document_symbols(view: &View<'_>) -> Vec<DocumentSymbol> {
    let symbols = view.snapshot.index().symbols.iter();
    let top = symbols.filter(|symbol| symbol.block.is_none() && symbol.name.file == view.file);
    top.map(|symbol| document_symbol(symbol, view)).collect()
}

fn document_symbol(symbol: &Symbol, view: &View<'_>) -> DocumentSymbol {
    let index = view.snapshot.index();
    let opened = index.block(symbol.opens).and_then(|block| index.symbols.get(block.symbols.clone()));
    let statements = opened.unwrap_or_default().iter().filter(|inside| inside.block == symbol.opens);
    DocumentSymbol {
        name: view.snapshot.sources.text(symbol.name).to_owned(),
        detail: Some(symbol.detail.clone()).filter(|detail| !detail.is_empty()),
        kind: kind(symbol.noun),
        range: view.range(symbol.whole),
        selection_range: view.range(symbol.name),
        children: statements.map(|statement| document_symbol(statement, view)).collect(),
    }
}

/// The clusters, profiles, roles and variables of a fleet whose names contain the letters of a query in their order.
pub fn workspace_symbols(snapshot: &Snapshot, query: &str, documents: &Documents) -> Vec<WorkspaceSymbol> {
    let index = snapshot.index();
    let declared = index
        .symbols
        .iter()
        .filter(|symbol| matches!(symbol.noun, Noun::Cluster | Noun::Profile | Noun::Role | Noun::Variable));
    let found = declared.filter(|symbol| contains_in_order(snapshot.sources.text(symbol.name), query));
    let symbol = |symbol: &Symbol| {
        Some(WorkspaceSymbol {
            name: snapshot.sources.text(symbol.name).to_owned(),
            kind: kind(symbol.noun),
            location: location(snapshot, symbol.name, documents)?,
            container_name: index.block(symbol.block).map(|block| block.names.join(", ")),
        })
    };
    found.filter_map(symbol).collect()
}

fn contains_in_order(text: &str, query: &str) -> bool {
    let mut letters = text.chars().map(|letter| letter.to_ascii_lowercase());
    query.chars().all(|wanted| letters.any(|letter| letter == wanted.to_ascii_lowercase()))
}

/// The kind of a symbol. Source: `SymbolKind` of the protocol.
const fn kind(noun: Noun) -> u8 {
    match noun {
        Noun::Profile => 3,
        Noun::Cluster => 2,
        Noun::Role => 12,
        Noun::Variable => 13,
        Noun::Setting | Noun::Option | Noun::Field => 7,
        Noun::Controller | Noun::Mapping | Noun::Trust => 24,
        Noun::Platform | Noun::Provider => 22,
    }
}

/// Blocks of several lines, and comments of several lines.
pub fn folding_ranges(view: &View<'_>) -> Vec<FoldingRange> {
    let blocks = view.snapshot.index().blocks.iter().filter(|block| block.span.file == view.file);
    let blocks = blocks.map(|block| view.range(block.span));
    let blocks = blocks.map(|range| (range.start.line, range.end.line, None));
    let comments = comment_runs(view.text()).map(|(start, end)| (start, end, Some("comment")));
    let several = blocks.chain(comments).filter(|(start, end, _)| start < end);
    several.map(|(start_line, end_line, kind)| FoldingRange { start_line, end_line, kind }).collect()
}

/// The first and the last line of comments that follow each other, counted from 0.
fn comment_runs(text: &str) -> impl Iterator<Item = (u32, u32)> {
    let mut lines = (0..).zip(text.split('\n')).peekable();
    std::iter::from_fn(move || {
        let is_comment = |line: &str| line.trim_start().starts_with('#');
        let (start, _) = lines.by_ref().find(|(_, line)| is_comment(line))?;
        let mut end = start;
        while let Some((next, _)) = lines.next_if(|(_, line)| is_comment(line)) {
            end = next;
        }
        Some((start, end))
    })
}
