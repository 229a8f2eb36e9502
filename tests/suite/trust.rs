//! What each cloud must trust: its shape and its limits. That it is what manifests ask for is for `trusted.rs`.
//!
//! `sh` judges the quoting of commands; Terraform, where it is installed, judges the escaping of texts. Its judgement of the
//! modules themselves is not asked for: it needs the providers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use flux_identity::check::Request;
use flux_identity::model::Fleet;
use flux_identity::model::TrustForm;
use flux_identity::problem::{Finding, render};
use flux_identity::trust::{Trust, files};
use proptest::prelude::*;
use serde_yaml::Value;

use crate::examples::{example, source};
use crate::harness::{self, directory, overlays, run};
use crate::layers::one_in;
use crate::place::{built, read, repository};
use crate::trees;
use crate::trusted::fleet;

// ---------------------------------------------------------------------------------------------------
// Asking for trust

fn check(text: &str) -> (Option<Fleet>, Vec<Finding>) {
    harness::compile_for(&Request { trust: true, ..Request::default() }, text)
}

/// What trust is written as: the paths of files, and what stands in them.
pub fn written(text: &str, form: TrustForm) -> Vec<(String, String)> {
    written_of(&right(text), form)
}

/// The fleet of a source without errors.
fn right(text: &str) -> Fleet {
    let (fleet, findings) = check(text);
    fleet.unwrap_or_else(|| panic!("{}\n{text}", render::human(&findings, &harness::sources(text), false)))
}

fn written_of(fleet: &Fleet, form: TrustForm) -> Vec<(String, String)> {
    let trust = Trust::new(&fleet.clusters).expect("what is missing was reported");
    let files = files(&trust, form);
    files
        .iter()
        .map(|file| (format!("{}/{}", file.directory, file.name), file.text("identity.flux")))
        .collect()
}

pub fn document(text: &str) -> Value {
    let (_, json) = written(text, TrustForm::Json).remove(0);
    serde_yaml::from_str(&json).expect("JSON is YAML")
}

pub fn texts<'v>(value: &'v Value, key: &str) -> Vec<&'v str> {
    let list = value[key].as_sequence().expect("a list");
    list.iter().map(|text| text.as_str().expect("a text")).collect()
}

pub fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_sequence().expect("a list")
}

pub fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().expect("a text")
}

// ---------------------------------------------------------------------------------------------------
// What is missing

/// The codes that the fixtures of this file cause.
pub fn all_codes() -> BTreeSet<String> {
    let fixtures = trees::texts(&harness::project().join("tests/trust"));
    let fixtures = fixtures.into_iter().filter(|(name, _)| is_source(name));
    fixtures.flat_map(|(_, text)| harness::expected_codes(&text)).collect()
}

fn is_source(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|extension| extension == "flux")
}

#[test]
fn what_trust_needs_is_reported_where_it_is_to_be_said() {
    insta::glob!("../trust", "*.flux", |path| {
        let text = fs::read_to_string(path).expect("the fixture is text");
        let (_, findings) = check(&text);
        let found: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
        let rendering = render::human(&findings, &harness::sources(&text), false);
        assert_eq!(found, harness::expected_codes(&text), "{}\n{rendering}", path.display());
        let stem = path.file_stem().expect("a fixture has a name").to_string_lossy().into_owned();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(path.parent().expect("a fixture has a folder"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_snapshot_suffix("");
        settings.bind(|| insta::assert_snapshot!(stem, rendering));
    });
}

#[test]
fn who_does_not_ask_for_trust_hears_nothing_of_it() {
    for (name, text) in trees::texts(&harness::project().join("tests/trust")) {
        if is_source(&name) {
            let (fleet, findings) = harness::check(&text);
            let codes: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
            assert!(fleet.is_some() && codes.iter().all(|code| *code == "F0117"), "{name}: {codes:?}");
        }
    }
}

// ---------------------------------------------------------------------------------------------------
// The example

#[test]
fn the_committed_trust_of_the_example_is_what_its_source_says() {
    let example = example("cross-cloud");
    let copy = repository(&[("identity.flux", &source(&example))]);
    for form in ["json", "terraform", "cli"] {
        let written = run(copy.path(), &["trust", "--form", form, "-o", "trust"]);
        assert_eq!(written.status, 0, "{}", written.stderr);
    }
    let said = trees::texts(&copy.path().join("trust"));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        for (path, text) in &said {
            let path = example.join("trust").join(path);
            fs::create_dir_all(path.parent().expect("it has one")).expect("the directory is made");
            fs::write(path, text).expect("the file is written");
        }
    }
    assert_eq!(said, trees::texts(&example.join("trust")), "UPDATE_EXPECT=1 writes it anew");
}

// ---------------------------------------------------------------------------------------------------
// The rules of the clouds

pub const EVERYTHING: &str = r#"
region = "eu-west-1"
tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
flux   = "2.9"
issuer = "https://oidc.example.com/${cluster}"
workload-identity-provider = "projects/1234/locations/global/workloadIdentityPools/plants/providers/plants"

role pull = aws "arn:aws:iam::111122223333:role/flux/%{x}/pull"
role keys = azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" {
  resource-id = "/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourceGroups/it(flux)/providers/Microsoft.ManagedIdentity/userAssignedIdentities/keys"
}

source-controller    -> pull
kustomize-controller -> keys

cluster prod-eu on eks {
  source-controller                -> pull
  helm-controller                  -> aws "arn:aws:iam::111122223333:role/flux/Charts" { audience = "it's" }
  service-account tenants/a.b      -> aws "arn:aws:iam::444455556666:role/tenants"
  image-reflector-controller       -> aws "arn:aws:iam::111122223333:role/flux/images" { via = pod-identity }
  image-automation-controller      -> aws "arn:aws:iam::111122223333:role/flux/%{y}/automation" {
    via = pod-identity, target-role = "arn:aws:iam::777788889999:role/%{z}/target", external-id = "eu-west-1/prod"
  }
  eks-name = "EKS_prod"
}

cluster Prod_EU.2 on kubernetes {
  kustomize-controller    -> keys, gcp "flux-keys@acme-prod.iam.gserviceaccount.com"
  notification-controller -> gcp direct
}

