//! Nothing leads out of the directory of the source.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tempfile::TempDir;

use super::times;
use crate::harness::{directory, run};
use crate::trees::{self, Node};

/// A place with a source in it, and what must stay as it is around that.
struct Around {
    place: TempDir,
}

impl Around {
    fn new(source: &str) -> Around {
        let place = directory(&[
            ("repository/identity.flux", source),
            ("repository/.git/HEAD", "ref: refs/heads/main\n"),
            ("outside/flux-system/keep", "precious\n"),
            ("outside/file", "precious\n"),
            ("kustomization.yaml", "precious: true\n"),
        ]);
        Around { place }
    }

    fn root(&self) -> PathBuf {
        self.place.path().join("repository")
    }

    /// All that does not belong to the fleet.
    fn outside(&self) -> Vec<(String, Node)> {
        let all = trees::nodes(self.place.path()).into_iter();
        all.filter(|(name, _)| !name.starts_with("repository/") || name.starts_with("repository/.git/"))
            .collect()
    }
}

fn of(output: &str) -> String {
    format!("cluster prod-eu on eks {{\n  output = \"{output}\"\n}}\n")
}

/// Templates of paths that lead elsewhere, or that some system cannot write.
const PATHS: &[&str] = &[
    "",
    "/",
    "//",
    "/etc/flux",
    "/tmp",
    "\\\\etc",
    "\\\\\\\\server\\\\share",
    "C:/x",
    "c:x",
    "C:\\\\x",
    "z:",
    ".",
    "..",
    "./x",
    "../x",
    "../../x",
    "../outside",
    "../outside/flux-system",
    "../repository/x",
    "a/..",
    "a/../b",
    "a/../../outside",
    "a/./b",
    "a//b",
    "a/",
    "a/.",
    "a/b/../../../outside",
    "${cluster}/../x",
    "../${cluster}",
    "/${cluster}",
    "..\\\\x",
    "a\\\\b",
    "~/x/y z",
    "~root/ x",
    "a b",
    "a\tb",
    "a:b",
    "a*b",
    "a?b",
    "a|b",
    "a<b",
    "a>b",
    "a\\\"b",
    "x;rm -rf",
    "$(x)",
    "`x`",
    "con",
    "CON",
    "con.txt",
    "a/nul/b",
    "prn",
    "aux.yaml",
    "com1",
    "LPT9",
    "a/COM9.d/b",
    "a.",
    "a./b",
    "...",
    ".git",
    ".git/hooks",
    "a/.git/b",
    ".GIT/x",
    ".Git",
    "git~1",
    "GIT~2/x",
    "kustomization.yaml",
    "a/kustomization.yaml/b",
    "Kustomization",
    "KUSTOMIZATION.YML/x",
    "a\u{0}b",
    "a\u{7f}b",
    "a\u{202e}b",
    "t\u{e4}ler",
    "a\u{2f}..\u{2f}..\u{2f}outside",
];

#[test]
fn no_path_that_leads_elsewhere_is_written() {
    assert!(PATHS.len() >= 60, "{}", PATHS.len());
    for path in PATHS {
        let around = Around::new(&of(path));
        let before = trees::nodes(around.place.path());
        for command in [&["build"][..], &["build", "--adopt", "--force", "--prune"]] {
            let run = run(&around.root(), command);
            assert_eq!(run.status, 1, "{path:?}: {}{}", run.stdout, run.stderr);
            assert_eq!(trees::nodes(around.place.path()), before, "{path:?}");
        }
    }
}

#[test]
fn a_path_of_four_thousand_letters_is_refused() {
    for path in ["x".repeat(256), "x/".repeat(600) + "x", "x".repeat(4_000)] {
        let around = Around::new(&of(&path));
        assert_eq!(run(&around.root(), &["build"]).status, 1);
    }
}

