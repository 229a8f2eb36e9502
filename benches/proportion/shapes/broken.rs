//! Text that cannot be read as it stands.

use super::{FOUND, ROLE, Shape, UNREAD, plain_cluster};

pub const SHAPES: &[Shape] = &[
    Shape::text("braces that open", |count| format!("cluster a on eks {}\n", "{".repeat(count)), UNREAD)
        .counted(512),
    Shape::text("blocks that open within blocks", |count| in_block(&"x {\n".repeat(count)), UNREAD)
        .counted(256),
    Shape::text("braces that close", |count| "}\n".repeat(count), FOUND),
    Shape::text("clusters without a name", |count| "cluster !\n".repeat(count), FOUND).counted(256),
    Shape::text("blocks without a name", |count| "cluster ! {\n".repeat(count), FOUND),
    Shape::text("clusters without a platform", |count| "cluster x\n".repeat(count), FOUND).counted(256),
    Shape::text("profiles without a name", |count| "profile\n".repeat(count), FOUND),
    Shape::text("a word behind each broken header", |count| "profile \t!\nx\n".repeat(count), FOUND)
        .counted(256),
    Shape::text("clusters without a block", |count| "cluster a on eks\n".repeat(count), FOUND),
    Shape::text("comments behind headers", |count| "cluster a on eks\n#\n#\n#\n#\n".repeat(count), FOUND)
        .counted(256),
    Shape::text("a brace that comes late", late_brace, FOUND).counted(512),
    Shape::text("quotes that open", |count| "\"\n".repeat(count), FOUND).counted(256),
    Shape::text(
        "statements that end in a comma",
        |count| in_block(&"source-controller,\n".repeat(count)),
        FOUND,
    )
    .counted(256),
    Shape::text("a line of commas", |count| in_block(&"source-controller, ".repeat(count)), FOUND),
    Shape::text(
        "targets on lines",
        |count| in_block(&format!("source-controller -> {}r", "r,\n".repeat(count))),
        FOUND,
    ),
    Shape::text(
        "comments within a list",
        |count| in_block(&format!("{}source-controller -> r", "source-controller,\n# c\n".repeat(count))),
        FOUND,
    )
    .counted(512),
    Shape::text(
        "options without quotes",
        |count| in_block(&format!("source-controller -> {ROLE} {{ {} }}", "a = b, ".repeat(count))),
        FOUND,
    ),
    Shape::text(
        "options that open",
        |count| in_block(&"source-controller -> azure \"x\" {\n".repeat(count)),
        FOUND,
    )
    .counted(256),
    Shape::text("equal signs", |count| "x = ".repeat(count), FOUND).counted(256),
    Shape::text("arrows", |count| "a -> ".repeat(count) + "\n", FOUND),
    Shape::text("dollars", |count| format!("let x = \"{}\"\n", "$".repeat(count)), FOUND),
    Shape::text("variables outside of text", |count| format!("let x = {}\n", "${".repeat(count)), FOUND),
    Shape::text(
        "a variable that never ends",
        |count| format!("let x = \"${{{}\"\n", "a".repeat(count)),
        FOUND,
    )
    .counted(512),
    Shape::text("braces where a value belongs", |count| format!("let x = {}\n", "}".repeat(count)), FOUND),
    Shape::text("letters that nobody sees", |count| "\u{200b}".repeat(count), FOUND),
    Shape::text("returns", |count| "\r\n".repeat(count) + &plain_cluster(), FOUND),
    Shape::text("tabs", |count| "\t".repeat(count) + "x\n", FOUND),
    Shape::text(
        "blocks within a value",
        |count| in_block(&format!("tenant = webhook {}", "{ ".repeat(count))),
        FOUND,
    )
    .counted(512),
    Shape::text("profiles within a cluster", |count| in_block(&"profile x {\n".repeat(count)), FOUND),
    Shape::text("values that are missing", |count| "let x =\n".repeat(count), FOUND).counted(256),
    Shape::text("names that end in a comma", |count| "a,\n".repeat(count), FOUND),
    Shape::text("an account that is never named", |count| "service-account a/".repeat(count) + "\n", FOUND)
        .counted(256),
    Shape::text("words without end", |count| "kustomize-controllerisolate".repeat(count), FOUND).counted(512),
];

fn in_block(statements: &str) -> String {
    format!("cluster a on eks {{\n  {statements}\n}}\n")
}

fn late_brace(count: usize) -> String {
    format!("cluster a on eks\n{}{{\n}}\n", "\n".repeat(count))
}
