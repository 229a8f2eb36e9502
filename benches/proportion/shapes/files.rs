//! Directories: sources in many files, overlays that exist, and what stands beside them.

use super::{Command, File, ROLE, Shape, cluster, each, right};

const BUILT: &[Command] = &[&["diff"], &["build"], &["check"], &["build"]];
const VERIFIED: &[Command] = &[&["build", "--adopt", "--verify"]];
const CHECKED: &[Command] = &[&["check"]];
const IMPORTED: &[Command] = &[&["import", "clusters", "--format", "short"]];

pub const SHAPES: &[Shape] = &[
    Shape::files("clusters that are built", built, BUILT).counted(512),
    Shape::files("accounts that are built", accounts, BUILT).counted(512),
    Shape::files("clusters of one block that are built", of_one_block, BUILT),
    Shape::files("overlays whose change is verified", adopted, VERIFIED).counted(512),
    Shape::files("included files", included, CHECKED).counted(512),
    Shape::files("included files with an unknown role each", included_wrong, CHECKED).counted(512),
    Shape::files("one included file", one_included, CHECKED),
    Shape::files("values of clusters", values, CHECKED).counted(512),
    Shape::files("values of no cluster", values_of_none, CHECKED).counted(2048),
    Shape::files("overlays that nothing says any more", orphans, &[&["build", "--prune"]]).counted(512),
    Shape::files("resources", resources, CHECKED).counted(1024),
    Shape::files("one resource of many clusters", shared_resource, CHECKED),
    Shape::files("a resource that leads to many", nested_resources, CHECKED).counted(1024),
    Shape::files("documents of one patch", patch_documents, CHECKED).counted(1024),
    Shape::files("patches in many files", patch_files, CHECKED).counted(1024),
    Shape::files("targets of one patch", patch_targets, CHECKED).counted(512),
    Shape::files("a long mapping in a patch", patch_keys, CHECKED).counted(512),
    Shape::files("merge keys in a patch", patch_merges, CHECKED).counted(512),
    Shape::files("aliases in a patch", patch_aliases, CHECKED).counted(512),
    Shape::files("brackets in a patch", patch_brackets, CHECKED).counted(512),
    Shape::files("manifests beside an overlay", manifests, CHECKED).counted(1024),
    Shape::files("manifests that are broken", broken_manifests, CHECKED).counted(8192),
    Shape::files("overlays that are imported", overlays, IMPORTED).counted(1024),
    Shape::files("overlays of one identity that are imported", same_overlays, IMPORTED).counted(1024),
    Shape::files("patches of one overlay that is imported", imported_patches, IMPORTED).counted(2048),
    Shape::files("operations of one patch that is imported", imported_operations, IMPORTED).counted(1024),
    Shape::files("overlays that cannot be read", unreadable_overlays, IMPORTED).counted(4096),
];

fn file(path: impl Into<String>, text: impl Into<String>) -> File {
    (path.into(), text.into())
}

fn with_source(source: String, files: impl IntoIterator<Item = File>) -> Vec<File> {
    [file("identity.flux", source)].into_iter().chain(files).collect()
}

fn with_role(name: &str, at: usize) -> String {
    cluster(name, &format!("source-controller -> aws \"arn:aws:iam::111122223333:role/r{at}\""))
}

fn built(count: usize) -> Vec<File> {
    with_source(each(count, |at| with_role(&format!("c{at}"), at)), [])
}

fn accounts(count: usize) -> Vec<File> {
    with_source(right::accounts_of_clusters(count), [])
}

fn values_of(names: &str, count: usize) -> File {
    let entries =
        each(count, |at| format!(",\n\"{names}{at}\": {{\"account\": \"{at:012}\", \"region\": null}}"));
    file("values.json", format!("{{{}}}\n", entries.trim_start_matches(',')))
}

fn values(count: usize) -> Vec<File> {
    let role = "source-controller -> aws \"arn:aws:iam::${account}:role/flux\"";
    let clusters = each(count, |at| cluster(&format!("c{at}"), role));
    with_source(format!("values \"values.json\"\n{clusters}"), [values_of("c", count)])
}

fn values_of_none(count: usize) -> Vec<File> {
    with_source(format!("values \"values.json\"\n{}", with_role("a", 0)), [values_of("c", count)])
}

fn of_one_block(count: usize) -> Vec<File> {
    with_source(right::names(count), [])
}

fn included(count: usize) -> Vec<File> {
    let files = (0..count).map(|at| file(format!("parts/p{at}.flux"), with_role(&format!("c{at}"), at)));
    with_source("include \"parts/*.flux\"\n".to_owned(), files)
}

fn included_wrong(count: usize) -> Vec<File> {
    let wrong = |at: usize| {
        format!("role r{at} = {ROLE}\n{}", cluster(&format!("c{at}"), &format!("source-controller -> x{at}")))
    };
    let files = (0..count).map(|at| file(format!("parts/p{at}.flux"), wrong(at)));
    with_source("include \"parts/*.flux\"\n".to_owned(), files)
}

fn one_included(count: usize) -> Vec<File> {
    let text = each(count, |at| format!("role r{at} = {ROLE}\n{}", with_role(&format!("c{at}"), at)));
    with_source("include \"part.flux\"\n".to_owned(), [file("part.flux", text)])
}

/// What a build of clusters that are gone has left, and somebody has edited.
fn orphans(count: usize) -> Vec<File> {
    let text = "# Code generated by flux-identity from ../../../identity.flux; DO NOT EDIT.\n\
                # sha256:0000000000000000\n";
    let files = (0..count).map(|at| file(format!("clusters/o{at}/flux-system/kustomization.yaml"), text));
    with_source(with_role("a", 0), files)
}

