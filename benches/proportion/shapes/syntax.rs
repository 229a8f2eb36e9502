//! Text for the reader of sources: each function makes a text of some `n` bytes.

use super::{FOUND, Shape};

pub const SHAPES: &[Shape] = &[
    Shape::text("syntax: right roles", right_roles, FOUND),
    Shape::text("syntax: right clusters", right_clusters, FOUND),
    Shape::text("syntax: right names", right_names, FOUND),
    Shape::text("syntax: right names on lines", right_names_on_lines, FOUND),
    Shape::text("syntax: names twice", names_twice, FOUND),
    Shape::text("syntax: right variables", right_variables, FOUND),
    Shape::text("syntax: variable again", variable_again, FOUND),
    Shape::text("syntax: long text", long_text, FOUND),
    Shape::text("syntax: long comment", long_comment, FOUND),
    Shape::text("syntax: long holes", long_holes, FOUND),
    Shape::text("syntax: comment lines", comment_lines, FOUND),
    Shape::text("syntax: commented list", commented_list, FOUND),
    Shape::text("syntax: requires", requires, FOUND),
    Shape::text("syntax: require list", require_list, FOUND),
    Shape::text("syntax: allows", allows, FOUND),
    Shape::text("syntax: windows lines", windows_lines, FOUND),
    Shape::text("syntax: empty lines", empty_lines, FOUND),
    Shape::text("syntax: blanks", blanks, FOUND),
    Shape::text("syntax: tabs", tabs, FOUND),
    Shape::text("syntax: blanks at ends", blanks_at_ends, FOUND),
    Shape::text("syntax: carriage returns", carriage_returns, FOUND),
    Shape::text("syntax: carriage returns in line", carriage_returns_in_line, FOUND),
    Shape::text("syntax: late brace", late_brace, FOUND),
    Shape::text("syntax: broken and empty", broken_and_empty, FOUND),
    Shape::text("syntax: braces on line", braces_on_line, FOUND),
    Shape::text("syntax: braces and blanks", braces_and_blanks, FOUND),
    Shape::text("syntax: open lines", open_lines, FOUND),
    Shape::text("syntax: open lines outside", open_lines_outside, FOUND),
    Shape::text("syntax: nest and close", nest_and_close, FOUND).counted(256),
    Shape::text("syntax: profiles in cluster", profiles_in_cluster, FOUND),
    Shape::text("syntax: closing lines", closing_lines, FOUND),
    Shape::text("syntax: closing on line", closing_on_line, FOUND),
    Shape::text("syntax: closing and blanks", closing_and_blanks, FOUND),
    Shape::text("syntax: pairs on line", pairs_on_line, FOUND),
    Shape::text("syntax: braces and quotes", braces_and_quotes, FOUND).counted(256),
    Shape::text("syntax: brace then texts", brace_then_texts, FOUND),
    Shape::text("syntax: junk of braces", junk_of_braces, FOUND),
    Shape::text("syntax: junk nests", junk_nests, FOUND),
    Shape::text("syntax: junk behind junk", junk_behind_junk, FOUND).counted(256),
    Shape::text("syntax: close and open", close_and_open, FOUND).counted(256),
    Shape::text("syntax: unclosed blocks", unclosed_blocks, FOUND),
    Shape::text("syntax: braceless blocks", braceless_blocks, FOUND),
    Shape::text("syntax: broken headers", broken_headers, FOUND),
    Shape::text("syntax: broken headers and words", broken_headers_and_words, FOUND),
    Shape::text("syntax: broken headers and statements", broken_headers_and_statements, FOUND),
    Shape::text("syntax: broken headers closed at the end", broken_headers_closed_at_the_end, FOUND),
    Shape::text("syntax: broken headers and nests", broken_headers_and_nests, FOUND).counted(256),
    Shape::text("syntax: broken headers of windows", broken_headers_of_windows, FOUND),
    Shape::text("syntax: broken headers and comments", broken_headers_and_comments, FOUND),
    Shape::text("syntax: broken headers in block", broken_headers_in_block, FOUND).counted(256),
    Shape::text("syntax: nameless headers", nameless_headers, FOUND),
    Shape::text("syntax: headers without platform", headers_without_platform, FOUND),
    Shape::text("syntax: header words", header_words, FOUND),
    Shape::text("syntax: headers without block", headers_without_block, FOUND),
    Shape::text("syntax: headers and comments", headers_and_comments, FOUND),
    Shape::text("syntax: headers of commas", headers_of_commas, FOUND).counted(256),
    Shape::text("syntax: wrapped headers", wrapped_headers, FOUND),
    Shape::text("syntax: header of signs", header_of_signs, FOUND),
    Shape::text("syntax: words run together", words_run_together, FOUND),
    Shape::text("syntax: words run together lines", words_run_together_lines, FOUND),
    Shape::text("syntax: words on line", words_on_line, FOUND).counted(512),
    Shape::text("syntax: settings on line", settings_on_line, FOUND),
    Shape::text("syntax: arrows on line", arrows_on_line, FOUND),
    Shape::text("syntax: accounts on line", accounts_on_line, FOUND),
    Shape::text("syntax: controllers without arrow", controllers_without_arrow, FOUND),
    Shape::text("syntax: controllers on line", controllers_on_line, FOUND),
    Shape::text("syntax: commas before headers", commas_before_headers, FOUND),
    Shape::text("syntax: targets on lines", targets_on_lines, FOUND),
    Shape::text("syntax: late values", late_values, FOUND),
    Shape::text("syntax: late texts", late_texts, FOUND),
    Shape::text("syntax: options on line", options_on_line, FOUND),
    Shape::text("syntax: options without end", options_without_end, FOUND),
    Shape::text("syntax: options over lines", options_over_lines, FOUND),
    Shape::text("syntax: commas behind", commas_behind, FOUND),
    Shape::text("syntax: comma lines", comma_lines, FOUND),
    Shape::text("syntax: misspelt statements", misspelt_statements, FOUND),
    Shape::text("syntax: items in block", items_in_block, FOUND),
    Shape::text("syntax: two on a line", two_on_a_line, FOUND),
    Shape::text("syntax: colons", colons, FOUND),
    Shape::text("syntax: other arrows", other_arrows, FOUND),
    Shape::text("syntax: open quotes", open_quotes, FOUND),
    Shape::text("syntax: quotes on line", quotes_on_line, FOUND),
    Shape::text("syntax: other quotes on line", other_quotes_on_line, FOUND),
    Shape::text("syntax: other quotes", other_quotes, FOUND).counted(256),
    Shape::text("syntax: apostrophes on line", apostrophes_on_line, FOUND),
    Shape::text("syntax: dollars", dollars, FOUND),
    Shape::text("syntax: dollars and names", dollars_and_names, FOUND),
    Shape::text("syntax: open holes", open_holes, FOUND),
    Shape::text("syntax: open holes in word", open_holes_in_word, FOUND),
    Shape::text("syntax: braces in word", braces_in_word, FOUND),
    Shape::text("syntax: names of signs", names_of_signs, FOUND),
    Shape::text("syntax: signs behind names", signs_behind_names, FOUND).counted(512),
    Shape::text("syntax: invisible", invisible, FOUND),
    Shape::text("syntax: invisible on lines", invisible_on_lines, FOUND),
    Shape::text("syntax: foreign text", foreign_text, FOUND).counted(512),
    Shape::text("syntax: foreign comment", foreign_comment, FOUND),
    Shape::text("syntax: foreign blanks", foreign_blanks, FOUND),
    Shape::text("syntax: controls", controls, FOUND),
    Shape::text("syntax: broken mixed", broken_mixed, FOUND).counted(512),
    Shape::text("syntax: broken mixed long", broken_mixed_long, FOUND).counted(512),
    Shape::text("syntax: broken line mixed", broken_line_mixed, FOUND),
    Shape::text("syntax: nests with a bad end", nests_with_a_bad_end, FOUND).counted(256),
    Shape::text("syntax: settings that open with a bad end", settings_that_open_with_a_bad_end, FOUND),
    Shape::text("syntax: clusters on line", clusters_on_line, FOUND),
    Shape::text("syntax: items on line", items_on_line, FOUND),
    Shape::text("syntax: wrapped without end", wrapped_without_end, FOUND),
    Shape::text("syntax: broken headers and blocks", broken_headers_and_blocks, FOUND),
    Shape::text("syntax: open options", open_options, FOUND),
    Shape::text("syntax: comments in options", comments_in_options, FOUND),
    Shape::text("syntax: commas and comments", commas_and_comments, FOUND).counted(256),
    Shape::text("syntax: open texts and braces", open_texts_and_braces, FOUND).counted(256),
    Shape::text("syntax: blanks and words", blanks_and_words, FOUND),
    Shape::text("syntax: blanks behind broken", blanks_behind_broken, FOUND).counted(512),
];

