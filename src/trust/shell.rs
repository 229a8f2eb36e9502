//! Trust as commands for the shell, to be read before they are run.
//!
//! Sources: the references of `aws iam`, `aws eks`, `az identity federated-credential` and `gcloud iam service-accounts`.

use crate::model::azure::AUDIENCE;
use crate::model::gcp::WORKLOAD_IDENTITY_USER;
use crate::trust::Trust;
use crate::trust::aws::{AccountTrust, Association, TargetPolicy};
use crate::trust::azure::IdentityTrust;
use crate::trust::command::{Command, comment};
use crate::trust::gcp::{Binding, PrincipalTrust};

/// The commands, with a comment before those of each account. They run in a subshell: the first failing one ends that, and
/// not the shell that they are pasted in.
pub fn commands(trust: &Trust<'_>) -> String {
    let mut text = String::from("(\nset -eu\n");
    if !trust.aws.is_empty() {
        text.push_str("left_out=\n");
    }
    for account in &trust.aws {
        write_account(account, &mut text);
    }
    for identity in &trust.azure {
        write_identity(identity, &mut text);
    }
    for binding in &trust.bindings {
        write_binding(binding, &mut text);
    }
    if !trust.principals.is_empty() {
        write_principals(&trust.principals, &mut text);
    }
    if !trust.aws.is_empty() {
        text.push_str("\n# What was left out above is not done.\n[ -z \"$left_out\" ] || exit 1\n");
    }
    text.push_str(")\n");
    text
}

/// No command of IAM names the account, and another one may have a role of the same name: credentials of another account
/// leave this one out, so that the same script can be run with those of each.
fn write_account(trust: &AccountTrust<'_>, text: &mut String) {
    let account = trust.account;
    text.push('\n');
    text.push_str(&comment(&format!("---- AWS account {account}, with credentials of it alone ----")));
    text.push('\n');
    text.push_str("account=$(aws sts get-caller-identity --query Account --output text)\n");
    text.extend(["if [ \"$account\" != ", account, " ]; then\n"]);
    text.extend(["  echo \"left out: AWS account ", account, "; the credentials are of $account\" >&2\n"]);
    text.push_str("  left_out=yes\nelse\n");
    for provider in &trust.providers {
        let command = Command::new(&["aws", "iam", "create-open-id-connect-provider"])
            .option("--url", provider.issuer.as_str())
            .aws_list("--client-id-list", provider.audiences.iter().copied());
        text.push_str("\n# The account must know this issuer. If it does not yet:\n");
        text.push_str(&comment(&command.text()));
    }
    for policy in &trust.roles {
        let command = Command::new(&["aws", "iam", "update-assume-role-policy"])
            .option("--role-name", policy.role.name())
            .option("--policy-document", &policy.document());
        text.extend(["\n", &command.text()]);
    }
    for policy in &trust.target_policies {
        let command = Command::new(&["aws", "iam", "put-role-policy"])
            .option("--role-name", policy.role.name())
            .option("--policy-name", TargetPolicy::NAME)
            .option("--policy-document", &policy.document());
        text.extend(["\n", &command.text()]);
    }
    for association in &trust.associations {
        let Association { cluster, subject, role, target } = association;
        let mut command = Command::new(&["aws", "eks", "create-pod-identity-association"])
            .option("--cluster-name", cluster.eks_name())
            .option("--namespace", subject.namespace)
            .option("--service-account", subject.name)
            .option("--role-arn", role.as_str());
        if let Some(target) = target {
            command = command.option("--target-role-arn", target.arn.as_str());
        }
        if association.disables_session_tags() {
            command = command.flag("--disable-session-tags");
        }
        if let Some(region) = &cluster.cloud_context.region {
            command = command.option("--region", region.as_str());
        }
        text.extend(["\n", &command.text()]);
    }
    text.push_str("\nfi\n");
}

fn write_identity(trust: &IdentityTrust<'_>, text: &mut String) {
    let id = trust.resource_id;
    text.push('\n');
    text.push_str(&comment(&format!("---- Azure managed identity {}, one after the other ----", id.name())));
    for credential in &trust.credentials {
        let command = Command::new(&["az", "identity", "federated-credential", "create"])
            .option("--subscription", id.subscription())
            .option("--resource-group", id.resource_group())
            .option("--identity-name", id.name())
            .option("--name", &credential.name)
            .option("--issuer", credential.issuer.as_str())
            .option("--subject", &credential.subject.to_string())
            .option("--audiences", AUDIENCE);
        text.extend(["\n", &command.text()]);
    }
}

fn write_binding(binding: &Binding<'_>, text: &mut String) {
    let email = binding.account.as_str();
    text.push('\n');
    text.push_str(&comment(&format!("---- Google service account {email} ----")));
    let project = binding.account.project();
    for member in &binding.members {
        let mut command =
            Command::new(&["gcloud", "iam", "service-accounts", "add-iam-policy-binding", email]);
        if let Some(project) = &project {
            command = command.option("--project", project);
        }
        let command = command
            .option("--role", WORKLOAD_IDENTITY_USER)
            .option("--member", member)
            .option("--condition", "None");
        text.extend(["\n", &command.text()]);
    }
}

fn write_principals(principals: &[PrincipalTrust<'_>], text: &mut String) {
    text.push_str(
        "\n# ---- Google Cloud: ServiceAccounts that have access themselves; give it to these ----\n\n",
    );
    for trust in principals {
        let clusters: Vec<&str> = trust.clusters.iter().copied().collect();
        let (namespace, name) = (trust.subject.namespace, trust.subject.name);
        let heading = format!("{namespace}/{name} in {}:\n  {}", clusters.join(", "), trust.principal);
        text.push_str(&comment(&heading));
    }
}
