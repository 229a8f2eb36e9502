//! Trust and built manifests: what clouds are told is exactly what pods and ServiceAccounts ask them for.
//!
//! kustomize builds generated fleets from real Flux manifests. What is asked for is read from the result alone, as the
//! webhooks, the libraries of the clouds and Flux read it: annotations, variables, the tokens that volumes have, and the
//! credential configurations in `ConfigMaps`.

use std::cell::RefCell;
use std::collections::BTreeSet;

use flux_identity::emit;
use flux_identity::model::{Cluster, Fleet, Platform, aws, gcp};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_yaml::Value;

use crate::harness::{compile, directory};
use crate::matrix::{Manifests, Objects, objects};
use crate::real::{SYNC, kustomize, prove};
use crate::trust::{document, list, text, texts};

const CONTROLLERS: [&str; 5] = [
    "source-controller",
    "kustomize-controller",
    "helm-controller",
    "image-reflector-controller",
    "image-automation-controller",
];

const IDENTITIES: [&str; 6] = [
    "aws \"arn:aws:iam::111122223333:role/one\"",
    "aws \"arn:aws:iam::444455556666:role/two/three\"",
    "azure \"4a7272f9-f186-41af-9f84-6a92e32d7cd0\" { resource-id = \"/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one\" }",
    "azure \"d6e4fc00-c5b2-4a72-9f84-6a92e3f06b08\" { resource-id = \"/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/two\" }",
    "gcp \"flux-one@acme-prod.iam.gserviceaccount.com\"",
    "gcp direct",
];

/// What only a controller can be given; the last only on EKS.
const OF_CONTROLLERS: [&str; 3] = [
    "aws \"arn:aws:iam::111122223333:role/one\" { audience = \"sts.example.com\" }",
    "aws \"arn:aws:iam::777788889999:role/four\" { via = pod-identity }",
    "aws \"arn:aws:iam::777788889999:role/four\" { via = pod-identity, target-role = \"arn:aws:iam::111122223333:role/one\" }",
];

/// Some identities of these, at most one of each cloud.
fn given(identities: &'static [&'static str]) -> impl Strategy<Value = String> {
    subsequence(identities.to_vec(), 1..=3).prop_shuffle().prop_map(|given| {
        let mut seen = BTreeSet::new();
        given.into_iter().filter(|it| seen.insert(it.split(' ').next())).collect::<Vec<_>>().join(", ")
    })
}

/// What a controller of some cluster has.
fn mapping() -> impl Strategy<Value = Option<String>> {
    let option = select(OF_CONTROLLERS.to_vec()).prop_map(str::to_owned);
    prop::option::weighted(0.8, prop_oneof![3 => given(&IDENTITIES), 1 => option])
}

/// A fleet of a cluster on each platform. They give controllers, and a ServiceAccount, identities that they share.
pub fn fleet() -> impl Strategy<Value = String> {
    let namespace = select(vec!["flux-system", "flux"]);
    let account = prop::option::weighted(0.8, select(vec!["tenants/app", "other/app.x"]));
    let cluster =
        (namespace, prop::collection::vec(mapping(), CONTROLLERS.len()), account, given(&IDENTITIES));
    let platforms = Just(Platform::ALL.to_vec()).prop_shuffle();
    (platforms, prop::collection::vec(cluster, Platform::ALL.len())).prop_map(|(platforms, clusters)| {
        let mut source =
            "region = \"eu-west-1\"\nflux = \"2.9\"\ntenant = \"72f988bf-86f1-41af-91ab-2d7cd011db47\"\n"
                .to_owned();
        for (at, (platform, cluster)) in platforms.into_iter().zip(clusters).enumerate() {
            let (namespace, mappings, account, given) = cluster;
            let pool = format!("projects/1234/locations/global/workloadIdentityPools/pool-c{at}");
            let lines = [
                format!("cluster c{at} on {} {{\n  namespace = \"{namespace}\"\n", platform.name()),
                format!("  project = \"acme-c{at}\"\n  project-number = \"12345{at}\"\n"),
                format!("  issuer = \"https://oidc.example.com/c{at}\"\n"),
                format!("  workload-identity-provider = \"{pool}/providers/flux\"\n"),
            ];
            source.extend(lines);
            for (controller, given) in CONTROLLERS.iter().zip(mappings) {
                let given = given.filter(|it| platform == Platform::Eks || !it.contains("pod-identity"));
                source += &given.map_or_else(String::new, |given| format!("  {controller} -> {given}\n"));
            }
            source +=
                &account.map_or_else(String::new, |name| format!("  service-account {name} -> {given}\n"));
            source += "}\n";
        }
        source
    })
}

