//! Arguments of a controller that make its own identity useless, or end the process.
//!
//! Sources: `main.go` of each controller; `auth/feature_gates.go` and `runtime/features` of fluxcd/pkg; 1.0.0 in the
//! changelog of image-reflector-controller.

use crate::effect::flag_values::FlagType;
use crate::effect::flags::{
    AUTOLOGIN, DEFAULT_ACCOUNT, DEFAULT_DECRYPTION_ACCOUNT, DEFAULT_KUBECONFIG_ACCOUNT, FEATURE_GATES,
    NEWEST, flags_of, is_shared, owners, type_of,
};
use crate::model::Controller;
use crate::model::flux::FluxVersion;
use crate::model::object_level::{FEATURE_GATE, LAST_WITH_GATE, gated};

/// The flags that a word means which is no flag, however far from them.
const IDENTITY_FLAGS: [&str; 4] =
    [DEFAULT_ACCOUNT, DEFAULT_DECRYPTION_ACCOUNT, DEFAULT_KUBECONFIG_ACCOUNT, FEATURE_GATES];
/// The first version of Flux without the flags of [`AUTOLOGIN`].
const AUTOLOGIN_GONE: FluxVersion = FluxVersion { major: 2, minor: 7 };

/// The flag that selects the objects of a controller by their labels.
const WATCH_SELECTOR: &str = "watch-label-selector";

/// Feature gates of controllers besides that of object-level identity.
/// Source: "Feature Gates" under "Components" of the Flux documentation.
const OTHER_GATES: [&str; 19] = [
    "AdditiveCELDependencyCheck",
    "AdoptLegacyReleases",
    "AllowDNSLookups",
    "CacheSecretsAndConfigMaps",
    "CancelHealthCheckOnNewRevision",
    "DefaultToRetryOnFailure",
    "DirectSourceFetch",
    "DisableChartDigestTracking",
    "DisableConfigWatchers",
    "DisableFailFastBehavior",
    "DisableStatusPollerCache",
    "ExternalArtifact",
    "GitAllBranchReferences",
    "GitForcePushBranch",
    "GroupChangeLog",
    "OOMWatch",
    "OptimizedGitClones",
    "StrictPostBuildSubstitutions",
    "UseHelm3Defaults",
];

/// True if one letter was left out, added or changed, so that no other name was meant.
fn is_slip(word: &str, meant: &str) -> bool {
    word.len().abs_diff(meant.len()) <= 1 && word.len() > 5
}

/// What is wrong with an argument.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ArgumentFault {
    /// The flag is gone since that version, and an unknown flag ends the process.
    Gone {
        /// The argument.
        argument: String,
        /// The first version without it.
        since: FluxVersion,
    },
    /// The flag is refused without the gate, and the process ends.
    WithoutGate {
        /// The argument.
        argument: String,
    },
    /// Objects without a ServiceAccount use another identity than the controller's.
    Unused {
        /// The argument.
        argument: String,
    },
    /// The gate is unknown to this version of the controller, and an unknown gate ends the process.
    UnknownGate {
        /// The argument.
        argument: String,
    },
    /// No gate or flag of that name exists, and either ends the process.
    Misspelt {
        /// The argument.
        argument: String,
        /// The name that is meant.
        meant: &'static str,
    },
    /// No controller has the flag in a version that is known.
    Unknown {
        /// The argument.
        argument: String,
    },
    /// The controller sees only objects with this label.
    Narrow {
        /// The argument.
        argument: String,
        /// The key of the label.
        label: String,
    },
    /// The value is none of the type of the flag.
    Mistyped {
        /// The argument.
        argument: String,
        /// The type.
        of: FlagType,
    },
    /// The controller listens twice at that port.
    SamePort {
        /// The argument.
        argument: String,
        /// The other flag, which may have its default.
        other: &'static str,
        /// The port.
        port: u16,
    },
    /// Only these controllers have the flag.
    OfOthers {
        /// The argument.
        argument: String,
        /// The controllers.
        others: &'static [Controller],
    },
}

impl ArgumentFault {
    /// The argument.
    pub fn argument(&self) -> &str {
        match self {
            ArgumentFault::Gone { argument, .. }
            | ArgumentFault::WithoutGate { argument }
            | ArgumentFault::Unused { argument }
            | ArgumentFault::UnknownGate { argument }
            | ArgumentFault::Misspelt { argument, .. }
            | ArgumentFault::Unknown { argument }
            | ArgumentFault::Narrow { argument, .. }
            | ArgumentFault::Mistyped { argument, .. }
            | ArgumentFault::SamePort { argument, .. }
            | ArgumentFault::OfOthers { argument, .. } => argument,
        }
    }
}

