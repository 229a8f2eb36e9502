//! What profiles use, however far, on each platform.

use std::collections::BTreeSet;

use crate::model::Platform;
use crate::problem::{ErrorGuaranteed, NameProblem, Problems};
use crate::resolve::layers::Layer;
use crate::resolve::profiles::graph::Graph;
use crate::resolve::profiles::nodes::{Nodes, Part, ProfileUses};
use crate::resolve::profiles::{Index, Profiles};
use crate::span::{FileId, Span};

impl<'t> Profiles<'t> {
    /// Finds what each profile uses, however far. Reports unknown profiles, circles, and profiles that are too entangled.
    pub fn resolve_uses(&mut self, problems: &mut Problems) {
        let uses: Vec<ProfileUses> =
            self.list.iter().map(|user| self.resolve_uses_of(&user.layer, problems)).collect();
        for (profile, uses) in self.list.iter_mut().zip(&uses) {
            profile.gap = profile.gap.or(uses.gap);
        }
        let has_on = self.list.iter().any(|profile| !profile.layer.on.is_empty());
        let platforms = if has_on { &Platform::ALL[..] } else { &Platform::ALL[..1] };
        self.nodes = Nodes::new(uses.iter().map(|uses| uses.on.len()));
        let mut circles = BTreeSet::new();
        let mut tangled = None;
        for platform in platforms {
            let uses = self.nodes.uses(&uses, |profile, on| {
                let on = self.list.get(profile).and_then(|profile| profile.layer.on.get(on));
                on.is_some_and(|on| on.platforms.contains(platform))
            });
            let (graph, found) =
                Graph::new(&uses, |node| self.layer(node).is_some_and(|layer| !layer.passthrough.is_empty()));
            for circle in found {
                let members = circle.members.iter().filter_map(|node| self.nodes.profile(*node));
                let members: BTreeSet<usize> = members.collect();
                // Most circles are there on all platforms.
                if !circles.insert(members.clone()) {
                    continue;
                }
                let refused = self.report_cycle(&circle.way, &uses, problems);
                for at in members {
                    if let Some(profile) = self.list.get_mut(at) {
                        profile.gap = profile.gap.or(Some(refused));
                    }
                }
            }
            tangled = tangled.or_else(|| graph.tangled.and_then(|node| self.nodes.profile(node)));
            self.on_platforms.push(Index { graph, ..Index::default() });
        }
        if let Some(at) = tangled.and_then(|at| self.list.get(at)) {
            let refused = problems.refuse(NameProblem::Tangled { at: at.name.span });
            for profile in &mut self.list {
                profile.gap = profile.gap.or(Some(refused));
            }
        }
        let mut on_platforms = std::mem::take(&mut self.on_platforms);
        for index in &mut on_platforms {
            self.fill(index);
        }
        self.on_platforms = on_platforms;
    }

    fn resolve_uses_of(&self, layer: &Layer<'t>, problems: &mut Problems) -> ProfileUses {
        let (own, gap) = self.find_all(&layer.uses, problems);
        let mut uses = ProfileUses { own, on: Vec::new(), gap };
        for on in &layer.on {
            let (found, gap) = self.find_all(&on.layer.uses, problems);
            uses.on.push(found);
            uses.gap = uses.gap.or(gap);
        }
        uses
    }

    /// Notes of each node what is looked for.
    fn fill(&self, index: &mut Index<'t>) {
        for (rank, node) in index.graph.by_rank().iter().enumerate() {
            let Some(layer) = self.layer(*node) else { continue };
            let has_accounts = layer.definitions.accounts().next().is_some();
            for key in layer.definitions.keys() {
                index.definers.entry(*key).or_default().push(rank);
            }
            index.with_accounts.extend(has_accounts.then_some(rank));
            index.with_gap.extend(self.gap(*node).map(|_| rank));
            index.with_unread_mapping.extend(layer.unread_mapping.map(|_| rank));
        }
    }

    fn report_cycle(
        &self,
        way: &[usize],
        uses: &[Vec<(usize, Span)>],
        problems: &mut Problems,
    ) -> ErrorGuaranteed {
        let is_own = |node: &usize| self.nodes.part(*node) == Some(Part::Own);
        let profiles = || way.iter().copied().filter(is_own).filter_map(|node| self.list.get(node));
        let chain = profiles().chain(profiles().next()).map(|profile| profile.name.text.to_owned()).collect();
        // The last of them uses the first, perhaps by a node of its own.
        let last = way.iter().rposition(is_own);
        let closing = last.and_then(|last| {
            let next = way.get(last.saturating_add(1)).or_else(|| way.first())?;
            let step = uses.get(*way.get(last)?)?.iter().find(|(at, _)| at == next);
            step.map(|(_, at)| *at)
        });
        let begin = profiles().next().map(|first| first.name.span);
        let nowhere = Span { file: FileId::default(), start: 0, end: 0 };
        problems.refuse(NameProblem::ProfileCycle { at: closing.or(begin).unwrap_or(nowhere), chain })
    }
}