cluster data on gke {
  project        = "acme-data"
  project-number = "123456789012"
  source-controller       -> pull, gcp "123456789012-compute@developer.gserviceaccount.com"
  notification-controller -> gcp direct
}
"#;

#[test]
fn a_trust_policy_has_the_shape_of_the_documentation_of_eks() {
    let source = "cluster prod-eu on eks {\n  issuer = \"https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE\"\n  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n}\n";
    let document = document(source);
    let role = &document["aws"][0]["roles"][0];
    let issuer = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
    let expected = format!(
        "{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Principal\":{{\"Federated\":\"arn:aws:iam::111122223333:oidc-provider/{issuer}\"}},\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{{\"StringEquals\":{{\"{issuer}:aud\":\"sts.amazonaws.com\",\"{issuer}:sub\":\"system:serviceaccount:flux-system:source-controller\"}}}}}}]}}"
    );
    assert_eq!(text(role, "assume_role_policy"), expected);
}

#[test]
fn trust_policies_are_in_the_account_of_their_role_and_of_characters_that_iam_takes() {
    let document = document(EVERYTHING);
    let mut roles = BTreeSet::new();
    for account in list(&document, "aws") {
        for role in list(account, "roles") {
            let policy = text(role, "assume_role_policy");
            assert!(policy.chars().all(|letter| ('\u{20}'..='\u{ff}').contains(&letter)), "{policy}");
            assert!(policy.len() <= 8_192 && !policy.contains(", ") && !policy.contains(": "), "{policy}");
            let policy: Value = serde_yaml::from_str(policy).expect("JSON is YAML");
            let number = text(account, "account");
            for statement in list(&policy, "Statement") {
                if let Some(provider) = statement["Principal"]["Federated"].as_str() {
                    let known =
                        list(account, "oidc_providers").iter().any(|known| text(known, "arn") == provider);
                    assert!(known && provider.contains(&format!("::{number}:")), "{provider}");
                }
            }
            assert!(text(role, "arn").contains(&format!("::{number}:role{}", text(role, "path"))));
            assert!(roles.insert((number.to_owned(), text(role, "name").to_lowercase())));
        }
    }
    assert_eq!(roles.len(), 6);
}

#[test]
fn federated_credentials_have_names_that_azure_takes_and_tokens_that_are_said_once() {
    for identity in list(&document(EVERYTHING), "azure") {
        let (mut names, mut tokens) = (BTreeSet::new(), BTreeSet::new());
        for credential in list(identity, "federated_credentials") {
            let name = text(credential, "name");
            assert!((3..=120).contains(&name.len()), "{name}");
            assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{name}");
            assert!(name.as_bytes()[0].is_ascii_alphanumeric(), "{name}");
            assert!(names.insert(name.to_lowercase()), "{name} is there twice");
            assert!(tokens.insert((text(credential, "issuer"), text(credential, "subject"))));
            assert_eq!(texts(credential, "audiences"), ["api://AzureADTokenExchange"]);
        }
    }
}

#[test]
fn names_that_differ_in_letters_or_in_what_azure_does_not_take_stay_different() {
    let identity = "azure \"4a7272f9-f186-41af-9f84-6a92e32d7cd0\" { resource-id = \"/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/keys\" }";
    let long = "c".repeat(140);
    let names = ["a.b", "a-b", "a_b", "A.b", "A-B", "a", "ab_flux-system", long.as_str()];
    let clusters = names.iter().enumerate().map(|(at, name)| {
        format!("cluster {name} on kubernetes {{\n  output = \"clusters/{at}\"\n  issuer = \"https://oidc.example.com/{at}\"\n  source-controller -> {identity}\n}}\n")
    });
    let source =
        format!("tenant = \"72f988bf-86f1-41af-91ab-2d7cd011db47\"\n{}", clusters.collect::<String>());
    let document = document(&source);
    let credentials = list(&document["azure"][0], "federated_credentials");
    let all: BTreeSet<String> = credentials.iter().map(|it| text(it, "name").to_lowercase()).collect();
    assert_eq!(all.len(), names.len(), "{all:#?}");
    assert!(all.contains("a-b_flux-system_source-controller"), "{all:#?}");
    assert!(all.iter().all(|name| name.len() <= 120), "{all:#?}");
}

#[test]
fn the_issuer_of_aks_keeps_its_slash() {
    let committed = document(&source(&example("cross-cloud")));
    let credentials = list(&committed["azure"][0], "federated_credentials");
    let office = credentials.iter().find(|it| text(it, "name").starts_with("office_")).expect("it is there");
    assert!(text(office, "issuer").starts_with("https://westeurope.oic.prod-aks.azure.com/"));
    assert!(text(office, "issuer").ends_with('/'));
}

#[test]
fn members_and_principals_are_written_as_google_cloud_knows_them() {
    let document = document(EVERYTHING);
    let bindings: BTreeMap<&str, Vec<&str>> = list(&document["gcp"], "bindings")
        .iter()
        .map(|binding| (text(binding, "service_account"), texts(binding, "members")))
        .collect();
    let pool =
        "principal://iam.googleapis.com/projects/1234/locations/global/workloadIdentityPools/plants/subject";
    assert_eq!(
        bindings,
        BTreeMap::from([
            (
                "123456789012-compute@developer.gserviceaccount.com",
                vec!["serviceAccount:acme-data.svc.id.goog[flux-system/source-controller]"]
            ),
            (
                "flux-keys@acme-prod.iam.gserviceaccount.com",
                vec![format!("{pool}/system:serviceaccount:flux-system:kustomize-controller").as_str()]
            ),
        ])
    );
    let principals: Vec<&str> =
        list(&document["gcp"], "principals").iter().map(|it| text(it, "principal")).collect();
    let gke = "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/acme-data.svc.id.goog/subject/ns/flux-system/sa/notification-controller";
    let other = format!("{pool}/system:serviceaccount:flux-system:notification-controller");
    assert_eq!(principals, [other.as_str(), gke]);
}

// ---------------------------------------------------------------------------------------------------
// The forms