const IDENTITY: &str = "aws \"arn:aws:iam::111122223333:role/r\"";

/// `unit` again and again, until there are some `n` bytes.
fn fill(n: usize, unit: &str) -> String {
    unit.repeat(n.div_ceil(unit.len()).max(1))
}

/// What `unit` makes of 0, 1, 2, …, until there are some `n` bytes.
fn count_up(n: usize, unit: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    let mut number = 0;
    while text.len() < n {
        text.push_str(&unit(number));
        number += 1;
    }
    text
}

/// A cluster with `statements` in it.
fn in_cluster(statements: &str) -> String {
    format!("cluster a on eks {{\n{statements}}}\n")
}

// Right text.

/// Roles in one cluster, all but one unused.
fn right_roles(n: usize) -> String {
    in_cluster(&(count_up(n, |i| format!("  role r{i} = {IDENTITY}\n")) + "  source-controller -> r0\n"))
}
/// Clusters, as fleets have them.
fn right_clusters(n: usize) -> String {
    count_up(n, |i| format!("cluster c{i} on eks {{\n  source-controller -> {IDENTITY} # why\n}}\n\n"))
}
/// One cluster's header with many names on one line.
fn right_names(n: usize) -> String {
    format!(
        "cluster {} on eks {{\n  source-controller -> {IDENTITY}\n}}\n",
        count_up(n, |i| format!("c{i}, ")) + "last"
    )
}
/// One cluster's header with a name on each line.
fn right_names_on_lines(n: usize) -> String {
    format!(
        "cluster {}last on eks {{\n  source-controller -> {IDENTITY}\n}}\n",
        count_up(n, |i| format!("c{i},\n    "))
    )
}
/// One name many times in one header.
fn names_twice(n: usize) -> String {
    format!("cluster {}c on eks {{\n  source-controller -> {IDENTITY}\n}}\n", fill(n, "c, "))
}
/// Variables that nobody uses, at the outermost level.
fn right_variables(n: usize) -> String {
    count_up(n, |i| format!("let v{i} = \"x\"\n"))
        + &in_cluster(&format!("  source-controller -> {IDENTITY}\n"))
}
/// One variable defined again and again.
fn variable_again(n: usize) -> String {
    fill(n, "let v = \"x\"\n") + &in_cluster(&format!("  source-controller -> {IDENTITY}\n"))
}
/// One long text.
fn long_text(n: usize) -> String {
    in_cluster(&format!("  let x = \"{}\"\n  source-controller -> {IDENTITY}\n", fill(n, "a")))
}
/// One long comment.
fn long_comment(n: usize) -> String {
    format!("#{}\n", fill(n, "a")) + &in_cluster(&format!("  source-controller -> {IDENTITY}\n"))
}
/// One text of holes only.
fn long_holes(n: usize) -> String {
    in_cluster(&format!("  let x = \"{}\"\n  source-controller -> aws \"${{x}}\"\n", fill(n, "${cluster}")))
}
/// Comments, each on a line.
fn comment_lines(n: usize) -> String {
    fill(n, "# a comment\n") + &in_cluster(&format!("  source-controller -> {IDENTITY}\n"))
}
/// A list with a comment on every second line.
fn commented_list(n: usize) -> String {
    in_cluster(&format!("  {}source-controller -> r\n", fill(n, "source-controller,\n# c\n")))
}
/// `require` lines.
fn requires(n: usize) -> String {
    fill(n, "require source-controller\n") + &in_cluster(&format!("  source-controller -> {IDENTITY}\n"))
}
/// One `require` of many.
fn require_list(n: usize) -> String {
    format!("require {}source-controller\n", fill(n, "source-controller, "))
        + &in_cluster(&format!("  source-controller -> {IDENTITY}\n"))
}
/// `allow` lines at the outermost level.
fn allows(n: usize) -> String {
    count_up(n, |i| format!("allow F0117 \"x{i}\"\n"))
        + &in_cluster(&format!("  source-controller -> {IDENTITY}\n"))
}
/// Blocks on one line each, with the line breaks of Windows.
fn windows_lines(n: usize) -> String {
    count_up(n, |i| format!("cluster c{i} on eks {{ source-controller -> {IDENTITY} }}\r\n"))
}

