//! What is read, and what is not: only regular files, nothing outside of the repository, and no more than there is a
//! limit for, whatever stands where a file belongs and whoever swaps it meanwhile.

#![expect(clippy::disallowed_types, reason = "a run that hangs is told by its time")]

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use flux_identity::check::Request;
use flux_identity::problem::render;
use flux_identity::workspace::{Disk, Entry, Inputs, Unread, Workspace};
use tempfile::TempDir;

use crate::harness::compile_beside;
use crate::harness::{InMemory, Run, command, run, sources};
use crate::trees;

/// What stands outside of the repository, in every form that anything could read it in.
const MARK: &str = "from-outside";
/// How long a run may take before it counts as hanging.
const LONGEST: Duration = Duration::from_secs(30);

const CLUSTER: &str =
    "cluster a on eks { source-controller -> aws \"arn:aws:iam::111122223333:role/flux\" }\n";
const PATCH: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: notification-controller\n  namespace: \
                     flux-system\nspec:\n  replicas: 2\n";
const MANIFEST: &str =
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: flux-system\n";
const COMPONENT: &str = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: []\n";
const BASE: &str = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n";
const OVERLAY: &str = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- gotk-components.yaml\n\
     - gotk-sync.yaml\npatches:\n- path: p.yaml\n";
const INSTALLED: &str = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: source-controller\n  namespace: \
                         flux-system\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: \
                         source-controller\n  namespace: flux-system\nspec:\n  template:\n    spec:\n      \
                         serviceAccountName: source-controller\n      containers:\n      - name: manager\n        image: x\n";

/// A file that some command reads.
struct Reader {
    path: &'static str,
    /// What it holds where it is right.
    right: &'static str,
    source: &'static str,
    others: &'static [(&'static str, &'static str)],
    command: &'static [&'static str],
    /// Whether a link that stays in its directory is followed.
    follows: bool,
    /// Whether the command fails where it is not read.
    needs: bool,
}

const READERS: &[Reader] = &[
    Reader {
        path: "identity.flux",
        right: CLUSTER,
        source: "",
        others: &[],
        command: &["build"],
        follows: true,
        needs: true,
    },
    Reader {
        path: "teams/a.flux",
        right: CLUSTER,
        source: "include \"teams/*.flux\"\n",
        others: &[],
        command: &["build"],
        follows: true,
        needs: true,
    },
    Reader {
        path: "clusters/a/flux-system/gotk-components.yaml",
        right: INSTALLED,
        source: CLUSTER,
        others: &[],
        command: &["build"],
        follows: true,
        needs: true,
    },
    Reader {
        path: "infra/p.yaml",
        right: PATCH,
        source: "cluster a on eks { patch \"infra/p.yaml\" }\n",
        others: &[],
        command: &["build"],
        follows: true,
        needs: true,
    },
    Reader {
        path: "clusters/a/flux-system/r.yaml",
        right: MANIFEST,
        source: "cluster a on eks { resource \"./r.yaml\" }\n",
        others: &[],
        command: &["build"],
        follows: true,
        needs: true,
    },
    Reader {
        path: "base/kustomization.yaml",
        right: BASE,
        source: "cluster a on eks { resource \"base\" }\n",
        others: &[],
        command: &["build"],
        follows: true,
        needs: true,
    },
    Reader {
        path: "parts/kustomization.yaml",
        right: COMPONENT,
        source: "cluster a on eks { component \"parts\" }\n",
        others: &[],
        command: &["build"],
        follows: true,
        needs: true,
    },
    Reader {
        path: "clusters/a/flux-system/kustomization.yaml",
        right: "",
        source: CLUSTER,
        others: &[],
        command: &["build"],
        follows: false,
        needs: true,
    },
    Reader {
        path: "clusters/a/flux-system/p.yaml",
        right: PATCH,
        source: "",
        others: &[("clusters/a/flux-system/kustomization.yaml", OVERLAY)],
        command: &["import", "clusters"],
        follows: true,
        needs: true,
    },
    Reader {
        path: "clusters/b/kustomization.yaml",
        right: BASE,
        source: "",
        others: &[
            ("clusters/a/flux-system/kustomization.yaml", OVERLAY),
            ("clusters/a/flux-system/p.yaml", PATCH),
        ],
        command: &["import", "clusters"],
        follows: true,
        needs: false,
    },
];

