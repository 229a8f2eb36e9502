//! Whatever strangers wrote into overlays: `import` writes below the source alone, all or nothing, and loses no identity.

#![expect(clippy::disallowed_types, reason = "how long an import takes is measured")]

use std::fs;
#[cfg(unix)]
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use flux_identity::import::{self, ImportOptions};
use flux_identity::problem::Problems;
use flux_identity::source::Sources;
use flux_identity::workspace::{Disk, Inputs};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::harness::{self, Run, run};
use crate::real::{components, kubectl};
use crate::trees;

/// The directory of the overlay.
const DIRECTORY: &str = "clusters/a/flux-system";
/// The overlay.
const FILE: &str = "clusters/a/flux-system/kustomization.yaml";

/// A patch that gives the source controller a role, as an item of `patches`.
const ROLE: &str = "- patch: |
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: source-controller
      namespace: flux-system
      annotations:
        eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/flux
";

fn put(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().expect("it has a parent")).expect("the directory is made");
    fs::write(path, text).expect("the file is written");
}

/// A repository in a directory that has nothing else in it, so that what is written outside is seen.
fn repository(overlay: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let place = tempfile::tempdir().expect("there is room for a directory");
    let root = place.path().join("repository");
    put(&root, FILE, overlay);
    (place, root)
}

fn import(root: &Path) -> Run {
    let done = run(root, &["import", "clusters", "-o", "identity.flux"]);
    assert!((0..3).contains(&done.status), "{}", done.stderr);
    done
}

#[test]
fn manifests_are_not_parsed_for_places_that_no_finding_needs() {
    let (_place, root) = repository(&format!("resources: [gotk-components.yaml]\npatches:\n{ROLE}"));
    let manifests = "apiVersion: v1
kind: ServiceAccount
metadata: {name: source-controller, namespace: flux-system}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: source-controller, namespace: flux-system}
spec: {selector: {matchLabels: {app: source-controller}}}
";
    put(&root, &format!("{DIRECTORY}/gotk-components.yaml"), manifests);
    let disk = Disk::open(&root);
    let (mut sources, mut problems) = (Sources::default(), Problems::default());
    let files = [FILE.to_owned()];
    let imported =
        import::import(&Inputs::new(&disk), &files, &ImportOptions::default(), &mut sources, &mut problems);
    assert_eq!(imported.overlays.len(), 1);
    let read: Vec<&str> = sources.iter().map(|(_, source)| source.name.as_str()).collect();
    assert!(matches!(read.as_slice(), [only] if only.ends_with(FILE)), "{read:?}");
}

/// A text as JSON, which is YAML.
fn quoted(text: &str) -> String {
    let letter = |letter: char| match letter {
        '"' | '\\' => format!("\\{letter}"),
        ' '..='~' => letter.to_string(),
        other => {
            let units: Vec<String> =
                other.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
            units.concat()
        }
    };
    format!("\"{}\"", text.chars().map(letter).collect::<String>())
}

/// A text whose lines stand further in.
fn shifted(text: &str, margin: &str) -> String {
    text.lines().flat_map(|line| [margin, line, "\n"]).collect()
}

fn names_below(root: &Path) -> Vec<String> {
    trees::texts(root).into_iter().map(|(name, _)| name).collect()
}

// ---------------------------------------------------------------------------------------------------
// Names

/// What no file may be called after.
fn hostile_words() -> Vec<String> {
    let mut words: Vec<String> = [
        "-",
        "--output=x",
        "-rf",
        "a b",
        " ",
        "\"",
        "'",
        "$",
        "${x}",
        "${cluster}",
        "$(id)",
        "a\nb",
        "a\r\nb",
        "..",
        "../x",
        "x/../../../../outside/y",
        "/",
        "/etc/passwd",
        "\\",
        "..\\x",
        ".",
        ".git",
        "ä",
        "日本",
        "CON",
        "nul",
        "aux",
        "COM1",
        "con.yaml",
        "a:b",
        "*",
        "?",
        "|",
        "<x>",
        "#",
        "x\u{0}y",
        "\u{1b}[31m",
        "\u{202e}",
        "kustomization",
        "x/y",
    ]
    .map(str::to_owned)
    .to_vec();
    words.push("K".repeat(300));
    words.push("é".repeat(300));
    words.push(format!("a{}", "ä".repeat(40)));
    words
}

fn passed_on(kind: &str, name: &str, namespace: &str) -> String {
    format!(
        "- patch: {}\n",
        quoted(&format!(
            "apiVersion: v1\nkind: {}\nmetadata:\n  name: {}\n  namespace: {}\ndata: {{a: b}}\n",
            quoted(kind),
            quoted(name),
            quoted(namespace)
        ))
    )
}

fn is_name_of_ours(name: &str) -> bool {
    let stem = name.strip_suffix(".yaml").unwrap_or_default();
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..80).contains(&stem.len()) && stem.bytes().all(letter) && !stem.starts_with('-')
}