#[test]
fn no_text_of_a_terraform_module_is_a_template() {
    let modules = written(EVERYTHING, TrustForm::Terraform);
    let names: Vec<&str> = modules.iter().map(|(path, _)| path.split('/').next().expect("one")).collect();
    let azure = "azure-72f988bf-86f1-41af-91ab-2d7cd011db47";
    let accounts = ["aws-111122223333", "aws-444455556666", "aws-777788889999"];
    assert_eq!(names, [accounts.as_slice(), &[azure, "gcp"]].concat());
    for (path, module) in &modules {
        let rest = module.replace("$${", "").replace("%%{", "");
        assert!(!rest.contains("${") && !rest.contains("%{"), "{path}: {module}");
    }
    assert!(modules[0].1.contains("/flux/%%{x}/"), "{}", modules[0].1);
}

/// What Terraform makes of texts in its JSON syntax; nothing where it is not installed.
pub fn terraform_reads(files: &[(&str, &str)]) -> Option<Value> {
    let place = directory(files);
    let terraform = |arguments: &[&str]| {
        let mut command = Command::new("terraform");
        let _command = command
            .current_dir(place.path())
            .args(arguments)
            .env("HOME", place.path())
            .env("TF_CLI_CONFIG_FILE", "/dev/null")
            .env("CHECKPOINT_DISABLE", "1");
        command.output().ok().map(|output| {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            output.stdout
        })
    };
    let _initialised = terraform(&["init", "-input=false"])?;
    let _applied = terraform(&["apply", "-auto-approve", "-input=false"])?;
    Some(serde_yaml::from_slice(&terraform(&["output", "-json"])?).expect("JSON is YAML"))
}

#[test]
fn terraform_reads_of_texts_what_the_document_says() {
    let (_, module) = written(EVERYTHING, TrustForm::Terraform).remove(0);
    let module: Value = serde_yaml::from_str(&module).expect("JSON is YAML");
    let roles = module["resource"]["aws_iam_role"].as_mapping().expect("a mapping");
    let texts = roles.iter().flat_map(|(label, role)| {
        let label = label.as_str().expect("a text");
        ["name", "path", "assume_role_policy"].map(|key| (format!("{label}_{key}"), text(role, key)))
    });
    // Texts are JSON as Rust writes them: they are printable ASCII.
    let outputs: Vec<String> =
        texts.map(|(name, text)| format!("{name:?}: {{\"value\": {text:?}}}")).collect();
    let outputs = format!("{{\"output\": {{{}}}}}", outputs.join(", "));
    let Some(read) = terraform_reads(&[("outputs.tf.json", &outputs)]) else { return };
    let read: BTreeSet<&str> =
        read.as_mapping().expect("a mapping").values().map(|output| text(output, "value")).collect();
    let document = document(EVERYTHING);
    let roles = list(&document["aws"][0], "roles").iter();
    let said: BTreeSet<&str> =
        roles.flat_map(|role| ["name", "path", "assume_role_policy"].map(|key| text(role, key))).collect();
    assert_eq!(read, said);
}

#[test]
fn terraform_modules_have_resources_of_these_arguments_and_labels_that_terraform_takes() {
    let known: BTreeMap<&str, (Vec<&str>, Vec<&str>)> = BTreeMap::from([
        ("aws_iam_role", (vec!["name", "path", "assume_role_policy"], vec!["lifecycle"])),
        ("aws_iam_role_policy", (vec!["name", "role", "policy"], vec!["depends_on"])),
        (
            "aws_eks_pod_identity_association",
            (
                vec!["cluster_name", "namespace", "service_account", "role_arn"],
                vec!["region", "target_role_arn", "disable_session_tags", "depends_on"],
            ),
        ),
        (
            "azurerm_federated_identity_credential",
            (vec!["name", "user_assigned_identity_id", "issuer", "subject", "audience"], vec!["depends_on"]),
        ),
        ("google_service_account_iam_member", (vec!["service_account_id", "role", "member"], vec![])),
    ]);
    let mut met = BTreeSet::new();
    for (path, module) in written(EVERYTHING, TrustForm::Terraform) {
        let module: Value = serde_yaml::from_str(&module).expect("JSON is YAML");
        for (kind, resources) in module["resource"].as_mapping().expect("a mapping") {
            let kind = kind.as_str().expect("a text");
            let (required, optional) = &known[kind];
            let _new = met.insert(kind.to_owned());
            for (label, resource) in resources.as_mapping().expect("a mapping") {
                let label = label.as_str().expect("a text");
                let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
                assert!(label.bytes().all(is_letter) && label.as_bytes()[0].is_ascii_alphabetic(), "{label}");
                let keys: BTreeSet<&str> =
                    resource.as_mapping().expect("a mapping").keys().filter_map(Value::as_str).collect();
                assert!(required.iter().all(|key| keys.contains(key)), "{path} {label}: {keys:?}");
                assert!(keys.iter().all(|key| required.contains(key) || optional.contains(key)), "{keys:?}");
                for wanted in resource["depends_on"].as_sequence().into_iter().flatten() {
                    let (kind, label) = wanted.as_str().expect("a text").split_once('.').expect("a name");
                    assert!(module["resource"][kind][label].is_mapping(), "{wanted:?}");
                }
            }
        }
    }
    assert_eq!(met.len(), known.len());
}

/// Reads commands as `sh` does that runs them with credentials of each of these AWS accounts: the arguments of each, one
/// a line. What is for no AWS account is heard once. `left_out`: how many accounts each run leaves out.
pub fn heard(script: &str, accounts: &[&str], left_out: usize) -> Vec<Vec<String>> {
    let say = |name: &str| format!("{name}() {{ printf '%s\\n' {name} \"$@\" --; }}\n");
    let stubs = ["az", "gcloud"].map(say).concat();
    let mut heard: Vec<Vec<String>> = Vec::new();
    for account in accounts {
        let aws = format!(
            "aws() {{ if [ \"$1\" = sts ]; then echo {account}; else printf '%s\\n' aws \"$@\" --; fi; }}\n"
        );
        let output = Command::new("sh").arg("-c").arg(aws + &stubs + script).output().expect("sh runs");
        let complaints = String::from_utf8_lossy(&output.stderr).lines().count();
        assert_eq!(complaints, left_out, "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8(output.stdout).expect("UTF-8");
        let commands = said.split("--\n").filter(|command| !command.is_empty());
        let commands = commands.map(|command| command.lines().map(str::to_owned).collect());
        let is_new = |command: &Vec<String>| heard.is_empty() || command[0] == "aws";
        let new: Vec<Vec<String>> = commands.filter(is_new).collect();
        heard.extend(new);
    }
    heard
}

pub fn option<'c>(command: &'c [String], name: &str) -> &'c str {
    let at = command.iter().position(|word| word == name).expect(name);
    &command[at + 1]
}

