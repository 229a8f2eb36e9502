//! The page of `show --format html`, driven in headless Chromium by `tests/page/drive.py`.
//!
//! Chromium, its driver and Python must be there. `FLUX_IDENTITY_PROOF` gets a line when they were.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::harness::{directory, project, run};
use crate::real::prove;
use crate::source::{self, Own};

/// A thousand clusters, a third of them on each cloud. Those on EKS share sixty accounts.
pub fn fleet() -> String {
    let more = ["  let env = \"dev\"\n", "  let env = \"stage\"\n", "  let env = \"prod\"\n"];
    let own = |at: u32| Own { account: at % 60, more: more[at as usize / 3 % 3] };
    source::fleet("allow F0346 \"one role for the registry of each account\"\n", 1_000, own)
}

/// A source that tries to break out of the page, by all ways that the language has.
const HOSTILE: &[(&str, &str)] = &[
    (
        "identity.flux",
        r#"include "te<b>ams/*.flux"

profile odd {
  let first = "</script><script>window.broken=1</script>"
  let other = "<!--"
  let third = "<img src=x onerror=window.broken=1>"
  patch "odd.yaml" { kind = "Deployment", name = "source-controller" }
}
"#,
    ),
    (
        "te<b>ams/<img src=x onerror=window.broken=1>.flux",
        r#"cluster a on eks {
  use odd
  source-controller -> aws "arn:aws:iam::111122223333:role/&quot;'/flux"
  patch "odd.yaml" { kind = "Deployment", name = "helm-controller|<b>" }
}
"#,
    ),
    (
        "odd.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: all\n  annotations:\n    \
         odd: \"</script><script>window.broken=1</script>\\u2028\"\n    turned: \"\u{202e}\u{2028}<!--<script>\"\n",
    ),
];

#[test]
fn the_page_of_a_thousand_clusters_is_as_small_as_what_it_says() {
    let place = directory(&[("identity.flux", &fleet())]);
    let page = page(place.path(), "fleet.html");
    assert!(page.len() < 2_000_000, "{} bytes", page.len());
}

#[test]
fn nothing_of_a_source_is_markup_in_the_page() {
    let place = directory(HOSTILE);
    let page = page(place.path(), "hostile.html");
    let (_, rest) = page.split_once("id=\"fleet\">").expect("the data");
    let (data, rest) = rest.split_once("</script>").expect("its end");
    assert!(data.ends_with("]}"), "{data}");
    assert!(!data.contains(['<', '>', '&', '\u{2028}', '\u{202e}']));
    assert_eq!(rest.matches("</script").count(), 1, "that of the page's own script");
    let parsed: serde_json::Value = serde_json::from_str(data).expect("the data is JSON");
    let strings = parsed["strings"].as_array().expect("the texts");
    assert!(strings.iter().any(|text| text == "</script><script>window.broken=1</script>"));
}

#[test]
fn the_page_can_be_used_in_a_browser() {
    let Some(python) = driven() else { return };
    let place = directory(HOSTILE);
    let hostile = page(place.path(), "hostile.html");
    let own = directory(&[("identity.flux", &fleet()), ("hostile.html", &hostile)]);
    let _fleet = page(own.path(), "fleet.html");
    let mut arguments = vec!["fleet.html", "hostile.html"];
    let picture = project().join("docs/show.png");
    let picture = picture.to_str().expect("a path in UTF-8");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let example = page(&project().join("examples/three-clouds"), "");
        fs::write(own.path().join("example.html"), example).expect("the page is written");
        arguments.extend(["example.html", picture]);
    }
    let drive = project().join("tests/page/drive.py");
    let output = Command::new(python).current_dir(own.path()).arg(drive).args(arguments).output();
    let output = output.expect("Python runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.starts_with("Chromium "), "{said}");
    prove(said.split(':').next().expect("its version"));
}

/// The page of a fleet, which is written to a file too if that has a name.
fn page(place: &Path, name: &str) -> String {
    let shown = run(place, &["show", "--format", "html"]);
    assert_eq!((shown.status, shown.stderr.as_str()), (0, ""));
    if !name.is_empty() {
        fs::write(place.join(name), &shown.stdout).expect("the page is written");
    }
    shown.stdout
}

/// Python, if all is there to drive a browser.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn driven() -> Option<&'static str> {
    let runs = |program: &str| {
        let mut command = Command::new(program);
        let command = command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let browsers = ["chromium", "chromium-browser", "google-chrome"];
    for (what, is_there) in [
        ("Chromium", browsers.into_iter().any(runs)),
        ("ChromeDriver", runs("chromedriver")),
        ("Python", runs("python3")),
    ] {
        if !is_there {
            eprintln!("skipped: {what} is not there");
            return None;
        }
    }
    Some("python3")
}
