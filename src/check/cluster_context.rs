//! Everything about a cluster but its identities.

use std::collections::BTreeSet;

use crate::check::overlay::{self, InstallationSource, InstallationState};
use crate::check::parent;
use crate::check::passthrough::{self, Collected};
use crate::check::readings::{Installed, Readings};
use crate::check::scope::Scope;
use crate::model::flux::FluxVersion;
use crate::model::kubernetes::DnsLabel;
use crate::model::setting::Setting;
use crate::model::{Controller, Emit, Install, Installation, OutputPath, OverlayForm, Restart};
use crate::problem::{ErrorGuaranteed, FitProblem, PassedFault, PassedProblem};
use crate::resolve::{Evaluated, Located, settings, values};

/// Everything about a cluster but its identities. A part that is wrong is known by its error, so that the other parts are
/// checked all the same.
pub struct ClusterContext {
    pub overlay: Result<Overlay, ErrorGuaranteed>,
    /// The namespace of Flux.
    pub namespace: Result<DnsLabel, ErrorGuaranteed>,
    pub flux: Result<Option<Located<FluxVersion>>, ErrorGuaranteed>,
    /// The version of Flux; None if neither the source nor an installation has it.
    pub version: Result<Option<FluxVersion>, ErrorGuaranteed>,
    /// The content that is passed through.
    pub collected: Result<Collected, ErrorGuaranteed>,
    /// The installation that the patches are for.
    pub installation: Result<InstallationState, ErrorGuaranteed>,
    /// Whether a change of identity restarts a controller.
    pub restart: Result<Restart, ErrorGuaranteed>,
}

/// What is generated for a cluster, and where.
pub struct Overlay {
    pub form: OverlayForm,
    pub output: OutputPath,
    /// True if no statement sets the directory.
    pub is_default: bool,
}

impl ClusterContext {
    /// Everything about the cluster of a scope.
    pub fn new(scope: &mut Scope<'_, '_>, readings: &mut Readings<'_>) -> ClusterContext {
        let overlay = resolve_overlay(scope);
        let flux = scope.setting(&settings::FLUX);
        let collected = known(&overlay).and_then(|overlay| collect_passthrough(overlay, scope, readings));
        let installation = known(&overlay).and_then(|overlay| {
            let Overlay { form, output, .. } = overlay;
            let installation =
                overlay::resolve_installation(*form, output, known(&collected)?, scope, readings)?;
            if overlay.is_default && matches!(installation, InstallationState::Absent(_)) {
                refuse_other_directory(overlay, scope, readings)?;
            }
            Ok(installation)
        });
        let version = resolve_version(&flux, &installation, scope);
        let namespace = resolve_namespace(scope);
        let restart = scope.setting(&settings::RESTART);
        let restart = restart.map(|written| written.map_or(Restart::ByHand, |written| written.value));
        ClusterContext { overlay, namespace, flux, version, collected, installation, restart }
    }

    /// The installation, if it is known, and where it was read.
    pub fn installation(&self) -> Option<(&Installation, &InstallationSource)> {
        self.installation.as_ref().ok().and_then(InstallationState::installation)
    }

    /// The controllers of which an installation has nothing; none if it is unknown.
    pub fn not_installed(&self) -> BTreeSet<Controller> {
        let Some((installed, _)) = self.installation() else { return BTreeSet::new() };
        let is_installed = |controller: &Controller| {
            let name = controller.name();
            installed.service_accounts.contains_key(name) || installed.deployments.contains_key(name)
        };
        Controller::ALL.into_iter().filter(|controller| !is_installed(controller)).collect()
    }
}

fn known<T>(result: &Result<T, ErrorGuaranteed>) -> Result<&T, ErrorGuaranteed> {
    result.as_ref().map_err(|error| *error)
}

/// The content that a cluster passes through. Reports an overlay that installs nothing, and a component that no
/// kustomization names.
fn collect_passthrough(
    overlay: &Overlay,
    scope: &mut Scope<'_, '_>,
    readings: &mut Readings<'_>,
) -> Result<Collected, ErrorGuaranteed> {
    let mut collected = passthrough::collect(overlay.form, &overlay.output, scope, readings)?;
    match overlay.form {
        OverlayForm::Overlay(Install::None) if collected.passed.resources.is_empty() => {
            let install = scope.setting(&settings::INSTALL)?;
            let at = install.map_or(scope.names.name.span, |install| install.at);
            let fault = PassedFault::NothingInstalled;
            Err(scope.refuse(PassedProblem::new(at, fault)))
        }
        OverlayForm::Overlay(_) => Ok(collected),
        OverlayForm::Component => {
            collected.is_included = parent::check_parent(&overlay.output, scope, readings)?;
            Ok(collected)
        }
    }
}

