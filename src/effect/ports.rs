//! Whether a controller listens at the ports that its pods name.
//!
//! Sources: `main.go` of the controllers for the flags and their defaults; `manifests/bases` of fluxcd/flux2 for the names of the
//! ports, to which probes and Services refer.

use crate::effect::arguments::{ArgumentFault, last_flag};
use crate::effect::flags::listening;
use crate::effect::pod::Workload;
use crate::kustomize::Value;
use crate::model::Controller;

/// A flag with the address at which a controller listens.
struct Listener {
    flag: &'static str,
    /// The variable that sets it too, if there is one.
    variable: &'static str,
    /// The name of the port.
    port: &'static str,
}

/// A controller that listens elsewhere than the port of its pods says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortFault {
    pub flag: &'static str,
    /// The argument, unless the flag has its default.
    pub argument: Option<String>,
    /// Where the controller listens.
    pub listens: u16,
    /// The name of the port, and its number in the pods.
    pub name: &'static str,
    pub number: u16,
    /// True if the port is for the probe without which the pods are restarted.
    pub is_probe: bool,
}

const HEALTH: Listener = Listener { flag: "health-addr", variable: "", port: "healthz" };
const STORAGE: Listener = Listener { flag: "storage-addr", variable: "STORAGE_ADDR", port: "http" };
const EVENTS: Listener = Listener { flag: "events-addr", variable: "EVENTS_ADDR", port: "http" };
const RECEIVER: Listener = Listener { flag: "receiverAddr", variable: "", port: "http-webhook" };

const fn listeners(controller: Controller) -> &'static [Listener] {
    match controller {
        Controller::Source | Controller::SourceWatcher => &[HEALTH, STORAGE],
        Controller::Notification => &[HEALTH, EVENTS, RECEIVER],
        Controller::Kustomize
        | Controller::Helm
        | Controller::ImageReflector
        | Controller::ImageAutomation => &[HEALTH],
    }
}

/// The ports at which a controller does not listen, though its pods say so.
pub fn port_faults(controller: Controller, workload: &Workload<'_>) -> Vec<PortFault> {
    let (ports, probe, arguments) =
        (workload.manager_field("ports"), workload.manager_field("livenessProbe"), workload.arguments());
    let number_of = |name: &str| {
        let mut ports = ports.map(Value::items).unwrap_or_default().iter();
        let port = ports.find(|port| port.get("name").and_then(Value::scalar_text) == Some(name))?;
        port.get("containerPort")?.scalar_text()?.parse::<u16>().ok()
    };
    let probed = probe.and_then(|probe| probe.at(&["httpGet", "port"])).and_then(Value::scalar_text);
    let default =
        |flag: &str| listening(controller).iter().find(|(name, _)| *name == flag).map(|(_, port)| *port);
    let fault = |listener: &Listener| {
        let set = last_flag(&arguments, listener.flag);
        let listens = match set {
            Some((_, address)) => address.rsplit_once(':')?.1.parse().ok()?,
            None if workload.has_variable(listener.variable) => return None,
            None => default(listener.flag)?,
        };
        let is_probe = listener.flag == HEALTH.flag;
        if is_probe && probed != Some(listener.port) {
            return None;
        }
        let number = number_of(listener.port).filter(|number| *number != listens)?;
        Some(PortFault {
            flag: listener.flag,
            argument: set.map(|(argument, _)| argument.to_owned()),
            listens,
            name: listener.port,
            number,
            is_probe,
        })
    };
    listeners(controller).iter().filter_map(fault).collect()
}

/// The arguments by which a controller listens twice at one port.
pub fn same_ports(controller: Controller, workload: &Workload<'_>) -> Vec<ArgumentFault> {
    let arguments = workload.arguments();
    let is_set_else = |flag: &str| {
        let listener = listeners(controller).iter().find(|listener| listener.flag == flag);
        listener.is_some_and(|listener| workload.has_variable(listener.variable))
    };
    let address = |(name, default): &(&'static str, u16)| {
        let set = last_flag(&arguments, name);
        let port = match set {
            Some((_, address)) => address.rsplit_once(':')?.1.parse().ok()?,
            None if is_set_else(name) => return None,
            None => *default,
        };
        Some((*name, set.map(|(argument, _)| argument), port))
    };
    let all: Vec<(&'static str, Option<&str>, u16)> =
        listening(controller).iter().filter_map(address).collect();
    let fault = |(at, (_, argument, port)): (usize, &(&'static str, Option<&str>, u16))| {
        let is_other = |(index, (_, other, known)): &(usize, &(&'static str, Option<&str>, u16))| {
            // Of two arguments the second is to blame.
            *index != at && known == port && (other.is_none() || *index < at)
        };
        let (_, (other, ..)) = all.iter().enumerate().find(is_other)?;
        Some(ArgumentFault::SamePort { argument: (*argument)?.to_owned(), other, port: *port })
    };
    all.iter()
        .enumerate()
        .filter_map(fault)
        .filter(|fault| !matches!(fault, ArgumentFault::SamePort { port: 0, .. }))
        .collect()
}
