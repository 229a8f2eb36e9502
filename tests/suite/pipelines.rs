//! The action, the component of GitLab and the hooks of pre-commit do in a repository of two commits what they promise.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_yaml::Value;

use crate::harness::{Run, directory, project};

const BEFORE: &str =
    "cluster dev on eks {\n  source-controller -> aws \"arn:aws:iam::111122223333:role/flux-registry\"\n}\n";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The archives of a release, behind the name and the version. The catalog of Flux's plugins wants these names.
const ARCHIVES: [&str; 5] = [
    "darwin_amd64.tar.gz",
    "darwin_arm64.tar.gz",
    "linux_amd64.tar.gz",
    "linux_arm64.tar.gz",
    "windows_amd64.zip",
];

/// What stands in for `gh`: it keeps its arguments, and answers with the comments that are there.
const GH: &str = r#"#!/bin/sh
printf '%s\n' "$@" >> "$STATE/gh.log"
case " $* " in
  *" --paginate "*) cat "$STATE/comments" 2> /dev/null ;;
esac
[ ! -e "$STATE/refuses" ]
"#;

#[test]
fn the_action_installs_the_archive_of_its_tag_if_the_checksum_is_right() {
    let pipeline = Pipeline::new();
    if !pipeline.release(|sum| sum) {
        return;
    }
    let installed = pipeline.action("Install flux-identity");
    assert_eq!(
        (installed.status, installed.stdout),
        (0, format!("flux-identity {VERSION}\n")),
        "{}",
        installed.stderr
    );
    let path = fs::read_to_string(pipeline.at("state/path")).expect("the path is written");
    assert!(Path::new(path.trim_end()).join("flux-identity").is_file(), "{path}");
}

#[test]
fn the_action_installs_nothing_with_another_checksum() {
    let pipeline = Pipeline::new();
    if !pipeline.release(|_| "0".repeat(64)) {
        return;
    }
    let refused = pipeline.action("Install flux-identity");
    assert_eq!(refused.status, 1);
    let archive = format!("::error::flux-identity_{VERSION}_linux_amd64.tar.gz has the checksum ");
    assert!(refused.stdout.starts_with(&archive), "{}", refused.stdout);
    assert!(!pipeline.at("state/path").exists());
}

#[test]
fn the_checksum_of_a_workflow_counts_more_than_that_of_the_release() {
    let mut pipeline = Pipeline::new();
    if !pipeline.release(|sum| sum) {
        return;
    }
    pipeline.input("sha256", &"a".repeat(64));
    let refused = pipeline.action("Install flux-identity");
    let said = format!(", and not {}, which is that of the input 'sha256'\n", "a".repeat(64));
    assert!(refused.stdout.ends_with(&said), "{}", refused.stdout);
}

#[test]
fn a_checksum_of_a_workflow_may_be_that_of_the_plugin_and_must_be_one() {
    let mut pipeline = Pipeline::new();
    if !pipeline.release(|sum| sum) {
        return;
    }
    pipeline.input("sha256", &format!("sha256:{}", pipeline.checksum()));
    assert_eq!(pipeline.action("Install flux-identity").status, 0);
    pipeline.input("sha256", "abc");
    let refused = pipeline.action("Install flux-identity");
    assert_eq!(refused.stdout, "::error::the input 'sha256' must have 64 hexadecimal digits\n");
}

#[test]
fn a_checksum_of_a_workflow_may_have_capitals() {
    let mut pipeline = Pipeline::new();
    if !pipeline.release(|sum| sum) {
        return;
    }
    pipeline.input("sha256", &pipeline.checksum().to_uppercase());
    let installed = pipeline.action("Install flux-identity");
    assert_eq!((installed.status, installed.stdout), (0, format!("flux-identity {VERSION}\n")));
}

