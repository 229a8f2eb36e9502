//! One cluster in full: its identities, and each binding with its sites and what it overrides.

use crate::model::{Assignment, Cluster, Identities, IdentityUse, OverlayForm};
use crate::problem::Noun;
use crate::problem::render::sanitized;
use crate::resolve::{Binding, Meaning, Provenance, Site, Unmentioned};
use crate::show::grid::{Cell, Grid, Tone, write_line};
use crate::show::selectors::selectors;
use crate::show::source_lines::SourceLines;
use crate::show::table::names;
use crate::show::trusted::{Trusted, Trusting};
use crate::show::{Screen, View, words};
use crate::syntax::notation::Value;

/// The clusters that are shown, each in full.
pub fn cluster(view: &View<'_>, screen: Screen) -> String {
    let identities = Identities::new(view.fleet);
    let places = SourceLines::new(view.sources);
    let trusting = Trusting::of(view.fleet);
    let mut text = String::new();
    for (cluster, provenance) in view.provenance() {
        let declared_at =
            provenance.map_or_else(String::new, |provenance| format!(", {}", places.shown(provenance.at)));
        let title = format!("{} on {}{declared_at}", cluster.name, cluster.platform.name());
        write_line(0, (Tone::Strong, &title), screen, &mut text);
        if let Some(profiles) =
            provenance.map(|provenance| &provenance.profiles).filter(|profiles| !profiles.is_empty())
        {
            write_line(0, (Tone::Plain, &format!("uses {}", profiles.join(", "))), screen, &mut text);
        }
        text.push('\n');
        text.push_str(&identities_section(cluster, &identities, screen));
        if let Some(line) = selectors(cluster.assignments()) {
            write_line(0, (Tone::Plain, &line), screen, &mut text);
            text.push('\n');
        }
        if let Some(provenance) = provenance {
            text.push_str(&unmentioned_section(&provenance.unmentioned, screen));
            text.push_str(&provenance_section(cluster, provenance, &places, screen));
        }
        text.push_str(&trust(&trusting.asked_by(cluster), screen));
    }
    text
}

fn identities_section(cluster: &Cluster, identities: &Identities<'_>, screen: Screen) -> String {
    let row = |assignment: Assignment<'_>| -> Vec<Cell> {
        let provider = assignment.identity_and_source.provider();
        let identity = format!("{} {}", provider.name(), words::identity(assignment.identity_and_source));
        let shared = identities.list.get(identities.index(&assignment));
        let others: Vec<&str> = shared
            .map(|shared| shared.clusters().into_iter().filter(|name| *name != cluster.name).collect())
            .unwrap_or_default();
        let mut also = Cell::new();
        if shared.is_some_and(IdentityUse::pulls_and_decrypts) {
            also.push((Tone::Warning, "pulls and decrypts".to_owned()));
        }
        if !others.is_empty() {
            also.push((Tone::Plain, names(others.into_iter(), screen.width)));
        }
        vec![
            vec![(Tone::Plain, words::holder(assignment.assignee))],
            vec![(Tone::Cloud(provider), identity)],
            vec![(Tone::Faint, words::shown_way(&assignment).to_owned())],
            also,
        ]
    };
    let rows: Vec<Vec<Cell>> = cluster.assignments().map(row).collect();
    if rows.is_empty() {
        return "no identities\n\n".to_owned();
    }
    let head = ["who", "identity", "how", "shared with"].map(str::to_owned).to_vec();
    Grid { head, rows }.text_or_list(screen) + "\n"
}

/// The identities that a build gives, and that the source does not mention.
fn unmentioned_section(unmentioned: &[Unmentioned], screen: Screen) -> String {
    let row = |one: &Unmentioned| -> Vec<Cell> {
        let place = one.place.as_ref().map(|place| format!(": {place}")).unwrap_or_default();
        // A stranger may have written both.
        let harmless = |text: &str| sanitized(text).into_owned();
        vec![
            vec![(Tone::Plain, one.controller.name().to_owned())],
            vec![(Tone::Warning, harmless(&one.identity))],
            vec![(Tone::Plain, harmless(&format!("{}{place}", one.field)))],
        ]
    };
    let rows: Vec<Vec<Cell>> = unmentioned.iter().map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    let head = ["not in the source", "effective identity", "set by"].map(str::to_owned).to_vec();
    Grid { head, rows }.text_or_list(screen) + "\n"
}