/// What may stand where a file belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hostile {
    Outside,
    OutsideByWholePath,
    Endless,
    Process,
    ToNothing,
    ToItself,
    InACircle,
    ToAPipe,
    Pipe,
    Socket,
    Device,
    Directory,
    Huge,
}

const HOSTILE: [Hostile; 13] = [
    Hostile::Outside,
    Hostile::OutsideByWholePath,
    Hostile::Endless,
    Hostile::Process,
    Hostile::ToNothing,
    Hostile::ToItself,
    Hostile::InACircle,
    Hostile::ToAPipe,
    Hostile::Pipe,
    Hostile::Socket,
    Hostile::Device,
    Hostile::Directory,
    Hostile::Huge,
];

impl Hostile {
    /// Puts it at a path. Whether that can be done here: devices need privileges.
    fn put(self, path: &Path, outside: &Path) -> bool {
        let name = path.file_name().expect("it has a name").to_str().expect("it is text");
        let beside = |name: &str| path.with_file_name(name);
        match self {
            Hostile::Outside => {
                let up = "../".repeat(path.components().count());
                symlink(format!("{up}{}", outside.join(name).display()), path).expect("a link");
            }
            Hostile::OutsideByWholePath => symlink(outside.join(name), path).expect("a link"),
            Hostile::Endless => symlink("/dev/zero", path).expect("a link"),
            Hostile::Process => symlink("/proc/self/environ", path).expect("a link"),
            Hostile::ToNothing => symlink("nothing", path).expect("a link"),
            Hostile::ToItself => symlink(name, path).expect("a link"),
            Hostile::InACircle => {
                symlink("circle", path).expect("a link");
                symlink(name, beside("circle")).expect("a link");
            }
            Hostile::ToAPipe => {
                symlink("pipe", path).expect("a link");
                assert!(made("mkfifo", &[&beside("pipe")]));
            }
            Hostile::Pipe => assert!(made("mkfifo", &[path])),
            Hostile::Socket => drop(UnixListener::bind(path).expect("a socket")),
            Hostile::Device => {
                return made("mknod", &[path, Path::new("c"), Path::new("1"), Path::new("5")]);
            }
            Hostile::Directory => fs::create_dir(path).expect("a directory"),
            Hostile::Huge => {
                let file = fs::File::create(path).expect("a file");
                file.set_len(10 * 1024 * 1024 * 1024).expect("it has holes");
            }
        }
        true
    }
}

fn made(program: &str, arguments: &[&Path]) -> bool {
    Command::new(program).args(arguments).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// A repository with what stands outside of it: files of every name that is read.
fn repository() -> (TempDir, PathBuf, PathBuf) {
    let place = tempfile::tempdir().expect("there is room for a directory");
    let (root, outside) = (place.path().join("repository"), place.path().join("outside"));
    fs::create_dir_all(root.join(".git")).expect("it is made");
    fs::create_dir(&outside).expect("it is made");
    for reader in READERS {
        let name = Path::new(reader.path).file_name().expect("it has a name");
        let text = format!("{}# {MARK}\n{MARK}: [\n", reader.right);
        fs::write(outside.join(name), text).expect("it is written");
    }
    (place, root, outside)
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("it has a parent")).expect("it is made");
    fs::write(path, text).expect("it is written");
}

impl Reader {
    /// Writes all but the file itself.
    fn prepare(&self, root: &Path) {
        if !self.source.is_empty() {
            write(root, "identity.flux", self.source);
        }
        for (path, text) in self.others {
            write(root, path, text);
        }
        let parent = root.join(self.path).parent().expect("it has a parent").to_path_buf();
        fs::create_dir_all(parent).expect("it is made");
    }
}

/// Runs the command; a run that hangs is a failure.
fn within(root: &Path, arguments: &[&str], what: &str) -> Run {
    let (out, error) = (root.join("../stdout"), root.join("../stderr"));
    let file = |path: &Path| fs::File::create(path).expect("it is made");
    let mut command = command(root, arguments);
    let command = command.stdin(Stdio::null()).stdout(file(&out)).stderr(file(&error));
    let mut child = command.spawn().expect("it starts");
    let begin = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("it is waited for") {
            break status;
        }
        if begin.elapsed() > LONGEST {
            child.kill().expect("it is killed");
            let _status = child.wait();
            panic!("{what}: it hangs");
        }
        thread::sleep(Duration::from_millis(5));
    };
    let text = |path: &Path| String::from_utf8_lossy(&fs::read(path).expect("it is read")).into_owned();
    Run {
        status: status.code().unwrap_or_else(|| panic!("{what}: it was killed")),
        stdout: text(&out),
        stderr: text(&error),
    }
}

