//! Fleets at random, as sources.
//!
//! A fleet is data here, in a model of its own that shares nothing with the compiler's. What is generated is well
//! formed: every name of a block is defined once, no profile uses itself, and what an identity becomes has the grammar
//! of its cloud. Whether all names mean something, and whether profiles agree, is left to chance.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use proptest::prelude::*;
use proptest::sample::select;

/// A source, as a model.
#[derive(Clone, PartialEq, Eq)]
pub struct Fleet {
    /// What stands outermost, in source order.
    pub items: Vec<Item>,
}

/// What stands outermost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A statement of the file.
    Statement(Statement),
    /// `profile NAME { … }`
    Profile(Profile),
    /// `cluster NAME, NAME on PLATFORM { … }`
    Cluster(Cluster),
}

/// `profile NAME { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// What it says.
    pub says: Vec<Statement>,
}

/// `cluster NAME, NAME on PLATFORM { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Its names.
    pub names: Vec<String>,
    /// What it runs on.
    pub cloud: Cloud,
    /// What it says.
    pub says: Vec<Statement>,
}

/// What a block or a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// `NAME = VALUE`
    Setting(&'static str, Value),
    /// `let NAME = "…"`
    Let(&'static str, String),
    /// `role NAME = IDENTITY`
    Role(&'static str, Identity),
    /// `WHO, WHO -> TARGET, TARGET`; without a target it is `none`.
    Mapping(Vec<&'static str>, Vec<Target>),
    /// `use PROFILE, PROFILE`
    Use(Vec<String>),
    /// `on PLATFORM, PLATFORM { … }`
    On(Vec<Cloud>, Vec<Statement>),
}

/// What a mapping names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A role.
    Role(&'static str),
    /// An identity written out.
    Identity(Identity),
}

/// An identity, and its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The cloud that it is of.
    pub cloud: Cloud,
    /// What names it there, perhaps with `${}`.
    pub text: String,
    /// Its options.
    pub options: Vec<(&'static str, Value)>,
}

/// What stands on the right of `=`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// In quotes, perhaps with `${}`.
    Text(String),
    /// Without quotes.
    Word(&'static str),
}

/// A cloud, or its clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cloud {
    /// AWS, and EKS.
    Aws,
    /// Azure, and AKS.
    Azure,
    /// Google Cloud, and GKE.
    Gcp,
}

impl Cloud {
    /// How its identities begin.
    pub fn provider(self) -> &'static str {
        match self {
            Cloud::Aws => "aws",
            Cloud::Azure => "azure",
            Cloud::Gcp => "gcp",
        }
    }

    /// What its clusters run on.
    pub fn platform(self) -> &'static str {
        match self {
            Cloud::Aws => "eks",
            Cloud::Azure => "aks",
            Cloud::Gcp => "gke",
        }
    }
}

/// As a source, for that is what one wants to see when a test fails.
impl fmt::Debug for Fleet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\n{}", plain(self))
    }
}

impl Fleet {
    /// The statements of the file.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.items.iter().filter_map(|item| match item {
            Item::Statement(statement) => Some(statement),
            Item::Profile(_) | Item::Cluster(_) => None,
        })
    }

    /// The profiles.
    pub fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.items.iter().filter_map(|item| match item {
            Item::Profile(profile) => Some(profile),
            Item::Statement(_) | Item::Cluster(_) => None,
        })
    }

    /// The clusters.
    pub fn clusters(&self) -> impl Iterator<Item = &Cluster> {
        self.items.iter().filter_map(|item| match item {
            Item::Cluster(cluster) => Some(cluster),
            Item::Statement(_) | Item::Profile(_) => None,
        })
    }

    /// Changes every statement, those within `on` blocks too.
    pub fn for_each_statement(&mut self, change: &mut dyn FnMut(&mut Statement)) {
        for item in &mut self.items {
            match item {
                Item::Statement(statement) => visit(statement, change),
                Item::Profile(Profile { says, .. }) | Item::Cluster(Cluster { says, .. }) => {
                    for statement in says {
                        visit(statement, change);
                    }
                }
            }
        }
    }
}