#[test]
fn the_shell_hears_of_commands_what_the_document_says() {
    let document = document(EVERYTHING);
    let (_, script) = written(EVERYTHING, TrustForm::Commands).remove(0);
    let accounts: Vec<&str> = list(&document, "aws").iter().map(|account| text(account, "account")).collect();
    let commands = heard(&script, &accounts, accounts.len() - 1);
    let of = |word: &str| {
        commands.iter().filter(|command| command.iter().any(|it| it == word)).collect::<Vec<_>>()
    };
    let roles: Vec<&Value> =
        list(&document, "aws").iter().flat_map(|account| list(account, "roles")).collect();
    let policies = of("update-assume-role-policy");
    assert_eq!(policies.len(), roles.len());
    for (command, role) in policies.iter().zip(roles) {
        assert_eq!(option(command, "--role-name"), text(role, "name"));
        assert_eq!(option(command, "--policy-document"), text(role, "assume_role_policy"));
    }
    let credentials: Vec<&Value> = list(&document, "azure")
        .iter()
        .flat_map(|identity| list(identity, "federated_credentials"))
        .collect();
    let created = of("federated-credential");
    assert_eq!(created.len(), credentials.len());
    for (command, credential) in created.iter().zip(credentials) {
        assert_eq!(option(command, "--name"), text(credential, "name"));
        assert_eq!(option(command, "--issuer"), text(credential, "issuer"));
        assert_eq!(option(command, "--subject"), text(credential, "subject"));
        assert_eq!(option(command, "--resource-group"), "it(flux)");
    }
    let bindings = list(&document["gcp"], "bindings");
    let bound = of("add-iam-policy-binding");
    assert_eq!(bound.len(), bindings.len());
    for (command, binding) in bound.iter().zip(bindings) {
        assert!(command.iter().any(|word| word == text(binding, "service_account")));
        assert_eq!(option(command, "--member"), texts(binding, "members")[0]);
    }
    assert_eq!(of("create-pod-identity-association").len(), 2);
}

#[test]
fn the_document_is_what_its_description_says() {
    let schema = fs::read_to_string(harness::project().join("docs/trust.schema.json")).expect("it is there");
    let schema: Value = serde_yaml::from_str(&schema).expect("JSON is YAML");
    let mut document = document(EVERYTHING);
    let banner = document.as_mapping_mut().expect("a mapping").remove("//");
    assert!(banner.is_some());
    conforms(&document, &schema, "the document");
}

/// Whether a value is what a schema says, as far as ours go: types, properties, items.
fn conforms(value: &Value, schema: &Value, place: &str) {
    match schema["type"].as_str().expect("a type") {
        "string" => assert!(value.is_string(), "{place}"),
        "boolean" => assert!(value.is_bool(), "{place}"),
        "integer" => assert_eq!(Some(value), schema.get("const"), "{place}"),
        "array" => {
            for item in value.as_sequence().unwrap_or_else(|| panic!("{place} is a list")) {
                conforms(item, &schema["items"], &format!("{place}, an item"));
            }
        }
        "object" => {
            let value = value.as_mapping().unwrap_or_else(|| panic!("{place} is an object"));
            for required in schema["required"].as_sequence().into_iter().flatten() {
                assert!(value.contains_key(required), "{place} has {required:?}");
            }
            for (key, value) in value {
                let known = &schema["properties"][key];
                assert!(known.is_mapping(), "{place} has {key:?}");
                conforms(value, known, &format!("{place}, {key:?}"));
            }
        }
        other => panic!("{place}: {other}"),
    }
}

// ---------------------------------------------------------------------------------------------------
// The command and its files

const FLEET: &str = "cluster a on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\" { via = pod-identity }\n}\n";

#[test]
fn what_is_right_is_not_written_again() {
    let place = repository(&[("identity.flux", FLEET)]);
    for form in ["json", "terraform", "cli"] {
        let first = run(place.path(), &["trust", "--form", form, "-o", "cloud/side"]);
        assert_eq!(first.status, 0, "{}", first.stderr);
        assert!(first.stdout.ends_with("1 file, 1 written\n"), "{}", first.stdout);
        let second = run(place.path(), &["trust", "--form", form, "-o", "cloud/side"]);
        assert_eq!((second.status, second.stdout.as_str()), (0, "1 file, nothing to do\n"));
    }
    let first = read(&place, "cloud/side/trust.json");
    let banner =
        "{\n  \"//\": \"Code generated by flux-identity from ../../identity.flux; DO NOT EDIT. sha256:";
    assert!(first.starts_with(banner), "{first}");
}

#[test]
fn a_file_that_was_edited_or_is_not_ours_is_refused() {
    for (form, path) in [
        ("json", "t/trust.json"),
        ("cli", "t/trust.sh"),
        ("terraform", "t/aws-111122223333/flux-identity.tf.json"),
    ] {
        let place = repository(&[("identity.flux", FLEET)]);
        assert_eq!(run(place.path(), &["trust", "--form", form, "-o", "t"]).status, 0);
        let right = read(&place, path);
        fs::write(place.path().join(path), right.replace("source-controller", "other"))
            .expect("it is written");
        let edited = run(place.path(), &["trust", "--form", form, "-o", "t"]);
        assert!(edited.status == 1 && edited.stderr.contains("F0402"), "{form}: {}", edited.stderr);
        assert_eq!(run(place.path(), &["trust", "--form", form, "-o", "t", "--force"]).status, 0);
        assert_eq!(read(&place, path), right);
        fs::write(place.path().join(path), "{\n  \"mine\": 1\n}\n").expect("it is written");
        let foreign = run(place.path(), &["trust", "--form", form, "-o", "t"]);
        assert!(foreign.status == 1 && foreign.stderr.contains("F0401"), "{form}: {}", foreign.stderr);
        assert_eq!(run(place.path(), &["trust", "--form", form, "-o", "t", "--adopt"]).status, 0);
        assert_eq!(read(&place, path), right);
    }
}

