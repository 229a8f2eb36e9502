//! Whether the source sets everything that trust needs. Only the commands that make trust ask for it.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::checked_cluster::CheckedCluster;
use crate::model::{Assignment, CloudIdentity, Missing, Need, ResourceIds, TrustScope};
use crate::problem::{InCluster, Problems, Report, TrustProblem};
use crate::span::Span;

/// Reports what a part of trust needs and no statement sets. `needs_region`: whether its form has associations of Pod Identity only
/// with a region.
pub fn check(clusters: &[CheckedCluster], scope: &TrustScope, needs_region: bool, problems: &mut Problems) {
    let resource_ids = ResourceIds::new(clusters.iter().map(|checked| checked.cluster.as_ref()));
    let mut facts = MissingFacts::default();
    for checked in clusters {
        let assignments: Vec<Assignment<'_>> =
            checked.cluster.assignments().filter(|one| scope.includes(one, &resource_ids)).collect();
        let missing = assignments.iter().flat_map(|one| Missing::for_assignment(*one, &resource_ids));
        for missing in missing {
            facts.add(&missing, checked, problems);
        }
        let has_association = |it: &Assignment<'_>| {
            it.trust_only.is_none() && matches!(it.identity_and_source, CloudIdentity::RoleByPodIdentity(_))
        };
        let has_region = checked.cluster.cloud_context.region.is_some();
        if needs_region && !has_region && assignments.iter().any(has_association) {
            facts.record(MissingFact::Setting("region"), checked);
        }
    }
    facts.report(problems);
}

/// What is lacking, by what it is lacking of, so that each lack is reported once.
#[derive(Default)]
struct MissingFacts {
    /// Of the clusters of each statement.
    of_statements: BTreeMap<(Span, MissingFact), Vec<InCluster>>,
    /// The managed identities without a resource id.
    without: BTreeMap<String, ReportedPlaces<()>>,
    /// Those with several, with the value at each location.
    with_several: BTreeMap<String, ReportedPlaces<String>>,
    /// The resource ids of several identities, with the value at each location.
    of_several: BTreeMap<String, ReportedPlaces<String>>,
}

/// What a cluster facts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum MissingFact {
    Setting(&'static str),
    /// An issuer without a port; the one that it has.
    IssuerWithoutPort(String),
}

/// Locations and values, with the clusters that they apply to.
struct ReportedPlaces<T> {
    at: BTreeSet<(Span, T)>,
    clusters: Vec<InCluster>,
}

impl<T> Default for ReportedPlaces<T> {
    fn default() -> ReportedPlaces<T> {
        ReportedPlaces { at: BTreeSet::new(), clusters: Vec::new() }
    }
}

impl<T: Ord> ReportedPlaces<T> {
    fn add(&mut self, at: Span, value: T, cluster: &InCluster) {
        self.at.insert((at, value));
        if self.clusters.last() != Some(cluster) {
            self.clusters.push(cluster.clone());
        }
    }

    /// Reports a problem of these places, in each of the clusters. `problem`: of the first place and the others.
    fn report(
        self,
        problems: &mut Problems,
        problem: impl FnOnce((Span, T), Vec<(Span, T)>) -> TrustProblem,
    ) {
        let mut places = self.at.into_iter();
        let Some(first) = places.next() else { return };
        let problem = problem(first, places.collect());
        for cluster in self.clusters {
            problems.report(Report::in_cluster(problem.clone(), cluster));
        }
    }
}

impl MissingFacts {
    fn add(&mut self, missing: &Missing<'_>, checked: &CheckedCluster, problems: &mut Problems) {
        let Missing { assignment, need } = missing;
        let (at, identity) =
            (checked.assignment_origin(assignment), assignment.identity_and_source.to_string());
        match need {
            Need::Issuer => self.record(MissingFact::Setting("issuer"), checked),
            Need::Project => self.record(MissingFact::Setting("project"), checked),
            Need::EksName => self.record(MissingFact::Setting("eks-name"), checked),
            Need::ProjectNumber => self.record(MissingFact::Setting("project-number"), checked),
            Need::IssuerWithoutPort => {
                let issuer = assignment.cluster.cloud_context.issuer.as_ref();
                let issuer = issuer.map_or_else(String::new, |issuer| issuer.as_str().to_owned());
                self.record(MissingFact::IssuerWithoutPort(issuer), checked);
            }
            Need::ResourceId => {
                self.without.entry(identity.to_ascii_lowercase()).or_default().add(
                    at,
                    (),
                    &checked.in_cluster(),
                );
            }
            // A missing value is not an invalid one.
            Need::OneResourceId(..) | Need::OwnResourceId(..)
                if resource_id(assignment.identity_and_source).is_none() => {}
            Need::OneResourceId(..) => {
                let value = resource_id(assignment.identity_and_source).unwrap_or_default();
                let several = self.with_several.entry(identity.to_ascii_lowercase()).or_default();
                several.add(at, value, &checked.in_cluster());
            }
            Need::OwnResourceId(resource_id, _) => {
                let resource_id = resource_id.as_str().to_ascii_lowercase();
                self.of_several.entry(resource_id).or_default().add(at, identity, &checked.in_cluster());
            }
            Need::ShortSubject => {
                let subject = assignment.subject.to_string();
                problems.report(Report::in_cluster(
                    TrustProblem::LongSubject { at, subject },
                    checked.in_cluster(),
                ));
            }
        }
    }

    fn record(&mut self, fact: MissingFact, checked: &CheckedCluster) {
        let clusters = self.of_statements.entry((checked.statement, fact)).or_default();
        if clusters.last().is_none_or(|last| last.at != checked.at) {
            clusters.push(checked.in_cluster());
        }
    }

    fn report(self, problems: &mut Problems) {
        for ((_, fact), clusters) in self.of_statements {
            let mut places = clusters.iter().map(|cluster| cluster.at);
            let Some(at) = places.next() else { continue };
            let others = places.collect();
            let problem = match fact {
                MissingFact::Setting(setting) => TrustProblem::MissingSetting { at, others, setting },
                MissingFact::IssuerWithoutPort(issuer) => TrustProblem::IssuerWithPort { at, others, issuer },
            };
            problems.report(Report::naming(problem, clusters));
        }
        for (identity, places) in self.without {
            places.report(problems, |(at, ()), others| {
                let others = others.into_iter().map(|(at, ())| at).collect();
                TrustProblem::MissingResourceId { at, others, identity }
            });
        }
        for (identity, places) in self.with_several {
            places.report(problems, |(at, resource_id), mut others| {
                others.retain(|(_, other)| !other.eq_ignore_ascii_case(&resource_id));
                TrustProblem::TwoResourceIds { at, identity, resource_id, others }
            });
        }
        for places in self.of_several.into_values() {
            places.report(problems, |(at, identity), mut others| {
                others.retain(|(_, other)| !other.eq_ignore_ascii_case(&identity));
                TrustProblem::SharedResourceId { at, identity, others }
            });
        }
    }
}

/// The resource id of a managed identity at a location.
fn resource_id(identity: CloudIdentity<'_>) -> Option<String> {
    let CloudIdentity::ManagedIdentity { resource_id, .. } = identity else { return None };
    resource_id.map(|id| id.as_str().to_owned())
}
