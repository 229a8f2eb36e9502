//! Other programs of `import --verify`: what they are handed, where they are found, and that they fetch nothing.

use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use tempfile::TempDir;

use crate::harness::{Run, command};
use crate::place::COMPONENTS;

const SYNC: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: sync\n  namespace: flux-system\n";

const PATCH: &str = "patches:
- patch: |
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: source-controller
      namespace: flux-system
      annotations:
        eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/flux
";

/// A checkout, and programs beside it.
struct Place(TempDir);

impl Place {
    fn new() -> Place {
        let place = Place(tempfile::tempdir().expect("there is room for a directory"));
        for name in ["checkout", "bin", "tmp"] {
            fs::create_dir(place.outside(name)).expect("it is made");
        }
        place
    }

    fn checkout(&self) -> PathBuf {
        self.outside("checkout")
    }

    fn outside(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.checkout().join(path);
        fs::create_dir_all(path.parent().expect("it has a parent")).expect("the directory is made");
        fs::write(path, text).expect("the file is written");
    }

    /// An overlay that an import takes, with these resources besides.
    fn overlay(&self, directory: &str, more: &[&str]) {
        self.write(&format!("{directory}/gotk-components.yaml"), COMPONENTS);
        self.write(&format!("{directory}/gotk-sync.yaml"), SYNC);
        let resources: String = more.iter().flat_map(|entry| ["- ", entry, "\n"]).collect();
        let text = format!("resources:\n- gotk-components.yaml\n- gotk-sync.yaml\n{resources}{PATCH}");
        self.write(&format!("{directory}/kustomization.yaml"), &text);
    }

    /// A kubectl that notes its arguments and its environment, and builds nothing.
    fn note(&self, name: &str) {
        let notes = self.outside("notes");
        let script = format!(
            "{{ pwd; env; for it in \"$@\"; do printf '<%s>' \"$it\"; done; echo; }} >> '{}'",
            notes.display()
        );
        program(&self.outside("bin").join(name), &script);
    }

    fn notes(&self) -> String {
        fs::read_to_string(self.outside("notes")).unwrap_or_default()
    }

    fn path(&self) -> String {
        format!("{}:/usr/bin:/bin", self.outside("bin").display())
    }

    fn verify(&self) -> Run {
        self.verify_with(&[])
    }

    fn verify_with(&self, environment: &[(&str, &str)]) -> Run {
        let mut command = Command::new("timeout");
        // Both must be found before `PATH` changes.
        let _command = command
            .args(["60", "env", &format!("PATH={}", self.path())])
            .arg(format!("TMPDIR={}", self.outside("tmp").display()))
            .args(environment.iter().map(|(name, value)| format!("{name}={value}")))
            .args([env!("CARGO_BIN_EXE_flux-identity"), "import", ".", "--verify", "--format", "short"])
            .args(["-o", "identity.flux"])
            .current_dir(self.checkout())
            .stdin(Stdio::null())
            .env_remove("CLICOLOR_FORCE");
        command.output().expect("the command runs").into()
    }
}

fn program(path: &Path, script: &str) {
    fs::create_dir_all(path.parent().expect("it has a parent")).expect("the directory is made");
    fs::write(path, format!("#!/bin/sh\n{script}\n")).expect("it is written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it becomes a program");
}

fn has_kubectl() -> bool {
    Command::new("kubectl").args(["kustomize", "--help"]).output().is_ok()
}

// ---------------------------------------------------------------------------------------------------
// What is handed over

