//! Interpolations of the name of a cluster, its account and its project.

use crate::import::identity::Identity;
use crate::model::aws::RoleArn;
use crate::model::{Provider, gcp};
use crate::syntax::notation;

/// The interpolations of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Template {
    /// `${cluster}`
    pub cluster: bool,
    /// `${account}` or `${project}`
    pub owner: bool,
}

impl Template {
    /// All templates, the plainest first.
    pub const ALL: [Template; 4] = [
        Template { cluster: false, owner: false },
        Template { cluster: true, owner: false },
        Template { cluster: false, owner: true },
        Template { cluster: true, owner: true },
    ];
}

/// The owner of an identity: an account of AWS, or a project of Google Cloud.
pub fn owner(identity: &Identity) -> Option<String> {
    match identity.provider {
        Provider::Aws => RoleArn::parse(identity.value.as_deref()?).ok().map(|arn| arn.account().to_owned()),
        Provider::Azure => None,
        Provider::Gcp => {
            let domain = identity.value.as_deref()?.split_once('@')?.1;
            let project = domain.strip_suffix(".iam.gserviceaccount.com")?;
            (gcp::is_project_id(project) && !project.contains([':', '.'])).then(|| project.to_owned())
        }
    }
}

/// An identity with interpolations. `owner`: the account or the project of the cluster.
pub fn with_template(identity: &Identity, form: Template, cluster: &str, owner: Option<&str>) -> Identity {
    let Some(mut value) = identity.value.clone() else { return identity.clone() };
    // The account or the project first, because it may contain the name of the cluster.
    let (begin, end) = match identity.provider {
        Provider::Aws => (":", ":"),
        Provider::Azure => ("", ""),
        Provider::Gcp => ("@", ".iam."),
    };
    let name = match identity.provider {
        Provider::Aws => "${account}",
        Provider::Azure | Provider::Gcp => "${project}",
    };
    if let Some(owner) = owner.filter(|_| form.owner && identity.provider != Provider::Azure) {
        value = value.replace(&format!("{begin}{owner}{end}"), &format!("{begin}{name}{end}"));
    }
    if form.cluster {
        value = notation::with_cluster(&value, cluster);
    }
    Identity { value: Some(value), ..identity.clone() }
}