#[test]
fn nothing_hostile_is_read_or_waited_for_wherever_a_file_is_read() {
    let mut layouts = 0;
    for reader in READERS {
        for hostile in HOSTILE {
            let what = format!("{:?} at {}", hostile, reader.path);
            let (_place, root, outside) = repository();
            reader.prepare(&root);
            if !hostile.put(&root.join(reader.path), &outside) {
                eprintln!("{what}: not tried, for it cannot be made here");
                continue;
            }
            layouts += 1;
            let run = within(&root, reader.command, &what);
            let said = format!("{what}:\n{}{}", run.stdout, run.stderr);
            assert!(!said.contains(MARK), "{said}");
            assert!(run.status == 1 || run.status == 0 && !reader.needs, "{said}");
            if reader.needs {
                let name = reader.path.rsplit('/').next().expect("it has a name");
                let directory = reader.path.rsplit('/').nth(1).unwrap_or(name);
                assert!(run.stderr.contains(name) || run.stderr.contains(directory), "{said}");
            }
        }
    }
    assert!(layouts >= 100, "{layouts}");
}

#[test]
fn a_link_that_stays_beside_its_file_is_followed() {
    for reader in READERS.iter().filter(|reader| reader.follows) {
        for is_whole in [false, true] {
            let what = format!("a link at {}", reader.path);
            let (_place, root, _) = repository();
            reader.prepare(&root);
            let path = root.join(reader.path);
            let name = path.file_name().expect("it has a name").to_str().expect("it is text");
            let target = path.with_file_name(format!("inside-{name}"));
            fs::write(&target, reader.right).expect("it is written");
            let root_path = fs::canonicalize(&root).expect("it is there");
            let whole = root_path.join(reader.path).with_file_name(format!("inside-{name}"));
            symlink(if is_whole { whole } else { format!("inside-{name}").into() }, &path).expect("a link");
            let run = within(&root, reader.command, &what);
            assert_eq!(run.status, 0, "{what}:\n{}{}", run.stdout, run.stderr);
        }
    }
}

#[test]
fn a_directory_on_the_way_that_leads_outside_is_not_gone_into() {
    for reader in READERS.iter().filter(|reader| reader.path.contains('/') && reader.needs) {
        for is_whole in [false, true] {
            let (_place, root, outside) = repository();
            reader.prepare(&root);
            let path = root.join(reader.path);
            let name = path.file_name().expect("it has a name");
            let way = path.parent().expect("it has a parent");
            fs::create_dir(outside.join("in")).expect("it is made");
            trees::copy(way, &outside.join("in"));
            let _bytes = fs::copy(outside.join(name), outside.join("in").join(name)).expect("a copy");
            fs::remove_dir_all(way).expect("it goes");
            let up = "../".repeat(reader.path.matches('/').count());
            let target = if is_whole { outside.join("in") } else { format!("{up}outside/in").into() };
            symlink(target, way).expect("a link");
            let what = format!("{} behind a link", reader.path);
            let run = within(&root, reader.command, &what);
            let said = format!("{what}:\n{}{}", run.stdout, run.stderr);
            assert!(!said.contains(MARK) && run.status != 0, "{said}");
        }
    }
}