fn provenance_section(
    cluster: &Cluster,
    provenance: &Provenance,
    places: &SourceLines<'_>,
    screen: Screen,
) -> String {
    let mut text = String::new();
    for (heading, kind) in [
        ("settings", Noun::Setting),
        ("variables", Noun::Variable),
        ("roles", Noun::Role),
        ("mappings", Noun::Mapping),
        ("trusted with", Noun::Trust),
    ] {
        let bindings = provenance.bindings.iter().filter(|binding| binding.kind == kind);
        let mut rows: Vec<Vec<Cell>> = bindings.flat_map(|binding| rows(binding, places)).collect();
        if kind == Noun::Setting {
            rows.extend(
                defaults(cluster, provenance).into_iter().map(|(name, value)| default_row(name, value)),
            );
        }
        if !rows.is_empty() {
            let head = [heading, "", "set at", "by"].map(str::to_owned).to_vec();
            text += &(Grid { head, rows }.text_or_list(screen) + "\n");
        }
    }
    if !provenance.passthrough.is_empty() {
        let rows = provenance.passthrough.iter().map(|passthrough| {
            let mut row = vec![vec![(Tone::Plain, passthrough.statement.to_owned())]];
            row.push(vec![(Tone::Plain, places.written(passthrough.site.written))]);
            row.extend(place(&passthrough.site, Tone::Plain, places));
            row
        });
        let head = ["passed through", "", "set at", "by"].map(str::to_owned).to_vec();
        text += &(Grid { head, rows: rows.collect() }.text_or_list(screen) + "\n");
    }
    text
}

/// A row for what holds, and one for each thing that it hides.
fn rows(binding: &Binding, places: &SourceLines<'_>) -> Vec<Vec<Cell>> {
    let written = binding.sites.first().map(|site| places.written(site.written)).unwrap_or_default();
    let mut first: Vec<Cell> =
        vec![vec![(Tone::Plain, binding.name.to_string())], meaning(binding, &written)];
    for at in 0..2 {
        let cells =
            binding.sites.iter().filter_map(|site| place(site, Tone::Plain, places).into_iter().nth(at));
        first.push(cells.flatten().collect());
    }
    let hidden = binding.overridden.iter().map(|hidden| {
        let hides = format!("  overrides {}", places.written(hidden.written));
        let mut row = vec![Cell::new(), vec![(Tone::Faint, hides)]];
        row.extend(place(hidden, Tone::Faint, places));
        row
    });
    std::iter::once(first).chain(hidden).collect()
}

fn place(site: &Site, tone: Tone, places: &SourceLines<'_>) -> [Cell; 2] {
    [vec![(tone, places.shown(site.at))], vec![(tone, places.by(site))]]
}

/// What a name comes to, and what was written for it where that is something else.
fn meaning(binding: &Binding, written: &str) -> Cell {
    let lines = match &binding.meaning {
        Meaning::Text(text) => vec![Value::Text(text).to_string()],
        Meaning::Word(word) => vec![word.clone()],
        Meaning::Identity(identity) => vec![identity.clone()],
        // What it comes to stands above.
        Meaning::Mapping(_) => vec![written.to_owned()],
        Meaning::NotInstalled => return vec![(Tone::Faint, format!("{written}, not installed here"))],
        Meaning::Unneeded => return vec![(Tone::Faint, format!("{written}, not needed here"))],
    };
    let is_as_written = matches!(lines.as_slice(), [only] if only == written);
    let from = (!is_as_written).then(|| (Tone::Faint, format!("  from {written}")));
    lines.into_iter().map(|line| (Tone::Plain, line)).chain(from).collect()
}

/// The settings that have their defaults.
fn defaults(cluster: &Cluster, provenance: &Provenance) -> Vec<(&'static str, String)> {
    let all = [
        ("emit", cluster.form.emit().to_owned()),
        ("install", cluster.form.install().to_owned()),
        ("namespace", Value::Text(cluster.namespace.as_str()).to_string()),
        ("output", Value::Text(cluster.output.as_str()).to_string()),
        ("restart", cluster.restart.name().to_owned()),
    ];
    let is_set = |name: &str| {
        provenance.bindings.iter().any(|binding| binding.kind == Noun::Setting && &*binding.name == name)
    };
    // A component installs nothing.
    let is_moot = |name: &str| name == "install" && cluster.form == OverlayForm::Component;
    all.into_iter().filter(|(name, _)| !is_set(name) && !is_moot(name)).collect()
}

fn default_row(name: &str, value: String) -> Vec<Cell> {
    let faint = |text: String| vec![(Tone::Faint, text)];
    vec![faint(name.to_owned()), faint(value), Cell::new(), faint("default".to_owned())]
}

fn trust(trusted: &Trusted, screen: Screen) -> String {
    let mut text = String::new();
    match trusted {
        Trusted::Known(pieces) if pieces.is_empty() => {}
        Trusted::Known(pieces) => {
            write_line(0, (Tone::Strong, "trust"), screen, &mut text);
            for piece in pieces {
                write_line(2, (Tone::Plain, &piece.what), screen, &mut text);
            }
            text += "`flux-identity trust` writes it for all clusters at once\n";
        }
        Trusted::Missing(missing) => {
            write_line(0, (Tone::Strong, "trust is incomplete"), screen, &mut text);
            for missing in missing {
                write_line(2, (Tone::Plain, missing), screen, &mut text);
            }
        }
    }
    text
}
