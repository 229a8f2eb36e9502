//! Which profiles a cluster reaches, and what of theirs it sees.

mod connect;
mod graph;
mod nodes;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::model::Platform;
use crate::problem::{ErrorGuaranteed, NameProblem, Noun, Problems, SearchBudget};
use crate::resolve::definitions::{Definition, DefinitionKey, report_duplicate};
use crate::resolve::layers::{Layer, PassthroughStatement};
use crate::resolve::profiles::graph::Graph;
use crate::resolve::profiles::nodes::{Nodes, Part};
use crate::resolve::ranges::Ranges;
use crate::resolve::recipient::AccountName;
use crate::span::Span;
use crate::syntax::tree::Name;

/// All profiles of a fleet.
///
/// What clusters see of them is not collected for each cluster: many may see many. A name is looked up among the profiles
/// that define it.
#[derive(Debug, Default)]
pub struct Profiles<'t> {
    list: Vec<Profile<'t>>,
    by_name: BTreeMap<&'t str, usize>,
    /// The steps that are left to look for names like unknown ones.
    searches: SearchBudget,
    nodes: Nodes,
    /// What is looked for on each platform, in their order; one for all if no profile has an `on` block.
    on_platforms: Vec<Index<'t>>,
    /// The span of each name at the top level of a file, for messages about names out of scope.
    in_files: OnceLock<BTreeMap<DefinitionKey<'t>, Span>>,
    /// The span of each name in an `on` block, for the same.
    in_on: OnceLock<BTreeMap<DefinitionKey<'t>, Span>>,
}

#[derive(Debug)]
struct Profile<'t> {
    name: Name<'t>,
    block: Span,
    layer: Layer<'t>,
    /// Why not all that it uses is known, if it is not.
    gap: Option<ErrorGuaranteed>,
}

/// What is looked for in the profiles on one platform.
#[derive(Debug, Default)]
struct Index<'t> {
    graph: Graph,
    /// For each name the nodes that define it, by their ranks.
    definers: BTreeMap<DefinitionKey<'t>, Vec<usize>>,
    /// The ranks of those that map ServiceAccounts.
    with_accounts: Vec<usize>,
    /// The ranks of incomplete profiles.
    with_gap: Vec<usize>,
    /// The ranks of those that may map more than is known.
    with_unread_mapping: Vec<usize>,
    views: BTreeMap<Vec<usize>, Arc<ProfileView<'t>>>,
}

/// The profiles that a block or a file uses.
#[derive(Clone, Debug, Default)]
pub struct UsedProfiles {
    /// Each once, in the order in which they are named.
    list: Vec<usize>,
    /// The error if a name is unknown.
    gap: Option<ErrorGuaranteed>,
}

impl UsedProfiles {
    /// Adds those of another block or file, which is nearer.
    pub fn add(&mut self, nearer: &UsedProfiles) {
        let mut known: BTreeSet<usize> = self.list.iter().copied().collect();
        self.list.extend(nearer.list.iter().filter(|at| known.insert(**at)));
        self.gap = self.gap.or(nearer.gap);
    }
}

/// What clusters see of the profiles they use.
#[derive(Debug, Default)]
pub struct ProfileView<'t> {
    /// The number of the index that it belongs to.
    index: usize,
    /// The ranks of the nodes that they reach.
    reached: Ranges,
    /// What the profiles pass through: a profile's after that of those which it uses, each once, where it is first
    /// reached.
    pub passthrough: Vec<PassthroughStatement<'t>>,
    /// The error that made this incomplete, if any. Missing names are then not reported.
    pub incomplete: Option<ErrorGuaranteed>,
    /// Why the profiles may map more controllers than is known, if so.
    pub unread_mapping: Option<ErrorGuaranteed>,
}

/// Among how many profiles a part of a name is looked for. Each unknown name is compared with all of them.
const MOST_COMPARED: usize = 256;

