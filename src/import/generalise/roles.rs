//! The identities of controllers, as roles that have names.

use std::collections::BTreeMap;

use crate::import::cluster::Cluster;
use crate::import::generalise::cluster_statements::ClusterStatements;
use crate::import::generalise::cluster_statements::{counts, most_frequent};
use crate::import::identity::Identity;
use crate::import::naming::free_name;
use crate::import::statements::{MappingTarget, Statement};
use crate::import::template::{self, Template};
use crate::model::setting::Setting;
use crate::model::{Controller, Provider, Recipient};

/// What is written where the webhook of a cluster knows the tenant.
const WEBHOOK: &str = "webhook";

/// Adds to what is to be said of each cluster whose identities it has.
pub fn add(clusters: Vec<Cluster>, sayings: &mut [ClusterStatements]) {
    let held: Vec<ClusterIdentities> = clusters.into_iter().map(ClusterIdentities::new).collect();
    // The smallest useful file says everything where it is.
    if let ([held], [saying]) = (held.as_slice(), &mut *sayings) {
        saying.statements.extend(held.tenant());
        for (holder, identities) in &held.holders {
            let given = identities.iter().map(|identity| MappingTarget::Identity(identity.clone())).collect();
            saying.statements.insert(Statement::Mapping(holder.clone(), given));
        }
        return;
    }
    let forms = forms(&held);
    for (held, saying) in held.iter().zip(sayings) {
        saying.statements.extend(held.tenant());
        for (name, identity) in &held.roles {
            let form = forms.get(&(name.as_str(), identity.provider)).copied().unwrap_or_default();
            let said = held.said(identity, form);
            let needs = [("${account}", Setting::Account), ("${project}", Setting::Project)];
            for (hole, setting) in needs {
                let is_there = said.value.as_ref().is_some_and(|value| value.contains(hole));
                if let Some(owner) = held.owner(identity.provider).filter(|_| is_there) {
                    saying.statements.insert(Statement::Setting(setting, owner.to_owned()));
                }
            }
            saying.statements.insert(Statement::Role(name.clone(), said));
        }
        let mut names: BTreeMap<&Identity, &String> = BTreeMap::new();
        for (name, identity) in &held.roles {
            names.entry(identity).or_insert(name);
        }
        for (holder, identities) in &held.holders {
            let role =
                |identity: &Identity| names.get(identity).map(|name| MappingTarget::Role((*name).clone()));
            let given: Vec<MappingTarget> = identities.iter().filter_map(role).collect();
            saying.statements.insert(Statement::Mapping(holder.clone(), given));
        }
    }
}

/// In which form a role is the same in the most clusters; the plainest of those.
fn forms(held: &[ClusterIdentities]) -> BTreeMap<(&str, Provider), Template> {
    let mut all: BTreeMap<(&str, Provider), Vec<(&ClusterIdentities, &Identity)>> = BTreeMap::new();
    for held in held {
        for (name, identity) in &held.roles {
            all.entry((name.as_str(), identity.provider)).or_default().push((held, identity));
        }
    }
    let best = |of_role: &[(&ClusterIdentities, &Identity)]| {
        let alike = |form: Template| {
            let said = of_role.iter().map(|(held, identity)| held.said(identity, form));
            most_frequent(said).map_or(0, |(_, count)| count)
        };
        let counts = Template::ALL.map(|form| (form, alike(form)));
        let most = counts.iter().map(|(_, count)| *count).max().unwrap_or_default();
        let form = counts.into_iter().find(|(_, count)| *count == most && most > 1);
        form.map_or_else(Template::default, |(form, _)| form)
    };
    all.iter().map(|(key, of_role)| (*key, best(of_role))).collect()
}

struct ClusterIdentities {
    cluster: String,
    tenant: Option<String>,
    owners: BTreeMap<Provider, String>,
    roles: Vec<(String, Identity)>,
    holders: Vec<(Recipient, Vec<Identity>)>,
}

