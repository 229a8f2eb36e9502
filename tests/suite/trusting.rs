//! Commands of trust, as shells and the command lines of the clouds read them.
//!
//! Programs called `aws`, `az` and `gcloud` record how shells call them. The AWS CLI itself sends its requests to a server of
//! the test, and the Azure CLI shows what it would send; both are Python packages, and `FLUX_IDENTITY_PROOF` gets a line
//! when they were there. That of Google Cloud is no such package, so a table says what it takes.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::mpsc::{Receiver, channel};

use flux_identity::check;
use flux_identity::model::Fleet;
use flux_identity::model::TrustForm;
use flux_identity::model::gcp::ServiceAccountEmail;
use flux_identity::model::kubernetes::Subject;
use flux_identity::trust::{Binding, PrincipalTrust, TargetPolicy, Trust, files};
use proptest::prelude::*;

use crate::harness::{self, directory, run};
use crate::layers::one_in;
use crate::place::repository;
use crate::real::prove;

const TWO_ACCOUNTS: &str = r#"
issuer = "https://oidc.example.com/${cluster}"

cluster a on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/registry"
}

cluster b on eks {
  source-controller -> aws "arn:aws:iam::444455556666:role/registry"
}
"#;

/// What `aws` is told to change, with credentials of an account; what the run ends with, and what it complains of.
fn told_with_credentials_of(account: &str) -> (String, Option<i32>, String) {
    let place = repository(&[("identity.flux", TWO_ACCOUNTS)]);
    let script = run(place.path(), &["trust", "--form", "cli"]);
    assert_eq!(script.status, 0, "{}", script.stderr);
    let aws = format!(
        "aws() {{ if [ \"$1\" = sts ]; then echo '{account}'; else printf '%s ' \"$@\"; echo; fi; }}\n"
    );
    let output = Command::new("sh").arg("-c").arg(aws + &script.stdout).output().expect("sh runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (text(output.stdout), output.status.code(), text(output.stderr))
}

#[test]
fn no_role_of_one_account_is_written_with_credentials_of_another() {
    for (account, own, other) in [("111122223333", "/a:aud", "/b:aud"), ("444455556666", "/b:aud", "/a:aud")]
    {
        let (told, status, complaint) = told_with_credentials_of(account);
        assert!(told.contains(own) && !told.contains(other), "{account}: {told}");
        assert_eq!(told.matches("update-assume-role-policy").count(), 1, "{told}");
        assert_eq!((status, complaint.lines().count()), (Some(1), 1), "{complaint}");
    }
}

#[test]
fn credentials_of_no_account_write_nothing() {
    for account in ["", "None", "999999999999"] {
        let (told, status, _) = told_with_credentials_of(account);
        assert_eq!((told.as_str(), status), ("", Some(1)), "{account}");
    }
}

// ---------------------------------------------------------------------------------------------------
// Calls

/// A call of one of the programs: its subcommand, what stands there without an option, and the options with their values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Call {
    command: String,
    positionals: Vec<String>,
    options: BTreeMap<String, Vec<String>>,
}

impl Call {
    fn new<const N: usize>(command: &str, options: [(&str, &str); N]) -> Call {
        let options = options.into_iter().map(|(name, value)| (name.to_owned(), vec![value.to_owned()]));
        Call { command: command.to_owned(), positionals: Vec::new(), options: options.collect() }
    }
}

/// What the commands take that are written: the required options, and the others. None but the last of a command may be
/// without a value, and only `--client-id-list` and `--audiences` take several.
///
/// Sources: the references of `aws iam`, `aws sts` and `aws eks` of the AWS CLI, of `az identity federated-credential` of
/// the Azure CLI, and <https://cloud.google.com/sdk/gcloud/reference/iam/service-accounts/add-iam-policy-binding>.
const TAKEN: [(&str, &[&str], &[&str]); 7] = [
    ("aws sts get-caller-identity", &[], &["--query", "--output"]),
    ("aws iam create-open-id-connect-provider", &["--url"], &["--client-id-list"]),
    ("aws iam update-assume-role-policy", &["--role-name", "--policy-document"], &[]),
    ("aws iam put-role-policy", &["--role-name", "--policy-name", "--policy-document"], &[]),
    (
        "aws eks create-pod-identity-association",
        &["--cluster-name", "--namespace", "--service-account", "--role-arn"],
        &["--region", "--target-role-arn", FLAG],
    ),
    (
        "az identity federated-credential create",
        &["--identity-name", "--name", "--resource-group"],
        &["--subscription", "--issuer", "--subject", "--audiences"],
    ),
    (
        "gcloud iam service-accounts add-iam-policy-binding",
        &["--member", "--role"],
        &["--condition", "--project"],
    ),
];

