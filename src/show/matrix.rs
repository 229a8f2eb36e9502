//! Clusters and controllers, and which clusters are alike.

use std::collections::BTreeMap;

use crate::model::{Assignee, Cluster, Controller, Platform, Provider};
use crate::show::words;
use crate::syntax::notation::with_cluster;

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

fn general(cell: &[Entry], cluster: &Cluster) -> Vec<Entry> {
    let entry = |entry: &Entry| Entry {
        text: with_cluster(&entry.text, &cluster.name),
        note: entry.note.clone(),
        provider: entry.provider,
    };
    cell.iter().map(entry).collect()
}
