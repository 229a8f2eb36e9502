//! A fleet as one JSON document, for programs. `docs/show.schema.json` describes it.

use std::fmt;

use crate::model::{Assignee, Assignment, Cluster, Identities, IdentityUse};
use crate::problem::Noun;
use crate::resolve::{Binding, Meaning, Origin, Provenance, Site};
use crate::show::source_lines::SourceLines;
use crate::show::{View, words};
use crate::trust::{Document, Json};

/// The version of the format. It rises when something is taken away, or gets another name, type or meaning.
const FORMAT_VERSION: usize = 1;

/// The document. `in_full`: with all that was said of each cluster, and where.
///
/// # Errors
/// That of the writer.
pub fn json(view: &View<'_>, in_full: bool, text: &mut dyn fmt::Write) -> fmt::Result {
    let identities = Identities::new(view.fleet);
    let places = SourceLines::new(view.sources);
    let clusters = view.told().map(|(cluster, told)| one(cluster, told, in_full, &places));
    let shown = identities.of_clusters(&view.clusters).map(identity);
    let mut document = Document::pretty(text)?;
    document.entry("format_version", &Json::Number(FORMAT_VERSION))?;
    document.entry("source", &Json::from(view.fleet.source.as_str()))?;
    document.list("clusters", clusters)?;
    document.list("identities", shown)?;
    document.end()?;
    text.write_str("\n")
}

fn one(cluster: &Cluster, told: Option<&Provenance>, in_full: bool, places: &SourceLines<'_>) -> Json {
    let mut entries = vec![
        ("name", Json::from(cluster.name.as_str())),
        ("platform", Json::from(cluster.platform.name())),
        ("overlay", Json::from(cluster.output.as_str())),
        ("namespace", Json::from(cluster.namespace.as_str())),
    ];
    if let Some(told) = told {
        let (file, line) = places.of(told.at);
        entries.push(("file", Json::from(file)));
        entries.push(("line", Json::Number(line)));
        entries.push(("profiles", Json::list(told.profiles.iter().map(String::as_str))));
        let values = told.bindings.iter().filter_map(value);
        entries.push(("values", Json::object(values)));
    }
    entries.push(("holdings", Json::List(cluster.assignments().map(|it| holding(&it)).collect())));
    if let Some(told) = told.filter(|_| in_full) {
        let things = told.bindings.iter().map(|it| thing(it, places));
        entries.push(("said", Json::List(things.collect())));
        let passed = told.passed.iter().map(|passed| {
            let mut entries = vec![("statement", Json::from(passed.statement))];
            entries.extend(saying(&passed.said, places));
            Json::object(entries)
        });
        entries.push(("passed_through", Json::List(passed.collect())));
    }
    Json::object(entries)
}

/// A setting or a variable, and what it is.
fn value(thing: &Binding) -> Option<(&str, Json)> {
    match &thing.meaning {
        Meaning::Text(value) | Meaning::Word(value) => Some((&thing.name, Json::from(value.as_str()))),
        Meaning::Identity(_) | Meaning::Mapping(_) | Meaning::Unneeded => None,
    }
}

fn holding(holding: &Assignment<'_>) -> Json {
    let mut entries = match holding.assignee {
        Assignee::Controller(controller) => vec![("controller", Json::from(controller.name()))],
        Assignee::Account(_) => Vec::new(),
    };
    entries.extend([
        ("namespace", Json::from(holding.subject.namespace)),
        ("service_account", Json::from(holding.subject.name)),
        ("provider", Json::from(holding.identity_and_source.provider().name())),
        ("identity", Json::from(holding.name())),
        ("way", Json::from(words::way(holding))),
    ]);
    Json::object(entries)
}

fn identity(shared: &IdentityUse<'_>) -> Json {
    let holders = shared.holders.iter().map(|(holder, clusters)| {
        let kind = match holder {
            Assignee::Controller(_) => "controller",
            Assignee::Account(_) => "service_account",
        };
        Json::object([
            (kind, Json::from(words::holder(*holder))),
            ("clusters", Json::list(clusters.iter().copied())),
        ])
    });
    Json::object([
        ("provider", Json::from(shared.provider.name())),
        ("identity", Json::from(shared.name.as_str())),
        ("holders", Json::List(holders.collect())),
        ("is_shared", Json::Truth(shared.is_shared())),
        ("pulls_and_decrypts", Json::Truth(shared.pulls_and_decrypts())),
    ])
}

fn thing(thing: &Binding, places: &SourceLines<'_>) -> Json {
    let sayings = |all: &[Site]| Json::List(all.iter().map(|it| Json::object(saying(it, places))).collect());
    let mut entries =
        vec![("kind", Json::from(thing.kind.as_str())), ("name", Json::from(thing.name.as_str()))];
    match &thing.meaning {
        Meaning::Text(value) | Meaning::Word(value) | Meaning::Identity(value) => {
            entries.push(("value", Json::from(value.as_str())));
        }
        Meaning::Mapping(identities) => {
            entries.push(("identities", Json::list(identities.iter().map(String::as_str))));
        }
        // Nothing needs it, and it has no value here.
        Meaning::Unneeded => {}
    }
    debug_assert!(matches!(thing.kind, Noun::Setting | Noun::Variable | Noun::Role | Noun::Mapping));
    entries.extend([("said", sayings(&thing.sites)), ("hides", sayings(&thing.shadowed))]);
    Json::object(entries)
}

fn saying(saying: &Site, places: &SourceLines<'_>) -> Vec<(&'static str, Json)> {
    let (file, line) = places.of(saying.at);
    let (by, profile) = match &saying.origin {
        Origin::Cluster => ("cluster", None),
        Origin::Profile(name) => ("profile", Some(name)),
        Origin::File => ("file", None),
        Origin::Root => ("root file", None),
    };
    let mut entries = vec![
        ("file", Json::from(file)),
        ("line", Json::Number(line)),
        ("by", Json::from(by)),
        ("written", Json::from(places.written(saying.written))),
    ];
    entries.extend(profile.map(|name| ("profile", Json::from(name.as_str()))));
    entries
}