#[test]
fn files_of_patches_have_names_of_an_alphabet_of_our_own_whatever_the_patches_say() {
    for word in hostile_words() {
        for (kind, name, namespace) in
            [(word.as_str(), "x", "n"), ("ConfigMap", word.as_str(), "n"), ("ConfigMap", "x", word.as_str())]
        {
            let overlay = format!(
                "resources: [gotk-components.yaml, gotk-sync.yaml]\npatches:\n{ROLE}{}",
                passed_on(kind, name, namespace)
            );
            let (place, root) = repository(&overlay);
            let done = import(&root);
            let of_patches = format!("repository/{DIRECTORY}/patches/");
            for file in names_below(place.path()) {
                let is_known = file == format!("repository/{FILE}") || file == "repository/identity.flux";
                let is_ours = file.strip_prefix(&of_patches).is_some_and(is_name_of_ours);
                assert!(is_known || is_ours, "{word:?}: {file}\n{}", done.stderr);
            }
            if done.status == 0 {
                assert!(root.join(format!("{DIRECTORY}/patches")).is_dir(), "{word:?}: {}", done.stderr);
                let checked = run(&root, &["fmt", "--check"]);
                assert_eq!(checked.status, 0, "{word:?}: {}", checked.stderr);
            }
        }
    }
}

#[test]
fn names_that_differ_in_case_alone_or_are_cut_alike_stay_apart() {
    let mut overlay = format!("resources: [gotk-components.yaml, gotk-sync.yaml]\npatches:\n{ROLE}");
    let long = "K".repeat(200);
    for (at, kind) in ["Abc", "abc", "aBC", "ABC", &long, &format!("{long}x")].into_iter().enumerate() {
        overlay.push_str(&passed_on(kind, "x", &at.to_string()));
    }
    let (_place, root) = repository(&overlay);
    assert_eq!(import(&root).status, 0);
    let names = fs::read_dir(root.join(DIRECTORY).join("patches")).expect("it is there");
    let names: std::collections::BTreeSet<String> =
        names.map(|entry| entry.expect("it is read").file_name().to_string_lossy().to_lowercase()).collect();
    assert_eq!(names.len(), 6, "{names:?}");
}

#[test]
fn a_directory_of_a_cluster_may_be_called_what_it_likes() {
    for word in hostile_words() {
        if word.contains(['/', '\0']) || matches!(word.as_str(), "." | ".." | " ") || word.len() > 255 {
            continue;
        }
        let overlay = format!("resources: [gotk-components.yaml, gotk-sync.yaml]\npatches:\n{ROLE}");
        let (place, root) = repository(&overlay);
        put(
            &root,
            &format!("clusters/{word}/flux-system/kustomization.yaml"),
            &format!("{overlay}{}", passed_on("ConfigMap", "x", "n")),
        );
        let before = names_below(place.path());
        let done = import(&root);
        for file in names_below(place.path()) {
            let is_new = !before.contains(&file);
            let is_ours = file == "repository/identity.flux"
                || file.starts_with("repository/clusters/") && file.contains("/flux-system/patches/");
            assert!(!is_new || is_ours, "{word:?}: {file}");
        }
        assert_eq!(done.status, 0, "{word:?}: {}", done.stderr);
        assert_eq!(run(&root, &["fmt", "--check"]).status, 0, "{word:?}");
        assert_eq!(run(&root, &["build", "--adopt"]).status, 0, "{word:?}");
    }
}

// ---------------------------------------------------------------------------------------------------
// What becomes part of the source

#[test]
fn nothing_that_an_overlay_says_becomes_a_statement() {
    let injected =
        "\"\ncluster evil on eks {\n  source-controller -> aws \"arn:aws:iam::999999999999:role/evil\"\n}\n#";
    let role = |namespace: &str, role: &str| {
        format!(
            "- patch: {}\n",
            quoted(&format!(
                "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: source-controller\n  namespace: {}\n  annotations:\n    eks.amazonaws.com/role-arn: {}\n    eks.amazonaws.com/audience: {}\n",
                quoted(namespace),
                quoted(role),
                quoted(namespace),
            ))
        )
    };
    let arn = "arn:aws:iam::111122223333:role/flux";
    let target = |field: &str| {
        format!(
            "- target: {{kind: ConfigMap, {field}: {}}}\n  patch: '[{{op: remove, path: /data}}]'\n",
            quoted(injected)
        )
    };
    let head = "resources: [gotk-components.yaml, gotk-sync.yaml]\n";
    let mut overlays = vec![
        format!("{head}patches:\n{}", role(injected, arn)),
        format!("{head}patches:\n{}", role("flux-system", injected)),
        format!("{head}patches:\n{ROLE}- path: {}\n", quoted(injected)),
        format!("resources: [gotk-components.yaml, gotk-sync.yaml, {}]\npatches:\n{ROLE}", quoted(injected)),
        format!("{head}components: [{}]\npatches:\n{ROLE}", quoted(injected)),
        format!("{head}{}: 1\npatches:\n{ROLE}", quoted(injected)),
    ];
    for field in ["name", "namespace", "labelSelector", "annotationSelector", "group"] {
        overlays.push(format!("{head}patches:\n{ROLE}{}", target(field)));
    }
    for overlay in overlays {
        let (_place, root) = repository(&overlay);
        let second = format!("{head}patches:\n{ROLE}");
        put(&root, "clusters/b/flux-system/kustomization.yaml", &second);
        let done = run(&root, &["import", "clusters"]);
        assert!(!done.stdout.contains("evil"), "{overlay}\n{}", done.stdout);
        assert_eq!(harness::format(&done.stdout).as_deref(), Some(done.stdout.as_str()), "{overlay}");
        assert!(done.stdout.contains("cluster"), "{overlay}\n{}", done.stderr);
    }
}