fn resolve_overlay(scope: &mut Scope<'_, '_>) -> Result<Overlay, ErrorGuaranteed> {
    let emit = scope.setting(&settings::EMIT)?.map_or(Emit::Overlay, |emit| emit.value);
    let install = scope.setting(&settings::INSTALL)?.map_or(Install::Bootstrap, |install| install.value);
    let form = match emit {
        Emit::Component => OverlayForm::Component,
        Emit::Overlay => OverlayForm::Overlay(install),
    };
    let output = scope.setting(&settings::OUTPUT)?;
    let is_default = output.is_none();
    let output = match (output, form) {
        (Some(output), _) => output.value,
        (None, OverlayForm::Overlay(_)) => default_directory(Setting::Output, "", scope)?,
        (None, OverlayForm::Component) => default_directory(Setting::Output, "/identity", scope)?,
    };
    Ok(Overlay { form, output, is_default })
}

fn resolve_namespace(scope: &mut Scope<'_, '_>) -> Result<DnsLabel, ErrorGuaranteed> {
    let namespace = scope.setting(&settings::NAMESPACE)?;
    Ok(namespace.map_or_else(DnsLabel::flux_system, |written| written.value))
}

/// Refuses the default directory of a cluster whose Flux is in the directory of the default namespace instead: an overlay
/// that moved away from the manifests of Flux would change nothing.
fn refuse_other_directory(
    overlay: &Overlay,
    scope: &mut Scope<'_, '_>,
    readings: &mut Readings<'_>,
) -> Result<(), ErrorGuaranteed> {
    let Some(namespace) = scope.setting(&settings::NAMESPACE)? else { return Ok(()) };
    let template = Setting::Output.default().unwrap_or_default();
    let template = template.replace("${namespace}", DnsLabel::flux_system().as_str());
    let other = template.replace("${cluster}", scope.names.name.text);
    if overlay.output.as_str().starts_with(&other) {
        return Ok(());
    }
    let (at, set) = (namespace.at, namespace.value.as_str());
    match readings.installed_in(&other) {
        Installed::Blank => {}
        Installed::Known(installation, _) => {
            let mut namespaces = installation.service_accounts.values().flatten();
            if let Some(found) = namespaces.clone().next().filter(|_| namespaces.all(|found| found != set)) {
                let (set, found) = (set.to_owned(), found.clone());
                return Err(scope.refuse(FitProblem::OtherNamespace { at, set, found }));
            }
        }
        Installed::Unseen | Installed::Absent | Installed::Unreadable(_) => return Ok(()),
    }
    let below = if overlay.form == OverlayForm::Component { "/identity" } else { "" };
    Err(scope.refuse(FitProblem::OtherDirectory {
        at,
        directory: overlay.output.as_str().to_owned(),
        found: other,
        template: template + below,
    }))
}

/// The default of a setting that is a path template. `below`: the rest of the path.
///
/// # Errors
/// The cluster's name makes no valid path, which is reported.
pub fn default_directory(
    setting: Setting,
    below: &str,
    scope: &mut Scope<'_, '_>,
) -> Result<OutputPath, ErrorGuaranteed> {
    let template = setting.default().unwrap_or_default();
    let namespace = resolve_namespace(scope)?;
    let text = template.replace("${cluster}", scope.names.name.text);
    let text = text.replace("${namespace}", namespace.as_str()) + below;
    let path = values::parse_output(&Evaluated { text: text.into(), at: scope.names.name.span });
    scope.valid(path)
}

/// The version of Flux: the installed one, else the one in the source.
fn resolve_version(
    flux: &Result<Option<Located<FluxVersion>>, ErrorGuaranteed>,
    installation: &Result<InstallationState, ErrorGuaranteed>,
    scope: &mut Scope<'_, '_>,
) -> Result<Option<FluxVersion>, ErrorGuaranteed> {
    let written = known(flux).ok().and_then(Option::as_ref).map(|written| (written.value, written.at));
    let installed = known(installation).ok().and_then(InstallationState::installation);
    let version = overlay::resolve_version(written, installed.map(|(installed, _)| installed), scope);
    if version.is_none() {
        known(flux)?;
        known(installation)?;
    }
    Ok(version)
}
