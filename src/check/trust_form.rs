//! Whether the form of trust suits the fleet.

use crate::check::checked_cluster::CheckedCluster;
use crate::model::{Assignee, Assignment, Controller, TrustForm};
use crate::problem::{InCluster, Problems, Report, TrustProblem};
use crate::span::Span;

/// Reports what the objects of a form do not contain, and that applying them may need what they grant. `at`: where the
/// source sets the form.
pub fn check(form: TrustForm, at: Span, clusters: &[CheckedCluster], problems: &mut Problems) {
    if !form.is_of_objects() {
        return;
    }
    let omissions = form.omissions(clusters.iter().map(|checked| checked.cluster.as_ref()));
    if !omissions.is_empty() {
        let omissions = omissions.into_iter().map(str::to_owned).collect();
        problems.report(TrustProblem::FormOmits { at, form: form.name(), omissions });
    }
    let granted = clusters.iter().filter_map(|checked| {
        let mut given = checked.cluster.given_assignments();
        let granted = given.find(|it| applies(it) && form.grants(it.identity_and_source))?;
        Some((checked, granted))
    });
    let granted: Vec<(&CheckedCluster, Assignment<'_>)> = granted.collect();
    let Some((first, assignment)) = granted.first() else { return };
    let problem = TrustProblem::NeededToApply {
        at,
        form: form.name(),
        controller: assignment.subject.name.to_owned(),
        identity: assignment.identity_and_source.to_string(),
        cluster: first.cluster.name.clone(),
        others: granted.len().saturating_sub(1),
    };
    let clusters: Vec<InCluster> = granted.iter().map(|(checked, _)| checked.in_cluster()).collect();
    problems.report(Report::naming(problem, clusters));
}

/// True of the controllers without which Flux applies nothing.
fn applies(assignment: &Assignment<'_>) -> bool {
    [Controller::Source, Controller::Kustomize].map(Assignee::Controller).contains(&assignment.assignee)
}