// ---------------------------------------------------------------------------------------------------
// All or nothing

/// Two clusters with a patch each that gets a file of its own.
fn two_clusters() -> (tempfile::TempDir, std::path::PathBuf) {
    let overlay = |name: &str| {
        format!(
            "resources: [gotk-components.yaml, gotk-sync.yaml]\npatches:\n{ROLE}{}",
            passed_on("ConfigMap", name, "n")
        )
    };
    let (place, root) = repository(&overlay("x"));
    put(&root, "clusters/b/flux-system/kustomization.yaml", &overlay("y"));
    (place, root)
}

#[test]
fn an_overlay_with_a_target_that_kustomize_rejects_is_left_and_the_others_are_imported() {
    for (target, field) in [("labelSelector: \"app in (a\"", "labelSelector"), ("name: \"(a|b\"", "name")] {
        let (_place, root) = two_clusters();
        let path = "clusters/b/flux-system/kustomization.yaml";
        let text = fs::read_to_string(root.join(path)).expect("it is text");
        let entry = "- target: { kind: Deployment, TARGET }\n  patch: |\n    - {op: add, path: /spec/paused, value: true}\n";
        put(&root, path, &(text + &entry.replace("TARGET", target)));
        let done = import(&root);
        let fault = format!("kustomize cannot build this overlay: `{field}` of a target is invalid");
        assert!(done.stderr.contains(&format!("warning[F0504]: {fault}")), "{target}: {}", done.stderr);
        assert!(!done.stderr.contains("F0526"), "{target}: {}", done.stderr);
        let source = fs::read_to_string(root.join("identity.flux")).expect("the other overlay is imported");
        assert!(source.contains("clusters/a/") || source.contains("cluster a "), "{source}");
        assert!(!source.contains("cluster b "), "{source}");
    }
}

fn assert_nothing_is_written(place: &Path, root: &Path, code: &str) {
    let before = names_below(place);
    let done = import(root);
    assert!(done.status != 0 && done.stderr.contains(code), "{}", done.stderr);
    assert_eq!(names_below(place), before, "{}", done.stderr);
}

#[cfg(unix)]
#[test]
fn a_directory_of_patches_that_is_a_link_is_not_followed_and_nothing_is_written() {
    let (place, root) = two_clusters();
    fs::create_dir(place.path().join("outside")).expect("it is made");
    symlink(place.path().join("outside"), root.join("clusters/b/flux-system/patches")).expect("it is linked");
    assert_nothing_is_written(place.path(), &root, "a symbolic link in");
}

#[cfg(unix)]
#[test]
fn a_source_that_is_a_link_to_nowhere_is_not_followed_and_nothing_is_written() {
    let (place, root) = two_clusters();
    symlink(place.path().join("outside.flux"), root.join("identity.flux")).expect("it is linked");
    let done = import(&root);
    assert!(done.status != 0, "{}", done.stderr);
    assert!(!place.path().join("outside.flux").exists());
    assert!(root.join("identity.flux").is_symlink() && !root.join(DIRECTORY).join("patches").exists());
    let first = run(&root, &["init"]);
    assert!(first.status != 0 && !place.path().join("outside.flux").exists(), "{}", first.stderr);
}

#[test]
fn where_one_file_cannot_be_written_none_is_left_behind() {
    let (place, root) = two_clusters();
    put(&root, "clusters/b/flux-system/patches", "a file\n");
    assert_nothing_is_written(place.path(), &root, "F0405");
}

#[cfg(unix)]
#[test]
fn an_overlay_that_is_no_regular_file_is_named_once() {
    let (_place, root) = two_clusters();
    let overlay = root.join("clusters/b/flux-system/kustomization.yaml");
    fs::remove_file(&overlay).expect("it is there");
    let socket = std::os::unix::net::UnixListener::bind(&overlay);
    let done = import(&root);
    let said =
        "warning[F0503]: clusters/b/flux-system/kustomization.yaml: cannot read this file: it is a socket\n";
    assert!(socket.is_ok() && done.stderr.contains(said), "{}", done.stderr);
}