// Blanks and line breaks.

/// Nothing but line breaks.
fn empty_lines(n: usize) -> String {
    fill(n, "\n")
}
/// Nothing but blanks, on one line.
fn blanks(n: usize) -> String {
    fill(n, " ") + "x\n"
}
/// Nothing but tabs, on one line.
fn tabs(n: usize) -> String {
    fill(n, "\t") + "x\n"
}
/// Blanks behind every statement.
fn blanks_at_ends(n: usize) -> String {
    in_cluster(&fill(n, "  region = \"x\"                                        \n"))
}
/// Carriage returns without line feeds.
fn carriage_returns(n: usize) -> String {
    fill(n, "\r")
}
/// Carriage returns within a broken line.
fn carriage_returns_in_line(n: usize) -> String {
    in_cluster(&format!("  {}\n", fill(n, "a\r")))
}
/// A header, then empty lines, then its brace.
fn late_brace(n: usize) -> String {
    format!("cluster a on eks\n{}{{\n}}\n", fill(n, "\n"))
}
/// An empty line between any two broken lines.
fn broken_and_empty(n: usize) -> String {
    fill(n, "?\n\n\n\n\n\n\n\n")
}

// Braces.

/// Opening braces on one line.
fn braces_on_line(n: usize) -> String {
    format!("cluster a on eks {}\n", fill(n, "{"))
}
/// Opening braces with blanks between them.
fn braces_and_blanks(n: usize) -> String {
    format!("cluster a on eks {}\n", fill(n, "{ "))
}
/// Blocks within blocks, none closed.
fn open_lines(n: usize) -> String {
    format!("cluster a on eks {{\n{}", fill(n, "x {\n"))
}
/// Blocks that nothing can read, none closed, at the outermost level.
fn open_lines_outside(n: usize) -> String {
    fill(n, "x {\n")
}
/// Blocks within blocks, all closed.
fn nest_and_close(n: usize) -> String {
    let half = n.div_ceil(2);
    in_cluster(&(fill(half, "x {\n") + &fill(half, "}\n")))
}
/// Profiles within a cluster, none closed.
fn profiles_in_cluster(n: usize) -> String {
    format!("cluster a on eks {{\n{}", fill(n, "  profile x {\n"))
}
/// Closing braces, a line each.
fn closing_lines(n: usize) -> String {
    fill(n, "}\n")
}
/// Closing braces on one line.
fn closing_on_line(n: usize) -> String {
    fill(n, "}") + "\n"
}
/// Closing braces with blanks, on one line of a block.
fn closing_and_blanks(n: usize) -> String {
    in_cluster(&format!("  x {}\n", fill(n, "} ")))
}
/// Whole pairs of braces on one line.
fn pairs_on_line(n: usize) -> String {
    in_cluster(&format!("  x {}\n", fill(n, "{ a } ")))
}
/// Braces with quotes between, never paired.
fn braces_and_quotes(n: usize) -> String {
    in_cluster(&format!("  x {}\n", fill(n, "{\"")))
}
/// One open brace and texts behind it.
fn brace_then_texts(n: usize) -> String {
    in_cluster(&format!("  x {{ {}\n", fill(n, "\"{\" ")))
}
/// Junk behind a setting, of braces.
fn junk_of_braces(n: usize) -> String {
    in_cluster(&format!("  tenant = webhook {}\n", fill(n, "{ ")))
}
/// Junk of several lines behind settings.
fn junk_nests(n: usize) -> String {
    in_cluster(&fill(n, "  region = \"x\" junk {\n    a = \"b\"\n  }\n"))
}
/// Junk that goes on behind the brace that closes it.
fn junk_behind_junk(n: usize) -> String {
    in_cluster(&fill(n, "  region = \"x\" junk {\n  } more {\n  } and more\n"))
}
/// Closing braces with more behind them.
fn close_and_open(n: usize) -> String {
    format!("cluster a on eks {{\n{}", fill(n, "} x {\n} y\n"))
}
/// Blocks whose brace is missing, each before the next header.
fn unclosed_blocks(n: usize) -> String {
    count_up(n, |i| format!("cluster c{i} on eks {{\n  region = \"x\"\n"))
}
/// Headers without braces, each with statements and a closing brace.
fn braceless_blocks(n: usize) -> String {
    count_up(n, |i| format!("cluster c{i} on eks\n  region = \"x\"\n}}\n"))
}

