//! Text in which nothing is wrong.

use super::{CHECKED, READ, ROLE, Shape, cluster, each, joined, plain_cluster, profile};

pub const SHAPES: &[Shape] = &[
    Shape::text("profiles that use one another in a chain", chain, READ).counted(512),
    Shape::text("a cluster for each link of a chain of profiles", chain_with_clusters, CHECKED).counted(1024),
    Shape::text("profiles that use the next two, which use the next two", diamonds, CHECKED).counted(512),
    Shape::text("profiles that use all behind them", complete, CHECKED).counted(2048),
    Shape::text("a cluster that uses many profiles", many_profiles, READ).counted(4096).closely(),
    Shape::text("profiles that say the same of one variable", agreeing, CHECKED).counted(512),
    Shape::text("profiles that nothing uses", unused_profiles, CHECKED),
    Shape::text("blocks for a platform in a profile that many use", on_blocks, CHECKED).counted(512),
    Shape::text("profiles without statements", empty_profiles, CHECKED).counted(16 * 1024).closely(),
    Shape::text("roles of one cluster", roles, READ).counted(1024),
    Shape::text("clusters with a role each", clusters, READ).counted(512),
    Shape::text("clusters that share a block", names, READ).counted(256),
    Shape::text("clusters that share a block, one a line", names_on_lines, CHECKED),
    Shape::text("clusters that share a role", shared_role, READ),
    Shape::text("variables of the root", variables, READ),
    Shape::text("texts that put in many variables", holes, CHECKED).counted(1024),
    Shape::text("a long text", long_text, CHECKED),
    Shape::text("a long comment", long_comment, READ),
    Shape::text("many comments", comments, READ),
    Shape::text("blank lines", blank_lines, READ),
    Shape::text("accounts of one cluster", accounts, READ).counted(1024),
    Shape::text("accounts of many clusters", accounts_of_clusters, READ).counted(1024),
    Shape::text("clusters of one pool that get the same", one_pool, READ).counted(512),
    Shape::text("clusters kept apart by a role of their own", isolated, CHECKED).counted(1024),
    Shape::text("a requirement for each of many accounts", requirements, CHECKED).counted(1024),
    Shape::text("one list of many requirements", requirement_list, CHECKED),
    Shape::text("outputs that nest deeply", nested_outputs, CHECKED).counted(2048),
    Shape::text("warnings that are let pass for all", allowed, CHECKED),
    Shape::text("warnings that are let pass in each profile", allowed_in_profiles, CHECKED).counted(1024),
    Shape::text("a name with many mappings to none", mapped_to_none, CHECKED),
];

pub fn chain(count: usize) -> String {
    let links = each(count, |at| profile(&format!("p{at}"), &format!("use p{}", at + 1)));
    let last = profile(&format!("p{count}"), &format!("source-controller -> {ROLE}"));
    links + &last + &cluster("a", "use p0")
}

fn chain_with_clusters(count: usize) -> String {
    chain(count) + &each(count, |at| cluster(&format!("c{at}"), &format!("use p{at}")))
}

fn on_blocks(count: usize) -> String {
    let blocks = each(count, |at| format!("  on eks, gke {{ let v{at} = \"x\" }}\n"));
    let users = each(count, |at| profile(&format!("p{at}"), "use base"));
    let clusters = each(count, |at| cluster(&format!("c{at}"), &format!("use p{at}")));
    format!("profile base {{\n{blocks}  source-controller -> {ROLE}\n}}\n{users}{clusters}")
}

fn diamonds(count: usize) -> String {
    let pair = |at: usize| {
        let next = format!("use a{0}, b{0}", at + 1);
        profile(&format!("a{at}"), &next) + &profile(&format!("b{at}"), &next)
    };
    let first = profile(&format!("a{count}"), &format!("source-controller -> {ROLE}"));
    let second = profile(&format!("b{count}"), &format!("kustomize-controller -> {ROLE}"));
    each(count, pair) + &first + &second + &cluster("a", "use a0, b0")
}

fn complete(count: usize) -> String {
    let one = |at: usize| {
        let behind = joined(count - at, ", ", |next| format!("p{}", at + 1 + next));
        profile(&format!("p{at}"), &format!("use {behind}\n  let v{at} = \"x\""))
    };
    let last = profile(&format!("p{count}"), &format!("source-controller -> {ROLE}"));
    each(count, one) + &last + &cluster("a", "use p0")
}

fn many_profiles(count: usize) -> String {
    // Names of one length: how much of two names is compared depends on it.
    let profiles = each(count, |at| profile(&format!("p{at}"), &format!("let v{at:06} = \"x\"")));
    // In one line it would be too long from some 500 KiB on, and nothing would be shown.
    let used = joined(count, ",\n    ", |at| format!("p{at}"));
    profiles + &cluster("a", &format!("use {used}\n  source-controller -> {ROLE}"))
}

fn agreeing(count: usize) -> String {
    let profiles = each(count, |at| profile(&format!("p{at}"), "let v = \"x\""));
    let used = joined(count, ", ", |at| format!("p{at}"));
    let mapping = "source-controller -> aws \"arn:aws:iam::111122223333:role/${v}\"";
    profiles + &cluster("a", &format!("use {used}\n  {mapping}"))
}

