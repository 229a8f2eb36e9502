//! The model of kustomize builds what kustomize builds, or fails as it fails, or says what it does not follow.
//!
//! The judge is `kubectl kustomize`. It runs with `FLUX_IDENTITY_DATA`, on the overlays there, on what `build` writes,
//! and on overlays made at random: many are resources of one root, and those of a root that differs are judged alone.

mod cause;
mod fleets;
mod judge;
mod random;

use std::collections::BTreeMap;
use std::fs;

use flux_identity::kustomize::{
    Build, Failure, Manifests, NAMES, Options, Reach, build, is_remote_file, is_repository,
};
use flux_identity::model::LocalPath;
use flux_identity::workspace::Inputs;

use crate::kustomize::judge::{differences, judge, place, write};
use crate::real;
use crate::{harness, trees};

/// The files of an overlay, by their paths.
type Files = BTreeMap<String, String>;

fn model(files: &Files, overlay: &str, manifests: &Manifests) -> Result<Build, Failure> {
    let workspace = harness::InMemory(files.clone());
    let inputs = Inputs::new(&workspace);
    let overlay = LocalPath::default().join(overlay).expect("it is in the workspace");
    build(&inputs, manifests, &overlay, Options::default())
}

/// What came of comparing one overlay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Equal,
    Failed,
    Unmodelled,
}

/// Compares one overlay alone.
fn compare(files: &Files, overlay: &str) -> Result<Outcome, String> {
    let place = place();
    write(place.path(), files);
    let theirs = judge(&place.path().join(overlay));
    match (model(files, overlay, &Manifests::new()), theirs) {
        (Ok(ours), _) if ours.unmodelled.iter().any(|left| left.reach > Reach::Harmless) => {
            Ok(Outcome::Unmodelled)
        }
        (Ok(ours), Ok(theirs)) => match differences(&ours, &theirs) {
            None => Ok(Outcome::Equal),
            Some(difference) => Err(difference),
        },
        (Ok(_), Err(said)) if cause::has_panicked(&said) => Ok(Outcome::Failed),
        (Ok(_), Err(said)) => Err(format!("kustomize fails: {said}")),
        (Err(failure), Ok(_)) => Err(format!("only the model fails: {failure:?}")),
        (Err(failure), Err(said)) if cause::is_same(&failure.cause, &said) => Ok(Outcome::Failed),
        (Err(failure), Err(said)) => Err(format!("another cause: {failure:?}, kustomize says: {said}")),
    }
}

fn shown(files: &Files) -> String {
    let texts: Vec<String> = files.iter().map(|(path, text)| format!("=== {path}\n{text}\n")).collect();
    texts.concat()
}

#[test]
fn kustomize_builds_the_same_of_overlays_at_random() {
    if real::data().is_none() {
        return;
    }
    let number = |name: &str, default: usize| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (seed, count) =
        (number("FLUX_IDENTITY_SEED", 1), number("FLUX_IDENTITY_OVERLAYS", harness::times(200, 5000)));
    let outcomes = random::compare_many(seed, count);
    assert!(outcomes.differences.is_empty(), "{}", outcomes.report());
    assert!(outcomes.equal * 10 >= count * 8, "{}", outcomes.report());
    eprintln!("{}", outcomes.report());
    real::prove("kustomize at random");
}

/// The overlays below a directory, as paths from there.
fn overlays(files: &Files) -> Vec<String> {
    let kustomizations =
        files.keys().filter(|path| NAMES.iter().any(|name| path.rsplit('/').next() == Some(name)));
    kustomizations
        .map(|path| path.rsplit_once('/').map_or("", |(directory, _)| directory).to_owned())
        .collect()
}