/// The faults among the arguments of a controller. `version`: that of Flux, if known; what depends on it is left out
/// without it. `nearest`: the nearest of some names to a misspelt one.
pub fn argument_faults(
    controller: Controller,
    arguments: &[&str],
    version: Option<FluxVersion>,
    nearest: impl Fn(&str, &[&'static str]) -> Option<&'static str>,
) -> Vec<ArgumentFault> {
    let is_open = arguments.iter().any(|argument| opens_gate(argument));
    let fault = |(at, argument): (usize, &&str)| {
        let (name, own) = flag(argument)?;
        let next = arguments.get(at.saturating_add(1)).copied();
        let value = own.or(next).unwrap_or_default();
        let argument = (*argument).to_owned();
        let since = AUTOLOGIN_GONE;
        if controller == Controller::ImageReflector
            && AUTOLOGIN.contains(&name)
            && version.is_some_and(|version| version >= since)
        {
            return Some(ArgumentFault::Gone { argument, since });
        }
        if opens_gate(&argument) {
            let knows = |version| gated(controller).is_some_and(|all| all.contains(&version));
            // Whether a later version still takes the argument is not known.
            let is_known_version = version.is_some_and(|version| version <= LAST_WITH_GATE);
            let is_unknown = is_known_version && !version.is_some_and(knows);
            return is_unknown.then_some(ArgumentFault::UnknownGate { argument });
        }
        if name == WATCH_SELECTOR {
            let label = required_label(value)?.to_owned();
            return Some(ArgumentFault::Narrow { argument, label });
        }
        if let Some(fault) = name_fault((controller, version), &argument, name, &nearest) {
            return Some(fault);
        }
        if let Some(of) = type_of(name).filter(|of| of.refuses(own, next)) {
            return Some(ArgumentFault::Mistyped { argument, of });
        }
        if !redirects(controller, name) || value.is_empty() {
            return None;
        }
        // Object-level identity is always there since the gate is gone.
        let is_gated = version.is_none_or(|version| version <= LAST_WITH_GATE);
        Some(if is_gated && !is_open {
            ArgumentFault::WithoutGate { argument }
        } else {
            ArgumentFault::Unused { argument }
        })
    };
    let faults = arguments.iter().enumerate().filter_map(fault);
    faults.collect()
}

/// What is wrong with the name of a flag or of a gate.
fn name_fault(
    (controller, version): (Controller, Option<FluxVersion>),
    argument: &str,
    name: &str,
    nearest: impl Fn(&str, &[&'static str]) -> Option<&'static str>,
) -> Option<ArgumentFault> {
    let text = argument.to_owned();
    // A version that is not known yet may have more flags.
    let is_known_version = version.is_some_and(|version| version <= NEWEST);
    if let Some(others) = owners(name) {
        let is_certain = is_known_version || IDENTITY_FLAGS.contains(&name) || AUTOLOGIN.contains(&name);
        let is_of_others = !others.contains(&controller) && is_certain;
        return is_of_others.then_some(ArgumentFault::OfOthers { argument: text, others });
    }
    if name == FEATURE_GATES {
        let (_, gates) = flag(argument)?;
        let names = gates?.split(',').filter_map(|gate| gate.trim().split_once('=')).map(|(name, _)| name);
        let mut names = names.filter(|name| *name != FEATURE_GATE && !OTHER_GATES.contains(name));
        let slip = |name: &str| nearest(name, &OTHER_GATES).filter(|meant| is_slip(name, meant));
        let meant = names.find_map(|name| nearest(name, &[FEATURE_GATE]).or_else(|| slip(name)))?;
        return Some(ArgumentFault::Misspelt { argument: text, meant });
    }
    if is_shared(name) {
        return None;
    }
    let own: Vec<&'static str> = flags_of(controller).collect();
    let is_of_identities = |meant: &&str| IDENTITY_FLAGS.contains(meant);
    let meant = nearest(name, &own).filter(|meant| is_of_identities(meant) || is_slip(name, meant));
    if let Some(meant) = meant {
        return Some(ArgumentFault::Misspelt { argument: text, meant });
    }
    let is_unknown = is_known_version && argument.starts_with("--") && !argument.contains('$');
    is_unknown.then_some(ArgumentFault::Unknown { argument: text })
}

/// The last argument with a flag, which counts, and the value of the flag: its own or the next argument.
pub(super) fn last_flag<'a>(arguments: &[&'a str], name: &str) -> Option<(&'a str, &'a str)> {
    arguments.iter().enumerate().rev().find_map(|(at, argument)| {
        let (_, value) = flag(argument).filter(|(known, _)| *known == name)?;
        Some((*argument, value.or_else(|| arguments.get(at.saturating_add(1)).copied())?))
    })
}

/// The argument by which a controller uses a ServiceAccount of that name for objects without one, and the name.
pub fn default_account<'a>(arguments: &[&'a str]) -> Option<(&'a str, &'a str)> {
    last_flag(arguments, DEFAULT_ACCOUNT).filter(|(_, name)| !name.is_empty() && !name.contains('$'))
}

