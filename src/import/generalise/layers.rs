//! What stands in the file, in profiles and in clusters.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::generalise::{Saying, most_frequent};
use crate::import::identity::Holder;
use crate::import::said::{Block, Clusters, Said, Setting, Source, Value};
use crate::model::Platform;

/// What is said where.
pub struct Layering {
    sayings: Vec<Saying>,
    uses: Vec<Vec<String>>,
    file: BTreeSet<Said>,
    profiles: BTreeMap<String, BTreeSet<Said>>,
    /// All patches, in an order that most clusters have.
    order: Vec<Said>,
}

/// What a statement is about: of these a block says one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Setting(Setting),
    Role(String),
    Mapping(Holder),
    Own(Said),
}

fn key(said: &Said) -> Key {
    match said {
        Said::Setting(setting, _) => Key::Setting(*setting),
        Said::Role(name, _) => Key::Role(name.clone()),
        Said::Mapping(holder, _) => Key::Mapping(holder.clone()),
        Said::Resource(_) | Said::Component(_) | Said::Patch(..) => Key::Own(said.clone()),
    }
}

impl Layering {
    /// Says once what is the same in several clusters. `shares_patches`: patches too.
    pub fn of(sayings: Vec<Saying>, shares_patches: bool) -> Layering {
        let mut order: Vec<Said> = Vec::new();
        for saying in &sayings {
            for patch in &saying.patches {
                if !order.contains(patch) {
                    order.push(patch.clone());
                }
            }
        }
        let uses = vec![Vec::new(); sayings.len()];
        let mut layering =
            Layering { sayings, uses, file: BTreeSet::new(), profiles: BTreeMap::new(), order };
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
    fn lift(&mut self, scope: &[usize], also_most: bool, shares_patches: bool) -> BTreeSet<Said> {
        let mut of_key: BTreeMap<Key, Vec<Said>> = BTreeMap::new();
        for saying in scope.iter().filter_map(|at| self.sayings.get(*at)) {
            for said in saying.says.iter().filter(|said| shares_patches || !matches!(said, Said::Patch(..))) {
                of_key.entry(key(said)).or_default().push(said.clone());
            }
        }
        let mut lifted = BTreeSet::new();
        for (key, said) in of_key {
            let holders = said.len();
            let Some((best, count)) = most_frequent(said) else { continue };
            let may_hide = match &key {
                // Where every cluster says one, the others say theirs. What is in the file already hides nothing.
                Key::Setting(
                    Setting::Output
                    | Setting::Emit
                    | Setting::Restart
                    | Setting::Namespace
                    | Setting::Install
                    | Setting::AzureCloud
                    | Setting::Flux,
                ) => holders == scope.len(),
                // Nobody minds these who does not need them.
                Key::Setting(
                    Setting::Tenant
                    | Setting::Account
                    | Setting::Project
                    | Setting::Region
                    | Setting::WorkloadIdentityProvider
                    | Setting::ServiceAccounts,
                )
                | Key::Role(_) => also_most,
                Key::Mapping(_) | Key::Own(_) => false,
            };
            let is_most = count > 1 && count.saturating_mul(5) >= scope.len().saturating_mul(3);
            if count == scope.len() || may_hide && is_most {
                let _new = lifted.insert(best);
            }
        }
        self.remove(scope, &lifted);
        lifted
    }

    fn remove(&mut self, scope: &[usize], lifted: &BTreeSet<Said>) {
        for at in scope {
            if let Some(saying) = self.sayings.get_mut(*at) {
                saying.says.retain(|said| !lifted.contains(said));
            }
        }
    }

    /// Makes a profile of what was taken from these clusters, if it is worth its lines.
    fn profile(&mut self, scope: &[usize], name: String, lifted: BTreeSet<Said>) {
        if lifted.iter().filter(|said| !Layering::is_default(said, false)).count() < 2 {
            for at in scope {
                if let Some(saying) = self.sayings.get_mut(*at) {
                    let known: BTreeSet<Key> = saying.says.iter().map(key).collect();
                    saying.says.extend(lifted.iter().filter(|said| !known.contains(&key(said))).cloned());
                }
            }
            return;
        }
        for at in scope {
            if let Some(uses) = self.uses.get_mut(*at) {
                uses.push(name.clone());
            }
        }
        let _new = self.profiles.insert(name, lifted);
    }

    /// What several clusters say in the same words, and no others do, becomes a profile.
    fn share_the_rest(&mut self, shares_patches: bool) {
        let mut holders: BTreeMap<Said, Vec<usize>> = BTreeMap::new();
        for (at, saying) in self.sayings.iter().enumerate() {
            for said in saying.says.iter().filter(|said| shares_patches || !matches!(said, Said::Patch(..))) {
                holders.entry(said.clone()).or_default().push(at);
            }
        }
        let mut supports: BTreeMap<Vec<usize>, BTreeSet<Said>> = BTreeMap::new();
        for (said, at) in holders {
            if at.len() > 1 && !Layering::is_default(&said, false) {
                let _new = supports.entry(at).or_default().insert(said);
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
        all.all(|(other, used)| other.says == first.says && used == uses && other.platform == first.platform)
    }

    /// A word that all these clusters have in their names and no other cluster has, or a number.
    fn profile_name(&self, scope: &[usize]) -> String {
        let words = |saying: &Saying| -> BTreeSet<String> {
            saying.name.split(['-', '_', '.']).map(str::to_owned).collect()
        };
        let mut common: Option<BTreeSet<String>> = None;
        for saying in scope.iter().filter_map(|at| self.sayings.get(*at)) {
            let own = words(saying);
            common = Some(common.map_or(own.clone(), |known| known.intersection(&own).cloned().collect()));
        }
        let elsewhere: BTreeSet<String> = self
            .sayings
            .iter()
            .enumerate()
            .filter(|(at, _)| !scope.contains(at))
            .flat_map(|(_, saying)| words(saying))
            .collect();
        let is_free = |name: &String| !self.profiles.contains_key(name);
        let is_word = |word: &&String| {
            word.starts_with(|letter: char| letter.is_ascii_alphabetic()) && !elsewhere.contains(*word)
        };
        let word = common.iter().flatten().find(|word| is_word(word) && is_free(word)).cloned();
        let platform =
            scope.first().and_then(|at| self.sayings.get(*at)).map(|saying| saying.platform.name());
        let base = word.unwrap_or_else(|| format!("{}-shared", platform.unwrap_or_default()));
        let numbers = std::iter::once(base.clone()).chain((2..).map(|number| format!("{base}-{number}")));
        numbers.into_iter().find(is_free).unwrap_or(base)
    }

    fn is_default(said: &Said, is_component: bool) -> bool {
        match said {
            Said::Setting(setting, value) => setting.default(is_component).as_ref() == Some(value),
            Said::Role(..) | Said::Mapping(..) | Said::Resource(_) | Said::Component(_) | Said::Patch(..) => {
                false
            }
        }
    }

    /// Takes away what holds anyway where nothing says otherwise.
    fn drop_defaults(&mut self) {
        let emits = Said::Setting(Setting::Emit, Value::Word("component"));
        let file_emits = self.file.contains(&emits);
        let mut file = std::mem::take(&mut self.file);
        file.retain(|said| !Layering::is_default(said, file_emits));
        let said_in_file: BTreeSet<Key> = file.iter().map(key).collect();
        let mut profiles = std::mem::take(&mut self.profiles);
        for says in profiles.values_mut() {
            let emits = says.contains(&emits) || file_emits;
            says.retain(|said| said_in_file.contains(&key(said)) || !Layering::is_default(said, emits));
        }
        for (saying, uses) in self.sayings.iter_mut().zip(&self.uses) {
            let of_profiles = uses.iter().filter_map(|name| profiles.get(name)).flatten().map(key);
            let outside: BTreeSet<Key> = of_profiles.chain(said_in_file.iter().cloned()).collect();
            let is_component = saying.is_component;
            saying
                .says
                .retain(|said| !Layering::is_default(said, is_component) || outside.contains(&key(said)));
        }
        (self.file, self.profiles) = (file, profiles);
    }

    /// The source.
    pub fn source(self) -> Source {
        let mut blocks: BTreeMap<(Platform, Vec<String>, Vec<Said>), Vec<String>> = BTreeMap::new();
        for (saying, uses) in self.sayings.iter().zip(&self.uses) {
            let says = ordered(&saying.says, &self.order);
            blocks.entry((saying.platform, uses.clone(), says)).or_default().push(saying.name.clone());
        }
        let mut clusters: Vec<Clusters> = blocks
            .into_iter()
            .map(|((platform, uses, says), names)| Clusters { names, platform, uses, says })
            .collect();
        clusters.sort_by(|one, other| (one.platform, &one.names).cmp(&(other.platform, &other.names)));
        let profiles = self.profiles.iter();
        Source {
            file: ordered(&self.file, &self.order),
            profiles: profiles
                .map(|(name, says)| Block { name: name.clone(), says: ordered(says, &self.order) })
                .collect(),
            clusters,
        }
    }
}

/// Statements in the order in which they are written; patches in that of kustomize.
fn ordered(says: &BTreeSet<Said>, order: &[Said]) -> Vec<Said> {
    let others = says.iter().filter(|said| !matches!(said, Said::Patch(..)));
    let patches = order.iter().filter(|patch| says.contains(*patch));
    others.chain(patches).cloned().collect()
}