/// Who may have what: the identity, where its tokens come from, whom they are for, and their subject. Google Cloud knows
/// subjects by their pool, and its bindings and principals name no audience. An identity of `principal` is the subject.
type Uses = BTreeSet<(String, String, String, String)>;

const PRINCIPAL: &str = "principal";

fn of<const N: usize>(parts: [&str; N]) -> [String; N] {
    parts.map(str::to_owned)
}

// ---------------------------------------------------------------------------------------------------
// What manifests ask for

/// Where the manifests of a cluster are applied. They do not say that themselves.
struct Site {
    issuer: String,
    /// The pool of its Google Cloud project.
    pool: String,
}

/// What kustomize builds from all that is written for a cluster.
fn built(manifests: &Manifests, fleet: &Fleet, cluster: &Cluster) -> Objects {
    let documents = emit::documents(fleet, cluster);
    let beside = |at: &str| -> Vec<(String, String)> {
        let beside = documents.iter().filter(|document| document.directory.as_str() == at);
        beside.map(|document| (document.name.to_string(), document.text.clone())).collect()
    };
    let directories: BTreeSet<&str> = documents.iter().map(|document| document.directory.as_str()).collect();
    let installed = |text: &str| text.replace("flux-system", cluster.namespace.as_str());
    let mut all = Objects::new();
    for at in directories {
        let mut files = beside(at);
        if at == cluster.output.as_str() {
            files.push(("gotk-components.yaml".to_owned(), installed(&manifests.components)));
            files.push(("gotk-sync.yaml".to_owned(), installed(SYNC)));
        }
        let files: Vec<(&str, &str)> =
            files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        all.extend(objects(&kustomize(directory(&files).path())));
    }
    all
}

/// What the built manifests of a cluster ask clouds for.
fn asked(objects: &Objects, site: &Site) -> Uses {
    let mut uses = Uses::new();
    let mut labelled = BTreeSet::new();
    let mut of_pods = BTreeSet::new();
    for deployment in objects.values().filter(|object| object["kind"] == "Deployment") {
        let template = &deployment["spec"]["template"];
        let account =
            (text(&deployment["metadata"], "namespace"), text(&template["spec"], "serviceAccountName"));
        if template["metadata"]["labels"]["azure.workload.identity/use"] == "true" {
            let _new = labelled.insert(account);
        }
        let _new = of_pods.insert(account);
        take_pod(&template["spec"], account, objects, site, &mut uses);
    }
    for account in objects.values().filter(|object| object["kind"] == "ServiceAccount") {
        let metadata = &account["metadata"];
        let name = (text(metadata, "namespace"), text(metadata, "name"));
        // The webhook of Azure sees to pods with its label alone. Who has no pod is asked by Flux.
        let has_azure = labelled.contains(&name) || !of_pods.contains(&name);
        take_annotations(&metadata["annotations"], name, has_azure, site, &mut uses);
    }
    uses
}

fn subject((namespace, name): (&str, &str)) -> String {
    format!("system:serviceaccount:{namespace}:{name}")
}

fn take_annotations(
    annotations: &Value,
    account: (&str, &str),
    has_azure: bool,
    site: &Site,
    uses: &mut Uses,
) {
    let subject = subject(account);
    if let Some(role) = annotations["eks.amazonaws.com/role-arn"].as_str() {
        let audience = annotations["eks.amazonaws.com/audience"].as_str().unwrap_or("sts.amazonaws.com");
        let _new = uses.insert(of([role, &site.issuer, audience, &subject]).into());
    }
    if let Some(client) = annotations["azure.workload.identity/client-id"].as_str().filter(|_| has_azure) {
        let _new = uses.insert(of([client, &site.issuer, "api://AzureADTokenExchange", &subject]).into());
    }
    let email = annotations["iam.gke.io/gcp-service-account"].as_str();
    let provider = annotations["gcp.auth.fluxcd.io/workload-identity-provider"].as_str();
    let pool = provider.map(|provider| provider.split_once("/providers/").expect("a provider").0);
    if email.is_some() || pool.is_some() {
        let pool = pool.unwrap_or(&site.pool);
        let _new = uses.insert(of([email.unwrap_or(PRINCIPAL), pool, "", &subject]).into());
    }
}

