//! How much memory each command needs for a large fleet, as GNU time tells it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::against::history;
use crate::harness::{directory, is_thorough, run};

const TIME: &str = "/usr/bin/time";
const CLUSTERS: u32 = 2_000;

/// The most that a command may need for these clusters, in KiB, in a build for tests, beyond what it needs for two of them: at
/// most a third more than was measured, so that a stage that holds as much again for each cluster is over the bound.
const MOST: [(&[&str], u64); 8] = [
    (&["build"], 18_200),
    (&["check"], 17_000),
    (&["show"], 23_400),
    (&["show", "--format", "json"], 24_600),
    (&["show", "--format", "html"], 30_900),
    (&["trust", "--form", "json"], 35_200),
    (&["trust", "-o", "trust"], 35_800),
    (&["diff", "--against", "HEAD"], 37_500),
];

/// The same where each cluster also has a `service-account`.
const MOST_WITH_ACCOUNTS: [(&[&str], u64); 3] =
    [(&["build"], 26_200), (&["show"], 32_500), (&["show", "--format", "html"], 41_200)];

/// A fleet of so many clusters on EKS and GKE that says all that trust needs, whose roles end with `suffix`. `account`: the
/// statement of an account of each cluster, if each has one.
fn fleet(clusters: u32, suffix: &str, account: &str) -> String {
    let mut source = format!(
        "profile base {{\n  source-controller -> registry\n  kustomize-controller -> decryption\n}}\n\
         profile eks {{\n  use base\n  role registry = aws \"arn:aws:iam::${{account}}:role/flux-registry{suffix}\"\n  \
         role decryption = aws \"arn:aws:iam::${{account}}:role/${{cluster}}-flux-kms{suffix}\"\n}}\n\
         profile gke {{\n  use base\n  role registry = gcp \"flux-gar{suffix}@${{project}}.iam.gserviceaccount.com\"\n  \
         role decryption = gcp \"flux-kms{suffix}@${{project}}.iam.gserviceaccount.com\"\n}}\n"
    );
    for at in 0..clusters {
        let _infallible = if at % 2 == 0 {
            write!(
                source,
                "cluster eks-{at:06} on eks {{\n  use eks\n  account = \"1{at:011}\"\n  region = \"eu-west-1\"\n  \
                 issuer = \"https://oidc.eks.eu-west-1.amazonaws.com/id/{at:032X}\"\n{account}}}\n"
            )
        } else {
            write!(
                source,
                "cluster gke-{at:06} on gke {{\n  use gke\n  project = \"acme-{at:06}\"\n{account}}}\n"
            )
        };
    }
    source
}

/// The peak of a command, in KiB.
fn peak(place: &Path, arguments: &[&str]) -> u64 {
    let report = directory(&[]);
    let report = report.path().join("peak");
    let mut timed = Command::new(TIME);
    let timed = timed.args(["-f", "%M", "-o"]).arg(&report).arg(env!("CARGO_BIN_EXE_flux-identity"));
    let timed = timed.args(arguments).current_dir(place).stdout(Stdio::null()).stderr(Stdio::null());
    let status = timed.status().expect("it can be run");
    assert!(status.code().is_some_and(|code| code < 2), "{arguments:?}: {status}");
    // GNU time says first that a command ended with another status than 0.
    let report = fs::read_to_string(report).expect("it tells");
    report.lines().last().and_then(|line| line.parse().ok()).expect("a number of KiB")
}

#[test]
fn no_command_needs_more_memory_for_each_cluster_than_before() {
    if !is_thorough() {
        eprintln!("skipped: FLUX_IDENTITY_THOROUGH is not set");
        return;
    }
    if !Path::new(TIME).exists() {
        eprintln!("skipped: {TIME} is not there, so that nothing tells how much memory is needed");
        return;
    }
    let place = |clusters| {
        let place = history(&[("identity.flux", &fleet(clusters, "", ""))]);
        assert_eq!(run(place.path(), &["build"]).status, 0);
        place
    };
    let (few, many) = (place(2), place(CLUSTERS));
    let account = "  flux = \"2.9\"\n  service-account apps/app -> aws \"arn:aws:iam::111122223333:role/${cluster}-app\"\n";
    let mut needed = Vec::new();
    for (bounds, account) in [(&MOST[..], ""), (&MOST_WITH_ACCOUNTS[..], account)] {
        for (place, clusters) in [(&few, 2), (&many, CLUSTERS)] {
            fs::write(place.path().join("identity.flux"), fleet(clusters, "-2", account))
                .expect("it is written");
        }
        needed.extend(bounds.iter().map(|(arguments, most)| {
            let own = peak(few.path(), arguments);
            (arguments, peak(many.path(), arguments).saturating_sub(own), most)
        }));
    }
    assert!(needed.iter().all(|(_, needed, most)| needed <= most), "command, KiB, most: {needed:#?}");
}
