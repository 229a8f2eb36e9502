//! Order and names say nothing, and a naive evaluator agrees about the layers.
//!
//! The evaluator, [`Naive`], says what "What a name means" says, in the simplest way: it keeps nothing, looks
//! everything up again from the cluster each time, and shares no code with the checker.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use flux_identity::emit;
use flux_identity::problem::Place;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestCaseError, TestRunner};

use crate::generate::{
    self, ACCOUNTS, CONTROLLERS, Cloud, Cluster, Fleet, Identity, Item, Profile, Statement, Target, Value,
};
use crate::harness;

/// The codes of what is wrong, each once.
type Codes = BTreeSet<&'static str>;
/// The annotations of each ServiceAccount of an overlay.
type Accounts = BTreeMap<String, BTreeMap<String, String>>;

/// The codes of what is wrong with a source, in its order.
fn codes(text: &str) -> Vec<&'static str> {
    match harness::compile(text) {
        Ok(_) => Vec::new(),
        Err(findings) => findings.iter().map(|finding| finding.code.as_str()).collect(),
    }
}

/// What the compiler makes of a source: the ServiceAccounts of each overlay's directory, or what is wrong.
fn compiled(text: &str) -> Result<BTreeMap<String, Accounts>, Codes> {
    let codes: Codes = codes(text).into_iter().collect();
    if !codes.is_empty() {
        return Err(codes);
    }
    let fleet = harness::compile(text).expect("nothing is wrong with it");
    let mut all = BTreeMap::new();
    for document in fleet.clusters.iter().flat_map(|cluster| emit::documents(&fleet, cluster)) {
        let directory = document.directory.as_str();
        if directory.ends_with("/flux-system") {
            let _new = all.insert(directory.to_owned(), accounts(&document.text));
        } else if document.name == emit::SERVICE_ACCOUNTS {
            let _new = all.insert(directory.to_owned(), accounts_of_objects(&document.text));
        }
    }
    Ok(all)
}

/// The annotations of the ServiceAccounts of a manifest, by their names as the source writes them.
fn accounts_of_objects(manifest: &str) -> Accounts {
    let one = |document: &str| {
        let object: serde_yaml::Value = serde_yaml::from_str(document).expect("a document is YAML");
        let metadata = &object["metadata"];
        let text = |key: &str| metadata[key].as_str().expect("a text").to_owned();
        let annotations =
            serde_yaml::from_value(metadata["annotations"].clone()).expect("annotations are text");
        (format!("service-account {}/{}", text("namespace"), text("name")), annotations)
    };
    manifest.split("---\n").map(one).collect()
}

/// The annotations that an overlay gives each ServiceAccount.
fn accounts(overlay: &str) -> Accounts {
    let overlay: serde_yaml::Value = serde_yaml::from_str(overlay).expect("an overlay is YAML");
    let mut accounts = Accounts::new();
    for patch in overlay["patches"].as_sequence().into_iter().flatten() {
        let target = &patch["target"];
        if target["kind"] != "ServiceAccount" {
            continue;
        }
        let manifest: serde_yaml::Value =
            serde_yaml::from_str(patch["patch"].as_str().expect("a patch is text")).expect("a patch is YAML");
        let annotations: BTreeMap<String, String> =
            serde_yaml::from_value(manifest["metadata"]["annotations"].clone())
                .expect("annotations are text");
        let names = target["name"].as_str().expect("a target has a name").trim_matches(['(', ')']);
        for name in names.split('|') {
            let before = accounts.insert(name.to_owned(), annotations.clone());
            assert_eq!(before, None, "{name} is patched twice");
        }
    }
    accounts
}

// ---------------------------------------------------------------------------------------------------
// The naive evaluator

/// Something that the layers have to get right, and that came up on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Case {
    /// Two reached profiles use the same third one.
    Diamond,
    /// A profile hides another that it reaches only through a third one.
    HiddenFar,
    /// A profile hides another that is reached also without it.
    HiddenThoughReachedAnotherWay,
    /// The cluster, one of its profiles and the file all say it.
    AllThreeLayers,
    /// A profile hides the file.
    ProfileOverFile,
    /// Profiles say it in different words, and mean the same.
    AgreementAfterInterpolation,
    /// Profiles disagree.
    Disagreement,
    /// One says `none`, another does not.
    NoneAgainstRoles,
    /// `none` hides a mapping.
    NoneHidesRoles,
    /// A value of a value of a value.
    ChainOfValues,
    /// A mapping names several identities, which are one and the same.
    SeveralRolesOneIdentity,
    /// An `on` block hides what its profile says.
    OnOverProfile,
    /// An `on` block hides what its file says.
    OnOverFile,
    /// An `on` block of a profile that another hides.
    OnHidden,
    /// A profile is used by the file alone.
    UsedByFile,
    /// A profile is used by an `on` block alone.
    UsedByOn,
}

/// What is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key<'f> {
    /// A setting or a variable.
    Value(&'f str),
    Role(&'f str),
    Mapping(&'f str),
}

/// A set of identities: what names each, and its options.
type Identities = BTreeSet<(Cloud, String, BTreeMap<&'static str, String>)>;

/// One cluster of a fleet.
struct Naive<'f> {
    fleet: &'f Fleet,
    cluster: &'f Cluster,
    name: &'f str,
    came_up: RefCell<BTreeSet<Case>>,
}

fn defines(statement: &Statement, key: Key<'_>) -> bool {
    match (statement, key) {
        (Statement::Setting(name, _) | Statement::Let(name, _), Key::Value(wanted))
        | (Statement::Role(name, _), Key::Role(wanted)) => *name == wanted,
        (Statement::Mapping(who, _), Key::Mapping(wanted)) => who.contains(&wanted),
        _ => false,
    }
}

/// The profiles that statements use, those in `on` blocks left out.
fn uses<'s>(says: impl IntoIterator<Item = &'s Statement>) -> Vec<&'s str> {
    let mut used = Vec::new();
    for statement in says {
        if let Statement::Use(names) = statement {
            used.extend(names.iter().map(String::as_str));
        }
    }
    used
}

/// The statements of the `on` blocks of a platform.
fn on<'s>(says: impl IntoIterator<Item = &'s Statement>, cloud: Cloud) -> Vec<&'s Statement> {
    let mut all = Vec::new();
    for statement in says {
        if let Statement::On(clouds, says) = statement
            && clouds.contains(&cloud)
        {
            all.extend(says);
        }
    }
    all
}

/// The profiles that statements use on a platform.
fn uses_on<'s>(says: impl IntoIterator<Item = &'s Statement> + Clone, cloud: Cloud) -> Vec<&'s str> {
    [uses(says.clone()), uses(on(says, cloud))].concat()
}

/// What statements say of a name on a platform: those of `on` blocks, or else the others.
fn nearest_on<'s>(
    says: impl IntoIterator<Item = &'s Statement> + Clone,
    cloud: Cloud,
    key: Key<'_>,
) -> (Vec<&'s Statement>, bool) {
    let own: Vec<_> = says.clone().into_iter().filter(|statement| defines(statement, key)).collect();
    let on: Vec<_> = on(says, cloud).into_iter().filter(|statement| defines(statement, key)).collect();
    let hides = !on.is_empty() && !own.is_empty();
    (if on.is_empty() { own } else { on }, hides)
}