#[test]
fn the_help_for_a_source_that_is_printed_and_does_not_compile_does_not_say_to_print_it() {
    let fixture = harness::project().join("tests/import/removed-controller");
    let done = run(&fixture, &["import", "clusters"]);
    assert!(done.stderr.contains("help: correct the printed source, or the overlay"), "{}", done.stderr);
    assert!(done.status == 1 && done.stdout.contains("cluster eks-dev"), "{}", done.stdout);
}

#[test]
fn warnings_alone_are_the_status_of_an_import_only_if_it_has_no_cluster() {
    let (_place, root) = two_clusters();
    put(&root, "clusters/b/flux-system/kustomization.yaml", "resources: [gotk-components.yaml\n");
    let done = run(&root, &["import", "clusters"]);
    assert!(done.status == 0 && done.stderr.contains("warning["), "{}", done.stderr);
    put(&root, FILE, "resources: [gotk-components.yaml\n");
    let done = run(&root, &["import", "clusters"]);
    assert!(done.status == 1 && !done.stderr.contains("error["), "{}", done.stderr);
}

#[test]
fn what_is_in_the_way_of_an_import_is_told_without_a_word_of_builds() {
    let (_place, root) = two_clusters();
    put(&root, "clusters/b/flux-system/patches", "a file\n");
    let said = "error[F0405]: clusters/b/flux-system/patches: another file exists at this path
 = help: move it, or, for an overlay, set another `output` for its cluster
";
    let done = import(&root);
    assert!(done.stderr.contains(said), "{}", done.stderr);
}

#[cfg(unix)]
#[test]
fn a_link_in_the_way_of_init_is_told_without_a_word_of_builds() {
    let place = harness::directory(&[("x", "x\n")]);
    symlink("nowhere", place.path().join(".gitattributes")).expect("it is linked");
    let done = run(place.path(), &["init"]);
    assert_eq!(
        done.stderr,
        "error[F0404]: .gitattributes: this path is a symbolic link, which is not followed
 = help: replace the link with a regular file or directory, or, for an overlay, set another `output` for its cluster

1 error
for more information, run `flux-identity explain F0404`
"
    );
}

#[cfg(unix)]
#[test]
fn init_writes_both_of_its_files_or_none() {
    let place = harness::directory(&[("outside/x", "x\n")]);
    let root = place.path().join("repository");
    fs::create_dir(&root).expect("it is made");
    symlink(place.path().join("attributes"), root.join(".gitattributes")).expect("it is linked");
    let done = run(&root, &["init"]);
    assert!(done.status != 0 && done.stderr.contains("F0404"), "{}", done.stderr);
    assert!(!root.join("identity.flux").exists() && !place.path().join("attributes").exists());
}

// ---------------------------------------------------------------------------------------------------
// Overlays that stay in hand

/// What makes an overlay stay in hand.
const IMAGES: &str = "images: [{name: x, newTag: \"1.0\"}]\n";

