//! The statements of one cluster.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::cluster::{Cluster, Shape};
use crate::import::leftover::{Content, Leftover};
use crate::import::statements::Statement;
use crate::model::Platform;
use crate::model::setting::Setting;
use crate::syntax::notation::with_cluster;

/// A cluster with its statements.
#[derive(Clone, Debug)]
pub struct ClusterStatements {
    pub name: String,
    pub platform: Platform,
    pub is_component: bool,
    pub statements: BTreeSet<Statement>,
    /// The patches that it passes through, in the order in which kustomize applies them.
    pub patches: Vec<Statement>,
    pub leftovers: Vec<Leftover>,
}

impl ClusterStatements {
    /// The statements of a cluster without its identities.
    pub fn new(cluster: &mut Cluster, is_fleet: bool) -> ClusterStatements {
        let is_component = cluster.shape == Shape::Component;
        let setting = |setting, value: &str| Statement::Setting(setting, value.to_owned());
        let mut statements = BTreeSet::from([
            setting(Setting::Output, &output_template(cluster)),
            setting(Setting::Emit, if is_component { "component" } else { "overlay" }),
            setting(Setting::Restart, if cluster.restarts { "on-change" } else { "by-hand" }),
            setting(Setting::Namespace, &cluster.namespace),
        ]);
        let install = match cluster.shape {
            Shape::Bootstrap => Some("bootstrap"),
            Shape::Overlay => Some("none"),
            Shape::Component => None,
        };
        statements.extend(install.map(|word| setting(Setting::Install, word)));
        let in_paths = |path: &String| with_cluster(path, &cluster.name);
        for (setting, value) in &cluster.settings {
            let has_cluster = *setting == Setting::ServiceAccounts
                || is_fleet && *setting == Setting::WorkloadIdentityProvider;
            let value = if has_cluster { in_paths(value) } else { value.clone() };
            statements.insert(Statement::Setting(*setting, value));
        }
        statements.extend(cluster.resources.iter().map(|path| Statement::Resource(in_paths(path))));
        statements.extend(cluster.components.iter().map(|path| Statement::Component(in_paths(path))));
        let mut patches = Vec::new();
        for leftover in &cluster.leftovers {
            let Content::File(path) = &leftover.content else { continue };
            let relative = path.strip_prefix(&format!("{}/", cluster.directory));
            let path = relative.map_or_else(|| in_paths(path), |rest| format!("./{rest}"));
            let statement = Statement::Patch(path, leftover.target.clone());
            statements.insert(statement.clone());
            patches.push(statement);
        }
        ClusterStatements {
            name: cluster.name.clone(),
            platform: cluster.platform,
            is_component,
            statements,
            patches,
            leftovers: std::mem::take(&mut cluster.leftovers),
        }
    }
}

/// The directory of a cluster as a template: that of the default, where it is the same.
fn output_template(cluster: &Cluster) -> String {
    let below = if cluster.shape == Shape::Component { "/identity" } else { "" };
    let default = format!("{}{below}", Setting::Output.default().unwrap_or_default());
    let directory = default.replace("${cluster}", &cluster.name).replace("${namespace}", &cluster.namespace);
    if directory == cluster.directory { default } else { with_cluster(&cluster.directory, &cluster.name) }
}

/// The most frequent item, and the smallest of several.
pub fn most_frequent<T: Ord>(items: impl IntoIterator<Item = T>) -> Option<(T, usize)> {
    most_frequent_count(counts(items))
}

pub fn counts<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for item in items {
        let count = counts.entry(item).or_default();
        *count = count.saturating_add(1);
    }
    counts
}

/// The same of counts.
pub fn most_frequent_count<T: Ord>(counts: BTreeMap<T, usize>) -> Option<(T, usize)> {
    let most = counts.values().max().copied()?;
    counts.into_iter().find(|(_, count)| *count == most)
}
