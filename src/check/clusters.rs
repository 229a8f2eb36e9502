//! Every cluster by itself, and what they share.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::allow::Allows;
use crate::check::checked_cluster::{CheckedCluster, Origins};
use crate::check::cloud_context::resolve_cloud_context;
use crate::check::credentials::ControllerAccount;
use crate::check::definitions::report_duplicate;
use crate::check::fleet::{Isolated, Isolation};
use crate::check::layers::Layer;
use crate::check::overlay::{self, InstallationSource, InstallationState, Unproved};
use crate::check::passthrough::{self, Collected};
use crate::check::profiles::{ProfileView, Profiles};
use crate::check::readings::Readings;
use crate::check::recipient::Recipient;
use crate::check::require::Requirement;
use crate::check::scope::{Layers, Scope};
use crate::check::{
    DeclaredFleet, Request, accounts, credentials, directories, duplicates, fit, fleet, require, values,
};
use crate::model::flux::FluxVersion;
use crate::model::kubernetes::DnsLabel;
use crate::model::setting::Setting;
use crate::model::{
    Additions, Cluster, Controller, Credentials, Install, Installation, OutputPath, OverlayForm, Platform,
    Restart,
};
use crate::parallel;
use crate::problem::{ErrorGuaranteed, Noun, PassedFault, PassedProblem, Problems};
use crate::span::Span;
use crate::syntax::tree::{self, Name};
use crate::workspace::Inputs;

/// A `cluster` statement, and what its block says.
pub struct DeclaredCluster<'t> {
    /// As it was written.
    pub tree: &'t tree::Cluster<'t>,
    /// What its block says.
    pub own: Layer<'t>,
    /// What it runs on, if that is known.
    pub platform: Result<Platform, ErrorGuaranteed>,
    /// Which of the files it stands in.
    pub file: usize,
}

/// How many clusters a thread checks before it takes more.
const BLOCK: usize = 64;

/// Checks every cluster. What cannot be proved of them comes back with them.
pub fn check_clusters<'t>(
    fleet: &mut DeclaredFleet<'t>,
    (inputs, request): (&Inputs<'_>, &Request),
    problems: &mut Problems,
) -> (Vec<CheckedCluster<'t>>, Unproved<'t>) {
    let DeclaredFleet { files, profiles, clusters, requirements, isolations, allows, .. } = fleet;
    let named = named_clusters(clusters, profiles, allows, problems);
    let common = SharedContext { files, profiles, requirements, isolations };
    let begin = || Readings::new(inputs, request);
    let blocks = parallel::blocks(&named, BLOCK);
    let check = |readings: &mut Readings<'_>, block: &&[NamedCluster<'_, 't>]| {
        let mut outcome = CheckOutcome::default();
        for one in *block {
            one.check(&common, readings, &mut outcome);
        }
        outcome
    };
    let mut unproved = Unproved::default();
    let mut checked = Vec::with_capacity(named.len());
    let mut isolated = Vec::with_capacity(named.len());
    for mut outcome in parallel::map_with(&blocks, 1, begin, check) {
        problems.append(outcome.problems);
        unproved.append(outcome.unproved);
        checked.append(&mut outcome.checked);
        isolated.append(&mut outcome.isolated);
    }
    directories::check(&checked, problems);
    fleet::check(&checked, isolations, &isolated, problems);
    (checked, unproved)
}

/// What all clusters see.
struct SharedContext<'f, 't> {
    files: &'f [Layer<'t>],
    profiles: &'f Profiles<'t>,
    requirements: &'f [Requirement<'t>],
    isolations: &'f [Isolation<'t>],
}

/// A cluster that can be checked by itself.
struct NamedCluster<'f, 't> {
    name: Name<'t>,
    platform: (Platform, Span),
    declared: &'f DeclaredCluster<'t>,
    view: Arc<ProfileView<'t>>,
}

