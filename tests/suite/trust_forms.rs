//! The forms of trust: each says what the JSON document says, as far as it goes, and nothing else.
//!
//! `FLUX_IDENTITY_DATA` has the schemas of Kubernetes objects in `crds`. Terraform, where it is installed, reads the worked
//! example of `docs/trust.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use flux_identity::model::{TrustForm, TrustSubjects};
use proptest::prelude::*;
use proptest::sample::select;
use serde::Deserialize as _;
use serde_json::{Map, Value, json};

use crate::harness::{self, directory, run};
use crate::layers::one_in;
use crate::place::repository;
use crate::real::{kustomize, prove};
use crate::trust::{EVERYTHING, heard, option, terraform_reads, written};
use crate::trusted::fleet;

const OBJECTS: [TrustForm; 4] =
    [TrustForm::Aso, TrustForm::Ack, TrustForm::ConfigConnector, TrustForm::Crossplane];

// ---------------------------------------------------------------------------------------------------
// Each form read back

type Rows<const N: usize> = BTreeSet<[String; N]>;

/// What a form says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Told {
    /// Account, role, policy.
    policies: Rows<3>,
    /// Account, URL, audience.
    providers: Rows<3>,
    /// Account, cluster, namespace, ServiceAccount, role, target role, whether there are no session tags.
    associations: Rows<7>,
    /// Account, role, the policy by which it assumes others.
    target_policies: Rows<3>,
    /// Resource id, name, issuer, subject, audience.
    credentials: Rows<5>,
    /// Google service account, member.
    members: Rows<2>,
    principals: Rows<1>,
}

fn row<const N: usize>(texts: [&str; N]) -> [String; N] {
    texts.map(str::to_owned)
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} of {value}"))
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().unwrap_or_else(|| panic!("{key} of {value}"))
}

fn texts<'v>(value: &'v Value, key: &str) -> Vec<&'v str> {
    list(value, key).iter().map(|it| it.as_str().expect("a text")).collect()
}

/// The entries of an object; none if it is not there.
fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

impl Told {
    fn policy(&mut self, account: &str, role: &str, policy: &str) {
        let _new = self.policies.insert(row([account, role, policy]));
    }

    fn providers(&mut self, account: &str, url: &str, audiences: &[&str]) {
        self.providers.extend(audiences.iter().map(|audience| row([account, url, audience])));
    }

    /// `keys`: of the cluster, the namespace, the ServiceAccount, the role, its target and the session tags.
    fn association(&mut self, account: &str, said: &Value, keys: [&str; 6]) {
        let [cluster, namespace, name, role, target, tags] = keys;
        let [cluster, namespace, name, role] = [cluster, namespace, name, role].map(|key| text(said, key));
        let target = said[target].as_str().unwrap_or_default();
        let tags = if said[tags] == Value::Bool(true) { "disabled" } else { "" };
        let _new = self.associations.insert(row([account, cluster, namespace, name, role, target, tags]));
    }

    fn target_policy(&mut self, account: &str, role: &str, policy: &str) {
        let _new = self.target_policies.insert(row([account, role, policy]));
    }

    fn credential(&mut self, identity: &str, name: &str, said: &Value, audiences: &str) {
        let (issuer, subject) = (text(said, "issuer"), text(said, "subject"));
        let audiences = texts(said, audiences).into_iter();
        self.credentials.extend(audiences.map(|it| row([identity, name, issuer, subject, it])));
    }

    fn member(&mut self, account: &str, member: &str) {
        let _new = self.members.insert(row([account, member]));
    }
}

const ASSOCIATION: [&str; 6] =
    ["cluster_name", "namespace", "service_account", "role_arn", "target_role_arn", "disable_session_tags"];

fn json_document(source: &str) -> Value {
    serde_json::from_str(&written(source, TrustForm::Json).remove(0).1).expect("JSON")
}

