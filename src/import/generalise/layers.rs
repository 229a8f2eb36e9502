//! Which statements are in the file, in profiles and in clusters.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::generalise::cluster_statements::ClusterStatements;
use crate::import::generalise::cluster_statements::{counts, most_frequent_count};
use crate::import::naming::free_name;
use crate::import::statements::{Block, Clusters, Source, Statement};
use crate::model::setting::Setting;
use crate::model::{Platform, Recipient};

/// The statements that clusters share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    All,
    /// The order of patches depends on where they are.
    AllButPatches,
    Nothing,
}

impl Sharing {
    fn includes(self, statement: &Statement) -> bool {
        self == Sharing::All || !matches!(statement, Statement::Patch(..))
    }
}

/// Statements, assigned to layers.
pub struct Layering {
    clusters: Vec<ClusterStatements>,
    uses: Vec<Vec<String>>,
    file: BTreeSet<Statement>,
    profiles: BTreeMap<String, BTreeSet<Statement>>,
    /// All patches, with their positions in an order that most clusters have.
    order: BTreeMap<Statement, usize>,
    /// The number of clusters that have each word in their name.
    words: BTreeMap<String, usize>,
    /// The last number of each name of profiles.
    numbers: BTreeMap<String, usize>,
    /// True if `azure-cloud` is set for a cluster on AKS.
    has_cloud_on_aks: bool,
}