#[test]
fn the_action_says_that_a_branch_of_it_names_no_release() {
    let mut pipeline = Pipeline::new();
    let _old = pipeline.expressions.insert("github.action_ref".to_owned(), "main".to_owned());
    let refused = pipeline.action("Install flux-identity");
    assert_eq!(refused.status, 1);
    assert!(
        refused.stdout.starts_with("::error::set the input 'version' to a release"),
        "{}",
        refused.stdout
    );
}

#[test]
fn the_action_shows_what_a_pull_request_changes_and_comments_once() {
    let pipeline = Pipeline::new();
    pipeline.edit("flux-registry", "flux-images");
    let compared = pipeline.action("Compare with the base");
    assert_eq!(compared.status, 0, "{}", compared.stderr);
    assert_eq!(pipeline.state("output"), "changed=true\n");
    assert!(pipeline.state("summary").contains("role/flux-images"), "{}", pipeline.state("summary"));

    let first = pipeline.action("Comment on the pull request");
    assert_eq!((first.status, first.stderr.as_str()), (0, ""));
    assert!(
        pipeline.state("gh.log").contains("POST\nrepos/acme/fleet/issues/7/comments\n"),
        "{}",
        pipeline.state("gh.log")
    );
    let body = pipeline.state("flux-identity-comment.md");
    assert!(body.starts_with("<!-- flux-identity: identity.flux -->\n### "), "{body}");

    fs::write(pipeline.at("state/comments"), "41\n").expect("it is written");
    let second = pipeline.action("Comment on the pull request");
    assert_eq!((second.status, second.stderr.as_str()), (0, ""));
    assert!(
        pipeline.state("gh.log").contains("PATCH\nrepos/acme/fleet/issues/comments/41\n"),
        "{}",
        pipeline.state("gh.log")
    );
}

#[test]
fn a_pull_request_that_changes_no_identity_gets_no_comment() {
    let pipeline = Pipeline::new();
    pipeline.edit("cluster dev", "# Soon more.\ncluster dev");
    assert_eq!(pipeline.action("Compare with the base").status, 0);
    assert_eq!(pipeline.state("output"), "changed=false\n");
    assert_eq!(pipeline.action("Comment on the pull request").status, 0);
    assert!(!pipeline.state("gh.log").contains("POST"), "{}", pipeline.state("gh.log"));
}

#[test]
fn a_pull_request_is_not_blamed_for_what_its_base_got_since() {
    let mut pipeline = Pipeline::new();
    pipeline.merge_after_a_change_of_the_base();
    let compared = pipeline.action("Compare with the base");
    assert_eq!(
        (compared.status, pipeline.state("output").as_str()),
        (0, "changed=false\n"),
        "{}",
        compared.stderr
    );
    // Another event, whose commit is not the merge.
    pipeline.sha = "0".repeat(40);
    let compared = pipeline.action("Compare with the base");
    assert_eq!(compared.status, 0, "{}", compared.stderr);
    assert!(pipeline.state("output").ends_with("changed=true\n"), "{}", pipeline.state("output"));
}

#[test]
fn a_base_that_cannot_be_fetched_is_told_in_the_summary_and_the_comment() {
    let mut pipeline = Pipeline::new();
    pipeline.input("against", &"1".repeat(40));
    fs::write(pipeline.at("state/comments"), "41\n").expect("it is written");
    assert_eq!(pipeline.action("Compare with the base").status, 2);
    let said = "\nNot compared: there is no revision `1111111111111111111111111111111111111111` in the checkout, and none \
                to fetch; `fetch-depth: 0` of actions/checkout has all.\n";
    assert!(pipeline.state("summary").ends_with(said), "{}", pipeline.state("summary"));
    assert_eq!(pipeline.action("Comment on the pull request").status, 0);
    assert!(pipeline.state("flux-identity-comment.md").ends_with(said));
}