fn of_document(document: &Value) -> Told {
    let mut told = Told::default();
    for account in list(document, "aws") {
        let number = text(account, "account");
        for role in list(account, "roles") {
            told.policy(number, text(role, "name"), text(role, "assume_role_policy"));
        }
        for provider in list(account, "oidc_providers") {
            told.providers(number, text(provider, "url"), &texts(provider, "client_ids"));
        }
        for association in list(account, "pod_identity_associations") {
            told.association(number, association, ASSOCIATION);
        }
        for policy in list(account, "target_role_policies") {
            told.target_policy(number, text(policy, "role_name"), text(policy, "policy"));
        }
    }
    for identity in list(document, "azure") {
        for credential in list(identity, "federated_credentials") {
            let (id, name) = (text(identity, "resource_id"), text(credential, "name"));
            told.credential(id, name, credential, "audiences");
        }
    }
    for binding in list(&document["gcp"], "bindings") {
        for member in texts(binding, "members") {
            told.member(text(binding, "service_account"), member);
        }
    }
    let principals = list(&document["gcp"], "principals").iter();
    told.principals = principals.map(|it| row([text(it, "principal")])).collect();
    told
}

/// The modules by their directories, with their templates as Terraform reads them.
fn modules(source: &str, form: TrustForm) -> Vec<(String, Value)> {
    let modules = written(source, form).into_iter().map(|(path, text)| {
        let (directory, _) = path.split_once('/').expect("a directory");
        let text = text.replace("$${", "${").replace("%%{", "%{");
        (directory.to_owned(), serde_json::from_str(&text).expect("JSON"))
    });
    modules.collect()
}

fn account_of(directory: &str) -> &str {
    directory.strip_prefix("aws-").unwrap_or_default()
}

fn email_of(id: &str) -> &str {
    id.split_once("/serviceAccounts/").expect("an id").1
}

fn of_terraform(source: &str) -> Told {
    let mut told = Told::default();
    for (directory, module) in modules(source, TrustForm::Terraform) {
        let account = account_of(&directory);
        let of = |kind: &str| -> Vec<&Value> { entries(&module["resource"][kind]).map(|it| it.1).collect() };
        for role in of("aws_iam_role") {
            told.policy(account, text(role, "name"), text(role, "assume_role_policy"));
        }
        for association in of("aws_eks_pod_identity_association") {
            told.association(account, association, ASSOCIATION);
        }
        for policy in of("aws_iam_role_policy") {
            told.target_policy(account, text(policy, "role"), text(policy, "policy"));
        }
        for one in of("azurerm_federated_identity_credential") {
            told.credential(text(one, "user_assigned_identity_id"), text(one, "name"), one, "audience");
        }
        for member in of("google_service_account_iam_member") {
            told.member(email_of(text(member, "service_account_id")), text(member, "member"));
        }
        for provider in module["output"]["oidc_providers"]["value"].as_array().into_iter().flatten() {
            told.providers(account, text(provider, "url"), &texts(provider, "client_ids"));
        }
        for one in module["output"]["principals"]["value"].as_array().into_iter().flatten() {
            let _new = told.principals.insert(row([text(one, "principal")]));
        }
    }
    told
}

fn of_policies(source: &str) -> Told {
    let mut told = Told::default();
    for (directory, module) in modules(source, TrustForm::TerraformPolicies) {
        let (account, locals) = (account_of(&directory), &module["locals"]);
        for (role, policy) in entries(&locals["assume_role_policies"]) {
            told.policy(account, role, policy.as_str().expect("a text"));
        }
        for (url, provider) in entries(&locals["oidc_providers"]) {
            assert_eq!(text(provider, "url"), url);
            told.providers(account, url, &texts(provider, "client_ids"));
        }
        for (_, association) in entries(&locals["pod_identity_associations"]) {
            told.association(account, association, ASSOCIATION);
        }
        for (role, policy) in entries(&locals["target_role_policies"]) {
            told.target_policy(account, role, policy.as_str().expect("a text"));
        }
        for (_, identity) in entries(&locals["federated_credentials"]) {
            for (name, credential) in entries(&identity["credentials"]) {
                told.credential(text(identity, "resource_id"), name, credential, "audiences");
            }
        }
        for (account, binding) in entries(&locals["bindings"]) {
            for member in texts(binding, "members") {
                told.member(account, member);
            }
        }
        told.principals.extend(entries(&locals["principals"]).map(|(principal, _)| row([principal])));
    }
    told
}