// Headers.

/// Headers without a name, a platform and a brace.
fn broken_headers(n: usize) -> String {
    fill(n, "cluster !\n")
}
/// The same, with a word on a line between them.
fn broken_headers_and_words(n: usize) -> String {
    fill(n, "profile \t!\nx\n")
}
/// The same, with statements between them.
fn broken_headers_and_statements(n: usize) -> String {
    fill(n, "cluster !\n  region = \"x\"\n  source-controller -> r\n")
}
/// The same, with a block closed once, at the end.
fn broken_headers_closed_at_the_end(n: usize) -> String {
    fill(n, "cluster !\n") + "}\n"
}
/// The same, with nests between them.
fn broken_headers_and_nests(n: usize) -> String {
    fill(n, "cluster !\nfoo {\n  a = b\n}\n")
}
/// The same, with the line breaks of Windows.
fn broken_headers_of_windows(n: usize) -> String {
    fill(n, "cluster !\r\n")
}
/// The same, with comments.
fn broken_headers_and_comments(n: usize) -> String {
    fill(n, "cluster ! # why\n# and why\n")
}
/// The same, in a block.
fn broken_headers_in_block(n: usize) -> String {
    format!("cluster a on eks {{\n{}", fill(n, "cluster !\n"))
}
/// Headers without a name, with a brace.
fn nameless_headers(n: usize) -> String {
    fill(n, "cluster ! {\n")
}
/// Headers that say no platform.
fn headers_without_platform(n: usize) -> String {
    fill(n, "cluster x\n")
}
/// A header's first word alone.
fn header_words(n: usize) -> String {
    fill(n, "profile\n")
}
/// Headers that are right and have no block.
fn headers_without_block(n: usize) -> String {
    fill(n, "cluster a on eks\n")
}
/// The same, with comments behind them.
fn headers_and_comments(n: usize) -> String {
    fill(n, "cluster a on eks\n#\n#\n#\n#\n")
}
/// Headers that end with a comma, with a comma on each line.
fn headers_of_commas(n: usize) -> String {
    format!("cluster {}", fill(n, "a,\n"))
}
/// Headers that wrap once and have no platform.
fn wrapped_headers(n: usize) -> String {
    fill(n, "cluster a,\n  b\n  region = \"x\"\n")
}
/// One header of signs.
fn header_of_signs(n: usize) -> String {
    format!("cluster {} {{\n}}\n", fill(n, "-_."))
}

