//! Checks that the patches of an overlay match installed objects. kustomize ignores a patch that matches nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::passthrough::Collected;
use crate::check::readings::{Installed, Readings};
use crate::check::scope::Scope;
use crate::installation::installation_of;
use crate::kustomize::{AppliedPatch, Place};
use crate::model::flux::FluxVersion;
use crate::model::integration::NEWEST;
use crate::model::kubernetes::DnsLabel;
use crate::model::object_level::FEATURE_GATE;
use crate::model::{
    Additions, Controller, GOTK_COMPONENTS, GOTK_SYNC, Install, Installation, LocalPath, MANAGER, ObjectKind,
    OutputPath, OverlayForm, Pod,
};
use crate::overlay_build::OverlayBuild;
use crate::problem::{
    AccountProblem, ErrorGuaranteed, FitProblem, InstallationPlace, MissingPart, Problems, Unverified,
};
use crate::resolve::settings;
use crate::span::Span;
use crate::syntax::tree::Name;
use crate::workspace::Entry;

/// The clusters whose installation is unknown.
#[derive(Debug, Default)]
pub struct Unproved<'t> {
    clusters: BTreeMap<Unverified, Vec<Name<'t>>>,
}

impl<'t> Unproved<'t> {
    /// Takes in a cluster whose patches nothing proves to hit.
    pub fn add(&mut self, cluster: Name<'t>, cause: Unverified) {
        let clusters = self.clusters.entry(cause).or_default();
        // One cause can show at several steps.
        if clusters.last().is_none_or(|last| last.span != cluster.span) {
            clusters.push(cluster);
        }
    }

    /// The causes.
    pub fn causes(&self) -> Vec<Unverified> {
        self.clusters.keys().cloned().collect()
    }

    /// Takes in the clusters of another list.
    pub fn append(&mut self, others: Unproved<'t>) {
        for (cause, mut clusters) in others.clusters {
            self.clusters.entry(cause).or_default().append(&mut clusters);
        }
    }

    /// Says so, once for all clusters of a cause.
    pub fn report(self, problems: &mut Problems) {
        for (cause, clusters) in self.clusters {
            if let Some(at) = clusters.first().map(|cluster| cluster.span) {
                let clusters = clusters.iter().map(|cluster| cluster.text.to_owned()).collect();
                problems.report(FitProblem::NotProved { at, clusters, cause });
            }
        }
    }
}

/// What is known of the objects that patches can match.
pub enum InstallationState {
    /// Nobody looked.
    Unseen,
    /// There is nothing to look at.
    Absent(Unverified),
    /// This is installed.
    Known(Arc<Installation>, InstallationSource),
}

/// Where it is known from what is installed.
#[derive(Clone, Debug)]
pub enum InstallationSource {
    /// In a `gotk-components.yaml`; its path as the user would type it.
    Components(String),
    /// In what `resource` adds. `deleted`: the ServiceAccounts and Deployments that a patch of it deletes, by kind and name,
    /// each with the place of the patch.
    Resources { deleted: BTreeMap<(String, String), String> },
}

impl InstallationState {
    /// What is installed, if that is known.
    pub fn installation(&self) -> Option<(&Installation, &InstallationSource)> {
        match self {
            InstallationState::Known(installation, place) => Some((installation, place)),
            InstallationState::Unseen | InstallationState::Absent(_) => None,
        }
    }
}

impl InstallationSource {
    /// The place of the patch that deletes an object.
    fn deleted_by(&self, kind: ObjectKind, name: &str) -> Option<String> {
        match self {
            InstallationSource::Components(_) => None,
            InstallationSource::Resources { deleted } => {
                deleted.get(&(kind.name().to_owned(), name.to_owned())).cloned()
            }
        }
    }

    fn place(&self) -> InstallationPlace {
        match self {
            InstallationSource::Components(path) => InstallationPlace::Components(path.clone()),
            InstallationSource::Resources { .. } => InstallationPlace::Resources,
        }
    }
}