fn of_commands(source: &str) -> Told {
    let script = written(source, TrustForm::Commands).remove(0).1;
    let document = json_document(source);
    let mut told = Told::default();
    let accounts: Vec<&str> = list(&document, "aws").iter().map(|it| text(it, "account")).collect();
    // With credentials of no account only the rest is heard.
    for account in accounts.iter().copied().chain(accounts.is_empty().then_some("none")) {
        for command in heard(&script, &[account], accounts.len().saturating_sub(1)) {
            let option = |name: &str| option(&command, name);
            match command.get(2).map(String::as_str).expect("a subcommand") {
                "update-assume-role-policy" => {
                    told.policy(account, option("--role-name"), option("--policy-document"));
                }
                "create-pod-identity-association" => {
                    let options = ["--cluster-name", "--namespace", "--service-account", "--role-arn"];
                    let [cluster, namespace, name, role] = options.map(option);
                    let has = |name: &str| command.iter().any(|word| word == name);
                    let has_target = has("--target-role-arn");
                    let target = if has_target { option("--target-role-arn") } else { "" };
                    let tags = if has("--disable-session-tags") { "disabled" } else { "" };
                    let association = row([account, cluster, namespace, name, role, target, tags]);
                    let _new = told.associations.insert(association);
                }
                "put-role-policy" => {
                    told.target_policy(account, option("--role-name"), option("--policy-document"));
                }
                "federated-credential" => {
                    let [id, group, identity] =
                        ["--subscription", "--resource-group", "--identity-name"].map(option);
                    let id = format!(
                        "/subscriptions/{id}/resourceGroups/{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{identity}"
                    );
                    let rest = ["--name", "--issuer", "--subject", "--audiences"].map(option);
                    let [name, issuer, subject, audience] = rest;
                    let _new = told.credentials.insert(row([&id, name, issuer, subject, audience]));
                }
                "service-accounts" => told.member(&command[4], option("--member")),
                other => panic!("{other}"),
            }
        }
    }
    told
}

/// The objects of a form, with their directories.
fn objects(source: &str, form: TrustForm) -> Vec<(String, Value)> {
    let files = written(source, form).into_iter().filter(|(path, _)| path.ends_with("/trust.yaml"));
    let objects = files.flat_map(|(path, text)| {
        let objects: Vec<(String, Value)> = serde_yaml::Deserializer::from_str(&text)
            .map(|it| Value::deserialize(it).expect("an object"))
            .map(|object| (path.split('/').next().expect("one").to_owned(), object))
            .collect();
        objects
    });
    objects.collect()
}

fn of_objects(source: &str, form: TrustForm) -> Told {
    let mut told = Told::default();
    let of =
        |role, target| ["clusterName", "namespace", "serviceAccount", role, target, "disableSessionTags"];
    let (ack, upbound) = (of("roleARN", "targetRoleARN"), of("roleArn", "targetRoleArn"));
    for (directory, object) in objects(source, form) {
        let account = account_of(&directory);
        let (spec, parameters) = (&object["spec"], &object["spec"]["forProvider"]);
        let external = || text(&object["metadata"]["annotations"], "crossplane.io/external-name");
        match (form, text(&object, "kind")) {
            (TrustForm::Ack, "OpenIDConnectProvider") => {
                told.providers(account, text(spec, "url"), &texts(spec, "clientIDs"));
            }
            (TrustForm::Ack, "PodIdentityAssociation") => told.association(account, spec, ack),
            (TrustForm::Aso, "FederatedIdentityCredential") => {
                told.credential(text(&spec["owner"], "armId"), text(spec, "azureName"), spec, "audiences");
            }
            (TrustForm::ConfigConnector, "IAMPolicyMember") => {
                told.member(email_of(text(&spec["resourceRef"], "external")), text(spec, "member"));
            }
            (TrustForm::Crossplane, "PodIdentityAssociation") => {
                told.association(account, parameters, upbound);
            }
            (TrustForm::Crossplane, "FederatedIdentityCredential") => {
                told.credential(text(parameters, "parentId"), external(), parameters, "audience");
            }
            (TrustForm::Crossplane, "ServiceAccountIAMMember") => {
                told.member(email_of(text(parameters, "serviceAccountId")), text(parameters, "member"));
            }
            (form, kind) => panic!("{kind} is not of {form:?}"),
        }
    }
    told
}

