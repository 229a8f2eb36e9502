//! The settings of a cluster, as far as a review compares them.

use crate::model::Cluster;
use crate::model::aws::Region;
use crate::model::gcp::{ProjectId, ProjectNumber};
use crate::model::kubernetes::{DnsLabel, Issuer};
use crate::review::pair::Side;

/// A setting of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub name: &'static str,
    /// Its value, if it is set.
    pub value: Option<String>,
    /// True for the default.
    pub is_default: bool,
}

/// The name of the fact that is the path of the overlay in the repository.
pub const OUTPUT: &str = "output";
/// The name of the fact that is the path of the generated ServiceAccounts.
pub const SERVICE_ACCOUNTS: &str = "service-accounts";

/// All facts of a cluster of a fleet, always in the same order.
pub fn facts(cluster: &Cluster, side: Side<'_>) -> Vec<Fact> {
    let fact = |name, value: Option<&str>| Fact { name, value: value.map(str::to_owned), is_default: false };
    let word = |name, word: &str, usual: &str| Fact { is_default: word == usual, ..fact(name, Some(word)) };
    let object_level = cluster.object_level.as_deref();
    let gated =
        object_level.map(|it| it.gated.iter().map(|controller| controller.name()).collect::<Vec<_>>());
    let gated = gated.filter(|gated| !gated.is_empty()).map(|gated| gated.join(", "));
    let directory = object_level.map(|it| side.place_of(&it.directory));
    let here = &cluster.cloud_context;
    vec![
        fact("cluster", Some(&cluster.name)),
        fact("platform", Some(cluster.platform.name())),
        fact(OUTPUT, Some(&side.place_of(&cluster.output))),
        fact(SERVICE_ACCOUNTS, directory.as_deref()),
        word("namespace", cluster.namespace.as_str(), DnsLabel::flux_system().as_str()),
        word("emit", cluster.form.emit(), "overlay"),
        word("install", cluster.form.install(), "bootstrap"),
        word("restart", cluster.restart.name(), "by-hand"),
        fact("flux", cluster.values.get("flux").map(String::as_str)),
        fact("gate of object-level identity", gated.as_deref()),
        fact("issuer", here.issuer.as_ref().map(Issuer::as_str)),
        fact("region", here.region.as_ref().map(Region::as_str)),
        fact("project", here.project.as_ref().map(ProjectId::as_str)),
        fact("project-number", here.project_number.as_ref().map(ProjectNumber::as_str)),
    ]
}