impl<'f> Naive<'f> {
    fn saw(&self, case: Case, whether: bool) {
        if whether {
            let _new = self.came_up.borrow_mut().insert(case);
        }
    }

    fn profile(&self, name: &str) -> &'f Profile {
        self.fleet.profiles().find(|profile| profile.name == name).expect("generated profiles exist")
    }

    /// The profiles that these reach by `use`, themselves too, without going through one of them.
    fn reached(&self, from: &[&'f str], without: Option<&str>) -> BTreeSet<&'f str> {
        let mut reached = BTreeSet::new();
        let mut ahead = from.to_vec();
        while let Some(name) = ahead.pop() {
            if Some(name) != without && reached.insert(name) {
                ahead.extend(self.used_by(name));
            }
        }
        reached
    }

    /// The profiles that one uses, however far.
    fn below(&self, name: &str) -> BTreeSet<&'f str> {
        self.reached(&self.used_by(name), None)
    }

    /// The profiles that one uses itself, on this platform.
    fn used_by(&self, name: &str) -> Vec<&'f str> {
        uses_on(&self.profile(name).says, self.cluster.cloud)
    }

    /// The profiles that the cluster uses, by itself and by its file.
    fn used(&self) -> Vec<&'f str> {
        let own = uses(&self.cluster.says);
        let file: Vec<&Statement> = self.fleet.statements().collect();
        let of_file = uses_on(file.iter().copied(), self.cluster.cloud);
        self.saw(Case::UsedByFile, of_file.iter().any(|name| !own.contains(name)));
        let all = [own, of_file].concat();
        let plainly = |name: &&str| {
            let mut profiles = self.fleet.profiles();
            all.contains(name) || profiles.any(|profile| uses(&profile.says).contains(name))
        };
        self.saw(Case::UsedByOn, !self.reached(&all, None).iter().all(plainly));
        all
    }

    /// The nearest definitions.
    fn definitions(&self, key: Key<'_>) -> Vec<&'f Statement> {
        let cloud = self.cluster.cloud;
        let own: Vec<_> = self.cluster.says.iter().filter(|statement| defines(statement, key)).collect();
        let of_file: Vec<&Statement> = self.fleet.statements().collect();
        let (file, hides) = nearest_on(of_file.iter().copied(), cloud, key);
        self.saw(Case::OnOverFile, hides);
        let used = self.used();
        let reached = self.reached(&used, None);
        let mut saying: Vec<(&str, &Statement)> = Vec::new();
        for name in &reached {
            let (says, hides) = nearest_on(&self.profile(name).says, cloud, key);
            self.saw(Case::OnOverProfile, hides);
            saying.extend(says.into_iter().map(|statement| (*name, statement)));
        }
        let mut nearest = Vec::new();
        for (name, statement) in &saying {
            let hiding: Vec<_> = saying
                .iter()
                .filter(|(other, _)| other != name && self.below(other).contains(name))
                .collect();
            if hiding.is_empty() {
                nearest.push(*statement);
            }
            for (other, hides) in hiding {
                let direct = self.used_by(other).contains(name);
                self.saw(Case::OnHidden, on(&self.profile(name).says, cloud).contains(statement));
                self.saw(Case::HiddenFar, !direct);
                let another_way = self.reached(&used, Some(other)).contains(name);
                self.saw(Case::HiddenThoughReachedAnotherWay, another_way);
                self.saw(Case::NoneHidesRoles, is_none(hides) && !is_none(statement));
            }
        }
        let users = |name: &str| reached.iter().filter(|user| self.used_by(user).contains(&name)).count();
        self.saw(Case::Diamond, reached.iter().any(|name| users(name) > 1));
        self.saw(Case::AllThreeLayers, !own.is_empty() && !nearest.is_empty() && !file.is_empty());
        self.saw(Case::ProfileOverFile, own.is_empty() && !nearest.is_empty() && !file.is_empty());
        if !own.is_empty() {
            own
        } else if !nearest.is_empty() {
            nearest
        } else {
            file
        }
    }

    /// The one thing that all definitions say.
    fn agreed<T: PartialEq>(
        &self,
        key: Key<'_>,
        missing: &'static str,
        hear: impl Fn(&'f Statement) -> Result<T, Codes>,
    ) -> Result<T, Codes> {
        let definitions = self.definitions(key);
        let mut wrong = Codes::new();
        let mut heard = Vec::new();
        for definition in &definitions {
            match hear(definition) {
                Ok(one) => heard.push(one),
                Err(codes) => wrong.extend(codes),
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let same_words = definitions.iter().all(|definition| definitions[0] == *definition);
        let same = heard.iter().all(|one| heard[0] == *one);
        self.saw(Case::AgreementAfterInterpolation, same && !same_words);
        self.saw(Case::Disagreement, !same);
        let nones = definitions.iter().filter(|definition| is_none(definition)).count();
        self.saw(Case::NoneAgainstRoles, nones > 0 && nones < definitions.len());
        if !same {
            return Err(["F0114"].into());
        }
        heard.pop().ok_or_else(|| [missing].into())
    }

    fn text(&self, text: &str, open: &[&str]) -> Result<String, Codes> {
        let mut pieces = text.split("${");
        let mut said = pieces.next().unwrap_or_default().to_owned();
        let mut wrong = Codes::new();
        for piece in pieces {
            let (name, rest) = piece.split_once('}').expect("generated holes are closed");
            match self.value(name, open) {
                Ok(Value::Text(value)) => said += &value,
                Ok(Value::Word(_)) => wrong.extend(["F0105"]),
                Err(codes) => wrong.extend(codes),
            }
            said += rest;
        }
        if wrong.is_empty() { Ok(said) } else { Err(wrong) }
    }

    fn value(&self, name: &str, open: &[&str]) -> Result<Value, Codes> {
        match name {
            "cluster" => return Ok(Value::Text(self.name.to_owned())),
            "platform" => return Ok(Value::Text(self.cluster.cloud.platform().to_owned())),
            _ if open.contains(&name) => return Err(["F0113"].into()),
            _ => {}
        }
        self.saw(Case::ChainOfValues, open.len() >= 2);
        let open: Vec<&str> = open.iter().copied().chain([name]).collect();
        self.agreed(Key::Value(name), "F0105", |definition| match definition {
            Statement::Setting(_, Value::Text(text)) | Statement::Let(_, text) => {
                self.text(text, &open).map(Value::Text)
            }
            Statement::Setting(_, word) => Ok(word.clone()),
            Statement::Role(..) | Statement::Mapping(..) | Statement::Use(_) | Statement::On(..) => {
                panic!("it is a value")
            }
        })
    }

    fn identities(&self, identity: &Identity) -> Result<Identities, Codes> {
        let mut wrong = Codes::new();
        let mut hear = |text: &str| {
            self.text(text, &[]).unwrap_or_else(|codes| {
                wrong.extend(codes);
                String::new()
            })
        };
        let name = hear(&identity.text);
        let mut options = BTreeMap::new();
        for (option, value) in &identity.options {
            let value = match value {
                Value::Text(text) => hear(text),
                Value::Word(word) => (*word).to_owned(),
            };
            let _new = options.insert(*option, value);
        }
        if wrong.is_empty() { Ok([(identity.cloud, name, options)].into()) } else { Err(wrong) }
    }

    fn mapping(&self, controller: &str) -> Result<Identities, Codes> {
        self.agreed(Key::Mapping(controller), "", |definition| {
            let Statement::Mapping(_, targets) = definition else { panic!("it is a mapping") };
            let mut wrong = Codes::new();
            let mut identities = Identities::new();
            for target in targets {
                let heard = match target {
                    Target::Identity(identity) => self.identities(identity),
                    Target::Role(name) => self.agreed(Key::Role(name), "F0102", |role| {
                        let Statement::Role(_, identity) = role else { panic!("it is a role") };
                        self.identities(identity)
                    }),
                };
                match heard {
                    Ok(more) => identities.extend(more),
                    Err(codes) => wrong.extend(codes),
                }
            }
            self.saw(Case::SeveralRolesOneIdentity, targets.len() > 1 && identities.len() == 1);
            if wrong.is_empty() { Ok(identities) } else { Err(wrong) }
        })
    }

    /// The annotations of the ServiceAccount of a controller, or of one that objects name.
    fn annotations(&self, who: &str) -> Result<BTreeMap<String, String>, Codes> {
        let identities = match self.mapping(who) {
            Err(codes) if codes == Codes::from([""]) => return Ok(BTreeMap::new()),
            identities => identities?,
        };
        let mut wrong = Codes::new();
        let of_objects = ACCOUNTS.contains(&who);
        if of_objects && !identities.is_empty() && self.definitions(Key::Value("flux")).is_empty() {
            wrong.extend(["F0334"]);
        }
        if identities.len() > 1 {
            wrong.extend(["F0302"]);
        }
        let mut annotations = BTreeMap::new();
        for (cloud, name, mut options) in identities {
            let keys = match cloud {
                Cloud::Aws => [
                    "eks.amazonaws.com/role-arn",
                    "eks.amazonaws.com/token-expiration",
                    "eks.amazonaws.com/audience",
                ],
                Cloud::Azure => [
                    "azure.workload.identity/client-id",
                    "azure.workload.identity/service-account-token-expiration",
                    "azure.workload.identity/tenant-id",
                ],
                Cloud::Gcp => ["iam.gke.io/gcp-service-account", "", ""],
            };
            if cloud == Cloud::Azure && !options.contains_key("tenant") {
                match self.value("tenant", &[]) {
                    Ok(Value::Text(text)) => drop(options.insert("tenant", text)),
                    Ok(Value::Word(word)) => drop(options.insert("tenant", word.to_owned())),
                    Err(codes)
                        if codes == Codes::from(["F0105"])
                            && self.definitions(Key::Value("tenant")).is_empty() =>
                    {
                        wrong.extend(["F0303"]);
                    }
                    Err(codes) => wrong.extend(codes),
                }
            }
            if of_objects {
                let is_token = |name: &&&str| ["token-expiration", "audience"].contains(*name);
                wrong.extend(options.keys().find(is_token).map(|_| "F0332"));
                wrong.extend(options.get("tenant").filter(|tenant| *tenant == "webhook").map(|_| "F0319"));
            }
            let third = options.remove("tenant").or_else(|| options.remove("audience"));
            let values =
                [Some(name), options.remove("token-expiration"), third.filter(|third| third != "webhook")];
            for (key, value) in keys.into_iter().zip(values) {
                annotations.extend(value.map(|value| (key.to_owned(), value)));
            }
        }
        if wrong.is_empty() { Ok(annotations) } else { Err(wrong) }
    }
}

/// Whether a mapping says `none`.
fn is_none(statement: &Statement) -> bool {
    matches!(statement, Statement::Mapping(_, targets) if targets.is_empty())
}

/// What a fleet means: the ServiceAccounts of each overlay's directory, or what is wrong; and what came up.
fn meaning(fleet: &Fleet) -> (Result<BTreeMap<String, Accounts>, Codes>, BTreeSet<Case>) {
    let mut overlays = BTreeMap::new();
    let mut wrong = Codes::new();
    let mut cases = BTreeSet::new();
    let mut tenants: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for cluster in fleet.clusters() {
        for name in &cluster.names {
            let naive = Naive { fleet, cluster, name, came_up: RefCell::default() };
            let mut accounts = Accounts::new();
            let mut is_right = true;
            for controller in CONTROLLERS {
                match naive.annotations(controller) {
                    Ok(annotations) if annotations.is_empty() => {}
                    Ok(annotations) => drop(accounts.insert(controller.to_owned(), annotations)),
                    Err(codes) => {
                        is_right = false;
                        wrong.extend(codes);
                    }
                }
            }
            let mut of_objects = Accounts::new();
            for account in ACCOUNTS {
                match naive.annotations(account) {
                    Ok(annotations) if annotations.is_empty() => {}
                    Ok(annotations) => drop(of_objects.insert(account.to_owned(), annotations)),
                    Err(codes) => {
                        is_right = false;
                        wrong.extend(codes);
                    }
                }
            }
            for annotations in accounts.values().chain(of_objects.values()).filter(|_| is_right) {
                let key = |key| {
                    annotations.get(&format!("azure.workload.identity/{key}")).map(|it| it.to_lowercase())
                };
                if let Some(id) = key("client-id") {
                    tenants.entry(id).or_default().extend(key("tenant-id"));
                }
            }
            let _new = overlays.insert(format!("clusters/{name}/flux-system"), accounts);
            if !of_objects.is_empty() {
                let _new = overlays.insert(format!("clusters/{name}/service-accounts"), of_objects);
            }
            cases.extend(naive.came_up.into_inner());
        }
    }
    wrong.extend(tenants.values().any(|tenants| tenants.len() > 1).then_some("F0360"));
    (if wrong.is_empty() { Ok(overlays) } else { Err(wrong) }, cases)
}

// ---------------------------------------------------------------------------------------------------
// The evaluator and the compiler

/// A part of as many cases as `PROPTEST_CASES` says, the same ones each time unless `PROPTEST_RNG_SEED` says others.
pub fn one_in(part: u32) -> ProptestConfig {
    let part = part * harness::times(4, 1);
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let config = ProptestConfig { cases: config.cases.div_ceil(part), ..config };
    match config.rng_seed {
        RngSeed::Random => ProptestConfig { rng_seed: RngSeed::Fixed(1), ..config },
        RngSeed::Fixed(_) => config,
    }
}

proptest! {
    #![proptest_config(one_in(1))]

    #[test]
    fn a_naive_evaluator_agrees(fleet in generate::fleet(), layout in generate::layout()) {
        let source = generate::print(&fleet, &layout).text;
        prop_assert_eq!(compiled(&source), meaning(&fleet).0, "{}", source);
    }
}

/// What the tests above need to meet, or they would say nothing.
#[test]
fn what_is_hard_about_the_layers_comes_up_often() {
    const LEAST: [(Case, usize); 16] = [
        (Case::Diamond, 80),
        (Case::HiddenFar, 80),
        (Case::HiddenThoughReachedAnotherWay, 80),
        (Case::AllThreeLayers, 25),
        (Case::ProfileOverFile, 100),
        (Case::AgreementAfterInterpolation, 12),
        (Case::Disagreement, 30),
        (Case::NoneAgainstRoles, 8),
        (Case::NoneHidesRoles, 30),
        (Case::ChainOfValues, 80),
        (Case::SeveralRolesOneIdentity, 12),
        (Case::OnOverProfile, 30),
        (Case::OnOverFile, 8),
        (Case::OnHidden, 10),
        (Case::UsedByFile, 30),
        (Case::UsedByOn, 8),
    ];
    const LEAST_WRONG: [(&str, usize); 9] = [
        ("F0102", 15),
        ("F0105", 15),
        ("F0113", 3),
        ("F0114", 30),
        ("F0302", 15),
        ("F0303", 2),
        ("F0319", 3),
        ("F0332", 5),
        ("F0334", 3),
    ];
    let came_up: RefCell<BTreeMap<String, usize>> = RefCell::default();
    let count = |what: String| *came_up.borrow_mut().entry(what).or_default() += 1;
    let mut runner = TestRunner::new(ProptestConfig { cases: 400, ..one_in(1) });
    let run = runner.run(&generate::fleet(), |fleet| {
        let (meaning, cases) = meaning(&fleet);
        for case in cases {
            count(format!("{case:?}"));
        }
        match meaning {
            Ok(overlays) if overlays.values().all(BTreeMap::is_empty) => count("nothing".to_owned()),
            Ok(overlays) => {
                count("right".to_owned());
                if overlays.keys().any(|directory| directory.ends_with("/service-accounts")) {
                    count("accounts".to_owned());
                }
            }
            Err(codes) => codes.into_iter().for_each(|code| count(code.to_owned())),
        }
        Ok(())
    });
    assert_eq!(run, Ok(()));
    let came_up = came_up.into_inner();
    let wanted = LEAST.map(|(case, least)| (format!("{case:?}"), least)).into_iter();
    let wanted = wanted.chain(LEAST_WRONG.map(|(code, least)| (code.to_owned(), least)));
    let too_few: Vec<_> = wanted
        .chain([("right".to_owned(), 150), ("accounts".to_owned(), 30)])
        .filter(|(what, least)| came_up.get(what).is_none_or(|count| count < least))
        .collect();
    assert_eq!(too_few, [], "of 400 fleets: {came_up:#?}");
}

// ---------------------------------------------------------------------------------------------------
// Fleets that are right, but for one thing

/// Fleets that are right and give some controller something.
fn right() -> impl Strategy<Value = Fleet> {
    generate::fleet().prop_filter("wrong, or empty", |fleet| {
        meaning(fleet).0.is_ok_and(|overlays| overlays.values().any(|accounts| !accounts.is_empty()))
    })
}

/// Lets the first cluster say what `source-controller` gets, and no more than that of it.
fn map_source(fleet: &mut Fleet, targets: Vec<Target>) {
    let cluster = first_cluster(fleet);
    unmap_source(cluster);
    cluster.says.push(Statement::Mapping(vec![CONTROLLERS[0]], targets));
}

fn first_cluster(fleet: &mut Fleet) -> &mut Cluster {
    let mut clusters = fleet.items.iter_mut().filter_map(|item| match item {
        Item::Cluster(cluster) => Some(cluster),
        Item::Statement(_) | Item::Profile(_) => None,
    });
    clusters.next().expect("there is a cluster")
}

fn unmap_source(cluster: &mut Cluster) {
    cluster.says.retain_mut(|statement| {
        if let Statement::Mapping(who, _) = statement {
            who.retain(|name| *name != CONTROLLERS[0]);
            return !who.is_empty();
        }
        true
    });
}

/// An identity of the first cluster's cloud that ends with, or begins with, this.
fn identity(fleet: &mut Fleet, name: &str) -> Identity {
    let cloud = first_cluster(fleet).cloud;
    let text = match cloud {
        Cloud::Aws => format!("arn:aws:iam::111122223333:role/{name}"),
        Cloud::Azure => format!("4a7272f9-f186-41af-9f84-{name}"),
        Cloud::Gcp => format!("flux-{name}@acme-eu.iam.gserviceaccount.com"),
    };
    Identity { cloud, text, options: vec![] }
}

/// Puts two profiles between the first cluster and those that it used; neither uses the other.
fn put_between(fleet: &mut Fleet, one: Statement, other: Statement) {
    let cloud = first_cluster(fleet).cloud;
    let of_file: Vec<Statement> = fleet.statements().cloned().collect();
    let of_file: Vec<String> = uses_on(&of_file, cloud).into_iter().map(str::to_owned).collect();
    let cluster = first_cluster(fleet);
    let (used, mut says): (Vec<_>, Vec<_>) =
        cluster.says.drain(..).partition(|statement| matches!(statement, Statement::Use(_)));
    let mut names: Vec<String> = uses(&used).into_iter().map(str::to_owned).chain(of_file).collect();
    names.sort();
    names.dedup();
    let used: Vec<Statement> = if names.is_empty() { Vec::new() } else { vec![Statement::Use(names)] };
    says.push(Statement::Use(vec!["right".to_owned(), "left".to_owned()]));
    cluster.says = says;
    for (name, statement) in [("left", one), ("right", other)] {
        let says = used.iter().cloned().chain([statement]).collect();
        fleet.items.push(Item::Profile(Profile { name: name.to_owned(), says }));
    }
}

fn one_thing_wrong(fleet: &Fleet, code: &'static str) -> Result<(), TestCaseError> {
    let source = generate::plain(fleet);
    prop_assert_eq!(compiled(&source), Err([code].into()), "{}", source);
    prop_assert_eq!(meaning(fleet).0, Err([code].into()), "{}", source);
    Ok(())
}

proptest! {
    #![proptest_config(one_in(4))]

    #[test]
    fn a_role_that_is_nowhere_is_the_one_thing_wrong(mut fleet in right()) {
        map_source(&mut fleet, vec![Target::Role("nowhere")]);
        one_thing_wrong(&fleet, "F0102")?;
    }

    #[test]
    fn a_variable_that_is_nowhere_is_the_one_thing_wrong(mut fleet in right()) {
        let identity = identity(&mut fleet, "${nowhere}");
        map_source(&mut fleet, vec![Target::Identity(identity)]);
        one_thing_wrong(&fleet, "F0105")?;
    }

    #[test]
    fn a_circle_of_variables_is_the_one_thing_wrong(mut fleet in right(), in_file: bool) {
        let identity = identity(&mut fleet, "${one}");
        map_source(&mut fleet, vec![Target::Identity(identity)]);
        let two = Statement::Let("two", "a${one}".to_owned());
        first_cluster(&mut fleet).says.push(Statement::Let("one", "${two}".to_owned()));
        if in_file {
            fleet.items.push(Item::Statement(two));
        } else {
            first_cluster(&mut fleet).says.push(two);
        }
        one_thing_wrong(&fleet, "F0113")?;
    }

    #[test]
    fn profiles_that_disagree_about_a_variable_are_the_one_thing_wrong(mut fleet in right()) {
        let identity = identity(&mut fleet, "${side}");
        map_source(&mut fleet, vec![Target::Identity(identity)]);
        let side = |text: &str| Statement::Let("side", text.to_owned());
        put_between(&mut fleet, side("111122223333"), side("444455556666"));
        one_thing_wrong(&fleet, "F0114")?;
    }

    #[test]
    fn profiles_that_disagree_about_a_role_are_the_one_thing_wrong(mut fleet in right()) {
        map_source(&mut fleet, vec![Target::Role("side")]);
        let (one, other) = (identity(&mut fleet, "111122223333"), identity(&mut fleet, "444455556666"));
        put_between(&mut fleet, Statement::Role("side", one), Statement::Role("side", other));
        one_thing_wrong(&fleet, "F0114")?;
    }

    #[test]
    fn profiles_that_disagree_about_a_mapping_are_the_one_thing_wrong(mut fleet in right()) {
        unmap_source(first_cluster(&mut fleet));
        let identity = identity(&mut fleet, "111122223333");
        let mapping = |targets| Statement::Mapping(vec![CONTROLLERS[0]], targets);
        put_between(&mut fleet, mapping(vec![]), mapping(vec![Target::Identity(identity)]));
        one_thing_wrong(&fleet, "F0114")?;
    }

    #[test]
    fn a_circle_of_profiles_makes_nothing_missing(mut fleet in right(), pick: prop::sample::Index) {
        let uses: Vec<(String, String)> = fleet
            .profiles()
            .flat_map(|profile| uses(&profile.says).into_iter().map(|used| (used.to_owned(), profile.name.clone())))
            .collect();
        prop_assume!(!uses.is_empty());
        let (used, user) = pick.get(&uses).clone();
        for item in &mut fleet.items {
            if let Item::Profile(profile) = item && profile.name == used {
                profile.says.push(Statement::Use(vec![user.clone()]));
            }
        }
        let source = generate::plain(&fleet);
        let codes = compiled(&source).expect_err("profiles use themselves");
        // What the circle newly puts in sight may disagree, or reach itself.
        let missing: Codes = ["F0102", "F0103", "F0105", "F0303"].into();
        prop_assert!(codes.contains("F0112") && codes.is_disjoint(&missing), "{:?} in {}", codes, source);
    }

    // -----------------------------------------------------------------------------------------------
    // Order says nothing

    #[test]
    fn the_order_of_statements_items_and_lists_says_nothing(
        fleet in generate::fleet(),
        order in prop::collection::vec(any::<u8>(), 1..64),
    ) {
        let mut other = fleet.clone();
        generate::shuffle(&mut other, &order);
        same_output(&fleet, &other)?;
    }

    #[test]
    fn the_names_of_profiles_say_nothing(fleet in generate::fleet(), turn in 1_usize..8) {
        let mut names: Vec<String> = fleet.profiles().map(|profile| profile.name.clone()).collect();
        names.push("another".to_owned());
        let renamed = |name: &String| {
            let at = names.iter().position(|known| known == name).expect("it is known");
            names[(at + turn) % names.len()].clone()
        };
        let mut other = fleet.clone();
        for item in &mut other.items {
            if let Item::Profile(profile) = item {
                profile.name = renamed(&profile.name);
            }
        }
        other.for_each_statement(&mut |statement| {
            if let Statement::Use(profiles) = statement {
                *profiles = profiles.iter().map(renamed).collect();
            }
        });
        same_output(&fleet, &other)?;
    }

    #[test]
    fn a_question_mark_says_nothing_where_no_manifests_are_known(fleet in generate::fleet(), turn in 0_usize..3) {
        let source = generate::plain(&fleet);
        let mut at = 0;
        let marked: Vec<String> = source
            .lines()
            .map(|line| match line.split_once(" ->") {
                Some((who, targets)) => {
                    let mark = |name: &str| {
                        at += 1;
                        if name.ends_with("-controller") && at % 3 != turn { format!("{name}?") } else { name.to_owned() }
                    };
                    let who: Vec<String> = who.split(", ").map(mark).collect();
                    format!("{} ->{targets}", who.join(", "))
                }
                None => line.to_owned(),
            })
            .collect();
        let marked = marked.join("\n");
        prop_assert_eq!(output(&source), output(&marked), "{}\nand\n{}", source, marked);
    }

    #[test]
    fn clusters_of_one_block_are_clusters_of_a_block_each(fleet in generate::fleet()) {
        let alone = |item: &Item| match item {
            Item::Cluster(cluster) => {
                let names = cluster.names.iter();
                names.map(|name| Item::Cluster(Cluster { names: vec![name.clone()], ..cluster.clone() })).collect()
            }
            item @ (Item::Statement(_) | Item::Profile(_)) => vec![item.clone()],
        };
        let other = Fleet { items: fleet.items.iter().flat_map(alone).collect() };
        same_output(&fleet, &other)?;
    }

    #[test]
    fn an_on_block_for_several_platforms_is_one_for_each_platform_and_statement(fleet in generate::fleet()) {
        let split = |statement: &Statement| {
            let Statement::On(clouds, says) = statement else { return vec![statement.clone()] };
            let each = clouds.iter().flat_map(|cloud| says.iter().map(move |one| (*cloud, one.clone())));
            each.map(|(cloud, one)| Statement::On(vec![cloud], vec![one])).collect()
        };
        let mut other = Fleet { items: Vec::new() };
        for item in &fleet.items {
            match item {
                Item::Statement(statement) => other.items.extend(split(statement).into_iter().map(Item::Statement)),
                Item::Profile(profile) => {
                    let says = profile.says.iter().flat_map(split).collect();
                    other.items.push(Item::Profile(Profile { says, ..profile.clone() }));
                }
                Item::Cluster(_) => other.items.push(item.clone()),
            }
        }
        same_output(&fleet, &other)?;
    }

    #[test]
    fn what_a_file_uses_its_clusters_use(fleet in generate::fleet()) {
        let of_file: Vec<Statement> = fleet.statements().cloned().collect();
        let mut other = fleet.clone();
        other.items.retain(|item| !matches!(item, Item::Statement(Statement::Use(_))));
        for item in &mut other.items {
            match item {
                Item::Statement(Statement::On(_, says)) => says.retain(|one| !matches!(one, Statement::Use(_))),
                Item::Cluster(cluster) => {
                    let mut all: Vec<String> = uses_on(&of_file, cluster.cloud)
                        .into_iter()
                        .chain(uses(&cluster.says))
                        .map(str::to_owned)
                        .collect();
                    all.sort();
                    all.dedup();
                    cluster.says.retain(|one| !matches!(one, Statement::Use(_)));
                    if !all.is_empty() {
                        cluster.says.push(Statement::Use(all));
                    }
                }
                Item::Statement(_) | Item::Profile(_) => {}
            }
        }
        same_output(&fleet, &other)?;
    }

    #[test]
    fn layout_says_nothing(fleet in generate::fleet(), layout in generate::layout()) {
        let (plain, other) = (generate::plain(&fleet), generate::print(&fleet, &layout).text);
        prop_assert_eq!(output(&plain), output(&other), "{}", other);
    }
}

/// Every byte that is written, by directory, or what is wrong.
pub fn output(source: &str) -> Result<BTreeMap<String, String>, Codes> {
    let codes: Codes = codes(source).into_iter().collect();
    if codes.is_empty() { Ok(harness::overlays(source).into_iter().collect()) } else { Err(codes) }
}

fn same_output(one: &Fleet, other: &Fleet) -> Result<(), TestCaseError> {
    let (one, other) = (generate::plain(one), generate::plain(other));
    prop_assert_eq!(output(&one), output(&other), "{}\nand\n{}", one, other);
    Ok(())
}

// ---------------------------------------------------------------------------------------------------
// The rules, one by one

/// The role that each controller of a cluster `on eks` gets, without what all ARNs begin with.
fn roles(source: &str, cluster: &str) -> Vec<(String, String)> {
    let overlays = compiled(source).unwrap_or_else(|codes| panic!("{codes:?} in\n{source}"));
    let accounts = overlays[&format!("clusters/{cluster}/flux-system")].iter();
    let role = |annotations: &BTreeMap<String, String>| {
        let arn = &annotations["eks.amazonaws.com/role-arn"];
        arn.strip_prefix("arn:aws:iam::").expect("an ARN").replace(":role/", " ")
    };
    accounts.map(|(name, annotations)| (name.clone(), role(annotations))).collect()
}

/// The role of `source-controller`; nothing if it has none.
fn role(source: &str, cluster: &str) -> String {
    let roles = roles(source, cluster).into_iter().find(|(name, _)| name == "source-controller");
    roles.map(|(_, role)| role).unwrap_or_default()
}

/// What a source that is wrong in one way says of it: the message, and the words at each place.
fn said(source: &str) -> Vec<String> {
    let findings = harness::compile(source).expect_err("it is wrong");
    let [finding] = findings.as_slice() else { panic!("one thing is wrong, not {findings:?}") };
    let mut said = vec![finding.message.clone()];
    if let Place::Source(labels) = &finding.place {
        said.extend(labels.iter().map(|label| {
            let place = source.get(label.span.range()).unwrap_or_default();
            format!("{place}: {}", label.text)
        }));
    }
    said.extend(finding.notes.iter().cloned());
    said
}

#[test]
fn a_cluster_hides_its_profiles() {
    let source = r#"
profile one { role flux = aws "arn:aws:iam::111122223333:role/profile" }
cluster dev on eks {
  use one
  role flux = aws "arn:aws:iam::111122223333:role/cluster"
  source-controller -> flux
}
"#;
    assert_eq!(role(source, "dev"), "111122223333 cluster");
}

#[test]
fn a_profile_hides_what_it_uses_however_far() {
    let source = r#"
profile near {
  use between
  role flux = aws "arn:aws:iam::111122223333:role/near"
}
profile between { use far }
profile far { role flux = aws "arn:aws:iam::111122223333:role/far" }
cluster dev on eks {
  use near
  source-controller -> flux
}
"#;
    assert_eq!(role(source, "dev"), "111122223333 near");
}

#[test]
fn a_profile_hides_what_it_uses_also_where_that_is_reached_another_way() {
    let source = r#"
profile near {
  use far
  role flux = aws "arn:aws:iam::111122223333:role/near"
}
profile beside { use far }
profile far { role flux = aws "arn:aws:iam::111122223333:role/far" }
cluster dev on eks {
  use far, beside, near
  source-controller -> flux
}
"#;
    assert_eq!(role(source, "dev"), "111122223333 near");
}

#[test]
fn a_profile_hides_nothing_from_a_cluster_that_does_not_use_it() {
    let source = r#"
profile near {
  use far
  role flux = aws "arn:aws:iam::111122223333:role/near"
}
profile far {
  role flux = aws "arn:aws:iam::111122223333:role/far"
  source-controller -> flux
}
cluster dev on eks { use far }
cluster prod on eks { use near }
"#;
    assert_eq!(role(source, "dev"), "111122223333 far");
    assert_eq!(role(source, "prod"), "111122223333 near");
}

#[test]
fn two_profiles_that_disagree_are_an_error_that_shows_both() {
    let source = r#"
profile one { role flux = aws "arn:aws:iam::111122223333:role/one" }
profile two { role flux = aws "arn:aws:iam::111122223333:role/two" }
cluster dev on eks {
  use one, two
  source-controller -> flux
}
"#;
    assert_eq!(codes(source), ["F0114"]);
    assert_eq!(
        said(source)[..4],
        [
            "two profiles define the role `flux` differently",
            r#"flux: defined as `aws "arn:aws:iam::111122223333:role/one"` here"#,
            r#"flux: defined as `aws "arn:aws:iam::111122223333:role/two"` here"#,
            "dev: in cluster `dev`",
        ]
    );
}

#[test]
fn a_cluster_settles_what_its_profiles_disagree_about() {
    let source = r#"
profile one { source-controller -> aws "arn:aws:iam::111122223333:role/one" }
profile two { source-controller -> aws "arn:aws:iam::111122223333:role/two" }
cluster dev on eks {
  use one, two
  source-controller -> aws "arn:aws:iam::111122223333:role/dev"
}
"#;
    assert_eq!(role(source, "dev"), "111122223333 dev");
}

#[test]
fn a_profile_settles_what_the_profiles_that_it_uses_disagree_about() {
    let source = r#"
profile one { source-controller -> aws "arn:aws:iam::111122223333:role/one" }
profile two { source-controller -> aws "arn:aws:iam::111122223333:role/two" }
profile both {
  use one, two
  source-controller -> aws "arn:aws:iam::111122223333:role/both"
}
cluster dev on eks { use both, one }
"#;
    assert_eq!(role(source, "dev"), "111122223333 both");
}

#[test]
fn a_file_does_not_settle_what_profiles_disagree_about() {
    let source = r#"
source-controller -> aws "arn:aws:iam::111122223333:role/file"
profile one { source-controller -> aws "arn:aws:iam::111122223333:role/one" }
profile two { source-controller -> aws "arn:aws:iam::111122223333:role/two" }
cluster dev on eks { use one, two }
"#;
    assert_eq!(codes(source), ["F0114"]);
}

#[test]
fn equal_after_interpolation_is_no_disagreement() {
    let source = r#"
profile one { role flux = aws "arn:aws:iam::${account}:role/${cluster}" }
profile two { role flux = aws "arn:aws:iam::111122223333:role/dev" }
cluster dev on eks {
  use one, two
  account           = "111122223333"
  source-controller -> flux
}
"#;
    assert_eq!(role(source, "dev"), "111122223333 dev");
}

#[test]
fn equal_in_one_cluster_may_be_a_disagreement_in_another() {
    let source = r#"
profile one { role flux = aws "arn:aws:iam::111122223333:role/${cluster}" }
profile two { role flux = aws "arn:aws:iam::111122223333:role/dev" }
cluster dev, prod on eks {
  use one, two
  source-controller -> flux
}
"#;
    assert_eq!(codes(source), ["F0114"]);
    assert!(said(source).contains(&"prod: in cluster `prod`".to_owned()), "{:?}", said(source));
}

#[test]
fn identities_that_differ_in_an_option_disagree() {
    let source = r#"
profile one { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
profile two { source-controller -> aws "arn:aws:iam::111122223333:role/flux" { token-expiration = "3600" } }
cluster dev on eks { use one, two }
"#;
    assert_eq!(codes(source), ["F0114"]);
}

#[test]
fn a_mapping_is_a_set() {
    let source = r#"
role one = aws "arn:aws:iam::111122223333:role/flux"
role two = aws "arn:aws:iam::111122223333:role/flux"
profile a { source-controller -> one, two }
profile b { source-controller -> two }
cluster dev on eks { use a, b }
"#;
    assert_eq!(role(source, "dev"), "111122223333 flux");
}

#[test]
fn none_equals_none() {
    let source = "
profile one { source-controller -> none }
profile two { source-controller -> none }
cluster dev on eks { use one, two }
";
    assert_eq!(roles(source, "dev"), []);
}

#[test]
fn none_equals_only_none() {
    let source = r#"
profile one { source-controller -> none }
profile two { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
cluster dev on eks { use one, two }
"#;
    assert_eq!(codes(source), ["F0114"]);
}

#[test]
fn none_takes_an_inherited_mapping_away() {
    let source = r#"
profile one {
  source-controller, helm-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
cluster dev on eks {
  use one
  source-controller -> none
}
"#;
    assert_eq!(roles(source, "dev"), [("helm-controller".to_owned(), "111122223333 flux".to_owned())]);
}

#[test]
fn a_mapping_counts_whole() {
    let source = r#"
profile one { source-controller -> gcp "flux-gar@acme-eu.iam.gserviceaccount.com" }
cluster dev on eks {
  use one
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
"#;
    assert_eq!(role(source, "dev"), "111122223333 flux");
}

#[test]
fn a_mapping_counts_for_each_controller_by_itself() {
    let source = r#"
profile one {
  source-controller, helm-controller -> aws "arn:aws:iam::111122223333:role/one"
}
cluster dev on eks {
  use one
  helm-controller -> aws "arn:aws:iam::111122223333:role/dev"
}
"#;
    let expected = [("helm-controller", "111122223333 dev"), ("source-controller", "111122223333 one")];
    assert_eq!(roles(source, "dev"), expected.map(|(name, role)| (name.to_owned(), role.to_owned())));
}

#[test]
fn file_statements_are_hidden_by_everything() {
    let source = r#"
account = "000000000000"
let name = "file"
role flux = aws "arn:aws:iam::${account}:role/${name}"
source-controller -> flux
profile one {
  account = "111122223333"
  let name = "profile"
}
cluster plain on eks {}
cluster with-profile on eks { use one }
cluster with-both on eks {
  use one
  let name = "cluster"
}
"#;
    assert_eq!(role(source, "plain"), "000000000000 file");
    assert_eq!(role(source, "with-profile"), "111122223333 profile");
    assert_eq!(role(source, "with-both"), "111122223333 cluster");
}

#[test]
fn names_are_looked_up_from_the_cluster() {
    let source = r#"
profile one {
  role flux = aws "arn:aws:iam::${account}:role/${platform}-${cluster}-${name}"
  source-controller -> flux
  let name = "profile"
}
cluster dev, qa on eks {
  use one
  account = "111122223333"
  let name = "cluster"
}
cluster prod on eks {
  use one
  account = "444455556666"
}
"#;
    assert_eq!(role(source, "dev"), "111122223333 eks-dev-cluster");
    assert_eq!(role(source, "qa"), "111122223333 eks-qa-cluster");
    assert_eq!(role(source, "prod"), "444455556666 eks-prod-profile");
}

#[test]
fn a_cluster_that_lacks_a_value_is_told_so_with_the_profiles_line_and_its_own() {
    let source = r#"
profile one { source-controller -> aws "arn:aws:iam::${account}:role/flux" }
cluster dev on eks { use one }
"#;
    assert_eq!(codes(source), ["F0105"]);
    let expected = ["account: not set for this cluster", "dev: in cluster `dev`"];
    assert_eq!(said(source)[1..3], expected);
}

#[test]
fn a_role_that_no_mapping_reaches_is_not_evaluated() {
    let source = r#"
profile one {
  role flux = aws "arn:aws:iam::${nowhere}:role/flux"
  source-controller -> flux
}
cluster dev on eks {
  use one
  source-controller -> none
}
"#;
    assert_eq!(roles(source, "dev"), []);
}

#[test]
fn profiles_may_disagree_about_what_no_mapping_reaches() {
    let source = r#"
profile one { role flux = aws "arn:aws:iam::111122223333:role/one" }
profile two { role flux = aws "arn:aws:iam::111122223333:role/two" }
cluster dev on eks { use one, two }
"#;
    assert_eq!(codes(source), [] as [&str; 0]);
}

#[test]
fn a_definition_that_is_hidden_is_not_evaluated() {
    let source = r#"
profile far { let name = "${nowhere}" }
profile near {
  use far
  let name = "near"
}
cluster dev on eks {
  use near
  source-controller -> aws "arn:aws:iam::111122223333:role/${name}"
}
"#;
    assert_eq!(role(source, "dev"), "111122223333 near");
}

#[test]
fn text_without_holes_is_checked_where_it_stands() {
    let source = r#"
account = "1"
profile unused { role flux = aws "arn:aws:iam::111122223333:user/flux" }
"#;
    assert_eq!(codes(source), ["F0206", "F0203"]);
}

#[test]
fn a_definition_that_reaches_itself_is_shown() {
    let source = r#"
let a = "${b}"
let b = "${c}"
cluster dev on eks {
  let c = "${b}"
  source-controller -> aws "arn:aws:iam::111122223333:role/${a}"
}
"#;
    assert_eq!(codes(source), ["F0113"]);
    let said = said(source);
    assert_eq!(said[0], "the value of `b` depends on itself");
    assert_eq!(said.last().map(String::as_str), Some("cycle: `b` → `c` → `b`"));
}

#[test]
fn a_setting_that_names_itself_reaches_itself() {
    let source = r#"
account = "111122223333"
cluster dev on eks {
  account           = "${account}"
  source-controller -> aws "arn:aws:iam::${account}:role/flux"
}
"#;
    assert_eq!(codes(source), ["F0113"]);
}

#[test]
fn a_setting_with_a_default_has_it_in_text() {
    let source = r#"
profile one { role flux = aws "arn:aws:iam::111122223333:role/${namespace}-${cluster}" }
source-controller -> flux
cluster dev on eks { use one }
cluster prod on eks {
  use one
  namespace = "gitops"
  output    = "clusters/${cluster}/flux-system"
}
"#;
    assert_eq!(role(source, "dev"), "111122223333 flux-system-dev");
    assert_eq!(role(source, "prod"), "111122223333 gitops-prod");
}

#[test]
fn the_default_directory_has_the_name_of_the_namespace() {
    let source = r#"
profile one {
  namespace         = "gitops"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
cluster dev on eks { use one }
cluster prod on eks {
  use one
  emit = component
}
cluster test on eks {
  use one
  output = "fleet/${cluster}/${namespace}"
}
"#;
    let directories: Vec<String> =
        harness::overlays(source).into_iter().map(|(directory, _)| directory).collect();
    assert_eq!(directories, ["clusters/dev/gitops", "clusters/prod/gitops/identity", "fleet/test/gitops"]);
}

#[test]
fn a_circle_that_nothing_needs_is_none() {
    let source = r#"
let a = "${b}"
let b = "${a}"
cluster dev on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
"#;
    assert_eq!(role(source, "dev"), "111122223333 flux");
}

#[test]
fn a_role_of_another_profile_is_out_of_sight() {
    let source = r#"
profile one { role flux = aws "arn:aws:iam::111122223333:role/one" }
profile two { source-controller -> flux }
cluster dev on eks { use two }
"#;
    assert_eq!(codes(source), ["F0102"]);
    assert!(said(source).contains(&"flux: defined in profile `one`".to_owned()), "{:?}", said(source));
}

#[test]
fn roles_variables_profiles_and_clusters_may_share_a_name() {
    let source = r#"
profile main { role main = aws "arn:aws:iam::111122223333:role/${main}" }
let main = "name"
cluster main on eks {
  use main
  source-controller -> main
}
"#;
    assert_eq!(role(source, "main"), "111122223333 name");
}

#[test]
fn a_word_that_stands_where_text_is_needed_is_an_error() {
    let source = r#"
cluster dev on aks {
  tenant            = webhook
  source-controller -> azure "4a7272f9-f186-41af-9f84-${tenant}"
}
"#;
    assert_eq!(codes(source), ["F0105"]);
}

#[test]
fn profiles_that_say_a_word_and_a_text_disagree() {
    let source = r#"
profile one { tenant = webhook }
profile two { tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47" }
cluster dev on aks {
  use one, two
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}
"#;
    assert_eq!(codes(source), ["F0114"]);
}

#[test]
fn a_role_that_a_block_with_a_broken_head_defines_can_be_isolated() {
    let source = r#"
isolate flux by team
cluster dev on {
  let team = "a"
  role flux = aws "arn:aws:iam::111122223333:role/flux"
  source-controller -> flux
}
"#;
    assert_eq!(said(source).first().map(String::as_str), Some("expected a name"));
}

#[test]
fn a_broken_value_that_others_double_sixty_times_is_reported_once() {
    let doubles: Vec<String> =
        (1..60).map(|at| format!("let v{at} = \"${{v{0}}}${{v{0}}}\"\n", at - 1)).collect();
    let doubles = doubles.concat();
    let text = format!(
        "let v0 = \"${{missing}}\"\n{doubles}cluster a on eks {{\n  \
         source-controller -> aws \"arn:aws:iam::111122223333:role/${{v59}}\"\n}}\n"
    );
    assert_eq!(codes(&text), ["F0105"]);
}

// ---------------------------------------------------------------------------------------------------
// `on`, and `use` in a file

#[test]
fn a_file_uses_a_profile_for_its_clusters() {
    let source = r#"
use base
profile base { source-controller -> aws "arn:aws:iam::111122223333:role/${cluster}" }
cluster dev on eks {}
cluster prod on eks { use base }
"#;
    assert_eq!(role(source, "dev"), "111122223333 dev");
    assert_eq!(role(source, "prod"), "111122223333 prod");
}

#[test]
fn a_profile_that_a_file_uses_hides_the_file() {
    let source = r#"
use base
source-controller -> aws "arn:aws:iam::111122223333:role/file"
profile base { source-controller -> aws "arn:aws:iam::111122223333:role/base" }
cluster dev on eks {}
"#;
    assert_eq!(role(source, "dev"), "111122223333 base");
}

#[test]
fn an_on_block_gives_each_platform_its_profile() {
    let source = r#"
on eks { use of-eks }
on gke { use of-gke }
profile of-eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
profile of-gke { source-controller -> gcp direct }
cluster dev on eks {}
cluster data on gke {}
"#;
    assert_eq!(role(source, "dev"), "111122223333 flux");
}

#[test]
fn an_on_block_is_nearer_than_its_profile_and_farther_than_what_uses_that() {
    let source = r#"
profile base {
  let name = "base"
  on eks, gke { let name = "on" }
  source-controller -> aws "arn:aws:iam::111122223333:role/${name}"
}
profile near {
  use base
  let name = "near"
}
cluster dev on eks { use base }
cluster prod on eks { use near }
cluster edge on kubernetes {
  use base
  region = "eu-west-1"
}
"#;
    assert_eq!(role(source, "dev"), "111122223333 on");
    assert_eq!(role(source, "prod"), "111122223333 near");
}

#[test]
fn a_profile_hides_what_its_on_block_uses() {
    let source = r#"
profile base {
  let name = "base"
  on eks { use far }
  source-controller -> aws "arn:aws:iam::111122223333:role/${name}"
}
profile far { let name = "far" }
cluster dev on eks { use base }
"#;
    assert_eq!(role(source, "dev"), "111122223333 base");
}

#[test]
fn profiles_that_use_each_other_on_different_platforms_use_nobody_that_uses_them() {
    let source = r#"
profile one {
  on eks { use two }
  source-controller -> aws "arn:aws:iam::111122223333:role/one"
}
profile two {
  on aks { use one }
  source-controller -> aws "arn:aws:iam::111122223333:role/two"
}
cluster dev on eks { use two, one }
"#;
    assert_eq!(role(source, "dev"), "111122223333 one");
    assert_eq!(codes(&source.replace("on aks", "on eks")), ["F0112"]);
}

#[test]
fn a_warning_is_allowed_for_a_platform() {
    let source = r#"
on eks { allow F0309 "they stay as they are" }
notification-controller -> aws "arn:aws:iam::111122223333:role/flux"
cluster dev on eks {}
cluster edge on kubernetes { region = "eu-west-1" }
"#;
    let (_, findings) = harness::check(source);
    let said: Vec<(&str, bool)> =
        findings.iter().map(|it| (it.code.as_str(), format!("{it:?}").contains("edge"))).collect();
    assert_eq!(said, [("F0309", true)]);
}

#[test]
fn what_on_blocks_of_two_profiles_say_must_agree() {
    let source = r#"
profile one { on eks { let name = "one" } }
profile two { on eks { let name = "two" } }
source-controller -> aws "arn:aws:iam::111122223333:role/${name}"
cluster dev on eks { use one, two }
"#;
    assert_eq!(codes(source), ["F0114"]);
    assert_eq!(said(source)[0], "two blocks define the variable `name` differently");
}

// ---------------------------------------------------------------------------------------------------
// `trust`

#[test]
fn a_trust_statement_gives_nothing_and_hides_no_mapping() {
    let source = r#"
profile base {
  source-controller       -> aws "arn:aws:iam::111122223333:role/old"
  trust source-controller -> aws "arn:aws:iam::111122223333:role/new"
}
cluster dev on eks {
  use base
  trust helm-controller -> aws "arn:aws:iam::111122223333:role/new"
}
"#;
    let given = [("source-controller".to_owned(), "111122223333 old".to_owned())];
    assert_eq!(roles(source, "dev"), given);
}
