//! What a fleet is shown as is read back: the page, the shell script, the modules of Terraform and the documents.
#![no_main]

use std::collections::BTreeSet;

use flux_identity::model::TrustForm;
use flux_identity::show::{self, Screen, View};
use flux_identity::trust::{Trust, TrustFile, files};
use flux_identity::workspace::Nowhere;
use flux_identity_fuzz::{Compiled, ROOT, compile, shell};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let compiled = compile(&text, &Nowhere, true);
    let Compiled { fleet: Some(fleet), told, sources, .. } = &compiled else { return };
    let view = View { fleet, clusters: fleet.clusters.iter().collect(), provenance: told, sources };
    for width in [None, Some(0), Some(80)] {
        let screen = Screen { width, colors: width.is_some() };
        let _table = show::table(&view, screen);
        for cluster in &fleet.clusters {
            let _cluster = show::cluster(&View { clusters: vec![cluster], ..view.clone() }, screen);
        }
    }
    let _graph = show::mermaid(&view);
    for in_full in [false, true] {
        let mut bytes = Vec::new();
        show::json(&view, in_full, &mut bytes).expect("memory takes everything");
        let _value = json(std::str::from_utf8(&bytes).expect("JSON is UTF-8"));
    }
    let mut bytes = Vec::new();
    show::html(&view, &mut bytes).expect("memory takes everything");
    page(std::str::from_utf8(&bytes).expect("the page is UTF-8"));
    let trust = Trust::new(&fleet.clusters).expect("what trust lacks was reported");
    let _document = json(&text_of(&files(&trust, TrustForm::Json)[0]));
    let of_terraform: Vec<Value> =
        files(&trust, TrustForm::Terraform).iter().map(|module| json(&text_of(module))).collect();
    modules(&of_terraform, &trust);
    script(&text_of(&files(&trust, TrustForm::Commands)[0]), &trust);
});

fn text_of(file: &TrustFile) -> String {
    file.text(ROOT)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}:\n{text}"))
}

/// Reads the page as a browser does: all that a fleet says is JSON within one element that nothing in it ends.
fn page(page: &str) {
    let (_, rest) = page.split_once("id=\"fleet\">").expect("the data");
    let (data, rest) = rest.split_once("</script>").expect("its end");
    assert!(!data.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{data}");
    let _value = json(data);
    assert_eq!(rest.matches("</script").count(), 1, "that of the page's own script");
}

/// Who is trusted with what, as texts.
type Said = BTreeSet<Vec<String>>;

/// Reads modules as Terraform does: their resources say what the trust says, and no text of them is a template.
fn modules(modules: &[Value], trust: &Trust<'_>) {
    let mut said = Said::new();
    let kinds: [(&str, &[&str]); 4] = [
        ("aws_iam_role", &["name", "path", "assume_role_policy"]),
        ("aws_eks_pod_identity_association", &["cluster_name", "namespace", "service_account", "role_arn"]),
        (
            "azurerm_federated_identity_credential",
            &["name", "user_assigned_identity_id", "issuer", "subject"],
        ),
        ("google_service_account_iam_member", &["member"]),
    ];
    let mut resources = 0;
    for module in modules {
        for (kind, entries) in kinds {
            for (_label, resource) in module["resource"][kind].as_object().into_iter().flatten() {
                let texts = entries.iter().map(|entry| literal(resource[entry].as_str().expect("a text")));
                let _new = said.insert(texts.collect());
                resources += 1;
            }
        }
    }
    let expected = expected(trust);
    assert_eq!(said, expected);
    assert_eq!(resources, count(trust), "each has a label of its own");
}

/// What a text of the JSON syntax of Terraform stands for. It must be no template.
fn literal(text: &str) -> String {
    let rest = text.replace("$${", "").replace("%%{", "");
    assert!(!rest.contains("${") && !rest.contains("%{"), "{text} is a template");
    text.replace("$${", "${").replace("%%{", "%{")
}

fn expected(trust: &Trust<'_>) -> Said {
    let mut expected = Said::new();
    let mut add = |texts: &[&str]| {
        let _new = expected.insert(texts.iter().map(|&text| text.to_owned()).collect());
    };
    for account in &trust.aws {
        for role in &account.roles {
            add(&[role.role.name(), &role.role.path(), &role.document()]);
        }
        for it in &account.associations {
            add(&[&it.cluster.name, it.subject.namespace, it.subject.name, it.role.as_str()]);
        }
    }
    for identity in &trust.azure {
        for it in &identity.credentials {
            add(&[&it.name, identity.resource_id.as_str(), it.issuer.as_str(), &it.subject.to_string()]);
        }
    }
    trust.bindings.iter().flat_map(|binding| &binding.members).for_each(|member| add(&[member]));
    expected
}

fn count(trust: &Trust<'_>) -> usize {
    let of_aws = trust.aws.iter().map(|account| account.roles.len() + account.associations.len());
    let of_azure = trust.azure.iter().map(|identity| identity.credentials.len());
    let of_google = trust.bindings.iter().map(|binding| binding.members.len());
    of_aws.chain(of_azure).chain(of_google).sum()
}

/// Reads a script as a shell does: its commands have the words of the trust, and nothing else runs.
fn script(script: &str, trust: &Trust<'_>) {
    let accounts: Vec<&str> = trust.aws.iter().map(|account| account.account).collect();
    let rest = shell::without_frame(script, &accounts);
    let commands = shell::commands(&rest).unwrap_or_else(|| panic!("more than commands:\n{script}"));
    let mut words = commands.iter().filter(|command| command[0] != "set");
    let mut expect = |program: &str, values: &[&str]| {
        let command = words.next().expect("a command");
        assert!(command.join(" ").starts_with(program), "{command:?}");
        let mut rest = command.iter().map(|word| {
            word.split_once('=').map_or(word.as_str(), |(name, value)| {
                if name.starts_with("--") { value } else { word.as_str() }
            })
        });
        assert!(values.iter().all(|value| rest.any(|word| word == *value)), "{values:?} in {command:?}");
    };
    for account in &trust.aws {
        for role in &account.roles {
            let document = role.document();
            expect("aws iam update-assume-role-policy", &[role.role.name(), &document]);
        }
        for association in &account.associations {
            let (cluster, role) = (association.cluster.name.as_str(), association.role.as_str());
            let (namespace, name) = (association.subject.namespace, association.subject.name);
            expect("aws eks create-pod-identity-association", &[cluster, namespace, name, role]);
        }
    }
    for identity in &trust.azure {
        let id = identity.resource_id;
        for credential in &identity.credentials {
            let (name, issuer) = (credential.name.as_str(), credential.issuer.as_str());
            let subject = credential.subject.to_string();
            let values = [id.subscription(), id.resource_group(), id.name(), name, issuer, &subject];
            expect("az identity federated-credential create", &values);
        }
    }
    for binding in &trust.bindings {
        for member in &binding.members {
            let program = "gcloud iam service-accounts add-iam-policy-binding";
            expect(program, &[binding.account.as_str(), member]);
        }
    }
    assert_eq!(words.next(), None, "{script}");
}
