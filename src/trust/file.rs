//! The files that trust is written to.

use serde_json::Value;

use crate::emit::{with_banner, with_json_banner};
use crate::model::TrustForm;
use crate::model::azure::Guid;
use crate::trust::operator::{self, ObjectGroup};
use crate::trust::{Trust, document, shell, terraform, terraform_policies};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustFile {
    /// Its directory below the one that was asked for; empty for that itself.
    pub directory: String,
    pub name: &'static str,
    body: Body,
}

/// What a file says below its banner.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Body {
    Json(String),
    Text(String),
}

impl TrustFile {
    /// All that it says, with its banner. `source`: as its directory sees it.
    pub fn text(&self, source: &str) -> String {
        match &self.body {
            Body::Json(body) => with_json_banner(source, body),
            Body::Text(body) => with_banner(source, |text| text.push_str(body)),
        }
    }
}

/// The name of a module's file.
const MODULE: &str = "flux-identity.tf.json";
/// The names of the files of Kubernetes objects. An overlay has another name for the first, so that neither is ever taken
/// for an orphan of the other, and kustomize takes both.
const KUSTOMIZATION: &str = "kustomization.yml";
const OBJECTS: &str = "trust.yaml";
const DOCUMENT: &str = "trust.json";
const SCRIPT: &str = "trust.sh";

/// True if some fleet may have a file of trust in some form: the name of the directory in that of trust, empty for that
/// itself, and the name of the file.
pub fn may_be_trust_file(directory: &str, name: &str) -> bool {
    may_be_module(directory, name)
        || may_be_object(directory, name)
        || directory.is_empty() && [DOCUMENT, SCRIPT].contains(&name)
}

/// The same of Kubernetes objects alone.
pub fn may_be_object(directory: &str, name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._".contains(&byte);
    let is_project = |text: &str| !text.is_empty() && text.bytes().all(is_letter);
    [KUSTOMIZATION, OBJECTS].contains(&name)
        && (is_module_directory(directory) || directory.strip_prefix("gcp-").is_some_and(is_project))
}

/// The same of Terraform modules alone.
pub fn may_be_module(directory: &str, name: &str) -> bool {
    name == MODULE && is_module_directory(directory)
}

fn is_module_directory(directory: &str) -> bool {
    let is_number = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let account = directory.strip_prefix("aws-").is_some_and(is_number);
    let subscription = directory.strip_prefix("azure-").is_some_and(|id| Guid::parse(id).is_ok());
    account || subscription || directory == "gcp"
}

/// A test whether only a file of this form says this. A kustomization is like that of any other form.
pub fn is_of_form(form: TrustForm) -> fn(&str) -> bool {
    match form {
        TrustForm::Json => |text| text.contains("\"format_version\": "),
        TrustForm::Terraform => |text| text.contains("\"required_providers\": "),
        TrustForm::TerraformPolicies => |text| text.contains("\"locals\": "),
        TrustForm::Commands => |text| text.contains("\nset -eu\n"),
        TrustForm::Aso => |text| text.contains("\napiVersion: managedidentity.azure.com/"),
        TrustForm::Ack => |text| text.contains(".services.k8s.aws/"),
        TrustForm::ConfigConnector => |text| text.contains("\napiVersion: iam.cnrm.cloud.google.com/"),
        TrustForm::Crossplane => |text| text.contains(".m.upbound.io/"),
    }
}

pub fn files(trust: &Trust<'_>, form: TrustForm) -> Vec<TrustFile> {
    let here = String::new;
    match form {
        TrustForm::Json => {
            let body = Body::Json(format!("{:#}", document::document(trust)));
            vec![TrustFile { directory: here(), name: DOCUMENT, body }]
        }
        TrustForm::Terraform => module_files(terraform::modules(trust)),
        TrustForm::TerraformPolicies => module_files(terraform_policies::modules(trust)),
        TrustForm::Aso => object_files(&operator::aso(trust)),
        TrustForm::Ack => object_files(&operator::ack(trust)),
        TrustForm::ConfigConnector => object_files(&operator::config_connector(trust)),
        TrustForm::Crossplane => object_files(&operator::crossplane(trust)),
        TrustForm::Commands => {
            let body = Body::Text(shell::commands(trust));
            vec![TrustFile { directory: here(), name: SCRIPT, body }]
        }
    }
}

fn module_files(modules: Vec<(String, Value)>) -> Vec<TrustFile> {
    let file =
        |(directory, module)| TrustFile { directory, name: MODULE, body: Body::Json(format!("{module:#}")) };
    modules.into_iter().map(file).collect()
}

fn object_files(all: &[ObjectGroup]) -> Vec<TrustFile> {
    let files = all.iter().flat_map(|objects| {
        let file =
            |name, text| TrustFile { directory: objects.directory.clone(), name, body: Body::Text(text) };
        [file(KUSTOMIZATION, operator::kustomization(OBJECTS)), file(OBJECTS, objects.text())]
    });
    files.collect()
}