#[test]
fn what_is_swapped_for_a_link_while_it_is_read_is_not_followed_outside() {
    let (_place, root, outside) = repository();
    let source = "cluster a on eks {\n  patch \"infra/p.yaml\"\n  patch \"more/p.yaml\"\n}\n";
    write(&root, "identity.flux", source);
    write(&root, "infra/p.yaml", PATCH);
    write(&root, "kept/p.yaml", PATCH);
    symlink("kept", root.join("more")).expect("a link");
    let secret = PATCH.replace("replicas: 2", &format!("replicas: 2\n  paused: \"{MARK}\""));
    fs::write(outside.join("p.yaml"), secret).expect("it is written");
    let ends = AtomicBool::new(false);
    thread::scope(|scope| {
        let swapping = scope.spawn(|| {
            let (beside, in_turn) = (root.join("beside"), [true, false]);
            for is_outside in in_turn.iter().cycle() {
                if ends.load(Ordering::Relaxed) {
                    break;
                }
                if *is_outside {
                    symlink("../../outside/p.yaml", &beside).expect("a link");
                } else {
                    fs::write(&beside, PATCH).expect("it is written");
                }
                fs::rename(&beside, root.join("infra/p.yaml")).expect("it is swapped");
                symlink(if *is_outside { "../outside" } else { "kept" }, &beside).expect("a link");
                fs::rename(&beside, root.join("more")).expect("it is swapped");
            }
        });
        let begin = Instant::now();
        let mut seen = [0_u32; 2];
        while begin.elapsed() < Duration::from_secs(4) {
            let run = within(&root, &["diff"], "a swap");
            let is_diff = run.stdout.contains("replicas: 2");
            seen[usize::from(is_diff)] += 1;
            if run.stdout.contains(MARK) || run.stderr.contains(MARK) {
                ends.store(true, Ordering::Relaxed);
                panic!("{}{}", run.stdout, run.stderr);
            }
        }
        ends.store(true, Ordering::Relaxed);
        swapping.join().expect("it ends");
        eprintln!("refused {} times, read {} times", seen[0], seen[1]);
    });
}

#[test]
fn a_file_of_more_than_64_mib_is_refused_and_one_of_64_is_read() {
    let (_place, root, _) = repository();
    write(&root, "identity.flux", CLUSTER);
    write(&root, "clusters/a/flux-system/gotk-components.yaml", "");
    let path = root.join("clusters/a/flux-system/gotk-components.yaml");
    let mut text = INSTALLED.as_bytes().to_vec();
    text.extend(b"---\n#");
    text.resize(64 * 1024 * 1024, b'x');
    fs::write(&path, &text).expect("it is written");
    assert_eq!(run(&root, &["build"]).status, 0);
    text.push(b'x');
    fs::write(&path, &text).expect("it is written");
    let run = run(&root, &["build"]);
    let said = "error[F0409]: clusters/a/flux-system/gotk-components.yaml: cannot read this file: it is larger \
                than 64 MiB\n = help: check what wrote it; files of manifests are far smaller\n";
    assert!(run.status == 1 && run.stderr.starts_with(said), "{}", run.stderr);
}

