//! A source is checked and put in style: nothing panics, style is stable, and meaning and comments are kept.
#![no_main]

use flux_identity::workspace::Nowhere;
use flux_identity_fuzz::{codes, compile, documents, format};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let before = compile(&text, &Nowhere, true);
    let Some(formatted) = format(&text) else { return };
    assert_eq!(format(&formatted).as_deref(), Some(formatted.as_str()), "style is stable, from\n{text}");
    assert_eq!(comments(&formatted), comments(&text), "comments are kept, from\n{text}");
    let after = compile(&formatted, &Nowhere, true);
    assert_eq!(codes(&after.findings), codes(&before.findings), "findings are the same, from\n{text}");
    let (before, after) = (before.fleet.as_ref().map(documents), after.fleet.as_ref().map(documents));
    assert_eq!(after, before, "the meaning is kept, from\n{text}");
});

/// The comments of a source that can be read, in some order. A text in quotes ends in its line, and has no escapes.
fn comments(text: &str) -> Vec<String> {
    let mut comments = Vec::new();
    for line in text.split('\n') {
        let mut is_quoted = false;
        let start = line.find(|letter: char| {
            is_quoted ^= letter == '"';
            letter == '#' && !is_quoted
        });
        let comment = start.and_then(|start| line.get(start..)).map(str::trim_end);
        comments.extend(comment.map(str::to_owned));
    }
    comments.sort();
    comments
}
