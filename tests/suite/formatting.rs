//! `fmt` has one style, and keeps comments and meaning.

use std::fs;

use proptest::prelude::*;

use crate::generate;
use crate::harness;
use crate::layers::{one_in, output};

/// The text in the one style.
fn formatted(text: &str) -> String {
    harness::format(text).unwrap_or_else(|| panic!("this cannot be read:\n{text}"))
}

/// Asserts that a text becomes another one, which is in style.
fn becomes(text: &str, expected: &str) {
    assert_eq!(formatted(text), expected, "from\n{text}");
    assert_eq!(formatted(expected), expected, "and again");
}

/// Asserts that a text is in style.
fn stays(text: &str) {
    becomes(text, text);
}

/// The comments of a text, in some order. No text in quotes of the tests holds a `#`.
fn comments(text: &str) -> Vec<String> {
    let comments = text.lines().filter_map(|line| line.split_once('#'));
    let mut comments: Vec<String> = comments.map(|(_, text)| format!("#{}", text.trim_end())).collect();
    comments.sort();
    comments
}

// ---------------------------------------------------------------------------------------------------
// What holds of every source

proptest! {
    #![proptest_config(one_in(1))]

    #[test]
    fn what_is_in_style_stays_as_it_is(fleet in generate::fleet(), layout in generate::layout()) {
        let source = generate::print(&fleet, &layout).text;
        let once = formatted(&source);
        prop_assert_eq!(&formatted(&once), &once, "from\n{}", source);
    }

    #[test]
    fn all_comments_are_kept(fleet in generate::fleet(), layout in generate::layout()) {
        let mut source = generate::print(&fleet, &layout);
        source.comments.sort();
        prop_assert_eq!(comments(&formatted(&source.text)), source.comments, "from\n{}", source.text);
    }

    #[test]
    fn nothing_is_left_out_and_nothing_is_put_in(
        fleet in generate::fleet(),
        layout in generate::layout(),
    ) {
        let source = generate::print(&fleet, &layout);
        let without_blanks = |text: &str| {
            let code = text.lines().filter_map(|line| line.split('#').next());
            // Empty options stay; those of nobody are not in the plain source.
            code.flat_map(str::split_ascii_whitespace).collect::<String>().replace("{}", "")
        };
        let (one, other) = (formatted(&generate::plain(&fleet)), formatted(&source.text));
        prop_assert_eq!(without_blanks(&one), without_blanks(&other), "from\n{}", source.text);
    }

    #[test]
    fn lines_end_plainly_and_none_is_empty_twice(fleet in generate::fleet(), layout in generate::layout()) {
        let text = formatted(&generate::print(&fleet, &layout).text);
        for line in text.lines() {
            let code = line.split('#').next().unwrap_or_default();
            prop_assert!(!code.contains(['\t', '\u{FEFF}']) && !line.contains('\r'), "{:?}", line);
            prop_assert!(code.trim_end().len() <= 100, "{:?}", line);
        }
        prop_assert!(!text.contains("\n\n\n") && !text.contains(" \n") && !text.starts_with('\n'), "{:?}", text);
        prop_assert!(!text.ends_with("\n\n") && (text.is_empty() || text.ends_with('\n')), "{:?}", text);
    }
}

proptest! {
    #![proptest_config(one_in(2))]

    #[test]
    fn the_meaning_is_kept(fleet in generate::fleet(), layout in generate::layout()) {
        let source = generate::print(&fleet, &layout).text;
        prop_assert_eq!(output(&formatted(&source)), output(&source), "from\n{}", source);
    }

    #[test]
    fn a_source_with_a_broken_line_has_no_form(
        fleet in generate::fleet(),
        layout in generate::layout(),
        broken in prop::sample::select(vec!["role", "= 1", "let a = \"", "use", "x ->", "}", "a -> b c", "profile"]),
    ) {
        let source = generate::print(&fleet, &layout).text;
        prop_assert_eq!(harness::format(&format!("{broken}\n{source}")), None);
    }
}

#[test]
fn the_examples_of_the_style_guide_are_in_style() {
    let path = harness::project().join("docs/style.md");
    let guide = fs::read_to_string(path).expect("the style guide is there");
    let examples: Vec<&str> = guide
        .split("```flux\n")
        .skip(1)
        .map(|rest| rest.split_once("```").expect("a fence is closed").0)
        .collect();
    assert!(examples.len() >= 6, "the style guide has examples");
    for example in examples {
        stays(example);
    }
}

// ---------------------------------------------------------------------------------------------------
// Files

#[test]
fn an_empty_file_stays_empty() {
    stays("");
}

#[test]
fn a_file_of_blanks_becomes_empty() {
    becomes("\u{FEFF} \r\n\t\n\n", "");
}

