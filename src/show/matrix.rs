//! Clusters and controllers, and which clusters are alike.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::{Assignee, Cluster, Controller, Platform, Provider};
use crate::show::words;

/// What a cluster's own name is written as where clusters are alike but for it: as in a source, where no `$` stands for
/// itself.
pub const OWN_NAME: &str = "${cluster}";

/// Clusters and controllers.
pub struct Matrix<'f> {
    pub columns: Vec<Column>,
    /// What each cluster has, in the order of the fleet.
    pub rows: Vec<Row<'f>>,
}

/// Whose identities stand in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    Controller(Controller),
    /// Those of the ServiceAccounts that objects of Flux name.
    Accounts,
}

/// What one cluster has, by columns.
pub struct Row<'f> {
    pub cluster: &'f Cluster,
    pub cells: Vec<Vec<Entry>>,
}

/// One identity in a cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub provider: Provider,
    /// Which of the ServiceAccounts has it, where the column does not say so.
    pub account: Option<String>,
    pub text: String,
}

/// Clusters that have the same, but for their names in the names of identities.
pub struct Group<'f> {
    pub clusters: Vec<&'f Cluster>,
    /// For each column what they have there. Where there are several clusters, `${cluster}` is the name of each.
    pub cells: Vec<Vec<Entry>>,
}

impl Column {
    pub fn name(self) -> &'static str {
        match self {
            Column::Controller(controller) => controller.name(),
            Column::Accounts => "service accounts",
        }
    }
}

impl<'f> Matrix<'f> {
    pub fn of(clusters: &[&'f Cluster]) -> Matrix<'f> {
        let all: Vec<BTreeMap<Column, Vec<Entry>>> = clusters.iter().map(|cluster| cells(cluster)).collect();
        let mut columns: Vec<Column> = all.iter().flat_map(BTreeMap::keys).copied().collect();
        columns.sort();
        columns.dedup();
        let rows = clusters.iter().zip(all).map(|(cluster, mut cells)| {
            let cells = columns.iter().map(|column| cells.remove(column).unwrap_or_default()).collect();
            Row { cluster, cells }
        });
        let rows = rows.collect();
        Matrix { columns, rows }
    }

    /// Clusters that are alike, in the order of the first of each.
    pub fn groups(&self) -> Vec<Group<'f>> {
        let mut known: BTreeMap<(Platform, Vec<Vec<Entry>>), usize> = BTreeMap::new();
        let mut groups: Vec<(Group<'f>, &Row<'f>)> = Vec::new();
        for row in &self.rows {
            let general: Vec<Vec<Entry>> = row.cells.iter().map(|cell| general(cell, row.cluster)).collect();
            let number = *known.entry((row.cluster.platform, general.clone())).or_insert(groups.len());
            match groups.get_mut(number) {
                Some((group, _)) => group.clusters.push(row.cluster),
                None => groups.push((Group { clusters: vec![row.cluster], cells: general }, row)),
            }
        }
        let one_is_itself = |(group, first): (Group<'f>, &Row<'f>)| match group.clusters.as_slice() {
            [_] => Group { cells: first.cells.clone(), ..group },
            _ => group,
        };
        groups.into_iter().map(one_is_itself).collect()
    }
}

fn cells(cluster: &Cluster) -> BTreeMap<Column, Vec<Entry>> {
    let mut cells: BTreeMap<Column, Vec<Entry>> = BTreeMap::new();
    for holding in cluster.assignments() {
        let (column, account) = match holding.assignee {
            Assignee::Controller(controller) => (Column::Controller(controller), None),
            Assignee::Account(_) => (Column::Accounts, Some(words::holder(holding.assignee))),
        };
        let entry = Entry {
            provider: holding.identity_and_source.provider(),
            account,
            text: words::held(holding.identity_and_source),
        };
        cells.entry(column).or_default().push(entry);
    }
    cells
}

fn general(cell: &[Entry], cluster: &Cluster) -> Vec<Entry> {
    let entry = |entry: &Entry| Entry {
        text: without_name(&entry.text, &cluster.name).into_owned(),
        account: entry.account.clone(),
        provider: entry.provider,
    };
    cell.iter().map(entry).collect()
}

/// A text with `${cluster}` wherever the name stands in it as words of its own.
fn without_name<'a>(text: &'a str, name: &str) -> Cow<'a, str> {
    let is_word = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    let mut general = String::new();
    let mut rest = text;
    let mut before = None;
    while let Some((head, tail)) = rest.split_once(name) {
        let last = head.chars().next_back().or(before);
        let whole = !is_word(last) && !is_word(tail.chars().next());
        general.extend([head, if whole { OWN_NAME } else { name }]);
        before = name.chars().next_back();
        rest = tail;
    }
    if general.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(general + rest) }
}

#[cfg(test)]
mod tests {
    use super::without_name;

    #[test]
    fn a_name_is_found_where_it_stands_as_words_of_its_own() {
        let of = |text, name| without_name(text, name).into_owned();
        assert_eq!(of("role/prod-eu-kms", "prod-eu"), "role/${cluster}-kms");
        assert_eq!(of("role/prod-eu/prod-eu", "prod-eu"), "role/${cluster}/${cluster}");
        assert_eq!(of("arn:aws:iam::1:role/a", "a"), "arn:aws:iam::1:role/${cluster}");
        assert_eq!(of("role/prod-eu1-kms", "prod-eu"), "role/prod-eu1-kms");
        assert_eq!(of("role/flux", "prod-eu"), "role/flux");
    }
}