#[test]
fn a_token_that_may_only_read_fails_nothing() {
    let pipeline = Pipeline::new();
    pipeline.edit("flux-registry", "flux-images");
    fs::write(pipeline.at("state/refuses"), "").expect("it is written");
    assert_eq!(pipeline.action("Compare with the base").status, 0);
    for step in ["Comment on the pull request", "Check", "Upload the findings"] {
        let run = pipeline.action(step);
        assert_eq!(run.status, i32::from(step == "Check"), "{step}: {}", run.stderr);
        assert_eq!(run.stdout.starts_with("::warning::"), step != "Check", "{step}: {}", run.stdout);
    }
}

#[test]
fn the_action_fails_for_drift_and_uploads_the_findings() {
    let pipeline = Pipeline::new();
    assert_eq!(pipeline.action("Check").status, 0);
    pipeline.edit("flux-registry", "flux-images");
    let check = pipeline.action("Check");
    assert_eq!(check.status, 1);
    assert!(check.stderr.contains("clusters/dev/flux-system/kustomization.yaml"), "{}", check.stderr);
    assert_eq!(pipeline.action("Upload the findings").status, 0);
    let sarif: Value = serde_yaml::from_str(&pipeline.state("flux-identity.sarif")).expect("it is JSON");
    assert_eq!(sarif["version"], "2.1.0");
    assert!(
        pipeline.state("gh.log").contains("repos/acme/fleet/code-scanning/sarifs"),
        "{}",
        pipeline.state("gh.log")
    );
}

#[test]
fn a_check_that_fails_is_told_in_the_summary() {
    let pipeline = Pipeline::new();
    assert_eq!((pipeline.action("Check").status, pipeline.state("summary").as_str()), (0, ""));
    pipeline.edit("flux-registry", "flux-images");
    assert_eq!(pipeline.action("Check").status, 1);
    let said = "`flux-identity check` of `identity.flux` failed: the log of the job has the findings.\n";
    assert_eq!(pipeline.state("summary"), said);
}

#[test]
fn a_comment_says_that_the_check_failed() {
    let mut pipeline = Pipeline::new();
    let overlay = "clusters/dev/flux-system/kustomization.yaml";
    assert_eq!(
        pipeline.run(&format!("sed -i 's/flux-registry/admin/' {overlay} && git commit -qam x"), &[]).status,
        0
    );
    let _old = pipeline.expressions.insert("steps.check.outcome".to_owned(), "failure".to_owned());
    assert_eq!((pipeline.action("Check").status, pipeline.action("Compare with the base").status), (1, 0));
    fs::write(pipeline.at("state/comments"), "41\n").expect("it is written");
    assert_eq!(pipeline.action("Comment on the pull request").status, 0);
    let body = pipeline.state("flux-identity-comment.md");
    assert!(
        body.contains("No change in 1 cluster.") && body.contains("\n**`flux-identity check` failed**: "),
        "{body}"
    );
}

#[test]
fn what_is_not_uploaded_to_code_scanning_is_annotated() {
    let mut pipeline = Pipeline::new();
    pipeline.edit("flux-registry", "flux-images");
    let annotation = "::error file=clusters/dev/flux-system/kustomization.yaml";
    let check = pipeline.action("Check");
    assert!(!check.stdout.contains("::error"), "{}", check.stdout);
    fs::write(pipeline.at("state/refuses"), "").expect("it is written");
    let upload = pipeline.action("Upload the findings");
    assert!(upload.status == 0 && upload.stdout.contains(annotation), "{}", upload.stdout);
    pipeline.input("sarif", "false");
    let check = pipeline.action("Check");
    assert!(check.status == 1 && check.stdout.contains(annotation), "{}", check.stdout);
}

#[test]
fn the_findings_of_a_check_are_not_repeated_by_the_comparison() {
    let pipeline = Pipeline::new();
    pipeline.edit("source-controller", "notification-controller");
    assert!(pipeline.action("Check").stderr.contains("warning["));
    let compared = pipeline.action("Compare with the base");
    assert_eq!((compared.status, compared.stderr.as_str()), (0, ""));
}

