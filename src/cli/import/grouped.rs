//! Groups equal findings: a fleet often has the same one in every cluster.

use std::collections::BTreeMap;

use crate::problem::render::Located;
use crate::problem::{Finding, Place, more};
use crate::source::Sources;

/// The number of places that a note names.
const MOST_PLACES: usize = 3;

/// One finding for each code and wording, with the places of the others in a note.
pub fn group(findings: Vec<Finding>, sources: &Sources) -> Vec<Finding> {
    let located = Located::new(sources);
    let mut groups: Vec<(Finding, Vec<String>)> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for finding in findings {
        let group = known.get(&wording(&finding)).and_then(|at| groups.get_mut(*at));
        if let Some((_, places)) = group {
            places.push(place(&finding, &located));
        } else {
            known.insert(wording(&finding), groups.len());
            groups.push((finding, Vec::new()));
        }
    }
    let note = |(finding, places): (Finding, Vec<String>)| {
        let named = places.iter().take(MOST_PLACES).map(|place| format!("`{place}`"));
        let named = named.collect::<Vec<_>>().join(", ");
        match places.len() {
            0 => finding,
            count if count <= MOST_PLACES => finding.note(format!("also at {named}")),
            count => {
                let rest = more(count.saturating_sub(MOST_PLACES), "place");
                finding.note(format!("also at {named} and {rest}"))
            }
        }
    };
    groups.into_iter().map(note).collect()
}

/// The texts of a finding, without its places.
fn wording(finding: &Finding) -> String {
    let labels = match &finding.place {
        Place::Source(labels) => labels.iter().map(|label| label.text.as_str()).collect(),
        Place::File(_) => Vec::new(),
    };
    let helps: Vec<&str> = finding.helps.iter().map(|help| help.text.as_str()).collect();
    format!("{} {} {labels:?} {helps:?} {:?}", finding.code, finding.message, finding.notes)
}

fn place(finding: &Finding, located: &Located<'_>) -> String {
    let region = finding.span().and_then(|span| located.region(span));
    match (region, &finding.place) {
        (Some(region), _) => format!("{}:{}", region.file, region.start.0),
        (None, Place::File(path)) => path.clone(),
        (None, Place::Source(_)) => String::new(),
    }
}
