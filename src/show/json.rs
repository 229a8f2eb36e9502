//! A fleet as one JSON document, for programs. `docs/show.schema.json` describes it.

use std::io;

use serde::Serializer as _;
use serde::ser::SerializeMap as _;
use serde_json::{Serializer, Value, json};

use crate::json::Streamed;
use crate::model::{Assignee, Assignment, Cluster, Identities, IdentityUse};
use crate::resolve::{Binding, Meaning, Origin, Provenance, Site, Unmentioned};
use crate::show::source_lines::SourceLines;
use crate::show::{View, words};

/// The version of the format. It rises when something is taken away, or gets another name, type or meaning.
const FORMAT_VERSION: usize = 1;

/// Writes the document. `in_full`: with every binding of each cluster, and where a source says it.
///
/// # Errors
/// Those of the writer.
pub fn json(view: &View<'_>, in_full: bool, out: &mut dyn io::Write) -> io::Result<()> {
    let identities = Identities::new(view.fleet);
    let places = SourceLines::new(view.sources);
    let clusters = view.provenance().map(|(cluster, provenance)| one(cluster, provenance, in_full, &places));
    let shown = identities.of_clusters(&view.clusters).map(identity);
    let mut serializer = Serializer::pretty(&mut *out);
    let mut document = serializer.serialize_map(None)?;
    document.serialize_entry("format_version", &FORMAT_VERSION)?;
    document.serialize_entry("source", &view.fleet.source)?;
    document.serialize_entry("clusters", &Streamed::new(clusters))?;
    document.serialize_entry("identities", &Streamed::new(shown))?;
    document.end()?;
    out.write_all(b"\n")
}

fn one(cluster: &Cluster, provenance: Option<&Provenance>, in_full: bool, places: &SourceLines<'_>) -> Value {
    let mut entries = vec![
        ("name", json!(cluster.name)),
        ("platform", json!(cluster.platform.name())),
        ("overlay", json!(cluster.output.as_str())),
        ("namespace", json!(cluster.namespace.as_str())),
    ];
    if let Some(provenance) = provenance {
        let (file, line) = places.of(provenance.at);
        let values = Value::Object(provenance.bindings.iter().filter_map(value).collect());
        entries.extend([
            ("file", json!(file)),
            ("line", json!(line)),
            ("profiles", json!(provenance.profiles)),
            ("values", values),
        ]);
    }
    entries.push(("holdings", cluster.assignments().map(|it| assignment(&it)).collect()));
    if let Some(provenance) = provenance.filter(|_| in_full) {
        let passthrough = provenance.passthrough.iter().map(|passthrough| {
            let statement = ("statement", json!(passthrough.statement));
            std::iter::once(statement).chain(site(&passthrough.site, places)).collect::<Value>()
        });
        entries.push(("said", provenance.bindings.iter().map(|it| binding(it, places)).collect()));
        entries.push(("passed_through", passthrough.collect()));
        entries.push(("unmentioned", provenance.unmentioned.iter().map(unmentioned).collect()));
    }
    entries.into_iter().collect()
}

fn value(binding: &Binding) -> Option<(String, Value)> {
    match &binding.meaning {
        Meaning::Text(value) | Meaning::Word(value) => Some((binding.name.to_string(), json!(value))),
        Meaning::Identity(_) | Meaning::Mapping(_) | Meaning::NotInstalled | Meaning::Unneeded => None,
    }
}

fn assignment(assignment: &Assignment<'_>) -> Value {
    let controller = match assignment.assignee {
        Assignee::Controller(controller) => Some(("controller", json!(controller.name()))),
        Assignee::Account(_) => None,
    };
    let entries = [
        ("namespace", json!(assignment.subject.namespace)),
        ("service_account", json!(assignment.subject.name)),
        ("provider", json!(assignment.identity_and_source.provider().name())),
        ("identity", json!(assignment.name())),
        ("way", json!(words::way(assignment))),
    ];
    let trust_only = assignment.trust_only.map(|_| ("trust_only", json!(true)));
    controller.into_iter().chain(entries).chain(trust_only).collect()
}

fn identity(shared: &IdentityUse<'_>) -> Value {
    let holders = shared.holders.iter().map(|(holder, clusters)| {
        let kind = match holder {
            Assignee::Controller(_) => "controller",
            Assignee::Account(_) => "service_account",
        };
        json!({ (kind): words::holder(*holder), "clusters": clusters })
    });
    json!({
        "provider": shared.provider.name(),
        "identity": shared.name,
        "holders": holders.collect::<Value>(),
        "is_shared": shared.is_shared(),
        "pulls_and_decrypts": shared.pulls_and_decrypts(),
    })
}

fn unmentioned(unmentioned: &Unmentioned) -> Value {
    let Unmentioned { controller, provider, identity, field, place } = unmentioned;
    json!({
        "controller": controller.name(),
        "provider": provider.name(),
        "identity": identity,
        "field": field,
        "place": place,
    })
}

fn binding(binding: &Binding, places: &SourceLines<'_>) -> Value {
    let sites = |all: &[Site]| all.iter().map(|it| site(it, places).collect::<Value>()).collect();
    let meaning = match &binding.meaning {
        Meaning::Text(value) | Meaning::Word(value) | Meaning::Identity(value) => {
            Some(("value", json!(value)))
        }
        Meaning::Mapping(identities) => Some(("identities", json!(identities))),
        Meaning::NotInstalled => Some(("identities", json!([]))),
        Meaning::Unneeded => None,
    };
    let head = [("kind", json!(binding.kind.as_str())), ("name", json!(binding.name))];
    let tail = [("said", sites(&binding.sites)), ("hides", sites(&binding.overridden))];
    head.into_iter().chain(meaning).chain(tail).collect()
}

fn site(site: &Site, places: &SourceLines<'_>) -> impl Iterator<Item = (&'static str, Value)> {
    let (file, line) = places.of(site.at);
    let (by, profile) = match &site.origin {
        Origin::Cluster => ("cluster", None),
        Origin::Values => ("values", None),
        Origin::Profile(name) => ("profile", Some(name.as_ref())),
        Origin::File => ("file", None),
        Origin::Root => ("root file", None),
    };
    let entries = [
        ("file", json!(file)),
        ("line", json!(line)),
        ("by", json!(by)),
        ("written", json!(places.written(site.written))),
    ];
    let in_on = site.in_on.then(|| ("on_platform", json!(true)));
    entries.into_iter().chain(profile.map(|name| ("profile", json!(name)))).chain(in_on)
}
