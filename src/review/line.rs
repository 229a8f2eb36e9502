//! Changes as people read them: what, and how it was and is.

use crate::review::change::{Change, ClusterFate, IdentityChange, PassthroughChange, PassthroughFate};
use crate::review::group::Group;
use crate::review::moved::Moved;
use crate::review::policy::PolicyChange;
use crate::review::pull_and_decrypt::PullAndDecryptChange;
use crate::review::trust_change::{Rollout, TrustChange, TrustPath};
use crate::syntax::notation;

/// Something that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Several recipients, if they have the same change.
    pub what: Vec<String>,
    /// How it was; empty if it was not.
    pub before: Vec<Remarked>,
    /// How it is; empty if it is not.
    pub after: Vec<Remarked>,
}

/// A text of one side of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remarked {
    pub text: String,
    /// The words behind it.
    pub remark: &'static str,
}

impl From<String> for Remarked {
    fn from(text: String) -> Remarked {
        Remarked { text, remark: "" }
    }
}

/// Changes that are shown as lines.
pub trait Described: PartialEq + Sized {
    fn lines(changes: &[Self]) -> Vec<Line>;
}

impl Described for Change {
    /// Recipients with the same change share a line.
    fn lines(changes: &[Change]) -> Vec<Line> {
        let mut lines: Vec<(Option<&IdentityChange>, Line)> = Vec::new();
        let (of_cluster, others): (Vec<&Change>, Vec<&Change>) =
            changes.iter().partition(|change| matches!(change, Change::Cluster(_)));
        for change in of_cluster.into_iter().chain(others) {
            let known = lines.iter_mut().find(|(known, _)| match (known, change) {
                (Some(known), Change::Identity(change)) => known.is_like(change),
                (Some(_) | None, _) => false,
            });
            match (known, change) {
                (Some((_, line)), Change::Identity(change)) => {
                    line.what.push(notation::recipient(&change.who));
                }
                (None, Change::Identity(change)) => lines.push((Some(change), identity_line(change))),
                (Some(_) | None, Change::Cluster(fate)) => {
                    let (before, after) = match fate {
                        ClusterFate::New(platform) => (vec![], vec![format!("on {platform}").into()]),
                        ClusterFate::Gone(platform) => (vec![format!("on {platform}").into()], vec![]),
                    };
                    lines.push((None, Line { what: vec!["the cluster".to_owned()], before, after }));
                }
                (Some(_) | None, Change::Setting { name, before, after }) => {
                    let shown = |value: &Option<String>| value.iter().cloned().map(Remarked::from).collect();
                    let line =
                        Line { what: vec![(*name).to_owned()], before: shown(before), after: shown(after) };
                    lines.push((None, line));
                }
                (Some(_) | None, Change::Passed(change)) => lines.push((None, passthrough_line(change))),
            }
        }
        lines.into_iter().map(|(_, line)| line).collect()
    }
}

fn identity_line(change: &IdentityChange) -> Line {
    let shown = |identity: &Option<_>| identity.iter().map(ToString::to_string).map(Remarked::from).collect();
    Line {
        what: vec![notation::recipient(&change.who)],
        before: shown(&change.before),
        after: shown(&change.after),
    }
}

fn passthrough_line(change: &PassthroughChange) -> Line {
    let PassthroughChange { what, name, how, .. } = change;
    let one = |text: &str| vec![text.to_owned().into()];
    let (before, after) = match how {
        PassthroughFate::Added => (vec![], one("passed through")),
        PassthroughFate::Removed => (one("passed through"), vec![]),
        PassthroughFate::Changed => (one("passed through"), one("passed through, with other text")),
        PassthroughFate::Moved => (one("passed through"), one("passed through, in another order")),
    };
    Line { what: vec![format!("{what} {name}").trim_end().to_owned()], before, after }
}

impl Described for TrustChange {
    /// The subjects that are trusted with one identity share a line.
    fn lines(changes: &[TrustChange]) -> Vec<Line> {
        lines_by_identity(changes.iter().map(|change| {
            let text = format!("{}{}", change.subject, known_by(&change.way));
            let subject = Remarked { text, remark: in_rollout(change.rollout) };
            (change.provider, change.identity.as_deref().unwrap_or("direct"), change.is_gain, subject)
        }))
    }
}

