//! What changes of that which an overlay passes through.

use std::collections::BTreeMap;

use crate::digest;
use crate::model::{Cluster, ForeignPatch, LocalPath, Passthrough};
use crate::problem::is_visible;
use crate::review::change::{PassthroughChange, PassthroughFate};
use crate::review::pair::Pair;
use crate::review::pair::Side;
use crate::syntax::notation::{Value, binding};
use crate::yaml::Document;

/// What is passed through in another way than before. `was`, `is`: the two fleets.
pub fn changes(pair: &Pair<'_>, was: Side<'_>, is: Side<'_>) -> Vec<PassthroughChange> {
    let nothing = Passthrough::default();
    let of =
        |cluster: Option<&'_ Cluster>| cluster.map_or_else(|| nothing.clone(), |it| it.passthrough.clone());
    let (before, after) = (of(pair.before()), of(pair.after()));
    if before == after {
        return Vec::new();
    }
    let named = |paths: &[LocalPath]| -> Vec<PassthroughItem> {
        paths.iter().map(PassthroughItem::from_path).collect()
    };
    // What stays where it is stays what it is, though the source moves and calls it something else.
    let renamed = |paths: &[LocalPath], now: &[LocalPath]| -> Vec<PassthroughItem> {
        let place = |side: Side<'_>, path: &LocalPath| format!("{}{}", side.root, path.as_str());
        let same = |path: &LocalPath| now.iter().find(|now| place(is, now) == place(was, path)).cloned();
        paths
            .iter()
            .map(|path| PassthroughItem::from_path(&same(path).unwrap_or_else(|| path.clone())))
            .collect()
    };
    let mut changes = Vec::new();
    let patches = |passed: &Passthrough| -> Vec<PassthroughItem> {
        passed.patches.iter().map(PassthroughItem::from_patch).collect()
    };
    // The order in which resources come says nothing.
    let resources = renamed(&before.resources, &after.resources);
    compare("resource", &resources, &named(&after.resources), false, &mut changes);
    let components = renamed(&before.components, &after.components);
    compare("component", &components, &named(&after.components), true, &mut changes);
    compare("patch", &patches(&before), &patches(&after), true, &mut changes);
    changes
}

/// Something that is passed through.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct PassthroughItem {
    name: String,
    /// What tells it from others of its name.
    digest: String,
}

impl PassthroughItem {
    fn from_path(path: &LocalPath) -> PassthroughItem {
        PassthroughItem { name: path.as_str().to_owned(), digest: String::new() }
    }

    fn from_patch(patch: &ForeignPatch) -> PassthroughItem {
        let ForeignPatch { text, target } = patch;
        let name = if target.is_empty() {
            let document = Document::read(text);
            let text_at = |keys: &[&str]| Some(document.as_ref()?.root().at(keys)?.text()?.to_owned());
            let parts =
                [text_at(&["kind"]), text_at(&["metadata", "namespace"]), text_at(&["metadata", "name"])];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            // A name that no object has may hold anything.
            let harmless = |letter: char| if is_visible(letter) { letter } else { '?' };
            parts.join(" ").chars().map(harmless).collect()
        } else {
            let fields = target.iter().map(|(field, value)| binding(field.name(), Value::Text(value)));
            fields.collect::<Vec<_>>().join(", ")
        };
        PassthroughItem { name, digest: digest::short(text.as_bytes()) }
    }
}

/// `is_ordered`: true if the order matters.
fn compare(
    what: &'static str,
    before: &[PassthroughItem],
    after: &[PassthroughItem],
    is_ordered: bool,
    changes: &mut Vec<PassthroughChange>,
) {
    let mut lost = surplus(before, after);
    let mut gained = surplus(after, before);
    let mut add = |name: &str, how, digests: Vec<String>| {
        changes.push(PassthroughChange { what, name: name.to_owned(), how, digests });
    };
    for (name, old) in &mut lost {
        let new = gained.remove(name).unwrap_or_default();
        let mut new = new.into_iter();
        for old in std::mem::take(old) {
            match new.next() {
                Some(new) => add(name, PassthroughFate::Changed, vec![old, new]),
                None => add(name, PassthroughFate::Removed, vec![old]),
            }
        }
        for new in new {
            add(name, PassthroughFate::Added, vec![new]);
        }
    }
    for (name, new) in gained {
        for new in new {
            add(&name, PassthroughFate::Added, vec![new]);
        }
    }
    let kept = |things: &[PassthroughItem], others: &[PassthroughItem]| -> Vec<PassthroughItem> {
        things.iter().filter(|thing| others.contains(thing)).cloned().collect()
    };
    let (kept_before, kept_after) = (kept(before, after), kept(after, before));
    if is_ordered && kept_before != kept_after && surplus(&kept_before, &kept_after).is_empty() {
        let moved = kept_before.iter().zip(&kept_after).find(|(one, other)| one != other);
        if let Some((_, thing)) = moved {
            add(&thing.name, PassthroughFate::Moved, vec![thing.digest.clone()]);
        }
    }
}

/// What is among some things more often than among others, by name.
fn surplus(things: &[PassthroughItem], others: &[PassthroughItem]) -> BTreeMap<String, Vec<String>> {
    let mut counts: BTreeMap<&PassthroughItem, isize> = BTreeMap::new();
    for thing in things {
        let count = counts.entry(thing).or_default();
        *count = count.saturating_add(1);
    }
    for thing in others {
        let count = counts.entry(thing).or_default();
        *count = count.saturating_sub(1);
    }
    let mut lacking: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (thing, count) in counts {
        for _ in 0..count.max(0) {
            lacking.entry(thing.name.clone()).or_default().push(thing.digest.clone());
        }
    }
    lacking
}