/// All clusters whose platform is known, each name once. Reports the names that are there twice.
fn named_clusters<'f, 't>(
    clusters: &'f [DeclaredCluster<'t>],
    profiles: &mut Profiles<'t>,
    allows: &mut Allows,
    problems: &mut Problems,
) -> Vec<NamedCluster<'f, 't>> {
    let again = repeated_names(clusters);
    let mut cover = allows.mark_covered(profiles);
    let mut named = Vec::with_capacity(clusters.len());
    for declared in clusters {
        let view = profiles.view(&declared.own.uses, problems);
        for name in declared.tree.names.nodes() {
            if let Some(first) = again.get(&name.span) {
                report_duplicate(Noun::Cluster, name.text, name.span, *first, problems);
                continue;
            }
            cover.collect(*name, declared, &view);
            if let Ok(platform) = declared.platform {
                let platform = (platform, declared.tree.platform.span);
                named.push(NamedCluster { name: *name, platform, declared, view: Arc::clone(&view) });
            }
        }
    }
    named
}

/// The names of clusters that others have before them, each with the place of the first. Most fleets have none.
fn repeated_names<'t>(clusters: &[DeclaredCluster<'t>]) -> BTreeMap<Span, Span> {
    let names: Vec<Name<'t>> =
        clusters.iter().flat_map(|declared| declared.tree.names.nodes()).copied().collect();
    let own = |name: &Name<'t>| std::iter::once(Some((name.text, ())));
    let mut again = BTreeMap::new();
    for alike in duplicates::duplicate_groups(&names, own, |alike| alike.len() > 1) {
        let mut first: BTreeMap<&str, Span> = BTreeMap::new();
        for name in alike.iter().filter_map(|one| names.get(one.item)) {
            let first = *first.entry(name.text).or_insert(name.span);
            if first != name.span {
                again.insert(name.span, first);
            }
        }
    }
    again
}

/// What came of some clusters.
#[derive(Default)]
struct CheckOutcome<'t> {
    /// What those are in which nothing is wrong.
    checked: Vec<CheckedCluster<'t>>,
    /// What each of these is to each isolation.
    isolated: Vec<Vec<Option<Isolated<'t>>>>,
    /// What is wrong with the others.
    problems: Problems,
    /// Those of which nothing is proved.
    unproved: Unproved<'t>,
}

impl<'t> NamedCluster<'_, 't> {
    fn check(
        &self,
        common: &SharedContext<'_, 't>,
        readings: &mut Readings<'_>,
        outcome: &mut CheckOutcome<'t>,
    ) {
        let layers = Layers {
            own: &self.declared.own,
            profiles: common.profiles,
            view: &self.view,
            file: common.files.get(self.declared.file),
            all_files: common.files,
        };
        let problems = &mut outcome.problems;
        let mut scope = Scope::new(self.name, self.platform, layers, problems);
        require::check(common.requirements, &mut scope);
        let mut origins = Origins::default();
        let cluster = check_cluster(&mut scope, readings, &mut origins, &mut outcome.unproved);
        let isolated = fleet::resolve_isolations(common.isolations, &mut scope);
        let statement = self.declared.tree.names.nodes().next().map_or(self.name.span, |first| first.span);
        if let Ok(cluster) = cluster {
            outcome.checked.push(CheckedCluster { cluster, at: self.name.span, statement, origins });
            outcome.isolated.push(isolated);
        }
    }
}

/// What a cluster is, apart from what anybody gets there.
pub struct ClusterContext {
    /// The namespace of Flux, unless what is said of it is wrong.
    pub namespace: Result<DnsLabel, ErrorGuaranteed>,
    /// The version of Flux, if anything says it, unless what says it is wrong.
    pub version: Result<Option<FluxVersion>, ErrorGuaranteed>,
    /// What it passes through.
    taken: Result<Collected, ErrorGuaranteed>,
    /// What is installed, if it is known.
    seen: Result<InstallationState, ErrorGuaranteed>,
    /// Whether a change of identity restarts a controller.
    restart: Result<Restart, ErrorGuaranteed>,
}

impl ClusterContext {
    /// What is installed, if it is known, and what says so.
    pub fn installation(&self) -> Option<(&Installation, &InstallationSource)> {
        self.seen.as_ref().ok().and_then(InstallationState::installation)
    }