#[test]
fn paths_that_differ_in_case_alone_are_refused() {
    for (one, other) in [("a/b", "A/b"), ("Fleet/x", "fleet/X"), ("x", "X")] {
        let source = of(one) + &of(other).replace("prod-eu", "prod-us");
        let around = Around::new(&source);
        let run = run(&around.root(), &["build"]);
        assert!(run.status == 1 && run.stderr.starts_with("error[F0304]"), "{one} {other}: {}", run.stderr);
    }
}

/// What is done to a tree, by the paths of the repository and of what is outside.
type Layout = (&'static str, fn(&Path, &Path));

/// Ways to put something between the source and the place of its overlay, `clusters/prod-eu/flux-system`.
const LAYOUTS: &[Layout] = &[
    ("the first directory is a link", |root, outside| link(outside, &root.join("clusters"))),
    ("the second is", |root, outside| link(outside, &root.join("clusters/prod-eu"))),
    ("the last is", |root, outside| {
        link(&outside.join("flux-system"), &root.join("clusters/prod-eu/flux-system"));
    }),
    ("the file is a link", |root, outside| link(&outside.join("file"), &overlay(root))),
    ("the file is a link to nothing", |root, outside| link(&outside.join("new"), &overlay(root))),
    ("the file is a link to a directory", |root, outside| link(outside, &overlay(root))),
    ("the file is a link to itself", |root, _| link(Path::new("kustomization.yaml"), &overlay(root))),
    ("a directory is a link to itself", |root, _| link(Path::new("clusters"), &root.join("clusters"))),
    ("a directory is a link upwards", |root, _| link(Path::new("../.."), &root.join("clusters/prod-eu"))),
    ("a directory is a link by a relative path", |root, _| {
        link(Path::new("../outside"), &root.join("clusters"));
    }),
    ("a link leads within the tree", |root, _| {
        fs::create_dir_all(root.join("other/flux-system")).expect("it is made");
        link(Path::new("../other"), &root.join("clusters/prod-eu"));
    }),
    ("two links in a row", |root, outside| {
        link(outside, &root.join("hop"));
        link(Path::new("hop"), &root.join("clusters"));
    }),
    ("the file is a directory", |root, _| fs::create_dir_all(overlay(root).join("x")).expect("it is made")),
    ("a directory is a file", |root, _| fs::write(root.join("clusters"), "x").expect("it is written")),
    ("the last directory is a file", |root, _| {
        fs::create_dir_all(root.join("clusters/prod-eu")).expect("it is made");
        fs::write(root.join("clusters/prod-eu/flux-system"), "x").expect("it is written");
    }),
    ("the file is a pipe", |root, _| {
        fs::create_dir_all(overlay(root).parent().expect("it has one")).expect("it is made");
        let made = std::process::Command::new("mkfifo").arg(overlay(root)).status();
        assert!(made.expect("mkfifo runs").success());
    }),
    ("the file is a socket", |root, _| {
        fs::create_dir_all(overlay(root).parent().expect("it has one")).expect("it is made");
        drop(std::os::unix::net::UnixListener::bind(overlay(root)).expect("it is bound"));
    }),
];

fn overlay(root: &Path) -> PathBuf {
    root.join("clusters/prod-eu/flux-system/kustomization.yaml")
}

fn link(target: &Path, link: &Path) {
    fs::create_dir_all(link.parent().expect("it has one")).expect("it is made");
    symlink(target, link).expect("it is linked");
}

#[test]
fn nothing_that_stands_in_the_way_is_followed_or_replaced() {
    for (what, make) in LAYOUTS {
        for options in [&["build"][..], &["build", "--adopt", "--force", "--prune"], &["diff"], &["check"]] {
            let around = Around::new("cluster prod-eu on eks {}\n");
            make(&around.root(), &around.place.path().join("outside"));
            let before = trees::nodes(around.place.path());
            let run = run(&around.root(), options);
            // A link to itself can be told from no other that the system cannot follow.
            let code = ["F0404", "F0405", "F0407", "F0408", "F0420"]
                .into_iter()
                .find(|code| run.stderr.contains(&format!("error[{code}]: ")));
            let expected = if code == Some("F0420") { 3 } else { 1 };
            assert_eq!(run.status, expected, "{what}: {options:?}: {}{}", run.stdout, run.stderr);
            let is_told = code.is_some();
            assert!(is_told, "{what}: {}", run.stderr);
            assert_eq!(trees::nodes(around.place.path()), before, "{what}: {options:?}");
        }
    }
}

#[test]
fn what_is_linked_elsewhere_is_not_pruned() {
    let around = Around::new("cluster prod-eu, prod-us on eks {}\n");
    assert_eq!(run(&around.root(), &["build"]).status, 0);
    let moved = around.place.path().join("outside/moved");
    fs::rename(around.root().join("clusters/prod-us"), &moved).expect("it is moved");
    link(&moved, &around.root().join("clusters/prod-us"));
    fs::write(around.root().join("identity.flux"), "cluster prod-eu on eks {}\n").expect("it is written");
    let before = around.outside();
    assert_eq!(run(&around.root(), &["build", "--prune"]).status, 0);
    assert_eq!(around.outside(), before);
}

#[test]
fn a_temporary_file_that_is_a_link_is_not_written_through() {
    let around = Around::new("cluster prod-eu on eks {}\n");
    let temporary = overlay(&around.root()).with_file_name(".flux-identity-build-1-kustomization.yaml.tmp");
    link(&around.place.path().join("outside/file"), &temporary);
    let before = around.outside();
    assert_eq!(run(&around.root(), &["build"]).status, 0);
    assert_eq!(around.outside(), before);
    assert!(!temporary.is_symlink());
}

#[test]
fn links_in_what_a_killed_build_left_behind_lead_nowhere() {
    let around = Around::new("cluster prod-eu on eks {}\n");
    let left_over = around.root().join(".flux-identity-build-1-clusters.tmp");
    link(&around.place.path().join("outside"), &left_over.join("prod-eu/flux-system"));
    link(&around.place.path().join("outside"), &around.root().join(".flux-identity-build-2-clusters.tmp"));
    let before = around.outside();
    assert_eq!(run(&around.root(), &["build"]).status, 0);
    assert_eq!(around.outside(), before);
    assert!(!left_over.exists());
}

#[test]
fn directories_that_become_links_and_back_all_the_time_lead_nowhere() {
    let around = Around::new("");
    let root = around.root();
    let before = around.outside();
    let ends = AtomicBool::new(false);
    let outside = around.place.path().join("outside");
    let mut ended = [0_usize; 4];
    std::thread::scope(|scope| {
        let _swapping = scope.spawn(|| {
            let (real, spare, trap) = (root.join("clusters/prod-eu"), root.join("spare"), root.join("trap"));
            symlink(&outside, &trap).expect("it is linked");
            while !ends.load(Ordering::Relaxed) {
                // Either may not be there at the moment: the build makes directories, too.
                let _moved = fs::rename(&real, &spare);
                let _linked = fs::rename(&trap, &real);
                std::thread::sleep(Duration::from_micros(200));
                let _unlinked = fs::rename(&real, &trap);
                let _back = fs::rename(&spare, &real);
                std::thread::sleep(Duration::from_micros(200));
                if real.is_dir() && !real.is_symlink() && spare.exists() {
                    let _cleared = fs::remove_dir_all(&spare);
                }
            }
        });
        for build in 0..times(150, 2_000) {
            let role = format!("source-controller -> aws \"arn:aws:iam::111122223333:role/r{build}\"");
            fs::write(root.join("identity.flux"), format!("cluster prod-eu on eks {{ {role} }}\n"))
                .expect("it is written");
            let run = run(&root, &["build", "--force"]);
            assert!((0..=3).contains(&run.status), "{}: {}", run.status, run.stderr);
            ended[usize::try_from(run.status).expect("it fits")] += 1;
        }
        ends.store(true, Ordering::Relaxed);
    });
    println!("builds by exit status: {ended:?}");
    assert_eq!(around.outside(), before);
    assert!(ended[0] > 0 && ended[1] + ended[3] > 0, "the race was run: {ended:?}");
}
