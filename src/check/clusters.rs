//! Every cluster by itself, and then what clusters share.

mod named_cluster;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::check::allow::Allows;
use crate::check::built_cluster::BuildContext;
use crate::check::checked_cluster::{CheckedCluster, MappingSpans};
use crate::check::cloud_context::{AllCredentials, resolve_cloud_context};
use crate::check::cluster_context::{ClusterContext, Overlay};
use crate::check::clusters::named_cluster::{NamedCluster, named_clusters};
use crate::check::credentials::{self, ControllerAccount};
use crate::check::fleet::{Isolated, Isolation};
use crate::check::kept::Unchanged;
use crate::check::overlay::{self, InstallationState, Unproved};
use crate::check::passthrough::Collected;
use crate::check::readings::Readings;
use crate::check::readings::Request;
use crate::check::require::Requirement;
use crate::check::scope::Scope;
use crate::check::{accounts, directories, effective_identity, fleet, require, trust_only};
use crate::model::{Additions, Cluster, Controller, Credentials, Install, OverlayForm, Policy, TrustOnly};
use crate::problem::{ErrorGuaranteed, Problems, SearchBudget};
use crate::resolve::{
    ClusterLayers, Declarations, DeclaredCluster, Layer, Profiles, Provenance, RecipientName,
};
use crate::span::Span;
use crate::workspace::Inputs;

/// How many clusters a thread checks at once.
const BLOCK: usize = 32;

pub struct CheckedClusters<'t> {
    /// Those without errors.
    pub clusters: Vec<CheckedCluster>,
    /// Those whose patches nothing proves to match.
    pub unproved: Unproved<'t>,
    /// The provenance of those without errors, if it was requested.
    pub provenance: Vec<Provenance>,
}

pub fn check_clusters<'t>(
    declarations: &mut Declarations<'t>,
    policies: FleetPolicies<'_, 't>,
    allows: &mut Allows,
    (inputs, request): (&Inputs<'_>, &Request),
    unchanged: Option<&Unchanged<'_>>,
    problems: &mut Problems,
) -> CheckedClusters<'t> {
    let Declarations { files, file_uses, profiles, clusters, values, .. } = declarations;
    let mut named = named_clusters(clusters, (files, file_uses), profiles, allows, problems);
    for cluster in &mut named {
        let DeclaredCluster { own, file, .. } = cluster.declared;
        cluster.values = values.of_cluster((*file, cluster.name.text), own, problems);
    }
    values.report_unknown(problems);
    // No one sees the provenance of a fleet with errors.
    let needs_provenance = request.places && problems.refused().is_none();
    let common = SharedContext { files, profiles, policies, needs_provenance, unchanged };
    let begin = || Readings::new(inputs, request);
    let check = |readings: &mut Readings<'_>, block: &[NamedCluster<'_, 't>]| {
        let mut outcome = CheckOutcome::default();
        // The blocks are the same however many threads there are, and so is what is found.
        let searches = SearchBudget::default();
        for one in block {
            one.check(&common, readings, &searches, &mut outcome);
        }
        outcome
    };
    let mut all = CheckOutcome::default();
    let outcomes: Vec<CheckOutcome<'t>> = named.par_chunks(BLOCK).map_init(begin, check).collect();
    for outcome in outcomes {
        all.append(outcome);
    }
    let CheckOutcome { checked, isolated, problems: of_clusters, unproved, provenance } = all;
    problems.append(of_clusters);
    directories::check(&checked, problems);
    let isolated = (policies.isolations, isolated.as_slice());
    fleet::check(&checked, isolated, &request.trust_forms, (inputs, problems));
    CheckedClusters { clusters: checked, unproved, provenance }
}

/// What the source demands of its clusters.
#[derive(Clone, Copy)]
pub struct FleetPolicies<'f, 't> {
    pub requirements: &'f [Requirement<'t>],
    pub isolations: &'f [Isolation<'t>],
}

impl<'f> FleetPolicies<'f, '_> {
    /// The policies as the fleet has them.
    pub fn model(self) -> impl Iterator<Item = Policy> + 'f {
        let required = self.requirements.iter().map(|requirement| Policy::Require {
            who: requirement.recipient.name().into_owned(),
            on: requirement.on,
        });
        let isolated = self.isolations.iter().map(|isolation| Policy::Isolate {
            role: isolation.role.text.to_owned(),
            variable: isolation.variable.text.to_owned(),
        });
        required.chain(isolated)
    }
}

