//! The flags that controllers have, in any version of Flux that is known.
//!
//! Sources: "Controller Options" under "Components" of the Flux documentation; `main.go` of each controller;
//! `artifact/config` of fluxcd/pkg.

use crate::effect::flag_values::FlagType;
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
/// version. With the types of their values.
const SHARED: [(&str, Option<FlagType>); 24] = [
    (FEATURE_GATES, Some(FlagType::Gates)),
    ("concurrent", Some(FlagType::Integer)),
    ("enable-leader-election", Some(FlagType::Boolean)),
    ("events-addr", None),
    ("health-addr", None),
    ("interval-jitter-percentage", Some(FlagType::Integer)),
    ("kube-api-burst", Some(FlagType::Integer)),
    ("kube-api-qps", Some(FlagType::Number)),
    ("kubeconfig", None),
    ("leader-election-lease-duration", Some(FlagType::Duration)),
    ("leader-election-release-on-cancel", Some(FlagType::Boolean)),
    ("leader-election-renew-deadline", Some(FlagType::Duration)),
    ("leader-election-retry-period", Some(FlagType::Duration)),
    ("log-encoding", None),
    ("log-level", None),
    ("max-retry-delay", Some(FlagType::Duration)),
    ("metrics-addr", None),
    ("min-retry-delay", Some(FlagType::Duration)),
    ("no-cross-namespace-refs", Some(FlagType::Boolean)),
    ("token-cache-max-duration", Some(FlagType::Duration)),
    ("token-cache-max-size", Some(FlagType::Integer)),
    ("watch-all-namespaces", Some(FlagType::Boolean)),
    ("watch-configs-label-selector", None),
    ("watch-label-selector", None),
];

/// The other flags, with the types of their values and the controllers that have them. No type: any text.
const FLAGS: [(&str, Option<FlagType>, &[Controller]); 41] = [
    (
        DEFAULT_ACCOUNT,
        None,
        &[
            Controller::Source,
            Controller::Kustomize,
            Controller::Helm,
            Controller::Notification,
            Controller::ImageReflector,
            Controller::ImageAutomation,
        ],
    ),
    (DEFAULT_DECRYPTION_ACCOUNT, None, KUSTOMIZE),
    (DEFAULT_KUBECONFIG_ACCOUNT, None, APPLYING),
    (AUTOLOGIN[0], None, REFLECTOR),
    (AUTOLOGIN[1], None, REFLECTOR),
    (AUTOLOGIN[2], None, REFLECTOR),
    ("artifact-digest-algo", None, STORING),
    ("artifact-retention-records", Some(FlagType::Integer), STORING),
    ("artifact-retention-ttl", Some(FlagType::Duration), STORING),
    ("concurrent-ssa", Some(FlagType::Integer), KUSTOMIZE),
    ("custom-apply-stage-kinds", None, KUSTOMIZE),
    ("detailed-metrics", Some(FlagType::Boolean), NOTIFICATION),
    ("gc-interval", Some(FlagType::Integer), REFLECTOR),
    ("graceful-shutdown-timeout", Some(FlagType::Duration), HELM),
    ("helm-cache-max-size", Some(FlagType::Integer), SOURCE),
    ("helm-cache-purge-interval", Some(FlagType::Duration), SOURCE),
    ("helm-cache-ttl", Some(FlagType::Duration), SOURCE),
    ("helm-chart-file-max-size", Some(FlagType::Integer), SOURCE),
    ("helm-chart-max-size", Some(FlagType::Integer), SOURCE),
    ("helm-index-max-size", Some(FlagType::Integer), SOURCE),
    ("http-retry", Some(FlagType::Integer), FETCHING),
    ("insecure-kubeconfig-exec", Some(FlagType::Boolean), APPLYING),
    ("insecure-kubeconfig-tls", Some(FlagType::Boolean), APPLYING),
    ("no-remote-bases", Some(FlagType::Boolean), KUSTOMIZE),
    ("oom-watch-current-memory-path", None, HELM),
    ("oom-watch-interval", Some(FlagType::Duration), HELM),
    ("oom-watch-max-memory-path", None, HELM),
    ("oom-watch-memory-threshold", Some(FlagType::Integer), HELM),
    ("override-manager", None, APPLYING),
    ("rate-limit-interval", Some(FlagType::Duration), NOTIFICATION),
    ("receiverAddr", None, NOTIFICATION),
    ("reconciliation-timeout", Some(FlagType::Duration), WATCHER),
    (
        "requeue-dependency",
        Some(FlagType::Duration),
        &[Controller::Source, Controller::Kustomize, Controller::Helm, Controller::SourceWatcher],
    ),
    ("snapshot-digest-algo", None, HELM),
    ("sops-age-secret", None, KUSTOMIZE),
    ("ssh-hostkey-algos", None, GIT),
    ("ssh-kex-algos", None, GIT),
    ("storage-addr", None, STORING),
    ("storage-adv-addr", None, STORING),
    ("storage-path", None, &[Controller::Source, Controller::ImageReflector, Controller::SourceWatcher]),
    ("storage-value-log-file-size", Some(FlagType::Integer), REFLECTOR),
];

/// The type of a flag; nothing for one that takes any text, and for unknown ones.
pub(super) fn type_of(flag: &str) -> Option<FlagType> {
    let all = FLAGS.iter().map(|(name, of, _)| (*name, *of)).chain(SHARED);
    all.into_iter().find(|(name, _)| *name == flag)?.1
}

/// The controllers that have a flag. Nothing for one that all may have, or that none has.
pub(super) fn owners(flag: &str) -> Option<&'static [Controller]> {
    FLAGS.iter().find(|(name, ..)| *name == flag).map(|(.., owners)| *owners)
}

/// True if all controllers may have a flag.
pub(super) fn is_shared(flag: &str) -> bool {
    SHARED.iter().any(|(name, _)| *name == flag)
}

/// The flags that a controller may have.
pub(super) fn flags_of(controller: Controller) -> impl Iterator<Item = &'static str> {
    let own = FLAGS.iter().filter(move |(.., owners)| owners.contains(&controller)).map(|(name, ..)| *name);
    own.chain(SHARED.iter().map(|(name, _)| *name))
}

/// The flags with the addresses at which a controller listens, with the ports of their defaults. `--events-addr` of all but
/// notification-controller is the address of that.
pub(super) const fn listening(controller: Controller) -> &'static [(&'static str, u16)] {
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