#[test]
fn a_source_with_errors_fails_the_comparison() {
    let pipeline = Pipeline::new();
    pipeline.edit("source-controller", "source-controler");
    let checked = pipeline.action("Check");
    assert!(checked.stderr.contains("did you mean"), "{}", checked.stderr);
    let compared = pipeline.action("Compare with the base");
    assert_eq!(
        (compared.status, compared.stderr.as_str()),
        (1, ""),
        "what the check has shown is not repeated"
    );
}

#[test]
fn the_comment_of_an_earlier_run_says_that_a_source_with_errors_is_not_compared() {
    let pipeline = Pipeline::new();
    pipeline.edit("source-controller", "source-controler");
    fs::write(pipeline.at("state/comments"), "41\n").expect("it is written");
    assert_eq!(pipeline.action("Compare with the base").status, 1);
    assert!(runs_after_a_failure_of("compare", "Comment on the pull request"));
    let comment = pipeline.action("Comment on the pull request");
    assert_eq!((comment.status, comment.stderr.as_str()), (0, ""));
    let log = pipeline.state("gh.log");
    assert!(log.contains("PATCH\nrepos/acme/fleet/issues/comments/41\n"), "{log}");
    let body = pipeline.state("flux-identity-comment.md");
    let said = "\nNot compared: the source has errors, which the log of the job lists.\n";
    assert!(
        body.starts_with("<!-- flux-identity: identity.flux -->\n### ") && body.ends_with(said),
        "{body}"
    );
}

#[test]
fn a_source_with_errors_gets_no_comment_if_there_is_none() {
    let pipeline = Pipeline::new();
    pipeline.edit("source-controller", "source-controler");
    assert_eq!(pipeline.action("Compare with the base").status, 1);
    assert_eq!(pipeline.action("Comment on the pull request").status, 0);
    assert!(!pipeline.state("gh.log").contains("POST"), "{}", pipeline.state("gh.log"));
}

#[test]
fn the_component_of_gitlab_writes_a_report_of_code_quality() {
    let pipeline = Pipeline::new();
    pipeline.edit("flux-registry", "flux-images");
    let run = pipeline.component();
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stdout.contains("role/flux-images"), "{}", run.stdout);
    let report = fs::read_to_string(pipeline.at("fleet/gl-code-quality-report.json")).expect("it is written");
    let report: Value = serde_yaml::from_str(&report).expect("it is JSON");
    let paths =
        report.as_sequence().expect("a list").iter().map(|finding| text(&finding["location"]["path"]));
    assert!(
        paths.into_iter().any(|path| path == "clusters/dev/flux-system/kustomization.yaml"),
        "{report:?}"
    );
}

#[test]
fn the_component_checks_even_if_it_cannot_compare() {
    let mut pipeline = Pipeline::new();
    let _old = pipeline.expressions.insert("github.event.pull_request.base.sha".to_owned(), "1".repeat(40));
    let run = pipeline.component();
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(pipeline.at("fleet/gl-code-quality-report.json").exists(), "{}", run.stderr);
}

#[test]
fn a_pipeline_of_merged_results_is_not_blamed_for_what_its_target_got_since() {
    let mut pipeline = Pipeline::new();
    pipeline.merge_after_a_change_of_the_base();
    assert!(pipeline.component().stdout.contains("role/flux-images"));
    let target = pipeline.run("git rev-parse HEAD^1", &[]).stdout.trim_end().to_owned();
    let run = pipeline.component_with(&[("CI_MERGE_REQUEST_TARGET_BRANCH_SHA".to_owned(), target)]);
    assert!(run.stderr.contains("no changes since") && run.stdout.is_empty(), "{}{}", run.stdout, run.stderr);
}