#[test]
fn a_file_of_comments_is_a_file() {
    becomes("\n\n# a\n\n\n  # b\n\n", "# a\n\n# b\n");
}

#[test]
fn byte_order_mark_carriage_returns_and_tabs_go() {
    becomes("\u{FEFF}account\t=\t\"1\"\t\r\n# a \r\n", "account = \"1\"\n# a\n");
}

#[test]
fn a_missing_line_end_is_added() {
    becomes("account = \"1\"", "account = \"1\"\n");
}

// ---------------------------------------------------------------------------------------------------
// Columns

#[test]
fn what_stands_in_a_block_stands_in_by_two() {
    becomes(
        "profile base{\nuse a\n\t# why\n      let b=\"c\"\n  }\n",
        "profile base {\n  use a\n  # why\n  let b = \"c\"\n}\n",
    );
}

#[test]
fn neighbours_of_one_kind_are_aligned() {
    becomes(
        r#"
account = "1"
project-number = "2"
let a = "3"
let longer = "4"
role registry = aws "5"
role b = aws "6"
source-controller, helm-controller -> registry
kustomize-controller -> b
"#,
        r#"account        = "1"
project-number = "2"
let a      = "3"
let longer = "4"
role registry = aws "5"
role b        = aws "6"
source-controller, helm-controller -> registry
kustomize-controller               -> b
"#,
    );
}

#[test]
fn an_empty_line_a_comment_and_another_kind_end_a_run() {
    stays(
        r#"account = "1"

project-number = "2"
# why
region = "3"
let a = "4"
issuer = "5"
"#,
    );
}

#[test]
fn a_comment_at_the_end_of_a_line_ends_no_run() {
    becomes(
        "account = \"1\" # a\nproject-number = \"2\"\n",
        "account        = \"1\"  # a\nproject-number = \"2\"\n",
    );
}

#[test]
fn a_run_is_aligned_up_to_a_hundred_columns() {
    let name = "n".repeat(80);
    let (short, long) = ("v".repeat(11), "v".repeat(14));
    stays(&format!("let {name} = \"1\"\nlet a{} = \"{}\"\n", " ".repeat(79), short));
    stays(&format!("let {name} = \"1\"\nlet a = \"{long}\"\n"));
}

#[test]
fn a_line_that_is_too_wide_by_itself_does_not_keep_others_from_being_aligned() {
    let long = "v".repeat(100);
    stays(&format!("let a      = \"1\"\nlet longer = \"{long}\"\n"));
}

#[test]
fn a_comment_at_the_end_of_a_line_stands_two_spaces_away() {
    becomes(
        "use a# 1\nprofile b {# 2\n use c     # 3\n}# 4\n",
        "use a  # 1\n\nprofile b {  # 2\n  use c  # 3\n}  # 4\n",
    );
}

// ---------------------------------------------------------------------------------------------------
// Blocks

#[test]
fn blocks_of_several_lines_stand_apart() {
    becomes(
        "account = \"1\"\nprofile a {\n use b\n}\nprofile b {\n use c\n}\nlet x = \"1\"\n",
        "account = \"1\"\n\nprofile a {\n  use b\n}\n\nprofile b {\n  use c\n}\n\nlet x = \"1\"\n",
    );
}

#[test]
fn a_comment_right_above_a_block_stays_with_it() {
    becomes(
        "use a\n# one\n# two\nprofile b {\n use c\n}\n# three\n\nprofile c {\n use d\n}\n",
        "use a\n\n# one\n# two\nprofile b {\n  use c\n}\n\n# three\n\nprofile c {\n  use d\n}\n",
    );
}

#[test]
fn one_empty_line_is_kept_and_several_become_one() {
    becomes(
        "\n\nuse a\n\n\n\nuse b\nprofile c {\n\n\n use d\n\n\n\n use e\n\n}\n\n\n",
        "use a\n\nuse b\n\nprofile c {\n  use d\n\n  use e\n}\n",
    );
}

#[test]
fn a_block_on_one_line_stays_there() {
    becomes(
        "profile a{use b}\nprofile c  {  let d=\"e\"  } # f\n",
        "profile a { use b }\nprofile c { let d = \"e\" }  # f\n",
    );
}

#[test]
fn a_block_over_several_lines_stays_there() {
    stays("profile a {\n  use b\n}\n");
}

#[test]
fn a_block_that_does_not_fit_its_line_is_broken() {
    let name = "n".repeat(82);
    stays(&format!("profile {name} {{ use b }}\n"));
    becomes(&format!("profile {name}n {{ use b }}\n"), &format!("profile {name}n {{\n  use b\n}}\n"));
}

#[test]
fn an_empty_block_is_two_braces() {
    becomes("profile a {\n\n}\nprofile b{ }\n", "profile a {}\nprofile b {}\n");
}

