//! `check --fix`: edits of findings are applied until none is left, and nothing gets worse.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use crate::harness::{self, command, directory, project, run};
use crate::trees;

fn text(place: &Path, name: &str) -> String {
    fs::read_to_string(place.join(name)).expect("it is there")
}

const FAULTY: &str = "\
// the registry
profile base {
  role registry = aws \"arn:aws:iam::${account}:role/flux-registry\"
  source-contoller -> registry
}

cluster prod-eu on eks {
  use: base
  let account = \"111122223333\";
  let emit = \"component\"
}
";

#[test]
fn edits_are_applied_round_after_round_and_said() {
    let place = directory(&[("identity.flux", FAULTY)]);
    let done = run(place.path(), &["check", "--fix"]);
    let fixed = FAULTY
        .replace("// the", "# the")
        .replace("contoller", "controller")
        .replace("use: base", "use base")
        .replace("let account", "account")
        .replace("\";", "\"")
        .replace("let emit = \"component\"", "emit = component");
    assert_eq!(text(place.path(), "identity.flux"), fixed, "{}", done.stderr);
    let lines: Vec<&str> = done.stderr.lines().filter(|line| line.starts_with("fixed ")).collect();
    assert_eq!(
        lines,
        [
            "fixed identity.flux:1:1 (F0017): `//` is now `#`",
            "fixed identity.flux:4:3 (F0101): `source-contoller` is now `source-controller`",
            "fixed identity.flux:8:3 (F0017): `use: base` is now `use base`",
            "fixed identity.flux:9:3 (F0111): `let account` is now `account`",
            "fixed identity.flux:9:31 (F0002): removed `;`",
            "fixed identity.flux:10:3 (F0111): `let emit` is now `emit`",
            "fixed identity.flux:10:10 (F0201): `\"component\"` is now `component`",
        ]
    );
    let again = run(place.path(), &["check", "--fix"]);
    assert!(!again.stderr.contains("fixed "), "{}", again.stderr);
}

#[test]
fn a_diff_writes_nothing_and_is_what_would_be_written() {
    let place = directory(&[("identity.flux", FAULTY)]);
    let before = trees::nodes(place.path());
    let shown = run(place.path(), &["check", "--fix", "--diff"]);
    assert!(trees::nodes(place.path()) == before, "nothing is written");
    assert_eq!(shown.status, 1, "{}", shown.stderr);
    assert_eq!(shown.stderr, "1 source would be changed\n");
    let _ = run(place.path(), &["check", "--fix"]);
    let fixed = text(place.path(), "identity.flux");
    let added: Vec<&str> = shown.stdout.lines().skip(2).filter_map(|line| line.strip_prefix('+')).collect();
    assert!(
        added.len() == 5 && added.iter().all(|line| fixed.lines().any(|other| other == *line)),
        "{added:?}"
    );
    let nothing = run(place.path(), &["check", "--fix", "--diff"]);
    assert_eq!((nothing.status, nothing.stdout.as_str()), (0, ""), "{}", nothing.stderr);
}

#[test]
fn included_files_are_corrected_and_nothing_else_is_touched() {
    let role = "aws \"arn:aws:iam::111122223333:role/flux\"";
    let place = directory(&[
        ("identity.flux", "include \"teams/*.flux\"\n"),
        ("teams/a.flux", &format!("cluster a on eks {{\n  source-contoller -> {role}\n}}\n")),
        ("teams/b.flux", &format!("cluster b on eks {{\n  source-controller -> {role}\n}}\n")),
        ("teams/c.txt", "source-contoller\n"),
    ]);
    let before = trees::nodes(place.path());
    let done = run(place.path(), &["check", "--fix"]);
    assert!(text(place.path(), "teams/a.flux").contains("  source-controller ->"), "{}", done.stderr);
    let changed: Vec<_> =
        trees::nodes(place.path()).into_iter().zip(before).filter(|(now, old)| now != old).collect();
    assert_eq!(changed.len(), 1, "{changed:?}");
}

#[test]
fn an_edit_that_causes_more_errors_is_not_written() {
    let source = "\
profile eks-standard {
  source-controller    -> registry
  kustomize-controller -> keys
}

cluster prod-eu on eks {
  use eks
}
";
    let place = directory(&[("identity.flux", source)]);
    let done = run(place.path(), &["check", "--fix"]);
    assert!(done.stderr.contains("did you mean `eks-standard`?"), "{}", done.stderr);
    assert_eq!(text(place.path(), "identity.flux"), source, "it would uncover two unknown roles");
    assert_eq!(done.status, 1);
}

