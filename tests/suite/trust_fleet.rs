//! Trust of a large fleet on EKS in every form of AWS, and what a review says of changes that only clouds notice.

use std::fs;
use std::path::Path;

use crate::against::history;
use crate::harness::{Run, directory, run};
use crate::trees;

const CLUSTERS: usize = 200;
const ACCOUNTS: usize = 7;
/// The forms that contain something of AWS, each with a text and how often it stands in all files of the fleet.
const FORMS: [(&str, &str, usize); 6] = [
    ("terraform", "serviceaccount:flux-system:source-controller", CLUSTERS),
    ("terraform-policies", "serviceaccount:flux-system:source-controller", CLUSTERS),
    ("json", "serviceaccount:flux-system:source-controller", CLUSTERS),
    ("commands", "serviceaccount:flux-system:source-controller", CLUSTERS),
    ("ack", "\nkind: OpenIDConnectProvider\n", CLUSTERS),
    ("crossplane", "\nkind: PodIdentityAssociation\n", CLUSTERS),
];

/// Every cluster has a role by tokens of its own issuer, and one by EKS Pod Identity, which assumes a role of another account.
fn fleet(form: &str) -> String {
    let account = |number: usize| format!("{:012}", 111_122_223_300 + number % ACCOUNTS);
    let clusters = (0..CLUSTERS).map(|at| {
        let (own, other) = (account(at), account(at + 1));
        format!(
            "cluster c{at} on eks {{\n  account = \"{own}\"\n  \
             issuer = \"https://oidc.eks.eu-west-1.amazonaws.com/id/{at:032}\"\n  \
             source-controller -> aws \"arn:aws:iam::{own}:role/pull-{at}\"\n  \
             kustomize-controller -> aws \"arn:aws:iam::{own}:role/keys\" {{ via = pod-identity, \
             target-role = \"arn:aws:iam::{other}:role/vault\" }}\n}}\n"
        )
    });
    let settings = format!("trust-output = \"trust\"\ntrust-form = {form}\nregion = \"eu-west-1\"\n");
    settings + &clusters.collect::<String>()
}

fn right(place: &Path, arguments: &[&str]) -> Run {
    let run = run(place, arguments);
    assert_eq!(run.status, 0, "{arguments:?}: {}{}", run.stdout, run.stderr);
    run
}

#[test]
fn a_fleet_of_200_eks_clusters_over_7_accounts_builds_shows_and_diffs_in_every_form_of_aws() {
    for (form, text, times) in FORMS {
        let place = history(&[("identity.flux", &fleet(form))]);
        let _built = right(place.path(), &["build"]);
        let _checked = right(place.path(), &["check"]);
        let files = trees::texts(&place.path().join("trust"));
        let written: String = files.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(written.matches(text).count(), times, "{form}");
        assert!(written.contains("role/vault"), "{form}");
        let whole = right(place.path(), &["diff"]);
        assert!(whole.stderr.ends_with("nothing to do\n"), "{form}: {}", whole.stderr);
        let shown = right(place.path(), &["show", "--format", "json"]).stdout;
        assert!(shown.contains("\"c199\"") && shown.contains("role/pull-199\""), "{form}");
        let moved = fleet(form).replace("role/pull-150\"", "role/pull-151-too\"");
        fs::write(place.path().join("identity.flux"), moved).expect("it is written");
        let differs = run(place.path(), &["diff"]).stdout;
        assert!(differs.contains("pull-151-too"), "{form}: {differs}");
        let against = run(place.path(), &["diff", "--against", "start"]).stdout;
        assert!(against.contains("in c150:") && !against.contains("in c151"), "{form}: {against}");
    }
}

// ---------------------------------------------------------------------------------------------------
// Changes

/// What a review says of a change of the statements of a cluster.
fn reviewed(before: &str, after: &str) -> String {
    let source = |statements: &str| {
        format!(
            "cluster prod on eks {{\n  region = \"eu-west-1\"\n  issuer = \"https://oidc.example.com/prod\"\n{statements}}}\n"
        )
    };
    let place = history(&[("identity.flux", &source(before))]);
    fs::write(place.path().join("identity.flux"), source(after)).expect("it is written");
    let review = run(place.path(), &["diff", "--against", "start"]);
    review.stdout.split_once("trust:\n").map_or_else(String::new, |(_, trust)| trust.to_owned())
}

const BY_TOKEN: &str =
    "  source-controller, helm-controller -> aws \"arn:aws:iam::111122223333:role/flux\"\n";
const ASSOCIATED: &str =
    "  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\" { via = pod-identity }\n";
const WITH_TARGET: &str = "  source-controller -> aws \"arn:aws:iam::111122223333:role/flux\" {\n    via = pod-identity, target-role = \"arn:aws:iam::444455556666:role/vault\", external-id = \"prod/1\"\n  }\n";