fn take_pod(pod: &Value, account: (&str, &str), objects: &Objects, site: &Site, uses: &mut Uses) {
    let subject = subject(account);
    let variable = |name: &str| {
        let variables = pod["containers"][0]["env"].as_sequence().into_iter().flatten();
        variables.into_iter().find(|it| it["name"] == name).and_then(|it| it["value"].as_str())
    };
    let pairs =
        [("AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"), ("AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE")];
    for (identity, file) in pairs {
        if let Some(identity) = variable(identity) {
            let audience = audience(pod, variable(file).expect("the token is named"));
            let _new = uses.insert(of([identity, &site.issuer, audience, &subject]).into());
        }
    }
    if let Some(file) = variable("GOOGLE_APPLICATION_CREDENTIALS") {
        let (volume, name) = mounted(pod, file);
        let config_map = format!("ConfigMap {}/{}", account.0, text(&volume["configMap"], "name"));
        let json = text(&objects[&config_map]["data"], name);
        let json: Value = serde_yaml::from_str(json).expect("JSON is YAML");
        let provider = text(&json, "audience").strip_prefix("//iam.googleapis.com/").expect("a provider");
        let wanted = format!("https://iam.googleapis.com/{provider}");
        assert_eq!(audience(pod, text(&json["credential_source"], "file")), wanted);
        let (pool, _) = provider.split_once("/providers/").expect("a provider");
        let url = json["service_account_impersonation_url"].as_str();
        let email = url.map_or(PRINCIPAL, |url| {
            let (_, email) = url.split_once("/serviceAccounts/").expect("a service account");
            email.strip_suffix(":generateAccessToken").expect("it generates a token")
        });
        let _new = uses.insert(of([email, pool, "", &subject]).into());
    }
}

/// Whom the token in this file of the only container of a pod is for.
fn audience<'v>(pod: &'v Value, file: &str) -> &'v str {
    let (volume, name) = mounted(pod, file);
    let tokens = list(&volume["projected"], "sources").iter().map(|source| &source["serviceAccountToken"]);
    let token = { tokens }.find(|token| token["path"] == name).expect("the volume has the token");
    text(token, "audience")
}

/// The volume in which a file of the only container of a pod is, and its path there.
fn mounted<'v, 'f>(pod: &'v Value, file: &'f str) -> (&'v Value, &'f str) {
    let mounts = list(&pod["containers"][0], "volumeMounts").iter();
    let find = |mount: &'v Value| {
        Some((text(mount, "name"), file.strip_prefix(text(mount, "mountPath"))?.strip_prefix('/')?))
    };
    let (name, path) = { mounts }.find_map(find).expect("the file is mounted");
    (list(pod, "volumes").iter().find(|volume| volume["name"] == name).expect("the volume is there"), path)
}

// ---------------------------------------------------------------------------------------------------
// What clouds are told

