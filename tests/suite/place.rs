//! A repository for one test, and what became of its files.

#![expect(clippy::disallowed_types, reason = "when a file was written tells whether it was touched")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use crate::harness::{Run, directory, run};
use crate::trees;

/// The manifests of one controller, as they are installed.
pub const COMPONENTS: &str = "apiVersion: v1
kind: Namespace
metadata:
  name: flux-system
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: source-controller
  namespace: flux-system
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: source-controller
  namespace: flux-system
spec:
  selector: {matchLabels: {app: source-controller}}
  template:
    metadata: {labels: {app: source-controller}}
    spec:
      serviceAccountName: source-controller
      containers:
      - {name: manager, image: ghcr.io/fluxcd/source-controller:v1.6.0, args: [--log-level=info]}
";

/// A directory that is a repository's, with these files in it.
pub fn repository(there: &[(&str, &str)]) -> TempDir {
    let place = directory(there);
    fs::create_dir(place.path().join(".git")).expect("the directory is made");
    place
}

/// A repository of this source, built.
pub fn built(source: &str) -> TempDir {
    let place = repository(&[("identity.flux", source)]);
    let run = run(place.path(), &["build"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    place
}

/// Runs a command with something on its standard input.
pub fn fed(mut command: Command, input: &[u8]) -> Run {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().expect("the command runs");
    let mut stdin = child.stdin.take().expect("it has one");
    stdin.write_all(input).expect("the command reads it");
    drop(stdin);
    child.wait_with_output().expect("the command ends").into()
}

/// What stands in a file of a directory.
pub fn read(place: &TempDir, path: &str) -> String {
    fs::read_to_string(place.path().join(path)).expect("the file is there")
}

/// A file, what it says and when that was written.
pub type Stamp = (String, String, SystemTime);

/// All files of a directory, with what they say and when that was written.
pub fn stamps(root: &Path) -> Vec<Stamp> {
    let time =
        |path: PathBuf| fs::metadata(path).and_then(|file| file.modified()).expect("a file has a time");
    trees::texts(root).into_iter().map(|(name, text)| (name.clone(), text, time(root.join(name)))).collect()
}

/// The same, after all files were made old, so that one that is written again is seen.
pub fn aged(root: &Path) -> Vec<Stamp> {
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for (name, _) in trees::texts(root) {
        let file = fs::OpenOptions::new().append(true).open(root.join(name)).expect("the file is there");
        file.set_modified(long_ago).expect("its time is set");
    }
    stamps(root)
}

/// What one file says, and when that was written.
pub fn stamp(root: &Path, path: &str) -> Stamp {
    find(&stamps(root), path)
}

/// One file among several.
pub fn find(stamps: &[Stamp], path: &str) -> Stamp {
    stamps.iter().find(|(name, ..)| name == path).expect("the file is there").clone()
}
