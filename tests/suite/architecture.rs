//! Which modules know which: no circles, and only what is below.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::{harness, trees};

/// The folders and files at the top of `src`, each with those that it may know. `cli` is known by none, and knows all.
const LAYERS: &[(&str, &[&str])] = &[
    ("span", &[]),
    ("digest", &[]),
    ("diff", &[]),
    ("json", &[]),
    ("native_path", &[]),
    ("source", &["span"]),
    ("model", &["digest"]),
    ("spanned", &[]),
    ("kustomize", &["digest", "model", "spanned"]),
    ("yaml", &["spanned"]),
    ("effect", &["kustomize", "model"]),
    ("built_difference", &["kustomize"]),
    ("installation", &["kustomize", "model", "spanned"]),
    ("problem", &["built_difference", "digest", "effect", "kustomize", "model", "source", "span", "spanned"]),
    ("workspace", &["digest", "kustomize", "model", "native_path", "problem"]),
    ("overlay_build", &["digest", "effect", "emit", "kustomize", "model", "workspace", "yaml"]),
    ("restart", &["effect", "kustomize", "model", "overlay_build", "workspace", "yaml"]),
    (
        "verification",
        &["built_difference", "effect", "kustomize", "model", "overlay_build", "problem", "workspace"],
    ),
    ("syntax", &["model", "problem", "source", "span", "spanned"]),
    ("load", &["problem", "source", "span", "syntax", "workspace"]),
    ("resolve", &["kustomize", "model", "problem", "source", "span", "syntax"]),
    ("emit", &["digest", "model"]),
    ("trust", &["digest", "emit", "model"]),
    (
        "check",
        &[
            "effect",
            "emit",
            "installation",
            "kustomize",
            "model",
            "overlay_build",
            "problem",
            "resolve",
            "source",
            "span",
            "spanned",
            "syntax",
            "workspace",
            "yaml",
        ],
    ),
    ("output", &["diff", "emit", "model", "native_path", "problem", "source", "workspace", "yaml"]),
    ("review", &["digest", "json", "model", "problem", "syntax", "trust", "yaml"]),
    ("show", &["digest", "emit", "json", "model", "problem", "resolve", "source", "span", "syntax", "trust"]),
    (
        "lsp",
        &[
            "check",
            "diff",
            "load",
            "model",
            "native_path",
            "problem",
            "resolve",
            "show",
            "source",
            "span",
            "syntax",
            "workspace",
        ],
    ),
    (
        "import",
        &[
            "emit",
            "installation",
            "kustomize",
            "model",
            "overlay_build",
            "problem",
            "source",
            "span",
            "spanned",
            "syntax",
            "workspace",
            "yaml",
        ],
    ),
];

#[test]
fn every_folder_knows_only_what_the_layers_allow() {
    let graph = graph();
    for (module, known) in &graph {
        let top = top(module);
        if top == "cli" {
            continue;
        }
        let (_, allowed) = LAYERS.iter().find(|(name, _)| *name == top).unwrap_or_else(|| panic!("{top}"));
        for other in known.iter().map(|other| self::top(other)).filter(|other| *other != top) {
            assert!(allowed.contains(&other), "{module} knows {other}");
        }
    }
}

#[test]
fn no_module_knows_another_that_knows_it() {
    let graph = graph();
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        graph.keys().map(|module| (module.as_str(), reached(module, &graph))).collect();
    let circles: Vec<(&str, &str)> = reached
        .iter()
        .flat_map(|(module, others)| others.iter().map(|other| (*module, *other)))
        .filter(|(module, other)| module < other && reached[other].contains(module))
        .collect();
    assert!(circles.is_empty(), "{circles:#?}");
}

/// All that a module knows, however far.
fn reached<'g>(module: &str, graph: &'g BTreeMap<String, BTreeSet<String>>) -> BTreeSet<&'g str> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&str> = graph[module].iter().map(String::as_str).collect();
    while let Some(other) = next.pop() {
        if reached.insert(other) {
            next.extend(graph[other].iter().map(String::as_str));
        }
    }
    reached
}

/// The modules of `src`, each with those that it names.
fn graph() -> BTreeMap<String, BTreeSet<String>> {
    let root = harness::project().join("src");
    let files = trees::texts(&root).into_iter().filter_map(|(name, _)| {
        let module = name.strip_suffix(".rs").filter(|module| !matches!(*module, "lib" | "main"))?;
        let text = fs::read_to_string(root.join(&name)).expect("it is text");
        Some((module.replace('/', "::"), text))
    });
    let texts: BTreeMap<String, String> = files.collect();
    let known = |module: &String, text: &str| {
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        let code: String = lines.collect::<Vec<_>>().join(" ");
        let paths = code.split("crate::").skip(1).flat_map(paths);
        let modules = paths.filter_map(|path| module_of(&path, &texts));
        modules.filter(|other| other != module).collect::<BTreeSet<String>>()
    };
    texts.iter().map(|(module, text)| (module.clone(), known(module, text))).collect()
}

/// The paths that a text begins with, as a `use` has them: `a::{b, c::d}` is two.
fn paths(text: &str) -> Vec<String> {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '_' | ':'));
    let (begin, rest) = text.split_at(end.unwrap_or(text.len()));
    let Some(list) = rest.strip_prefix('{').filter(|_| begin.ends_with("::") || begin.is_empty()) else {
        return vec![begin.to_owned()];
    };
    let (mut depth, mut item, mut items) = (0, String::new(), Vec::new());
    for letter in list.chars() {
        match letter {
            '}' if depth == 0 => break,
            ',' if depth == 0 => items.push(std::mem::take(&mut item)),
            letter => {
                depth += i32::from(letter == '{') - i32::from(letter == '}');
                item.push(letter);
            }
        }
    }
    items.push(item);
    let inner = items.iter().flat_map(|item| paths(item.trim()));
    inner.map(|inner| format!("{begin}{inner}")).collect()
}

/// The module that a path leads to or into.
fn module_of(path: &str, modules: &BTreeMap<String, String>) -> Option<String> {
    let parts: Vec<&str> = path.split("::").collect();
    (1..=parts.len()).rev().map(|length| parts[..length].join("::")).find(|path| modules.contains_key(path))
}

fn top(module: &str) -> &str {
    module.split("::").next().unwrap_or_default()
}

#[test]
fn paths_of_a_use_are_told_apart() {
    assert_eq!(paths("a::{self, b::{c, D}, e};"), ["a::self", "a::b::c", "a::b::D", "a::e"]);
    assert_eq!(paths("a::B) -> C"), ["a::B"]);
}
