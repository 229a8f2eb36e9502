//! `allow CODE "reason"`: warnings that may be. That an `allow` silences nothing is no such warning.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::checked_cluster::CheckedCluster;
use crate::model::{Covered, Policy};
use crate::problem::{AllowProblem, Code, InCluster, Level, PrimaryPlace, Problems, nearest};
use crate::resolve::{AllowScope, DeclaredAllow, DeclaredCluster, OnLayer, ProfileView, Profiles};
use crate::span::FileId;
use crate::span::Span;
use crate::syntax::tree::{Name, Value};

/// All warnings that may be.
#[derive(Debug, Default)]
pub struct Allows {
    list: Vec<AllowEntry>,
    /// For each cluster, by the place of its name, the blocks with an `allow` that cover it: its own, and those of profiles
    /// that it reaches, and the `on` blocks for its platform.
    blocks: BTreeMap<Span, Vec<AllowScope>>,
}

/// One warning that may be.
#[derive(Debug)]
struct AllowEntry {
    code: Code,
    /// The code, as written in the `allow`.
    at: Span,
    reason: String,
    within: AllowScope,
}

/// Notes which clusters are covered.
pub struct Cover<'a> {
    allows: &'a mut Allows,
    /// The blocks that contain an `allow`, with their scopes.
    blocks: BTreeMap<Span, AllowScope>,
    /// Those of profiles by their ranks, for each index of profiles.
    of_profiles: Vec<RankedBlocks>,
}

/// Blocks of profiles that contain an `allow`.
struct RankedBlocks {
    /// The ranks of the profiles, in their order.
    ranks: Vec<usize>,
    by_rank: BTreeMap<usize, Span>,
}

impl Cover<'_> {
    /// Covers a cluster by its own block, those of the profiles that it reaches, and those of its files. `files`: with their
    /// `on` blocks for its platform.
    pub fn collect<'t: 'f, 'f>(
        &mut self,
        name: Name<'_>,
        declared: &DeclaredCluster<'_>,
        view: &ProfileView<'_>,
        on_blocks: impl Iterator<Item = &'f OnLayer<'t>>,
    ) {
        if self.blocks.is_empty() {
            return;
        }
        let own = std::iter::once(declared.tree.block.span);
        let used = self.of_profiles.get(view.index()).into_iter().flat_map(|of_profiles| {
            let ranks = view.reaches_of(&of_profiles.ranks);
            ranks.filter_map(|rank| of_profiles.by_rank.get(&rank).copied())
        });
        let all = own.chain(used).chain(on_blocks.map(|on| on.block));
        let covering: Vec<AllowScope> = all.filter_map(|block| self.blocks.get(&block).copied()).collect();
        if !covering.is_empty() {
            self.allows.blocks.insert(name.span, covering);
        }
    }
}

