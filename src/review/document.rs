//! A review as one JSON document, for programs. `docs/review.schema.json` describes it.

use crate::review::both::BothChange;
use crate::review::change::{Change, Fate, IdentityChange, PassedChange};
use crate::review::given::Given;
use crate::review::group::Group;
use crate::review::moved::Moved;
use crate::review::trusted::{TrustChange, Way};
use crate::review::{Compared, PolicyChange, Review, Rule};
use crate::trust::Json;

/// The version of the format. It rises when something is taken away, or gets another name, type or meaning.
const FORMAT_VERSION: usize = 1;

/// The document.
pub fn document(review: &Review, compared: &Compared) -> Json {
    let against = [
        Some(("revision", Json::from(compared.revision.as_str()))),
        Some(("commit", Json::from(compared.commit.as_str()))),
        compared.source.as_deref().map(|source| ("source", Json::from(source))),
    ];
    let entries = [
        Some(("format_version", Json::Number(FORMAT_VERSION))),
        Some(("against", Json::object(against.into_iter().flatten()))),
        Some(("clusters", Json::Number(review.clusters))),
        Some(("changed", Json::Number(review.changed))),
        review.moved.as_ref().map(|moved| ("moved", moved_json(moved))),
        Some(("pulls_and_decrypts", groups(&review.both, both))),
        Some(("policies", Json::List(review.policies.iter().map(policy).collect()))),
        Some(("allowed", groups(&review.allowed, policy))),
        Some(("changes", groups(&review.changes, change))),
        Some(("trust", groups(&review.trust, trust))),
    ];
    Json::object(entries.into_iter().flatten())
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

fn groups<T: PartialEq>(groups: &[Group<T>], thing: impl Fn(&T) -> Json) -> Json {
    let group = |group: &Group<T>| {
        let members = group.members.iter().map(|member| {
            let things = Json::List(member.things.iter().map(&thing).collect());
            Json::object([("cluster", Json::from(member.cluster.as_str())), ("changes", things)])
        });
        Json::object([("clusters", Json::List(members.collect()))])
    };
    Json::List(groups.iter().map(group).collect())
}

fn change(change: &Change) -> Json {
    let kind = |kind: &str| Some(("kind", Json::from(kind)));
    let text =
        |name: &'static str, value: &Option<String>| value.as_deref().map(|value| (name, Json::from(value)));
    let entries = match change {
        Change::Cluster(fate) => {
            let (becomes, platform) = match fate {
                Fate::New(platform) => ("added", platform),
                Fate::Gone(platform) => ("removed", platform),
            };
            let platform = Some(("platform", Json::from(*platform)));
            vec![kind("cluster"), Some(("change", Json::from(becomes))), platform]
        }
        Change::Identity(IdentityChange { who, before, after }) => {
            let given_as = |name, given: &Option<Given>| given.as_ref().map(|it| (name, given_json(it)));
            let who = Some(("who", Json::from(who.to_string())));
            vec![kind("identity"), who, given_as("before", before), given_as("after", after)]
        }
        Change::Setting { name, before, after } => {
            let name = Some(("name", Json::from(*name)));
            vec![kind("setting"), name, text("before", before), text("after", after)]
        }
        Change::Passed(PassedChange { what, name, how, .. }) => vec![
            kind("passed-through"),
            Some(("what", Json::from(*what))),
            Some(("name", Json::from(name.as_str()))),
            Some(("change", Json::from(how.name()))),
        ],
    };
    Json::object(entries.into_iter().flatten())
}

fn both(change: &BothChange) -> Json {
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

fn given_json(given: &Given) -> Json {
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
        Way::Token { issuer, audience } => {
            ("token", vec![("issuer", issuer.as_deref()), ("audience", audience.as_deref())])
        }
        Way::PodIdentity => ("pod-identity", vec![]),
        Way::Pool(pool) => ("pool", vec![("pool", pool.as_deref())]),
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
