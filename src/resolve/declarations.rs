//! Everything that the files of a fleet declare.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::model::{Controller, Platform, TrustForm, TrustOutput};
use crate::problem::{ErrorGuaranteed, NameProblem, Problems, ValuesFault, ValuesProblem};
use crate::resolve::controllers::report_unknown_controller;
use crate::resolve::definitions::{DefinitionKey, DefinitionValue};
use crate::resolve::layers::{Layer, LayerScope};
use crate::resolve::literals;
use crate::resolve::platforms::resolve_platform;
use crate::resolve::profiles::{Profiles, UsedProfiles};
use crate::resolve::recipient::{self, AccountName, RecipientName};
use crate::resolve::references::References;
use crate::resolve::settings::{self, Typed};
use crate::resolve::values_files::DeclaredValues;
use crate::span::FileId;
use crate::span::Span;
use crate::syntax::tree::{self, ControllerName, Declared, Item, MappingSubject, Tree};

/// How many blocks a thread reads at once.
const BLOCK: usize = 32;

/// Everything that the files of a fleet declare.
#[derive(Default)]
pub struct Declarations<'t> {
    /// The statements at the top of each file, the root source's first.
    pub files: Vec<Layer<'t>>,
    /// What each file uses, in the same order.
    pub file_uses: Vec<FileUses>,
    pub profiles: Profiles<'t>,
    pub clusters: Vec<DeclaredCluster<'t>>,
    /// What files of values say of clusters.
    pub values: DeclaredValues<'t>,
    pub requires: Vec<&'t tree::Require<'t>>,
    pub isolates: Vec<&'t tree::Isolate<'t>>,
    pub allows: Vec<DeclaredAllow<'t>>,
    /// The names that all blocks use and define.
    pub references: References<'t>,
}

pub struct DeclaredCluster<'t> {
    pub tree: &'t tree::Cluster<'t>,
    /// The statements of its block.
    pub own: Layer<'t>,
    /// The platform, if it is a known one.
    pub platform: Result<Platform, ErrorGuaranteed>,
    pub file: usize,
}

/// The profiles that all clusters of a file use.
#[derive(Debug)]
pub struct FileUses {
    all: UsedProfiles,
    /// Those of its `on` blocks, with their platforms.
    on: Vec<(Vec<Platform>, UsedProfiles)>,
}

impl FileUses {
    fn new<'t>(file: &Layer<'t>, profiles: &Profiles<'t>, problems: &mut Problems) -> FileUses {
        let all = profiles.find(&file.uses, problems);
        let on = file.on.iter().map(|on| (on.platforms.clone(), profiles.find(&on.layer.uses, problems)));
        FileUses { on: on.collect(), all }
    }

    /// The profiles that clusters on a platform use.
    pub fn on(&self, platform: Platform) -> impl Iterator<Item = &UsedProfiles> {
        let on = self.on.iter().filter(move |(platforms, _)| platforms.contains(&platform));
        std::iter::once(&self.all).chain(on.map(|(_, used)| used))
    }
}

pub struct DeclaredAllow<'t> {
    pub statement: &'t tree::Allow<'t>,
    /// Its span, and what it covers.
    pub scope: AllowScope,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AllowScope {
    /// At the top of the root source; it covers everything.
    Fleet,
    /// At the top of an included file.
    File(FileId),
    /// In the block of a cluster or a profile.
    Block(Span),
    /// In an `on` block.
    On(Span),
}

/// The layers of some blocks, read by one thread.
#[derive(Default)]
struct CollectedLayers<'t> {
    layers: Vec<Layer<'t>>,
    references: References<'t>,
    problems: Problems,
}

impl<'t> CollectedLayers<'t> {
    fn new(items: &[&'t Item<'t>]) -> CollectedLayers<'t> {
        let mut collected = CollectedLayers::default();
        for item in items {
            let statements = item.block().into_iter().flat_map(|block| &block.lines);
            let statements = statements.filter_map(|line| line.node.as_ref());
            let is_cluster = matches!(item, Item::Cluster(_));
            let scope = if is_cluster { LayerScope::Cluster } else { LayerScope::Profile };
            let layer = Layer::build(statements, scope, &mut collected.problems);
            collected.references.collect(&layer);
            collected.layers.push(layer);
        }
        collected
    }
}

