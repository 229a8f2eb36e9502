//! Who has what: the table, one cluster in full, JSON and Mermaid.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::formats::violations;
use crate::harness::{Run, command, directory, project, run};
use crate::page;
use crate::place::fed;

/// Two files, profiles that hide each other, and an identity that does too much.
const FLEET: &[(&str, &str)] = &[
    (
        "identity.flux",
        r#"include "teams/*.flux"

let team = "platform"

profile base {
  account = "111122223333"
  role pull = aws "arn:aws:iam::${account}:role/${team}-pull"
  role keys = aws "arn:aws:iam::${account}:role/${cluster}-keys"
  source-controller, image-reflector-controller -> pull
  kustomize-controller                          -> keys
}

profile careless {
  use base
  role keys = aws "arn:aws:iam::${account}:role/${team}-pull"  # too much
}

cluster dev on eks { use careless }

cluster prod-eu, prod-us on eks {
  use base
  let env = "prod"
}
"#,
    ),
    (
        "teams/data.flux",
        r#"let team = "data"

cluster data on gke {
  use base
  project = "acme-data"
  helm-controller      -> gcp direct
  kustomize-controller -> none
  service-account apps/web -> pull
  flux    = "2.9"
  tenant  = webhook
  region  = "eu-west-1"
}
"#,
    ),
];

fn shown(arguments: &[&str], width: Option<&str>) -> Run {
    let place = directory(FLEET);
    let width: Vec<&str> = width.iter().flat_map(|width| ["--width", *width]).collect();
    run(place.path(), &[&["show"], arguments, width.as_slice()].concat())
}

fn table(arguments: &[&str], width: Option<&str>) -> String {
    let run = shown(arguments, width);
    assert_eq!(run.status, 0, "{}", run.stderr);
    run.stdout
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&table(&[&["--format", "json"], arguments].concat(), None)).expect("it is JSON")
}

#[test]
fn clusters_that_have_the_same_are_one_row_where_the_width_matters() {
    let table = table(&[], Some("200"));
    let row = table.lines().find(|line| line.starts_with("prod-eu, prod-us")).expect("they are one");
    assert!(row.contains("${cluster}-keys"), "{table}");
    assert!(table.contains("${cluster} is the name of each cluster"), "{table}");
}

#[test]
fn in_a_pipe_every_cluster_has_a_row_and_nothing_is_shortened() {
    let table = table(&[], None);
    for (cluster, role) in [("prod-eu", "prod-eu-keys"), ("prod-us", "prod-us-keys")] {
        let row = table.lines().find(|line| line.starts_with(cluster)).expect("it has a row");
        assert!(row.contains(&format!("aws arn:aws:iam::111122223333:role/{role}")), "{table}");
    }
    assert!(!table.contains('…'), "{table}");
}

#[test]
fn what_a_shell_exports_narrows_nothing_in_a_pipe() {
    let place = directory(FLEET);
    let mut command = command(place.path(), &["show"]);
    let narrow: Run = command.env("COLUMNS", "40").output().expect("the command runs").into();
    assert_eq!(narrow.stdout, table(&[], None));
}

#[test]
fn a_terminal_is_as_wide_as_is_said() {
    let place = directory(FLEET);
    let on_terminal = |options: &str, columns: &str| {
        let line = format!("{} show --color never{options}", env!("CARGO_BIN_EXE_flux-identity"));
        let mut script = Command::new("script");
        let script = script.current_dir(place.path()).env("COLUMNS", columns).stdin(Stdio::null());
        let output = script.args(["-qec", &line, "/dev/null"]).output().ok()?;
        Some(String::from_utf8(output.stdout).expect("UTF-8").replace("\r\n", "\n"))
    };
    let Some(wide) = on_terminal("", "100") else {
        eprintln!("skipped: script is not there");
        return;
    };
    assert_eq!(wide, table(&[], Some("100")));
    assert_eq!(on_terminal(" --width 60", "100"), Some(table(&[], Some("60"))));
    // That of `script` has no width of its own here.
    assert_eq!(on_terminal("", "none"), Some(table(&[], Some("80"))));
}

