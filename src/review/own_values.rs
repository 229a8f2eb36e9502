//! What is a cluster's own, and stands in what it has: its name, its account, its variables.

use crate::model::Cluster;
use crate::review::pair::Pair;

/// The values that are a cluster's own, and their names, the longest value first. A value that changes is not among
/// them: nothing that changes may hide behind a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnValues<'f>(Vec<(&'f str, &'f str)>);

/// Shorter values stand in too much by chance.
const SHORTEST: usize = 2;

impl<'f> OwnValues<'f> {
    pub fn new(pair: &Pair<'f>) -> OwnValues<'f> {
        let values = |cluster: &'f Cluster| {
            let named = cluster.values.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            std::iter::once(("cluster", cluster.name.as_str())).chain(named)
        };
        let mut own: Vec<(&str, &str)> = match pair {
            Pair::New(cluster) | Pair::Gone(cluster) => values(cluster).collect(),
            Pair::Both(before, after) => {
                let is_same = |(name, value): &(&str, &str)| match *name {
                    "cluster" => before.name == *value,
                    name => before.values.get(name).is_some_and(|earlier| earlier == value),
                };
                values(after).filter(is_same).collect()
            }
        };
        own.retain(|(_, value)| value.len() >= SHORTEST);
        own.sort_by(|(one_name, one), (name, other)| {
            other.len().cmp(&one.len()).then_with(|| one_name.cmp(name))
        });
        own.dedup();
        OwnValues(own)
    }

    /// A text with names in place of what is the cluster's own.
    pub fn hidden(&self, text: &str) -> String {
        let mut hidden = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let own = self.0.iter().find_map(|(name, value)| Some((name, rest.strip_prefix(value)?)));
            if let Some((name, after)) = own {
                // No text of a source has a control character.
                hidden.extend(["\u{1}", name, "\u{1}"]);
                rest = after;
            } else {
                hidden.push(first);
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            }
        }
        hidden
    }
}