/// What a form says of all that clouds must trust.
fn expected(all: &Told, form: TrustForm) -> Told {
    let all = all.clone();
    let nothing = Told::default();
    match form {
        TrustForm::Json | TrustForm::Terraform | TrustForm::TerraformPolicies => all,
        // The others are comments there.
        TrustForm::Commands => Told { providers: Rows::new(), principals: Rows::new(), ..all },
        TrustForm::Aso => Told { credentials: all.credentials, ..nothing },
        TrustForm::Ack => Told { providers: all.providers, associations: all.associations, ..nothing },
        TrustForm::ConfigConnector => Told { members: all.members, ..nothing },
        TrustForm::Crossplane => Told {
            associations: all.associations,
            credentials: all.credentials,
            members: all.members,
            ..nothing
        },
    }
}

fn told(source: &str, form: TrustForm) -> Told {
    match form {
        TrustForm::Json => of_document(&json_document(source)),
        TrustForm::Terraform => of_terraform(source),
        TrustForm::TerraformPolicies => of_policies(source),
        TrustForm::Commands => of_commands(source),
        TrustForm::Aso | TrustForm::Ack | TrustForm::ConfigConnector | TrustForm::Crossplane => {
            of_objects(source, form)
        }
    }
}

#[test]
fn every_form_says_of_one_of_everything_what_the_document_says() {
    let all = of_document(&json_document(EVERYTHING));
    let targets = all.target_policies.len();
    let rest = [all.policies.len(), all.associations.len(), all.credentials.len(), all.members.len()];
    assert!(targets > 0 && !rest.contains(&0), "{all:?}");
    for form in TrustForm::ALL {
        assert_eq!(told(EVERYTHING, form), expected(&all, form), "{form:?}");
    }
}

proptest! {
    #![proptest_config(one_in(8))]

    #[test]
    fn every_form_says_what_the_document_says(source in fleet(), subjects in select(TrustSubjects::ALL.to_vec())) {
        let source = format!("trust-subjects = {}\n{source}", subjects.name());
        let all = of_document(&json_document(&source));
        for form in TrustForm::ALL {
            prop_assert_eq!(told(&source, form), expected(&all, form), "{:?}\n{}", form, source);
        }
    }
}

// ---------------------------------------------------------------------------------------------------
// Terraform for resources that exist

#[test]
fn policies_are_local_values_and_outputs_and_no_resource() {
    let names = |directory: &str| match directory.split('-').next() {
        Some("aws") => vec![
            "assume_role_policies",
            "oidc_providers",
            "pod_identity_associations",
            "target_role_policies",
        ],
        Some("azure") => vec!["federated_credentials"],
        _ => vec!["bindings", "principals"],
    };
    for (directory, module) in modules(EVERYTHING, TrustForm::TerraformPolicies) {
        let keys: Vec<&str> = entries(&module).map(|(key, _)| key).collect();
        assert_eq!(keys, ["//", "locals", "output"], "{directory}");
        let outputs: Vec<&str> = entries(&module["output"]).map(|(name, _)| name).collect();
        assert_eq!(outputs, names(&directory));
        for (name, output) in entries(&module["output"]) {
            assert_eq!(output, &json!({ "value": format!("${{local.{name}}}") }));
            assert!(module["locals"][name].is_object(), "{name}");
        }
    }
}

