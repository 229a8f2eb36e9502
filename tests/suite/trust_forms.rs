//! The forms of trust: each says what the JSON document says, as far as it goes, and nothing else.
//!
//! Terraform, where it is installed, reads the worked example of `docs/trust.md`.

use std::collections::BTreeMap;
use std::fs;

use flux_identity::model::TrustForm;
use serde_json::{Map, Value, json};

use crate::harness;
use crate::real::prove;
use crate::trust::{EVERYTHING, terraform_reads, written};

/// The entries of an object; none if it is not there.
fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

fn json_document(source: &str) -> Value {
    serde_json::from_str(&written(source, TrustForm::Json).remove(0).1).expect("JSON")
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

// ---------------------------------------------------------------------------------------------------
// Terraform for resources that exist

#[test]
fn policies_are_local_values_and_outputs_and_no_resource() {
    let names = |directory: &str| match directory.split('-').next() {
        Some("aws") => vec!["assume_role_policies", "oidc_providers", "pod_identity_associations"],
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
        } else {
            panic!("{expression}")
        };
        assert_eq!(read(at), value, "{expression}");
    }
    prove("terraform-policies by Terraform");
}