/// What the patches of an overlay hit. A component is put upon the kustomization in a directory above it.
pub fn resolve_installation(
    form: OverlayForm,
    output: &OutputPath,
    taken: &Collected,
    scope: &mut Scope<'_, '_>,
    readings: &mut Readings<'_>,
) -> Result<InstallationState, ErrorGuaranteed> {
    if form == OverlayForm::Overlay(Install::None) {
        if readings.entry(&LocalPath::default(), &LocalPath::default()) == Entry::Unseen {
            return Ok(InstallationState::Unseen);
        }
        let build = readings.builder().build_passthrough(output, &taken.passed).ok();
        return Ok(match build {
            Some(build) if build.is_whole() => {
                let installed = installation_of(build.objects());
                let source = InstallationSource::Resources { deleted: deleted_objects(&build, readings) };
                InstallationState::Known(Arc::new(installed), source)
            }
            other => {
                let unknown = other.and_then(|build| build.unknown().cloned());
                let cause = unknown.map_or(Unverified::NoController, Unverified::NotModelled);
                InstallationState::Absent(cause)
            }
        });
    }
    let mut here = output.as_str();
    let mut cause = Unverified::NoComponents;
    loop {
        match readings.installed_in(here) {
            Installed::Known(installation, file) => {
                let path = readings.shown(&file);
                return Ok(InstallationState::Known(installation, InstallationSource::Components(path)));
            }
            Installed::Unseen => return Ok(InstallationState::Unseen),
            Installed::Absent => {}
            Installed::Blank => cause = Unverified::BlankComponents,
            Installed::Unreadable(problem) => return Err(scope.problems.refuse(problem)),
        }
        if form != OverlayForm::Component {
            check_bootstrapped(output, &cause, scope, readings)?;
        }
        if form != OverlayForm::Component || here.is_empty() {
            return Ok(InstallationState::Absent(cause));
        }
        here = here.rsplit_once('/').map_or("", |(parent, _)| parent);
    }
}

/// Refuses a directory that lost its `gotk-components.yaml`: Flux was installed in it, and the overlay lists the file.
fn check_bootstrapped(
    output: &OutputPath,
    cause: &Unverified,
    scope: &mut Scope<'_, '_>,
    readings: &Readings<'_>,
) -> Result<(), ErrorGuaranteed> {
    let in_directory = |name| LocalPath::from(output).join(name).unwrap_or_default();
    let sync = in_directory(GOTK_SYNC);
    if readings.builder().objects(&sync).map_or(true, |objects| objects.is_empty()) {
        return Ok(());
    }
    Err(scope.refuse_on_cluster(FitProblem::LostComponents {
        at: scope.names.name.span,
        file: readings.shown(&in_directory(GOTK_COMPONENTS)),
        is_blank: *cause == Unverified::BlankComponents,
        sync: readings.shown(&sync),
    }))
}

/// What patches delete, each with the place of the patch.
fn deleted_objects(build: &OverlayBuild, readings: &Readings<'_>) -> BTreeMap<(String, String), String> {
    let deleted = |patch: &AppliedPatch| {
        let Place { file, line, .. } = &patch.place;
        let line = line.map(|line| format!(", line {line}")).unwrap_or_default();
        let place = format!("`{}`{line}", readings.shown(file));
        let keys = patch.deleted.iter().map(|id| (id.kind.clone(), id.name.clone()));
        keys.map(|key| (key, place.clone())).collect::<Vec<_>>()
    };
    build.patches().iter().flat_map(deleted).collect()
}

/// The version of Flux: the installed one, or else the setting. Reports a difference.
pub fn resolve_version(
    set: Option<(FluxVersion, Span)>,
    installed: Option<&Installation>,
    scope: &mut Scope<'_, '_>,
) -> Option<FluxVersion> {
    let found = installed.and_then(|installed| installed.version);
    if let Some(((set, at), found)) = set.zip(found)
        && set != found
    {
        scope.warn(FitProblem::OtherVersion { at, set, found });
    }
    let version = found.or(set.map(|(set, _)| set));
    if let Some(version) = version.filter(|version| *version > NEWEST) {
        if let Some((_, at)) = set.filter(|(set, _)| *set == version) {
            scope.warn(FitProblem::NewerFlux { at, version, newest: NEWEST });
        } else {
            let at = scope.names.name.span;
            scope.report_on_cluster(FitProblem::NewerFlux { at, version, newest: NEWEST });
        }
    }
    version
}

