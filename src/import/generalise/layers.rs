//! What stands in the file, in profiles and in clusters.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::generalise::cluster_statements::ClusterStatements;
use crate::import::generalise::cluster_statements::{counts, most_frequent_of};
use crate::import::naming::free_name;
use crate::import::statements::{Block, Clusters, Source, Statement};
use crate::model::setting::Setting;
use crate::model::{Platform, Recipient};

/// What is said where.
pub struct Layering {
    sayings: Vec<ClusterStatements>,
    uses: Vec<Vec<String>>,
    file: BTreeSet<Statement>,
    profiles: BTreeMap<String, BTreeSet<Statement>>,
    /// All patches, with their places in an order that most clusters have.
    order: BTreeMap<Statement, usize>,
    /// In how many clusters' names each word is.
    words: BTreeMap<String, usize>,
    /// How many profiles there are of a name that has numbers.
    numbers: BTreeMap<String, usize>,
}

/// What a statement is about: of these a block says one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum StatementKey<'s> {
    Setting(Setting),
    Role(&'s str),
    Mapping(&'s Recipient),
    Own(&'s Statement),
}

fn key(said: &Statement) -> StatementKey<'_> {
    match said {
        Statement::Setting(setting, _) => StatementKey::Setting(*setting),
        Statement::Role(name, _) => StatementKey::Role(name),
        Statement::Mapping(holder, _) => StatementKey::Mapping(holder),
        Statement::Resource(_) | Statement::Component(_) | Statement::Patch(..) => StatementKey::Own(said),
    }
}

fn words(name: &str) -> BTreeSet<&str> {
    name.split(['-', '_', '.']).collect()
}

impl Layering {
    /// Says once what is the same in several clusters. `shares_patches`: patches too.
    pub fn new(sayings: Vec<ClusterStatements>, shares_patches: bool) -> Layering {
        let mut order = BTreeMap::new();
        for patch in sayings.iter().flat_map(|saying| &saying.patches) {
            if !order.contains_key(patch) {
                order.insert(patch.clone(), order.len());
            }
        }
        let all_words = sayings.iter().flat_map(|saying| words(&saying.name)).map(str::to_owned);
        let all_words = counts(all_words);
        let mut layering = Layering {
            uses: vec![Vec::new(); sayings.len()],
            sayings,
            file: BTreeSet::new(),
            profiles: BTreeMap::new(),
            order,
            words: all_words,
            numbers: BTreeMap::new(),
        };
        let platforms: BTreeSet<Platform> = layering.sayings.iter().map(|saying| saying.platform).collect();
        let all: Vec<usize> = (0..layering.sayings.len()).collect();
        if all.len() > 1 {
            layering.file = layering.lift(&all, platforms.len() == 1, shares_patches);
        }
        for platform in platforms.iter().filter(|_| platforms.len() > 1) {
            let of_platform: Vec<usize> =
                all.iter().copied().filter(|at| layering.is_on(*at, *platform)).collect();
            if of_platform.len() > 1 {
                let lifted = layering.lift(&of_platform, true, shares_patches);
                layering.profile(&of_platform, platform.name().to_owned(), lifted);
            }
        }
        layering.share_the_rest(shares_patches);
        layering.drop_defaults();
        layering
    }

    fn is_on(&self, at: usize, platform: Platform) -> bool {
        self.sayings.get(at).is_some_and(|saying| saying.platform == platform)
    }

    /// Takes from these clusters what can be said for all of them.
    fn lift(&mut self, scope: &[usize], also_most: bool, shares_patches: bool) -> BTreeSet<Statement> {
        let mut of_key: BTreeMap<StatementKey<'_>, BTreeMap<&Statement, usize>> = BTreeMap::new();
        for saying in scope.iter().filter_map(|at| self.sayings.get(*at)) {
            for said in saying
                .statements
                .iter()
                .filter(|said| shares_patches || !matches!(said, Statement::Patch(..)))
            {
                let count = of_key.entry(key(said)).or_default().entry(said).or_default();
                *count = count.saturating_add(1);
            }
        }
        let mut lifted = BTreeSet::new();
        for (key, counts) in of_key {
            let holders: usize = counts.values().sum();
            let Some((best, count)) = most_frequent_of(counts) else { continue };
            let may_hide = match &key {
                // Where every cluster says one, the others say theirs. What is in the file already hides nothing.
                StatementKey::Setting(
                    Setting::Output
                    | Setting::Emit
                    | Setting::Restart
                    | Setting::Namespace
                    | Setting::Install
                    | Setting::AzureCloud
                    | Setting::Flux
                    | Setting::TrustOutput
                    | Setting::TrustForm,
                ) => holders == scope.len(),
                // Nobody minds these who does not need them.
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
            if count == scope.len() || may_hide && is_most {
                lifted.insert(best.clone());
            }
        }
        self.remove(scope, &lifted);
        lifted
    }

    fn remove(&mut self, scope: &[usize], lifted: &BTreeSet<Statement>) {
        for at in scope {
            if let Some(saying) = self.sayings.get_mut(*at) {
                saying.statements.retain(|said| !lifted.contains(said));
            }
        }
    }

    /// Makes a profile of what was taken from these clusters, if it is worth its lines.
    fn profile(&mut self, scope: &[usize], name: String, lifted: BTreeSet<Statement>) {
        if lifted.iter().filter(|said| !Layering::is_default(said, false)).count() < 2 {
            for at in scope {
                if let Some(saying) = self.sayings.get_mut(*at) {
                    let known: BTreeSet<StatementKey<'_>> = saying.statements.iter().map(key).collect();
                    let new = lifted.iter().filter(|said| !known.contains(&key(said)));
                    let new: Vec<Statement> = new.cloned().collect();
                    saying.statements.extend(new);
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

    /// What several clusters say in the same words, and no others do, becomes a profile.
    fn share_the_rest(&mut self, shares_patches: bool) {
        let mut holders: BTreeMap<&Statement, Vec<usize>> = BTreeMap::new();
        for (at, saying) in self.sayings.iter().enumerate() {
            for said in saying
                .statements
                .iter()
                .filter(|said| shares_patches || !matches!(said, Statement::Patch(..)))
            {
                holders.entry(said).or_default().push(at);
            }
        }
        let mut supports: BTreeMap<Vec<usize>, BTreeSet<Statement>> = BTreeMap::new();
        for (said, at) in holders {
            if at.len() > 1 && !Layering::is_default(said, false) {
                supports.entry(at).or_default().insert(said.clone());
            }
        }
        for (scope, said) in supports {
            if said.len() > 1 && !self.are_alike(&scope) {
                self.remove(&scope, &said);
                let name = self.profile_name(&scope);
                self.profile(&scope, name, said);
            }
        }
    }

    /// Whether these clusters say the same, so that one block is enough for them.
    fn are_alike(&self, scope: &[usize]) -> bool {
        let mut all = scope.iter().filter_map(|at| Some((self.sayings.get(*at)?, self.uses.get(*at)?)));
        let Some((first, uses)) = all.next() else { return true };
        all.all(|(other, used)| {
            other.statements == first.statements && used == uses && other.platform == first.platform
        })
    }

    /// A word that all these clusters have in their names and no other cluster has, or a number.
    fn profile_name(&mut self, scope: &[usize]) -> String {
        let mut sayings = scope.iter().filter_map(|at| self.sayings.get(*at));
        let Some(first) = sayings.next() else { return String::new() };
        let mut common = words(&first.name);
        for saying in sayings {
            let own = words(&saying.name);
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

    fn is_default(said: &Statement, is_component: bool) -> bool {
        match said {
            // A component stands below its overlay.
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

    /// Takes away what holds anyway where nothing says otherwise.
    fn drop_defaults(&mut self) {
        let emits = Statement::Setting(Setting::Emit, "component".to_owned());
        let file_emits = self.file.contains(&emits);
        let mut file = std::mem::take(&mut self.file);
        file.retain(|said| !Layering::is_default(said, file_emits));
        let said_in_file: BTreeSet<StatementKey<'_>> = file.iter().map(key).collect();
        let mut profiles = std::mem::take(&mut self.profiles);
        for statements in profiles.values_mut() {
            let emits = statements.contains(&emits) || file_emits;
            statements.retain(|said| said_in_file.contains(&key(said)) || !Layering::is_default(said, emits));
        }
        let said_in =
            |name: &String| profiles.get(name).map(|statements| statements.iter().map(key).collect());
        let names: BTreeSet<&String> = self.uses.iter().flatten().collect();
        let said_in_profiles: BTreeMap<&String, BTreeSet<StatementKey<'_>>> =
            names.into_iter().filter_map(|name| Some((name, said_in(name)?))).collect();
        for (saying, uses) in self.sayings.iter_mut().zip(&self.uses) {
            let is_outside = |said: &Statement| {
                let mut used = uses.iter().filter_map(|name| said_in_profiles.get(name));
                said_in_file.contains(&key(said)) || used.any(|statements| statements.contains(&key(said)))
            };
            let is_component = saying.is_component;
            saying.statements.retain(|said| !Layering::is_default(said, is_component) || is_outside(said));
        }
        (self.file, self.profiles) = (file, profiles);
    }

    pub fn source(self) -> Source {
        let mut blocks: BTreeMap<(Platform, Vec<String>, Vec<Statement>), Vec<String>> = BTreeMap::new();
        for (saying, uses) in self.sayings.iter().zip(&self.uses) {
            let statements = ordered(&saying.statements, &self.order);
            blocks.entry((saying.platform, uses.clone(), statements)).or_default().push(saying.name.clone());
        }
        let mut clusters: Vec<Clusters> = blocks
            .into_iter()
            .map(|((platform, uses, statements), names)| Clusters { names, platform, uses, statements })
            .collect();
        clusters.sort_by(|one, other| (one.platform, &one.names).cmp(&(other.platform, &other.names)));
        let profiles = self.profiles.iter();
        Source {
            file: ordered(&self.file, &self.order),
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
    let others = statements.iter().filter(|said| !matches!(said, Statement::Patch(..)));
    let mut patches: Vec<(usize, &Statement)> =
        statements.iter().filter_map(|said| Some((*order.get(said)?, said))).collect();
    patches.sort_unstable();
    others.chain(patches.into_iter().map(|(_, said)| said)).cloned().collect()
}
