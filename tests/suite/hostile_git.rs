//! Nothing that a checkout, a configuration or the environment says makes `diff --against` run, reach or write anything.
//!
//! Each row is one hostile thing, with a canary that appears if it has its way. A row first shows that it is alive: a
//! plain git command in that checkout, or what is named in its place, makes the canary appear.
//!
//! Some rows are about what our commands of git do not reach. They turn red with another command, not with another option:
//! the index and objects are compared by a plumbing command without patches, so that no program for differences and none
//! that makes text is asked, with or without `--no-ext-diff` and `--no-textconv`; objects are read by their ids, so that
//! they have no path and no filter; nothing is written, so that there is no hook and no editor; the output is no terminal,
//! so that there is no pager; no command is one that an alias may replace.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;

use tempfile::TempDir;

use crate::harness::{Run, command, run};

const FLEET: &str =
    "cluster a on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/flux-ecr\"\n}\n";

/// A checkout of two commits, and what is hostile about it.
struct Place {
    directory: TempDir,
    /// What the environment says.
    environment: Vec<(String, String)>,
    /// The git that is found first, if it is not that of the machine.
    wrapper: Option<PathBuf>,
    /// How the row is shown to be alive: what is asked of git.
    live: Vec<String>,
    /// Whether git is to be asked on a terminal.
    on_terminal: bool,
}

impl Place {
    /// One source at `start` and now, and another one that was renamed and edited since.
    fn new() -> Place {
        let place = Place {
            directory: tempfile::tempdir().expect("there is room for a directory"),
            environment: Vec::new(),
            wrapper: None,
            live: ["cat-file", "-p", "start:identity.flux"].map(str::to_owned).to_vec(),
            on_terminal: false,
        };
        let long: String = ["# a line\n", "# another line\n"].concat().repeat(10);
        fs::create_dir(place.checkout()).expect("it is made");
        fs::create_dir(place.outside("home")).expect("it is made");
        place.git(&["init", "--quiet"]);
        place.write("identity.flux", FLEET);
        place.write("old.flux", &format!("{FLEET}{long}"));
        place.commit("start");
        place.git(&["tag", "start"]);
        place.write("identity.flux", &format!("{FLEET}# later\n"));
        place.git(&["mv", "old.flux", "moved.flux"]);
        place.write("moved.flux", &format!("# moved\n{FLEET}{long}"));
        place.commit("second");
        // Racily clean entries would hide that a filter is asked.
        place.write("identity.flux", &format!("{FLEET}# last\n"));
        let evil = format!("#!/bin/sh\necho ran >> '{}'\nexit 1\n", place.canary().display());
        place.program("evil.sh", &evil);
        place
    }

    fn checkout(&self) -> PathBuf {
        self.directory.path().join("checkout")
    }

