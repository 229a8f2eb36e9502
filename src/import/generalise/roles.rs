//! Identities as named roles.

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

/// The tenant of an identity whose overlay does not set one.
const WEBHOOK: &str = "webhook";

/// Adds the roles and the mappings of each cluster.
pub fn add(clusters: Vec<Cluster>, statements: &mut [ClusterStatements]) {
    let clusters: Vec<ClusterIdentities> = clusters.into_iter().map(ClusterIdentities::new).collect();
    // A source of one cluster needs no roles.
    if let ([cluster], [statements]) = (clusters.as_slice(), &mut *statements) {
        statements.statements.extend(cluster.tenant());
        for (recipient, identities) in &cluster.recipients {
            let targets =
                identities.iter().map(|identity| MappingTarget::Identity(identity.clone())).collect();
            statements.statements.insert(Statement::Mapping(recipient.clone(), targets));
        }
        return;
    }
    let forms = forms(&clusters);
    for (cluster, statements) in clusters.iter().zip(statements) {
        statements.statements.extend(cluster.tenant());
        for (name, identity) in &cluster.roles {
            let form = forms.get(&(name.as_str(), identity.provider)).copied().unwrap_or_default();
            let role = cluster.in_form(identity, form);
            let needs = [("${account}", Setting::Account), ("${project}", Setting::Project)];
            for (interpolation, setting) in needs {
                let is_used = role.value.as_ref().is_some_and(|value| value.contains(interpolation));
                if let Some(owner) = cluster.owner(identity.provider).filter(|_| is_used) {
                    statements.statements.insert(Statement::Setting(setting, owner.to_owned()));
                }
            }
            statements.statements.insert(Statement::Role(name.clone(), role));
        }
        let mut names: BTreeMap<&Identity, &String> = BTreeMap::new();
        for (name, identity) in &cluster.roles {
            names.entry(identity).or_insert(name);
        }
        for (recipient, identities) in &cluster.recipients {
            let role =
                |identity: &Identity| names.get(identity).map(|name| MappingTarget::Role((*name).clone()));
            let targets: Vec<MappingTarget> = identities.iter().filter_map(role).collect();
            statements.statements.insert(Statement::Mapping(recipient.clone(), targets));
        }
    }
}

/// The template in which each role is equal in the most clusters; the plainest of those.
fn forms(clusters: &[ClusterIdentities]) -> BTreeMap<(&str, Provider), Template> {
    let mut all: BTreeMap<(&str, Provider), Vec<(&ClusterIdentities, &Identity)>> = BTreeMap::new();
    for cluster in clusters {
        for (name, identity) in &cluster.roles {
            all.entry((name.as_str(), identity.provider)).or_default().push((cluster, identity));
        }
    }
    let best = |of_role: &[(&ClusterIdentities, &Identity)]| {
        let count = |form: Template| {
            let all = of_role.iter().map(|(cluster, identity)| cluster.in_form(identity, form));
            most_frequent(all).map_or(0, |(_, count)| count)
        };
        let counts = Template::ALL.map(|form| (form, count(form)));
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
    recipients: Vec<(Recipient, Vec<Identity>)>,
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
        let recipients: Vec<(Recipient, Vec<Identity>)> = cluster
            .identities
            .into_iter()
            .map(|(recipient, identities)| (recipient, identities.into_iter().map(own_tenant).collect()))
            .collect();
        let roles = roles(&recipients);
        ClusterIdentities { cluster: cluster.name, tenant, owners, roles, recipients }
    }

    fn owner(&self, provider: Provider) -> Option<&str> {
        self.owners.get(&provider).map(String::as_str)
    }

    fn in_form(&self, identity: &Identity, form: Template) -> Identity {
        template::with_template(identity, form, &self.cluster, self.owner(identity.provider))
    }

    fn tenant(&self) -> Option<Statement> {
        Some(Statement::Setting(Setting::Tenant, self.tenant.clone()?))
    }
}

fn roles(all: &[(Recipient, Vec<Identity>)]) -> Vec<(String, Identity)> {
    let mut recipients: BTreeMap<&Identity, Vec<&Recipient>> = BTreeMap::new();
    for (recipient, identities) in all {
        for identity in identities {
            recipients.entry(identity).or_default().push(recipient);
        }
    }
    let plain: Vec<(String, &Identity)> =
        recipients.iter().map(|(identity, who)| (purpose(who), *identity)).collect();
    let counts = counts(plain.iter().map(|(name, _)| name.as_str()));
    let (mut numbers, mut roles) = (BTreeMap::new(), BTreeMap::new());
    for ((name, identity), who) in plain.iter().zip(recipients.values()) {
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

/// A name by the purpose that all these controllers need an identity for, or by the only ServiceAccount.
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
        (None, [Recipient::Account(account)]) if !RESERVED.contains(&account.name.as_str()) => {
            account.name.as_str()
        }
        (None, who) if who.iter().all(|one| matches!(one, Recipient::Account(_))) => "tenants",
        (None, _) => "flux",
    };
    name.to_owned()
}

/// The purposes of an identity of a controller, the most likely first.
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
const RESERVED: [&str; 11] = [
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
    let short = |recipient: &&Recipient| match recipient {
        Recipient::Controller(controller) => controller.name().trim_end_matches("-controller").to_owned(),
        Recipient::Account(account) => format!("{}-{}", account.namespace.as_str(), account.name.as_str()),
    };
    who.iter().map(short).collect::<Vec<_>>().join("-")
}
