//! Whether an edited overlay says what it said, but for the identities that left it and the component that came.
//!
//! It is read by another library than the one whose places it was edited by, so that what the two do not agree about is
//! found, too.

use std::collections::BTreeMap;

use crate::import::block;
use crate::import::recognise::component::DIRECTORY;
use crate::model::{Target, TargetField};
use crate::spanned::Spanned;
use crate::yaml::{Document, Node};

/// What becomes of an item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    Stays,
    /// These entries stand in its place; if there are none, it is gone.
    Becomes(Vec<Rewritten>),
}

/// What becomes of the items of each list that is edited.
pub type Fates = BTreeMap<String, Vec<Fate>>;

/// An entry of a patch that was written anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewritten {
    pub patch: String,
    pub target: Option<Target>,
}

impl Fate {
    /// Whether nothing stands in its place.
    pub fn is_gone(&self) -> bool {
        matches!(self, Fate::Becomes(entries) if entries.is_empty())
    }
}

/// Whether `after` says what `before` does, with these fates and the component. `root`: `before`, as it was read for the
/// edit.
pub fn is_intended(root: &Spanned, before: &str, after: &str, fates: &Fates) -> bool {
    let (Some(before), Some(after)) = (Document::only(before), Document::only(after)) else { return false };
    let (before, after) = (before.root(), after.root());
    let stays = |(key, value): &(&str, Node<'_>)| {
        *key != "components"
            && !fates.get(*key).is_some_and(|fates| fates.iter().all(Fate::is_gone))
            && (fates.contains_key(*key) || after.get(key).is_some_and(|other| other.is_same(*value)))
    };
    let (Some(known), Some(found)) = (before.entries(), after.entries()) else { return false };
    let changes = |key: &str| key == "components" || fates.contains_key(key);
    let others = known.iter().filter(|(key, _)| !changes(key));
    let wanted = known.iter().filter(|entry| stays(entry)).map(|(key, _)| *key);
    let mut wanted: Vec<&str> = wanted.chain(["components"]).collect();
    let mut keys: Vec<&str> = found.iter().map(|(key, _)| *key).collect();
    wanted.sort_unstable();
    keys.sort_unstable();
    block::agrees(root, before)
        && keys == wanted
        && others.clone().count() == others.filter(|entry| stays(entry)).count()
        && fates.iter().all(|(key, fates)| is_intended_list(before.get(key), after.get(key), fates))
        && is_named(before.get("components"), after.get("components"))
}

fn is_intended_list(before: Option<Node<'_>>, after: Option<Node<'_>>, fates: &[Fate]) -> bool {
    let mut before = before.into_iter().flat_map(Node::items);
    let mut after = after.into_iter().flat_map(Node::items);
    let mut is_next = |fate: &Fate| {
        let Some(old) = before.next() else { return false };
        match fate {
            Fate::Stays => after.next().is_some_and(|new| new.is_same(old)),
            Fate::Becomes(entries) => {
                entries.iter().all(|entry| after.next().is_some_and(|new| is_entry(new, entry)))
            }
        }
    };
    fates.iter().all(&mut is_next) && before.next().is_none() && after.next().is_none()
}

fn is_entry(node: Node<'_>, entry: &Rewritten) -> bool {
    let is_target = match (&entry.target, node.get("target")) {
        (None, None) => true,
        (Some(wanted), Some(found)) => {
            let count = found.entries().map_or(0, |entries| entries.len());
            let is_said = |(field, text): (&TargetField, &String)| {
                found.get(field.name()).and_then(Node::text) == Some(text.as_str())
            };
            count == wanted.len() && wanted.iter().all(is_said)
        }
        (Some(_), None) | (None, Some(_)) => false,
    };
    let count = node.entries().map_or(0, |entries| entries.len());
    is_target
        && count == 1_usize.saturating_add(usize::from(entry.target.is_some()))
        && node.get("patch").and_then(Node::text) == Some(entry.patch.as_str())
}

/// Whether the component comes behind those that are there.
fn is_named(before: Option<Node<'_>>, after: Option<Node<'_>>) -> bool {
    let mut before = before.into_iter().flat_map(Node::items);
    let mut after = after.into_iter().flat_map(Node::items);
    before.all(|old| after.next().is_some_and(|new| new.is_same(old)))
        && after.next().and_then(Node::text) == Some(DIRECTORY)
        && after.next().is_none()
}
