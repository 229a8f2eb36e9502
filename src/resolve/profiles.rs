//! Which profiles a cluster reaches, and what of theirs it sees.

mod graph;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::problem::{ErrorGuaranteed, NameProblem, Noun, Problems, SearchBudget};
use crate::resolve::definitions::{Definition, DefinitionKey, report_duplicate};
use crate::resolve::layers::{Layer, PassthroughStatement};
use crate::resolve::profiles::graph::Graph;
use crate::resolve::ranges::Ranges;
use crate::resolve::recipient::AccountName;
use crate::span::FileId;
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
    graph: Graph,
    /// For each name the profiles that define it, by their ranks.
    definers: BTreeMap<DefinitionKey<'t>, Vec<usize>>,
    /// The ranks of those that map ServiceAccounts.
    with_accounts: Vec<usize>,
    /// The ranks of incomplete profiles.
    with_gap: Vec<usize>,
    /// The ranks of those that may map more than is known.
    with_unread_mapping: Vec<usize>,
    views: BTreeMap<Vec<usize>, Arc<ProfileView<'t>>>,
    /// The span of each name at the top level of a file, for messages about names out of scope.
    in_files: OnceLock<BTreeMap<DefinitionKey<'t>, Span>>,
}

#[derive(Debug)]
struct Profile<'t> {
    name: Name<'t>,
    block: Span,
    layer: Layer<'t>,
    /// Why not all that it uses is known, if it is not.
    gap: Option<ErrorGuaranteed>,
}

