//! What the manifest and the sources promise of themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use flux_identity::problem::Code;
use serde_yaml::Value;

use crate::{harness, trees};

/// How long a file of `src` may be. One that comes near wants a second noun.
const MOST_LINES: usize = 400;

#[test]
fn no_dependency_needs_a_newer_compiler_than_we_say() {
    let metadata = metadata();
    let ours = version(metadata["packages"].as_sequence().expect("a list"), "flux-identity");
    let needed = needed_packages(&metadata);
    assert!(needed.len() > 20, "{needed:?}");
    for package in metadata["packages"].as_sequence().expect("a list") {
        if needed.contains(text(&package["id"])) && !package["rust_version"].is_null() {
            let theirs = numbers(text(&package["rust_version"]));
            assert!(theirs <= ours, "{} needs {theirs:?}, and we say {ours:?}", text(&package["id"]));
        }
    }
}

#[test]
fn clippy_holds_the_sources_to_the_compiler_that_the_manifest_names() {
    // With `msrv` in clippy.toml it would hold them to another.
    let settings = fs::read_to_string(harness::project().join("clippy.toml")).expect("it is there");
    assert!(!settings.contains("msrv"));
}

#[test]
fn no_source_file_is_too_long() {
    for (name, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= MOST_LINES, "{name} has {lines} lines");
    }
}

#[test]
fn every_source_file_begins_by_saying_what_it_is() {
    for (name, text) in sources() {
        assert!(text.starts_with("//! "), "{name}");
    }
}

#[test]
fn no_source_file_puts_anything_off() {
    // Words that people write for values to come are words of the language's users, not of this project.
    for (name, text) in sources().into_iter().filter(|(name, _)| name != "src/model/placeholder.rs") {
        for word in ["todo!", "unimplemented!", "TODO:", "FIXME", "XXX:", "HACK"] {
            assert!(!text.contains(word), "{name} has {word}");
        }
    }
}

#[test]
fn no_source_file_knows_the_machine_that_it_was_written_on() {
    for (name, text) in sources() {
        for path in ["/work/", "/root/", "/home/", "/tmp/"] {
            assert!(!text.contains(path), "{name} has {path}");
        }
    }
}

#[test]
fn every_code_is_unique_and_in_its_order() {
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert!(codes.is_sorted_by(|one, next| one < next), "{codes:?}");
    for code in codes {
        let is_code = code.len() == 5
            && code.strip_prefix('F').is_some_and(|rest| rest.bytes().all(|digit| digit.is_ascii_digit()));
        assert!(is_code, "{code}");
    }
}

#[test]
fn every_title_of_a_code_is_unique_and_short() {
    let mut titles = BTreeSet::new();
    for code in Code::ALL {
        let title = code.title();
        assert!(titles.insert(title), "{code}: {title}");
        assert!(!title.is_empty() && title.len() <= 80 && !title.ends_with('.'), "{code}: {title}");
    }
}

#[test]
fn each_foreign_library_is_known_in_the_files_that_say_so() {
    // A file, or the beginning of several.
    let known: &[(&str, &[&str])] = &[
        ("codespan_reporting", &["src/problem/render/human.rs"]),
        ("lsp_server", &["src/lsp/connection.rs"]),
        ("glob", &["src/load/include.rs"]),
        ("rustix", &["src/output/directory/by_handle.rs", "src/workspace/directory/by_handle"]),
        ("saphyr_parser", &["src/spanned.rs", "src/spanned/"]),
        (
            "serde_json",
            &[
                "src/emit/credentials.rs",
                "src/import/values.rs",
                "src/lsp/",
                "src/model/trust_policy.rs",
                "src/overlay_build/applied.rs",
                "src/problem/render/gitlab.rs",
                "src/problem/render/json.rs",
                "src/problem/render/sarif.rs",
                "src/review/document.rs",
                "src/show/",
                "src/trust/",
            ],
        ),
        ("similar", &["src/diff.rs"]),
        ("serde_yaml", &["src/yaml.rs"]),
        ("pest", &["src/syntax.rs", "src/syntax/", "src/lib.rs"]),
        ("sha2", &["src/digest.rs"]),
        ("strsim", &["src/problem/nearest_name.rs"]),
        ("terminal_size", &["src/cli/terminal.rs"]),
        ("clap", &["src/cli.rs", "src/cli/"]),
    ];
    for (name, text) in sources() {
        for (library, files) in known {
            let uses = text.contains(&format!("use {library}::")) || text.contains(&format!(" {library}::"));
            assert!(!uses || files.iter().any(|file| name.starts_with(file)), "{name} knows {library}");
        }
    }
}

/// All files of `src`: their paths from the root of the project, and their texts.
fn sources() -> Vec<(String, String)> {
    let found = trees::texts(&harness::project().join("src"));
    let rust = found.into_iter().filter(|(name, _)| {
        std::path::Path::new(name).extension().is_some_and(|extension| extension == "rs")
    });
    let sources: Vec<_> = rust.map(|(name, text)| (format!("src/{name}"), text)).collect();
    assert!(sources.len() > 40, "{}", sources.len());
    sources
}

/// The system that this is built on. Packages for others are perhaps not there to be asked.
fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let said = String::from_utf8(output.stdout).expect("rustc writes UTF-8");
    said.lines().find_map(|line| line.strip_prefix("host: ")).expect("it names its host").to_owned()
}

/// What cargo knows of this package and of all that it depends on here.
fn metadata() -> Value {
    let manifest = harness::project().join("Cargo.toml");
    let mut cargo = Command::new(env!("CARGO"));
    let _cargo = cargo
        .args(["metadata", "--offline", "--locked", "--format-version", "1", "--filter-platform", &host()])
        .arg("--manifest-path")
        .arg(manifest);
    let output = cargo.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_yaml::from_slice(&output.stdout).expect("JSON is YAML")
}

/// The ids of the packages that a user's build of this one needs here: not those of its tests.
fn needed_packages(metadata: &Value) -> BTreeSet<String> {
    let nodes = metadata["resolve"]["nodes"].as_sequence().expect("a list");
    let needs: BTreeMap<&str, Vec<&str>> =
        nodes.iter().map(|node| (text(&node["id"]), needs(node))).collect();
    let mut needed = BTreeSet::new();
    let mut queue = vec![text(&metadata["resolve"]["root"])];
    while let Some(package) = queue.pop() {
        if needed.insert(package.to_owned()) {
            queue.extend(&needs[package]);
        }
    }
    needed
}

fn needs(node: &Value) -> Vec<&str> {
    let dependencies = node["deps"].as_sequence().expect("a list").iter();
    let is_built = |dependency: &&Value| {
        let kinds = dependency["dep_kinds"].as_sequence().expect("a list");
        kinds.iter().any(|kind| kind["kind"].as_str() != Some("dev"))
    };
    dependencies.filter(is_built).map(|dependency| text(&dependency["pkg"])).collect()
}

/// The version of the compiler that a package says it needs.
fn version(packages: &[Value], name: &str) -> [u32; 3] {
    let package = packages.iter().find(|package| text(&package["name"]) == name).expect("it is there");
    numbers(text(&package["rust_version"]))
}

/// `1.88` and `1.88.0` are the same.
fn numbers(version: &str) -> [u32; 3] {
    let mut numbers = version.split('.').map(|number| number.parse().expect("a number"));
    std::array::from_fn(|_| numbers.next().unwrap_or(0))
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}