/// The option that has no value.
const FLAG: &str = "--disable-session-tags";

/// Reads the arguments of a call as argparse does, which all three programs use: what begins with `-` is an option, and
/// the last of several equal ones counts, so that there must be one only.
fn parsed(arguments: &[String]) -> Call {
    let is_option = |word: &&String| word.starts_with('-');
    let joined = arguments.join(" ");
    let of = |(command, ..): &&(&str, _, _)| joined.starts_with(&format!("{command} "));
    let (command, required, others) = TAKEN.iter().find(of).unwrap_or_else(|| panic!("unknown: {joined}"));
    let mut words = arguments.iter().skip(command.split(' ').count()).peekable();
    let mut call = Call::new(command, []);
    while let Some(word) = words.next_if(|word| !is_option(word)) {
        call.positionals.push(word.clone());
    }
    while let Some(word) = words.next() {
        let (name, value) = word.split_once('=').map_or((word.as_str(), None), |(name, it)| (name, Some(it)));
        assert!(
            required.contains(&name) || others.contains(&name),
            "{command} takes no {name}: {arguments:?}"
        );
        let mut values: Vec<String> = value.into_iter().map(str::to_owned).collect();
        while let Some(value) = words.next_if(|word| values.is_empty() && !is_option(word) && name != FLAG) {
            values.push(value.clone());
        }
        while let Some(value) = words.next_if(|word| name == "--client-id-list" && !is_option(word)) {
            values.push(value.clone());
        }
        if let [json] = values.as_slice()
            && name == "--client-id-list"
            && json.starts_with('[')
        {
            values = serde_json::from_str(json).expect("a list of texts");
        }
        assert_eq!(values.is_empty(), name == FLAG, "{name} has no value: {arguments:?}");
        assert_eq!(
            call.options.insert(name.to_owned(), values),
            None,
            "{name} is there twice: {arguments:?}"
        );
    }
    assert!(required.iter().all(|name| call.options.contains_key(*name)), "{arguments:?}");
    call
}