/// What trust lets by tokens, told from the document alone. Principals of GKE are not among it.
fn trusted(document: &Value) -> Uses {
    let mut uses = Uses::new();
    for role in list(document, "aws").iter().flat_map(|account| list(account, "roles")) {
        let policy: Value = serde_yaml::from_str(text(role, "assume_role_policy")).expect("JSON is YAML");
        for statement in list(&policy, "Statement") {
            let Some(provider) = statement["Principal"]["Federated"].as_str() else { continue };
            let issuer = provider.split_once("oidc-provider/").expect("a provider").1;
            let equals = &statement["Condition"]["StringEquals"];
            let url = format!("https://{issuer}");
            for audience in one_or_more(&equals[format!("{issuer}:aud")]) {
                let subjects = format!("{issuer}:sub");
                let like = &statement["Condition"]["StringLike"][&subjects];
                for subject in one_or_more(&equals[&subjects]).into_iter().chain(one_or_more(like)) {
                    let _new = uses.insert(of([text(role, "arn"), &url, audience, subject]).into());
                }
            }
        }
    }
    for identity in list(document, "azure") {
        for credential in list(identity, "federated_credentials") {
            for audience in texts(credential, "audiences") {
                let (client, issuer) = (text(identity, "client_id"), text(credential, "issuer"));
                let _new = uses.insert(of([client, issuer, audience, text(credential, "subject")]).into());
            }
        }
    }
    for binding in list(&document["gcp"], "bindings") {
        for member in texts(binding, "members") {
            let (pool, subject) = if let Some(rest) = member.strip_prefix("serviceAccount:") {
                let (pool, account) = rest.strip_suffix(']').expect("]").split_once('[').expect("[");
                (pool, subject(account.split_once('/').expect("two names")))
            } else {
                let (pool, subject) = in_pool(member);
                (pool, subject.to_owned())
            };
            let _new = uses.insert(of([text(binding, "service_account"), pool, "", &subject]).into());
        }
    }
    for principal in principals(document).iter().filter(|it| !it.contains(".svc.id.goog/")) {
        let (pool, subject) = in_pool(principal);
        let _new = uses.insert(of([PRINCIPAL, pool, "", subject]).into());
    }
    uses
}

/// The texts of a list, or the only one; none of nothing.
fn one_or_more(value: &Value) -> Vec<&str> {
    if value.is_null() {
        return Vec::new();
    }
    let several = value.as_sequence().map_or(std::slice::from_ref(value), Vec::as_slice);
    several.iter().map(|it| it.as_str().expect("a text")).collect()
}

fn in_pool(principal: &str) -> (&str, &str) {
    let rest = principal.strip_prefix("principal://iam.googleapis.com/").expect("a principal");
    rest.split_once("/subject/").expect("a subject")
}

fn principals(document: &Value) -> BTreeSet<String> {
    let principals = list(&document["gcp"], "principals").iter();
    principals.map(|it| text(it, "principal").to_owned()).collect()
}

/// The issuers and audiences that each account of AWS knows.
fn known(document: &Value) -> BTreeSet<[String; 3]> {
    let mut known = BTreeSet::new();
    for account in list(document, "aws") {
        for provider in list(account, "oidc_providers") {
            for audience in texts(provider, "client_ids") {
                let _new = known.insert(of([text(account, "account"), text(provider, "url"), audience]));
            }
        }
    }
    known
}

/// Who gets what by EKS Pod Identity: cluster, namespace, name, role.
fn associated(document: &Value) -> BTreeSet<[String; 4]> {
    let all = list(document, "aws").iter().flat_map(|account| list(account, "pod_identity_associations"));
    let keys = ["cluster_name", "namespace", "service_account", "role_arn"];
    all.map(|one| keys.map(|key| text(one, key).to_owned())).collect()
}

// ---------------------------------------------------------------------------------------------------
// What no manifest says

/// What a fleet gives in ways that leave nothing in manifests.
#[derive(Default)]
struct Silent {
    /// Cluster, namespace, name, role.
    associations: BTreeSet<[String; 4]>,
    /// Target role, role.
    targets: BTreeSet<[String; 2]>,
    /// The principals of GKE.
    principals: BTreeSet<String>,
}

impl Silent {
    fn take(&mut self, cluster: &Cluster, at: usize, uses: &Uses) {
        let namespace = cluster.namespace.as_str();
        for (controller, grants) in &cluster.credentials {
            let name = (namespace, controller.name());
            if let Some(aws::CredentialSource::PodIdentity(role)) = &grants.aws {
                let target = role.target.as_ref().map(|target| of([target.arn.as_str(), role.arn.as_str()]));
                self.targets.extend(target);
                assert_says_nothing(uses, name, |identity| identity.starts_with("arn:"));
                let association = [&cluster.name, namespace, controller.name(), role.arn.as_str()];
                let _new = self.associations.insert(of(association));
            }
            if let Some(gcp::CredentialSource::Direct) = grants.gcp {
                self.take_direct(name, at, uses);
            }
        }
        for (account, grants) in cluster.object_level.iter().flat_map(|it| &it.accounts) {
            if let Some(gcp::CredentialSource::Direct) = grants.gcp {
                self.take_direct((account.namespace.as_str(), account.name.as_str()), at, uses);
            }
        }
    }

