//! A review as one JSON document, for programs. `docs/review.schema.json` describes it.

use std::fmt;

use crate::review::change::{Change, ClusterFate, IdentityChange, PassthroughChange};
use crate::review::group::{Group, Member};
use crate::review::identity_description::IdentityDescription;
use crate::review::moved::Moved;
use crate::review::pull_and_decrypt::PullAndDecryptChange;
use crate::review::trust_change::{TrustChange, TrustPath};
use crate::review::{ComparedRevisions, PolicyChange, Review, Rule};
use crate::syntax::notation;
use crate::trust::{Document, Json};

/// The version of the format. It rises when something is taken away, or gets another name, type or meaning.
const FORMAT_VERSION: usize = 1;

/// Writes the document.
///
/// # Errors
/// That of the writer.
pub fn document(review: &Review, compared: &ComparedRevisions, text: &mut dyn fmt::Write) -> fmt::Result {
    let against = [
        Some(("revision", Json::from(compared.revision.as_str()))),
        Some(("commit", Json::from(compared.commit.as_str()))),
        compared.source.as_deref().map(|source| ("source", Json::from(source))),
    ];
    let mut document = Document::pretty(text)?;
    document.entry("format_version", &Json::Number(FORMAT_VERSION))?;
    document.entry("against", &Json::object(against.into_iter().flatten()))?;
    document.entry("clusters", &Json::Number(review.clusters))?;
    document.entry("changed", &Json::Number(review.changed))?;
    if let Some(moved) = &review.moved {
        document.entry("moved", &moved_json(moved))?;
    }
    write_groups("pulls_and_decrypts", &review.both, both, &mut document)?;
    document.list("policies", review.policies.iter().map(policy))?;
    write_groups("allowed", &review.allowed, policy, &mut document)?;
    write_groups("changes", &review.changes, change, &mut document)?;
    write_groups("trust", &review.trust, trust, &mut document)?;
    document.end()?;
    text.write_str("\n")
}

fn moved_json(moved: &Moved) -> Json {
    let overlays = moved.overlays.iter().map(|overlay| {
        Json::object([
            ("cluster", Json::from(overlay.cluster.as_str())),
            ("before", Json::from(overlay.before.as_str())),
            ("after", Json::from(overlay.after.as_str())),
        ])
    });
    Json::object([
        ("before", Json::from(moved.before.as_str())),
        ("after", Json::from(moved.after.as_str())),
        ("overlays", Json::List(overlays.collect())),
    ])
}

fn write_groups<T: PartialEq>(
    key: &str,
    groups: &[Group<T>],
    thing: impl Fn(&T) -> Json,
    document: &mut Document<'_>,
) -> fmt::Result {
    let member = |member: &Member<T>| {
        let things = Json::List(member.things.iter().map(&thing).collect());
        Json::object([("cluster", Json::from(member.cluster.as_str())), ("changes", things)])
    };
    document.list_of_lists((key, "clusters"), groups.iter().map(|group| group.members.iter().map(member)))
}

fn change(change: &Change) -> Json {
    let kind = |kind: &str| Some(("kind", Json::from(kind)));
    let text =
        |name: &'static str, value: &Option<String>| value.as_deref().map(|value| (name, Json::from(value)));
    let entries = match change {
        Change::Cluster(fate) => {
            let (becomes, platform) = match fate {
                ClusterFate::New(platform) => ("added", platform),
                ClusterFate::Gone(platform) => ("removed", platform),
            };
            let platform = Some(("platform", Json::from(*platform)));
            vec![kind("cluster"), Some(("change", Json::from(becomes))), platform]
        }
        Change::Identity(IdentityChange { who, before, after }) => {
            let given_as =
                |name, given: &Option<IdentityDescription>| given.as_ref().map(|it| (name, given_json(it)));
            let who = Some(("who", Json::from(notation::recipient(who))));
            vec![kind("identity"), who, given_as("before", before), given_as("after", after)]
        }
        Change::Setting { name, before, after } => {
            let name = Some(("name", Json::from(*name)));
            vec![kind("setting"), name, text("before", before), text("after", after)]
        }
        Change::Passed(PassthroughChange { what, name, how, .. }) => vec![
            kind("passed-through"),
            Some(("what", Json::from(*what))),
            Some(("name", Json::from(name.as_str()))),
            Some(("change", Json::from(how.name()))),
        ],
    };
    Json::object(entries.into_iter().flatten())
}

fn both(change: &PullAndDecryptChange) -> Json {
    Json::object([
        ("change", Json::from(if change.is_gain { "gained" } else { "lost" })),
        ("provider", Json::from(change.provider.name())),
        ("identity", Json::from(change.identity.as_str())),
        ("controller", Json::from(change.controller.name())),
        ("does", Json::from(change.does())),
    ])
}

fn policy(change: &PolicyChange) -> Json {
    let becomes = if change.is_gain { "added" } else { "removed" };
    let mut entries = vec![("change", becomes), ("statement", change.rule.statement())];
    match &change.rule {
        Rule::Require { who, on } => {
            entries.push(("who", who));
            entries.extend(on.map(|platform| ("platform", platform)));
        }
        Rule::Isolate { role, variable } => entries.extend([("role", role.as_str()), ("variable", variable)]),
        Rule::Allow { code, reason, is_of_none } => {
            entries.extend([("code", *code), ("reason", reason)]);
            entries.extend(is_of_none.then_some(("covers", "no cluster")));
        }
    }
    Json::object(entries.into_iter().map(|(name, text)| (name, Json::from(text))))
}

fn given_json(given: &IdentityDescription) -> Json {
    let name = given.name.as_deref().map(|name| ("identity", Json::from(name)));
    let options = given.options.iter().map(|(name, value)| (*name, Json::from(value.as_str())));
    let entries = [
        Some(("provider", Json::from(given.provider.name()))),
        name,
        Some(("options", Json::object(options))),
    ];
    Json::object(entries.into_iter().flatten())
}

fn trust(change: &TrustChange) -> Json {
    let TrustChange { identity, provider, subject, way, is_gain, who: _ } = change;
    let (by, known) = match way {
        TrustPath::Token { issuer, audience } => {
            ("token", vec![("issuer", issuer.as_deref()), ("audience", audience.as_deref())])
        }
        TrustPath::PodIdentity => ("pod-identity", vec![]),
        TrustPath::Pool(pool) => ("pool", vec![("pool", pool.as_deref())]),
    };
    let entries = [
        ("change", Some(if *is_gain { "gained" } else { "lost" })),
        ("provider", Some(*provider)),
        ("identity", identity.as_deref()),
        ("subject", Some(subject.as_str())),
        ("by", Some(by)),
    ];
    let said = entries.into_iter().chain(known);
    Json::object(said.filter_map(|(name, value)| Some((name, Json::from(value?)))))
}