#[test]
fn no_text_of_a_module_of_policies_is_a_template() {
    let source = "issuer = \"https://oidc.example.com/a\"\nregion = \"eu-west-1\"\ncluster a on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\" { audience = \"%{x}\" }\n  helm-controller -> aws \"arn:aws:iam::111122223333:role/%{y}/pods\" { via = pod-identity }\n}\n";
    let (_, module) = written(source, TrustForm::TerraformPolicies).remove(0);
    let escaped = module.matches("%%{").count();
    assert_eq!((module.matches("%{").count(), escaped), (3, 3), "{module}");
    assert_eq!(module.matches("${").count(), module.matches("${local.").count());
}

/// The first block of a language in a text, and what follows it.
fn block<'t>(text: &'t str, language: &str) -> (&'t str, &'t str) {
    let (_, rest) = text.split_once(&format!("```{language}\n")).expect("a block");
    rest.split_once("```\n").expect("a fence is closed")
}

/// The worked example: the source, and what is written for `terraform` and for `terraform-policies`.
fn example() -> [String; 3] {
    let page = fs::read_to_string(harness::project().join("docs/trust.md")).expect("it is there");
    let (_, page) = page.split_once("### Worked example").expect("the page has one");
    let (source, rest) = block(page, "flux");
    let (terraform, rest) = block(rest, "hcl");
    [source, terraform, block(rest, "hcl").0].map(str::to_owned)
}

/// The directories that the `module` blocks of a text name, by the names of the blocks.
fn named_modules(hcl: &str) -> BTreeMap<&str, &str> {
    let blocks = hcl.split("module \"").skip(1).map(|block| {
        let (name, rest) = block.split_once('"').expect("a name");
        let (_, rest) = rest.split_once("source = \"./trust/").expect("a directory");
        (name, rest.split_once('"').expect("it ends").0)
    });
    blocks.collect()
}

#[test]
fn the_worked_example_imports_roles_that_the_module_has() {
    let [source, hcl, _] = example();
    let modules: BTreeMap<String, Value> = modules(&source, TrustForm::Terraform).into_iter().collect();
    let named = named_modules(&hcl);
    let imports: Vec<&str> = hcl.split("import {").skip(1).collect();
    assert!(!imports.is_empty());
    for import in imports {
        let (_, rest) = import.split_once("to = module.").expect("a place");
        let parts: Vec<&str> = rest.lines().next().expect("a line").split('.').collect();
        let role = &modules[named[parts[0]]]["resource"][parts[1]][parts[2]];
        assert!(import.contains(&format!("id = {}", role["name"])), "{import}");
    }
}

#[test]
fn terraform_reads_the_worked_example_of_policies_as_the_document_says() {
    let [source, _, hcl] = example();
    let document = json_document(&source);
    let named = named_modules(&hcl);
    let files = written(&source, TrustForm::TerraformPolicies);
    for directory in named.values() {
        assert!(files.iter().any(|(path, _)| path.starts_with(&format!("{directory}/"))), "{directory}");
    }
    let blocks = hcl.split_inclusive("}\n").filter(|block| block.trim_start().starts_with("module \""));
    let mut root: String = blocks.collect();
    let expressions: Vec<&str> = hcl.split_whitespace().filter(|it| it.starts_with("module.")).collect();
    assert!(expressions.len() >= 3, "{expressions:?}");
    for (at, expression) in expressions.iter().enumerate() {
        root.extend([&format!("output \"at{at}\" {{\n  value = "), *expression, "\n}\n"]);
    }
    let modules = files.iter().map(|(path, text)| (format!("trust/{path}"), text.clone()));
    let files: Vec<(String, String)> = modules.chain([("main.tf".to_owned(), root)]).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let Some(read) = terraform_reads(&files) else { return };
    let read = |at: usize| serde_json::to_value(&read[format!("at{at}")]["value"]).expect("JSON");
    let role = &document["aws"][0]["roles"][0];
    let credential = &document["azure"][0]["federated_credentials"][0];
    let mut expected = credential.clone();
    let name = expected.as_object_mut().expect("an object").remove("name").expect("a name");
    let credentials: Map<String, Value> =
        [(name.as_str().expect("a text").to_owned(), expected)].into_iter().collect();
    for (at, expression) in expressions.iter().enumerate() {
        let value = if expression.contains("assume_role_policies") {
            role["assume_role_policy"].clone()
        } else if expression.contains(".credentials") {
            Value::Object(credentials.clone())
        } else if expression.contains("resource_id") {
            document["azure"][0]["resource_id"].clone()
        } else if expression.contains(".bindings[") {
            let key = expression.rsplit('.').next().expect("a key");
            document["gcp"]["bindings"][0][key].clone()
        } else {
            panic!("{expression}")
        };
        assert_eq!(read(at), value, "{expression}");
    }
    prove("terraform-policies by Terraform");
}

