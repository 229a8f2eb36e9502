//! Arguments and variables of the manifests without which controllers do not find each other.
//!
//! Sources: `main.go` of the controllers; `artifact/config` of fluxcd/pkg, by which artifacts have an address of the pod alone;
//! `manifests/bases` of fluxcd/flux2.

use crate::effect::arguments::{flag, last_flag};
use crate::model::Controller;

/// A flag that manifests set, with the variable that sets it too, and the controllers that certainly have it.
type LostFlag = (&'static str, &'static str, &'static [Controller]);

const STORAGE: &[Controller] = &[Controller::Source, Controller::SourceWatcher];
const FLAGS: [LostFlag; 3] = [
    ("storage-adv-addr", "STORAGE_ADV_ADDR", STORAGE),
    ("storage-path", "STORAGE_PATH", STORAGE),
    (
        "events-addr",
        "EVENTS_ADDR",
        &[
            Controller::Source,
            Controller::Kustomize,
            Controller::Helm,
            Controller::ImageReflector,
            Controller::ImageAutomation,
        ],
    ),
];

/// The flags of the manifests without which a controller does not serve the others, and that it lacks.
/// `has_variable`: whether a variable of a name is there, which sets the flag too; `is_changed`: whether something changed an
/// argument that begins so; `is_installed`: whether the arguments are those of `flux install` otherwise.
pub fn lost_flags(
    controller: Controller,
    arguments: &[&str],
    has_variable: impl Fn(&str) -> bool,
    is_changed: impl Fn(&str) -> bool,
    is_installed: bool,
) -> Vec<&'static str> {
    let is_lost = |(name, variable, controllers): &LostFlag| {
        let is_there =
            arguments.iter().any(|argument| flag(argument).is_some_and(|(known, _)| known == *name));
        let was_there =
            || is_installed && controllers.contains(&controller) || is_changed(&format!("--{name}="));
        !is_there && !has_variable(variable) && was_there()
    };
    FLAGS.into_iter().filter(is_lost).map(|(name, ..)| name).collect()
}

/// The variables that arguments refer to, and that are not there.
/// `may_have`: whether there may be a variable of a name; `was_there`: whether something took it away.
/// Source: `args` of `Container` in the API reference of Kubernetes: a reference to no variable stays as it is written.
pub fn lost_variables<'a>(
    arguments: &[&'a str],
    may_have: impl Fn(&str) -> bool,
    was_there: impl Fn(&str) -> bool,
) -> Vec<&'a str> {
    let mut lost = Vec::new();
    for name in arguments.iter().copied().flat_map(references) {
        if !lost.contains(&name) && !may_have(name) && was_there(name) {
            lost.push(name);
        }
    }
    lost
}

/// False for the variables that pods have of the Services of their namespace, and of the API server.
/// Source: "Discovering services" in the Kubernetes documentation.
pub fn is_own_variable(name: &str) -> bool {
    !["_SERVICE_HOST", "_SERVICE_PORT", "_PORT"].iter().any(|part| name.contains(part))
}

/// The names of the variables that an argument refers to: `$(NAME)`, but not `$$(NAME)`.
fn references(argument: &str) -> impl Iterator<Item = &str> {
    argument.match_indices("$(").filter_map(|(at, begin)| {
        let (before, rest) = (argument.get(..at)?, argument.get(at..)?.strip_prefix(begin)?);
        let (name, _) = rest.split_once(')')?;
        (!before.ends_with('$')).then_some(name)
    })
}

/// The flags with addresses of Services.
const ADDRESSES: [&str; 2] = ["storage-adv-addr", "events-addr"];

/// An argument with the address of a Service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address<'a> {
    pub argument: &'a str,
    /// The name of the Service.
    pub service: &'a str,
    pub port: u16,
}

/// The addresses of Services of a namespace among arguments.
/// Source: "DNS for Services and Pods" in the Kubernetes documentation.
pub fn service_addresses<'a>(arguments: &[&'a str], namespace: &str) -> Vec<Address<'a>> {
    let addressed = |name| {
        let (argument, address) = last_flag(arguments, name)?;
        let (scheme, rest) = address.split_once("://").unwrap_or(("http", address));
        let host = rest.split('/').next()?;
        let (host, port) =
            host.split_once(':').unwrap_or((host, if scheme == "https" { "443" } else { "80" }));
        let (service, host) = host.split_once('.')?;
        let (of, host) = host.split_once('.')?;
        let is_here = of == namespace || of == "$(RUNTIME_NAMESPACE)";
        let is_address = is_here && (host == "svc" || host.starts_with("svc."));
        is_address.then_some(Address { argument, service, port: port.parse().ok()? })
    };
    ADDRESSES.into_iter().filter_map(addressed).collect()
}
