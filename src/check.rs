//! Tree to fleet: what every name means in every cluster, and whether that can be.
//!
//! Everything is looked at before anything is given up. A fleet comes of it only if no error is found.

mod accounts;
mod allow;
mod checked_cluster;
mod cloud_context;
mod clusters;
mod credentials;
mod definitions;
mod directories;
mod duplicates;
mod fit;
mod fleet;
mod identity;
mod layers;
mod literals;
mod overlay;
mod passthrough;
mod profiles;
mod provenance;
mod ranges;
mod readings;
mod recipient;
mod references;
mod request;
mod require;
mod scope;
mod trust;
mod unused;
mod values;

pub use provenance::{Binding, Meaning, Origin, PassthroughSite, Provenance, Site, provenance};
pub use request::Request;

use std::collections::BTreeSet;

use crate::check::allow::{AllowScope, Allows};
use crate::check::checked_cluster::CheckedCluster;
use crate::check::clusters::{DeclaredCluster, check_clusters};
use crate::check::fleet::Isolation;
use crate::check::layers::{Layer, report_unknown_controller};
use crate::check::profiles::Profiles;
use crate::check::recipient::{AccountName, Recipient};
use crate::check::references::References;
use crate::check::require::Requirement;
use crate::model::{Controller, Fleet, Platform, Policy, Provider};
use crate::parallel;
use crate::problem::{ErrorGuaranteed, NameProblem, Noun, Problems, nearest};
use crate::source::FileId;
use crate::span::Span;
use crate::syntax::tree::{self, Item, MappingSubject, Name, Tree};
use crate::workspace::Inputs;

/// Checks a fleet. `name`: the file name of its root source; `trees`: its files, the root first; `inputs`: what stands
/// beside them; `request`: what is wanted beyond whether it is right.
///
/// # Errors
/// The proof that an error was found, now or before.
pub fn check(
    name: &str,
    trees: &[(FileId, Tree<'_>)],
    inputs: &Inputs<'_>,
    request: &Request,
    problems: &mut Problems,
) -> Result<Fleet, ErrorGuaranteed> {
    let mut fleet = DeclaredFleet::default();
    for (at, (file, tree)) in trees.iter().enumerate() {
        fleet.collect_file(*file, tree, at == 0, problems);
    }
    fleet.profiles.resolve_uses(problems);
    fleet.check_isolated_roles(problems);
    let (clusters, unproved) = check_clusters(&mut fleet, (inputs, request), problems);
    if request.trust {
        trust::check(&clusters, problems);
    }
    // What an error breaks may look unused, or be mended together with it.
    if problems.refused().is_none() {
        unused::report_unused(&fleet, problems);
        unproved.report(problems);
    }
    fleet.allows.apply(problems);
    let policies = fleet.policies(&clusters);
    let clusters = clusters.into_iter().map(|checked| checked.cluster).collect();
    match problems.refused() {
        Some(refused) => Err(refused),
        None => Ok(Fleet { source: name.to_owned(), clusters, beginnings: fleet.output_roots(), policies }),
    }
}

/// What every cluster's templates begin with unless somebody says otherwise.
const DEFAULT_BEGINNING: &str = "clusters";

/// How many blocks a thread reads before it takes more.
const BLOCK: usize = 64;

/// Everything that all files say.
#[derive(Default)]
struct DeclaredFleet<'t> {
    /// The statements of each file, the root file's first.
    files: Vec<Layer<'t>>,
    profiles: Profiles<'t>,
    clusters: Vec<DeclaredCluster<'t>>,
    requirements: Vec<Requirement<'t>>,
    /// What these require.
    required: BTreeSet<(Recipient<'t>, Option<Platform>)>,
    isolations: Vec<Isolation<'t>>,
    /// The roles and variables of these.
    isolated: BTreeSet<(&'t str, &'t str)>,
    allows: Allows,
    mentions: References<'t>,
}

/// What some blocks say.
#[derive(Default)]
struct CollectedLayers<'t> {
    /// Each by itself.
    layers: Vec<Layer<'t>>,
    /// All together.
    mentions: References<'t>,
    /// What is wrong with them.
    problems: Problems,
}

impl<'t> CollectedLayers<'t> {
    fn of(items: &[&'t Item<'t>]) -> CollectedLayers<'t> {
        let mut read =
            CollectedLayers { layers: Vec::with_capacity(items.len()), ..CollectedLayers::default() };
        for item in items {
            let statements = item.block().into_iter().flat_map(|block| &block.lines);
            let statements = statements.filter_map(|line| line.node.as_ref());
            let layer = Layer::build(statements, true, &mut read.problems);
            read.mentions.collect(&layer);
            read.layers.push(layer);
        }
        read
    }
}

