//! The table of clusters and controllers, and below it who shares what.

use std::collections::BTreeSet;

use crate::model::{Assignee, Controller, Identities, IdentityUse};
use crate::problem::count;
use crate::show::abbreviations::Abbreviations;
use crate::show::grid::{Cell, Grid, Paint, Tone, write_line};
use crate::show::matrix::{Column, Entry, Group, Matrix, Row};
use crate::show::{Screen, View, words};
use crate::syntax::notation::CLUSTER;

/// How many names of several are listed where the width matters.
const MOST_NAMES: usize = 4;

/// The table, and who shares what. Where the width does not matter every cluster has a line, and nothing is shortened.
pub fn table(view: &View<'_>, screen: Screen) -> String {
    let matrix = Matrix::of(&view.clusters);
    let identities = Identities::new(view.fleet);
    let shown: Vec<&IdentityUse<'_>> = identities.of_clusters(&view.clusters).collect();
    let groups = match screen.width {
        Some(_) => matrix.groups(),
        None => matrix.rows.iter().map(alone).collect(),
    };
    let texts = groups.iter().flat_map(|group| group.cells.iter().flatten());
    let texts = texts.map(|entry| (entry.provider, entry.text.as_str()));
    let listed = shown.iter().filter(|shared| is_listed(shared));
    let of_shared = listed.map(|shared| (shared.provider, shared.name.as_str()));
    let abbreviations = if screen.width.is_some() {
        Abbreviations::new(texts.chain(of_shared))
    } else {
        Abbreviations::default()
    };
    let mut text = clusters(&matrix.columns, &groups, &abbreviations, screen);
    legend(&groups, &abbreviations, screen, &mut text);
    text.push_str(&shares(&shown, &abbreviations, screen));
    write_line(0, (Tone::Faint, &summary(view, &shown)), screen, &mut text);
    text
}

fn alone<'f>(row: &Row<'f>) -> Group<'f> {
    Group { clusters: vec![row.cluster], cells: row.cells.clone() }
}

// ---------------------------------------------------------------------------------------------------------------------
// Clusters