fn visit(statement: &mut Statement, change: &mut dyn FnMut(&mut Statement)) {
    change(statement);
    if let Statement::On(_, says) = statement {
        for statement in says {
            visit(statement, change);
        }
    }
}

/// The controllers that every cloud has something for.
pub const CONTROLLERS: [&str; 5] = [
    "source-controller",
    "kustomize-controller",
    "helm-controller",
    "image-reflector-controller",
    "image-automation-controller",
];
/// ServiceAccounts that objects name, as they are written.
pub const ACCOUNTS: [&str; 2] = ["service-account payments/podinfo", "service-account reports/nightly.v2"];
const ROLES: [&str; 3] = ["registry", "decryption", "charts.v2"];
const PROFILES: [&str; 6] = ["base", "eks-standard", "Team_A", "common", "zz.2", "edge"];
const CLUSTERS: [&str; 8] = ["dev", "prod-eu", "prod-us", "qa_1", "data.eu", "A", "m-9", "stage"];

// ---------------------------------------------------------------------------------------------------
// Texts. Those of one kind may stand for each other, so that an identity keeps its grammar whatever they become.

/// 12 digits. A name asks for those behind it, so that circles are few.
fn digits(behind: usize) -> BoxedStrategy<String> {
    const NAMES: [&str; 3] = ["account", "shared-account", "root_account"];
    let literals =
        select(vec!["111122223333", "111122223333", "111122223333", "444455556666"]).prop_map(str::to_owned);
    text_of(literals.boxed(), &NAMES, behind, "")
}

/// A few letters.
fn words(behind: usize) -> BoxedStrategy<String> {
    const NAMES: [&str; 3] = ["env", "team", "stage"];
    let literals = select(vec!["eu", "eu", "us"]).prop_map(str::to_owned);
    prop_oneof![
        4 => text_of(literals.clone().boxed(), &NAMES, behind, ""),
        1 => text_of(literals.boxed(), &NAMES, behind, "x-"),
    ]
    .boxed()
}

fn text_of(
    literals: BoxedStrategy<String>,
    names: &'static [&'static str],
    behind: usize,
    before: &'static str,
) -> BoxedStrategy<String> {
    let reachable = names.get(behind..).unwrap_or_default();
    let hole = |name: &str| format!("${{{name}}}");
    let any = select(names).prop_map(hole);
    let unknown = Just("${nobody}".to_owned());
    let text = if reachable.is_empty() {
        prop_oneof![60 => literals, 2 => any, 1 => unknown].boxed()
    } else {
        prop_oneof![24 => literals, 36 => select(reachable).prop_map(hole), 3 => any, 1 => unknown].boxed()
    };
    text.prop_map(move |text| format!("{before}{text}")).boxed()
}

fn projects() -> BoxedStrategy<String> {
    prop_oneof![Just("acme-eu".to_owned()), words(0).prop_map(|word| format!("acme-{word}"))].boxed()
}

fn tenants() -> BoxedStrategy<String> {
    let literal = "72f988bf-86f1-41af-91ab-111122223333".to_owned();
    prop_oneof![Just(literal), digits(0).prop_map(|digits| format!("72f988bf-86f1-41af-91ab-{digits}"))]
        .boxed()
}

// ---------------------------------------------------------------------------------------------------
// Statements

