//! Order and names say nothing, and a naive evaluator agrees about the layers.

use crate::harness;

/// The codes of what is wrong with a source, in its order.
fn codes(text: &str) -> Vec<&'static str> {
    match harness::compile(text) {
        Ok(_) => Vec::new(),
        Err(findings) => findings.iter().map(|finding| finding.code.as_str()).collect(),
    }
}

#[test]
fn a_word_that_stands_where_text_is_needed_is_an_error() {
    let source = r#"
cluster dev on aks {
  tenant            = webhook
  source-controller -> azure "4a7272f9-f186-41af-9f84-${tenant}"
}
"#;
    assert_eq!(codes(source), ["F0105"]);
}

#[test]
fn profiles_that_say_a_word_and_a_text_disagree() {
    let source = r#"
profile one { tenant = webhook }
profile two { tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47" }
cluster dev on aks {
  use one, two
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}
"#;
    assert_eq!(codes(source), ["F0114"]);
}