    /// What it passes through, if it may.
    pub fn collected(&self) -> Option<&Collected> {
        self.taken.as_ref().ok()
    }
}

/// Checks one cluster.
fn check_cluster<'t>(
    scope: &mut Scope<'_, 't>,
    readings: &mut Readings<'_>,
    origins: &mut Origins<'t>,
    unproved: &mut Unproved<'t>,
) -> Result<Cluster, ErrorGuaranteed> {
    let form = resolve_form(scope);
    let output = form.and_then(|form| resolve_output(form, scope));
    let flux = scope.text_setting(Setting::Flux);
    let said_version = flux.as_ref().ok().and_then(|said| {
        let said = said.as_ref()?;
        Some((FluxVersion::parse(&said.text)?, said.at))
    });
    let taken = match (&form, &output) {
        (Ok(form), Ok(output)) => collect_passthrough(*form, output, scope, readings),
        (Err(refused), _) | (_, Err(refused)) => Err(*refused),
    };
    let seen = match (&form, &output, &taken) {
        (Ok(form), Ok(output), Ok(taken)) => {
            overlay::resolve_installation(*form, output, taken, scope, readings)
        }
        (Err(refused), ..) | (_, Err(refused), _) | (.., Err(refused)) => Err(*refused),
    };
    let known = seen.as_ref().ok().and_then(InstallationState::installation).map(|(known, _)| known);
    let version = overlay::resolve_version(said_version, known, scope);
    let version = match (version, &flux, &seen) {
        (None, Err(refused), _) | (None, _, Err(refused)) => Err(*refused),
        (version, ..) => Ok(version),
    };
    let ground = ClusterContext {
        namespace: resolve_namespace(scope),
        version,
        taken,
        seen,
        restart: resolve_restart(scope),
    };
    let mut grants = BTreeMap::new();
    let mut outcome = flux.map(drop).and(check_hits(form, &ground, scope, readings));
    for controller in Controller::ALL {
        match check_controller(controller, &ground, origins, scope, readings) {
            Ok(granted) => grants.extend(granted.map(|granted| (controller, Box::new(granted)))),
            Err(refused) => outcome = Err(refused),
        }
    }
    let object_level = accounts::check(&ground, origins, scope, readings);
    outcome?;
    let (form, passed) = (form?, ground.taken?.passed);
    let object_level = object_level?.map(Box::new);
    let is_patched = !grants.is_empty() || object_level.as_ref().is_some_and(|it| !it.gated.is_empty());
    if matches!(ground.seen?, InstallationState::Absent) && is_patched {
        unproved.add(scope.name, form != OverlayForm::Overlay(Install::None));
    }
    let mut values = scope.evaluate_names(readings.asked())?;
    if readings.asks_for_values() {
        values.extend(scope.evaluate_visible());
    }
    let whereabouts =
        resolve_cloud_context(&grants, object_level.as_deref(), readings.asks_for_trust(), scope)?;
    Ok(Cluster {
        name: scope.name.text.to_owned(),
        platform: scope.platform,
        output: output?,
        namespace: ground.namespace?,
        form,
        restart: ground.restart?,
        passthrough: passed,
        credentials: grants,
        object_level,
        cloud_context: whereabouts,
        values,
    })
}

/// Reports patches that are passed through and hit nothing. A component may hit what others build.
fn check_hits(
    form: Result<OverlayForm, ErrorGuaranteed>,
    ground: &ClusterContext,
    scope: &mut Scope<'_, '_>,
    readings: &Readings<'_>,
) -> Result<(), ErrorGuaranteed> {
    match (form, ground.installation(), ground.collected(), &ground.namespace) {
        (Ok(OverlayForm::Overlay(_)), Some((installed, _)), Some(taken), Ok(namespace)) => {
            taken.check_hits(installed, namespace, scope, readings)
        }
        (Ok(OverlayForm::Overlay(_) | OverlayForm::Component) | Err(_), ..) => Ok(()),
    }
}