/// The key of a statement: a block has at most one statement of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum StatementKey<'s> {
    Setting(Setting),
    Role(&'s str),
    Mapping(&'s Recipient),
    Own(&'s Statement),
}

fn key(statement: &Statement) -> StatementKey<'_> {
    match statement {
        Statement::Setting(setting, _) => StatementKey::Setting(*setting),
        Statement::Role(name, _) => StatementKey::Role(name),
        Statement::Mapping(recipient, _) => StatementKey::Mapping(recipient),
        Statement::Resource(_) | Statement::Component(_) | Statement::Patch(..) => {
            StatementKey::Own(statement)
        }
    }
}

fn words(name: &str) -> BTreeSet<&str> {
    name.split(['-', '_', '.']).collect()
}

impl Layering {
    /// Moves what several clusters share to the file and to profiles.
    pub fn new(clusters: Vec<ClusterStatements>, sharing: Sharing) -> Layering {
        let mut order = BTreeMap::new();
        for patch in clusters.iter().flat_map(|cluster| &cluster.patches) {
            if !order.contains_key(patch) {
                order.insert(patch.clone(), order.len());
            }
        }
        let all_words = clusters.iter().flat_map(|cluster| words(&cluster.name)).map(str::to_owned);
        let all_words = counts(all_words);
        let is_cloud =
            |statement: &Statement| matches!(statement, Statement::Setting(Setting::AzureCloud, _));
        let has_cloud = |cluster: &ClusterStatements| cluster.statements.iter().any(is_cloud);
        let mut on_aks = clusters.iter().filter(|cluster| cluster.platform == Platform::Aks);
        let has_cloud_on_aks = on_aks.any(has_cloud);
        let mut layering = Layering {
            uses: vec![Vec::new(); clusters.len()],
            clusters,
            file: BTreeSet::new(),
            profiles: BTreeMap::new(),
            order,
            words: all_words,
            numbers: BTreeMap::new(),
            has_cloud_on_aks,
        };
        if sharing != Sharing::Nothing {
            layering.share(sharing);
        }
        layering.drop_defaults();
        layering
    }

    fn share(&mut self, sharing: Sharing) {
        let platforms: BTreeSet<Platform> = self.clusters.iter().map(|cluster| cluster.platform).collect();
        let all: Vec<usize> = (0..self.clusters.len()).collect();
        if all.len() > 1 {
            self.file = self.lift(&all, platforms.len() == 1, sharing);
        }
        for platform in platforms.iter().filter(|_| platforms.len() > 1) {
            let of_platform: Vec<usize> =
                all.iter().copied().filter(|at| self.is_on(*at, *platform)).collect();
            if of_platform.len() > 1 {
                let lifted = self.lift(&of_platform, true, sharing);
                self.profile(&of_platform, platform.name().to_owned(), lifted);
            }
        }
        self.share_rest(sharing);
    }

    fn is_on(&self, at: usize, platform: Platform) -> bool {
        self.clusters.get(at).is_some_and(|cluster| cluster.platform == platform)
    }

    /// Moves the statements out of these clusters that can be made for all of them.
    fn lift(&mut self, scope: &[usize], also_most: bool, sharing: Sharing) -> BTreeSet<Statement> {
        let mut of_key: BTreeMap<StatementKey<'_>, BTreeMap<&Statement, usize>> = BTreeMap::new();
        for cluster in scope.iter().filter_map(|at| self.clusters.get(*at)) {
            for statement in cluster.statements.iter().filter(|statement| sharing.includes(statement)) {
                let count = of_key.entry(key(statement)).or_default().entry(statement).or_default();
                *count = count.saturating_add(1);
            }
        }
        let mut lifted = BTreeSet::new();
        for (key, counts) in of_key {
            let clusters: usize = counts.values().sum();
            let Some((best, count)) = most_frequent_count(counts) else { continue };
            let may_override = match &key {
                // Where every cluster has one, the others override it.
                StatementKey::Setting(
                    Setting::Output
                    | Setting::Emit
                    | Setting::Restart
                    | Setting::Namespace
                    | Setting::Install
                    | Setting::AzureCloud
                    | Setting::Flux
                    | Setting::TrustOutput
                    | Setting::EksName
                    | Setting::TrustSubjects
                    | Setting::TrustForm,
                ) => clusters == scope.len(),
                // These have no effect in a cluster that does not need them.
                StatementKey::Setting(
                    Setting::Tenant
                    | Setting::Account
                    | Setting::Project
                    | Setting::ProjectNumber
                    | Setting::Region
                    | Setting::Issuer
                    | Setting::WorkloadIdentityProvider
                    | Setting::ServiceAccounts,
                )
                | StatementKey::Role(_) => also_most,
                StatementKey::Mapping(_) | StatementKey::Own(_) => false,
            };
            let is_most = count > 1 && count.saturating_mul(5) >= scope.len().saturating_mul(3);
            if count == scope.len() || may_override && is_most {
                lifted.insert(best.clone());
            }
        }
        self.remove(scope, &lifted);
        lifted
    }

    fn remove(&mut self, scope: &[usize], lifted: &BTreeSet<Statement>) {
        for at in scope {
            if let Some(cluster) = self.clusters.get_mut(*at) {
                cluster.statements.retain(|statement| !lifted.contains(statement));
            }
        }
    }

    /// Makes a profile of statements of these clusters, unless it would be longer.
    fn profile(&mut self, scope: &[usize], name: String, lifted: BTreeSet<Statement>) {
        if lifted.iter().filter(|statement| !self.is_default(statement, false)).count() < 2 {
            for at in scope {
                if let Some(cluster) = self.clusters.get_mut(*at) {
                    let known: BTreeSet<StatementKey<'_>> = cluster.statements.iter().map(key).collect();
                    let new = lifted.iter().filter(|statement| !known.contains(&key(statement)));
                    let new: Vec<Statement> = new.cloned().collect();
                    cluster.statements.extend(new);
                }
            }
            return;
        }
        for at in scope {
            if let Some(uses) = self.uses.get_mut(*at) {
                uses.push(name.clone());
            }
        }
        self.profiles.insert(name, lifted);
    }

    /// Makes a profile of the statements that exactly the same clusters share.
    fn share_rest(&mut self, sharing: Sharing) {
        let mut users: BTreeMap<&Statement, Vec<usize>> = BTreeMap::new();
        for (at, cluster) in self.clusters.iter().enumerate() {
            for statement in cluster.statements.iter().filter(|statement| sharing.includes(statement)) {
                users.entry(statement).or_default().push(at);
            }
        }
        let mut by_scope: BTreeMap<Vec<usize>, BTreeSet<Statement>> = BTreeMap::new();
        for (statement, at) in users {
            if at.len() > 1 && !self.is_default(statement, false) {
                by_scope.entry(at).or_default().insert(statement.clone());
            }
        }
        for (scope, shared) in by_scope {
            if shared.len() > 1 && !self.are_equal(&scope) {
                self.remove(&scope, &shared);
                let name = self.profile_name(&scope);
                self.profile(&scope, name, shared);
            }
        }
    }

    /// True if these clusters are equal, so that one block is enough for them.
    fn are_equal(&self, scope: &[usize]) -> bool {
        let mut all = scope.iter().filter_map(|at| Some((self.clusters.get(*at)?, self.uses.get(*at)?)));
        let Some((first, uses)) = all.next() else { return true };
        all.all(|(other, used)| {
            other.statements == first.statements && used == uses && other.platform == first.platform
        })
    }

    /// A word that all these clusters have in their names and no other cluster has, or a number.
    fn profile_name(&mut self, scope: &[usize]) -> String {
        let mut clusters = scope.iter().filter_map(|at| self.clusters.get(*at));
        let Some(first) = clusters.next() else { return String::new() };
        let mut common = words(&first.name);
        for cluster in clusters {
            let own = words(&cluster.name);
            common.retain(|word| own.contains(word));
        }
        let is_free = |name: &str| !self.profiles.contains_key(name);
        let is_word = |word: &&&str| {
            word.starts_with(|letter: char| letter.is_ascii_alphabetic())
                && self.words.get(**word) == Some(&scope.len())
        };
        let word = common.iter().find(|word| is_word(word) && is_free(word));
        let base =
            word.map_or_else(|| format!("{}-shared", first.platform.name()), |word| (*word).to_owned());
        free_name(&base, &mut self.numbers, |name| !self.profiles.contains_key(name))
    }

    fn is_default(&self, statement: &Statement, is_component: bool) -> bool {
        match statement {
            // On AKS the default is that of the webhook.
            Statement::Setting(Setting::AzureCloud, _) if self.has_cloud_on_aks => false,
            // A component is in a directory of its overlay.
            Statement::Setting(Setting::Output, value) if is_component => {
                Setting::Output.default() == value.strip_suffix("/identity")
            }
            Statement::Setting(setting, value) => setting.default() == Some(value),
            Statement::Role(..)
            | Statement::Mapping(..)
            | Statement::Resource(_)
            | Statement::Component(_)
            | Statement::Patch(..) => false,
        }
    }

    /// Removes settings that are the default and override nothing.
    fn drop_defaults(&mut self) {
        let emits = Statement::Setting(Setting::Emit, "component".to_owned());
        let file_emits = self.file.contains(&emits);
        let mut file = std::mem::take(&mut self.file);
        file.retain(|statement| !self.is_default(statement, file_emits));
        let keys_in_file: BTreeSet<StatementKey<'_>> = file.iter().map(key).collect();
        let mut profiles = std::mem::take(&mut self.profiles);
        for statements in profiles.values_mut() {
            let emits = statements.contains(&emits) || file_emits;
            statements.retain(|statement| {
                keys_in_file.contains(&key(statement)) || !self.is_default(statement, emits)
            });
        }
        let keys_in =
            |name: &String| profiles.get(name).map(|statements| statements.iter().map(key).collect());
        let names: BTreeSet<&String> = self.uses.iter().flatten().collect();
        let keys_in_profiles: BTreeMap<&String, BTreeSet<StatementKey<'_>>> =
            names.into_iter().filter_map(|name| Some((name, keys_in(name)?))).collect();
        let mut clusters = std::mem::take(&mut self.clusters);
        for (cluster, uses) in clusters.iter_mut().zip(&self.uses) {
            let is_outside = |statement: &Statement| {
                let mut used = uses.iter().filter_map(|name| keys_in_profiles.get(name));
                keys_in_file.contains(&key(statement))
                    || used.any(|statements| statements.contains(&key(statement)))
            };
            let is_component = cluster.is_component;
            cluster
                .statements
                .retain(|statement| !self.is_default(statement, is_component) || is_outside(statement));
        }
        (self.file, self.profiles, self.clusters) = (file, profiles, clusters);
    }

    pub fn source(self) -> Source {
        let mut blocks: BTreeMap<(Platform, Vec<String>, Vec<Statement>), Vec<String>> = BTreeMap::new();
        for (cluster, uses) in self.clusters.iter().zip(&self.uses) {
            let statements = ordered(&cluster.statements, &self.order);
            blocks
                .entry((cluster.platform, uses.clone(), statements))
                .or_default()
                .push(cluster.name.clone());
        }
        let mut clusters: Vec<Clusters> = blocks
            .into_iter()
            .map(|((platform, uses, statements), names)| Clusters { names, platform, uses, statements })
            .collect();
        clusters.sort_by(|one, other| (one.platform, &one.names).cmp(&(other.platform, &other.names)));
        let profiles = self.profiles.iter();
        Source {
            file: ordered(&self.file, &self.order),
            values: None,
            profiles: profiles
                .map(|(name, statements)| Block {
                    name: name.clone(),
                    statements: ordered(statements, &self.order),
                })
                .collect(),
            clusters,
        }
    }
}

/// Statements in the order in which they are written; patches in that of kustomize.
fn ordered(statements: &BTreeSet<Statement>, order: &BTreeMap<Statement, usize>) -> Vec<Statement> {
    let others = statements.iter().filter(|statement| !matches!(statement, Statement::Patch(..)));
    let mut patches: Vec<(usize, &Statement)> =
        statements.iter().filter_map(|statement| Some((*order.get(statement)?, statement))).collect();
    patches.sort_unstable();
    others.chain(patches.into_iter().map(|(_, statement)| statement)).cloned().collect()
}
