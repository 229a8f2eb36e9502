//! The tables of `docs/identities.md` are what the code says.

use std::collections::BTreeSet;
use std::fs;
use std::ops::RangeInclusive;

use flux_identity::model::flux::FluxVersion;
use flux_identity::model::integration::{INTEGRATIONS, Integration, Selector, Task};
use flux_identity::model::setting::{Setting, ValueForm};
use flux_identity::model::{
    Additions, Controller, Credentials, Platform, Provider, Restart, VolumeSource, aws, azure, kubernetes,
};

use crate::harness::{compile, project};

#[test]
fn the_tables_of_identities_are_what_the_code_says() {
    check_tables(
        "docs/identities.md",
        &[
            ("lowering", lowering()),
            ("federated", federated()),
            ("options", options()),
            ("integrations", uses()),
        ],
    );
}

#[test]
fn the_table_of_settings_is_what_the_code_says() {
    check_tables("docs/language.md", &[("settings", settings())]);
}

/// Compares the tables between the marks of a page with those that the code gives.
fn check_tables(page: &str, tables: &[(&str, String)]) {
    let path = project().join(page);
    let text = fs::read_to_string(&path).expect("the page is there");
    let expected = tables.iter().fold(text.clone(), |text, (name, table)| {
        let (before, rest) = text.split_once(&format!("<!-- table: {name} -->\n")).expect(name);
        let (_, after) = rest.split_once("<!-- end -->\n").expect("a table has its end");
        format!("{before}<!-- table: {name} -->\n\n{table}\n<!-- end -->\n{after}")
    });
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &expected).expect("the page is written");
    } else {
        assert_eq!(text, expected, "UPDATE_EXPECT=1 writes the tables anew");
    }
}

fn settings() -> String {
    let rows = Setting::ALL.into_iter().map(|setting| {
        let default = setting.default().map_or(String::new(), |default| match setting.form() {
            ValueForm::Word(_) => format!("`{default}`"),
            ValueForm::Text | ValueForm::TextOr(_) => format!("`\"{default}\"`"),
        });
        vec![format!("`{}`", setting.name()), setting.documentation().to_owned(), default]
    });
    table(&["setting", "is", "default"], rows)
}

fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    let rule = format!("|{}\n", "---|".repeat(head.len()));
    let rows: String = rows.into_iter().map(|row| line(&row)).collect();
    format!("{}{rule}{rows}", line(&head))
}

/// The kinds of identities, as they are written.
const IDENTITIES: [(&str, &str); 5] = [
    ("`aws`", "aws \"arn:aws:iam::111122223333:role/flux\""),
    ("`aws`, `via = pod-identity`", "aws \"arn:aws:iam::111122223333:role/flux\" { via = pod-identity }"),
    ("`azure`", "azure \"4a7272f9-f186-41af-9f84-6a92e32d7cd0\""),
    ("`gcp`", "gcp \"flux-gar@acme-prod.iam.gserviceaccount.com\""),
    ("`gcp direct`", "gcp direct"),
];

/// What `source-controller` comes by its identity with, on a platform; nothing where it cannot have it.
fn grants(platform: Platform, identity: &str) -> Option<Credentials> {
    let source = format!(
        "cluster c on {} {{\n region = \"eu-west-1\"\n tenant = \"72f988bf-86f1-41af-91ab-2d7cd011db47\"\n \
         workload-identity-provider = \"projects/1/locations/global/workloadIdentityPools/flux/providers/prod\"\n \
         source-controller -> {identity}\n}}\n",
        platform.name()
    );
    let fleet = compile(&source).ok()?;
    fleet.clusters[0].credentials.get(&Controller::Source).map(|grants| (**grants).clone())
}

fn additions(grants: &Credentials) -> Additions<'_> {
    Additions::new(Controller::Source, grants, &kubernetes::DnsLabel::flux_system(), Restart::ByHand)
}

fn lowering() -> String {
    let rows = IDENTITIES.into_iter().map(|(shown, identity)| {
        let cells = Platform::ALL.into_iter().map(|platform| match grants(platform, identity) {
            None => "an error".to_owned(),
            Some(grants) => in_words(&additions(&grants)),
        });
        std::iter::once(shown.to_owned()).chain(cells).collect()
    });
    let head: Vec<String> = Platform::ALL.iter().map(|platform| format!("`{}`", platform.name())).collect();
    let head: Vec<&str> = std::iter::once("identity").chain(head.iter().map(String::as_str)).collect();
    table(&head, rows)
}

fn in_words(additions: &Additions<'_>) -> String {
    if !additions.variables.is_empty() {
        return "federated".to_owned();
    }
    let quoted = |key: &&'static str| format!("`{key}`");
    let annotations: Vec<&'static str> = additions.annotations.iter().map(|(key, _)| *key).collect();
    let labels: Vec<&'static str> = additions.labels.iter().map(|(key, _)| *key).collect();
    let annotated = (!annotations.is_empty())
        .then(|| format!("annotated {}", annotations.iter().map(quoted).collect::<Vec<_>>().join(" and ")));
    let labelled = (!labels.is_empty())
        .then(|| format!("labelled {}", labels.iter().map(quoted).collect::<Vec<_>>().join(" and ")));
    let all: Vec<String> = annotated.into_iter().chain(labelled).collect();
    if all.is_empty() { "no patch".to_owned() } else { all.join("; ") }
}