// Statements.

/// Words without blanks in which keywords stand, on one line.
fn words_run_together(n: usize) -> String {
    fill(n, "kustomize-controllerisolate") + "\n"
}
/// The same, a line of each 100 bytes.
fn words_run_together_lines(n: usize) -> String {
    fill(n, &(fill(100, "kustomize-controllerisolate") + "\n"))
}
/// The same, with blanks.
fn words_on_line(n: usize) -> String {
    fill(n, "kustomize-controller isolate ") + "\n"
}
/// Settings without end.
fn settings_on_line(n: usize) -> String {
    fill(n, "x = ")
}
/// Mappings without end.
fn arrows_on_line(n: usize) -> String {
    fill(n, "a -> ") + "\n"
}
/// A mapping that never says whose.
fn accounts_on_line(n: usize) -> String {
    fill(n, "service-account a/") + "\n"
}
/// Controllers with commas, without an arrow, on lines.
fn controllers_without_arrow(n: usize) -> String {
    fill(n, "a,\n")
}
/// The same, on one line.
fn controllers_on_line(n: usize) -> String {
    in_cluster(&format!("  {}\n", fill(n, "source-controller, ")))
}
/// Lists that end with a comma, each in its block.
fn commas_before_headers(n: usize) -> String {
    fill(n, "cluster a on eks {\n  source-controller,\n")
}
/// One mapping to many roles, on lines.
fn targets_on_lines(n: usize) -> String {
    in_cluster(&format!("  source-controller -> {}r\n", fill(n, "r,\n")))
}
/// Values that begin a line too late, and are not there.
fn late_values(n: usize) -> String {
    fill(n, "let x =\n")
}
/// Values that begin a line too late.
fn late_texts(n: usize) -> String {
    fill(n, "let x =\n  \"y\"\n")
}
/// Options without a value, all on one line.
fn options_on_line(n: usize) -> String {
    format!("cluster a on aks {{\n  source-controller -> azure \"x\" {{ {} }}\n}}\n", fill(n, "a = b, "))
}
/// Options that nothing closes, opened on each line.
fn options_without_end(n: usize) -> String {
    format!("cluster a on aks {{\n{}", fill(n, "  source-controller -> azure \"x\" {\n"))
}
/// Options over many lines that nothing closes.
fn options_over_lines(n: usize) -> String {
    format!("cluster a on aks {{\n  source-controller -> azure \"x\" {{\n{}", fill(n, "    a = b,\n"))
}
/// A comma too many behind each statement.
fn commas_behind(n: usize) -> String {
    in_cluster(&fill(n, "  region = \"x\",\n"))
}
/// Lines of one comma.
fn comma_lines(n: usize) -> String {
    in_cluster(&fill(n, ",\n"))
}
/// A statement misspelt on each line.
fn misspelt_statements(n: usize) -> String {
    in_cluster(&fill(n, "  rol x = aws \"y\"\n"))
}
/// Items in a block.
fn items_in_block(n: usize) -> String {
    in_cluster(&fill(n, "  include \"x\"\n  require a\n  isolate r by t\n"))
}
/// Two statements on each line.
fn two_on_a_line(n: usize) -> String {
    in_cluster(&fill(n, "  region = \"x\" output = \"y\"\n"))
}
/// A colon for each `=`.
fn colons(n: usize) -> String {
    in_cluster(&fill(n, "  region: \"x\"\n"))
}
/// An arrow of another kind on each line.
fn other_arrows(n: usize) -> String {
    in_cluster(&fill(n, "  source-controller => r\n  helm-controller → r\n"))
}