#[test]
fn the_hooks_of_pre_commit_are_commands_that_there_are() {
    let hooks = read(&project().join(".pre-commit-hooks.yaml"));
    let pipeline = Pipeline::new();
    for hook in hooks.as_sequence().expect("a list of hooks") {
        let entry = hook["entry"].as_str().expect("a command");
        let run =
            pipeline.run(&format!("{entry} identity.flux").replace("check identity.flux", "check"), &[]);
        assert_eq!(run.status, 0, "{entry}: {}", run.stderr);
    }
}

#[test]
fn the_formula_has_the_archives_of_a_release_and_their_checksums() {
    let pipeline = Pipeline::new();
    let sums = ARCHIVES.iter().enumerate().map(|(at, archive)| format!("{at:064x}  {}\n", file(archive)));
    let sums = sums.collect::<Vec<_>>().concat();
    fs::write(pipeline.at("state/sums"), sums).expect("it is written");
    let script = format!(
        "{}/scripts/formula {VERSION} \"$STATE/sums\" https://forge.example/acme/x",
        project().display()
    );
    let formula = pipeline.run(&script, &[]);
    assert_eq!(formula.status, 0, "{}", formula.stderr);
    for (at, archive) in ARCHIVES.iter().enumerate().filter(|(_, archive)| !archive.starts_with("windows")) {
        let lines = format!(
            "      url \"https://forge.example/acme/x/releases/download/v{VERSION}/{}\"\n      sha256 \"{at:064x}\"\n",
            file(archive)
        );
        assert!(formula.stdout.contains(&lines), "{lines}\n{}", formula.stdout);
    }
    for mark in ["RELEASES", "VERSION", "HOMEPAGE", "SHA256_"] {
        assert!(!formula.stdout.contains(mark), "{mark}\n{}", formula.stdout);
    }
    fs::write(pipeline.at("state/sums"), "").expect("it is written");
    assert_eq!(pipeline.run(&script, &[]).status, 1);
}

#[test]
fn cargo_binstall_finds_an_archive_for_each_platform() {
    let manifest = fs::read_to_string(project().join("Cargo.toml")).expect("it is there");
    let urls: Vec<&str> = manifest.lines().filter_map(|line| line.strip_prefix("pkg-url = \"")).collect();
    for archive in ARCHIVES {
        let name = file(archive).replace(VERSION, "{ version }");
        let url = format!("{{ repo }}/releases/download/v{{ version }}/{name}\"");
        assert!(urls.contains(&url.as_str()), "{url}");
    }
    assert!(urls.iter().all(|url| ARCHIVES.iter().any(|archive| url.contains(archive))), "{urls:?}");
}

/// The file name of an archive.
fn file(archive: &str) -> String {
    format!("flux-identity_{VERSION}_{archive}")
}

/// A repository of a fleet, and what a runner has around it.
struct Pipeline {
    place: tempfile::TempDir,
    /// The values of the expressions of the action.
    expressions: BTreeMap<String, String>,
    /// The commit of the event.
    sha: String,
}

impl Pipeline {
    fn new() -> Pipeline {
        let place = directory(&[("fleet/identity.flux", BEFORE), ("bin/gh", GH), ("state/gh.log", "")]);
        let gh = place.path().join("bin/gh");
        fs::set_permissions(&gh, fs::Permissions::from_mode(0o755)).expect("it becomes a program");
        let built = Path::new(env!("CARGO_BIN_EXE_flux-identity"));
        std::os::unix::fs::symlink(built, place.path().join("bin/flux-identity")).expect("the link is made");
        let mut pipeline = Pipeline { place, expressions: BTreeMap::new(), sha: "0".repeat(40) };
        let base = pipeline.run("flux-identity build >&2 && git init -q && git add . && git commit -qm base && git rev-parse HEAD", &[]);
        assert_eq!(base.status, 0, "{}", base.stderr);
        let action = read(&project().join("action.yml"));
        for (name, input) in action["inputs"].as_mapping().expect("inputs") {
            let default = input["default"].as_str().expect("every input has a default").to_owned();
            pipeline.input(name.as_str().expect("a name"), &default);
        }
        let releases = format!("file://{}", pipeline.at("releases").display());
        pipeline.input("releases", &releases);
        for (name, value) in [
            ("github.event.pull_request.base.sha", base.stdout.trim_end()),
            ("steps.check.outcome", "success"),
            ("github.action_ref", &format!("v{VERSION}")),
            ("github.action_repository", "acme/flux-identity"),
            ("github.event.pull_request.number", "7"),
        ] {
            let _old = pipeline.expressions.insert(name.to_owned(), value.to_owned());
        }
        pipeline
    }

