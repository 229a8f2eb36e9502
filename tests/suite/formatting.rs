//! `fmt` has one style, and keeps comments and meaning.

use crate::harness;

/// The text in the one style.
fn formatted(text: &str) -> String {
    harness::format(text).unwrap_or_else(|| panic!("this cannot be read:\n{text}"))
}

#[test]
fn a_wrapped_header_may_have_a_block_on_its_line() {
    let source = "cluster a,\n  b on eks { source-controller -> flux }\n";
    assert_eq!(formatted(source), "cluster a, b on eks { source-controller -> flux }\n");
}

#[test]
fn a_wrapped_list_may_go_on_with_text_that_holds_an_arrow() {
    let source = "source-controller -> flux,\n  aws \"a->b\"\n";
    assert_eq!(formatted(source), "source-controller -> flux, aws \"a->b\"\n");
}
