//! What controllers do with identities, in words.

use crate::model::integration::{Support, Task, integrations, support};
use crate::model::{Controller, Provider};

/// What a controller does with an identity of a provider; nothing if it cannot use one.
pub fn describe_purpose(controller: Controller, provider: Provider) -> Option<String> {
    let mut clauses: Vec<(&str, Vec<&str>)> = Vec::new();
    for it in integrations(controller, provider) {
        let verb = verb(it.task);
        match clauses.iter_mut().find(|(known, _)| *known == verb) {
            Some((_, services)) if services.contains(&it.service) => {}
            Some((_, services)) => services.push(it.service),
            None => clauses.push((verb, vec![it.service])),
        }
    }
    let clauses: Vec<String> =
        clauses.iter().map(|(verb, services)| format!("{verb} {}", listed(services))).collect();
    (!clauses.is_empty()).then(|| clauses.join(", and "))
}

/// What other controllers do with an identity of a provider, a clause for each that supports it in all versions.
pub fn describe_other_purposes(controller: Controller, provider: Provider) -> Vec<String> {
    let others = Controller::ALL.into_iter().filter(|other| *other != controller);
    let supporting = others.filter(|other| support(*other, provider) == Support::Always);
    supporting
        .filter_map(|other| Some(format!("`{}` {}", other.name(), describe_purpose(other, provider)?)))
        .collect()
}

/// The controller that is often meant by another, and for what.
pub const fn often_meant(controller: Controller) -> Option<(Controller, &'static str)> {
    match controller {
        Controller::Helm => Some((Controller::Source, "pull charts")),
        Controller::ImageAutomation => Some((Controller::ImageReflector, "scan a registry")),
        Controller::Source
        | Controller::Kustomize
        | Controller::Notification
        | Controller::ImageReflector
        | Controller::SourceWatcher => None,
    }
}

const fn verb(task: Task) -> &'static str {
    match task {
        Task::Charts | Task::Artifacts | Task::Buckets | Task::Git => "pulls charts and artifacts from",
        Task::ImageScanning => "scans",
        Task::GitPush => "pushes to",
        Task::Decryption => "decrypts with",
        Task::RemoteClusters => "reaches other clusters of",
        Task::Notifications => "posts to",
    }
}

fn listed(services: &[&str]) -> String {
    match services {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => services.concat(),
    }
}