fn identity(cloud: Cloud) -> BoxedStrategy<Identity> {
    let seconds = || select(vec!["3600", "7200"]).prop_map(|seconds| Value::Text(seconds.to_owned()));
    let (text, option) = match cloud {
        Cloud::Aws => (
            prop_oneof![
                3 => digits(0).prop_map(|account| format!("arn:aws:iam::{account}:role/flux")),
                2 => words(0).prop_map(|word| format!("arn:aws:iam::111122223333:role/{word}/flux")),
                1 => Just("arn:aws:iam::${account}:role/${platform}-${cluster}".to_owned()),
            ]
            .boxed(),
            prop_oneof![
                seconds().prop_map(|seconds| ("token-expiration", seconds)),
                words(0).prop_map(|word| ("audience", Value::Text(word))),
            ]
            .boxed(),
        ),
        Cloud::Azure => (
            prop_oneof![
                3 => digits(0).prop_map(|digits| format!("4a7272f9-f186-41af-9f84-{digits}")),
                1 => digits(1).prop_map(|digits| format!("d6e4fc00-c5b2-4a72-9f84-{digits}")),
            ]
            .boxed(),
            prop_oneof![
                seconds().prop_map(|seconds| ("token-expiration", seconds)),
                tenants().prop_map(|tenant| ("tenant", Value::Text(tenant))),
                Just(("tenant", Value::Word("webhook"))),
            ]
            .boxed(),
        ),
        Cloud::Gcp => (
            prop_oneof![
                3 => words(0).prop_map(|word| format!("flux-{word}@acme-eu.iam.gserviceaccount.com")),
                2 => Just("flux-eu@${project}.iam.gserviceaccount.com".to_owned()),
                1 => Just("flux-kms@${project}.iam.gserviceaccount.com".to_owned()),
            ]
            .boxed(),
            Just(("", Value::Word(""))).boxed(),
        ),
    };
    let options = if cloud == Cloud::Gcp {
        Just(Vec::new()).boxed()
    } else {
        prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(option, 1..4)].boxed()
    };
    (text, options)
        .prop_map(move |(text, mut options)| {
            let mut known = BTreeSet::new();
            options.retain(|(name, _)| known.insert(*name));
            Identity { cloud, text, options }
        })
        .boxed()
}

/// What a block of that cloud can say, but `use`. One of no cloud holds no identity.
fn statement(cloud: Option<Cloud>) -> BoxedStrategy<Statement> {
    let setting = |name, text: BoxedStrategy<String>| {
        text.prop_map(move |text| Statement::Setting(name, Value::Text(text))).boxed()
    };
    let variable =
        |name, text: BoxedStrategy<String>| text.prop_map(move |text| Statement::Let(name, text)).boxed();
    let values = prop_oneof![
        3 => setting("account", digits(1)),
        2 => setting("project", projects()),
        2 => setting("tenant", tenants()),
        1 => Just(Statement::Setting("tenant", Value::Word("webhook"))),
        1 => Just(Statement::Setting("restart", Value::Word("by-hand"))),
        1 => setting("flux", Just("2.9".to_owned()).boxed()),
        2 => variable("shared-account", digits(2)),
        2 => variable("root_account", digits(3)),
        2 => variable("env", words(1)),
        2 => variable("team", words(2)),
        2 => variable("stage", words(3)),
        1 => variable("unused", words(0)),
    ];
    let role = || select(ROLES.to_vec()).prop_map(Target::Role).boxed();
    let target = match cloud {
        Some(cloud) => prop_oneof![3 => role(), 1 => identity(cloud).prop_map(Target::Identity)].boxed(),
        None => role(),
    };
    let who = prop_oneof![6 => select(CONTROLLERS.to_vec()), 1 => select(ACCOUNTS.to_vec())];
    let who = prop::collection::vec(who, 1..4);
    let targets = prop_oneof![
        2 => Just(Vec::new()),
        8 => prop::collection::vec(target.clone(), 1),
        1 => prop::collection::vec(target, 2..4),
    ];
    let mapping = (who, targets).prop_map(|(who, targets)| Statement::Mapping(who, targets));
    match cloud {
        Some(cloud) => {
            let role = (select(ROLES.to_vec()), identity(cloud));
            let role = role.prop_map(|(name, identity)| Statement::Role(name, identity));
            prop_oneof![3 => values, 3 => role, 2 => mapping].boxed()
        }
        None => prop_oneof![2 => values, 2 => mapping].boxed(),
    }
}

