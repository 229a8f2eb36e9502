//! What a build would change, as a patch that `patch -p1` applies.

use crate::diff::{self, Side};
use crate::output::plan::{Change, Plan};

/// The patch of a plan: files in the order of the fleet's clusters, then the orphans that go. `prefix`: what comes
/// before the paths below the directory of the source.
pub fn patch(plan: &Plan, prefix: &str) -> Vec<u8> {
    let mut patch = Vec::new();
    for planned in &plan.files {
        let name = format!("{prefix}{}", planned.place.path());
        let new = Side { name: Some(&name), bytes: planned.text.as_bytes() };
        match &planned.change {
            Change::Keep => {}
            Change::Create => diff::patch(Side { name: None, bytes: b"" }, new, &mut patch),
            Change::Replace(found) => {
                diff::patch(Side { name: Some(&name), bytes: &found.bytes }, new, &mut patch);
            }
        }
    }
    for orphan in &plan.orphans {
        let name = format!("{prefix}{}", orphan.place.path());
        let old = Side { name: Some(&name), bytes: &orphan.found.bytes };
        diff::patch(old, Side { name: None, bytes: b"" }, &mut patch);
    }
    patch
}