#[test]
fn directories_of_any_name_are_handed_over_as_paths() {
    let names = [
        "-x",
        "--help",
        "--output=stolen",
        "--enable-helm",
        "-",
        "a b",
        "it's",
        "\"quoted\"",
        "$HOME",
        "$(touch stolen)",
        "`touch stolen`",
        "line\nbreak",
        "a;touch stolen",
        "*",
        "github.com",
        "plain",
    ];
    let place = Place::new();
    place.note("kustomize");
    for name in names {
        place.overlay(name, &[]);
        place.overlay(&format!("clusters/{name}"), &[]);
    }
    let run = place.verify();
    assert!(!place.checkout().join("stolen").exists() && !Path::new("/stolen").exists());
    let mut built = 0;
    for line in place.notes().lines().filter(|line| line.starts_with("<build>")) {
        let path = line.strip_prefix("<build><--load-restrictor><LoadRestrictionsNone><--><");
        let path = path.or_else(|| line.strip_prefix("<build><--><")).unwrap_or_default();
        assert!(
            path.starts_with('/') && path.ends_with('>') && !path.contains("><"),
            "{line}: {}",
            run.stderr
        );
        built += 1;
    }
    // Of each that an import takes, both builds.
    assert!(built >= 20 && run.stderr.contains(" verified to build the same"), "{}", run.stderr);
}

#[test]
fn a_checkout_of_any_name_is_built_in_a_copy_of_our_own_name() {
    for name in ["-x", "a b", "$HOME", "line\nbreak", "'"] {
        let place = Place::new();
        place.note("kubectl");
        place.overlay(&format!("{name}/clusters/a"), &[]);
        let mut command = command(&place.checkout().join(name), &["import", ".", "--verify"]);
        let run: Run = command.env("PATH", place.path()).output().expect("it runs").into();
        assert_eq!(run.status, 0, "{name}: {}", run.stderr);
        let notes = place.notes();
        let builds = notes.lines().filter(|line| line.starts_with("<kustomize>"));
        assert!(builds.clone().count() == 2 && !notes.contains("checkout"), "{notes}");
    }
}

#[test]
fn a_directory_called_as_an_option_of_kubectl_writes_nothing_outside() {
    if !has_kubectl() {
        eprintln!("skipped: kubectl is not there");
        return;
    }
    let place = Place::new();
    let stolen = place.checkout().join("stolen.yaml");
    let directory = "--output=stolen.yaml";
    place.overlay(directory, &[]);
    place.write("cm.yaml", SYNC);
    place.write("kustomization.yaml", "resources: [cm.yaml]\n");
    let mut kubectl = Command::new("kubectl");
    let live =
        kubectl.current_dir(place.checkout()).args(["kustomize", directory]).output().expect("it runs");
    assert!(live.status.success() && fs::remove_file(&stolen).is_ok(), "this would write it");
    let run = place.verify();
    assert!(!stolen.exists());
    assert!(run.stderr.contains("1 of 1 overlay verified"), "{}", run.stderr);
}

#[test]
fn nothing_of_the_environment_and_no_directory_of_the_checkout_reaches_kustomize() {
    let place = Place::new();
    place.note("kustomize");
    place.overlay("clusters/a", &[]);
    let run = place.verify_with(&[
        ("KUBECONFIG", "evil"),
        ("KUSTOMIZE_PLUGIN_HOME", "evil"),
        ("XDG_CONFIG_HOME", "evil"),
        ("GIT_SSH_COMMAND", "evil"),
        ("HOME", "evil"),
        ("LD_PRELOAD_OF_NOBODY", "evil"),
        ("NO_PROXY", "evil"),
    ]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let notes = place.notes();
    assert!(notes.starts_with("/\n") && !notes.contains("evil"), "{notes}");
}

// ---------------------------------------------------------------------------------------------------
// What is run

#[test]
fn no_program_of_the_checkout_is_run() {
    for path in ["", ".", "tools", "CHECKOUT/tools", "OUTSIDE/link"] {
        let place = Place::new();
        place.overlay("clusters/a", &[]);
        let canary = format!("touch '{}'", place.outside("canary").display());
        for directory in ["", "tools"] {
            for name in ["kustomize", "kubectl"] {
                program(&place.checkout().join(directory).join(name), &canary);
            }
        }
        symlink(place.checkout().join("tools"), place.outside("link")).expect("it is made");
        let path = path.replace("CHECKOUT", &place.checkout().display().to_string());
        let path = path.replace("OUTSIDE", &place.0.path().display().to_string());
        let run = place.verify_with(&[("PATH", &format!("{path}:{path}"))]);
        assert!(!place.outside("canary").exists(), "{path}");
        assert_eq!(run.status, 2, "{path}: {}", run.stderr);
        let line = if path.starts_with('/') {
            "error: the only builder in `PATH` is `"
        } else {
            "error: neither `kustomize` nor `kubectl` is in `PATH`\n"
        };
        assert!(run.stderr.starts_with(line), "{path}: {}", run.stderr);
    }
}

// ---------------------------------------------------------------------------------------------------
// What kustomize would fetch, or read elsewhere

/// A server that tells the canary of each connection.
fn listen(canary: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = listener.local_addr().expect("it has an address");
    let _server = thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            fs::write(&canary, "connected").expect("it is written");
            let _asked = stream.read(&mut [0; 4096]);
        }
    });
    format!("http://{address}/a.yaml")
}