impl Described for PullAndDecryptChange {
    /// The controllers that pull and decrypt with one identity share a line.
    fn lines(changes: &[PullAndDecryptChange]) -> Vec<Line> {
        lines_by_identity(changes.iter().map(|change| {
            let who = format!("{} {}", change.controller.name(), change.does());
            (change.provider.name(), change.identity.as_str(), change.is_gain, who.into())
        }))
    }
}

impl Described for PolicyChange {
    /// The effects of one statement share a line.
    fn lines(changes: &[PolicyChange]) -> Vec<Line> {
        let effect =
            |change: &PolicyChange| (change.statement().to_owned(), change.is_gain, change.says().into());
        side_by_side(changes.iter().map(effect))
    }
}

/// One line for each identity: who no longer uses it, and who newly does.
fn lines_by_identity<'c>(changes: impl Iterator<Item = (&'c str, &'c str, bool, Remarked)>) -> Vec<Line> {
    side_by_side(
        changes.map(|(provider, identity, is_gain, who)| (format!("{provider} {identity}"), is_gain, who)),
    )
}

/// What is gone and what is new, by what it is.
fn side_by_side(changes: impl Iterator<Item = (String, bool, Remarked)>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (what, is_gain, who) in changes {
        let at = lines.iter().position(|line| line.what.contains(&what)).unwrap_or_else(|| {
            lines.push(Line { what: vec![what], before: Vec::new(), after: Vec::new() });
            lines.len().saturating_sub(1)
        });
        if let Some(line) = lines.get_mut(at) {
            let side = if is_gain { &mut line.after } else { &mut line.before };
            side.push(who);
        }
    }
    lines
}

const fn in_rollout(rollout: Rollout) -> &'static str {
    match rollout {
        Rollout::Given => "",
        Rollout::InUse => ", in use until the pods restart",
        Rollout::TrustOnly => ", trust only",
    }
}

fn known_by(way: &TrustPath) -> String {
    match way {
        TrustPath::Token { issuer, audience } => {
            let audience = audience.as_ref().map(|audience| format!(", by tokens for {audience}"));
            let issuer = issuer.as_ref().map(|issuer| format!(", of {issuer}"));
            format!("{}{}", audience.unwrap_or_default(), issuer.unwrap_or_default())
        }
        TrustPath::PodIdentity(name) => {
            let name = name.as_ref().map(|name| format!(" of {name}"));
            format!(", by EKS Pod Identity{}", name.unwrap_or_default())
        }
        TrustPath::Role { role, external_id } => {
            let external_id = external_id.as_ref().map(|id| format!(" with the external id {id}"));
            format!(", by {role}{}", external_id.unwrap_or_default())
        }
        TrustPath::Pool(pool) => pool.as_ref().map(|pool| format!(", of {pool}")).unwrap_or_default(),
    }
}

/// That all overlays moved, by the example of the first.
pub fn in_one_line(moved: &Moved, quote: impl Fn(&str) -> String) -> String {
    let Moved { before, after, overlays } = moved;
    let place = |path: &str| match path {
        "" => "the root of the repository".to_owned(),
        path => quote(path),
    };
    let whole = match overlays.len() {
        1 => "1 overlay moved".to_owned(),
        many => format!("{many} overlays moved from {} to {}", place(before), place(after)),
    };
    let example = overlays.first();
    let example = example.map(|it| format!(": {} is {} now", quote(&it.before), quote(&it.after)));
    whole + &example.unwrap_or_default()
}

/// The names of clusters, of many but the first and the last.
pub fn names<T: PartialEq>(group: &Group<T>, quote: impl Fn(&str) -> String) -> String {
    let quoted: Vec<String> = group.names().map(quote).collect();
    match quoted.as_slice() {
        [one, two, three, _, .., last] if quoted.len() > 5 => format!("{one}, {two}, {three} … {last}"),
        all => all.join(", "),
    }
}
