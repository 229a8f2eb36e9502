//! What stands beside a source: included files, what is installed, and what is in the way of an overlay.
//!
//! Each directory of `tests/disk` is a fleet with one fault. The first line of its `identity.flux` names the codes that
//! it is to cause. It is built in a copy; a fault that only `check` tells is checked.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::{harness, trees};

#[test]
fn every_fleet_with_a_fault_on_the_disk_is_told_so() {
    insta::glob!("../disk", "*/identity.flux", |path| {
        let fixture = path.parent().expect("a fixture has a folder");
        let expected = expected(path);
        let copy = tempfile::tempdir().expect("there is room for a directory");
        trees::copy(fixture, copy.path());
        let only_check_tells = expected
            .iter()
            .any(|code| ["F0316", "F0355", "F0410", "F0411", "F0412", "F0413"].contains(&code.as_str()));
        let before = trees::nodes(copy.path());
        let run = harness::run(copy.path(), &[if only_check_tells { "check" } else { "build" }]);
        let found: Vec<&str> = run.stderr.lines().filter_map(harness::code).collect();
        assert_eq!(found, expected, "{}\n{}", fixture.display(), run.stderr);
        if run.status != 0 {
            assert!(trees::nodes(copy.path()) == before, "{}: nothing is written", fixture.display());
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
    let fleets = trees::entries(&harness::project().join("tests/disk")).into_iter();
    fleets.flat_map(|fleet| expected(&fleet.join("identity.flux"))).collect()
}

fn expected(source: &Path) -> Vec<String> {
    harness::expected_codes(&String::from_utf8_lossy(&fs::read(source).expect("it can be read")))
}
