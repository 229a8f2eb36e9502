//! An overlay directory held in memory is imported: nothing panics, and the source can be read and is in style.
#![no_main]

use flux_identity::import::{ImportOptions, import};
use flux_identity::problem::{Problems, render};
use flux_identity::source::Sources;
use flux_identity::workspace::{Inputs, Nowhere};
use flux_identity_fuzz::{compile, files, format};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let input = String::from_utf8_lossy(data);
    let files = files(&input, "clusters/a/flux-system/kustomization.yaml");
    for components in [false, true] {
        let (mut sources, mut problems) = (Sources::default(), Problems::default());
        let imported = import(
            &Inputs::new(&files),
            &files.0.keys().cloned().collect::<Vec<_>>(),
            &ImportOptions { components, ..ImportOptions::default() },
            &mut sources,
            &mut problems,
        );
        let _shown = render::human(&problems.findings(), &sources, true);
        if imported.overlays.is_empty() {
            continue;
        }
        let text = imported.text.as_str();
        assert_eq!(format(text).as_deref(), Some(text), "the source is in style, from\n{input}");
        let _compiled = compile(text, &Nowhere, true);
    }
});