// ---------------------------------------------------------------------------------------------------
// Kubernetes objects

/// What of a value is not as a schema of a CRD says. A property that it does not name is wrong.
fn faults(value: &Value, schema: &Value, at: &str) -> Vec<String> {
    let fault = |what: &str| vec![format!("{at}: {what}: {value}")];
    let is_type = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some(other) => panic!("{at}: the type {other} is not known here"),
        None => true,
    };
    if !is_type {
        return fault("another type");
    }
    let mut found = Vec::new();
    let choices = schema["enum"].as_array();
    if choices.is_some_and(|choices| !choices.contains(value)) {
        found.extend(fault("none of the choices"));
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(name).is_none() {
            found.extend(fault(&format!("without {name}")));
        }
    }
    if let Some(one_of) = schema["oneOf"].as_array()
        && one_of.iter().filter(|one| holds(value, one)).count() != 1
    {
        found.extend(fault("not one of the alternatives"));
    }
    for (name, value) in entries(value).filter(|_| schema["properties"].is_object()) {
        match schema["properties"].get(name) {
            Some(schema) => found.extend(faults(value, schema, &format!("{at}.{name}"))),
            None => found.push(format!("{at}: no field {name}")),
        }
    }
    for item in value.as_array().into_iter().flatten() {
        found.extend(faults(item, &schema["items"], &format!("{at}[]")));
    }
    found
}

/// True if a value is as a part of `oneOf` says, which is about what is there.
fn holds(value: &Value, schema: &Value) -> bool {
    let has_all = |schema: &Value| {
        let names = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        { names }.all(|name| value.get(name).is_some())
    };
    let is_not = schema.get("not").is_none_or(|not| match not["anyOf"].as_array() {
        Some(any) => !any.iter().any(has_all),
        None => !has_all(not),
    });
    has_all(schema) && is_not
}

/// The schema of an object; none without the data.
fn schema_of(object: &Value) -> Option<Value> {
    let data = std::env::var_os("FLUX_IDENTITY_DATA")?;
    let (group, version) = text(object, "apiVersion").split_once('/').expect("a group");
    let kind = text(object, "kind").to_lowercase();
    let path = Path::new(&data).join("crds").join(format!("{group}_{kind}_{version}.json"));
    let schema = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(serde_json::from_str(&schema).expect("JSON"))
}

/// The same value with one key misspelt, for each key in it.
fn misspelt(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    for (key, inner) in entries(value) {
        let with = |name: String, inner: Value| {
            let mut object = value.as_object().expect("an object").clone();
            let _old = object.remove(key);
            let _new = object.insert(name, inner);
            Value::Object(object)
        };
        all.push(with(format!("{key}x"), inner.clone()));
        all.extend(misspelt(inner).into_iter().map(|inner| with(key.to_owned(), inner)));
    }
    all
}

