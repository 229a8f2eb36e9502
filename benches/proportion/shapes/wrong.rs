//! Text that can be read, and in which much is wrong.

use super::{FOUND, ROLE, Shape, cluster, each, joined, plain_cluster, profile};

pub const SHAPES: &[Shape] = &[
    Shape::text("a chain of variables", variable_chain, FOUND).counted(512),
    Shape::text("variables that double what they put in", doubling, FOUND).counted(512),
    Shape::text("variables in a circle", variable_circle, FOUND),
    Shape::text("profiles in a circle", profile_circle, FOUND).counted(512),
    Shape::text("profiles in many small circles", small_circles, FOUND).counted(512),
    Shape::text("a name defined again and again", defined_again, FOUND).counted(512),
    // Of a long line 200 columns are shown, so that each finding takes more until a line is that long.
    Shape::text("a cluster named again and again", cluster_again, FOUND).counted(256),
    Shape::text("a profile used again and again", used_again, FOUND),
    Shape::text("an option again and again", option_again, FOUND),
    Shape::text("unknown roles", unknown_roles, FOUND).counted(512),
    // From some hundred names on, the searches for nearest names have used up what they may take together.
    Shape::text("unknown roles where there are many", unknown_among_many, FOUND).counted(3072),
    Shape::text("unknown roles where there are many variables", unknown_among_variables, FOUND).counted(3072),
    Shape::text("unknown profiles where there are many", unknown_profiles, FOUND).counted(3072),
    Shape::text("unknown variables where there are many", unknown_variables, FOUND).counted(3072),
    Shape::text("unknown settings", unknown_settings, FOUND),
    Shape::text("unknown codes that are let pass", unknown_codes, FOUND),
    Shape::text("a long name that nothing has", long_name, FOUND).counted(1024),
    Shape::text("an unknown role in clusters of one block", unknown_in_all, FOUND).counted(256),
    Shape::text("names that profiles out of sight define", out_of_sight, FOUND).counted(2048),
    Shape::text("profiles that disagree", disagreeing, FOUND).counted(1024),
    Shape::text("profiles that disagree in many clusters", disagreeing_in_many, FOUND).counted(1024),
    Shape::text("profiles in pairs that disagree", disagreeing_pairs, FOUND).counted(1024),
    Shape::text("settings that are wrong everywhere", wrong_settings, FOUND),
    Shape::text("values that are wrong in each cluster of a block", wrong_in_all, FOUND),
    Shape::text("a role that isolated clusters share", shared_by_isolated, FOUND).counted(1024),
    Shape::text("roles that pairs of isolated clusters share", shared_by_pairs, FOUND).counted(1024),
    Shape::text("one isolation again and again", isolated_again, FOUND).counted(1024),
    Shape::text("clusters of one pool that get something else each", differing_in_pool, FOUND).counted(1024),
    Shape::text("clusters of one output", one_output, FOUND).counted(512),
    Shape::text("clusters of one issuer", one_issuer, FOUND),
    Shape::text("requirements that clusters do not meet", unmet, FOUND).counted(512),
    Shape::text("resources that are not there", resources, FOUND).counted(512),
    Shape::text("patches that are not there", patches, FOUND).counted(512),
    Shape::text("a warning let pass in vain in each cluster", allowed_in_vain, FOUND).counted(512),
    Shape::text("directories of accounts within each other", nested_accounts, FOUND),
    Shape::text("a chain of profiles that say the same wrong thing", wrong_chain, FOUND).counted(512),
    Shape::text("statements that do not belong to a profile", misplaced, FOUND).counted(256),
];

fn variable_chain(count: usize) -> String {
    let links = each(count, |at| format!("let v{at} = \"${{v{}}}\"\n", at + 1));
    links + &format!("let v{count} = \"r\"\n") + &with_v0()
}

fn doubling(count: usize) -> String {
    let links = each(count, |at| format!("let v{at} = \"${{v{0}}}${{v{0}}}\"\n", at + 1));
    links + &format!("let v{count} = \"r\"\n") + &with_v0()
}