/// Overlays that stay in hand, in as many ways of writing as there are.
fn styles() -> Vec<(&'static str, String)> {
    let head = format!("resources: [gotk-components.yaml, gotk-sync.yaml]\n{IMAGES}");
    let patches = format!("patches:\n{ROLE}");
    let plain = format!("{head}{patches}");
    let indented = shifted(&plain, "  ");
    let patch = "{\"patch\": \"{apiVersion: v1, kind: ServiceAccount, metadata: {name: source-controller, namespace: flux-system, annotations: {eks.amazonaws.com/role-arn: 'arn:aws:iam::111122223333:role/flux'}}}\"}";
    vec![
        ("plain", plain.clone()),
        ("an end", format!("{plain}...\n")),
        ("a begin behind", format!("{plain}---\n")),
        ("a begin before", format!("---\n{plain}")),
        ("both", format!("---\n{plain}---\n# nothing\n...\n")),
        ("indented", indented.clone()),
        ("indented with an end", format!("{indented}...\n")),
        ("no line break at the end", plain.trim_end().to_owned()),
        ("CRLF", plain.replace('\n', "\r\n")),
        ("CRLF with an end", format!("{plain}...\n").replace('\n', "\r\n")),
        ("a mark of the order of bytes", format!("\u{feff}{plain}")),
        ("comments at the end", format!("{plain}# one\n\n  # two\n")),
        ("comments between", format!("{head}# one\n{patches}    # within\n# two\n")),
        ("empty components", format!("components: []\n{plain}")),
        ("components of null", format!("components:\n{plain}")),
        ("components of ~ with a comment", format!("components: ~ # none\n{plain}")),
        ("components behind", format!("{plain}components: []\n")),
        ("components behind, indented", format!("{indented}  components:   []\n")),
        ("components in brackets", format!("{plain}components: [../../parts/one]\n")),
        ("components in brackets and quotes", format!("{plain}components: [ \"../../parts/one\" , ]\n")),
        ("components in lines", format!("components:\n  - ../../parts/one\n{plain}")),
        ("components in lines at the end", format!("{plain}components:\n- ../../parts/one")),
        ("components by an anchor", format!("x: &parts [../../parts/one]\n{plain}components: *parts\n")),
        (
            "anchors",
            format!(
                "resources: [gotk-components.yaml, gotk-sync.yaml]\nimages: &i [{{name: x, newTag: \"1.0\"}}]\n{patches}"
            ),
        ),
        ("a patch by an anchor", format!("{head}x: &p\n{ROLE}patches: *p\n")),
        ("a key twice", format!("{plain}images: []\n")),
        ("patches twice", format!("{plain}{patches}")),
        (
            "JSON",
            format!(
                "{{\"resources\": [\"gotk-components.yaml\", \"gotk-sync.yaml\"], \"images\": [{{\"name\": \"x\", \"newTag\": \"1.0\"}}], \"patches\": [{patch}]}}\n"
            ),
        ),
        ("patches in brackets", format!("{head}patches: [{patch}]\n")),
        ("patches in brackets over lines", format!("{head}patches: [\n  {patch}\n]\n")),
        (
            "patches in the middle",
            format!("resources: [gotk-components.yaml, gotk-sync.yaml]\n{patches}{IMAGES}"),
        ),
        ("patches, deep", format!("{head}patches:\n{}", shifted(ROLE, "      "))),
        ("two documents", format!("{plain}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: x}}\n")),
        ("nothing first", format!("---\n---\n{plain}")),
        ("a text that keeps its line breaks", format!("{plain}commonAnnotations:\n  a: |+\n    x\n\n\n")),
        ("a text that keeps them, and an end", format!("{plain}commonAnnotations:\n  a: |+\n    x\n\n...\n")),
        ("a text that looks like an end", format!("{plain}commonAnnotations:\n  a: |\n    ...\n    ---\n")),
        (
            "a line break of some readers",
            format!("resources: [gotk-components.yaml, gotk-sync.yaml]\n# x\u{2028}{IMAGES}{patches}"),
        ),
        ("a line break of old readers", format!("# x\u{85}{plain}")),
        ("a directive", format!("%YAML 1.1\n---\n{plain}")),
        ("a tab behind", plain.replace("patches:\n", "patches:\t\n")),
        ("blanks behind", plain.replace('\n', "  \n")),
        (
            "a key with a question mark",
            format!("? images\n: [{{name: x, newTag: \"1.0\"}}]\n{}", plain.replace(IMAGES, "")),
        ),
        ("a patch with more", format!("{plain}    secrets:\n    - name: |\n        x\n")),
        (
            "two patches of a list",
            format!(
                "{plain}- target: {{kind: Deployment, name: source-controller}}\n  patch: |-\n    - op: add\n      path: /metadata/annotations\n      value:\n        x: |\n          a\n\n          b\n"
            ),
        ),
    ]
}