#[test]
fn manifests_that_are_more_than_a_run_reads_are_told_with_what_to_do() {
    let beside = "clusters/a/flux-system/gotk-components.yaml";
    let files = InMemory([(beside.to_owned(), INSTALLED.to_owned())].into());
    let sources = sources(CLUSTER);
    let (_, findings) = compile_beside(&Inputs::with_limit(&files, 100), &Request::default(), &sources);
    insta::assert_snapshot!(render::human(&findings, &sources, false), @r"
    error[F0414]: clusters/a/flux-system/gotk-components.yaml: cannot read this file: the files of one run are larger than 100 bytes in total
     = help: split the fleet into several sources
     = note: identical files count once
    ");
}

#[test]
fn a_run_that_reads_more_than_its_limit_is_refused_and_equal_files_count_once() {
    let source = "cluster a on eks { patch \"a.yaml\" patch \"b.yaml\" }\n".replace(" patch", "\n patch");
    let compiled = |b: &str| {
        let files = [("a.yaml", PATCH), ("b.yaml", b)].map(|(path, text)| (path.to_owned(), text.to_owned()));
        let files = InMemory(files.into());
        let inputs = Inputs::with_limit(&files, PATCH.len() as u64 + 10);
        let source = source.replace(" }", "\n}");
        let (_, findings) = compile_beside(&inputs, &Request::default(), &sources(&source));
        findings.into_iter().map(|finding| finding.message).collect::<Vec<_>>()
    };
    assert!(compiled(PATCH).iter().all(|message| !message.contains("larger")), "{:?}", compiled(PATCH));
    let other = PATCH.replace("replicas: 2", "replicas: 3");
    let said = compiled(&other);
    assert!(
        said.iter().any(|message| message.starts_with("cannot read `b.yaml`: the files of one run")),
        "{said:?}"
    );
}

#[test]
fn an_include_takes_no_longer_through_links_that_lead_to_one_directory_in_many_ways() {
    let (_place, root, _) = repository();
    fs::create_dir(root.join("t")).expect("it is made");
    for name in ["x", "y", "z"] {
        symlink(".", root.join("t").join(name)).expect("a link");
    }
    write(&root, "t/a.flux", CLUSTER);
    for times in [1, 8, 30] {
        let pattern = format!("include \"t/{}*.flux\"\n", "*/".repeat(times));
        write(&root, "identity.flux", &pattern);
        let run = within(&root, &["outputs"], "an include through links");
        assert_eq!((run.status, run.stdout.lines().count()), (0, 1), "{}", run.stderr);
    }
}

#[test]
fn a_linked_directory_and_a_linked_file_in_the_repository_are_included() {
    let (_place, root, _) = repository();
    write(&root, "identity.flux", "include \"teams/*/*.flux\"\n");
    write(&root, "shared/a.flux", CLUSTER);
    write(&root, "teams/one/b.flux", &CLUSTER.replace("cluster a", "cluster b"));
    symlink("../shared", root.join("teams/two")).expect("a link");
    write(&root, "c", &CLUSTER.replace("cluster a", "cluster c"));
    symlink("../../c", root.join("teams/one/c.flux")).expect("a link");
    let run = run(&root, &["outputs"]);
    assert_eq!((run.status, run.stdout.lines().count()), (0, 3), "{}", run.stderr);
}

#[test]
fn the_repository_ends_where_git_says_and_else_at_the_source() {
    let (_place, root, _) = repository();
    write(&root, "shared/gotk-components.yaml", INSTALLED);
    write(&root, "fleet/identity.flux", CLUSTER);
    let beside = root.join("fleet/clusters/a/flux-system");
    fs::create_dir_all(&beside).expect("it is made");
    symlink("../../../../shared/gotk-components.yaml", beside.join("gotk-components.yaml")).expect("a link");
    assert_eq!(run(&root.join("fleet"), &["build"]).status, 0);
    fs::remove_dir(root.join(".git")).expect("it goes");
    let run = run(&root.join("fleet"), &["build"]);
    assert!(run.status == 1 && run.stderr.contains("F0408"), "{}", run.stderr);
}

#[test]
fn the_link_that_leads_out_is_named_and_not_the_file_behind_it() {
    let (place, root, _) = repository();
    write(place.path(), "outside/flux-system/gotk-components.yaml", INSTALLED);
    write(&root, "identity.flux", CLUSTER);
    fs::create_dir_all(root.join("clusters")).expect("it is made");
    symlink("../../outside", root.join("clusters/a")).expect("a link");
    let run = run(&root, &["build"]);
    let said = "error[F0408]: clusters/a: this symbolic link points outside of the repository\n";
    assert!(run.status == 1 && run.stderr.starts_with(said), "{}", run.stderr);
}

#[test]
fn a_link_of_a_user_to_the_directory_of_the_source_is_followed() {
    let (place, root, _) = repository();
    write(&root, "identity.flux", CLUSTER);
    symlink("repository", place.path().join("link")).expect("a link");
    assert_eq!(run(place.path(), &["build", "--file", "link/identity.flux"]).status, 0);
    assert!(root.join("clusters/a/flux-system/kustomization.yaml").is_file());
}

#[test]
fn a_workspace_says_what_stands_where() {
    let (_place, root, outside) = repository();
    write(&root, "a/b", "text");
    symlink("a", root.join("link")).expect("a link");
    symlink(&outside, root.join("out")).expect("a link");
    let disk = Disk::open(&root);
    let entry = |path: &str| disk.entry(Path::new(path));
    assert_eq!(entry("a/b"), Entry::File("a/b".into()));
    assert_eq!(entry("link/b"), Entry::File("a/b".into()));
    assert_eq!(entry("link"), Entry::Directory("a".into()));
    assert_eq!(entry(""), Entry::Directory("".into()));
    assert_eq!(entry("a/c"), Entry::Missing);
    assert_eq!(entry("link/c"), Entry::Missing);
    assert_eq!(entry("a/b/c"), Entry::Missing);
    assert!(matches!(entry("out/identity.flux"), Entry::Refused(_)));
    assert_eq!(disk.read(Path::new("link/b"), 4), Ok(b"text".to_vec()));
    assert!(matches!(disk.read(Path::new("link/b"), 3), Err(Unread::Refused(_))));
    let read: Vec<PathBuf> = disk.into_reads().paths().map(Path::to_path_buf).collect();
    assert_eq!(read, [root.join("link/b")]);
}
