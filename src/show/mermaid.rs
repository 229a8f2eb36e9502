//! A fleet as a graph of Mermaid: clusters that are alike, and the identities that their controllers have.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::model::{Cluster, Identities, IdentityUse, Provider};
use crate::problem::count;
use crate::show::matrix::{Column, Entry, Group, Matrix};
use crate::show::{View, words};
use crate::syntax::notation::CLUSTER;

/// How many edges Mermaid draws unless it is told otherwise.
/// Source: `maxEdges` in "Configuration Schema" of the Mermaid documentation.
pub const MOST_EDGES: usize = 500;
/// How many names a node has at most.
const MOST_NAMES: usize = 6;

pub struct Mermaid {
    pub text: String,
    pub edges: usize,
}

/// The graph of the clusters that are shown.
pub fn mermaid(view: &View<'_>) -> Mermaid {
    let matrix = Matrix::of(&view.clusters);
    let groups = matrix.groups();
    let all = Identities::new(view.fleet);
    let known = known(&view.clusters, &all);
    let mut marks: BTreeMap<usize, Marks> = BTreeMap::new();
    let mut text = String::from("flowchart LR\n");
    let mut identities: BTreeMap<(Provider, &str), usize> = BTreeMap::new();
    let mut edges: BTreeMap<(usize, usize), Vec<String>> = BTreeMap::new();
    for (at, group) in groups.iter().enumerate() {
        let on = group.clusters.first().map_or("", |cluster| cluster.platform.name());
        let mut names: Vec<String> =
            group.clusters.iter().take(MOST_NAMES).map(|cluster| escaped(&cluster.name)).collect();
        let more = group.clusters.len().saturating_sub(names.len());
        names.extend((more > 0).then(|| format!("and {more} more")));
        let _ = writeln!(text, "  c{at}[\"{}<br/>on {on}\"]", names.join("<br/>"));
        for (column, cell) in matrix.columns.iter().zip(&group.cells) {
            for entry in cell {
                let new = identities.len();
                let number = *identities.entry((entry.provider, &entry.text)).or_insert(new);
                marks.entry(number).or_default().take(entry, group, &known);
                let who = match (column, &entry.note) {
                    (Column::Accounts, Some(note)) => note.clone(),
                    (Column::Controller(controller), Some(note)) => format!("{}, {note}", controller.name()),
                    (Column::Accounts | Column::Controller(_), None) => column.name().to_owned(),
                };
                edges.entry((at, number)).or_default().push(escaped(&who));
            }
        }
    }
    for ((provider, name), number) in &identities {
        let provider = provider.name();
        let marks = marks.get(number).copied().unwrap_or_default();
        let mut label = format!("{provider} {}", escaped(name));
        if marks.clusters > 1 {
            label.extend(["<br/>shared by ", &count(marks.clusters, "cluster")]);
        }
        if marks.pulls_and_decrypts {
            label += "<br/>pulls and decrypts";
        }
        let _ = writeln!(text, "  i{number}([\"{label}\"]):::{provider}");
        if marks.pulls_and_decrypts {
            let _ = writeln!(text, "  style i{number} stroke:#b42318,stroke-width:3px");
        }
    }
    for ((group, identity), who) in &edges {
        let _ = writeln!(text, "  c{group} -- \"{}\" --> i{identity}", who.join("<br/>"));
    }
    text.push_str("  classDef aws fill:#fdf1dc,stroke:#b45309,color:#451a03\n");
    text.push_str("  classDef azure fill:#e0f0fc,stroke:#0369a1,color:#082f49\n");
    text.push_str("  classDef gcp fill:#e3f5e7,stroke:#15803d,color:#052e16\n");
    Mermaid { text, edges: edges.len() }
}

/// The marks of an identity, or of identities that differ only in the names of their clusters.
#[derive(Clone, Copy, Default)]
struct Marks {
    /// How many clusters share one of them at most.
    clusters: usize,
    /// Whether one of them can both pull and decrypt.
    pulls_and_decrypts: bool,
}

/// Identities by what they are called in the rows of their clusters.
type Known<'a, 'f> = BTreeMap<(Provider, String), Vec<&'a IdentityUse<'f>>>;

fn known<'a, 'f>(clusters: &[&'f Cluster], all: &'a Identities<'f>) -> Known<'a, 'f> {
    let mut known = Known::new();
    for assignment in clusters.iter().copied().flat_map(Cluster::assignments) {
        let called =
            (assignment.identity_and_source.provider(), words::identity(assignment.identity_and_source));
        known.entry(called).or_default().extend(all.list.get(all.index(&assignment)));
    }
    known
}

impl Marks {
    fn take(&mut self, entry: &Entry, group: &Group<'_>, known: &Known<'_, '_>) {
        for cluster in &group.clusters {
            let called = (entry.provider, entry.text.replace(CLUSTER, &cluster.name));
            for shared in known.get(&called).into_iter().flatten() {
                self.clusters = self.clusters.max(shared.clusters().len());
                self.pulls_and_decrypts |= shared.pulls_and_decrypts();
            }
        }
    }
}

/// A text as it stands in quotes. Source: "Special characters that break syntax" under "Flowchart" of the Mermaid
/// documentation.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '#' | '"' | '<' | '>' | '&' | '`' | '\\' | ';' => {
                let _ = write!(escaped, "#{};", u32::from(letter));
            }
            letter => escaped.push(letter),
        }
    }
    escaped
}
