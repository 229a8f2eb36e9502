//! Which profiles a cluster reaches, and what of theirs it sees.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::check::definitions::{Definition, Key, defined_twice};
use crate::check::layers::Layer;
use crate::check::passed::Passing;
use crate::problem::{NameProblem, Noun, Problems, Refused, nearest};
use crate::span::Span;
use crate::syntax::tree::Name;

/// All profiles of a fleet.
#[derive(Debug, Default)]
pub struct Profiles<'t> {
    list: Vec<Profile<'t>>,
    by_name: BTreeMap<&'t str, usize>,
    views: BTreeMap<Vec<usize>, Arc<View<'t>>>,
}

#[derive(Debug)]
struct Profile<'t> {
    name: Name<'t>,
    block: Span,
    layer: Layer<'t>,
    /// The profiles that it uses itself, in the order in which it names them.
    uses: Vec<usize>,
    /// The profiles that it uses, however far.
    reaches: BTreeSet<usize>,
    /// Why not all that it uses is known, if it is not.
    gap: Option<Refused>,
}

/// What clusters see of the profiles they use.
#[derive(Debug, Default)]
pub struct View<'t> {
    /// For each name what profiles say of it that no other profile hides; never an empty list.
    pub definitions: BTreeMap<Key<'t>, Vec<Definition<'t>>>,
    /// What the profiles pass through: a profile's after that of those which it uses, each once, where it is first
    /// reached.
    pub passed: Vec<Passing<'t>>,
    /// The blocks of all profiles that they reach.
    pub blocks: Vec<Span>,
    /// Why that may not be all that the source says, if so. What is missing then is not reported.
    pub gap: Option<Refused>,
    /// Why the profiles may map more controllers than is known, if so.
    pub unread_mapping: Option<Refused>,
}

impl<'t> Profiles<'t> {
    /// Takes in a profile, and reports one of the same name.
    pub fn declare(&mut self, name: Name<'t>, block: Span, layer: Layer<'t>, problems: &mut Problems) {
        if let Some(first) = self.by_name.get(name.text).and_then(|first| self.list.get(*first)) {
            defined_twice(Noun::Profile, name.text, name.span, first.name.span, problems);
            return;
        }
        let _new = self.by_name.insert(name.text, self.list.len());
        let gap = layer.gap;
        self.list.push(Profile { name, block, layer, uses: Vec::new(), reaches: BTreeSet::new(), gap });
    }

    /// Finds what each profile uses, however far. Reports unknown profiles and circles.
    pub fn connect(&mut self, problems: &mut Problems) {
        let uses: Vec<Vec<(usize, Span)>> =
            (0..self.list.len()).map(|user| self.connect_one(user, problems)).collect();
        for start in 0..self.list.len() {
            let (reaches, circle) = reach(start, &uses);
            let Some(name) = self.list.get(start).map(|profile| profile.name) else { continue };
            let gap = circle.map(|circle| self.refuse_circle(&circle, name.span, &uses, problems));
            if let Some(profile) = self.list.get_mut(start) {
                profile.gap = profile.gap.or(gap);
                profile.reaches = reaches;
            }
        }
    }

    fn connect_one(&mut self, user: usize, problems: &mut Problems) -> Vec<(usize, Span)> {
        let names = self.list.get(user).map(|profile| profile.layer.uses.clone()).unwrap_or_default();
        let (found, gap) = self.find_all(&names, problems);
        if let Some(profile) = self.list.get_mut(user) {
            profile.gap = profile.gap.or(gap);
            profile.uses = found.iter().map(|(at, _)| *at).collect();
        }
        found
    }

    /// Reports a circle at its profile that was declared first, so that it is one finding wherever one begins.
    /// `begin`: the name of the profile that it was found at.
    fn refuse_circle(
        &self,
        circle: &[usize],
        begin: Span,
        uses: &[Vec<(usize, Span)>],
        problems: &mut Problems,
    ) -> Refused {
        let smallest = circle.iter().enumerate().min_by_key(|(_, at)| **at).map_or(0, |(turn, _)| turn);
        let mut circle = circle.to_vec();
        circle.rotate_left(smallest);
        let name =
            |at: &usize| self.list.get(*at).map_or_else(String::new, |profile| profile.name.text.to_owned());
        let chain = circle.iter().chain(circle.first()).map(name).collect();
        let closing = circle
            .last()
            .zip(circle.first())
            .and_then(|(last, first)| uses.get(*last)?.iter().find(|(at, _)| at == first).map(|(_, at)| *at));
        problems.refuse(NameProblem::ProfileCycle { at: closing.unwrap_or(begin), chain })
    }