    fn outside(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// What appears if something hostile has its way.
    fn canary(&self) -> PathBuf {
        self.outside("canary")
    }

    fn evil(&self) -> String {
        self.checkout().join("evil.sh").display().to_string()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.checkout().join(path);
        fs::create_dir_all(path.parent().expect("it has a parent")).expect("the directory is made");
        fs::write(path, text).expect("the file is written");
    }

    fn program(&self, path: &str, text: &str) {
        self.write(path, text);
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(self.checkout().join(path), mode).expect("it becomes a program");
    }

    fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        let _git = git
            .current_dir(self.checkout())
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"])
            .args(arguments)
            .stdin(Stdio::null());
        let output = git.output().expect("git runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn config(&self, key: &str, value: &str) {
        self.git(&["config", key, value]);
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    fn set(&mut self, name: &str, value: impl Into<String>) {
        self.environment.push((name.to_owned(), value.into()));
    }

    fn lives_by(&mut self, arguments: &[&str]) {
        self.live = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    }

    /// Where an object is, if it is no part of a pack.
    fn object(&self, name: &str) -> PathBuf {
        let mut git = Command::new("git");
        let output = git.current_dir(self.checkout()).args(["rev-parse", name]).output().expect("git runs");
        let object = String::from_utf8(output.stdout).expect("it is a name");
        let (first, rest) = object.trim().split_at(2);
        self.checkout().join(".git/objects").join(first).join(rest)
    }

    /// A partial clone that lacks the sources of `start`.
    fn partial(&self, url: &str) {
        for name in ["start:identity.flux", "start:old.flux"] {
            fs::remove_file(self.object(name)).expect("it is no part of a pack");
        }
        self.config("core.repositoryformatversion", "1");
        self.config("extensions.partialClone", "origin");
        self.config("remote.origin.promisor", "true");
        self.config("remote.origin.url", url);
    }

    fn nowhere(&self) -> String {
        let path = self.outside("nowhere");
        if !path.exists() {
            self.git(&["init", "--quiet", "--bare", &path.display().to_string()]);
        }
        format!("file://{}", path.display())
    }

    /// A git that forgets a variable and asks the real one: an older version, which does not know it.
    fn forgets(&mut self, variable: &str) {
        let real = String::from_utf8(which("git").stdout).expect("it is a path");
        let directory = self.outside("older");
        fs::create_dir_all(&directory).expect("it is made");
        let text = format!("#!/bin/sh\nunset {variable}\nexec '{}' \"$@\"\n", real.trim());
        fs::write(directory.join("git"), text).expect("it is written");
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(directory.join("git"), mode).expect("it becomes a program");
        self.wrapper = Some(directory);
    }

    fn prepare(&self, command: &mut Command) {
        let path = std::env::var("PATH").expect("there is a PATH");
        let path = match &self.wrapper {
            Some(wrapper) => format!("{}:{path}", wrapper.display()),
            None => path,
        };
        let _command = command
            .current_dir(self.checkout())
            .stdin(Stdio::null())
            .env("PATH", path)
            .env("HOME", self.outside("home"))
            .env_remove("XDG_CONFIG_HOME")
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
    }

    /// Whether the canary appears if git is asked without care.
    fn is_alive(&self) -> bool {
        let mut git = if self.on_terminal {
            let mut script = Command::new("script");
            let _script = script.args(["-qec", &format!("git {}", self.live.join(" ")), "/dev/null"]);
            script
        } else {
            let mut git = Command::new("git");
            let _git = git.args(&self.live);
            git
        };
        self.prepare(&mut git);
        let _output = git.output();
        self.sang()
    }

    /// Whether the canary appeared; it is gone then.
    fn sang(&self) -> bool {
        fs::remove_file(self.canary()).is_ok()
    }

    fn against(&self, arguments: &[&str]) -> Run {
        let mut command = command(&self.checkout(), &[&["diff", "--against", "start"], arguments].concat());
        self.prepare(&mut command);
        command.output().expect("the command runs").into()
    }
}

fn which(program: &str) -> Output {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("command -v {program}")]).output().expect("sh runs")
}

/// A server that tells the canary of each connection, and asks for a password.
fn listen(canary: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = listener.local_addr().expect("it has an address");
    let _server = thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            fs::write(&canary, "connected").expect("it is written");
            let _asked = stream.read(&mut [0; 4096]);
            let refusal = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n\
                           Content-Length: 0\r\nConnection: close\r\n\r\n";
            let _answered = stream.write_all(refusal.as_bytes());
        }
    });
    format!("http://{address}/fleet")
}

type Arrange = fn(&mut Place);