fn kustomize(root: &Path, directory: &str) -> Result<String, String> {
    let mut command = kubectl();
    let output = command.arg("kustomize").arg(root.join(directory)).output().expect("kubectl runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

/// The manifests that an overlay names: two objects of Flux, as far as these overlays patch them.
const SMALL: &str = "apiVersion: v1
kind: ServiceAccount
metadata:
  name: source-controller
  namespace: flux-system
---
apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    a: b
  name: source-controller
  namespace: flux-system
spec:
  template:
    spec:
      serviceAccountName: source-controller
      containers:
      - name: manager
        image: x
";

/// A component, which is missed where it is lost.
const PART: &str =
    "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nlabels: [{pairs: {part: one}}]\n";

fn with_manifests(root: &Path, manifests: &str) {
    put(root, &format!("{DIRECTORY}/gotk-components.yaml"), manifests);
    let sync = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sync, namespace: flux-system}\n";
    put(root, &format!("{DIRECTORY}/gotk-sync.yaml"), sync);
    put(root, "clusters/parts/one/kustomization.yaml", PART);
}

/// What is wrong after an import and a build, if anything is. `heard`: whether kustomize built it.
fn lost(overlay: &str, manifests: &str, heard: &mut bool) -> Option<String> {
    let (_place, root) = repository(overlay);
    with_manifests(&root, manifests);
    let before = kustomize(&root, DIRECTORY);
    *heard |= before.is_ok();
    let files = trees::texts(&root);
    let done = run(&root, &["import", "clusters", "-o", "identity.flux"]);
    if !(0..3).contains(&done.status) {
        return Some(done.stderr);
    }
    if !root.join("identity.flux").exists() {
        let is_said = done.stderr.contains("left alone") || done.stderr.contains("error[");
        return (trees::texts(&root) != files || !is_said)
            .then(|| format!("nothing is imported, and yet: {}", done.stderr));
    }
    let built = run(&root, &["build", "--adopt"]);
    let source = fs::read_to_string(root.join("identity.flux")).expect("it is there");
    if built.status != 0 {
        return Some(format!("{}\n{source}", built.stderr));
    }
    let after = kustomize(&root, DIRECTORY);
    // What could not be built is nothing to compare with.
    let (Ok(before), after) = (before, after) else { return None };
    let text = fs::read_to_string(root.join(FILE)).expect("it is there");
    (after.as_ref() != Ok(&before)).then(|| format!("{text}\n{source}\n{after:?}\n{}", done.stderr))
}

#[test]
fn an_overlay_that_stays_in_hand_builds_the_same_or_is_left_alone_however_it_is_written() {
    if components("v2.9.3-image").is_none() {
        return;
    }
    let mut heard = false;
    let lost: Vec<String> = styles()
        .into_iter()
        .filter_map(|(name, overlay)| Some(format!("=== {name}\n{}", lost(&overlay, SMALL, &mut heard)?)))
        .collect();
    assert!(lost.is_empty(), "{}", lost.join("\n"));
    assert!(heard);
}

#[test]
fn an_overlay_with_an_end_keeps_its_identity_beside_real_manifests() {
    let Some(manifests) = components("v2.9.3-image") else { return };
    let mut heard = false;
    for (name, overlay) in styles().into_iter().take(6) {
        assert_eq!(lost(&overlay, &manifests, &mut heard), None, "{name}");
    }
    assert!(heard);
}

#[test]
fn what_is_edited_names_the_component_within_the_document() {
    let mut left = Vec::new();
    for (name, overlay) in styles() {
        let (_place, root) = repository(&overlay);
        with_manifests(&root, SMALL);
        let done = import(&root);
        let text = fs::read_to_string(root.join(FILE)).expect("it is there");
        if text == overlay {
            assert!(done.stderr.contains("left alone"), "{name}: {}", done.stderr);
            left.push(name);
            continue;
        }
        assert!(!text.contains("role-arn"), "{name}: {text}");
        // kustomize takes the last of two keys, and skips an empty document.
        let Some(first) = serde_yaml_first(&text) else {
            assert!(["a key twice", "nothing first"].contains(&name), "{name}: {text}");
            continue;
        };
        let named = first["components"].as_sequence().expect("it is a list");
        assert!(named.iter().any(|one| one.as_str() == Some("identity")), "{name}: {text}");
        let is_mixed = overlay.contains("\r\n") && text.replace("\r\n", "").contains('\n');
        assert!(!is_mixed, "{name}: {text:?}");
    }
    // Each of these is written in a way that no edit of lines can keep, or cannot be built.
    let expected = [
        "components of ~ with a comment",
        "components by an anchor",
        "a patch by an anchor",
        "patches twice",
        "JSON",
        "patches in brackets",
        "patches in brackets over lines",
        "two documents",
        "a text that keeps its line breaks",
        "a text that keeps them, and an end",
        "a line break of some readers",
        "a line break of old readers",
        "a key with a question mark",
    ];
    assert_eq!(left, expected);
}

/// The first document of a text.
fn serde_yaml_first(text: &str) -> Option<serde_yaml::Value> {
    let text = text.trim_start_matches('\u{feff}');
    let end = text.find("\n---\n").filter(|at| *at > 12).or(text.find("\n...\n"));
    serde_yaml::from_str(end.map_or(text, |end| text.get(..end).expect("it is before a line break"))).ok()
}

// ---------------------------------------------------------------------------------------------------
// Overlays at random

/// How many overlays are imported at once.
const AT_ONCE: usize = 16;

/// A patch, as its own text.
fn patch() -> impl Strategy<Value = (bool, String, &'static str)> {
    let controller = prop::sample::select(vec!["source", "kustomize", "helm"]);
    let role = prop::sample::select(vec!["one", "two", "three/four"]);
    let merge = (controller.clone(), role.clone(), 0_usize..5).prop_map(|(of, role, more)| {
        let more = [
            "",
            "    team: a\n",
            "    # why\n    note: |\n      a\n\n      b\n",
            "    number: '1'\n    truth: \"true\"\n",
            "    kept: |+\n      a\n\n    team: a\n",
        ][more];
        let text = format!(
            "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {of}-controller\n  namespace: flux-system\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/{role}\n{more}"
        );
        (true, text, "")
    });
    let target = prop::sample::select(vec![
        "{kind: ServiceAccount, name: source-controller}",
        "{kind: ServiceAccount, name: (source|kustomize)-controller}",
        "{kind: ServiceAccount, name: \"^(helm|kustomize)-controller$\", namespace: flux-system}",
        "{kind: ServiceAccount}",
        "{version: v1, kind: ServiceAccount, name: .*-controller}",
    ]);
    let targeted = (target.clone(), role.clone()).prop_map(|(target, role)| {
        let text = format!(
            "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: all\n  annotations:\n    \"eks.amazonaws.com/role-arn\": 'arn:aws:iam::111122223333:role/{role}'\n"
        );
        (false, text, target)
    });
    let whole = (target, role).prop_map(|(target, role)| {
        let text = format!(
            "- op: add\n  path: /metadata/annotations\n  value: {{eks.amazonaws.com/role-arn: \"arn:aws:iam::111122223333:role/{role}\"}}\n"
        );
        (false, text, target)
    });
    let value = prop::sample::select(vec![
        "a",
        "'1'",
        "\"true\"",
        "|\n    a\n    b",
        "|+\n    a\n",
        ">-\n    a\n    b",
        "é",
        "''",
    ]);
    let other = (controller, value, any::<bool>()).prop_map(|(of, value, merges)| {
        if merges {
            let value = value.replace("\n    ", "\n        ");
            let text = format!("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {of}-controller\n  namespace: flux-system\n  annotations:\n    other: {value}\n");
            (true, text, "")
        } else {
            let value = value.replace("\n    ", "\n      ");
            let text = format!("- op: add\n  path: /metadata/annotations\n  value:\n    x: {value}\n");
            (false, text, "{kind: Deployment, name: source-controller}")
        }
    });
    prop_oneof![3 => merge, 2 => targeted, 1 => whole, 3 => other]
}

/// An item of a list of patches. `style`: how its text is written.
fn item((is_named, text, target): &(bool, String, &str), style: usize, indent: usize) -> String {
    let margin = " ".repeat(indent);
    let block = |mark: &str| {
        let lines = shifted(text, &format!("{margin}    "));
        format!("{mark}\n{}", lines.replace(&format!("{margin}    \n"), "\n"))
    };
    let said = match style {
        0..3 => block("|"),
        3 => block("|-"),
        4 => block("|+"),
        _ => format!("{}\n", quoted(text)),
    };
    let target = if *is_named { String::new() } else { format!("{margin}  target: {target}\n") };
    if style.is_multiple_of(2) {
        format!("{margin}- patch: {said}{target}")
    } else {
        format!("{margin}-   patch: {said}{target}")
            .replace("\n  target", "\n    target")
            .replace(&format!("\n{margin}  target"), &format!("\n{margin}    target"))
    }
}

fn overlay() -> impl Strategy<Value = String> {
    let patches = prop::collection::vec((patch(), 0_usize..7), 0..5);
    let more = prop::sample::select(vec![
        "",
        "",
        "images: [{name: x, newTag: \"1.0\"}]\n",
        "images:\n- name: x # why\n  newTag: \"1.0\"\n",
        "labels:\n  - pairs: {a: b}\n",
        "components: [../../parts/one]\n",
        "components:\n  - ../../parts/one\nimages: []\n",
        "components: []\nimages: [{name: x, newTag: \"1.0\"}]\n",
        "commonAnnotations:\n  a: |+\n    x\n\n",
    ]);
    let resources = prop::sample::select(vec![
        "resources: [gotk-components.yaml, gotk-sync.yaml]\n",
        "resources:\n- gotk-components.yaml\n- gotk-sync.yaml\n",
        "resources:\n- gotk-components.yaml\n- gotk-sync.yaml\n- ../../../base\n",
        "resources:\n    - ./gotk-components.yaml\n    # one\n    - \"gotk-sync.yaml\"\n",
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [\"gotk-components.yaml\",\n  gotk-sync.yaml]\n",
    ]);
    let shape = (0_usize..3, 0_usize..6, 0_usize..9, any::<bool>());
    (patches, more, resources, shape).prop_map(|(patches, more, resources, (indent, order, end, is_old))| {
        let indent = indent * 2;
        let items: String = patches.iter().map(|(patch, style)| item(patch, *style, indent)).collect();
        let are_named = patches.iter().all(|((is_named, ..), _)| *is_named);
        let list = if items.is_empty() {
            String::new()
        } else if is_old && are_named {
            let items = patches.iter().map(|((_, text, _), _)| {
                let lines = shifted(text, "    ");
                format!("- |\n{}", lines.replace("    \n", "\n"))
            });
            format!("patchesStrategicMerge:\n{}", items.collect::<String>())
        } else {
            format!("patches:\n{items}")
        };
        let parts: [&str; 3] = [resources, more, &list];
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        let text: String = orders[order].iter().map(|at| parts[*at]).collect();
        match end {
            0 => format!("{text}...\n"),
            1 => format!("---\n{text}---\n"),
            2 => text.trim_end().to_owned(),
            3 => format!("# one\n{text}# two\n"),
            4 => text.replace('\n', "\r\n"),
            5 => text
                .lines()
                .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("   {line}\n") })
                .collect(),
            6 => format!("\u{feff}{text}"),
            _ => text,
        }
    })
}

