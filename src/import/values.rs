//! What clusters differ in, in a file of values.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::import::identity::Identity;
use crate::import::statements::{Clusters, MappingTarget, Source, Statement};
use crate::model::setting::Setting;
use crate::model::{Platform, Recipient};

/// How many blocks differ in values alone at least, so that a file of values is worth its place.
const FEWEST: usize = 4;

/// The number of clusters that differ from others in values alone, if there are enough of them.
pub fn count_alike(source: &Source) -> usize {
    let alike = groups(&source.clusters).into_values().filter(|group| group.len() >= FEWEST);
    alike.flatten().map(|block| block.names.len()).sum()
}

/// Moves the values in which clusters differ to a file, and gives its text. Clusters that differ in nothing else come into one
/// block. `file`: the path that the source names it by.
pub fn separate(source: Source, file: &str) -> (Source, Option<String>) {
    let mut values: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let mut clusters = Vec::new();
    for (_, group) in groups(&source.clusters) {
        if group.len() < FEWEST {
            clusters.extend(group.into_iter().cloned());
        } else {
            clusters.extend(merged(&group, &mut values));
        }
    }
    if values.is_empty() {
        return (source, None);
    }
    clusters.sort_by(|one, other| (one.platform, &one.names).cmp(&(other.platform, &other.names)));
    let text = format!(
        "{:#}\n",
        Value::from(values.into_iter().map(|(name, own)| (name, own.into())).collect::<Map<_, _>>())
    );
    (Source { values: Some(file.to_owned()), clusters, ..source }, Some(text))
}

/// Blocks that differ in values alone, by what they have in common.
type Groups<'s> = BTreeMap<(Platform, &'s [String], Vec<Frame>), Vec<&'s Clusters>>;

fn groups(clusters: &[Clusters]) -> Groups<'_> {
    let mut groups = Groups::new();
    for block in clusters {
        let frames = block.statements.iter().map(|statement| frame(statement).0).collect();
        groups.entry((block.platform, block.uses.as_slice(), frames)).or_default().push(block);
    }
    groups
}

/// A statement without its value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Frame {
    Setting(Setting),
    Role(String, Identity),
    Mapping(Recipient, Identity),
    Whole(Statement),
}

/// A statement without its value, and the value.
fn frame(statement: &Statement) -> (Frame, Option<&str>) {
    let whole = || (Frame::Whole(statement.clone()), None);
    let split = |identity: &Identity| Identity { value: None, ..identity.clone() };
    match statement {
        Statement::Setting(setting, value) if is_value(*setting) && !value.contains('$') => {
            (Frame::Setting(*setting), Some(value))
        }
        Statement::Role(name, identity) => match plain(identity) {
            Some(value) => (Frame::Role(name.clone(), split(identity)), Some(value)),
            None => whole(),
        },
        Statement::Mapping(recipient, targets) => match targets.as_slice() {
            [MappingTarget::Identity(identity)] => match plain(identity) {
                Some(value) => (Frame::Mapping(recipient.clone(), split(identity)), Some(value)),
                None => whole(),
            },
            _ => whole(),
        },
        Statement::Setting(..) | Statement::Resource(_) | Statement::Component(_) | Statement::Patch(..) => {
            whole()
        }
    }
}

/// What an identity is written as, if it has no interpolation.
fn plain(identity: &Identity) -> Option<&str> {
    identity.value.as_deref().filter(|value| !value.contains('$'))
}

/// True for settings that tell one cluster from another, and are text.
const fn is_value(setting: Setting) -> bool {
    matches!(
        setting,
        Setting::Account
            | Setting::EksName
            | Setting::Issuer
            | Setting::Project
            | Setting::ProjectNumber
            | Setting::Region
            | Setting::Tenant
            | Setting::WorkloadIdentityProvider
    )
}

/// One block for all clusters of a group. What differs in them comes to the values.
fn merged(group: &[&Clusters], values: &mut BTreeMap<String, Map<String, Value>>) -> Option<Clusters> {
    let (first, others) = group.split_first()?;
    let mut statements = Vec::new();
    for (at, statement) in first.statements.iter().enumerate() {
        if others.iter().all(|other| other.statements.get(at) == Some(statement)) {
            statements.push(statement.clone());
            continue;
        }
        let (name, kept) = variable(statement)?;
        for block in group {
            let value = block.statements.get(at).and_then(|statement| frame(statement).1)?;
            for cluster in &block.names {
                values.entry(cluster.clone()).or_default().insert(name.clone(), value.into());
            }
        }
        statements.extend(kept);
    }
    let mut names: Vec<String> = group.iter().flat_map(|block| block.names.clone()).collect();
    names.sort();
    Some(Clusters { names, platform: first.platform, uses: first.uses.clone(), statements })
}

/// The name that stands for the value of a statement in a file of values, and the statement with that name, which a setting
/// does without.
fn variable(statement: &Statement) -> Option<(String, Option<Statement>)> {
    let with = |identity: &Identity, name: &str| Identity {
        value: Some(format!("${{{name}}}")),
        ..identity.clone()
    };
    match statement {
        Statement::Setting(setting, _) => Some((setting.name().to_owned(), None)),
        Statement::Role(role, identity) => {
            let name = format!("{role}-identity");
            let statement = Statement::Role(role.clone(), with(identity, &name));
            Some((name, Some(statement)))
        }
        Statement::Mapping(recipient, targets) => {
            let [MappingTarget::Identity(identity)] = targets.as_slice() else { return None };
            let name = match recipient {
                Recipient::Controller(controller) => format!("{}-identity", controller.name()),
                Recipient::Account(account) => {
                    format!("{}-{}-identity", account.namespace.as_str(), account.name.as_str())
                }
            };
            let target = MappingTarget::Identity(with(identity, &name));
            Some((name, Some(Statement::Mapping(recipient.clone(), vec![target]))))
        }
        Statement::Resource(_) | Statement::Component(_) | Statement::Patch(..) => None,
    }
}
