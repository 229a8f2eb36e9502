//! `--cluster` and `--where`: they narrow what is written and shown, never what is checked.

use std::fs;

use crate::harness::run;
use crate::place::{built, read, repository};

const FLEET: &str = r#"
let tier = "low"
account = "111122223333"

profile prod {
  let tier = "high"
}

cluster prod-eu, prod-us on eks {
  use prod
  let region-group = "${cluster}-x"
  source-controller -> aws "arn:aws:iam::${account}:role/flux"
}

cluster dev on eks {
  account = "444455556666"
  source-controller -> aws "arn:aws:iam::${account}:role/flux"
}
"#;

/// The clusters whose overlays these options select.
fn selected(options: &[&str]) -> Vec<String> {
    let place = repository(&[("identity.flux", FLEET)]);
    let run = run(place.path(), &[&["outputs"], options].concat());
    assert_eq!(run.status, 0, "{}", run.stderr);
    run.stdout.lines().map(|path| path.split('/').nth(1).expect("a cluster").to_owned()).collect()
}

#[test]
fn clusters_are_selected_by_name_in_the_order_of_the_source() {
    assert_eq!(selected(&["--cluster", "dev", "--cluster", "prod-eu"]), ["prod-eu", "dev"]);
}

#[test]
fn clusters_are_selected_by_what_they_see() {
    assert_eq!(selected(&["--where", "tier=high"]), ["prod-eu", "prod-us"]);
    assert_eq!(selected(&["--where", "tier=low"]), ["dev"]);
    assert_eq!(selected(&["--where", "account=111122223333"]), ["prod-eu", "prod-us"]);
    assert_eq!(selected(&["--where", "cluster=dev"]), ["dev"]);
    assert_eq!(selected(&["--where", "platform=eks"]).len(), 3);
    assert_eq!(selected(&["--where", "region-group=prod-us-x"]), ["prod-us"]);
}

#[test]
fn all_that_is_given_must_hold() {
    assert_eq!(selected(&["--where", "tier=high", "--where", "cluster=prod-us"]), ["prod-us"]);
    assert_eq!(selected(&["--cluster", "prod-us", "--cluster", "dev", "--where", "tier=high"]), ["prod-us"]);
}

#[test]
fn build_writes_what_is_selected_and_nothing_else() {
    let place = repository(&[("identity.flux", FLEET)]);
    let run = run(place.path(), &["build", "--cluster", "dev"]);
    assert_eq!((run.status, run.stdout.lines().nth(1)), (0, Some("1 overlay, 1 written")), "{}", run.stderr);
    assert!(!place.path().join("clusters/prod-eu").exists());
}

#[test]
fn build_checks_what_is_not_selected() {
    let place = repository(&[(
        "identity.flux",
        &FLEET.replace("cluster prod-eu, prod-us on eks", "cluster prod-eu, prod-us on ekss"),
    )]);
    let run = run(place.path(), &["build", "--cluster", "dev"]);
    assert_eq!(run.status, 1);
    assert!(!place.path().join("clusters").exists());
}

#[test]
fn check_and_diff_compare_what_is_selected() {
    let place = built(FLEET);
    let source = read(&place, "identity.flux")
        .replace("role/flux\"\n}\n\ncluster dev", "role/other\"\n}\n\ncluster dev");
    fs::write(place.path().join("identity.flux"), source).expect("it is written");
    for command in ["check", "diff"] {
        assert_eq!(run(place.path(), &[command, "--cluster", "dev"]).status, 0, "{command}");
        assert_eq!(run(place.path(), &[command, "--cluster", "prod-eu"]).status, 1, "{command}");
    }
    let check = run(place.path(), &["check", "--where", "tier=low"]);
    assert_eq!(check.stdout, "1 of 3 clusters, no errors\n");
}

#[test]
fn a_selection_asks_for_no_value_that_is_not_needed() {
    // Nothing evaluates it but a condition.
    let fleet = FLEET.replace("let tier = \"low\"", "let tier = \"${nothing}\"");
    let place = repository(&[("identity.flux", &fleet)]);
    assert_eq!(run(place.path(), &["outputs", "--cluster", "dev"]).status, 0);
    let run = run(place.path(), &["outputs", "--where", "tier=low"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.starts_with("error[F0105]"), "{}", run.stderr);
}

#[test]
fn a_selection_that_cannot_be_is_wrong_usage() {
    let table: &[(&[&str], &str)] = &[
        (&["--cluster", "prod-ue"], "error: unknown cluster `prod-ue`\n  = help: did you mean `prod-eu`?\n"),
        (
            &["--where", "teir=high"],
            "error: no cluster has a value for `teir`\n  = help: `--where` accepts variables, text settings, `cluster` and `platform`\n",
        ),
        (
            &["--where", "output=x"],
            "error: no cluster has a value for `output`\n  = help: `--where` accepts variables, text settings, `cluster` and `platform`\n",
        ),
        (
            &["--where", "tier=middle"],
            "error: no cluster matches\n  = help: every `--where` condition must hold\n",
        ),
        (
            &["--where", "tier"],
            "error: invalid condition `tier` in `--where`: expected `VARIABLE=VALUE`\n  = help: for example `--where env=prod`\n",
        ),
        (
            &["--where", "=high"],
            "error: invalid condition `=high` in `--where`: expected `VARIABLE=VALUE`\n  = help: for example `--where env=prod`\n",
        ),
    ];
    for command in ["build", "check", "diff", "outputs"] {
        for (options, said) in table {
            let place = repository(&[("identity.flux", FLEET)]);
            let run = run(place.path(), &[&[command], *options].concat());
            assert_eq!((run.status, run.stderr.as_str()), (2, *said), "{command} {options:?}");
        }
    }
}

#[test]
fn what_is_for_the_whole_fleet_does_not_go_with_a_selection() {
    let place = repository(&[("identity.flux", FLEET)]);
    for selection in [["--cluster", "dev"], ["--where", "tier=low"]] {
        for other in [&["--prune"][..], &["--stamp", "s"], &["--stamp", "s", "--depfile", "d"]] {
            let run = run(place.path(), &[&["build"], &selection[..], other].concat());
            assert_eq!(run.status, 2, "{selection:?} {other:?}");
            let said = format!(
                "error: `{}` cannot be used with `{}`\n  = help: `{}` applies to the whole fleet; remove the other option\n",
                selection[0], other[0], other[0]
            );
            assert_eq!(run.stderr, said);
        }
    }
    assert!(!place.path().join("clusters").exists());
}