impl ClusterIdentities {
    fn new(cluster: Cluster) -> ClusterIdentities {
        let all = || cluster.identities.values().flatten();
        let tenant_of = |identity: &Identity| {
            (identity.provider == Provider::Azure)
                .then(|| identity.tenant.clone().unwrap_or_else(|| WEBHOOK.to_owned()))
        };
        let tenant = most_frequent(all().filter_map(tenant_of)).map(|(tenant, _)| tenant);
        let mut owners = BTreeMap::new();
        for provider in Provider::ALL {
            let of_provider = all().filter(|identity| identity.provider == provider);
            if let Some((owner, _)) = most_frequent(of_provider.filter_map(template::owner)) {
                owners.insert(provider, owner);
            }
        }
        let own_tenant = |mut identity: Identity| {
            identity.tenant = tenant_of(&identity).filter(|own| Some(own) != tenant.as_ref());
            identity
        };
        let holders: Vec<(Recipient, Vec<Identity>)> = cluster
            .identities
            .into_iter()
            .map(|(holder, identities)| (holder, identities.into_iter().map(own_tenant).collect()))
            .collect();
        let roles = roles(&holders);
        ClusterIdentities { cluster: cluster.name, tenant, owners, roles, holders }
    }

    fn owner(&self, provider: Provider) -> Option<&str> {
        self.owners.get(&provider).map(String::as_str)
    }

    fn said(&self, identity: &Identity, form: Template) -> Identity {
        template::said(identity, form, &self.cluster, self.owner(identity.provider))
    }

    fn tenant(&self) -> Option<Statement> {
        Some(Statement::Setting(Setting::Tenant, self.tenant.clone()?))
    }
}

fn roles(all: &[(Recipient, Vec<Identity>)]) -> Vec<(String, Identity)> {
    let mut holders: BTreeMap<&Identity, Vec<&Recipient>> = BTreeMap::new();
    for (holder, identities) in all {
        for identity in identities {
            holders.entry(identity).or_default().push(holder);
        }
    }
    let plain: Vec<(String, &Identity)> =
        holders.iter().map(|(identity, who)| (purpose(who), *identity)).collect();
    let counts = counts(plain.iter().map(|(name, _)| name.as_str()));
    let (mut numbers, mut roles) = (BTreeMap::new(), BTreeMap::new());
    for ((name, identity), who) in plain.iter().zip(holders.values()) {
        let is_unique = counts.get(name.as_str()) == Some(&1);
        let mut name = if is_unique { name.clone() } else { short_names(who) };
        if roles.contains_key(&name) {
            name = format!("{name}-{}", identity.provider.name());
        }
        let free = free_name(&name, &mut numbers, |name| !roles.contains_key(name));
        roles.insert(free, (*identity).clone());
    }
    roles.into_iter().collect()
}

/// What controllers mostly need an identity for; what a ServiceAccount is called that has one for itself.
fn purpose(who: &[&Recipient]) -> String {
    let mut controllers = who.iter().map(|one| match one {
        Recipient::Controller(controller) => purposes(*controller),
        Recipient::Account(_) => &[],
    });
    let first = controllers.next().unwrap_or_default();
    let others: Vec<&[&str]> = controllers.collect();
    let shared = first.iter().find(|purpose| others.iter().all(|other| other.contains(*purpose)));
    let name = match (shared, who) {
        (Some(purpose), _) => *purpose,
        (None, [Recipient::Account(account)]) if !TAKEN.contains(&account.name.as_str()) => {
            account.name.as_str()
        }
        (None, who) if who.iter().all(|one| matches!(one, Recipient::Account(_))) => "tenants",
        (None, _) => "flux",
    };
    name.to_owned()
}

/// What an identity of a controller is for, the most likely first.
fn purposes(controller: Controller) -> &'static [&'static str] {
    match controller {
        Controller::Kustomize => &["decryption"],
        Controller::Source => &["registry"],
        Controller::ImageReflector => &["registry", "images"],
        Controller::ImageAutomation => &["images"],
        Controller::Notification => &["events"],
        Controller::Helm => &["releases"],
        Controller::SourceWatcher => &[],
    }
}

/// Words that cannot name a role, and the names of roles of controllers.
const TAKEN: [&str; 11] = [
    "none",
    "aws",
    "azure",
    "gcp",
    "direct",
    "decryption",
    "registry",
    "images",
    "events",
    "releases",
    "flux",
];

fn short_names(who: &[&Recipient]) -> String {
    let short = |holder: &&Recipient| match holder {
        Recipient::Controller(controller) => controller.name().trim_end_matches("-controller").to_owned(),
        Recipient::Account(account) => format!("{}-{}", account.namespace.as_str(), account.name.as_str()),
    };
    who.iter().map(short).collect::<Vec<_>>().join("-")
}