/// The calls that a trust comes to, with credentials of an AWS account.
fn calls(trust: &Trust<'_>, account: &str) -> Vec<Call> {
    let identity = [("--query", "Account"), ("--output", "text")];
    let mut calls = Vec::new();
    for of_account in &trust.aws {
        calls.push(Call::new("aws sts get-caller-identity", identity));
        if of_account.account != account {
            continue;
        }
        for provider in &of_account.providers {
            let url = [("--url", provider.issuer.as_str())];
            let mut call = Call::new("aws iam create-open-id-connect-provider", url);
            let audiences = provider.audiences.iter().map(|audience| (*audience).to_owned());
            let _none = call.options.insert("--client-id-list".to_owned(), audiences.collect());
            calls.push(call);
        }
        for role in &of_account.roles {
            let (name, document) = (role.role.name(), role.document());
            let options = [("--role-name", name), ("--policy-document", document.as_str())];
            calls.push(Call::new("aws iam update-assume-role-policy", options));
        }
        for policy in &of_account.target_policies {
            let (name, document) = (policy.role.name(), policy.document());
            let options = [
                ("--role-name", name),
                ("--policy-name", TargetPolicy::NAME),
                ("--policy-document", document.as_str()),
            ];
            calls.push(Call::new("aws iam put-role-policy", options));
        }
        for association in &of_account.associations {
            let options = [
                ("--cluster-name", association.cluster.eks_name()),
                ("--namespace", association.subject.namespace),
                ("--service-account", association.subject.name),
                ("--role-arn", association.role.as_str()),
            ];
            let mut call = Call::new("aws eks create-pod-identity-association", options);
            if let Some(region) = &association.cluster.cloud_context.region {
                let _none = call.options.insert("--region".to_owned(), vec![region.as_str().to_owned()]);
            }
            if let Some(target) = association.target {
                let target = target.arn.as_str().to_owned();
                let _none = call.options.insert("--target-role-arn".to_owned(), vec![target]);
            }
            if association.disables_session_tags() {
                let _none = call.options.insert(FLAG.to_owned(), Vec::new());
            }
            calls.push(call);
        }
    }
    for identity in &trust.azure {
        for credential in &identity.credentials {
            let subject = credential.subject.to_string();
            let options = [
                ("--subscription", identity.resource_id.subscription()),
                ("--resource-group", identity.resource_id.resource_group()),
                ("--identity-name", identity.resource_id.name()),
                ("--name", credential.name.as_str()),
                ("--issuer", credential.issuer.as_str()),
                ("--subject", subject.as_str()),
                ("--audiences", "api://AzureADTokenExchange"),
            ];
            calls.push(Call::new("az identity federated-credential create", options));
        }
    }
    for binding in &trust.bindings {
        for member in &binding.members {
            let role = "roles/iam.workloadIdentityUser";
            let options = [("--member", member.as_str()), ("--role", role), ("--condition", "None")];
            let mut call = Call::new("gcloud iam service-accounts add-iam-policy-binding", options);
            call.positionals.push(binding.account.as_str().to_owned());
            if let Some(project) = binding.account.project() {
                let _none = call.options.insert("--project".to_owned(), vec![project]);
            }
            calls.push(call);
        }
    }
    calls
}

// ---------------------------------------------------------------------------------------------------
// Shells

/// Where a program is, by `PATH`.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|directory| directory.join(name)).find(|path| path.is_file())
}

/// The shells that are there. `sh` must be.
fn shells() -> Vec<PathBuf> {
    assert!(program("sh").is_some());
    ["sh", "dash", "bash"].into_iter().filter_map(program).collect()
}

/// Notes its arguments, each with a zero byte behind it, and their number before them. `aws sts` tells the account.
const RECORDER: &str = r#"#!/bin/sh
printf '%s\0' "$(($# + 1))" "${0##*/}" "$@" >> "$CALLS"
[ "${0##*/} ${1-}" != 'aws sts' ] || echo "$ACCOUNT"
"#;

/// A directory for `PATH`, where these programs stand, and nothing else.
fn programs(programs: &[(&str, &str)]) -> tempfile::TempDir {
    let place = directory(programs);
    for (name, _) in programs {
        let path = place.path().join(name);
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it is ours");
    }
    place
}

/// Runs a script where there are no other programs than these.
fn run_script(shell: &Path, script: &str, programs: &Path, variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(shell);
    let _command = command
        .arg(write_script(script, programs))
        .current_dir(programs)
        .env("PATH", programs)
        .envs(variables.iter().copied());
    command.output().expect("the shell runs")
}

fn write_script(script: &str, place: &Path) -> PathBuf {
    let path = place.join("trust.sh");
    fs::write(&path, script).expect("it is written");
    path
}

/// What programs are called with by a script, with credentials of an AWS account.
fn recorded(shell: &Path, script: &str, account: &str) -> Vec<Vec<String>> {
    let names = ["aws", "az", "gcloud", "canary"];
    let place = programs(&names.map(|name| (name, RECORDER)));
    let syntax = Command::new(shell).arg("-n").arg(write_script(script, place.path())).output();
    let syntax = syntax.expect("the shell runs");
    assert!(syntax.status.success() && syntax.stderr.is_empty(), "{syntax:?}\n{script}");
    let variables = [("CALLS", "calls"), ("ACCOUNT", account)];
    let output = run_script(shell, script, place.path(), &variables);
    let complaints = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        complaints.lines().all(|line| line.starts_with("left out: AWS account ")),
        "{complaints}\n{script}"
    );
    let bytes = fs::read(place.path().join("calls")).unwrap_or_default();
    let mut words =
        bytes.split(|byte| *byte == 0).map(|word| String::from_utf8(word.to_vec()).expect("UTF-8"));
    let mut calls = Vec::new();
    while let Some(count) = words.next().filter(|count| !count.is_empty()) {
        let count: usize = count.parse().expect("a number");
        calls.push(words.by_ref().take(count).collect());
    }
    calls
}

