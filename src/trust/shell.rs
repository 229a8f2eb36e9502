//! Trust as commands for the shell, to be read before they are run.
//!
//! Sources: the references of `aws iam`, `aws eks`, `az identity federated-credential` and `gcloud iam service-accounts`.

use crate::model::azure::AUDIENCE;
use crate::model::gcp::WORKLOAD_IDENTITY_USER;
use crate::trust::Trust;
use crate::trust::aws::{AccountTrust, Association};
use crate::trust::azure::IdentityTrust;
use crate::trust::gcp::{Binding, PrincipalTrust};

/// The commands, with a comment before those of each account.
pub fn commands(trust: &Trust<'_>) -> String {
    let mut text = String::from("set -eu\n");
    if !trust.aws.is_empty() {
        text.push_str("left_out=\n");
    }
    for account in &trust.aws {
        of_account(account, &mut text);
    }
    for identity in &trust.azure {
        of_identity(identity, &mut text);
    }
    for binding in &trust.bindings {
        of_binding(binding, &mut text);
    }
    if !trust.principals.is_empty() {
        of_principals(&trust.principals, &mut text);
    }
    if !trust.aws.is_empty() {
        text.push_str("\n# What was left out above is not done.\n[ -z \"$left_out\" ] || exit 1\n");
    }
    text
}

/// No command of IAM names the account, and another one may have a role of the same name: credentials of another account
/// leave this one out, so that the same script can be run with those of each.
fn of_account(trust: &AccountTrust<'_>, text: &mut String) {
    let account = trust.account;
    text.extend(["\n# ---- AWS account ", account, ", with credentials of it alone ----\n\n"]);
    text.push_str("account=$(aws sts get-caller-identity --query Account --output text)\n");
    text.extend(["if [ \"$account\" != ", account, " ]; then\n"]);
    text.extend(["  echo \"left out: AWS account ", account, "; the credentials are of $account\" >&2\n"]);
    text.push_str("  left_out=yes\nelse\n");
    for provider in &trust.providers {
        text.push_str("\n# The account must know this issuer. If it does not yet:\n");
        let command = ["aws", "iam", "create-open-id-connect-provider"];
        let url = [("--url", provider.issuer.as_str())];
        let ids = provider.audiences.iter().map(|audience| ("--client-id-list", *audience));
        for line in command_of(&command, url.into_iter().chain(ids)).lines() {
            text.extend(["# ", line, "\n"]);
        }
    }
    for policy in &trust.roles {
        let document = policy.document();
        let arguments = [("--role-name", policy.role.name()), ("--policy-document", document.as_str())];
        text.push('\n');
        text.push_str(&command_of(&["aws", "iam", "update-assume-role-policy"], arguments));
    }
    for Association { cluster, subject, role } in &trust.associations {
        let region = cluster.whereabouts.region.as_ref().map(|region| ("--region", region.as_str()));
        let arguments = [
            ("--cluster-name", cluster.name.as_str()),
            ("--namespace", subject.namespace),
            ("--service-account", subject.name),
            ("--role-arn", role.as_str()),
        ];
        text.push('\n');
        let command = ["aws", "eks", "create-pod-identity-association"];
        text.push_str(&command_of(&command, arguments.into_iter().chain(region)));
    }
    text.push_str("\nfi\n");
}

fn of_identity(trust: &IdentityTrust<'_>, text: &mut String) {
    let id = trust.resource_id;
    text.extend(["\n# ---- Azure managed identity ", id.name(), ", one after the other ----\n"]);
    for credential in &trust.credentials {
        let subject = credential.subject.to_string();
        let arguments = [
            ("--subscription", id.subscription()),
            ("--resource-group", id.resource_group()),
            ("--identity-name", id.name()),
            ("--name", credential.name.as_str()),
            ("--issuer", credential.issuer.as_str()),
            ("--subject", subject.as_str()),
            ("--audiences", AUDIENCE),
        ];
        text.push('\n');
        text.push_str(&command_of(&["az", "identity", "federated-credential", "create"], arguments));
    }
}

fn of_binding(binding: &Binding<'_>, text: &mut String) {
    let email = binding.account.as_str();
    text.extend(["\n# ---- Google service account ", email, " ----\n"]);
    let project = binding.account.project();
    for member in &binding.members {
        let of_project = project.as_deref().map(|project| ("--project", project));
        let arguments = [("--role", WORKLOAD_IDENTITY_USER), ("--member", member), ("--condition", "None")];
        let command = ["gcloud", "iam", "service-accounts", "add-iam-policy-binding", email];
        text.push('\n');
        text.push_str(&command_of(&command, of_project.into_iter().chain(arguments)));
    }
}

fn of_principals(principals: &[PrincipalTrust<'_>], text: &mut String) {
    text.push_str(
        "\n# ---- Google Cloud: ServiceAccounts that have access themselves; give it to these ----\n\n",
    );
    for trust in principals {
        let clusters: Vec<&str> = trust.clusters.iter().copied().collect();
        let (namespace, name) = (trust.subject.namespace, trust.subject.name);
        text.extend(["# ", namespace, "/", name, " in ", &clusters.join(", "), ":\n#   "]);
        text.extend([trust.principal.as_str(), "\n"]);
    }
}

/// A command, with a line for each of its options.
fn command_of<'a>(words: &[&str], options: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    let mut command = words.join(" ");
    for (name, value) in options {
        command.extend([" \\\n  ", name, " ", &quoted(value)]);
    }
    command.push('\n');
    command
}

/// A word that the shell takes as it is. Source: "Quoting" in the Shell Command Language of POSIX.
fn quoted(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@+".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