impl<'t> DeclaredFleet<'t> {
    fn collect_file(&mut self, file: FileId, tree: &'t Tree<'t>, is_root: bool, problems: &mut Problems) {
        let items = || tree.lines.iter().filter_map(|line| line.node.as_ref());
        let statements = items().filter_map(|item| match item {
            Item::Statement(statement) => Some(statement),
            Item::Profile(_)
            | Item::Cluster(_)
            | Item::Include(_)
            | Item::Require(_)
            | Item::Isolate(_)
            | Item::Broken(_) => None,
        });
        let layer = Layer::build(statements, false, problems);
        let within = if is_root { AllowScope::Fleet } else { AllowScope::File(file) };
        self.allows.collect(&layer.allows, within, problems);
        self.mentions.collect(&layer);
        let index = self.files.len();
        self.files.push(layer);
        let items: Vec<&'t Item<'t>> = items().collect();
        let blocks = parallel::blocks(&items, BLOCK);
        self.clusters.reserve(items.len());
        for (block, read) in blocks.iter().zip(parallel::map(&blocks, 1, |block| CollectedLayers::of(block)))
        {
            problems.append(read.problems);
            self.mentions.append(read.mentions);
            for (item, layer) in block.iter().zip(read.layers) {
                if let Some(block) = item.block() {
                    self.allows.collect(&layer.allows, AllowScope::Block(block.span), problems);
                }
                self.collect_item(item, layer, index, problems);
            }
        }
    }

    /// Takes in an item. `own`: what its block says.
    fn collect_item(&mut self, item: &'t Item<'t>, own: Layer<'t>, file: usize, problems: &mut Problems) {
        match item {
            Item::Statement(_) => {}
            Item::Profile(profile) => {
                self.profiles.declare(profile.name, profile.block.span, own, problems);
            }
            Item::Cluster(cluster) => {
                let platform = resolve_platform(cluster.platform, problems);
                self.clusters.push(DeclaredCluster { tree: cluster, own, platform, file });
            }
            Item::Include(path) if file > 0 => report_misplaced(path.span, "include", problems),
            Item::Include(_) => {}
            Item::Require(require) if file > 0 => report_misplaced(require.span, "require", problems),
            Item::Require(require) => self.collect_requirement(require, problems),
            Item::Isolate(isolate) if file > 0 => report_misplaced(isolate.span, "isolate", problems),
            // What is said again says nothing more.
            Item::Isolate(isolate) if !self.isolated.insert((isolate.role.text, isolate.variable.text)) => {}
            Item::Isolate(isolate) => self.isolations.push(isolate.into()),
            Item::Broken(broken) => {
                if let Some(tree::Declared::Profile(name)) = broken.declares {
                    self.profiles.declare(name, broken.block.span, own, problems);
                }
            }
        }
    }

    fn check_isolated_roles(&self, problems: &mut Problems) {
        let defined = self.mentions.defined.iter().map(|(name, _)| *name).collect();
        fleet::check_roles(&self.isolations, &defined, problems);
    }

    /// The directories that all templates begin with, and that of the default. One that nothing uses any more is among
    /// them: what was written by it is still to be found.
    fn output_roots(&self) -> BTreeSet<String> {
        let said = self.mentions.beginnings.iter().copied();
        said.chain([DEFAULT_BEGINNING]).map(str::to_owned).collect()
    }

    /// What is demanded and let pass. `clusters`: all of the fleet.
    fn policies(&self, clusters: &[CheckedCluster<'_>]) -> BTreeSet<Policy> {
        let required = self.requirements.iter().map(|requirement| Policy::Require {
            who: requirement.recipient.name().into_owned(),
            on: requirement.on,
        });
        let isolated = self.isolations.iter().map(|isolation| Policy::Isolate {
            role: isolation.role.text.to_owned(),
            variable: isolation.variable.text.to_owned(),
        });
        required.chain(isolated).chain(self.allows.policies(clusters)).collect()
    }

    fn collect_requirement(&mut self, require: &'t tree::Require<'t>, problems: &mut Problems) {
        let on = require.platform.map(|name| resolve_platform(name, problems)).transpose();
        for who in require.who.nodes() {
            let (known, at) = match who {
                MappingSubject::Controller(name) => {
                    let known = Controller::from_name(name.text).map(Recipient::Controller);
                    (known.ok_or_else(|| report_unknown_controller(*name, problems).0), name.span)
                }
                MappingSubject::ServiceAccount(account) => {
                    let known = recipient::check_name(account).map_err(|problem| problems.refuse(problem));
                    (known.map(|()| Recipient::Account(AccountName::new(account))), account.span)
                }
            };
            let required = known.and_then(|recipient| Ok(Requirement { recipient, at, on: on? }));
            // What is required again is not reported again.
            let is_new = |it: &Requirement<'t>| self.required.insert((it.recipient, it.on));
            self.requirements.extend(required.ok().filter(is_new));
        }
    }
}

fn report_misplaced(at: Span, statement: &'static str, problems: &mut Problems) {
    let (here, belongs) = ("in an included file", "the root file");
    problems.report(NameProblem::Misplaced { at, statement, here, belongs });
}

fn resolve_platform(name: Name<'_>, problems: &mut Problems) -> Result<Platform, ErrorGuaranteed> {
    Platform::from_name(name.text).ok_or_else(|| {
        let platforms = Platform::ALL.map(Platform::name);
        let near = platform_for_provider(name.text).or_else(|| nearest(name.text, platforms));
        problems.refuse(NameProblem::unknown(Noun::Platform, name.span, name.text, near, &platforms))
    })
}

/// The platform that was meant by the name of its provider.
fn platform_for_provider(name: &str) -> Option<&'static str> {
    let provider = Provider::from_name(name)?;
    let native = Platform::ALL.into_iter().find(|platform| platform.native_provider() == Some(provider));
    native.map(Platform::name)
}