impl<'t> Profiles<'t> {
    /// Takes in a profile, and reports one of the same name.
    pub fn declare(&mut self, name: Name<'t>, block: Span, layer: Layer<'t>, problems: &mut Problems) {
        if let Some(first) = self.by_name.get(name.text).and_then(|first| self.list.get(*first)) {
            report_duplicate(Noun::Profile, name.text, name.span, first.name.span, problems);
            return;
        }
        self.by_name.insert(name.text, self.list.len());
        let gap = layer.incomplete;
        self.list.push(Profile { name, block, layer, gap });
    }

    /// The statements of a node; None if it has none of its own.
    fn layer(&self, node: usize) -> Option<&Layer<'t>> {
        let profile = self.list.get(self.nodes.profile(node)?)?;
        match self.nodes.part(node)? {
            Part::Own => Some(&profile.layer),
            Part::On(at) => profile.layer.on.get(at).map(|on| &on.layer),
            Part::Entry => None,
        }
    }

    fn gap(&self, node: usize) -> Option<ErrorGuaranteed> {
        self.list.get(self.nodes.profile(node)?)?.gap
    }

    /// The statements of the node of a rank.
    fn ranked(&self, index: &Index<'t>, rank: usize) -> Option<&Layer<'t>> {
        self.layer(*index.graph.by_rank().get(rank)?)
    }

    /// The number of the index of a platform.
    fn index_of(&self, platform: Platform) -> usize {
        let at = Platform::ALL.iter().position(|known| *known == platform).unwrap_or_default();
        if at < self.on_platforms.len() { at } else { 0 }
    }

    /// The profiles of those names, and why some may be missing if one is not known.
    fn find_all(
        &self,
        names: &[Name<'t>],
        problems: &mut Problems,
    ) -> (Vec<(usize, Span)>, Option<ErrorGuaranteed>) {
        let mut found = Vec::new();
        let mut gap = None;
        for name in names {
            if let Some(at) = self.by_name.get(name.text) {
                found.push((*at, name.span));
                continue;
            }
            let near = self.searches.nearest(name.text, self.by_name.keys().copied().map(Some));
            let near = near.or_else(|| self.only_with_part(name.text));
            gap = Some(problems.refuse(NameProblem::unknown(Noun::Profile, name.span, name.text, near, &[])));
        }
        (found, gap)
    }

    /// The one profile whose name has this part between hyphens, such as `eks` in `eks-standard`.
    fn only_with_part(&self, part: &str) -> Option<&'t str> {
        if self.by_name.len() > MOST_COMPARED {
            return None;
        }
        let mut found =
            self.by_name.keys().copied().filter(|name| name.split('-').any(|other| other == part));
        found.next().filter(|_| found.next().is_none())
    }

    /// The profiles of those names. Reports unknown ones.
    pub fn find(&self, names: &[Name<'t>], problems: &mut Problems) -> UsedProfiles {
        let (list, gap) = self.find_all(names, problems);
        UsedProfiles { list: list.into_iter().map(|(at, _)| at).collect(), gap }
    }

    /// What a cluster on a platform sees of the profiles that it uses.
    pub fn view(&mut self, platform: Platform, used: &UsedProfiles) -> Arc<ProfileView<'t>> {
        let at = self.index_of(platform);
        if used.gap.is_some() {
            return Arc::new(ProfileView { incomplete: used.gap, ..self.make_view(at, &used.list) });
        }
        // Their order is that of their passthrough.
        if let Some(view) = self.on_platforms.get(at).and_then(|index| index.views.get(&used.list)) {
            return Arc::clone(view);
        }
        let view = Arc::new(self.make_view(at, &used.list));
        if let Some(index) = self.on_platforms.get_mut(at) {
            index.views.insert(used.list.clone(), Arc::clone(&view));
        }
        view
    }

    fn make_view(&self, at: usize, used: &[usize]) -> ProfileView<'t> {
        let Some(index) = self.on_platforms.get(at) else { return ProfileView::default() };
        let used: Vec<usize> = used.iter().map(|profile| self.nodes.entry(*profile)).collect();
        let reached = index.graph.reached(&used);
        let gap = reached.select(&index.with_gap).next();
        let gap = gap.and_then(|rank| self.gap(*index.graph.by_rank().get(rank)?));
        let unread_mapping = reached.select(&index.with_unread_mapping).next();
        let unread_mapping = unread_mapping.and_then(|rank| self.ranked(index, rank)?.unread_mapping);
        let passing = index.graph.passing(&used).into_iter().filter_map(|node| self.layer(node));
        let passthrough = passing.flat_map(|layer| &layer.passthrough).copied().collect();
        ProfileView { index: at, reached, passthrough, incomplete: gap, unread_mapping }
    }

    fn index(&self, view: &ProfileView<'t>) -> Option<&Index<'t>> {
        self.on_platforms.get(view.index)
    }

    /// The definitions of a name in the profiles of a view, in source order. A profile shadows all profiles that it
    /// uses, directly or indirectly, even if the view also reaches them by another path.
    pub fn definitions(&self, view: &ProfileView<'t>, key: &DefinitionKey<'_>) -> Cow<'_, [Definition<'t>]> {
        let Some(index) = self.index(view) else { return Cow::Borrowed(&[]) };
        let definers = index.definers.get(key).map_or(&[][..], Vec::as_slice);
        let definition = |rank: &usize| self.ranked(index, *rank)?.definitions.get(key);
        match view.reached.select_apart(definers, |rank| index.graph.reach(rank)).as_slice() {
            [] => Cow::Borrowed(&[]),
            [only] => Cow::Borrowed(definition(only).map_or(&[][..], std::slice::from_ref)),
            several => {
                let mut list: Vec<Definition<'t>> = several.iter().filter_map(definition).copied().collect();
                list.sort_unstable_by_key(|definition| definition.at);
                Cow::Owned(list)
            }
        }
    }

    /// The name that some profile of a view defines, with the lifetime of the source.
    pub fn known_key(&self, view: &ProfileView<'t>, key: &DefinitionKey<'_>) -> Option<DefinitionKey<'t>> {
        let index = self.index(view)?;
        let rank = view.reached.select(index.definers.get(key)?).next()?;
        self.ranked(index, rank)?.definitions.known(key)
    }

    /// The ServiceAccounts that profiles of a view map.
    pub fn accounts<'v>(&'v self, view: &'v ProfileView<'t>) -> impl Iterator<Item = AccountName<'t>> + 'v {
        let layers = self.index(view).into_iter().flat_map(move |index| {
            view.reached.select(&index.with_accounts).filter_map(|rank| self.ranked(index, rank))
        });
        layers.flat_map(|layer| layer.definitions.accounts())
    }

    /// All that profiles of a view define; a name comes up for each that does.
    pub fn keys<'v>(&'v self, view: &'v ProfileView<'t>) -> impl Iterator<Item = &'v DefinitionKey<'t>> {
        self.reached(view).flat_map(|(_, layer)| layer.definitions.keys())
    }

    /// The nodes that a view reaches, as the name of the profile and the statements.
    fn reached<'v>(&'v self, view: &'v ProfileView<'t>) -> impl Iterator<Item = (usize, &'v Layer<'t>)> {
        let nodes = self.index(view).into_iter().flat_map(move |index| {
            view.reached.iter().flatten().filter_map(|rank| index.graph.by_rank().get(rank))
        });
        nodes.filter_map(|node| Some((*node, self.layer(*node)?)))
    }

    /// The profiles of a view with their statements, those of `on` blocks by themselves, in source order.
    pub fn layers<'v>(&'v self, view: &'v ProfileView<'t>) -> Vec<(Name<'t>, bool, &'v Layer<'t>)> {
        let mut layers: Vec<(Span, Name<'t>, bool, &Layer<'t>)> = Vec::new();
        for (node, layer) in self.reached(view) {
            let Some(profile) = self.nodes.profile(node).and_then(|at| self.list.get(at)) else { continue };
            let on = self.on_block(node);
            layers.push((on.unwrap_or(profile.block), profile.name, on.is_some(), layer));
        }
        layers.sort_unstable_by_key(|(block, ..)| *block);
        layers.into_iter().map(|(_, name, is_on, layer)| (name, is_on, layer)).collect()
    }

    /// The `on` block of a node, if it is one.
    fn on_block(&self, node: usize) -> Option<Span> {
        let Some(Part::On(at)) = self.nodes.part(node) else { return None };
        let profile = self.list.get(self.nodes.profile(node)?)?;
        profile.layer.on.get(at).map(|on| on.block)
    }

    /// Of these blocks those of profiles, by their ranks, for each index.
    pub fn ranks_of(&self, blocks: &BTreeSet<Span>) -> Vec<BTreeMap<usize, Span>> {
        let block = |node: usize| match self.nodes.part(node)? {
            Part::Own => self.list.get(node).map(|profile| profile.block),
            Part::On(_) => self.on_block(node),
            Part::Entry => None,
        };
        let of_index = |index: &Index<'t>| {
            let ranked = index.graph.by_rank().iter().enumerate();
            let ranked = ranked.filter_map(|(rank, node)| Some((rank, block(*node)?)));
            ranked.filter(|(_, block)| blocks.contains(block)).collect()
        };
        self.on_platforms.iter().map(of_index).collect()
    }

    pub fn names(&self) -> impl Iterator<Item = Name<'t>> {
        self.list.iter().map(|profile| profile.name)
    }

    /// The profiles that define the name so that `fits` likes it; for the message about a name that a cluster cannot see. Of
    /// very many only some are looked at.
    pub fn defining(
        &self,
        view: &ProfileView<'t>,
        key: &DefinitionKey<'_>,
        fits: impl Fn(&Definition<'t>) -> bool,
    ) -> Vec<(Name<'t>, Definition<'t>)> {
        let Some(index) = self.index(view) else { return Vec::new() };
        let definers = index.definers.get(key).into_iter().flatten().take(MOST_DEFINERS);
        let nodes: BTreeSet<usize> =
            definers.filter_map(|rank| index.graph.by_rank().get(*rank)).copied().collect();
        let fitting = nodes.into_iter().filter_map(|node| {
            let definition = self.layer(node)?.definitions.get(key)?;
            let profile = self.list.get(self.nodes.profile(node)?)?;
            fits(definition).then_some((profile.name, *definition))
        });
        fitting.collect()
    }

    /// Where a name is defined at the top of a file. `files`: all of the fleet.
    pub fn in_files(&self, files: &[Layer<'t>], key: &DefinitionKey<'_>) -> Option<Span> {
        self.in_files.get_or_init(|| first_definitions(files.iter())).get(key).copied()
    }

    /// Where a name is defined in an `on` block. `files`: all of the fleet.
    pub fn in_on(&self, files: &[Layer<'t>], key: &DefinitionKey<'_>) -> Option<Span> {
        let all = self.in_on.get_or_init(|| {
            let layers = files.iter().chain(self.list.iter().map(|profile| &profile.layer));
            first_definitions(layers.flat_map(|layer| layer.on.iter().map(|on| &on.layer)))
        });
        all.get(key).copied()
    }
}

/// The first definition of each name in these layers.
fn first_definitions<'l, 't: 'l>(
    layers: impl Iterator<Item = &'l Layer<'t>>,
) -> BTreeMap<DefinitionKey<'t>, Span> {
    let mut all = BTreeMap::new();
    for (key, definition) in layers.flat_map(|layer| layer.definitions.iter()) {
        all.entry(*key).or_insert(definition.at);
    }
    all
}

/// How many profiles are looked at for a name that a cluster cannot see.
const MOST_DEFINERS: usize = 256;

impl ProfileView<'_> {
    /// The number of the index that its ranks are of.
    pub const fn index(&self) -> usize {
        self.index
    }

    /// Which profiles clusters reach, of these by their ranks, in their order.
    pub fn reaches_of(&self, ranks: &[usize]) -> impl Iterator<Item = usize> {
        self.reached.select(ranks)
    }
}