/// Without what is said twice.
fn each_once(statements: Vec<Statement>) -> Vec<Statement> {
    let mut known = BTreeSet::new();
    let mut kept = Vec::new();
    for mut statement in statements {
        let keep = match &mut statement {
            Statement::Setting(name, _) | Statement::Let(name, _) => known.insert(("value", *name)),
            Statement::Role(name, _) => known.insert(("role", *name)),
            Statement::Mapping(who, _) => {
                who.retain(|name| known.insert(("mapping", *name)));
                !who.is_empty()
            }
            Statement::Use(profiles) => {
                let mut names = BTreeSet::new();
                profiles.retain(|name| names.insert(name.clone()));
                !profiles.is_empty()
            }
            Statement::On(_, says) => {
                *says = each_once(std::mem::take(says));
                !says.is_empty()
            }
        };
        if keep {
            kept.push(statement);
        }
    }
    kept
}

// ---------------------------------------------------------------------------------------------------
// Fleets

/// Which cloud each block is of. What profiles of no cloud say holds in every cloud.
#[derive(Clone, Debug)]
struct Shape {
    file: Option<Cloud>,
    profiles: Vec<Option<Cloud>>,
    clusters: Vec<Cloud>,
}

fn clouds() -> impl Strategy<Value = Cloud> + Clone {
    select(vec![Cloud::Aws, Cloud::Azure, Cloud::Gcp])
}

fn shape() -> impl Strategy<Value = Shape> {
    let of_one = (clouds(), 2..PROFILES.len(), 1_usize..4).prop_map(|(cloud, profiles, clusters)| Shape {
        file: Some(cloud),
        profiles: vec![Some(cloud); profiles],
        clusters: vec![cloud; clusters],
    });
    let profiles = prop::collection::vec(prop::option::of(clouds()), 0..PROFILES.len());
    let of_many = (profiles, prop::collection::vec(clouds(), 1..4)).prop_map(|(profiles, clusters)| Shape {
        file: None,
        profiles,
        clusters,
    });
    prop_oneof![3 => of_one, 1 => of_many]
}

/// What an `on` block says, and what it picks to use.
type RawOn = (Vec<Cloud>, Vec<usize>, Vec<Statement>);
type Raw = (Vec<usize>, Vec<Statement>, Vec<RawOn>);

/// `on` blocks in a block of that cloud.
fn on_blocks(cloud: Option<Cloud>) -> impl Strategy<Value = Vec<RawOn>> {
    let platforms = prop::sample::subsequence(vec![Cloud::Aws, Cloud::Azure, Cloud::Gcp], 1..3);
    let uses = prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(0..64_usize, 1)];
    let block = (platforms, uses, prop::collection::vec(statement(cloud), 0..4));
    prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(block, 1..3)]
}

/// A fleet whose every name is defined somewhere, if `whole`; else names may be missing. Profiles may disagree.
fn of_shape(shape: Shape, whole: bool) -> impl Strategy<Value = Fleet> {
    let block = |cloud: Option<Cloud>, uses: std::ops::Range<usize>, most: usize| {
        let uses = prop::collection::vec(0..64_usize, uses);
        (uses, prop::collection::vec(statement(cloud), 0..most), on_blocks(cloud))
    };
    let uses = prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(0..64_usize, 1..3)];
    let file = (uses, prop::collection::vec(statement(shape.file), 0..4), on_blocks(shape.file));
    let profiles: Vec<_> = shape.profiles.iter().map(|cloud| block(*cloud, 0..3, 8)).collect();
    let own = |cloud: &Cloud| (block(Some(*cloud), 0..6, 3), 1_usize..3);
    let clusters: Vec<_> = shape.clusters.iter().map(own).collect();
    (file, profiles, clusters, prop::collection::vec(any::<u8>(), 0..16)).prop_map(
        move |(file, profiles, clusters, order)| {
            let mut fleet = assemble(&shape, file, profiles, clusters);
            if whole {
                add_floor(&mut fleet, &shape);
            }
            shuffle(&mut fleet, &order);
            fleet
        },
    )
}