#[test]
fn the_table_fits_every_width() {
    for width in [40, 50, 60, 79, 80, 100, 120, 200] {
        let said = width.to_string();
        for arguments in [&[][..], &["dev"][..], &["data"][..]] {
            for line in table(arguments, Some(&said)).lines() {
                assert!(line.chars().count() <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn what_is_shared_and_what_does_too_much_is_told() {
    let table = table(&[], None);
    let (_, shared) = table.split_once("shared by clusters\n").expect("something is shared");
    let (shared, both) = shared.split_once("both pull and decrypt\n").expect("one does");
    assert!(shared.contains("role/platform-pull"), "{table}");
    assert!(
        shared.contains("source-controller, image-reflector-controller in 3 clusters: dev, prod-eu, prod-us")
    );
    assert!(both.contains("role/platform-pull") && both.contains("kustomize-controller in dev"), "{table}");
    assert!(!both.contains("-keys"), "{table}");
}

#[test]
fn a_selection_narrows_the_rows_and_tells_of_the_whole_fleet() {
    let table = table(&["--where", "env=prod"], None);
    assert!(!table.lines().any(|line| line.starts_with("dev ")), "{table}");
    assert!(table.contains("in 3 clusters: dev, prod-eu, prod-us"), "{table}");
    assert!(table.ends_with(
        "2 of 4 clusters; 3 identities, 1 shared by clusters, 1 for both pulling and decrypting\n"
    ));
}

#[test]
fn one_cluster_tells_where_each_thing_was_said_and_what_that_hides() {
    let dev = table(&["dev"], None);
    let line = |begin: &str| {
        let found = dev.lines().map(str::trim_start).find(|line| line.starts_with(begin));
        found.unwrap_or_else(|| panic!("{begin}: {dev}")).split_whitespace().collect::<Vec<&str>>().join(" ")
    };
    assert!(dev.starts_with("dev on eks, identity.flux:18\nuses base, careless\n"), "{dev}");
    assert_eq!(line("account "), "account \"111122223333\" identity.flux:6 profile base");
    assert_eq!(line("team "), "team \"platform\" identity.flux:3 the root source");
    assert_eq!(
        line("keys "),
        "keys aws \"arn:aws:iam::111122223333:role/platform-pull\" identity.flux:15 profile careless"
    );
    let hidden = line("overrides aws");
    assert_eq!(
        hidden,
        "overrides aws \"arn:aws:iam::${account}:role/${cluster}-keys\" identity.flux:8 profile base"
    );
    assert!(dev.contains("pulls and decrypts") && dev.contains("`issuer` is not set"), "{dev}");
    let data = table(&["data"], None);
    assert!(data.contains("teams/data.flux:1") && data.contains("its file"), "{data}");
    assert!(data.contains("overrides \"platform\""), "{data}");
}

/// Two clusters that have one managed identity; one of them says its resource id.
const TOLD_ELSEWHERE: &str = r#"tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
issuer = "https://oidc.example.com/${cluster}"

cluster office on kubernetes {
  source-controller, kustomize-controller -> azure "4A7272f9-f186-41af-9f84-6a92e32d7cd0"
}

cluster lab on kubernetes {
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" {
    resource-id = "/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/pull"
  }
}
"#;

#[test]
fn a_cluster_knows_a_resource_id_that_another_says() {
    let place = directory(&[("identity.flux", TOLD_ELSEWHERE)]);
    assert_eq!(run(place.path(), &["trust"]).status, 0);
    for arguments in [&["show", "office"][..], &["show", "--cluster", "office", "--format", "html"][..]] {
        let shown = run(place.path(), arguments);
        assert!(!shown.stdout.contains("is not set"), "{}", shown.stdout);
        for controller in ["source-controller", "kustomize-controller"] {
            let told = format!("federated credential of pull for flux-system/{controller}");
            assert!(shown.stdout.contains(&told), "{}", shown.stdout);
        }
    }
}

#[test]
fn what_trust_refuses_no_cluster_that_has_it_knows() {
    let id = |name: &str| format!("Microsoft.ManagedIdentity/userAssignedIdentities/{name}");
    let more = |client_id: &str, name: &str| {
        let (_, rest) = TOLD_ELSEWHERE.split_once("cluster lab").expect("it is there");
        let other = rest.replace("4a7272f9-f186-41af-9f84-6a92e32d7cd0", client_id);
        format!("{TOLD_ELSEWHERE}\ncluster more{}", other.replace(&id("pull"), &id(name)))
    };
    for (source, code, words) in [
        (more("4a7272f9-f186-41af-9f84-6a92e32d7cd0", "keys"), "F0363", "has two values of `resource-id`"),
        (more("d6e4fc00-c5b2-4a72-9f84-6a92e3f06b08", "PULL"), "F0366", "has the same `resource-id` as"),
    ] {
        let place = directory(&[("identity.flux", &source)]);
        let trust = run(place.path(), &["trust"]);
        assert!(trust.status == 1 && trust.stderr.contains(code), "{}", trust.stderr);
        for cluster in ["office", "lab", "more"] {
            let shown = run(place.path(), &["show", cluster]).stdout;
            assert!(shown.contains("trust is incomplete"), "{shown}");
            assert!(shown.contains(words), "{cluster}: {shown}");
        }
    }
}

#[test]
fn no_line_of_what_clouds_must_be_told_is_there_twice() {
    let source = TOLD_ELSEWHERE.replace("source-controller ->", "source-controller, helm-controller ->")
        + "\ncluster pods on eks {\n  source-controller, helm-controller -> aws \"arn:aws:iam::111122223333:role/flux\" { via = pod-identity }\n}\n";
    let place = directory(&[("identity.flux", &source)]);
    for cluster in ["office", "lab", "pods"] {
        let shown = run(place.path(), &["show", cluster]).stdout;
        let (_, told) = shown.split_once("\ntrust\n").expect("it is known");
        let lines: Vec<&str> = told.lines().collect();
        let once: BTreeSet<&str> = lines.iter().copied().collect();
        assert!(lines.len() > 2 && lines.len() == once.len(), "{shown}");
    }
}

#[test]
fn json_is_as_its_schema_says() {
    let schema = fs::read_to_string(project().join("docs/show.schema.json")).expect("it is there");
    let schema: Value = serde_json::from_str(&schema).expect("it is JSON");
    for arguments in [&[][..], &["dev"][..], &["data"][..], &["--where", "env=prod"][..]] {
        let document = json(arguments);
        assert_eq!(violations(&document, &schema, &schema, ""), Vec::<String>::new(), "{document:#}");
    }
    let mut wrong = json(&[]);
    wrong["clusters"][0]["platform"] = "ekss".into();
    assert!(!violations(&wrong, &schema, &schema, "").is_empty());
}

#[test]
fn json_tells_who_has_what_and_who_says_so() {
    let document = json(&["dev"]);
    let dev = &document["clusters"][0];
    assert_eq!((&dev["name"], &dev["values"]["team"]), (&"dev".into(), &"platform".into()));
    let said = dev["said"].as_array().expect("all that was said");
    let keys =
        said.iter().find(|thing| thing["kind"] == "role" && thing["name"] == "keys").expect("it is there");
    assert_eq!((&keys["said"][0]["profile"], &keys["said"][0]["line"]), (&"careless".into(), &15.into()));
    assert_eq!((&keys["hides"][0]["profile"], &keys["hides"][0]["line"]), (&"base".into(), &8.into()));
    assert_eq!(document["identities"][0]["pulls_and_decrypts"], true);
    // Where each thing was said is told of one cluster alone: of many it would be long.
    assert!(json(&[])["clusters"][0].get("said").is_none());
}

#[test]
fn a_graph_joins_clusters_that_are_alike_to_their_identities() {
    let graph = table(&["--format", "mermaid"], None);
    assert!(graph.starts_with("flowchart LR\n"), "{graph}");
    assert!(graph.contains("[\"prod-eu<br/>prod-us<br/>on eks\"]"), "{graph}");
    assert!(graph.contains("([\"gcp direct in acme-data\"]):::gcp"), "{graph}");
    assert!(graph.contains("<br/>apps/web\" -->"), "{graph}");
}

#[test]
fn a_graph_marks_identities_that_clusters_share_and_those_that_do_too_much() {
    let graph = table(&["--format", "mermaid"], None);
    let (shared, own) = (
        "role/platform-pull<br/>shared by 3 clusters<br/>pulls and decrypts\"]):::aws",
        "${cluster}-keys\"]",
    );
    assert!(graph.contains(shared) && graph.contains(own), "{graph}");
    let styled: Vec<&str> = graph.lines().filter(|line| line.starts_with("  style ")).collect();
    assert_eq!(styled.len(), 1, "{graph}");
    let number = styled[0].split(' ').nth(3).expect("a node");
    assert!(graph.contains(&format!("{number}([\"aws arn:aws:iam::111122223333:role/platform-pull<br/>")));
}

#[test]
fn no_word_is_broken_that_a_line_holds() {
    for width in ["60", "70", "80", "100"] {
        for cluster in ["dev", "data"] {
            let shown = table(&[cluster], Some(width));
            for word in [
                "image-reflector-controller",
                "source-controller",
                "identity.flux:18",
                "careless",
                "platform-pull",
            ] {
                let whole = table(&[cluster], None).matches(word).count();
                assert_eq!(shown.matches(word).count(), whole, "{width}: {shown}");
            }
        }
    }
}

#[test]
fn colors_are_as_everywhere() {
    let place = directory(FLEET);
    let colored = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = command(place.path(), &[&["show"], arguments].concat());
        let output = command.envs(variables.iter().copied()).output().expect("the command runs");
        String::from_utf8_lossy(&output.stdout).contains('\u{1b}')
    };
    assert!(!colored(&[], &[]));
    assert!(colored(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!colored(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    // Programs get none.
    assert!(!colored(&["--format", "json", "--color", "always"], &[]));
}

#[test]
fn what_goes_wrong_ends_as_it_does_everywhere() {
    let unknown = shown(&["prod-ue"], None);
    assert_eq!((unknown.status, unknown.stdout.as_str()), (2, ""));
    assert!(unknown.stderr.contains("did you mean `prod-eu`?"), "{}", unknown.stderr);
    assert_eq!(shown(&["dev", "--cluster", "dev"], None).status, 2);
    assert_eq!(shown(&["--where", "nothing=here"], None).status, 2);
    assert_eq!(shown(&["--format", "yaml"], None).status, 2);
    let wrong = directory(&[("identity.flux", "cluster a on ekss {\n}\n")]);
    let wrong = run(wrong.path(), &["show"]);
    assert_eq!((wrong.status, wrong.stdout.as_str()), (1, ""));
    let empty = directory(&[("identity.flux", "")]);
    for format in ["table", "json", "mermaid", "html"] {
        assert_eq!(run(empty.path(), &["show", "--format", format]).status, 0, "{format}");
    }
}

#[test]
fn a_source_comes_from_standard_input() {
    let source = "cluster a on eks { source-controller -> aws \"arn:aws:iam::111122223333:role/flux\" }\n";
    let place = directory(&[]);
    for format in ["table", "json", "mermaid", "html"] {
        let run = fed(command(place.path(), &["show", "--format", format, "--file", "-"]), source.as_bytes());
        assert_eq!(run.status, 0, "{format}: {}", run.stderr);
        assert!(run.stdout.contains("role/flux"), "{format}: {}", run.stdout);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let place = directory(&[("identity.flux", &page::fleet())]);
    let mut child = command(place.path(), &["show", "--format", "html"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command starts");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn what_the_documentation_shows_is_what_is_shown() {
    let path = project().join("docs/show.md");
    let text = fs::read_to_string(&path).expect("the page is there");
    let mut expected = String::new();
    let mut rest = text.as_str();
    let mut outputs = 0;
    while let Some((before, after)) = rest.split_once("<!-- shown: ") {
        let (line, after) = after.split_once(" -->\n").expect("a line");
        let (_, after) = after.split_once("<!-- end -->\n").expect("an end");
        let output = example(&line.split(' ').collect::<Vec<&str>>());
        let mark = format!("<!-- shown: {line} -->\n\n```text\n");
        expected.extend([before, &mark, &output, "```\n\n<!-- end -->\n"]);
        rest = after;
        outputs += 1;
    }
    expected += rest;
    assert_eq!(outputs, 2);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &expected).expect("the page is written");
    } else {
        assert_eq!(text, expected, "UPDATE_EXPECT=1 writes it anew");
    }
}

fn example(arguments: &[&str]) -> String {
    let place = project().join("examples/three-clouds");
    let run = run(Path::new(&place), &[arguments, &["--width", "95"]].concat());
    assert_eq!(run.status, 0, "{}", run.stderr);
    run.stdout
}

/// A fleet of three clouds in which all that differs between clusters are names and values.
fn large_fleet() -> String {
    let clusters = (0..70).map(|at| {
        let account = format!("{:012}", 111_122_223_000_u64 + at % 7);
        let guid = format!("4a7272f9-f186-41af-9f84-{at:012}");
        let (team, project) = (at % 4, at % 5);
        format!(
            "cluster eks-{at} on eks {{\n  account = \"{account}\"\n  let team = \"team{team}\"\n  \
             source-controller -> aws \"arn:aws:iam::${{account}}:role/${{team}}-${{cluster}}\"\n}}\n\
             cluster aks-{at} on aks {{\n  tenant = \"72f988bf-86f1-41af-91ab-2d7cd011db47\"\n  \
             source-controller -> azure \"{guid}\"\n}}\n\
             cluster gke-{at} on gke {{\n  project = \"acme-{project}\"\n  \
             source-controller -> gcp \"flux-gar@${{project}}.iam.gserviceaccount.com\"\n}}\n"
        )
    });
    clusters.collect::<Vec<_>>().concat()
}

#[test]
fn two_hundred_clusters_fit_a_screen() {
    let place = crate::harness::directory(&[("identity.flux", &large_fleet())]);
    let shown = crate::harness::run(place.path(), &["show", "--width", "120"]);
    assert_eq!(shown.status, 0, "{}", shown.stderr);
    let lines = shown.stdout.lines().count();
    assert!(lines <= 40, "{lines} lines:\n{}", shown.stdout);
    assert!(shown.stdout.contains("${account}") && shown.stdout.contains("${client-id}"), "{}", shown.stdout);
    assert!(shown.stdout.contains("of each cluster"), "{}", shown.stdout);
}

#[test]
fn what_is_the_same_in_all_clusters_of_a_row_is_not_replaced() {
    let clusters: Vec<String> = (0..30)
        .map(|at| {
            format!(
                "cluster c{at} on gke {{\n  project = \"acme-{at:03}\"\n  \
                 source-controller -> gcp \"flux-gar@${{project}}.iam.gserviceaccount.com\"\n  \
                 kustomize-controller -> gcp \"flux-kms@acme-keys.iam.gserviceaccount.com\"\n}}\n"
            )
        })
        .collect();
    let place = crate::harness::directory(&[("identity.flux", &clusters.concat())]);
    let shown = crate::harness::run(place.path(), &["show", "--width", "120"]);
    assert!(shown.stdout.contains("flux-gar@${project}"), "{}", shown.stdout);
    assert!(shown.stdout.contains("flux-kms@acme-keys"), "{}", shown.stdout);
}
