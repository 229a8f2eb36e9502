//! Whether the patches of an overlay hit what is installed beside it. kustomize says nothing when one does not.

use std::rc::Rc;

use crate::check::scope::Scope;
use crate::check::settings::Setting;
use crate::check::{Installed, Surroundings};
use crate::model::flux::FluxVersion;
use crate::model::integration::NEWEST;
use crate::model::kubernetes::DnsLabel;
use crate::model::object_level::FEATURE_GATE;
use crate::model::{Additions, Controller, GOTK_COMPONENTS, Installation, MANAGER, OutputPath, Pod};
use crate::problem::{AccountProblem, FitProblem, InCluster, Problems, Refused};
use crate::span::Span;

/// The clusters of which nothing is known.
#[derive(Debug, Default)]
pub struct Unproved {
    clusters: Vec<InCluster>,
}

impl Unproved {
    /// Takes in a cluster whose patches nothing proves to hit.
    pub fn add(&mut self, cluster: InCluster) {
        self.clusters.push(cluster);
    }

    /// Says so, once for all of them.
    pub fn report(self, problems: &mut Problems) {
        let names: Vec<String> = self.clusters.iter().map(|cluster| cluster.name.clone()).collect();
        if let Some(first) = self.clusters.first() {
            problems.push(FitProblem::NotProved { at: first.at, clusters: names });
        }
    }
}

/// What can be told of what is installed beside an overlay.
pub enum Seen {
    /// Nobody looked.
    Unseen,
    /// There is nothing to look at.
    Absent,
    /// This is installed.
    Known(Rc<Installation>),
}

impl Seen {
    /// What is installed, if that is known.
    pub fn installation(&self) -> Option<&Installation> {
        match self {
            Seen::Known(installation) => Some(installation),
            Seen::Unseen | Seen::Absent => None,
        }
    }
}

/// What is installed beside an overlay.
pub fn look(
    surroundings: &dyn Surroundings,
    output: &OutputPath,
    scope: &mut Scope<'_, '_>,
) -> Result<Seen, Refused> {
    match surroundings.installation(output) {
        Installed::Known(installation) => Ok(Seen::Known(installation)),
        Installed::Unseen => Ok(Seen::Unseen),
        Installed::Absent => Ok(Seen::Absent),
        Installed::Unreadable(problem) => Err(scope.problems.refuse(problem)),
    }
}

/// The version of Flux: the installed one, else the one that the source says. Reports where they disagree.
pub fn version(
    said: Option<(FluxVersion, Span)>,
    installed: Option<&Installation>,
    scope: &mut Scope<'_, '_>,
) -> Option<FluxVersion> {
    let found = installed.and_then(|installed| installed.version);
    if let Some(((said, at), found)) = said.zip(found)
        && said != found
    {
        scope.warn(FitProblem::OtherVersion { at, said, found });
    }
    let version = found.or(said.map(|(said, _)| said));
    if let Some(version) = version.filter(|version| *version > NEWEST) {
        if let Some((_, at)) = said.filter(|(said, _)| *said == version) {
            scope.warn(FitProblem::NewerFlux { at, version, newest: NEWEST });
        } else {
            let at = scope.name.span;
            scope.report_of_itself(FitProblem::NewerFlux { at, version, newest: NEWEST });
        }
    }
    version
}

