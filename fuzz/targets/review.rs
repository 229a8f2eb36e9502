//! Two sources are compared by meaning: a source does not differ from itself, and what is called no change makes the same
//! files in both directions.
#![no_main]

use flux_identity::model::Fleet;
use flux_identity::review::{self, ComparedRevisions, Review, Side};
use flux_identity::workspace::Nowhere;
use flux_identity_fuzz::compile;
use libfuzzer_sys::fuzz_target;

/// The line between the two sources.
const AFTER: &str = "=== after\n";

fuzz_target!(|data: &[u8]| {
    let input = String::from_utf8_lossy(data);
    let (before, after) = input.split_once(AFTER).unwrap_or((&input, &input));
    let Some(before) = compile(before, &Nowhere, true).fleet else { return };
    let Some(after) = compile(after, &Nowhere, true).fleet else { return };
    for fleet in [&before, &after] {
        assert!(compare(fleet, fleet).is_empty(), "nothing differs from itself, from\n{input}");
    }
    let there = compare(&before, &after);
    let back = compare(&after, &before);
    assert_eq!(there.is_empty(), back.is_empty(), "a change has a way back, from\n{input}");
    assert_eq!((there.clusters, there.changed), (back.clusters, back.changed), "from\n{input}");
    show(&there);
    show(&back);
});

fn compare(before: &Fleet, after: &Fleet) -> Review {
    let side = |fleet| Side { fleet, root: "" };
    review::review(side(before), side(after), None)
}

fn show(review: &Review) {
    let compared = ComparedRevisions {
        revision: "main".to_owned(),
        commit: "0123456789abcdef0123456789abcdef01234567".to_owned(),
        source: Some("identity.flux".to_owned()),
    };
    let _text = review::text(review);
    let _markdown = review::markdown(review, &compared);
    let mut document = Vec::new();
    review::document(review, &compared, &mut document).expect("memory takes everything");
    let _value: serde_json::Value = serde_json::from_slice(&document).expect("the document is JSON");
}