#[test]
fn a_block_with_only_a_comment_keeps_it() {
    becomes(
        "profile a {\n# why\n}\nprofile b { # why\n}\n",
        "profile a {\n  # why\n}\n\nprofile b {  # why\n}\n",
    );
}

#[test]
fn statements_beside_a_brace_get_lines_of_their_own() {
    becomes("profile a { use b # c\n let d = \"e\" }\n", "profile a {\n  use b  # c\n  let d = \"e\"\n}\n");
}

// ---------------------------------------------------------------------------------------------------
// Lists

#[test]
fn a_list_over_several_lines_is_joined_if_it_fits() {
    becomes("profile p {\n  use a ,b,\n    c\n}\n", "profile p {\n  use a, b, c\n}\n");
}

#[test]
fn a_list_that_does_not_fit_has_one_thing_a_line() {
    let names = ["a", "b", "c"].map(|name| name.repeat(30));
    let [a, b, c] = &names;
    stays(&format!("use {a}, {b}, {c}cc\n"));
    becomes(&format!("use {a}, {b}, {c}ccc\n"), &format!("use {a},\n  {b},\n  {c}ccc\n"));
}

#[test]
fn a_list_that_holds_a_comment_has_one_thing_a_line() {
    becomes("use a, b, # one\n# two\n  c # three\n", "use a,\n  b,  # one\n  # two\n  c  # three\n");
}

#[test]
fn the_names_of_clusters_stand_in_further_than_their_statements() {
    becomes("cluster a, # one\n b on eks {\n use c\n}\n", "cluster a,  # one\n    b on eks {\n  use c\n}\n");
}

#[test]
fn the_header_of_a_cluster_fits_up_to_a_hundred_columns() {
    let names = ["a", "b"].map(|name| name.repeat(40));
    let [a, b] = &names;
    stays(&format!("cluster {a}, {b}b on eks {{\n  use c\n}}\n"));
    becomes(
        &format!("cluster {a}, {b}bb on eks {{\n  use c\n}}\n"),
        &format!("cluster {a},\n    {b}bb on eks {{\n  use c\n}}\n"),
    );
}

#[test]
fn a_wrapped_header_may_have_a_block_on_its_line() {
    becomes(
        "cluster a,\n  b on eks { source-controller -> flux }\n",
        "cluster a, b on eks { source-controller -> flux }\n",
    );
}

#[test]
fn a_wrapped_list_may_go_on_with_text_that_holds_an_arrow() {
    becomes("source-controller -> flux,\n  aws \"a->b\"\n", "source-controller -> flux, aws \"a->b\"\n");
}

// ---------------------------------------------------------------------------------------------------
// Mappings

#[test]
fn a_mapping_that_does_not_fit_has_one_controller_a_line() {
    becomes(
        "source-controller, kustomize-controller, helm-controller, notification-controller -> registry-readers\n",
        "source-controller,\nkustomize-controller,\nhelm-controller,\nnotification-controller -> registry-readers\n",
    );
}

#[test]
fn roles_that_fit_behind_the_last_controller_stay_on_its_line() {
    becomes(
        "source-controller, kustomize-controller, helm-controller, image-reflector-controller, \
         image-automation-controller -> registry, decryption\n",
        "source-controller,\nkustomize-controller,\nhelm-controller,\nimage-reflector-controller,\n\
         image-automation-controller -> registry, decryption\n",
    );
}

#[test]
fn targets_that_do_not_fit_have_a_line_each() {
    becomes(
        "source-controller -> aws \"arn:aws:iam::111122223333:role/flux\", azure \"4a7272f9-f186-41af-9f84-6a92e32d7cd0\"\n",
        "source-controller -> aws \"arn:aws:iam::111122223333:role/flux\",\n  \
         azure \"4a7272f9-f186-41af-9f84-6a92e32d7cd0\"\n",
    );
}

#[test]
fn comments_between_controllers_and_between_roles_stay_there() {
    becomes(
        "source-controller, # one\nhelm-controller -> a, # two\n# three\nb # four\n",
        "source-controller,  # one\nhelm-controller -> a,  # two\n  # three\n  b  # four\n",
    );
}

// ---------------------------------------------------------------------------------------------------
// Options

#[test]
fn options_that_fit_stand_on_one_line() {
    becomes(
        "role a = aws \"b\"{\naudience=\"c\"\n,token-expiration=\"d\"}\n",
        "role a = aws \"b\" { audience = \"c\", token-expiration = \"d\" }\n",
    );
}

#[test]
fn options_that_do_not_fit_have_a_line_each() {
    let name = "n".repeat(50);
    becomes(
        &format!("role a = aws \"{name}\" {{ audience = \"c\", token-expiration = \"3600\" }}\n"),
        &format!("role a = aws \"{name}\" {{\n  audience = \"c\",\n  token-expiration = \"3600\"\n}}\n"),
    );
}