    fn input(&mut self, name: &str, value: &str) {
        let _old = self.expressions.insert(format!("inputs.{name}"), value.to_owned());
    }

    fn at(&self, path: &str) -> PathBuf {
        self.place.path().join(path)
    }

    /// A file that a step wrote; empty if it did not.
    fn state(&self, name: &str) -> String {
        fs::read_to_string(self.at("state").join(name)).unwrap_or_default()
    }

    /// A second commit, in which the source has another text.
    fn edit(&self, old: &str, new: &str) {
        assert!(BEFORE.contains(old));
        fs::write(self.at("fleet/identity.flux"), BEFORE.replace(old, new)).expect("the source is written");
        assert_eq!(self.run("git commit -qam change", &[]).status, 0);
    }

    /// The checkout of a pull request that touches no source, while the branch that it would be merged into got another source.
    fn merge_after_a_change_of_the_base(&mut self) {
        self.edit("flux-registry", "flux-images");
        let merge = "git checkout -q -b topic HEAD^ && echo more > README.md && git add . && git commit -qm topic && \
                     git checkout -q - && git merge -q --no-ff -m merge topic && git rev-parse HEAD";
        let merge = self.run(merge, &[]);
        assert_eq!(merge.status, 0, "{}", merge.stderr);
        merge.stdout.trim_end().clone_into(&mut self.sha);
    }

    /// Makes a release with an archive, and a checksum of it. False without the program that fetches it.
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    fn release(&self, sum: impl Fn(String) -> String) -> bool {
        if self.run("curl --version", &[]).status != 0 {
            eprintln!("skipped: curl is not installed");
            return false;
        }
        let release = self.at("releases").join(format!("v{VERSION}"));
        fs::create_dir_all(&release).expect("the directory is made");
        let archive = format!("flux-identity_{VERSION}_linux_amd64.tar.gz");
        let script = format!(
            "mkdir -p $STATE/archive && printf '#!/bin/sh\\nexec {} \"$@\"\\n' > $STATE/archive/flux-identity && \
             chmod +x $STATE/archive/flux-identity && tar -czf {1}/{archive} -C $STATE/archive flux-identity && \
             sha256sum {1}/{archive}",
            env!("CARGO_BIN_EXE_flux-identity"),
            release.display(),
        );
        let made = self.run(&script, &[]);
        let actual = made.stdout.split(' ').next().expect("it has a checksum").to_owned();
        let sums = format!("{}  {archive}\n", sum(actual));
        fs::write(release.join(format!("flux-identity_{VERSION}_checksums.txt")), sums)
            .expect("it is written");
        true
    }

    /// The checksum of the archive of the release.
    fn checksum(&self) -> String {
        let archive = format!("releases/v{VERSION}/flux-identity_{VERSION}_linux_amd64.tar.gz");
        let sum = self.run(&format!("sha256sum {}", self.at(&archive).display()), &[]).stdout;
        sum.split(' ').next().expect("it has a checksum").to_owned()
    }

    /// A step of the action.
    fn action(&self, name: &str) -> Run {
        let action = read(&project().join("action.yml"));
        let steps = action["runs"]["steps"].as_sequence().expect("steps");
        let step = steps.iter().find(|step| step["name"] == name).expect(name);
        let environment = step["env"].as_mapping().into_iter().flatten();
        let environment: Vec<(String, String)> =
            environment.map(|(name, value)| (text(name).to_owned(), self.evaluate(text(value)))).collect();
        self.run(text(&step["run"]), &environment)
    }

