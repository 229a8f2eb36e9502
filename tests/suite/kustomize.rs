//! The model of kustomize builds what kustomize builds, or fails as it fails, or says what it does not follow.
//!
//! The judge is `kubectl kustomize`. It runs with `FLUX_IDENTITY_DATA`, on the overlays there, on what `build` writes,
//! and on overlays made at random: many are resources of one root, and those of a root that differs are judged alone.

mod cause;
mod judge;
mod random;

use std::collections::BTreeMap;

use flux_identity::kustomize::{Build, Failure, Manifests, Options, Reach, build};
use flux_identity::model::LocalPath;
use flux_identity::workspace::Inputs;

use crate::harness;
use crate::kustomize::judge::{differences, judge, write};
use crate::real;

/// The files of an overlay, by their paths.
type Files = BTreeMap<String, String>;

fn model(files: &Files, overlay: &str, manifests: &Manifests) -> Result<Build, Failure> {
    let workspace = harness::Files(files.clone());
    let inputs = Inputs::new(&workspace);
    let overlay = LocalPath::default().join(overlay).expect("it is in the workspace");
    build(&inputs, manifests, &overlay, None, Options::default())
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
    let place = tempfile::tempdir().expect("a place for the test");
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
    files.iter().map(|(path, text)| format!("=== {path}\n{text}\n")).collect()
}

#[test]
fn kustomize_builds_the_same_of_overlays_at_random() {
    if real::data().is_none() {
        return;
    }
    let number = |name: &str, default: usize| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (seed, count) = (number("FLUX_IDENTITY_SEED", 1), number("FLUX_IDENTITY_OVERLAYS", 5000));
    let outcomes = random::compare_many(seed, count);
    assert!(outcomes.differences.is_empty(), "{}", outcomes.report());
    assert!(outcomes.equal * 10 > count * 6, "{}", outcomes.report());
    real::prove("kustomize at random");
}