/// Hostile ways to fetch what a partial clone lacks.
const LAZY: &[(&str, Arrange)] = &[
    ("the upload-pack of a remote", |place| {
        place.partial(&place.nowhere());
        place.config("remote.origin.uploadpack", &place.evil());
    }),
    ("the command for ssh", |place| {
        place.partial("ssh://host.invalid/fleet");
        place.config("core.sshCommand", &place.evil());
    }),
    ("a command in place of an address", |place| {
        place.partial(&format!("ext::{}", place.evil()));
        place.config("protocol.ext.allow", "always");
    }),
    ("a helper for a remote, by an alias", |place| {
        place.partial("x");
        place.config("remote.origin.vcs", "evil");
        place.config("protocol.evil.allow", "always");
        place.config("alias.remote-evil", &format!("!{}", place.evil()));
    }),
    ("a proxy of git's own protocol", |place| {
        place.partial("git://host.invalid/fleet");
        place.config("core.gitProxy", &place.evil());
    }),
    ("a server that is asked", |place| place.partial(&listen(place.canary()))),
    ("a helper for passwords", |place| {
        place.partial(&listen(place.outside("connected")));
        place.config("credential.helper", &format!("!{}", place.evil()));
    }),
    ("a program that asks for passwords", |place| {
        place.partial(&listen(place.outside("connected")));
        place.config("core.askPass", &place.evil());
    }),
    ("an included file", |place| {
        place.partial(&place.nowhere());
        place.write("evil.config", &format!("[remote \"origin\"]\n  uploadpack = {}\n", place.evil()));
        place.config("include.path", "../evil.config");
    }),
    ("a file that is included on a condition", |place| {
        place.partial(&place.nowhere());
        place.write("evil.config", &format!("[remote \"origin\"]\n  uploadpack = {}\n", place.evil()));
        place.config("includeIf.gitdir:**.path", "../evil.config");
    }),
    ("the configuration of a working tree", |place| {
        place.partial(&place.nowhere());
        place.config("extensions.worktreeConfig", "true");
        let text = format!("[remote \"origin\"]\n  uploadpack = {}\n", place.evil());
        place.write(".git/config.worktree", &text);
    }),
    ("another address in place of one", |place| {
        place.partial("https://host.invalid/fleet");
        place.config("remote.origin.uploadpack", &place.evil());
        place.config(&format!("url.{}.insteadOf", place.nowhere()), "https://host.invalid/fleet");
    }),
    ("a command for ssh in the environment", |place| {
        place.partial("ssh://host.invalid/fleet");
        place.set("GIT_SSH_COMMAND", place.evil());
    }),
    ("a program for ssh in the environment", |place| {
        place.partial("ssh://host.invalid/fleet");
        place.set("GIT_SSH", place.evil());
    }),
    ("a proxy in the environment", |place| {
        place.partial("git://host.invalid/fleet");
        place.set("GIT_PROXY_COMMAND", place.evil());
    }),
    ("a program for passwords in the environment", |place| {
        place.partial(&listen(place.outside("connected")));
        place.set("GIT_ASKPASS", place.evil());
    }),
    ("settings in the environment", |place| {
        place.partial(&place.nowhere());
        place.set("GIT_CONFIG_COUNT", "1");
        place.set("GIT_CONFIG_KEY_0", "remote.origin.uploadpack");
        place.set("GIT_CONFIG_VALUE_0", place.evil());
    }),
    ("settings in the environment, as git hands them on", |place| {
        place.partial(&place.nowhere());
        place.set("GIT_CONFIG_PARAMETERS", format!("'remote.origin.uploadpack={}'", place.evil()));
    }),
    ("protocols that the environment allows", |place| {
        place.partial(&format!("ext::{}", place.evil()));
        place.set("GIT_ALLOW_PROTOCOL", "ext:file");
    }),
    ("other programs of git", |place| {
        place.partial(&place.nowhere());
        place.program("programs/git", &format!("#!/bin/sh\nexec {}\n", place.evil()));
        place.set("GIT_EXEC_PATH", place.checkout().join("programs").display().to_string());
    }),
];