#[test]
fn a_stale_file_of_ours_is_written_anew() {
    let place = repository(&[("identity.flux", FLEET)]);
    assert_eq!(run(place.path(), &["trust", "-o", "t"]).status, 0);
    fs::write(place.path().join("identity.flux"), FLEET.replace("source-", "kustomize-"))
        .expect("it is written");
    let again = run(place.path(), &["trust", "-o", "t"]);
    assert_eq!((again.status, again.stdout.as_str()), (0, "changed t/trust.json\n1 file, 1 written\n"));
}

#[test]
fn nothing_is_written_outside_of_the_directory_of_the_source() {
    let place = directory(&[("in/identity.flux", FLEET)]);
    for into in ["..", "../out", "/nowhere", "a b", "x/../../y"] {
        let refused = run(&place.path().join("in"), &["trust", "-o", into]);
        assert_eq!((refused.status, refused.stdout.as_str()), (2, ""), "{into}: {}", refused.stderr);
    }
    let named = run(place.path(), &["trust", "--file", "in/identity.flux", "-o", "in/t"]);
    assert_eq!((named.status, named.stderr.as_str()), (0, ""));
    assert_eq!(named.stdout, "created in/t/trust.json\n1 file, 1 written\n");
}

const GONE: &str = "t/aws-111122223333/flux-identity.tf.json";

/// A repository with the module of an account that has left the fleet.
fn left() -> tempfile::TempDir {
    let place = repository(&[("identity.flux", FLEET)]);
    assert_eq!(run(place.path(), &["trust", "--form", "terraform", "-o", "t"]).status, 0);
    let moved = FLEET.replace("111122223333", "444455556666");
    fs::write(place.path().join("identity.flux"), moved).expect("it is written");
    place
}

#[test]
fn a_module_that_no_account_needs_is_named_and_goes_if_that_is_asked_for() {
    let place = left();
    let asked = ["trust", "--form", "terraform", "-o", "t"];
    let named = run(place.path(), &asked);
    let told = format!("the fleet no longer needs `{GONE}`; `--prune` removes it\n");
    assert_eq!((named.status, named.stderr), (0, told));
    assert!(place.path().join(GONE).exists());
    let pruned = run(place.path(), &[&asked[..], &["--prune"]].concat());
    let said = format!("removed {GONE}\n1 file, 1 removed\n");
    assert_eq!((pruned.status, pruned.stdout, pruned.stderr.as_str()), (0, said, ""));
    assert!(!place.path().join("t/aws-111122223333").exists());
    let again = run(place.path(), &[&asked[..], &["--prune"]].concat());
    assert_eq!((again.stdout.as_str(), again.stderr.as_str()), ("1 file, nothing to do\n", ""));
}

#[test]
fn a_module_that_was_edited_is_reported_and_nothing_is_removed() {
    let place = left();
    let edited = read(&place, GONE).replace("source-controller", "other");
    fs::write(place.path().join(GONE), &edited).expect("it is written");
    let refused = run(place.path(), &["trust", "--form", "terraform", "-o", "t", "--prune"]);
    assert!(refused.status == 1 && refused.stderr.contains("F0413"), "{}", refused.stderr);
    assert_eq!(read(&place, GONE), edited);
    let quiet = run(place.path(), &["trust", "--form", "terraform", "-o", "t"]);
    assert_eq!((quiet.status, quiet.stderr.as_str()), (0, ""));
}

#[cfg(unix)]
#[test]
fn what_is_wrong_with_a_file_names_the_options_of_this_command() {
    let place = left();
    let said = |arguments: &[&str]| {
        let run = run(place.path(), &[&["trust", "--form", "terraform", "-o", "t"], arguments].concat());
        assert_eq!(run.status, 1, "{}", run.stderr);
        for word in ["build", "overlay", "belongs to no cluster", "the cluster", "patch", "`output`"] {
            assert!(!run.stderr.contains(word), "{word}: {}", run.stderr);
        }
        run.stderr
    };
    let write = |path: &str, text: &str| fs::write(place.path().join(path), text).expect("it is written");
    let right = read(&place, GONE);
    write(GONE, &right.replace("source-controller", "other"));
    let orphan = said(&["--prune"]);
    assert!(orphan.contains("no cluster needs this file, which was edited by hand"), "{orphan}");
    write("identity.flux", FLEET);
    assert!(said(&[]).contains("add `--force` to discard them"));
    write(GONE, "{\n  \"mine\": 1\n}\n");
    assert!(said(&[]).contains("add `--adopt` to overwrite the file"));
    write(GONE, &right.replace("../../identity.flux", "../../other.flux"));
    assert!(said(&[]).contains("generated from another source, `../../other.flux`"));
    fs::remove_file(place.path().join(GONE)).expect("it is there");
    fs::create_dir(place.path().join(GONE)).expect("it is made");
    assert!(said(&[]).contains("a directory exists at the path of a trust file"));
    fs::remove_dir(place.path().join(GONE)).expect("it is there");
    std::os::unix::fs::symlink("elsewhere", place.path().join(GONE)).expect("it is made");
    assert!(said(&[]).contains("write to another directory with `-o`"));
}

/// kustomize reads what a kustomization names, and Flux what ends in `.yaml` or `.yml`.
/// Source: `scan` in `kustomize/kustomize_generator.go` of fluxcd/pkg.
#[test]
fn in_the_directory_of_an_overlay_nothing_minds_what_trust_writes() {
    let place = built(FLEET);
    let overlay = "clusters/a/flux-system";
    fs::write(place.path().join("clusters/kustomization.yml"), "kind: Kustomization\n")
        .expect("it is written");
    for into in [overlay, "clusters/a", "clusters"] {
        for form in ["json", "terraform", "cli"] {
            let written = run(place.path(), &["trust", "--form", form, "-o", into]);
            assert_eq!((written.status, written.stderr.as_str()), (0, ""), "{into}");
        }
    }
    let files = trees::texts(place.path());
    let ending = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    let read_by_flux = files.iter().map(|(name, _)| name.as_str());
    let names: Vec<&str> =
        read_by_flux.filter(|name| ["yaml", "yml"].contains(&ending(name).as_str())).collect();
    assert_eq!(names, ["clusters/a/flux-system/kustomization.yaml", "clusters/kustomization.yml"]);
    let again = run(place.path(), &["build", "--prune"]);
    assert_eq!((again.status, again.stdout.contains("nothing to do")), (0, true), "{}", again.stdout);
    assert_eq!(run(place.path(), &["check"]).status, 0);
    assert_eq!(trees::texts(place.path()), files);
}