fn assemble(shape: &Shape, file: Raw, profiles: Vec<Raw>, clusters: Vec<(Raw, usize)>) -> Fleet {
    // A profile uses those behind it, so that none uses itself.
    let usable = |cloud: Option<Cloud>, from: usize| -> Vec<String> {
        let clouds = shape.profiles.iter().enumerate().skip(from);
        clouds
            .filter(|(_, of)| of.is_none() || **of == cloud)
            .map(|(at, _)| PROFILES[at].to_owned())
            .collect()
    };
    let using = |uses: &[usize], mut says: Vec<Statement>, usable: &[String]| {
        if !usable.is_empty() {
            let names = uses.iter().map(|pick| usable[pick % usable.len()].clone()).collect();
            says.insert(uses.first().copied().unwrap_or(0) % (says.len() + 1), Statement::Use(names));
        }
        says
    };
    let says = |(uses, says, on): Raw, usable: &[String]| {
        let mut says = using(&uses, says, usable);
        let on = on.into_iter().map(|(clouds, uses, says)| Statement::On(clouds, using(&uses, says, usable)));
        says.extend(on);
        each_once(says)
    };
    let mut items: Vec<Item> = says(file, &usable(shape.file, 0)).into_iter().map(Item::Statement).collect();
    for (at, raw) in profiles.into_iter().enumerate() {
        let usable = usable(shape.profiles[at], at + 1);
        items.push(Item::Profile(Profile { name: PROFILES[at].to_owned(), says: says(raw, &usable) }));
    }
    let mut names = CLUSTERS.iter().map(|name| (*name).to_owned());
    for (at, (raw, count)) in clusters.into_iter().enumerate() {
        let cloud = shape.clusters[at];
        let usable = usable(Some(cloud), 0);
        let names = names.by_ref().take(count).collect();
        // A cluster has one platform, and no `on` block.
        let (uses, own, _) = raw;
        let says = says((uses, own, Vec::new()), &usable);
        items.push(Item::Cluster(Cluster { names, cloud, says }));
    }
    Fleet { items }
}

