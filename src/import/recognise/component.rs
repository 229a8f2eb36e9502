//! An overlay that stays hand-written: its text without the identities, and with the component that has them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::import::block;
use crate::import::overlay::Overlay;
use crate::import::patches::{MatchedPatch, PatchPart};
use crate::model::Target;
use crate::spanned::{Scalar, Spanned, Style, Value};

/// The directory of the component, in that of its overlay.
pub const DIRECTORY: &str = "identity";

/// A replacement of some bytes of a text.
type Edit = (Range<usize>, String);

/// The patches of an overlay with their parts, by the start of their entries.
type ByEntry<'p, 'o> = BTreeMap<usize, Vec<(&'p MatchedPatch<'o>, &'p PatchPart)>>;

/// The fate of an item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fate {
    Stays,
    /// Replaced by entries of these texts and targets, or removed if there are none.
    Becomes(Vec<(String, Option<Target>)>),
}

/// The text of an overlay without its identities; `None` if it cannot be edited line by line.
pub fn without_identities(
    overlay: &Overlay,
    patches: &[MatchedPatch<'_>],
    parts: &[Vec<PatchPart>],
    made: &BTreeSet<&str>,
) -> Option<String> {
    let text: &str = &overlay.file.text;
    let [root] = overlay.file.documents().ok()? else { return None };
    let mut by_entry: ByEntry<'_, '_> = BTreeMap::new();
    for (patch, parts) in patches.iter().zip(parts) {
        let of_entry = by_entry.entry(patch.entry.node.range.start).or_default();
        of_entry.extend(parts.iter().map(|part| (patch, part)));
    }
    let (mut edits, mut edited_lists) = (Vec::new(), BTreeSet::new());
    for (key, list) in root.entries() {
        let name = key.text().unwrap_or_default();
        let is_patches = matches!(name, "patches" | "patchesStrategicMerge" | "patchesJson6902");
        let is_generator = name == "configMapGenerator";
        if !(is_patches || is_generator) || list.items().is_empty() {
            continue;
        }
        // kustomize reads only the last of two lists.
        if !edited_lists.insert(name) {
            return None;
        }
        let fate = |item: &Spanned| {
            let is_made = || item.text_at("name").is_some_and(|name| made.contains(name));
            match by_entry.get(&item.range.start) {
                Some(of_entry) if is_patches => fate(of_entry),
                Some(_) | None if is_generator && is_made() => Some(Fate::Becomes(Vec::new())),
                Some(_) | None => Some(Fate::Stays),
            }
        };
        let fates: Vec<Fate> = list.items().iter().map(fate).collect::<Option<_>>()?;
        edits.extend(changes(text, key, list, &fates)?);
    }
    edits.push(component(text, root)?);
    edited(text, edits)
}

/// A text with these edits, with its own line breaks.
fn edited(text: &str, mut edits: Vec<Edit>) -> Option<String> {
    edits.sort_by_key(|(range, _)| range.start);
    let (mut out, mut done) = (String::new(), 0);
    for (range, replacement) in edits {
        out.push_str(text.get(done..range.start)?);
        if text.contains("\r\n") {
            out.push_str(&replacement.replace('\n', "\r\n"));
        } else {
            out.push_str(&replacement);
        }
        done = range.end;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

/// The fate of an entry; `None` if the rest of it cannot be written.
fn fate(of_entry: &[(&MatchedPatch<'_>, &PatchPart)]) -> Option<Fate> {
    if of_entry.iter().all(|(_, part)| part.marks.is_empty()) {
        return Some(Fate::Stays);
    }
    let left = of_entry.iter().filter_map(|(patch, part)| {
        let left = patch.document.without(&part.marks)?;
        Some(
            block::faithful(&left)
                .filter(|text| block::is_kept_inline(&left, text))
                .map(|patch| (patch, part.target.clone())),
        )
    });
    Some(Fate::Becomes(left.collect::<Option<_>>()?))
}

fn changes(text: &str, key: &Spanned, list: &Spanned, fates: &[Fate]) -> Option<Vec<Edit>> {
    let mut changes = Vec::new();
    for (at, (item, fate)) in list.items().iter().zip(fates).enumerate() {
        let Fate::Becomes(rewritten) = fate else { continue };
        let indent = indent(text, item)?;
        let lines = lines(text, item, list.items().get(at.saturating_add(1)))?;
        let entries = rewritten.iter().map(|(patch, target)| entry(target.as_ref(), patch, indent));
        changes.push((lines, entries.collect::<String>()));
    }
    if fates.iter().all(|fate| *fate == Fate::Becomes(Vec::new())) {
        let start = line_start(text, key.range.start);
        let end = changes.last().map_or(start, |(lines, _)| lines.end);
        return Some(vec![(start..end, String::new())]);
    }
    Some(changes)
}

/// The edit that lists the component.
fn component(text: &str, root: &Spanned) -> Option<Edit> {
    let (first, _) = root.entries().first()?;
    let column = margin(text, first)?;
    let margin = " ".repeat(column);
    let named = root.entries().iter().find(|(key, _)| key.text() == Some("components"));
    match named {
        Some((_, named)) if !named.items().is_empty() => {
            let last = named.items().last()?;
            if text.get(named.range.start..)?.starts_with('[') {
                return Some((last.range.end..last.range.end, format!(", {DIRECTORY}")));
            }
            let indent = " ".repeat(indent(text, last)?);
            let end = lines(text, last, None)?.end;
            Some((end..end, format!("{}{indent}- {DIRECTORY}\n", line_break(text, end)?)))
        }
        Some((key, _)) => {
            let start = line_start(text, key.range.start);
            let line = text.get(start..)?.split_inclusive('\n').next()?;
            let value = line.trim().strip_prefix("components")?.trim_start().strip_prefix(':')?;
            let is_empty = matches!(value.trim(), "" | "[]" | "~" | "null");
            let list = format!("{margin}components:\n{margin}- {DIRECTORY}\n");
            is_empty.then(|| (start..start.saturating_add(line.len()), list))
        }
        None => {
            let (key, value) = root.entries().last()?;
            let shown = text.get(..value.range.end.max(key.range.end.saturating_add(1)))?.trim_end().len();
            let end = line_end(text, shown)?;
            let list = format!("{margin}components:\n{margin}- {DIRECTORY}\n");
            Some((end..end, format!("{}{list}", line_break(text, end)?)))
        }
    }
}

/// The indentation of a key; `None` if something else is before it.
fn margin(text: &str, key: &Spanned) -> Option<usize> {
    let before = text.get(line_start(text, key.range.start)..key.range.start)?;
    let before = before.strip_prefix('\u{feff}').unwrap_or(before);
    before.bytes().all(|byte| byte == b' ').then_some(before.len())
}

/// The line break that is missing before a place.
fn line_break(text: &str, at: usize) -> Option<&'static str> {
    Some(if text.get(..at)?.ends_with('\n') { "" } else { "\n" })
}

/// The end of the line that a place is in, behind its line break.
fn line_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    Some(at.saturating_add(rest.find('\n').map_or(rest.len(), |at| at.saturating_add(1))))
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |at| at.saturating_add(1))
}

/// The indentation of the `-` of an item; `None` if something else is before it.
fn indent(text: &str, item: &Spanned) -> Option<usize> {
    let start = line_start(text, item.range.start);
    let before = text.get(start..item.range.start)?;
    let margin = before.trim_end().strip_suffix('-')?;
    margin.bytes().all(|byte| byte == b' ').then_some(margin.len())
}

/// The lines of an item, up to the next one.
fn lines(text: &str, item: &Spanned, next: Option<&Spanned>) -> Option<Range<usize>> {
    indent(text, item)?;
    let start = line_start(text, item.range.start);
    let end = if let Some(next) = next {
        line_start(text, next.range.start)
    } else {
        line_end(text, text.get(..item.range.end)?.trim_end().len())?
    };
    (start <= end).then_some(start..end)
}

fn entry(target: Option<&Target>, patch: &str, indent: usize) -> String {
    let margin = " ".repeat(indent);
    let mut out = format!("{margin}- patch: |\n");
    for line in patch.lines() {
        out.extend([margin.as_str(), "    ", line, "\n"]);
    }
    if let Some(target) = target {
        out.extend([margin.as_str(), "  target:\n"]);
        for (field, text) in target {
            let text = Spanned {
                range: 0..0,
                value: Value::Scalar(Scalar { text: text.clone(), style: Style::Quoted }),
            };
            out.extend([margin.as_str(), "    ", field.name(), ": ", &block::text(&text)]);
        }
    }
    out
}