/// Refuses a controller whose patches would miss something. `at`: where the controller is mapped.
pub fn check_targets(
    controller: Controller,
    at: Span,
    namespace: &DnsLabel,
    (installed, place): (&Installation, &InstallationSource),
    scope: &mut Scope<'_, '_>,
) -> Result<(), ErrorGuaranteed> {
    let (name, source, place) = (controller.name(), place, place.place());
    let accounts = installed.service_accounts.get(name);
    let missing = match (accounts, installed.deployments.get(name)) {
        (None, None) => {
            let known = Controller::ALL.map(Controller::name).into_iter();
            let installed = known.filter(|known| installed.deployments.contains_key(*known)).collect();
            return Err(scope.refuse(FitProblem::NotInstalled { at, controller: name, installed, place }));
        }
        (None, Some(_)) => Some(MissingPart::ServiceAccount),
        (Some(_), None) => Some(MissingPart::Deployment),
        (Some(_), Some(pod)) if !pod.containers.contains_key(MANAGER) => Some(MissingPart::Manager),
        (Some(_), Some(_)) => None,
    };
    if let Some(missing) = missing {
        let kind = match missing {
            MissingPart::ServiceAccount => Some(ObjectKind::ServiceAccount),
            MissingPart::Deployment => Some(ObjectKind::Deployment),
            MissingPart::Manager | MissingPart::FirstContainer | MissingPart::Arguments => None,
        };
        let deleted_by = kind.and_then(|kind| source.deleted_by(kind, name));
        let problem = FitProblem::NothingToPatch { at, controller: name, missing, place, deleted_by };
        return Err(scope.refuse(problem));
    }
    // Targets name no namespace, so that an account of the same name elsewhere would get the identity too.
    let is_right = accounts.is_some_and(|accounts| accounts.contains(namespace.as_str()));
    let elsewhere = accounts.into_iter().flatten().find(|found| found.as_str() != namespace.as_str());
    match elsewhere {
        Some(other) if is_right => {
            let (kind, other, file) =
                (ObjectKind::ServiceAccount.name(), other.clone(), GOTK_COMPONENTS.to_owned());
            Err(scope.refuse(FitProblem::Elsewhere { at, kind, name, other, file }))
        }
        Some(found) => {
            let (set, found) = (namespace.as_str().to_owned(), found.clone());
            let set_at = scope.setting(&settings::NAMESPACE)?.map(|namespace| namespace.at);
            let problem = |at| FitProblem::OtherNamespace { at, set, found };
            Err(if let Some(at) = set_at {
                scope.refuse(problem(at))
            } else {
                scope.refuse_on_cluster(problem(scope.names.name.span))
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
    (installed, place): (&Installation, &InstallationSource),
    scope: &mut Scope<'_, '_>,
) -> Result<(), ErrorGuaranteed> {
    let pods = gated.iter().filter_map(|one| Some((*one, installed.deployments.get(one.name())?)));
    let pods: Vec<(Controller, &Pod)> = pods.collect();
    if let (Some(first), []) = (gated.first(), pods.as_slice()) {
        let controller = first.name();
        return Err(scope.refuse(FitProblem::NotInstalled {
            at,
            controller,
            installed: Vec::new(),
            place: place.place(),
        }));
    }
    let mut outcome = Ok(());
    for (controller, pod) in pods {
        let arguments = pod.containers.get(MANAGER).map_or(&[][..], |manager| &manager.arguments);
        let missing = if pod.first.as_deref() != Some(MANAGER) {
            Some(MissingPart::FirstContainer)
        } else if arguments.is_empty() {
            Some(MissingPart::Arguments)
        } else {
            None
        };
        if let Some(missing) = missing {
            let (controller, place) = (controller.name(), place.place());
            let problem = FitProblem::NothingToPatch { at, controller, missing, place, deleted_by: None };
            outcome = Err(scope.refuse(problem));
        }
        if let Some(argument) = arguments.iter().find(|argument| argument.contains(FEATURE_GATE)) {
            let (argument, place) = (argument.clone(), place.place());
            outcome = Err(scope.refuse(AccountProblem::GateAlreadyThere { at, controller, argument, place }));
        }
    }
    outcome
}

/// Refuses what would change or hide something that a controller has already. `at`: where the controller is mapped.
pub fn check_additions(
    controller: Controller,
    at: Span,
    additions: &Additions<'_>,
    (installed, place): (&Installation, &InstallationSource),
    scope: &mut Scope<'_, '_>,
) -> Result<(), ErrorGuaranteed> {
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
        let (controller, place) = (controller.name(), place.place());
        outcome = Err(scope.refuse(FitProblem::AlreadyThere { at, controller, what, name, place }));
    }
    outcome
}