/// Puts a manifest or a kustomization wherever one is named and missing.
fn complete(files: &mut Files, components: &str) {
    for overlay in overlays(files) {
        let kustomization = NAMES.iter().find_map(|name| files.get(&format!("{overlay}/{name}"))).cloned();
        let root: serde_yaml::Value =
            serde_yaml::from_str(&kustomization.unwrap_or_default()).unwrap_or_default();
        let resources = root["resources"].as_sequence().into_iter().flatten();
        for name in resources.filter_map(serde_yaml::Value::as_str) {
            let Some(path) = LocalPath::default().join(&overlay).and_then(|overlay| overlay.join(name))
            else {
                continue;
            };
            let path = path.as_str().to_owned();
            let below = format!("{path}/");
            let is_there = files.get(&path).is_some_and(|text| !text.trim().is_empty())
                || files.keys().any(|known| known.starts_with(&below));
            if is_there || is_remote_file(name) || is_repository(name) {
                continue;
            }
            let title: String = name.chars().filter(char::is_ascii_lowercase).collect();
            let stub = format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x{title}\n");
            let is_file = name.rsplit('/').next().is_some_and(|name| name.contains('.'));
            let (path, text) = match (name.ends_with("gotk-components.yaml"), is_file) {
                (true, _) => (path, components.to_owned()),
                (false, true) => (path, stub),
                (false, false) => {
                    let _earlier = files.insert(format!("{path}/stub.yaml"), stub);
                    (format!("{path}/kustomization.yaml"), "resources:\n- stub.yaml\n".to_owned())
                }
            };
            let _earlier = files.insert(path, text);
        }
    }
}

#[test]
fn kustomize_builds_the_same_of_the_overlays_of_others() {
    let Some(data) = real::data() else { return };
    let components = real::components("v2.6.4-image").expect("the manifests are there");
    let mut outcomes: BTreeMap<Outcome, usize> = BTreeMap::new();
    for group in ["fleets", "cases"] {
        let Ok(entries) = fs::read_dir(data.join(group)) else { continue };
        let mut trees: Vec<_> = entries.map(|entry| entry.expect("the entry is read").path()).collect();
        trees.sort();
        for case in trees {
            for tree in ["tree", "tree-with-patches"].map(|tree| case.join(tree)) {
                if !tree.is_dir() {
                    continue;
                }
                let version = fs::read_to_string(case.join("GOTK")).ok();
                let own = version.and_then(|version| {
                    fs::read_to_string(data.join("gotk").join(version.trim()).join("gotk-components.yaml"))
                        .ok()
                });
                let mut files: Files = trees::texts(&tree).into_iter().collect();
                complete(&mut files, own.as_ref().unwrap_or(&components));
                for overlay in overlays(&files) {
                    match compare(&files, &overlay) {
                        Ok(outcome) => *outcomes.entry(outcome).or_default() += 1,
                        Err(difference) => panic!("{} {overlay}: {difference}", case.display()),
                    }
                }
            }
        }
    }
    assert!(outcomes.get(&Outcome::Equal).is_some_and(|equal| *equal > 30), "{outcomes:?}");
    real::prove("kustomize of others");
}

/// What `build` writes for the examples.
#[test]
fn kustomize_builds_the_same_of_what_is_written() {
    let Some(_) = real::data() else { return };
    let components = real::components("v2.9.3-image").expect("the manifests are there");
    let mut count = 0;
    for example in fs::read_dir(harness::project().join("examples")).expect("it is there") {
        let root = example.expect("the entry is read").path();
        if !root.is_dir() {
            continue;
        }
        let mut files: Files = trees::texts(&root).into_iter().collect();
        complete(&mut files, &components);
        for overlay in overlays(&files) {
            let outcome = compare(&files, &overlay);
            assert!(outcome.is_ok(), "{} {overlay}: {outcome:?}", root.display());
            count += usize::from(outcome == Ok(Outcome::Equal));
        }
    }
    assert!(count > 5, "{count}");
    real::prove("kustomize of examples");
}

#[test]
fn a_merge_key_has_what_kustomize_gives_it() {
    let Some(_) = real::data() else { return };
    for data in [
        "<<: {a: b, c: d}\n  c: e",
        "c: e\n  <<: {a: b, c: d}",
        "<<: [{a: b}, {a: x, c: d}]",
        "<<: [{a: b, c: d}, {c: x}]\n  e: f",
        "<<: {<<: {a: b}, c: d}",
        "x: &x {a: b}\n  y: {<<: *x, c: d}",
        "'<<': {a: b}",
    ] {
        let manifest =
            format!("apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: a\nspec:\n  {data}\n");
        let files = [
            ("o/kustomization.yaml".to_owned(), "resources: [thing.yaml]\n".to_owned()),
            ("o/thing.yaml".to_owned(), manifest),
        ];
        assert_eq!(compare(&files.into(), "o"), Ok(Outcome::Equal), "{data}");
    }
}