#[test]
fn what_is_no_module_of_this_source_stays() {
    let place = left();
    let module = read(&place, GONE);
    let others = [
        ("t/aws-999988887777/flux-identity.tf.json", "{\n  \"mine\": 1\n}\n".to_owned()),
        ("t/gcp/flux-identity.tf.json", module.replace("../../identity.flux", "../../other.flux")),
        ("t/own/flux-identity.tf.json", module.clone()),
        ("t/aws-111122223333/main.tf", String::new()),
        ("t/trust.json", module),
    ];
    for (path, text) in &others {
        let path = place.path().join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("the directory is made");
        fs::write(path, text).expect("it is written");
    }
    let pruned = run(place.path(), &["trust", "--form", "terraform", "-o", "t", "--prune"]);
    assert!(pruned.stdout.contains(&format!("removed {GONE}\n")), "{}{}", pruned.stdout, pruned.stderr);
    assert!(pruned.stdout.ends_with("1 file, 1 written, 1 removed\n"), "{}", pruned.stdout);
    for (path, text) in &others {
        assert_eq!(read(&place, path), *text, "{path}");
    }
}

#[test]
fn several_modules_want_a_directory() {
    let place = repository(&[("identity.flux", EVERYTHING)]);
    let refused = run(place.path(), &["trust", "--form", "terraform"]);
    assert_eq!((refused.status, refused.stdout.as_str()), (2, ""), "{}", refused.stderr);
    assert!(refused.stderr.contains("-o DIR"), "{}", refused.stderr);
}

#[test]
fn what_is_missing_ends_the_command_with_1_and_writes_nothing() {
    let source =
        "cluster a on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n}\n";
    let place = repository(&[("identity.flux", source)]);
    let refused = run(place.path(), &["trust", "-o", "t"]);
    assert_eq!((refused.status, refused.stdout.as_str()), (1, ""));
    assert!(refused.stderr.contains("F0361") && !place.path().join("t").exists(), "{}", refused.stderr);
    assert_eq!(run(place.path(), &["build"]).status, 0);
}

// ---------------------------------------------------------------------------------------------------
// Trust and sources

proptest! {
    #![proptest_config(one_in(2))]

    #[test]
    fn order_says_nothing_to_trust(source in fleet()) {
        let parts: Vec<&str> = source.split("cluster ").collect();
        let turned: Vec<&str> = parts[..1].iter().chain(parts[1..].iter().rev()).copied().collect();
        let (fleet, turned) = (right(&source), right(&turned.join("cluster ")));
        for form in TrustForm::ALL {
            prop_assert_eq!(written_of(&fleet, form), written_of(&turned, form));
        }
    }
}

#[test]
fn an_overlay_that_needs_no_trust_makes_a_document_of_nothing() {
    let source = "cluster a on eks {}\n";
    assert_eq!(overlays(source).len(), 1);
    assert!(list(&document(source), "aws").is_empty() && list(&document(source), "azure").is_empty());
}

// ---------------------------------------------------------------------------------------------------
// `trust` statements

/// Who may assume which role: the name of the role, and the names of the ServiceAccounts.
fn subjects_by_role(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let document = document(source);
    let roles = list(&document, "aws").iter().flat_map(|account| list(account, "roles"));
    let subjects = |role: &Value| -> BTreeSet<String> {
        let policy: Value = serde_yaml::from_str(text(role, "assume_role_policy")).expect("JSON is YAML");
        let statements = list(&policy, "Statement").iter();
        let conditions = statements.filter_map(|it| it["Condition"]["StringEquals"].as_mapping());
        let of_subjects =
            conditions.flatten().filter(|(key, _)| key.as_str().expect("a text").ends_with(":sub"));
        let names = of_subjects.flat_map(|(_, names)| match names {
            Value::Sequence(names) => names.clone(),
            Value::String(_) => vec![names.clone()],
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Mapping(_) | Value::Tagged(_) => vec![],
        });
        let short = |name: Value| name.as_str()?.rsplit(':').next().map(str::to_owned);
        names.filter_map(short).collect()
    };
    roles.map(|role| (text(role, "name").to_owned(), subjects(role))).collect()
}

fn with_issuer(statements: &str) -> String {
    format!(
        "cluster dev on eks {{\n  issuer = \"https://oidc.example.com/dev\"\n  account = \"111122223333\"\n  \
         role old = aws \"arn:aws:iam::111122223333:role/old\"\n  \
         role new = aws \"arn:aws:iam::111122223333:role/new\"\n{statements}}}\n"
    )
}

fn by_role<const N: usize>(roles: [(&str, &[&str]); N]) -> BTreeMap<String, BTreeSet<String>> {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    roles.into_iter().map(|(role, names)| (role.to_owned(), set(names))).collect()
}

#[test]
fn clouds_trust_who_is_mapped_and_who_has_a_trust_statement() {
    let source = with_issuer(
        "  source-controller -> old\n  trust source-controller, helm-controller -> new\n  \
         trust service-account apps/web -> old\n  flux = \"2.9\"\n",
    );
    let expected =
        by_role([("new", &["helm-controller", "source-controller"]), ("old", &["source-controller", "web"])]);
    assert_eq!(subjects_by_role(&source), expected);
}

#[test]
fn a_trust_statement_may_name_several_roles_of_one_cloud_and_one_that_is_given() {
    let source = with_issuer("  source-controller -> old\n  trust source-controller -> old, new\n");
    let expected = by_role([("new", &["source-controller"]), ("old", &["source-controller"])]);
    assert_eq!(subjects_by_role(&source), expected);
}

#[test]
fn a_trust_statement_of_none_takes_the_inherited_one_away() {
    let source = format!(
        "profile base {{\n  trust source-controller -> aws \"arn:aws:iam::111122223333:role/new\"\n}}\n{}",
        with_issuer(
            "  use base\n  source-controller -> old\n  helm-controller -> new\n  trust source-controller -> none\n"
        )
    );
    let expected = by_role([("new", &["helm-controller"]), ("old", &["source-controller"])]);
    assert_eq!(subjects_by_role(&source), expected);
}