/// The script with those commands that stand in comments, for whoever takes the signs away.
fn uncommented(script: &str) -> String {
    let mut is_command = false;
    let lines = script.lines().map(|line| {
        let command = line.strip_prefix("# ").filter(|_| is_command);
        is_command = line.ends_with("If it does not yet:") || command.is_some();
        format!("{}\n", command.unwrap_or(line))
    });
    lines.collect()
}

/// A fleet of names that mean something to shells, or to the programs that they call.
const HOSTILE: &str = r#"
tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
flux   = "2.9"
issuer = "https://oidc.example.com/${cluster}/it's;canary;'&canary&'(canary)"

role keys = azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" {
  resource-id = "/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourceGroups/-g(canary)/providers/Microsoft.ManagedIdentity/userAssignedIdentities/-keys.(canary)"
}

cluster two-audiences on eks {
  region = "eu-west-1"
  source-controller          -> aws "arn:aws:iam::111122223333:role/`canary`/';canary;'/-=,.@+x" { audience = "sts.example.com" }
  helm-controller            -> aws "arn:aws:iam::111122223333:role/second"
  image-reflector-controller -> aws "arn:aws:iam::111122223333:role/|canary|/&canary/images" { via = pod-identity }
  kustomize-controller       -> aws "arn:aws:iam::444455556666:role/canary"
  image-automation-controller -> aws "arn:aws:iam::111122223333:role/|canary|/&canary/images" {
    via = pod-identity, target-role = "arn:aws:iam::444455556666:role/`canary`/target", external-id = "-canary/@,"
  }
}

cluster a-file on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/third" { audience = "file:///dev/null" }
}

cluster a-page on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/third" { audience = "https://127.0.0.1:1/" }
}

cluster an-option on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/third" { audience = "--debug" }
}

cluster json on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/third" { audience = "[1]" }
}

cluster Prod_EU.2 on kubernetes {
  workload-identity-provider = "projects/1234/locations/global/workloadIdentityPools/plants/providers/plants"
  kustomize-controller    -> keys, gcp "flux-keys@acme-prod.iam.gserviceaccount.com"
  notification-controller -> gcp direct
}

cluster data on gke {
  project        = "-x.example.com:acme-data"
  project-number = "123456789012"
  source-controller       -> gcp "flux-keys@acme-prod.-x.example.com.iam.gserviceaccount.com"
  helm-controller         -> gcp "123456789012-compute@developer.gserviceaccount.com"
  notification-controller -> gcp direct
}
"#;

/// The fleet of a source for which trust is asked.
fn fleet(text: &str) -> Fleet {
    let request = check::Request { trust: true, ..check::Request::default() };
    let (fleet, findings) = harness::compile_for(&request, text);
    fleet.unwrap_or_else(|| panic!("{findings:?}"))
}

/// The script of a trust.
fn script(trust: &Trust<'_>) -> String {
    files(trust, TrustForm::Commands).remove(0).text("identity.flux")
}

#[test]
fn every_shell_calls_programs_with_the_words_of_the_fleet_and_runs_nothing_else() {
    let fleet = fleet(HOSTILE);
    let trust = Trust::new(&fleet.clusters).expect("nothing is missing");
    let script = script(&trust);
    for account in ["111122223333", "444455556666"] {
        let mut expected = calls(&trust, account);
        for shell in shells() {
            let recorded = recorded(&shell, &uncommented(&script), account);
            let recorded: Vec<Call> = recorded.iter().map(|call| parsed(call)).collect();
            assert_eq!(recorded, expected, "{}", shell.display());
        }
        expected.retain(|call| call.command != "aws iam create-open-id-connect-provider");
        let as_written = recorded(&shells()[0], &script, account);
        assert_eq!(as_written.iter().map(|call| parsed(call)).collect::<Vec<_>>(), expected);
    }
}

