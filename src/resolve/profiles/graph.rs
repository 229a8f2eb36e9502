//! Which profiles use which, however far.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;

use crate::resolve::ranges::Ranges;
use crate::span::Span;

/// The limit of range unions for the reachable sets of all profiles. Chains, trees and layers need one for each `use`,
/// so this is enough for a million of those. A graph beyond the limit is not maintainable.
const MOST_STEPS: usize = 1 << 20;
/// How many ranges one profile may reach: what a cluster sees of one that it uses is not to take longer than that.
const MOST_RANGES: usize = 1024;

/// Which profiles use which.
///
/// Each has a rank: a user before those that it uses, and what one reaches as close together as it can be.
#[derive(Debug, Default)]
pub struct Graph {
    /// The profiles, by their ranks.
    by_rank: Vec<usize>,
    /// Of each profile its rank.
    ranks: Vec<usize>,
    /// Of each rank the ranks of the profiles that it uses, however far.
    reach: Vec<Ranges>,
    /// Of each profile where to look for those that pass something through, in the order of its uses.
    ways: Vec<Vec<usize>>,
    /// For each profile, whether it has passthrough itself.
    passes: Vec<bool>,
    /// A profile whose reachable set exceeds the limit, if any.
    pub tangled: Option<usize>,
}

/// Profiles that use themselves.
#[derive(Debug)]
pub struct Circle {
    /// All that use one another.
    pub members: Vec<usize>,
    /// A shortest way from the first of them to itself.
    pub way: Vec<usize>,
}

impl Graph {
    /// The graph of these uses, and its circles. `passes`: whether a profile passes something through itself.
    pub fn new(uses: &[Vec<(usize, Span)>], passes: impl Fn(usize) -> bool) -> (Graph, Vec<Circle>) {
        let groups = groups(uses);
        let by_rank: Vec<usize> = groups.iter().rev().flatten().copied().collect();
        let mut ranks = vec![0; uses.len()];
        for (rank, at) in by_rank.iter().enumerate() {
            if let Some(known) = ranks.get_mut(*at) {
                *known = rank;
            }
        }
        let passes = (0..uses.len()).map(passes).collect();
        let nothing = vec![Ranges::default(); uses.len()];
        let ways = vec![Vec::new(); uses.len()];
        let mut graph = Graph { by_rank, ranks, reach: nothing, ways, passes, tangled: None };
        let mut circles = Vec::new();
        let mut steps = 0;
        for group in &groups {
            graph.connect(group, uses, &mut steps);
            circles.extend(circle(group, uses));
        }
        circles.sort_by_key(|circle| circle.way.first().copied());
        (graph, circles)
    }

    /// Notes what the profiles of a group reach. All that they use outside of it has been connected.
    fn connect(&mut self, group: &[usize], uses: &[Vec<(usize, Span)>], steps: &mut usize) {
        if self.tangled.is_some() {
            return;
        }
        let members: BTreeSet<usize> = group.iter().copied().collect();
        let targets = |at: &usize| uses.get(*at).into_iter().flatten().map(|(used, _)| *used);
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for used in group.iter().flat_map(targets) {
            let rank = self.rank(used);
            ranges.push(rank..rank.saturating_add(1));
            if !members.contains(&used) {
                ranges.extend(self.reach(rank).into_iter().flat_map(Ranges::iter));
            }
            if ranges.len().saturating_add(*steps) > MOST_STEPS {
                self.tangled = self.tangled.or(group.first().copied());
                return;
            }
        }
        *steps = steps.saturating_add(ranges.len());
        let reach = Ranges::union(ranges);
        *steps = steps.saturating_add(reach.len().saturating_mul(group.len()));
        if reach.len() > MOST_RANGES {
            self.tangled = group.first().copied();
            return;
        }
        for at in group {
            let rank = self.rank(*at);
            // Within a circle all reach what one of them does.
            if let Some(known) = self.reach.get_mut(rank) {
                known.clone_from(&reach);
            }
            let mut way: Vec<usize> = targets(at).filter_map(|used| self.begin(used)).collect();
            way.dedup();
            if let Some(known) = self.ways.get_mut(*at) {
                *known = way;
            }
        }
    }

    /// The first profile with passthrough that a profile reaches; `None` if there is none.
    fn begin(&self, at: usize) -> Option<usize> {
        match self.ways.get(at).map_or(&[][..], Vec::as_slice) {
            _ if self.passes.get(at) == Some(&true) => Some(at),
            [] => None,
            [only] => Some(*only),
            [..] => Some(at),
        }
    }

    /// The profiles, by their ranks.
    pub fn by_rank(&self) -> &[usize] {
        &self.by_rank
    }

    fn rank(&self, at: usize) -> usize {
        self.ranks.get(at).copied().unwrap_or_default()
    }

    /// The ranks of the profiles that the one of a rank uses, however far.
    pub fn reach(&self, rank: usize) -> Option<&Ranges> {
        self.reach.get(rank)
    }