/// Files of a base that make kustomize fetch something; `URL` is an address that tells of each connection.
const FETCHING: &[(&str, &[(&str, &str)])] = &[
    ("a repository of a forge", &[("kustomization.yaml", "resources: [github.com/a/b]\n")]),
    ("a repository of a forge, in capitals", &[("kustomization.yaml", "resources: [GitHub.com/a/b]\n")]),
    ("a repository over ssh", &[("kustomization.yaml", "resources: ['git@host.invalid:a/b']\n")]),
    ("a repository of somebody over ssh", &[("kustomization.yaml", "resources: ['me@host.invalid:a/b']\n")]),
    ("a repository of this machine", &[("kustomization.yaml", "resources: ['file:///nowhere/b']\n")]),
    (
        "a directory that is called like a repository",
        &[
            ("kustomization.yaml", "resources: ['me@host/a/b']\n"),
            ("me@host/a/b/kustomization.yaml", "resources: []\n"),
        ],
    ),
    ("a component", &[("kustomization.yaml", "components: ['ssh://host.invalid/a/b']\n")]),
    ("a file of a server", &[("kustomization.yaml", "resources: ['URL']\n")]),
    ("a field in other letters", &[("kustomization.yaml", "Resources: ['URL']\n")]),
    ("an alias", &[("kustomization.yaml", "namePrefix: &url URL\nresources: [*url]\n")]),
    ("an escape", &[("kustomization.yaml", "resources: [\"\\x68ttp:HIDDEN\"]\n")]),
    ("a kustomization of another name", &[("Kustomization", "resources: ['URL']\n")]),
    ("a patch", &[("kustomization.yaml", "resources: [cm.yaml]\npatches: [{path: 'URL'}]\n")]),
    (
        "a patch, the path in other letters",
        &[("kustomization.yaml", "resources: [cm.yaml]\npatches: [{Path: 'URL'}]\n")],
    ),
    ("definitions", &[("kustomization.yaml", "crds: ['URL']\n")]),
    ("a schema", &[("kustomization.yaml", "resources: [cm.yaml]\nopenapi: {path: 'URL'}\n")]),
    (
        "a file for a ConfigMap",
        &[("kustomization.yaml", "configMapGenerator: [{name: a, files: ['key=URL']}]\n")],
    ),
    ("variables for a Secret", &[("kustomization.yaml", "secretGenerator: [{name: a, envs: ['URL']}]\n")]),
    (
        "a configuration of names",
        &[("kustomization.yaml", "resources: [cm.yaml]\nconfigurations: ['URL']\n")],
    ),
    ("a replacement", &[("kustomization.yaml", "resources: [cm.yaml]\nreplacements: [{path: 'URL'}]\n")]),
    ("a transformer", &[("kustomization.yaml", "resources: [cm.yaml]\ntransformers: ['URL']\n")]),
    (
        "what configures a transformer",
        &[
            ("kustomization.yaml", "resources: [cm.yaml]\ntransformers: [t.yaml]\n"),
            ("t.yaml", "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: t}\npath: 'URL'\n"),
        ],
    ),
    (
        "what configures a transformer inline",
        &[(
            "kustomization.yaml",
            "resources: [cm.yaml]\ntransformers:\n- |\n  apiVersion: builtin\n  kind: PatchTransformer\n  \
             metadata: {name: t}\n  path: 'URL'\n",
        )],
    ),
    (
        "a base of transformers",
        &[
            ("kustomization.yaml", "resources: [cm.yaml]\ntransformers: [inner]\n"),
            ("inner/kustomization.yaml", "resources: [t.yaml]\n"),
            (
                "inner/t.yaml",
                "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: t}\npath: 'URL'\n",
            ),
        ],
    ),
    (
        "a generator",
        &[
            ("kustomization.yaml", "generators: [g.yaml]\n"),
            (
                "g.yaml",
                "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: g}\nfiles: ['k=URL']\n",
            ),
        ],
    ),
    (
        "a base of a base",
        &[
            ("kustomization.yaml", "resources: [inner]\n"),
            ("inner/kustomization.yml", "bases: [deep]\n"),
            ("inner/deep/kustomization.yaml", "resources: ['URL']\n"),
        ],
    ),
    ("a value that is written in base64", &[("kustomization.yaml", "resources: [!!binary BASE64]\n")]),
];