/// What a cluster passes through. Reports an overlay that installs nothing, and a component that nobody takes in.
fn collect_passthrough(
    form: OverlayForm,
    output: &OutputPath,
    scope: &mut Scope<'_, '_>,
    readings: &mut Readings<'_>,
) -> Result<Collected, ErrorGuaranteed> {
    let taken = passthrough::collect(form, output, scope, readings)?;
    match form {
        OverlayForm::Overlay(Install::None) if taken.passed.resources.is_empty() => {
            let word = scope.word_setting(Setting::Install)?;
            let at = word.map_or(scope.name.span, |word| word.span);
            let fault = PassedFault::NothingInstalled;
            Err(scope.refuse(PassedProblem { at, becomes: None, fault }))
        }
        OverlayForm::Overlay(_) => Ok(taken),
        OverlayForm::Component => overlay::check_parent(output, scope, readings).map(|()| taken),
    }
}

/// How a controller comes by what it is given; nothing for nothing.
fn check_controller<'t>(
    controller: Controller,
    ground: &ClusterContext,
    origins: &mut Origins<'t>,
    scope: &mut Scope<'_, 't>,
    readings: &Readings<'_>,
) -> Result<Option<Credentials>, ErrorGuaranteed> {
    let mapped = scope.mapping(Recipient::Controller(controller))?;
    let Some(mapped) = mapped.filter(|mapped| !mapped.given.is_empty()) else { return Ok(None) };
    origins.record(Recipient::Controller(controller), &mapped);
    let fits = fit::check(controller, &mapped, ground.version.ok().flatten(), scope);
    let own = ControllerAccount { controller, namespace: ground.namespace.as_ref().ok() };
    let granted = credentials::resolve_credentials(&mapped.given, own, scope);
    fits?;
    let Ok(namespace) = &ground.namespace else { return granted.map(Some) };
    if let Some(installed) = ground.installation() {
        overlay::check_targets(controller, mapped.at, namespace, installed, scope)?;
    }
    if let (Ok(granted), Ok(restart)) = (&granted, ground.restart) {
        let additions = Additions::new(controller, granted, namespace, restart);
        let added = ground.installation().map_or(Ok(()), |installed| {
            overlay::check_additions(controller, mapped.at, &additions, installed, scope)
        });
        if let Ok(taken) = &ground.taken {
            taken.check(controller, mapped.at, &additions, namespace, scope, readings)?;
        }
        added?;
    }
    granted.map(Some)
}

fn resolve_form(scope: &mut Scope<'_, '_>) -> Result<OverlayForm, ErrorGuaranteed> {
    let is = |word: Option<Name<'_>>, text: &str| word.is_some_and(|word| word.text == text);
    let is_component = is(scope.word_setting(Setting::Emit)?, "component");
    let is_bootstrapped = !is(scope.word_setting(Setting::Install)?, "none");
    Ok(match (is_component, is_bootstrapped) {
        (true, _) => OverlayForm::Component,
        (false, true) => OverlayForm::Overlay(Install::Bootstrap),
        (false, false) => OverlayForm::Overlay(Install::None),
    })
}

fn resolve_restart(scope: &mut Scope<'_, '_>) -> Result<Restart, ErrorGuaranteed> {
    let word = scope.word_setting(Setting::Restart)?;
    Ok(if word.is_some_and(|word| word.text == "on-change") { Restart::OnChange } else { Restart::ByHand })
}

fn resolve_namespace(scope: &mut Scope<'_, '_>) -> Result<DnsLabel, ErrorGuaranteed> {
    match scope.text_setting(Setting::Namespace)? {
        Some(said) => values::parse_namespace(&said).map_err(|problem| scope.refuse(problem)),
        None => Ok(DnsLabel::flux_system()),
    }
}

fn resolve_output(form: OverlayForm, scope: &mut Scope<'_, '_>) -> Result<OutputPath, ErrorGuaranteed> {
    let said = scope.text_setting(Setting::Output)?.unwrap_or_else(|| {
        let below = match form {
            OverlayForm::Overlay(_) => "",
            OverlayForm::Component => "/identity",
        };
        let text = format!("clusters/{}/flux-system{below}", scope.name.text);
        values::Evaluated { text: text.into(), at: scope.name.span }
    });
    values::parse_output(&said).map_err(|problem| scope.refuse(problem))
}