/// The label of the objects of a shard. Source: "Flux sharding and horizontal scaling" of the Flux documentation.
pub const SHARD_LABEL: &str = "sharding.fluxcd.io/key";

/// True if a controller with these arguments reconciles objects with a value of the label of shards, as far as that is known.
pub fn sees_shard(arguments: &[&str], shard: &str) -> bool {
    let selector = last_flag(arguments, WATCH_SELECTOR).map(|(_, value)| value);
    requirements(selector.unwrap_or_default()).all(|requirement| {
        if let Some(key) = requirement.strip_prefix('!') {
            return key.trim() != SHARD_LABEL;
        }
        let (key, operator) = key_and_operator(requirement);
        let has = |values: &str| {
            let values = values.trim().trim_start_matches('(').trim_end_matches(')');
            values.split(',').any(|value| value.trim() == shard)
        };
        let is_other = |begin| operator.strip_prefix(begin).map(|values| !has(values));
        let is_one = |begin| operator.strip_prefix(begin).map(has);
        let holds = is_other("!=").or_else(|| is_other("notin")).or_else(|| is_one("in"));
        let holds = holds.or_else(|| is_one("==")).or_else(|| is_one("="));
        key != SHARD_LABEL || holds.unwrap_or(true)
    })
}

/// The requirements of a selector. Source: "Labels and Selectors" of the Kubernetes documentation.
fn requirements(selector: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    let requirements = selector.split(move |letter| {
        match letter {
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ',' && depth == 0
    });
    requirements.map(str::trim)
}

/// The key of a requirement, and the rest.
fn key_and_operator(requirement: &str) -> (&str, &str) {
    let end = requirement.find(|letter: char| "!=<> (".contains(letter)).unwrap_or(requirement.len());
    let (key, operator) = requirement.split_at(end);
    (key, operator.trim_start())
}

/// The key of the first label that a selector wants objects to have.
fn required_label(selector: &str) -> Option<&str> {
    requirements(selector).find_map(|requirement| {
        let (key, operator) = key_and_operator(requirement);
        let is_wanted = !operator.starts_with("!=") && !operator.starts_with("notin");
        (is_wanted && !key.is_empty()).then_some(key)
    })
}

/// The name of a flag, and its value if that is in the same argument, as in `--name=value`.
pub(super) fn flag(argument: &str) -> Option<(&str, Option<&str>)> {
    let flag = argument.strip_prefix("--").or_else(|| argument.strip_prefix('-'))?;
    Some(flag.split_once('=').map_or((flag, None), |(name, value)| (name, Some(value))))
}

/// True if an argument opens the feature gate of object-level identity.
pub fn opens_gate(argument: &str) -> bool {
    let gates = flag(argument).filter(|(name, _)| *name == FEATURE_GATES).and_then(|(_, gates)| gates);
    gates.into_iter().flat_map(|gates| gates.split(',')).any(|gate| {
        let value = gate.trim().strip_prefix(FEATURE_GATE).and_then(|rest| rest.strip_prefix('='));
        value.is_some_and(|value| value.eq_ignore_ascii_case("true"))
    })
}

/// Whether a flag sends a controller to the identities of ServiceAccounts. That of the same name makes kustomize- and
/// helm-controller impersonate an account of Kubernetes, which is none of the clouds' business.
fn redirects(controller: Controller, name: &str) -> bool {
    match controller {
        Controller::Source
        | Controller::Notification
        | Controller::ImageReflector
        | Controller::ImageAutomation => name == DEFAULT_ACCOUNT,
        Controller::Kustomize => [DEFAULT_DECRYPTION_ACCOUNT, DEFAULT_KUBECONFIG_ACCOUNT].contains(&name),
        Controller::Helm => name == DEFAULT_KUBECONFIG_ACCOUNT,
        Controller::SourceWatcher => false,
    }
}
