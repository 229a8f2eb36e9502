//! The flags that controllers have, in any version of Flux that is known.
//!
//! Sources: "Controller Options" under "Components" of the Flux documentation; `main.go` of each controller;
//! `artifact/config` of fluxcd/pkg.

use crate::model::Controller;
use crate::model::flux::FluxVersion;

/// The newest version of Flux whose flags are known here.
pub(super) const NEWEST: FluxVersion = FluxVersion { major: 2, minor: 9 };

const SOURCE: &[Controller] = &[Controller::Source];
const KUSTOMIZE: &[Controller] = &[Controller::Kustomize];
const HELM: &[Controller] = &[Controller::Helm];
const NOTIFICATION: &[Controller] = &[Controller::Notification];
const REFLECTOR: &[Controller] = &[Controller::ImageReflector];
const WATCHER: &[Controller] = &[Controller::SourceWatcher];
const GIT: &[Controller] = &[Controller::Source, Controller::ImageAutomation];
const STORING: &[Controller] = &[Controller::Source, Controller::SourceWatcher];
const APPLYING: &[Controller] = &[Controller::Kustomize, Controller::Helm];
const FETCHING: &[Controller] = &[Controller::Kustomize, Controller::Helm, Controller::SourceWatcher];

/// The flag by which every object without a ServiceAccount uses one of that name, and not the controller's identity.
pub(super) const DEFAULT_ACCOUNT: &str = "default-service-account";
/// The same for what kustomize-controller decrypts.
pub(super) const DEFAULT_DECRYPTION_ACCOUNT: &str = "default-decryption-service-account";
/// The same for the clusters that kustomize-controller and helm-controller reach.
pub(super) const DEFAULT_KUBECONFIG_ACCOUNT: &str = "default-kubeconfig-service-account";
/// The flag with a comma-separated list of feature gates.
pub(super) const FEATURE_GATES: &str = "feature-gates";
/// The flags of image-reflector-controller that are gone.
pub(super) const AUTOLOGIN: [&str; 3] =
    ["aws-autologin-for-ecr", "gcp-autologin-for-gcr", "azure-autologin-for-acr"];

/// Flags of the packages that all controllers share. Some controllers lack some of them; which is not known for every
/// version.
const SHARED: [&str; 24] = [
    FEATURE_GATES,
    "concurrent",
    "enable-leader-election",
    "events-addr",
    "health-addr",
    "interval-jitter-percentage",
    "kube-api-burst",
    "kube-api-qps",
    "kubeconfig",
    "leader-election-lease-duration",
    "leader-election-release-on-cancel",
    "leader-election-renew-deadline",
    "leader-election-retry-period",
    "log-encoding",
    "log-level",
    "max-retry-delay",
    "metrics-addr",
    "min-retry-delay",
    "no-cross-namespace-refs",
    "token-cache-max-duration",
    "token-cache-max-size",
    "watch-all-namespaces",
    "watch-configs-label-selector",
    "watch-label-selector",
];

/// The other flags, with the controllers that have them.
const FLAGS: [(&str, &[Controller]); 41] = [
    (
        DEFAULT_ACCOUNT,
        &[
            Controller::Source,
            Controller::Kustomize,
            Controller::Helm,
            Controller::Notification,
            Controller::ImageReflector,
            Controller::ImageAutomation,
        ],
    ),
    (DEFAULT_DECRYPTION_ACCOUNT, KUSTOMIZE),
    (DEFAULT_KUBECONFIG_ACCOUNT, APPLYING),
    (AUTOLOGIN[0], REFLECTOR),
    (AUTOLOGIN[1], REFLECTOR),
    (AUTOLOGIN[2], REFLECTOR),
    ("artifact-digest-algo", STORING),
    ("artifact-retention-records", STORING),
    ("artifact-retention-ttl", STORING),
    ("concurrent-ssa", KUSTOMIZE),
    ("custom-apply-stage-kinds", KUSTOMIZE),
    ("detailed-metrics", NOTIFICATION),
    ("gc-interval", REFLECTOR),
    ("graceful-shutdown-timeout", HELM),
    ("helm-cache-max-size", SOURCE),
    ("helm-cache-purge-interval", SOURCE),
    ("helm-cache-ttl", SOURCE),
    ("helm-chart-file-max-size", SOURCE),
    ("helm-chart-max-size", SOURCE),
    ("helm-index-max-size", SOURCE),
    ("http-retry", FETCHING),
    ("insecure-kubeconfig-exec", APPLYING),
    ("insecure-kubeconfig-tls", APPLYING),
    ("no-remote-bases", KUSTOMIZE),
    ("oom-watch-current-memory-path", HELM),
    ("oom-watch-interval", HELM),
    ("oom-watch-max-memory-path", HELM),
    ("oom-watch-memory-threshold", HELM),
    ("override-manager", APPLYING),
    ("rate-limit-interval", NOTIFICATION),
    ("receiverAddr", NOTIFICATION),
    ("reconciliation-timeout", WATCHER),
    (
        "requeue-dependency",
        &[Controller::Source, Controller::Kustomize, Controller::Helm, Controller::SourceWatcher],
    ),
    ("snapshot-digest-algo", HELM),
    ("sops-age-secret", KUSTOMIZE),
    ("ssh-hostkey-algos", GIT),
    ("ssh-kex-algos", GIT),
    ("storage-addr", STORING),
    ("storage-adv-addr", STORING),
    ("storage-path", &[Controller::Source, Controller::ImageReflector, Controller::SourceWatcher]),
    ("storage-value-log-file-size", REFLECTOR),
];

/// The controllers that have a flag. Nothing for one that all may have, or that none has.
pub(super) fn owners(flag: &str) -> Option<&'static [Controller]> {
    FLAGS.iter().find(|(name, _)| *name == flag).map(|(_, owners)| *owners)
}

/// True if all controllers may have a flag.
pub(super) fn is_shared(flag: &str) -> bool {
    SHARED.contains(&flag)
}

/// The flags that a controller may have.
pub(super) fn flags_of(controller: Controller) -> impl Iterator<Item = &'static str> {
    let own = FLAGS.iter().filter(move |(_, owners)| owners.contains(&controller)).map(|(name, _)| *name);
    own.chain(SHARED)
}

/// The flags with the addresses at which a controller listens, with the ports of their defaults. `--events-addr` of all but
/// notification-controller is the address of that.
pub(super) const fn addresses(controller: Controller) -> &'static [(&'static str, u16)] {
    match controller {
        Controller::Source | Controller::SourceWatcher => {
            &[("health-addr", 9440), ("metrics-addr", 8080), ("storage-addr", 9090)]
        }
        Controller::Notification => {
            &[("health-addr", 9440), ("metrics-addr", 8080), ("events-addr", 9090), ("receiverAddr", 9292)]
        }
        Controller::Kustomize
        | Controller::Helm
        | Controller::ImageReflector
        | Controller::ImageAutomation => &[("health-addr", 9440), ("metrics-addr", 8080)],
    }
}