#[test]
fn a_pattern_that_replaces_subjects_only_adds_trust() {
    let patterns = format!("  trust-subjects = namespace\n{BY_TOKEN}");
    let wider = reviewed(BY_TOKEN, &patterns);
    insta::assert_snapshot!(wider, @r"
    in prod:
      aws arn:aws:iam::111122223333:role/flux
        + system:serviceaccount:flux-system:*, of https://oidc.example.com/prod
    ");
    let narrower = reviewed(&patterns, BY_TOKEN);
    insta::assert_snapshot!(narrower, @r"
    in prod:
      aws arn:aws:iam::111122223333:role/flux
        - system:serviceaccount:flux-system:*, of https://oidc.example.com/prod
    ");
}

#[test]
fn a_target_role_newly_trusts_the_role_of_the_association() {
    insta::assert_snapshot!(reviewed(ASSOCIATED, WITH_TARGET), @r"
    in prod:
      aws arn:aws:iam::444455556666:role/vault
        + system:serviceaccount:flux-system:source-controller, by arn:aws:iam::111122223333:role/flux with the external id prod/1
    ");
}

#[test]
fn another_name_in_eks_is_another_cluster_to_pod_identity() {
    let named = format!("  eks-name = \"eks-prod\"\n{ASSOCIATED}");
    insta::assert_snapshot!(reviewed(ASSOCIATED, &named), @r"
    in prod:
      aws arn:aws:iam::111122223333:role/flux
        - system:serviceaccount:flux-system:source-controller, by EKS Pod Identity
        + system:serviceaccount:flux-system:source-controller, by EKS Pod Identity of eks-prod
    ");
}

/// Two AWS accounts, one of which two clusters share, and a managed identity whose resource id nobody knows.
const CLOUDS: &str = "\
cluster dev-a on eks {
  issuer = \"https://oidc.eks.eu-west-1.amazonaws.com/id/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"
  source-controller -> aws \"arn:aws:iam::111122223333:role/pull\"
}

cluster dev-b on eks {
  issuer = \"https://oidc.eks.eu-west-1.amazonaws.com/id/BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB\"
  source-controller -> aws \"arn:aws:iam::111122223333:role/pull\"
}

cluster prod on eks {
  source-controller -> aws \"arn:aws:iam::444455556666:role/pull\"
}

cluster pay on aks {
  tenant = \"72f988bf-86f1-41af-91ab-2d7cd011db47\"
  source-controller -> azure \"11111111-2222-4333-8444-555555555555\"
}
";

#[test]
fn trust_of_one_account_needs_only_what_its_identities_need() {
    let place = history(&[("identity.flux", CLOUDS)]);
    assert_eq!(run(place.path(), &["trust"]).status, 1, "the others lack settings");
    let document = right(place.path(), &["trust", "--account", "111122223333"]).stdout;
    for issuer in ["id/AAAA", "id/BBBB"] {
        assert!(document.contains(issuer), "{document}");
    }
    assert!(!document.contains("444455556666"), "{document}");
    let lacking = run(place.path(), &["trust", "--account", "444455556666"]);
    assert_eq!(lacking.status, 1);
    assert!(
        lacking.stderr.contains("cluster prod on") && !lacking.stderr.contains("dev-a"),
        "{}",
        lacking.stderr
    );
}

#[test]
fn trust_of_one_account_leaves_the_files_of_others_alone() {
    let whole = CLOUDS.replace(
        "cluster prod on eks {\n",
        "cluster prod on eks {\n  issuer = \"https://oidc.eks.eu-west-1.amazonaws.com/id/CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC\"\n",
    );
    let whole = whole.split("cluster pay").next().expect("it begins with EKS").to_owned();
    let place = directory(&[("identity.flux", &whole)]);
    let _all = right(place.path(), &["trust", "--form", "terraform", "-o", "trust"]);
    let before = trees::texts(place.path());
    let changed = whole.replace("role/pull", "role/read");
    fs::write(place.path().join("identity.flux"), changed).expect("it is written");
    let written =
        right(place.path(), &["trust", "--account", "111122223333", "--form", "terraform", "-o", "trust"]);
    assert_eq!(written.stderr, "", "no file is called unneeded");
    let after = trees::texts(place.path());
    let changed: Vec<&str> =
        after.iter().filter(|entry| !before.contains(entry)).map(|(path, _)| path.as_str()).collect();
    assert_eq!(changed, ["identity.flux", "trust/aws-111122223333/flux-identity.tf.json"]);
}

#[test]
fn an_account_without_identities_and_a_form_of_one_file_are_refused() {
    let place = history(&[("identity.flux", CLOUDS)]);
    for (arguments, message) in [
        (&["trust", "--account", "gcp"][..], "no identity of the fleet is in the account `gcp`"),
        (
            &["trust", "--account", "111122223333", "--form", "json", "-o", "trust"],
            "the one file of the form `json`",
        ),
    ] {
        let refused = run(place.path(), arguments);
        assert_eq!(refused.status, 2, "{}", refused.stderr);
        assert!(refused.stderr.contains(message), "{}", refused.stderr);
    }
}