/// The objects of a build.
fn objects(built: &str) -> Vec<String> {
    let mut objects: Vec<String> = built.split("\n---\n").map(|one| one.trim_end().to_owned()).collect();
    objects.sort();
    objects
}

/// What is wrong after these overlays were imported together, if anything is. `proved`: how many built the same.
fn lost_together(overlays: &[String], form: &str, proved: &AtomicUsize) -> Vec<String> {
    let place = tempfile::tempdir().expect("there is room for a directory");
    let root = place.path();
    put(root, "clusters/parts/one/kustomization.yaml", PART);
    put(root, "base/kustomization.yaml", "resources: [map.yaml]\n");
    put(root, "base/map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: base}\n");
    let manifests: String = ["source", "kustomize", "helm"]
        .map(|of| format!("---\n{}", SMALL.replace("source-controller", &format!("{of}-controller"))))
        .concat();
    let directory = |at: usize| format!("clusters/c{at}/flux-system");
    for (at, overlay) in overlays.iter().enumerate() {
        put(root, &format!("{}/kustomization.yaml", directory(at)), overlay);
        put(root, &format!("{}/gotk-components.yaml", directory(at)), &manifests);
        put(
            root,
            &format!("{}/gotk-sync.yaml", directory(at)),
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sync, namespace: flux-system}\n",
        );
    }
    let build_all = || -> Vec<Result<String, String>> {
        (0..overlays.len()).map(|at| kustomize(root, &directory(at))).collect()
    };
    let before = build_all();
    let files = trees::texts(root);
    let done = run(root, &["import", "clusters", "--emit", form, "-o", "identity.flux"]);
    if !(0..3).contains(&done.status) {
        return vec![done.stderr];
    }
    let Ok(source) = fs::read_to_string(root.join("identity.flux")) else {
        return if trees::texts(root) == files { Vec::new() } else { vec![done.stderr] };
    };
    let built = run(root, &["build", "--adopt"]);
    if built.status != 0 {
        return vec![format!("{source}\n{}", built.stderr)];
    }
    let wrong = before.into_iter().zip(build_all()).enumerate().filter_map(|(at, both)| match both {
        (Ok(before), Ok(after)) if objects(&before) == objects(&after) => {
            let _count = proved.fetch_add(1, Ordering::Relaxed);
            None
        }
        // What could not be built is nothing to compare with.
        (Err(_), _) => None,
        (Ok(before), after) => {
            Some(format!("=== c{at}\n{}\n--- before\n{before}\n--- after\n{after:?}\n{source}", overlays[at]))
        }
    });
    wrong.collect()
}