impl Allows {
    /// The `allow` statements of all files. Reports codes that cannot be allowed.
    pub fn collect(allows: &[DeclaredAllow<'_>], problems: &mut Problems) -> Allows {
        let mut list = Vec::new();
        for DeclaredAllow { statement, scope } in allows {
            let (at, text) = (statement.code.span, statement.code.text);
            match Code::ALL.iter().find(|code| code.as_str() == text) {
                Some(code) if code.level() == Level::Warning && *code != Code::UnusedAllow => {
                    let reason = match &statement.reason {
                        Value::Text(reason) => reason.raw.to_owned(),
                        Value::Word(_) | Value::Broken(..) => String::new(),
                    };
                    list.push(AllowEntry { code: *code, at, reason, within: *scope });
                }
                Some(_) => {
                    problems.report(AllowProblem::NotAllowable { at, code: text.to_owned() });
                }
                None => {
                    let warnings = Code::ALL.iter().filter(|code| code.level() == Level::Warning);
                    let nearest = nearest(text, warnings.map(|code| code.as_str())).map(str::to_owned);
                    problems.report(AllowProblem::UnknownCode { at, code: text.to_owned(), nearest });
                }
            }
        }
        Allows { list, blocks: BTreeMap::new() }
    }

    /// Begins to note which clusters are covered.
    pub fn mark_covered(&mut self, profiles: &Profiles<'_>) -> Cover<'_> {
        let blocks = self.list.iter().filter_map(|allowed| match allowed.within {
            AllowScope::Block(block) | AllowScope::On(block) => Some((block, allowed.within)),
            AllowScope::Fleet | AllowScope::File(_) => None,
        });
        let blocks: BTreeMap<Span, AllowScope> = blocks.collect();
        let spans: BTreeSet<Span> = blocks.keys().copied().collect();
        let by_rank = if spans.is_empty() { Vec::new() } else { profiles.ranks_of(&spans) };
        let ranked = |by_rank: BTreeMap<usize, Span>| RankedBlocks {
            ranks: by_rank.keys().copied().collect(),
            by_rank,
        };
        Cover { allows: self, blocks, of_profiles: by_rank.into_iter().map(ranked).collect() }
    }

    /// All of them, with the names of the clusters that they cover.
    pub fn policies(&self, clusters: &[CheckedCluster]) -> Vec<Policy> {
        let names: BTreeMap<Span, &str> = match self.list.as_slice() {
            [] => BTreeMap::new(),
            [..] => clusters.iter().map(|it| (it.at, it.cluster.name.as_str())).collect(),
        };
        let mut by_block: BTreeMap<AllowScope, BTreeSet<String>> = BTreeMap::new();
        for (cluster, blocks) in &self.blocks {
            let Some(name) = names.get(cluster) else { continue };
            for block in blocks {
                by_block.entry(*block).or_default().insert((*name).to_owned());
            }
        }
        let in_file = |file: FileId| {
            let here = names.iter().filter(move |(at, _)| at.file == file);
            here.map(|(_, name)| (*name).to_owned()).collect()
        };
        let policy = |allowed: &AllowEntry| Policy::Allow {
            code: allowed.code.as_str(),
            reason: allowed.reason.clone(),
            covers: match allowed.within {
                AllowScope::Fleet => Covered::Fleet,
                AllowScope::File(file) => Covered::Clusters(in_file(file)),
                AllowScope::Block(_) | AllowScope::On(_) => {
                    Covered::Clusters(by_block.get(&allowed.within).cloned().unwrap_or_default())
                }
            },
        };
        self.list.iter().map(policy).collect()
    }

    /// Drops the warnings that may be. Reports what silences nothing, unless an error may be why.
    pub fn apply(&mut self, problems: &mut Problems) {
        if self.list.is_empty() {
            return;
        }
        let has_errors = problems.refused().is_some();
        let all: BTreeSet<(Code, AllowScope)> =
            self.list.iter().map(|allowed| (allowed.code, allowed.within)).collect();
        let mut used = BTreeSet::new();
        problems.retain(|problem, clusters| {
            let (code, place) = (problem.code(), problem.place());
            let mut is_allowed = false;
            for within in self.covering(code, place, clusters, &all) {
                if all.contains(&(code, within)) {
                    used.insert((code, within));
                    is_allowed = true;
                }
            }
            !is_allowed
        });
        let is_unused =
            |allowed: &&AllowEntry| !has_errors && !used.contains(&(allowed.code, allowed.within));
        for unused in self.list.iter().filter(is_unused) {
            problems.report(AllowProblem::Unused { at: unused.at, code: unused.code });
        }
    }

    /// The blocks in which an `allow` covers a warning: by the clusters of the warning, or else by its location.
    fn covering(
        &self,
        code: Code,
        place: PrimaryPlace<'_>,
        clusters: &[InCluster],
        all: &BTreeSet<(Code, AllowScope)>,
    ) -> Vec<AllowScope> {
        let mut covering = vec![AllowScope::Fleet];
        for cluster in clusters {
            covering.push(AllowScope::File(cluster.at.file));
            let blocks = self.blocks.get(&cluster.at).into_iter().flatten();
            covering.extend(blocks);
        }
        if let (PrimaryPlace::Source(place), []) = (place, clusters) {
            covering.push(AllowScope::File(place.file));
            let end = Span { end: u32::MAX, ..place };
            // Blocks of one kind do not overlap: it can be in none but the last that begins before it.
            for end in [AllowScope::Block(end), AllowScope::On(end)] {
                let before = all.range((code, AllowScope::Fleet)..=(code, end)).next_back();
                covering.extend(before.map(|(_, within)| *within).filter(|within| match within {
                    AllowScope::Block(block) | AllowScope::On(block) => {
                        block.file == place.file && block.start <= place.start && place.end <= block.end
                    }
                    AllowScope::Fleet | AllowScope::File(_) => false,
                }));
            }
        }
        covering
    }
}