#[test]
fn a_role_of_pod_identity_that_is_only_trusted_has_no_association() {
    let source = with_issuer(
        "  source-controller -> aws \"arn:aws:iam::111122223333:role/old\" { via = pod-identity }\n  \
         trust source-controller -> aws \"arn:aws:iam::111122223333:role/new\" { via = pod-identity }\n",
    );
    let document = document(&source);
    let account = &list(&document, "aws")[0];
    let associated: Vec<&str> =
        list(account, "pod_identity_associations").iter().map(|one| text(one, "role_arn")).collect();
    assert_eq!(associated, ["arn:aws:iam::111122223333:role/old"]);
    let trusting = list(account, "roles")
        .iter()
        .filter(|role| text(role, "assume_role_policy").contains("pods.eks.amazonaws.com"));
    assert_eq!(trusting.count(), 2);
}

#[test]
fn identities_that_are_only_trusted_are_isolated_too() {
    let source = format!(
        "isolate new by stage\nlet stage = \"${{cluster}}\"\n{}{}",
        with_issuer("  source-controller -> new\n"),
        with_issuer("  trust source-controller -> new\n").replace("dev", "prod"),
    );
    let (fleet, findings) = check(&source);
    assert!(fleet.is_none());
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["F0341"]);
}

// ---------------------------------------------------------------------------------------------------
// `trust-output`

/// Two clusters of two accounts, with a directory for trust.
const WITH_OUTPUT: &str = r#"
trust-output = "clouds"
issuer       = "https://oidc.example.com/${cluster}"

cluster a on eks { source-controller -> aws "arn:aws:iam::111122223333:role/one" }
cluster b on eks { source-controller -> aws "arn:aws:iam::444455556666:role/two" }
"#;
const OVERLAY: &str = "clusters/a/flux-system/kustomization.yaml";
const ONE: &str = "clouds/aws-111122223333/flux-identity.tf.json";
const TWO: &str = "clouds/aws-444455556666/flux-identity.tf.json";

/// The codes of a check, and the files that it names, in their order.
fn drift(place: &std::path::Path) -> Vec<(String, String)> {
    let check = run(place, &["check", "--format", "short", "--deny", "warnings"]);
    let line = |line: &str| {
        let (path, rest) = line.split_once(": ")?;
        Some((rest.get(6..11)?.to_owned(), path.to_owned()))
    };
    check.stderr.lines().filter(|it| it.contains("error[")).filter_map(line).collect()
}

fn drifts<const N: usize>(expected: [(&str, &str); N]) -> Vec<(String, String)> {
    expected.map(|(code, path)| (code.to_owned(), path.to_owned())).to_vec()
}

#[test]
fn a_build_writes_the_trust_of_the_whole_fleet() {
    let place = built(WITH_OUTPUT);
    let module: Value = serde_yaml::from_str(&read(&place, ONE)).expect("JSON is YAML");
    assert_eq!(module["resource"]["aws_iam_role"]["role_one"]["name"].as_str(), Some("one"));
    assert!(read(&place, TWO).contains("oidc.example.com/b"));
    assert_eq!(drift(place.path()), []);
    let outputs = run(place.path(), &["outputs"]).stdout;
    let expected = [OVERLAY, &OVERLAY.replace("/a/", "/b/"), ONE, TWO].map(|path| format!("./{path}\n"));
    assert_eq!(outputs.replace("./", ""), expected.concat().replace("./", ""));
}

#[test]
fn trust_of_a_cluster_that_leaves_is_removed_by_a_pruning_build() {
    let place = built(WITH_OUTPUT);
    let (left, _) = WITH_OUTPUT.split_once("cluster b").expect("it is there");
    fs::write(place.path().join("identity.flux"), left).expect("it is written");
    let overlay = OVERLAY.replace("/a/", "/b/");
    assert_eq!(drift(place.path()), drifts([("F0412", TWO), ("F0412", &overlay)]));
    let pruned = run(place.path(), &["build", "--prune"]);
    assert_eq!(pruned.stdout, format!("removed {TWO}\nremoved {overlay}\n2 files, 2 removed\n"));
    assert_eq!(drift(place.path()), []);
}

#[test]
fn a_change_of_the_form_replaces_the_files() {
    let place = built(WITH_OUTPUT);
    fs::write(place.path().join("identity.flux"), format!("trust-form = json{WITH_OUTPUT}"))
        .expect("written");
    let expected = drifts([("F0412", ONE), ("F0412", TWO), ("F0410", "clouds/trust.json")]);
    assert_eq!(drift(place.path()), expected);
    let pruned = run(place.path(), &["build", "--prune"]);
    assert_eq!(pruned.stdout.lines().last(), Some("3 files, 1 written, 2 removed"));
    assert_eq!(drift(place.path()), []);
}

#[test]
fn edited_trust_is_refused_and_nothing_is_written() {
    let place = built(WITH_OUTPUT);
    let edited = read(&place, ONE).replace("\"one\"", "\"mine\"");
    fs::write(place.path().join(ONE), &edited).expect("it is written");
    fs::write(place.path().join("identity.flux"), WITH_OUTPUT.replace("role/two", "role/three"))
        .expect("written");
    let expected = drifts([("F0402", ONE), ("F0411", TWO), ("F0411", &OVERLAY.replace("/a/", "/b/"))]);
    assert_eq!(drift(place.path()), expected);
    let refused = run(place.path(), &["build"]);
    assert_eq!((refused.status, refused.stdout.as_str()), (1, ""));
    assert_eq!(read(&place, ONE), edited);
    assert!(!read(&place, TWO).contains("three"));
    assert_eq!(run(place.path(), &["build", "--force"]).status, 0);
    assert_eq!(drift(place.path()), []);
}