    fn take_direct(&mut self, (namespace, name): (&str, &str), at: usize, uses: &Uses) {
        assert_says_nothing(uses, (namespace, name), |it| it.contains('@') || it == PRINCIPAL);
        let pool =
            format!("projects/12345{at}/locations/global/workloadIdentityPools/acme-c{at}.svc.id.goog");
        let principal = format!("principal://iam.googleapis.com/{pool}/subject/ns/{namespace}/sa/{name}");
        let _new = self.principals.insert(principal);
    }
}

fn assert_says_nothing(uses: &Uses, account: (&str, &str), is_of_cloud: impl Fn(&str) -> bool) {
    let subject = subject(account);
    let said = uses.iter().find(|(identity, _, _, whose)| *whose == subject && is_of_cloud(identity));
    assert_eq!(said, None);
}

// ---------------------------------------------------------------------------------------------------
// Both

/// What fleets have had: where the manifests say it, and what they ask for.
type Seen = BTreeSet<String>;

fn see(uses: &Uses, platform: Platform, seen: &mut Seen) {
    for (identity, _, audience, _) in uses {
        let kind = identity.split([':', '@', '-']).next().expect("one");
        let kind = if audience.starts_with("api:") { "azure" } else { kind };
        let own = if audience == "sts.example.com" { " with an audience" } else { "" };
        let _new = seen.insert(format!("{} {kind}{own}", platform.name()));
    }
}

fn assert_both_say_the_same(manifests: &Manifests, source: &str, seen: &mut Seen) {
    let fleet = compile(source).unwrap_or_else(|findings| panic!("{findings:#?}\n{source}"));
    let mut silent = Silent::default();
    let mut all = Uses::new();
    for cluster in &fleet.clusters {
        let at = cluster.name.strip_prefix('c').and_then(|at| at.parse().ok()).expect("its number");
        let site = Site {
            issuer: format!("https://oidc.example.com/c{at}"),
            pool: format!("acme-c{at}.svc.id.goog"),
        };
        let uses = asked(&built(manifests, &fleet, cluster), &site);
        silent.take(cluster, at, &uses);
        see(&uses, cluster.platform, seen);
        all.extend(uses);
    }
    let document = document(source);
    assert_eq!(trusted(&document), all, "{source}");
    let of_aws = all.iter().filter(|(identity, ..)| identity.starts_with("arn:"));
    let accounts = of_aws.map(|(role, issuer, audience, _)| {
        of([role.split(':').nth(4).expect("an account"), issuer, audience])
    });
    assert_eq!(known(&document), accounts.collect(), "{source}");
    assert_eq!(associated(&document), silent.associations, "{source}");
    assert_eq!(assumed(&document), silent.targets, "{source}");
    assert_eq!(permitted(&document), silent.targets, "{source}");
    let of_gke = principals(&document).into_iter().filter(|it| it.contains(".svc.id.goog/"));
    assert_eq!(of_gke.collect::<BTreeSet<_>>(), silent.principals, "{source}");
    if !silent.associations.is_empty() {
        let _new = seen.insert("pod identity".to_owned());
    }
    if !silent.targets.is_empty() {
        let _new = seen.insert("target role".to_owned());
    }
    if !silent.principals.is_empty() {
        let _new = seen.insert("direct access".to_owned());
    }
}

