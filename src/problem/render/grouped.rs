//! The same mistake in several places, once.

use std::collections::{BTreeMap, BTreeSet};

use crate::problem::{Code, Finding, Place};
use crate::source::{Sources, slice};

/// What a note begins with that lists all valid names.
const LIST: &str = "valid names: ";
/// How many other places are named.
const NAMED: usize = 8;

/// A finding, and the others that say the same of other places.
pub struct Grouped<'f> {
    pub first: &'f Finding,
    pub others: Vec<&'f Finding>,
    /// Its notes, except for a list of names that an earlier finding of this code has.
    pub notes: Vec<&'f str>,
}

/// What two findings have in common if they are about the same mistake.
type Key<'f> = (Code, &'f str, Option<&'f str>, Vec<(&'f str, u32)>, Vec<&'f str>, &'f [String]);

/// The findings in their order. One that says of the same text what an earlier one says is among the others of that.
pub fn grouped<'f>(findings: &'f [Finding], sources: &'f Sources) -> Vec<Grouped<'f>> {
    let mut groups: Vec<Grouped<'f>> = Vec::new();
    let mut known: BTreeMap<Key<'f>, usize> = BTreeMap::new();
    let mut noted: BTreeSet<(Code, &'f str)> = BTreeSet::new();
    for finding in findings {
        let at = *known.entry(key(finding, sources)).or_insert(groups.len());
        if let Some(group) = groups.get_mut(at) {
            group.others.push(finding);
            continue;
        }
        let is_new = |note: &&'f str| !note.starts_with(LIST) || noted.insert((finding.code, *note));
        let new = finding.notes.iter().map(String::as_str).filter(is_new);
        groups.push(Grouped { first: finding, others: Vec::new(), notes: new.collect() });
    }
    groups
}

fn key<'f>(finding: &'f Finding, sources: &'f Sources) -> Key<'f> {
    let helps = finding.helps.iter().map(|help| help.text.as_str()).collect();
    let (text, labels) = match &finding.place {
        Place::File(_) => (None, Vec::new()),
        Place::Source(labels) => {
            let primary = labels.first().map(|label| label.span);
            let text = primary.and_then(|span| Some(slice(&sources.get(span.file)?.text, span.range())));
            // The label of a cluster differs between clusters.
            let cluster = finding.clusters.first().map(|cluster| cluster.at);
            let others = labels.iter().skip(1).filter(|label| Some(label.span) != cluster);
            let primary_text = labels.first().map(|label| (label.text.as_str(), 0));
            let others = others.map(|label| (label.text.as_str(), label.span.start));
            (Some(text.unwrap_or_default()), primary_text.into_iter().chain(others).collect())
        }
    };
    (finding.code, &finding.message, text, labels, helps, &finding.notes)
}

/// Where the others are: `the same in lines 12, 20 and 3 more`. `line`: the file and the line of a finding.
pub fn places<'f>(
    group: &Grouped<'f>,
    line: impl Fn(&'f Finding) -> Option<(&'f str, usize)>,
) -> Option<String> {
    let first = line(group.first);
    let on_other_line = |finding: &&'f Finding| first.is_none() || line(finding) != first;
    let others: Vec<&'f Finding> = group.others.iter().copied().filter(on_other_line).collect();
    if others.is_empty() {
        return None;
    }
    let here = first.map(|(file, _)| file);
    let is_here = |finding: &&'f Finding| line(finding).is_none_or(|(file, _)| Some(file) == here);
    let place = |finding: &'f Finding| match (&finding.place, line(finding)) {
        (Place::File(path), _) => format!("`{path}`"),
        (Place::Source(_), Some((file, line))) if Some(file) != here => format!("`{file}:{line}`"),
        (Place::Source(_), line) => line.map_or_else(String::new, |(_, line)| line.to_string()),
    };
    let ordered = others.iter().copied().filter(is_here);
    let ordered = ordered.chain(others.iter().copied().filter(|finding| !is_here(finding)));
    let mut named: Vec<String> = ordered.take(NAMED).map(place).collect();
    named.dedup();
    let rest = others.len().saturating_sub(NAMED);
    if rest > 0 {
        named.push(format!("{rest} more"));
    }
    let lines = others.iter().filter(|finding| line(finding).is_some() && is_here(finding)).count();
    let noun = match lines {
        0 => "",
        1 => "line ",
        _ => "lines ",
    };
    let all = match named.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, begin)) => format!("{} and {last}", begin.join(", ")),
        None => String::new(),
    };
    Some(format!("the same in {noun}{all}"))
}
