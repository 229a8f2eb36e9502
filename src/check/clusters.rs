//! Every cluster by itself, and what they share.

use std::collections::BTreeMap;

use crate::check::layers::{Layer, defined_twice};
use crate::check::overlay::{self, Seen, Unproved};
use crate::check::scope::{Layers, Scope};
use crate::check::settings::Setting;
use crate::check::{Surroundings, Whole, fit, grants, require, values};
use crate::model::flux::FluxVersion;
use crate::model::kubernetes::DnsLabel;
use crate::model::{Cluster, Controller, OutputPath, Platform};
use crate::problem::{FitProblem, Noun, Problems, Refused};
use crate::span::Span;
use crate::syntax::tree::{self, Name};

/// A `cluster` statement, and what its block says.
pub struct DeclaredCluster<'t> {
    /// As it was written.
    pub tree: &'t tree::Cluster<'t>,
    /// What its block says.
    pub own: Layer<'t>,
    /// What it runs on, if that is known.
    pub platform: Result<Platform, Refused>,
    /// Which of the files it stands in.
    pub file: usize,
}

/// Checks every cluster. What cannot be proved of them comes back with them.
pub fn check_clusters(
    fleet: &mut Whole<'_>,
    surroundings: &dyn Surroundings,
    problems: &mut Problems,
) -> (Vec<Cluster>, Unproved) {
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    let mut outputs = Outputs::default();
    let mut unproved = Unproved::default();
    let mut checked = Vec::new();
    let Whole { files, profiles, clusters, requirements, allows, .. } = fleet;
    for declared in &*clusters {
        let view = profiles.view(&declared.own.uses, problems);
        for name in declared.tree.names.nodes() {
            if let Some(first) = names.get(name.text) {
                defined_twice(Noun::Cluster, name.text, name.span, *first, problems);
                continue;
            }
            let _new = names.insert(name.text, name.span);
            allows.cover(*name, declared, &view.blocks);
            let Ok(platform) = declared.platform else { continue };
            let layers =
                Layers { own: &declared.own, view: &view, file: files.get(declared.file), all_files: files };
            let mut scope = Scope::new(*name, platform, layers, profiles, problems);
            require::check(requirements, &mut scope);
            let platform_at = declared.tree.platform.span;
            let Ok(cluster) = check_cluster(&mut scope, platform_at, surroundings, &mut unproved) else {
                continue;
            };
            outputs.take(*name, &cluster.output, problems);
            checked.push(cluster);
        }
    }
    (checked, unproved)
}

/// Checks one cluster. `named`: where its platform is named.
fn check_cluster(
    scope: &mut Scope<'_, '_>,
    named: Span,
    surroundings: &dyn Surroundings,
    unproved: &mut Unproved,
) -> Result<Cluster, Refused> {
    let output = output(scope);
    let namespace = namespace(scope);
    let flux = scope.text_setting(Setting::Flux);
    let said_version = flux.as_ref().ok().and_then(|said| {
        let said = said.as_ref()?;
        Some((FluxVersion::parse(&said.text)?, said.at))
    });
    let seen = match &output {
        Ok(output) => overlay::look(surroundings, output, scope),
        Err(refused) => Err(*refused),
    };
    let known = seen.as_ref().ok().and_then(Seen::installation);
    let version = overlay::version(said_version, known, scope);
    let mut grants = BTreeMap::new();
    let mut outcome = flux.map(drop);
    for controller in Controller::ALL {
        let grant = scope.mapping(controller).and_then(|mapped| {
            let Some(mapped) = mapped.filter(|mapped| !mapped.given.is_empty()) else { return Ok(None) };
            let fits = fit::check(controller, &mapped, version, scope);
            let hits = match (known, &namespace) {
                (Some(installed), Ok(namespace)) if fits.is_ok() => {
                    overlay::check(controller, mapped.at, namespace, installed, scope)
                }
                (_, Ok(_) | Err(_)) => Ok(()),
            };
            let namespace = namespace.as_ref().ok();
            let grant = grants::grant(&mapped.given, named, namespace, controller, scope);
            fits.and(hits).and(grant)
        });
        match grant {
            Ok(grant) => grants.extend(grant.map(|grant| (controller, grant))),
            Err(refused) => outcome = Err(refused),
        }
    }
    outcome?;
    if matches!(seen?, Seen::Absent) && !grants.is_empty() {
        unproved.add(scope.in_cluster());
    }
    let (output, namespace) = (output?, namespace?);
    let values = scope.values_of(surroundings.asked())?;
    let name = scope.name.text.to_owned();
    Ok(Cluster { name, platform: scope.platform, output, namespace, grants, values })
}

fn namespace(scope: &mut Scope<'_, '_>) -> Result<DnsLabel, Refused> {
    match scope.text_setting(Setting::Namespace)? {
        Some(said) => values::namespace(&said).map_err(|problem| scope.refuse(problem)),
        None => Ok(DnsLabel::flux_system()),
    }
}

fn output(scope: &mut Scope<'_, '_>) -> Result<OutputPath, Refused> {
    let said = scope.text_setting(Setting::Output)?.unwrap_or_else(|| {
        let text = format!("clusters/{}/flux-system", scope.name.text);
        values::Said { text: text.into(), at: scope.name.span }
    });
    values::output(&said).map_err(|problem| scope.refuse(problem))
}

/// Where overlays are written. Two places that differ only in the case of letters are one on many file systems.
#[derive(Default)]
struct Outputs(BTreeMap<String, (Span, OutputPath)>);

impl Outputs {
    fn take(&mut self, name: Name<'_>, output: &OutputPath, problems: &mut Problems) {
        let key = output.as_str().to_ascii_lowercase();
        if let Some((first, path)) = self.0.get(&key) {
            let by_case = path != output;
            let path = output.as_str().to_owned();
            problems.push(FitProblem::SameOutput { at: name.span, first: *first, path, by_case });
            return;
        }
        let _new = self.0.insert(key, (name.span, output.clone()));
    }
}