/// The same fleets on every run: what fails here fails for everybody.
#[test]
fn clouds_are_told_exactly_what_built_manifests_ask_for() {
    let Some(manifests) = Manifests::of("v2.9.3-image") else { return };
    let config = Config { cases: 4, max_shrink_iters: 0, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let seen = RefCell::new(Seen::new());
    let result = runner.run(&fleet(), |source| {
        assert_both_say_the_same(&manifests, &source, &mut seen.borrow_mut());
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    let mut wanted = Seen::from(["pod identity", "target role", "direct access"].map(str::to_owned));
    for platform in Platform::ALL.map(Platform::name) {
        let kinds = ["arn", "arn with an audience", "azure", "flux", PRINCIPAL];
        wanted.extend(kinds.map(|kind| format!("{platform} {kind}")));
    }
    // Manifests of GKE say nothing of principals.
    assert!(wanted.remove("gke principal"));
    assert_eq!(wanted.difference(&seen.into_inner()).collect::<Vec<_>>(), [] as [&String; 0]);
    prove("trust by built manifests");
}

/// Who may assume which target role, told from the document alone: the role, and the one whose credentials it wants.
fn assumed(document: &Value) -> BTreeSet<[String; 2]> {
    let mut assumed = BTreeSet::new();
    for role in list(document, "aws").iter().flat_map(|account| list(account, "roles")) {
        let policy: Value = serde_yaml::from_str(text(role, "assume_role_policy")).expect("JSON is YAML");
        for statement in list(&policy, "Statement") {
            for source in one_or_more(&statement["Condition"]["ArnEquals"]["aws:PrincipalArn"]) {
                let _new = assumed.insert(of([text(role, "arn"), source]));
            }
        }
    }
    assumed
}

/// The same by the permissions of the other role.
fn permitted(document: &Value) -> BTreeSet<[String; 2]> {
    let mut permitted = BTreeSet::new();
    for account in list(document, "aws") {
        for of_role in list(account, "target_role_policies") {
            let is_it = |role: &&Value| role["name"] == of_role["role_name"];
            let role = list(account, "roles").iter().find(is_it).expect("a role of the account");
            let policy: Value = serde_yaml::from_str(text(of_role, "policy")).expect("JSON is YAML");
            for target in one_or_more(&list(&policy, "Statement")[0]["Resource"]) {
                let _new = permitted.insert(of([target, text(role, "arn")]));
            }
        }
    }
    permitted
}

/// The source with some of its mappings as `trust` statements.
fn trusting(source: &str, which: usize) -> String {
    let lines = source.lines().enumerate().map(|(at, line)| {
        let turns = line.contains(" -> ") && (at + which).is_multiple_of(2);
        if turns { line.replacen("  ", "  trust ", 1) } else { line.to_owned() }
    });
    lines.collect::<Vec<String>>().join("\n") + "\n"
}

fn without_associations(mut document: Value) -> Value {
    if let Some(accounts) = document["aws"].as_sequence_mut() {
        for account in accounts {
            account["pod_identity_associations"] = Value::Null;
        }
    }
    document["//"] = Value::Null;
    document
}

proptest! {
    #![proptest_config(crate::layers::one_in(4))]

    /// That clouds are told what manifests ask for, and this, make the trust of `trust` statements right too.
    #[test]
    fn a_trust_statement_makes_the_trust_that_its_mapping_made(source in fleet(), which in 0_usize..2) {
        let trusting = trusting(&source, which);
        let (mapped, trusted) = (document(&source), document(&trusting));
        prop_assert_eq!(without_associations(mapped), without_associations(trusted), "{}", trusting);
        let fleet = compile(&trusting).expect("it is right");
        let given = fleet.clusters.iter().flat_map(|it| it.given_assignments().collect::<Vec<_>>()).count();
        let mappings = trusting.lines().filter(|line| line.contains(" -> ") && !line.contains("trust "));
        let identities = mappings.map(|line| {
            ["aws \"", "target-role", "azure \"", "gcp "].iter().filter(|word| line.contains(**word)).count()
        });
        prop_assert_eq!(given, identities.sum::<usize>(), "{}", trusting);
    }

    /// With `exact` clouds are told what manifests ask for, so that this makes `namespace` right too.
    #[test]
    fn subjects_of_a_namespace_are_the_exact_ones_with_a_pattern_for_their_names(source in fleet()) {
        let of_namespace = |(identity, issuer, audience, subject): (String, String, String, String)| {
            let is_role = identity.starts_with("arn:");
            let (namespace, _) = subject.rsplit_once(':').unwrap_or_default();
            let subject = if is_role { format!("{namespace}:*") } else { subject };
            (identity, issuer, audience, subject)
        };
        let patterns = document(&format!("trust-subjects = namespace\n{source}"));
        let exact = document(&source);
        let expected: Uses = trusted(&exact).into_iter().map(of_namespace).collect();
        prop_assert_eq!(trusted(&patterns), expected, "{}", source);
        prop_assert_eq!(known(&patterns), known(&exact), "{}", source);
        prop_assert_eq!(assumed(&patterns), assumed(&exact), "{}", source);
    }
}