    fn evaluate(&self, text: &str) -> String {
        let Some(expression) = text.strip_prefix("${{ ").and_then(|rest| rest.strip_suffix(" }}")) else {
            return text.to_owned();
        };
        self.expressions.get(expression).unwrap_or_else(|| panic!("{expression} has no value")).clone()
    }

    /// The job of the component, as GitLab runs it for a merge request.
    fn component(&self) -> Run {
        self.component_with(&[])
    }

    fn component_with(&self, variables: &[(String, String)]) -> Run {
        let template = fs::read_to_string(project().join("templates/check.yml")).expect("it is there");
        let (spec, jobs) = template.split_once("\n---\n").expect("it has inputs");
        let spec: Value = serde_yaml::from_str(spec).expect("it is YAML");
        let inputs = spec["spec"]["inputs"].as_mapping().expect("inputs");
        let jobs = inputs.iter().fold(jobs.to_owned(), |jobs, (name, input)| {
            let default = input["default"].as_str().map(str::to_owned);
            let default = default.or_else(|| Some(input["default"].as_bool()?.to_string()));
            let default = default.as_deref().unwrap_or("an-image");
            jobs.replace(&format!("$[[ inputs.{} ]]", text(name)), default)
        });
        assert!(!jobs.contains("$[["), "{jobs}");
        let jobs: Value = serde_yaml::from_str(&jobs).expect("it is YAML");
        let job = &jobs["flux-identity"];
        let mut environment: Vec<(String, String)> = job["variables"]
            .as_mapping()
            .expect("variables")
            .iter()
            .map(|(name, value)| (text(name).to_owned(), text(value).to_owned()))
            .collect();
        let base = self.expressions["github.event.pull_request.base.sha"].clone();
        environment.push(("CI_MERGE_REQUEST_DIFF_BASE_SHA".to_owned(), base));
        environment.push(("CI_PROJECT_DIR".to_owned(), self.at("fleet").display().to_string()));
        environment.extend(variables.iter().cloned());
        let script: Vec<&str> = job["script"].as_sequence().expect("a script").iter().map(text).collect();
        self.run(&format!("set -e\n{}", script.join("\n")), &environment)
    }

    /// Runs a script in the repository, as a runner does.
    fn run(&self, script: &str, environment: &[(String, String)]) -> Run {
        let path =
            format!("{}:{}", self.at("bin").display(), std::env::var("PATH").expect("programs are found"));
        let state = self.at("state");
        let output = Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
            .current_dir(self.at("fleet"))
            .env("PATH", path)
            .env("STATE", &state)
            .env("RUNNER_TEMP", &state)
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", "X64")
            .env("GITHUB_ACTION_PATH", project())
            .env("GITHUB_REPOSITORY", "acme/fleet")
            .env("GITHUB_REF", "refs/pull/7/merge")
            .env("GITHUB_SHA", &self.sha)
            .env("GITHUB_OUTPUT", state.join("output"))
            .env("GITHUB_PATH", state.join("path"))
            .env("GITHUB_STEP_SUMMARY", state.join("summary"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs(["GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"].map(|name| (name, "Runner")))
            .envs(["GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"].map(|name| (name, "runner@example.com")))
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .output()
            .expect("bash runs");
        output.into()
    }
}

/// Whether the condition of a step asks for no success of another step.
fn runs_after_a_failure_of(id: &str, name: &str) -> bool {
    let action = read(&project().join("action.yml"));
    let steps = action["runs"]["steps"].as_sequence().expect("steps");
    let condition = text(&steps.iter().find(|step| step["name"] == name).expect(name)["if"]);
    condition.contains("!cancelled()") && !condition.contains(&format!("{id}.outcome == 'success'"))
}

fn read(path: &Path) -> Value {
    serde_yaml::from_str(&fs::read_to_string(path).expect("it is there")).expect("it is YAML")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}