#[cfg(unix)]
#[test]
fn what_is_wrong_with_a_file_of_trust_output_names_build_and_the_setting() {
    let place = built(WITH_OUTPUT);
    let said = |arguments: &[&str]| {
        let run = run(place.path(), arguments);
        assert_eq!(run.status, 1, "{}", run.stderr);
        for word in ["`-o`", "same command", "`output`", "`patch", "belongs to no cluster"] {
            assert!(!run.stderr.contains(word), "{word}: {}", run.stderr);
        }
        run.stderr
    };
    let write = |path: &str, text: &str| fs::write(place.path().join(path), text).expect("it is written");
    let right = read(&place, ONE);
    write(ONE, &right.replace("\"one\"", "\"mine\""));
    assert!(said(&["build"]).contains("`flux-identity build --force` discards them"));
    write(ONE, "{\n  \"mine\": 1\n}\n");
    assert!(
        said(&["check"]).contains("set another `trust-output`; `flux-identity build --adopt` overwrites")
    );
    write(ONE, &right.replace("../../identity.flux", "../../other.flux"));
    assert!(said(&["build"]).contains("generated from another source, `../../other.flux`"));
    fs::remove_file(place.path().join(ONE)).expect("it is there");
    assert!(said(&["check"]).contains("run `flux-identity build`"));
    std::os::unix::fs::symlink("elsewhere", place.path().join(ONE)).expect("it is made");
    assert!(said(&["check"]).contains("or set another `trust-output`"));
    fs::remove_file(place.path().join(ONE)).expect("it is there");
    fs::create_dir(place.path().join(ONE)).expect("it is made");
    assert!(said(&["build"]).contains("a directory exists at the path of a trust file"));
    fs::remove_dir(place.path().join(ONE)).expect("it is there");
    write(ONE, &right);
    let (left, _) = WITH_OUTPUT.split_once("cluster b").expect("it is there");
    write("identity.flux", left);
    fs::remove_dir_all(place.path().join("clusters/b")).expect("it is there");
    let orphan = said(&["check"]);
    assert!(orphan.contains("no cluster needs this file\n"), "{orphan}");
    assert!(
        orphan.contains("`flux-identity build --prune` removes it, and nothing from the cloud"),
        "{orphan}"
    );
    write(TWO, &read(&place, TWO).replace("\"two\"", "\"mine\""));
    let edited = said(&["build", "--prune"]);
    assert!(edited.contains("no cluster needs this file, which was edited by hand"), "{edited}");
}

#[test]
fn trust_in_the_directory_before_is_reported_and_removed_by_a_pruning_build() {
    for form in TrustForm::ALL.map(TrustForm::name) {
        let source = |directory: &str| {
            let allow = "allow F0386 \"another cluster applies them\"\nregion = \"eu-west-1\"\n";
            let azure = "cluster c on kubernetes {\n  tenant = \"72f988bf-86f1-41af-91ab-2d7cd011db47\"\n  helm-controller -> azure \"4a7272f9-f186-41af-9f84-6a92e32d7cd0\" { resource-id = \"/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/keys\" }\n  kustomize-controller -> gcp \"flux-keys@acme-prod.iam.gserviceaccount.com\"\n  workload-identity-provider = \"projects/1234/locations/global/workloadIdentityPools/pool/providers/flux\"\n}\n";
            let text = WITH_OUTPUT.replace("\"clouds\"", &format!("\"{directory}\""));
            format!("trust-form = {form}\n{allow}{text}{azure}")
        };
        let place = built(&source("clouds"));
        let before = trees::texts(&place.path().join("clouds"));
        // Written on purpose, in another form.
        let other = if form == "json" { "terraform" } else { "json" };
        assert_eq!(run(place.path(), &["trust", "--form", other, "-o", "docs"]).status, 0, "{form}");
        let kept = trees::texts(&place.path().join("docs"));
        fs::write(place.path().join("identity.flux"), source("infra/trust")).expect("it is written");
        let checked = run(place.path(), &["check", "--format", "short"]).stderr;
        for (path, _) in &before {
            assert!(checked.contains(&format!("clouds/{path}: error[F0412]")), "{form} {path}: {checked}");
        }
        let pruned = run(place.path(), &["build", "--prune"]);
        assert_eq!(pruned.status, 0, "{form}: {}", pruned.stderr);
        assert!(!place.path().join("clouds").exists(), "{form}: {}", pruned.stdout);
        assert_eq!(trees::texts(&place.path().join("docs")), kept, "{form}");
        assert_eq!(run(place.path(), &["check"]).status, 0, "{form}");
    }
}

#[test]
fn a_selection_of_clusters_leaves_trust_alone() {
    let place = repository(&[("identity.flux", WITH_OUTPUT)]);
    let some = run(place.path(), &["build", "--cluster", "a"]);
    assert!(
        some.stdout.starts_with(&format!("created {OVERLAY}\n1 overlay, 1 written\n")),
        "{}",
        some.stdout
    );
    let outputs = run(place.path(), &["outputs", "--cluster", "a"]).stdout;
    assert_eq!(outputs.lines().count(), 1, "{outputs}");
}

#[test]
fn a_build_that_writes_trust_needs_what_trust_needs() {
    let source = WITH_OUTPUT.replace("issuer ", "let issuers ");
    let place = repository(&[("identity.flux", &source)]);
    let refused = run(place.path(), &["build"]);
    assert_eq!(refused.status, 1);
    assert!(refused.stderr.contains("error[F0361]"), "{}", refused.stderr);
}

#[test]
fn the_command_writes_the_form_of_a_source_that_generates_trust_and_prints_json() {
    let place = repository(&[("identity.flux", WITH_OUTPUT)]);
    let written = run(place.path(), &["trust", "-o", "t"]);
    assert_eq!(written.status, 0, "{}", written.stderr);
    assert!(
        written.stdout.contains("created t/aws-111122223333/flux-identity.tf.json"),
        "{}",
        written.stdout
    );
    let printed = run(place.path(), &["trust"]);
    assert!(printed.stdout.starts_with("{\n"), "{}", printed.stdout);
}

#[test]
fn trust_is_compared_with_a_directory_without_writing() {
    let place = repository(&[("identity.flux", WITH_OUTPUT)]);
    let asked = ["trust", "--form", "terraform", "-o", "t"];
    let differs = run(place.path(), &[&asked[..], &["--check"]].concat());
    assert_eq!(differs.status, 1);
    assert!(differs.stderr.contains("error[F0410]: t/aws-111122223333/"), "{}", differs.stderr);
    assert!(differs.stderr.contains("\n2 errors\n"), "{}", differs.stderr);
    assert!(!place.path().join("t").exists());
    assert_eq!(run(place.path(), &asked).status, 0);
    let same = run(place.path(), &[&asked[..], &["--check"]].concat());
    assert_eq!((same.status, same.stdout.as_str()), (0, "2 files, no differences\n"));
}