fn unused_profiles(count: usize) -> String {
    each(count, |at| profile(&format!("p{at}"), &format!("role r{at} = {ROLE}"))) + &plain_cluster()
}

fn empty_profiles(count: usize) -> String {
    each(count, |at| format!("profile p{at} {{\n}}\n")) + &plain_cluster()
}

fn roles(count: usize) -> String {
    let roles = each(count + 1, |at| format!("role r{at} = {ROLE}\n  "));
    cluster("a", &format!("{roles}source-controller -> r0"))
}

fn clusters(count: usize) -> String {
    let statements = |at: usize| {
        format!("role r = aws \"arn:aws:iam::111122223333:role/r{at}\"\n  source-controller -> r")
    };
    each(count, |at| cluster(&format!("c{at}"), &statements(at)))
}

pub fn names(count: usize) -> String {
    let names = joined(count, ", ", |at| format!("c{at}"));
    let role = "aws \"arn:aws:iam::111122223333:role/${cluster}\"";
    cluster(&names, &format!("source-controller -> {role}"))
}

fn names_on_lines(count: usize) -> String {
    cluster(&joined(count, ",\n  ", |at| format!("c{at}")), &format!("source-controller -> {ROLE}"))
}

fn shared_role(count: usize) -> String {
    let issuer = "issuer = \"https://x.example/${cluster}\"";
    let names = joined(count, ", ", |at| format!("c{at}"));
    cluster(&names, &format!("{issuer}\n  source-controller -> {ROLE}"))
}

fn variables(count: usize) -> String {
    each(count, |at| format!("let v{at} = \"x\"\n")) + &plain_cluster()
}

fn holes(count: usize) -> String {
    let lets = each(count, |at| format!("let v{at} = \"${{cluster}}-${{platform}}-${{w}}\"\n  "));
    cluster("a", &format!("let w = \"x\"\n  {lets}source-controller -> {ROLE}"))
}

fn long_text(count: usize) -> String {
    cluster("a", &format!("let x = \"{}\"\n  source-controller -> {ROLE}", "a".repeat(count)))
}

fn long_comment(count: usize) -> String {
    format!("#{}\n{}", "a".repeat(count), plain_cluster())
}

fn comments(count: usize) -> String {
    cluster("a", &format!("{}source-controller -> {ROLE}", "# why\n  ".repeat(count)))
}

fn blank_lines(count: usize) -> String {
    "\n".repeat(count) + &plain_cluster()
}

fn accounts(count: usize) -> String {
    let accounts = each(count, |at| format!("service-account ns{at}/n -> {ROLE}\n  "));
    cluster("a", &format!("{accounts}flux = \"2.9\""))
}

pub fn accounts_of_clusters(count: usize) -> String {
    let statements = |at: usize| {
        format!("flux = \"2.9\"\n  service-account n/n -> aws \"arn:aws:iam::111122223333:role/r{at}\"")
    };
    each(count, |at| cluster(&format!("c{at}"), &statements(at)))
}

fn one_pool(count: usize) -> String {
    let names = joined(count, ", ", |at| format!("c{at}"));
    let role = "gcp \"f@acme-prod.iam.gserviceaccount.com\"";
    format!(
        "cluster {names} on gke {{\n  project = \"abcdef\"\n  project-number = \"1234567\"\n  \
         let x = \"y\"\n  source-controller -> {role}\n}}\n"
    )
}

fn isolated(count: usize) -> String {
    let statements = |at: usize| {
        let role = format!("role r = aws \"arn:aws:iam::111122223333:role/r{at}\"");
        format!("let team = \"{at}\"\n  {role}\n  source-controller -> r")
    };
    "isolate r by team\n".to_owned() + &each(count, |at| cluster(&format!("c{at}"), &statements(at)))
}

fn requirements(count: usize) -> String {
    let required = each(count, |at| format!("require service-account n/a{at}\n"));
    let mapped = each(count, |at| format!("service-account n/a{at} -> {ROLE}\n  "));
    required + &cluster("a", &format!("{mapped}flux = \"2.9\""))
}

fn requirement_list(count: usize) -> String {
    format!("require {}\n{}", joined(count, ", ", |_| "source-controller".to_owned()), plain_cluster())
}

fn nested_outputs(count: usize) -> String {
    let output = |at: usize| format!("{}/{at}", joined(at % 200 + 1, "/", |_| "x".to_owned()));
    let statements = |at: usize| format!("output = \"{}\"\n  source-controller -> {ROLE}", output(at));
    each(count, |at| cluster(&format!("c{at}"), &statements(at)))
}

fn allowed(count: usize) -> String {
    each(count, |at| format!("allow F0117 \"x{at}\"\n")) + &plain_cluster()
}

fn allowed_in_profiles(count: usize) -> String {
    let profiles = each(count, |at| profile(&format!("p{at}"), "allow F0117 \"x\""));
    profiles + &each(count, |at| cluster(&format!("c{at}"), &format!("source-controller -> {ROLE}")))
}

fn mapped_to_none(count: usize) -> String {
    let accounts = joined(count + 1, ", ", |at| format!("service-account n/a{at}"));
    cluster("a", &format!("{accounts} -> none"))
}