/// Hostile things that need no fetch.
const OTHER: &[(&str, Arrange)] = &[
    ("a monitor of files", |place| {
        place.config("core.fsmonitor", &place.evil());
        place.lives_by(&["status"]);
    }),
    ("a monitor of files of a submodule", |place| {
        let inner = place.outside("inner");
        place.git(&["init", "--quiet", &inner.display().to_string()]);
        let commit = ["-C", &inner.display().to_string(), "commit", "--quiet", "--allow-empty", "-m", "x"];
        place.git(&commit);
        let from = inner.display().to_string();
        place.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &from, "inner"]);
        place.commit("submodule");
        place.git(&["-C", "inner", "config", "core.fsmonitor", &place.evil()]);
        place.lives_by(&["status"]);
    }),
    ("a program for differences", |place| {
        place.config("diff.external", &place.evil());
        place.lives_by(&["diff", "start"]);
    }),
    ("a program for differences of some files", |place| {
        place.write(".gitattributes", "*.flux diff=evil\n");
        place.config("diff.evil.command", &place.evil());
        place.lives_by(&["diff", "start"]);
    }),
    ("a program that makes text of files", |place| {
        place.write(".git/info/attributes", "*.flux diff=evil\n");
        place.config("diff.evil.textconv", &place.evil());
        place.lives_by(&["diff", "start"]);
    }),
    ("a filter of what is committed", |place| {
        place.write(".gitattributes", "*.flux filter=evil\n");
        place.config("filter.evil.clean", &place.evil());
        place.lives_by(&["diff", "start"]);
    }),
    ("a filter of what is checked out", |place| {
        place.write(".gitattributes", "*.flux filter=evil\n");
        place.config("filter.evil.smudge", &place.evil());
        place.lives_by(&["cat-file", "--filters", "start:identity.flux"]);
    }),
    ("a filter that stays", |place| {
        place.write(".gitattributes", "*.flux filter=evil\n");
        place.config("filter.evil.process", &place.evil());
        place.lives_by(&["diff", "start"]);
    }),
    ("hooks elsewhere", |place| {
        place.program("hooks/post-index-change", &format!("#!/bin/sh\nexec {}\n", place.evil()));
        place.program("hooks/reference-transaction", &format!("#!/bin/sh\nexec {}\n", place.evil()));
        place.config("core.hooksPath", "hooks");
        place.lives_by(&["update-ref", "refs/heads/other", "HEAD"]);
    }),
    ("a pager", |place| {
        place.config("core.pager", &place.evil());
        place.on_terminal = true;
        place.lives_by(&["log"]);
    }),
    ("a pager in the environment", |place| {
        place.set("GIT_PAGER", place.evil());
        place.on_terminal = true;
        place.lives_by(&["log"]);
    }),
    ("an editor", |place| {
        place.config("core.editor", &place.evil());
        place.lives_by(&["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--amend"]);
    }),
    ("an alias", |place| {
        for command in ["rev-parse", "ls-tree", "cat-file", "diff-index", "for-each-ref", "evil"] {
            place.config(&format!("alias.{command}"), &format!("!{}", place.evil()));
        }
        place.lives_by(&["evil"]);
    }),
    ("a program for differences in the environment", |place| {
        place.set("GIT_EXTERNAL_DIFF", place.evil());
        place.lives_by(&["diff", "start"]);
    }),
    ("a trace", |place| trace(place, "GIT_TRACE")),
    ("a trace of how it begins", |place| {
        trace(place, "GIT_TRACE_SETUP");
        place.lives_by(&["status"]);
    }),
    ("a trace of its second kind", |place| trace(place, "GIT_TRACE2")),
    ("a trace of events", |place| trace(place, "GIT_TRACE2_EVENT")),
    ("a trace of times", |place| trace(place, "GIT_TRACE2_PERF")),
    ("a trace that the user's configuration asks for", |place| {
        let text = format!("[trace2]\n  normalTarget = {}\n", place.canary().display());
        fs::write(place.outside("home/.gitconfig"), text).expect("it is written");
        place.lives_by(&["rev-parse", "HEAD"]);
    }),
    ("a trace of events that the user's configuration asks for", |place| {
        let text = format!("[trace2]\n  eventTarget = {}\n", place.canary().display());
        fs::write(place.outside("home/.gitconfig"), text).expect("it is written");
        place.lives_by(&["rev-parse", "HEAD"]);
    }),
    ("a trace of times that an included file asks for", |place| {
        let text = format!("[trace2]\n  perfTarget = {}\n", place.canary().display());
        place.write("evil.config", &text);
        let text = format!("[include]\n  path = {}\n", place.checkout().join("evil.config").display());
        fs::write(place.outside("home/.gitconfig"), text).expect("it is written");
        place.lives_by(&["rev-parse", "HEAD"]);
    }),
    ("another configuration of the user", |place| {
        let text = format!("[trace2]\n  eventTarget = {}\n", place.canary().display());
        place.write("evil.config", &text);
        place.set("GIT_CONFIG_GLOBAL", "evil.config");
        place.lives_by(&["rev-parse", "HEAD"]);
    }),
    ("another configuration of the system", |place| {
        let text = format!("[trace2]\n  eventTarget = {}\n", place.canary().display());
        place.write("evil.config", &text);
        place.set("GIT_CONFIG_SYSTEM", "evil.config");
        place.lives_by(&["rev-parse", "HEAD"]);
    }),
    ("a git of the checkout, by an empty entry of PATH", |place| {
        place.program("git", &format!("#!/bin/sh\nexec {}\n", place.evil()));
        let path = std::env::var("PATH").expect("there is a PATH");
        place.set("PATH", format!(":{path}"));
    }),
    ("a git of the checkout, by a relative entry of PATH", |place| {
        place.program("tools/git", &format!("#!/bin/sh\nexec {}\n", place.evil()));
        let path = std::env::var("PATH").expect("there is a PATH");
        place.set("PATH", format!("tools:.:{path}"));
    }),
    ("a git of the checkout, by an absolute entry of PATH", |place| {
        place.program("tools/git", &format!("#!/bin/sh\nexec {}\n", place.evil()));
        let path = std::env::var("PATH").expect("there is a PATH");
        place.set("PATH", format!("{}:{path}", place.checkout().join("tools").display()));
    }),
    ("a git of the checkout, by a link from outside", |place| {
        place.program("tools/git", &format!("#!/bin/sh\nexec {}\n", place.evil()));
        symlink(place.checkout().join("tools"), place.outside("bin")).expect("it is made");
        let path = std::env::var("PATH").expect("there is a PATH");
        place.set("PATH", format!("{}:{path}", place.outside("bin").display()));
    }),
    ("a library that is loaded first", |place| {
        let text = "#include <fcntl.h>\n#include <stdlib.h>\n#include <string.h>\n#include <stdio.h>\n\
                    extern char *program_invocation_short_name;\n\
                    __attribute__((constructor)) static void begin(void) {\n\
                      const char *canary = getenv(\"CANARY\");\n\
                      if (!strcmp(program_invocation_short_name, \"git\"))\n\
                        open(canary ? canary : FALLBACK, O_CREAT | O_WRONLY, 0600);\n}\n";
        let text = text.replace("FALLBACK", &format!("{:?}", place.canary().display().to_string()));
        place.write("evil.c", &text);
        let library = place.checkout().join("evil.so");
        let mut cc = Command::new("cc");
        let made = cc.current_dir(place.checkout()).args(["-shared", "-fPIC", "-o", "evil.so", "evil.c"]);
        assert!(made.status().expect("cc runs").success());
        place.set("LD_PRELOAD", library.display().to_string());
    }),
];

