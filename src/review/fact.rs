//! What is said of a cluster besides identities.

use crate::model::Cluster;
use crate::model::aws::Region;
use crate::model::gcp::{ProjectId, ProjectNumber};
use crate::model::kubernetes::{DnsLabel, Issuer};
use crate::review::pair::Side;

/// Something that is said of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub name: &'static str,
    /// What is said; nothing if nothing is.
    pub value: Option<String>,
    /// Whether it would be so if nothing was said.
    pub is_usual: bool,
}

/// What a fact is called that is a path of the repository.
pub const OUTPUT: &str = "output";
/// The same of the ServiceAccounts.
pub const SERVICE_ACCOUNTS: &str = "service-accounts";

/// All that is said of a cluster of a fleet, always in the same order.
pub fn facts(cluster: &Cluster, side: Side<'_>) -> Vec<Fact> {
    let said = |name, value: Option<&str>| Fact { name, value: value.map(str::to_owned), is_usual: false };
    let word = |name, word: &str, usual: &str| Fact { is_usual: word == usual, ..said(name, Some(word)) };
    let object_level = cluster.object_level.as_deref();
    let gated =
        object_level.map(|it| it.gated.iter().map(|controller| controller.name()).collect::<Vec<_>>());
    let gated = gated.filter(|gated| !gated.is_empty()).map(|gated| gated.join(", "));
    let directory = object_level.map(|it| side.place_of(&it.directory));
    let here = &cluster.cloud_context;
    vec![
        said("cluster", Some(&cluster.name)),
        said("platform", Some(cluster.platform.name())),
        said(OUTPUT, Some(&side.place_of(&cluster.output))),
        said(SERVICE_ACCOUNTS, directory.as_deref()),
        word("namespace", cluster.namespace.as_str(), DnsLabel::flux_system().as_str()),
        word("emit", cluster.form.emit(), "overlay"),
        word("install", cluster.form.install(), "bootstrap"),
        word("restart", cluster.restart.name(), "by-hand"),
        said("flux", cluster.values.get("flux").map(String::as_str)),
        said("gate of object-level identity", gated.as_deref()),
        said("issuer", here.issuer.as_ref().map(Issuer::as_str)),
        said("region", here.region.as_ref().map(Region::as_str)),
        said("project", here.project.as_ref().map(ProjectId::as_str)),
        said("project-number", here.project_number.as_ref().map(ProjectNumber::as_str)),
    ]
}