/// What clusters see of the profiles they use.
#[derive(Debug, Default)]
pub struct ProfileView<'t> {
    /// The ranks of the profiles that they reach.
    reached: Ranges,
    /// What the profiles pass through: a profile's after that of those which it uses, each once, where it is first
    /// reached.
    pub passthrough: Vec<PassthroughStatement<'t>>,
    /// The error that made this incomplete, if any. Missing names are then not reported.
    pub incomplete: Option<ErrorGuaranteed>,
    /// Why the profiles may map more controllers than is known, if so.
    pub unread_mapping: Option<ErrorGuaranteed>,
}

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

    /// Finds what each profile uses, however far. Reports unknown profiles, circles, and profiles that are too entangled.
    pub fn resolve_uses(&mut self, problems: &mut Problems) {
        let uses: Vec<Vec<(usize, Span)>> =
            (0..self.list.len()).map(|user| self.resolve_uses_of(user, problems)).collect();
        let (graph, circles) = Graph::new(&uses, |at| self.list.get(at).is_some_and(Profile::passes));
        self.graph = graph;
        for circle in circles {
            let refused = self.report_cycle(&circle.way, &uses, problems);
            for at in circle.members {
                if let Some(profile) = self.list.get_mut(at) {
                    profile.gap = profile.gap.or(Some(refused));
                }
            }
        }
        if let Some(at) = self.graph.tangled.and_then(|at| self.list.get_mut(at)) {
            let refused = problems.refuse(NameProblem::Tangled { at: at.name.span });
            for profile in &mut self.list {
                profile.gap = profile.gap.or(Some(refused));
            }
        }
        self.index();
    }

    fn resolve_uses_of(&mut self, user: usize, problems: &mut Problems) -> Vec<(usize, Span)> {
        let Some(names) = self.list.get_mut(user).map(|profile| std::mem::take(&mut profile.layer.uses))
        else {
            return Vec::new();
        };
        let (found, gap) = self.find_all(&names, problems);
        if let Some(profile) = self.list.get_mut(user) {
            profile.gap = profile.gap.or(gap);
            profile.layer.uses = names;
        }
        found
    }

    /// Notes of each profile what is looked for.
    fn index(&mut self) {
        for (rank, at) in self.graph.by_rank().iter().enumerate() {
            let Some(profile) = self.list.get(*at) else { continue };
            let has_accounts = profile.layer.definitions.accounts().next().is_some();
            for key in profile.layer.definitions.keys() {
                self.definers.entry(*key).or_default().push(rank);
            }
            self.with_accounts.extend(has_accounts.then_some(rank));
            self.with_gap.extend(profile.gap.map(|_| rank));
            self.with_unread_mapping.extend(profile.layer.unread_mapping.map(|_| rank));
        }
    }

    fn report_cycle(
        &self,
        circle: &[usize],
        uses: &[Vec<(usize, Span)>],
        problems: &mut Problems,
    ) -> ErrorGuaranteed {
        let name =
            |at: &usize| self.list.get(*at).map_or_else(String::new, |profile| profile.name.text.to_owned());
        let chain = circle.iter().chain(circle.first()).map(name).collect();
        let closing = circle
            .last()
            .zip(circle.first())
            .and_then(|(last, first)| uses.get(*last)?.iter().find(|(at, _)| at == first).map(|(_, at)| *at));
        let begin = circle.first().and_then(|first| self.list.get(*first)).map(|first| first.name.span);
        let nowhere = Span { file: FileId::default(), start: 0, end: 0 };
        problems.refuse(NameProblem::ProfileCycle { at: closing.or(begin).unwrap_or(nowhere), chain })
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
            gap = Some(problems.refuse(NameProblem::unknown(Noun::Profile, name.span, name.text, near, &[])));
        }
        (found, gap)
    }

    /// What a cluster that uses these profiles sees of them. Reports unknown ones.
    pub fn view(&mut self, uses: &[Name<'t>], problems: &mut Problems) -> Arc<ProfileView<'t>> {
        let (profiles, gap) = self.find_all(uses, problems);
        // Their order is that of their passthrough.
        let key: Vec<usize> = profiles.into_iter().map(|(at, _)| at).collect();
        if gap.is_some() {
            let view = self.make_view(&key);
            return Arc::new(ProfileView { incomplete: gap, ..view });
        }
        if let Some(view) = self.views.get(&key) {
            return Arc::clone(view);
        }
        let view = Arc::new(self.make_view(&key));
        self.views.insert(key, Arc::clone(&view));
        view
    }

    fn make_view(&self, used: &[usize]) -> ProfileView<'t> {
        let reached = self.graph.reached(used);
        let gap = reached.select(&self.with_gap).next().and_then(|rank| self.ranked(rank)?.gap);
        let unread_mapping = reached.select(&self.with_unread_mapping).next();
        let unread_mapping = unread_mapping.and_then(|rank| self.ranked(rank)?.layer.unread_mapping);
        let passing = self.graph.passing(used).into_iter().filter_map(|at| self.list.get(at));
        let passed = passing.flat_map(|profile| &profile.layer.passthrough).copied().collect();
        ProfileView { reached, passthrough: passed, incomplete: gap, unread_mapping }
    }

    fn ranked(&self, rank: usize) -> Option<&Profile<'t>> {
        self.list.get(*self.graph.by_rank().get(rank)?)
    }

    /// The definitions of a name in the profiles of a view, in source order. A profile shadows all profiles that it
    /// uses, directly or indirectly, even if the view also reaches them by another path.
    pub fn definitions(&self, view: &ProfileView<'t>, key: &DefinitionKey<'_>) -> Cow<'_, [Definition<'t>]> {
        let definers = self.definers.get(key).map_or(&[][..], Vec::as_slice);
        let definition = |rank| self.ranked(rank)?.layer.definitions.get(key);
        match view.reached.select_apart(definers, |rank| self.graph.reach(rank)).as_slice() {
            [] => Cow::Borrowed(&[]),
            [only] => Cow::Borrowed(definition(*only).map_or(&[][..], std::slice::from_ref)),
            several => {
                let mut list: Vec<usize> =
                    several.iter().filter_map(|rank| self.graph.by_rank().get(*rank)).copied().collect();
                list.sort_unstable();
                let definition = |at: &usize| self.list.get(*at)?.layer.definitions.get(key).copied();
                list.iter().filter_map(definition).collect()
            }
        }
    }

    /// The name that some profile of a view defines, with the lifetime of the source.
    pub fn known_key(&self, view: &ProfileView<'t>, key: &DefinitionKey<'_>) -> Option<DefinitionKey<'t>> {
        let rank = view.reached.select(self.definers.get(key)?).next()?;
        self.ranked(rank)?.layer.definitions.known(key)
    }

    /// The ServiceAccounts that profiles of a view map.
    pub fn accounts<'v>(&'v self, view: &'v ProfileView<'t>) -> impl Iterator<Item = AccountName<'t>> + 'v {
        let layers = view.reached.select(&self.with_accounts).filter_map(|rank| self.ranked(rank));
        layers.flat_map(|profile| profile.layer.definitions.accounts())
    }

    /// All that profiles of a view define; a name comes up for each that does.
    pub fn keys<'v>(&'v self, view: &'v ProfileView<'t>) -> impl Iterator<Item = &'v DefinitionKey<'t>> {
        let ranks = view.reached.iter().flatten();
        ranks.filter_map(|rank| self.ranked(rank)).flat_map(|profile| profile.layer.definitions.keys())
    }

    /// The profiles of those names and all that they reach, each once, with their statements.
    pub fn reached(&self, uses: &[Name<'t>]) -> impl Iterator<Item = (Name<'t>, &Layer<'t>)> {
        let named: Vec<usize> = uses.iter().filter_map(|name| self.by_name.get(name.text).copied()).collect();
        let ranks = self.graph.reached(&named);
        let all: BTreeSet<usize> =
            ranks.iter().flatten().filter_map(|rank| self.graph.by_rank().get(rank)).copied().collect();
        all.into_iter().filter_map(|at| self.list.get(at)).map(|profile| (profile.name, &profile.layer))
    }

    /// The blocks of all profiles, by their ranks.
    pub fn blocks(&self) -> impl Iterator<Item = (usize, Span)> {
        let by_rank = self.graph.by_rank().iter().enumerate();
        by_rank.filter_map(|(rank, at)| Some((rank, self.list.get(*at)?.block)))
    }

    pub fn names(&self) -> impl Iterator<Item = Name<'t>> {
        self.list.iter().map(|profile| profile.name)
    }

    /// A profile that defines the name so that `fits` likes it, and where; for the message about a name that a cluster
    /// cannot see. Of very many
    /// only some are looked at.
    pub fn defining(
        &self,
        key: &DefinitionKey<'_>,
        fits: impl Fn(&Definition<'t>) -> bool,
    ) -> Option<(Name<'t>, Definition<'t>)> {
        let definers = self.definers.get(key)?.iter().take(MOST_DEFINERS);
        let list: BTreeSet<usize> =
            definers.filter_map(|rank| self.graph.by_rank().get(*rank)).copied().collect();
        list.into_iter().filter_map(|at| self.list.get(at)).find_map(|profile| {
            let definition = profile.layer.definitions.get(key)?;
            fits(definition).then_some((profile.name, *definition))
        })
    }

    /// Where a name is defined at the top of a file. `files`: all of the fleet.
    pub fn in_files(&self, files: &[Layer<'t>], key: &DefinitionKey<'_>) -> Option<Span> {
        let all = self.in_files.get_or_init(|| {
            let mut all = BTreeMap::new();
            for (key, definition) in files.iter().flat_map(|file| file.definitions.iter()) {
                all.entry(*key).or_insert(definition.at);
            }
            all
        });
        all.get(key).copied()
    }
}

/// How many profiles are looked at for a name that a cluster cannot see.
const MOST_DEFINERS: usize = 256;

impl Profile<'_> {
    fn passes(&self) -> bool {
        !self.layer.passthrough.is_empty()
    }
}

impl ProfileView<'_> {
    /// Which profiles clusters reach, of these by their ranks, in their order.
    pub fn reaches_of(&self, ranks: &[usize]) -> impl Iterator<Item = usize> {
        self.reached.select(ranks)
    }
}
