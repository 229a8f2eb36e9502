//! A review as one JSON document, for programs. `docs/review.schema.json` describes it.

use std::collections::BTreeMap;
use std::io;

use serde::Serializer as _;
use serde::ser::SerializeMap;
use serde_json::{Serializer, Value, json};

use crate::json::Streamed;
use crate::model::{Covered, Policy};
use crate::review::change::{Change, ClusterFate, IdentityChange, PassthroughChange};
use crate::review::group::Group;
use crate::review::identity_description::IdentityDescription;
use crate::review::moved::Moved;
use crate::review::pull_and_decrypt::PullAndDecryptChange;
use crate::review::trust_change::{Rollout, TrustChange, TrustPath};
use crate::review::{ComparedRevisions, PolicyChange, Review};
use crate::syntax::notation;

/// The version of the format. It rises when something is taken away, or gets another name, type or meaning.
const FORMAT_VERSION: usize = 1;

/// Writes the document.
///
/// # Errors
/// That of the writer.
pub fn document(review: &Review, compared: &ComparedRevisions, out: &mut dyn io::Write) -> io::Result<()> {
    let against = [
        Some(("revision", compared.revision.as_str())),
        Some(("commit", compared.commit.as_str())),
        compared.source.as_deref().map(|source| ("source", source)),
    ];
    let mut serializer = Serializer::pretty(&mut *out);
    let mut document = serializer.serialize_map(None)?;
    document.serialize_entry("format_version", &FORMAT_VERSION)?;
    document.serialize_entry("against", &against.into_iter().flatten().collect::<Value>())?;
    document.serialize_entry("clusters", &review.clusters)?;
    document.serialize_entry("changed", &review.changed)?;
    if let Some(moved) = &review.moved {
        document.serialize_entry("moved", &moved_json(moved))?;
    }
    write_groups("pulls_and_decrypts", &review.both, both, &mut document)?;
    document.serialize_entry("policies", &Streamed::new(review.policies.iter().map(policy)))?;
    write_groups("allowed", &review.allowed, policy, &mut document)?;
    write_groups("changes", &review.changes, change, &mut document)?;
    write_groups("trust", &review.trust, trust, &mut document)?;
    document.end()?;
    out.write_all(b"\n")
}

fn moved_json(moved: &Moved) -> Value {
    let overlays = moved.overlays.iter().map(
        |overlay| json!({ "cluster": overlay.cluster, "before": overlay.before, "after": overlay.after }),
    );
    json!({ "before": moved.before, "after": moved.after, "overlays": overlays.collect::<Value>() })
}

fn write_groups<T: PartialEq, M: SerializeMap>(
    key: &str,
    groups: &[Group<T>],
    change: impl Fn(&T) -> Value,
    document: &mut M,
) -> Result<(), M::Error> {
    let groups = groups.iter().map(|group| {
        let members = group.members.iter().map(|member| {
            let changes = member.things.iter().map(&change).collect::<Value>();
            json!({ "cluster": member.cluster, "changes": changes })
        });
        BTreeMap::from([("clusters", Streamed::new(members))])
    });
    document.serialize_entry(key, &Streamed::new(groups))
}

fn change(change: &Change) -> Value {
    match change {
        Change::Cluster(fate) => {
            let (becomes, platform) = match fate {
                ClusterFate::New(platform) => ("added", platform),
                ClusterFate::Gone(platform) => ("removed", platform),
            };
            json!({ "kind": "cluster", "change": becomes, "platform": platform })
        }
        Change::Identity(IdentityChange { who, before, after }) => {
            let head = [("kind", json!("identity")), ("who", json!(notation::recipient(who)))];
            let before = before.as_ref().map(|before| ("before", identity_json(before)));
            let after = after.as_ref().map(|after| ("after", identity_json(after)));
            head.into_iter().chain(before).chain(after).collect()
        }
        Change::Setting { name, before, after } => {
            let before = before.as_deref().map(|before| ("before", before));
            let after = after.as_deref().map(|after| ("after", after));
            [("kind", "setting"), ("name", *name)].into_iter().chain(before).chain(after).collect()
        }
        Change::Passed(PassthroughChange { what, name, how, .. }) => {
            json!({ "kind": "passed-through", "what": what, "name": name, "change": how.name() })
        }
    }
}

fn both(change: &PullAndDecryptChange) -> Value {
    json!({
        "change": if change.is_gain { "gained" } else { "lost" },
        "provider": change.provider.name(),
        "identity": change.identity,
        "controller": change.controller.name(),
        "does": change.does(),
    })
}

fn policy(change: &PolicyChange) -> Value {
    let becomes = if change.is_gain { "added" } else { "removed" };
    let mut entries = vec![("change", becomes), ("statement", change.statement())];
    match &change.policy {
        Policy::Require { who, on } => {
            entries.push(("who", who));
            entries.extend(on.map(|platform| ("platform", platform.name())));
        }
        Policy::Isolate { role, variable } => {
            entries.extend([("role", role.as_str()), ("variable", variable)]);
        }
        Policy::Allow { code, reason, covers } => {
            entries.extend([("code", *code), ("reason", reason)]);
            entries.extend((*covers != Covered::Fleet).then_some(("covers", "no cluster")));
        }
    }
    entries.into_iter().collect()
}

fn identity_json(identity: &IdentityDescription) -> Value {
    let name = identity.name.as_deref().map(|name| ("identity", json!(name)));
    let options = identity.options.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
    let entries = [
        Some(("provider", json!(identity.provider.name()))),
        name,
        Some(("options", Value::Object(options.collect()))),
    ];
    entries.into_iter().flatten().collect()
}

fn trust(change: &TrustChange) -> Value {
    let TrustChange { identity, provider, subject, way, is_gain, rollout, who: _ } = change;
    let rollout = match rollout {
        Rollout::Given => None,
        Rollout::InUse => Some("in-use"),
        Rollout::TrustOnly => Some("trust-only"),
    };
    let (by, known) = match way {
        TrustPath::Token { issuer, audience } => {
            ("token", vec![("issuer", issuer.as_deref()), ("audience", audience.as_deref())])
        }
        TrustPath::PodIdentity(name) => ("pod-identity", vec![("eks_name", name.as_deref())]),
        TrustPath::Role { role, external_id } => {
            ("role", vec![("role", Some(role.as_str())), ("external_id", external_id.as_deref())])
        }
        TrustPath::Pool(pool) => ("pool", vec![("pool", pool.as_deref())]),
    };
    let entries = [
        ("change", Some(if *is_gain { "gained" } else { "lost" })),
        ("provider", Some(*provider)),
        ("identity", identity.as_deref()),
        ("subject", Some(subject.as_str())),
        ("by", Some(by)),
        ("rollout", rollout),
    ];
    entries.into_iter().chain(known).filter_map(|(name, value)| Some((name, value?))).collect()
}
