//! Inlay hints and code lenses: what templates come to, and how many clusters use a profile.

use crate::lsp::index::{Block, BlockId, TextAt};
use crate::lsp::protocol::{CodeLens, Command, InlayHint};
use crate::lsp::scope::clusters_of;
use crate::lsp::snapshot::ClusterMeaning;
use crate::lsp::view::View;
use crate::problem::render::sanitized;
use crate::problem::{Noun, count};
use crate::span::Span;

/// The most characters of a hint. The hover has the rest.
const MOST: usize = 120;

/// The evaluated texts behind `${…}` that one cluster uses.
pub fn inlay_hints(view: &View<'_>, within: Span) -> Vec<InlayHint> {
    let Some(meaning) = &view.meaning else { return Vec::new() };
    let index = view.snapshot.index();
    let is_here = |text: &&TextAt| {
        let span = text.span;
        text.has_interpolation
            && span.file == within.file
            && span.start <= within.end
            && within.start <= span.end
    };
    let hint = |text: &TextAt| {
        let clusters = clusters_of(text.block, text.span.file, index, meaning);
        let [only] = clusters.as_slice() else { return None };
        let written = view.snapshot.sources.text(text.span).trim_matches('"');
        let label = shortened(&only.evaluate(written)?);
        Some(InlayHint { position: view.range(text.span).end, label, padding_left: true })
    };
    index.texts.iter().filter(is_here).filter_map(hint).collect()
}

fn shortened(text: &str) -> String {
    let text = sanitized(text);
    if text.chars().count() <= MOST {
        return format!("= {text}");
    }
    format!("= {}…", text.chars().take(MOST).collect::<String>())
}

/// The clusters that use each profile of a file.
pub fn code_lenses(view: &View<'_>) -> Vec<CodeLens> {
    let Some(meaning) = &view.meaning else { return Vec::new() };
    let index = view.snapshot.index();
    let blocks = index.blocks.iter().enumerate();
    let profiles = blocks.filter(|(_, block)| block.noun == Noun::Profile && block.span.file == view.file);
    let lens = |(id, block): (BlockId, &Block)| {
        let title = users(&clusters_of(Some(id), view.file, index, meaning));
        CodeLens { range: view.range(block.span), command: Command { title, command: "" } }
    };
    profiles.map(lens).collect()
}

fn users(clusters: &[ClusterMeaning<'_>]) -> String {
    match clusters {
        [] => "used by no cluster".to_owned(),
        [_, _, _, _, ..] => format!("used by {}", count(clusters.len(), "cluster")),
        few => {
            let names: Vec<&str> = few.iter().map(|known| known.cluster.name.as_str()).collect();
            format!("used by {}", names.join(", "))
        }
    }
}
