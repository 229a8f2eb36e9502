//! What a cloud must be told and is not said. It is nobody's concern but of those who make trust.

use std::collections::BTreeMap;

use crate::check::origin::Checked;
use crate::problem::{Problems, TrustProblem};
use crate::trust::{Missing, Need, Trust};

/// Reports what trust needs and nothing says.
pub fn check(clusters: &[Checked<'_>], problems: &mut Problems) {
    let by_name: BTreeMap<&str, &Checked<'_>> =
        clusters.iter().map(|checked| (checked.cluster.name.as_str(), checked)).collect();
    let Err(missing) = Trust::of(clusters.iter().map(|checked| &checked.cluster)) else { return };
    for missing in missing {
        if let Some(checked) = by_name.get(missing.holding.cluster.name.as_str()) {
            report(&missing, checked, problems);
        }
    }
}

fn report(missing: &Missing<'_>, checked: &Checked<'_>, problems: &mut Problems) {
    let Missing { holding, need } = missing;
    let cluster = checked.named();
    let (at, identity) = (checked.origin(holding.holder, holding.held.provider()), holding.held.to_string());
    let mut of_cluster = |problem: TrustProblem| problems.push_at(problem, cluster.clone());
    match need {
        Need::Issuer => of_cluster(TrustProblem::MissingSetting { at: cluster.at, setting: "issuer" }),
        Need::Project => of_cluster(TrustProblem::MissingSetting { at: cluster.at, setting: "project" }),
        Need::ProjectNumber => {
            of_cluster(TrustProblem::MissingSetting { at: cluster.at, setting: "project-number" });
        }
        Need::IssuerWithoutPort => {
            let issuer = holding.cluster.whereabouts.issuer.as_ref();
            let issuer = issuer.map_or_else(String::new, |issuer| issuer.as_str().to_owned());
            of_cluster(TrustProblem::IssuerWithPort { at: cluster.at, issuer });
        }
        Need::ResourceId => problems.push_in(TrustProblem::MissingResourceId { at, identity }, cluster),
        Need::OneResourceId(other) => {
            let other = other.as_str().to_owned();
            problems.push_in(TrustProblem::TwoResourceIds { at, identity, other }, cluster);
        }
        Need::OwnResourceId(other) => {
            let other = other.as_str().to_owned();
            problems.push_in(TrustProblem::SharedResourceId { at, identity, other }, cluster);
        }
        Need::ShortSubject => {
            let subject = holding.subject.to_string();
            problems.push_in(TrustProblem::LongSubject { at, subject }, cluster);
        }
    }
}