/// What is the same for all clusters.
struct SharedContext<'f, 't> {
    files: &'f [Layer<'t>],
    profiles: &'f Profiles<'t>,
    policies: FleetPolicies<'f, 't>,
    /// True if the run needs provenance, and nothing was wrong before the clusters were checked.
    needs_provenance: bool,
    /// The clusters that an earlier check knows.
    unchanged: Option<&'f Unchanged<'f>>,
}

#[derive(Default)]
struct CheckOutcome<'t> {
    /// The clusters without errors.
    checked: Vec<CheckedCluster>,
    /// For each of these and each isolation what sets the cluster apart.
    isolated: Vec<Vec<Option<Isolated<'t>>>>,
    problems: Problems,
    unproved: Unproved<'t>,
    provenance: Vec<Provenance>,
}

impl<'t> CheckOutcome<'t> {
    fn append(&mut self, mut other: CheckOutcome<'t>) {
        self.checked.append(&mut other.checked);
        self.isolated.append(&mut other.isolated);
        self.problems.append(other.problems);
        self.unproved.append(other.unproved);
        self.provenance.append(&mut other.provenance);
    }
}

impl<'t> NamedCluster<'_, 't> {
    fn check(
        &self,
        common: &SharedContext<'_, 't>,
        readings: &mut Readings<'_>,
        searches: &SearchBudget,
        outcome: &mut CheckOutcome<'t>,
    ) {
        let known = common.unchanged.and_then(|unchanged| unchanged.find(self.name.span));
        let layers = ClusterLayers {
            platform: self.platform.0,
            own: &self.declared.own,
            block: self.declared.tree.block.span,
            values: &self.values,
            profiles: common.profiles,
            view: &self.view,
            file: common.files.get(self.declared.file),
            all_files: common.files,
        };
        let mut scope = Scope::new(self.name, self.platform, layers, searches, &mut outcome.problems);
        if let Some(known) = known {
            let isolated = fleet::resolve_isolations(common.policies.isolations, &mut scope);
            known.unverified.iter().for_each(|cause| outcome.unproved.add(self.name, cause.clone()));
            outcome.checked.push(known);
            outcome.isolated.push(isolated);
            return;
        }
        let (reported, mut unproved) = (scope.problems.number(), Unproved::default());
        require::check(common.policies.requirements, &mut scope);
        let mut origins = MappingSpans::default();
        let mut trust_origins = Vec::new();
        let spans = (&mut origins, &mut trust_origins);
        let cluster = check_cluster(&mut scope, readings, spans, &mut unproved);
        let isolated = fleet::resolve_isolations(common.policies.isolations, &mut scope);
        let checked = cluster.and_then(|(cluster, context)| {
            let statement =
                self.declared.tree.names.nodes().next().map_or(self.name.span, |first| first.span);
            let mut checked = CheckedCluster {
                has_sync: fleet::has_sync(&cluster, readings),
                cluster: Arc::new(cluster),
                at: self.name.span,
                statement,
                origins,
                trust_origins,
                unverified: Vec::new(),
                is_quiet: false,
            };
            let unmentioned = if readings.ignores_effect() {
                Vec::new()
            } else {
                effective_identity::check(&checked, &context, readings, &mut scope, &mut unproved)?
            };
            checked.is_quiet = unmentioned.is_empty() && scope.problems.number() == reported;
            checked.unverified = unproved.causes();
            Ok((checked, unmentioned))
        });
        outcome.unproved.append(unproved);
        let Ok((checked, unmentioned)) = checked else { return };
        // Only this block's own errors are looked at, so that what is found does not depend on the threads.
        if common.needs_provenance && scope.problems.refused().is_none() {
            let provenance = Provenance::new(&mut scope.names);
            outcome.provenance.push(Provenance { unmentioned, ..provenance });
        }
        outcome.checked.push(checked);
        outcome.isolated.push(isolated);
    }
}