#[test]
fn an_error_of_one_cluster_does_not_become_one_of_several() {
    let source = "\
profile base {
  source-controller -> aws \"arn:aws:iam::${owner}:role/flux\"
}

values \"values.json\"

cluster a, b, c on eks {
  use base
}
";
    let of = |name: &str, variable: &str| format!("\"{name}\": {{\"{variable}\": \"111122223333\"}}");
    let values = format!("{{{}, {}, {}}}\n", of("a", "owner"), of("b", "owner"), of("c", "onwer"));
    let place = directory(&[("identity.flux", source), ("values.json", &values)]);
    let done = run(place.path(), &["check", "--fix"]);
    assert_eq!(text(place.path(), "identity.flux"), source, "{}", done.stderr);
    assert_eq!(text(place.path(), "values.json"), values, "{}", done.stderr);
    assert!(done.stderr.contains("did you mean `owner` there?"), "{}", done.stderr);
}

#[test]
fn an_edit_that_can_be_made_is_made_beside_one_that_cannot() {
    let source = "\
profile eks-standard {
  source-controller    -> registry
  kustomize-controller -> keys
  helm-controller      -> charts
}

cluster prod-eu on eks {
  use eks
}

cluster prod-us on eks {
  acount = \"111122223333\"
}
";
    let place = directory(&[("identity.flux", source)]);
    let _ = run(place.path(), &["check", "--fix"]);
    assert_eq!(text(place.path(), "identity.flux"), source.replace("acount", "account"));
}

#[cfg(unix)]
#[test]
fn a_source_that_is_a_link_is_left_alone() {
    let place = directory(&[("shared.flux", FAULTY)]);
    std::os::unix::fs::symlink("shared.flux", place.path().join("identity.flux")).expect("it is linked");
    let before = trees::nodes(place.path());
    let done = run(place.path(), &["check", "--fix"]);
    assert!(trees::nodes(place.path()) == before, "{}", done.stderr);
    assert!(done.stderr.contains("error[F040"), "{}", done.stderr);
    assert_eq!(done.status, 1);
}

#[test]
fn standard_input_cannot_be_corrected() {
    let place = directory(&[]);
    assert_eq!(run(place.path(), &["check", "--fix", "--file", "-"]).status, 2);
    assert_eq!(run(place.path(), &["check", "--diff"]).status, 2);
}

#[test]
fn every_fixture_with_an_edit_comes_to_rest_without_more_errors() {
    let mut corrected = 0_usize;
    for (name, source) in trees::texts(&project().join("tests/ui")) {
        let is_source = Path::new(&name).extension().is_some_and(|extension| extension == "flux");
        if !is_source {
            continue;
        }
        let (_, findings) = harness::check(&source);
        let has_edit = findings.iter().any(|finding| finding.helps.iter().any(|help| help.edit.is_some()));
        if !has_edit {
            continue;
        }
        let place = directory(&[("identity.flux", &source)]);
        let _ = run(place.path(), &["check", "--fix"]);
        let once = text(place.path(), "identity.flux");
        let _ = run(place.path(), &["check", "--fix"]);
        assert_eq!(text(place.path(), "identity.flux"), once, "{name}");
        let errors = |text: &str| {
            let (_, findings) = harness::check(text);
            findings
                .iter()
                .filter(|finding| finding.code.level() == flux_identity::problem::Level::Error)
                .count()
        };
        assert!(errors(&once) <= errors(&source), "{name}: {once}");
        corrected += usize::from(once != source);
    }
    assert!(corrected > 50, "{corrected}");
}

#[test]
fn whenever_it_is_killed_the_source_is_old_or_new() {
    let place = directory(&[("identity.flux", FAULTY)]);
    let _ = run(place.path(), &["check", "--fix"]);
    let fixed = text(place.path(), "identity.flux");
    for moment in 0..harness::times(10, 60) {
        fs::write(place.path().join("identity.flux"), FAULTY).expect("it is written");
        let mut child = command(place.path(), &["check", "--fix"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        sleep(Duration::from_micros(moment * 500));
        let _ = child.kill();
        let _ = child.wait();
        let now = text(place.path(), "identity.flux");
        assert!(now == FAULTY || now == fixed, "{now}");
    }
    fs::write(place.path().join("identity.flux"), FAULTY).expect("it is written");
    let _ = run(place.path(), &["check", "--fix"]);
    assert_eq!(text(place.path(), "identity.flux"), fixed);
    assert_eq!(trees::nodes(place.path()).len(), 1, "nothing is left behind");
}