/// Gives every name a meaning at the far end: values in the file, roles in one profile for each cloud, which all
/// others of that cloud use, directly or not, and so hide. In a fleet of several clouds controllers are mapped in the file, where no
/// profile disagrees.
fn add_floor(fleet: &mut Fleet, shape: &Shape) {
    let text = |text: &str| Value::Text(text.to_owned());
    let values = [
        Statement::Setting("account", text("444455556666")),
        Statement::Setting("flux", text("2.9")),
        Statement::Setting("project", text("acme-floor")),
        Statement::Setting("tenant", text("72f988bf-86f1-41af-91ab-444455556666")),
        Statement::Let("shared-account", "${root_account}".to_owned()),
        Statement::Let("root_account", "111122223333".to_owned()),
        Statement::Let("env", "${team}".to_owned()),
        Statement::Let("team", "${stage}".to_owned()),
        Statement::Let("stage", "eu".to_owned()),
    ];
    let said: Vec<Statement> = fleet.statements().cloned().collect();
    let all = each_once(said.iter().cloned().chain(values).collect());
    fleet.items.extend(all.into_iter().skip(said.len()).map(Item::Statement));

    let used: BTreeSet<Cloud> = shape.clusters.iter().copied().collect();
    let clouds: BTreeMap<String, Option<Cloud>> =
        PROFILES.iter().zip(&shape.profiles).map(|(name, cloud)| ((*name).to_owned(), *cloud)).collect();
    for item in &mut fleet.items {
        let (cloud, says) = match item {
            Item::Profile(profile) => (clouds[&profile.name], &mut profile.says),
            Item::Cluster(cluster) => (Some(cluster.cloud), &mut cluster.says),
            Item::Statement(_) => continue,
        };
        let Some(cloud) = cloud.filter(|cloud| used.contains(cloud)) else { continue };
        let floor = format!("floor-{}", cloud.provider());
        let of_cloud = |name: &String| clouds[name].is_some();
        match says.iter_mut().find(|statement| matches!(statement, Statement::Use(_))) {
            Some(Statement::Use(profiles)) if profiles.iter().any(of_cloud) => {}
            Some(Statement::Use(profiles)) => profiles.push(floor),
            _ => says.push(Statement::Use(vec![floor])),
        }
    }
    let everyone = || Statement::Mapping(CONTROLLERS.to_vec(), vec![Target::Role("registry")]);
    if shape.file.is_none() {
        let mapped = said.iter().cloned().chain([everyone()]).collect();
        fleet.items.extend(each_once(mapped).into_iter().skip(said.len()).map(Item::Statement));
    }
    for cloud in used {
        let text = match cloud {
            Cloud::Aws => "arn:aws:iam::444455556666:role/${env}/floor",
            Cloud::Azure => "4a7272f9-f186-41af-9f84-${account}",
            Cloud::Gcp => "flux-${env}@${project}.iam.gserviceaccount.com",
        };
        let identity = Identity { cloud, text: text.to_owned(), options: Vec::new() };
        let roles = ROLES.iter().map(|role| Statement::Role(role, identity.clone()));
        let says = roles.chain(shape.file.map(|_| everyone())).collect();
        fleet.items.push(Item::Profile(Profile { name: format!("floor-{}", cloud.provider()), says }));
    }
}

/// Puts items, statements, and the things of a list into another order; these bytes say which.
pub fn shuffle(fleet: &mut Fleet, order: &[u8]) {
    let mut choices = Choices { bytes: order, at: 0 };
    choices.shuffle(&mut fleet.items);
    for item in &mut fleet.items {
        match item {
            Item::Statement(statement) => choices.shuffle_statement(statement),
            Item::Profile(Profile { says, .. }) | Item::Cluster(Cluster { says, .. }) => {
                choices.shuffle_statements(says);
            }
        }
    }
}

/// A fleet at random. Names may be missing, profiles may disagree, and definitions may reach themselves.
pub fn fleet() -> impl Strategy<Value = Fleet> {
    let whole = prop_oneof![3 => Just(true), 1 => Just(false)];
    (shape(), whole).prop_flat_map(|(shape, whole)| of_shape(shape, whole))
}

/// A layout at random: what `print` takes choices from.
pub fn layout() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..160)
}

/// Choices that bytes make, over and over. Without bytes, and with zeros, it is always the first.
struct Choices<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl Choices<'_> {
    fn one_of(&mut self, count: usize) -> usize {
        let byte = if self.bytes.is_empty() { 0 } else { self.bytes[self.at % self.bytes.len()] };
        self.at += 1;
        usize::from(byte) % count
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in 0..list.len() {
            let other = at + self.one_of(list.len() - at);
            list.swap(at, other);
        }
    }
}

impl Choices<'_> {
    fn shuffle_statements(&mut self, statements: &mut [Statement]) {
        self.shuffle(statements);
        for statement in statements {
            self.shuffle_statement(statement);
        }
    }

    fn shuffle_statement(&mut self, statement: &mut Statement) {
        match statement {
            Statement::Mapping(who, targets) => {
                self.shuffle(who);
                self.shuffle(targets);
            }
            Statement::Use(profiles) => self.shuffle(profiles),
            Statement::On(clouds, says) => {
                self.shuffle(clouds);
                self.shuffle_statements(says);
            }
            Statement::Setting(..) | Statement::Let(..) | Statement::Role(..) => {}
        }
    }
}

// ---------------------------------------------------------------------------------------------------
// Sources