    /// The ranks of these profiles and of all that they use, however far.
    pub fn reached(&self, used: &[usize]) -> Ranges {
        let mut ranges = Vec::new();
        for at in used {
            let rank = self.rank(*at);
            ranges.push(rank..rank.saturating_add(1));
            ranges.extend(self.reach(rank).into_iter().flat_map(Ranges::iter));
        }
        Ranges::union(ranges)
    }

    /// The profiles that pass something through, of these and of all that they use: depth first, used before user, each
    /// where it is first reached.
    pub fn passing(&self, used: &[usize]) -> Vec<usize> {
        let mut passing = Vec::new();
        let mut reached = BTreeSet::new();
        // Each profile comes up twice: when it is reached, and when all that it uses is done.
        let mut open: Vec<(usize, bool)> =
            used.iter().rev().filter_map(|at| self.begin(*at)).map(|at| (at, false)).collect();
        while let Some((at, is_done)) = open.pop() {
            if is_done {
                passing.extend((self.passes.get(at) == Some(&true)).then_some(at));
            } else if reached.insert(at) {
                open.push((at, true));
                open.extend(self.ways.get(at).into_iter().flatten().rev().map(|next| (*next, false)));
            }
        }
        passing
    }
}

/// A shortest way from the first profile of a group to itself, if there is one.
fn circle(group: &[usize], uses: &[Vec<(usize, Span)>]) -> Option<Circle> {
    let first = *group.iter().min()?;
    let targets = |at: usize| uses.get(at).into_iter().flatten().map(|(used, _)| *used);
    if group.len() < 2 && !targets(first).any(|used| used == first) {
        return None;
    }
    let members: BTreeSet<usize> = group.iter().copied().collect();
    let mut came_from = BTreeMap::new();
    let mut queue = VecDeque::from([first]);
    while let Some(at) = queue.pop_front() {
        if came_from.contains_key(&first) {
            break;
        }
        for next in targets(at).filter(|next| members.contains(next)) {
            if let Entry::Vacant(free) = came_from.entry(next) {
                free.insert(at);
                queue.push_back(next);
            }
        }
    }
    let mut way = vec![*came_from.get(&first)?];
    while let Some(at) = way.last().copied().filter(|at| *at != first) {
        way.push(*came_from.get(&at)?);
    }
    way.reverse();
    Some(Circle { members: group.to_vec(), way })
}

/// The strongly connected components of the profiles, in reverse topological order.
///
/// This is Tarjan's algorithm without recursion, for chains may be long.
fn groups(uses: &[Vec<(usize, Span)>]) -> Vec<Vec<usize>> {
    let mut search =
        Search { numbers: vec![None; uses.len()], low: vec![0; uses.len()], ..Search::default() };
    for start in 0..uses.len() {
        if search.numbers.get(start) == Some(&None) {
            search.run(start, uses);
        }
    }
    search.groups
}

#[derive(Default)]
struct Search {
    /// The number of each profile that was reached, in the order in which they were.
    numbers: Vec<Option<usize>>,
    /// The least number that is known to be in the same group.
    low: Vec<usize>,
    /// Those that are in no group yet.
    waiting: Vec<usize>,
    is_waiting: BTreeSet<usize>,
    next: usize,
    groups: Vec<Vec<usize>>,
}

impl Search {
    fn enter(&mut self, at: usize) {
        let number = self.next;
        self.next = self.next.saturating_add(1);
        if let (Some(known), Some(low)) = (self.numbers.get_mut(at), self.low.get_mut(at)) {
            *known = Some(number);
            *low = number;
        }
        self.waiting.push(at);
        self.is_waiting.insert(at);
    }

    fn lower(&mut self, at: usize, number: usize) {
        if let Some(low) = self.low.get_mut(at) {
            *low = number.min(*low);
        }
    }

    fn run(&mut self, start: usize, uses: &[Vec<(usize, Span)>]) {
        self.enter(start);
        let mut open = vec![(start, 0_usize)];
        while let Some((at, turn)) = open.last_mut() {
            let at = *at;
            let next = uses.get(at).and_then(|used| used.get(*turn)).map(|(used, _)| *used);
            *turn = turn.saturating_add(1);
            if let Some(next) = next {
                match self.numbers.get(next).copied().flatten() {
                    None => {
                        self.enter(next);
                        open.push((next, 0));
                    }
                    Some(number) if self.is_waiting.contains(&next) => self.lower(at, number),
                    Some(_) => {}
                }
                continue;
            }
            open.pop();
            let low = self.low.get(at).copied().unwrap_or_default();
            if let Some((user, _)) = open.last() {
                self.lower(*user, low);
            }
            if self.numbers.get(at) == Some(&Some(low)) {
                self.close(at);
            }
        }
    }

    /// Makes a group of all that wait since this one was reached.
    fn close(&mut self, first: usize) {
        let begin = self.waiting.iter().rposition(|at| *at == first).unwrap_or_default();
        let group = self.waiting.split_off(begin);
        for at in &group {
            self.is_waiting.remove(at);
        }
        self.groups.push(group);
    }
}