#[test]
fn options_of_a_mapping_that_does_not_fit_are_broken_before_its_controllers() {
    let name = "n".repeat(40);
    becomes(
        &format!("source-controller, helm-controller -> aws \"{name}\" {{ audience = \"c\" }}\n"),
        &format!("source-controller, helm-controller -> aws \"{name}\" {{\n  audience = \"c\"\n}}\n"),
    );
}

#[test]
fn options_of_several_targets_stand_in_by_two_from_their_target() {
    becomes(
        "source-controller -> aws \"b\" { # one\n audience = \"c\" }, gcp \"d\"\n",
        "source-controller -> aws \"b\" {\n    # one\n    audience = \"c\"\n  },\n  gcp \"d\"\n",
    );
}

#[test]
fn options_over_several_lines_are_aligned_by_their_first() {
    stays("role registry   = aws \"a\" {\n  # why\n  audience = \"b\"\n}\nrole decryption = aws \"c\"\n");
}

#[test]
fn no_options_are_two_braces() {
    becomes("patch \"a\" {\n\n}\n", "patch \"a\" {}\n");
}

#[test]
fn every_comment_in_options_is_kept() {
    becomes(
        "role a = aws \"b\" { # one\n# two\naudience = \"c\" # three\n# four\n, # five\n# six\n\
         token-expiration = \"3600\" # seven\n# eight\n} # nine\n",
        "role a = aws \"b\" {\n  # one\n  # two\n  audience = \"c\",  # three\n  # four\n  # five\n  # six\n  \
         token-expiration = \"3600\"  # seven\n  # eight\n}  # nine\n",
    );
}

// ---------------------------------------------------------------------------------------------------
// Other statements

#[test]
fn every_statement_has_a_form() {
    becomes(
        "include   \"teams/*.flux\"\nrequire source-controller ,service-account a/b  on eks\n\
         isolate  a  by  b\nallow  F0101  \"why\"\nresource  \"a\"\ncomponent \"b\"\n\
         patch \"c\" {kind=\"Deployment\",name=\"d\"}\nemit=overlay\nsource-controller->none\n",
        "include \"teams/*.flux\"\nrequire source-controller, service-account a/b on eks\n\
         isolate a by b\nallow F0101 \"why\"\nresource \"a\"\ncomponent \"b\"\n\
         patch \"c\" { kind = \"Deployment\", name = \"d\" }\nemit = overlay\nsource-controller -> none\n",
    );
}

#[test]
fn what_cannot_be_read_has_no_form() {
    for broken in [
        "role a aws \"b\"\n",
        "use a,\n",
        "profile a {\n",
        "}\n",
        "let a = \"b\n",
        "let a = 'b'\n",
        "let a = \"$b\"\n",
        "source-controller => a\n",
        "source-controller\n",
        "profile a { use b } use c\n",
        "profile a\n{ use b }\n",
        "role a = \"arn:aws:iam::111122223333:role/flux\"\n",
        "# \u{202E}\n",
    ] {
        assert_eq!(harness::format(broken), None, "{broken}");
    }
}

#[test]
fn without_a_file_the_source_and_all_that_it_includes_are_formatted() {
    let place = harness::directory(&[
        ("identity.flux", "include \"teams/*.flux\"\naccount=\"111122223333\"\n"),
        ("teams/a.flux", "account=\"111122223333\"\n"),
        ("teams/b.flux", "account = \"111122223333\"\n"),
        ("other.flux", "account=\"111122223333\"\n"),
    ]);
    let check = harness::run(place.path(), &["fmt", "--check"]);
    assert_eq!(
        (check.status, check.stdout.as_str()),
        (1, "identity.flux\nteams/a.flux\n"),
        "{}",
        check.stderr
    );
    let done = harness::run(place.path(), &["fmt"]);
    assert_eq!(done.stdout, "formatted identity.flux\nformatted teams/a.flux\n", "{}", done.stderr);
    assert_eq!(harness::run(place.path(), &["fmt", "--check"]).status, 0);
    let other = std::fs::read_to_string(place.path().join("other.flux")).expect("it is there");
    assert_eq!(other, "account=\"111122223333\"\n", "nobody includes it");
}

#[test]
fn nothing_is_formatted_if_an_included_file_cannot_be_read() {
    let place = harness::directory(&[
        ("identity.flux", "include \"teams/*.flux\"\naccount=\"111122223333\"\n"),
        ("teams/a.flux", "account = \n"),
    ]);
    let done = harness::run(place.path(), &["fmt"]);
    assert_eq!(done.status, 1);
    assert!(done.stderr.contains("teams/a.flux:1:10"), "{}", done.stderr);
    let source = std::fs::read_to_string(place.path().join("identity.flux")).expect("it is there");
    assert!(source.ends_with("account=\"111122223333\"\n"));
}