fn config_map(name: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  namespace: flux-system\ndata:\n  a: b\n"
    )
}

fn resources(count: usize) -> Vec<File> {
    let named = each(count, |at| format!("resource \"./r{at}.yaml\"\n  "));
    let files = (0..count)
        .map(|at| file(format!("clusters/a/flux-system/r{at}.yaml"), config_map(&format!("m{at}"))));
    with_source(cluster("a", &format!("{named}source-controller -> {ROLE}")), files)
}

fn shared_resource(count: usize) -> Vec<File> {
    let source = format!("resource \"shared\"\n{}", each(count, |at| with_role(&format!("c{at}"), at)));
    let kustomization =
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [m.yaml]\n";
    with_source(
        source,
        [file("shared/kustomization.yaml", kustomization), file("shared/m.yaml", config_map("m"))],
    )
}

fn nested_resources(count: usize) -> Vec<File> {
    let names = each(count, |at| format!("  - m{at}.yaml\n"));
    let kustomization =
        format!("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n{names}");
    let files = (0..count).map(|at| file(format!("shared/m{at}.yaml"), config_map(&format!("m{at}"))));
    let source = format!("resource \"shared\"\n{}", with_role("a", 0));
    with_source(source, files.chain([file("shared/kustomization.yaml", kustomization)]))
}

/// A cluster with one patch, and the file of that.
fn patched(text: impl Into<String>) -> Vec<File> {
    with_source(format!("patch \"p.yaml\"\n{}", with_role("a", 0)), [file("p.yaml", text)])
}

fn patch_documents(count: usize) -> Vec<File> {
    patched(each(count, |at| format!("---\n{}", config_map(&format!("m{at}")))))
}

fn patch_files(count: usize) -> Vec<File> {
    let named = each(count, |at| format!("patch \"p{at}.yaml\"\n"));
    let files = (0..count).map(|at| file(format!("p{at}.yaml"), config_map(&format!("m{at}"))));
    with_source(named + &with_role("a", 0), files)
}

fn patch_targets(count: usize) -> Vec<File> {
    let named = each(count, |at| format!("patch \"p.yaml\" {{ kind = \"ConfigMap\", name = \"m{at}\" }}\n"));
    with_source(named + &with_role("a", 0), [file("p.yaml", config_map("m"))])
}

fn patch_keys(count: usize) -> Vec<File> {
    patched(config_map("m") + &each(count, |at| format!("  k{at}: v\n")))
}

fn patch_merges(count: usize) -> Vec<File> {
    let merged = each(count, |at| format!("  k{at}: &k{} {{<<: *k{at}, x{at}: y}}\n", at + 1));
    patched(format!("{}  first: &k0 {{x: y}}\n{merged}", config_map("m")))
}

fn patch_aliases(count: usize) -> Vec<File> {
    let aliases = each(count, |at| format!("  k{at}: [*k, *k]\n"));
    patched(format!("{}  first: &k [x, y, z]\n{aliases}", config_map("m")))
}

fn patch_brackets(count: usize) -> Vec<File> {
    patched(format!("{}  k: {}\n", config_map("m"), "[".repeat(count)))
}

fn manifests(count: usize) -> Vec<File> {
    let maps = each(count, |at| format!("---\n{}", config_map(&format!("m{at}"))));
    let account = "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: source-controller\n  namespace: flux-system\n";
    let text = format!("# Flux Version: v2.6.4\n{maps}{account}");
    with_source(with_role("a", 0), [file("clusters/a/flux-system/gotk-components.yaml", text)])
}

fn broken_manifests(count: usize) -> Vec<File> {
    let text = "---\na: [\n".repeat(count);
    with_source(with_role("a", 0), [file("clusters/a/flux-system/gotk-components.yaml", text)])
}

const HEAD: &str = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n\
                    resources: [gotk-components.yaml, gotk-sync.yaml]\npatches:\n";

fn role_patch(role: &str) -> String {
    format!(
        "  - patch: |\n      apiVersion: v1\n      kind: ServiceAccount\n      metadata:\n        \
         name: source-controller\n        namespace: flux-system\n        annotations:\n          \
         eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/{role}\n"
    )
}

fn overlay(at: usize, text: String) -> File {
    file(format!("clusters/c{at}/flux-system/kustomization.yaml"), text)
}

fn overlays(count: usize) -> Vec<File> {
    (0..count).map(|at| overlay(at, format!("{HEAD}{}", role_patch(&format!("r{at}"))))).collect()
}

/// Overlays by hand, of which a build would make the same.
fn adopted(count: usize) -> Vec<File> {
    with_source(each(count, |at| with_role(&format!("c{at}"), at)), overlays(count))
}

fn same_overlays(count: usize) -> Vec<File> {
    (0..count).map(|at| overlay(at, format!("{HEAD}{}", role_patch("r")))).collect()
}

fn imported_patches(count: usize) -> Vec<File> {
    let indented = |at: usize| {
        let lines: Vec<String> =
            config_map(&format!("m{at}")).lines().map(|line| format!("      {line}\n")).collect();
        format!("  - patch: |\n{}", lines.concat())
    };
    vec![overlay(0, format!("{HEAD}{}{}", role_patch("r"), each(count, indented)))]
}

fn imported_operations(count: usize) -> Vec<File> {
    let operations = each(count, |at| {
        format!("      - op: add\n        path: /metadata/labels/l{at}\n        value: x\n")
    });
    let target = "    target: {kind: Deployment, name: source-controller}\n";
    vec![overlay(0, format!("{HEAD}{}  - patch: |\n{operations}{target}", role_patch("r")))]
}

fn unreadable_overlays(count: usize) -> Vec<File> {
    (0..count).map(|at| overlay(at, format!("{HEAD}  - patch: [\n"))).collect()
}