// Text.

/// Open quotes, a line each.
fn open_quotes(n: usize) -> String {
    fill(n, "\"\n")
}
/// Quotes on one line.
fn quotes_on_line(n: usize) -> String {
    fill(n, "\" ") + "\n"
}
/// Quotes of another kind on one line.
fn other_quotes_on_line(n: usize) -> String {
    format!("let x = {}\n", fill(n, "“"))
}
/// Text in quotes of another kind, a line each.
fn other_quotes(n: usize) -> String {
    fill(n, "let x = “y”\n")
}
/// Apostrophes on one line.
fn apostrophes_on_line(n: usize) -> String {
    format!("let x = {}\n", fill(n, "' "))
}
/// Dollars in one text.
fn dollars(n: usize) -> String {
    format!("let x = \"{}\"\n", fill(n, "$"))
}
/// Dollars in one text, each with a name behind it.
fn dollars_and_names(n: usize) -> String {
    format!("let x = \"{}\"\n", fill(n, "$name "))
}
/// Dollars and open braces in one text.
fn open_holes(n: usize) -> String {
    format!("let x = \"{}\"\n", fill(n, "${"))
}
/// Dollars and open braces without quotes.
fn open_holes_in_word(n: usize) -> String {
    format!("let x = {}\n", fill(n, "${"))
}
/// Closing braces for a value.
fn braces_in_word(n: usize) -> String {
    format!("let x = {}\n", fill(n, "}"))
}
/// Names that signs end.
fn names_of_signs(n: usize) -> String {
    format!("let x{} = \"y\"\n", fill(n, "-"))
}
/// A name, and a run of signs behind it, on each line.
fn signs_behind_names(n: usize) -> String {
    in_cluster(&fill(n, "  a-------------------------------------------------- -> r\n"))
}