/// Refuses a controller whose patches would miss something. `at`: where the controller is mapped.
pub fn check_targets(
    controller: Controller,
    at: Span,
    namespace: &DnsLabel,
    installed: &Installation,
    scope: &mut Scope<'_, '_>,
) -> Result<(), Refused> {
    let (name, file) = (controller.name(), GOTK_COMPONENTS);
    let accounts = installed.service_accounts.get(name);
    let missing = match (accounts, installed.deployments.get(name)) {
        (None, None) => {
            let known = Controller::ALL.map(Controller::name).into_iter();
            let installed = known.filter(|known| installed.deployments.contains_key(*known)).collect();
            return Err(scope.refuse(FitProblem::NotInstalled { at, controller: name, installed, file }));
        }
        (None, Some(_)) => Some("ServiceAccount"),
        (Some(_), None) => Some("Deployment"),
        (Some(_), Some(pod)) if !pod.containers.contains_key(MANAGER) => Some("container `manager`"),
        (Some(_), Some(_)) => None,
    };
    if let Some(missing) = missing {
        return Err(scope.refuse(FitProblem::NothingToPatch { at, controller: name, missing, file }));
    }
    // Targets name no namespace, so that an account of the same name elsewhere would get the identity too.
    let is_right = accounts.is_some_and(|accounts| accounts.contains(namespace.as_str()));
    let elsewhere = accounts.into_iter().flatten().find(|found| found.as_str() != namespace.as_str());
    match elsewhere {
        Some(other) if is_right => {
            let (other, account) = (other.clone(), name);
            Err(scope.refuse(FitProblem::AccountElsewhere { at, account, other }))
        }
        Some(found) => {
            let (said, found) = (namespace.as_str().to_owned(), found.clone());
            let said_at = scope.text_setting(Setting::Namespace)?.map(|said| said.at);
            let problem = |at| FitProblem::OtherNamespace { at, said, found };
            Err(if let Some(at) = said_at {
                scope.refuse(problem(at))
            } else {
                let (at, cluster) = (scope.name.span, scope.in_cluster());
                scope.problems.refuse_at(problem(at), cluster)
            })
        }
        None => Ok(()),
    }
}

/// Refuses a feature gate that would be set nowhere, on something else than the controller, or twice. Controllers that are
/// not installed are left alone. `at`: where a ServiceAccount is mapped.
pub fn check_gate(
    gated: &[Controller],
    at: Span,
    installed: &Installation,
    scope: &mut Scope<'_, '_>,
) -> Result<(), Refused> {
    let file = GOTK_COMPONENTS;
    let pods = gated.iter().filter_map(|one| Some((*one, installed.deployments.get(one.name())?)));
    let pods: Vec<(Controller, &Pod)> = pods.collect();
    if let (Some(first), []) = (gated.first(), pods.as_slice()) {
        let controller = first.name();
        return Err(scope.refuse(FitProblem::NotInstalled { at, controller, installed: Vec::new(), file }));
    }
    let mut outcome = Ok(());
    for (controller, pod) in pods {
        let arguments = pod.containers.get(MANAGER).map_or(&[][..], |manager| &manager.arguments);
        let missing = if pod.first.as_deref() != Some(MANAGER) {
            Some("`manager` as its first container")
        } else if arguments.is_empty() {
            Some("list `args`")
        } else {
            None
        };
        if let Some(missing) = missing {
            let controller = controller.name();
            outcome = Err(scope.refuse(FitProblem::NothingToPatch { at, controller, missing, file }));
        }
        if let Some(argument) = arguments.iter().find(|argument| argument.contains(FEATURE_GATE)) {
            let argument = argument.clone();
            outcome = Err(scope.refuse(AccountProblem::GateAlreadyThere { at, controller, argument }));
        }
    }
    outcome
}

/// Refuses what would change or hide something that a controller has already. `at`: where the controller is mapped.
pub fn check_additions(
    controller: Controller,
    at: Span,
    additions: &Additions<'_>,
    installed: &Installation,
    scope: &mut Scope<'_, '_>,
) -> Result<(), Refused> {
    let Some(pod) = installed.deployments.get(controller.name()) else { return Ok(()) };
    let Some(manager) = pod.containers.get(MANAGER) else { return Ok(()) };
    let variables = additions.variables.iter().filter(|(name, _)| manager.variables.contains(*name));
    let volumes = additions.volumes.iter().filter(|volume| pod.volumes.contains(volume.name));
    let mounts = additions.volumes.iter().filter(|volume| manager.mount_paths.contains(volume.mount_path));
    let already = variables
        .map(|(name, _)| ("variable", *name))
        .chain(volumes.map(|volume| ("volume", volume.name)))
        .chain(mounts.map(|volume| ("mount", volume.mount_path)));
    let mut outcome = Ok(());
    for (what, name) in already {
        let controller = controller.name();
        outcome = Err(scope.refuse(FitProblem::AlreadyThere { at, controller, what, name }));
    }
    outcome
}