/// A script is pasted as it is printed: the shell that reads it is the user's own.
#[test]
fn a_failing_command_stops_the_others_and_leaves_the_shell_alive() {
    let fleet = fleet(HOSTILE);
    let script = script(&Trust::new(&fleet.clusters).expect("nothing is missing"));
    let failing = format!("{RECORDER}[ \"$1\" = sts ]\n");
    let place = programs(&[("aws", &failing), ("az", RECORDER), ("gcloud", RECORDER)]);
    let variables = [("CALLS", "calls"), ("ACCOUNT", "111122223333")];
    for shell in shells() {
        let output = run_script(&shell, &format!("{script}echo \"$? $-\"\n"), place.path(), &variables);
        let said = String::from_utf8_lossy(&output.stdout);
        let (status, flags) = said.split_once(' ').expect("the shell goes on");
        assert_eq!((status, flags.contains(['e', 'u'])), ("1", false), "{shell:?}: {output:?}");
        let calls = fs::read_to_string(place.path().join("calls")).expect("`aws` was called");
        assert_eq!((calls.matches("\0aws\0").count(), calls.matches("\0az\0").count()), (2, 0), "{shell:?}");
        fs::remove_file(place.path().join("calls")).expect("it is ours");
    }
}

#[test]
fn all_audiences_of_an_issuer_follow_one_option() {
    let fleet = fleet(HOSTILE);
    let trust = Trust::new(&fleet.clusters).expect("nothing is missing");
    let script = script(&trust);
    let provider = script.split("\n\n").find(|part| part.contains("two-audiences") && part.contains("--url"));
    let provider = provider.expect("the account must know the issuer");
    assert_eq!(provider.matches("--client-id-list").count(), 1, "{provider}");
    assert!(provider.ends_with("#   --client-id-list sts.amazonaws.com sts.example.com"), "{provider}");
}

/// Words with what means something to shells and to command lines, line breaks among it.
fn word() -> impl Strategy<Value = String> {
    "([-'\"$`\\\\;&|<>(){}*?~#!=%\\[\\]\n\r\t ]|[a-zA-Z0-9é€]|canary|\\$\\(canary\\)|\nEOF\n){1,12}"
}

proptest! {
    #![proptest_config(one_in(16))]

    #[test]
    fn no_word_of_a_trust_becomes_code(
        members in prop::collection::btree_set(word(), 1..12),
        clusters in prop::collection::btree_set(word(), 1..4),
        principal in word(),
    ) {
        let account = ServiceAccountEmail::parse("flux-keys@acme-prod.iam.gserviceaccount.com").expect("right");
        let subject = Subject { namespace: "flux-system", name: "source-controller" };
        let clusters = clusters.iter().map(String::as_str).collect();
        let trust = Trust {
            bindings: vec![Binding { account: &account, members }],
            principals: vec![PrincipalTrust { principal, subject, clusters }],
            ..Trust::default()
        };
        let expected = calls(&trust, "");
        for shell in shells() {
            let recorded = recorded(&shell, &script(&trust), "");
            let recorded: Vec<Call> = recorded.iter().map(|call| parsed(call)).collect();
            prop_assert_eq!(&recorded, &expected, "{}", shell.display());
        }
    }
}

// ---------------------------------------------------------------------------------------------------
// The command lines of the clouds

/// The interpreter of `python3`, if that has this module. Otherwise the test says so, and does without it.
#[expect(clippy::print_stderr, reason = "whoever runs the test is told what it does without")]
fn python(module: &str) -> Option<String> {
    // `python3` may be a script, which finds its interpreter by `PATH`.
    let show = format!("import sys, {module}; print(sys.executable)");
    let output = Command::new("python3").args(["-c", &show]).output().ok();
    let found = output.filter(|output| output.status.success());
    if found.is_none() {
        eprintln!("python3 has no {module}: what it says of our commands is not heard");
    }
    found.map(|output| String::from_utf8(output.stdout).expect("a path").trim_end().to_owned())
}

/// A request that arrived.
#[derive(Clone, Debug)]
struct Request {
    path: String,
    authorization: String,
    body: String,
}