fn variable_circle(count: usize) -> String {
    each(count, |at| format!("let v{at} = \"${{v{}}}\"\n", (at + 1) % count)) + &with_v0()
}

fn with_v0() -> String {
    cluster("a", "source-controller -> aws \"arn:aws:iam::111122223333:role/${v0}\"")
}

fn profile_circle(count: usize) -> String {
    each(count, |at| profile(&format!("p{at}"), &format!("use p{}", (at + 1) % count))) + &plain_cluster()
}

fn small_circles(count: usize) -> String {
    let pair = |at: usize| {
        profile(&format!("a{at}"), &format!("use b{at}")) + &profile(&format!("b{at}"), &format!("use a{at}"))
    };
    each(count, pair) + &plain_cluster()
}

fn defined_again(count: usize) -> String {
    "let v = \"x\"\n".repeat(count) + &plain_cluster()
}

fn cluster_again(count: usize) -> String {
    cluster(&joined(count, ", ", |_| "c".to_owned()), &format!("source-controller -> {ROLE}"))
}

fn used_again(count: usize) -> String {
    let used = joined(count, ", ", |_| "p".to_owned());
    profile("p", &format!("source-controller -> {ROLE}")) + &cluster("a", &format!("use {used}"))
}

fn option_again(count: usize) -> String {
    let options = joined(count, ", ", |_| "audience = \"a\"".to_owned());
    cluster("a", &format!("source-controller -> {ROLE} {{ {options} }}"))
}

fn unknown_roles(count: usize) -> String {
    each(count, |at| cluster(&format!("c{at}"), &format!("source-controller -> nope{at}")))
}

fn unknown_among_many(count: usize) -> String {
    each(count, |at| format!("role r{at} = {ROLE}\n")) + &unknown_roles(count)
}

fn unknown_among_variables(count: usize) -> String {
    each(count, |at| format!("let v{at} = \"x\"\n")) + &unknown_roles(count)
}

fn unknown_profiles(count: usize) -> String {
    let profiles = each(count, |at| format!("profile pp{at} {{\n}}\n"));
    profiles + &each(count, |at| cluster(&format!("c{at}"), &format!("use qq{at}")))
}

fn unknown_variables(count: usize) -> String {
    let lets = each(count, |at| format!("let variable-{at} = \"x\"\n"));
    let mapping = |at: usize| format!("source-controller -> aws \"${{varable{at}}}\"");
    lets + &each(count, |at| cluster(&format!("c{at}"), &mapping(at)))
}

fn unknown_settings(count: usize) -> String {
    each(count, |at| format!("acount{at} = \"x\"\n")) + &plain_cluster()
}

fn unknown_codes(count: usize) -> String {
    each(count, |at| format!("allow G{at:04} \"x\"\n")) + &plain_cluster()
}

fn long_name(count: usize) -> String {
    let role = format!("role {} = {ROLE}\n", "ab".repeat(count));
    role + &cluster("a", &format!("source-controller -> {}", "ba".repeat(count)))
}

fn unknown_in_all(count: usize) -> String {
    cluster(&joined(count, ", ", |at| format!("c{at}")), "source-controller -> nope")
}

fn out_of_sight(count: usize) -> String {
    let profiles = each(count, |at| profile(&format!("p{at}"), &format!("role r{at} = {ROLE}")));
    profiles + &each(count, |at| cluster(&format!("c{at}"), &format!("source-controller -> r{at}")))
}

fn disagreeing(count: usize) -> String {
    let profiles = each(count, |at| profile(&format!("p{at}"), &format!("let v = \"{at}\"")));
    profiles + &cluster("a", &using_v(count))
}

fn disagreeing_in_many(count: usize) -> String {
    let profiles = each(30, |at| profile(&format!("p{at}"), &format!("let v = \"{at}\"")));
    profiles + &each(count, |at| cluster(&format!("c{at}"), &using_v(30)))
}

fn using_v(profiles: usize) -> String {
    let used = joined(profiles, ", ", |at| format!("p{at}"));
    format!("use {used}\n  source-controller -> aws \"arn:aws:iam::111122223333:role/${{v}}\"")
}