/// The same texts on every run: what fails here fails for everybody.
#[test]
fn overlays_of_any_style_build_the_same_after_an_import_and_a_build() {
    if components("v2.9.3-image").is_none() {
        return;
    }
    let mut runner =
        TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let times = harness::times(2, 10);
    let strategy = prop::collection::vec(overlay(), AT_ONCE);
    let all: Vec<Vec<String>> =
        (0..times).map(|_| strategy.new_tree(&mut runner).expect("there is one").current()).collect();
    let proved = AtomicUsize::new(0);
    let wrong: Vec<String> = thread::scope(|scope| {
        let halves = all.chunks(times / 2).map(|batches| {
            scope.spawn(|| {
                let forms = ["overlay", "component"].into_iter().cycle();
                batches
                    .iter()
                    .zip(forms)
                    .flat_map(|(batch, form)| lost_together(batch, form, &proved))
                    .collect::<Vec<_>>()
            })
        });
        let halves: Vec<_> = halves.collect();
        halves.into_iter().flat_map(|half| half.join().expect("it ends")).collect()
    });
    assert!(wrong.is_empty(), "{} are wrong, the first:\n{}", wrong.len(), wrong[0]);
    let proved = proved.into_inner();
    assert!(proved > AT_ONCE * times / 4, "only {proved} could be built before");
}

// ---------------------------------------------------------------------------------------------------
// Proportion

/// How long an import takes, at best.
fn time(root: &Path) -> Duration {
    let once = || {
        let begin = Instant::now();
        let done = run(root, &["import", "clusters"]);
        assert!(!done.stdout.is_empty(), "{}", done.stderr);
        begin.elapsed()
    };
    (0..3).map(|_| once()).min().expect("there are some")
}

/// An overlay that passes through as many patches.
fn long(count: usize) -> String {
    let patches: String = (0..count).map(|at| passed_on("ConfigMap", &format!("x{at}"), "n")).collect();
    format!("resources: [gotk-components.yaml, gotk-sync.yaml]\npatches:\n{ROLE}{patches}")
}

#[test]
fn four_times_the_patches_take_no_more_than_some_four_times_as_long() {
    let (_place, few) = repository(&long(250));
    let (_other, many) = repository(&long(1000));
    let few = time(&few).max(Duration::from_millis(20));
    let many = time(&many);
    assert!(many < few * 12, "{few:?}, then {many:?}");
}

#[test]
fn four_times_the_overlays_take_no_more_than_some_four_times_as_long() {
    let fleet = |count: usize| {
        let (place, root) = repository(&long(1));
        for at in 0..count {
            let overlay = long(1)
                .replace("name: \\\"x0", &format!("name: \\\"y{}", at / 2))
                .replace("role/flux", &format!("role/flux-{at}"));
            put(&root, &format!("clusters/c{at}/flux-system/kustomization.yaml"), &overlay);
        }
        (place, root)
    };
    let ((_place, few), (_other, many)) = (fleet(100), fleet(400));
    let few = time(&few).max(Duration::from_millis(20));
    let many = time(&many);
    assert!(many < few * 12, "{few:?}, then {many:?}");
}
