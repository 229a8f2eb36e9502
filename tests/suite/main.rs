//! The one test binary. Its modules, a sentence each:

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may meet the disk and the environment, and fails by panicking"
)]

mod accounts; // Object-level identity: what ServiceAccounts get, and who gets the feature gate.
mod adopted; // Real fleets are imported, and kustomize builds of them what it built before.
mod adopting; // Overlays that exist become a source, and nothing of them is lost in silence.
mod against; // `diff --against` on real git histories: what it finds, and how it says what it cannot.
mod alike; // Of overlays that are alike one is built, and what is wrong is told of each.
mod applied; // Whether Flux applies an overlay: the path of its Kustomization, and what is listed on the way.
mod architecture; // Each module knows only those below it.
mod blank; // Files that stand empty before `flux bootstrap` writes them are files that are not there yet.
mod cases; // Mistakes that people reported in public, and what is said of each.
mod cli; // The command from outside: exit statuses, streams, files.
mod completion; // Completion in shells and for `flux identity`, and the manual pages.
mod connected; // How controllers find each other and their files: arguments, Services, ports, volumes.
mod disk; // What stands beside a source: included files, what is installed, what is in the way.
mod editors; // The configuration of editors takes no files of other languages, and its snippets are right.
mod effect; // The effective identity: what gives it, what undoes it, and which keys nothing reads.
mod effect_cases; // What sets an identity is named with its line, and mistakes of people are told with what to do.
mod examples; // The examples compile, and their committed output is what the source says.
mod explain; // Codes, their pages and `docs/findings.md` agree, and `explain` prints them.
mod fixing; // `check --fix`: edits of findings are applied until none is left, and nothing gets worse.
mod flux_objects;
mod formats; // Findings in every format: as its description says, and safe whatever strangers wrote.
mod formatting; // `fmt` has one style, and keeps comments and meaning.
mod generate; // Fleets at random, as sources.
mod harness; // The single place that calls the library and the command.
#[cfg(unix)]
mod hostile_git; // Nothing that a checkout, a configuration or the environment says makes `diff --against` run anything.
mod house; // What the manifest and the sources promise of themselves.
mod importing; // Whatever strangers wrote into overlays: `import` writes below the source, all or nothing, and loses no identity.
mod installed; // What is mapped where it is installed.
mod kustomize; // The model of kustomize builds what kustomize builds, or fails as it fails, or says what it does not follow.
mod layers; // Order and names say nothing, and a naive evaluator agrees about the layers.
mod lfs; // Files that git hands to Git LFS: Flux fetches pointers in their place.
mod links; // Links between the pages of the documentation lead somewhere.
mod lowering; // What comes of an identity, a behaviour a test.
mod lsp; // The language server, as editors speak to it: what it answers, and what cannot end it.
mod make; // `build --stamp --depfile` under GNU make.
mod matrix; // Every identity on every platform, as kustomize builds it beside real Flux manifests.
mod memory; // How much memory each command needs for a large fleet.
mod ownership; // Whose a file is: drift, edits by hand, files of others, orphans, and what may be done to them.
#[cfg(unix)]
mod packaging; // The archives of a release, and the command as a plugin of Flux.
mod page; // The page of `show`: what strangers wrote is harmless in it, and a browser can use it.
mod passed; // What overlays pass through: its order, its text, and what kustomize makes of it.
#[cfg(unix)]
mod pipelines; // The action, the component and the hooks do in a repository what they promise.
mod place; // A repository for one test, and what became of its files.
mod playground; // The playground answers what the command says.
#[cfg(unix)]
mod programs; // Other programs of `import --verify`: what they are handed, where they are found, what they fetch.
mod proportion; // Time and memory grow in proportion to the input, whatever it is: in instructions and bytes, not in seconds.
#[cfg(unix)]
mod reading; // What is read: regular files in the repository, up to a limit; nothing else, whoever swaps it.
mod real; // kustomize, PyYAML and serde_yaml judge what is written, beside real Flux manifests.
mod recovery; // Every text has a tree, and nothing makes the command panic.
mod reference; // The tables of the documentation are what the code says.
mod released; // What released versions wrote and promised is still so.
mod restart; // Which controllers `build` and `diff` say are to be restarted by hand.
mod returning; // What `build` wrote comes back by `import`, and nothing that strangers write breaks it.
mod review; // What changes in meaning: nothing by other words, all by its two sides, and safe wherever it is shown.
mod schemas;
mod selection; // `--cluster` and `--where` narrow what is written and shown, never what is checked.
#[path = "../../benches/proportion/shapes/mod.rs"]
mod shapes; // Texts and directories that grow in one way each, which the benchmark measures too.
mod show; // Who has what: the table, one cluster in full, JSON and Mermaid.
#[path = "../../benches/fleet/source.rs"]
mod source; // The source of a large fleet, which the benchmark measures too.
mod tangled; // Profiles that use one another in too many ways to be followed: where that begins, and what is said of it.
mod targets; // Targets of patches: kustomize takes, refuses and hits the same.
#[cfg(unix)]
mod torture; // What is promised of files, proved by breaking it.
#[cfg(unix)]
mod tree_sitter; // The grammar for editors reads what the parser reads, and its queries fit it.
mod trees; // Directories as values: what stands below one, and a copy of it.
mod trust; // What each cloud must trust: its shape and its limits.
mod trust_fleet; // Trust of a large fleet, and changes that only clouds notice.
mod trust_forms; // The forms of trust say what its document says.
mod trusted; // What each cloud is told is what built manifests ask it for.
#[cfg(unix)]
mod trusting; // Commands of trust, as the shell runs them.
mod tutorial; // The tutorial, the skill and the reference of the command line do what they say.
mod ui; // One fault a file, with what is said of it beside it.
mod values; // What a file says of clusters counts as said in their blocks.
mod verifying; // `build --verify` and `diff --verify`: nothing but identities changes in what overlays build.
mod words; // The words of causes and obstacles, each beside its data.
#[cfg(unix)]
mod writing; // How files are written: all or none, whole, lasting, one build at a time.