impl<'t> Declarations<'t> {
    /// Collects the declarations of all files, the root first, and connects the profiles with one another.
    pub fn collect(trees: &'t [(FileId, Tree<'t>)], problems: &mut Problems) -> Declarations<'t> {
        let mut declarations = Declarations::default();
        for (at, (file, tree)) in trees.iter().enumerate() {
            declarations.collect_file(*file, tree, at == 0, problems);
        }
        declarations.profiles.resolve_uses(problems);
        let Declarations { files, profiles, .. } = &declarations;
        declarations.file_uses = files.iter().map(|file| FileUses::new(file, profiles, problems)).collect();
        declarations
    }

    /// Where a build writes trust, by the root source. What is wrong with it was reported.
    pub fn trust_output(&self) -> Option<TrustOutput> {
        let directory = self.fleet_setting(&settings::TRUST_OUTPUT)?;
        let form = self.fleet_setting(&settings::TRUST_FORM).unwrap_or(TrustForm::Terraform);
        Some(TrustOutput { directory, form })
    }

    /// Where the root source sets the form of trust.
    pub fn trust_form_place(&self) -> Option<Span> {
        let key = DefinitionKey::Value(settings::TRUST_FORM.setting.name());
        Some(self.files.first()?.definitions.get(&key)?.at)
    }

    /// The value of a setting of the whole fleet, if it is set and right.
    fn fleet_setting<T>(&self, setting: &Typed<T>) -> Option<T> {
        let key = DefinitionKey::Value(setting.setting.name());
        let definition = self.files.first()?.definitions.get(&key)?;
        let DefinitionValue::Value(value) = definition.says else { return None };
        (setting.value)(literals::fleet_setting(setting.setting, value)?)
    }

    fn collect_file(&mut self, file: FileId, tree: &'t Tree<'t>, is_root: bool, problems: &mut Problems) {
        let items: Vec<&'t Item<'t>> = tree.lines.iter().filter_map(|line| line.node.as_ref()).collect();
        let statements = items.iter().filter_map(|item| {
            let Item::Statement(statement) = item else { return None };
            Some(statement)
        });
        let scope = if is_root { LayerScope::Root } else { LayerScope::Included };
        let layer = Layer::build(statements, scope, problems);
        self.collect_allows(&layer, if is_root { AllowScope::Fleet } else { AllowScope::File(file) });
        self.references.collect(&layer);
        let index = self.files.len();
        self.files.push(layer);
        self.collect_values(index, tree, problems);
        let collected: Vec<CollectedLayers<'t>> = items.par_chunks(BLOCK).map(CollectedLayers::new).collect();
        for (block, collected) in items.chunks(BLOCK).zip(collected) {
            problems.append(collected.problems);
            self.references.append(collected.references);
            for (item, layer) in block.iter().zip(collected.layers) {
                if let Some(block) = item.block() {
                    self.collect_allows(&layer, AllowScope::Block(block.span));
                }
                self.collect_item(item, layer, index, problems);
            }
        }
    }

    fn collect_allows(&mut self, layer: &Layer<'t>, scope: AllowScope) {
        self.allows.extend(layer.allows.iter().map(|statement| DeclaredAllow { statement, scope }));
        for on in &layer.on {
            self.collect_allows(&on.layer, AllowScope::On(on.block));
        }
    }

    /// Collects what the files of values of a file say.
    fn collect_values(&mut self, file: usize, tree: &'t Tree<'t>, problems: &mut Problems) {
        let Some(layer) = self.files.get_mut(file) else { return };
        let named = tree.lines.iter().filter_map(|line| line.node.as_ref());
        let named: BTreeMap<&str, Span> = named
            .filter_map(|item| if let Item::Values(path) = item { Some((path.raw, path.span)) } else { None })
            .collect();
        // What a file that is not read would have said is not missing.
        let unread = named.values().next().filter(|_| named.len() > tree.values.len()).map(|at| {
            let missing = ValuesProblem { at: *at, fault: ValuesFault::Missing };
            problems.refused().unwrap_or_else(|| problems.refuse(missing))
        });
        let refused = tree.values.iter().find_map(|values| values.refused);
        layer.incomplete = layer.incomplete.or(unread).or(refused);
        for layer in self.values.collect(file, &tree.values, problems) {
            self.references.collect(layer);
        }
    }

    /// Collects an item. `own`: the statements of its block.
    fn collect_item(&mut self, item: &'t Item<'t>, mut own: Layer<'t>, file: usize, problems: &mut Problems) {
        match item {
            Item::Statement(_) => {}
            Item::Profile(profile) => {
                self.profiles.declare(profile.name, profile.block.span, own, problems);
            }
            Item::Cluster(cluster) => {
                let platform = resolve_platform(cluster.platform, problems);
                cluster.names.nodes().for_each(|name| self.values.expect(file, name.text));
                self.clusters.push(DeclaredCluster { tree: cluster, own, platform, file });
            }
            Item::Include(path) if file > 0 => report_misplaced(path.span, "include", problems),
            Item::Include(_) => {}
            Item::Require(require) if file > 0 => report_misplaced(require.span, "require", problems),
            Item::Require(require) => self.requires.push(require),
            Item::Isolate(isolate) if file > 0 => report_misplaced(isolate.span, "isolate", problems),
            Item::Isolate(isolate) => self.isolates.push(isolate),
            Item::Values(_) => {}
            Item::Broken(broken) => {
                if let Some(Declared::Profile(name)) = broken.declares {
                    own.incomplete = own.incomplete.or(broken.incomplete);
                    self.profiles.declare(name, broken.block.span, own, problems);
                } else if let Some(Declared::Cluster(name)) = broken.declares {
                    self.values.expect(file, name.text);
                }
            }
        }
    }
}

/// The recipient that a mapping or a `require` names, and where it is named.
///
/// # Errors
/// It is no controller, or no valid ServiceAccount name, which is reported.
pub fn resolve_recipient<'t>(
    subject: &MappingSubject<'t>,
    problems: &mut Problems,
) -> (Result<RecipientName<'t>, ErrorGuaranteed>, Span) {
    match subject {
        MappingSubject::Controller(ControllerName { name, .. }) => {
            let controller = Controller::from_name(name.text).map(RecipientName::Controller);
            (controller.ok_or_else(|| report_unknown_controller(*name, problems).0), name.span)
        }
        MappingSubject::ServiceAccount(account) => {
            let checked = recipient::check_name(account).map_err(|problem| problems.refuse(problem));
            (checked.map(|()| RecipientName::Account(AccountName::new(account))), account.span)
        }
    }
}

fn report_misplaced(at: Span, statement: &'static str, problems: &mut Problems) {
    let (here, belongs) = ("in an included file", "the root source");
    problems.report(NameProblem::Misplaced { at, statement, here, belongs });
}
