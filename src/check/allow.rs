//! `allow CODE "reason"`: warnings that may be. That an `allow` silences nothing is no such warning.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::clusters::DeclaredCluster;
use crate::check::origin::Checked;
use crate::model::{Covered, Policy};
use crate::problem::{AllowProblem, Code, InCluster, Level, Problem, Problems, nearest};
use crate::source::FileId;
use crate::span::Span;
use crate::syntax::tree::{self, Name, Value};

/// All warnings that may be.
#[derive(Debug, Default)]
pub struct Allows {
    list: Vec<Allowed>,
}

/// Where an `allow` stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// At the top of the root file; it covers everything.
    Fleet,
    /// At the top of an included file.
    File(FileId),
    /// In the block of a cluster or a profile.
    Block(Span),
}

/// One warning that may be.
#[derive(Debug)]
struct Allowed {
    code: Code,
    /// The code, as it stands in the `allow`.
    at: Span,
    reason: String,
    within: Within,
    /// The clusters that it covers, by their names' places.
    clusters: BTreeSet<Span>,
    used: bool,
}

impl Allows {
    /// Takes in the `allow` of one block or file, and reports codes that cannot be allowed.
    pub fn take(&mut self, statements: &[&tree::Allow<'_>], within: Within, problems: &mut Problems) {
        for statement in statements {
            let at = statement.code.span;
            let text = statement.code.text;
            match Code::ALL.iter().find(|code| code.as_str() == text) {
                Some(code) if code.level() == Level::Warning && *code != Code::UnusedAllow => {
                    self.list.push(Allowed {
                        code: *code,
                        at,
                        reason: match &statement.reason {
                            Value::Text(reason) => reason.raw.to_owned(),
                            Value::Word(_) | Value::Broken(..) => String::new(),
                        },
                        within,
                        clusters: BTreeSet::new(),
                        used: false,
                    });
                }
                Some(_) => problems.push(AllowProblem::NotAllowable { at, code: text.to_owned() }),
                None => {
                    let warnings = Code::ALL.iter().filter(|code| code.level() == Level::Warning);
                    let nearest = nearest(text, warnings.map(|code| code.as_str())).map(str::to_owned);
                    problems.push(AllowProblem::UnknownCode { at, code: text.to_owned(), nearest });
                }
            }
        }
    }

    /// Notes that a cluster is covered by what stands in its own block, in those of profiles it reaches, and in its file.
    pub fn cover(&mut self, name: Name<'_>, declared: &DeclaredCluster<'_>, profiles: &[Span]) {
        for allowed in &mut self.list {
            let covers = match allowed.within {
                Within::Fleet => true,
                Within::File(file) => file == name.span.file,
                Within::Block(block) => block == declared.tree.block.span || profiles.contains(&block),
            };
            if covers {
                let _new = allowed.clusters.insert(name.span);
            }
        }
    }

    /// All of them, with the names of the clusters that they cover.
    pub fn policies(&self, clusters: &[Checked<'_>]) -> Vec<Policy> {
        let names: BTreeMap<Span, &str> = match self.list.as_slice() {
            [] => BTreeMap::new(),
            [..] => clusters.iter().map(|it| (it.at, it.cluster.name.as_str())).collect(),
        };
        let policy = |allowed: &Allowed| {
            let covered = allowed.clusters.iter().filter_map(|at| Some((*names.get(at)?).to_owned()));
            Policy::Allow {
                code: allowed.code.as_str(),
                reason: allowed.reason.clone(),
                covers: match allowed.within {
                    Within::Fleet => Covered::Fleet,
                    Within::File(_) | Within::Block(_) => Covered::Clusters(covered.collect()),
                },
            }
        };
        self.list.iter().map(policy).collect()
    }

    /// Drops the warnings that may be. Reports what silences nothing, unless an error may be why.
    pub fn apply(&mut self, problems: &mut Problems) {
        if self.list.is_empty() {
            return;
        }
        let has_errors = problems.refused().is_some();
        problems.retain(|problem, clusters| {
            let (code, place) = described(problem);
            let mut allowed = self.list.iter_mut().filter(|allowed| allowed.code == code).peekable();
            let mut is_allowed = false;
            for one in allowed.by_ref() {
                if one.covers(place, clusters) {
                    one.used = true;
                    is_allowed = true;
                }
            }
            !is_allowed
        });
        for unused in self.list.iter().filter(|allowed| !allowed.used && !has_errors) {
            problems.push(AllowProblem::Unused { at: unused.at, code: unused.code });
        }
    }
}

impl Allowed {
    /// Whether it covers a warning: by any of the clusters that it is about, else by its place.
    fn covers(&self, place: Option<Span>, clusters: &[InCluster]) -> bool {
        match (self.within, clusters, place) {
            (Within::Fleet, _, _) => true,
            (_, [_, ..], _) => clusters.iter().any(|cluster| self.clusters.contains(&cluster.at)),
            (Within::File(file), [], Some(place)) => place.file == file,
            (Within::Block(block), [], Some(place)) => {
                place.file == block.file && block.start <= place.start && place.end <= block.end
            }
            (Within::File(_) | Within::Block(_), [], None) => false,
        }
    }
}

fn described(problem: &Problem) -> (Code, Option<Span>) {
    let finding = problem.finding();
    (finding.code, finding.span())
}
