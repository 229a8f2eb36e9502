//! Clusters and controllers, and which clusters are alike.

use std::collections::BTreeMap;

use crate::model::{Assignee, Cluster, Controller, Platform, Provider};
use crate::show::words;
use crate::syntax::notation::with_hole;

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
    /// Which of the ServiceAccounts has it, where the column does not say so, and that it is only trusted.
    pub note: Option<String>,
    pub text: String,
}

/// Clusters that have the same, but for their names in the names of identities.
pub struct Group<'f> {
    pub clusters: Vec<&'f Cluster>,
    /// For each column what they have there. Where there are several clusters, `${cluster}` is the name of each.
    pub cells: Vec<Vec<Entry>>,
}

impl Column {
    pub fn of_assignee(assignee: Assignee<'_>) -> Column {
        match assignee {
            Assignee::Controller(controller) => Column::Controller(controller),
            Assignee::Account(_) => Column::Accounts,
        }
    }

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

    /// Clusters that are alike, in the order of the first of each. If there are many, clusters are alike too that differ in
    /// their account or project, and then in any value.
    pub fn groups(&self) -> Vec<Group<'f>> {
        let mut groups = self.folded(Fold::Cluster);
        for fold in [Fold::Place, Fold::Value] {
            if groups.len() <= MOST_ROWS {
                break;
            }
            groups = self.folded(fold);
        }
        groups
    }

    fn folded(&self, fold: Fold) -> Vec<Group<'f>> {
        let mut known: BTreeMap<(Platform, Vec<Vec<Entry>>), usize> = BTreeMap::new();
        let mut groups: Vec<Vec<&Row<'f>>> = Vec::new();
        for row in &self.rows {
            let general = row.cells.iter().map(|cell| general(cell, row.cluster, fold)).collect();
            let number = *known.entry((row.cluster.platform, general)).or_insert(groups.len());
            match groups.get_mut(number) {
                Some(group) => group.push(row),
                None => groups.push(vec![row]),
            }
        }
        let group = |rows: Vec<&Row<'f>>| Group {
            clusters: rows.iter().map(|row| row.cluster).collect(),
            cells: common(&rows),
        };
        groups.into_iter().map(group).collect()
    }
}

/// How many rows fit a screen, with who shares what below them.
const MOST_ROWS: usize = 24;
/// Shorter values stand in texts by chance.
const LEAST_VALUE: usize = 3;

/// What of an identity is replaced by the name of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fold {
    Nothing,
    /// The name of the cluster.
    Cluster,
    /// And its account or project.
    Place,
    /// And all other values.
    Value,
}

/// For each column what the rows have there. An identity is as it is, if it is the same in all; else what differs is replaced,
/// and no more than needed.
fn common(rows: &[&Row<'_>]) -> Vec<Vec<Entry>> {
    let Some((first, others)) = rows.split_first() else { return Vec::new() };
    let columns = first.cells.iter().enumerate();
    let cells = columns.map(|(column, cell)| {
        let entries = cell.iter().enumerate().map(|(at, entry)| {
            let is_same = |text: &String, fold: Fold| {
                others.iter().all(|row| {
                    let other = row.cells.get(column).and_then(|cell| cell.get(at));
                    other.is_some_and(|other| folded(other, row.cluster, fold) == *text)
                })
            };
            let folds = [Fold::Nothing, Fold::Cluster, Fold::Place, Fold::Value];
            let mut texts = folds.into_iter().map(|fold| (folded(entry, first.cluster, fold), fold));
            let same = texts.find(|(text, fold)| is_same(text, *fold));
            Entry { text: same.map_or_else(|| entry.text.clone(), |(text, _)| text), ..entry.clone() }
        });
        entries.collect()
    });
    cells.collect()
}

fn cells(cluster: &Cluster) -> BTreeMap<Column, Vec<Entry>> {
    let mut cells: BTreeMap<Column, Vec<Entry>> = BTreeMap::new();
    for assignment in cluster.assignments() {
        let column = Column::of_assignee(assignment.assignee);
        let entry = Entry {
            provider: assignment.identity_and_source.provider(),
            note: words::note(&assignment),
            text: words::identity(assignment.identity_and_source),
        };
        cells.entry(column).or_default().push(entry);
    }
    cells
}

fn general(cell: &[Entry], cluster: &Cluster, fold: Fold) -> Vec<Entry> {
    cell.iter().map(|entry| Entry { text: folded(entry, cluster, fold), ..entry.clone() }).collect()
}

/// The text of an identity, with `${name}` for some of the values of its cluster.
fn folded(entry: &Entry, cluster: &Cluster, fold: Fold) -> String {
    let is_folded = |name: &str| match fold {
        Fold::Nothing | Fold::Cluster => false,
        Fold::Place => matches!(name, "account" | "project" | "project-number"),
        Fold::Value => true,
    };
    if fold == Fold::Nothing {
        return entry.text.clone();
    }
    let values = cluster.values.iter().filter(|(name, value)| is_folded(name) && value.len() >= LEAST_VALUE);
    let mut values: Vec<(&str, &str)> = values.map(|(name, value)| (value.as_str(), name.as_str())).collect();
    values.push((cluster.name.as_str(), "cluster"));
    // A value may be part of another.
    values.sort_by_key(|(value, name)| (std::cmp::Reverse(value.len()), *name));
    let text = values.into_iter().fold(entry.text.clone(), |text, (value, name)| {
        if text.contains(value) { with_hole(&text, value, &format!("${{{name}}}")) } else { text }
    });
    // A client id that no variable has is one of its cluster all the same.
    if fold == Fold::Value && entry.provider == Provider::Azure && text == entry.text {
        "${client-id}".to_owned()
    } else {
        text
    }
}