fn federated() -> String {
    let identities = [("aws", IDENTITIES[0].1), ("azure", IDENTITIES[2].1), ("gcp", IDENTITIES[3].1)];
    let rows = identities.into_iter().map(|(provider, identity)| {
        let grants = grants(Platform::Kubernetes, identity).expect("it can be had anywhere");
        let additions = additions(&grants);
        let variables: Vec<String> =
            additions.variables.iter().map(|(name, _)| format!("`{name}`")).collect();
        let volumes = additions.volumes.iter().map(|volume| {
            let holds = match &volume.source {
                VolumeSource::Token { audience, expiration } => {
                    // The provider differs from cluster to cluster; what stands before it does not.
                    let audience = audience.replace("/1/", "/NUMBER/").replace("/flux/", "/POOL/");
                    format!("token for `{}`, {expiration} s", audience.replace("/prod", "/PROVIDER"))
                }
                VolumeSource::ConfigMap(_) => "credential configuration".to_owned(),
            };
            format!("`{}` at `{}`: {holds}", volume.name, volume.mount_path)
        });
        let volumes: Vec<String> = volumes.collect();
        vec![format!("`{provider}`"), variables.join(", "), volumes.join("; ")]
    });
    table(&["provider", "variables", "volumes"], rows)
}

fn options() -> String {
    let range = |range: RangeInclusive<u32>| format!("{} to {} seconds", range.start(), range.end());
    let row = |provider: &str, option: &str, is: &str, default: &str| {
        vec![format!("`{provider}`"), format!("`{option}`"), is.to_owned(), default.to_owned()]
    };
    let seconds = |seconds: u32| format!("{seconds} federated, else the webhook's own");
    let audience = format!("`{}`", aws::DEFAULT_AUDIENCE);
    table(
        &["provider", "option", "is", "default"],
        [
            row("aws", "via", "`pod-identity`: EKS Pod Identity", "IRSA: the ServiceAccount's annotation"),
            row(
                "aws",
                "target-role",
                "with `via`: the ARN of a role that this one assumes, in any account",
                "",
            ),
            row(
                "aws",
                "external-id",
                "with `target-role`: by what its trust policy knows the association",
                "",
            ),
            row("aws", "audience", "whom the token is for", &audience),
            row(
                "aws",
                "token-expiration",
                &range(aws::TOKEN_EXPIRATION),
                &seconds(aws::DEFAULT_TOKEN_EXPIRATION),
            ),
            row("azure", "tenant", "a GUID, or `webhook` on AKS", "the setting `tenant`"),
            row(
                "azure",
                "token-expiration",
                &range(azure::TOKEN_EXPIRATION),
                &seconds(azure::DEFAULT_TOKEN_EXPIRATION),
            ),
            row(
                "azure",
                "resource-id",
                "the id of the managed identity in Azure Resource Manager, which `trust` needs",
                "",
            ),
        ],
    )
}

/// A row for each use of a controller, and the field that selects the identity.
fn uses() -> String {
    let mut rows: Vec<(Controller, Task, Selector)> =
        INTEGRATIONS.iter().map(|it| (it.controller, it.task, it.selector)).collect();
    rows.dedup();
    let rows = rows.into_iter().map(|(controller, task, selector)| {
        let of_row: Vec<&Integration> = INTEGRATIONS
            .iter()
            .filter(|it| (it.controller, it.task, it.selector) == (controller, task, selector))
            .collect();
        let cells = Provider::ALL.into_iter().map(|provider| {
            let it = of_row.iter().find(|it| it.provider == provider);
            it.map_or(String::new(), |it| match it.since {
                Some(version) => format!("{}, since {version}", it.service),
                None => it.service.to_owned(),
            })
        });
        let versions: BTreeSet<Option<FluxVersion>> = of_row.iter().map(|it| it.object_level).collect();
        let versions: Vec<String> = match versions.iter().next() {
            Some(Some(only)) if versions.len() == 1 => vec![only.to_string()],
            Some(None) if versions.len() == 1 => vec!["never".to_owned()],
            _ => of_row
                .iter()
                .map(|it| {
                    format!(
                        "`{}` {}",
                        it.provider.name(),
                        it.object_level.map_or_else(|| "never".to_owned(), |version| version.to_string())
                    )
                })
                .collect(),
        };
        let first = [task.name().to_owned(), format!("`{}`", controller.name())];
        first.into_iter().chain(cells).chain([selected(selector), versions.join(", ")]).collect()
    });
    table(&["use", "controller", "`aws`", "`azure`", "`gcp`", "selected by", "object level since"], rows)
}

fn selected(selector: Selector) -> String {
    match selector {
        Selector::Provider(kind) => format!("`{kind}`: `spec.provider`"),
        Selector::OciProvider(kind) => format!("`{kind}` with `type: oci`: `spec.provider`"),
        Selector::KubeConfig(kind) => {
            format!("`{kind}`: `provider` in the ConfigMap of `spec.kubeConfig.configMapRef`")
        }
        Selector::Decryption(kind) => format!("`{kind}`: `spec.decryption.provider: sops`"),
        Selector::Type(kind, value) => format!("`{kind}`: `spec.type: {value}`"),
    }
}
