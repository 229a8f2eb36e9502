//! What released versions promise: `docs/versions.md`. `tests/released` has the fleets, codes and schemas of each.

use std::fs;
use std::path::{Path, PathBuf};

use flux_identity::problem::Code;
use serde_json::Value;

use crate::harness::{project, run};
use crate::trees;

/// The version that is built here.
const PRESENT: &str = env!("CARGO_PKG_VERSION");
const DECLARED: &str = "### Overlays that change";
const SCHEMAS: &[&str] =
    &["findings.schema.json", "review.schema.json", "show.schema.json", "trust.schema.json"];

#[test]
fn this_version_is_among_the_released_ones() {
    let names: Vec<String> = versions().iter().map(|version| name(version)).collect();
    assert!(
        names.iter().any(|name| name == PRESENT),
        "CONTRIBUTING.md says how to prepare {PRESENT}: {names:?}"
    );
}

#[test]
fn a_fleet_has_the_overlays_that_it_had_with_each_released_version() {
    for fleet in versions().iter().flat_map(|version| fleets(version)) {
        let is_open = is_open(&fleet);
        if updates() && is_open {
            let built = run(&fleet, &["build", "--adopt", "--force", "--prune"]);
            assert_eq!(built.status, 0, "{}: {}", fleet.display(), built.stderr);
        }
        let diff = run(&fleet, &["diff", "--adopt", "--force", "--prune", "--deny", "warnings"]);
        let is_compiled = matches!(diff.status, 0 | 1) && (diff.status == 1) != diff.stdout.is_empty();
        assert!(is_compiled, "{}: {}", fleet.display(), diff.stderr);
        let changes = changes_of(&fleet);
        if updates() && !is_open && !diff.stdout.is_empty() {
            fs::write(&changes, &diff.stdout).expect("the file is written");
        }
        let declared = fs::read_to_string(&changes).unwrap_or_default();
        assert_eq!(diff.stdout, declared, "{}: see docs/versions.md", fleet.display());
    }
}

#[test]
fn the_changelog_says_that_overlays_change() {
    let changelog = fs::read_to_string(project().join("CHANGELOG.md")).expect("it is there");
    for version in versions() {
        let (later, _) = changelog.split_once(&heading(&name(&version))).unwrap_or((&changelog, ""));
        let changes = fleets(&version).iter().any(|fleet| changes_of(fleet).exists());
        assert!(
            !changes || later.contains(DECLARED),
            "CHANGELOG.md has no `{DECLARED}` since {}",
            name(&version)
        );
    }
}

#[test]
fn a_released_code_is_never_removed_or_raised_to_an_error() {
    for version in versions() {
        let path = version.join("codes.txt");
        if updates() && is_open(&path) {
            fs::write(&path, run(&project(), &["explain", "--list"]).stdout).expect("the file is written");
        }
        let released = fs::read_to_string(&path).expect("the codes of a version are listed");
        assert!(released.lines().count() > 100, "{}", path.display());
        for line in released.lines() {
            let mut words = line.split_whitespace();
            let (code, level) = (words.next().expect("a code"), words.next().expect("a level"));
            let present = Code::from_name(code).unwrap_or_else(|| panic!("{code} is gone"));
            let is_raised = level != "error" && present.level().as_str() == "error";
            assert!(!is_raised, "{code} is an error now: give the error a code of its own");
        }
    }
}

#[test]
fn json_has_what_it_had_with_each_released_version() {
    for version in versions() {
        for name in SCHEMAS {
            let path = version.join(name);
            let present = project().join("docs").join(name);
            if updates() && is_open(&path) {
                let _bytes = fs::copy(&present, &path).expect("the schema is copied");
            }
            let broken = broken(&schema(&path), &schema(&present), name);
            assert!(broken.is_empty(), "{}:\n{}", path.display(), broken.join("\n"));
        }
    }
}

#[test]
fn what_breaks_readers_of_json_is_found() {
    let schema = |text| serde_json::from_str::<Value>(text).expect("it is JSON");
    let released = schema(
        r#"{"required": ["a", "b"], "properties": {"a": {"type": "string"}, "b": {"type": "array"}, "c": {}}}"#,
    );
    let more = schema(
        r#"{"required": ["a", "b", "c", "d"],
            "properties": {"a": {"type": "string", "description": "x"}, "b": {"type": "array"}, "c": {}, "d": {}}}"#,
    );
    assert!(broken(&released, &more, "").is_empty());
    let other =
        schema(r#"{"required": ["a"], "properties": {"a": {"type": "integer"}, "b": {"type": "array"}}}"#);
    assert_eq!(
        broken(&released, &other, ""),
        [
            "/required/b is gone",
            "/properties/a/type was \"string\", and is \"integer\"",
            "/properties/c is gone",
        ]
    );
    let raised = |number| Value::from_iter([("properties", format_version(number))]);
    assert!(broken(&raised(1), &raised(2), "").is_empty());
}

fn format_version(number: u32) -> Value {
    serde_json::json!({ "format_version": { "const": number }, "old": if number == 1 { 1 } else { 2 } })
}

/// What of a released schema the present one does not have. Nothing, if the version of the format was raised.
fn broken(released: &Value, present: &Value, at: &str) -> Vec<String> {
    let number = |schema: &Value| schema.pointer("/properties/format_version/const").and_then(Value::as_u64);
    if number(present) > number(released) {
        return Vec::new();
    }
    let mut found = Vec::new();
    match (released, present) {
        (Value::Object(old), Value::Object(new)) => {
            for (name, old) in old.iter().filter(|(name, _)| *name != "description" && *name != "title") {
                match new.get(name) {
                    Some(new) => found.extend(broken(old, new, &format!("{at}/{name}"))),
                    None => found.push(format!("{at}/{name} is gone")),
                }
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            let gone = old.iter().filter(|one| !new.contains(one));
            found.extend(gone.map(|one| format!("{at}/{} is gone", one.as_str().unwrap_or("…"))));
        }
        (old, new) if old != new => found.push(format!("{at} was {old}, and is {new}")),
        _ => {}
    }
    found
}

fn schema(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("the schema is there")).expect("it is JSON")
}

/// The directories of the versions.
fn versions() -> Vec<PathBuf> {
    trees::entries(&project().join("tests/released"))
}

fn fleets(version: &Path) -> Vec<PathBuf> {
    let mut all = trees::entries(version);
    all.retain(|path| path.join("identity.flux").exists());
    assert!(all.len() >= 3, "{} has {} fleets", version.display(), all.len());
    all
}

/// The difference between the overlays of a released version and those of this one.
fn changes_of(fleet: &Path) -> PathBuf {
    fleet.with_extension("diff")
}

fn name(version: &Path) -> String {
    version.file_name().expect("it has a name").to_string_lossy().into_owned()
}

fn heading(version: &str) -> String {
    format!("## [{version}] - ")
}

/// True if a path belongs to the version that is built here, and that is not released: its files may still change.
fn is_open(path: &Path) -> bool {
    let changelog = fs::read_to_string(project().join("CHANGELOG.md")).expect("it is there");
    path.starts_with(project().join("tests/released").join(PRESENT)) && !changelog.contains(&heading(PRESENT))
}

fn updates() -> bool {
    std::env::var_os("UPDATE_EXPECT").is_some_and(|value| value == "1")
}
