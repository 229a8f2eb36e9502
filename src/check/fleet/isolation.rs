//! `isolate ROLE by VARIABLE`: clusters that differ in the variable share no identity that the role means in any of them,
//! under whatever name. In place of a role stands a controller for all of its identities.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::checked_cluster::{CheckedCluster, in_clusters};
use crate::check::scope::Scope;
use crate::model::{Assignment, Controller, Identity};
use crate::problem::{ErrorGuaranteed, FleetProblem, InCluster, Problems, Report, nearest};
use crate::resolve::RecipientName;
use crate::syntax::tree::{Isolate, Name};

/// What clusters must not share.
#[derive(Clone, Copy, Debug)]
pub struct Isolation<'t> {
    /// A role or a controller.
    pub role: Name<'t>,
    /// What sets clusters apart.
    pub variable: Name<'t>,
}

impl<'t> Isolation<'t> {
    /// The isolations of all `isolate` statements, each once.
    pub fn collect(isolates: &[&Isolate<'t>]) -> Vec<Isolation<'t>> {
        let mut known = BTreeSet::new();
        let is_new = |isolate: &&&Isolate<'t>| known.insert((isolate.role.text, isolate.variable.text));
        let new = isolates.iter().filter(is_new);
        new.map(|isolate| Isolation { role: isolate.role, variable: isolate.variable }).collect()
    }

    /// The controller whose identities are isolated, if it is no role.
    fn controller(&self) -> Option<Controller> {
        Controller::from_name(self.role.text)
    }
}

#[derive(Debug)]
pub struct Isolated<'t> {
    /// What sets it apart.
    value: String,
    /// Who has the identity that the role means here, with how it is written.
    holders: BTreeSet<(RecipientName<'t>, String)>,
}

/// Reports names that are neither a controller nor a role. `defined`: the roles that anything defines.
pub fn check_roles(isolations: &[Isolation<'_>], defined: &BTreeSet<&str>, problems: &mut Problems) {
    let is_unknown = |it: &&Isolation<'_>| it.controller().is_none() && !defined.contains(it.role.text);
    for Isolation { role, .. } in isolations.iter().filter(is_unknown) {
        let known = defined.iter().copied().chain(Controller::ALL.map(Controller::name));
        let near = nearest(role.text, known).map(str::to_owned);
        problems.report(FleetProblem::UnknownRole { at: role.span, name: role.text.to_owned(), near });
    }
}

/// The value of a cluster for each isolation; `None`, with a report, if it cannot be determined.
pub fn resolve_isolations<'t>(
    isolations: &[Isolation<'t>],
    scope: &mut Scope<'_, 't>,
) -> Vec<Option<Isolated<'t>>> {
    isolations.iter().map(|isolation| resolve_isolation(isolation, scope).ok()).collect()
}

fn resolve_isolation<'t>(
    isolation: &Isolation<'t>,
    scope: &mut Scope<'_, 't>,
) -> Result<Isolated<'t>, ErrorGuaranteed> {
    let name = isolation.variable.text.to_owned();
    let value = scope.need(|names| names.text_of(&name))?;
    let accounts = scope.names.layers.accounts().into_iter().map(RecipientName::Account);
    let recipients = Controller::ALL.into_iter().map(RecipientName::Controller).chain(accounts);
    let holders = recipients.filter_map(|recipient| {
        let identity = scope.names.mapped_role(recipient, isolation.role.text)?;
        Some((recipient, identity.name().to_owned()))
    });
    let holders = holders.collect();
    let Some(value) = value else {
        let (at, role) = (isolation.variable.span, isolation.role.text.to_owned());
        let near = scope.names.nearest_definition(&name);
        return Err(scope.refuse_missing(FleetProblem::NothingToIsolateBy { at, role, name, near }));
    };
    Ok(Isolated { value, holders })
}

/// Reports identities that are shared by clusters which are to be isolated.
pub fn check(
    clusters: &[CheckedCluster],
    isolations: &[Isolation<'_>],
    isolated: &[Vec<Option<Isolated<'_>>>],
    problems: &mut Problems,
) {
    for (at, isolation) in isolations.iter().enumerate() {
        let apart = clusters.iter().zip(isolated);
        let apart: Vec<(&CheckedCluster, &Isolated<'_>)> =
            apart.filter_map(|(cluster, all)| Some((cluster, all.get(at)?.as_ref()?))).collect();
        let controller = isolation.controller().map(RecipientName::Controller);
        let has = |isolated: &Isolated<'_>, assignment: &Assignment<'_>| {
            let recipient = assignment.assignee.into();
            controller == Some(recipient)
                || isolated.holders.contains(&(recipient, assignment.identity_and_source.to_string()))
        };
        let meant: BTreeSet<Identity<'_>> = apart
            .iter()
            .flat_map(|(checked, isolated)| {
                let assignments = checked.cluster.assignments();
                assignments
                    .filter(|assignment| has(isolated, assignment))
                    .map(|assignment| assignment.identity())
            })
            .collect();
        for (shared, holders) in shared(&apart, &meant) {
            report(isolation, &shared, &holders, problems);
        }
    }
}

/// The clusters that have an identity, by the value that sets them apart.
type ByValue<'c> = BTreeMap<&'c str, Vec<&'c CheckedCluster>>;

/// The identities of these that are shared by clusters of several values: as they are written, and by whom.
fn shared<'c>(
    apart: &[(&'c CheckedCluster, &'c Isolated<'c>)],
    meant: &BTreeSet<Identity<'c>>,
) -> Vec<(String, ByValue<'c>)> {
    let mut shared: BTreeMap<Identity<'c>, (String, ByValue<'c>)> = BTreeMap::new();
    for (checked, isolated) in apart {
        for assignment in checked.cluster.assignments() {
            let identity = assignment.identity();
            if meant.contains(&identity) {
                let (_, by_value) = shared
                    .entry(identity)
                    .or_insert_with(|| (assignment.identity_and_source.to_string(), ByValue::new()));
                let clusters = by_value.entry(&isolated.value).or_default();
                if clusters.last().is_none_or(|last| last.at != checked.at) {
                    clusters.push(checked);
                }
            }
        }
    }
    shared.into_values().filter(|(_, by_value)| by_value.len() > 1).collect()
}

fn report(isolation: &Isolation<'_>, shared: &str, by_value: &ByValue<'_>, problems: &mut Problems) {
    let values: Vec<(String, Vec<InCluster>)> = by_value
        .iter()
        .map(|(value, clusters)| ((*value).to_owned(), in_clusters(clusters.iter().copied())))
        .collect();
    let all = in_clusters(by_value.values().flatten().copied());
    problems.report(Report::naming(
        FleetProblem::NotIsolated {
            at: isolation.role.span,
            role: isolation.role.text.to_owned(),
            variable: isolation.variable.text.to_owned(),
            identity: shared.to_owned(),
            values,
        },
        all,
    ));
}