fn check_cluster<'t>(
    scope: &mut Scope<'_, 't>,
    readings: &mut Readings<'_>,
    (origins, trust_origins): (&mut MappingSpans, &mut Vec<Span>),
    unproved: &mut Unproved<'t>,
) -> Result<(Cluster, BuildContext), ErrorGuaranteed> {
    let context = ClusterContext::new(scope, readings);
    scope.names.not_installed = context.not_installed();
    let credentials = check_controllers(&context, origins, scope);
    let object_level = accounts::check(&context, origins, scope);
    let trusted = trust_only::check(&context, scope);
    let (credentials, object_level) = (credentials?, object_level?.map(Box::new));
    let trusted = trusted?.into_iter();
    let trusted = trusted.filter(|(one, _)| !one.is_given(&credentials, object_level.as_deref()));
    let (trusted, trusted_at): (Vec<TrustOnly>, Vec<Span>) = trusted.unzip();
    *trust_origins = trusted_at;
    let ClusterContext { overlay, namespace, flux, version, collected, installation, restart } = context;
    flux?;
    let Overlay { form, output, .. } = overlay?;
    let is_patched = !credentials.is_empty() || object_level.as_ref().is_some_and(|it| !it.gated.is_empty());
    let installation = installation?;
    if let InstallationState::Absent(cause) = &installation
        && is_patched
    {
        unproved.add(scope.names.name, cause.clone());
    }
    let values = requested_values(scope, readings)?;
    let is_needed = readings.asks_for_trust();
    let cloud_context = resolve_cloud_context(
        &AllCredentials::new(&credentials, object_level.as_deref(), &trusted),
        is_needed,
        scope,
    )?;
    let Collected { passed, origins: patch_origins, is_included, .. } = collected?;
    let installed = installation.installation().map(|(installed, _)| installed);
    let knows_installed = installed.is_some() || form == OverlayForm::Overlay(Install::None);
    let build_context = BuildContext {
        patch_origins,
        version: version?,
        installed_version: installed.and_then(|installed| installed.version),
        knows_installed,
        manifests: readings.manifests_beside(&output),
        lacking: installed.map(|installed| installed.lacking.clone()).unwrap_or_default(),
        is_included,
    };
    let cluster = Cluster {
        name: scope.names.name.text.to_owned(),
        platform: scope.names.platform,
        output,
        namespace: namespace?,
        form,
        restart: restart?,
        passthrough: passed,
        credentials,
        object_level,
        trusted,
        cloud_context,
        values,
    };
    Ok((cluster, build_context))
}

/// The values of the names that the run asks for. With all values asked for, those that are wrong are left out.
fn requested_values(
    scope: &mut Scope<'_, '_>,
    readings: &Readings<'_>,
) -> Result<BTreeMap<String, String>, ErrorGuaranteed> {
    let mut values = BTreeMap::new();
    for name in readings.asked() {
        if let Some(value) = scope.need(|names| names.text_of(name))? {
            values.insert(name.clone(), value);
        }
    }
    if readings.asks_for_values() {
        let visible: Vec<&str> = scope.names.visible_values().collect();
        for name in visible {
            if let Ok(Some(value)) = scope.names.text_of(name) {
                values.insert(name.to_owned(), value);
            }
        }
    }
    Ok(values)
}

fn check_controllers(
    context: &ClusterContext,
    origins: &mut MappingSpans,
    scope: &mut Scope<'_, '_>,
) -> Result<BTreeMap<Controller, Box<Credentials>>, ErrorGuaranteed> {
    let (mut all, mut outcome) = (BTreeMap::new(), Ok(()));
    for controller in Controller::ALL {
        match check_controller(controller, context, origins, scope) {
            Ok(credentials) => all.extend(credentials.map(|one| (controller, Box::new(one)))),
            Err(error) => outcome = Err(error),
        }
    }
    outcome.map(|()| all)
}

/// The credentials of a controller; None if it gets none.
fn check_controller(
    controller: Controller,
    context: &ClusterContext,
    origins: &mut MappingSpans,
    scope: &mut Scope<'_, '_>,
) -> Result<Option<Credentials>, ErrorGuaranteed> {
    let recipient = RecipientName::Controller(controller);
    let mapping = scope.need(|names| names.mapping(recipient))?;
    let Some(mapping) = mapping.filter(|mapping| !mapping.identities.is_empty()) else { return Ok(None) };
    origins.record(recipient, &mapping);
    let fits = require::check_fit(controller, &mapping, context.version.ok().flatten(), scope);
    let own = ControllerAccount { controller, namespace: context.namespace.as_ref().ok() };
    let resolved = credentials::resolve_credentials(&mapping.identities, own, scope);
    fits?;
    let Ok(namespace) = &context.namespace else { return resolved.map(Some) };
    if let Some(installed) = context.installation() {
        overlay::check_targets(controller, mapping.at, namespace, installed, scope)?;
    }
    if let (Ok(credentials), Ok(restart)) = (&resolved, context.restart) {
        let additions = Additions::new(controller, credentials, namespace, restart);
        if let Some(installed) = context.installation() {
            overlay::check_additions(controller, mapping.at, &additions, installed, scope)?;
        }
    }
    resolved.map(Some)
}