impl Request {
    fn read(stream: &TcpStream) -> Option<Request> {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        let _length = reader.read_line(&mut line).ok()?;
        let path = line.split(' ').nth(1)?.to_owned();
        let (mut length, mut authorization) = (0, String::new());
        loop {
            let mut line = String::new();
            let _length = reader.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().expect("a number"),
                "authorization" => value.clone_into(&mut authorization),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        Some(Request { path, authorization, body: String::from_utf8(body).expect("UTF-8") })
    }

    /// What is sent in the form of `aws iam` and `aws sts`.
    fn parameters(&self) -> BTreeMap<String, String> {
        let parameters = self.body.split('&').filter_map(|parameter| parameter.split_once('='));
        parameters.map(|(name, value)| (decoded(name), decoded(value))).collect()
    }

    fn answer(&self, account: &str) -> String {
        let parameters = self.parameters();
        let Some(action) = parameters.get("Action") else { return "{\"association\":{}}".to_owned() };
        format!(
            "<{action}Response><{action}Result><Account>{account}</Account></{action}Result>\
             <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{action}Response>"
        )
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits: String = rest.by_ref().take(2).map(char::from).collect();
                u8::from_str_radix(&digits, 16).expect("two digits")
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// Answers requests on this machine as AWS does, until the test ends: its address, and what arrived.
fn server(account: &'static str) -> (String, Receiver<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = format!("http://{}", listener.local_addr().expect("it is bound"));
    let (sender, receiver) = channel();
    let _serving = std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let Some(request) = Request::read(&stream) else { continue };
            let answer = request.answer(account);
            let length = answer.len();
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
            let _written = stream.write_all((head + &answer).as_bytes());
            if sender.send(request).is_err() {
                break;
            }
        }
    });
    (address, receiver)
}

/// A call as the AWS CLI sent it.
fn sent(request: &Request) -> Call {
    let mut call = Call::new("", []);
    let mut put = |name: &str, value: &str| {
        call.options.entry(name.to_owned()).or_default().push(value.to_owned());
    };
    if let Some(rest) = request.path.strip_prefix("/clusters/") {
        let cluster = rest.strip_suffix("/pod-identity-associations").expect("what EKS is asked for");
        let body: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(&request.body).expect("an object");
        let text = |key: &str| body[key].as_str().expect("a text");
        put("--cluster-name", &decoded(cluster));
        put("--namespace", text("namespace"));
        put("--service-account", text("serviceAccount"));
        put("--role-arn", text("roleArn"));
        body.get("targetRoleArn")
            .and_then(|it| it.as_str())
            .iter()
            .for_each(|it| put("--target-role-arn", it));
        put("--region", request.authorization.split('/').nth(2).expect("a region"));
        if body.get("disableSessionTags").and_then(serde_json::Value::as_bool) == Some(true) {
            let _none = call.options.insert(FLAG.to_owned(), Vec::new());
        }
        "aws eks create-pod-identity-association".clone_into(&mut call.command);
        return call;
    }
    let mut parameters = request.parameters();
    let action = parameters.remove("Action").expect("an action");
    let _version = parameters.remove("Version").expect("a version");
    if action == "GetCallerIdentity" {
        return Call::new("aws sts get-caller-identity", [("--query", "Account"), ("--output", "text")]);
    }
    for at in 1.. {
        let Some(audience) = parameters.remove(&format!("ClientIDList.member.{at}")) else { break };
        put("--client-id-list", &audience);
    }
    let names = [
        ("Url", "--url"),
        ("RoleName", "--role-name"),
        ("PolicyName", "--policy-name"),
        ("PolicyDocument", "--policy-document"),
    ];
    for (name, option) in names {
        parameters.remove(name).iter().for_each(|value| put(option, value));
    }
    assert_eq!(parameters, BTreeMap::new(), "{action}");
    let name = match action.as_str() {
        "CreateOpenIDConnectProvider" => "aws iam create-open-id-connect-provider",
        "UpdateAssumeRolePolicy" => "aws iam update-assume-role-policy",
        "PutRolePolicy" => "aws iam put-role-policy",
        other => panic!("nobody asks for {other}"),
    };
    name.clone_into(&mut call.command);
    call
}