fn trace(place: &mut Place, variable: &str) {
    place.set(variable, place.canary().display().to_string());
    place.lives_by(&["rev-parse", "HEAD"]);
}

/// Shows that each row is alive, and that it does nothing to us. `more`: what else is done to the place then.
fn assert_harmless(rows: &[(&str, Arrange)], more: impl Fn(&mut Place)) {
    let mut failed = Vec::new();
    for (name, arrange) in rows {
        let mut place = Place::new();
        arrange(&mut place);
        // A program that was just written cannot be run while another thread, which is about to run something itself, still
        // has it open.
        if !(0..5).any(|_| place.is_alive()) {
            failed.push(format!("{name}: git does nothing of the kind, so that nothing is shown"));
        }
        more(&mut place);
        let _before = place.sang();
        for arguments in [&[][..], &["--file", "moved.flux"], &["--format", "json"]] {
            let run = place.against(arguments);
            if place.sang() {
                failed.push(format!("{name}: {arguments:?} did it"));
            }
            assert!((0..=3).contains(&run.status), "{name}, {arguments:?}: {}", run.stderr);
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn no_way_to_fetch_what_is_missing_is_taken() {
    assert_harmless(LAZY, |_| {});
}

#[test]
fn a_git_that_knows_no_switch_against_fetching_fetches_nothing() {
    assert_harmless(LAZY, |place| place.forgets("GIT_NO_LAZY_FETCH"));
}

#[test]
fn a_git_that_knows_no_list_of_protocols_fetches_nothing() {
    assert_harmless(LAZY, |place| place.forgets("GIT_ALLOW_PROTOCOL"));
}

#[test]
fn no_configuration_and_no_environment_runs_or_writes_anything() {
    assert_harmless(OTHER, |_| {});
}

#[test]
fn what_needs_no_fetch_is_compared_all_the_same() {
    for (name, arrange) in OTHER {
        let mut place = Place::new();
        arrange(&mut place);
        let run = place.against(&[]);
        assert_eq!((run.status, run.stdout.as_str()), (0, ""), "{name}: {}", run.stderr);
        let moved = place.against(&["--file", "moved.flux"]);
        assert_eq!(moved.status, 0, "{name}: {}", moved.stderr);
    }
}

#[test]
fn a_repository_within_the_checkout_that_looks_like_a_bare_one_is_none() {
    let place = Place::new();
    let inner = place.checkout().join("infra");
    place.git(&["init", "--quiet", "--bare", &inner.display().to_string()]);
    place.write("infra/identity.flux", FLEET);
    let inner = inner.display().to_string();
    place.git(&["--git-dir", &inner, "config", "core.bare", "false"]);
    place.git(&["--git-dir", &inner, "config", "core.worktree", "."]);
    place.git(&["--git-dir", &inner, "config", "core.fsmonitor", &place.evil()]);
    let mut git = Command::new("git");
    let _status = git.current_dir(&inner).arg("status").output().expect("git runs");
    assert!(place.sang(), "git does nothing of the kind, so that nothing is shown");
    let run = run(&place.checkout(), &["diff", "-C", "infra", "--against", "HEAD"]);
    assert!(!place.sang());
    assert_eq!(run.status, 2);
    insta::assert_snapshot!(run.stderr, @r#"
    error: `.` is not in a git repository
      = help: without a revision, `diff` compares with the files on disk
    "#);
}

#[test]
fn a_working_tree_that_the_configuration_puts_elsewhere_is_refused() {
    let place = Place::new();
    place.config("core.worktree", &place.directory.path().display().to_string());
    let run = place.against(&[]);
    assert_eq!((run.status, run.stdout.as_str()), (3, ""));
    let shown = run.stderr.replace(&place.directory.path().display().to_string(), "DIR");
    insta::assert_snapshot!(shown, @r#"
    error: the working tree of the repository of `.` is elsewhere, in `DIR`
      = help: run `git config --unset core.worktree` to move it back
    "#);
}

#[test]
fn replaced_objects_and_grafts_change_nothing() {
    let place = Place::new();
    place.write("identity.flux", &FLEET.replace("flux-ecr", "other"));
    place.commit("third");
    let first = place.against(&[]);
    assert_eq!(first.status, 1, "{}", first.stderr);
    place.git(&["replace", "start:identity.flux", "HEAD:identity.flux"]);
    assert_eq!(place.against(&[]).stdout, first.stdout);
    // A graft makes the last commit the child of none.
    let head = String::from_utf8(
        Command::new("git")
            .current_dir(place.checkout())
            .args(["rev-parse", "HEAD"])
            .output()
            .expect("git runs")
            .stdout,
    );
    place.write(".git/info/grafts", &head.expect("it is a name"));
    let run = run(&place.checkout(), &["diff", "--against", "HEAD~1"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
}

// ---------------------------------------------------------------------------------------------------
// What is missing

/// What is said without a revision, in another place each time.
fn said(place: &Place, arguments: &[&str]) -> (i32, String) {
    let run = place.against(arguments);
    assert_eq!(run.stdout, "");
    (run.status, run.stderr)
}

#[test]
fn a_source_that_a_partial_clone_lacks_is_missing() {
    let place = Place::new();
    place.partial(&place.nowhere());
    let (status, shown) = said(&place, &[]);
    assert_eq!(status, 3);
    insta::assert_snapshot!(shown, @r#"
    error[F0423]: start:identity.flux: object `6bb4b0c6c9f059daa697e9d5c6f2649014d7790e` is missing from the git repository
     = help: this is a partial clone: `git fetch origin 6bb4b0c6c9f059daa697e9d5c6f2649014d7790e` fetches this object, `git fetch --refetch --no-filter origin` fetches all

    1 error
    for more information, run `flux-identity explain F0423`
    "#);
}

#[test]
fn what_a_partial_clone_lacks_is_there_after_the_command_that_is_named() {
    let place = Place::new();
    place.config("uploadpack.allowFilter", "true");
    let clone = place.outside("clone");
    let url = format!("file://{}", place.checkout().display());
    place.git(&["clone", "--quiet", "--filter=blob:none", &url, &clone.display().to_string()]);
    let against = || {
        let mut command = command(&clone, &["diff", "--against", "origin/HEAD"]);
        place.prepare(&mut command);
        let run: Run = command.current_dir(&clone).output().expect("it runs").into();
        run
    };
    for which in [0, 1] {
        place.write("identity.flux", &format!("{FLEET}# {which}\n"));
        place.commit("one more");
        let fetched = |arguments: &[&str]| {
            let mut git = Command::new("git");
            let output = git.current_dir(&clone).args(arguments).output().expect("git runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        };
        fetched(&["fetch", "--quiet", "origin"]);
        let lacking = against();
        assert!(lacking.status == 3 && lacking.stderr.contains("F0423"), "{}", lacking.stderr);
        let commands: Vec<&str> =
            lacking.stderr.split('`').filter(|part| part.starts_with("git fetch")).collect();
        let command: Vec<&str> = commands[which].split(' ').skip(1).collect();
        fetched(&command);
        let there = against();
        assert_eq!(there.status, 0, "{command:?}: {}", there.stderr);
    }
}

#[test]
fn a_remote_whose_name_a_shell_would_obey_is_not_named() {
    let place = Place::new();
    place.partial(&place.nowhere());
    place.git(&["config", "--rename-section", "remote.origin", "remote.$(touch x)"]);
    let (status, shown) = said(&place, &[]);
    assert!(status == 3 && shown.contains("`git fetch REMOTE ") && !shown.contains("touch"), "{shown}");
}

#[test]
fn a_source_that_a_damaged_repository_lacks_is_missing() {
    let place = Place::new();
    fs::remove_file(place.object("start:identity.flux")).expect("it is there");
    let (status, shown) = said(&place, &[]);
    assert_eq!(status, 3);
    insta::assert_snapshot!(shown, @r#"
    error[F0423]: start:identity.flux: object `6bb4b0c6c9f059daa697e9d5c6f2649014d7790e` is missing from the git repository
     = help: the repository is damaged: `git fsck` lists the missing objects, and `git fetch --refetch` fetches them from a remote

    1 error
    for more information, run `flux-identity explain F0423`
    "#);
}

#[test]
fn an_included_file_that_is_missing_is_missing_and_not_nothing() {
    let place = Place::new();
    place.write("root.flux", "include \"parts/*.flux\"\n");
    place.write("parts/a.flux", FLEET);
    place.commit("parts");
    place.git(&["tag", "--force", "start"]);
    fs::remove_file(place.object("start:parts/a.flux")).expect("it is there");
    let (status, shown) = said(&place, &["--file", "root.flux"]);
    assert_eq!(status, 3);
    insta::assert_snapshot!(shown, @r#"
    error[F0423]: start:parts/a.flux: object `6bb4b0c6c9f059daa697e9d5c6f2649014d7790e` is missing from the git repository
     = help: the repository is damaged: `git fsck` lists the missing objects, and `git fetch --refetch` fetches them from a remote

    1 error
    for more information, run `flux-identity explain F0423`
    "#);
}

#[test]
fn a_directory_that_is_missing_is_missing_and_not_empty() {
    let place = Place::new();
    place.write("infra/identity.flux", FLEET);
    place.write("infra/deep/x", "x");
    place.commit("infra");
    place.git(&["tag", "--force", "start"]);
    let directory = place.object("start:infra");
    let saved = fs::read(&directory).expect("it is there");
    fs::remove_file(&directory).expect("it is there");
    for arguments in [&["-C", "infra"][..], &["--file", "infra/identity.flux"]] {
        let (status, shown) = said(&place, arguments);
        assert_eq!(status, 3, "{shown}");
        assert!(shown.starts_with("error[F0423]: start:infra: "), "{shown}");
    }
    fs::write(&directory, saved).expect("it is written");
    fs::remove_file(place.object("start:infra/deep")).expect("it is there");
    let (status, shown) = said(&place, &["-C", "infra"]);
    assert_eq!(status, 3, "{shown}");
    insta::assert_snapshot!(shown, @r#"
    error[F0423]: start:infra/deep: object `f115c6d5cfb15ca1a72429900dcaca0fd1057951` is missing from the git repository
     = help: the repository is damaged: `git fsck` lists the missing objects, and `git fetch --refetch` fetches them from a remote

    1 error
    for more information, run `flux-identity explain F0423`
    "#);
}

#[test]
fn a_commit_that_is_missing_is_told_from_a_name_that_nobody_gave() {
    let place = Place::new();
    fs::remove_file(place.object("start")).expect("it is there");
    let (status, shown) = said(&place, &[]);
    assert_eq!(status, 3);
    let shown: String = shown.split('`').map(|part| if part.len() == 40 { "OBJECT" } else { part }).collect();
    insta::assert_snapshot!(shown, @r#"
    error[F0423]: start: object OBJECT is missing from the git repository
     = help: the repository is damaged: git fsck lists the missing objects, and git fetch --refetch fetches them from a remote

    1 error
    for more information, run flux-identity explain F0423
    "#);
}

#[test]
fn a_source_that_may_have_been_renamed_is_not_new_while_its_contents_are_missing() {
    let place = Place::new();
    fs::remove_file(place.object("start:old.flux")).expect("it is there");
    let (status, shown) = said(&place, &["--file", "moved.flux"]);
    assert_eq!(status, 3, "{shown}");
    insta::assert_snapshot!(shown, @r#"
    error[F0423]: start:old.flux: object `e7c2f3c433fd252d0ba1df385fffba11f6c89239` is missing from the git repository
     = help: the repository is damaged: `git fsck` lists the missing objects, and `git fetch --refetch` fetches them from a remote

    1 error
    for more information, run `flux-identity explain F0423`
    "#);
}

// ---------------------------------------------------------------------------------------------------
// Objects from elsewhere

#[test]
fn objects_of_another_repository_are_not_read_without_a_word() {
    let place = Place::new();
    let shared = place.outside("shared");
    place.git(&["clone", "--quiet", "--shared", ".", &shared.display().to_string()]);
    let mut command = command(&shared, &["diff", "--against", "start"]);
    place.prepare(command.current_dir(&shared));
    let run: Run = command.current_dir(&shared).output().expect("it runs").into();
    let shown = run.stderr.replace(&place.directory.path().display().to_string(), "DIR");
    assert_eq!(run.status, 0, "{shown}");
    insta::assert_snapshot!(shown, @r#"
    git also reads objects from `DIR/checkout/.git/objects`
    1 cluster, no changes since `start`
    "#);
}

#[test]
fn a_list_of_other_repositories_that_is_no_file_is_not_waited_for() {
    let place = Place::new();
    let list = place.checkout().join(".git/objects/info/alternates");
    assert!(Command::new("mkfifo").arg(&list).status().expect("mkfifo runs").success());
    let mut limit = Command::new("timeout");
    let _limit = limit.args(["20", env!("CARGO_BIN_EXE_flux-identity"), "diff", "--against", "start"]);
    place.prepare(&mut limit);
    let run: Run = limit.output().expect("timeout runs").into();
    assert_eq!(run.status, 3, "{}", run.stderr);
    let shown = run.stderr.replace(&place.directory.path().display().to_string(), "DIR");
    insta::assert_snapshot!(shown, @r#"
    error: cannot read `DIR/checkout/.git/objects/info/alternates`: it is no regular file
      = help: it lists the repositories that git reads objects from; remove it, or make it a regular file
    "#);
}

// ---------------------------------------------------------------------------------------------------
// Whoever asks git nothing

#[test]
fn no_other_command_starts_a_process() {
    let place = Place::new();
    place.config("core.fsmonitor", &place.evil());
    fs::remove_file(place.checkout().join("moved.flux")).expect("it is there");
    let trace = place.outside("trace");
    let starts = |arguments: &[&str]| {
        let mut strace = Command::new("strace");
        let _strace = strace
            .args(["-f", "-qq", "-e", "trace=execve,fork,vfork,connect,socket", "-o"])
            .arg(&trace)
            .arg(env!("CARGO_BIN_EXE_flux-identity"))
            .args(arguments);
        place.prepare(&mut strace);
        let output = strace.output().expect("strace runs");
        let text = fs::read_to_string(&trace).expect("it is written");
        // strace has no name of a call for a thread that ends while it attaches.
        let is_call = |line: &&str| line.contains('(') && !line.contains("???(");
        let calls = text.lines().filter(is_call).count();
        assert!(text.contains("execve("), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        calls
    };
    for arguments in [
        &["check"][..],
        &["build"],
        &["diff"],
        &["show"],
        &["trust"],
        &["outputs"],
        &["render", "a"],
        &["fmt"],
        &["explain", "F0001"],
        &["import", "."],
        &["init", "--file", "new/identity.flux"],
    ] {
        assert_eq!(starts(arguments), 1, "{arguments:?}: {}", fs::read_to_string(&trace).unwrap_or_default());
    }
    assert!(starts(&["diff", "--against", "start"]) > 1, "this would have been seen");
    assert!(!Path::new(&place.canary()).exists());
}