    /// The profiles of those names, and why some may be missing if one is not known.
    fn find_all(&self, names: &[Name<'t>], problems: &mut Problems) -> (Vec<(usize, Span)>, Option<Refused>) {
        let mut found = Vec::new();
        let mut gap = None;
        for name in names {
            if let Some(at) = self.by_name.get(name.text) {
                found.push((*at, name.span));
                continue;
            }
            let near = nearest(name.text, self.by_name.keys().copied());
            gap = Some(problems.refuse(NameProblem::unknown(Noun::Profile, name.span, name.text, near, &[])));
        }
        (found, gap)
    }

    /// What a cluster that uses these profiles sees of them. Reports unknown ones.
    pub fn view(&mut self, uses: &[Name<'t>], problems: &mut Problems) -> Arc<View<'t>> {
        let (profiles, gap) = self.find_all(uses, problems);
        // Their order is that of what they pass through.
        let key: Vec<usize> = profiles.into_iter().map(|(at, _)| at).collect();
        if gap.is_some() {
            let view = self.make_view(&key);
            return Arc::new(View { gap, ..view });
        }
        if let Some(view) = self.views.get(&key) {
            return Arc::clone(view);
        }
        let view = Arc::new(self.make_view(&key));
        let _new = self.views.insert(key, Arc::clone(&view));
        view
    }

    fn make_view(&self, used: &[usize]) -> View<'t> {
        let mut reached: BTreeSet<usize> = used.iter().copied().collect();
        for at in used {
            reached.extend(self.list.get(*at).iter().flat_map(|profile| &profile.reaches));
        }
        let mut said: BTreeMap<Key<'t>, Vec<(usize, Definition<'t>)>> = BTreeMap::new();
        let mut gap = None;
        let mut unread_mapping = None;
        let mut blocks = Vec::new();
        for at in &reached {
            let Some(profile) = self.list.get(*at) else { continue };
            blocks.push(profile.block);
            gap = gap.or(profile.gap);
            unread_mapping = unread_mapping.or(profile.layer.unread_mapping);
            for (key, definition) in profile.layer.definitions.iter() {
                said.entry(*key).or_default().push((*at, *definition));
            }
        }
        let definitions = said.into_iter().map(|(key, said)| (key, self.not_hidden(&said))).collect();
        View { definitions, passed: self.passed(used), blocks, gap, unread_mapping }
    }

    /// What these profiles and those that they reach pass through: depth first, used before user.
    fn passed(&self, used: &[usize]) -> Vec<Passing<'t>> {
        let mut passed = Vec::new();
        let mut reached = BTreeSet::new();
        // Each profile comes up twice: when it is reached, and when all that it uses is done.
        let mut open: Vec<(usize, bool)> = used.iter().rev().map(|at| (*at, false)).collect();
        while let Some((at, is_done)) = open.pop() {
            let Some(profile) = self.list.get(at) else { continue };
            if is_done {
                passed.extend(profile.layer.passed.iter().copied());
            } else if reached.insert(at) {
                open.push((at, true));
                open.extend(profile.uses.iter().rev().map(|used| (*used, false)));
            }
        }
        passed
    }

    /// A profile hides what the profiles that it uses say, however far, also where those are reached another way.
    fn not_hidden(&self, said: &[(usize, Definition<'t>)]) -> Vec<Definition<'t>> {
        let hides = |user: usize, used: usize| {
            user != used && self.list.get(user).is_some_and(|profile| profile.reaches.contains(&used))
        };
        let visible = said.iter().filter(|(used, _)| !said.iter().any(|(user, _)| hides(*user, *used)));
        visible.map(|(_, definition)| *definition).collect()
    }

    /// The profiles of those names and all that they reach, each once: their names and what they say.
    pub fn reached(&self, uses: &[Name<'t>]) -> impl Iterator<Item = (Name<'t>, &Layer<'t>)> {
        let mut all: BTreeSet<usize> =
            uses.iter().filter_map(|name| self.by_name.get(name.text).copied()).collect();
        for at in all.clone() {
            all.extend(self.list.get(at).iter().flat_map(|profile| &profile.reaches));
        }
        all.into_iter().filter_map(|at| self.list.get(at)).map(|profile| (profile.name, &profile.layer))
    }

    /// The names of all profiles.
    pub fn names(&self) -> impl Iterator<Item = Name<'t>> {
        self.list.iter().map(|profile| profile.name)
    }

    /// A profile that defines the name so that `fits` likes it, and where; for those who look for it in vain.
    pub fn defining(
        &self,
        key: &Key<'_>,
        fits: impl Fn(&Definition<'t>) -> bool,
    ) -> Option<(Name<'t>, Definition<'t>)> {
        let defines = |profile: &Profile<'t>| {
            let (_, definition) = profile.layer.definitions.iter().find(|(known, _)| **known == *key)?;
            fits(definition).then_some((profile.name, *definition))
        };
        self.list.iter().find_map(defines)
    }
}

/// What is reached from `start`, and a way from it back to itself if there is one.
fn reach(start: usize, uses: &[Vec<(usize, Span)>]) -> (BTreeSet<usize>, Option<Vec<usize>>) {
    let mut came_from: BTreeMap<usize, usize> = BTreeMap::new();
    let mut queue = vec![start];
    let mut next = 0;
    while let Some(at) = queue.get(next).copied() {
        next = next.saturating_add(1);
        for (used, _) in uses.get(at).into_iter().flatten() {
            if !came_from.contains_key(used) {
                let _new = came_from.insert(*used, at);
                queue.push(*used);
            }
        }
    }
    let circle = came_from.get(&start).map(|last| {
        let mut way = vec![*last];
        while let Some(at) = way.last().copied().filter(|at| *at != start) {
            way.extend(came_from.get(&at));
        }
        way.reverse();
        way
    });
    (came_from.into_keys().collect(), circle)
}