#[test]
fn the_aws_cli_sends_what_the_fleet_says() {
    const ACCOUNT: &str = "111122223333";
    let Some(python) = python("awscli") else { return };
    let fleet = fleet(HOSTILE);
    let trust = Trust::new(&fleet.clusters).expect("nothing is missing");
    let (address, requests) = server(ACCOUNT);
    let aws = format!("#!/bin/sh\nexec '{python}' -m awscli \"$@\"\n");
    let place = programs(&[("aws", &aws), ("az", RECORDER), ("gcloud", RECORDER)]);
    let variables = [
        ("CALLS", "calls"),
        ("AWS_ENDPOINT_URL", address.as_str()),
        ("AWS_ACCESS_KEY_ID", "nobody"),
        ("AWS_SECRET_ACCESS_KEY", "nothing"),
        ("AWS_DEFAULT_REGION", "eu-central-1"),
        ("AWS_CONFIG_FILE", "/dev/null"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_MAX_ATTEMPTS", "1"),
        ("NO_PROXY", "127.0.0.1"),
    ];
    let output = run_script(&shells()[0], &uncommented(&script(&trust)), place.path(), &variables);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert_eq!(complaints.lines().count(), 1, "the other account is left out: {complaints}");
    let mut sent: Vec<Call> = requests.try_iter().map(|request| sent(&request)).collect();
    let expected = calls(&trust, ACCOUNT).into_iter().filter(|call| call.command.starts_with("aws "));
    let mut expected: Vec<Call> = expected.collect();
    // `aws` may ask the servers of several services, but each command ends before the next begins.
    assert_eq!(sent.len(), expected.len());
    for (sent, expected) in sent.iter().zip(&expected) {
        assert_eq!(sent, expected);
    }
    sent.sort();
    expected.sort();
    assert_eq!(sent, expected);
    prove("the AWS CLI");
}

#[test]
fn the_azure_cli_would_send_what_the_fleet_says() {
    let Some(python) = python("azure.cli.command_modules.identity") else { return };
    let fleet = fleet(HOSTILE);
    let trust = Trust::new(&fleet.clusters).expect("nothing is missing");
    let judge = harness::project().join("tests/judges/az.py");
    let az = format!("#!/bin/sh\n'{python}' '{}' \"$@\" >> \"$REQUESTS\"\n", judge.display());
    let place = programs(&[("aws", RECORDER), ("az", &az), ("gcloud", RECORDER)]);
    let home = place.path().to_str().expect("UTF-8").to_owned();
    let variables = [
        ("CALLS", "calls"),
        ("ACCOUNT", "111122223333"),
        ("REQUESTS", "requests"),
        ("AZURE_CONFIG_DIR", home.as_str()),
        ("AZURE_CORE_COLLECT_TELEMETRY", "no"),
    ];
    let output = run_script(&shells()[0], &script(&trust), place.path(), &variables);
    let requests = fs::read_to_string(place.path().join("requests"));
    let requests = requests.unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let requests: Vec<serde_json::Value> =
        requests.lines().map(|line| serde_json::from_str(line).expect("a request")).collect();
    let expected =
        trust.azure.iter().flat_map(|identity| identity.credentials.iter().map(move |it| (identity, it)));
    let expected: Vec<_> = expected.collect();
    assert_eq!((requests.len(), expected.is_empty()), (expected.len(), false), "{output:?}");
    for (request, (identity, credential)) in requests.iter().zip(expected) {
        let path = format!(
            "{}/federatedIdentityCredentials/{}",
            identity.resource_id.as_str(),
            credential.name.as_str()
        );
        let url = decoded(request["url"].as_str().expect("a text"));
        assert!(url.starts_with(&format!("https://management.azure.com{path}?api-version=")), "{url}");
        let properties = serde_json::json!({
            "issuer": credential.issuer.as_str(),
            "subject": credential.subject.to_string(),
            "audiences": ["api://AzureADTokenExchange"],
        });
        assert_eq!(request["body"], serde_json::json!({ "properties": properties }));
        assert_eq!(request["method"], "PUT");
    }
    prove("the Azure CLI");
}
