//! An overlay that stays in hand: its text without the identities, and with the component that has them.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::import::block;
use crate::import::objects::{FIELDS, Target};
use crate::import::overlay::Overlay;
use crate::import::recognise::Patch;
use crate::import::recognise::taken::Part;
use crate::marked::{Marked, Scalar, Style, Value};

/// The directory of the component, in that of its overlay.
pub const DIRECTORY: &str = "identity";

/// The text of an overlay without its identities; nothing if it is written in a way that cannot be edited line by line.
pub fn without_identities(
    overlay: &Overlay,
    patches: &[Patch<'_>],
    parts: &[Vec<Part>],
    made: &BTreeSet<&str>,
) -> Option<String> {
    let text: &str = &overlay.file.text;
    let [root] = overlay.file.documents.as_deref().ok()? else { return None };
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for (key, list) in root.entries() {
        let is_patches = matches!(key.text(), Some("patches" | "patchesStrategicMerge" | "patchesJson6902"));
        let is_generator = key.text() == Some("configMapGenerator");
        if !(is_patches || is_generator) || list.items().is_empty() {
            continue;
        }
        let mut gone = 0_usize;
        let mut changes = Vec::new();
        for (at, item) in list.items().iter().enumerate() {
            let replacement = if is_generator {
                let is_made = item.text_at("name").is_some_and(|name| made.contains(name));
                is_made.then(String::new)
            } else {
                replacement(item, patches, parts, indent(text, item)?)
            };
            let Some(replacement) = replacement else { continue };
            let lines = lines(text, item, list.items().get(at.saturating_add(1)))?;
            if replacement.is_empty() {
                gone = gone.saturating_add(1);
            }
            changes.push((lines, replacement));
        }
        if gone == list.items().len() {
            let start = line_start(text, key.range.start);
            let end = changes.last().map_or(start, |(lines, _)| lines.end);
            edits.push((start..end, String::new()));
        } else {
            edits.extend(changes);
        }
    }
    if edits.is_empty() {
        return None;
    }
    edits.push(component(text, root)?);
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut out = text.to_owned();
    for (range, replacement) in edits {
        let _old = out.get(range.clone())?;
        out.replace_range(range, &replacement);
    }
    Some(out)
}

/// What stands in place of an entry whose patches lose something; nothing if they lose nothing.
fn replacement(item: &Marked, patches: &[Patch<'_>], parts: &[Vec<Part>], indent: usize) -> Option<String> {
    let all = patches.iter().zip(parts).filter(|(patch, _)| patch.entry.node.range == item.range);
    let of_entry: Vec<(&Patch<'_>, &Part)> =
        all.flat_map(|(patch, parts)| parts.iter().map(move |part| (patch, part))).collect();
    if of_entry.iter().all(|(_, part)| part.marks.is_empty()) {
        return None;
    }
    let left = of_entry.into_iter().filter_map(|(patch, part)| {
        let left = patch.document.without(&part.marks)?;
        Some(rewritten(part.target.as_ref(), &left, indent))
    });
    Some(left.collect())
}

/// Where the component is named, and how.
fn component(text: &str, root: &Marked) -> Option<(Range<usize>, String)> {
    if let Some(list) = root.get("components").filter(|list| !list.items().is_empty()) {
        let last = list.items().last()?;
        let indent = " ".repeat(indent(text, last)?);
        let end = lines(text, last, None)?.end;
        let line_break = if text.get(..end)?.ends_with('\n') { "" } else { "\n" };
        return Some((end..end, format!("{line_break}{indent}- {DIRECTORY}\n")));
    }
    let line_break = if text.ends_with('\n') || text.is_empty() { "" } else { "\n" };
    Some((text.len()..text.len(), format!("{line_break}components:\n- {DIRECTORY}\n")))
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |at| at.saturating_add(1))
}

/// How far the `-` of an item stands in; nothing if something else stands before it.
fn indent(text: &str, item: &Marked) -> Option<usize> {
    let start = line_start(text, item.range.start);
    let before = text.get(start..item.range.start)?;
    let margin = before.trim_end().strip_suffix('-')?;
    margin.bytes().all(|byte| byte == b' ').then_some(margin.len())
}

/// The lines of an item, up to the next one.
fn lines(text: &str, item: &Marked, next: Option<&Marked>) -> Option<Range<usize>> {
    let _alone = indent(text, item)?;
    let start = line_start(text, item.range.start);
    let end = if let Some(next) = next {
        line_start(text, next.range.start)
    } else {
        let shown = text.get(..item.range.end)?.trim_end().len();
        let rest = text.get(shown..)?;
        shown.saturating_add(rest.find('\n').map_or(rest.len(), |at| at.saturating_add(1)))
    };
    (start <= end).then_some(start..end)
}

/// An entry with what is left of its patch.
fn rewritten(target: Option<&Target>, left: &Marked, indent: usize) -> String {
    let margin = " ".repeat(indent);
    let mut out = format!("{margin}- patch: |\n");
    for line in block::text(left).lines() {
        out.extend([margin.as_str(), "    ", line, "\n"]);
    }
    if let Some(target) = target {
        out.extend([margin.as_str(), "  target:\n"]);
        for (field, text) in FIELDS.into_iter().filter_map(|field| Some((field, target.get(field)?))) {
            let text = Marked {
                range: 0..0,
                value: Value::Scalar(Scalar { text: text.clone(), style: Style::Quoted }),
            };
            out.extend([margin.as_str(), "    ", field, ": ", &block::text(&text)]);
        }
    }
    out
}
