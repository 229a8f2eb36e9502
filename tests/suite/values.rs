//! Files of values: what they say counts as said in the blocks of clusters.

use std::collections::BTreeMap;
use std::fs;

use flux_identity::check::Request;
use flux_identity::workspace::{Inputs, Nowhere};
use proptest::prelude::*;

use crate::generate::{self, Item, Statement, Value};
use crate::harness::{compile_beside, directory, run, sources};
use crate::layers::one_in;

const SOURCE: &str = r#"values "values.json"

profile base { role flux = aws "arn:aws:iam::${account}:role/${team}/flux-${cluster}" }

let team = "nobody"

cluster dev, prod on eks {
  use base
  source-controller -> flux
}
"#;

const VALUES: &str = r#"{
  "dev": { "account": "000011112222", "team": "shop", "region": null },
  "prod": { "account": "333344445555" }
}
"#;

fn overlay(place: &std::path::Path, cluster: &str) -> String {
    fs::read_to_string(place.join(format!("clusters/{cluster}/flux-system/kustomization.yaml")))
        .unwrap_or_default()
}

#[test]
fn a_cluster_has_what_the_file_says_of_it() {
    for (name, text) in [
        ("values.json", VALUES),
        (
            "values.yaml",
            "dev:\n  account: \"000011112222\"\n  team: shop\nprod: { account: '333344445555' }\n",
        ),
    ] {
        let source = SOURCE.replace("values.json", name);
        let place = directory(&[("identity.flux", &source), (name, text)]);
        let built = run(place.path(), &["build"]);
        assert_eq!(built.status, 0, "{}", built.stderr);
        let (dev, prod) = (overlay(place.path(), "dev"), overlay(place.path(), "prod"));
        assert!(dev.contains("arn:aws:iam::000011112222:role/shop/flux-dev"), "{dev}");
        assert!(prod.contains("arn:aws:iam::333344445555:role/nobody/flux-prod"), "{prod}");
    }
}

#[test]
fn values_of_an_included_file_are_for_its_clusters() {
    let place = directory(&[
        ("identity.flux", "include \"teams/*.flux\"\ncluster dev on eks { source-controller -> none }\n"),
        ("teams/a.flux", &SOURCE.replace("values.json", "teams/values.json").replace("dev, ", "")),
        ("teams/values.json", VALUES),
    ]);
    let built = run(place.path(), &["build"]);
    assert_eq!(built.status, 0, "{}", built.stderr);
    assert!(
        built.stderr.contains("warning[F0122]: values of `dev`, which is not a cluster"),
        "{}",
        built.stderr
    );
    assert!(overlay(place.path(), "prod").contains("arn:aws:iam::333344445555:role/nobody/flux-prod"));
}

#[test]
fn the_table_of_a_cluster_says_that_a_value_is_from_the_file() {
    let place = directory(&[("identity.flux", SOURCE), ("values.json", VALUES)]);
    let shown = run(place.path(), &["show", "dev"]);
    assert_eq!(shown.status, 0, "{}", shown.stderr);
    let line = |name: &str| shown.stdout.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    assert!(
        line("account").contains("values.json:2") && line("account").contains("its values"),
        "{}",
        shown.stdout
    );
    assert!(shown.stdout.contains("overrides \"nobody\""), "{}", shown.stdout);
}

#[test]
fn the_file_is_a_prerequisite() {
    let place = directory(&[("identity.flux", SOURCE), ("values.json", VALUES)]);
    let built = run(place.path(), &["build", "--stamp", "stamp", "--depfile", "build.d"]);
    assert_eq!(built.status, 0, "{}", built.stderr);
    let rules = fs::read_to_string(place.path().join("build.d")).expect("it was written");
    assert!(rules.contains("values.json"), "{rules}");
}

#[test]
fn the_formatter_leaves_the_file_alone() {
    let place = directory(&[("identity.flux", SOURCE), ("values.json", VALUES)]);
    let formatted = run(place.path(), &["fmt"]);
    assert_eq!(formatted.status, 0, "{}", formatted.stderr);
    assert_eq!(fs::read_to_string(place.path().join("values.json")).expect("it is there"), VALUES);
}

#[cfg(unix)]
#[test]
fn a_file_that_leads_out_of_the_directory_is_not_read() {
    let outside = directory(&[("values.json", VALUES)]);
    let place = directory(&[("identity.flux", SOURCE)]);
    std::os::unix::fs::symlink(outside.path().join("values.json"), place.path().join("values.json"))
        .expect("the link is made");
    let built = run(place.path(), &["build"]);
    assert!(
        built.stderr.starts_with("error[F0415]: a file of values must stay in the directory"),
        "{}",
        built.stderr
    );
}

proptest! {
    #![proptest_config(one_in(4))]

    /// The literal values of clusters are moved from their blocks to a file, and the output stays the same.
    #[test]
    fn what_a_file_says_of_a_cluster_counts_as_said_in_its_block(fleet in generate::fleet()) {
        let mut other = fleet.clone();
        let mut values: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for item in &mut other.items {
            let Item::Cluster(cluster) = item else { continue };
            let names = cluster.names.clone();
            for name in &names {
                let _entry = values.entry(name.clone()).or_default();
            }
            cluster.says.retain(|statement| {
                let (name, text) = match statement {
                    Statement::Setting(name, Value::Text(text)) | Statement::Let(name, text) => (*name, text.clone()),
                    Statement::Setting(name, Value::Word(word)) => (*name, (*word).to_owned()),
                    Statement::Role(..) | Statement::Mapping(..) | Statement::Use(_) | Statement::On(..) => {
                        return true;
                    }
                };
                if text.contains('$') {
                    return true;
                }
                for cluster in &names {
                    let _old = values.entry(cluster.clone()).or_default().insert(name.to_owned(), text.clone());
                }
                false
            });
        }
        let (plain, source) = (generate::plain(&fleet), format!("values \"v.json\"\n{}", generate::plain(&other)));
        let json = serde_json::to_string(&values).expect("texts are JSON");
        let mut files = sources(&source);
        let file = flux_identity::source::Source { name: "v.json".to_owned(), text: json };
        let _id = files.add_values("v.json", file);
        let inputs = Inputs::new(&Nowhere);
        let (one, said) = compile_beside(&inputs, &Request::default(), &sources(&plain));
        let (moved, said_of_moved) = compile_beside(&inputs, &Request::default(), &files);
        let codes = |findings: &[flux_identity::problem::Finding]| {
            let mut codes: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
            codes.sort_unstable();
            codes.dedup();
            codes.into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        prop_assert_eq!(codes(&said), codes(&said_of_moved), "{}\nand\n{}", plain, source);
        prop_assert_eq!(one.map(|fleet| fleet.clusters), moved.map(|fleet| fleet.clusters), "{}", source);
    }
}
