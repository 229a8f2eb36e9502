//! What stands beside a source: included files, what is installed, and what is in the way of an overlay.
//!
//! Each directory of `tests/disk` is a fleet with one fault. The first line of its `identity.flux` names the codes that
//! it is to cause. It is built in a copy; a fault that only `check` tells is checked.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::harness;

#[test]
fn every_fleet_with_a_fault_on_the_disk_is_told_so() {
    insta::glob!("../disk", "*/identity.flux", |path| {
        let fixture = path.parent().expect("a fixture has a folder");
        let expected = expected(path);
        let copy = tempfile::tempdir().expect("there is room for a directory");
        copy_all(fixture, copy.path());
        let only_check_tells = expected
            .iter()
            .any(|code| ["F0316", "F0410", "F0411", "F0412", "F0413"].contains(&code.as_str()));
        let before = everything(copy.path());
        let run = harness::run(copy.path(), &[if only_check_tells { "check" } else { "build" }]);
        let found: Vec<&str> = run.stderr.lines().filter_map(code).collect();
        assert_eq!(found, expected, "{}\n{}", fixture.display(), run.stderr);
        if run.status != 0 {
            assert!(everything(copy.path()) == before, "{}: nothing is written", fixture.display());
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(fixture);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_snapshot_suffix("");
        settings.bind(|| {
            insta::assert_snapshot!("said", format!("exit status {}\n\n{}", run.status, run.stderr));
        });
    });
}

/// The codes that the first lines of all these fleets name.
pub fn all_codes() -> BTreeSet<String> {
    let fleets = fs::read_dir(harness::project().join("tests/disk")).expect("the fixtures are there");
    fleets
        .flat_map(|fleet| expected(&fleet.expect("the entry is read").path().join("identity.flux")))
        .collect()
}

fn expected(source: &Path) -> Vec<String> {
    harness::expected_codes(&String::from_utf8_lossy(&fs::read(source).expect("it can be read")))
}

/// All files below a directory, links as what they point to.
fn everything(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(root).expect("the directory is read") {
        let path = entry.expect("the entry is read").path();
        if path.is_symlink() {
            let target = fs::read_link(&path).expect("the link is read");
            let _new = found.insert(path, target.into_os_string().into_encoded_bytes());
        } else if path.is_dir() {
            found.extend(everything(&path));
        } else {
            let bytes = fs::read(&path).expect("the file is read");
            let _new = found.insert(path, bytes);
        }
    }
    found
}

/// The code that a line of a rendering begins with.
fn code(line: &str) -> Option<&str> {
    let rest = ["error[", "warning[", "note["].iter().find_map(|level| line.strip_prefix(level))?;
    rest.split(']').next()
}

fn copy_all(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("the directory is read") {
        let entry = entry.expect("the entry is read");
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().expect("the kind is known");
        if kind.is_symlink() {
            symlink(fs::read_link(&path).expect("the link is read"), &target).expect("the link is made");
        } else if kind.is_dir() {
            fs::create_dir(&target).expect("the directory is made");
            copy_all(&path, &target);
        } else {
            let _bytes = fs::copy(&path, &target).expect("the file is copied");
        }
    }
}
