//! Arguments of a controller that make its own identity useless, or end the process.
//!
//! Sources: `main.go` of each controller; `auth/feature_gates.go` and `runtime/features` of fluxcd/pkg; 1.0.0 in the
//! changelog of image-reflector-controller.

use crate::model::Controller;
use crate::model::flux::FluxVersion;
use crate::model::integration::NEWEST;
use crate::model::object_level::{FEATURE_GATE, gated};

/// The flag by which every object without a ServiceAccount uses one of that name, and not the controller's identity.
const DEFAULT_ACCOUNT: &str = "default-service-account";
/// The same for what kustomize-controller decrypts.
const DEFAULT_DECRYPTION_ACCOUNT: &str = "default-decryption-service-account";
/// The same for the clusters that kustomize-controller and helm-controller reach.
const DEFAULT_KUBECONFIG_ACCOUNT: &str = "default-kubeconfig-service-account";
/// The flags of image-reflector-controller that are gone.
const AUTOLOGIN: [&str; 3] = ["aws-autologin-for-ecr", "gcp-autologin-for-gcr", "azure-autologin-for-acr"];
/// The first version of Flux without them.
const AUTOLOGIN_GONE: FluxVersion = FluxVersion { major: 2, minor: 7 };

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
}

impl ArgumentFault {
    /// The argument.
    pub fn argument(&self) -> &str {
        match self {
            ArgumentFault::Gone { argument, .. }
            | ArgumentFault::WithoutGate { argument }
            | ArgumentFault::Unused { argument }
            | ArgumentFault::UnknownGate { argument } => argument,
        }
    }
}

/// The faults among the arguments of a controller. `version`: that of Flux, if known; what depends on it is left out
/// without it.
pub fn argument_faults(
    controller: Controller,
    arguments: &[&str],
    version: Option<FluxVersion>,
) -> Vec<ArgumentFault> {
    let is_open = arguments.iter().any(|argument| opens_gate(argument));
    let fault = |(at, argument): (usize, &&str)| {
        let (name, value) = flag(argument)?;
        let value = value.or_else(|| arguments.get(at.saturating_add(1)).copied()).unwrap_or_default();
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
            // Whether a version that is newer than all known ones accepts the gate is unknown.
            let is_known_version = version.is_some_and(|version| version <= NEWEST);
            let is_unknown = is_known_version && !version.is_some_and(knows);
            return is_unknown.then_some(ArgumentFault::UnknownGate { argument });
        }
        if !redirects(controller, name) || value.is_empty() {
            return None;
        }
        // The release notes of Flux 2.10 retire the gate: object-level identity needs none.
        let is_gated = version.is_none_or(|version| version <= NEWEST);
        Some(if is_gated && !is_open {
            ArgumentFault::WithoutGate { argument }
        } else {
            ArgumentFault::Unused { argument }
        })
    };
    arguments.iter().enumerate().filter_map(fault).collect()
}

/// The name of a flag, and its value if that is in the same argument, as in `--name=value`.
fn flag(argument: &str) -> Option<(&str, Option<&str>)> {
    let flag = argument.strip_prefix("--").or_else(|| argument.strip_prefix('-'))?;
    Some(flag.split_once('=').map_or((flag, None), |(name, value)| (name, Some(value))))
}

fn opens_gate(argument: &str) -> bool {
    let gates = flag(argument).filter(|(name, _)| *name == "feature-gates").and_then(|(_, gates)| gates);
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
