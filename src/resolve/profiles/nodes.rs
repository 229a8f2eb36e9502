//! Profiles and their `on` blocks as nodes of one graph.
//!
//! An `on` block is just nearer than its profile, so it is a node that uses the profile. Whoever uses a profile with `on`
//! blocks uses its entry, which uses all of them: so it overrides them all, and none of them is left out.

use crate::problem::ErrorGuaranteed;
use crate::span::Span;

/// What a node is of its profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The statements of the profile itself.
    Own,
    /// What others use of a profile with `on` blocks.
    Entry,
    /// The statements of one of its `on` blocks.
    On(usize),
}

/// What a profile uses, and what its `on` blocks use, each with the span of the `use`.
#[derive(Debug)]
pub struct ProfileUses {
    pub own: Vec<(usize, Span)>,
    pub on: Vec<Vec<(usize, Span)>>,
    /// The error if a name is unknown.
    pub gap: Option<ErrorGuaranteed>,
}

/// All nodes: the profiles in their order, and then the others.
#[derive(Debug, Default)]
pub struct Nodes {
    /// The profile and the part of each.
    list: Vec<(usize, Part)>,
    /// Of each profile the node that others use.
    entries: Vec<usize>,
}

impl Nodes {
    /// The nodes of profiles with so many `on` blocks.
    pub fn new(on_blocks: impl ExactSizeIterator<Item = usize>) -> Nodes {
        let mut list: Vec<(usize, Part)> = (0..on_blocks.len()).map(|profile| (profile, Part::Own)).collect();
        let mut entries = Vec::new();
        for (profile, blocks) in on_blocks.enumerate() {
            if blocks == 0 {
                entries.push(profile);
                continue;
            }
            entries.push(list.len());
            list.push((profile, Part::Entry));
            list.extend((0..blocks).map(|at| (profile, Part::On(at))));
        }
        Nodes { list, entries }
    }

    /// The profile that a node is of.
    pub fn profile(&self, node: usize) -> Option<usize> {
        self.list.get(node).map(|(profile, _)| *profile)
    }

    pub fn part(&self, node: usize) -> Option<Part> {
        self.list.get(node).map(|(_, part)| *part)
    }

    /// The node that those use who use a profile.
    pub fn entry(&self, profile: usize) -> usize {
        self.entries.get(profile).copied().unwrap_or(profile)
    }

    /// What each node uses. `applies`: whether an `on` block of a profile is for the platform. What such a block uses, its
    /// profile uses there.
    pub fn uses(
        &self,
        of_profiles: &[ProfileUses],
        applies: impl Fn(usize, usize) -> bool,
    ) -> Vec<Vec<(usize, Span)>> {
        let mut all = vec![Vec::new(); self.list.len()];
        let nowhere = Span { file: crate::span::FileId::ROOT, start: 0, end: 0 };
        for (node, (profile, part)) in self.list.iter().enumerate() {
            let Some(of_profile) = of_profiles.get(*profile) else { continue };
            let used = match part {
                Part::Own => {
                    let on = of_profile.on.iter().enumerate().filter(|(at, _)| applies(*profile, *at));
                    let all = of_profile.own.iter().chain(on.flat_map(|(_, used)| used));
                    all.map(|(used, at)| (self.entry(*used), *at)).collect()
                }
                Part::Entry => {
                    let on = (0..of_profile.on.len()).filter(|at| applies(*profile, *at));
                    let first = node.saturating_add(1);
                    let on = on.map(|at| (first.saturating_add(at), nowhere));
                    std::iter::once((*profile, nowhere)).chain(on).collect()
                }
                Part::On(at) if applies(*profile, *at) => vec![(*profile, nowhere)],
                Part::On(_) => Vec::new(),
            };
            if let Some(known) = all.get_mut(node) {
                *known = used;
            }
        }
        all
    }
}