#[test]
fn an_overlay_that_kustomize_would_fetch_something_for_is_not_built() {
    if !has_kubectl() {
        eprintln!("skipped: kubectl is not there");
        return;
    }
    let mut failed = Vec::new();
    for (name, files) in FETCHING {
        let place = Place::new();
        let canary = place.outside("canary");
        let url = listen(canary.clone());
        let hidden = url.strip_prefix("http:").expect("it is an address");
        program(&place.outside("bin/git"), &format!("touch '{}'; exit 1", canary.display()));
        place.overlay("clusters/a", &["../../base"]);
        place.write("base/cm.yaml", &SYNC.replace("name: sync", "name: base"));
        for (path, text) in *files {
            let text = text.replace("URL", &url).replace("HIDDEN", hidden);
            place.write(&format!("base/{path}"), &text.replace("BASE64", &base64(&url)));
        }
        let mut kubectl = Command::new("kubectl");
        let live = kubectl.args(["kustomize"]).arg(place.checkout().join("base")).env("PATH", place.path());
        let _live = live.output().expect("it runs");
        if fs::remove_file(&canary).is_err() {
            failed.push(format!("{name}: kustomize fetches nothing, so that nothing is shown"));
        }
        let run = place.verify();
        if canary.exists() {
            failed.push(format!("{name}: it was fetched"));
        }
        // What has a YAML tag is not imported in the first place.
        let (code, end) = if name.contains("base64") {
            ("warning[F0512]", "0 clusters in 0 lines")
        } else {
            ("error[F0424]", "0 of 1 overlay verified")
        };
        if run.status != 1 || !run.stderr.contains(code) || !run.stderr.contains(end) {
            failed.push(format!("{name}: {}", run.stderr));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

fn base64(text: &str) -> String {
    let mut shell = Command::new("base64");
    let mut child =
        shell.arg("-w0").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("base64 runs");
    std::io::Write::write_all(&mut child.stdin.take().expect("it reads"), text.as_bytes()).expect("it reads");
    String::from_utf8(child.wait_with_output().expect("it ends").stdout).expect("it is text")
}

#[test]
fn a_base_of_many_overlays_is_told_once() {
    let place = Place::new();
    place.note("kubectl");
    for name in ["a", "b", "c"] {
        place.overlay(&format!("clusters/{name}"), &["../../base"]);
    }
    place.overlay("clusters/d", &[]);
    place.write("base/kustomization.yaml", "resources: [github.com/a/b]\n");
    let run = place.verify();
    assert_eq!(run.stderr.matches("F0424").count(), 1, "{}", run.stderr);
    assert!(run.stderr.contains("1 of 4 overlays verified"), "{}", run.stderr);
    let mut long = command(&place.checkout(), &["import", ".", "--verify"]);
    let long: Run = long.env("PATH", place.path()).output().expect("it runs").into();
    let (_, told) =
        long.stderr.split_once("verified to build the same\n").unwrap_or_else(|| panic!("{}", long.stderr));
    insta::assert_snapshot!(told, @r#"
    error[F0424]: base/kustomization.yaml: cannot verify the import: kustomize would fetch `github.com/a/b`
     = help: commit it to the repository and name the file, or import without `--verify`; `flux install --export` writes the manifests of Flux
     = note: needed by 3 overlays

    1 error
    for more information, run `flux-identity explain F0424`
    4 clusters in 8 lines
    "#);
}

#[test]
fn what_is_not_copied_is_told_and_neither_read_nor_waited_for() {
    let place = Place::new();
    place.note("kubectl");
    fs::write(place.outside("secret"), "secret").expect("it is written");
    place.overlay("clusters/a", &["../../base"]);
    let entries = ["link", "pipe", ".hidden/a", "huge", "linked/a", "/etc/hostname", "../../secret"];
    let files = entries.map(|entry| format!("  - key-{}={entry}\n", entry.len())).concat();
    place.write("base/kustomization.yaml", &format!("configMapGenerator:\n- name: a\n  files:\n{files}"));
    place.write("base/.hidden/a", "a");
    let base = place.checkout().join("base");
    symlink(place.outside("secret"), base.join("link")).expect("it is made");
    symlink(place.0.path(), base.join("linked")).expect("it is made");
    assert!(Command::new("mkfifo").arg(base.join("pipe")).status().expect("mkfifo runs").success());
    let huge = fs::File::create(base.join("huge")).expect("it is made");
    huge.set_len(64 * 1024 * 1024 + 1).expect("it is as large");
    let run = place.verify();
    assert_eq!((run.status, place.notes().as_str()), (1, ""), "{}", run.stderr);
    let found: Vec<&str> = run.stderr.lines().filter(|line| line.contains("F0425")).collect();
    insta::assert_snapshot!(found.join("\n"), @r#"
    base/kustomization.yaml: error[F0425]: cannot verify the import: `../../secret` is outside of the directory of the source
    base/kustomization.yaml: error[F0425]: cannot verify the import: `.hidden/a` is in a directory whose name starts with a dot
    base/kustomization.yaml: error[F0425]: cannot verify the import: `/etc/hostname` is outside of the directory of the source
    base/kustomization.yaml: error[F0425]: cannot verify the import: `huge` is larger than 64 MiB
    base/kustomization.yaml: error[F0425]: cannot verify the import: `link` is a symbolic link
    base/kustomization.yaml: error[F0425]: cannot verify the import: `linked/a` is a symbolic link
    base/kustomization.yaml: error[F0425]: cannot verify the import: `pipe` is not a regular file
    "#);
}

#[test]
fn what_is_not_copied_is_told_with_what_to_do() {
    let place = Place::new();
    place.note("kubectl");
    place.overlay("clusters/a", &["../../base"]);
    place.write("base/kustomization.yaml", "resources: [link.yaml]\n");
    fs::write(place.outside("secret"), "secret\n").expect("it is written");
    symlink(place.outside("secret"), place.checkout().join("base/link.yaml")).expect("it is made");
    let mut long = command(&place.checkout(), &["import", ".", "--verify"]);
    let long: Run = long.env("PATH", place.path()).output().expect("it runs").into();
    let (_, told) = long.stderr.split_once("verified to build the same\n").expect("it is told");
    insta::assert_snapshot!(told, @r"
    error[F0425]: base/kustomization.yaml: cannot verify the import: `link.yaml` is a symbolic link
     = help: replace it with a regular file in the directory of the source, or import without `--verify`
     = note: needed by 1 overlay

    1 error
    for more information, run `flux-identity explain F0425`
    1 cluster in 7 lines
    ");
}

#[test]
fn a_kustomization_that_is_a_link_or_no_plain_yaml_is_not_built() {
    for text in ["resources: [!x a]\n", "resources: [\n", "\u{feff}\0"] {
        let place = Place::new();
        place.note("kubectl");
        place.overlay("clusters/a", &["../../base"]);
        place.write("base/kustomization.yaml", text);
        let run = place.verify();
        let codes = ["error[F0425]", "warning[F0504]", "warning[F0512]"];
        let code = codes.into_iter().find(|code| run.stderr.contains(code));
        assert!(run.status == 1 && code.is_some(), "{text}: {}", run.stderr);
        assert_eq!(place.notes(), "");
    }
    let place = Place::new();
    place.note("kubectl");
    place.overlay("clusters/a", &["../../base"]);
    place.write(
        "other.yaml",
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {a: b}\n",
    );
    place.write("base/kustomization.yaml", "components: [inner]\n");
    fs::create_dir(place.checkout().join("base/inner")).expect("it is made");
    symlink("../../other.yaml", place.checkout().join("base/inner/kustomization.yaml")).expect("it is made");
    let run = place.verify();
    let line = "cannot verify the import: `base/inner/kustomization.yaml` is a symbolic link";
    assert!(run.status == 1 && run.stderr.contains(line), "{}", run.stderr);
    assert_eq!(place.notes(), "");
}

// ---------------------------------------------------------------------------------------------------
// The copy

#[test]
fn the_copy_is_for_its_owner_alone_and_goes_with_the_run() {
    let place = Place::new();
    place.overlay("clusters/a", &[]);
    let modes = place.outside("modes");
    let script = format!("ls -ld '{}'/* >> '{}'", place.outside("tmp").display(), modes.display());
    program(&place.outside("bin/kubectl"), &script);
    let run = place.verify();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let modes = fs::read_to_string(modes).expect("it is noted");
    assert!(
        modes.lines().count() == 2 && modes.lines().all(|line| line.starts_with("drwx------")),
        "{modes}"
    );
    assert_eq!(fs::read_dir(place.outside("tmp")).expect("it is read").count(), 0);
}

#[test]
fn a_copy_is_not_made_within_what_is_copied() {
    let place = Place::new();
    place.note("kubectl");
    place.overlay("clusters/a", &[]);
    place.write("tmp/x", "x");
    let run = place.verify_with(&[("TMPDIR", "tmp")]);
    assert_eq!((run.status, place.notes().as_str()), (3, ""), "{}", run.stderr);
    assert!(run.stderr.contains("the temporary directory "), "{}", run.stderr);
}

#[test]
fn what_a_build_may_fetch_or_read_outside_is_verified_in_memory_alone() {
    let overlay = "clusters/a/flux-system";
    for (base, is_built) in [
        ("resources: [settings.yaml]\n", true),
        ("resources: [settings.yaml, github.com/a/b]\n", false),
        ("resources: [settings.yaml, ../../../outside]\n", false),
    ] {
        let place = Place::new();
        let canary = place.outside("canary");
        program(&place.outside("bin/kustomize"), &format!("touch '{}'; exit 1", canary.display()));
        place.write(&format!("{overlay}/gotk-components.yaml"), COMPONENTS);
        place.write(&format!("{overlay}/gotk-sync.yaml"), SYNC);
        place.write("base/settings.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n");
        place.write("base/kustomization.yaml", base);
        let build = |role: &str| {
            let source = format!(
                "cluster a on eks {{\n  resource \"base\"\n  source-controller -> aws \"arn:aws:iam::111122223333:role/{role}\"\n}}\n"
            );
            place.write("identity.flux", &source);
            let mut command = crate::harness::command(&place.checkout(), &["build", "--verify"]);
            Run::from(command.env("PATH", place.path()).output().expect("the command runs"))
        };
        let first = build("one");
        assert_eq!((first.status, canary.exists()), (0, false), "{base}{}", first.stderr);
        let second = build("two");
        assert_eq!(canary.exists(), is_built, "{base}{}{}", second.stdout, second.stderr);
        // The program fails, and what it refutes is not written.
        assert_eq!(second.status, i32::from(is_built), "{base}{}{}", second.stdout, second.stderr);
    }
}