#[test]
fn what_a_patch_was_allowed_to_change_is_seen_by_what_comes_after_it() {
    let Some(_) = real::data() else { return };
    let object = |kind: &str, rest: &str| {
        format!("apiVersion: v1\nkind: {kind}\nmetadata:\n  name: a\n  annotations: {{x: y}}\n{rest}")
    };
    let copy = "- target: {name: a}\n  patch: '[{\"op\": \"copy\", \"from\": \"/metadata/annotations\", \"path\": \"/copied\"}]'\n";
    let merge = "- name: a\n  behavior: replace\n  literals: [c=d]\n";
    for (patch, target, options, annotations, after, outcome) in [
        ("ConfigMap", "", "allowNameChange: true", "{b: c}", copy, Outcome::Equal),
        ("ConfigMap", "", "allowKindChange: true", "{b: c}", copy, Outcome::Equal),
        ("ConfigMap", "", "allowNameChange: true, allowKindChange: true", "null", copy, Outcome::Equal),
        ("ConfigMap", "target: {}, ", "allowKindChange: true", "{$patch: replace}", copy, Outcome::Equal),
        ("ConfigMap", "target: {}, ", "allowNameChange: true", "{$patch: delete}", copy, Outcome::Equal),
        ("ConfigMap", "", "allowNameChange: false", "{b: c}", copy, Outcome::Equal),
        ("ConfigMap", "target: {}, ", "allowKindChange: true", "{b: c}", merge, Outcome::Equal),
        ("Secret", "target: {}, ", "allowKindChange: true", "{b: c}", merge, Outcome::Failed),
        ("Secret", "target: {}, ", "allowNameChange: true", "{b: c}", merge, Outcome::Equal),
    ] {
        let patch =
            format!("{{apiVersion: v1, kind: {patch}, metadata: {{name: a, annotations: {annotations}}}}}");
        let field = if after == copy { "" } else { "configMapGenerator:\n" };
        let (base, over) = if after == copy { (after, "") } else { ("", after) };
        let files = [
            ("base/a.yaml", object("ConfigMap", "data: {k: v}\n")),
            (
                "base/kustomization.yaml",
                format!(
                    "resources: [a.yaml]\npatches:\n- {{{target}options: {{{options}}}, patch: '{patch}'}}\n{base}"
                ),
            ),
            ("o/kustomization.yaml", format!("resources: [../base]\n{field}{over}")),
        ];
        let files: Files = files.map(|(path, text)| (path.to_owned(), text)).into();
        assert_eq!(compare(&files, "o"), Ok(outcome), "{}", shown(&files));
    }
}

#[test]
fn the_account_of_a_binding_is_that_of_the_namespace_as_it_was_at_first() {
    let Some(_) = real::data() else { return };
    for (others, namespace) in [
        ("[account.yaml]", "team"),
        ("[account.yaml, other.yaml]", "team"),
        ("[account.yaml, other.yaml]", "default"),
    ] {
        let binding = format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: b}}\n\
             roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}}\n\
             subjects: [{{kind: ServiceAccount, name: a, namespace: {namespace}}}]\n"
        );
        let base = format!("resources: {others}\nnamespace: team\nnameSuffix: -s\n");
        // It takes away what kustomize keeps in annotations.
        let overlay = "resources: [../base, ../binding]\npatches:\n- target: {kind: ConfigMap}\n  \
                       patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: c, annotations: null}}'\n";
        let files = [
            ("base/account.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n"),
            (
                "base/other.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, annotations: {x: y}}\n",
            ),
            ("base/kustomization.yaml", &base),
            ("binding/binding.yaml", &binding),
            ("binding/kustomization.yaml", "resources: [binding.yaml]\n"),
            ("o/kustomization.yaml", overlay),
        ];
        let files: Files = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
        assert_eq!(compare(&files, "o"), Ok(Outcome::Equal), "{}", shown(&files));
    }
}

#[test]
fn generators_of_nothing_have_what_kustomize_gives_them() {
    let Some(_) = real::data() else { return };
    for field in ["configMapGenerator", "secretGenerator"] {
        for behavior in ["merge", "replace"] {
            let files = [
                ("base/kustomization.yaml", format!("{field}: [{{name: a}}]\n")),
                (
                    "o/kustomization.yaml",
                    format!("resources: [../base]\n{field}: [{{name: a, behavior: {behavior}}}]\n"),
                ),
            ];
            let files = files.map(|(path, text)| (path.to_owned(), text));
            assert_eq!(compare(&files.into(), "o"), Ok(Outcome::Equal), "{field} {behavior}");
        }
    }
}