// Characters.

/// Characters that show nothing, on one line.
fn invisible(n: usize) -> String {
    fill(n, "\u{200b}")
}
/// One of them on each line.
fn invisible_on_lines(n: usize) -> String {
    in_cluster(&fill(n, "  region\u{200b} = \"x\"\n"))
}
/// Letters of another alphabet in one text.
fn foreign_text(n: usize) -> String {
    format!("let x = \"{}\"\n", fill(n, "ж"))
}
/// Letters of another alphabet in one comment.
fn foreign_comment(n: usize) -> String {
    format!("# {}\n", fill(n, "ж"))
}
/// Blanks that do not break, between words.
fn foreign_blanks(n: usize) -> String {
    in_cluster(&fill(n, "  region\u{a0}=\u{a0}\"x\"\n"))
}
/// Control characters on one line.
fn controls(n: usize) -> String {
    fill(n, "\u{1b}[") + "\n"
}

// All at once.

/// Something broken of each kind, again and again.
fn broken_mixed(n: usize) -> String {
    fill(
        n,
        "cluster !\nprofile p {\n  x {\n  region = \"a\" b {\n  }\nlet x = $\na -> \nrole r = “x”\n}\n}\n? \"\n\
         cluster c on eks\n  use a,\n\n  y = z {\n",
    )
}
/// The same on lines that are long.
fn broken_mixed_long(n: usize) -> String {
    let line = fill(n.div_ceil(8), "a { \" b } ${ -> , = “ ");
    fill(n, &(line + "\n"))
}
/// A line in which everything stands but a line break.
fn broken_line_mixed(n: usize) -> String {
    fill(n, "cluster a { \"b\" = c -> d, } $e “f” 'g' (h) ") + "\n"
}

// What could be read in vain from many beginnings.

/// Open lines without end, and a closing one that opens another and has more behind that.
fn nests_with_a_bad_end(n: usize) -> String {
    in_cluster(&(fill(n, "x {\n") + "} y {\n} z\n"))
}
/// The same at the outermost level.
fn settings_that_open_with_a_bad_end(n: usize) -> String {
    fill(n, "x = y {\n") + "} y {\n} z\n"
}
/// Blocks one behind the other, on one line.
fn clusters_on_line(n: usize) -> String {
    fill(n, "cluster a on eks { region = \"x\" ") + "\n"
}
/// Items one behind the other, on one line.
fn items_on_line(n: usize) -> String {
    fill(n, "isolate r by t ") + "\n"
}
/// Headers that wrap over all that follows, and have no platform.
fn wrapped_without_end(n: usize) -> String {
    format!("cluster a,\n{}", fill(n, "  b, # c\n"))
}
/// Braceless headers between blocks that cannot be read.
fn broken_headers_and_blocks(n: usize) -> String {
    fill(n, "cluster !\nfoo {\n  bar {\n  }\n  a = b\n}\nprofile !\n  x = y {\n  }\n")
}
/// Options that end with their file, opened in one cluster after the other.
fn open_options(n: usize) -> String {
    fill(n, "role r = aws \"x\" { a = b,\n  c = d,\n")
}
/// Comments behind an open brace of options, without end.
fn comments_in_options(n: usize) -> String {
    format!("role r = aws \"x\" {{\n{}", fill(n, "  # c\n"))
}
/// Names of one letter and many commas, with comments between.
fn commas_and_comments(n: usize) -> String {
    format!("require a,\n{}", fill(n, "# c\n\n"))
}
/// Texts that open on each line, with braces.
fn open_texts_and_braces(n: usize) -> String {
    in_cluster(&fill(n, "  x = \"y } { \" \" {\n"))
}
/// One broken line, cut by no line break: blanks and words.
fn blanks_and_words(n: usize) -> String {
    fill(n, "a                                ")
}
/// Blanks behind a broken line, again and again.
fn blanks_behind_broken(n: usize) -> String {
    fill(n, "?                                \n\n")
}