/// A source, and the comments in it.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its text.
    pub text: String,
    /// Its comments, each with its `#`.
    pub comments: Vec<String>,
}

/// The source of a fleet. The bytes choose its layout; without any it is plain.
pub fn print(fleet: &Fleet, layout: &[u8]) -> Source {
    let choices = Choices { bytes: layout, at: 0 };
    let mut printer = Printer { choices, text: String::new(), comments: Vec::new(), line_ends: &["\n"] };
    printer.file(fleet);
    Source { text: printer.text, comments: printer.comments }
}

/// The source of a fleet, plainly.
pub fn plain(fleet: &Fleet) -> String {
    print(fleet, &[]).text
}

struct Printer<'b> {
    choices: Choices<'b>,
    text: String,
    comments: Vec<String>,
    line_ends: &'static [&'static str],
}

impl Printer<'_> {
    /// Whether something happens that happens once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.choices.one_of(times) == times - 1
    }

    fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn file(&mut self, fleet: &Fleet) {
        self.line_ends = match self.choices.one_of(8) {
            6 => &["\r\n"],
            7 => &["\n", "\r\n"],
            _ => &["\n"],
        };
        if self.once_in(16) {
            self.put("\u{FEFF}");
        }
        for item in &fleet.items {
            self.lines_between();
            match item {
                Item::Statement(statement) => self.line(statement),
                Item::Profile(profile) => {
                    self.put("profile");
                    self.gap();
                    self.put(&profile.name);
                    self.block(&profile.says);
                }
                Item::Cluster(cluster) => {
                    self.put("cluster");
                    self.gap();
                    self.list(&cluster.names, |printer, name| printer.put(name));
                    self.gap();
                    self.put("on");
                    self.gap();
                    self.put(cluster.cloud.platform());
                    self.block(&cluster.says);
                }
            }
        }
        self.lines_between();
        if self.once_in(6) {
            let end = self.text.trim_end_matches(['\n', '\r']).len();
            self.text.truncate(end);
        }
    }

    /// A statement with the end of its line.
    fn line(&mut self, statement: &Statement) {
        let Statement::On(clouds, says) = statement else {
            self.statement(statement);
            self.end_of_line();
            return;
        };
        self.put("on");
        self.gap();
        self.list(clouds, |printer, cloud| printer.put(cloud.platform()));
        self.block(says);
    }

    fn block(&mut self, says: &[Statement]) {
        self.blanks();
        self.put("{");
        let is_on = |statement: &Statement| matches!(statement, Statement::On(..));
        if says.len() <= 1 && !says.iter().any(is_on) && self.once_in(2) {
            self.blanks();
            for statement in says {
                self.statement(statement);
                self.gap();
            }
        } else {
            if self.once_in(12) {
                self.blanks();
            } else {
                self.end_of_line();
            }
            for (at, statement) in says.iter().enumerate() {
                self.lines_between();
                self.put("  ");
                if is_on(statement) {
                    self.line(statement);
                    continue;
                }
                self.statement(statement);
                if at + 1 == says.len() && self.once_in(12) {
                    self.gap();
                } else {
                    self.end_of_line();
                }
            }
        }
        if !self.text.ends_with(' ') {
            self.lines_between();
        }
        self.put("}");
        self.end_of_line();
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Setting(name, value) => {
                self.put(name);
                self.sign("=");
                self.value(value);
            }
            Statement::Let(name, text) => {
                self.put("let");
                self.gap();
                self.put(name);
                self.sign("=");
                self.put(&format!("\"{text}\""));
            }
            Statement::Role(name, identity) => {
                self.put("role");
                self.gap();
                self.put(name);
                self.sign("=");
                self.identity(identity);
            }
            Statement::Mapping(who, targets) => {
                self.list(who, |printer, name| printer.put(name));
                self.sign("->");
                if targets.is_empty() {
                    self.put("none");
                }
                self.list(targets, |printer, target| match target {
                    Target::Role(name) => printer.put(name),
                    Target::Identity(identity) => printer.identity(identity),
                });
            }
            Statement::Use(profiles) => {
                self.put("use");
                self.gap();
                self.list(profiles, |printer, name| printer.put(name));
            }
            Statement::On(..) => panic!("a block is no statement of one line"),
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Text(text) => self.put(&format!("\"{text}\"")),
            Value::Word(word) => self.put(word),
        }
    }

    fn identity(&mut self, identity: &Identity) {
        self.put(identity.cloud.provider());
        if !self.once_in(12) {
            self.gap();
        }
        self.put(&format!("\"{}\"", identity.text));
        if identity.options.is_empty() && !self.once_in(16) {
            return;
        }
        self.put(" ");
        self.blanks();
        self.put("{");
        self.anywhere();
        for (at, (name, value)) in identity.options.iter().enumerate() {
            self.put(name);
            self.sign("=");
            self.value(value);
            if matches!(value, Value::Word(_)) {
                self.put(" ");
            }
            self.anywhere();
            if at + 1 < identity.options.len() {
                self.put(",");
                self.anywhere();
            }
        }
        self.put("}");
    }

    /// Where blanks, comments and line breaks may stand alike.
    fn anywhere(&mut self) {
        match self.choices.one_of(4) {
            2 => {}
            3 => {
                self.end_of_line();
                self.lines_between();
            }
            _ => self.put(" "),
        }
        if self.once_in(4) {
            self.put(" ");
            self.comment();
            self.line_end();
            self.lines_between();
        }
    }

    /// Things with commas between them. A line goes on behind a comma, a comment, and lines of comments.
    fn list<T>(&mut self, list: &[T], mut one: impl FnMut(&mut Self, &T)) {
        for (at, thing) in list.iter().enumerate() {
            one(self, thing);
            if at + 1 == list.len() {
                return;
            }
            if self.once_in(8) {
                self.gap();
            }
            self.put(",");
            if self.once_in(5) {
                self.end_of_line();
                for _ in 0..self.choices.one_of(4) / 2 {
                    self.blanks();
                    self.comment();
                    self.line_end();
                }
                self.put("    ");
            }
            if !self.once_in(6) {
                self.put(" ");
            }
            self.blanks();
        }
    }

    fn sign(&mut self, sign: &str) {
        if self.once_in(10) {
            self.put(sign);
        } else {
            self.gap();
            self.put(sign);
            self.gap();
        }
    }

    fn gap(&mut self) {
        let gap = [" ", " ", " ", "  ", "\t", "   \t "][self.choices.one_of(6)];
        self.put(gap);
    }

    fn blanks(&mut self) {
        let blanks = ["", "", "", " ", "\t", "    "][self.choices.one_of(6)];
        self.put(blanks);
    }

    fn comment(&mut self) {
        const WORDS: [&str; 7] =
            ["why", "", " }", " use \"x\" -> {", "# more", " für später, vielleicht", "\t= , -> "];
        let word = WORDS[self.choices.one_of(WORDS.len())];
        let comment = format!("# {}{word}", self.comments.len());
        self.put(&comment);
        self.comments.push(comment.trim_end().to_owned());
    }

    fn line_end(&mut self) {
        let at = self.choices.one_of(self.line_ends.len());
        let end = self.line_ends[at];
        self.put(end);
    }

    fn end_of_line(&mut self) {
        self.blanks();
        if self.once_in(6) {
            self.comment();
        }
        self.line_end();
    }

    /// Empty lines and lines of comments, and how far the next line stands in.
    fn lines_between(&mut self) {
        for _ in 0..3 {
            match self.choices.one_of(9) {
                8 => {
                    self.blanks();
                    self.comment();
                    self.line_end();
                }
                7 => {
                    self.blanks();
                    self.line_end();
                }
                _ => break,
            }
        }
        self.blanks();
    }
}