#[test]
fn every_object_is_as_its_resource_definition_says_and_every_misspelt_field_is_found() {
    let mut kinds = BTreeSet::new();
    for (_, object) in OBJECTS.iter().flat_map(|form| objects(EVERYTHING, *form)) {
        let Some(schema) = schema_of(&object) else { return };
        assert_eq!(faults(&object, &schema, text(&object, "kind")), [] as [&str; 0]);
        let _new = kinds.insert(format!("{} {}", text(&object, "apiVersion"), text(&object, "kind")));
        let wrong = misspelt(&object["spec"]);
        assert!(wrong.len() > 1);
        for spec in wrong {
            let mut object = object.clone();
            object["spec"] = spec;
            assert_ne!(faults(&object, &schema, "it"), [] as [&str; 0], "{object}");
        }
    }
    assert_eq!(kinds.len(), 7, "{kinds:?}");
    prove("objects of trust by their schemas");
}

/// True if it is a name of a Kubernetes object.
fn is_name(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    name.len() <= 253
        && name.split('.').all(|label| {
            !label.is_empty()
                && label.bytes().all(is_letter)
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

#[test]
fn names_of_objects_are_those_of_kubernetes_and_unlike() {
    for form in OBJECTS {
        let mut names = BTreeSet::new();
        for (directory, object) in objects(EVERYTHING, form) {
            let name = text(&object["metadata"], "name");
            assert!(is_name(name), "{name}");
            assert!(names.insert((directory, text(&object, "kind").to_owned(), name.to_owned())), "{name}");
        }
        assert!(!names.is_empty(), "{form:?}");
    }
    let names = |form| -> Vec<String> {
        objects(EVERYTHING, form).iter().map(|(_, it)| text(&it["metadata"], "name").to_owned()).collect()
    };
    let association = "prod-eu.flux-system.image-reflector-controller".to_owned();
    assert!(names(TrustForm::Ack).contains(&association), "{:?}", names(TrustForm::Ack));
}

#[test]
fn objects_of_two_accounts_in_one_namespace_are_two() {
    let source = "issuer = \"https://oidc.example.com/a\"\ncluster a on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n  helm-controller -> aws \"arn:aws:iam::444455556666:role/flux\"\n}\n";
    let objects = objects(source, TrustForm::Ack);
    let names = objects.iter().map(|(_, it)| text(&it["metadata"], "name"));
    assert_eq!(names.collect::<BTreeSet<_>>().len(), 2);
    assert_eq!(objects.len(), 2);
}

#[test]
fn no_object_that_is_removed_takes_access_with_it() {
    for form in OBJECTS {
        for (_, object) in objects(EVERYTHING, form) {
            let annotations = &object["metadata"]["annotations"];
            assert_eq!(annotations["kustomize.toolkit.fluxcd.io/prune"], "disabled");
            if form == TrustForm::Crossplane {
                let expected = ["Observe", "Create", "Update"];
                assert_eq!(texts(&object["spec"], "managementPolicies"), expected);
                continue;
            }
            let (key, value) = match form.name() {
                "aso" => ("serviceoperator.azure.com/reconcile-policy", "detach-on-delete"),
                "ack" => ("services.k8s.aws/deletion-policy", "retain"),
                _ => ("cnrm.cloud.google.com/deletion-policy", "abandon"),
            };
            assert_eq!(annotations[key], value, "{object}");
        }
    }
}

#[test]
fn kustomize_builds_the_objects_of_each_directory() {
    for form in OBJECTS {
        let files = written(EVERYTHING, form);
        let directories: BTreeSet<&str> = files.iter().filter_map(|it| it.0.split('/').next()).collect();
        for name in directories {
            let of = files
                .iter()
                .filter_map(|(path, text)| Some((path.strip_prefix(&format!("{name}/"))?, text.as_str())));
            let built = kustomize(directory(&of.collect::<Vec<_>>()).path());
            let count = objects(EVERYTHING, form).iter().filter(|it| it.0 == name).count();
            assert_eq!(built.split("\n---\n").count(), count, "{form:?} {name}");
        }
    }
}

#[test]
fn what_a_form_does_not_contain_stands_in_its_files() {
    let file = |form, name: &str| -> String {
        let found = written(EVERYTHING, form).into_iter().find(|(path, _)| path == name);
        found.expect(name).1
    };
    for form in [TrustForm::Ack, TrustForm::Crossplane] {
        let text = file(form, "aws-111122223333/trust.yaml");
        for role in ["role/flux/%{x}/pull", "role/flux/Charts", "role/flux/images"] {
            assert!(text.contains(&format!("# - arn:aws:iam::111122223333:{role}\n")), "{text}");
        }
    }
    let crossplane = file(TrustForm::Crossplane, "aws-111122223333/trust.yaml");
    assert!(crossplane.contains("# - https://oidc.example.com/prod-eu\n"), "{crossplane}");
}

#[test]
fn the_command_says_what_a_form_does_not_contain() {
    let place = repository(&[("identity.flux", EVERYTHING)]);
    let run = run(place.path(), &["trust", "--form", "aso", "-o", "t"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let expected = "`aso` does not contain the members of Google service accounts, the policies that let roles assume their target roles, the principals of Google Cloud, the trust policies of IAM roles; `json` does\n";
    assert!(run.stderr.contains(expected), "{}", run.stderr);
}

const AZURE: &str = r#"
trust-output = "trust"
trust-form   = aso
tenant       = "72f988bf-86f1-41af-91ab-2d7cd011db47"

cluster prod on aks {
  issuer = "https://oidc.example.com/prod/"
  helm-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" {
    resource-id = "/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/keys"
  }
}
"#;

#[test]
fn another_form_replaces_the_objects_and_no_overlay_is_taken_for_one() {
    let source = AZURE.replace("cluster prod", "output = \"trust/${cluster}\"\n\ncluster gcp-prod");
    let place = repository(&[("identity.flux", &source)]);
    assert_eq!(run(place.path(), &["build"]).status, 0);
    let directory = "trust/azure-72f988bf-86f1-41af-91ab-2d7cd011db47";
    assert!(place.path().join(directory).join("kustomization.yml").is_file());
    let checked = run(place.path(), &["check"]);
    assert_eq!(checked.status, 0, "{}", checked.stderr);
    let other = source.replace("= aso", "= crossplane");
    fs::write(place.path().join("identity.flux"), other).expect("it is written");
    assert_eq!(run(place.path(), &["build", "--prune"]).status, 0);
    let json = source.replace("= aso", "= json");
    fs::write(place.path().join("identity.flux"), json).expect("it is written");
    let pruned = run(place.path(), &["build", "--prune"]).stdout;
    let expected = ["kustomization.yml", "trust.yaml"].map(|name| format!("removed {directory}/{name}\n"));
    assert!(pruned.contains(&expected.concat()), "{pruned}");
    assert!(place.path().join("trust/gcp-prod/kustomization.yaml").is_file());
}

#[test]
fn a_form_that_contains_nothing_of_a_fleet_says_what_the_fleet_needs() {
    let source = "cluster a on eks {\n  issuer = \"https://oidc.example.com/a\"\n  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n}\n";
    let place = repository(&[("identity.flux", source)]);
    let run = run(place.path(), &["trust", "--form", "aso"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, ""));
    let expected = "`aso` does not contain the trust policies of IAM roles; `json` does\n";
    assert!(run.stderr.ends_with(expected) && !run.stderr.contains("no cloud"), "{}", run.stderr);
}

#[test]
fn crossplane_needs_the_region_of_an_association() {
    let source = "issuer = \"https://oidc.example.com/a\"\ncluster a on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\" { via = pod-identity }\n}\n";
    let place = repository(&[("identity.flux", source)]);
    let asked = |form| run(place.path(), &["trust", "--form", form, "-o", "t"]);
    let refused = asked("crossplane");
    assert_eq!(refused.status, 1);
    assert!(refused.stderr.contains("trust needs the `region` of this cluster"), "{}", refused.stderr);
    assert_eq!(asked("ack").status, 0);
}