fn disagreeing_pairs(count: usize) -> String {
    let pair = |at: usize| {
        let one = |name: &str| profile(&format!("{name}{at}"), &format!("let v{at} = \"{name}\""));
        one("a") + &one("b")
    };
    let used = joined(count, ", ", |at| format!("a{at}, b{at}"));
    let text = each(count, |at| format!("${{v{at}}}"));
    let mapping = format!("source-controller -> aws \"arn:aws:iam::111122223333:role/{text}\"");
    each(count, pair) + &cluster("a", &format!("use {used}\n  {mapping}"))
}

fn wrong_settings(count: usize) -> String {
    let statements = "account = \"x\"\n  region = \"y\"\n  tenant = \"z\"";
    each(count, |at| cluster(&format!("c{at}"), statements))
}

fn wrong_in_all(count: usize) -> String {
    cluster(&joined(count, ", ", |at| format!("c{at}")), "source-controller -> aws \"${cluster}\"")
}

fn shared_by_isolated(count: usize) -> String {
    let statements = |at: usize| format!("let team = \"{at}\"\n  role r = {ROLE}\n  source-controller -> r");
    "isolate r by team\n".to_owned() + &each(count, |at| cluster(&format!("c{at}"), &statements(at)))
}

fn shared_by_pairs(count: usize) -> String {
    let statements = |at: usize| {
        let role = format!("role r = aws \"arn:aws:iam::111122223333:role/r{}\"", at / 2);
        format!("let team = \"{}\"\n  {role}\n  source-controller -> r", at % 2)
    };
    "isolate r by team\n".to_owned() + &each(count, |at| cluster(&format!("c{at}"), &statements(at)))
}

fn isolated_again(count: usize) -> String {
    "isolate r by team\n".repeat(count) + &shared_by_isolated(count)
}

fn differing_in_pool(count: usize) -> String {
    let one = |at: usize| {
        let role = format!("gcp \"f{at}@acme-prod.iam.gserviceaccount.com\"");
        format!("cluster c{at} on gke {{\n  project = \"abcdef\"\n  source-controller -> {role}\n}}\n")
    };
    each(count, one)
}

fn one_output(count: usize) -> String {
    let statements = format!("output = \"x\"\n  source-controller -> {ROLE}");
    each(count, |at| cluster(&format!("c{at}"), &statements))
}

fn one_issuer(count: usize) -> String {
    let statements = format!("issuer = \"https://x.example/a\"\n  source-controller -> {ROLE}");
    cluster(&joined(count, ", ", |at| format!("c{at}")), &statements)
}

fn unmet(count: usize) -> String {
    "require kustomize-controller\n".repeat(count) + &plain_cluster()
}

fn resources(count: usize) -> String {
    let resources = each(count, |at| format!("resource \"r{at}\"\n  "));
    cluster("a", &format!("{resources}source-controller -> {ROLE}"))
}

fn patches(count: usize) -> String {
    let patches = each(count, |at| format!("patch \"r{at}.yaml\"\n  "));
    cluster("a", &format!("{patches}source-controller -> {ROLE}"))
}

fn allowed_in_vain(count: usize) -> String {
    let statements = format!("allow F0117 \"x\"\n  source-controller -> {ROLE}");
    each(count, |at| cluster(&format!("c{at}"), &statements))
}

fn nested_accounts(count: usize) -> String {
    let statements = |at: usize| {
        format!(
            "flux = \"2.9\"\n  service-accounts = \"x/c{at}\"\n  output = \"x/c{at}/flux-system\"\n  service-account n/n -> {ROLE}"
        )
    };
    each(count, |at| cluster(&format!("c{at}"), &statements(at)))
}

fn wrong_chain(count: usize) -> String {
    let links =
        each(count, |at| profile(&format!("p{at}"), &format!("use p{}\n  role x = none{at}", at + 1)));
    let last = profile(&format!("p{count}"), &format!("source-controller -> {ROLE}"));
    links + &last + &cluster("a", "use p0")
}

fn misplaced(count: usize) -> String {
    "use p\n".repeat(count) + &plain_cluster()
}