fn clusters(
    columns: &[Column],
    groups: &[Group<'_>],
    abbreviations: &Abbreviations,
    screen: Screen,
) -> String {
    let paint = Paint(screen.colors);
    if groups.is_empty() {
        return String::new();
    }
    let columns = merged(columns, groups, screen.width.is_none());
    let mut head = vec!["cluster".to_owned(), "on".to_owned()];
    head.extend(columns.iter().map(|(_, names)| names.join(", ")));
    let rows = groups.iter().map(|group| {
        let on = group.clusters.first().map_or("", |cluster| cluster.platform.name());
        let names = names(group.clusters.iter().map(|cluster| cluster.name.as_str()), screen.width);
        let mut row: Vec<Cell> = vec![vec![(Tone::Plain, names)], vec![(Tone::Faint, on.to_owned())]];
        row.extend(columns.iter().map(|(at, _)| cell(group.cells.get(*at), abbreviations)));
        row
    });
    let grid = Grid { head, rows: rows.collect() };
    grid.text(screen.width, paint).unwrap_or_else(|| list(&columns, groups, abbreviations, screen))
}

/// The columns, each with who has what stands there: those that are alike in every row are one.
fn merged(columns: &[Column], groups: &[Group<'_>], each: bool) -> Vec<(usize, Vec<&'static str>)> {
    let of = |at: usize| groups.iter().map(move |group| group.cells.get(at));
    let mut merged: Vec<(usize, Vec<&'static str>)> = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        match merged.iter_mut().find(|(first, _)| !each && of(*first).eq(of(at))) {
            Some((_, names)) => names.push(column.name()),
            None => merged.push((at, vec![column.name()])),
        }
    }
    merged
}

fn cell(entries: Option<&Vec<Entry>>, abbreviations: &Abbreviations) -> Cell {
    let entries = entries.map(Vec::as_slice).unwrap_or_default();
    if entries.is_empty() {
        return vec![(Tone::Faint, "-".to_owned())];
    }
    entries.iter().map(|entry| (Tone::Cloud(entry.provider), in_cell(entry, abbreviations))).collect()
}

fn in_cell(entry: &Entry, abbreviations: &Abbreviations) -> String {
    let note = entry.note.as_ref().map_or_else(String::new, |note| format!("{note} "));
    format!("{note}{} {}", entry.provider.name(), abbreviations.short(entry.provider, &entry.text))
}

/// The cells below each other, for terminals that are too narrow for columns.
fn list(
    columns: &[(usize, Vec<&'static str>)],
    groups: &[Group<'_>],
    abbreviations: &Abbreviations,
    screen: Screen,
) -> String {
    let mut text = String::new();
    for group in groups {
        let on = group.clusters.first().map_or("", |cluster| cluster.platform.name());
        let names = names(group.clusters.iter().map(|cluster| cluster.name.as_str()), screen.width);
        write_line(0, (Tone::Strong, &format!("{names} on {on}")), screen, &mut text);
        for (at, who) in columns {
            let entries = group.cells.get(*at).filter(|entries| !entries.is_empty());
            let Some(entries) = entries else { continue };
            write_line(2, (Tone::Plain, &who.join(", ")), screen, &mut text);
            for entry in entries {
                write_line(
                    4,
                    (Tone::Cloud(entry.provider), &in_cell(entry, abbreviations)),
                    screen,
                    &mut text,
                );
            }
        }
    }
    text
}

/// Names with commas; where the width matters, no more than people read.
pub fn names<'a>(names: impl Iterator<Item = &'a str>, width: Option<usize>) -> String {
    let all: Vec<&str> = names.collect();
    if width.is_none() || all.len() <= MOST_NAMES {
        return all.join(", ");
    }
    let first: Vec<&str> = all.iter().take(MOST_NAMES.saturating_sub(1)).copied().collect();
    format!("{} and {} more", first.join(", "), all.len().saturating_sub(first.len()))
}

fn legend(groups: &[Group<'_>], abbreviations: &Abbreviations, screen: Screen, text: &mut String) {
    let left_out = abbreviations
        .legend()
        .map(|(provider, short, whole)| format!("{} {short} is {whole}", provider.name()));
    let of_several = groups.iter().filter(|group| group.clusters.len() > 1);
    let texts = of_several.flat_map(|group| group.cells.iter().flatten().map(|entry| entry.text.as_str()));
    let holes: BTreeSet<&str> = texts.flat_map(holes).collect();
    let own = holes.contains(CLUSTER).then(|| format!("{CLUSTER} is the name of each cluster"));
    let others: Vec<&str> = holes.into_iter().filter(|hole| *hole != CLUSTER).collect();
    let others = (!others.is_empty()).then(|| match others.as_slice() {
        [only] => format!("{only} is the value of each cluster"),
        several => format!("{} are the values of each cluster", several.join(", ")),
    });
    let lines: Vec<String> = left_out.chain(own).chain(others).collect();
    text.push('\n');
    for line in &lines {
        write_line(0, (Tone::Faint, line), screen, text);
    }
    if !lines.is_empty() {
        text.push('\n');
    }
}

/// Each `${name}` of a text.
fn holes(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("${").filter_map(|(at, _)| {
        let rest = text.get(at..)?;
        rest.get(..rest.find('}')?.saturating_add(1))
    })
}

// ---------------------------------------------------------------------------------------------------------------------
// Who shares what

/// How many identities are listed where the width matters.
const MOST_LISTED: usize = 8;

/// Whether more is to be listed of it than the table tells.
fn is_listed(shared: &IdentityUse<'_>) -> bool {
    shared.clusters().len() > 1 || shared.pulls_and_decrypts()
}

fn shares(shown: &[&IdentityUse<'_>], abbreviations: &Abbreviations, screen: Screen) -> String {
    let paint = Paint(screen.colors);
    let between: Vec<&&IdentityUse<'_>> = shown.iter().filter(|shared| shared.clusters().len() > 1).collect();
    let both: Vec<&&IdentityUse<'_>> = shown.iter().filter(|shared| shared.pulls_and_decrypts()).collect();
    let mut text = String::new();
    if !between.is_empty() {
        text.extend([paint.paint(Tone::Strong, "shared by clusters").as_str(), "\n"]);
        let (listed, rest) = listed(&between, screen);
        for shared in listed {
            one(shared, abbreviations, screen, |_| true, &mut text);
        }
        text.push_str(&rest);
    }
    if !both.is_empty() {
        let gap = if text.is_empty() { "" } else { "\n" };
        text.extend([gap, &paint.paint(Tone::Warning, "both pull and decrypt"), "\n"]);
        let (listed, rest) = listed(&both, screen);
        for shared in listed {
            one(
                shared,
                abbreviations,
                screen,
                |controller| controller.pulls() || controller.decrypts(),
                &mut text,
            );
        }
        text.push_str(&rest);
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// Those that are listed, and how many are not.
fn listed<T>(all: &[T], screen: Screen) -> (&[T], String) {
    let (listed, rest) = match screen.width {
        Some(_) => all.split_at(all.len().min(MOST_LISTED)),
        None => (all, &[][..]),
    };
    let rest = if rest.is_empty() { String::new() } else { format!("  and {} more\n", rest.len()) };
    (listed, rest)
}

fn one(
    shared: &IdentityUse<'_>,
    abbreviations: &Abbreviations,
    screen: Screen,
    which: impl Fn(Controller) -> bool,
    text: &mut String,
) {
    let name = format!("{} {}", shared.provider.name(), abbreviations.short(shared.provider, &shared.name));
    write_line(2, (Tone::Cloud(shared.provider), &name), screen, text);
    let mut by_clusters: Vec<(Vec<String>, &Vec<&str>)> = Vec::new();
    for (holder, clusters) in &shared.holders {
        if let Assignee::Controller(controller) = holder
            && !which(*controller)
        {
            continue;
        }
        let holder = words::holder(*holder);
        match by_clusters.iter_mut().find(|(_, known)| *known == clusters) {
            Some((holders, _)) => holders.push(holder),
            None => by_clusters.push((vec![holder], clusters)),
        }
    }
    for (holders, clusters) in by_clusters {
        let of = if clusters.len() == 1 { String::new() } else { format!("{} clusters: ", clusters.len()) };
        let names = names(clusters.iter().copied(), screen.width);
        write_line(4, (Tone::Plain, &format!("{} in {of}{names}", holders.join(", "))), screen, text);
    }
}

fn summary(view: &View<'_>, shown: &[&IdentityUse<'_>]) -> String {
    let all = count(view.fleet.clusters.len(), "cluster");
    let clusters = if view.clusters.len() == view.fleet.clusters.len() {
        all
    } else {
        format!("{} of {all}", view.clusters.len())
    };
    let none = match view.clusters.iter().filter(|cluster| cluster.assignments().next().is_none()).count() {
        0 => String::new(),
        some => format!(", {some} without an identity"),
    };
    let identities = match shown.len() {
        1 => "1 identity".to_owned(),
        many => format!("{many} identities"),
    };
    let shared = shown.iter().filter(|shared| shared.clusters().len() > 1).count();
    let both = shown.iter().filter(|shared| shared.pulls_and_decrypts()).count();
    let some = |number: usize| if number == 0 { "none".to_owned() } else { number.to_string() };
    let (shared, both) = (some(shared), some(both));
    format!(
        "{clusters}{none}; {identities}, {shared} shared by clusters, {both} for both pulling and decrypting"
    )
}
